//! Comments as Vorbis writes them (Vorbis I, 5): the encoder's name, then `KEY=value` lines. Opus,
//! Theora, Speex and FLAC have the same.

use crate::bytes::le32;

use super::Stripped;

/// The list rewritten: no encoder, and of the lines those alone that change how it sounds.
pub(super) fn rewritten(body: &[u8], report: &mut Stripped) -> Vec<u8> {
    let (mut at, mut kept) = (0, Vec::new());
    let (mut dropped, mut lines) = (0u64, 0u32);
    if take(body, &mut at).is_some_and(|vendor| vendor.iter().any(|byte| *byte != b' ')) {
        report.took("names of the encoder");
    }
    let count = le32(body, at).unwrap_or(0);
    at = at.saturating_add(4);
    for _ in 0..count {
        match take(body, &mut at) {
            Some(line) if is_needed(line) => {
                kept.extend((line.len() as u32).to_le_bytes());
                kept.extend_from_slice(line);
                lines += 1;
            }
            Some(_) => dropped += 1,
            None => break,
        }
    }
    report.took_some("comments", dropped);
    [&[0; 4], &lines.to_le_bytes()[..], &kept].concat()
}

/// The list of the same length, with nothing in it: an encoder called by blanks.
pub(super) fn blanked(length: usize) -> Option<Vec<u8>> {
    let blanks = u32::try_from(length.checked_sub(8)?).ok()?;
    let mut out = blanks.to_le_bytes().to_vec();
    out.resize(length - 4, b' ');
    out.extend([0; 4]);
    Some(out)
}

/// The bytes that a 32-bit length announces.
fn take<'a>(body: &'a [u8], at: &mut usize) -> Option<&'a [u8]> {
    let from = at.checked_add(4)?;
    let end = from.checked_add(le32(body, *at)? as usize)?;
    let bytes = body.get(from..end)?;
    *at = end;
    Some(bytes)
}

/// The gains that a player of Opus applies (RFC 7845, 5.2.1) and the speakers of FLAC's channels
/// (RFC 9639, 8.6.2), where they are the plain numbers they should be.
fn is_needed(line: &[u8]) -> bool {
    let Some(split) = line.iter().position(|byte| *byte == b'=') else {
        return false;
    };
    let (key, value) = line.split_at(split);
    let value = value.get(1..).unwrap_or(&[]);
    let gain = value.strip_prefix(b"-").unwrap_or(value);
    let decimal = matches!(gain.len(), 1..=5) && gain.iter().all(u8::is_ascii_digit);
    let mask = value.strip_prefix(b"0x").is_some_and(|digits| {
        matches!(digits.len(), 1..=8) && digits.iter().all(u8::is_ascii_hexdigit)
    });
    match key.to_ascii_uppercase().as_slice() {
        b"R128_TRACK_GAIN" | b"R128_ALBUM_GAIN" => decimal,
        b"WAVEFORMATEXTENSIBLE_CHANNEL_MASK" => mask,
        _ => false,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn list(vendor: &str, lines: &[&str]) -> Vec<u8> {
        let sized = |text: &str| {
            let size = u32::try_from(text.len()).unwrap();
            [&size.to_le_bytes()[..], text.as_bytes()].concat()
        };
        let count = u32::try_from(lines.len()).unwrap();
        let lines: Vec<u8> = lines.iter().flat_map(|line| sized(line)).collect();
        [&sized(vendor)[..], &count.to_le_bytes(), &lines].concat()
    }

    #[test]
    fn lines_that_change_the_sound_stay() {
        let gain = "R128_TRACK_GAIN=-512";
        let told = list(
            "hidden-model-x",
            &["TITLE=hidden-model-x", gain, "R128_ALBUM_GAIN=hidden", "x"],
        );
        let mut report = Stripped::default();
        assert_eq!(rewritten(&told, &mut report), list("", &[gain]));
        assert!(report.removed().any(|what| what == "comments: 3"));
        for cut in 0..told.len() {
            let _ = rewritten(&told[..cut], &mut report);
        }
        assert_eq!(rewritten(&[0xff; 12], &mut report), list("", &[]));
    }

    #[test]
    fn a_blank_list_is_as_long_as_asked() {
        assert_eq!(blanked(10).unwrap(), list("  ", &[]));
        assert_eq!(blanked(7), None);
    }
}
