//! What the columns of a row group hold in memory at a time, as their pages are charged for it.
//! A page of few bytes can become many when it is unpacked, and more again when it is decoded:
//! what is charged is what it becomes.

use std::mem::size_of;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ::parquet::basic::{Encoding, Type as Physical};
use ::parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use ::parquet::schema::types::ColumnDescriptor;

use super::header::{Header, Kind};
use super::limits;
use super::why::{Result, refuse};

/// What one column holds of what all may.
pub(super) struct Holding {
    all: Arc<AtomicU64>,
    dictionary: u64,
    /// The last page of each encoding: every decoder keeps its own until it gets another.
    pages: Vec<(Encoding, u64)>,
    last: u64,
    /// The pages before the last that the row at hand has values in, where a row may have many.
    row: u64,
    /// Set when a row begins.
    begun: Arc<AtomicBool>,
}

impl Holding {
    pub(super) const fn new(all: Arc<AtomicU64>, begun: Arc<AtomicBool>) -> Self {
        Self {
            all,
            dictionary: 0,
            pages: Vec::new(),
            last: 0,
            row: 0,
            begun,
        }
    }

    pub(super) const fn has_dictionary(&self) -> bool {
        self.dictionary > 0
    }

    fn own(&self) -> u64 {
        let pages: u64 = self.pages.iter().map(|(_, cost)| cost).sum();
        self.dictionary + pages + self.row
    }

    /// Charges for a page; refuses one that would be too much.
    pub(super) fn charge(&mut self, column: &ColumnDescriptor, header: &Header) -> Result<()> {
        let cost = cost(column, header);
        let before = self.own();
        let others = self.all.load(Ordering::Relaxed) - before;
        // While it is unpacked, the one before it is still there, and so is what is packed.
        let most = others + before + header.packed + cost;
        if header.kind == Kind::Dictionary {
            self.dictionary = cost.max(1);
        } else {
            let begun = self.begun.swap(false, Ordering::Relaxed);
            if column.max_rep_level() > 0 {
                self.row = if begun { 0 } else { self.row } + self.last;
            }
            self.last = cost;
            let encoding = decoder(header.encoding);
            self.pages.retain(|(other, _)| *other != encoding);
            self.pages.push((encoding, cost));
        }
        let held = others + self.own();
        if held > limits::HELD || most > limits::UNPACKING {
            let what = match header.kind {
                Kind::Dictionary => format!("its dictionary of {} entries", header.values),
                _ => format!("a page of {} values", header.values),
            };
            self.all.store(held, Ordering::Relaxed);
            return refuse(format!(
                "{what} needs {} MiB, and the columns of a row group together get {} MiB: write \
                 the table with smaller row groups and pages, or without dictionaries",
                cost.div_ceil(1 << 20),
                limits::HELD >> 20
            ));
        }
        self.all.store(held, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.all.fetch_sub(self.own(), Ordering::Relaxed);
    }
}

/// The encoding whose decoder reads this one.
const fn decoder(encoding: Encoding) -> Encoding {
    match encoding {
        Encoding::PLAIN_DICTIONARY => Encoding::RLE_DICTIONARY,
        other => other,
    }
}

/// How many bytes a page becomes.
fn cost(column: &ColumnDescriptor, header: &Header) -> u64 {
    let values = u64::from(header.values);
    let each = decoded(column.physical_type());
    // Texts stored by what they share are put together once for the row and once for the next.
    let copies = match (header.encoding, column.physical_type()) {
        (Encoding::DELTA_BYTE_ARRAY, _) => 3,
        (_, Physical::FIXED_LEN_BYTE_ARRAY) => 2,
        _ => 1,
    };
    let bytes = header.unpacked * copies;
    if header.kind == Kind::Dictionary {
        return bytes + values * each;
    }
    let lengths = match header.encoding {
        Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
        Encoding::DELTA_BYTE_ARRAY => 2,
        _ => 0,
    };
    let lengths = lengths * values.min(limits::LISTED) * size_of::<i32>() as u64;
    // One row may have all values of the page, each with its two levels.
    let row = match column.max_rep_level() {
        0 => 0,
        _ => values * (each + 2 * size_of::<i16>() as u64),
    };
    bytes + lengths + row
}

/// The size of a decoded value, without the bytes that it points to.
const fn decoded(of: Physical) -> u64 {
    let size = match of {
        Physical::BOOLEAN => size_of::<bool>(),
        Physical::INT32 | Physical::FLOAT => size_of::<i32>(),
        Physical::INT64 | Physical::DOUBLE => size_of::<i64>(),
        Physical::INT96 => size_of::<Int96>(),
        Physical::BYTE_ARRAY => size_of::<ByteArray>(),
        Physical::FIXED_LEN_BYTE_ARRAY => size_of::<FixedLenByteArray>(),
    };
    size as u64
}
