//! Pictures: signatures at the very start.

use crate::bytes::{has, le32};
use crate::kinds;

use super::{Answer, Sample, no, yes};

const TO_PNG: &str = "convert it to PNG or JPEG";

/// AVIF and HEIC are boxes of the ISO format and found there, WebP in RIFF.
pub(super) fn sniff(sample: &Sample<'_>) -> Answer {
    let starts = |mark: &[u8]| sample.head.starts_with(mark);
    if starts(b"\x89PNG\r\n\x1a\n") {
        yes(kinds::PNG)
    } else if starts(b"\xff\xd8\xff") {
        yes(kinds::JPEG)
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        yes(kinds::GIF)
    } else if starts(b"II*\0") || starts(b"MM\0*") || starts(b"II+\0") || starts(b"MM\0+") {
        yes(kinds::TIFF)
    } else if is_bmp(sample) {
        yes(kinds::BMP)
    } else {
        refused(sample)
    }
}

/// “BM” alone is two letters of any text: a header size that exists must follow.
fn is_bmp(sample: &Sample<'_>) -> bool {
    let sized = matches!(
        le32(sample.head, 14),
        Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)
    );
    let reserved = has(sample.head, 6, &[0; 4]);
    sample.head.starts_with(b"BM") && (sized || (reserved && sample.ends(&["bmp", "dib"])))
}

fn refused(sample: &Sample<'_>) -> Answer {
    let starts = |mark: &[u8]| sample.head.starts_with(mark);
    if starts(b"\0\0\0\x0cjP  \r\n\x87\n") || starts(b"\xff\x4f\xff\x51") {
        no("a JPEG 2000 picture", TO_PNG)
    } else if starts(b"\xff\x0a") || starts(b"\0\0\0\x0cJXL \r\n\x87\n") {
        no("a JPEG XL picture", TO_PNG)
    } else if starts(b"8BPS") {
        no("a Photoshop document", TO_PNG)
    } else if starts(b"\x76\x2f\x31\x01") {
        no("an OpenEXR picture", TO_PNG)
    } else if starts(b"#?RADIANCE") || starts(b"#?RGBE") {
        no("a Radiance HDR picture", TO_PNG)
    } else if starts(b"\0\0\x01\0") && matches!(sample.head.get(4..6), Some([1..=64, 0])) {
        no("a Windows icon", TO_PNG)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::sniff;

    fn says(head: &[u8], name: &str) -> String {
        match sniff(head, 1_000_000, name) {
            Ok(kind) => kind.mime.to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn signatures_are_known() {
        assert_eq!(says(b"\x89PNG\r\n\x1a\n....", ""), "image/png");
        assert_eq!(says(b"\xff\xd8\xff\xe0", ""), "image/jpeg");
        assert_eq!(says(b"GIF89a", ""), "image/gif");
        assert_eq!(says(b"MM\0*\0\0\0\x08", ""), "image/tiff");
        assert_eq!(says(b"II*\0\x08\0\0\0", ""), "image/tiff");
        assert_eq!(
            says(b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0", ""),
            "image/bmp"
        );
    }

    #[test]
    fn two_letters_are_no_bitmap() {
        assert!(says(b"BMW is a maker of cars and of much else", "a.txt").contains("plain text"));
    }

    #[test]
    fn what_is_not_shown_is_named() {
        assert!(says(b"8BPS\0\x01", "a.psd").contains("is a Photoshop document"));
        assert!(
            says(b"\0\0\0\x0cJXL \r\n\x87\n", "a.png").contains("says .png but holds a JPEG XL")
        );
    }
}
