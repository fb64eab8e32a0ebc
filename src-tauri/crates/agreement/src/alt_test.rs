//! Whether a model may stand in for a person: the alternative annotator test.
//!
//! N. Calderon, R. Reichart and R. Dror, "The Alternative Annotator Test for LLM-as-a-Judge: How to
//! Statistically Justify Replacing Human Annotators with LLMs", ACL 2025 (arXiv:2501.10970). Each
//! person is left out in turn, and it is asked who is nearer to the others on each item: the model or
//! that person. The model wins over a person where it is nearer or as near often enough that a penalty
//! ε on people, who cost more, makes up for the rest. As in the paper, items are taken as independent
//! in its test; the interval of ρ is of clusters.

use std::collections::{BTreeMap, HashMap};

use crate::clusters;
use crate::figure::{Figure, Interval};
use crate::multiple::benjamini_yekutieli;
use crate::quantile::{LEVEL, student, student_cdf};

/// What people and the model said of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct AltItem {
    /// What it belongs to, such as a prompt.
    pub cluster: u32,
    /// Who said what: annotator and answer, each annotator at most once.
    pub people: Vec<(u32, u32)>,
    /// What the model said; `None` where it said nothing, which is nobody's answer.
    pub model: Option<u32>,
}

/// What the test takes as given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AltOptions {
    /// ε, what a person's cost is worth: 0.2 against experts, 0.15 against skilled annotators, 0.1
    /// against a crowd, as the paper advises.
    pub epsilon: f64,
    /// q, which share of wins may be false.
    pub level: f64,
    /// How many items a person must share with others to be tested against.
    pub fewest_items: usize,
    /// How many people there must be to be tested against.
    pub fewest_people: usize,
}

impl Default for AltOptions {
    fn default() -> Self {
        Self {
            epsilon: 0.2,
            level: 0.05,
            fewest_items: 30,
            fewest_people: 3,
        }
    }
}

/// The model against one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AltPerson {
    /// Who.
    pub annotator: u32,
    /// Items that he shares with others and that the model was asked of.
    pub items: usize,
    /// How often the model is as near to the others as he is, or nearer.
    pub model_as_near: f64,
    /// How often he is as near to the others as the model is, or nearer.
    pub person_as_near: f64,
    /// How likely so small a lead of the person is, if it were ε: Student's test, one-sided.
    pub probability: f64,
    /// The same, corrected for there being several people (Benjamini and Yekutieli).
    pub adjusted: f64,
    /// Whether the model wins over him.
    pub won: bool,
}

/// What the test says.
#[derive(Debug, Clone, PartialEq)]
pub struct AltTest {
    /// ω, the share of people whom the model wins over. From 0.5 the model passes.
    pub winning_rate: f64,
    /// ρ, the mean over people of how often the model is as near to the others as the person is. `n`
    /// is the number of comparisons.
    pub advantage: Figure,
    /// Those it was tested against, by number.
    pub people: Vec<AltPerson>,
    /// Those who share too few items with others, and how many they do share.
    pub too_few: Vec<(u32, usize)>,
    /// Items that two people or more answered.
    pub items: usize,
}

/// Why the test gives no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAltTest {
    /// Too few people answered enough items.
    #[error(
        "the alt-test asks for {needed} people with {items} questions each that others answered, too, \
         and that the model was asked of: there are {found}"
    )]
    FewPeople {
        /// How many there must be.
        needed: usize,
        /// How many there are.
        found: usize,
        /// How many items each must have.
        items: usize,
    },
}

/// Of one person: who was as near or nearer, by cluster and in all.
#[derive(Default)]
struct Tally {
    items: usize,
    model: f64,
    person: f64,
    /// The sum of squares of person less model, each of which is −1, 0 or 1.
    apart: f64,
    /// By cluster: how often the model was as near, of how many.
    clusters: HashMap<u32, [f64; 2]>,
}

/// Tests the model against each person. Time grows with the votes.
///
/// # Errors
/// Too few people have enough items.
pub fn alt_test(items: &[AltItem], options: &AltOptions) -> Result<AltTest, NoAltTest> {
    let shared: Vec<&AltItem> = items.iter().filter(|item| item.people.len() > 1).collect();
    let mut tallies: BTreeMap<u32, Tally> = BTreeMap::new();
    for item in &shared {
        compare(item, &mut tallies);
    }
    let enough = |tally: &Tally| tally.items >= options.fewest_items;
    let few = tallies.iter().filter(|(_, tally)| !enough(tally));
    let too_few = few.map(|(who, tally)| (*who, tally.items)).collect();
    tallies.retain(|_, tally| enough(tally));
    if tallies.len() < options.fewest_people.max(1) {
        return Err(NoAltTest::FewPeople {
            needed: options.fewest_people.max(1),
            found: tallies.len(),
            items: options.fewest_items,
        });
    }
    let probabilities: Vec<f64> = tallies.values().map(|t| probability(t, options)).collect();
    let adjusted = benjamini_yekutieli(&probabilities);
    let people: Vec<AltPerson> = tallies
        .iter()
        .zip(probabilities.iter().zip(adjusted))
        .map(
            |((&annotator, tally), (&probability, adjusted))| AltPerson {
                annotator,
                items: tally.items,
                model_as_near: tally.model / tally.items as f64,
                person_as_near: tally.person / tally.items as f64,
                probability,
                adjusted,
                won: adjusted <= options.level,
            },
        )
        .collect();
    let won = people.iter().filter(|person| person.won).count();
    Ok(AltTest {
        winning_rate: won as f64 / people.len() as f64,
        advantage: advantage(&tallies),
        people,
        too_few,
        items: shared.len(),
    })
}

/// Leaves out each person who answered the item in turn.
fn compare(item: &AltItem, tallies: &mut BTreeMap<u32, Tally>) {
    let like = |answer: u32| item.people.iter().filter(|(_, a)| *a == answer).count();
    let like_model = item.model.map_or(0, like);
    for &(who, answer) in &item.people {
        // Of the others: his own answer is not held against itself.
        let person = like(answer) - 1;
        let model = like_model - usize::from(item.model == Some(answer));
        let [model, person] =
            [model >= person, person >= model].map(|near| f64::from(u8::from(near)));
        let tally = tallies.entry(who).or_default();
        tally.items += 1;
        tally.model += model;
        tally.person += person;
        tally.apart += (person - model).abs();
        let cluster = tally.clusters.entry(item.cluster).or_default();
        cluster[0] += model;
        cluster[1] += 1.0;
    }
}

/// Student's one-sided test of whether the person leads by less than ε.
fn probability(tally: &Tally, options: &AltOptions) -> f64 {
    let n = tally.items as f64;
    let lead = (tally.person - tally.model) / n;
    let variance = (tally.apart - n * lead * lead).max(0.0) / (n - 1.0);
    let error = (variance / n).sqrt();
    if error < 1e-15 {
        // All items say the same.
        return f64::from(u8::from(lead >= options.epsilon));
    }
    student_cdf((lead - options.epsilon) / error, n - 1.0)
}

/// ρ, with the interval of a mean of shares over clusters.
fn advantage(tallies: &BTreeMap<u32, Tally>) -> Figure {
    let people = tallies.len() as f64;
    let share = |tally: &Tally| tally.model / tally.items as f64;
    let value = tallies.values().map(share).sum::<f64>() / people;
    let mut parts: BTreeMap<u32, f64> = BTreeMap::new();
    for tally in tallies.values() {
        let (own, scale) = (share(tally), tally.items as f64 * people);
        for (&cluster, [near, count]) in &tally.clusters {
            *parts.entry(cluster).or_default() += (near - own * count) / scale;
        }
    }
    let freedom = parts.len() as f64 - 1.0;
    let se = clusters::variance(parts.into_values()).map(f64::sqrt);
    let n = tallies.values().map(|tally| tally.items).sum();
    let ci = se.filter(|se| *se > 1e-15).map(|se| {
        let reach = student(0.5 + LEVEL / 2.0, freedom) * se;
        Interval {
            low: (value - reach).max(0.0),
            high: (value + reach).min(1.0),
        }
    });
    Figure { value, n, se, ci }
}

#[cfg(test)]
#[path = "alt_test/tests.rs"]
mod tests;
