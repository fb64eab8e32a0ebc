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
}
