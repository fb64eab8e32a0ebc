//! Frames without a container: MP3 and AAC (ADTS). Tags around them go; the frame in which LAME
//! describes its encoding keeps what players need (frame count, seek points, silence added at both
//! ends) and loses the encoder's version.

use super::plan::{Plan, Source};
use super::{StripError, Stripped, crc, nal, tags};
use crate::bytes::{array, be32, find, has};

/// How many zeros between a tag and the first frame are taken for padding of the tag.
const PADDING: u64 = 1024 * 1024;
/// Encoders behind whose name players look for the silence added (`LAME` is the one that all of
/// them know).
const KNOWN: [&[u8]; 3] = [b"LAME", b"Lavf", b"Lavc"];

/// The sound between the tags, without the zeros that pad a tag.
fn sound(source: &mut Source<'_>, report: &mut Stripped) -> Result<(u64, u64), StripError> {
    let mut from = tags::head(source, report)?;
    if from > 0 {
        let near = source.read(from, PADDING)?;
        let zeros = near.iter().take_while(|byte| **byte == 0).count();
        if near.get(zeros) == Some(&0xff) {
            from += zeros as u64;
        }
    }
    Ok((from, tags::tail(source, from, report)?))
}

pub(super) fn mp3(source: &mut Source<'_>, report: &mut Stripped) -> Result<Plan, StripError> {
    let (from, to) = sound(source, report)?;
    let frame = source.read(from, 512.min(to - from))?;
    let mut plan = Plan::default();
    match without_encoder(&frame) {
        Some(mended) => {
            report.took("names of the encoder");
            plan.copy(from, 0);
            let rest = from + mended.len() as u64;
            plan.bytes(mended);
            plan.copy(rest, to - rest);
        }
        None => plan.copy(from, to - from),
    }
    Ok(plan)
}

/// The start of a first frame without the encoder's version, where it has one. The layout is that
/// of the Xing header with LAME's extension (“Mp3 Info Tag”, revision 1).
fn without_encoder(frame: &[u8]) -> Option<Vec<u8>> {
    let near = frame.get(..64.min(frame.len()))?;
    let xing = find(near, b"Xing").or_else(|| find(near, b"Info"))?;
    let flags = be32(frame, xing + 4)?;
    let fields = [(1, 4), (2, 4), (4, 100), (8, 4)];
    let size: usize = fields
        .iter()
        .filter(|(flag, _)| flags & flag != 0)
        .map(|(_, size)| size)
        .sum();
    let at = xing + 8 + size;
    let version = array::<9>(frame, at)?;
    let known = KNOWN.iter().any(|name| version.starts_with(name));
    let blank = if known { *b"LAME\0\0\0\0\0" } else { [0; 9] };
    if version == blank {
        return None;
    }
    let mut mended = frame.get(..at + 36).unwrap_or(frame).to_vec();
    let old_sum = mended.get(..at + 34).map(crc::lame);
    mended.get_mut(at..at + 9)?.copy_from_slice(&blank);
    let new_sum = mended.get(..at + 34).map(crc::lame);
    if let (Some(old), Some(new)) = (old_sum, new_sum)
        && has(&mended, at + 34, &old.to_be_bytes())
    {
        mended
            .get_mut(at + 34..)?
            .copy_from_slice(&new.to_be_bytes());
    }
    Some(mended)
}

pub(super) fn aac(source: &mut Source<'_>, report: &mut Stripped) -> Result<Plan, StripError> {
    let (from, to) = sound(source, report)?;
    let frame = source.read(from, 512.min(to - from))?;
    // A header of 7 bytes, or of 9 with a checksum, which a changed frame would no longer fit.
    let bare = frame.get(1).is_some_and(|byte| byte & 1 == 1);
    let mended = frame
        .get(7..)
        .filter(|_| bare)
        .and_then(nal::without_aac_encoder);
    let mut plan = Plan::default();
    match mended {
        Some(block) => {
            report.took("names of the encoder");
            plan.copy(from, 7);
            let rest = from + 7 + block.len() as u64;
            plan.bytes(block);
            plan.copy(rest, to - rest);
        }
        None => plan.copy(from, to - from),
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::super::strip_bytes;
    use super::super::tags::tests::{ape_tag, id3v1_tag, id3v2_tag};
    use super::*;
    use crate::kinds::{AAC, MP3};

    fn info(version: &[u8; 9]) -> Vec<u8> {
        let mut frame = b"\xff\xfb\x90\x64".to_vec();
        frame.resize(36, 0);
        frame.extend(b"Info\0\0\0\x0f");
        frame.extend([3; 112]);
        frame.extend(version);
        frame.resize(190, 5);
        let sum = crc::lame(&frame);
        frame.extend(sum.to_be_bytes());
        frame.resize(417, 0);
        frame
    }

    #[test]
    fn the_encoder_s_version_goes_and_its_numbers_stay() {
        let words = b"hidden-model-x";
        let file = [
            &id3v2_tag(words)[..],
            &[0; 40],
            &info(b"LAME3.100"),
            &ape_tag(words),
            &id3v1_tag(words),
        ]
        .concat();
        let (out, report) = strip_bytes(&file, &MP3).unwrap();
        assert_eq!(out, info(b"LAME\0\0\0\0\0"));
        assert!(report.removed().any(|what| what == "ID3 tags: 2"));
        assert_eq!(strip_bytes(&out, &MP3).unwrap(), (out, Stripped::default()));
        let (out, _) = strip_bytes(&info(b"hidden-mo"), &MP3).unwrap();
        assert_eq!(out, info(&[0; 9]));
    }

    #[test]
    fn an_adts_stream_loses_its_tags_and_the_note_of_its_encoder() {
        // A fill element of 13 + 1 bytes: 110, 1111, 00000000 (15 - 1 + 0), 0000, then the words.
        let name = b"Lavc59.37.100";
        let block =
            |name: &[u8; 13]| [&[0b1101_1010u8, 0b0000_0000][..], name, b"\x21sound"].concat();
        let file = |name| [b"\xff\xf1\x50\x80\x02\x1f\xfc", &block(name)[..]].concat();
        let told = [&id3v2_tag(b"hidden-model-x")[..], &file(name)].concat();
        let (out, _) = strip_bytes(&told, &AAC).unwrap();
        assert!(find(&out, b"Lavc").is_none() && find(&out, b"hidden").is_none());
        assert_eq!(out.len(), file(name).len());
        assert!(out.ends_with(b"\x21sound"));
    }
}
