//! The bytes of a medium: found again under its root each time, and never outside it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use tiebreak_domain::{MediaId, MediaRef};
use tiebreak_media::{Root, open_checked};
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
pub async fn file(project: &Project, id: MediaId) -> Result<Readable> {
    let known = project.media(id).await?;
    let path = match &known.root {
        Some(root) => Root::open(root)?.find(&known.shown)?.path,
        None => known.path,
    };
    let readable = Readable {
        media: known.media,
        path,
    };
    open_checked(&readable.path, readable.media.bytes)?;
    Ok(readable)
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
