//! Rows of a file as they are, for files whose meaning others know: fields and values, no pair.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::error::{ExchangeError, Problem, Result};
use crate::head::Head;
use crate::json::raw::RawJson;
use crate::reader::Rows;

/// A row: its fields in order, each value verbatim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainRow {
    /// The row, from 1.
    pub row: u64,
    /// Fields and values.
    pub cells: Vec<(String, RawJson)>,
}

impl PlainRow {
    /// The value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&RawJson> {
        let mut cells = self.cells.iter();
        cells
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }
}

/// The rows of a JSON, JSON Lines, CSV, TSV or Parquet file, one at a time.
pub struct PlainRows(Rows);

/// Opens a file for its rows.
///
/// # Errors
/// The file cannot be read, or holds no rows.
pub fn plain_rows(path: &Path) -> Result<PlainRows> {
    let head = Head::read(path)?;
    let shape = head.shape(path)?;
    if let Some(name) = head.wrapped() {
        return Err(ExchangeError::Wrapped(name));
    }
    Ok(PlainRows(Rows::open(
        path,
        shape,
        &Arc::new(AtomicU64::new(0)),
    )?))
}

impl PlainRows {
    /// Why the file could not be read to its end, once its rows are through.
    #[must_use]
    pub fn broken(&self) -> Option<&Problem> {
        self.0.broken()
    }
}

impl Iterator for PlainRows {
    type Item = std::result::Result<PlainRow, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.0.next_raw()?.map(|raw| PlainRow {
            row: raw.row,
            cells: raw.cells,
        }))
    }
}
