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
    /// A correlation needs two rows that vary.
    #[error("one of the two never varies")]
    Constant,
    /// No slope is steep enough for what always goes one way.
    #[error("all choices go one way, for which no slope is steep enough")]
    Separated,
}

/// An interval of confidence, lower end first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// Of a share of `n` (above 0) independent cases, `reach` standard errors to both sides, which
    /// holds for few cases and at 0 and 1: E. B. Wilson, "Probable Inference, the Law of Succession,
    /// and Statistical Inference", JASA 22 (1927), 209–212.
    #[must_use]
    pub(crate) fn wilson(share: f64, n: f64, reach: f64) -> Self {
        let square = reach * reach;
        let middle = (share + square / (2.0 * n)) / (1.0 + square / n);
        let variance = share * (1.0 - share) / n + square / (4.0 * n * n);
        let half = reach * variance.max(0.0).sqrt() / (1.0 + square / n);
        Self {
            low: (middle - half).clamp(0.0, share),
            high: (middle + half).clamp(share, 1.0),
        }
    }
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
