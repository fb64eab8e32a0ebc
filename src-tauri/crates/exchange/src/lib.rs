//! Formats in and out: files become understood rows, rows become files.
//!
//! This crate knows formats and nothing of a project: it opens a file, tells what it is, and gives
//! its rows one by one, each understood or refused with a sentence. Media are named, not resolved.
//! Whatever a file's size, one row of it is held at a time.
//!
//! In: [`open`], [`columns`] and [`guess_mapping`]. Out: [`OmniWriter`], [`vote_line`] and
//! [`CsvWriter`].

mod csv_write;
mod error;
mod fields;
mod format;
mod guess;
mod head;
mod json;
mod known_read;
mod mapped;
mod mapping;
mod omni_read;
mod omni_write;
mod parquet_read;
mod plain;
mod reader;
mod row;
mod sample;
mod source;
mod table;
mod votes;

pub use csv_write::{CsvRow, CsvWriter};
pub use error::{ExchangeError, Problem, Result};
pub use format::FormatId;
pub use guess::guess_mapping;
pub use json::raw::RawJson;
pub use known_read::{KnownRow, known_rows};
pub use mapping::{
    ConfidenceFrom, Content, CriterionFrom, Mapping, Models, ResolutionFrom, TaskFrom, VoteFrom,
};
pub use omni_write::{OmniWriter, OutRow, OutSide};
pub use plain::{PlainRow, PlainRows, plain_rows};
pub use reader::{ReadOptions, Reader, open};
pub use row::{Incoming, IncomingResponse, IncomingVote, Item, MediaSource};
pub use sample::{Column, Columns, columns};
pub use votes::vote_line;
