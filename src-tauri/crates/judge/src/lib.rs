//! Reward models: what they say of a question, and what their answers are worth.
//!
//! This crate exists so that a model's verdict is read the same way wherever it comes from, and
//! counted as the paper counts it: by strict parsing of what a judge wrote ([`verdict_in`]), and by
//! ties that are read off the difference of two scores ([`ties`]). It knows no project and no page.
//! What can be asked implements [`Judge`]: the surface of the responses ([`surface`]) and any program
//! of this machine ([`process`]). Predictions that were made elsewhere are read by [`imported`].

pub mod described;
pub mod imported;
mod judge;
pub mod process;
pub mod surface;
pub mod ties;
mod verdict_text;

pub use judge::{Asking, Failure, How, Judge, JudgedMedium, JudgedQuestion, JudgedSide};
pub use verdict_text::verdict_in;
