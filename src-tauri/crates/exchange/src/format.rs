//! The formats by their ids, as the command line and the import screen name them.

use std::fmt;
use std::str::FromStr;

use crate::error::{ExchangeError, Result, shorten};

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FormatId {
    /// Omni-RewardBench as its code reads it: a JSON array per task (also a row a line).
    OmniRewardbench,
    /// Omni-RewardBench as it is published: Parquet with the media inside. Only read.
    OmniRewardbenchParquet,
    /// Any JSON, delimited or Parquet table, through a [`Mapping`](crate::Mapping).
    Mapped,
    /// One vote a line, as [`vote_line`](crate::vote_line) writes it.
    Votes,
    /// A table of votes, for spreadsheets. Only written.
    Csv,
}

impl FormatId {
    /// All, in the order in which help texts list them.
    pub const ALL: [Self; 5] = [
        Self::OmniRewardbench,
        Self::OmniRewardbenchParquet,
        Self::Mapped,
        Self::Votes,
        Self::Csv,
    ];

    /// The id.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OmniRewardbench => "omni-rewardbench",
            Self::OmniRewardbenchParquet => "omni-rewardbench-parquet",
            Self::Mapped => "mapped",
            Self::Votes => "votes",
            Self::Csv => "csv",
        }
    }
}

impl fmt::Display for FormatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FormatId {
    type Err = ExchangeError;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or_else(|| ExchangeError::UnknownFormat(shorten(text)))
    }
}
