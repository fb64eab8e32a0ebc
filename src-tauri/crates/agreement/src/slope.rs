//! How steeply a choice between two follows by how much one exceeds the other.
//!
//! A logistic regression on a single measure, such as the logarithm of a ratio of lengths, without a
//! constant: which of the two is called the first means nothing, so where they do not differ either is
//! chosen as often. The error is that of clusters (K.-Y. Liang and S. L. Zeger, Biometrika 73 (1986),
//! 13–22), with the correction for few of them.

use std::collections::BTreeMap;

use crate::clusters;
use crate::figure::{Figure, Interval, Undefined};
use crate::quantile::{LEVEL, student};

/// A choice between two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// What it belongs to, such as a prompt.
    pub cluster: u32,
    /// By how much the first exceeds the second.
    pub excess: f64,
    /// Whether the first was chosen.
    pub first: bool,
}

/// The b for which P(first) = 1/(1 + exp(−b·excess)) fits the choices best; `n` counts those whose
/// excess is not nought, which alone bear on it.
///
/// # Errors
/// No such choice; the one that exceeds is always chosen, or never, so that no slope is steep enough.
pub fn slope_of_choice(choices: &[Choice]) -> Result<Figure, Undefined> {
    let bearing: Vec<&Choice> = choices.iter().filter(|one| one.excess != 0.0).collect();
    let up = bearing
        .iter()
        .filter(|one| (one.excess > 0.0) == one.first)
        .count();
    if bearing.is_empty() {
        return Err(Undefined::NoVotes);
    }
    if up == 0 || up == bearing.len() {
        return Err(Undefined::Separated);
    }
    let value = fitted(&bearing);
    let mut steepness = 0.0;
    let mut parts: BTreeMap<u32, f64> = BTreeMap::new();
    for one in &bearing {
        let p = logistic(value * one.excess);
        steepness += one.excess * one.excess * p * (1.0 - p);
        *parts.entry(one.cluster).or_default() += one.excess * (f64::from(u8::from(one.first)) - p);
    }
    let freedom = parts.len() as f64 - 1.0;
    let variance = clusters::variance(parts.into_values());
    let se = variance.map(|variance| variance.sqrt() / steepness);
    let ci = se.filter(|se| se.is_finite() && *se > 0.0).map(|se| {
        let reach = student(0.5 + LEVEL / 2.0, freedom) * se;
        Interval {
            low: value - reach,
            high: value + reach,
        }
    });
    Ok(Figure {
        value,
        n: bearing.len(),
        se,
        ci,
    })
}

/// Where the likelihood's slope, which only falls, is nought: by halving.
fn fitted(choices: &[&Choice]) -> f64 {
    let slope = |b: f64| -> f64 {
        let part = |one: &&Choice| {
            one.excess * (f64::from(u8::from(one.first)) - logistic(b * one.excess))
        };
        choices.iter().map(part).sum()
    };
    let (mut low, mut high) = (-1.0, 1.0);
    // Both signs occur, so an end is found; the bound only guards against numbers beyond reason.
    while slope(low) < 0.0 && low > -1e12 {
        low *= 2.0;
    }
    while slope(high) > 0.0 && high < 1e12 {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if slope(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn some() -> Vec<Choice> {
        let one = |n: u32| {
            let excess = (f64::from(n * 29 % 71) - 35.0) / 20.0;
            Choice {
                cluster: n / 3,
                excess,
                first: f64::from(n * 41 % 83) < 41.0 + 18.0 * excess,
            }
        };
        (0..80).map(one).collect()
    }

    #[test]
    fn the_slope_is_the_references() {
        // Golden numbers: statsmodels 0.14, `Logit(y, x).fit(cov_type="cluster")` without a constant,
        // `use_correction=False`, times √(C/(C−1)).
        let found = slope_of_choice(&some()).unwrap();
        assert!((found.value - SLOPE.0).abs() < 1e-7, "{found:?}");
        assert!((found.se.unwrap() - SLOPE.1).abs() < 1e-7, "{found:?}");
        assert_eq!(found.n, SLOPE.2);
    }

    #[test]
    fn turning_a_pair_changes_nothing() {
        let mut turned = some();
        for one in turned.iter_mut().step_by(2) {
            one.excess = -one.excess;
            one.first = !one.first;
        }
        let (found, other) = (slope_of_choice(&some()), slope_of_choice(&turned));
        assert!((found.unwrap().value - other.unwrap().value).abs() < 1e-12);
    }

    #[test]
    fn what_always_goes_one_way_has_no_slope() {
        let always = [1.0, 2.0, -3.0].map(|excess| Choice {
            cluster: 0,
            excess,
            first: excess > 0.0,
        });
        assert_eq!(slope_of_choice(&always), Err(Undefined::Separated));
        assert_eq!(slope_of_choice(&[]), Err(Undefined::NoVotes));
    }

    const SLOPE: (f64, f64, usize) = (0.828246953363805, 0.33706252226795946, 79);
}
