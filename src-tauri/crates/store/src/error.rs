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
        "this was written by a newer Tiebreak (its format is {found}, this program knows up to {known}): update Tiebreak to open it"
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
    /// A work package that cannot be read.
    #[error("{} is not a Tiebreak work package, or it is damaged: {why}. Get it again from whoever sent it; if you have labelled in this one, keep it and tell them", .file.display())]
    DamagedPackage {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A work package in which nothing could be saved.
    #[error("{} cannot be written to, so no label could be saved in it: copy it into a folder of your own, check the permissions of both, and open the copy", .0.display())]
    PackageUnwritable(PathBuf),
    /// An owner's act on a work package.
    #[error("{} is a work package: one person labels in it, and sends it back. Everything else is done in the project it was made from", .0.display())]
    IsPackage(PathBuf),
    /// Somebody else than the person a package is for.
    #[error("this work package was made for “{0}”: ask the project's owner for one of your own")]
    PackageOfAnother(String),
    /// A package whose pairs are not here.
    #[error("{} was made from another project: none of its pairs is here. Merge it into the project that it came from", .0.display())]
    ForeignPackage(PathBuf),
    /// A file that would be replaced.
    #[error("{} is there already: choose another name, or move it away", .0.display())]
    FileThere(PathBuf),
    /// Nothing to put into a package.
    #[error(
        "there is no question for “{0}” in this project: import some first, or choose another annotator"
    )]
    NothingToPack(String),
    /// Somebody began while a package was made.
    #[error(
        "somebody else began to label meanwhile, and has the place that this package was made for: make it again"
    )]
    PlaceTaken,
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
    /// A verdict that the project does not have.
    #[error(
        "this project has no “both bad”: say which response is better or that they tie, or skip the question with the reason"
    )]
    NoBothBad,
    /// Something that belongs to another phase of the project.
    #[error("{}", other_phase(*.now, *.wanted))]
    OtherPhase {
        /// The phase that the project is in.
        now: tiebreak_domain::Phase,
        /// The phase in which that is done.
        wanted: tiebreak_domain::Phase,
    },
    /// An edit that changes nothing.
    #[error("the criterion says that already: give a sentence that differs from it")]
    SameSentence,
    /// Questions that cannot stand for each other.
    #[error("only questions of one pair can say the same: name two different ones of a pair")]
    NotOfOnePair,
    /// A question that another one stands for already.
    #[error(
        "another question is asked in the place of {0} already: put the two apart first (`tiebreak criteria DIR --apart {0}`)"
    )]
    HasAnother(String),
    /// A name that no group can have.
    #[error(
        "“{0}” cannot be a group's name: use 1 to 80 visible characters, and not “ungrouped”, which is what is in none"
    )]
    BadGroup(String),
    /// A skip of something already answered.
    #[error("that question has your answer already: undo the vote before you skip it")]
    AlreadyVoted,
    /// Something is to be shown of a question that has no vote yet.
    #[error("what the model says is shown once your vote on this question is stored")]
    NotVoted,
    /// The project does not show predictions, or not yet.
    #[error("this project does not show now what a model says")]
    NotRevealed,
    /// The silent arm, or no prediction: nobody learns which.
    #[error("there is nothing to show about this question")]
    NothingToReveal,
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
            Self::DamagedPackage { .. } => "damaged",
            Self::PackageUnwritable(_) => "package_unwritable",
            Self::IsPackage(_) => "is_package",
            Self::PackageOfAnother(_) => "package_of_another",
            Self::ForeignPackage(_) => "foreign_package",
            Self::FileThere(_) => "exists",
            Self::NothingToPack(_) => "nothing_to_pack",
            Self::PlaceTaken => "place_taken",
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
            Self::NoBothBad => "no_both_bad",
            Self::OtherPhase { .. } => "other_phase",
            Self::SameSentence => "same_sentence",
            Self::NotOfOnePair => "not_of_one_pair",
            Self::HasAnother(_) => "has_another",
            Self::BadGroup(_) => "bad_group",
            Self::AlreadyVoted => "already_voted",
            Self::NotVoted => "not_voted",
            Self::NotRevealed => "not_revealed",
            Self::NothingToReveal => "nothing_to_reveal",
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

fn other_phase(now: tiebreak_domain::Phase, wanted: tiebreak_domain::Phase) -> &'static str {
    use tiebreak_domain::Phase;
    match (now, wanted) {
        (Phase::Write, _) => {
            "this project is in the phase in which people write criteria: voting begins once its owner has looked through them (`tiebreak phase DIR vote`)"
        }
        (Phase::Review, Phase::Write) => {
            "the criteria are being looked through: none is added now. The owner can go back to writing (`tiebreak phase DIR write`)"
        }
        (Phase::Review, _) => {
            "the criteria are being looked through: voting begins when that is done (`tiebreak phase DIR vote`)"
        }
        (Phase::Vote, _) => {
            "the criteria of this project are settled, and people vote on them: none is added any more. The owner can go back to writing (`tiebreak phase DIR write`)"
        }
    }
}

/// The result of an operation of the store.
pub type Result<T> = std::result::Result<T, StoreError>;
