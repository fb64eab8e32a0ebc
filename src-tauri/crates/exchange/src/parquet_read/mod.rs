//! Parquet tables as rows. A table is stored by columns, packed, in row groups; here its rows come
//! one by one, each value as the JSON that the other readers give, so that all that understands
//! rows understands these.
//!
//! The file is hostile input: sizes are judged before they are believed ([`limits`], [`judge`]),
//! decoders that panic are caught, and what cannot be read ends the file with a sentence. A text
//! that is none costs its row alone.

mod caught;
mod columns;
mod delta;
mod digits;
mod footer;
mod group;
mod header;
mod holding;
mod judge;
mod leaf;
mod limits;
mod pages;
mod thrift;
mod time;
mod tree;
mod unpack;
mod value;
mod why;

use std::collections::HashSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::parquet::file::metadata::ParquetMetaData;

use crate::error::{ExchangeError, Problem, Result, shorten};
use crate::fields::RawRow;
use caught::caught;
use columns::{Column, columns};
use group::Group;
use value::Note;
use why::Why;

/// The rows of a table.
pub(crate) struct ParquetRows {
    file: Arc<File>,
    footer: ParquetMetaData,
    /// Where the pages end.
    end: u64,
    columns: Vec<Column>,
    paths: Vec<String>,
    group: Option<Group>,
    next_group: usize,
    row: u64,
    rows: u64,
    length: u64,
    count: Arc<AtomicU64>,
    noted: HashSet<(usize, Note)>,
    pub(crate) broken: Option<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

impl ParquetRows {
    /// Reads the footer. `count` follows the rows, as the part of the file that they are.
    pub(crate) fn open(path: &Path, count: &Arc<AtomicU64>) -> Result<Self> {
        let file = crate::head::opened(path)?;
        let length = file.metadata().map(|meta| meta.len()).unwrap_or_default();
        let (footer, end) = footer::read(&file, length)?;
        let mut warnings = Vec::new();
        let columns = match caught(|| columns(footer.file_metadata().schema(), &mut warnings)) {
            Some(columns) => columns?,
            None => {
                return Err(ExchangeError::NotRows(
                    "the Parquet file's columns contradict themselves: write it anew".to_owned(),
                ));
            }
        };
        let leaves = footer.file_metadata().schema_descr().columns();
        let paths = leaves.iter().map(|leaf| leaf.path().string()).collect();
        let rows = footer.row_groups().iter().fold(0_u64, |rows, group| {
            rows.saturating_add(u64::try_from(group.num_rows()).unwrap_or(0))
        });
        Ok(Self {
            file: Arc::new(file),
            footer,
            end,
            columns,
            paths,
            group: None,
            next_group: 0,
            row: 0,
            rows,
            length,
            count: Arc::clone(count),
            noted: HashSet::new(),
            broken: None,
            warnings,
        })
    }

    /// The columns, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.columns.iter().map(|column| &column.name)
    }

    /// The columns that hold media.
    pub(crate) fn media(&self) -> impl Iterator<Item = &String> {
        let media = self.columns.iter().filter(|column| column.media.is_some());
        media.map(|column| &column.name)
    }

    /// Stands at the next row; `None` behind the last. An error ends the file.
    fn advance(&mut self) -> std::result::Result<Option<&mut Group>, Why> {
        while self.group.as_ref().is_none_or(|group| group.left == 0) {
            self.group = None;
            if self.next_group == self.footer.num_row_groups() {
                return Ok(None);
            }
            let group = self.footer.row_group(self.next_group);
            self.next_group += 1;
            self.group = Some(Group::open(&self.file, self.end, group)?);
        }
        let Some(group) = &mut self.group else {
            return Ok(None);
        };
        group.advance(&self.paths)?;
        Ok(Some(group))
    }

    fn read(&mut self) -> std::result::Result<Option<RowOr>, Why> {
        let row = self.row + 1;
        if self.advance()?.is_none() {
            return Ok(None);
        }
        let mut noted = Vec::new();
        let read = self
            .group
            .as_mut()
            .map(|group| group.row(row, &self.columns, &mut noted));
        for (at, note) in noted {
            if self.noted.insert((at, note)) {
                let name = self.columns.get(at).map_or("", |column| &column.name);
                self.warnings.push(told(name, note));
            }
        }
        Ok(read)
    }

    fn end_here(&mut self, why: &Why) -> Problem {
        let row = self.row + 1;
        self.group = None;
        Problem::new(row, "cannot_read", why.at(row, self.next_group))
    }
}

type RowOr = std::result::Result<RawRow, Problem>;

impl Iterator for ParquetRows {
    type Item = RowOr;

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken.is_some() {
            return None;
        }
        let read = caught(|| self.read())
            .unwrap_or_else(|| Err(Why::damaged("its bytes contradict themselves")));
        match read {
            Ok(None) => {
                self.count.store(self.length, Ordering::Relaxed);
                None
            }
            Ok(Some(row)) => {
                self.row += 1;
                let part = u128::from(self.length) * u128::from(self.row)
                    / u128::from(self.rows.max(self.row));
                let part = u64::try_from(part).unwrap_or(self.length);
                self.count.store(part, Ordering::Relaxed);
                Some(row)
            }
            Err(why) => {
                let problem = self.end_here(&why);
                self.broken = Some(problem.clone());
                Some(Err(problem))
            }
        }
    }
}

fn told(name: &str, note: Note) -> Problem {
    let shown = shorten(name);
    let (code, message) = match note {
        Note::Bytes => (
            "bytes_as_text",
            format!("{shown} holds bytes, which JSON has not: they are kept as base64 text"),
        ),
        Note::NotFinite => (
            "not_finite",
            format!(
                "{shown} holds numbers that JSON has not: they are kept as the texts NaN, \
                 Infinity and -Infinity"
            ),
        ),
    };
    Problem::new(0, code, message).of(name)
}
