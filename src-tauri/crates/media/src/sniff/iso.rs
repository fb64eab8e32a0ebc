//! The ISO base media format and QuickTime: MP4, M4V, MOV, 3GP, M4A, AVIF; HEIC is refused.
//!
//! Brands decide first. Under the many brands that say only “MP4” the track handlers in the
//! `moov` box tell sound from film (ISO/IEC 14496-12, 8.4.3); where that box lies beyond the first
//! bytes, [`settle`] looks for it in the file.

use std::io::{self, Read, Seek, SeekFrom};

use crate::bytes::{array, be32, be64, has};
use crate::kinds::{self, Kind};

use super::{Answer, Refusal, Sample, no, yes};

/// Boxes with which files begin that have no `ftyp`: old QuickTime.
const OLD_STARTS: [&[u8]; 6] = [b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"];
/// How much of a `moov` box is read when it lies beyond the first bytes.
const MOOV_BYTES: u64 = 4 * 1024 * 1024;

/// A film that is nothing but the address of another (QuickTime's `rmra` box): WebKit's player
/// follows it by itself.
const REFERENCE: Refusal = Refusal {
    what: "a QuickTime reference film, which only names another file",
    todo: "give that film itself",
};

pub(super) fn sniff(sample: &Sample<'_>) -> Answer {
    let head = sample.head;
    if refers(head) {
        return Some(Err(REFERENCE));
    }
    if has(head, 4, b"ftyp") {
        return by_brand(head);
    }
    let size = u64::from(be32(head, 0)?);
    let old = OLD_STARTS.iter().any(|start| has(head, 4, start));
    let plausible = size <= 1 || (8..=sample.total).contains(&size);
    if old && plausible {
        yes(by_tracks(head, kinds::MOV))
    } else {
        None
    }
}

fn by_brand(head: &[u8]) -> Answer {
    let major = array::<4>(head, 8)?;
    let also = |brand: &[u8; 4]| compatible(head).any(|other| other == brand);
    match &major {
        b"avif" | b"avis" => yes(kinds::AVIF),
        b"mif1" | b"msf1" | b"miaf" if also(b"avif") || also(b"avis") => yes(kinds::AVIF),
        b"mif1" | b"msf1" | b"miaf" | b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => {
            no("an HEIC picture", "convert it to JPEG or PNG")
        }
        b"crx " => no(
            "a raw picture of a Canon camera",
            "convert it to JPEG or PNG",
        ),
        b"jp2 " | b"jpx " | b"jpm " => no("a JPEG 2000 picture", "convert it to PNG or JPEG"),
        b"M4A " | b"M4B " | b"M4P " => yes(kinds::M4A),
        b"M4V " | b"M4VH" | b"M4VP" => yes(kinds::M4V),
        b"qt  " => yes(by_tracks(head, kinds::MOV)),
        [b'3', b'g', b'p' | b'2' | b'r' | b's' | b'g', _] => yes(by_tracks(head, kinds::THREE_GP)),
        _ => yes(by_tracks(head, kinds::MP4)),
    }
}

/// The brands after the major one, within the `ftyp` box and 64 of them at most.
fn compatible(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let size = be32(head, 0).unwrap_or(0) as usize;
    let end = size.min(head.len()).min(16 + 64 * 4);
    head.get(16..end).unwrap_or(&[]).chunks_exact(4)
}

fn by_tracks(head: &[u8], film: Kind) -> Kind {
    if tracks(head).is_some_and(Tracks::only_sound) {
        kinds::M4A
    } else {
        film
    }
}

/// Whether a `moov` box that begins within these bytes names another file to be played instead.
fn refers(head: &[u8]) -> bool {
    let mut films = Boxes(head).filter(|b| b.name == *b"moov");
    films.any(|moov| Boxes(moov.body).any(|b| b.name == *b"rmra"))
}

/// Which kinds of track a `moov` box declares.
#[derive(Debug, Clone, Copy, Default)]
struct Tracks {
    film: bool,
    sound: bool,
    /// Not all of the box was there to look at.
    cut: bool,
}

impl Tracks {
    const fn only_sound(self) -> bool {
        self.sound && !self.film && !self.cut
    }
}

/// The tracks of the file, where its `moov` box begins within the first bytes.
fn tracks(head: &[u8]) -> Option<Tracks> {
    let moov = Boxes(head).find(|b| b.name == *b"moov")?;
    let mut found = Tracks {
        cut: moov.cut,
        ..Tracks::default()
    };
    for track in Boxes(moov.body).filter(|b| b.name == *b"trak") {
        found.cut |= track.cut;
        let media = Boxes(track.body).find(|b| b.name == *b"mdia");
        let handler = media.and_then(|m| Boxes(m.body).find(|b| b.name == *b"hdlr"));
        match handler.and_then(|h| array::<4>(h.body, 8)).as_ref() {
            Some(b"vide") => found.film = true,
            Some(b"soun") => found.sound = true,
            _ => {}
        }
    }
    Some(found)
}

struct Box4<'a> {
    name: [u8; 4],
    body: &'a [u8],
    cut: bool,
}

/// The boxes of a stretch of bytes, one after the other. Each takes at least 8 bytes off.
struct Boxes<'a>(&'a [u8]);

impl<'a> Iterator for Boxes<'a> {
    type Item = Box4<'a>;

    fn next(&mut self) -> Option<Box4<'a>> {
        let name = array(self.0, 4)?;
        let (header, size) = extent(self.0, self.0.len() as u64)?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let cut = size > self.0.len();
        let body = self.0.get(header..size.min(self.0.len()))?;
        self.0 = self.0.get(size..).unwrap_or(&[]);
        Some(Box4 { name, body, cut })
    }
}

/// The length of a box's header and of the whole box; `left` is how far one without a size goes.
fn extent(header: &[u8], left: u64) -> Option<(usize, u64)> {
    match be32(header, 0)? {
        0 => Some((8, left)),
        1 => Some((16, be64(header, 8)?)).filter(|(_, size)| *size >= 16),
        size => Some((8, u64::from(size))).filter(|(_, size)| *size >= 8),
    }
}

/// Looks into the file where the first bytes left open whether it holds film or sound alone, or
/// only the address of another.
pub(crate) fn settle<R: Read + Seek>(
    reader: &mut R,
    total: u64,
    head: &[u8],
    kind: Kind,
) -> io::Result<Result<Kind, Refusal>> {
    const TOLD_BY_TRACKS: [Kind; 3] = [kinds::MP4, kinds::MOV, kinds::THREE_GP];
    const TOLD_BY_BRAND: [Kind; 2] = [kinds::M4V, kinds::M4A];
    let ours = TOLD_BY_TRACKS.contains(&kind) || TOLD_BY_BRAND.contains(&kind);
    if !ours || tracks(head).is_some_and(|t| !t.cut) {
        return Ok(Ok(kind));
    }
    Ok(match read_moov(reader, total)? {
        Some(moov) if refers(&moov) => Err(REFERENCE),
        Some(moov) if TOLD_BY_TRACKS.contains(&kind) => Ok(by_tracks(&moov, kind)),
        _ => Ok(kind),
    })
}

/// The start of the `moov` box, found by stepping over at most 256 others.
fn read_moov<R: Read + Seek>(reader: &mut R, total: u64) -> io::Result<Option<Vec<u8>>> {
    let mut at = 0u64;
    for _ in 0..256 {
        reader.seek(SeekFrom::Start(at))?;
        let mut header = Vec::new();
        reader.by_ref().take(16).read_to_end(&mut header)?;
        let Some((_, size)) = extent(&header, total.saturating_sub(at)) else {
            return Ok(None);
        };
        if has(&header, 4, b"moov") {
            reader.seek(SeekFrom::Start(at))?;
            let mut moov = Vec::new();
            reader
                .by_ref()
                .take(size.min(MOOV_BYTES))
                .read_to_end(&mut moov)?;
            return Ok(Some(moov));
        }
        at = match at.checked_add(size) {
            Some(next) if next < total => next,
            _ => return Ok(None),
        };
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let size = u32::try_from(body.len() + 8).unwrap();
        [&size.to_be_bytes()[..], name, body].concat()
    }

    fn movie(handlers: &[&[u8; 4]]) -> Vec<u8> {
        let track = |handler: &&[u8; 4]| {
            let hdlr = boxed(b"hdlr", &[&[0; 8], &handler[..], &[0; 13]].concat());
            boxed(b"trak", &boxed(b"mdia", &hdlr))
        };
        boxed(
            b"moov",
            &handlers.iter().flat_map(track).collect::<Vec<_>>(),
        )
    }

    fn file(brands: &[u8], rest: &[u8]) -> Vec<u8> {
        [&boxed(b"ftyp", brands)[..], rest].concat()
    }

    fn says(file: &[u8]) -> &'static str {
        crate::sniff(file, file.len() as u64, "a").map_or_else(|e| e.code(), |k| k.extension)
    }

    #[test]
    fn brands_come_first() {
        assert_eq!(says(&file(b"M4A \0\0\0\0", b"")), "m4a");
        assert_eq!(says(&file(b"M4V \0\0\0\0", b"")), "m4v");
        assert_eq!(says(&file(b"qt  \0\0\0\0", b"")), "mov");
        assert_eq!(says(&file(b"3gp5\0\0\0\0", b"")), "3gp");
        assert_eq!(says(&file(b"avif\0\0\0\0", b"")), "avif");
        assert_eq!(says(&file(b"mif1\0\0\0\0mif1avif", b"")), "avif");
        assert_eq!(says(&file(b"mif1\0\0\0\0mif1heic", b"")), "media_refused");
        assert_eq!(says(&file(b"heic\0\0\0\0", b"")), "media_refused");
    }

    #[test]
    fn under_a_plain_brand_the_tracks_decide() {
        let plain = b"isom\0\0\x02\0isommp41";
        assert_eq!(says(&file(plain, &movie(&[b"soun"]))), "m4a");
        assert_eq!(says(&file(plain, &movie(&[b"soun", b"vide"]))), "mp4");
        assert_eq!(says(&file(plain, &movie(&[]))), "mp4");
        let whole = file(plain, &movie(&[b"soun", b"soun"]));
        assert_eq!(
            says(&whole[..whole.len() - 70]),
            "mp4",
            "what is cut off may be film"
        );
    }

    #[test]
    fn old_quicktime_needs_no_brand() {
        assert_eq!(
            says(&[&boxed(b"wide", b"")[..], &movie(&[b"vide"])].concat()),
            "mov"
        );
        assert_eq!(says(b"\x7f\0\0\0free text is not a film"), "media_refused");
    }

    #[test]
    fn a_movie_box_at_the_end_is_looked_up() {
        let start = file(b"isom\0\0\x02\0", &boxed(b"mdat", &[7; 5000]));
        for (handlers, expected) in [(&[b"soun"][..], "m4a"), (&[b"vide"][..], "mp4")] {
            let whole = [&start[..], &movie(handlers)].concat();
            let head = &whole[..100];
            let kind = crate::sniff(head, whole.len() as u64, "a").unwrap();
            assert_eq!(kind.extension, "mp4");
            let total = whole.len() as u64;
            let kind = settle(&mut Cursor::new(&whole), total, head, kind).unwrap();
            assert_eq!(kind.unwrap().extension, expected);
        }
    }

    #[test]
    fn boxes_that_lie_about_their_size_end_the_search() {
        for size in [0u32, 1, 2, 7, 9, u32::MAX] {
            let lie = [&size.to_be_bytes()[..], b"junk", &[0xff; 40]].concat();
            let whole = file(b"isom\0\0\0\0", &lie);
            let total = whole.len() as u64;
            let kind = settle(&mut Cursor::new(&whole), total, &whole, kinds::MP4).unwrap();
            assert_eq!(kind.unwrap(), kinds::MP4);
        }
    }

    #[test]
    fn a_film_that_only_names_another_is_refused_wherever_it_says_so() {
        let reference = boxed(b"moov", &boxed(b"rmra", &boxed(b"rmda", b"")));
        for brand in [
            b"qt  \0\0\0\0",
            b"isom\0\0\0\0",
            b"M4V \0\0\0\0",
            b"M4A \0\0\0\0",
        ] {
            assert_eq!(says(&file(brand, &reference)), "media_refused");
            let late = [&file(brand, &boxed(b"mdat", &[7; 5000]))[..], &reference].concat();
            let (head, total) = (&late[..100], late.len() as u64);
            let kind = crate::sniff(head, total, "a").unwrap();
            let settled = settle(&mut Cursor::new(&late), total, head, kind).unwrap();
            assert!(settled.unwrap_err().what.contains("reference film"));
        }
        assert_eq!(says(&reference), "media_refused");
    }
}
