//! Notes of encoders inside coded film and sound: the user data of H.264 and HEVC, in which x264
//! and x265 write their settings, and the fill element in which the AAC encoder of `FFmpeg` writes
//! its name. Each is blanked in place, at the same length.

use std::ops::Range;

use crate::bytes::{be16, u8_at};

/// How much of a frame is looked through for notes, in bytes.
pub(super) const MAX_NOTE: u64 = 16 * 1024;

/// The type of a message that is user data nobody registered (ITU-T H.264, D.1.7).
const USER_DATA: usize = 5;
/// What blanks it: no byte that would need escaping.
const BLANK: u8 = b' ';

/// How frames are coded, as far as notes may be in them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Coding {
    /// H.264 or HEVC: units behind lengths of so many bytes, with headers of one or two.
    Units {
        /// The bytes of a length.
        length: usize,
        /// The bytes of a unit's header.
        header: usize,
    },
    /// AAC.
    Aac,
}

/// Bytes to be laid over those at a place.
pub(super) type Patch = (usize, Vec<u8>);

/// How the frames of an H.264 stream are cut (ISO/IEC 14496-15, 5.3.3). Nothing where decoders
/// read in x264's note how to take its 4:4:4 pictures: that note must stay.
pub(super) fn avc(description: &[u8]) -> Option<Coding> {
    const HIGH_444: u8 = 244;
    let length = usize::from(u8_at(description, 4)? & 3) + 1;
    let needed = u8_at(description, 1) == Some(HIGH_444);
    (!needed).then_some(Coding::Units { length, header: 1 })
}

/// The same for HEVC (ISO/IEC 14496-15, 8.3.3), whose description holds notes itself.
pub(super) fn hevc(description: &[u8]) -> (Coding, Vec<Patch>) {
    let length = usize::from(u8_at(description, 21).unwrap_or(3) & 3) + 1;
    let (arrays, mut at) = (u8_at(description, 22).unwrap_or(0), 23);
    let mut patches = Vec::new();
    for _ in 0..arrays {
        let (Some(kind), Some(count)) = (u8_at(description, at), be16(description, at + 1)) else {
            break;
        };
        at += 3;
        for _ in 0..count {
            let Some(size) = be16(description, at).map(usize::from) else {
                break;
            };
            at += 2;
            let unit = description.get(at..at + size).unwrap_or(&[]);
            if matches!(kind & 0x3f, 39 | 40) {
                patches.extend(without_user_data(unit, 2).map(|blank| (at, blank)));
            }
            at += size;
        }
    }
    (Coding::Units { length, header: 2 }, patches)
}

/// The notes that stand before the picture or sound of a frame, blanked.
pub(super) fn notes(coding: Coding, frame: &[u8]) -> Vec<Patch> {
    let Coding::Units { length, header } = coding else {
        let blank = without_aac_encoder(frame);
        return blank.into_iter().map(|blank| (0, blank)).collect();
    };
    let (mut at, mut patches) = (0, Vec::new());
    while let Some(digits) = frame.get(at..at + length) {
        let size = digits
            .iter()
            .fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
        at += length;
        let Some(kind) = u8_at(frame, at) else {
            break;
        };
        let (note, picture) = match header {
            1 => (kind & 31 == 6, matches!(kind & 31, 1..=5)),
            _ => (matches!(kind >> 1 & 63, 39 | 40), kind >> 1 & 63 < 32),
        };
        let Some(unit) = frame.get(at..at.saturating_add(size)).filter(|_| !picture) else {
            break;
        };
        if note {
            patches.extend(without_user_data(unit, header).map(|blank| (at, blank)));
        }
        at += size;
    }
    patches
}

/// The unit (ITU-T H.264, 7.3.1; H.265, 7.3.1) with its user data blanked, where it has any that
/// is not blank. `header` is the length of the unit's own header.
fn without_user_data(unit: &[u8], header: usize) -> Option<Vec<u8>> {
    let payload = unescaped(unit, header);
    let mut out = unit.to_vec();
    let mut at = 0;
    // What is left at the end is the stop bit.
    while payload.len().saturating_sub(at) > 2 {
        let kind = number(unit, &payload, &mut at)?;
        let size = number(unit, &payload, &mut at)?;
        let end = at.checked_add(size)?;
        let message = payload.get(at..end)?;
        if kind == USER_DATA {
            blank(&mut out, unit, message);
        }
        at = end;
    }
    (out != unit).then_some(out)
}

/// Where the bytes of a unit stand that are not there for escaping.
fn unescaped(unit: &[u8], header: usize) -> Vec<usize> {
    let mut zeros = 0;
    let mut places = Vec::with_capacity(unit.len());
    for (at, byte) in unit.iter().enumerate().skip(header) {
        if zeros >= 2 && *byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        places.push(at);
    }
    places
}

/// A number written as bytes of 255 and a last one.
fn number(unit: &[u8], payload: &[usize], at: &mut usize) -> Option<usize> {
    let mut sum = 0usize;
    loop {
        let byte = u8_at(unit, *payload.get(*at)?)?;
        *at += 1;
        sum = sum.checked_add(byte.into())?;
        if byte != 255 {
            return Some(sum);
        }
    }
}

/// Blanks a message, but for the zeros that the escaping beside them needs.
fn blank(out: &mut [u8], unit: &[u8], message: &[usize]) {
    let escape = |at: usize| {
        at >= 2 && unit.get(at - 2..=at) == Some(&[0, 0, 3]) && message.binary_search(&at).is_err()
    };
    for at in message {
        let escaped = (1..=2).any(|step| escape(at + step)) || (*at > 0 && escape(at - 1));
        if let Some(byte) = out.get_mut(*at).filter(|_| !escaped) {
            *byte = BLANK;
        }
    }
}

/// The start of a raw block of AAC with the name that `FFmpeg` puts into a first fill element
/// (ISO/IEC 14496-3, 4.4.2.7) blanked: the element's type and length, then the words.
pub(super) fn without_aac_encoder(block: &[u8]) -> Option<Vec<u8>> {
    let words = aac_fill(block)?;
    let name = block.get(words.clone())?;
    if !name.starts_with(b"Lavc") && !name.starts_with(b"Lavf") {
        return None;
    }
    let mut out = block.get(..words.end)?.to_vec();
    out.get_mut(words)?.fill(0);
    Some(out)
}

/// Where the words of a fill element at the start stand.
fn aac_fill(block: &[u8]) -> Option<Range<usize>> {
    let first = u8_at(block, 0)?;
    if first >> 5 != 6 {
        return None;
    }
    let short = usize::from((first >> 1) & 15);
    // The four bits of the extension's type (0, fill) and alignment precede the words.
    let (count, bits) = if short == 15 {
        let long = usize::from(first & 1) << 7 | usize::from(u8_at(block, 1)? >> 1);
        (14 + long, 15 + 4)
    } else {
        (short, 7 + 4)
    };
    let from = usize::div_ceil(bits, 8);
    let kind = if short == 15 {
        (u8_at(block, 1)? & 1) << 3 | u8_at(block, 2)? >> 5
    } else {
        (first & 1) << 3 | u8_at(block, 1)? >> 5
    };
    (kind == 0).then_some(from..from + count.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_data_is_blanked_and_other_messages_stay() {
        let unit = b"\x06\x06\x01\xc4\x05\x1ex264-uuid-16byte hidden-model-x\x80";
        let out = without_user_data(unit, 1).unwrap();
        assert_eq!(out.len(), unit.len());
        assert_eq!(&out[..6], &unit[..6]);
        assert!(out[6..36].iter().all(|byte| *byte == BLANK));
        assert_eq!(&out[36..], &unit[36..]);
        assert_eq!(without_user_data(&out, 1), None);
    }

    #[test]
    fn escaping_is_kept() {
        let unit = b"\x06\x05\x06ab\0\0\x03\x01c\x80";
        let out = without_user_data(unit, 1).unwrap();
        assert_eq!(out, b"\x06\x05\x06  \0\0\x03\x01 \x80");
        assert_eq!(without_user_data(&out, 1), None);
    }

    #[test]
    fn units_that_lie_are_left() {
        for unit in [
            &b""[..],
            b"\x06",
            b"\x06\x05\xff\xff\xff",
            b"\x06\x05\x20ab\x80",
        ] {
            assert_eq!(without_user_data(unit, 1), None);
        }
        assert_eq!(without_aac_encoder(b""), None);
        assert_eq!(without_aac_encoder(b"\xde\xff\xff"), None);
    }
}
