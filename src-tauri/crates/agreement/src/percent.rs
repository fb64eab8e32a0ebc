//! Percent agreement: how often two people who answered the same question said the same.
//!
//! It is what everybody understands and what no chance correction blurs; it also rises with every
//! answer that is common anyway, so it never stands alone.

use crate::cohen::PairTable;
use crate::figure::{Figure, Undefined};
use crate::patterns::Patterns;
use crate::ratings::Ratings;
use crate::sums::{Sums, with_error};
use crate::weights::{Categories, Weights};

/// The mean, over the questions with two votes or more, of the share of pairs of votes that agree:
/// irrCAC's `pa`, with the standard error that its other coefficients have where chance agreement
/// is nought. `n` is the number of those questions.
///
/// # Errors
/// No votes; no question with two.
pub fn percent_agreement(ratings: &Ratings) -> Result<Figure, Undefined> {
    let patterns = Patterns::of(ratings);
    let sums = Sums::of(&patterns);
    let weighing = sums.weighing(Weights::Identity, Categories::Given);
    let observed = sums.observed(&weighing)?;
    with_error(&patterns, &sums, &weighing, (observed, 0.0), |_| 0.0)
}

/// A mean over pairs of annotators, each pair counting the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairwiseMean {
    /// The mean.
    pub value: f64,
    /// How many pairs it is of.
    pub pairs: usize,
    /// How many pairs had no figure of their own and are left out.
    pub undefined: usize,
}

impl PairwiseMean {
    /// The mean of `figure` over the pairs that have one.
    ///
    /// # Errors
    /// No pair of annotators answered a question in common, or none has a figure: then the reason
    /// of the first pair.
    pub fn of<'a>(
        pairs: impl IntoIterator<Item = &'a PairTable>,
        figure: impl Fn(&PairTable) -> Result<f64, Undefined>,
    ) -> Result<Self, Undefined> {
        let (mut sum, mut count, mut undefined, mut reason) = (0.0, 0, 0, None);
        for pair in pairs {
            match figure(pair) {
                Ok(value) => {
                    sum += value;
                    count += 1;
                }
                Err(why) => {
                    undefined += 1;
                    reason.get_or_insert(why);
                }
            }
        }
        if count == 0 {
            return Err(reason.unwrap_or(Undefined::NothingShared));
        }
        Ok(Self {
            value: sum / count as f64,
            pairs: count,
            undefined,
        })
    }
}

/// The mean over pairs of annotators of the share of their common questions on which they agree.
/// Equal to [`percent_agreement`] where everybody answered everything, and else not: here two
/// people who met once weigh as much as two who met a thousand times.
///
/// # Errors
/// No two annotators answered a question in common.
pub fn mean_pairwise_percent(pairs: &[PairTable]) -> Result<PairwiseMean, Undefined> {
    PairwiseMean::of(pairs, |pair| pair.table.accuracy())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::cohen::pair_tables;
    use crate::patterns::tests::table;

    #[test]
    fn missing_votes_leave_a_question_its_pairs() {
        // Question 0: 3 of 3 pairs; 1: 1 of 3; 2: the only pair disagrees; 3: a single vote.
        let ratings = table(2, &[[0, 0, 0, 1], [0, 0, 1, -1], [0, 1, -1, -1]]);
        let found = percent_agreement(&ratings).unwrap();
        assert!((found.value - (1.0 + 1.0 / 3.0) / 3.0).abs() < 1e-15);
        assert_eq!(found.n, 3);
        // Pairs: 2 of 3 questions, 1 of 2, 1 of 2.
        let pairwise = mean_pairwise_percent(&pair_tables(&ratings)).unwrap();
        assert!((pairwise.value - (2.0 / 3.0 + 0.5 + 0.5) / 3.0).abs() < 1e-15);
        assert_eq!((pairwise.pairs, pairwise.undefined), (3, 0));
    }

    #[test]
    fn constant_votes_agree_but_show_no_error() {
        let found = percent_agreement(&table(2, &[[1, 1], [1, 1]])).unwrap();
        assert_eq!((found.value, found.se, found.ci), (1.0, Some(0.0), None));
    }

    #[test]
    fn nothing_to_compare_is_said() {
        let alone = table(2, &[[0, -1], [-1, 1]]);
        assert_eq!(percent_agreement(&alone), Err(Undefined::NothingShared));
        let none = table(2, &[[-1, -1], [-1, -1]]);
        assert_eq!(percent_agreement(&none), Err(Undefined::NoVotes));
        assert_eq!(
            mean_pairwise_percent(&pair_tables(&alone)),
            Err(Undefined::NothingShared)
        );
    }
}
