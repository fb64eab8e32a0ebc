//! Bradley–Terry where what is compared is known by its features: P(1 ≻ 2) = σ(w · (f₁ − f₂)).
//!
//! There is no constant, so that exchanging the two exchanges the verdict and nothing else. The sum of
//! squared weights is held down (ridge), which makes the weights unique whatever the data.

use crate::error::{AgreementError, Result};
use crate::solve::{Point, climb_nearby};

/// Comparisons by what parts the two, one row each.
#[derive(Debug, Clone, Copy)]
pub struct Differences<'a> {
    /// How many features a row has.
    pub width: usize,
    /// By row, features of the first less those of the second.
    pub values: &'a [f64],
    /// By row, the share of answers for the first, 0 to 1: a tie is half an answer for each.
    pub shares: &'a [f64],
}

impl Differences<'_> {
    fn check(&self) -> Result<()> {
        let needed = self.shares.len() * self.width;
        if self.values.len() != needed {
            return Err(AgreementError::Length {
                what: "the table of features",
                found: self.values.len(),
                needed,
            });
        }
        Ok(())
    }

    /// The mean of what the rows cost at these weights ([`loss`]); 0 without rows.
    #[must_use]
    pub fn mean_loss(&self, weights: &[f64]) -> f64 {
        let rows = self.values.chunks_exact(self.width.max(1));
        let each = rows.zip(self.shares).map(|(row, &share)| {
            let margin = row.iter().zip(weights).map(|(x, w)| x * w).sum();
            loss(margin, share)
        });
        each.sum::<f64>() / self.shares.len().max(1) as f64
    }
}

/// What a prediction costs, in nats: the negative log-likelihood of a share of answers for the first
/// where its score is so much above the second's. ln 2 at a margin of 0.
#[must_use]
pub fn loss(margin: f64, share: f64) -> f64 {
    // ln(1 + eᵐ) − share · m, without overflow.
    margin.max(0.0) + (-margin.abs()).exp().ln_1p() - share * margin
}

/// The weights that make the mean loss plus `penalty` / 2 times their sum of squares least, found from
/// `start`. `None` where rounding leaves no minimum to be found; so never with a penalty that is of
/// the size of the features' squares or not far below.
///
/// # Errors
/// Tables that do not fit together; a penalty that is not positive.
pub fn ridge(
    differences: &Differences<'_>,
    penalty: f64,
    start: &[f64],
) -> Result<Option<Vec<f64>>> {
    differences.check()?;
    if !(penalty > 0.0 && penalty.is_finite()) {
        return Err(AgreementError::Number {
            what: "the penalty",
            value: penalty.to_string(),
        });
    }
    if start.len() != differences.width {
        return Err(AgreementError::Length {
            what: "the start",
            found: start.len(),
            needed: differences.width,
        });
    }
    let point = |weights: &[f64]| point(differences, penalty, weights);
    Ok(climb_nearby(start, 0, point))
}

/// The negative of the penalised mean loss, its gradient, and the negative of its second derivatives.
fn point(differences: &Differences<'_>, penalty: f64, weights: &[f64]) -> Point {
    let width = differences.width;
    let mut point = Point::new(width);
    let rows = differences.values.chunks_exact(width.max(1));
    for (row, &share) in rows.zip(differences.shares) {
        let margin: f64 = row.iter().zip(weights).map(|(x, w)| x * w).sum();
        let chance = 1.0 / (1.0 + (-margin).exp());
        point.value -= loss(margin, share);
        let (first, second) = (share - chance, chance * (1.0 - chance));
        for (i, &x) in row.iter().enumerate() {
            point.gradient[i] += first * x;
            let scaled = second * x;
            let lower = &mut point.information[i * width..=i * width + i];
            for (sum, y) in lower.iter_mut().zip(row) {
                *sum += scaled * y;
            }
        }
    }
    let rows = differences.shares.len().max(1) as f64;
    point.value /= rows;
    for (i, &weight) in weights.iter().enumerate() {
        point.value -= penalty / 2.0 * weight * weight;
        point.gradient[i] = point.gradient[i] / rows - penalty * weight;
        let lower = &mut point.information[i * width..=i * width + i];
        lower.iter_mut().for_each(|sum| *sum /= rows);
        point.information[i * width + i] += penalty;
    }
    point
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_feature_has_the_weight_that_calculus_gives() {
        // Every row is +1 with three answers of four for the first: σ'(w) = 0 at
        // 3/4 − σ(w) = penalty · w.
        let (values, shares) = (vec![1.0; 8], vec![0.75; 8]);
        let table = Differences {
            width: 1,
            values: &values,
            shares: &shares,
        };
        let found = ridge(&table, 0.1, &[0.0]).unwrap().unwrap()[0];
        let slope = 0.75 - 1.0 / (1.0 + (-found).exp()) - 0.1 * found;
        assert!(slope.abs() < 1e-9, "{found}: {slope}");
        assert!(table.mean_loss(&[found]) < table.mean_loss(&[0.0]));
        assert!((table.mean_loss(&[0.0]) - 2_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn exchanging_the_two_changes_nothing_else() {
        let values = [1.0, -0.5, 0.3, 2.0, -1.0, 0.25];
        let shares = [1.0, 0.5, 0.2];
        let turned: Vec<f64> = values.iter().map(|x| -x).collect();
        let others: Vec<f64> = shares.iter().map(|s| 1.0 - s).collect();
        let of = |values: &[f64], shares: &[f64]| {
            let table = Differences {
                width: 2,
                values,
                shares,
            };
            ridge(&table, 0.01, &[0.0, 0.0]).unwrap().unwrap()
        };
        let (one, other) = (of(&values, &shares), of(&turned, &others));
        for (one, other) in one.iter().zip(other) {
            assert!((one - other).abs() < 1e-9);
        }
    }

    #[test]
    fn a_loss_far_out_is_a_number() {
        assert!((loss(800.0, 0.0) - 800.0).abs() < 1e-9);
        assert!(loss(-800.0, 0.0) < 1e-300);
        assert!((loss(-800.0, 1.0) - 800.0).abs() < 1e-9);
    }

    #[test]
    fn tables_that_do_not_fit_are_refused() {
        let table = Differences {
            width: 2,
            values: &[1.0],
            shares: &[1.0],
        };
        assert!(ridge(&table, 0.1, &[0.0, 0.0]).is_err());
        assert!(ridge(&table, 0.0, &[0.0, 0.0]).is_err());
    }
}
