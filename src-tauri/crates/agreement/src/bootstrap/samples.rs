//! Replicates that are kept: of a ranking, differences and ranks are wanted besides its strengths,
//! and those only a whole replicate tells.

use super::Plan;
use super::draw::{Draws, replicates};
use super::interval::{quantile, tails};
use crate::error::Result;
use crate::figure::Interval;
use crate::quantile::normal_cdf;

/// Estimates from many samples of clusters.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// By sample that determined them, the estimates.
    pub draws: Vec<Vec<f64>>,
    /// How many samples determined none.
    pub failed: usize,
    /// Where the ends of an interval lie among the samples, as shares of them.
    ends: [f64; 2],
}

/// Draws samples of `clusters` as the plan says and keeps what each thread's worker estimates, given
/// by cluster how often it was drawn; `None` where that sample determines nothing, which is counted.
///
/// # Errors
/// A plan with a number out of bounds.
pub(crate) fn sample<W>(
    clusters: usize,
    plan: &Plan,
    start: impl Fn() -> W + Sync,
) -> Result<Samples>
where
    W: FnMut(&[u32]) -> Option<Vec<f64>>,
{
    plan.check()?;
    let all = replicates(plan, || {
        let mut counts = vec![0; clusters];
        let mut worker = start();
        move |draws: &mut Draws| {
            draws.count(&mut counts);
            worker(&counts)
        }
    });
    let draws: Vec<Vec<f64>> = all.into_iter().flatten().collect();
    let beyond = (1.0 - plan.level) / 2.0;
    Ok(Samples {
        failed: plan.replicates as usize - draws.len(),
        draws,
        ends: if clusters < 2 {
            [beyond, 1.0 - beyond]
        } else {
            tails(plan.level, clusters).map(normal_cdf)
        },
    })
}

impl Samples {
    /// The interval of whatever `figure` makes of the estimates of a sample, as
    /// [`crate::Method::Percentile`] reads it. `None` where more than one sample in twenty
    /// determined nothing, since those are the extreme ones, and where all that did gave the same.
    #[must_use]
    pub fn interval(&self, figure: impl Fn(&[f64]) -> f64) -> Option<Interval> {
        if self.draws.is_empty() || self.failed * 20 > self.draws.len() + self.failed {
            return None;
        }
        let mut values: Vec<f64> = self.draws.iter().map(|draw| figure(draw)).collect();
        values.sort_unstable_by(f64::total_cmp);
        let spread = values[values.len() - 1] - values[0];
        let scale = values[0].abs().max(1.0);
        let [low, high] = self.ends.map(|end| quantile(&values, end));
        (spread > 1e-9 * scale).then_some(Interval { low, high })
    }

    /// The same samples with something else made of each.
    pub(crate) fn map(&self, make: impl Fn(&[f64]) -> Vec<f64>) -> Self {
        Self {
            draws: self.draws.iter().map(|draw| make(draw)).collect(),
            failed: self.failed,
            ends: self.ends,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn drawn(clusters: usize, plan: &Plan) -> Samples {
        let all = |counts: &[u32]| Some(counts.iter().map(|&n| f64::from(n)).collect());
        sample(clusters, plan, || all).unwrap()
    }

    #[test]
    fn every_sample_is_as_large_as_the_whole_and_threads_change_nothing() {
        let plan = Plan {
            replicates: 50,
            ..Plan::new(5)
        };
        let one = drawn(7, &plan);
        assert!(one.draws.iter().all(|draw| draw.iter().sum::<f64>() == 7.0));
        assert_eq!(drawn(7, &Plan { threads: 3, ..plan }), one);
        assert_ne!(drawn(7, &Plan { seed: 6, ..plan }), one);
        assert!(sample(7, &Plan { level: 1.0, ..plan }, || |_: &[u32]| None).is_err());
    }

    #[test]
    fn the_interval_of_a_mean_has_the_width_of_theory() {
        // The numbers 0 to 99: a standard error of 28.87 / 10; Student's 1.984 for 99 degrees.
        let mean = |draw: &[f64]| {
            let numbers = draw.iter().enumerate();
            numbers.map(|(n, times)| times * n as f64).sum::<f64>() / 100.0
        };
        let interval = drawn(100, &Plan::new(1)).interval(mean).unwrap();
        let width = 2.0 * 1.984 * 2.887 * (100.0_f64 / 99.0).sqrt();
        assert!((interval.high - interval.low - width).abs() < 0.5);
    }

    #[test]
    fn samples_that_determine_nothing_are_counted() {
        let plan = Plan {
            replicates: 4,
            ..Plan::new(1)
        };
        let failed = sample(3, &plan, || |_: &[u32]| None).unwrap();
        assert_eq!((failed.failed, failed.interval(|draw| draw[0])), (4, None));
    }
}
