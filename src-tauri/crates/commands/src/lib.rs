//! Every operation of a project as a plain function.
//!
//! The window and the command line are two faces of this list ([`catalogue::Command`]): neither
//! has a rule of its own, and neither can do what the other cannot. Errors are a word and a
//! sentence; what an annotator asks for never holds a model, a path, a source id or anyone's vote.

pub mod adjudicate;
pub mod agreement;
pub mod annotators;
pub mod bindings;
pub mod catalogue;
mod clock;
pub mod compare;
pub mod criteria;
pub mod disagreements;
pub mod drops;
pub mod dto;
mod error;
pub mod export;
pub mod guideline;
pub mod import;
pub mod known;
pub mod label;
pub mod media;
pub mod merge;
pub mod models;
pub mod package;
pub mod phases;
pub mod predict;
pub mod predictions;
pub mod projects;
pub mod protocol;
pub mod queues;
pub mod resolve;
pub mod reveal;
pub mod surface;

pub use clock::SystemClock;
pub use error::{CommandError, Result};
pub use tiebreak_store::Project;
