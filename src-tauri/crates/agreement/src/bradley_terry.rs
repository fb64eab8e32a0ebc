//! The ranking that every other one is held against: a model's chance to win depends on two worths.
//!
//! R. A. Bradley and M. E. Terry, "Rank Analysis of Incomplete Block Designs: I. The Method of Paired
//! Comparisons", Biometrika 39 (1952), 324–345: P(i wins against j) = 1 / (1 + e^(θj − θi)). With an
//! effect of the side, as of playing at home (A. Agresti, "Categorical Data Analysis", 2nd edition,
//! 2002, section 10.6.3): P(left wins) = 1 / (1 + e^(θright − θleft − δ)). Fitted by maximum likelihood
//! with Newton's method.

use crate::comparable::{Bound, Unranked, can_be_kept, ford};
use crate::comparisons::{Comparisons, Ties};
use crate::solve::{Peak, Point, climb, climb_nearby};
use crate::strengths::{Difference, Strengths};

/// What is found.
#[derive(Debug, Clone, PartialEq)]
pub struct BradleyTerry {
    /// How strong the models are.
    pub strengths: Strengths,
    /// How much it helps to stand on the left, in logits, where that was asked for.
    pub side: Option<Difference>,
    /// The natural logarithm of how likely the outcomes are; half ties count half.
    pub log_likelihood: f64,
    /// How many steps Newton's method took.
    pub iterations: usize,
}

/// Fits worths alone.
///
/// # Errors
/// The comparisons determine no ranking: see [`Unranked`].
pub fn bradley_terry(comparisons: &Comparisons, ties: Ties) -> Result<BradleyTerry, Unranked> {
    let models = comparisons.models();
    exists(comparisons, ties)?;
    let cells = unsided(comparisons, ties);
    let peak = climb(vec![0.0; models], models, |logits| point(logits, &cells));
    Ok(told(peak.ok_or(Unranked::NotFound)?, comparisons, ties))
}

/// The logits alone, from those of comparisons much like these.
pub(crate) fn logits_nearby(
    comparisons: &Comparisons,
    ties: Ties,
    start: &[f64],
) -> Result<Vec<f64>, Unranked> {
    exists(comparisons, ties)?;
    let cells = unsided(comparisons, ties);
    let found = climb_nearby(start, start.len(), |logits| point(logits, &cells));
    found.ok_or(Unranked::NotFound)
}

fn point(logits: &[f64], cells: &[Cell]) -> Point {
    let mut point = Point::new(logits.len());
    for cell in cells {
        let lead = logits[cell.left] - logits[cell.right];
        let (value, first, second) = logistic(lead, cell.won, cell.lost);
        point.value += value;
        point.add_difference(cell.left, cell.right, first, second);
    }
    point
}

/// Fits worths and the effect of the left side.
///
/// # Errors
/// The comparisons determine no ranking, or not the effect of the side: see [`Unranked`].
pub fn bradley_terry_with_side(
    comparisons: &Comparisons,
    ties: Ties,
) -> Result<BradleyTerry, Unranked> {
    let models = comparisons.models();
    exists(comparisons, ties)?;
    let cells = sided(comparisons, ties);
    side_is_open(models, &cells)?;
    let peak = climb(vec![0.0; models + 1], models, |at| {
        let mut point = Point::new(models + 1);
        for cell in &cells {
            let lead = at[cell.left] - at[cell.right] + at[models];
            let (value, first, second) = logistic(lead, cell.won, cell.lost);
            point.value += value;
            point.add_difference(cell.left, cell.right, first, second);
            add_side(&mut point, cell, first, second);
        }
        point
    });
    Ok(told(peak.ok_or(Unranked::NotFound)?, comparisons, ties))
}

/// The log-likelihood of `won` and `lost` where the logit of winning is `lead`, its first derivative by
/// `lead`, and the negative of its second.
pub(crate) fn logistic(lead: f64, won: f64, lost: f64) -> (f64, f64, f64) {
    // Neither overflows, and one exponential does for all.
    let small = (-lead.abs()).exp();
    let chance = if lead < 0.0 { small } else { 1.0 } / (1.0 + small);
    let value = -won * (-lead).max(0.0) - lost * lead.max(0.0) - (won + lost) * small.ln_1p();
    let both = won + lost;
    (value, won - both * chance, both * chance * (1.0 - chance))
}

/// Two models that met, and how often the left one won and lost.
struct Cell {
    left: usize,
    right: usize,
    won: f64,
    lost: f64,
}

/// Every two models that met, whoever stood where.
fn unsided(comparisons: &Comparisons, ties: Ties) -> Vec<Cell> {
    let mut cells = Vec::new();
    for left in 0..comparisons.models() {
        for right in 0..left {
            let won = comparisons.score(left, right, ties);
            let lost = comparisons.score(right, left, ties);
            if won + lost > 0.0 {
                cells.push(Cell {
                    left,
                    right,
                    won,
                    lost,
                });
            }
        }
    }
    cells
}

fn sided(comparisons: &Comparisons, ties: Ties) -> Vec<Cell> {
    let models = comparisons.models();
    let half = match ties {
        Ties::Half => 0.5,
        Ties::LeftOut => 0.0,
    };
    let mut cells = Vec::new();
    for left in 0..models {
        for right in 0..models {
            let [won, lost, tied] = comparisons.sided(left, right);
            let (won, lost) = (won + half * tied, lost + half * tied);
            if won + lost > 0.0 {
                cells.push(Cell {
                    left,
                    right,
                    won,
                    lost,
                });
            }
        }
    }
    cells
}

fn add_side(point: &mut Point, cell: &Cell, first: f64, second: f64) {
    let n = point.gradient.len();
    let side = n - 1;
    point.gradient[side] += first;
    point.information[side * n + side] += second;
    for (model, sign) in [(cell.left, 1.0), (cell.right, -1.0)] {
        point.information[side * n + model] += sign * second;
        point.information[model * n + side] += sign * second;
    }
}

fn exists(comparisons: &Comparisons, ties: Ties) -> Result<(), Unranked> {
    ford(comparisons.models(), |i, j| {
        comparisons.score(i, j, ties) > 0.0
    })
}

/// The effect has no bound where worths exist under which, with a lead of 1 for the left or for the
/// right, nobody ever lost from ahead.
fn side_is_open(models: usize, cells: &[Cell]) -> Result<(), Unranked> {
    for side in [1.0, -1.0] {
        let mut bounds = Vec::new();
        for &Cell {
            left,
            right,
            won,
            lost,
        } in cells
        {
            if won > 0.0 {
                bounds.push(Bound {
                    from: left,
                    to: right,
                    bound: side,
                });
            }
            if lost > 0.0 {
                bounds.push(Bound {
                    from: right,
                    to: left,
                    bound: -side,
                });
            }
        }
        if can_be_kept(models, &bounds) {
            return Err(Unranked::SideDecides);
        }
    }
    Ok(())
}

fn told(peak: Peak, comparisons: &Comparisons, ties: Ties) -> BradleyTerry {
    let (models, n) = (comparisons.models(), peak.at.len());
    let covariance = peak.covariance();
    let side = (n > models).then(|| Difference {
        value: peak.at[models],
        se: covariance[n * n - 1].max(0.0).sqrt(),
    });
    let counted = |i: usize| {
        (0..models)
            .map(|j| comparisons.score(i, j, ties) + comparisons.score(j, i, ties))
            .sum()
    };
    BradleyTerry {
        side,
        log_likelihood: peak.value,
        iterations: peak.iterations,
        strengths: strengths(&peak, &covariance, (0..models).map(counted).collect()),
    }
}

/// The strengths among the unknowns, which come first.
pub(crate) fn strengths(peak: &Peak, covariance: &[f64], compared: Vec<f64>) -> Strengths {
    let models = compared.len();
    let rows = covariance.chunks(peak.at.len()).take(models);
    Strengths {
        logits: peak.at[..models].to_vec(),
        covariance: rows.flat_map(|row| row[..models].to_vec()).collect(),
        compared,
    }
}

#[cfg(test)]
mod tests;
