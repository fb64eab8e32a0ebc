//! GIF (GIF89a specification, 17 to 27): pictures, their control blocks and the loop count stay;
//! comments, plain text that nobody draws, and the notes of applications go.

use super::{StripError, Stripped, damaged};
use crate::bytes::{array, u8_at};

const CUT: StripError = damaged("the GIF ends inside a block");

pub(super) fn strip(bytes: &[u8], report: &mut Stripped) -> Result<Vec<u8>, StripError> {
    if !(bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a")) {
        return Err(damaged("it does not begin as a GIF does"));
    }
    let flags = u8_at(bytes, 10).ok_or(CUT)?;
    let mut at = 13 + colours(flags);
    let mut out = bytes.get(..at).ok_or(CUT)?.to_vec();
    // A control block belongs to the picture (or text) after it.
    let mut control: &[u8] = &[];
    loop {
        match (u8_at(bytes, at), u8_at(bytes, at + 1)) {
            (Some(0x2c), _) => {
                let flags = u8_at(bytes, at + 9).ok_or(CUT)?;
                let data = at + 10 + colours(flags) + 1;
                let end = blocks_end(bytes, data);
                out.extend_from_slice(control);
                out.extend_from_slice(bytes.get(at..end).ok_or(CUT)?);
                (control, at) = (&[], end);
            }
            (Some(0x21), Some(label)) => {
                let end = blocks_end(bytes, at + 2);
                let block = bytes.get(at..end).ok_or(CUT)?;
                match label {
                    0xf9 => control = block,
                    0xff => application(block, &mut out, report),
                    0x01 => {
                        control = &[];
                        report.took("plain text blocks");
                    }
                    0xfe => report.took("GIF comments"),
                    _ => report.took("other GIF blocks"),
                }
                at = end;
            }
            (Some(0), _) => at += 1, // Decoders step over these.
            (Some(0x3b), _) => {
                out.push(0x3b);
                if at + 1 < bytes.len() {
                    report.took("data after the picture");
                }
                return Ok(out);
            }
            (Some(0x21), None) | (None, _) => return Ok(out),
            _ => return Err(damaged("the GIF has a block of no known kind")),
        }
    }
}

/// The bytes of the colour table that these flags announce.
const fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        return 0;
    }
    3 << ((flags & 7) + 1)
}

/// Where the chain of data blocks at `at` ends.
fn blocks_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(size) = u8_at(bytes, at) {
        at += 1 + usize::from(size);
        if size == 0 {
            return at;
        }
    }
    bytes.len()
}

/// Keeps the loop count and the colour profile.
fn application(block: &[u8], out: &mut Vec<u8>, report: &mut Stripped) {
    match block.get(3..14) {
        Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0") => {
            // Loops are in the block numbered 1; others say how much to buffer.
            if let Some([3, 1, low, high]) = array::<4>(block, 14) {
                out.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01");
                out.extend([low, high, 0]);
            }
        }
        Some(b"ICCRGBG1012") => out.extend_from_slice(block),
        _ => report.took("notes of applications"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff";
    const CONTROL: &[u8] = b"\x21\xf9\x04\x01\x0a\0\0\0";
    const PICTURE: &[u8] = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
    const LOOPS: &[u8] = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x05\0\0";

    #[test]
    fn what_shows_stays_and_what_tells_goes() {
        let told = [
            &b"\x21\xfe\x0ehidden-model-x\0"[..],
            b"\x21\xff\x0bXMP DataXMP\x0ehidden-model-x\0",
            CONTROL,
            b"\x21\x01\x0cxxxxxxxxxxxx\x0ehidden-model-x\0",
        ]
        .concat();
        let file = [
            HEAD,
            LOOPS,
            &told,
            CONTROL,
            PICTURE,
            &told,
            b";hidden-model-x",
        ]
        .concat();
        let mut report = Stripped::default();
        let out = strip(&file, &mut report).unwrap();
        assert_eq!(out, [HEAD, LOOPS, CONTROL, PICTURE, b";"].concat());
        assert!(report.removed().any(|what| what == "GIF comments: 2"));
    }

    #[test]
    fn every_cut_is_answered() {
        let file = [HEAD, CONTROL, PICTURE, b";"].concat();
        for cut in 0..file.len() {
            let _ = strip(&file[..cut], &mut Stripped::default());
        }
        assert!(strip(b"GIF89a\0\0\0\0\0\0\0\x99", &mut Stripped::default()).is_err());
    }
}
