//! The header in front of each page.

use ::parquet::basic::Encoding;

use super::thrift::{Stop, Walk, is_true};

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Data,
    /// Its levels stand before what is packed.
    Data2 {
        nulls: u32,
        rows: u32,
        def_bytes: u32,
        rep_bytes: u32,
        packed: bool,
    },
    Dictionary,
    /// Nothing that rows are made of.
    Other,
}

/// What a page says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) unpacked: u64,
    pub(super) packed: u64,
    pub(super) values: u32,
    pub(super) encoding: Encoding,
    pub(super) def_encoding: Encoding,
    pub(super) rep_encoding: Encoding,
}

/// What is gathered while the fields go by.
#[derive(Default)]
struct Seen {
    kind: Option<i32>,
    unpacked: Option<i32>,
    packed: Option<i32>,
    values: Option<i32>,
    encoding: Option<i32>,
    def: Option<i32>,
    rep: Option<i32>,
    nulls: Option<i32>,
    rows: Option<i32>,
    plain: bool,
}

impl Header {
    /// Reads a header, and says where it ends.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, usize), Stop> {
        let mut walk = Walk::new(bytes);
        let mut seen = Seen::default();
        walk.fields(&mut |walk, id, of| {
            match (id, of) {
                (1, 5) => seen.kind = Some(walk.int32()?),
                (2, 5) => seen.unpacked = Some(walk.int32()?),
                (3, 5) => seen.packed = Some(walk.int32()?),
                (5 | 7 | 8, super::thrift::STRUCT) => inner(walk, id, &mut seen)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        let header = seen.header().ok_or(Stop::Bad)?;
        Ok((header, walk.at))
    }
}

/// The part that is of one kind of page alone.
fn inner(walk: &mut Walk<'_>, page: i16, seen: &mut Seen) -> Result<(), Stop> {
    walk.fields(&mut |walk, id, of| {
        let place = match (page, id) {
            (8, 7) => {
                seen.plain = !is_true(of);
                return Ok(false);
            }
            (_, 1) => &mut seen.values,
            (5 | 7, 2) | (8, 4) => &mut seen.encoding,
            (5, 3) | (8, 5) => &mut seen.def,
            (5, 4) | (8, 6) => &mut seen.rep,
            (8, 2) => &mut seen.nulls,
            (8, 3) => &mut seen.rows,
            _ => return Ok(false),
        };
        if of != 5 {
            return Err(Stop::Bad);
        }
        *place = Some(walk.int32()?);
        Ok(true)
    })
}

impl Seen {
    fn header(&self) -> Option<Header> {
        let count = |value: Option<i32>| value.and_then(|value| u32::try_from(value).ok());
        let (packed, unpacked) = (count(self.packed)?, count(self.unpacked)?);
        let kind = match self.kind? {
            0 => Kind::Data,
            2 => Kind::Dictionary,
            3 => {
                let (def_bytes, rep_bytes) = (count(self.def)?, count(self.rep)?);
                let levels = u64::from(def_bytes) + u64::from(rep_bytes);
                if levels > u64::from(packed.min(unpacked)) {
                    return None;
                }
                Kind::Data2 {
                    nulls: count(self.nulls)?,
                    rows: count(self.rows)?,
                    def_bytes,
                    rep_bytes,
                    packed: !self.plain,
                }
            }
            _ => Kind::Other,
        };
        let levels = |named: Option<i32>| match kind {
            Kind::Data => encoding(named?),
            _ => Some(Encoding::RLE),
        };
        let of_rows = kind != Kind::Other;
        Some(Header {
            kind,
            unpacked: unpacked.into(),
            packed: packed.into(),
            values: if of_rows { count(self.values)? } else { 0 },
            encoding: if of_rows {
                encoding(self.encoding?)?
            } else {
                Encoding::PLAIN
            },
            def_encoding: levels(self.def)?,
            rep_encoding: levels(self.rep)?,
        })
    }
}

#[expect(deprecated, reason = "old files have it, and it is read")]
fn encoding(number: i32) -> Option<Encoding> {
    Some(match number {
        0 => Encoding::PLAIN,
        2 => Encoding::PLAIN_DICTIONARY,
        3 => Encoding::RLE,
        4 => Encoding::BIT_PACKED,
        5 => Encoding::DELTA_BINARY_PACKED,
        6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        7 => Encoding::DELTA_BYTE_ARRAY,
        8 => Encoding::RLE_DICTIONARY,
        9 => Encoding::BYTE_STREAM_SPLIT,
        _ => return None,
    })
}
