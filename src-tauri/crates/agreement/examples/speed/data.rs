//! Made-up data of the size that a large project reaches, the same on every machine.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, str};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tiebreak_agreement::{Comparison, Outcome, Rating};

use crate::Result;

pub const CATEGORIES: u32 = 4;
pub const ALPHA_QUESTIONS: usize = 250_000;
pub const ALPHA_ANNOTATORS: usize = 4;
pub const EM_ANNOTATORS: u32 = 50;
pub const MODELS: u32 = 50;
const EM_QUESTIONS: u32 = 20_000;
const COMPARISONS: u32 = 100_000;

struct Chance(ChaCha8Rng);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    fn share(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, bound: u32) -> u32 {
        (self.share() * f64::from(bound)) as u32
    }
}

/// Writes all files: a million votes, a line of answers an annotator; votes as task, worker, label;
/// comparisons as winner, loser.
pub fn write(folder: &Path) -> Result<Value> {
    let votes = mostly_agreed(ALPHA_QUESTIONS as u32, ALPHA_ANNOTATORS as u32);
    let mut text = String::with_capacity(2 * votes.len());
    for annotator in 0..ALPHA_ANNOTATORS {
        for (n, vote) in votes
            .iter()
            .skip(annotator)
            .step_by(ALPHA_ANNOTATORS)
            .enumerate()
        {
            write!(text, "{}{}", if n == 0 { "" } else { "," }, vote.category)?;
        }
        text.push('\n');
    }
    fs::write(folder.join("alpha.csv"), text)?;
    let mut text = String::from("task,worker,label\n");
    for vote in in_part_right() {
        writeln!(
            text,
            "{},{},{}",
            vote.question, vote.annotator, vote.category
        )?;
    }
    fs::write(folder.join("votes.csv"), text)?;
    let mut text = String::from("winner,loser\n");
    for row in won_or_lost() {
        writeln!(text, "{},{}", row.left, row.right)?;
    }
    fs::write(folder.join("comparisons.csv"), text)?;
    Ok(json!({ "votes": votes.len() }))
}

/// The numbers in a file, by line.
fn numbers(folder: &Path, name: &str) -> Result<Vec<Vec<u32>>> {
    let text = fs::read_to_string(folder.join(name))?;
    let lines = text
        .lines()
        .filter(|line| !line.contains(char::is_alphabetic));
    let mut all = Vec::new();
    for line in lines {
        all.push(
            line.split(',')
                .map(str::parse)
                .collect::<std::result::Result<_, _>>()?,
        );
    }
    Ok(all)
}

pub fn alpha_votes(folder: &Path) -> Result<Vec<Rating>> {
    let lines = numbers(folder, "alpha.csv")?;
    let mut votes = Vec::with_capacity(ALPHA_QUESTIONS * ALPHA_ANNOTATORS);
    for question in 0..ALPHA_QUESTIONS {
        for (annotator, answers) in (0..).zip(&lines) {
            votes.push(Rating {
                question: question as u32,
                annotator,
                category: answers[question],
            });
        }
    }
    Ok(votes)
}

pub fn em_votes(folder: &Path) -> Result<Vec<Rating>> {
    let rows = numbers(folder, "votes.csv")?;
    let vote = |row: Vec<u32>| Rating {
        question: row[0],
        annotator: row[1],
        category: row[2],
    };
    Ok(rows.into_iter().map(vote).collect())
}

/// Every second one with the winner on the right.
pub fn comparisons(folder: &Path) -> Result<Vec<Comparison>> {
    let rows = numbers(folder, "comparisons.csv")?.into_iter().enumerate();
    let comparison = |(n, row): (usize, Vec<u32>)| match n % 2 {
        0 => one(row[0], row[1], Outcome::Left),
        _ => one(row[1], row[0], Outcome::Right),
    };
    Ok(rows.map(comparison).collect())
}

const fn one(left: u32, right: u32, outcome: Outcome) -> Comparison {
    Comparison {
        left,
        right,
        outcome,
        weight: 1.0,
    }
}

/// Votes of annotators who mostly see the same, and else guess.
pub fn mostly_agreed(questions: u32, annotators: u32) -> Vec<Rating> {
    let mut chance = Chance::new(1);
    let mut votes = Vec::new();
    for question in 0..questions {
        let seen = [0, 0, 0, 1, 1, 1, 2, 3][chance.below(8) as usize];
        for annotator in 0..annotators {
            let guesses = chance.below(5) == 0;
            let category = if guesses {
                chance.below(CATEGORIES)
            } else {
                seen
            };
            votes.push(Rating {
                question,
                annotator,
                category,
            });
        }
    }
    votes
}

/// Every question is answered by five different people, who are right in between 40 % and 95 % of the
/// cases.
fn in_part_right() -> Vec<Rating> {
    let mut chance = Chance::new(2);
    let mut votes = Vec::new();
    for question in 0..EM_QUESTIONS {
        let truth = chance.below(CATEGORIES).min(chance.below(CATEGORIES));
        let first = chance.below(EM_ANNOTATORS);
        for n in 0..5 {
            let annotator = (first + n * 7) % EM_ANNOTATORS;
            let right = 0.4 + 0.55 * f64::from(annotator) / f64::from(EM_ANNOTATORS);
            let category = if chance.share() < right {
                truth
            } else {
                (truth + 1 + chance.below(CATEGORIES - 1)) % CATEGORIES
            };
            votes.push(Rating {
                question,
                annotator,
                category,
            });
        }
    }
    votes
}

/// Comparisons without ties, the winner on the left.
fn won_or_lost() -> Vec<Comparison> {
    let mut chance = Chance::new(3);
    let row = |_| {
        let one_model = chance.below(MODELS);
        let other = (one_model + 1 + chance.below(MODELS - 1)) % MODELS;
        let lead = (f64::from(one_model) - f64::from(other)) * 0.06;
        let won = chance.share() < 1.0 / (1.0 + (-lead).exp());
        let (winner, loser) = if won {
            (one_model, other)
        } else {
            (other, one_model)
        };
        one(winner, loser, Outcome::Left)
    };
    (0..COMPARISONS).map(row).collect()
}

/// Votes on questions, `each` a question, three in ten of them ties; and the first vote of each.
pub fn judged(models: u32, questions: u32, each: u32) -> (Vec<Comparison>, Vec<Comparison>) {
    let mut chance = Chance::new(4);
    let (mut votes, mut verdicts) = (Vec::new(), Vec::new());
    for _ in 0..questions {
        let left = chance.below(models);
        let right = (left + 1 + chance.below(models - 1)) % models;
        let lead = (f64::from(left) - f64::from(right)) * 3.0 / f64::from(models);
        for n in 0..each {
            let outcome = if chance.below(10) < 3 {
                Outcome::Tie
            } else if chance.share() < 1.0 / (1.0 + (-lead).exp()) {
                Outcome::Left
            } else {
                Outcome::Right
            };
            let row = one(left, right, outcome);
            votes.push(row);
            if n == 0 {
                verdicts.push(row);
            }
        }
    }
    (votes, verdicts)
}
