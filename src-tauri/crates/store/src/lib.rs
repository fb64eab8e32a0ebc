//! A project on disk: a folder with one SQLite file and its media.
//!
//! This crate exists so that nothing acknowledged is ever lost. One writer, WAL,
//! `synchronous=FULL`, votes append-only by trigger; every operation is one transaction that
//! either is on disk when it returns or left nothing behind. It knows no file format and no screen.

mod adjudication;
mod annotators;
mod backup;
mod canonical;
mod check;
mod criteria;
mod criteria_list;
mod criterion_edits;
mod dealing;
mod duplicates;
mod error;
mod groups;
mod guideline;
mod history;
mod intake;
mod judged;
mod known;
mod media_files;
mod merge;
mod orders;
mod outflow;
mod package;
mod pairing;
mod phases;
mod place;
mod predictions;
mod project;
mod queue;
mod resolutions;
mod reveal;
mod schema;
mod settings;
mod shares;
mod skips;
mod standing;
mod view;
mod vote_lines;
mod votes;
mod whole;

pub use adjudication::{Aside, Blind, BlindToKeep, VoteOn};
pub use annotators::{Annotator, Standing};
pub use check::{CheckOutcome, CheckProblem};
pub use criteria::Written;
pub use criteria_list::{AskedSentence, CriteriaWanted, CriterionRow, PhaseCounts};
pub use criterion_edits::{CriterionEdit, EditEffect};
pub use duplicates::Merged;
pub use error::{Result, StoreError};
pub use groups::UNGROUPED;
pub use guideline::{FlaggedWords, GuidelineVersion};
pub use history::Done;
pub use intake::{Intake, IntakeRow, IntakeVote, MediaLink, RowOutcome};
pub use judged::{AskedHow, ToJudge};
pub use known::{KnownAnswer, NewKnown, PracticeAnswer};
pub use media_files::{MediaFile, NewMedia, Where};
pub use merge::{Merge, MergeMedium, MergeOutcome, MergeRemark};
pub use outflow::{OutPlace, OutQuestion};
pub use package::{PackageMark, PackageWriter, Packed, PackedFile, is_package};
pub use phases::PhaseChange;
pub use predictions::{Added, NewPrediction, Predicted, PredictedBy};
pub use project::{Counts, Project, ProjectSettings, TaskCount};
pub use queue::Dealt;
pub use resolutions::{NewResolution, Resolution};
pub use reveal::{RevealPolicy, SecondThought, ToldAtEnd};
pub use settings::HeldPlace;
pub use standing::{StandingVote, StandingVotes, VotedQuestion, Voter};
pub use vote_lines::{LabelledPair, LineOutcome, VoteIntake};
pub use votes::{Cast, Undone, VoteToCast};
pub use whole::{WholeQuestion, WholeVote};
