//! The pages of one column of one row group, each judged by its header before it is read and
//! unpacked. Parquet's own page reader believes what headers say; this one does not.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::parquet::basic::{Compression, Encoding, Type as Physical};
use ::parquet::column::page::{Page, PageMetadata, PageReader};
use ::parquet::errors::ParquetError;
use ::parquet::schema::types::ColumnDescPtr;

use super::header::{Header, Kind};
use super::thrift::Stop;
use super::unpack::unpack;
use super::{delta, limits};

type Result<T> = std::result::Result<T, ParquetError>;

fn wrong<T>(message: impl Into<String>) -> Result<T> {
    Err(ParquetError::General(message.into()))
}

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
    /// Bytes held by all columns, and of those by this one: its dictionary and its page.
    pub(super) held: Arc<AtomicU64>,
    pub(super) own: [u64; 2],
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

    /// Refuses a page for which too much memory would be needed.
    fn judge(&mut self, header: &Header) -> Result<()> {
        if header.packed > self.end - self.at {
            return wrong("a page is cut off: it declares more bytes than the file has");
        }
        let most = limits::ALWAYS.max(header.packed.saturating_mul(limits::RATIO));
        if header.unpacked > limits::PAGE.min(most) {
            return wrong(format!(
                "a page declares {} MiB when unpacked, more than is taken: write the table with \
                 smaller row groups",
                header.unpacked >> 20
            ));
        }
        let place = usize::from(header.kind != Kind::Dictionary);
        let held = self.held.load(Ordering::Relaxed) - self.own[place] + header.unpacked;
        if held > limits::HELD {
            return wrong(
                "the pages of its columns need more memory together than is taken: write the \
                 table with smaller row groups",
            );
        }
        self.held.store(held, Ordering::Relaxed);
        self.own[place] = header.unpacked;
        Ok(())
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
        let mut values = unpack(self.codec, rest, left).map_err(ParquetError::General)?;
        if levels == 0 {
            return Ok(values);
        }
        let mut whole = first.to_vec();
        whole.append(&mut values);
        Ok(whole)
    }

    /// Refuses a dictionary of more entries than its bytes can hold.
    fn judge_dictionary(&self, header: &Header) -> Result<()> {
        let width = match self.column.physical_type() {
            Physical::BOOLEAN => return wrong("a column of truths has a dictionary"),
            Physical::INT32 | Physical::FLOAT | Physical::BYTE_ARRAY => 4,
            Physical::INT64 | Physical::DOUBLE => 8,
            Physical::INT96 => 12,
            Physical::FIXED_LEN_BYTE_ARRAY => u64::try_from(self.column.type_length())
                .unwrap_or_default()
                .max(1),
        };
        let values = u64::from(header.values);
        if values > limits::LISTED || values * width > header.unpacked {
            return wrong(format!(
                "its dictionary declares {values} entries, more than it has"
            ));
        }
        Ok(())
    }

    /// Refuses a page whose lists of lengths are longer than its values are many.
    fn judge_lengths(&self, header: &Header, bytes: &[u8]) -> Result<()> {
        if header.encoding != Encoding::DELTA_BYTE_ARRAY
            && header.encoding != Encoding::DELTA_LENGTH_BYTE_ARRAY
        {
            return Ok(());
        }
        if self.column.max_rep_level() > 0 && header.encoding == Encoding::DELTA_BYTE_ARRAY {
            return wrong(
                "it is a list whose texts are stored by what they share (DELTA_BYTE_ARRAY), \
                 which is not read: write the table with another encoding",
            );
        }
        let listed = self
            .values_at(header, bytes)
            .and_then(|at| bytes.get(at..))
            .filter(|values| !values.is_empty())
            .map_or(Some(0), |values| delta::listed(header.encoding, values));
        match listed {
            Some(listed) if listed <= limits::LISTED.min(u64::from(header.values)) => Ok(()),
            _ => wrong("a page's list of lengths is damaged"),
        }
    }

    /// Where the values begin, behind the levels.
    fn values_at(&self, header: &Header, bytes: &[u8]) -> Option<usize> {
        if let Kind::Data2 {
            def_bytes,
            rep_bytes,
            ..
        } = header.kind
        {
            return Some(def_bytes as usize + rep_bytes as usize);
        }
        let mut at = 0_usize;
        for (most, encoding) in [
            (self.column.max_rep_level(), header.rep_encoding),
            (self.column.max_def_level(), header.def_encoding),
        ] {
            if most <= 0 {
                continue;
            }
            at = if encoding == Encoding::RLE {
                let length = bytes.get(at..)?.first_chunk::<4>()?;
                at.checked_add(4)?
                    .checked_add(u32::from_le_bytes(*length) as usize)?
            } else {
                let bits = u64::from(u16::BITS - most.cast_unsigned().leading_zeros());
                at.checked_add((u64::from(header.values) * bits).div_ceil(8) as usize)?
            };
        }
        Some(at)
    }

    fn page(&mut self, header: &Header, bytes: Vec<u8>) -> Result<Page> {
        if header.kind == Kind::Dictionary {
            self.judge_dictionary(header)?;
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
            self.judge(&header)?;
            let body = self.at;
            self.at += header.packed;
            // A page without values would be taken for the end.
            if header.kind == Kind::Other || header.kind != Kind::Dictionary && header.values == 0 {
                continue;
            }
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

impl Drop for Pages {
    fn drop(&mut self) {
        let own = self.own[0] + self.own[1];
        self.held.fetch_sub(own, Ordering::Relaxed);
    }
}
