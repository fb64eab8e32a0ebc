//! Which media files a project knows, and where they lie.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use sqlx::{Sqlite, Transaction};
use tiebreak_domain::{MediaId, MediaRef, Modality};
use tiebreak_media::stored_path;

use crate::error::{Result, StoreError};
use crate::project::Project;

/// Where a media file lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// In the project, under `media/`.
    Stored,
    /// Under a declared root, used in place: the root's id and the path below it.
    Under {
        /// The root, as [`Project::declare_root`] gave it.
        root: i64,
        /// The path below the root.
        path: String,
    },
}

/// A media file that an import brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMedia {
    /// What it is.
    pub media: MediaRef,
    /// Where it lies.
    pub at: Where,
}

/// A media file that the project knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFile {
    /// What it is.
    pub media: MediaRef,
    /// Where it lies on this machine.
    pub path: PathBuf,
    /// The path by which messages name it: never an absolute one.
    pub shown: String,
    /// The declared root it lies under, when used in place.
    pub root: Option<PathBuf>,
}

type Row = (Vec<u8>, String, String, i64, Option<String>, Option<String>);

const COLUMNS: &str = "SELECT m.id, m.kind, m.mime, m.bytes, r.path, m.path FROM media AS m
    LEFT JOIN media_root AS r ON r.id = m.root";

pub(crate) fn media_id(bytes: &[u8]) -> Result<MediaId> {
    let bytes: [u8; 32] = bytes
        .try_into()
        .map_err(|_| StoreError::corrupt("a media id of another length"))?;
    Ok(MediaId::from_bytes(bytes))
}

pub(crate) fn media_ref(id: &[u8], kind: &str, mime: String, bytes: i64) -> Result<MediaRef> {
    Ok(MediaRef {
        id: media_id(id)?,
        kind: Modality::parse(kind).ok_or_else(|| StoreError::corrupt("a kind of media"))?,
        mime,
        bytes: bytes.unsigned_abs(),
    })
}

impl Project {
    /// The media file with this id.
    pub async fn media(&self, id: MediaId) -> Result<MediaFile> {
        let sql = format!("{COLUMNS} WHERE m.id = ?");
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(id.as_bytes().to_vec())
            .fetch_optional(&self.read)
            .await?;
        let row = row.ok_or_else(|| StoreError::NotFound {
            what: "medium",
            id: id.to_string(),
        })?;
        let file = self.media_file(row)?;
        match &self.package {
            Some(package) => package.unpacked(&self.read, file).await,
            None => Ok(file),
        }
    }

    /// Every media file.
    pub async fn all_media(&self) -> Result<Vec<MediaFile>> {
        let sql = format!("{COLUMNS} ORDER BY m.id");
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .fetch_all(&self.read)
            .await?;
        rows.into_iter().map(|row| self.media_file(row)).collect()
    }

    fn media_file(&self, (id, kind, mime, bytes, root, path): Row) -> Result<MediaFile> {
        let media = media_ref(&id, &kind, mime, bytes)?;
        Ok(at(self.folder(), media, root, path))
    }

    /// What the names stand for by which the data call their media.
    pub async fn media_names(&self) -> Result<HashMap<String, MediaId>> {
        let rows: Vec<(String, Vec<u8>)> =
            sqlx::query_as("SELECT DISTINCT name, media FROM pair_media")
                .fetch_all(&self.read)
                .await?;
        let named = rows
            .into_iter()
            .map(|(name, id)| Ok((name, media_id(&id)?)));
        named.collect()
    }

    /// The folders whose media are used in place.
    pub async fn media_roots(&self) -> Result<Vec<PathBuf>> {
        let rows: Vec<String> = sqlx::query_scalar("SELECT path FROM media_root ORDER BY id")
            .fetch_all(&self.read)
            .await?;
        Ok(rows.into_iter().map(PathBuf::from).collect())
    }
}

/// A medium of the project in `folder`: below a root, or in the project.
pub(crate) fn at(
    folder: &Path,
    media: MediaRef,
    root: Option<String>,
    path: Option<String>,
) -> MediaFile {
    if let (Some(root), Some(path)) = (root, path) {
        return MediaFile {
            media,
            path: PathBuf::from(&root).join(&path),
            shown: path,
            root: Some(root.into()),
        };
    }
    let path = stored_path(folder, media.id);
    let within = path.strip_prefix(folder).unwrap_or(&path);
    MediaFile {
        media,
        shown: within.display().to_string(),
        path,
        root: None,
    }
}

/// Declares a folder as a root of media used in place; the same folder keeps its id.
pub(crate) async fn declare_root(tx: &mut Transaction<'_, Sqlite>, path: &str) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "INSERT INTO media_root (path) VALUES (?)
         ON CONFLICT (path) DO UPDATE SET path = excluded.path RETURNING id",
    )
    .bind(path.to_owned())
    .fetch_one(&mut **tx)
    .await?)
}
