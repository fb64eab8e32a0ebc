//! Fleiss' κ: agreement beyond what the answers' overall frequencies would give.

use crate::figure::{Figure, Undefined};
use crate::patterns::Patterns;
use crate::ratings::Ratings;
use crate::sums::{Sums, corrected, with_error};
use crate::weights::{Categories, Weighing, Weights};

/// Fleiss' κ, for any number of votes a question: the generalisation of Gwet (2014, section 2.4)
/// as irrCAC computes it, with its standard error and an interval from Student's distribution.
/// A question with one vote counts for how common the answers are and not for agreement.
///
/// Where every question has the same number of votes this is Fleiss (1971), as statsmodels has it,
/// and with two annotators Scott's π; where not, statsmodels has no figure.
/// `n` is the number of questions with two votes or more.
///
/// # Errors
/// No votes; no question with two; one answer only.
pub fn fleiss_kappa(ratings: &Ratings, weights: Weights) -> Result<Figure, Undefined> {
    let patterns = Patterns::of(ratings);
    let sums = Sums::of(&patterns);
    let weighing = sums.weighing(weights, Categories::Seen);
    let parts = parts(&sums, &weighing)?;
    let spread = weighing.spread(&sums.prevalence());
    with_error(&patterns, &sums, &weighing, parts, |shares| {
        shares.iter().map(|&(k, share)| share * spread[k]).sum()
    })
}

/// Fleiss' κ as first published (1971), which has no answer to missing votes.
///
/// # Errors
/// As [`fleiss_kappa`], and where questions differ in their number of votes. Questions without any
/// vote are passed over.
pub fn fleiss_kappa_balanced(ratings: &Ratings) -> Result<Figure, Undefined> {
    let mut votes = (0..ratings.questions())
        .map(|question| ratings.of(question).len())
        .filter(|&votes| votes > 0);
    let first = votes.next().ok_or(Undefined::NoVotes)?;
    if votes.any(|votes| votes != first) {
        return Err(Undefined::Unbalanced);
    }
    fleiss_kappa(ratings, Weights::Identity)
}

/// Observed agreement and agreement by chance.
fn parts(sums: &Sums, weighing: &Weighing) -> Result<(f64, f64), Undefined> {
    let observed = sums.observed(weighing)?;
    let prevalence = sums.prevalence();
    Ok((observed, weighing.between(&prevalence, &prevalence)))
}

/// κ from sums alone.
pub(crate) fn value(sums: &Sums, weighing: &Weighing) -> Result<f64, Undefined> {
    let (observed, chance) = parts(sums, weighing)?;
    corrected(observed, chance)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::patterns::tests::table;

    #[test]
    fn by_hand() {
        // Two people, four questions: observed 3/4; 5 of 8 votes are 0: chance 34/64.
        let ratings = table(2, &[[0, 0, 1, 1], [0, 0, 1, 0]]);
        let found = fleiss_kappa(&ratings, Weights::Identity).unwrap();
        let chance = 34.0 / 64.0;
        assert!((found.value - (0.75 - chance) / (1.0 - chance)).abs() < 1e-15);
        assert_eq!(fleiss_kappa_balanced(&ratings), Ok(found));
    }

    #[test]
    fn four_annotators_with_missing_votes() {
        // Krippendorff's example of 2011; the figures are those of the Python package irrCAC.
        let ratings = table(
            5,
            &[
                [0, 1, 2, 2, 1, 0, 3, 0, 1, -1, -1, -1],
                [0, 1, 2, 2, 1, 1, 3, 0, 1, 4, -1, 2],
                [-1, 2, 2, 2, 1, 2, 3, 1, 1, 4, 0, -1],
                [0, 1, 2, 2, 1, 3, 3, 0, 1, 4, 0, -1],
            ],
        );
        for (weights, value, se) in [
            (Weights::Identity, 0.761_169_275_4, 0.153_019_203_5),
            (Weights::Linear, 0.817_944_767_1, 0.148_504_355_5),
            (Weights::Quadratic, 0.864_935_064_9, 0.146_033_610_8),
            (Weights::Ordinal, 0.850_206_189_4, 0.147_035_693_9),
        ] {
            let found = fleiss_kappa(&ratings, weights).unwrap();
            assert!((found.value - value).abs() < 1e-9, "{found:?}");
            assert!((found.se.unwrap() - se).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn the_published_form_refuses_missing_votes() {
        let ratings = table(2, &[[0, 0, 1, -1], [0, 1, 1, 1]]);
        assert_eq!(fleiss_kappa_balanced(&ratings), Err(Undefined::Unbalanced));
        assert!(fleiss_kappa(&ratings, Weights::Identity).is_ok());
    }

    #[test]
    fn constant_votes_leave_nothing_beyond_chance() {
        let ratings = table(3, &[[2, 2], [2, 2]]);
        for weights in [Weights::Identity, Weights::Linear, Weights::Ordinal] {
            let found = fleiss_kappa(&ratings, weights);
            assert_eq!(found, Err(Undefined::OneCategory));
        }
    }
}
