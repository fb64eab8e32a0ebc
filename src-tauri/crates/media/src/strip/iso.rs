//! The ISO base media format and QuickTime (ISO/IEC 14496-12): MP4, M4V, MOV, 3GP, M4A, AVIF.
//!
//! Tables of samples count from the start of the file, so nothing may move: a box that is not
//! needed becomes a `free` box of zeros where it stands, and names inside boxes that stay are
//! blanked. What is needed is listed; every other box goes, known or not.

mod fragment;
mod items;
mod samples;
mod track;

use std::collections::HashMap;

use super::nal::Coding;
use super::plan::{Overlay, Plan, Source};
use super::{StripError, Stripped, damaged};
use crate::bytes::{array, be32, be64};

/// The most boxes that are followed.
const MOST: usize = 2_000_000;
/// The longest box that is read, in bytes.
const MAX_BOX: u64 = 64 * 1024 * 1024;

type Done = Result<(), StripError>;

/// One box: where it stands, and what of it is its header.
#[derive(Debug, Clone, Copy)]
struct Box4 {
    name: [u8; 4],
    at: u64,
    header: u64,
    size: u64,
}

impl Box4 {
    const fn body(&self) -> u64 {
        self.at + self.header
    }

    const fn end(&self) -> u64 {
        self.at + self.size
    }

    const fn len(&self) -> u64 {
        self.size - self.header
    }
}

/// The file, and what is laid over it.
struct Film<'a, 'b> {
    source: &'a mut Source<'b>,
    overlay: Overlay,
    report: &'a mut Stripped,
    seen: usize,
    /// Where the samples are.
    data: Vec<(u64, u64)>,
    /// What has become free: no sample may lie there.
    freed: Vec<(u64, u64)>,
    /// Where the runs of samples of tracks that stay begin.
    chunks: Vec<u64>,
    /// How the frames of a track are coded, by its number, and their size where all have one.
    codings: HashMap<u32, Coding>,
    sizes: HashMap<u32, u32>,
}

pub(super) fn film(source: &mut Source<'_>, report: &mut Stripped) -> Result<Plan, StripError> {
    plan(source, report, false)
}

/// A picture keeps its items in a `meta` box, which a film does without.
pub(super) fn picture(source: &mut Source<'_>, report: &mut Stripped) -> Result<Plan, StripError> {
    plan(source, report, true)
}

fn plan(
    source: &mut Source<'_>,
    report: &mut Stripped,
    is_picture: bool,
) -> Result<Plan, StripError> {
    let len = source.len();
    let mut film = Film {
        source,
        overlay: Overlay::default(),
        report,
        seen: 0,
        data: Vec::new(),
        freed: Vec::new(),
        chunks: Vec::new(),
        codings: HashMap::new(),
        sizes: HashMap::new(),
    };
    let boxes = film.boxes(0, len, true)?;
    if !boxes
        .iter()
        .any(|b| matches!(&b.name, b"moov" | b"moof" | b"meta"))
    {
        return Err(damaged("it has neither a film nor a picture"));
    }
    let data = boxes.iter().filter(|b| b.name == *b"mdat");
    film.data = data.map(|b| (b.body(), b.end())).collect();
    for found in boxes {
        match &found.name {
            b"moov" => film.movie(found)?,
            b"moof" => film.fragment(found)?,
            b"meta" if is_picture => film.items(found)?,
            b"ftyp" | b"styp" | b"mdat" | b"mfra" | b"sidx" | b"ssix" | b"pdin" | b"pnot" => {}
            _ => film.free(found)?,
        }
    }
    film.check()?;
    Ok(film.overlay.into_plan(len))
}

impl Film<'_, '_> {
    /// The boxes of a stretch. At the outermost level the last one may be cut or open.
    fn boxes(&mut self, from: u64, to: u64, outermost: bool) -> Result<Vec<Box4>, StripError> {
        let (mut at, mut found) = (from, Vec::new());
        while at < to {
            let header = self.source.read(at, 16.min(to - at))?;
            let (Some(small), Some(name)) = (be32(&header, 0), array::<4>(&header, 4)) else {
                self.overlay.fill(at, 0, to - at)?; // A few bytes, too few for a box.
                break;
            };
            let (header, size) = match small {
                0 if outermost => (8, to - at),
                // A list may end with a zero in QuickTime.
                0 => {
                    self.overlay.fill(at, 0, to - at)?;
                    break;
                }
                1 => (16, be64(&header, 8).unwrap_or(0)),
                size => (8, u64::from(size)),
            };
            let cut = size > to - at;
            if size < header || (cut && !(outermost && name == *b"mdat")) {
                return Err(damaged("a box of the film does not end where it should"));
            }
            let size = size.min(to - at);
            found.push(Box4 {
                name,
                at,
                header,
                size,
            });
            at += size;
            self.seen += 1;
            if self.seen > MOST {
                return Err(damaged("it has more boxes than any real file"));
            }
        }
        Ok(found)
    }

    fn children(&mut self, of: Box4) -> Result<Vec<Box4>, StripError> {
        self.boxes(of.body(), of.end(), false)
    }

    /// What a box holds.
    fn body(&mut self, of: Box4) -> Result<Vec<u8>, StripError> {
        if of.len() > MAX_BOX {
            return Err(damaged("a table of the film is larger than any real one"));
        }
        self.source.read(of.body(), of.len())
    }

    /// Makes a box free and its content zeros.
    fn free(&mut self, found: Box4) -> Done {
        if !matches!(&found.name, b"free" | b"skip" | b"wide") {
            self.report.took(match &found.name {
                b"udta" | b"meta" => "boxes of tags",
                b"uuid" => "private boxes",
                _ => "other boxes",
            });
            self.overlay.put(found.at + 4, b"free")?;
        }
        self.freed.push((found.body(), found.end()));
        self.overlay.fill(found.body(), 0, found.len())
    }

    /// Frees every child that `stays` does not name, and gives back the others.
    fn keep_only(
        &mut self,
        of: Box4,
        stays: fn(&[u8; 4]) -> bool,
    ) -> Result<Vec<Box4>, StripError> {
        let (kept, others): (Vec<_>, Vec<_>) =
            self.children(of)?.into_iter().partition(|b| stays(&b.name));
        others.into_iter().try_for_each(|b| self.free(b))?;
        Ok(kept)
    }

    fn movie(&mut self, movie: Box4) -> Done {
        for found in self.children(movie)? {
            match &found.name {
                b"mvhd" => self.times(found)?,
                b"trak" => self.track(found)?,
                b"udta" => self.tags(found)?,
                b"mvex" => self.defaults(found)?,
                b"iods" | b"pssh" => {}
                b"cmov" => return Err(damaged("its description is compressed")),
                _ => self.free(found)?,
            }
        }
        Ok(())
    }

    /// Zeros the times of creation and change in `mvhd`, `tkhd`, `mdhd`.
    fn times(&mut self, found: Box4) -> Done {
        let start = self.source.read(found.body(), found.len().min(20))?;
        let width = match start.first() {
            Some(0) => 8,
            Some(1) => 16,
            _ => return Ok(()),
        };
        let said = start.get(4..4 + width).unwrap_or(&[]);
        if said.iter().any(|byte| *byte != 0) {
            self.report.took("times of creation");
            self.overlay.fill(found.body() + 4, 0, said.len() as u64)?;
        }
        Ok(())
    }

    /// Zeros `len` bytes of a name at `at`, and counts it where there was one.
    fn blank(&mut self, at: u64, len: u64, what: &'static str) -> Done {
        let found = self.source.read(at, len.min(MAX_BOX))?;
        if found.iter().any(|byte| *byte != 0) {
            self.report.took(what);
            self.overlay.fill(at, 0, len)?;
        }
        Ok(())
    }

    /// Blanks the name of a handler, and its maker in QuickTime.
    fn handler(&mut self, found: Box4) -> Done {
        let from = found.body() + 12;
        self.blank(from, found.end().saturating_sub(from), "names of tracks")
    }

    /// The tags of iTunes hold, among words, how much silence its encoder added at both ends,
    /// which players cut off: that one stays.
    fn tags(&mut self, tags: Box4) -> Done {
        let Some(path) = self.gapless(tags)? else {
            return self.free(tags);
        };
        let mut within = tags;
        for step in path {
            for child in self.children_of_tag(within)? {
                match &child.name {
                    _ if child.at == step.at => {}
                    b"hdlr" if within.name == *b"meta" => self.handler(child)?,
                    _ => self.free(child)?,
                }
            }
            within = step;
        }
        Ok(())
    }

    /// `meta` has four bytes before its children.
    fn children_of_tag(&mut self, of: Box4) -> Result<Vec<Box4>, StripError> {
        let skip = if of.name == *b"meta" { 4 } else { 0 };
        self.boxes((of.body() + skip).min(of.end()), of.end(), false)
    }

    /// The way from the tags to `iTunSMPB`, where it is there and holds nothing but numbers.
    fn gapless(&mut self, tags: Box4) -> Result<Option<[Box4; 3]>, StripError> {
        let find =
            |boxes: Vec<Box4>, name: &[u8; 4]| boxes.into_iter().find(|b: &Box4| b.name == *name);
        // What cannot be followed here is no list of iTunes: it goes as a whole.
        let Ok(Some(meta)) = self.children_of_tag(tags).map(|b| find(b, b"meta")) else {
            return Ok(None);
        };
        let Ok(Some(list)) = self.children_of_tag(meta).map(|b| find(b, b"ilst")) else {
            return Ok(None);
        };
        for item in self.children_of_tag(list).unwrap_or_default() {
            if item.name == *b"----" && item.len() < 512 && is_gapless(&self.body(item)?) {
                return Ok(Some([meta, list, item]));
            }
        }
        Ok(None)
    }

    /// Whether a stretch is of samples, and so of nothing else.
    fn is_data(&self, at: u64, len: u64) -> bool {
        let before = self.data.partition_point(|(from, _)| *from <= at);
        let last = before.checked_sub(1).and_then(|nth| self.data.get(nth));
        last.is_some_and(|(_, end)| at.saturating_add(len) <= *end)
    }

    /// A file may lie and give a box the place of its samples.
    fn check(&mut self) -> Done {
        self.freed.sort_unstable();
        for at in &self.chunks {
            let before = self.freed.partition_point(|(from, _)| from <= at);
            let last = before.checked_sub(1).and_then(|nth| self.freed.get(nth));
            if last.is_some_and(|(_, end)| at < end) {
                return Err(damaged("its frames lie where its notes are"));
            }
        }
        Ok(())
    }
}

/// Whether an item is `com.apple.iTunes`, `iTunSMPB`, and hexadecimal numbers.
fn is_gapless(item: &[u8]) -> bool {
    let mut rest = item;
    let mut next = |name: &[u8]| {
        let size = be32(rest, 0)? as usize;
        let (found, after) = rest.split_at_checked(size)?;
        rest = after;
        (found.get(4..8)? == name).then(|| found.get(8..))?
    };
    let mut check = || {
        let mean = next(b"mean")? == b"\0\0\0\0com.apple.iTunes";
        let name = next(b"name")? == b"\0\0\0\0iTunSMPB";
        let numbers = next(b"data")?.get(8..)?;
        let plain = numbers.iter().all(|b| *b == b' ' || b.is_ascii_hexdigit());
        Some(mean && name && plain)
    };
    check().unwrap_or(false) && rest.is_empty()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::strip_bytes;
    use super::*;
    use crate::bytes::find;
    use crate::kinds::{M4A, MP4};

    pub(crate) fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let size = u32::try_from(body.len() + 8).unwrap();
        [&size.to_be_bytes()[..], name, body].concat()
    }

    #[test]
    fn boxes_that_are_not_needed_become_free() {
        let file = [
            boxed(b"ftyp", b"isom\0\0\0\0"),
            boxed(b"free", b"hidden-model-x"),
            boxed(b"uuid", b"hidden-model-x"),
            boxed(b"mdat", b"frames"),
            boxed(
                b"moov",
                &[
                    boxed(b"mvhd", &[&[0; 4][..], b"8bytes!!", &[9; 80]].concat()),
                    boxed(b"udta", b"\0\0\0\x16\xa9toohidden-model-x"),
                    boxed(b"meta", b"hidden-model-x"),
                ]
                .concat(),
            ),
        ]
        .concat();
        let (out, report) = strip_bytes(&file, &MP4).unwrap();
        assert_eq!(out.len(), file.len());
        assert!(find(&out, b"hidden").is_none() && find(&out, b"8bytes").is_none());
        assert_eq!(find(&out, b"frames"), find(&file, b"frames"));
        assert!(report.removed().any(|what| what == "boxes of tags: 2"));
        let (again, report) = strip_bytes(&out, &MP4).unwrap();
        assert_eq!((again, report), (out, Stripped::default()));
    }

    #[test]
    fn the_silence_that_players_cut_off_stays() {
        let data = |text: &[u8]| boxed(b"data", &[b"\0\0\0\x01\0\0\0\0", text].concat());
        let item = |name: &[u8], text: &[u8]| {
            let mean = boxed(b"mean", b"\0\0\0\0com.apple.iTunes");
            let name = boxed(b"name", &[b"\0\0\0\0", name].concat());
            boxed(b"----", &[mean, name, data(text)].concat())
        };
        let gap = item(b"iTunSMPB", b" 00000000 00000840 000001CA");
        let tool = boxed(b"\xa9too", &data(b"hidden-model-x"));
        let list = boxed(
            b"ilst",
            &[&tool[..], &gap, &item(b"x", b"hidden-model-x")].concat(),
        );
        let handler = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0mdirapplhidden-model-x\0");
        let meta = boxed(b"meta", &[&[0; 4], &handler[..], &list].concat());
        let moov = boxed(b"moov", &boxed(b"udta", &meta));
        let (out, _) = strip_bytes(&moov, &M4A).unwrap();
        assert_eq!(find(&out, &gap), find(&moov, &gap));
        assert!(find(&out, b"hidden").is_none());
        assert_eq!(strip_bytes(&out, &M4A).unwrap().0, out);
        let lie = boxed(
            b"moov",
            &boxed(b"udta", &boxed(b"ilst", &item(b"iTunSMPB", b"hidden"))),
        );
        assert!(find(&strip_bytes(&lie, &M4A).unwrap().0, b"hidden").is_none());
    }

    #[test]
    fn boxes_that_lie_are_answered() {
        for size in [2u32, 7, 9, u32::MAX] {
            let lie = [&size.to_be_bytes()[..], b"moov", &[0xff; 40]].concat();
            assert_eq!(strip_bytes(&lie, &MP4).unwrap_err().code(), "strip_damaged");
        }
        assert!(strip_bytes(b"", &MP4).is_err());
    }
}
