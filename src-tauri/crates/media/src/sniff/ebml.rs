//! Matroska and `WebM` (RFC 9559): the document type in the header, then the codecs of the tracks.

use crate::bytes::{find, start, u8_at};
use crate::kinds;

use super::{Answer, Sample, no, yes};

pub(super) fn sniff(sample: &Sample<'_>) -> Answer {
    if !sample.head.starts_with(b"\x1a\x45\xdf\xa3") {
        return None;
    }
    let only_sound = has_codec(sample.head, b'A') && !has_codec(sample.head, b'V');
    match (doc_type(sample.head), only_sound) {
        (Some(b"webm"), false) => yes(kinds::WEBM),
        (Some(b"webm"), true) => yes(kinds::WEBA),
        (Some(b"matroska"), false) => yes(kinds::MKV),
        (Some(b"matroska"), true) => yes(kinds::MKA),
        _ => no(
            "an EBML file that is neither WebM nor Matroska",
            "convert it to WebM or MP4",
        ),
    }
}

/// The value of the `DocType` element (0x4282), which stands near the start.
fn doc_type(head: &[u8]) -> Option<&[u8]> {
    let near = start(head, 4096);
    let at = find(near, b"\x42\x82")? + 2;
    let length = usize::from(u8_at(near, at)? & 0x7f);
    let value = near.get(at + 1..at + 1 + length)?;
    let end = value.iter().position(|b| *b == 0).unwrap_or(length);
    value.get(..end)
}

/// Whether a `CodecID` element (0x86, a one-byte length) names a codec of film or of sound.
fn has_codec(head: &[u8], letter: u8) -> bool {
    head.windows(4)
        .any(|w| w[0] == 0x86 && w[1] & 0x80 != 0 && w[2] == letter && w[3] == b'_')
}

#[cfg(test)]
mod tests {
    fn says(rest: &[u8]) -> &'static str {
        let file = [b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01", rest].concat();
        crate::sniff(&file, 9_000, "a").map_or_else(|e| e.code(), |kind| kind.extension)
    }

    #[test]
    fn the_document_type_decides() {
        assert_eq!(says(b"\x42\x82\x84webm"), "webm");
        assert_eq!(says(b"\x42\x82\x88matroska"), "mkv");
        assert_eq!(says(b"\x42\x82\x83xyz"), "media_refused");
        assert_eq!(says(b"\x42\x82\xffwebm"), "media_refused");
        assert_eq!(says(b""), "media_refused");
    }

    #[test]
    fn sound_alone_is_audio() {
        assert_eq!(says(b"\x42\x82\x84webm...\x86\x86A_OPUS"), "weba");
        assert_eq!(says(b"\x42\x82\x88matroska\x86\x86A_FLAC"), "mka");
        assert_eq!(says(b"\x42\x82\x84webm\x86\x86A_OPUS\x86\x85V_VP9"), "webm");
    }
}
