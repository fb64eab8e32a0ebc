//! Reading an interval off the replicates.

use super::{Method, Plan, Resampled};
use crate::figure::{Interval, Undefined};
use crate::quantile::{normal, normal_cdf, student};

type Figures = Vec<Result<f64, Undefined>>;

/// The figures of all replicates, and those with clusters left out.
pub(super) struct Replicates {
    /// One entry a replicate.
    pub replicates: Vec<Figures>,
    /// One entry a cluster or group of clusters left out, with how many are like it.
    pub left_out: Vec<(Figures, f64)>,
}

impl Replicates {
    /// Each figure with its interval. `own` are the figures of the data, `clusters` how many bear on
    /// each.
    pub(super) fn read(
        &self,
        plan: &Plan,
        own: &[Result<f64, Undefined>],
        clusters: &[usize],
    ) -> Vec<Result<Resampled, Undefined>> {
        own.iter()
            .zip(clusters)
            .enumerate()
            .map(|(at, (&own, &clusters))| {
                let value = own?;
                if clusters < 2 {
                    return Err(Undefined::OneCluster);
                }
                Ok(self.figure(plan, at, value, clusters))
            })
            .collect()
    }

    fn figure(&self, plan: &Plan, at: usize, value: f64, clusters: usize) -> Resampled {
        let defined = |figures: &Figures| figures.get(at).copied().and_then(Result::ok);
        let mut sorted: Vec<f64> = self.replicates.iter().filter_map(defined).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let spread = match (sorted.first(), sorted.last()) {
            // What rounding alone leaves is no spread.
            (Some(least), Some(most)) => most - least > 1e-12,
            _ => false,
        };
        let ci = spread.then(|| {
            let left_out = self.left_out.iter();
            let left_out =
                left_out.filter_map(|(figures, times)| Some((defined(figures)?, *times)));
            let ends = match plan.method {
                Method::Percentile => tails(plan.level, clusters).map(normal_cdf),
                Method::Bca => {
                    let bias = bias(&sorted, value);
                    let acceleration = acceleration(left_out);
                    tails(plan.level, clusters).map(|tail| {
                        let moved = bias + tail;
                        normal_cdf(bias + moved / (1.0 - acceleration * moved).max(0.1))
                    })
                }
            };
            Interval {
                low: quantile(&sorted, ends[0]),
                high: quantile(&sorted, ends[1]),
            }
        });
        Resampled {
            value,
            se: if spread { deviation(&sorted) } else { 0.0 },
            ci,
            clusters,
            replicates: plan.replicates,
            undefined: plan.replicates - sorted.len() as u32,
        }
    }
}

/// The ends in normal units: Student's, and widened by what dividing by n instead of n - 1 lost.
pub(super) fn tails(level: f64, clusters: usize) -> [f64; 2] {
    let n = clusters as f64;
    let reach = student(0.5 + level / 2.0, n - 1.0) * (n / (n - 1.0)).sqrt();
    [-reach, reach]
}

/// Where the figure stands among its replicates, in normal units; those equal to it count half.
fn bias(sorted: &[f64], value: f64) -> f64 {
    let near = 1e-12 * value.abs().max(1.0);
    let below = sorted.partition_point(|&one| one < value - near);
    let upto = sorted.partition_point(|&one| one <= value + near);
    let n = sorted.len() as f64;
    let share = (below + upto) as f64 / (2.0 * n);
    normal(share.clamp(0.5 / n, 1.0 - 0.5 / n))
}

/// Efron's acceleration, from the figures with one cluster (or group) left out.
fn acceleration(left_out: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let total: f64 = left_out.clone().map(|(_, times)| times).sum();
    let mean = left_out
        .clone()
        .map(|(value, times)| value * times)
        .sum::<f64>()
        / total;
    let power = |p: i32| -> f64 {
        let parts = left_out.clone();
        parts
            .map(|(value, times)| times * (mean - value).powi(p))
            .sum()
    };
    let squares = power(2);
    if squares > 1e-24 {
        power(3) / (6.0 * squares.powf(1.5))
    } else {
        0.0
    }
}

/// The quantile of sorted numbers that leaves `p`·(n + 1) of them below, between the two nearest in
/// proportion.
pub(super) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let last = sorted.len() - 1;
    let place = (p * (sorted.len() + 1) as f64 - 1.0).clamp(0.0, last as f64);
    let below = sorted[place.floor() as usize];
    let above = sorted[place.ceil() as usize];
    below + (above - below) * place.fract()
}

fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (n - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_their_neighbours() {
        let sorted: Vec<f64> = (1..=99).map(f64::from).collect();
        assert!((quantile(&sorted, 0.025) - 2.5).abs() < 1e-12);
        assert!((quantile(&sorted, 0.5) - 50.0).abs() < 1e-12);
        assert!((quantile(&sorted, 1.0) - 99.0).abs() < 1e-12);
    }

    #[test]
    fn few_clusters_widen_the_ends() {
        let [low, high] = tails(0.95, 10);
        assert!((high - 2.262_157 * (10.0_f64 / 9.0).sqrt()).abs() < 1e-6);
        assert!((low + high).abs() < 1e-15);
        assert!((tails(0.95, 1_000_000)[1] - 1.96).abs() < 1e-3);
    }

    #[test]
    fn even_replicates_have_no_bias_and_even_figures_no_acceleration() {
        assert!(bias(&[1.0, 2.0, 3.0], 2.0).abs() < 1e-9);
        let even = [(1.0, 1.0), (2.0, 2.0), (3.0, 1.0)];
        assert!(acceleration(even.into_iter()).abs() < 1e-15);
        // Of 0, 0, 0, 4: deviations from the mean 1, 1, 1, -3.
        let skewed = [(0.0, 3.0), (4.0, 1.0)];
        let expected = (3.0 - 27.0) / (6.0 * 12.0_f64.powf(1.5));
        assert!((acceleration(skewed.into_iter()) - expected).abs() < 1e-15);
    }
}
