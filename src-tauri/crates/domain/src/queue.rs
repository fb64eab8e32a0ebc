//! What an annotator may see of the next question: no path, no model, no source id, no vote of
//! anyone else.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{DomainError, Result};
use crate::ids::{AssignmentId, MediaId, PairId, QuestionId, shorten};
use crate::modality::Modality;
use crate::phase::Phase;
use crate::task::Task;

/// A media file on a side. The id is the content's in the store; before a page sees it, the shell
/// puts a random one in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ViewMedia<I = MediaId> {
    /// By which id to ask for it.
    pub id: I,
    /// Which viewer shows it.
    pub kind: Modality,
    /// Its media type.
    pub mime: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// The prompt or one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct SideView<I = MediaId> {
    /// The words.
    pub text: String,
    /// The media, in order.
    pub media: Vec<ViewMedia<I>>,
}

/// A question as one annotator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct QuestionView<I = MediaId> {
    /// The place in this annotator's queue: what a vote names.
    pub assignment: AssignmentId,
    /// The question.
    pub question: QuestionId,
    /// The pair: questions of one pair follow each other.
    pub pair: PairId,
    /// The task.
    pub task: Task,
    /// The criterion, or `None` where the annotator is asked to write criteria for the pair.
    pub criterion: Option<String>,
    /// What was asked.
    pub prompt: SideView<I>,
    /// What stands on the left.
    pub left: SideView<I>,
    /// What stands on the right.
    pub right: SideView<I>,
}

/// The answer to "what next?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Next<I = MediaId> {
    /// This question.
    Question(Box<QuestionView<I>>),
    /// Nothing is left for this annotator.
    Done {
        /// Always true.
        done: bool,
        /// The phase that the project is in, where it has one: what is left comes in another.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phase: Option<Phase>,
    },
}

/// Why a question is left without a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Something does not open or is plainly not what it should be.
    Broken,
    /// The prompt or the criterion cannot be understood.
    Unclear,
    /// The annotator lacks the knowledge.
    NotCompetent,
    /// The annotator does not want to look at it.
    Distressing,
}

impl SkipReason {
    /// All, in the order in which the screen offers them.
    pub const ALL: [Self; 4] = [
        Self::Broken,
        Self::Unclear,
        Self::NotCompetent,
        Self::Distressing,
    ];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Unclear => "unclear",
            Self::NotCompetent => "not_competent",
            Self::Distressing => "distressing",
        }
    }
}

impl FromStr for SkipReason {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|r| r.as_str() == text)
            .ok_or_else(|| DomainError::BadSkip(shorten(text)))
    }
}
