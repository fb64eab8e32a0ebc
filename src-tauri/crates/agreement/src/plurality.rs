//! The answer that most people gave: the plain rule that every cleverer one is held against.

use crate::ratings::{Rating, Ratings};

/// Which answer leads, and whether it does so alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leading {
    /// Nobody answered.
    NoVotes,
    /// One answer leads.
    One(u32),
    /// Several lead together.
    Equal {
        /// The lowest of them.
        first: u32,
        /// How many they are, at least 2.
        how_many: u32,
    },
}

/// What becomes of a question where several answers have equally many votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EqualCounts {
    /// It gets no answer.
    NoAnswer,
    /// It gets this one, such as the index of *tie*.
    Answer(u32),
    /// It gets the lowest index of those that lead. That favours the first of the scale: crowd-kit
    /// does so.
    Lowest,
}

impl Leading {
    /// The one answer, if there is one under the rule for equal counts. A question without votes has
    /// none under any rule.
    #[must_use]
    pub const fn answer(self, equal: EqualCounts) -> Option<u32> {
        match (self, equal) {
            (Self::NoVotes, _) | (Self::Equal { .. }, EqualCounts::NoAnswer) => None,
            (Self::One(answer), _) | (Self::Equal { .. }, EqualCounts::Answer(answer)) => {
                Some(answer)
            }
            (Self::Equal { first, .. }, EqualCounts::Lowest) => Some(first),
        }
    }

    /// What leads among these weights, where those within `near` of the highest count as equal to it.
    /// Nothing leads where none is above zero.
    pub(crate) fn among(weights: &[f64], near: f64) -> Self {
        let highest = weights.iter().copied().fold(0.0, f64::max);
        if highest <= 0.0 {
            return Self::NoVotes;
        }
        let mut leads = (0u32..)
            .zip(weights)
            .filter(|&(_, &weight)| weight >= highest - near)
            .map(|(category, _)| category);
        match (leads.next(), leads.count()) {
            (None, _) => Self::NoVotes,
            (Some(first), 0) => Self::One(first),
            (Some(first), more) => Self::Equal {
                first,
                how_many: more as u32 + 1,
            },
        }
    }
}

/// The votes of one question, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// How many votes each answer has; as long as there are categories.
    pub counts: Vec<u32>,
    /// Which answer leads.
    pub leading: Leading,
}

impl Counted {
    /// How many votes there are.
    #[must_use]
    pub fn votes(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// Whether more than half of the votes went to one answer: a majority, not merely a plurality.
    #[must_use]
    pub fn is_majority(&self) -> bool {
        self.counts
            .iter()
            .any(|&count| u64::from(count) * 2 > u64::from(self.votes()))
    }
}

/// Counts the votes of every question, in the order of the questions.
#[must_use]
pub fn plurality(table: &Ratings) -> Vec<Counted> {
    (0..table.questions())
        .map(|question| count(table.of(question), table.categories()))
        .collect()
}

fn count(votes: &[Rating], categories: usize) -> Counted {
    let mut counts = vec![0u32; categories];
    for vote in votes {
        counts[vote.category as usize] += 1;
    }
    let weights: Vec<f64> = counts.iter().map(|&count| f64::from(count)).collect();
    Counted {
        leading: Leading::among(&weights, 0.0),
        counts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[u32]]) -> Ratings {
        let mut ratings = Vec::new();
        for (question, row) in (0u32..).zip(rows) {
            for (annotator, &category) in (0u32..).zip(*row) {
                ratings.push(Rating {
                    question,
                    annotator,
                    category,
                });
            }
        }
        Ratings::new(rows.len(), 4, 3, ratings).unwrap()
    }

    #[test]
    fn equal_counts_are_told_and_settled_by_the_rule() {
        let counted = plurality(&table(&[&[0, 2, 2], &[1, 0], &[], &[2, 1, 0, 1]]));
        assert_eq!(counted[0].counts, [1, 0, 2]);
        assert_eq!(counted[0].leading, Leading::One(2));
        assert!(counted[0].is_majority());
        let even = counted[1].leading;
        assert_eq!(
            even,
            Leading::Equal {
                first: 0,
                how_many: 2
            }
        );
        assert_eq!(even.answer(EqualCounts::NoAnswer), None);
        assert_eq!(even.answer(EqualCounts::Answer(2)), Some(2));
        assert_eq!(even.answer(EqualCounts::Lowest), Some(0));
        assert_eq!(counted[2].leading, Leading::NoVotes);
        assert_eq!(counted[2].leading.answer(EqualCounts::Answer(2)), None);
        // Two of four lead, and are no majority.
        assert_eq!(counted[3].leading, Leading::One(1));
        assert!(!counted[3].is_majority());
    }
}
