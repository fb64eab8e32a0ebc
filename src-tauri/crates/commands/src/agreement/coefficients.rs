//! The coefficients of agreement over all questions, or over a part of them.

use std::collections::HashMap;

use tiebreak_agreement::{
    Categories, Coefficient as Wanted, Coincidences, Metric, Plan, Weights, bootstrap_coefficients,
    brennan_prediger, fleiss_kappa, gwet_ac, percent_agreement,
};
use tiebreak_store::{StandingVotes, VotedQuestion};

use super::report::{Coefficient, Coefficients, Part};
use super::tables::Tables;
use crate::criteria::UNGROUPED;
use crate::error::Result;

/// Where 1, tie and 2 lie on a scale with equal steps.
const STEPS: [f64; 3] = [1.0, 1.5, 2.0];

pub(crate) fn of(tables: &Tables, plan: &Plan) -> Result<Coefficients> {
    let (seen, plain) = (Categories::Seen, Weights::Identity);
    let nominal = [
        Wanted::Percent,
        Wanted::Fleiss(plain),
        Wanted::Gwet(plain, seen),
        Wanted::BrennanPrediger(plain, seen),
        Wanted::Alpha(Metric::Nominal),
    ];
    let in_steps = [
        Wanted::Gwet(Weights::Ordinal, Categories::Given),
        Wanted::Alpha(Metric::Ordinal),
        Wanted::Alpha(Metric::Interval(&STEPS)),
    ];
    let prompts = &tables.prompts;
    let of_nominal = bootstrap_coefficients(&tables.nominal, prompts, &nominal, plan)?;
    let of_ordered = bootstrap_coefficients(&tables.ordered, prompts, &in_steps, plan)?;
    let all = &tables.nominal;
    let unordered = Coincidences::of(all);
    let in_order = Coincidences::of(&tables.ordered);
    let coefficient = Coefficient::resampled;
    // Where nothing is left once both bad is out, that is the reason, not that there were no votes.
    let ordered = |figure, drawn| match coefficient(figure, drawn) {
        Coefficient::Undefined { .. }
            if tables.ordered.all().is_empty() && !all.all().is_empty() =>
        {
            Coefficient::undefined("every vote is both bad, which has no place in an order")
        }
        found => found,
    };
    Ok(Coefficients {
        questions: tables.voted,
        votes: all.all().len() as u64,
        prompts: tables.prompts_voted,
        percent_agreement: coefficient(percent_agreement(all), of_nominal[0]),
        fleiss_kappa: coefficient(fleiss_kappa(all, plain), of_nominal[1]),
        gwet_ac1: coefficient(gwet_ac(all, plain, seen), of_nominal[2]),
        brennan_prediger: coefficient(brennan_prediger(all, plain, seen), of_nominal[3]),
        krippendorff_alpha_nominal: coefficient(unordered.alpha(Metric::Nominal), of_nominal[4]),
        gwet_ac2: ordered(
            gwet_ac(&tables.ordered, Weights::Ordinal, Categories::Given),
            of_ordered[0],
        ),
        krippendorff_alpha_ordinal: ordered(in_order.alpha(Metric::Ordinal), of_ordered[1]),
        krippendorff_alpha_interval: ordered(
            in_order.alpha(Metric::Interval(&STEPS)),
            of_ordered[2],
        ),
    })
}

/// *Ungrouped* is a row of every table by group, the last, even where nothing is in it.
pub(super) fn ungrouped_last(parts: &mut Vec<Part>, plan: &Plan) -> Result<()> {
    parts.sort_by(|a, b| (a.name == UNGROUPED, &a.name).cmp(&(b.name == UNGROUPED, &b.name)));
    if parts.last().is_none_or(|part| part.name != UNGROUPED) {
        parts.push(Part {
            name: UNGROUPED.to_owned(),
            coefficients: of(&Tables::new(&StandingVotes::default())?, plan)?,
        });
    }
    Ok(())
}

/// The votes on the questions that are wanted, and those questions alone.
pub(crate) fn within(
    votes: &StandingVotes,
    wanted: impl Fn(&VotedQuestion) -> bool,
) -> StandingVotes {
    let mut left = StandingVotes {
        voters: votes.voters.clone(),
        ..StandingVotes::default()
    };
    let mut place = vec![None; votes.questions.len()];
    for (n, question) in votes.questions.iter().enumerate() {
        if wanted(question) {
            place[n] = Some(left.questions.len());
            left.questions.push(question.clone());
        }
    }
    let kept = votes.votes.iter().filter_map(|vote| {
        let question = place[vote.question]?;
        Some(tiebreak_store::StandingVote { question, ..*vote })
    });
    left.votes = kept.collect();
    left
}

/// The coefficients of each part, the parts in the order in which they come.
pub(super) fn by(
    votes: &StandingVotes,
    key: fn(&VotedQuestion) -> &str,
    plan: &Plan,
) -> Result<Vec<Part>> {
    let mut names: Vec<&str> = Vec::new();
    let mut place = HashMap::new();
    let mut parts: Vec<StandingVotes> = Vec::new();
    let mut part_of = Vec::with_capacity(votes.questions.len());
    for question in &votes.questions {
        let part = *place.entry(key(question)).or_insert_with(|| {
            names.push(key(question));
            parts.push(StandingVotes {
                voters: votes.voters.clone(),
                ..StandingVotes::default()
            });
            parts.len() - 1
        });
        part_of.push((part, parts[part].questions.len()));
        parts[part].questions.push(question.clone());
    }
    for vote in &votes.votes {
        let (part, question) = part_of[vote.question];
        parts[part]
            .votes
            .push(tiebreak_store::StandingVote { question, ..*vote });
    }
    let mut found = Vec::with_capacity(parts.len());
    for (name, part) in names.into_iter().zip(&parts) {
        found.push(Part {
            name: name.to_owned(),
            coefficients: of(&Tables::new(part)?, plan)?,
        });
    }
    Ok(found)
}
