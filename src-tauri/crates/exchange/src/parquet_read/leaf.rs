//! One leaf column of a row group, read a row at a time: the row's levels and values.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ::parquet::basic::Type as Physical;
use ::parquet::column::page::PageReader;
use ::parquet::column::reader::ColumnReaderImpl;
use ::parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray,
    FixedLenByteArrayType, FloatType, Int32Type, Int64Type, Int96, Int96Type,
};
use ::parquet::errors::ParquetError;
use ::parquet::schema::types::ColumnDescPtr;

use super::limits::KEPT;
use super::why::wrong;

/// A value as the file holds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scalar<'a> {
    Truth(bool),
    Int32(i32),
    Int64(i64),
    Int96(&'a Int96),
    Float(f32),
    Double(f64),
    Bytes(&'a [u8]),
}

/// A value that can be looked at as a [`Scalar`].
trait Look {
    fn look(&self) -> Scalar<'_>;
}

macro_rules! look {
    ($($of:ty => |$value:ident| $scalar:expr;)*) => {
        $(impl Look for $of {
            fn look(&self) -> Scalar<'_> {
                let $value = self;
                $scalar
            }
        })*
    };
}

look! {
    bool => |value| Scalar::Truth(*value);
    i32 => |value| Scalar::Int32(*value);
    i64 => |value| Scalar::Int64(*value);
    Int96 => |value| Scalar::Int96(value);
    f32 => |value| Scalar::Float(*value);
    f64 => |value| Scalar::Double(*value);
    ByteArray => |value| Scalar::Bytes(value.data());
    FixedLenByteArray => |value| Scalar::Bytes(value.data());
}

/// A column whose values are of one physical type.
trait Typed: Send {
    /// Reads one row more; says how many levels it has and whether it is whole.
    fn read(
        &mut self,
        def: &mut Vec<i16>,
        rep: &mut Vec<i16>,
    ) -> Result<(bool, usize), ParquetError>;
    fn clear(&mut self);
    fn value(&self, at: usize) -> Option<Scalar<'_>>;
}

struct Values<T: DataType> {
    reader: ColumnReaderImpl<T>,
    values: Vec<T::T>,
}

impl<T: DataType> Typed for Values<T>
where
    T::T: Look,
{
    fn read(
        &mut self,
        def: &mut Vec<i16>,
        rep: &mut Vec<i16>,
    ) -> Result<(bool, usize), ParquetError> {
        let (rows, _, levels) =
            self.reader
                .read_records(1, Some(def), Some(rep), &mut self.values)?;
        Ok((rows > 0, levels))
    }

    fn clear(&mut self) {
        emptied(&mut self.values);
    }

    fn value(&self, at: usize) -> Option<Scalar<'_>> {
        self.values.get(at).map(Look::look)
    }
}

/// Empties a list; what a row of uncommon length needed is given back.
fn emptied<T>(list: &mut Vec<T>) {
    list.clear();
    list.shrink_to(KEPT);
}

/// A leaf column, with one row of it.
pub(super) struct Leaf {
    column: Box<dyn Typed>,
    most_def: i16,
    def: Vec<i16>,
    rep: Vec<i16>,
    levels: usize,
    at: usize,
    value_at: usize,
    /// Tells the pages that the row before is done with.
    begun: Arc<AtomicBool>,
}

/// Said of a row whose columns contradict each other.
pub(super) const UNEVEN: &str = "its nested columns do not fit together";

impl Leaf {
    pub(super) fn new(
        descr: &ColumnDescPtr,
        pages: Box<dyn PageReader>,
        begun: Arc<AtomicBool>,
    ) -> Self {
        fn typed<T: DataType>(descr: &ColumnDescPtr, pages: Box<dyn PageReader>) -> Box<dyn Typed>
        where
            T::T: Look,
        {
            Box::new(Values::<T> {
                reader: ColumnReaderImpl::new(descr.clone(), pages),
                values: Vec::new(),
            })
        }
        let column = match descr.physical_type() {
            Physical::BOOLEAN => typed::<BoolType>(descr, pages),
            Physical::INT32 => typed::<Int32Type>(descr, pages),
            Physical::INT64 => typed::<Int64Type>(descr, pages),
            Physical::INT96 => typed::<Int96Type>(descr, pages),
            Physical::FLOAT => typed::<FloatType>(descr, pages),
            Physical::DOUBLE => typed::<DoubleType>(descr, pages),
            Physical::BYTE_ARRAY => typed::<ByteArrayType>(descr, pages),
            Physical::FIXED_LEN_BYTE_ARRAY => typed::<FixedLenByteArrayType>(descr, pages),
        };
        Self {
            column,
            most_def: descr.max_def_level(),
            def: Vec::new(),
            rep: Vec::new(),
            levels: 0,
            at: 0,
            value_at: 0,
            begun,
        }
    }

    /// Reads the next row.
    pub(super) fn load(&mut self) -> Result<(), ParquetError> {
        self.column.clear();
        emptied(&mut self.def);
        emptied(&mut self.rep);
        self.begun.store(true, Ordering::Relaxed);
        (self.levels, self.at, self.value_at) = (0, 0, 0);
        loop {
            let (whole, levels) = self.column.read(&mut self.def, &mut self.rep)?;
            self.levels += levels;
            if self.levels > 0 {
                return Ok(());
            }
            // A row that ended with the last one read is told only now.
            if !whole {
                return wrong("it holds fewer rows than the file declares");
            }
        }
    }

    /// How much of the next value is there; `None` behind the row's last.
    pub(super) fn def(&self) -> Option<i16> {
        (self.at < self.levels).then(|| self.def.get(self.at).copied().unwrap_or(self.most_def))
    }

    /// What the next value repeats; `None` behind the row's last.
    pub(super) fn rep(&self) -> Option<i16> {
        (self.at < self.levels).then(|| self.rep.get(self.at).copied().unwrap_or(0))
    }

    /// Moves on, and gives the value where there is one.
    pub(super) fn take(&mut self) -> Result<Option<Scalar<'_>>, String> {
        let def = self.def().ok_or(UNEVEN)?;
        self.at += 1;
        if def < self.most_def {
            return Ok(None);
        }
        self.value_at += 1;
        let value = self.column.value(self.value_at - 1);
        value.map(Some).ok_or_else(|| UNEVEN.to_owned())
    }
}
