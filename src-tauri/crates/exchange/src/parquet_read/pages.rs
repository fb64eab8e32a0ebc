//! The pages of one column of one row group, each judged by its header before it is read and
//! unpacked. Parquet's own page reader believes what headers say; this one does not.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use ::parquet::basic::Compression;
use ::parquet::column::page::{Page, PageMetadata, PageReader};
use ::parquet::schema::types::ColumnDescPtr;

use super::header::{Header, Kind};
use super::holding::Holding;
use super::limits;
use super::thrift::Stop;
use super::unpack::unpack;
use super::why::{Result, wrong};
use crate::error::shorten;

/// The pages that are still to come.
pub(super) struct Pages {
    pub(super) file: Arc<File>,
    pub(super) column: ColumnDescPtr,
    pub(super) codec: Compression,
    /// Where the next page begins, and where the last one ends.
    pub(super) at: u64,
    pub(super) end: u64,
    /// Values still to come.
    pub(super) left: u64,
    pub(super) holding: Holding,
    /// Whether the last page was of the kind that begins with a row.
    pub(super) begins_rows: bool,
}

impl Pages {
    fn header(&self) -> Result<(Header, u64)> {
        let mut length = 1 << 14;
        loop {
            let here = (self.end - self.at).min(length);
            let mut bytes = vec![0; here as usize];
            self.file.read_exact_at(&mut bytes, self.at)?;
            match Header::read(&bytes) {
                Ok((header, taken)) => return Ok((header, taken as u64)),
                Err(Stop::Short) if here == length && length < limits::HEADER as u64 => {
                    length <<= 4;
                }
                Err(Stop::Short) => return wrong("a page header is cut off or too long"),
                Err(Stop::Bad) => return wrong("a page header is damaged"),
            }
        }
    }

    fn unpacked(&self, header: &Header, packed: Vec<u8>) -> Result<Vec<u8>> {
        let size = header.unpacked as usize;
        let (levels, is_packed) = match header.kind {
            Kind::Data2 {
                def_bytes,
                rep_bytes,
                packed,
                ..
            } => (def_bytes as usize + rep_bytes as usize, packed),
            _ => (0, true),
        };
        if !is_packed || self.codec == Compression::UNCOMPRESSED {
            if packed.len() != size {
                return wrong("a page's two sizes differ, though it is not packed");
            }
            return Ok(packed);
        }
        let (Some((first, rest)), Some(left)) =
            (packed.split_at_checked(levels), size.checked_sub(levels))
        else {
            return wrong("a page header is damaged");
        };
        if left == 0 {
            return Ok(first.to_vec());
        }
        let mut values = match unpack(self.codec, rest, left) {
            Ok(values) => values,
            Err(words) => return wrong(format!("a page cannot be unpacked ({})", shorten(&words))),
        };
        // Moved up to make room for the levels, so that no second copy is held.
        values.reserve_exact(levels);
        values.splice(0..0, first.iter().copied());
        Ok(values)
    }

    fn page(&mut self, header: &Header, bytes: Vec<u8>) -> Result<Page> {
        if header.kind == Kind::Dictionary {
            return Ok(Page::DictionaryPage {
                buf: bytes.into(),
                num_values: header.values,
                encoding: header.encoding,
                is_sorted: false,
            });
        }
        let values = u64::from(header.values);
        let Some(left) = self.left.checked_sub(values) else {
            return wrong("its pages hold more values than the file declares");
        };
        self.left = left;
        self.judge_lengths(header, &bytes)?;
        self.begins_rows = matches!(header.kind, Kind::Data2 { .. });
        Ok(match header.kind {
            Kind::Data2 {
                nulls,
                rows,
                def_bytes,
                rep_bytes,
                packed,
            } => Page::DataPageV2 {
                buf: bytes.into(),
                num_values: header.values,
                encoding: header.encoding,
                num_nulls: nulls,
                num_rows: rows,
                def_levels_byte_len: def_bytes,
                rep_levels_byte_len: rep_bytes,
                is_compressed: packed,
                statistics: None,
            },
            _ => Page::DataPage {
                buf: bytes.into(),
                num_values: header.values,
                encoding: header.encoding,
                def_level_encoding: header.def_encoding,
                rep_level_encoding: header.rep_encoding,
                statistics: None,
            },
        })
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        while self.left > 0 {
            if self.at >= self.end {
                return wrong("its pages hold fewer values than the file declares");
            }
            let (header, length) = self.header()?;
            self.at += length;
            if header.packed > self.end - self.at {
                return wrong("a page is cut off: it declares more bytes than the file has");
            }
            let body = self.at;
            self.at += header.packed;
            // A page without values would be taken for the end.
            if header.kind == Kind::Other || header.kind != Kind::Dictionary && header.values == 0 {
                continue;
            }
            self.judge(&header)?;
            let mut packed = vec![0; header.packed as usize];
            self.file.read_exact_at(&mut packed, body)?;
            let bytes = self.unpacked(&header, packed)?;
            return self.page(&header, bytes).map(Some);
        }
        Ok(None)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Ok((self.left > 0).then_some(PageMetadata {
            num_rows: None,
            num_levels: None,
            is_dict: false,
        }))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.get_next_page().map(|_| ())
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        Ok(self.left == 0 || self.begins_rows)
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}
