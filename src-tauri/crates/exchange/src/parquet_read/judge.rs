//! What a page may ask for: each is judged by its header, and by its lists of lengths, before any
//! decoder sets memory aside for it.

use ::parquet::basic::{Encoding, Type as Physical};

use super::header::{Header, Kind};
use super::pages::Pages;
use super::why::{Result, refuse, wrong};
use super::{delta, limits};

impl Pages {
    /// Refuses a page for which too much memory would be needed.
    pub(super) fn judge(&mut self, header: &Header) -> Result<()> {
        let most = limits::ALWAYS.max(header.packed.saturating_mul(limits::RATIO));
        if header.unpacked > limits::PAGE.min(most) {
            return refuse(format!(
                "a page declares {} MiB when unpacked, more than is taken: write the table with \
                 smaller row groups",
                header.unpacked >> 20
            ));
        }
        if header.kind == Kind::Dictionary {
            self.judge_dictionary(header)?;
        }
        self.holding.charge(&self.column, header)
    }

    /// Refuses a second dictionary, and one of more entries than its bytes can hold.
    fn judge_dictionary(&self, header: &Header) -> Result<()> {
        if self.holding.has_dictionary() {
            return wrong("it has more than one dictionary");
        }
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
        if values * width > header.unpacked {
            return wrong(format!(
                "its dictionary declares {values} entries, more than it has"
            ));
        }
        if values > limits::LISTED {
            return refuse(format!(
                "its dictionary has {values} entries, more than are taken ({}): write the column \
                 without a dictionary",
                limits::LISTED
            ));
        }
        Ok(())
    }

    /// Refuses a page whose lists of lengths are longer than its values are many.
    pub(super) fn judge_lengths(&self, header: &Header, bytes: &[u8]) -> Result<()> {
        if header.encoding != Encoding::DELTA_BYTE_ARRAY
            && header.encoding != Encoding::DELTA_LENGTH_BYTE_ARRAY
        {
            return Ok(());
        }
        if self.column.max_rep_level() > 0 && header.encoding == Encoding::DELTA_BYTE_ARRAY {
            return refuse(
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
            Some(listed) if listed > u64::from(header.values) => {
                wrong("a page lists the lengths of more texts than it has")
            }
            Some(listed) if listed > limits::LISTED => refuse(format!(
                "a page lists the lengths of {listed} texts, more than are taken ({}): write the \
                 table with smaller pages",
                limits::LISTED
            )),
            Some(_) => Ok(()),
            None => wrong("a page's list of lengths is damaged"),
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
}
