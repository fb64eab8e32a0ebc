//! What is wrong with arrays that were handed in: a mistake of the caller, not of the data.

/// Arrays that do not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgreementError {
    /// An index points past its table.
    #[error("{what} {index} is out of range: there are {count}")]
    OutOfRange {
        /// Of what the index is.
        what: &'static str,
        /// The index given.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// One annotator answered one question twice.
    #[error(
        "annotator {annotator} has two ratings of question {question}: give the one that stands"
    )]
    Doubled {
        /// The question's index.
        question: usize,
        /// The annotator's index.
        annotator: usize,
    },
    /// Two arrays that go together have different lengths.
    #[error("{what} has {found} entries where {needed} are needed")]
    Length {
        /// Which array.
        what: &'static str,
        /// How long it is.
        found: usize,
        /// How long it must be.
        needed: usize,
    },
    /// A number that must be finite, positive or within bounds is not.
    #[error("{what} cannot be {value}")]
    Number {
        /// Which number.
        what: &'static str,
        /// What it is.
        value: String,
    },
    /// A comparison needs two models.
    #[error("model {model} is compared with itself")]
    Itself {
        /// The model's index.
        model: u32,
    },
    /// The arrays fit, but the data gives no figure.
    #[error(transparent)]
    Undefined(#[from] crate::figure::Undefined),
    /// The arrays fit, but the comparisons give no ranking.
    #[error(transparent)]
    Unranked(#[from] crate::comparable::Unranked),
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, AgreementError>;
