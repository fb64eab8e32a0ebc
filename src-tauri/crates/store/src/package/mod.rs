//! A work package: one file in which one person labels, away from the project it was made from.
//!
//! It is a database of the project's form with the mark of a package, and holds its media. What an
//! annotator must not know is not in it: see `columns`. It opens as a [`Project`] does, so that an
//! act in it follows the same rules and is on disk in this very file when it is acknowledged. It
//! keeps a rollback journal, not a log beside it: between two acts the one file is all there is, and
//! can be sent.

mod columns;
mod media;
mod write;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use tiebreak_domain::{AnnotatorId, Clock};

pub(crate) use columns::SETTINGS;
pub use media::PackedFile;
pub use write::{PackageWriter, Packed};

use crate::error::{Result, StoreError};
use crate::project::{FILE, Project, file_options, one_writer};
use crate::{place, schema};

/// What only a package has, made when it is packed: its files in pieces, and which questions it
/// came with.
const TABLES: &str = "
CREATE TABLE package_file (
    media BLOB    NOT NULL REFERENCES media (id),
    -- 0 the medium itself, then the files that a scene needs beside it.
    n     INTEGER NOT NULL,
    name  TEXT    NOT NULL,
    bytes INTEGER NOT NULL,
    -- BLAKE3 of what is kept here: media are stripped, so it is not the medium's id.
    hash  BLOB    NOT NULL,
    PRIMARY KEY (media, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE package_piece (
    id    INTEGER PRIMARY KEY,
    media BLOB    NOT NULL,
    n     INTEGER NOT NULL,
    bytes BLOB    NOT NULL
) STRICT;
CREATE INDEX package_piece_by_file ON package_piece (media, n, id);
CREATE TABLE package_question (id BLOB NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
";

/// What a package says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageMark {
    /// The file.
    pub file: PathBuf,
    /// Who labels in it.
    pub annotator: AnnotatorId,
    /// His name.
    pub name: String,
}

/// An open package.
pub(crate) struct Package {
    pub(crate) mark: PackageMark,
    /// Random, for the name of the folder that its media are unpacked into.
    session: [u8; 16],
    /// That folder, once there is one. It goes with this value.
    folder: Mutex<Option<PathBuf>>,
}

/// Whether a file is a work package by its content, or is called one and belongs to no project.
#[must_use]
pub fn is_package(path: &Path) -> bool {
    if !path.is_file() {
        return false;
    }
    let mut head = [0; 72];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    if read.is_ok() && head.starts_with(b"SQLite format 3\0") {
        let mark = i64::from(u32::from_be_bytes([head[68], head[69], head[70], head[71]]));
        if mark == schema::PACKAGE_ID {
            return true;
        }
    }
    let called = path.extension().is_some_and(|ending| ending == "tiebreak");
    called && !path.with_file_name(FILE).is_file()
}

/// How a package is opened: every commit is whole in the one file.
fn options(file: &Path) -> SqliteConnectOptions {
    file_options(file)
        .journal_mode(SqliteJournalMode::Delete)
        .synchronous(SqliteSynchronous::Extra)
}

impl Project {
    /// Opens a work package. Nothing is copied beside it; its media are unpacked, when they are
    /// asked for, into a folder that goes when it is closed.
    pub async fn open_package(file: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        let file = std::path::absolute(file).map_err(StoreError::io(file))?;
        if !file.is_file() {
            return Err(StoreError::NoProject(file));
        }
        place::check(file.parent().unwrap_or(&file))?;
        let damaged = |error: StoreError| unreadable(&file, error);
        let write = one_writer(options(&file)).await.map_err(damaged)?;
        bring_up(&write).await.map_err(damaged)?;
        let mark = mark(&write, &file).await.map_err(damaged)?;
        let reading = options(&file);
        let mut project = Self::ready(&file, reading, write, Arc::clone(&clock)).await?;
        project.package = Some(Arc::new(Package {
            mark,
            session: clock.random(),
            folder: Mutex::new(None),
        }));
        Ok(project)
    }

    /// What the package says of itself; nothing where this is a project.
    #[must_use]
    pub fn package(&self) -> Option<&PackageMark> {
        self.package.as_deref().map(|package| &package.mark)
    }

    /// Refuses an owner's act on a work package.
    pub fn refuse_package(&self) -> Result<()> {
        match self.package() {
            Some(mark) => Err(StoreError::IsPackage(mark.file.clone())),
            None => Ok(()),
        }
    }
}

/// What SQLite says of a file, said of a package.
pub(crate) fn unreadable(file: &Path, error: StoreError) -> StoreError {
    match error {
        StoreError::Corrupt(why) => StoreError::DamagedPackage {
            file: file.to_path_buf(),
            why,
        },
        StoreError::Unwritable => StoreError::PackageUnwritable(file.to_path_buf()),
        other => other,
    }
}

/// Brings an older package up to date, and tries whether it can be written to: a label that cannot
/// be saved must not be asked for.
async fn bring_up(write: &SqlitePool) -> Result<()> {
    let mut db = write.acquire().await?;
    match schema::package_state(&mut db).await? {
        schema::State::Current => {}
        schema::State::Empty => return Err(StoreError::corrupt("it is empty")),
        schema::State::Behind => schema::migrate(&mut db).await?,
    }
    drop(db);
    let mut tx = write.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("INSERT INTO setting (key, value) VALUES ('package_trial', '')")
        .execute(&mut *tx)
        .await?;
    tx.rollback().await?;
    Ok(())
}

async fn mark(db: &SqlitePool, file: &Path) -> Result<PackageMark> {
    let annotator: Option<String> =
        sqlx::query_scalar("SELECT value FROM setting WHERE key = 'package_annotator'")
            .fetch_optional(db)
            .await?;
    let annotator: AnnotatorId = annotator
        .ok_or_else(|| StoreError::corrupt("it does not say whom it is for"))?
        .parse()?;
    let name: Option<String> = sqlx::query_scalar("SELECT name FROM annotator WHERE id = ?")
        .bind(annotator.uuid())
        .fetch_optional(db)
        .await?;
    Ok(PackageMark {
        file: file.to_path_buf(),
        annotator,
        name: name.ok_or_else(|| StoreError::corrupt("whom it is for is not in it"))?,
    })
}
