//! RIFF and its relatives: WAVE (also over 4 GiB), WebP, AVI; IFF: AIFF.

use crate::bytes::array;
use crate::kinds;

use super::{Answer, Sample, no, yes};

const TO_WAV: &str = "convert it to WAV or FLAC";

pub(super) fn sniff(sample: &Sample<'_>) -> Answer {
    let outer = array::<4>(sample.head, 0)?;
    let inner = array::<4>(sample.head, 8)?;
    match (&outer, &inner) {
        (b"RIFF" | b"RF64" | b"BW64", b"WAVE") => yes(kinds::WAV),
        (b"RIFF", b"WEBP") => yes(kinds::WEBP),
        (b"RIFF", b"AVI ") => yes(kinds::AVI),
        (b"RIFF", b"RMID") => no("a MIDI score", TO_WAV),
        (b"RIFF", b"ACON") => no("an animated cursor", "convert it to GIF or PNG"),
        (b"RIFX", _) => no("a big-endian WAVE file (RIFX)", TO_WAV),
        (b"RIFF", _) => no(
            "a RIFF file of a kind nobody shows here",
            "convert it to PNG, WAV or MP4, after what it holds",
        ),
        (b"FORM", b"AIFF" | b"AIFC") => yes(kinds::AIFF),
        (b"FORM", b"LWOB" | b"LWO2" | b"LWO3") => no("a LightWave object", "convert it to GLB"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::sniff;

    fn says(head: &[u8]) -> &'static str {
        sniff(head, 1_000, "a").map_or_else(|e| e.code(), |kind| kind.mime)
    }

    #[test]
    fn the_inner_name_decides() {
        assert_eq!(says(b"RIFF\0\0\0\0WAVEfmt "), "audio/wav");
        assert_eq!(says(b"RF64\xff\xff\xff\xffWAVEds64"), "audio/wav");
        assert_eq!(says(b"RIFF\0\0\0\0WEBPVP8X"), "image/webp");
        assert_eq!(says(b"RIFF\0\0\0\0AVI LIST"), "video/x-msvideo");
        assert_eq!(says(b"FORM\0\0\0\0AIFCFVER"), "audio/aiff");
        assert_eq!(says(b"RIFF\0\0\0\0CDR9vrsn"), "media_refused");
        assert_eq!(says(b"RIFF\0\0\0\0WA"), "media_refused");
    }
}
