//! One row group: its columns, opened side by side, and its rows one after the other.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use ::parquet::basic::Compression;
use ::parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use super::columns::Column;
use super::holding::Holding;
use super::leaf::Leaf;
use super::pages::Pages;
use super::value::{Note, too_long, utf8};
use super::why::Why;
use crate::error::{Problem, shorten};
use crate::fields::{Embedded, RawRow};
use crate::json::raw::RawJson;

/// The columns of a row group, all at the same row.
pub(super) struct Group {
    leaves: Vec<Leaf>,
    /// Rows still to come.
    pub(super) left: u64,
}

impl Group {
    /// Opens a row group; says what is wrong with which column.
    pub(super) fn open(file: &Arc<File>, end: u64, group: &RowGroupMetaData) -> Result<Self, Why> {
        let left = u64::try_from(group.num_rows())
            .map_err(|_| Why::damaged("it declares fewer than no rows"))?;
        let held = Arc::new(AtomicU64::new(0));
        let leaves = group.columns().iter().map(|chunk| {
            let begun = Arc::new(AtomicBool::new(false));
            let holding = Holding::new(Arc::clone(&held), Arc::clone(&begun));
            pages(file, end, chunk, left, holding)
                .map(|pages| Leaf::new(&chunk.column_descr_ptr(), Box::new(pages), begun))
                .map_err(|why| why.of_column(chunk.column_descr().path().string()))
        });
        Ok(Self {
            leaves: leaves.collect::<Result<_, _>>()?,
            left,
        })
    }

    /// Moves to the next row.
    pub(super) fn advance(&mut self, paths: &[String]) -> Result<(), Why> {
        for (leaf, path) in self.leaves.iter_mut().zip(paths) {
            leaf.load()
                .map_err(|error| Why::from(error).of_column(path))?;
        }
        self.left -= 1;
        Ok(())
    }

    /// The row at hand, as cells. Notes go to `noted`, by the column's number.
    pub(super) fn row(
        &mut self,
        row: u64,
        columns: &[Column],
        noted: &mut Vec<(usize, Note)>,
    ) -> Result<RawRow, Problem> {
        let mut raw = RawRow {
            row,
            cells: Vec::with_capacity(columns.len()),
            embedded: Vec::new(),
            remarks: Vec::new(),
        };
        let (mut length, mut media) = (0, 0);
        for (at, column) in columns.iter().enumerate() {
            let mut notes = Vec::new();
            let cell = match column.media {
                Some(places) => {
                    let room = crate::source::LONGEST_ROW.saturating_sub(length);
                    let cell = self.medium(column, places, &mut raw, room);
                    let bytes = raw.embedded.iter().map(|file| file.bytes.len());
                    media = bytes.sum::<usize>();
                    cell
                }
                None => {
                    let mut out = String::new();
                    let written = column.node.write(&mut self.leaves, &mut out, &mut notes);
                    written.map(|()| RawJson::new(out))
                }
            };
            noted.extend(notes.into_iter().map(|note| (at, note)));
            let cell = cell.map_err(|why| {
                let code = if why.contains("UTF-8") {
                    "not_utf8"
                } else {
                    "bad_value"
                };
                let message = format!("{} {why}", shorten(&column.name));
                Problem::new(row, code, message).of(column.name.clone())
            })?;
            length += cell.as_str().len();
            if length + media > crate::source::LONGEST_ROW {
                let message = format!(
                    "the row is longer than {} MiB: it is not taken",
                    crate::source::LONGEST_ROW >> 20
                );
                return Err(Problem::new(row, "row_too_long", message));
            }
            raw.cells.push((column.name.clone(), cell));
        }
        Ok(raw)
    }

    /// A medium: its bytes are set beside the row, and its cell says what it is called.
    fn medium(
        &mut self,
        column: &Column,
        (bytes, path): (usize, usize),
        raw: &mut RawRow,
        room: usize,
    ) -> Result<RawJson, String> {
        const NULL: &str = "null";
        if column.node.is_null(&mut self.leaves)? {
            return Ok(RawJson::new(NULL));
        }
        let mut take = |at: usize| -> Result<Option<Vec<u8>>, String> {
            let leaf = self.leaves.get_mut(at).ok_or(super::leaf::UNEVEN)?;
            Ok(match leaf.take()? {
                Some(super::leaf::Scalar::Bytes(bytes)) if bytes.len() > room => {
                    return Err(too_long());
                }
                Some(super::leaf::Scalar::Bytes(bytes)) => Some(bytes.to_vec()),
                _ => None,
            })
        };
        let (bytes, path) = (take(bytes)?, take(path)?);
        let path = path.as_deref().map(utf8).transpose()?.map(str::to_owned);
        let Some(bytes) = bytes else {
            return Ok(path.map_or_else(|| RawJson::new(NULL), |path| RawJson::text(&path)));
        };
        let shown = path
            .clone()
            .unwrap_or_else(|| format!("{} bytes", bytes.len()));
        raw.embedded.push(Embedded {
            field: column.name.clone(),
            name: path,
            bytes,
        });
        Ok(RawJson::text(&shown))
    }
}

fn pages(
    file: &Arc<File>,
    end: u64,
    chunk: &ColumnChunkMetaData,
    rows: u64,
    holding: Holding,
) -> Result<Pages, Why> {
    if chunk.file_path().is_some_and(|path| !path.is_empty()) {
        let said = "its data lie in another file: write the table as one file";
        return Err(Why::refused(said));
    }
    let number = |value: i64| {
        u64::try_from(value).map_err(|_| Why::damaged("the footer declares less than nothing"))
    };
    let first = number(chunk.data_page_offset())?;
    let dictionary = chunk.dictionary_page_offset().filter(|at| *at > 0);
    let at = dictionary.map_or(Ok(first), |at| number(at).map(|at| at.min(first)))?;
    let stop = at.saturating_add(number(chunk.compressed_size())?);
    let left = number(chunk.num_values())?;
    if left > 0 && (at < 4 || stop > end || at >= stop) {
        let said = "the footer places its pages outside the file";
        return Err(Why::damaged(said));
    }
    let column = chunk.column_descr_ptr();
    if column.max_rep_level() == 0 && left != rows {
        return Err(Why::damaged(format!(
            "it has {left} values where the row group has {rows} rows"
        )));
    }
    if chunk.compression() == Compression::LZO {
        let said = "it is packed with LZO, which is not read: write the table packed with another";
        return Err(Why::refused(said));
    }
    Ok(Pages {
        file: Arc::clone(file),
        column,
        codec: chunk.compression(),
        at,
        end: stop,
        left,
        holding,
        begins_rows: false,
    })
}
