//! The first rows of a file, looked at before it is read: which fields it has, and what stands in
//! them. Enough to tell formats apart and to offer fields in drop-downs.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use crate::error::{ExchangeError, Problem, Result, listed, shorten};
use crate::fields::RawRow;
use crate::head::{Head, Shape};
use crate::json::cells::MOST_FIELDS;
use crate::reader::Rows;

const ROWS: usize = 1000;
const BYTES: u64 = 8 << 20;

/// A field of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Up to three different values, shortened.
    pub examples: Vec<String>,
    /// All values, where the first rows hold at most twelve different short ones, in the order in
    /// which they come; empty otherwise. Blank ones are left out.
    pub values: Vec<String>,
}

/// The fields of a file's first rows, in the order in which they come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Columns {
    /// The fields.
    pub fields: Vec<Column>,
    /// How many rows were looked at.
    pub rows: usize,
}

/// Looks at the first rows of a file.
pub fn columns(path: &Path) -> Result<Columns> {
    let head = Head::read(path)?;
    let shape = head.shape(path)?;
    if let Some(name) = head.wrapped() {
        return Err(ExchangeError::Wrapped(name));
    }
    let mut gathered = Gathered::default();
    let sample = Sample::each(path, shape, |row| gathered.add(row))?;
    if let (Some(problem), 0) = (&sample.first_problem, sample.rows) {
        return Err(ExchangeError::NotRows(problem.message.clone()));
    }
    Ok(gathered.finish(sample))
}

/// What the first rows of a file are like.
pub(crate) struct Sample {
    /// Their fields, in the order in which they come.
    pub(crate) fields: Vec<String>,
    /// How many could be read.
    pub(crate) rows: usize,
    pub(crate) first_problem: Option<Problem>,
}

impl Sample {
    pub(crate) fn take(path: &Path, shape: Shape) -> Result<Self> {
        Self::each(path, shape, |_| {})
    }

    fn each(path: &Path, shape: Shape, mut look: impl FnMut(&RawRow)) -> Result<Self> {
        let count = Arc::new(AtomicU64::new(0));
        let mut rows = Rows::open(path, shape, &count)?;
        let mut sample = Self {
            fields: vec![],
            rows: 0,
            first_problem: None,
        };
        let mut known: HashSet<String> = HashSet::new();
        let mut add = |name: &String, fields: &mut Vec<String>| {
            if fields.len() < MOST_FIELDS && known.insert(name.clone()) {
                fields.push(name.clone());
            }
        };
        match &rows {
            Rows::Json(_) => {}
            Rows::Table(table) => {
                let names = table.names().iter();
                names.for_each(|name| add(name, &mut sample.fields));
            }
            Rows::Parquet(rows) => rows.names().for_each(|name| add(name, &mut sample.fields)),
        }
        for _ in 0..ROWS {
            if count.load(Ordering::Relaxed) > BYTES {
                break;
            }
            match rows.next_raw() {
                None => break,
                Some(Err(problem)) => {
                    sample.first_problem.get_or_insert(problem);
                }
                Some(Ok(row)) => {
                    sample.rows += 1;
                    for (name, _) in &row.cells {
                        add(name, &mut sample.fields);
                    }
                    look(&row);
                }
            }
        }
        Ok(sample)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|known| known == name)
    }

    pub(crate) fn needs_mapping(&self) -> ExchangeError {
        ExchangeError::NeedsMapping(listed(self.fields.iter().map(String::as_str)))
    }
}

/// Values as they are gathered per field.
#[derive(Default)]
struct Gathered {
    values: HashMap<String, Vec<String>>,
}

const FEW: usize = 12;
const SHORT: usize = 60;

impl Gathered {
    fn add(&mut self, row: &RawRow) {
        for (name, raw) in &row.cells {
            // One more than few, so that "few" can be told from "more".
            if !self.values.contains_key(name) && self.values.len() < MOST_FIELDS {
                self.values.insert(name.clone(), vec![]);
            }
            let Some(values) = self.values.get_mut(name).filter(|v| v.len() <= FEW) else {
                continue;
            };
            let words = raw.words();
            if words.trim().is_empty() {
                continue;
            }
            let long = words.chars().nth(SHORT).is_some();
            let value = if long { shorten(&words) } else { words };
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }

    fn finish(mut self, sample: Sample) -> Columns {
        let fields = sample.fields.into_iter().map(|name| {
            let mut values = self.values.remove(&name).unwrap_or_default();
            let examples = values.iter().take(3).map(|value| shorten(value)).collect();
            let few = values.len() <= FEW && values.iter().all(|v| v.chars().nth(SHORT).is_none());
            if !few {
                values.clear();
            }
            Column {
                name,
                examples,
                values,
            }
        });
        Columns {
            fields: fields.collect(),
            rows: sample.rows,
        }
    }
}
