//! Says what a file is by its first bytes.
//!
//! Content decides; the name is asked only where content has no signature of its own (an OBJ is
//! lines of text, a binary STL any 80 bytes and a count). What no viewer shows is refused by what
//! it seems to be, so that the person knows what to convert.

mod audio;
mod ebml;
mod image;
pub(crate) mod iso;
mod json;
mod mesh;
mod ogg;
mod refuse;
mod riff;
mod text;

use crate::error::MediaError;
use crate::kinds::{Kind, extension, is_media_ending};

/// What is looked at: the first bytes, how many there are in all, the ending of the name.
pub(crate) struct Sample<'a> {
    pub(crate) head: &'a [u8],
    pub(crate) total: u64,
    pub(crate) ending: String,
}

impl Sample<'_> {
    fn ends(&self, endings: &[&str]) -> bool {
        endings.contains(&self.ending.as_str())
    }

    /// Whether the first bytes are the whole file.
    fn is_whole(&self) -> bool {
        self.head.len() as u64 >= self.total
    }
}

/// Content that is known and not shown: what it is, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) what: &'static str,
    pub(crate) todo: &'static str,
}

/// What one reader of headers says: nothing (not mine), a kind, or a refusal.
type Answer = Option<Result<Kind, Refusal>>;

fn yes(kind: Kind) -> Answer {
    Some(Ok(kind))
}

const fn no(what: &'static str, todo: &'static str) -> Answer {
    Some(Err(Refusal { what, todo }))
}

/// The readers, the surest signatures first.
const READERS: [fn(&Sample<'_>) -> Answer; 13] = [
    image::sniff,
    riff::sniff,
    iso::sniff,
    ebml::sniff,
    ogg::sniff,
    audio::signed,
    mesh::signed,
    mesh::stl_by_size,
    refuse::signed,
    audio::frames,
    json::sniff,
    mesh::lines,
    text::sniff,
];

/// Says what a file is from its first bytes (`head`; [`crate::HEAD_BYTES`] of them are enough),
/// its whole size and its name. Refuses, by name, what cannot be shown.
pub fn sniff(head: &[u8], total_bytes: u64, name: &str) -> Result<Kind, MediaError> {
    if total_bytes == 0 || head.is_empty() {
        return Err(MediaError::Empty {
            name: name.to_owned(),
        });
    }
    let sample = Sample {
        head,
        total: total_bytes,
        ending: extension(name),
    };
    let answer = READERS.iter().find_map(|read| read(&sample));
    answer
        .unwrap_or(Err(refuse::UNKNOWN))
        .map_err(|refusal| refused(name, refusal))
}

/// The refusal as an error about the file.
pub(crate) fn refused(name: &str, refusal: Refusal) -> MediaError {
    MediaError::Refused {
        says: contradicted(&extension(name), refusal),
        name: name.to_owned(),
        what: refusal.what,
        todo: refusal.todo,
    }
}

/// The ending, where it is that of a file that could have been shown.
fn contradicted(ending: &str, refusal: Refusal) -> Option<String> {
    let same = refusal.what.to_ascii_lowercase().contains(ending);
    (is_media_ending(ending) && !same).then(|| ending.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tiebreak_domain::Modality;

    /// The extension of the kind, or the code of the error.
    fn says(head: &[u8], name: &str) -> &'static str {
        sniff(head, head.len() as u64, name).map_or_else(|e| e.code(), |kind| kind.extension)
    }

    #[test]
    fn content_wins_over_the_name() {
        assert_eq!(says(b"\x89PNG\r\n\x1a\n", "really_a_png.jpg"), "png");
        assert_eq!(says(b"fLaC\0\0\0\x22", "a.mp3"), "flac");
        let text = sniff(b"hello\n", 6, "a.obj").unwrap_err().to_string();
        assert!(text.contains("says .obj but holds plain text"), "{text}");
    }

    #[test]
    fn html_behind_a_picture_s_name_is_refused() {
        let error = sniff(b"<html><script>", 14, "html.png").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("“html.png” says .png but holds a web page (HTML)"),
            "{error}"
        );
    }

    #[test]
    fn nothing_and_noise_are_refused() {
        assert_eq!(says(b"", "a.png"), "media_empty");
        assert_eq!(says(b"\x01\x02\x03\x04", "a.bin"), "media_refused");
        assert_eq!(says(&[0; 300], "a.mp4"), "media_refused");
    }

    #[test]
    fn every_short_start_is_answered_without_a_panic() {
        let starts: &[&[u8]] = &[
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
            b"RIFF\xff\xff\xff\xffWAVE",
            b"RF64....WAVE",
            b"\0\0\0\x18ftypmp42\0\0\0\0",
            b"\xff\xff\xff\xffmoov",
            b"\x1a\x45\xdf\xa3",
            b"OggS",
            b"ID3\x04\0\0\x7f\x7f\x7f\x7f",
            b"\xff\xfb\x90",
            b"\xff\xf1\x50",
            b"FORM....AIFF",
            b"glTF\x02\0\0\0",
            b"solid",
            b"ply\n",
            b"{\"a",
            b"v 1 2 3",
            b"BM",
            b"II*\0",
            b"MM",
            b"PK\x03\x04",
            b"APETAGEX\xd0\x07\0\0\xff\xff\xff\xff",
        ];
        for start in starts {
            for fill in [0u8, 0x41, 0x7f, 0x80, 0xff] {
                for more in 0..80 {
                    let mut file = start.to_vec();
                    file.resize(start.len() + more, fill);
                    for name in ["a", "a.mp3", "a.stl", "a.obj", "a.gltf"] {
                        let _ = sniff(&file, file.len() as u64, name);
                        let _ = sniff(&file, u64::MAX, name);
                    }
                }
            }
        }
    }

    #[test]
    fn random_bytes_are_answered_without_a_panic() {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        for round in 0..2_000usize {
            let mut file = Vec::new();
            for _ in 0..round % 97 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                file.extend(state.to_le_bytes());
            }
            if let Ok(kind) = sniff(&file, file.len() as u64, "noise.mp3") {
                assert_ne!(kind.modality, Modality::Text);
            }
        }
    }
}
