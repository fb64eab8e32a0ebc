//! What an adjudicator decides about a question: a verdict, or that it is dropped from the benchmark.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::blinding::Sides;
use crate::error::{DomainError, Result};
use crate::ids::shorten;
use crate::verdict::{ScreenVerdict, Verdict};

/// Why a question is dropped.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// The criterion can be understood in several ways, or in none.
    CriterionUnclear,
    /// People part, and nobody is wrong.
    NoConsensus,
    /// Prompt or responses do not open, or are not what they should be.
    BrokenItem,
}

impl DropReason {
    /// All, in the order in which the screen offers them.
    pub const ALL: [Self; 3] = [Self::CriterionUnclear, Self::NoConsensus, Self::BrokenItem];

    /// The word for it in files and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CriterionUnclear => "criterion_unclear",
            Self::NoConsensus => "no_consensus",
            Self::BrokenItem => "broken_item",
        }
    }
}

impl FromStr for DropReason {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.as_str() == text)
            .ok_or_else(|| {
                DomainError::BadVerdict(
                    shorten(text),
                    "criterion_unclear, no_consensus or broken_item",
                )
            })
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A decision in data terms: what is stored.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// This verdict is final.
    Verdict(Verdict),
    /// The question is dropped.
    Drop(DropReason),
}

impl Decision {
    /// The verdict, if it is one.
    #[must_use]
    pub const fn verdict(self) -> Option<Verdict> {
        match self {
            Self::Verdict(verdict) => Some(verdict),
            Self::Drop(_) => None,
        }
    }

    /// Why the question is dropped, if it is.
    #[must_use]
    pub const fn dropped(self) -> Option<DropReason> {
        match self {
            Self::Verdict(_) => None,
            Self::Drop(reason) => Some(reason),
        }
    }

    /// The decision that these two columns hold; `None` where both are empty.
    ///
    /// # Errors
    /// A word that is neither.
    pub fn of(verdict: Option<&str>, dropped: Option<&str>) -> Result<Option<Self>> {
        Ok(match (verdict, dropped) {
            (Some(verdict), _) => Some(Self::Verdict(verdict.parse()?)),
            (None, Some(reason)) => Some(Self::Drop(reason.parse()?)),
            (None, None) => None,
        })
    }

    /// Where it stands on these sides.
    #[must_use]
    pub const fn on(self, sides: Sides) -> ScreenDecision {
        match self {
            Self::Verdict(verdict) => ScreenDecision::Verdict(sides.to_screen(verdict)),
            Self::Drop(reason) => ScreenDecision::Drop(reason),
        }
    }
}

/// A decision in terms of the adjudicator's screen. Never stored: see [`ScreenDecision::from`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ScreenDecision {
    /// Of what stands there, this.
    Verdict(ScreenVerdict),
    /// The question is dropped.
    Drop(DropReason),
}

impl ScreenDecision {
    /// What it says of the data, on these sides.
    #[must_use]
    pub const fn from(self, sides: Sides) -> Decision {
        match self {
            Self::Verdict(verdict) => Decision::Verdict(sides.to_data(verdict)),
            Self::Drop(reason) => Decision::Drop(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Slot;

    #[test]
    fn a_decision_survives_the_screen() {
        let decisions = Verdict::ALL
            .into_iter()
            .map(Decision::Verdict)
            .chain(DropReason::ALL.into_iter().map(Decision::Drop));
        for decision in decisions {
            for left in [Slot::Response1, Slot::Response2] {
                let sides = Sides { left };
                assert_eq!(decision.on(sides).from(sides), decision);
            }
            let verdict = decision.verdict().map(Verdict::as_str);
            let dropped = decision.dropped().map(DropReason::as_str);
            assert_eq!(Decision::of(verdict, dropped), Ok(Some(decision)));
        }
        assert_eq!(Decision::of(None, None), Ok(None));
        assert!(Decision::of(None, Some("boring")).is_err());
    }
}
