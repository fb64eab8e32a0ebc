//! What a question with a known answer is for.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{DomainError, Result};
use crate::ids::shorten;

/// What a known answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The question goes to everybody among the others, and looks like any other.
    Check,
    /// It comes first, and its answer is told after the vote, which counts in no figure.
    Practice,
}

impl Role {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Practice => "practice",
        }
    }
}

impl FromStr for Role {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "check" => Ok(Self::Check),
            "practice" => Ok(Self::Practice),
            _ => Err(DomainError::BadRole(shorten(text))),
        }
    }
}
