//! How each annotator votes: what leans, what wavers, and who agrees with the others.

use std::collections::HashMap;

use tiebreak_agreement::{
    Figure, Said, pace, pair_tables, share_equal, share_in_clusters, side_bias, tie_rate,
    with_others,
};
use tiebreak_domain::{Slot, Verdict};
use tiebreak_store::{StandingVote, StandingVotes};

use super::Checks;
use super::report::{AnnotatorAgreement, Coefficient};
use super::tables::{Tables, index};

/// Everybody who voted; `checks` are the known answers, `skills` is how often Dawid and Skene's model expects each to be right.
pub(super) fn all(
    votes: &StandingVotes,
    tables: &Tables,
    skills: &[Option<f64>],
    checks: &Checks,
) -> Vec<AnnotatorAgreement> {
    let mut own: Vec<Vec<&StandingVote>> = vec![Vec::new(); votes.voters.len()];
    for vote in &votes.votes {
        own[vote.voter].push(vote);
    }
    let others = with_others(&tables.nominal, &pair_tables(&tables.nominal));
    let mut found = Vec::with_capacity(own.len());
    for (n, (voter, own)) in votes.voters.iter().zip(&own).enumerate() {
        let originals: Vec<&StandingVote> = own.iter().copied().filter(|v| !v.repeat).collect();
        let prompt = |vote: &StandingVote| tables.prompts[vote.question];
        let shown = own.iter();
        let shown: Vec<(u32, Said)> = shown
            .filter_map(|vote| Some((prompt(vote), on_screen(vote)?)))
            .collect();
        let said: Vec<(u32, Said)> = originals
            .iter()
            .map(|vote| (prompt(vote), in_data(vote)))
            .collect();
        let times: Vec<u64> = own.iter().filter_map(|vote| vote.elapsed_ms).collect();
        let percent = others[n].percent.map(|mean| Figure {
            value: mean.value,
            n: mean.pairs,
            se: None,
            ci: None,
        });
        found.push(AnnotatorAgreement {
            annotator: voter.id,
            name: voter.name.clone(),
            imported: voter.imported,
            votes: originals.len() as u64,
            side_bias: shown_bias(&shown),
            tie_rate: Coefficient::own(tie_rate(&said)),
            self_consistency: consistency(own),
            check_accuracy: accuracy(votes, tables, checks, &originals),
            percent_with_others: Coefficient::own(percent),
            kappa_with_others: Coefficient::own(others[n].kappa),
            // Where he shares no question with anybody, the model has only his own word.
            dawid_skene_accuracy: others[n]
                .percent
                .ok()
                .and_then(|_| skills.get(n).copied().flatten()),
            seconds: pace(&times).ok().map(|pace| {
                [pace.lower_quartile, pace.median, pace.upper_quartile].map(|ms| ms / 1000.0)
            }),
        });
    }
    found
}

fn shown_bias(shown: &[(u32, Said)]) -> Coefficient {
    match side_bias(shown) {
        Ok(figure) => Coefficient::own(Ok(figure)),
        Err(_) => Coefficient::undefined("no vote for a side was cast on a screen"),
    }
}

fn accuracy(
    votes: &StandingVotes,
    tables: &Tables,
    checks: &Checks,
    originals: &[&StandingVote],
) -> Coefficient {
    let answered = originals.iter().filter_map(|vote| {
        let answer = checks.get(&votes.questions[vote.question].id)?;
        Some((tables.prompts[vote.question], *answer == vote.verdict))
    });
    let answered: Vec<(u32, bool)> = answered.collect();
    if answered.is_empty() {
        return Coefficient::undefined("no question with a known answer was answered");
    }
    Coefficient::own(share_in_clusters(&answered))
}

fn consistency(own: &[&StandingVote]) -> Coefficient {
    let first: HashMap<usize, Verdict> = own
        .iter()
        .filter(|vote| !vote.repeat)
        .map(|vote| (vote.question, vote.verdict))
        .collect();
    let pairs: Vec<(u32, u32)> = own
        .iter()
        .filter(|vote| vote.repeat)
        .filter_map(|vote| Some((index(*first.get(&vote.question)?), index(vote.verdict))))
        .collect();
    if pairs.is_empty() {
        return Coefficient::undefined("no question was answered a second time");
    }
    Coefficient::own(share_equal(&pairs))
}

/// What was said in terms of the screen; `None` where the vote was cast on none.
fn on_screen(vote: &StandingVote) -> Option<Said> {
    let left = vote.left?;
    Some(match vote.verdict {
        Verdict::Tie => Said::Tie,
        Verdict::BothBad => Said::BothBad,
        Verdict::Response1 if left == Slot::Response1 => Said::Left,
        Verdict::Response2 if left == Slot::Response2 => Said::Left,
        Verdict::Response1 | Verdict::Response2 => Said::Right,
    })
}

/// What was said, with response 1 for the left: enough for counting ties.
const fn in_data(vote: &StandingVote) -> Said {
    match vote.verdict {
        Verdict::Response1 => Said::Left,
        Verdict::Response2 => Said::Right,
        Verdict::Tie => Said::Tie,
        Verdict::BothBad => Said::BothBad,
    }
}
