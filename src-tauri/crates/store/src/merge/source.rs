//! The project that is read: opened read-only and left as it is. One of an older format is read
//! through a copy that is brought up to date; the project itself is neither migrated nor backed up.
//! Of a work package what was done in it is read, as a project of its own (see `package`).

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::MergeRemark;
use super::package::acts_of;
use crate::error::{Result, StoreError};
use crate::package::is_package;
use crate::project::{FILE, Project};
use crate::{place, schema};

/// A project on disk that another one takes in.
#[derive(Debug)]
pub(super) struct Source {
    /// Its folder, which holds its media.
    pub(super) folder: PathBuf,
    file: PathBuf,
    /// Whether its log was folded in, as a project that was closed leaves it.
    closed: bool,
    /// The copy that is read in its place, gone with this value.
    copy: Option<BroughtUp>,
    /// What is to be told of it.
    pub(super) remarks: Vec<MergeRemark>,
}

#[derive(Debug)]
pub(super) struct BroughtUp(PathBuf);

impl BroughtUp {
    /// A name in the target's folder that nothing has.
    fn new(target: &Project) -> Self {
        let (process, now) = (std::process::id(), target.clock.now_ms());
        let name = format!(".merge-{process}-{now}.sqlite");
        Self(target.folder().join(name))
    }
}

impl Drop for BroughtUp {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(beside(&self.0, ending));
        }
    }
}

impl Source {
    /// Looks whether `folder` holds another project than `target`, of a format that can be read.
    /// A copy, where one is needed, is made in the target's folder.
    pub(super) async fn open(folder: &Path, target: &Project) -> Result<Self> {
        target.refuse_package()?;
        if is_package(folder) {
            let copy = BroughtUp::new(target);
            let remarks = acts_of(folder, target, &copy.0).await?;
            return Ok(Self {
                folder: folder.to_path_buf(),
                file: copy.0.clone(),
                closed: false,
                copy: Some(copy),
                remarks,
            });
        }
        let file = folder.join(FILE);
        if !file.is_file() {
            return Err(StoreError::NoProject(folder.to_path_buf()));
        }
        if same_file(&file, &target.folder().join(FILE)) {
            return Err(StoreError::SameProject(folder.to_path_buf()));
        }
        place::check(folder)?;
        let damaged = |error: StoreError| match error {
            StoreError::Corrupt(why) => StoreError::Damaged {
                file: file.clone(),
                why,
            },
            other => other,
        };
        let closed = !beside(&file, "-wal").exists();
        let mut db = read_only(&file).await.map_err(damaged)?;
        let copy = match schema::state(&mut db).await.map_err(damaged)? {
            schema::State::Current => None,
            schema::State::Empty => return Err(damaged(StoreError::corrupt("it is empty"))),
            schema::State::Behind => Some(brought_up(&mut db, target).await?),
        };
        db.close().await?;
        Ok(Self {
            folder: folder.to_path_buf(),
            file,
            closed,
            copy,
            remarks: Vec::new(),
        })
    }

    /// Leaves the folder as it was: a reader of a closed project leaves an empty log beside it,
    /// which goes when one who might write closes it. Where that is not possible it does no harm.
    pub(super) async fn leave(&self) {
        if !self.closed {
            return;
        }
        let options = SqliteConnectOptions::new()
            .filename(&self.file)
            .disable_statement_logging();
        let Ok(mut db) = options.connect().await else {
            return;
        };
        let _ = sqlx::query("PRAGMA user_version").execute(&mut db).await;
        let _ = db.close().await;
    }

    /// What `ATTACH` takes.
    pub(super) fn uri(&self) -> String {
        read_only_uri(self.copy.as_ref().map_or(&self.file, |copy| &copy.0))
    }
}

/// What `ATTACH` takes: the database as a URI that says read-only.
pub(crate) fn read_only_uri(file: &Path) -> String {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf());
    let mut uri = String::from("file:");
    for byte in absolute.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                uri.push(char::from(*byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?mode=ro");
    uri
}

pub(super) async fn read_only(file: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .busy_timeout(Duration::from_secs(20))
        .pragma("trusted_schema", "OFF")
        .disable_statement_logging();
    Ok(options.connect().await?)
}

/// A copy of a project of an older format, in today's.
async fn brought_up(db: &mut SqliteConnection, target: &Project) -> Result<BroughtUp> {
    let copy = BroughtUp::new(target);
    sqlx::query("VACUUM INTO ?")
        .bind(copy.0.to_string_lossy().into_owned())
        .execute(&mut *db)
        .await?;
    let options = SqliteConnectOptions::new()
        .filename(&copy.0)
        .disable_statement_logging();
    let mut newer = options.connect().await?;
    schema::migrate(&mut newer).await?;
    newer.close().await?;
    Ok(copy)
}

/// A file that SQLite keeps beside a database.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

/// Whether two paths lead to one file, through links and mounts.
fn same_file(one: &Path, other: &Path) -> bool {
    let id = |path: &Path| std::fs::metadata(path).ok().map(|m| (m.dev(), m.ino()));
    id(one).is_some_and(|one| Some(one) == id(other))
}
