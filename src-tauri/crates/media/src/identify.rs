//! One file, looked at once: what it is, how big, and its id.
//!
//! The head is read and judged first, so that nothing refused is ever read whole.

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use tiebreak_domain::{MediaId, MediaRef};

use crate::dims;
use crate::error::MediaError;
use crate::file::{Links, MAX_BYTES, Opened, hash, open};
use crate::kinds::Kind;
use crate::sniff::{iso, refused, sniff};

/// How many of the first bytes are looked at to say what a file is.
pub const HEAD_BYTES: usize = 256 * 1024;

/// A file that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// The file as a project knows it.
    pub media: MediaRef,
    /// What it is.
    pub kind: Kind,
    /// Width and height in pixels, where a picture's header says them.
    pub dims: Option<(u32, u32)>,
}

/// Says what a file is and hashes it, through one open handle.
///
/// # Errors
/// When it is no regular file, is empty, is larger than [`MAX_BYTES`], declares too many pixels,
/// changes while it is read, or is of no kind that is shown.
pub fn identify(path: &Path) -> Result<Identified, MediaError> {
    let Opened {
        mut file,
        bytes,
        name,
    } = open(path, Links::Follow)?;
    identify_in(&mut file, bytes, &name)
}

/// The same for bytes that came inside another file. `name` is for messages, and helps to tell what
/// has no signature.
///
/// # Errors
/// As [`identify`].
pub fn identify_bytes(bytes: &[u8], name: &str) -> Result<Identified, MediaError> {
    identify_in(&mut Cursor::new(bytes), bytes.len() as u64, name)
}

/// The same for anything that reads like a file.
pub(crate) fn identify_in<R: Read + Seek>(
    reader: &mut R,
    bytes: u64,
    name: &str,
) -> Result<Identified, MediaError> {
    let (kind, dims) = judge(reader, bytes, name)?;
    rewind(reader, name)?;
    let id = hash(reader, bytes, name)?;
    Ok(identified(id, bytes, kind, dims))
}

fn judge<R: Read + Seek>(
    reader: &mut R,
    bytes: u64,
    name: &str,
) -> Result<(Kind, Option<(u32, u32)>), MediaError> {
    if bytes > MAX_BYTES {
        return Err(MediaError::TooLarge {
            name: name.to_owned(),
            bytes,
            limit: MAX_BYTES,
        });
    }
    let failed = |error: io::Error| MediaError::io(name, "read", error);
    let mut head = Vec::new();
    reader
        .by_ref()
        .take(HEAD_BYTES as u64)
        .read_to_end(&mut head)
        .map_err(failed)?;
    let kind = sniff(&head, bytes, name)?;
    let dims = dims::declared(&head, &kind);
    dims::check(name, dims)?;
    let kind = iso::settle(reader, bytes, &head, kind)
        .map_err(failed)?
        .map_err(|refusal| refused(name, refusal))?;
    Ok((kind, dims))
}

pub(crate) fn rewind<R: Seek>(reader: &mut R, name: &str) -> Result<(), MediaError> {
    reader
        .seek(SeekFrom::Start(0))
        .map(|_| ())
        .map_err(|error| MediaError::io(name, "read", error))
}

fn identified(id: MediaId, bytes: u64, kind: Kind, dims: Option<(u32, u32)>) -> Identified {
    let media = MediaRef {
        id,
        kind: kind.modality,
        mime: kind.mime.to_owned(),
        bytes,
    };
    Identified { media, kind, dims }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use tiebreak_domain::Modality;

    #[test]
    fn a_file_is_known_by_content_size_and_id() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wrong.mp4");
        let content = b"GIF89a\x05\0\x06\0 and so on";
        fs::write(&path, content).unwrap();
        let found = identify(&path).unwrap();
        assert_eq!(found.media.id, MediaId::of(content));
        assert_eq!(found.media.bytes, content.len() as u64);
        assert_eq!(
            (found.media.kind, found.media.mime.as_str()),
            (Modality::Image, "image/gif")
        );
        assert_eq!(found.dims, Some((5, 6)));
    }

    #[test]
    fn bytes_are_known_as_a_file_of_them_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gif");
        let content = b"GIF89a\x05\0\x06\0 and so on";
        fs::write(&path, content).unwrap();
        assert_eq!(
            identify_bytes(content, "within").unwrap(),
            identify(&path).unwrap()
        );
        assert_eq!(identify_bytes(b"", "within").unwrap_err().name(), "within");
    }

    #[test]
    fn the_hash_runs_over_more_than_the_head() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.flac");
        let mut content = b"fLaC".to_vec();
        content.resize(HEAD_BYTES * 2 + 3, 9);
        fs::write(&path, &content).unwrap();
        assert_eq!(identify(&path).unwrap().media.id, MediaId::of(&content));
    }

    #[test]
    fn a_file_over_the_limit_is_refused_unread() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let file = fs::File::create(&path).unwrap();
        if file.set_len(MAX_BYTES + 1).is_err() {
            eprintln!("no sparse files here: not tested");
            return;
        }
        assert_eq!(identify(&path).unwrap_err().code(), "media_too_large");
    }

    #[test]
    fn a_bomb_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gif");
        fs::write(&path, b"GIF89a\xff\xff\xff\xff").unwrap();
        assert_eq!(identify(&path).unwrap_err().code(), "media_too_many_pixels");
    }
}
