//! The items of an AVIF picture (ISO/IEC 23008-12): pictures stay; the bytes of EXIF and XMP are
//! blanked where they stand, and names with them. How a picture is turned is a property of its
//! own, so the orientation of EXIF is not needed.

use std::collections::HashMap;

use super::super::damaged;
use super::{Box4, Done, Film};
use crate::bytes::{array, be16, be32, has};

/// The most stretches of bytes that the items of a file have.
const MOST: usize = 100_000;
/// EXIF without a field, behind the four bytes that say where it begins.
const EMPTY: &[u8] = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0";

/// One stretch of the bytes of an item.
struct Extent {
    item: u32,
    /// Within the `idat` box, not the file.
    inside: bool,
    at: u64,
    len: u64,
}

impl Film<'_, '_> {
    pub(super) fn items(&mut self, meta: Box4) -> Done {
        let children = self.boxes((meta.body() + 4).min(meta.end()), meta.end(), false)?;
        let mut notes = HashMap::new();
        for found in &children {
            match &found.name {
                b"hdlr" => self.handler(*found)?,
                b"iinf" => notes = self.infos(*found)?,
                b"iprp" => self.properties(*found)?,
                b"pitm" | b"iloc" | b"iref" | b"idat" | b"ipro" | b"grpl" | b"dinf" => {}
                _ => self.free(*found)?,
            }
        }
        let place = children.iter().find(|b| b.name == *b"iloc");
        let extents = match place {
            Some(place) => extents(&self.body(*place)?)
                .ok_or(damaged("the list of its items cannot be followed"))?,
            None => Vec::new(),
        };
        let idat = children.iter().find(|b| b.name == *b"idat");
        for extent in extents {
            let Some(exif) = notes.get(&extent.item) else {
                continue;
            };
            let base = match (extent.inside, idat) {
                (false, _) => 0,
                (true, Some(idat)) => idat.body(),
                (true, None) => continue,
            };
            let (at, len) = (base.saturating_add(extent.at), extent.len);
            let within = match idat.filter(|_| extent.inside) {
                Some(idat) => at.saturating_add(len) <= idat.end(),
                None => self.is_data(at, len),
            };
            if !within {
                return Err(damaged("its items lie outside of its data"));
            }
            self.blank_note(at, len, *exif)?;
        }
        Ok(())
    }

    fn blank_note(&mut self, at: u64, len: u64, exif: bool) -> Done {
        let len = len.min(self.source.len().saturating_sub(at));
        let start = self.source.read(at, len.min(EMPTY.len() as u64))?;
        let bare = if exif && start.len() == EMPTY.len() {
            EMPTY
        } else {
            &[]
        };
        let rest = len - bare.len() as u64;
        let blank = if exif { 0 } else { b' ' };
        if exif && start != bare || !exif && start.iter().any(|byte| *byte != blank) {
            self.report.took(if exif { "EXIF" } else { "XMP" });
        }
        self.overlay.put(at, bare)?;
        self.overlay.fill(at + bare.len() as u64, blank, rest)
    }

    /// Blanks the names of items, and says which are notes, and whether EXIF.
    fn infos(&mut self, found: Box4) -> Result<HashMap<u32, bool>, super::StripError> {
        let version = self.source.read(found.body(), 1)?;
        let skip = if version == [0] { 6 } else { 8 };
        let from = (found.body() + skip).min(found.end());
        let mut notes = HashMap::new();
        for info in self.boxes(from, found.end(), false)? {
            let body = self.body(info)?;
            // Before version 2 items had no kind, and AVIF has none of them.
            let (item, at) = match body.first() {
                Some(2) => (be16(&body, 4).map(u32::from), 8),
                Some(3) => (be32(&body, 4), 10),
                _ => (None, 0),
            };
            let (Some(item), Some(kind)) = (item, array::<4>(&body, at)) else {
                continue;
            };
            match &kind {
                b"Exif" => {
                    notes.insert(item, true);
                }
                b"mime" | b"uri " => {
                    notes.insert(item, false);
                }
                _ => {}
            }
            let words = body.get(at + 4..).unwrap_or(&[]);
            let bare = bare_words(words, kind == *b"mime");
            if bare != words {
                self.report.took("names of items");
                self.overlay.put(info.body() + at as u64 + 4, &bare)?;
            }
        }
        Ok(notes)
    }

    /// Properties are counted, so one that goes stays as a free one.
    fn properties(&mut self, found: Box4) -> Done {
        for list in self.children(found)? {
            if list.name != *b"ipco" {
                continue;
            }
            for property in self.children(list)? {
                if matches!(
                    &property.name,
                    b"udes" | b"uuid" | b"crtt" | b"mdft" | b"altt"
                ) {
                    self.free(property)?;
                }
            }
        }
        Ok(())
    }
}

/// The name of an item as an empty one; the type of a `mime` item follows it.
fn bare_words(words: &[u8], mime: bool) -> Vec<u8> {
    const XMP: &[u8] = b"\0application/rdf+xml\0";
    let named = words.iter().position(|byte| *byte == 0).unwrap_or(0);
    let mut bare = match words.get(named..) {
        Some(rest) if mime && has(rest, 0, XMP) => XMP.to_vec(),
        _ => Vec::new(),
    };
    bare.resize(words.len(), 0);
    bare
}

/// The stretches of all items (ISO/IEC 14496-12, 8.11.3).
fn extents(body: &[u8]) -> Option<Vec<Extent>> {
    let number = |at: &mut usize, size: usize| {
        let bytes = body.get(*at..at.checked_add(size)?)?;
        *at += size;
        Some(
            bytes
                .iter()
                .fold(0u64, |sum, byte| sum << 8 | u64::from(*byte)),
        )
    };
    let version = *body.first()?;
    let (sizes, more) = (*body.get(4)?, *body.get(5)?);
    let (offset_size, length_size) = (usize::from(sizes >> 4), usize::from(sizes & 15));
    let base_size = usize::from(more >> 4);
    let index_size = if version == 0 {
        0
    } else {
        usize::from(more & 15)
    };
    if [offset_size, length_size, base_size, index_size]
        .iter()
        .any(|size| *size > 8)
    {
        return None;
    }
    let wide = if version < 2 { 2 } else { 4 };
    let (mut at, mut found) = (6, Vec::new());
    for _ in 0..number(&mut at, wide)? {
        let item = u32::try_from(number(&mut at, wide)?).ok()?;
        let method = if version == 0 {
            0
        } else {
            number(&mut at, 2)? & 15
        };
        number(&mut at, 2)?;
        let base = number(&mut at, base_size)?;
        for _ in 0..number(&mut at, 2)? {
            number(&mut at, index_size)?;
            let offset = number(&mut at, offset_size)?;
            let len = number(&mut at, length_size)?;
            if found.len() == MOST {
                return None;
            }
            found.push(Extent {
                item,
                inside: method == 1,
                at: base.saturating_add(offset),
                len,
            });
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::super::tests::boxed;
    use crate::bytes::find;
    use crate::kinds::AVIF;
    use crate::strip::strip_bytes;

    fn info(item: u8, kind: &[u8; 4], words: &[u8]) -> Vec<u8> {
        boxed(
            b"infe",
            &[&[2, 0, 0, 0, 0, item, 0, 0][..], kind, words].concat(),
        )
    }

    fn place(item: u8, method: u8, at: u32, len: u32) -> Vec<u8> {
        let mut entry = vec![0, item, 0, method, 0, 0, 0, 1];
        entry.extend([at.to_be_bytes(), len.to_be_bytes()].concat());
        entry
    }

    #[test]
    fn notes_are_blanked_where_they_stand() {
        let data = boxed(b"mdat", b"pictureEEEEMM\0*EXIF of hidden-model-x");
        let exif_size = u32::try_from(data.len() - 15).unwrap();
        let infos = [
            info(1, b"av01", b"hidden-model-x\0"),
            info(2, b"Exif", b"\0"),
            info(3, b"mime", b"hidden-model-x\0application/rdf+xml\0"),
        ]
        .concat();
        let places = [
            place(1, 0, 8, 7),
            place(2, 0, 15, exif_size),
            place(3, 1, 0, 14),
        ]
        .concat();
        let iloc = [&[1, 0, 0, 0, 0x44, 0, 0, 3][..], &places].concat();
        let meta = [
            &[0; 4][..],
            &boxed(
                b"hdlr",
                b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0hidden-model-x\0",
            ),
            &boxed(b"iinf", &[&[0, 0, 0, 0, 0, 3][..], &infos].concat()),
            &boxed(b"iloc", &iloc),
            &boxed(b"iprp", &boxed(b"ipco", &boxed(b"udes", b"hidden-model-x"))),
            &boxed(b"idat", b"hidden-model-x"),
        ]
        .concat();
        let file = [data, boxed(b"meta", &meta)].concat();
        let (out, report) = strip_bytes(&file, &AVIF).unwrap();
        assert_eq!(out.len(), file.len());
        assert!(find(&out, b"hidden").is_none());
        assert_eq!(find(&out, b"picture"), Some(8));
        assert!(find(&out, b"\0application/rdf+xml\0").is_some());
        assert!(report.removed().any(|what| what == "EXIF: 1"));
        assert_eq!(strip_bytes(&out, &AVIF).unwrap().0, out);
        for at in 0..file.len() {
            let _ = strip_bytes(&file[..at], &AVIF);
            let mut bytes = file.clone();
            bytes[at] = 0xff;
            let _ = strip_bytes(&bytes, &AVIF);
        }
    }
}
