//! The bytes of a medium: found again under its root each time, and never outside it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use tiebreak_domain::{MediaId, MediaRef};
use tiebreak_media::worker::{MAX_SCENE_BYTES, SceneFiles, SceneKind};
use tiebreak_media::{MediaError, Root, open_checked, read_scene};
use tiebreak_store::Project;

use crate::error::{CommandError, Result, io};

/// A medium that can be read now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable {
    /// What it is.
    pub media: MediaRef,
    /// Where it lies, links resolved, below its root.
    pub path: PathBuf,
}

/// Finds the file of a medium. One used in place is looked up under its root again, so that a
/// link put there since the import leads nowhere.
///
/// # Errors
/// The sentence names no file: its path may tell an annotator who answered.
pub async fn file(project: &Project, id: MediaId) -> Result<Readable> {
    let known = project.media(id).await?;
    let found = || -> std::result::Result<PathBuf, MediaError> {
        let path = match &known.root {
            Some(root) => Root::open(root)?.find(&known.shown)?.path,
            None => known.path.clone(),
        };
        open_checked(&path, known.media.bytes).map(|_| path)
    };
    let path = found().map_err(|error| {
        let sentence = "this medium is missing or has changed since it was imported: the \
                        project's owner sees which file it is by `tiebreak check`";
        CommandError::new(error.code(), sentence)
    })?;
    Ok(Readable {
        media: known.media,
        path,
    })
}

/// The bytes of a model and of the parts it names, as the worker takes them. A model that was
/// copied into the project has no parts: none with parts is ever copied.
pub async fn scene(project: &Project, id: MediaId) -> Result<SceneFiles> {
    let known = project.media(id).await?;
    let readable = file(project, id).await?;
    let kind = SceneKind::of(&readable.media.mime)
        .ok_or_else(|| CommandError::new("not_a_model", "this medium is not a 3D model"))?;
    let root = known.root.as_deref().map(Root::open).transpose()?;
    let place = root.as_ref().map(|root| (root, known.shown.as_str()));
    let opened = open_checked(&readable.path, readable.media.bytes)?;
    Ok(SceneFiles {
        kind,
        files: read_scene(opened, &readable.path, kind.file(), place, MAX_SCENE_BYTES)?,
    })
}

/// Copies a medium to `out`, which must not be there yet.
pub async fn copy_to(project: &Project, id: MediaId, out: &Path) -> Result<u64> {
    let readable = file(project, id).await?;
    let mut source = open_checked(&readable.path, readable.media.bytes)?;
    if out.exists() {
        return Err(
            CommandError::new("exists", "it is there already: choose another name")
                .in_file(&out.display().to_string()),
        );
    }
    let mut target = std::fs::File::create_new(out).map_err(io(out))?;
    let written = std::io::copy(&mut source, &mut target)
        .and_then(|n| target.flush().map(|()| n))
        .and_then(|n| target.sync_all().map(|()| n));
    if written.is_err() {
        let _ = std::fs::remove_file(out);
    }
    written.map_err(io(out))
}
