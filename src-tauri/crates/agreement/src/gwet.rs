//! Gwet's AC1 and AC2, which hold where one answer is much more common than the others.
//!
//! κ and α fall towards nought there although people agree; AC1 supposes that only an uncertain
//! vote agrees by chance (Gwet 2008, *British Journal of Mathematical and Statistical Psychology*
//! 61:29–48).

use crate::figure::{Figure, Undefined};
use crate::patterns::Patterns;
use crate::ratings::Ratings;
use crate::sums::{Sums, corrected, with_error};
use crate::weights::{Categories, Weighing, Weights};

/// AC1 with [`Weights::Identity`], AC2 with any other, for any number of votes a question, with
/// irrCAC's standard error and its interval from Student's distribution.
/// It depends on how many answers the scale has: irrCAC counts those [`Categories::Seen`].
/// `n` is the number of questions with two votes or more.
///
/// # Errors
/// No votes; no question with two; one answer on the scale.
pub fn gwet_ac(
    ratings: &Ratings,
    weights: Weights,
    categories: Categories,
) -> Result<Figure, Undefined> {
    let patterns = Patterns::of(ratings);
    let sums = Sums::of(&patterns);
    let weighing = sums.weighing(weights, categories);
    let parts = parts(&sums, &weighing)?;
    let prevalence = sums.prevalence();
    let factor = factor(&weighing);
    with_error(&patterns, &sums, &weighing, parts, |shares| {
        let uncertain = shares
            .iter()
            .map(|&(k, share)| share * (1.0 - prevalence[k]));
        factor * uncertain.sum::<f64>()
    })
}

/// Observed agreement and agreement by chance.
fn parts(sums: &Sums, weighing: &Weighing) -> Result<(f64, f64), Undefined> {
    let observed = sums.observed(weighing)?;
    if weighing.q < 1.5 {
        return Err(Undefined::OneCategory);
    }
    let prevalence = sums.prevalence();
    let uncertain: f64 = prevalence.iter().map(|share| share * (1.0 - share)).sum();
    Ok((observed, factor(weighing) * uncertain))
}

fn factor(weighing: &Weighing) -> f64 {
    weighing.total / (weighing.q * (weighing.q - 1.0))
}

/// The coefficient from sums alone.
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
        // Observed 3/4; 5 of 8 votes are 0: chance 2 · 5/8 · 3/8.
        let ratings = table(2, &[[0, 0, 1, 1], [0, 0, 1, 0]]);
        let found = gwet_ac(&ratings, Weights::Identity, Categories::Seen).unwrap();
        let chance = 2.0 * 15.0 / 64.0;
        assert!((found.value - (0.75 - chance) / (1.0 - chance)).abs() < 1e-15);
    }

    #[test]
    fn weights_over_answers_with_a_gap() {
        // Answers 1, 2 and 5 of 5; the figures are those of the Python package irrCAC.
        let ratings = table(5, &[[0, 1, 4, 1, 0, 4], [0, 4, 4, 1, 1, 4]]);
        for (weights, value) in [
            (Weights::Linear, 0.634_517_766),
            (Weights::Quadratic, 0.721_792_890),
            (Weights::Ordinal, 0.710_261_569),
        ] {
            let found = gwet_ac(&ratings, weights, Categories::Seen).unwrap();
            assert!((found.value - value).abs() < 1e-8, "{found:?}");
        }
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
        for (weights, value, se, low) in [
            (
                Weights::Identity,
                0.775_444_068_1,
                0.142_949_950_6,
                0.460_813_348_1,
            ),
            (
                Weights::Linear,
                0.858_739_136_4,
                0.117_329_021_9,
                0.600_499_700_4,
            ),
            (
                Weights::Quadratic,
                0.914_000_723_6,
                0.103_962_244_6,
                0.685_181_365_9,
            ),
            (
                Weights::Ordinal,
                0.898_939_769_9,
                0.106_903_523_8,
                0.663_646_700_4,
            ),
        ] {
            let found = gwet_ac(&ratings, weights, Categories::Seen).unwrap();
            assert!((found.value - value).abs() < 1e-9, "{found:?}");
            assert!((found.se.unwrap() - se).abs() < 1e-9, "{found:?}");
            assert!((found.ci.unwrap().low - low).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn a_wider_scale_lowers_chance() {
        let ratings = table(4, &[[0, 0, 1, 1], [0, 0, 1, 0]]);
        let seen = gwet_ac(&ratings, Weights::Identity, Categories::Seen).unwrap();
        let given = gwet_ac(&ratings, Weights::Identity, Categories::Given).unwrap();
        assert!(given.value > seen.value);
    }

    #[test]
    fn constant_votes_have_no_scale_unless_one_is_given() {
        let ratings = table(3, &[[2, 2], [2, 2]]);
        let seen = gwet_ac(&ratings, Weights::Identity, Categories::Seen);
        assert_eq!(seen, Err(Undefined::OneCategory));
        let given = gwet_ac(&ratings, Weights::Identity, Categories::Given).unwrap();
        assert!((given.value - 1.0).abs() < 1e-15);
    }
}
