//! TIFF (revision 6.0) and `BigTIFF`: the fields of a directory that say how its picture is stored
//! stay; every other goes from the directory, and its value is blanked in place, so that no
//! picture moves.

use std::collections::HashSet;

use super::{StripError, Stripped, damaged};

/// The most fields in all directories.
const MOST: usize = 1_000_000;
const EXIF: u64 = 34665;
const GPS: u64 = 34853;
const INTEROPERABILITY: u64 = 40965;
const SUB_DIRECTORIES: u64 = 330;

/// How pictures are stored and meant: TIFF 6.0, its supplements, and the colour profile.
const fn is_needed(tag: u64) -> bool {
    matches!(
        tag,
        254..=266 | 273 | 274 | 277..=284 | 286..=293 | 296 | 297 | 301 | 317..=325 | 328 | 330
            | 332 | 334 | 336 | 338..=347 | 512..=521 | 529..=532 | 559 | 32995..=32998 | 34675
            | 34925
    )
}

struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
    /// Whether its offsets have 64 bits.
    big: bool,
}

struct Field {
    tag: u64,
    kind: u64,
    count: u64,
    /// Where its entry stands, and the value or its offset.
    entry: usize,
    value: usize,
    /// Where its value stands outside the directory.
    outside: Option<(u64, u64)>,
}

#[derive(Default)]
struct Found {
    blank: Vec<(u64, u64)>,
    keep: Vec<(u64, u64)>,
    tables: Vec<(usize, Vec<u8>)>,
}

pub(super) fn strip(bytes: &[u8], report: &mut Stripped) -> Result<Vec<u8>, StripError> {
    let (little, big) = match bytes.get(..4) {
        Some(b"II*\0") => (true, false),
        Some(b"MM\0*") => (false, false),
        Some(b"II+\0") => (true, true),
        Some(b"MM\0+") => (false, true),
        _ => return Err(damaged("it does not begin as a TIFF does")),
    };
    let tiff = Tiff { bytes, little, big };
    let found = tiff.walk(report)?;
    let mut out = bytes.to_vec();
    for (from, to) in merged(found.blank) {
        if let Some(value) = slot(&mut out, from, to) {
            value.fill(0);
        }
    }
    // A file may lie and give a value the place of a picture: pictures come first.
    for (from, to) in merged(found.keep) {
        let (from, to) = (from as usize, to as usize);
        if let (Some(value), Some(old)) = (out.get_mut(from..to), bytes.get(from..to)) {
            value.copy_from_slice(old);
        }
    }
    for (at, table) in found.tables {
        if let Some(place) = out.get_mut(at..at + table.len()) {
            place.copy_from_slice(&table);
        }
    }
    Ok(out)
}

fn slot(out: &mut [u8], from: u64, to: u64) -> Option<&mut [u8]> {
    out.get_mut(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
}

/// Ranges joined where they touch, so that hostile ones that overlap cost no more than the file.
fn merged(mut ranges: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    ranges.sort_unstable();
    let mut joined: Vec<(u64, u64)> = Vec::new();
    for (from, to) in ranges {
        match joined.last_mut() {
            Some((_, end)) if from <= *end => *end = (*end).max(to),
            _ if from < to => joined.push((from, to)),
            _ => {}
        }
    }
    joined
}

impl Tiff<'_> {
    fn walk(&self, report: &mut Stripped) -> Result<Found, StripError> {
        let first = if self.big {
            self.number(8, 8)
        } else {
            self.number(4, 4)
        };
        let first = first.ok_or(damaged("the TIFF has no directory"))?;
        let (mut found, mut seen, mut total) = (Found::default(), HashSet::new(), 0);
        let header = if self.big { 16 } else { 8 };
        found.keep.push((0, header));
        let mut waiting = vec![(first, true)];
        while let Some((at, needed)) = waiting.pop() {
            if at < header || !seen.insert(at) {
                continue;
            }
            let Some((fields, end)) = self.directory(at) else {
                if at == first {
                    return Err(damaged("the directory of the TIFF lies outside of it"));
                }
                continue;
            };
            total += fields.len();
            if total > MOST {
                return Err(damaged("the TIFF has more fields than any real file"));
            }
            let kept = |field: &Field| needed && is_needed(field.tag);
            for field in &fields {
                let list = if kept(field) {
                    &mut found.keep
                } else {
                    &mut found.blank
                };
                list.extend(field.outside);
                match field.tag {
                    EXIF | GPS | INTEROPERABILITY => {
                        waiting.extend(self.values(field).map(|at| (at, false)));
                    }
                    SUB_DIRECTORIES if needed => {
                        waiting.extend(self.values(field).map(|at| (at, true)));
                    }
                    _ => {}
                }
            }
            let width = if self.big { 8 } else { 4 };
            if !needed {
                found.blank.push((at, end + width));
                continue;
            }
            let dropped = fields.iter().filter(|field| !kept(field)).count();
            report.took_some("TIFF fields", dropped as u64);
            self.pictures(&fields, &mut found.keep);
            waiting.extend(
                self.number(end as usize, width as usize)
                    .map(|at| (at, true)),
            );
            let fields: Vec<&Field> = fields.iter().filter(|field| kept(field)).collect();
            found
                .tables
                .push((at as usize, self.table(&fields, end, at)));
        }
        Ok(found)
    }

    fn number(&self, at: usize, size: usize) -> Option<u64> {
        let bytes = self.bytes.get(at..at.checked_add(size)?)?;
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(if self.little {
            bytes.iter().rev().fold(0, add)
        } else {
            bytes.iter().fold(0, add)
        })
    }

    fn put(&self, out: &mut Vec<u8>, value: u64, size: usize) {
        let bytes = value.to_le_bytes().into_iter().take(size);
        if self.little {
            out.extend(bytes);
        } else {
            out.extend(bytes.rev());
        }
    }

    /// The sizes of a count, an entry, and an offset.
    const fn sizes(&self) -> (usize, usize, usize) {
        if self.big { (8, 20, 8) } else { (2, 12, 4) }
    }

    /// The fields of a directory, and where they end.
    fn directory(&self, at: u64) -> Option<(Vec<Field>, u64)> {
        let (count_size, entry_size, offset_size) = self.sizes();
        let at = usize::try_from(at).ok()?;
        let count = usize::try_from(self.number(at, count_size)?).ok()?;
        let from = at.checked_add(count_size)?;
        let end = from.checked_add(count.checked_mul(entry_size)?)?;
        self.bytes.get(from..end)?;
        let field = |nth: usize| {
            let entry = from + nth * entry_size;
            let value = entry + entry_size - offset_size;
            let (tag, kind) = (self.number(entry, 2)?, self.number(entry + 2, 2)?);
            let count = self.number(entry + 4, offset_size)?;
            let len = count.saturating_mul(size_of_kind(kind));
            let from = self.number(value, offset_size)?;
            let outside = (len > offset_size as u64)
                .then(|| (from, from.saturating_add(len)))
                .filter(|(_, to)| *to <= self.bytes.len() as u64);
            Some(Field {
                tag,
                kind,
                count,
                entry,
                value,
                outside,
            })
        };
        let fields: Option<Vec<Field>> = (0..count).map(field).collect();
        Some((fields?, end as u64))
    }

    /// The values of a field of whole numbers.
    fn values(&self, field: &Field) -> impl Iterator<Item = u64> {
        let size = size_of_kind(field.kind) as usize;
        let whole = matches!(field.kind, 3 | 4 | 13 | 16 | 18);
        let len = field.count.saturating_mul(size as u64);
        let inside = len <= self.sizes().2 as u64;
        let from = match field.outside {
            Some((from, _)) => usize::try_from(from).ok(),
            None => inside.then_some(field.value),
        };
        let count = if whole { field.count } else { 0 };
        (0..count).map_while(move |nth| {
            let at = from?.checked_add(usize::try_from(nth).ok()?.checked_mul(size)?)?;
            self.number(at, size)
        })
    }

    /// Where the strips, tiles and embedded JPEGs of a directory stand.
    fn pictures(&self, fields: &[Field], keep: &mut Vec<(u64, u64)>) {
        let list = |tag| fields.iter().find(|field| field.tag == tag);
        for (offsets, sizes) in [(273, 279), (324, 325), (513, 514)] {
            let (Some(offsets), Some(sizes)) = (list(offsets), list(sizes)) else {
                continue;
            };
            for (at, size) in self.values(offsets).zip(self.values(sizes)).take(MOST) {
                let end = at.saturating_add(size).min(self.bytes.len() as u64);
                keep.push((at.min(end), end));
            }
        }
    }

    /// The directory with these fields alone, and zeros where others were.
    fn table(&self, fields: &[&Field], end: u64, at: u64) -> Vec<u8> {
        let (count_size, entry_size, offset_size) = self.sizes();
        let whole = end as usize + offset_size - at as usize;
        let mut table = Vec::with_capacity(whole);
        self.put(&mut table, fields.len() as u64, count_size);
        for field in fields {
            let entry = self.bytes.get(field.entry..field.entry + entry_size);
            table.extend_from_slice(entry.unwrap_or(&[]));
        }
        let next = self.number(end as usize, offset_size).unwrap_or(0);
        self.put(&mut table, next, offset_size);
        table.resize(whole, 0);
        table.truncate(self.bytes.len().saturating_sub(at as usize));
        table
    }
}

/// The bytes of one value of a kind (TIFF 6.0, section 2).
const fn size_of_kind(kind: u64) -> u64 {
    match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of one strip, a description, and EXIF, with entries of 12 bytes.
    fn file(told: bool) -> Vec<u8> {
        let entry = |tag: u16, kind: u16, count: u32, value: u32| {
            [
                &tag.to_le_bytes()[..],
                &kind.to_le_bytes(),
                &count.to_le_bytes(),
                &value.to_le_bytes(),
            ]
            .concat()
        };
        let mut out = b"II*\0\x08\0\0\0".to_vec();
        let entries = if told {
            vec![
                entry(256, 3, 1, 5),
                entry(270, 2, 14, 100),
                entry(273, 4, 1, 130),
                entry(279, 4, 1, 4),
                entry(34665, 4, 1, 140),
            ]
        } else {
            vec![
                entry(256, 3, 1, 5),
                entry(273, 4, 1, 130),
                entry(279, 4, 1, 4),
            ]
        };
        out.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
        out.extend(entries.concat());
        out.resize(100, 0);
        out.extend(if told { b"hidden-model-x" } else { &[0; 14] });
        out.resize(130, 0);
        out.extend(b"film");
        out.resize(140, 0);
        if told {
            out.extend([&[1, 0][..], &entry(37510, 7, 14, 160), &[0; 4]].concat());
            out.resize(160, 0);
            out.extend(b"hidden-model-x");
        }
        out.resize(180, 0);
        out
    }

    #[test]
    fn fields_about_the_picture_go_and_it_stays() {
        let mut report = Stripped::default();
        assert_eq!(strip(&file(true), &mut report).unwrap(), file(false));
        assert!(report.removed().any(|what| what == "TIFF fields: 2"));
        let mut report = Stripped::default();
        assert_eq!(strip(&file(false), &mut report).unwrap(), file(false));
        assert_eq!(report, Stripped::default());
    }

    #[test]
    fn every_cut_and_lie_is_answered() {
        let file = file(true);
        for at in 0..file.len() {
            let _ = strip(&file[..at], &mut Stripped::default());
            for spoilt in [0, 0x7f, 0xff] {
                let mut bytes = file.clone();
                bytes[at] = spoilt;
                let _ = strip(&bytes, &mut Stripped::default());
            }
        }
    }
}
