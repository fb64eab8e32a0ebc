//! Tags that stand before and behind sound without a container: ID3 (v1, v2), APE, Lyrics3.

use super::plan::Source;
use super::{StripError, Stripped, damaged};
use crate::bytes::{array, has, le32};

/// The most tags that stand in a row.
const MOST: usize = 64;
/// How much is looked through for the start of lyrics of the first version, in bytes.
const LYRICS: u64 = 5100 + 11;

/// Where the sound begins behind the tags at `at`.
pub(super) fn head(source: &mut Source<'_>, report: &mut Stripped) -> Result<u64, StripError> {
    let mut at = 0u64;
    for _ in 0..MOST {
        let start = source.read(at, 32)?;
        let (size, what) = if let Some(size) = id3v2(&start) {
            (size, "ID3 tags")
        } else if let Some(size) = ape(&start) {
            (size, "APE tags")
        } else {
            break;
        };
        report.took(what);
        at = at.saturating_add(size);
    }
    if at > 0 && at >= source.len() {
        return Err(damaged("its tags reach to its end, and there is no sound"));
    }
    Ok(at)
}

/// Where the sound that begins at `from` ends before the tags at the end.
pub(super) fn tail(
    source: &mut Source<'_>,
    from: u64,
    report: &mut Stripped,
) -> Result<u64, StripError> {
    let mut end = source.len();
    for _ in 0..MOST {
        let before = |size: u64| end.checked_sub(size).filter(|at| *at >= from);
        let last = |source: &mut Source<'_>, size: u64| {
            before(size).map_or(Ok(Vec::new()), |at| source.read(at, size))
        };
        let (size, what) = if id3v1(&last(source, 128)?) {
            (128, "ID3 tags")
        } else if let Some(size) = ape_footer(&last(source, 32)?) {
            (size, "APE tags")
        } else if let Some(size) = lyrics2(&last(source, 15)?) {
            (size, "lyrics")
        } else if let Some(size) = id3v2_footer(&last(source, 10)?) {
            (size, "ID3 tags")
        } else if last(source, 9)? == b"LYRICSEND" {
            let near = LYRICS.min(end - from);
            let found = source.read(end - near, near)?;
            match rfind(&found, b"LYRICSBEGIN") {
                Some(at) => (near - at as u64, "lyrics"),
                None => break,
            }
        } else {
            break;
        };
        let Some(at) = before(size) else {
            break;
        };
        report.took(what);
        end = at;
    }
    Ok(end)
}

fn synchsafe(bytes: [u8; 4]) -> Option<u64> {
    let legal = bytes.iter().all(|byte| *byte < 0x80);
    let value = bytes.iter().fold(0, |sum, b| (sum << 7) | u64::from(*b));
    legal.then_some(value)
}

/// The length of the tag (ID3v2.4, 3.1).
fn id3v2(start: &[u8]) -> Option<u64> {
    let known = start.starts_with(b"ID3") && matches!(start.get(3), Some(2..=4));
    let footer = start.get(5)? & 0x10 != 0;
    let size = synchsafe(array::<4>(start, 6)?)?;
    known.then_some(size + 10 + if footer { 10 } else { 0 })
}

fn id3v2_footer(last: &[u8]) -> Option<u64> {
    let size = synchsafe(array::<4>(last, 6)?)?;
    last.starts_with(b"3DI").then_some(size + 20)
}

/// The 128 bytes of version 1: beside their mark, words that end with zeros or blanks.
fn id3v1(last: &[u8]) -> bool {
    last.len() == 128 && last.starts_with(b"TAG")
}

/// The length of the tag by its header (APEv2: 32 bytes that the size leaves out).
fn ape(start: &[u8]) -> Option<u64> {
    let size = u64::from(le32(start, 12)?);
    has(start, 0, b"APETAGEX").then_some(size + 32)
}

/// The same by its footer, which the size covers; a flag says whether there is a header too.
fn ape_footer(last: &[u8]) -> Option<u64> {
    let size = u64::from(le32(last, 12)?).max(32);
    let header = le32(last, 20)? >> 31 == 1;
    has(last, 0, b"APETAGEX").then_some(size + if header { 32 } else { 0 })
}

/// The length of lyrics of the second version: six digits, then the mark.
fn lyrics2(last: &[u8]) -> Option<u64> {
    let (digits, mark) = last.split_at_checked(6)?;
    let size: u64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (mark == b"LYRICS200").then_some(size + 15)
}

fn rfind(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).rposition(|window| window == mark)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::io::Cursor;

    pub(crate) fn id3v2_tag(words: &[u8]) -> Vec<u8> {
        let size = u8::try_from(words.len()).unwrap();
        [b"ID3\x04\0\0\0\0\0", &[size][..], words].concat()
    }

    pub(crate) fn id3v1_tag(words: &[u8]) -> Vec<u8> {
        let mut tag = [b"TAG", words].concat();
        tag.resize(128, 0);
        tag
    }

    pub(crate) fn ape_tag(words: &[u8]) -> Vec<u8> {
        let size = u32::try_from(words.len() + 32).unwrap().to_le_bytes();
        let mark = |flags: &[u8; 4]| {
            [
                b"APETAGEX\xd0\x07\0\0",
                &size[..],
                &[1, 0, 0, 0],
                flags,
                &[0; 8],
            ]
            .concat()
        };
        [&mark(b"\0\0\0\xa0")[..], words, &mark(b"\0\0\0\x80")].concat()
    }

    fn between(file: &[u8]) -> Vec<u8> {
        let mut input = Cursor::new(file);
        let mut source = Source::new(&mut input, file.len() as u64);
        let mut report = Stripped::default();
        let from = head(&mut source, &mut report).unwrap();
        let to = tail(&mut source, from, &mut report).unwrap();
        file[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()].to_vec()
    }

    #[test]
    fn every_tag_is_stepped_over() {
        let sound = b"the sound itself, which stays";
        let lyrics = b"LYRICSBEGINhidden000017LYRICS200";
        let old = b"LYRICSBEGINhiddenLYRICSEND";
        let words = b"hidden-model-x";
        let file = [
            &id3v2_tag(words)[..],
            &ape_tag(words),
            sound,
            &ape_tag(words),
            old,
            lyrics,
            &id3v1_tag(words),
        ]
        .concat();
        assert_eq!(between(&file), sound);
        assert_eq!(between(sound), sound);
        for cut in 100..file.len() {
            let mut input = Cursor::new(&file[..cut]);
            let mut source = Source::new(&mut input, cut as u64);
            let _ = tail(&mut source, 0, &mut Stripped::default());
        }
    }

    #[test]
    fn tags_without_sound_are_no_file() {
        let file = b"ID3\x04\0\0\x7f\x7f\x7f\x7f";
        let mut input = Cursor::new(file);
        let mut source = Source::new(&mut input, 10);
        assert!(head(&mut source, &mut Stripped::default()).is_err());
    }
}
