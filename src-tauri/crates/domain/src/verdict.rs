//! Verdicts, in data terms and in screen terms.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{DomainError, Result};
use crate::ids::shorten;

/// One of the two responses of a pair, in the data's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Slot {
    /// The data's first response.
    Response1,
    /// The data's second response.
    Response2,
}

impl Slot {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Response1 => Self::Response2,
            Self::Response2 => Self::Response1,
        }
    }

    /// The word for it in files and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Response1 => "response1",
            Self::Response2 => "response2",
        }
    }
}

/// What a vote says of a question, in the data's order. This is what is stored.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Response 1 is better.
    #[serde(rename = "response1")]
    Response1,
    /// Response 2 is better.
    #[serde(rename = "response2")]
    Response2,
    /// Neither is better.
    Tie,
    /// Neither is acceptable: not a tie.
    BothBad,
}

impl Verdict {
    /// All four, in the order in which tables print them.
    pub const ALL: [Self; 4] = [Self::Response1, Self::Response2, Self::Tie, Self::BothBad];

    /// The word for it in files and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Response1 => "response1",
            Self::Response2 => "response2",
            Self::Tie => "tie",
            Self::BothBad => "both_bad",
        }
    }
}

impl FromStr for Verdict {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|v| v.as_str() == text)
            .ok_or_else(|| {
                DomainError::BadVerdict(shorten(text), "response1, response2, tie or both_bad")
            })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a person says of what stands on the screen. Never stored: see
/// [`Sides::to_data`](crate::Sides::to_data).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ScreenVerdict {
    /// The left one is better.
    Left,
    /// The right one is better.
    Right,
    /// Neither is better.
    Tie,
    /// Neither is acceptable.
    BothBad,
}

impl ScreenVerdict {
    /// All four, in the order of their keys.
    pub const ALL: [Self; 4] = [Self::Left, Self::Tie, Self::BothBad, Self::Right];

    /// The word for it on the command line and between page and program.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Tie => "tie",
            Self::BothBad => "both_bad",
        }
    }
}

impl FromStr for ScreenVerdict {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|v| v.as_str() == text)
            .ok_or_else(|| DomainError::BadVerdict(shorten(text), "left, right, tie or both_bad"))
    }
}
