//! Media of a package: unpacked for the one who opened it, checked, and taken away again.
//!
//! The server of media and the worker go by paths, so a medium is written out the first time it is
//! asked for, into a folder that nobody else may read. A process that was killed leaves its folder
//! behind; the next one takes it away.

use std::fs::{self, DirBuilder, File};
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::sqlite::SqlitePool;
use tiebreak_domain::MediaId;
use tiebreak_media::verify;

use super::Package;
use crate::error::{Result, StoreError};
use crate::media_files::{MediaFile, media_id};

/// A file of a package's medium: the medium itself, or one that a scene needs beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedFile {
    /// Its name, a number with an ending.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// BLAKE3 of it.
    pub hash: MediaId,
}

impl Package {
    /// The medium as a file on disk: its root is a folder of its own.
    pub(crate) async fn unpacked(&self, db: &SqlitePool, file: MediaFile) -> Result<MediaFile> {
        let id = file.media.id;
        let files: Vec<(i64, String, i64, Vec<u8>)> = sqlx::query_as(
            "SELECT n, name, bytes, hash FROM package_file WHERE media = ? ORDER BY n",
        )
        .bind(id.as_bytes().to_vec())
        .fetch_all(db)
        .await?;
        let first = files.first().map(|(_, name, ..)| name.clone());
        let shown = first.ok_or_else(|| self.damaged("a medium is missing"))?;
        let root = self.folder()?.join(id.to_string());
        if !root.is_dir() {
            self.unpack(db, id, &files, &root).await?;
        }
        Ok(MediaFile {
            path: root.join(&shown),
            media: file.media,
            shown,
            root: Some(root),
        })
    }

    async fn unpack(
        &self,
        db: &SqlitePool,
        id: MediaId,
        files: &[(i64, String, i64, Vec<u8>)],
        root: &Path,
    ) -> Result<()> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let part = root.with_extension(format!("{count}.part"));
        private(&part)?;
        let mut written = Ok(());
        for (n, name, bytes, hash) in files {
            if !plain(name) {
                written = Err(self.damaged("a medium has a name that it cannot have"));
                break;
            }
            let path = part.join(name);
            written = write(db, id, *n, &path).await;
            if written.is_ok() && verify(&path, media_id(hash)?, bytes.unsigned_abs()).is_err() {
                written = Err(self.damaged("a medium has other bytes than it was packed with"));
            }
            if written.is_err() {
                break;
            }
        }
        // Somebody else may have unpacked it meanwhile: theirs is as good.
        let placed = written.and_then(|()| match fs::rename(&part, root) {
            Err(error) if !root.is_dir() => Err(StoreError::io(root)(error)),
            _ => Ok(()),
        });
        let _ = fs::remove_dir_all(&part);
        placed
    }

    fn damaged(&self, why: &str) -> StoreError {
        StoreError::DamagedPackage {
            file: self.mark.file.clone(),
            why: why.to_owned(),
        }
    }

    /// The folder of this session, made when it is first needed.
    fn folder(&self) -> Result<PathBuf> {
        let mut folder = self.folder.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(made) = &*folder {
            return Ok(made.clone());
        }
        let all = cache();
        fs::create_dir_all(&all).map_err(StoreError::io(&all))?;
        sweep(&all);
        let random = uuid::Uuid::from_bytes(self.session).simple();
        let made = all.join(format!("{}-{random}", std::process::id()));
        private(&made)?;
        *folder = Some(made.clone());
        Ok(made)
    }

    /// Takes away what was unpacked.
    pub(crate) fn forget_media(&self) {
        let mut folder = self.folder.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(made) = folder.take() {
            let _ = fs::remove_dir_all(made);
        }
    }
}

impl Drop for Package {
    fn drop(&mut self) {
        self.forget_media();
    }
}

/// Writes a file out of its pieces.
async fn write(db: &SqlitePool, id: MediaId, n: i64, path: &Path) -> Result<()> {
    let mut file = File::create_new(path).map_err(StoreError::io(path))?;
    let mut after = -1_i64;
    loop {
        let piece: Option<(i64, Vec<u8>)> = sqlx::query_as(
            "SELECT id, bytes FROM package_piece WHERE media = ? AND n = ? AND id > ?
             ORDER BY id LIMIT 1",
        )
        .bind(id.as_bytes().to_vec())
        .bind(n)
        .bind(after)
        .fetch_optional(db)
        .await?;
        let Some((piece, bytes)) = piece else {
            return Ok(());
        };
        file.write_all(&bytes).map_err(StoreError::io(path))?;
        after = piece;
    }
}

/// Names come from a file that anybody may have made.
fn plain(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '.';
    !name.is_empty() && name.len() < 40 && name.chars().all(fits) && !name.starts_with('.')
}

/// A new folder that nobody else may read.
fn private(folder: &Path) -> Result<()> {
    let made = DirBuilder::new().mode(0o700).create(folder);
    made.map_err(StoreError::io(folder))
}

/// Where media are unpacked: in the user's cache, or where the variable says.
fn cache() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let folder = |name: &str| variable(name).filter(|path| path.is_absolute());
    folder("TIEBREAK_CACHE_DIR")
        .or_else(|| folder("XDG_CACHE_HOME").map(|cache| cache.join("tiebreak")))
        .or_else(|| folder("HOME").map(|home| home.join(".cache/tiebreak")))
        .unwrap_or_else(|| std::env::temp_dir().join("tiebreak"))
        .join("packages")
}

/// Takes away the folders of processes that are no more.
fn sweep(all: &Path) {
    if !Path::new("/proc/self").exists() {
        return;
    }
    for entry in fs::read_dir(all).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.split('-').next().and_then(|id| id.parse::<u32>().ok());
        if let Some(process) = process
            && !Path::new(&format!("/proc/{process}")).exists()
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
