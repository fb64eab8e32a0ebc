//! Parquet files for the tests, made by Arrow's writer.

use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, StringBuilder, StructBuilder};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Fields};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::{Written, written};

/// A picture's beginning; enough to be known as one.
pub const GIF: &[u8] = b"GIF89a\x05\0\x06\0 and so on";

pub fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// A column as Hugging Face's images and sounds have: `struct<bytes, path>`; the whole is null
/// where neither is given.
pub fn media(values: &[(Option<&[u8]>, Option<&str>)]) -> ArrayRef {
    let fields = Fields::from(vec![
        Field::new("bytes", DataType::Binary, true),
        Field::new("path", DataType::Utf8, true),
    ]);
    let mut column = StructBuilder::from_fields(fields, values.len());
    for (bytes, path) in values {
        let held = column.field_builder::<BinaryBuilder>(0).unwrap();
        held.append_option(*bytes);
        let named = column.field_builder::<StringBuilder>(1).unwrap();
        named.append_option(*path);
        column.append(bytes.is_some() || path.is_some());
    }
    Arc::new(column.finish())
}

pub fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

pub fn parquet(batch: &RecordBatch, how: WriterProperties) -> Vec<u8> {
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(how)).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

/// A table as a file with this name.
pub fn table(name: &str, columns: Vec<(&str, ArrayRef)>) -> Written {
    written(name, parquet(&batch(columns), WriterProperties::default()))
}
