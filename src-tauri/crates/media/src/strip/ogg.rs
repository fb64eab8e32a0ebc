//! Ogg (RFC 3533): the packet of comments at the start of each stream is rewritten, the pages
//! after it are numbered anew where that took fewer, and streams that are neither film nor sound
//! go. Pages are written one by one: nothing but headers is held in memory.

use std::collections::HashMap;
use std::io::Write;

use super::plan::Source;
use super::{StripError, Stripped, comments, crc, damaged};
use crate::bytes::{find, le32, u8_at};

/// The most that the headers of one stream may have, in bytes: covers are among them.
const MAX_HEADERS: usize = 64 * 1024 * 1024;
/// The most header packets of one stream: the blocks of a FLAC.
const MAX_PACKETS: usize = 4096;
const MAX_STREAMS: usize = 1024;
const CONTINUED: u8 = 1;
const BEGINS: u8 = 2;
const ENDS: u8 = 4;

/// Where the comments of a codec stand.
#[derive(Clone, Copy)]
enum Codec {
    /// In the first of the header packets that follow, which begin with these marks; a last bit
    /// after the comments or not.
    Comments {
        marks: &'static [&'static [u8]],
        framed: bool,
    },
    /// In blocks up to the one marked as the last.
    Flac,
    /// Nowhere.
    None,
    /// It is neither film nor sound: it goes.
    Other,
}

struct Stream {
    codec: Codec,
    /// The header packets so far, the last one unfinished where `open`.
    headers: Vec<Vec<u8>>,
    open: bool,
    /// The bytes held so far, and one for each packet.
    held: usize,
    /// The pages of the headers are written.
    done: bool,
    /// The number of the next page.
    next: u32,
    /// What is added to the number of each later page.
    shift: u32,
}

struct Page {
    bytes: Vec<u8>,
    serial: u32,
    number: u32,
    flags: u8,
    /// Where the body begins; the sizes of its segments stand from 27 up to there.
    body: usize,
}

pub(super) fn write(
    source: &mut Source<'_>,
    out: &mut dyn Write,
    report: &mut Stripped,
) -> Result<(), StripError> {
    let mut streams: HashMap<u32, Stream> = HashMap::new();
    let mut at = 0;
    while let Some(from) = next_page(source, at)? {
        if from > at {
            report.took("data between Ogg pages");
        }
        let Some(page) = read_page(source, from)? else {
            // The last page is cut. What there is of it is sound, once the headers are past.
            if streams.values().any(Stream::is_waiting) {
                return Err(damaged("the Ogg ends inside its headers"));
            }
            let serial = le32(&source.read(from, 18)?, 14);
            let stream = serial.and_then(|serial| streams.get(&serial));
            if stream.is_some_and(|stream| stream.done) {
                source.copy(from, source.len() - from, out)?;
            }
            break;
        };
        at = from + page.bytes.len() as u64;
        take(page, &mut streams, out, report)?;
    }
    if streams.values().any(Stream::is_waiting) {
        return Err(damaged("the Ogg ends inside its headers"));
    }
    if streams.values().all(|s| matches!(s.codec, Codec::Other)) {
        return Err(damaged("it has neither film nor sound"));
    }
    Ok(())
}

/// Where the next page begins, at `at` or after.
fn next_page(source: &mut Source<'_>, mut at: u64) -> Result<Option<u64>, StripError> {
    const STEP: u64 = 64 * 1024;
    loop {
        let near = source.read(at, STEP)?;
        if let Some(step) = find(&near, b"OggS") {
            return Ok(Some(at + step as u64));
        }
        if (near.len() as u64) < STEP {
            return Ok(None);
        }
        at += STEP - 3;
    }
}

fn read_page(source: &mut Source<'_>, at: u64) -> Result<Option<Page>, StripError> {
    let head = source.read(at, 27 + 255)?;
    let read = || {
        let body = 27 + usize::from(u8_at(&head, 26)?);
        let sizes = head.get(27..body)?;
        let size: usize = sizes.iter().map(|size| usize::from(*size)).sum();
        let (serial, number) = (le32(&head, 14)?, le32(&head, 18)?);
        Some((body, body + size, serial, number, u8_at(&head, 5)?))
    };
    let Some((body, size, serial, number, flags)) = read() else {
        return Ok(None);
    };
    let bytes = source.read(at, size as u64)?;
    Ok((bytes.len() == size).then_some(Page {
        bytes,
        serial,
        number,
        flags,
        body,
    }))
}

fn take(
    page: Page,
    streams: &mut HashMap<u32, Stream>,
    out: &mut dyn Write,
    report: &mut Stripped,
) -> Result<(), StripError> {
    if page.flags & BEGINS != 0 {
        let codec = codec(page.bytes.get(page.body..).unwrap_or(&[]));
        let plain = matches!(codec, Codec::None);
        if matches!(codec, Codec::Other) {
            report.took("streams that are neither film nor sound");
        } else {
            out.write_all(&page.bytes)?;
        }
        if streams.get(&page.serial).is_some_and(Stream::is_waiting) {
            return Err(damaged("a stream of the Ogg begins twice"));
        }
        let next = page.number.wrapping_add(1);
        let stream = Stream {
            codec,
            headers: Vec::new(),
            open: false,
            held: 0,
            done: plain,
            next,
            shift: 0,
        };
        streams.insert(page.serial, stream);
        if streams.len() > MAX_STREAMS {
            return Err(damaged("the Ogg has more streams than any real file"));
        }
        return Ok(());
    }
    let stream = streams
        .get_mut(&page.serial)
        .ok_or(damaged("a page of the Ogg belongs to no stream"))?;
    if matches!(stream.codec, Codec::Other) {
        return Ok(());
    }
    if stream.done {
        out.write_all(&renumbered(page, stream.shift))?;
        return Ok(());
    }
    gather(&page, stream)?;
    if stream.complete() {
        stream.finish(&page, out, report)?;
    }
    Ok(())
}

fn codec(packet: &[u8]) -> Codec {
    let starts = |mark: &[u8]| packet.starts_with(mark);
    let comments = |marks, framed| Codec::Comments { marks, framed };
    if starts(b"\x01vorbis") {
        comments(&[b"\x03vorbis", b"\x05vorbis"], true)
    } else if starts(b"\x80theora") {
        comments(&[b"\x81theora", b"\x82theora"], false)
    } else if starts(b"\x80daala") {
        comments(&[b"\x81daala", b"\x82daala"], false)
    } else if starts(b"OpusHead") {
        comments(&[b"OpusTags"], false)
    } else if starts(b"Speex   ") && le32(packet, 68).unwrap_or(0) == 0 {
        comments(&[b""], false)
    } else if starts(b"OVP80") {
        comments(&[b"OVP80\x02 "], false)
    } else if starts(b"\x7fFLAC") || starts(b"fLaC") {
        Codec::Flac
    } else if starts(b"BBCD\0") {
        Codec::None
    } else {
        Codec::Other
    }
}

/// Adds the segments of a page to the header packets of its stream.
fn gather(page: &Page, stream: &mut Stream) -> Result<(), StripError> {
    let sizes = page.bytes.get(27..page.body).unwrap_or(&[]);
    let mut at = page.body;
    for size in sizes {
        if !stream.open && stream.complete() {
            return Err(damaged("sound begins inside the headers of the Ogg"));
        }
        let end = at + usize::from(*size);
        let bytes = page.bytes.get(at..end).unwrap_or(&[]);
        match stream.headers.last_mut().filter(|_| stream.open) {
            Some(packet) => packet.extend_from_slice(bytes),
            None => stream.headers.push(bytes.to_vec()),
        }
        stream.held += bytes.len() + usize::from(!stream.open);
        stream.open = *size == 255;
        at = end;
    }
    if stream.held > MAX_HEADERS || stream.headers.len() > MAX_PACKETS {
        return Err(damaged("the headers of the Ogg have no end"));
    }
    Ok(())
}

impl Stream {
    /// Whether its headers are still to come.
    fn is_waiting(&self) -> bool {
        !self.done && !matches!(self.codec, Codec::Other)
    }

    /// Whether all header packets are there.
    fn complete(&self) -> bool {
        !self.open
            && match self.codec {
                Codec::Comments { marks, .. } => self.headers.len() >= marks.len(),
                Codec::Flac => self
                    .headers
                    .last()
                    .and_then(|packet| packet.first())
                    .is_some_and(|kind| kind & 0x80 != 0),
                Codec::None | Codec::Other => true,
            }
    }

    /// Writes the headers; `page` is the last one that held some.
    fn finish(
        &mut self,
        page: &Page,
        out: &mut dyn Write,
        report: &mut Stripped,
    ) -> Result<(), StripError> {
        let packets = std::mem::take(&mut self.headers);
        if let Codec::Comments { marks, .. } = self.codec
            && !packets
                .iter()
                .zip(marks)
                .all(|(packet, mark)| packet.starts_with(mark))
        {
            return Err(damaged(
                "the headers of the Ogg are not what they should be",
            ));
        }
        let packets: Vec<Vec<u8>> = packets
            .into_iter()
            .enumerate()
            .map(|(nth, packet)| match self.codec {
                Codec::Comments { marks, framed } if nth == 0 => {
                    let mark = marks.first().map_or(0, |mark| mark.len());
                    let (head, list) = packet.split_at_checked(mark).unwrap_or((&packet, &[]));
                    let list = comments::rewritten(list, report);
                    [head, &list, if framed { &[1] } else { &[] }].concat()
                }
                Codec::Flac => flac_packet(packet, report),
                _ => packet,
            })
            .collect();
        let apart = matches!(self.codec, Codec::Flac);
        let mut pages = Vec::new();
        if apart {
            for packet in &packets {
                pages.extend(paged(std::slice::from_ref(packet)));
            }
        } else {
            pages.extend(paged(&packets));
        }
        let count = pages.len();
        for (nth, (flags, granule, sizes, body)) in pages.into_iter().enumerate() {
            let ends = if nth + 1 == count {
                page.flags & ENDS
            } else {
                0
            };
            let number = self.next;
            self.next = number.wrapping_add(1);
            let mut bytes = b"OggS\0".to_vec();
            bytes.push(flags | ends);
            bytes.extend(granule.to_le_bytes());
            bytes.extend(page.serial.to_le_bytes());
            bytes.extend(number.to_le_bytes());
            bytes.extend([0; 4]);
            bytes.push(u8::try_from(sizes.len()).unwrap_or(u8::MAX));
            bytes.extend(sizes);
            bytes.extend(body);
            seal(&mut bytes);
            out.write_all(&bytes)?;
        }
        self.shift = self.next.wrapping_sub(page.number.wrapping_add(1));
        self.done = true;
        Ok(())
    }
}

/// A block of FLAC: what is not needed becomes empty padding, so that their number stays, which
/// the first packet says.
fn flac_packet(packet: Vec<u8>, report: &mut Stripped) -> Vec<u8> {
    let kind = packet.first().copied().unwrap_or(0);
    match kind & 0x7f {
        0 | 3 => packet,
        4 => {
            let list = comments::rewritten(packet.get(4..).unwrap_or(&[]), report);
            let [_, a, b, c] = (list.len() as u32).to_be_bytes();
            [&[kind, a, b, c][..], &list].concat()
        }
        other => {
            if other != 1 {
                report.took("other FLAC blocks");
            }
            vec![(kind & 0x80) | 1, 0, 0, 0]
        }
    }
}

type Paged = (u8, u64, Vec<u8>, Vec<u8>);

/// Packets in pages of up to 255 segments: flags, position, sizes, body.
fn paged(packets: &[Vec<u8>]) -> Vec<Paged> {
    let mut pages: Vec<Paged> = Vec::new();
    for packet in packets {
        let mut rest = packet.as_slice();
        let mut continued = false;
        loop {
            let (piece, after) = rest.split_at_checked(255).unwrap_or((rest, &[]));
            if pages.last().is_none_or(|page| page.2.len() == 255) {
                pages.push((
                    if continued { CONTINUED } else { 0 },
                    u64::MAX,
                    Vec::new(),
                    Vec::new(),
                ));
            }
            if let Some((_, granule, sizes, body)) = pages.last_mut() {
                sizes.push(u8::try_from(piece.len()).unwrap_or(u8::MAX));
                body.extend_from_slice(piece);
                if piece.len() < 255 {
                    *granule = 0; // A packet ends on this page.
                }
            }
            if piece.len() < 255 {
                break;
            }
            (rest, continued) = (after, true);
        }
    }
    pages
}

/// The page under its new number. A checksum that was wrong stays wrong: players skip such pages.
fn renumbered(page: Page, shift: u32) -> Vec<u8> {
    let mut bytes = page.bytes;
    if shift == 0 {
        return bytes;
    }
    let said = le32(&bytes, 22);
    let right = seal(&mut bytes);
    if let Some(field) = bytes.get_mut(18..22) {
        field.copy_from_slice(&page.number.wrapping_add(shift).to_le_bytes());
    }
    seal(&mut bytes);
    if said != Some(right)
        && let Some(field) = bytes.get_mut(22..26)
    {
        field.iter_mut().for_each(|byte| *byte = !*byte);
    }
    bytes
}

/// Writes the checksum of a page into it.
fn seal(bytes: &mut [u8]) -> u32 {
    if let Some(field) = bytes.get_mut(22..26) {
        field.fill(0);
    }
    let sum = crc::ogg(bytes);
    if let Some(field) = bytes.get_mut(22..26) {
        field.copy_from_slice(&sum.to_le_bytes());
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::strip_bytes;
    use super::*;
    use crate::kinds::OGG;

    fn page(flags: u8, serial: u32, number: u32, packets: &[&[u8]]) -> Vec<u8> {
        let packets: Vec<Vec<u8>> = packets.iter().map(|packet| packet.to_vec()).collect();
        let (_, _, sizes, body) = paged(&packets).remove(0);
        let mut bytes = [b"OggS\0", &[flags][..], &[0; 8]].concat();
        bytes.extend([serial.to_le_bytes(), number.to_le_bytes(), [0; 4]].concat());
        bytes.push(u8::try_from(sizes.len()).unwrap());
        bytes.extend([sizes, body].concat());
        seal(&mut bytes);
        bytes
    }

    fn vorbis(list: &[u8]) -> Vec<u8> {
        [b"\x03vorbis", list, &[1]].concat()
    }

    #[test]
    fn comments_go_and_later_pages_are_numbered_anew() {
        let long = "hidden-model-x".repeat(4000);
        let told = vorbis(&comments::tests::list("hidden-model-x", &[&long]));
        let bare = vorbis(&comments::tests::list("", &[]));
        let first = page(BEGINS, 7, 0, &[b"\x01vorbis head"]);
        let other = page(BEGINS, 8, 0, &[b"fishead\0hidden-model-x"]);
        let (one, two) = told.split_at(255 * 200);
        let mut cut = page(0, 7, 1, &[one]);
        cut.truncate(cut.len()); // A packet of whole segments: its end is on the next page.
        let sizes = usize::from(cut[26]);
        cut.remove(27 + sizes - 1);
        cut[26] -= 1;
        let file = [
            &first[..],
            &other,
            &cut,
            &page(CONTINUED, 7, 2, &[two, b"\x05vorbis setup"]),
            &page(0, 8, 1, &[b"fisbone hidden-model-x"]),
            &page(ENDS, 7, 3, &[b"sound"]),
            b"hidden-model-x",
        ]
        .concat();
        let (out, _) = strip_bytes(&file, &OGG).unwrap();
        let mut headers = page(0, 7, 1, &[&bare, b"\x05vorbis setup"]);
        seal(&mut headers);
        let expected = [first, headers, page(ENDS, 7, 2, &[b"sound"])].concat();
        assert_eq!(out, expected);
        assert_eq!(strip_bytes(&out, &OGG).unwrap().0, out);
    }

    #[test]
    fn blocks_of_flac_keep_their_number() {
        let list = comments::tests::list("hidden-model-x", &["a=hidden-model-x"]);
        let told = [&[4, 0, 0, 60][..], &list].concat();
        let file = [
            page(BEGINS, 1, 0, &[b"\x7fFLAC\x01\0\0\x02fLaC"]),
            page(0, 1, 1, &[&told]),
            page(0, 1, 2, &[b"\x86\0\0\x0ehidden-model-x"]),
            page(ENDS, 1, 3, &[b"sound"]),
        ]
        .concat();
        let (out, _) = strip_bytes(&file, &OGG).unwrap();
        assert!(find(&out, b"hidden").is_none());
        assert!(out.ends_with(&page(ENDS, 1, 3, &[b"sound"])));
    }

    #[test]
    fn comments_that_pass_for_another_header_are_refused() {
        let first = page(BEGINS, 7, 0, &[b"\x01vorbis head"]);
        let told: &[&[u8]] = &[b"\x03vorbis", b"hidden-model-x"];
        let file = [first, page(0, 7, 1, told)].concat();
        let error = strip_bytes(&file, &OGG).unwrap_err();
        assert_eq!(error.code(), "strip_damaged");
        let other = page(BEGINS, 7, 0, &[b"hidden-model-x"]);
        assert!(strip_bytes(&other, &OGG).is_err());
    }

    #[test]
    fn an_ogg_cut_in_its_headers_is_refused() {
        let first = page(BEGINS, 7, 0, &[b"OpusHead"]);
        assert!(strip_bytes(&first, &OGG).is_err());
        assert!(strip_bytes(&first[..20], &OGG).is_err());
        assert!(strip_bytes(&page(0, 7, 0, &[b"x"]), &OGG).is_err());
    }
}
