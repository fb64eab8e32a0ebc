//! Two measurements of the same cases: by how much they differ, how sure that is, and how likely a
//! difference as large would be if it did not matter which is which.
//!
//! The difference is a mean over strata (tasks), each counted alike whatever its size. Its interval
//! draws clusters (prompts) anew. The test turns the sign of whole clusters, since the cases of one
//! belong together.

use crate::bootstrap::{Draws, Plan, Resampled, bootstrap};
use crate::clusters::Clusters;
use crate::error::{AgreementError, Result};
use crate::figure::Undefined;

/// One case, measured twice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedCase {
    /// What it belongs to, such as a prompt.
    pub cluster: u32,
    /// Which stratum it counts in, such as a task.
    pub stratum: u32,
    /// The two measurements, such as whether two models are right.
    pub values: [f64; 2],
}

/// How the test of signs came to its probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// All ways to turn them were tried; so many.
    All(u32),
    /// So many were drawn.
    Drawn(u32),
}

/// By how much two measurements differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedDifference {
    /// The first less the second, the mean over strata, with its interval from drawn clusters.
    pub difference: std::result::Result<Resampled, Undefined>,
    /// Of cases.
    pub cases: usize,
    /// Of strata.
    pub strata: usize,
    /// How likely a difference as far from nought is if each cluster's sign were a coin's.
    pub probability: f64,
    /// How that was found.
    pub signs: Signs,
}

/// The first less the second measurement of the same cases.
///
/// The probability is of both directions: P. Good, *Permutation, Parametric and Bootstrap Tests of
/// Hypotheses* (2005), section 3.2. All ways to turn the signs of the clusters that differ are tried
/// where they are no more than the plan's replicates; else as many as that are drawn from its seed,
/// and the data's own counts among them (B. Phipson and G. K. Smyth 2010), so that it is never nought.
///
/// # Errors
/// A plan with a number out of bounds; a measurement that is no number; no cases.
pub fn paired_difference(cases: &[PairedCase], plan: &Plan) -> Result<PairedDifference> {
    if cases.is_empty() {
        return Err(AgreementError::Undefined(Undefined::NoVotes));
    }
    let sums = Sums::of(cases)?;
    let difference = bootstrap(sums.clusters, plan, |weights| {
        vec![sums.difference(weights)]
    })?
    .pop()
    .unwrap_or(Err(Undefined::NoVotes));
    let (probability, signs) = sums.signs(plan);
    Ok(PairedDifference {
        difference,
        cases: cases.len(),
        strata: sums.whole.len(),
        probability,
        signs,
    })
}

/// By cluster and stratum, the sum of differences and the number of cases.
struct Sums {
    clusters: usize,
    /// Cluster, stratum, sum of differences, cases.
    rows: Vec<(usize, usize, f64, f64)>,
    /// Cases of each stratum.
    whole: Vec<f64>,
}

impl Sums {
    fn of(cases: &[PairedCase]) -> Result<Self> {
        let (mut clusters, mut strata) = (Clusters::default(), Clusters::default());
        let mut rows = Vec::with_capacity(cases.len());
        for case in cases {
            let difference = case.values[0] - case.values[1];
            if !difference.is_finite() {
                return Err(AgreementError::Number {
                    what: "a difference of two measurements",
                    value: difference.to_string(),
                });
            }
            let places = (clusters.place(case.cluster), strata.place(case.stratum));
            rows.push((places.0, places.1, difference, 1.0));
        }
        rows.sort_by_key(|&(cluster, stratum, ..)| (cluster, stratum));
        rows.dedup_by(|next, first| {
            let same = (next.0, next.1) == (first.0, first.1);
            if same {
                first.2 += next.2;
                first.3 += next.3;
            }
            same
        });
        let mut whole = vec![0.0; strata.len()];
        for &(_, stratum, _, count) in &rows {
            whole[stratum] += count;
        }
        let clusters = clusters.len();
        Ok(Self {
            clusters,
            rows,
            whole,
        })
    }

    fn difference(&self, weights: &[u32]) -> std::result::Result<f64, Undefined> {
        let mut sums = vec![[0.0; 2]; self.whole.len()];
        for &(cluster, stratum, difference, count) in &self.rows {
            let weight = f64::from(weights[cluster]);
            sums[stratum][0] += weight * difference;
            sums[stratum][1] += weight * count;
        }
        let mean = |[sum, count]: &[f64; 2]| match *count > 0.0 {
            true => Ok(sum / count),
            false => Err(Undefined::NoVotes),
        };
        let all: std::result::Result<f64, Undefined> = sums.iter().map(mean).sum();
        Ok(all? / sums.len() as f64)
    }

    /// What each cluster adds to the difference, those that add nothing left out.
    fn parts(&self) -> Vec<f64> {
        let mut parts = vec![0.0; self.clusters];
        for &(cluster, stratum, difference, _) in &self.rows {
            parts[cluster] += difference / (self.whole[stratum] * self.whole.len() as f64);
        }
        parts.retain(|part: &f64| part.abs() > 1e-15);
        parts
    }

    fn signs(&self, plan: &Plan) -> (f64, Signs) {
        let parts = self.parts();
        let own = parts.iter().sum::<f64>().abs();
        // What rounding alone parts is equally far.
        let as_far = |turned: f64| turned.abs() >= own - 1e-12;
        let ways = u32::try_from(parts.len())
            .ok()
            .and_then(|count| 1_u32.checked_shl(count))
            .filter(|ways| *ways <= plan.replicates);
        if let Some(ways) = ways {
            let turned = |way: &u32| -> f64 {
                let sign =
                    |(at, part): (usize, &f64)| if way >> at & 1 == 1 { -part } else { *part };
                parts.iter().enumerate().map(sign).sum()
            };
            let far = (0..ways).filter(|way| as_far(turned(way))).count();
            return (far as f64 / f64::from(ways), Signs::All(ways));
        }
        let far = (0..plan.replicates)
            .filter(|&replicate| as_far(drawn(&parts, &mut Draws::of(plan.seed, replicate))))
            .count();
        let probability = (far as f64 + 1.0) / (f64::from(plan.replicates) + 1.0);
        (probability, Signs::Drawn(plan.replicates))
    }
}

/// The sum of the parts with signs that are drawn.
fn drawn(parts: &[f64], draws: &mut Draws) -> f64 {
    let mut sum = 0.0;
    for some in parts.chunks(32) {
        let signs = draws.below(1 << 32);
        for (at, part) in some.iter().enumerate() {
            sum += if signs >> at & 1 == 1 { -part } else { *part };
        }
    }
    sum
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn case(cluster: u32, stratum: u32, first: bool, second: bool) -> PairedCase {
        let values = [first, second].map(|right| f64::from(u8::from(right)));
        PairedCase {
            cluster,
            stratum,
            values,
        }
    }

    /// Nine clusters in two strata, two or three cases each.
    fn some() -> Vec<PairedCase> {
        let mut cases = Vec::new();
        for n in 0..22_u32 {
            cases.push(case(n % 9, (n % 9) / 6, n * 3 % 7 < 4, n * 2 % 5 < 2));
        }
        cases
    }

    #[test]
    fn few_clusters_are_turned_in_every_way() {
        // Golden numbers: Python 3.11, itertools.product over the signs of the nine clusters.
        let found = paired_difference(&some(), &Plan::new(1)).unwrap();
        let difference = found.difference.unwrap();
        assert!(
            (difference.value - GOLD_DIFFERENCE).abs() < 1e-12,
            "{difference:?}"
        );
        assert!(
            (found.probability - GOLD_PROBABILITY).abs() < 1e-12,
            "{found:?}"
        );
        assert_eq!((found.cases, found.strata), (22, 2));
        assert!(matches!(found.signs, Signs::All(_)));
        let ci = difference.ci.unwrap();
        assert!(ci.low < difference.value && difference.value < ci.high);
    }

    #[test]
    fn many_clusters_are_drawn_near_what_all_ways_give() {
        let all = paired_difference(&some(), &Plan::new(1)).unwrap();
        let plan = Plan {
            replicates: 100,
            ..Plan::new(1)
        };
        let few = paired_difference(&some(), &plan).unwrap();
        assert_eq!(few.signs, Signs::Drawn(100));
        assert!((few.probability - all.probability).abs() < 0.1);
        assert_eq!(
            paired_difference(&some(), &plan).unwrap(),
            few,
            "the seed decides"
        );
    }

    #[test]
    fn equal_measurements_do_not_differ() {
        let cases: Vec<_> = (0..30)
            .map(|n| case(n, 0, n % 3 == 0, n % 3 == 0))
            .collect();
        let found = paired_difference(&cases, &Plan::new(1)).unwrap();
        assert_eq!(found.difference.unwrap().value, 0.0);
        assert_eq!((found.probability, found.signs), (1.0, Signs::All(1)));
    }

    #[test]
    fn a_cluster_counts_once_however_many_its_cases() {
        // A hundred cases of one prompt say no more than one does: two clusters, half of all ways.
        let mut cases: Vec<_> = (0..100).map(|_| case(0, 0, true, false)).collect();
        cases.push(case(1, 0, true, false));
        let found = paired_difference(&cases, &Plan::new(1)).unwrap();
        assert_eq!((found.probability, found.signs), (0.5, Signs::All(4)));
    }

    #[test]
    fn what_is_no_case_is_refused() {
        assert!(paired_difference(&[], &Plan::new(1)).is_err());
        let mut cases = some();
        cases[0].values[1] = f64::NAN;
        assert!(paired_difference(&cases, &Plan::new(1)).is_err());
    }

    const GOLD_DIFFERENCE: f64 = 0.22916666666666666;
    const GOLD_PROBABILITY: f64 = 0.2109375;
}
