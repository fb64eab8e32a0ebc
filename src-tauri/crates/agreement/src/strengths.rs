//! How strong models are, how sure that is, and which of two may be called the better one.

use crate::figure::Interval;

/// What must be at hand before one model is called better than another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Enough {
    /// How many comparisons each of the two must be in.
    pub comparisons: f64,
    /// How many standard errors of their difference it must be away from 0.
    pub standard_errors: f64,
}

impl Default for Enough {
    /// Ten comparisons, and an interval of 95 % that leaves out 0.
    fn default() -> Self {
        Self {
            comparisons: 10.0,
            standard_errors: 1.959_963_984_540_054,
        }
    }
}

/// Which of two models leads, as far as the data lets it be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lead {
    /// The first is better.
    Better,
    /// The first is worse.
    Worse,
    /// Too few to say: one of them is in too few comparisons.
    TooFewComparisons,
    /// Too few to say: the interval of their difference holds 0.
    TooClose,
}

/// A difference with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// How much stronger the first is, in logits.
    pub value: f64,
    /// Its standard error.
    pub se: f64,
}

impl Difference {
    /// What lies within so many standard errors.
    #[must_use]
    pub fn interval(&self, standard_errors: f64) -> Interval {
        Interval {
            low: self.value - standard_errors * self.se,
            high: self.value + standard_errors * self.se,
        }
    }
}

/// The strengths of models: natural logarithms of their worths, which sum to 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Strengths {
    /// By model, in logits.
    pub logits: Vec<f64>,
    /// By row, models × models: the covariance of the logits, which is the pseudo-inverse of the
    /// observed information. Its rows sum to 0.
    pub covariance: Vec<f64>,
    /// By model, how many comparisons it is in.
    pub compared: Vec<f64>,
}

impl Strengths {
    /// The standard error of a model's logit against the mean of all.
    #[must_use]
    pub fn se(&self, model: usize) -> Option<f64> {
        let n = self.logits.len();
        (model < n).then(|| self.covariance[model * n + model].max(0.0).sqrt())
    }

    /// How much stronger `i` is than `j`. `None` where there is no such model.
    #[must_use]
    pub fn difference(&self, i: usize, j: usize) -> Option<Difference> {
        let n = self.logits.len();
        if i.max(j) >= n {
            return None;
        }
        let at = |row: usize, column: usize| self.covariance[row * n + column];
        let variance = at(i, i) + at(j, j) - 2.0 * at(i, j);
        Some(Difference {
            value: self.logits[i] - self.logits[j],
            se: variance.max(0.0).sqrt(),
        })
    }

    /// Whether `i` may be called better than `j`. `None` where there is no such model.
    #[must_use]
    pub fn say(&self, i: usize, j: usize, enough: &Enough) -> Option<Lead> {
        let difference = self.difference(i, j)?;
        let interval = difference.interval(enough.standard_errors);
        Some(
            if self.compared[i].min(self.compared[j]) < enough.comparisons {
                Lead::TooFewComparisons
            } else if interval.low > 0.0 {
                Lead::Better
            } else if interval.high < 0.0 {
                Lead::Worse
            } else {
                Lead::TooClose
            },
        )
    }

    /// By model, the worth: positive, and all of them sum to 1.
    #[must_use]
    pub fn worths(&self) -> Vec<f64> {
        let highest = self
            .logits
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        let raw: Vec<f64> = self.logits.iter().map(|x| (x - highest).exp()).collect();
        let sum: f64 = raw.iter().sum();
        raw.into_iter().map(|worth| worth / sum).collect()
    }

    /// By model, on the scale of chess ratings, 400 points for odds of ten to one, about a mean of 0.
    #[must_use]
    pub fn elo_scale(&self) -> Vec<f64> {
        let points = 400.0 / std::f64::consts::LN_10;
        self.logits.iter().map(|logit| logit * points).collect()
    }

    /// By model, its rank: 1 plus the number of those that are stronger.
    #[must_use]
    pub fn ranks(&self) -> Vec<usize> {
        ranks(&self.logits)
    }
}

/// By entry, 1 plus the number of those that are larger.
pub(crate) fn ranks(values: &[f64]) -> Vec<usize> {
    let rank = |value: &f64| 1 + values.iter().filter(|other| *other > value).count();
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(difference: f64, se: f64, compared: f64) -> Strengths {
        let quarter = se * se / 4.0;
        Strengths {
            logits: vec![difference / 2.0, -difference / 2.0],
            covariance: vec![quarter, -quarter, -quarter, quarter],
            compared: vec![compared; 2],
        }
    }

    #[test]
    fn too_few_is_said() {
        let enough = Enough::default();
        assert_eq!(two(1.0, 0.5, 40.0).say(0, 1, &enough), Some(Lead::Better));
        assert_eq!(two(1.0, 0.5, 40.0).say(1, 0, &enough), Some(Lead::Worse));
        assert_eq!(two(1.0, 0.6, 40.0).say(0, 1, &enough), Some(Lead::TooClose));
        let few = two(1.0, 0.1, 9.0).say(0, 1, &enough);
        assert_eq!(few, Some(Lead::TooFewComparisons));
        assert_eq!(two(1.0, 0.1, 9.0).say(0, 2, &enough), None);
    }

    #[test]
    fn the_scales_fit_together() {
        let strengths = two(std::f64::consts::LN_10, 1.0, 1.0);
        let worths = strengths.worths();
        assert!((worths[0] / worths[1] - 10.0).abs() < 1e-12);
        let elo = strengths.elo_scale();
        assert!((elo[0] - elo[1] - 400.0).abs() < 1e-9);
        assert_eq!(strengths.ranks(), [1, 2]);
        assert_eq!(ranks(&[1.0, 3.0, 1.0]), [2, 1, 2]);
    }
}
