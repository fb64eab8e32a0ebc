//! A figure with how sure it is, or the reason why there is none.

/// Why the data gives no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Undefined {
    /// Nothing to count.
    #[error("there are no votes")]
    NoVotes,
    /// No question has two votes that could be held against each other.
    #[error("no question was answered by two people")]
    NothingShared,
    /// Everybody always gave the same answer, so that agreement by chance is certain.
    #[error("only one answer was ever given, so agreement by chance is already complete")]
    OneCategory,
    /// The reference needs the same number of votes on every question.
    #[error("the questions do not all have the same number of votes")]
    Unbalanced,
    /// These two annotators never met.
    #[error("the two annotators have no question in common")]
    NoCommonQuestion,
    /// A distance between answers needs a number for each, and one has none that will do.
    #[error("the scale gives no usable number to an answer that was given")]
    NoNumber,
    /// Nothing can be drawn again from a single cluster.
    #[error("all votes belong to one prompt, so how much prompts differ cannot be told")]
    OneCluster,
}

/// An interval of confidence, lower end first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A figure, what it rests on, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// The figure itself.
    pub value: f64,
    /// How many questions it rests on.
    pub n: usize,
    /// The analytic standard error, where the reference has one.
    pub se: Option<f64>,
    /// The 95 % interval that goes with it. There is none where the standard error is nought: votes
    /// that never vary do not show how sure they are.
    pub ci: Option<Interval>,
}

impl Figure {
    /// A figure without a standard error.
    #[must_use]
    pub(crate) const fn bare(value: f64, n: usize) -> Self {
        Self {
            value,
            n,
            se: None,
            ci: None,
        }
    }

    /// A figure with its standard error, and an interval of `reach` standard errors to both sides
    /// that ends at 1, where every coefficient of agreement does.
    #[must_use]
    pub(crate) fn with_error(value: f64, n: usize, se: f64, reach: f64) -> Self {
        let ci = (se > 0.0).then(|| Interval {
            low: value - reach * se,
            high: (value + reach * se).min(1.0),
        });
        Self {
            value,
            n,
            se: Some(se),
            ci,
        }
    }
}
