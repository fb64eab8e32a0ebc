//! Two models on the questions that both answered: by how much one is right more often.

use std::collections::HashMap;

use serde::Serialize;
use tiebreak_agreement::{PairedCase, Plan, Signs, holm, paired_difference};
use ts_rs::TS;

use super::answers::{Answer, Answers};
use crate::agreement::Coefficient;
use crate::error::Result;

/// The first model less the second.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct DifferenceReport {
    /// The first model: its place among the models of the report.
    #[ts(type = "number")]
    pub first: u64,
    /// The second model's place.
    #[ts(type = "number")]
    pub second: u64,
    /// Accuracy of the first less that of the second on common questions, the mean over common tasks.
    pub difference: Coefficient,
    /// Over how many tasks.
    #[ts(type = "number")]
    pub tasks: u64,
    /// How likely a difference as far from nought is, were it a coin's toss which model is which.
    pub p_value: Option<f64>,
    /// The same by Holm, corrected for all pairs of models in this list.
    pub p_holm: Option<f64>,
    /// How many ways to turn the signs of prompts were tried.
    pub sign_flips: Option<u32>,
    /// Whether these are all ways there are; else they were drawn.
    pub exact: bool,
}

/// All pairs of models.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct DifferencesReport {
    /// With ties among the answers; models that had to choose are left out.
    pub with_ties: Vec<DifferenceReport>,
    /// On the questions that are no ties.
    pub without_ties: Vec<DifferenceReport>,
    /// How intervals and probabilities came about.
    pub method: String,
}

pub(super) fn of(models: &[Answers<'_>], plan: &Plan) -> Result<DifferencesReport> {
    Ok(DifferencesReport {
        with_ties: pairs(
            models,
            plan,
            |model| model.could_tie,
            Answer::right_with_ties,
        )?,
        without_ties: pairs(models, plan, |_| true, Answer::right_without_ties)?,
        method: format!(
            "accuracy on the questions that both models answered, mean over tasks; 95 % interval: \
             prompts drawn anew; p: the signs of whole prompts' differences turned, two-sided, in all \
             ways where they are no more than B = {}, else in B ways drawn from seed {}; Holm's \
             correction over the pairs of the list",
            plan.replicates, plan.seed
        ),
    })
}

fn pairs(
    models: &[Answers<'_>],
    plan: &Plan,
    takes_part: impl Fn(&Answers<'_>) -> bool,
    right: impl Fn(&Answer) -> Option<bool>,
) -> Result<Vec<DifferenceReport>> {
    let mut found = Vec::new();
    for (second, other) in models.iter().enumerate() {
        if !takes_part(other) {
            continue;
        }
        let known: HashMap<_, _> = other
            .answers
            .iter()
            .filter_map(|answer| Some((answer.question, right(answer)?)))
            .collect();
        for (first, model) in models.iter().enumerate().take(second) {
            if takes_part(model) {
                found.push(pair([first, second], cases(model, &known, &right), plan)?);
            }
        }
    }
    found.sort_by_key(|one| (one.first, one.second));
    let known: Vec<f64> = found.iter().filter_map(|one| one.p_value).collect();
    let mut corrected = holm(&known).into_iter();
    for one in found.iter_mut().filter(|one| one.p_value.is_some()) {
        one.p_holm = corrected.next();
    }
    Ok(found)
}

fn cases(
    model: &Answers<'_>,
    known: &HashMap<tiebreak_domain::QuestionId, bool>,
    right: impl Fn(&Answer) -> Option<bool>,
) -> Vec<PairedCase> {
    let case = |answer: &Answer| {
        let both = [right(answer)?, *known.get(&answer.question)?];
        Some(PairedCase {
            cluster: answer.asked.prompt,
            stratum: answer.asked.task as u32,
            values: both.map(|right| f64::from(u8::from(right))),
        })
    };
    model.answers.iter().filter_map(case).collect()
}

fn pair(places: [usize; 2], cases: Vec<PairedCase>, plan: &Plan) -> Result<DifferenceReport> {
    let [first, second] = places.map(|place| place as u64);
    if cases.is_empty() {
        return Ok(DifferenceReport {
            first,
            second,
            difference: Coefficient::undefined("they answered no question in common that counts"),
            tasks: 0,
            p_value: None,
            p_holm: None,
            sign_flips: None,
            exact: false,
        });
    }
    let found = paired_difference(&cases, plan)?;
    let defined = found.difference.is_ok();
    let (flips, exact) = match found.signs {
        Signs::All(ways) => (ways, true),
        Signs::Drawn(ways) => (ways, false),
    };
    Ok(DifferenceReport {
        first,
        second,
        difference: Coefficient::of_cases(found.difference, found.cases as u64),
        tasks: found.strata as u64,
        p_value: defined.then_some(found.probability),
        p_holm: None,
        sign_flips: defined.then_some(flips),
        exact,
    })
}
