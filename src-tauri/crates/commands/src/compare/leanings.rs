//! What draws a model besides what is better: the first place, and length. People's own leaning on the
//! very same questions stands beside it, since longer answers may be better ones.

use serde::Serialize;
use tiebreak_agreement::{
    Choice, PairedCase, Plan, paired_difference, share_in_clusters, slope_of_choice,
};
use tiebreak_domain::{Shown, Verdict};
use ts_rs::TS;

use super::answers::{Answer, Answers};
use crate::agreement::Coefficient;
use crate::error::Result;

/// How often a model and people prefer the same thing, on the same questions.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct LeaningReport {
    /// How often the model does.
    pub model: Coefficient,
    /// How often people do.
    pub human: Coefficient,
    /// The model's share less people's.
    pub difference: Coefficient,
}

/// How far length draws, in questions of which both responses are words alone.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct LengthReport {
    /// How often the longer response is preferred.
    pub longer_preferred: LeaningReport,
    /// The slope of the model's choice on the logarithm of the ratio of lengths: above 0, to the
    /// longer.
    pub slope_model: Coefficient,
    /// The slope of people's choice.
    pub slope_human: Coefficient,
}

/// A question that the model and people decide for a response.
struct Decided {
    prompt: u32,
    /// Whether response 1 is preferred: by the model, by people.
    first: [bool; 2],
    letters: Option<[u32; 2]>,
}

fn decided(model: &Answers<'_>) -> Vec<Decided> {
    let first = |verdict| match verdict {
        Verdict::Response1 => Some(true),
        Verdict::Response2 => Some(false),
        Verdict::Tie | Verdict::BothBad => None,
    };
    let one = |answer: &Answer| {
        let truth = answer.truth()?;
        Some(Decided {
            prompt: truth.prompt,
            first: [first(answer.choice()?)?, first(truth.verdict)?],
            letters: answer.asked.letters,
        })
    };
    model.answers.iter().filter_map(one).collect()
}

/// How often the response that the model saw first is preferred.
pub(super) fn position(model: &Answers<'_>, plan: &Plan) -> Result<LeaningReport> {
    let shown_first = model.by.shown == Shown::OneTwo;
    let cases: Vec<(u32, [bool; 2])> = decided(model)
        .into_iter()
        .map(|one| (one.prompt, one.first.map(|first| first == shown_first)))
        .collect();
    leaning(
        &cases,
        plan,
        "it and people decide no question for a response",
    )
}

pub(super) fn length(model: &Answers<'_>, plan: &Plan) -> Result<LengthReport> {
    let parted = |one: Decided| {
        let [first, second] = one.letters?.map(f64::from);
        (first != second).then(|| (one.prompt, (first / second).ln(), one.first))
    };
    let found: Vec<_> = decided(model).into_iter().filter_map(parted).collect();
    let cases: Vec<(u32, [bool; 2])> = found
        .iter()
        .map(|(prompt, ratio, first)| (*prompt, first.map(|first| first == (*ratio > 0.0))))
        .collect();
    let why = "it and people decide no question whose responses are words of different length";
    let slope = |whose: usize| {
        if found.is_empty() {
            return Coefficient::undefined(why);
        }
        let choice = |(cluster, excess, first): &(u32, f64, [bool; 2])| Choice {
            cluster: *cluster,
            excess: *excess,
            first: first[whose],
        };
        let choices: Vec<Choice> = found.iter().map(choice).collect();
        Coefficient::own(slope_of_choice(&choices))
    };
    Ok(LengthReport {
        longer_preferred: leaning(&cases, plan, why)?,
        slope_model: slope(0),
        slope_human: slope(1),
    })
}

fn leaning(cases: &[(u32, [bool; 2])], plan: &Plan, why_none: &str) -> Result<LeaningReport> {
    if cases.is_empty() {
        let none = || Coefficient::undefined(why_none);
        return Ok(LeaningReport {
            model: none(),
            human: none(),
            difference: none(),
        });
    }
    let share = |whose: usize| {
        let of: Vec<(u32, bool)> = cases
            .iter()
            .map(|(prompt, both)| (*prompt, both[whose]))
            .collect();
        Coefficient::own(share_in_clusters(&of))
    };
    let paired: Vec<PairedCase> = cases
        .iter()
        .map(|(prompt, both)| PairedCase {
            cluster: *prompt,
            stratum: 0,
            values: both.map(|yes| f64::from(u8::from(yes))),
        })
        .collect();
    let found = paired_difference(&paired, plan)?;
    Ok(LeaningReport {
        model: share(0),
        human: share(1),
        difference: Coefficient::of_cases(found.difference, cases.len() as u64),
    })
}
