//! What can go wrong with a whole file, and what can be said of one row. A file is refused as a
//! whole only when nothing in it can be understood; all else is a [`Problem`] of one row.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

/// Why a file cannot be read or written at all. Every message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The operating system does not give the file.
    #[error("{} cannot be read: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A folder, a device or a pipe.
    #[error("{} is not a file: give the file that holds the rows", .0.display())]
    NotAFile(PathBuf),
    /// Nothing is in the file.
    #[error("the file is empty: it holds no rows to read")]
    Empty,
    /// The file is something else.
    #[error("{0}")]
    NotRows(String),
    /// A JSON object around the list of rows.
    #[error(
        "the file is one object, and its rows stand under “{0}”: save that list alone, for \
         example with `jq '.[\"{0}\"]' FILE > rows.json`, and import that"
    )]
    Wrapped(String),
    /// Rows of a shape that no format has.
    #[error(
        "the format of the file is not recognised: give a mapping that says which field is what \
         (the fields there are: {0})"
    )]
    NeedsMapping(String),
    /// Rows without a task.
    #[error(
        "the task of these rows is not known: name the file <task>_preferences.json (a Parquet file: \
         <task>.parquet, or put it in a folder <task>), give the task, or add a field “task” to the \
         rows (tasks: {0})"
    )]
    NeedsTask(String),
    /// A format that is written, never read.
    #[error("the format “{0}” is only written: to read a table, give a mapping")]
    WriteOnly(&'static str),
    /// An unknown format id.
    #[error(
        "“{0}” is not a format: use omni-rewardbench, omni-rewardbench-parquet, mapped, votes or csv"
    )]
    UnknownFormat(String),
    /// A mapping that contradicts itself.
    #[error("the mapping is not usable: {0}")]
    BadMapping(String),
    /// A mapping that speaks of fields the file does not have.
    #[error(
        "the mapping names fields that the file does not have: {missing}; the fields there are: \
         {present}"
    )]
    MissingFields {
        /// Named, but not there.
        missing: String,
        /// There.
        present: String,
    },
    /// A kept value that is not JSON.
    #[error("the kept value of “{0}” is not JSON: `check` the project before exporting it")]
    BadKept(String),
    /// The operating system does not take the file.
    #[error("the file cannot be written: {0}")]
    Write(#[from] std::io::Error),
    /// A table that cannot be written.
    #[error("the table cannot be written: {0}")]
    Table(#[from] csv::Error),
    /// A line that cannot be written.
    #[error("the line cannot be written: {0}")]
    Line(#[from] serde_json::Error),
}

impl ExchangeError {
    /// A word that programs can branch on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Open { .. } => "cannot_open",
            Self::NotAFile(_) => "not_a_file",
            Self::Empty => "empty_file",
            Self::NotRows(_) => "not_rows",
            Self::Wrapped(_) => "wrapped_rows",
            Self::NeedsMapping(_) => "needs_mapping",
            Self::NeedsTask(_) => "needs_task",
            Self::WriteOnly(_) => "write_only",
            Self::UnknownFormat(_) => "unknown_format",
            Self::BadMapping(_) => "bad_mapping",
            Self::MissingFields { .. } => "missing_fields",
            Self::BadKept(_) => "bad_kept_value",
            Self::Write(_) | Self::Table(_) | Self::Line(_) => "cannot_write",
        }
    }
}

/// The result of reading or writing a file.
pub type Result<T> = std::result::Result<T, ExchangeError>;

/// Something worth telling of one row: why it is refused, or what was made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The row, from 1; 0 where it concerns the file.
    pub row: u64,
    /// The field it is about.
    pub field: Option<String>,
    /// A word that programs can branch on.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// A problem of a row.
    #[must_use]
    pub fn new(row: u64, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            row,
            field: None,
            code,
            message: message.into(),
        }
    }

    /// The same, of one field.
    #[must_use]
    pub fn of(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.row > 0 {
            write!(f, "row {}: ", self.row)?;
        }
        f.write_str(&self.message)
    }
}

/// The start of a text that is quoted in a message.
pub(crate) fn shorten(text: &str) -> String {
    const KEEP: usize = 60;
    let mut kept: String = text
        .chars()
        .take(KEEP)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(KEEP).is_some() {
        kept.push('…');
    }
    kept
}

/// Names in a message, at most twenty of them.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 20;
    let mut names = names.into_iter();
    let shown: Vec<_> = names.by_ref().take(MOST).map(shorten).collect();
    let left = names.count();
    match (shown.is_empty(), left) {
        (true, _) => "none".to_owned(),
        (false, 0) => shown.join(", "),
        (false, more) => format!("{} and {more} more", shown.join(", ")),
    }
}
