//! Ratings as chess has them, one game after the other. Shown beside a fitted ranking because leader
//! boards print them, never instead of it: they depend on the order of the comparisons, and the last
//! ones weigh most.
//!
//! A. E. Elo, "The Rating of Chessplayers, Past and Present", 1978.

use crate::comparisons::{Comparison, Outcome};
use crate::error::{AgreementError, Result};

/// How ratings move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EloOptions {
    /// Where every model begins.
    pub initial: f64,
    /// The most that one comparison can move a rating.
    pub step: f64,
    /// The difference that stands for odds of ten to one.
    pub scale: f64,
}

impl Default for EloOptions {
    /// What evalica 0.4.2 begins with.
    fn default() -> Self {
        Self {
            initial: 1000.0,
            step: 4.0,
            scale: 400.0,
        }
    }
}

/// The ratings after these comparisons in this order; a tie is half a win. A comparison's weight
/// multiplies the step.
///
/// # Errors
/// As [`crate::Comparisons::new`]; a scale that is not above 0.
pub fn elo(models: usize, comparisons: &[Comparison], options: &EloOptions) -> Result<Vec<f64>> {
    if options.scale.is_nan() || options.scale <= 0.0 {
        return Err(AgreementError::Number {
            what: "the scale",
            value: options.scale.to_string(),
        });
    }
    let mut ratings = vec![options.initial; models];
    for comparison in comparisons {
        let row = comparison.checked(models)?;
        let (left, right) = (row.left as usize, row.right as usize);
        let gap = (ratings[right] - ratings[left]) / options.scale;
        let expected = 1.0 / (1.0 + 10f64.powf(gap));
        let score = match row.outcome {
            Outcome::Left => 1.0,
            Outcome::Right => 0.0,
            Outcome::Tie => 0.5,
        };
        let moved = options.step * row.weight * (score - expected);
        ratings[left] += moved;
        ratings[right] -= moved;
    }
    Ok(ratings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_win_among_equals_moves_half_a_step() {
        let row = |outcome| Comparison {
            left: 0,
            right: 1,
            outcome,
            weight: 1.0,
        };
        let options = EloOptions::default();
        let won = elo(3, &[row(Outcome::Left)], &options).unwrap();
        assert_eq!(won, [1002.0, 998.0, 1000.0]);
        let tied = elo(2, &[row(Outcome::Tie)], &options).unwrap();
        assert_eq!(tied, [1000.0, 1000.0]);
        // The one who is ahead gains less.
        let twice = elo(2, &[row(Outcome::Left); 2], &options).unwrap();
        assert!(twice[0] > 1003.9 && twice[0] < 1004.0);
        assert!(elo(1, &[row(Outcome::Left)], &options).is_err());
    }
}
