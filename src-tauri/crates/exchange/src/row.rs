//! A row as it has been understood: what other parts of the program get to see of a file.

use tiebreak_domain::{Confidence, Criterion, Task, Verdict, VoteLine};

use crate::error::Problem;
use crate::json::raw::RawJson;

/// Where a medium is, as the row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaSource {
    /// A file, by the path that the row gives: relative to a media root, unresolved, unchecked.
    Path {
        /// The field that gave it.
        field: String,
        /// The path.
        path: String,
    },
    /// The file's bytes, which came within the row.
    Bytes {
        /// The field that held them.
        field: String,
        /// What the row calls the file, where it does: a name, never a place to read from.
        name: Option<String>,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

impl MediaSource {
    /// What to call the medium in a list or a message.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self {
            Self::Path { path, .. } => path,
            Self::Bytes { field, name, .. } => name.as_ref().unwrap_or(field),
        }
    }
}

/// One response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IncomingResponse {
    /// Its words; empty where it is media alone.
    pub text: String,
    /// Its media, in order.
    pub media: Vec<MediaSource>,
    /// The model's name.
    pub model: Option<String>,
}

/// A vote that a row carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingVote {
    /// Who voted.
    pub annotator: String,
    /// What was said. Rows of today's formats always say something.
    pub verdict: Option<Verdict>,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why; empty where the row does not say.
    pub rationale: String,
    /// When, in milliseconds since 1970-01-01 UTC.
    pub at_ms: Option<i64>,
}

/// One row, understood, its media unresolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The row, from 1.
    pub row: u64,
    /// The task.
    pub task: Task,
    /// The instruction.
    pub prompt: String,
    /// The prompt's media, in order.
    pub prompt_media: Vec<MediaSource>,
    /// The data's first response.
    pub response1: IncomingResponse,
    /// The data's second response.
    pub response2: IncomingResponse,
    /// The criterion, where the row has one.
    pub criterion: Option<Criterion>,
    /// The row's own id.
    pub source_id: Option<String>,
    /// The verdict that came with the data: a resolution, never a vote.
    pub resolution: Option<Verdict>,
    /// The votes that came with the data.
    pub votes: Vec<IncomingVote>,
    /// The row's fields in the order in which they are written back.
    pub shape: Vec<String>,
    /// Fields that cannot be rebuilt from the rest, verbatim: unknown ones, and known ones whose
    /// value was of another JSON type.
    pub extra: Vec<(String, RawJson)>,
    /// What was made of the row that its owner should know.
    pub remarks: Vec<Problem>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every item is a pair, and each is handed on at once"
)]
pub enum Item {
    /// A pair, with what came with it.
    Pair(Incoming),
    /// A vote of the `votes` format.
    Vote(Box<VoteLine>),
}
