//! How far a figure moves when other prompts might as well have been drawn: a bootstrap of whole
//! clusters, since the answers to questions of one prompt are not independent of each other.
//!
//! B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 8 and 13.

use crate::figure::Interval;

/// SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, "Fast Splittable Pseudorandom Number Generators",
/// OOPSLA 2014): the same seed gives the same numbers on every machine and in every version.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix64(u64);

impl SplitMix64 {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is above 0. No bound that a project can reach makes the lower
    /// numbers likelier by more than 1 in 10¹².
    pub(crate) const fn below(&mut self, bound: usize) -> usize {
        ((self.next() as u128 * bound as u128) >> 64) as usize
    }
}

/// Estimates from many samples of clusters.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    /// By sample, the estimates it gave.
    pub draws: Vec<Vec<f64>>,
    /// How many samples gave none.
    pub failed: usize,
}

/// Draws as many clusters as there are, with repetition, `samples` times, and estimates from each
/// sample. `estimate` is given by cluster how often it was drawn; it gives `None` where that sample
/// determines nothing, which is counted. The result depends on the seed and on the order of clusters.
pub fn resample(
    clusters: usize,
    samples: usize,
    seed: u64,
    mut estimate: impl FnMut(&[f64]) -> Option<Vec<f64>>,
) -> Resampled {
    let mut random = SplitMix64::new(seed);
    let mut draws = Vec::with_capacity(samples);
    let mut weights = vec![0.0; clusters];
    for _ in 0..samples {
        weights.fill(0.0);
        for _ in 0..clusters {
            weights[random.below(clusters)] += 1.0;
        }
        draws.extend(estimate(&weights));
    }
    Resampled {
        failed: samples - draws.len(),
        draws,
    }
}

impl Resampled {
    /// What lies between the percentiles that leave `level` between them, 0.95 as a rule, of whatever
    /// `figure` makes of the estimates of a sample. `None` where no sample gave any, or the level is
    /// not between 0 and 1.
    #[must_use]
    pub fn interval(&self, level: f64, figure: impl Fn(&[f64]) -> f64) -> Option<Interval> {
        if !(0.0..1.0).contains(&level) {
            return None;
        }
        let mut values: Vec<f64> = self.draws.iter().map(|draw| figure(draw)).collect();
        values.sort_by(f64::total_cmp);
        let beyond = (1.0 - level) / 2.0;
        Some(Interval {
            low: quantile(&values, beyond)?,
            high: quantile(&values, 1.0 - beyond)?,
        })
    }
}

/// The quantile of sorted values, straight between the two nearest.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = share * last as f64;
    let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    Some(low + (high - low) * at.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_seed_are_those_that_were_published() {
        let mut random = SplitMix64::new(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
        let counts = (0..6000).fold([0; 3], |mut counts, _| {
            counts[random.below(3)] += 1;
            counts
        });
        assert!(counts.iter().all(|count| (1850..2150).contains(count)));
    }

    #[test]
    fn every_sample_is_as_large_as_the_whole() {
        let all = resample(7, 20, 5, |weights| Some(vec![weights.iter().sum()]));
        assert!(all.draws.iter().all(|draw| draw == &[7.0]));
        let again = resample(7, 20, 5, |weights| Some(weights.to_vec()));
        let once_more = resample(7, 20, 5, |weights| Some(weights.to_vec()));
        assert_eq!(again, once_more);
        let other = resample(7, 20, 6, |weights| Some(weights.to_vec()));
        assert_ne!(again, other);
    }

    #[test]
    fn the_interval_of_a_mean_has_the_width_of_theory() {
        // The numbers 0 to 99: a standard error of 28.87 / 10.
        let mean = |weights: &[f64]| {
            let sum: f64 = weights.iter().enumerate().map(|(n, w)| w * n as f64).sum();
            Some(vec![sum / 100.0])
        };
        let interval = resample(100, 4000, 1, mean)
            .interval(0.95, |draw| draw[0])
            .unwrap();
        assert!((interval.high - interval.low - 2.0 * 1.96 * 2.887).abs() < 0.5);
        let failed = resample(3, 4, 1, |_| None);
        assert_eq!(
            (failed.failed, failed.interval(0.95, |draw| draw[0])),
            (4, None)
        );
    }
}
