//! FLAC (RFC 9639): the description of the stream and the seek points stay; comments, pictures,
//! cue sheets, data of applications and padding go. Seek points count from the first frame, so
//! nothing that stays needs to be mended.

use super::plan::{Plan, Source};
use super::{StripError, Stripped, comments, damaged, tags};
use crate::bytes::array;

const STREAMINFO: u8 = 0;
const PADDING: u8 = 1;
const SEEKTABLE: u8 = 3;
const COMMENT: u8 = 4;
const LAST: u8 = 0x80;
/// The most blocks of metadata that are followed.
const MOST: usize = 4096;

pub(super) fn plan(source: &mut Source<'_>, report: &mut Stripped) -> Result<Plan, StripError> {
    let from = tags::head(source, report)?;
    let to = tags::tail(source, from, report)?;
    if source.read(from, 4)? != b"fLaC" {
        return Err(damaged("it does not begin as a FLAC does"));
    }
    let mut blocks: Vec<(u8, Vec<u8>)> = Vec::new();
    let mut at = from + 4;
    for _ in 0..MOST {
        let [kind, a, b, c] = array::<4>(&source.read(at, 4)?, 0)
            .ok_or(damaged("the FLAC ends inside its metadata"))?;
        let size = u64::from(u32::from_be_bytes([0, a, b, c]));
        let body = at + 4;
        at = body + size;
        if at > to {
            return Err(damaged("a block of the FLAC runs past its end"));
        }
        match kind & !LAST {
            kind @ (STREAMINFO | SEEKTABLE) => blocks.push((kind, source.read(body, size)?)),
            COMMENT => {
                let list = comments::rewritten(&source.read(body, size)?, report);
                // Without a line there is nothing to keep a list for.
                if list.len() > 8 {
                    blocks.push((COMMENT, list));
                }
            }
            PADDING => {}
            _ => report.took("other FLAC blocks"),
        }
        if blocks
            .first()
            .is_none_or(|(kind, body)| *kind != STREAMINFO || body.len() != 34)
        {
            return Err(damaged("the FLAC does not begin with its description"));
        }
        if kind & LAST != 0 {
            return Ok(written(blocks, at, to));
        }
    }
    Err(damaged("the metadata of the FLAC have no end"))
}

fn written(blocks: Vec<(u8, Vec<u8>)>, frames: u64, to: u64) -> Plan {
    let mut head = b"fLaC".to_vec();
    let count = blocks.len();
    for (nth, (kind, body)) in blocks.into_iter().enumerate() {
        let last = if nth + 1 == count { LAST } else { 0 };
        let [_, a, b, c] = (body.len() as u32).to_be_bytes();
        head.extend([kind | last, a, b, c]);
        head.extend(body);
    }
    let mut plan = Plan::default();
    plan.bytes(head);
    plan.copy(frames, to - frames);
    plan
}

/// The blocks of a FLAC stream inside another container, which must keep their length: what is
/// not needed becomes padding.
pub(super) fn blanked(private: &[u8]) -> Vec<u8> {
    let mut out = private.to_vec();
    let mut at = if private.starts_with(b"fLaC") { 4 } else { 0 };
    while let Some([kind, a, b, c]) = array::<4>(private, at) {
        let body = at + 4;
        let end = body + u32::from_be_bytes([0, a, b, c]) as usize;
        if !matches!(kind & !LAST, STREAMINFO | SEEKTABLE) {
            let end = end.min(out.len());
            if let Some(bytes) = out.get_mut(body..end) {
                bytes.fill(0);
            }
            if let Some(byte) = out.get_mut(at) {
                *byte = (kind & LAST) | PADDING;
            }
        }
        at = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::strip_bytes;
    use super::*;
    use crate::kinds;

    fn block(kind: u8, body: &[u8]) -> Vec<u8> {
        let [_, a, b, c] = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&[kind, a, b, c], body].concat()
    }

    #[test]
    fn what_shows_stays_and_what_tells_goes() {
        let told = comments::tests::list(
            "hidden-model-x",
            &["a=hidden-model-x", "WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x3"],
        );
        let kept = comments::tests::list("", &["WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x3"]);
        let file = [
            &tags::tests::id3v2_tag(b"hidden-model-x")[..],
            b"fLaC",
            &block(0, &[1; 34]),
            &block(6, b"hidden-model-x"),
            &block(4, &told),
            &block(3, &[2; 18]),
            &block(0x81, &[0; 9]),
            b"frames",
        ]
        .concat();
        let (out, _) = strip_bytes(&file, &kinds::FLAC).unwrap();
        let bare = [
            &b"fLaC"[..],
            &block(0, &[1; 34]),
            &block(4, &kept),
            &block(0x83, &[2; 18]),
            b"frames",
        ]
        .concat();
        assert_eq!(out, bare);
        let (again, report) = strip_bytes(&out, &kinds::FLAC).unwrap();
        assert_eq!((again, report), (out, Stripped::default()));
    }

    #[test]
    fn blocks_in_another_container_become_padding() {
        let file = [&b"fLaC"[..], &block(0, &[1; 3]), &block(0x84, b"hidden")].concat();
        let out = blanked(&file);
        assert_eq!(
            out,
            [&b"fLaC"[..], &block(0, &[1; 3]), &block(0x81, &[0; 6])].concat()
        );
        let _ = blanked(&file[..file.len() - 3]);
        let _ = blanked(&[0xff; 5]);
    }

    #[test]
    fn blocks_that_lie_are_answered() {
        for file in [&b"fLaC\x04\xff\xff\xff"[..], b"fLaC", b"fLaC\0\0"] {
            assert_eq!(
                strip_bytes(file, &kinds::FLAC).unwrap_err().code(),
                "strip_damaged"
            );
        }
    }
}
