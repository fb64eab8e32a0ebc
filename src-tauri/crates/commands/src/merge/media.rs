//! Bringing the media of another project along.
//!
//! What lies in its `media/` is copied, checked by content; what it uses in place is used in place
//! here too, below its root or, where that is not on this machine, below one of ours. A merge whose
//! pairs would lack a medium is refused. Of a medium that both know, ours stays as long as it can be
//! read.

use std::path::{Path, PathBuf};

use tiebreak_domain::MediaRef;
use tiebreak_media::{MediaError, Root, copy_in, stored_path, verify};
use tiebreak_store::{MediaFile, MergeMedium};

use crate::dto::MergeRemark;
use crate::error::CommandError;
use crate::import::{Cancel, Put};

type Found<T> = std::result::Result<T, MediaError>;
/// A medium and where it lies: in the project, or below a root.
type Placed = (MediaRef, Option<(PathBuf, String)>);

/// What has to be found.
pub(super) struct Wanted {
    pub(super) media: Vec<MergeMedium>,
    /// The folders under which this project's media are used in place.
    pub(super) roots: Vec<PathBuf>,
    pub(super) project: PathBuf,
    pub(super) dry_run: bool,
    pub(super) cancel: Cancel,
}

/// What was found, and put into the project.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    pub(super) put: Put,
    /// Where each medium lies that is new or has moved: in the project, or below a root.
    pub(super) placed: Vec<Placed>,
    pub(super) new: u64,
    pub(super) copied: u64,
    /// Known media that could not be read here and can be again.
    moved: u64,
    /// Known media that can be read in neither project.
    missing: u64,
}

impl Wanted {
    /// Finds everything, and copies what is to be copied.
    pub(super) fn fetch(&self) -> crate::error::Result<Fetched> {
        let mut fetched = Fetched::default();
        for medium in &self.media {
            if self.cancel.is_cancelled() {
                return Err(super::cancelled());
            }
            if medium.ours.as_ref().is_some_and(readable) {
                continue;
            }
            match (self.find(&medium.theirs, &mut fetched), &medium.ours) {
                (Ok(()), None) => fetched.new += 1,
                (Ok(()), Some(_)) => fetched.moved += 1,
                (Err(_), Some(_)) => fetched.missing += 1,
                (Err(error), None) => return Err(lacking(&medium.theirs, &error)),
            }
        }
        Ok(fetched)
    }

    fn find(&self, theirs: &MediaFile, fetched: &mut Fetched) -> Found<()> {
        let Some(root) = &theirs.root else {
            return self.copy(theirs, fetched);
        };
        let mut failed = None;
        for root in std::iter::once(root).chain(&self.roots) {
            match below(root, theirs) {
                Ok(found) => {
                    fetched.placed.push(found);
                    return Ok(());
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(()), Err)
    }

    fn copy(&self, theirs: &MediaFile, fetched: &mut Fetched) -> Found<()> {
        let id = theirs.media.id;
        verify(&theirs.path, id, theirs.media.bytes)?;
        let mut media = theirs.media.clone();
        if !self.dry_run {
            let target = stored_path(&self.project, id);
            fetched.put.expect(&self.project, id, &target);
            media = copy_in(&theirs.path, &self.project)?.media;
            // It may have been changed between the two readings, and lies under another id then.
            verify(&target, id, theirs.media.bytes)?;
            media.id = id;
        }
        fetched.copied += 1;
        fetched.placed.push((media, None));
        Ok(())
    }
}

/// The medium below a root, if it lies there with the content it must have.
fn below(root: &Path, theirs: &MediaFile) -> Found<Placed> {
    let root = Root::open(root)?;
    let found = root.find(&theirs.shown)?;
    let media = found.identify()?.media;
    if media.id != theirs.media.id {
        let how = "its content is not what the other project knows".to_owned();
        let name = theirs.shown.clone();
        return Err(MediaError::Changed { name, how });
    }
    Ok((media, Some((root.path().to_path_buf(), found.relative))))
}

/// Whether a medium of ours is there, as large as it was.
fn readable(ours: &MediaFile) -> bool {
    let there = std::fs::metadata(&ours.path);
    there.is_ok_and(|meta| meta.is_file() && meta.len() == ours.media.bytes)
}

fn lacking(theirs: &MediaFile, error: &MediaError) -> CommandError {
    let advice = match &theirs.root {
        None => "put it back there, from a copy of that project",
        Some(_) => {
            "that project uses it where it lies: bring its folder to this machine, or import there \
             with --copy-media"
        }
    };
    CommandError::new(
        "media_missing",
        format!(
            "a pair needs a medium that cannot be had: {error}. {advice}, and merge again; nothing \
             was merged"
        ),
    )
}

impl Fetched {
    /// What is to be told.
    pub(super) fn remarks(&self) -> Vec<MergeRemark> {
        let remark = |code: &str, message: String| MergeRemark {
            code: code.to_owned(),
            message,
        };
        let mut remarks = Vec::new();
        if self.moved > 0 {
            remarks.push(remark(
                "media_moved",
                format!(
                    "{} media could not be read where this project had them, and are used from \
                     where the other has them",
                    self.moved
                ),
            ));
        }
        if self.missing > 0 {
            remarks.push(remark(
                "media_missing",
                format!(
                    "{} media can be read in neither project: `tiebreak check` names them",
                    self.missing
                ),
            ));
        }
        remarks
    }
}
