//! Opening files that may be anything: a pipe that never answers, a device, a link put in place
//! of what was there a moment ago.
//!
//! Nothing is opened before it is known to be a regular file, opening never waits, and what was
//! opened is checked to be what was looked at.

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use tiebreak_domain::MediaId;

use crate::error::MediaError;

/// The largest file taken, in bytes: 8 GiB.
pub const MAX_BYTES: u64 = 8 * 1024 * 1024 * 1024;

/// The open flag `O_NONBLOCK`: opening a pipe returns at once.
const NON_BLOCKING: i32 = if cfg!(target_os = "linux") { 0o4000 } else { 4 };

/// A regular file, open, with its size at that moment and its name for messages.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) file: File,
    pub(crate) bytes: u64,
    pub(crate) name: String,
}

/// Whether a link as the last part of a path is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    Follow,
    Refuse,
}

/// Opens a regular file for reading.
pub(crate) fn open(path: &Path, links: Links) -> Result<Opened, MediaError> {
    let name = name_of(path);
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            MediaError::NotFound { name: name.clone() }
        }
        _ => MediaError::io(&name, "opened", error),
    };
    let seen = match links {
        Links::Follow => fs::metadata(path),
        Links::Refuse => fs::symlink_metadata(path),
    }
    .map_err(failed)?;
    regular(&seen, &name)?;
    let mut how = OpenOptions::new();
    let file = how
        .read(true)
        .custom_flags(NON_BLOCKING)
        .open(path)
        .map_err(failed)?;
    let opened = file.metadata().map_err(failed)?;
    regular(&opened, &name)?;
    if (seen.dev(), seen.ino()) != (opened.dev(), opened.ino()) {
        return Err(MediaError::Changed {
            name,
            how: "another took its place".to_owned(),
        });
    }
    Ok(Opened {
        file,
        bytes: opened.len(),
        name,
    })
}

/// The last part of a path, as messages say it.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// Refuses everything but a regular file.
pub(crate) fn regular(meta: &Metadata, name: &str) -> Result<(), MediaError> {
    if meta.is_file() {
        return Ok(());
    }
    Err(MediaError::NotAFile {
        name: name.to_owned(),
        what: what_it_is(meta.file_type()),
    })
}

fn what_it_is(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else if kind.is_symlink() {
        "a link"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

/// Hands on what a reader has, piece by piece, up to `most` bytes; returns how many there were.
pub(crate) fn each_piece<R: Read>(
    reader: &mut R,
    most: u64,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<u64> {
    let mut piece = vec![0; 128 * 1024];
    let (mut reader, mut total) = (reader.take(most), 0);
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return Ok(total),
            Ok(read) => {
                take(piece.get(..read).unwrap_or(&[]))?;
                total += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The id of a reader's content, which must be `bytes` long: not one more, not one less.
pub(crate) fn hash<R: Read>(reader: &mut R, bytes: u64, name: &str) -> Result<MediaId, MediaError> {
    let mut hasher = blake3::Hasher::new();
    let read = each_piece(reader, bytes.saturating_add(1), |piece| {
        hasher.update(piece);
        Ok(())
    })
    .map_err(|error| MediaError::io(name, "read", error))?;
    same_size(read, bytes, name)?;
    Ok(MediaId::from_bytes(*hasher.finalize().as_bytes()))
}

/// Refuses a file that is longer or shorter than it was.
pub(crate) fn same_size(found: u64, expected: u64, name: &str) -> Result<(), MediaError> {
    if found == expected {
        return Ok(());
    }
    let how = match found > expected {
        true => format!("it was {expected} bytes long and is longer now"),
        false => format!("it was {expected} bytes long and is {found} now"),
    };
    Err(MediaError::Changed {
        name: name.to_owned(),
        how,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    #[test]
    fn only_regular_files_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let _listener = UnixListener::bind(&socket).unwrap();
        for (path, what) in [
            (folder.path(), "a folder"),
            (socket.as_path(), "a socket"),
            (Path::new("/dev/zero"), "a device"),
        ] {
            let error = open(path, Links::Follow).unwrap_err();
            assert!(error.to_string().contains(what), "{error}");
        }
    }

    #[test]
    fn a_pipe_does_not_hang() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.mp4");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if !made.is_ok_and(|status| status.success()) {
            eprintln!("no mkfifo here: not tested");
            return;
        }
        assert_eq!(
            open(&pipe, Links::Follow).unwrap_err().code(),
            "media_not_a_file"
        );
    }

    #[test]
    fn a_file_that_grows_while_it_is_read_has_changed() {
        assert_eq!(hash(&mut &b"abc"[..], 3, "a").unwrap(), MediaId::of(b"abc"));
        assert_eq!(
            hash(&mut &b"abcd"[..], 3, "a").unwrap_err().code(),
            "media_changed"
        );
        assert_eq!(
            hash(&mut &b"ab"[..], 3, "a").unwrap_err().code(),
            "media_changed"
        );
    }
}
