//! Errors as they reach people and programs: a word, a sentence, and where.

use serde::Serialize;
use tiebreak_domain::DomainError;
use tiebreak_exchange::ExchangeError;
use tiebreak_media::MediaError;
use tiebreak_store::StoreError;

/// What a command answers when it cannot do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error, ts_rs::TS)]
#[error("{}", self.sentence())]
pub struct CommandError {
    /// A word for the kind of error, for programs.
    pub code: String,
    /// What is wrong and what to do, for people.
    pub message: String,
    /// The file it concerns.
    pub file: Option<String>,
    /// The row of the file, from 1.
    #[ts(type = "number | null")]
    pub row: Option<u64>,
    /// The field of the row.
    pub field: Option<String>,
}

/// The result of a command.
pub type Result<T> = std::result::Result<T, CommandError>;

impl CommandError {
    /// An error of this kind, with its sentence.
    #[must_use]
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            file: None,
            row: None,
            field: None,
        }
    }

    /// The same, about a file.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        self.file = Some(file.to_owned());
        self
    }

    fn sentence(&self) -> String {
        match &self.file {
            Some(file) => format!("{file}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<DomainError> for CommandError {
    fn from(error: DomainError) -> Self {
        Self::new("bad_value", error.to_string())
    }
}

impl From<ExchangeError> for CommandError {
    fn from(error: ExchangeError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<MediaError> for CommandError {
    fn from(error: MediaError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

pub(crate) fn io(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> CommandError {
    let file = path.display().to_string();
    move |error| {
        let message = match error.kind() {
            std::io::ErrorKind::NotFound => "it is not there: check the path".to_owned(),
            std::io::ErrorKind::PermissionDenied => {
                "the system does not allow it: check who may read and write there".to_owned()
            }
            std::io::ErrorKind::StorageFull => {
                "the disk is full: free some space and try again".to_owned()
            }
            _ => error.to_string(),
        };
        CommandError::new("io", message).in_file(&file)
    }
}
