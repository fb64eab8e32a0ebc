//! Delimited tables: a header line, then a record a row. Cells are texts.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use csv::ByteRecord;

use crate::error::{ExchangeError, Problem, Result, listed};
use crate::fields::RawRow;
use crate::json::cells::MOST_FIELDS;
use crate::json::raw::RawJson;
use crate::source::{Bytes, LONGEST_ROW};

/// A quote that is never closed would make one record of the rest of the file: a record may take
/// so many bytes and no more.
struct Rationed {
    inner: Bytes,
    left: Arc<AtomicUsize>,
}

impl Read for Rationed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::other(format!(
                "a row is longer than {} MiB: perhaps a quote is not closed",
                LONGEST_ROW >> 20
            )));
        }
        let most = left.min(buffer.len());
        let read = self.inner.read(&mut buffer[..most])?;
        self.left.store(left - read, Ordering::Relaxed);
        Ok(read)
    }
}

/// The rows of a table.
pub(crate) struct Table {
    reader: csv::Reader<Rationed>,
    left: Arc<AtomicUsize>,
    names: Vec<String>,
    row: u64,
    record: ByteRecord,
    pub(crate) broken: Option<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

impl Table {
    /// Reads the header.
    pub(crate) fn new(source: Bytes, delimiter: u8) -> Result<Self> {
        let left = Arc::new(AtomicUsize::new(LONGEST_ROW));
        let rationed = Rationed {
            inner: source,
            left: Arc::clone(&left),
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(rationed);
        let header = reader.byte_headers().map_err(|error| {
            ExchangeError::NotRows(format!("the header line cannot be read: {error}"))
        })?;
        if header.len() > MOST_FIELDS {
            return Err(ExchangeError::NotRows(format!(
                "the table has {} columns: at most {MOST_FIELDS} are taken",
                header.len()
            )));
        }
        let mut warnings = Vec::new();
        let names = column_names(header, &mut warnings)?;
        Ok(Self {
            reader,
            left,
            names,
            row: 0,
            record: ByteRecord::new(),
            broken: None,
            warnings,
        })
    }

    /// The columns, in order.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    fn understand(&self) -> std::result::Result<RawRow, Problem> {
        let line = self.record.position().map_or(0, csv::Position::line);
        if self.record.len() != self.names.len() {
            let message = format!(
                "the row (line {line}) has {} cells where the header has {}: put cells that hold \
                 the delimiter in quotes",
                self.record.len(),
                self.names.len()
            );
            return Err(Problem::new(self.row, "uneven_row", message));
        }
        let mut cells = Vec::with_capacity(self.names.len());
        for (name, cell) in self.names.iter().zip(&self.record) {
            let text = std::str::from_utf8(cell).map_err(|error| {
                let at = error.valid_up_to() + 1;
                let message = format!(
                    "{name} (line {line}) is not UTF-8 at its byte {at}: save the file as UTF-8"
                );
                Problem::new(self.row, "not_utf8", message).of(name.clone())
            })?;
            cells.push((name.clone(), RawJson::text(text)));
        }
        Ok(RawRow {
            row: self.row,
            cells,
            embedded: vec![],
            remarks: vec![],
        })
    }
}

fn column_names(header: &ByteRecord, warnings: &mut Vec<Problem>) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for (at, cell) in header.iter().enumerate() {
        let given = std::str::from_utf8(cell).map_err(|_| {
            ExchangeError::NotRows(
                "the header line is not UTF-8: save the table as UTF-8".to_owned(),
            )
        })?;
        let mut name = given.to_owned();
        if name.trim().is_empty() || names.contains(&name) {
            name = format!("column {}", at + 1);
            while names.contains(&name) {
                name.push('\'');
            }
            let message = match given.trim() {
                "" => format!("column {} has no name: it is called “{name}”", at + 1),
                _ => format!(
                    "two columns are called {}: the later one is called “{name}”",
                    listed([given])
                ),
            };
            warnings.push(Problem::new(0, "column_renamed", message).of(name.clone()));
        }
        names.push(name);
    }
    Ok(names)
}

impl Iterator for Table {
    type Item = std::result::Result<RawRow, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken.is_some() {
            return None;
        }
        self.left.store(LONGEST_ROW, Ordering::Relaxed);
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => None,
            Ok(true) => {
                self.row += 1;
                Some(self.understand())
            }
            Err(error) => {
                let message = format!("the table cannot be read on from here: {error}");
                let problem = Problem::new(self.row + 1, "cannot_read", message);
                self.broken = Some(problem.clone());
                Some(Err(problem))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tests::dripping;

    #[test]
    fn bad_records_cost_themselves_alone() {
        let bytes = b"a,a,,b\r\n1,\"2\n\",3,\"4\"\"\"\r\n1,2\r\n\xff,2,3,4\r\n\r\n5,6,7,8";
        let table = Table::new(dripping(bytes, &[3]), b',').unwrap();
        assert_eq!(table.names(), ["a", "column 2", "column 3", "b"]);
        assert_eq!(table.warnings.len(), 2);
        let rows: Vec<_> = table
            .map(|row| match row {
                Ok(row) => row.cells[1].1.words() + &row.cells[3].1.words(),
                Err(problem) => format!("{} {}", problem.row, problem.code),
            })
            .collect();
        assert_eq!(rows, ["2\n4\"", "2 uneven_row", "3 not_utf8", "68"]);
    }
}
