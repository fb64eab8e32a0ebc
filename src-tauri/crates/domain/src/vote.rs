//! Votes as they travel: one line each, with everything that is known of them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{DomainError, Result};
use crate::ids::{AnnotatorId, AssignmentId, CriterionEditId, PairId, QuestionId, VoteId};
use crate::verdict::Verdict;

/// How sure the annotator was: 1, 2 or 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(try_from = "i64", into = "u8")]
#[ts(type = "1 | 2 | 3")]
pub struct Confidence(u8);

impl Confidence {
    /// Checks a confidence.
    pub fn new(level: i64) -> Result<Self> {
        match level {
            1 => Ok(Self(1)),
            2 => Ok(Self(2)),
            3 => Ok(Self(3)),
            other => Err(DomainError::BadConfidence(other)),
        }
    }

    /// 1, 2 or 3.
    #[must_use]
    pub const fn level(self) -> u8 {
        self.0
    }
}

impl TryFrom<i64> for Confidence {
    type Error = DomainError;
    fn try_from(level: i64) -> Result<Self> {
        Self::new(level)
    }
}

impl From<Confidence> for u8 {
    fn from(confidence: Confidence) -> Self {
        confidence.0
    }
}

/// A vote, a change of one (`supersedes` is set) or its withdrawal (`verdict` is `null`), as the
/// `votes` format writes and reads it: a JSON object a line, keys in this order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VoteLine {
    /// The vote's id.
    pub vote: VoteId,
    /// The vote that this one replaces.
    #[serde(default)]
    pub supersedes: Option<VoteId>,
    /// The assignment it answers.
    pub assignment: AssignmentId,
    /// The question.
    pub question: QuestionId,
    /// The question's pair: with the criterion, it lets a question that an annotator wrote be made
    /// again where only the pairs are.
    #[serde(default)]
    pub pair: Option<PairId>,
    /// The row's id in the file that the question came from.
    #[serde(default)]
    pub source_id: Option<String>,
    /// The criterion's text.
    #[serde(default)]
    pub criterion: Option<String>,
    /// The criterion's version, from 1.
    pub criterion_version: u32,
    /// The edit since which the criterion meant what it meant when the vote was cast; left out
    /// where that is what it meant when it was first written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criterion_meaning: Option<CriterionEditId>,
    /// The annotator's name.
    pub annotator: String,
    /// The annotator's id: equal names stay apart.
    pub annotator_id: AnnotatorId,
    /// What was said, in data terms; `None` withdraws the superseded vote.
    pub verdict: Option<Verdict>,
    /// How sure.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// Why, in the annotator's words.
    #[serde(default)]
    pub rationale: String,
    /// When, in milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// Whether the question was asked a second time.
    #[serde(default)]
    pub repeat: bool,
    /// Whether it was cast after its annotator was shown a prediction of the question; left out where
    /// not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub after_reveal: bool,
    /// How the question stood on the screen; `null` where the vote came from a file that does not
    /// say. Kept as it came, so that a newer program's record survives an older one.
    #[serde(default)]
    pub presentation: Value,
}
