//! Opening a file: what it is, why that is thought, and then its rows, one after the other.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tiebreak_domain::{NINE_TASKS, Task};

use crate::error::{ExchangeError, Problem, Result, listed};
use crate::fields::RawRow;
use crate::format::FormatId;
use crate::head::{Head, Shape, bytes};
use crate::json::cells::cells;
use crate::json::split::{Split, Splitter};
use crate::mapped::MappedRows;
use crate::mapping::Mapping;
use crate::omni_read::{OmniRows, task_of_name, task_of_table};
use crate::parquet_read::ParquetRows;
use crate::row::Item;
use crate::sample::Sample;
use crate::table::Table;
use crate::votes;

/// What the person says about the file.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The format; found out when it is not given.
    pub format: Option<FormatId>,
    /// Which field means what, for files of no known format.
    pub mapping: Option<Mapping>,
    /// The task of all rows; goes before what the file says.
    pub task: Option<Task>,
}

/// The rows of a file. An `Err` is a row that is refused, and the next ones follow; after one that
/// ends the file, [`Reader::broken`] says so.
pub struct Reader {
    format: FormatId,
    why: String,
    count: Arc<AtomicU64>,
    total: u64,
    warnings: Vec<Problem>,
    rows: Rows,
    meaning: Meaning,
}

enum Meaning {
    Omni(OmniRows),
    Mapped(Box<MappedRows>),
    Votes,
}

/// The rows of a file, taken apart where they are tables, whole where they are JSON.
pub(crate) enum Rows {
    Json(Splitter),
    Table(Table),
    Parquet(Box<ParquetRows>),
}

impl Rows {
    pub(crate) fn open(path: &Path, shape: Shape, count: &Arc<AtomicU64>) -> Result<Self> {
        Ok(match shape {
            Shape::Json(layout) => Self::Json(Splitter::new(bytes(path, count)?, layout)),
            Shape::Table(delimiter) => Self::Table(Table::new(bytes(path, count)?, delimiter)?),
            Shape::Parquet => Self::Parquet(Box::new(ParquetRows::open(path, count)?)),
        })
    }

    /// The next row, as fields and values.
    pub(crate) fn next_raw(&mut self) -> Option<std::result::Result<RawRow, Problem>> {
        match self {
            Self::Json(splitter) => splitter.next().map(|split| split.and_then(apart)),
            Self::Table(table) => table.next(),
            Self::Parquet(rows) => rows.next(),
        }
    }

    pub(crate) fn broken(&self) -> Option<&Problem> {
        match self {
            Self::Json(splitter) => splitter.broken.as_ref(),
            Self::Table(table) => table.broken.as_ref(),
            Self::Parquet(rows) => rows.broken.as_ref(),
        }
    }

    fn warnings(&mut self) -> &mut Vec<Problem> {
        match self {
            Self::Json(splitter) => &mut splitter.warnings,
            Self::Table(table) => &mut table.warnings,
            Self::Parquet(rows) => &mut rows.warnings,
        }
    }
}

fn apart(split: Split) -> std::result::Result<RawRow, Problem> {
    let row = split.row;
    if !split.json.starts_with('{') {
        let seen = crate::error::shorten(&split.json);
        let message = format!("the row is {seen}, not an object: a row is {{\"field\": value, …}}");
        return Err(Problem::new(row, "not_an_object", message));
    }
    let mut remarks = Vec::new();
    let cells = cells(row, &split.json, &mut remarks)?;
    Ok(RawRow {
        row,
        cells,
        embedded: vec![],
        remarks,
    })
}

/// Opens a file and finds out what it is. Nothing but its beginning is read yet.
pub fn open(path: &Path, options: &ReadOptions) -> Result<Reader> {
    let head = Head::read(path)?;
    if options.format == Some(FormatId::Csv) {
        return Err(ExchangeError::WriteOnly(FormatId::Csv.as_str()));
    }
    let shape = match head.shape(path) {
        // A project without votes exports a file without lines.
        Err(ExchangeError::Empty) if options.format == Some(FormatId::Votes) => {
            Shape::Json(crate::json::split::Layout::Lines)
        }
        shape => shape?,
    };
    let sample = Sample::take(path, shape)?;
    let named = match shape {
        Shape::Parquet => task_of_table(path),
        _ => task_of_name(path),
    };
    let (format, why) = detect(options, shape, &sample, named.as_ref(), &head)?;
    let mut warnings = Vec::new();
    if head.marked {
        let message = "the file begins with a byte order mark: it is left out".to_owned();
        warnings.push(Problem::new(0, "byte_order_mark", message));
    }
    let meaning = match format {
        FormatId::Mapped => mapped(options, &sample, &head, &mut warnings)?,
        FormatId::Votes => Meaning::Votes,
        FormatId::OmniRewardbench | FormatId::OmniRewardbenchParquet | FormatId::Csv => {
            omni(options, &sample, named)?
        }
    };
    if options.mapping.is_some() && format != FormatId::Mapped {
        let message = format!("the mapping is not used: the format is {format}");
        warnings.push(Problem::new(0, "mapping_not_used", message));
    }
    let count = Arc::new(AtomicU64::new(0));
    let rows = Rows::open(path, shape, &count)?;
    let meaning = match (meaning, &rows) {
        (Meaning::Omni(omni), Rows::Parquet(rows)) => Meaning::Omni(OmniRows {
            published: Some(rows.media().cloned().collect()),
            ..omni
        }),
        (meaning, _) => meaning,
    };
    let mut reader = Reader {
        format,
        why,
        count,
        total: head.total,
        warnings,
        rows,
        meaning,
    };
    reader.collect_warnings();
    Ok(reader)
}

fn detect(
    options: &ReadOptions,
    shape: Shape,
    sample: &Sample,
    named: Option<&Task>,
    head: &Head,
) -> Result<(FormatId, String)> {
    let (format, why) = match (options.format, &options.mapping) {
        (Some(format), _) => (format, format!("{format} was asked for")),
        (None, Some(_)) => (FormatId::Mapped, "a mapping was given".to_owned()),
        (None, None) => match shape {
            Shape::Json(_) => by_fields(sample, named, head)?,
            Shape::Table(_) => return Err(sample.needs_mapping()),
            Shape::Parquet => by_columns(sample, named)?,
        },
    };
    let says = match (shape, format) {
        (_, FormatId::Mapped)
        | (Shape::Parquet, FormatId::OmniRewardbenchParquet)
        | (Shape::Json(_), FormatId::OmniRewardbench | FormatId::Votes | FormatId::Csv) => {
            return Ok((format, why));
        }
        (Shape::Json(_), FormatId::OmniRewardbenchParquet) => {
            "the file is JSON, not Parquet: read it as omni-rewardbench, or leave the format out"
                .to_owned()
        }
        (Shape::Table(_), _) => {
            let wanted = match format {
                FormatId::OmniRewardbenchParquet => "Parquet",
                _ => "JSON",
            };
            format!("the file is a table, but {format} is {wanted}: give a mapping to read it")
        }
        (Shape::Parquet, FormatId::OmniRewardbench) => {
            "the file is Parquet, but omni-rewardbench is JSON: read it as \
             omni-rewardbench-parquet, or leave the format out"
                .to_owned()
        }
        (Shape::Parquet, _) => {
            format!("the file is Parquet, but {format} is JSON: give a mapping to read it")
        }
    };
    Err(ExchangeError::NotRows(says))
}

/// A Parquet table is the published benchmark where it has its columns.
fn by_columns(sample: &Sample, named: Option<&Task>) -> Result<(FormatId, String)> {
    let names = ["prompt", "response1", "response2"];
    if !names.iter().all(|name| sample.has(name)) {
        return Err(sample.needs_mapping());
    }
    let mut why = format!(
        "it is a Parquet table with the columns {}, {} and {}",
        names[0], names[1], names[2]
    );
    if let Some(task) = named {
        why.push_str(&format!(", and its name or its folder's says {task}"));
    }
    Ok((FormatId::OmniRewardbenchParquet, why))
}

fn by_fields(sample: &Sample, named: Option<&Task>, head: &Head) -> Result<(FormatId, String)> {
    let has = |names: &[&str]| names.iter().all(|name| sample.has(name));
    if has(&["vote", "assignment", "question", "verdict"]) {
        let why = "its rows have vote, assignment, question and verdict".to_owned();
        return Ok((FormatId::Votes, why));
    }
    let sides = [
        ["response1", "response2"],
        ["response1_path", "response2_path"],
    ];
    if let (true, Some(sides)) = (has(&["prompt"]), sides.iter().find(|names| has(*names))) {
        let mut why = format!("its rows have prompt, {} and {}", sides[0], sides[1]);
        if let Some(task) = named {
            why.push_str(&format!(", and its name says {task}"));
        }
        return Ok((FormatId::OmniRewardbench, why));
    }
    match (&sample.first_problem, sample.rows) {
        (Some(problem), 0) => Err(ExchangeError::NotRows(format!(
            "no row of the file's beginning can be read; the first: {}",
            problem.message
        ))),
        (None, 0) => Ok((FormatId::OmniRewardbench, "it is an empty list".to_owned())),
        _ => Err(head
            .wrapped()
            .map_or_else(|| sample.needs_mapping(), ExchangeError::Wrapped)),
    }
}

fn omni(options: &ReadOptions, sample: &Sample, named: Option<Task>) -> Result<Meaning> {
    let unknown = options.task.is_none() && named.is_none() && !sample.has("task");
    if unknown && sample.rows > 0 {
        return Err(ExchangeError::NeedsTask(listed(NINE_TASKS)));
    }
    Ok(Meaning::Omni(OmniRows {
        given: options.task.clone(),
        named,
        published: None,
    }))
}

fn mapped(
    options: &ReadOptions,
    sample: &Sample,
    head: &Head,
    warnings: &mut Vec<Problem>,
) -> Result<Meaning> {
    let Some(mapping) = options.mapping.clone() else {
        return Err(sample.needs_mapping());
    };
    mapping.validate()?;
    if mapping.task.is_none() && options.task.is_none() {
        return Err(ExchangeError::NeedsTask(listed(NINE_TASKS)));
    }
    // A table has its columns even without rows.
    if sample.rows > 0 || !sample.fields.is_empty() {
        let checked = mapping.check_fields(&sample.fields);
        checked.map_err(|error| head.wrapped().map_or(error, ExchangeError::Wrapped))?;
    }
    let rows = MappedRows::new(mapping, options.task.clone());
    for name in rows.hidden(&sample.fields) {
        let message = format!(
            "the file's own {name} is left out: the name is taken by what the mapping makes of \
             the row; map the field, or rename it, to keep it"
        );
        warnings.push(Problem::new(0, "name_taken", message).of(name));
    }
    Ok(Meaning::Mapped(Box::new(rows)))
}

impl Reader {
    /// The format.
    #[must_use]
    pub const fn format(&self) -> FormatId {
        self.format
    }

    /// Why it is thought to be this format.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }

    /// Whether rows may hold the bytes of media, as those of a Parquet table do.
    #[must_use]
    pub const fn holds_media(&self) -> bool {
        matches!(self.rows, Rows::Parquet(_))
    }

    /// How many bytes have been read so far.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// How many bytes the file had when it was opened.
    #[must_use]
    pub const fn bytes_total(&self) -> u64 {
        self.total
    }

    /// What is worth telling of the file as a whole, as far as it has been read.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// What ended the file before its end: it is cut off, or cannot be read on.
    #[must_use]
    pub fn broken(&self) -> Option<&Problem> {
        self.rows.broken()
    }

    fn collect_warnings(&mut self) {
        self.warnings.append(self.rows.warnings());
    }
}

impl Iterator for Reader {
    type Item = std::result::Result<Item, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = match (&self.meaning, &mut self.rows) {
            (Meaning::Votes, Rows::Json(splitter)) => splitter.next().map(|split| {
                let vote = split.and_then(|split| votes::understand(&split))?;
                Ok(Item::Vote(Box::new(vote)))
            }),
            (Meaning::Omni(omni), rows) => rows
                .next_raw()
                .map(|row| Ok(Item::Pair(omni.understand(row?)?))),
            (Meaning::Mapped(mapped), rows) => rows
                .next_raw()
                .map(|row| Ok(Item::Pair(mapped.understand(row?)?))),
            (Meaning::Votes, Rows::Table(_) | Rows::Parquet(_)) => None,
        };
        self.collect_warnings();
        item
    }
}
