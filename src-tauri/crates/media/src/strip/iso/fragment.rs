//! A film in fragments (ISO/IEC 14496-12, 8.8): each says for itself where its frames are, and the
//! first of them may hold notes of the encoder.

use super::{Box4, Done, Film};
use crate::bytes::{be32, be64};

impl Film<'_, '_> {
    /// What holds for every fragment of a track.
    pub(super) fn defaults(&mut self, found: Box4) -> Done {
        let stays = |name: &[u8; 4]| matches!(name, b"mehd" | b"trex" | b"leva" | b"trep");
        for part in self.keep_only(found, stays)? {
            if part.name == *b"trex" {
                let body = self.source.read(part.body(), 24.min(part.len()))?;
                if let (Some(track), Some(size)) = (be32(&body, 4), be32(&body, 16)) {
                    self.sizes.insert(track, size);
                }
            }
        }
        Ok(())
    }

    pub(super) fn fragment(&mut self, fragment: Box4) -> Done {
        let stays = |name: &[u8; 4]| matches!(name, b"mfhd" | b"traf" | b"pssh");
        for track in self.keep_only(fragment, stays)? {
            if track.name != *b"traf" {
                continue;
            }
            let parts = self.keep_only(track, |name| {
                matches!(
                    name,
                    b"tfhd"
                        | b"tfdt"
                        | b"trun"
                        | b"sdtp"
                        | b"sbgp"
                        | b"sgpd"
                        | b"subs"
                        | b"saiz"
                        | b"saio"
                        | b"senc"
                )
            })?;
            self.first_frame(fragment, &parts)?;
        }
        Ok(())
    }

    /// Looks for notes in the first frame of a track's part of a fragment.
    fn first_frame(&mut self, fragment: Box4, parts: &[Box4]) -> Done {
        let find = |name: &[u8; 4]| parts.iter().find(|part| part.name == *name);
        let (Some(head), Some(run)) = (find(b"tfhd"), find(b"trun")) else {
            return Ok(());
        };
        let head = self.source.read(head.body(), 40.min(head.len()))?;
        let run = self.source.read(run.body(), 32.min(run.len()))?;
        let place = place(&head, &run, fragment.at);
        let Some((track, at, size)) = place else {
            return Ok(());
        };
        let size = size
            .or_else(|| self.sizes.get(&track).copied())
            .unwrap_or(0);
        match self.codings.get(&track).copied() {
            Some(coding) => self.frame(coding, at, size.into()),
            None => Ok(()),
        }
    }
}

/// The track, where its first frame begins, and its size where the fragment says it.
fn place(head: &[u8], run: &[u8], fragment: u64) -> Option<(u32, u64, Option<u32>)> {
    let (flags, track) = (be32(head, 0)?, be32(head, 4)?);
    let mut at = 8;
    let mut base = fragment;
    if flags & 0x01 != 0 {
        base = be64(head, at)?;
        at += 8;
    }
    at += if flags & 0x02 != 0 { 4 } else { 0 };
    at += if flags & 0x08 != 0 { 4 } else { 0 };
    let usual = (flags & 0x10 != 0).then(|| be32(head, at)).flatten();
    let flags = be32(run, 0)?;
    let mut at = 8;
    if flags & 0x01 != 0 {
        // The offset is signed.
        let offset = i64::from(i32::from_be_bytes(be32(run, at)?.to_be_bytes()));
        base = base.checked_add_signed(offset)?;
        at += 4;
    }
    at += if flags & 0x04 != 0 { 4 } else { 0 };
    at += if flags & 0x100 != 0 { 4 } else { 0 };
    let own = (flags & 0x200 != 0).then(|| be32(run, at)).flatten();
    Some((track, base, own.or(usual)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_frame_is_found() {
        let head = b"\0\x02\0\x10\0\0\0\x07\0\0\0\x63";
        let run = b"\0\0\0\x01\0\0\0\x01\0\0\0\x20";
        assert_eq!(place(head, run, 100), Some((7, 132, Some(99))));
        let sized = b"\0\0\x03\x01\0\0\0\x01\xff\xff\xff\xff\0\0\0\x01\0\0\0\x05";
        assert_eq!(place(head, sized, 100), Some((7, 99, Some(5))));
        assert_eq!(place(head, sized, 0), None);
        for cut in 0..8 {
            assert_eq!(place(&head[..cut], run, 100), None);
        }
    }
}
