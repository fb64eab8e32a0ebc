//! What can go wrong with a project on disk, in words for the person in front of it.

use std::path::PathBuf;

/// An operation of the store that was refused or failed. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no project in the folder.
    #[error("{} holds no Tiebreak project: make one with `tiebreak new`, or name its folder", .0.display())]
    NoProject(PathBuf),
    /// The folder already holds one.
    #[error("{} already holds a project: open it, or choose another folder", .0.display())]
    AlreadyProject(PathBuf),
    /// The folder holds other things.
    #[error("{} is not empty: a new project needs an empty or a new folder", .0.display())]
    NotEmpty(PathBuf),
    /// The folder lies where SQLite cannot promise anything.
    #[error("{} {why}: two machines writing there can destroy the labels. Keep the project on a disk of this machine, and exchange copies or exports", .folder.display())]
    UnsafePlace {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The project is from a later version.
    #[error(
        "this project was written by a newer Tiebreak (its format is {found}, this program knows up to {known}): update Tiebreak to open it"
    )]
    TooNew {
        /// The project's format.
        found: i64,
        /// The last one this program knows.
        known: i64,
    },
    /// A project that is to be merged into itself.
    #[error("{} is the project that is merged into: name the folder of another one", .0.display())]
    SameProject(PathBuf),
    /// Two projects that say different things of one row.
    #[error(
        "both projects have the {what} {id}, and it says something else in each: one of them was changed by hand. Nothing was merged; `tiebreak export --format votes` on each shows where they differ"
    )]
    Conflict {
        /// Pair, assignment, vote, resolution.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The file is a database, but not ours.
    #[error("{} is not a Tiebreak project file, or it is damaged: {why}. Daily copies lie in the folder `backups` beside it", .file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What SQLite says.
        why: String,
    },
    /// No such annotator.
    #[error("there is no annotator “{0}” in this project: `tiebreak info` lists them")]
    NoAnnotator(String),
    /// A name that several annotators have.
    #[error(
        "“{name}” may be any of {} annotators: give the id instead, or as much of it as tells them apart ({})", .ids.len(), .ids.join(", ")
    )]
    SeveralAnnotators {
        /// The name.
        name: String,
        /// Who has it.
        ids: Vec<String>,
    },
    /// No such thing in this project.
    #[error("there is no {what} {id} in this project")]
    NotFound {
        /// Assignment, question, pair, medium.
        what: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// Somebody else's assignment.
    #[error(
        "that assignment is another annotator's: ask for the next question under the right name"
    )]
    NotYours,
    /// A vote on a pair without a criterion.
    #[error(
        "this pair has no criterion yet: write one first (`tiebreak criterion DIR PAIR --annotator NAME --text …`)"
    )]
    NoCriterion,
    /// One person more than a project shares its pairs among.
    #[error(
        "this project shares its questions among {0} people, and {0} have begun: label under one of their names, or ask the project's owner"
    )]
    NoPlace(u32),
    /// A place that is to be given on, of somebody whose votes stand.
    #[error(
        "{0} has votes that stand, and keeps the place: move the work to another name first, or take it back"
    )]
    PlaceInUse(String),
    /// A place that nobody has.
    #[error("{0} has no place to give on: nothing was dealt to that name")]
    HoldsNoPlace(String),
    /// A vote by somebody who adjudicated the question.
    #[error(
        "you have adjudicated this question and seen its votes: yours would not be blind. Skip it"
    )]
    SawVotes,
    /// An id of the data that several questions have.
    #[error(
        "{count} questions have the id “{id}” in the data: give the question's own id, which `next` and `disagreements` print"
    )]
    SeveralQuestions {
        /// The id.
        id: String,
        /// How many have it.
        count: usize,
    },
    /// A second decision before the votes.
    #[error(
        "you have decided on that question already ({0}), and the votes were shown: settle it now"
    )]
    DecidedAlready(String),
    /// A skip of something already answered.
    #[error("that question has your answer already: undo the vote before you skip it")]
    AlreadyVoted,
    /// A value that the vocabulary refuses.
    #[error(transparent)]
    Domain(#[from] tiebreak_domain::DomainError),
    /// A media file.
    #[error(transparent)]
    Media(#[from] tiebreak_media::MediaError),
    /// The disk is full.
    #[error("the disk is full: nothing of this was written. Free some space and try again")]
    DiskFull,
    /// The project's folder cannot be written to.
    #[error(
        "the project's folder cannot be written to: check its permissions, and that it is not mounted read-only"
    )]
    Unwritable,
    /// The disk does not do what it is asked.
    #[error(
        "the disk failed ({0}): nothing of this was written. If the disk is full, free some space; else look after the disk before you go on"
    )]
    Disk(String),
    /// Another process holds the project for too long.
    #[error("another program is writing to this project and did not finish: try again in a moment")]
    Busy,
    /// A file could not be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A stored value that cannot be read back.
    #[error(
        "the project holds something this program cannot read ({0}): `tiebreak check` says more"
    )]
    Corrupt(String),
    /// Anything else that SQLite says.
    #[error("the project's database refused: {0}")]
    Database(sqlx::Error),
}

impl StoreError {
    /// A word for the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoProject(_) => "no_project",
            Self::AlreadyProject(_) => "already_project",
            Self::NotEmpty(_) => "not_empty",
            Self::UnsafePlace { .. } => "unsafe_place",
            Self::TooNew { .. } => "too_new",
            Self::SameProject(_) => "same_project",
            Self::Conflict { .. } => "conflict",
            Self::Damaged { .. } => "damaged",
            Self::NoAnnotator(_) => "no_annotator",
            Self::SeveralAnnotators { .. } => "several_annotators",
            Self::NotFound { .. } => "not_found",
            Self::NotYours => "not_yours",
            Self::NoCriterion => "no_criterion",
            Self::NoPlace(_) => "no_place",
            Self::PlaceInUse(_) => "place_in_use",
            Self::HoldsNoPlace(_) => "holds_no_place",
            Self::SawVotes => "saw_votes",
            Self::SeveralQuestions { .. } => "several_questions",
            Self::DecidedAlready(_) => "decided_already",
            Self::AlreadyVoted => "already_voted",
            Self::Domain(_) => "bad_value",
            Self::Media(media) => media.code(),
            Self::DiskFull => "disk_full",
            Self::Busy => "busy",
            Self::Unwritable => "unwritable",
            Self::Disk(_) => "disk",
            Self::Io { .. } => "io",
            Self::Corrupt(_) => "corrupt",
            Self::Database(_) => "database",
        }
    }

    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn corrupt(what: impl std::fmt::Display) -> Self {
        Self::Corrupt(what.to_string())
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // SQLite's result codes (sqlite.org/rescode.html): the low byte is the primary one.
        const SHARED_MEMORY: u32 = 4874;
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .and_then(|code| code.parse::<u32>().ok());
        match (code, code.map(|code| code & 0xff)) {
            (Some(SHARED_MEMORY), _) | (_, Some(13)) => Self::DiskFull,
            (_, Some(5 | 6)) => Self::Busy,
            (_, Some(8 | 14)) => Self::Unwritable,
            (_, Some(10)) => Self::Disk(error.to_string()),
            (_, Some(11 | 26)) => Self::Corrupt(error.to_string()),
            _ => Self::Database(error),
        }
    }
}

/// The result of an operation of the store.
pub type Result<T> = std::result::Result<T, StoreError>;
