//! From several votes to one verdict, by a stated rule.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{DomainError, Result};
use crate::ids::shorten;
use crate::verdict::Verdict;

/// How votes become a final verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// All votes say the same.
    Unanimous,
    /// More than half of the votes say the same.
    Majority,
}

impl Rule {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unanimous => "unanimous",
            Self::Majority => "majority",
        }
    }
}

impl FromStr for Rule {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "unanimous" => Ok(Self::Unanimous),
            "majority" => Ok(Self::Majority),
            other => Err(DomainError::BadRule(shorten(other))),
        }
    }
}

/// What a rule makes of a question's votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The rule gives this verdict.
    Decided(Verdict),
    /// There is nothing to count.
    NoVotes,
    /// The rule gives no verdict.
    NoConsensus,
}

/// Applies `rule` to one vote per annotator. *Both bad* is a verdict like the others: it is never
/// counted as a tie.
#[must_use]
pub fn decide(rule: Rule, votes: &[Verdict]) -> Outcome {
    if votes.is_empty() {
        return Outcome::NoVotes;
    }
    let needed = match rule {
        Rule::Unanimous => votes.len(),
        Rule::Majority => votes.len() / 2 + 1,
    };
    Verdict::ALL
        .into_iter()
        .find(|verdict| votes.iter().filter(|v| *v == verdict).count() >= needed)
        .map_or(Outcome::NoConsensus, Outcome::Decided)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{BothBad, Response1, Response2, Tie};

    #[test]
    fn a_majority_is_more_than_half() {
        assert_eq!(decide(Rule::Majority, &[]), Outcome::NoVotes);
        assert_eq!(decide(Rule::Majority, &[Tie]), Outcome::Decided(Tie));
        assert_eq!(
            decide(Rule::Majority, &[Response1, Response2]),
            Outcome::NoConsensus
        );
        assert_eq!(
            decide(Rule::Majority, &[Response1, Tie, Response1]),
            Outcome::Decided(Response1)
        );
        assert_eq!(
            decide(Rule::Majority, &[Response1, Response1, Tie, BothBad]),
            Outcome::NoConsensus,
            "half is not a majority"
        );
        assert_eq!(
            decide(Rule::Majority, &[Tie, BothBad, Response2]),
            Outcome::NoConsensus,
            "tie and both bad are different answers"
        );
    }

    #[test]
    fn unanimous_needs_all() {
        assert_eq!(decide(Rule::Unanimous, &[Tie, Tie]), Outcome::Decided(Tie));
        assert_eq!(
            decide(Rule::Unanimous, &[Tie, Tie, Response1]),
            Outcome::NoConsensus
        );
    }
}
