//! The columns of a table: their names, how their values are put together, and which hold media.

use std::collections::HashSet;

use ::parquet::basic::{LogicalType, Repetition};
use ::parquet::schema::types::Type;

use super::tree::Node;
use super::value::Meaning;
use crate::error::{ExchangeError, Problem, Result, listed, shorten};
use crate::json::cells::MOST_FIELDS;

/// A column of the table.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) node: Node,
    /// The leaves with the bytes and the path, where the column holds media as Hugging Face's
    /// image and audio columns do.
    pub(super) media: Option<(usize, usize)>,
}

/// The columns of a table, in order, each with a name of its own.
pub(super) fn columns(schema: &Type, warnings: &mut Vec<Problem>) -> Result<Vec<Column>> {
    let fields = schema.get_fields();
    if fields.is_empty() {
        return Err(ExchangeError::NotRows(
            "the Parquet file has no columns: it holds no rows to read".to_owned(),
        ));
    }
    if fields.len() > MOST_FIELDS {
        return Err(ExchangeError::NotRows(format!(
            "the table has {} columns: at most {MOST_FIELDS} are taken",
            fields.len()
        )));
    }
    let mut columns: Vec<Column> = Vec::with_capacity(fields.len());
    let mut known = HashSet::new();
    let mut leaf = 0;
    for (at, field) in fields.iter().enumerate() {
        let mut name = field.name().to_owned();
        if name.trim().is_empty() || known.contains(&name) {
            name = format!("column {}", at + 1);
            while known.contains(&name) {
                name.push('\'');
            }
            let message = format!(
                "column {} has no name of its own ({}): it is called “{name}”",
                at + 1,
                listed([field.name()])
            );
            warnings.push(Problem::new(0, "column_renamed", message).of(name.clone()));
        }
        known.insert(name.clone());
        let node = Node::of(field, leaf).map_err(|why| {
            ExchangeError::NotRows(format!(
                "column {} of the Parquet file cannot be read: {why}; write the table without it",
                shorten(&name)
            ))
        })?;
        leaf = node.leaves.end;
        let media = media(field, node.leaves.start);
        columns.push(Column { name, node, media });
    }
    if leaf > MOST_FIELDS {
        return Err(ExchangeError::NotRows(format!(
            "the table has {leaf} columns within its columns: at most {MOST_FIELDS} are taken"
        )));
    }
    Ok(columns)
}

/// The leaves with the bytes and the path of a column of media: `struct<bytes, path>`. Either may
/// be a column of nothing but nulls.
fn media(field: &Type, leaf: usize) -> Option<(usize, usize)> {
    let once = |part: &Type| part.get_basic_info().repetition() != Repetition::REPEATED;
    if field.is_primitive() || !once(field) {
        return None;
    }
    let [one, two] = field.get_fields() else {
        return None;
    };
    if !(one.is_primitive() && once(one) && two.is_primitive() && once(two)) {
        return None;
    }
    let (bytes, path, places) = match (one.name(), two.name()) {
        ("bytes", "path") => (one, two, (leaf, leaf + 1)),
        ("path", "bytes") => (two, one, (leaf + 1, leaf)),
        _ => return None,
    };
    let empty = |part: &Type| {
        let logical = part.get_basic_info().logical_type_ref();
        matches!(logical, Some(LogicalType::Unknown))
    };
    let is_bytes = empty(bytes) || Meaning::of(bytes).is_bytes(bytes);
    let is_path = empty(path) || Meaning::of(path) == Meaning::Text;
    (is_bytes && is_path).then_some(places)
}
