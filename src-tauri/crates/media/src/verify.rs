//! Files the project took earlier: whether they are still there, and still what they were.

use std::fs::File;
use std::path::Path;

use tiebreak_domain::{MediaId, Modality};

use crate::error::MediaError;
use crate::file::{Links, hash, open, same_size};
use crate::root::Root;

/// Checks that a file the project knows is there and still what it was, by size and by content.
pub fn verify(path: &Path, id: MediaId, bytes: u64) -> Result<(), MediaError> {
    let mut opened = open(path, Links::Follow).map_err(missing)?;
    same_size(opened.bytes, bytes, &opened.name)?;
    if hash(&mut opened.file, bytes, &opened.name)? == id {
        return Ok(());
    }
    Err(MediaError::Changed {
        name: opened.name,
        how: "same size, other content".to_owned(),
    })
}

/// The same for a file that is used in place, `shown` below `root`: the id of a scene that has
/// parts beside it covers them.
pub fn verify_in_place(
    root: &Path,
    shown: &str,
    id: MediaId,
    bytes: u64,
) -> Result<(), MediaError> {
    let path = root.join(shown);
    let Err(differs) = verify(&path, id, bytes) else {
        return Ok(());
    };
    let MediaError::Changed { name, .. } = &differs else {
        return Err(differs);
    };
    let found = Root::open(root).and_then(|root| root.find(shown)?.identify());
    let Ok(found) = found else {
        return Err(differs);
    };
    if found.media.id == id {
        return Ok(());
    }
    if found.media.bytes != bytes || found.kind.modality != Modality::Model3d {
        return Err(differs);
    }
    Err(MediaError::Changed {
        name: name.clone(),
        how: "other content, or a file beside it that belongs to it has changed".to_owned(),
    })
}

/// Opens a file the project knows, to be served: a regular file, not a link, still of that size.
/// Reading it never waits; its content is not hashed again.
pub fn open_checked(path: &Path, expected_bytes: u64) -> Result<File, MediaError> {
    let opened = open(path, Links::Refuse).map_err(missing)?;
    same_size(opened.bytes, expected_bytes, &opened.name)?;
    Ok(opened.file)
}

/// Of a file that was there once, “not found” is said otherwise.
fn missing(error: MediaError) -> MediaError {
    match error {
        MediaError::NotFound { name } => MediaError::Missing { name },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn verify_says_missing_and_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let id = MediaId::of(b"abc");
        let missing = verify(&path, id, 3).unwrap_err();
        assert!(
            missing.to_string().contains("“a.png” is missing"),
            "{missing}"
        );
        fs::write(&path, b"abc").unwrap();
        verify(&path, id, 3).unwrap();
        for (content, how) in [
            (&b"abd"[..], "other content"),
            (b"ab", "is 2 now"),
            (b"abcd", "longer"),
        ] {
            fs::write(&path, content).unwrap();
            let changed = verify(&path, id, 3).unwrap_err();
            assert_eq!(changed.code(), "media_changed");
            assert!(changed.to_string().contains(how), "{changed}");
        }
    }

    #[test]
    fn messages_hold_no_folder() {
        let folder = tempfile::tempdir().unwrap();
        let error = open_checked(&folder.path().join("a.png"), 3)
            .unwrap_err()
            .to_string();
        assert!(
            !error.contains(&*folder.path().to_string_lossy()),
            "{error}"
        );
    }

    #[test]
    fn what_is_served_is_no_link_and_has_its_size() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&path, b"abc").unwrap();
        symlink(&path, &link).unwrap();
        open_checked(&path, 3).unwrap();
        assert_eq!(open_checked(&path, 4).unwrap_err().code(), "media_changed");
        assert!(
            open_checked(&link, 3)
                .unwrap_err()
                .to_string()
                .contains("a link")
        );
        verify(&link, MediaId::of(b"abc"), 3).unwrap();
    }
}
