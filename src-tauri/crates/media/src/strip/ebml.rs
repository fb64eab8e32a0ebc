//! Matroska and `WebM` (RFC 9559, RFC 8794): seek points count from the start, so nothing moves.
//! Tags, attachments, chapters and names become `Void` elements where they stand; the names of the
//! two programs, which must be there, become empty.

use super::nal::Coding;
use super::plan::{Overlay, Plan, Source};
use super::{StripError, Stripped, comments, damaged, flac, nal};
use crate::bytes::{find, u8_at};

const EBML: u32 = 0x1a45_dfa3;
const SEGMENT: u32 = 0x1853_8067;
const SEEK_HEAD: u32 = 0x114d_9b74;
const SEEK: u32 = 0x4dbb;
const SEEK_ID: u32 = 0x53ab;
const INFO: u32 = 0x1549_a966;
const TRACKS: u32 = 0x1654_ae6b;
const CUES: u32 = 0x1c53_bb6b;
const CLUSTER: u32 = 0x1f43_b675;
const TRACK: u32 = 0xae;
const MUXING_APP: u32 = 0x4d80;
const WRITING_APP: u32 = 0x5741;
const TIMESTAMP_SCALE: u32 = 0x2a_d7b1;
const DURATION: u32 = 0x4489;
const CODEC_ID: u32 = 0x86;
const CODEC_PRIVATE: u32 = 0x63a2;
const NUMBER: u32 = 0xd7;
const SIMPLE_BLOCK: u32 = 0xa3;
const GROUP: u32 = 0xa0;
const BLOCK: u32 = 0xa1;
const VOID: u32 = 0xec;
const CRC: u32 = 0xbf;

/// What goes from a track: its name, and free words about the codec.
const TRACK_WORDS: [u32; 7] = [
    0x536e, 0x25_8688, 0x3a_9697, 0x3b_4040, 0x26_b240, 0x7446, VOID,
];
/// The most elements that are followed.
const MOST: usize = 2_000_000;
const MAX_READ: u64 = 64 * 1024 * 1024;
/// The most clusters in which they are looked for.
const MAX_CLUSTERS: usize = 20_000;

/// One element; `size` is nothing where it is open: it ends where its parent or the next of its
/// level does.
#[derive(Debug, Clone, Copy)]
struct Element {
    id: u32,
    at: u64,
    body: u64,
    end: u64,
    open: bool,
}

/// A track whose frames may hold notes.
struct Noted {
    number: u64,
    coding: Coding,
}

struct Film<'a, 'b> {
    source: &'a mut Source<'b>,
    overlay: Overlay,
    report: &'a mut Stripped,
    noted: Vec<Noted>,
    seen: usize,
    clusters: usize,
}

pub(super) fn plan(source: &mut Source<'_>, report: &mut Stripped) -> Result<Plan, StripError> {
    let len = source.len();
    let mut film = Film {
        source,
        overlay: Overlay::default(),
        report,
        noted: Vec::new(),
        seen: 0,
        clusters: 0,
    };
    let (mut at, mut segments) = (0, 0);
    while let Some(element) = film.element(at, len)? {
        match element.id {
            EBML => {}
            SEGMENT => {
                segments += 1;
                film.segment(element)?;
            }
            _ => film.void(element)?,
        }
        at = element.end;
    }
    if at < len {
        film.overlay.fill(at, 0, len - at)?;
    }
    if segments == 0 {
        return Err(damaged("the Matroska file has no segment"));
    }
    Ok(film.overlay.into_plan(len))
}

impl Film<'_, '_> {
    /// The element at `at`, cut at `to`.
    fn element(&mut self, at: u64, to: u64) -> Result<Option<Element>, StripError> {
        if at >= to {
            return Ok(None);
        }
        let head = self.source.read(at, 12.min(to - at))?;
        let Some((id, id_size, size, size_size)) = header(&head) else {
            return Ok(None);
        };
        self.seen += 1;
        if self.seen > MOST {
            return Err(damaged("it has more elements than any real file"));
        }
        let body = at + (id_size + size_size) as u64;
        let end = size.map_or(to, |size| body.saturating_add(size).min(to));
        Ok(Some(Element {
            id,
            at,
            body,
            end,
            open: size.is_none(),
        }))
    }

    fn children(&mut self, of: Element) -> Result<Vec<Element>, StripError> {
        let (mut at, mut found) = (of.body, Vec::new());
        while let Some(element) = self.element(at, of.end)? {
            found.push(element);
            at = element.end;
        }
        Ok(found)
    }

    fn read(&mut self, element: Element) -> Result<Vec<u8>, StripError> {
        self.source
            .read(element.body, (element.end - element.body).min(MAX_READ))
    }

    /// Makes an element void and its content zeros.
    fn void(&mut self, element: Element) -> Result<(), StripError> {
        if !matches!(element.id, VOID | CRC) {
            self.report.took(match element.id {
                0x1254_c367 => "lists of tags",
                0x1941_a469 => "attachments",
                0x1043_a770 => "chapters",
                _ => "names and notes",
            });
        }
        let total = element.end - element.at;
        let head = match total {
            0 | 1 => return Ok(()),
            2..=127 => vec![0xec, 0x80 | (total - 2) as u8],
            _ => {
                let [_, size @ ..] = (total - 9).to_be_bytes();
                [&[0xec, 0x01][..], &size].concat()
            }
        };
        self.overlay.put(element.at, &head)?;
        self.overlay
            .fill(element.at + head.len() as u64, 0, total - head.len() as u64)
    }

    /// Blanks what an element holds: an empty text.
    fn empty(&mut self, element: Element) -> Result<(), StripError> {
        if self.read(element)?.iter().any(|byte| *byte != 0) {
            self.report.took("names of programs");
            self.overlay
                .fill(element.body, 0, element.end - element.body)?;
        }
        Ok(())
    }

    fn segment(&mut self, segment: Element) -> Result<(), StripError> {
        let mut at = segment.body;
        while let Some(element) = self.element(at, segment.end)? {
            at = element.end;
            match element.id {
                CLUSTER => at = self.cluster(element)?,
                _ if element.open => return Err(damaged("an element of the film has no end")),
                SEEK_HEAD => self.seek_head(element)?,
                INFO => self.info(element)?,
                TRACKS => self.tracks(element)?,
                CUES => {}
                _ => self.void(element)?,
            }
        }
        if at < segment.end {
            self.overlay.fill(at, 0, segment.end - at)?;
        }
        Ok(())
    }

    /// Seek points lead to what is still there.
    fn seek_head(&mut self, list: Element) -> Result<(), StripError> {
        for entry in self.children(list)? {
            let mut leads = false;
            if entry.id == SEEK {
                for part in self.children(entry)? {
                    let id = self
                        .read(part)?
                        .iter()
                        .take(4)
                        .fold(0, |id, b| id << 8 | u32::from(*b));
                    leads |= part.id == SEEK_ID
                        && matches!(id, SEEK_HEAD | INFO | TRACKS | CUES | CLUSTER);
                }
            }
            if !leads {
                self.void_quietly(entry)?;
            }
        }
        Ok(())
    }

    fn void_quietly(&mut self, element: Element) -> Result<(), StripError> {
        self.void(Element {
            id: VOID,
            ..element
        })
    }

    fn info(&mut self, info: Element) -> Result<(), StripError> {
        for part in self.children(info)? {
            match part.id {
                TIMESTAMP_SCALE | DURATION => {}
                MUXING_APP | WRITING_APP => self.empty(part)?,
                _ => self.void(part)?,
            }
        }
        Ok(())
    }

    fn tracks(&mut self, tracks: Element) -> Result<(), StripError> {
        for track in self.children(tracks)? {
            if track.id == TRACK {
                self.track(track)?;
            } else {
                self.void(track)?;
            }
        }
        Ok(())
    }

    fn track(&mut self, track: Element) -> Result<(), StripError> {
        let parts = self.children(track)?;
        let (mut codec, mut number) = (Vec::new(), 0);
        for part in &parts {
            match part.id {
                CODEC_ID => codec = self.read(*part)?,
                NUMBER => {
                    let bytes = self.read(*part)?;
                    number = bytes.iter().take(8).fold(0, |n, b| n << 8 | u64::from(*b));
                }
                _ => {}
            }
        }
        while codec.last() == Some(&0) {
            codec.pop();
        }
        for part in parts {
            match part.id {
                CODEC_PRIVATE => {
                    let private = self.read(part)?;
                    self.private(&codec, &private, part.body, number)?;
                }
                CRC => self.void(part)?,
                CODEC_ID if codec == b"A_AAC" => self.noted.push(Noted {
                    number,
                    coding: Coding::Aac,
                }),
                CODEC_ID if codec == b"V_MJPEG" => {
                    self.report.kept("notes of the encoder inside its frames");
                }
                CODEC_ID if codec.starts_with(b"V_MPEG4/ISO/") && !codec.ends_with(b"/AVC") => {
                    self.report
                        .kept("notes of the encoder that its decoder needs");
                }
                id if TRACK_WORDS.contains(&id) => self.void(part)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// What a codec needs to begin: the headers of Vorbis and FLAC hold comments.
    fn private(
        &mut self,
        codec: &[u8],
        private: &[u8],
        at: u64,
        number: u64,
    ) -> Result<(), StripError> {
        let mended = match codec {
            b"A_VORBIS" => xiph(private, true),
            b"V_THEORA" => xiph(private, false),
            b"A_FLAC" => Some(flac::blanked(private)),
            b"V_MPEG4/ISO/AVC" => {
                match nal::avc(private) {
                    Some(coding) => self.noted.push(Noted { number, coding }),
                    None => self
                        .report
                        .kept("notes of the encoder that its decoder needs"),
                }
                None
            }
            b"V_MPEGH/ISO/HEVC" => {
                let (coding, patches) = nal::hevc(private);
                self.noted.push(Noted { number, coding });
                self.notes(at, patches)?;
                None
            }
            _ => None,
        };
        if let Some(mended) = mended.filter(|mended| mended != private) {
            self.report.took("comments");
            self.overlay.put(at, &mended)?;
        }
        Ok(())
    }

    /// Looks for notes in the first frames, and says where the cluster ends.
    fn cluster(&mut self, cluster: Element) -> Result<u64, StripError> {
        self.clusters += 1;
        let looking = !self.noted.is_empty() && self.clusters <= MAX_CLUSTERS;
        if !looking && !cluster.open {
            return Ok(cluster.end);
        }
        let mut at = cluster.body;
        while let Some(element) = self.element(at, cluster.end)? {
            // An open cluster ends where an element begins that is none of its own.
            let outer = matches!(element.id, CLUSTER | CUES | SEEK_HEAD | INFO | TRACKS)
                || element.id > 0x0fff_ffff;
            if cluster.open && outer {
                return Ok(element.at);
            }
            at = element.end;
            match element.id {
                SIMPLE_BLOCK if looking => self.frame(element)?,
                GROUP if looking => {
                    for part in self.children(element)? {
                        if part.id == BLOCK {
                            self.frame(part)?;
                        }
                    }
                }
                VOID => self.void(element)?,
                _ => {}
            }
        }
        Ok(cluster.end)
    }

    fn frame(&mut self, block: Element) -> Result<(), StripError> {
        let start = self
            .source
            .read(block.body, (block.end - block.body).min(nal::MAX_NOTE))?;
        let Some((number, size)) = vint(&start) else {
            return Ok(());
        };
        // Two bytes of time and one of flags follow; frames in laces are small ones of sound.
        let flags = u8_at(&start, size + 2).unwrap_or(0);
        let Some(track) = self.noted.iter().find(|track| Some(track.number) == number) else {
            return Ok(());
        };
        let (coding, from) = (track.coding, size + 3);
        match start.get(from..) {
            Some(frame) if flags & 0x06 == 0 => {
                self.notes(block.body + from as u64, nal::notes(coding, frame))
            }
            _ => Ok(()),
        }
    }

    fn notes(&mut self, at: u64, patches: Vec<nal::Patch>) -> Result<(), StripError> {
        for (from, blank) in patches {
            self.report.took("notes of the encoder");
            self.overlay.put(at.saturating_add(from as u64), &blank)?;
        }
        Ok(())
    }
}

/// A number whose first byte says how long it is, and its length; nothing where all of its bits
/// are set, which means “unknown”.
fn vint(bytes: &[u8]) -> Option<(Option<u64>, usize)> {
    let first = u8_at(bytes, 0)?;
    let size = first.leading_zeros() as usize + 1;
    if size > 8 {
        return None;
    }
    let rest = bytes.get(1..size)?;
    let start = u64::from(first) & ((1u64 << (8 - size)) - 1);
    let value = rest
        .iter()
        .fold(start, |sum, byte| sum << 8 | u64::from(*byte));
    let unknown = value == (1u64 << (7 * size)) - 1;
    Some(((!unknown).then_some(value), size))
}

/// The id of an element, its length, the size, and that one's length.
fn header(head: &[u8]) -> Option<(u32, usize, Option<u64>, usize)> {
    let id_size = u8_at(head, 0)?.leading_zeros() as usize + 1;
    if id_size > 4 {
        return None;
    }
    let id = head
        .get(..id_size)?
        .iter()
        .fold(0u32, |id, byte| id << 8 | u32::from(*byte));
    let (size, size_size) = vint(head.get(id_size..)?)?;
    Some((id, id_size, size, size_size))
}

/// Three packets behind their lengths (Xiph's lacing), the second of them comments: the same with
/// an empty list as long.
fn xiph(private: &[u8], framed: bool) -> Option<Vec<u8>> {
    const MARK: usize = 7;
    let mut at = 1;
    let mut size = || {
        let mut sum = 0usize;
        loop {
            let byte = u8_at(private, at)?;
            at += 1;
            sum += usize::from(byte);
            if byte != 255 {
                return Some(sum);
            }
        }
    };
    if u8_at(private, 0)? != 2 {
        return None;
    }
    let (first, second) = (size()?, size()?);
    let from = at + first + MARK;
    let to = at + first + second;
    find(
        private.get(from - MARK..from)?,
        if framed { b"vorbis" } else { b"theora" },
    )?;
    let bit = usize::from(framed);
    let mut list = comments::blanked(to.checked_sub(from + bit)?)?;
    if framed {
        list.push(1);
    }
    let mut out = private.to_vec();
    out.get_mut(from..to)?.copy_from_slice(&list);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::strip_bytes;
    use super::*;
    use crate::kinds::WEBM;

    fn element(id: u32, body: &[u8]) -> Vec<u8> {
        let id: Vec<u8> = id
            .to_be_bytes()
            .into_iter()
            .skip_while(|byte| *byte == 0)
            .collect();
        let size = u16::try_from(body.len()).unwrap() | 0x4000;
        [&id[..], &size.to_be_bytes(), body].concat()
    }

    fn film(open: bool) -> Vec<u8> {
        let list = comments::tests::list("hidden-model-x", &["a=hidden-model-x"]);
        let comment = [b"\x03vorbis", &list[..], &[1]].concat();
        let sizes = [2, 3, u8::try_from(comment.len()).unwrap()];
        let private = [&sizes[..], b"id!", &comment, b"setup"].concat();
        let sound = [
            element(NUMBER, &[1]),
            element(0x536e, b"hidden-model-x"),
            element(CODEC_ID, b"A_VORBIS"),
            element(CODEC_PRIVATE, &private),
        ]
        .concat();
        let picture = [
            element(NUMBER, &[2]),
            element(CODEC_ID, b"V_MPEG4/ISO/AVC"),
            element(CODEC_PRIVATE, b"\x01\x64\0\x0a\xff"),
        ]
        .concat();
        let note = b"\0\0\0\x21\x06\x05\x1e0123456789abcdefhidden-model-x";
        let frame = [b"\x82\0\0\x80", &note[..], b"\x80\0\0\0\x05\x65film"].concat();
        let mut frame = frame;
        frame[7] = 0x22;
        let cluster = [element(0xe7, &[0]), element(SIMPLE_BLOCK, &frame)].concat();
        let cluster = if open {
            [
                b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff",
                &cluster[..],
            ]
            .concat()
        } else {
            element(CLUSTER, &cluster)
        };
        let seek = |id: &[u8]| element(SEEK, &element(SEEK_ID, id));
        let body = [
            element(
                SEEK_HEAD,
                &[seek(b"\x12\x54\xc3\x67"), seek(b"\x15\x49\xa9\x66")].concat(),
            ),
            element(VOID, b"hidden-model-x"),
            element(
                INFO,
                &[
                    element(CRC, b"crc!"),
                    element(DURATION, &[1; 8]),
                    element(MUXING_APP, b"hidden-model-x"),
                    element(0x7ba9, b"hidden-model-x"),
                ]
                .concat(),
            ),
            element(
                TRACKS,
                &[element(TRACK, &sound), element(TRACK, &picture)].concat(),
            ),
            cluster,
            element(0x1254_c367, &b"hidden-model-x".repeat(20)),
        ]
        .concat();
        let segment = if open {
            [b"\x18\x53\x80\x67\xff", &body[..]].concat()
        } else {
            element(SEGMENT, &body)
        };
        [element(EBML, b"\x42\x82\x84webm"), segment].concat()
    }

    #[test]
    fn what_tells_becomes_void_and_nothing_moves() {
        for open in [false, true] {
            let file = film(open);
            let (out, report) = strip_bytes(&file, &WEBM).unwrap();
            assert_eq!(out.len(), file.len());
            assert!(find(&out, b"hidden").is_none(), "{open}");
            for mark in [&b"\x65film"[..], b"setup", b"\x15\x49\xa9\x66", b"V_MPEG4"] {
                assert_eq!(find(&out, mark), find(&file, mark));
            }
            assert!(
                report
                    .removed()
                    .any(|what| what == "notes of the encoder: 1")
            );
            assert!(report.removed().any(|what| what == "lists of tags: 1"));
            let (again, report) = strip_bytes(&out, &WEBM).unwrap();
            assert_eq!((again, report), (out, Stripped::default()));
        }
    }

    #[test]
    fn every_cut_and_lie_is_answered() {
        let file = film(true);
        for at in 0..file.len() {
            let _ = strip_bytes(&file[..at], &WEBM);
            for spoilt in [0, 0x7f, 0xff] {
                let mut bytes = file.clone();
                bytes[at] = spoilt;
                let _ = strip_bytes(&bytes, &WEBM);
            }
        }
        assert!(strip_bytes(b"", &WEBM).is_err());
    }
}
