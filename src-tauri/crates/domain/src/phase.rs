//! The phases of a project in which people first write criteria and then vote, as the paper built
//! its benchmark; and what an edit does to a criterion.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{DomainError, Result};
use crate::ids::shorten;

/// What people do in a project that has phases.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// They write criteria, each without seeing the others'.
    Write,
    /// They wait: the owner looks through the criteria.
    Review,
    /// They vote on every criterion of their pairs; none is added any more.
    Vote,
}

impl Phase {
    /// All, in their order.
    pub const ALL: [Self; 3] = [Self::Write, Self::Review, Self::Vote];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Review => "review",
            Self::Vote => "vote",
        }
    }
}

impl FromStr for Phase {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|phase| phase.as_str() == text);
        found.ok_or_else(|| DomainError::BadPhase(shorten(text)))
    }
}

/// What an edit does to a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum EditKind {
    /// The sentence says what it said: its votes stay.
    Typo,
    /// It says something else: its votes stand no longer, and people get the question again.
    Meaning,
}

impl EditKind {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Typo => "typo",
            Self::Meaning => "meaning",
        }
    }
}

impl FromStr for EditKind {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "typo" => Ok(Self::Typo),
            "meaning" => Ok(Self::Meaning),
            _ => Err(DomainError::BadEdit(shorten(text))),
        }
    }
}
