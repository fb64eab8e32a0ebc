//! Whether a model follows the criterion: pairs that are asked under several, and what its verdict
//! does where people's moves from one to the other.

use std::collections::BTreeMap;

use serde::Serialize;
use tiebreak_agreement::{Plan, Undefined, bootstrap, share_in_clusters};
use tiebreak_domain::{PairId, Verdict};
use ts_rs::TS;

use super::answers::{Answer, Answers};
use super::ceiling::told;
use crate::agreement::Coefficient;
use crate::error::Result;

/// A model on pairs that are asked under several criteria; ties of people's are left out.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct CriterionFollowingReport {
    /// Accuracy on pairs whose criteria pick different winners.
    pub accuracy_shifted: Coefficient,
    /// Accuracy on pairs whose criteria all pick the same winner.
    pub accuracy_invariant: Coefficient,
    /// The first less the second.
    pub difference: Coefficient,
    /// The share of shifted pairs of which it is right under every criterion.
    pub pairs_right: Coefficient,
    /// Of two criteria of a pair that pick different winners: how often its verdict moves, too.
    pub moves: Coefficient,
    /// Of two criteria of a pair that pick the same winner: how often its verdict stays.
    pub stays: Coefficient,
    /// Pairs whose criteria pick different winners.
    #[ts(type = "number")]
    pub shifted_pairs: u64,
    /// Pairs with several criteria that all pick the same.
    #[ts(type = "number")]
    pub invariant_pairs: u64,
}

/// What people say of a question, and the model.
type Said = (Verdict, Option<Verdict>);

#[derive(Default)]
struct Cases {
    shifted: Vec<(u32, bool)>,
    invariant: Vec<(u32, bool)>,
    pairs_right: Vec<(u32, bool)>,
    moves: Vec<(u32, bool)>,
    stays: Vec<(u32, bool)>,
    pairs: [u64; 2],
}

pub(super) fn of(model: &Answers<'_>, plan: &Plan) -> Result<CriterionFollowingReport> {
    let mut by_pair: BTreeMap<PairId, (u32, Vec<Said>)> = BTreeMap::new();
    for answer in &model.answers {
        let Some((pair, said)) = decided(answer) else {
            continue;
        };
        let place = by_pair
            .entry(pair)
            .or_insert((answer.asked.prompt, Vec::new()));
        place.1.push(said);
    }
    let mut cases = Cases::default();
    for (prompt, said) in by_pair.into_values() {
        cases.add(prompt, &said);
    }
    let shifted = "it answered no pair whose criteria pick different winners";
    let invariant = "it answered no pair under several criteria that pick the same winner";
    Ok(CriterionFollowingReport {
        accuracy_shifted: told(&cases.shifted, shifted),
        accuracy_invariant: told(&cases.invariant, invariant),
        difference: difference(&cases, plan, [shifted, invariant])?,
        pairs_right: told(&cases.pairs_right, shifted),
        moves: told(&cases.moves, shifted),
        stays: told(
            &cases.stays,
            "it answered no two criteria of a pair that pick the same winner",
        ),
        shifted_pairs: cases.pairs[0],
        invariant_pairs: cases.pairs[1],
    })
}

fn decided(answer: &Answer) -> Option<(PairId, Said)> {
    let truth = answer
        .truth()
        .filter(|truth| truth.verdict != Verdict::Tie)?;
    Some((answer.asked.pair?, (truth.verdict, answer.choice())))
}

impl Cases {
    fn add(&mut self, prompt: u32, said: &[Said]) {
        let Some((first, rest)) = said.split_first() else {
            return;
        };
        if rest.is_empty() {
            return;
        }
        let shifted = rest.iter().any(|(truth, _)| *truth != first.0);
        let right = |(truth, model): &Said| *model == Some(*truth);
        let accuracy = said.iter().map(|one| (prompt, right(one)));
        if shifted {
            self.shifted.extend(accuracy);
            self.pairs_right.push((prompt, said.iter().all(right)));
            self.pairs[0] += 1;
        } else {
            self.invariant.extend(accuracy);
            self.pairs[1] += 1;
        }
        for (at, one) in said.iter().enumerate() {
            for other in &said[at + 1..] {
                // What could not be read neither moves nor stays.
                let both = one.1.is_some() && other.1.is_some();
                match one.0 == other.0 {
                    true => self.stays.push((prompt, both && one.1 == other.1)),
                    false => self.moves.push((prompt, both && one.1 != other.1)),
                }
            }
        }
    }
}

/// Accuracy on shifted less that on invariant pairs; prompts are drawn anew.
fn difference(cases: &Cases, plan: &Plan, why: [&str; 2]) -> Result<Coefficient> {
    for (rows, why) in [(&cases.shifted, why[0]), (&cases.invariant, why[1])] {
        if share_in_clusters(rows).is_err() {
            return Ok(Coefficient::undefined(why));
        }
    }
    let mut places: BTreeMap<u32, usize> = BTreeMap::new();
    let mut rows: Vec<(usize, usize, f64)> = Vec::new();
    for (part, of) in [&cases.shifted, &cases.invariant].into_iter().enumerate() {
        for (prompt, right) in of {
            let next = places.len();
            let place = *places.entry(*prompt).or_insert(next);
            rows.push((place, part, f64::from(u8::from(*right))));
        }
    }
    let statistic = |weights: &[u32]| {
        let mut sums = [[0.0_f64; 2]; 2];
        for &(place, part, right) in &rows {
            let weight = f64::from(weights[place]);
            sums[part][0] += weight * right;
            sums[part][1] += weight;
        }
        let both = sums.iter().all(|sum| sum[1] > 0.0);
        vec![match both {
            true => Ok(sums[0][0] / sums[0][1] - sums[1][0] / sums[1][1]),
            false => Err(Undefined::NoVotes),
        }]
    };
    let found = bootstrap(places.len(), plan, statistic)?.pop();
    Ok(Coefficient::of_cases(
        found.unwrap_or(Err(Undefined::NoVotes)),
        rows.len() as u64,
    ))
}
