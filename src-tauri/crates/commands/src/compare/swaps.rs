//! Models that saw both orders of the responses: whether they say the same, and whether the first
//! place draws them.

use std::collections::HashMap;

use tiebreak_domain::{QuestionId, RewardModelId, Setting, Shown, Verdict};
use tiebreak_store::{Predicted, PredictedBy};

use super::answers::{margin, preferred};
use super::ceiling::told;
use super::report::SwapReport;
use super::truth::Truths;

pub(super) fn of(
    by: &[PredictedBy],
    predictions: &[Predicted],
    truths: &Truths,
) -> Vec<SwapReport> {
    type Orders = [HashMap<QuestionId, Option<Verdict>>; 2];
    let mut asked: HashMap<(RewardModelId, Setting, &str), Orders> = HashMap::new();
    for one in predictions {
        let who = &by[one.by];
        let orders = asked
            .entry((who.id, who.setting, &who.template))
            .or_default();
        let order = usize::from(who.shown == Shown::TwoOne);
        orders[order].insert(one.question, preferred(margin(one), one.verdict));
    }
    let mut found = Vec::new();
    for who in by.iter().filter(|who| who.shown == Shown::OneTwo) {
        let Some([straight, turned]) = asked.get(&(who.id, who.setting, &*who.template)) else {
            continue;
        };
        let both = straight.iter().filter_map(|(question, one)| {
            let other = turned.get(question)?;
            Some((truths.prompt(*question), *one, *other))
        });
        let mut both: Vec<_> = both.collect();
        if both.is_empty() {
            continue;
        }
        both.sort_unstable();
        let same: Vec<(u32, bool)> = both
            .iter()
            .map(|&(prompt, one, other)| (prompt, one.is_some() && one == other))
            .collect();
        let first: Vec<(u32, bool)> = both
            .iter()
            .flat_map(|&(prompt, one, other)| {
                let drawn = [
                    of_first(one, Verdict::Response1),
                    of_first(other, Verdict::Response2),
                ];
                drawn
                    .into_iter()
                    .flatten()
                    .map(move |drawn| (prompt, drawn))
            })
            .collect();
        let always = |says: [Verdict; 2]| {
            let case = |&(prompt, one, other): &(u32, Option<Verdict>, Option<Verdict>)| {
                (prompt, [one, other] == says.map(Some))
            };
            let cases: Vec<(u32, bool)> = both.iter().map(case).collect();
            told(&cases, "it answered no question in both orders")
        };
        found.push(SwapReport {
            name: who.model.name.clone(),
            hash: who.model.hash.clone(),
            setting: who.setting,
            template: who.template.clone(),
            always_first: always([Verdict::Response1, Verdict::Response2]),
            always_second: always([Verdict::Response2, Verdict::Response1]),
            same: told(&same, "it answered no question in both orders"),
            first: told(&first, "it chose neither response in either order"),
        });
    }
    found
}

/// Whether the response shown first was chosen; none where neither was.
fn of_first(said: Option<Verdict>, first: Verdict) -> Option<bool> {
    match said {
        Some(Verdict::Response1 | Verdict::Response2) => Some(said == Some(first)),
        _ => None,
    }
}
