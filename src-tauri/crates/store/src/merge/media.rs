//! The media that the other project uses, and where each lies in either.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tiebreak_domain::MediaRef;

use super::Merge;
use crate::error::Result;
use crate::media_files::{MediaFile, NewMedia, Where, at, declare_root, media_ref};

/// A media file of the other project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeMedium {
    /// Where this project has it, if it knows it.
    pub ours: Option<MediaFile>,
    /// Where the other has it.
    pub theirs: MediaFile,
}

type Row = (
    Vec<u8>,
    String,
    String,
    i64,
    bool,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

impl Merge {
    /// Every media file of the other project.
    pub async fn media(&mut self) -> Result<Vec<MergeMedium>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT o.id, o.kind, o.mime, o.bytes, m.id IS NOT NULL, mr.path, m.path, r.path, o.path
             FROM other.media AS o
             LEFT JOIN other.media_root AS r ON r.id = o.root
             LEFT JOIN main.media AS m ON m.id = o.id
             LEFT JOIN main.media_root AS mr ON mr.id = m.root ORDER BY o.id",
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let (here, there) = (self.project.folder(), self.source.folder.as_path());
        let medium = |(id, kind, mime, bytes, known, root, path, their_root, their_path): Row| {
            let media: MediaRef = media_ref(&id, &kind, mime, bytes)?;
            let ours = known.then(|| at(here, media.clone(), root, path));
            let theirs = at(there, media, their_root, their_path);
            Ok(MergeMedium { ours, theirs })
        };
        rows.into_iter().map(medium).collect()
    }

    /// The folders under which this project's media are used in place.
    pub async fn roots(&mut self) -> Result<Vec<PathBuf>> {
        let rows: Vec<String> = sqlx::query_scalar("SELECT path FROM main.media_root ORDER BY id")
            .fetch_all(&mut *self.tx)
            .await?;
        Ok(rows.into_iter().map(PathBuf::from).collect())
    }

    /// Writes down where media lie from now on: in the project, or below a root, which is declared.
    pub async fn place(&mut self, found: &[(MediaRef, Option<(PathBuf, String)>)]) -> Result<()> {
        let mut roots: BTreeMap<&Path, i64> = BTreeMap::new();
        for (media, below) in found {
            let place = match below {
                None => Where::Stored,
                Some((root, path)) => {
                    let id = match roots.get(root.as_path()) {
                        Some(id) => *id,
                        None => declare_root(&mut self.tx, &root.display().to_string()).await?,
                    };
                    roots.insert(root, id);
                    Where::Under {
                        root: id,
                        path: path.clone(),
                    }
                }
            };
            let file = NewMedia {
                media: media.clone(),
                at: place,
            };
            self.write_media(&file).await?;
        }
        Ok(())
    }

    async fn write_media(&mut self, file: &NewMedia) -> Result<()> {
        let (root, path) = match &file.at {
            Where::Stored => (None, None),
            Where::Under { root, path } => (Some(*root), Some(path.clone())),
        };
        sqlx::query(
            "INSERT INTO main.media (id, kind, mime, bytes, root, path) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET root = excluded.root, path = excluded.path",
        )
        .bind(file.media.id.as_bytes().to_vec())
        .bind(file.media.kind.as_str())
        .bind(file.media.mime.clone())
        .bind(i64::try_from(file.media.bytes).unwrap_or(i64::MAX))
        .bind(root)
        .bind(path)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}
