//! WebP (RFC 9649): pictures, alpha, animation and colour stay; EXIF keeps its orientation; XMP
//! and chunks nobody knows go, and the flags that announce them.

use super::{StripError, Stripped, damaged, exif};
use crate::bytes::{array, le32};

const EXIF_FLAG: u8 = 0x08;
const XMP_FLAG: u8 = 0x04;

pub(super) fn strip(bytes: &[u8], report: &mut Stripped) -> Result<Vec<u8>, StripError> {
    let size = le32(bytes, 4).ok_or(damaged("it does not begin as a WebP does"))? as usize;
    let end = size.saturating_add(8);
    // An odd size leaves out the padding of its last chunk.
    if end.saturating_add(size & 1) < bytes.len() {
        report.took("data after the picture");
    }
    let body = bytes.get(12..end.min(bytes.len())).unwrap_or(&[]);
    let mut out = b"RIFF....WEBP".to_vec();
    let mut flags = None;
    for (name, data) in Chunks(body) {
        match &name {
            b"VP8X" => {
                flags = Some(out.len() + 8);
                push(&mut out, &name, data);
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ICCP" => push(&mut out, &name, data),
            b"ANMF" => push(&mut out, &name, &frame(data, report)),
            b"EXIF" => {
                if !exif::is_reduced(data) {
                    report.took("EXIF");
                }
                if let Some(block) = exif::reduced(data) {
                    push(&mut out, &name, &block);
                }
            }
            b"XMP " => report.took("XMP"),
            _ => report.took("other WebP chunks"),
        }
    }
    if let Some(flags) = flags.and_then(|at| out.get_mut(at)) {
        let turned =
            Chunks(body).any(|(name, data)| name == *b"EXIF" && exif::reduced(data).is_some());
        *flags &= !(XMP_FLAG | if turned { 0 } else { EXIF_FLAG });
    }
    let size = u32::try_from(out.len().saturating_sub(8)).unwrap_or(u32::MAX);
    if let Some(field) = out.get_mut(4..8) {
        field.copy_from_slice(&size.to_le_bytes());
    }
    Ok(out)
}

/// A frame of an animation holds chunks of its own after 16 bytes.
fn frame(data: &[u8], report: &mut Stripped) -> Vec<u8> {
    let (head, body) = data.split_at_checked(16).unwrap_or((data, &[]));
    let mut out = head.to_vec();
    for (name, data) in Chunks(body) {
        match &name {
            b"VP8 " | b"VP8L" | b"ALPH" => push(&mut out, &name, data),
            _ => report.took("other WebP chunks"),
        }
    }
    out
}

fn push(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    out.extend(name);
    out.extend((data.len() as u32).to_le_bytes());
    out.extend_from_slice(data);
    if data.len() % 2 == 1 {
        out.push(0);
    }
}

/// The chunks of a stretch of bytes; one that runs past the end is cut there.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, size) = (array::<4>(self.0, 0)?, le32(self.0, 4)? as usize);
        let rest = self.0.get(8..)?;
        let data = rest.get(..size).unwrap_or(rest);
        self.0 = rest.get(size.saturating_add(size & 1)..).unwrap_or(&[]);
        Some((name, data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(flags: u8, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut out = b"RIFF....WEBP".to_vec();
        push(&mut out, b"VP8X", &[flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        for (name, data) in chunks {
            push(&mut out, name, data);
        }
        let size = u32::try_from(out.len() - 8).unwrap();
        out[4..8].copy_from_slice(&size.to_le_bytes());
        out
    }

    #[test]
    fn what_shows_stays_and_what_tells_goes() {
        let mut frame = vec![7; 16];
        push(&mut frame, b"VP8L", b"picture");
        let plain = frame.clone();
        push(&mut frame, b"note", b"hidden-model-x");
        let told = file(
            0x3e,
            &[
                (b"ICCP", b"profile"),
                (b"ANIM", b"loops!"),
                (b"ANMF", &frame),
                (b"EXIF", b"MM\0*hidden-model-x"),
                (b"XMP ", b"hidden-model-x"),
                (b"C2PA", b"hidden-model-x"),
            ],
        );
        let told = [&told[..], b"hidden-model-x"].concat();
        let mut report = Stripped::default();
        let out = strip(&told, &mut report).unwrap();
        let bare: &[(&[u8; 4], &[u8])] = &[
            (b"ICCP", b"profile"),
            (b"ANIM", b"loops!"),
            (b"ANMF", &plain),
        ];
        assert_eq!(out, file(0x32, bare));
        assert!(report.removed().any(|what| what == "XMP: 1"));
    }

    #[test]
    fn orientation_stays_with_its_flag() {
        let block = [b"Exif\0\0", &exif::block(5)[..], b"hidden-model-x"].concat();
        let told = file(0x0c, &[(b"VP8L", b"x"), (b"EXIF", &block)]);
        let out = strip(&told, &mut Stripped::default()).unwrap();
        assert_eq!(
            out,
            file(0x08, &[(b"VP8L", b"x"), (b"EXIF", &exif::block(5))])
        );
    }
}
