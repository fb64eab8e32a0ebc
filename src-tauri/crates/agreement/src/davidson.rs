//! A ranking in which a tie is an outcome of its own.
//!
//! R. R. Davidson, "On Extending the Bradley–Terry Model to Accommodate Ties in Paired Comparison
//! Experiments", Journal of the American Statistical Association 65 (1970), 317–328: with worths πi and
//! ν ≥ 0, P(i wins) : P(j wins) : P(tie) = πi : πj : ν √(πi πj). Fitted by maximum likelihood in the
//! logarithms of the worths and of ν, in which the likelihood is concave.

use crate::bradley_terry::strengths;
use crate::comparable::{Bound, Unranked, can_be_kept, ford};
use crate::comparisons::{Comparisons, Ties};
use crate::solve::{Point, climb, climb_nearby};
use crate::strengths::{Difference, Strengths};

/// What is found.
#[derive(Debug, Clone, PartialEq)]
pub struct Davidson {
    /// How strong the models are.
    pub strengths: Strengths,
    /// How readily two models tie: equal ones do with the chance ν / (2 + ν). Its standard error comes
    /// from that of its logarithm (delta method).
    pub nu: Difference,
    /// The natural logarithm of how likely the outcomes are.
    pub log_likelihood: f64,
    /// How many steps Newton's method took.
    pub iterations: usize,
}

/// Fits worths and ν.
///
/// # Errors
/// The comparisons determine no ranking, or not ν: see [`Unranked`].
pub fn davidson(comparisons: &Comparisons) -> Result<Davidson, Unranked> {
    let models = comparisons.models();
    exists(comparisons)?;
    let pairs = pairs(comparisons);
    let peak = climb(vec![0.0; models + 1], models, |at| point(at, &pairs));
    let peak = peak.ok_or(Unranked::NotFound)?;
    let covariance = peak.covariance();
    let n = models + 1;
    let nu = peak.at[models].exp();
    Ok(Davidson {
        nu: Difference {
            value: nu,
            se: nu * covariance[n * n - 1].max(0.0).sqrt(),
        },
        log_likelihood: peak.value,
        iterations: peak.iterations,
        strengths: strengths(
            &peak,
            &covariance,
            (0..models).map(|i| comparisons.compared(i)).collect(),
        ),
    })
}

/// The logits and ln ν alone, from those of comparisons much like these.
pub(crate) fn unknowns_nearby(
    comparisons: &Comparisons,
    start: &[f64],
) -> Result<Vec<f64>, Unranked> {
    exists(comparisons)?;
    let pairs = pairs(comparisons);
    let found = climb_nearby(start, comparisons.models(), |at| point(at, &pairs));
    found.ok_or(Unranked::NotFound)
}

fn point(at: &[f64], pairs: &[(usize, usize, [f64; 3])]) -> Point {
    let mut point = Point::new(at.len());
    let log_nu = at[at.len() - 1];
    for &(i, j, counts) in pairs {
        Trinomial::new(at[i] - at[j], log_nu, counts).add(&mut point, i, j);
    }
    point
}

/// Every two models that met: how often the first won, the second won, neither.
fn pairs(comparisons: &Comparisons) -> Vec<(usize, usize, [f64; 3])> {
    let mut pairs = Vec::new();
    for i in 0..comparisons.models() {
        for j in 0..i {
            let counts = [
                comparisons.wins(i, j),
                comparisons.wins(j, i),
                comparisons.ties(i, j),
            ];
            if counts.iter().sum::<f64>() > 0.0 {
                pairs.push((i, j, counts));
            }
        }
    }
    pairs
}

/// Three outcomes of one kind of comparison: what they add to the likelihood, and its derivatives by
/// the lead of the first over the second and by ln ν.
pub(crate) struct Trinomial {
    pub(crate) value: f64,
    pub(crate) by_lead: f64,
    pub(crate) by_nu: f64,
    /// The negatives of the second derivatives: twice by the lead, by both, twice by ln ν.
    pub(crate) second: [f64; 3],
}

impl Trinomial {
    /// `counts`: how often the first won, the second won, neither.
    pub(crate) fn new(lead: f64, log_nu: f64, counts: [f64; 3]) -> Self {
        let logs = [lead / 2.0, -lead / 2.0, log_nu];
        let highest = logs.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let raw = logs.map(|log| (log - highest).exp());
        let sum: f64 = raw.iter().sum();
        let [first, other, tie] = raw.map(|value| value / sum);
        let all: f64 = counts.iter().sum();
        let tilt = (first - other) / 2.0;
        let value: f64 = counts
            .iter()
            .zip(logs)
            .map(|(count, log)| count * log)
            .sum();
        Self {
            value: value - all * (highest + sum.ln()),
            by_lead: (counts[0] - counts[1]) / 2.0 - all * tilt,
            by_nu: counts[2] - all * tie,
            second: [
                all * ((first + other) / 4.0 - tilt * tilt),
                -all * tie * tilt,
                all * tie * (1.0 - tie),
            ],
        }
    }

    fn add(&self, point: &mut Point, i: usize, j: usize) {
        let n = point.gradient.len();
        let nu = n - 1;
        point.value += self.value;
        point.add_difference(i, j, self.by_lead, self.second[0]);
        point.gradient[nu] += self.by_nu;
        point.information[nu * n + nu] += self.second[2];
        for (model, sign) in [(i, 1.0), (j, -1.0)] {
            point.information[nu * n + model] += sign * self.second[1];
            point.information[model * n + nu] += sign * self.second[1];
        }
    }
}

/// ν has no bound below without ties, and none above where worths exist under which every winner leads
/// by 2 and nobody who tied by more.
fn exists(comparisons: &Comparisons) -> Result<(), Unranked> {
    let models = comparisons.models();
    ford(models, |i, j| comparisons.score(i, j, Ties::Half) > 0.0)?;
    if comparisons.all_ties() <= 0.0 {
        return Err(Unranked::NoTies);
    }
    // Two that won against each other cannot both lead: all that need be known, as a rule.
    let both_won = |i, j| comparisons.wins(i, j) > 0.0 && comparisons.wins(j, i) > 0.0;
    if (0..models).any(|i| (0..i).any(|j| both_won(i, j))) {
        return Ok(());
    }
    let mut bounds = Vec::new();
    for from in 0..models {
        for to in 0..models {
            if comparisons.wins(from, to) > 0.0 {
                let bound = -2.0;
                bounds.push(Bound { from, to, bound });
            }
            if comparisons.ties(from, to) > 0.0 {
                let bound = 2.0;
                bounds.push(Bound { from, to, bound });
            }
        }
    }
    if can_be_kept(models, &bounds) {
        return Err(Unranked::OnlyTies);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
