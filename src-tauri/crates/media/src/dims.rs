//! The size a picture declares, read from its header before anything decodes it.
//!
//! A few bytes can declare a picture of gigabytes; such a file is refused here, by name.

use crate::bytes::{array, be16, be32, find, has, le16, le32, start, u8_at};
use crate::error::MediaError;
use crate::kinds::{self, Kind};

/// The most pixels a picture may declare.
const MAX_PIXELS: u64 = 200_000_000;
/// The longest side a picture may declare, in pixels.
const MAX_SIDE: u32 = 65_500;

/// Width and height in pixels as the header declares them; nothing where it does not say, says
/// zero, or the head ends before.
pub(crate) fn declared(head: &[u8], kind: &Kind) -> Option<(u32, u32)> {
    let dims = match *kind {
        kinds::PNG => png(head),
        kinds::JPEG => jpeg(head),
        kinds::GIF => Some((le16(head, 6)?.into(), le16(head, 8)?.into())),
        kinds::WEBP => webp(head),
        kinds::BMP => bmp(head),
        kinds::AVIF => avif(head),
        _ => None,
    };
    dims.filter(|(width, height)| *width > 0 && *height > 0)
}

/// Refuses a picture that declares more than can be opened.
pub(crate) fn check(name: &str, dims: Option<(u32, u32)>) -> Result<(), MediaError> {
    match dims {
        Some((width, height))
            if u64::from(width) * u64::from(height) > MAX_PIXELS
                || width.max(height) > MAX_SIDE =>
        {
            Err(MediaError::TooManyPixels {
                name: name.to_owned(),
                width,
                height,
            })
        }
        _ => Ok(()),
    }
}

fn png(head: &[u8]) -> Option<(u32, u32)> {
    has(head, 12, b"IHDR").then_some(())?;
    Some((be32(head, 16)?, be32(head, 20)?))
}

/// Walks the segments up to the frame header (ITU-T T.81, B.2.2).
fn jpeg(head: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if u8_at(head, at)? != 0xff {
            return None;
        }
        match u8_at(head, at + 1)? {
            0xff => at += 1,
            0x01 | 0xd0..=0xd7 => at += 2,
            0xd9 | 0xda => return None,
            marker if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((be16(head, at + 7)?.into(), be16(head, at + 5)?.into()));
            }
            _ => at += 2 + usize::from(be16(head, at + 2)?.max(2)),
        }
    }
}

/// The three shapes of a WebP: lossy, lossless, extended (RFC 9649).
fn webp(head: &[u8]) -> Option<(u32, u32)> {
    let three = |at| array::<3>(head, at).map(|[a, b, c]| u32::from_le_bytes([a, b, c, 0]));
    match &array::<4>(head, 12)? {
        b"VP8 " if has(head, 23, b"\x9d\x01\x2a") => Some((
            (le16(head, 26)? & 0x3fff).into(),
            (le16(head, 28)? & 0x3fff).into(),
        )),
        b"VP8L" if has(head, 20, b"\x2f") => {
            let bits = le32(head, 21)?;
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => Some((three(24)? + 1, three(27)? + 1)),
        _ => None,
    }
}

fn bmp(head: &[u8]) -> Option<(u32, u32)> {
    if le32(head, 14)? == 12 {
        return Some((le16(head, 18)?.into(), le16(head, 20)?.into()));
    }
    let signed = |at| array(head, at).map(|bytes| i32::from_le_bytes(bytes).unsigned_abs());
    Some((signed(18)?, signed(22)?))
}

/// The largest of the `ispe` properties: a grid has one for each tile and one for the whole.
fn avif(head: &[u8]) -> Option<(u32, u32)> {
    const NO_FLAGS: &[u8] = b"ispe\0\0\0\0";
    let mut rest = start(head, 64 * 1024);
    let mut largest = None;
    while let Some(at) = find(rest, NO_FLAGS) {
        let dims = (be32(rest, at + 8)?, be32(rest, at + 12)?);
        largest = largest.max(Some((u64::from(dims.0) * u64::from(dims.1), dims)));
        rest = rest.get(at + 8..)?;
    }
    largest.map(|(_, dims)| dims)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        file.extend([width.to_be_bytes(), height.to_be_bytes()].concat());
        file
    }

    #[test]
    fn simple_headers_are_read() {
        assert_eq!(declared(&png_of(3, 4), &kinds::PNG), Some((3, 4)));
        assert_eq!(declared(b"GIF89a\x05\0\x06\0", &kinds::GIF), Some((5, 6)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x0b\x08\0\x07\0\x09";
        assert_eq!(declared(jpeg, &kinds::JPEG), Some((9, 7)));
        let lossless = b"RIFF....WEBPVP8L\0\0\0\0\x2f\x01\x40\0\0";
        assert_eq!(declared(lossless, &kinds::WEBP), Some((2, 2)));
        let extended = b"RIFF....WEBPVP8X\x0a\0\0\0\0\0\0\0\x07\0\0\x08\0\0";
        assert_eq!(declared(extended, &kinds::WEBP), Some((8, 9)));
        let mut upside_down = b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0".to_vec();
        upside_down.extend([2i32.to_le_bytes(), (-3i32).to_le_bytes()].concat());
        assert_eq!(declared(&upside_down, &kinds::BMP), Some((2, 3)));
        let avif = b"ispe\0\0\0\0\0\0\0\x01\0\0\0\x02ispe\0\0\0\0\0\0\0\x03\0\0\0\x04";
        assert_eq!(declared(avif, &kinds::AVIF), Some((3, 4)));
    }

    #[test]
    fn a_header_cut_short_or_of_size_zero_says_nothing() {
        assert_eq!(declared(&png_of(0, 4), &kinds::PNG), None);
        for cut in 0..24 {
            assert_eq!(declared(&png_of(3, 4)[..cut], &kinds::PNG), None);
        }
        assert_eq!(declared(b"\xff\xd8\xff\xda", &kinds::JPEG), None);
        assert_eq!(
            declared(b"\xff\xd8\xff\xe0\0\0\xff\xe0\0\0", &kinds::JPEG),
            None
        );
    }

    #[test]
    fn bombs_are_refused_with_their_size() {
        check("a.png", Some((14_000, 14_000))).unwrap();
        check("a.png", None).unwrap();
        let error = check("a.png", Some((20_000, 20_000))).unwrap_err();
        assert!(error.to_string().contains("20000 × 20000"), "{error}");
        assert_eq!(
            check("a.png", Some((65_501, 1))).unwrap_err().code(),
            "media_too_many_pixels"
        );
        assert!(check("a.png", Some((u32::MAX, u32::MAX))).is_err());
    }
}
