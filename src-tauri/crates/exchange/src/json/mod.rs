//! JSON as this crate needs it: row by row, verbatim, and forgiving of one bad row.
//!
//! `serde_json` reads a whole document or none, refuses the `NaN` that Python writes and the lone
//! surrogates that models write, and keeps no text as it was. So the grammar stands here once
//! ([`machine`]), and splitting, taking rows apart and writing them build on it.

pub(crate) mod cells;
pub(crate) mod machine;
pub(crate) mod pretty;
pub(crate) mod raw;
pub(crate) mod recover;
pub(crate) mod split;
pub(crate) mod text;
