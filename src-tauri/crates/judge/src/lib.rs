//! Reward models: what they say of a question, and what their answers are worth.
//!
//! This crate exists so that a model's verdict is read the same way wherever it comes from, and
//! counted as the paper counts it: by strict parsing of what a judge wrote ([`verdict_in`]), and by
//! ties that are read off the difference of two scores ([`ties`]). It knows no project and no page.
//! Today it holds one family, predictions that were made elsewhere ([`imported`]).

pub mod imported;
pub mod ties;
mod verdict_text;

pub use verdict_text::verdict_in;
