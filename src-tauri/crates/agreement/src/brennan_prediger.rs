//! Brennan and Prediger's coefficient: agreement beyond that of people who pick answers blindly.

use crate::figure::{Figure, Undefined};
use crate::patterns::Patterns;
use crate::ratings::Ratings;
use crate::sums::{Sums, corrected, with_error};
use crate::weights::{Categories, Weighing, Weights};

/// Brennan and Prediger (1981), for any number of votes a question, with irrCAC's standard error
/// and its interval from Student's distribution. Agreement by chance is 1/q: irrCAC takes for q the
/// answers [`Categories::Seen`]; with those [`Categories::Given`] this is Randolph's free-marginal
/// κ, as statsmodels has it. `n` is the number of questions with two votes or more.
///
/// # Errors
/// No votes; no question with two; one answer on the scale.
pub fn brennan_prediger(
    ratings: &Ratings,
    weights: Weights,
    categories: Categories,
) -> Result<Figure, Undefined> {
    let patterns = Patterns::of(ratings);
    let sums = Sums::of(&patterns);
    let weighing = sums.weighing(weights, categories);
    let observed = sums.observed(&weighing)?;
    let chance = chance(&weighing);
    with_error(&patterns, &sums, &weighing, (observed, chance), |_| chance)
}

fn chance(weighing: &Weighing) -> f64 {
    weighing.total / (weighing.q * weighing.q)
}

/// The coefficient from sums alone.
pub(crate) fn value(sums: &Sums, weighing: &Weighing) -> Result<f64, Undefined> {
    corrected(sums.observed(weighing)?, chance(weighing))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::patterns::tests::table;

    #[test]
    fn by_hand() {
        let ratings = table(4, &[[0, 0, 1, 1], [0, 0, 1, 0]]);
        let of = |categories| brennan_prediger(&ratings, Weights::Identity, categories).unwrap();
        assert!((of(Categories::Seen).value - 0.5).abs() < 1e-15);
        assert!((of(Categories::Given).value - (0.75 - 0.25) / 0.75).abs() < 1e-15);
        // The variance of 1, 1, 1, 0 over questions, doubled by the chance of a half.
        let se = 2.0 * (3.0 / 16.0 * 4.0 / (4.0 * 3.0_f64)).sqrt();
        assert!((of(Categories::Seen).se.unwrap() - se).abs() < 1e-15);
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
            (Weights::Identity, 0.772_727_272_7, 0.144_716_619_9),
            (Weights::Linear, 0.848_484_848_5, 0.123_356_124_5),
            (Weights::Quadratic, 0.901_515_151_5, 0.110_894_375),
            (Weights::Ordinal, 0.886_363_636_4, 0.113_905_904),
        ] {
            let found = brennan_prediger(&ratings, weights, Categories::Seen).unwrap();
            assert!((found.value - value).abs() < 1e-9, "{found:?}");
            assert!((found.se.unwrap() - se).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn constant_votes_have_no_scale_unless_one_is_given() {
        let ratings = table(3, &[[2, 2], [2, 2]]);
        let seen = brennan_prediger(&ratings, Weights::Identity, Categories::Seen);
        assert_eq!(seen, Err(Undefined::OneCategory));
        let given = brennan_prediger(&ratings, Weights::Identity, Categories::Given).unwrap();
        assert!((given.value - 1.0).abs() < 1e-15);
    }
}
