//! JPEG (ITU-T T.81, annex B): tables, frames and scans stay. Of the application segments those
//! stay that say how colours are meant, and the orientation of EXIF.

use super::{StripError, Stripped, damaged, exif};
use crate::bytes::{be16, u8_at};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

pub(super) fn strip(bytes: &[u8], report: &mut Stripped) -> Result<Vec<u8>, StripError> {
    if !bytes.starts_with(&[0xff, START]) {
        return Err(damaged("it does not begin as a JPEG does"));
    }
    let mut out = vec![0xff, START];
    let (mut at, mut turned, mut described) = (2, false, false);
    while let Some((marker, from)) = next_marker(bytes, at) {
        if from > at + 2 {
            report.took("data between JPEG segments");
        }
        match marker {
            START | 0x01 | 0xd0..=0xd7 => {
                at = from;
                continue;
            }
            END => {
                out.extend([0xff, END]);
                if from < bytes.len() {
                    report.took("data after the picture");
                }
                break;
            }
            _ => {}
        }
        let end = match be16(bytes, from) {
            Some(length @ 2..) => from + usize::from(length),
            Some(_) => return Err(damaged("a JPEG segment is shorter than its own length")),
            None => bytes.len(),
        };
        let segment = bytes.get(from..end.min(bytes.len())).unwrap_or(&[]);
        let data = segment.get(2..).unwrap_or(&[]);
        match marker {
            0xe0 if data.starts_with(b"JFIF\0") && data.len() >= 14 && !described => {
                described = true;
                if data.len() > 14 {
                    report.took("thumbnails");
                }
                let header = [data.get(..12).unwrap_or(&[]), &[0, 0]].concat();
                push(&mut out, marker, &header);
            }
            0xe1 if exif::begins(data) => {
                let block = data.get(6..).unwrap_or(&[]);
                if !exif::is_reduced(block) || turned {
                    report.took("EXIF");
                }
                if let Some(block) = exif::reduced(block).filter(|_| !turned) {
                    turned = true;
                    push(&mut out, marker, &[b"Exif\0\0", &block[..]].concat());
                }
            }
            0xe2 if data.starts_with(b"ICC_PROFILE\0") => push(&mut out, marker, data),
            0xee if data.starts_with(b"Adobe") && data.len() >= 12 => {
                push(&mut out, marker, data.get(..12).unwrap_or(data));
            }
            0xe0..=0xef => report.took("application segments"),
            0xfe => report.took("JPEG comments"),
            _ => {
                out.extend([0xff, marker]);
                out.extend_from_slice(segment);
            }
        }
        at = end;
        if marker == SCAN {
            let scan = scan_end(bytes, at);
            out.extend_from_slice(bytes.get(at..scan).unwrap_or(&[]));
            at = scan;
        }
    }
    Ok(out)
}

fn push(out: &mut Vec<u8>, marker: u8, data: &[u8]) {
    let length = u16::try_from(data.len() + 2).unwrap_or(u16::MAX);
    out.extend([0xff, marker]);
    out.extend(length.to_be_bytes());
    out.extend_from_slice(data);
}

/// The next marker at or after `at`, and where what follows it begins. Decoders step over what
/// stands before one.
fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match u8_at(bytes, at + 1)? {
            0xff => at += 1,
            0 => at += 2,
            marker => return Some((marker, at + 2)),
        }
    }
}

/// Where the coded data that begins at `at` ends: at a marker that is no restart, or the file's
/// end.
fn scan_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(step) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| *byte == 0xff))
    {
        at += step;
        match u8_at(bytes, at + 1) {
            Some(0 | 0xd0..=0xd7) => at += 2,
            // Bytes that fill up to a marker.
            Some(0xff) => {
                let rest = bytes.get(at..).unwrap_or(&[]);
                let fill = rest.iter().take_while(|byte| **byte == 0xff).count();
                match rest.get(fill) {
                    Some(0 | 0xd0..=0xd7) => at += fill + 1,
                    _ => return at,
                }
            }
            _ => return at,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: &[u8] =
        b"\xff\xdb\0\x05abc\xff\xc0\0\x04xy\xff\xda\0\x03s\x12\xff\0\xff\xd0\x34";

    fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        push(&mut out, marker, data);
        out
    }

    #[test]
    fn what_shows_stays_and_what_tells_goes() {
        let jfif = segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01thumb");
        let told = [
            segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0hidden-model-x"),
            segment(0xe1, b"Exif\0\0MM\0*hidden-model-x"),
            segment(0xeb, b"JP hidden-model-x"),
            segment(0xfe, b"hidden-model-x"),
        ]
        .concat();
        let adobe = segment(0xee, b"Adobe\0\x64\0\0\0\0\x01");
        let icc = segment(0xe2, b"ICC_PROFILE\0\x01\x01p");
        let end = b"\xff\xd9";
        let file = [
            b"\xff\xd8",
            &jfif[..],
            &told,
            &adobe,
            &icc,
            PICTURE,
            &told,
            end,
            b"\xff\xd8hidden-model-x",
        ]
        .concat();
        let mut report = Stripped::default();
        let out = strip(&file, &mut report).unwrap();
        let plain = segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        assert_eq!(
            out,
            [b"\xff\xd8", &plain[..], &adobe, &icc, PICTURE, end].concat()
        );
        assert!(report.removed().any(|what| what == "JPEG comments: 2"));
    }

    #[test]
    fn a_turned_picture_stays_turned() {
        let told = [b"Exif\0\0", &exif::block(8)[..], b"hidden-model-x"].concat();
        let file = [b"\xff\xd8", &segment(0xe1, &told)[..], PICTURE].concat();
        let out = strip(&file, &mut Stripped::default()).unwrap();
        let bare = segment(0xe1, &[b"Exif\0\0", &exif::block(8)[..]].concat());
        assert_eq!(out, [b"\xff\xd8", &bare[..], PICTURE].concat());
        assert_eq!(strip(&out, &mut Stripped::default()).unwrap(), out);
    }

    #[test]
    fn bytes_that_fill_up_to_a_marker_are_no_part_of_the_scan() {
        let file = [b"\xff\xd8", PICTURE, b"\xff\xff\xff\xd9"].concat();
        let out = strip(&file, &mut Stripped::default()).unwrap();
        assert_eq!(out, [b"\xff\xd8", PICTURE, b"\xff\xd9"].concat());
        let cut = [b"\xff\xd8", PICTURE, b"\xff\xff"].concat();
        let out = strip(&cut, &mut Stripped::default()).unwrap();
        assert_eq!(strip(&out, &mut Stripped::default()).unwrap(), out);
    }

    #[test]
    fn segments_that_lie_are_answered() {
        for file in [&b"\xff\xd8\xff\xe1\0\0"[..], b"\xff\xd8\xff\xe1\0\x01", b""] {
            assert!(strip(file, &mut Stripped::default()).is_err());
        }
        let cut = b"\xff\xd8\xff\xe1\xff\xffExif";
        assert_eq!(strip(cut, &mut Stripped::default()).unwrap(), b"\xff\xd8");
    }
}
