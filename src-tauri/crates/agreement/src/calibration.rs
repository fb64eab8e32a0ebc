//! Whether probabilities that are stated come true as often as they say.
//!
//! The expected calibration error is the mean distance, in bins of equal width, between what was
//! stated and what came true, each bin weighed by its cases (M. P. Naeini, G. F. Cooper and M.
//! Hauskrecht, AAAI 2015). It is never below nought, so of few cases it is too high. The score of G.
//! W. Brier (1950) is the mean square of what was stated less what came true.

use crate::annotator::share_in_clusters;
use crate::bootstrap::{Plan, Resampled, bootstrap};
use crate::clusters::Clusters;
use crate::error::{AgreementError, Result};
use crate::figure::{Figure, Undefined};

/// A probability, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// What it belongs to, such as a prompt.
    pub cluster: u32,
    /// What was stated, 0 to 1.
    pub probability: f64,
    /// Whether it came true.
    pub came_true: bool,
}

/// The cases of which about the same was stated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Where it begins; the first at 0.
    pub low: f64,
    /// Where it ends, itself in the next bin, but for the last at 1.
    pub high: f64,
    /// How many cases there are.
    pub cases: usize,
    /// The mean of what was stated.
    pub stated: f64,
    /// How often it came true.
    pub came_true: Figure,
}

/// How well stated probabilities fit what came true.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The bins that have cases, the lowest first.
    pub bins: Vec<Bin>,
    /// The expected calibration error over those bins.
    pub error: std::result::Result<Resampled, Undefined>,
    /// Brier's score: 0.25 is what always stating one half scores.
    pub brier: std::result::Result<Resampled, Undefined>,
}

/// Of one cluster and bin: cases, the sums of what was stated and of what came true, and of squares.
type Row = (usize, usize, [f64; 4]);

/// Holds probabilities against what came true, in so many bins of equal width.
///
/// # Errors
/// A plan with a number out of bounds; a probability outside 0 to 1; no bins; no cases.
pub fn calibration(forecasts: &[Forecast], bins: usize, plan: &Plan) -> Result<Calibration> {
    if bins == 0 {
        return Err(AgreementError::Number {
            what: "the number of bins",
            value: "0".to_owned(),
        });
    }
    if forecasts.is_empty() {
        return Err(AgreementError::Undefined(Undefined::NoVotes));
    }
    let mut clusters = Clusters::default();
    let mut rows: Vec<Row> = Vec::with_capacity(forecasts.len());
    let mut cases: Vec<Vec<(u32, bool)>> = vec![Vec::new(); bins];
    for one in forecasts {
        if !(0.0..=1.0).contains(&one.probability) {
            return Err(AgreementError::Number {
                what: "a probability",
                value: one.probability.to_string(),
            });
        }
        let bin = ((one.probability * bins as f64) as usize).min(bins - 1);
        let came = f64::from(u8::from(one.came_true));
        let square = (one.probability - came).powi(2);
        let sums = [1.0, one.probability, came, square];
        rows.push((clusters.place(one.cluster), bin, sums));
        cases[bin].push((one.cluster, one.came_true));
    }
    gather(&mut rows);
    let statistic = |weights: &[u32]| Vec::from(scores(&rows, bins, weights));
    let mut found = bootstrap(clusters.len(), plan, statistic)?.into_iter();
    let mut next = || found.next().unwrap_or(Err(Undefined::NoVotes));
    Ok(Calibration {
        error: next(),
        brier: next(),
        bins: curve(&rows, &cases),
    })
}

/// Adds up the rows of one cluster and bin.
fn gather(rows: &mut Vec<Row>) {
    rows.sort_by_key(|&(cluster, bin, _)| (cluster, bin));
    rows.dedup_by(|next, first| {
        let same = (next.0, next.1) == (first.0, first.1);
        if same {
            (0..4).for_each(|at| first.2[at] += next.2[at]);
        }
        same
    });
}

fn scores(rows: &[Row], bins: usize, weights: &[u32]) -> [std::result::Result<f64, Undefined>; 2] {
    let mut sums = vec![[0.0_f64; 4]; bins];
    for (cluster, bin, of) in rows {
        let weight = f64::from(weights[*cluster]);
        (0..4).for_each(|at| sums[*bin][at] += weight * of[at]);
    }
    let all: f64 = sums.iter().map(|sum| sum[0]).sum();
    if all <= 0.0 {
        return [Err(Undefined::NoVotes); 2];
    }
    let error: f64 = sums.iter().map(|sum| (sum[1] - sum[2]).abs()).sum();
    let squares: f64 = sums.iter().map(|sum| sum[3]).sum();
    [Ok(error / all), Ok(squares / all)]
}

fn curve(rows: &[Row], cases: &[Vec<(u32, bool)>]) -> Vec<Bin> {
    let bins = cases.len();
    let mut stated = vec![0.0; bins];
    rows.iter().for_each(|(_, bin, of)| stated[*bin] += of[1]);
    let bin = |(at, cases): (usize, &Vec<(u32, bool)>)| {
        Some(Bin {
            low: at as f64 / bins as f64,
            high: (at + 1) as f64 / bins as f64,
            cases: cases.len(),
            stated: stated[at] / cases.len() as f64,
            came_true: share_in_clusters(cases).ok()?,
        })
    };
    cases.iter().enumerate().filter_map(bin).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn some() -> Vec<Forecast> {
        let one = |n: u32| Forecast {
            cluster: n / 2,
            probability: f64::from(n * 37 % 101) / 100.0,
            came_true: n * 53 % 97 < 20 + n * 37 % 101 / 2,
        };
        (0..60).map(one).collect()
    }

    #[test]
    fn error_and_score_are_the_references() {
        // Golden numbers: numpy, bins of a tenth, as the formulas stand in the papers; the score also
        // by sklearn's definition (mean square).
        let found = calibration(&some(), 10, &Plan::new(1)).unwrap();
        let (error, brier) = (found.error.unwrap(), found.brier.unwrap());
        assert!((error.value - ECE).abs() < 1e-12, "{error:?}");
        assert!((brier.value - BRIER).abs() < 1e-12, "{brier:?}");
        let cases: Vec<usize> = found.bins.iter().map(|bin| bin.cases).collect();
        assert_eq!(cases, CASES);
        assert!((found.bins[3].stated - BIN3.0).abs() < 1e-12);
        assert!((found.bins[3].came_true.value - BIN3.1).abs() < 1e-12);
        assert!(brier.ci.unwrap().low < brier.value);
        assert_eq!(error.clusters, 30);
    }

    #[test]
    fn the_ends_belong_to_the_outer_bins() {
        let ends = [0.0, 1.0].map(|probability| Forecast {
            cluster: 0,
            probability,
            came_true: probability > 0.5,
        });
        let found = calibration(&ends, 10, &Plan::new(1)).unwrap();
        let bins: Vec<_> = found.bins.iter().map(|bin| (bin.low, bin.high)).collect();
        assert_eq!(bins, [(0.0, 0.1), (0.9, 1.0)]);
        assert_eq!(found.error, Err(Undefined::OneCluster));
    }

    #[test]
    fn what_is_no_probability_is_refused() {
        let bad = |probability| {
            let one = Forecast {
                cluster: 0,
                probability,
                came_true: true,
            };
            calibration(&[one], 10, &Plan::new(1)).is_err()
        };
        assert!(bad(f64::NAN) && bad(1.2) && bad(-0.1));
        assert!(calibration(&[], 10, &Plan::new(1)).is_err());
        assert!(calibration(&some(), 0, &Plan::new(1)).is_err());
    }

    const ECE: f64 = 0.30149999999999993;
    const BRIER: f64 = 0.29782166666666665;
    const CASES: [usize; 10] = [6, 6, 6, 6, 6, 6, 6, 6, 6, 6];
    const BIN3: (f64, f64) = (0.345, 0.16666666666666666);
}
