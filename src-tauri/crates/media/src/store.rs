//! Copies inside a project: `media/ab/<64 hex>`, named by their content.
//!
//! A copy appears whole or not at all: it is written beside its final place, synced, and renamed.
//! What a killed process leaves behind ends in `.part` and is never taken for a copy.

use std::fs::{self, File};
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use tiebreak_domain::MediaId;

use crate::error::{KEEPING, MediaError};
use crate::file::{Links, Opened, open};
use crate::identify::{Identified, identify_bytes, identify_in, rewind};
use crate::part::{Part, UNFINISHED};
use crate::verify::verify;

const FOLDER: &str = "media";

/// Where a project keeps the copy of a file.
#[must_use]
pub fn stored_path(project: &Path, id: MediaId) -> PathBuf {
    let hex = id.to_string();
    let shelf: String = hex.chars().take(2).collect();
    project.join(FOLDER).join(shelf).join(hex)
}

/// Copies a file into a project, unless an equal one is there.
///
/// # Errors
/// As [`crate::identify`], and when the copy cannot be written; nothing half-done stays.
pub fn copy_in(source: &Path, project: &Path) -> Result<Identified, MediaError> {
    let Opened {
        mut file,
        bytes,
        name,
    } = open(source, Links::Follow)?;
    let found = identify_in(&mut file, bytes, &name)?;
    keep(&mut file, &found, &name, project)?;
    Ok(found)
}

/// Puts bytes that came inside another file (a Parquet cell) into a project, as [`copy_in`] does.
/// `name` is for messages, and helps to tell what has no signature.
pub fn put_bytes(bytes: &[u8], name: &str, project: &Path) -> Result<Identified, MediaError> {
    let found = identify_bytes(bytes, name)?;
    keep(&mut Cursor::new(bytes), &found, name, project)?;
    Ok(found)
}

/// Removes what killed copies left behind, and says how many there were. Only for a process that
/// alone writes to the project: a copy under way would be lost.
pub fn clear_leftovers(project: &Path) -> Result<usize, MediaError> {
    let failed = |error: io::Error| MediaError::io(FOLDER, "cleared", error);
    let shelves = match fs::read_dir(project.join(FOLDER)) {
        Ok(shelves) => shelves,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(failed(error)),
    };
    let mut removed = 0;
    for shelf in shelves {
        let shelf = shelf.map_err(failed)?;
        if !shelf.file_type().map_err(failed)?.is_dir() {
            continue;
        }
        for file in fs::read_dir(shelf.path()).map_err(failed)? {
            let file = file.map_err(failed)?;
            if file.file_name().to_string_lossy().ends_with(UNFINISHED) {
                fs::remove_file(file.path()).map_err(failed)?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

/// Writes what was identified to its place, unless it stands there unharmed.
fn keep<R: Read + Seek>(
    reader: &mut R,
    found: &Identified,
    name: &str,
    project: &Path,
) -> Result<(), MediaError> {
    let path = stored_path(project, found.media.id);
    if verify(&path, found.media.id, found.media.bytes).is_ok() {
        return Ok(());
    }
    rewind(reader, name)?;
    let failed = |error: io::Error| MediaError::io(name, KEEPING, error);
    let shelf = path.parent().unwrap_or(project);
    make_folder(project, shelf).map_err(failed)?;
    let mut part = Part::create(shelf, found.media.id).map_err(failed)?;
    part.fill(reader, found, name)?;
    part.finish(&path).map_err(failed)?;
    sync_folder(shelf).map_err(failed)
}

/// Makes a shelf, and makes its name last.
fn make_folder(project: &Path, shelf: &Path) -> io::Result<()> {
    if shelf.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(shelf)?;
    sync_folder(&project.join(FOLDER))?;
    sync_folder(project)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    const GIF: &[u8] = b"GIF89a\x05\0\x06\0 and so on";

    fn files_below(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(files_below(&path))
            } else {
                found.push(path)
            }
        }
        found
    }

    #[test]
    fn a_copy_lies_under_its_id() {
        let project = tempfile::tempdir().unwrap();
        let source = project.path().join("a.gif");
        fs::write(&source, GIF).unwrap();
        let found = copy_in(&source, project.path()).unwrap();
        let path = stored_path(project.path(), found.media.id);
        let hex = found.media.id.to_string();
        assert_eq!(
            path,
            project.path().join("media").join(&hex[..2]).join(&hex)
        );
        assert_eq!(fs::read(&path).unwrap(), GIF);
        assert_eq!(files_below(&project.path().join("media")), [path]);
    }

    #[test]
    fn an_equal_file_is_kept_and_a_broken_one_replaced() {
        let project = tempfile::tempdir().unwrap();
        let found = put_bytes(GIF, "a.gif", project.path()).unwrap();
        let path = stored_path(project.path(), found.media.id);
        let first = fs::metadata(&path).unwrap().ino();
        assert_eq!(put_bytes(GIF, "b", project.path()).unwrap(), found);
        assert_eq!(fs::metadata(&path).unwrap().ino(), first);
        fs::write(&path, b"GIF89a broken").unwrap();
        put_bytes(GIF, "a.gif", project.path()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), GIF);
    }

    #[test]
    fn what_is_refused_leaves_nothing() {
        let project = tempfile::tempdir().unwrap();
        assert!(put_bytes(b"<html>", "a.png", project.path()).is_err());
        assert!(put_bytes(b"", "a.png", project.path()).is_err());
        assert_eq!(files_below(project.path()).len(), 0);
    }

    #[test]
    fn a_failed_copy_leaves_nothing_half_done() {
        let project = tempfile::tempdir().unwrap();
        let found = put_bytes(GIF, "a.gif", project.path()).unwrap();
        let shelf = stored_path(project.path(), found.media.id)
            .parent()
            .unwrap()
            .to_owned();
        for changed in [&b"GIF89a other bytes, same"[..GIF.len()], b"GIF89a"] {
            let mut part = Part::create(&shelf, found.media.id).unwrap();
            let error = part.fill(&mut &changed[..], &found, "a.gif").unwrap_err();
            assert_eq!(error.code(), "media_changed");
            drop(part);
        }
        assert_eq!(files_below(project.path()).len(), 1);
    }

    #[test]
    fn many_at_once_agree() {
        let project = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| put_bytes(GIF, "a.gif", project.path()).unwrap());
            }
        });
        assert_eq!(files_below(project.path()).len(), 1);
    }

    #[test]
    fn leftovers_of_a_killed_copy_are_cleared() {
        let project = tempfile::tempdir().unwrap();
        assert_eq!(clear_leftovers(project.path()).unwrap(), 0);
        let found = put_bytes(GIF, "a.gif", project.path()).unwrap();
        let shelf = stored_path(project.path(), found.media.id)
            .parent()
            .unwrap()
            .to_owned();
        let part = Part::create(&shelf, found.media.id).unwrap();
        std::mem::forget(part); // As if the process had died here.
        assert_eq!(clear_leftovers(project.path()).unwrap(), 1);
        assert_eq!(files_below(project.path()).len(), 1);
    }
}
