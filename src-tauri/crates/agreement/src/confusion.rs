//! The table of what one annotator said against what another said, or people against a model.

use crate::error::{AgreementError, Result};
use crate::figure::Undefined;
use crate::ratings::Ratings;

/// How often the first gave one answer where the second gave another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    categories: usize,
    /// Row by row, a row for each answer of the first.
    counts: Vec<u64>,
}

impl Confusion {
    /// A table of nothing yet, for so many answers.
    #[must_use]
    pub fn new(categories: usize) -> Self {
        Self {
            categories,
            counts: vec![0; categories * categories],
        }
    }

    /// A table from its cells, row by row, a row for each answer of the first.
    ///
    /// # Errors
    /// The number of cells is not `categories`².
    pub fn from_counts(categories: usize, counts: Vec<u64>) -> Result<Self> {
        let needed = categories * categories;
        if counts.len() != needed {
            return Err(AgreementError::Length {
                what: "a confusion table",
                found: counts.len(),
                needed,
            });
        }
        Ok(Self { categories, counts })
    }

    /// The table of two annotators, over the questions that both answered.
    ///
    /// # Errors
    /// An annotator out of range.
    pub fn between(ratings: &Ratings, first: u32, second: u32) -> Result<Self> {
        for annotator in [first, second] {
            if annotator as usize >= ratings.annotators() {
                return Err(AgreementError::OutOfRange {
                    what: "annotator",
                    index: annotator as usize,
                    count: ratings.annotators(),
                });
            }
        }
        let mut table = Self::new(ratings.categories());
        for question in 0..ratings.questions() {
            if let Some((k, l)) = both(ratings, question, first, second) {
                table.add(k, l);
            }
        }
        Ok(table)
    }

    /// Counts one question more. Both answers are below `categories`.
    pub(crate) fn add(&mut self, first: u32, second: u32) {
        self.counts[first as usize * self.categories + second as usize] += 1;
    }

    /// How many answers there are.
    #[must_use]
    pub const fn categories(&self) -> usize {
        self.categories
    }

    /// The cells, row by row, a row for each answer of the first.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// How many questions both answered.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// On how many of them both said the same.
    #[must_use]
    pub fn equal(&self) -> u64 {
        let diagonal = self.counts.iter().step_by(self.categories + 1);
        diagonal.sum()
    }

    /// The share of the questions that both answered on which they said the same. Against a truth
    /// this is accuracy, between two annotators percent agreement.
    ///
    /// # Errors
    /// They have no question in common.
    pub fn accuracy(&self) -> std::result::Result<f64, Undefined> {
        match self.total() {
            0 => Err(Undefined::NoCommonQuestion),
            total => Ok(self.equal() as f64 / total as f64),
        }
    }

    /// The cells as shares of the total, which is not nought.
    pub(crate) fn shares(&self) -> Vec<f64> {
        let total = self.total() as f64;
        self.counts.iter().map(|&n| n as f64 / total).collect()
    }
}

/// What the two said to a question that both answered.
pub(crate) fn both(
    ratings: &Ratings,
    question: usize,
    first: u32,
    second: u32,
) -> Option<(u32, u32)> {
    let votes = ratings.of(question);
    let said = |annotator| {
        let vote = votes.iter().find(|vote| vote.annotator == annotator);
        vote.map(|vote| vote.category)
    };
    said(first).zip(said(second))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::patterns::tests::table;

    #[test]
    fn rows_are_the_first_annotators() {
        let ratings = table(3, &[[0, 0, 2, 1, -1], [0, 1, 2, -1, 2]]);
        let found = Confusion::between(&ratings, 0, 1).unwrap();
        assert_eq!(found.counts(), [1, 1, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!((found.total(), found.equal()), (3, 2));
        let turned = Confusion::between(&ratings, 1, 0).unwrap();
        assert_eq!(turned.counts(), [1, 0, 0, 1, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn nobody_in_common_is_no_accuracy() {
        let ratings = table(2, &[[0, -1], [-1, 0]]);
        let found = Confusion::between(&ratings, 0, 1).unwrap();
        assert_eq!(found.accuracy(), Err(Undefined::NoCommonQuestion));
        assert!(Confusion::between(&ratings, 0, 2).is_err());
        assert!(Confusion::from_counts(2, vec![1; 3]).is_err());
    }
}
