//! The vocabulary of Tiebreak as types: pairs, criteria, questions, verdicts, votes, and the one
//! place where a verdict given on a screen becomes a verdict about the data.
//!
//! This crate exists so that every other part speaks of the same things in the same words. It does
//! no input or output, knows no clock and draws no random numbers: both are passed in.

mod blinding;
mod clock;
mod consensus;
mod content;
mod decision;
mod error;
mod ids;
mod keymap;
mod known;
mod modality;
mod order;
mod overlap;
mod phase;
mod prediction;
mod presentation;
mod queue;
mod reveal;
mod task;
mod verdict;
mod vote;

pub use blinding::{Seed, Sides};
pub use clock::{Clock, civil_date};
pub use consensus::{Outcome, Rule, decide};
pub use content::{Criterion, MediaRef, Pair, Prompt, Response};
pub use decision::{Decision, DropReason, ScreenDecision};
pub use error::{DomainError, Result};
pub use ids::{
    AdjudicationId, AnnotatorId, AssignmentId, ContentHasher, CriterionEditId, CriterionId,
    MediaId, PairId, PredictionId, PromptId, QuestionId, ResolutionId, RevealId, RewardModelId,
    VoteId,
};
pub use keymap::{Action, Binding, Keymap, Scope, default_bindings};
pub use known::Role;
pub use modality::Modality;
pub use order::{Order, Shuffle};
pub use overlap::Overlap;
pub use phase::{EditKind, Phase};
pub use prediction::{AskedUnder, Family, RewardModel, Setting, Shown};
pub use presentation::{Attention, Presentation};
pub use queue::{Next, QuestionView, SideView, SkipReason, ViewMedia};
pub use reveal::{Arm, RevealRecord, RevealWhen, SilentShare, Told};
pub use task::{NINE_TASKS, Task};
pub use verdict::{ScreenVerdict, Slot, Verdict};
pub use vote::{Confidence, VoteLine};
