//! How far two rows of numbers go together.
//!
//! The intervals are Fisher's: on the scale of artanh, where the standard error of Pearson's r is
//! 1/√(n − 3) and that of Spearman's ρ √((1 + ρ²/2)/(n − 3)) (D. G. Bonett and T. A. Wright,
//! Psychometrika 65 (2000), 23–28).

use crate::figure::{Figure, Interval, Undefined};
use crate::quantile::normal_reach;

/// Pearson's coefficient of two rows of equal length; `n` is that length.
///
/// # Errors
/// Fewer than two pairs; a row that never varies.
pub fn pearson(pairs: &[(f64, f64)]) -> Result<Figure, Undefined> {
    correlated(pairs, |_| 1.0)
}

/// Spearman's: Pearson's of the ranks, where equal numbers share the mean of their ranks.
///
/// # Errors
/// As [`pearson`].
pub fn spearman(pairs: &[(f64, f64)]) -> Result<Figure, Undefined> {
    let one = ranks(pairs.iter().map(|pair| pair.0).collect());
    let other = ranks(pairs.iter().map(|pair| pair.1).collect());
    let ranked: Vec<(f64, f64)> = one.into_iter().zip(other).collect();
    correlated(&ranked, |rho| 1.0 + rho * rho / 2.0)
}

fn correlated(pairs: &[(f64, f64)], spread: impl Fn(f64) -> f64) -> Result<Figure, Undefined> {
    let n = pairs.len() as f64;
    if pairs.len() < 2 {
        return Err(Undefined::NoVotes);
    }
    let means = [
        pairs.iter().map(|pair| pair.0).sum::<f64>() / n,
        pairs.iter().map(|pair| pair.1).sum::<f64>() / n,
    ];
    let (mut one, mut other, mut both) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        let (x, y) = (x - means[0], y - means[1]);
        one += x * x;
        other += y * y;
        both += x * y;
    }
    if one <= 0.0 || other <= 0.0 {
        return Err(Undefined::Constant);
    }
    let value = (both / (one * other).sqrt()).clamp(-1.0, 1.0);
    let ci = (pairs.len() > 3 && value.abs() < 1.0).then(|| {
        let reach = normal_reach() * (spread(value) / (n - 3.0)).sqrt();
        Interval {
            low: (value.atanh() - reach).tanh(),
            high: (value.atanh() + reach).tanh(),
        }
    });
    Ok(Figure {
        value,
        n: pairs.len(),
        se: None,
        ci,
    })
}

/// The rank of each number from 1, equal ones sharing the mean of theirs.
fn ranks(numbers: Vec<f64>) -> Vec<f64> {
    let mut places: Vec<usize> = (0..numbers.len()).collect();
    places.sort_by(|&one, &other| numbers[one].total_cmp(&numbers[other]));
    let mut ranks = vec![0.0; numbers.len()];
    let mut below = 0;
    for same in places.chunk_by(|&one, &other| numbers[one] == numbers[other]) {
        let rank = below as f64 + (same.len() as f64 + 1.0) / 2.0;
        same.iter().for_each(|&place| ranks[place] = rank);
        below += same.len();
    }
    ranks
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    // Accuracies of ten models of the paper on two tasks, with two equal numbers.
    const PAIRS: [(f64, f64); 10] = [
        (70.98, 53.60),
        (65.71, 55.11),
        (61.39, 51.89),
        (57.55, 54.73),
        (50.84, 42.23),
        (74.58, 57.98),
        (77.94, 59.47),
        (63.55, 55.30),
        (63.55, 53.60),
        (48.10, 60.00),
    ];

    #[test]
    fn coefficients_are_the_references() {
        // Golden numbers: scipy 1.x, `pearsonr` with its interval, and `spearmanr`.
        let found = pearson(&PAIRS).unwrap();
        assert!((found.value - PEARSON.0).abs() < 1e-12, "{found:?}");
        let ci = found.ci.unwrap();
        assert!((ci.low - PEARSON.1).abs() < 1e-9 && (ci.high - PEARSON.2).abs() < 1e-9);
        let found = spearman(&PAIRS).unwrap();
        assert!((found.value - SPEARMAN.0).abs() < 1e-12, "{found:?}");
        let ci = found.ci.unwrap();
        assert!((ci.low - SPEARMAN.1).abs() < 1e-9 && (ci.high - SPEARMAN.2).abs() < 1e-9);
    }

    #[test]
    fn what_never_varies_correlates_with_nothing() {
        assert_eq!(pearson(&[(1.0, 2.0), (1.0, 3.0)]), Err(Undefined::Constant));
        assert_eq!(spearman(&[(1.0, 2.0)]), Err(Undefined::NoVotes));
        assert_eq!(spearman(&[(1.0, 2.0), (3.0, 9.0)]).unwrap().ci, None);
    }

    const PEARSON: (f64, f64, f64) = (0.4139931928598655, -0.2916566125015451, 0.827835152555816);
    const SPEARMAN: (f64, f64, f64) = (
        0.27134146341463417,
        -0.44303258146850405,
        0.7749571502633165,
    );
}
