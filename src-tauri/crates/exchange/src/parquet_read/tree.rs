//! How a column's leaves make up its values: lists, groups and maps put together for one row.

use std::fmt::Write as _;
use std::ops::Range;

use ::parquet::basic::{ConvertedType, LogicalType, Repetition};
use ::parquet::schema::types::Type;

use super::leaf::{Leaf, UNEVEN};
use super::value::{Meaning, Note, too_long};
use crate::json::text::encode;
use crate::source::LONGEST_ROW;

/// A value within a column.
#[derive(Debug)]
pub(super) struct Node {
    /// The level below which it is null, where it may be.
    null_below: Option<i16>,
    /// Its leaves among all of the table.
    pub(super) leaves: Range<usize>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Value(Meaning),
    Group(Vec<(String, Node)>),
    /// Items are there from this level on, and repeat at that one.
    List(i16, i16, Box<Node>),
    Map(i16, i16, Box<(Node, Node)>),
}

/// Levels and leaves so far, while a tree is built.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    def: i16,
    rep: i16,
    leaf: usize,
}

impl Node {
    /// The tree of a column whose first leaf has this number.
    pub(super) fn of(column: &Type, leaf: usize) -> Result<Self, String> {
        let start = Place {
            leaf,
            ..Place::default()
        };
        Self::build(column, start)
    }

    fn build(column: &Type, mut at: Place) -> Result<Self, String> {
        match column.get_basic_info().repetition() {
            Repetition::REQUIRED => Self::inner(column, at, None),
            Repetition::OPTIONAL => {
                at.def += 1;
                Self::inner(column, at, Some(at.def))
            }
            Repetition::REPEATED => {
                at.def += 1;
                at.rep += 1;
                let item = Self::inner(column, at, None)?;
                Ok(Self {
                    null_below: None,
                    leaves: item.leaves.clone(),
                    kind: Kind::List(at.def, at.rep, Box::new(item)),
                })
            }
        }
    }

    /// The value itself, however often it stands there.
    fn inner(column: &Type, at: Place, null_below: Option<i16>) -> Result<Self, String> {
        let first = at.leaf;
        let (kind, end) = if column.is_primitive() {
            (Kind::Value(Meaning::of(column)), first + 1)
        } else if let Some(item) = repeated(column, is_list(column)) {
            let node = list_item(item, at)?;
            let end = node.leaves.end;
            (Kind::List(at.def + 1, at.rep + 1, Box::new(node)), end)
        } else if let Some([key, value]) = repeated(column, is_map(column)).and_then(two) {
            let mut at = Place {
                def: at.def + 1,
                rep: at.rep + 1,
                ..at
            };
            let (def, rep) = (at.def, at.rep);
            let key = Self::build(key, at)?;
            at.leaf = key.leaves.end;
            let value = Self::build(value, at)?;
            let end = value.leaves.end;
            (Kind::Map(def, rep, Box::new((key, value))), end)
        } else {
            let mut members = Vec::new();
            let mut at = at;
            for member in column.get_fields() {
                let node = Self::build(member, at)?;
                at.leaf = node.leaves.end;
                members.push((member.name().to_owned(), node));
            }
            if members.is_empty() {
                return Err(format!("its group {} is empty", column.name()));
            }
            (Kind::Group(members), at.leaf)
        };
        Ok(Self {
            null_below,
            leaves: first..end,
            kind,
        })
    }

    fn first<'a>(&self, leaves: &'a mut [Leaf]) -> Result<&'a mut Leaf, String> {
        leaves
            .get_mut(self.leaves.start)
            .ok_or_else(|| UNEVEN.to_owned())
    }

    /// Whether the value at hand is null.
    pub(super) fn is_null(&self, leaves: &mut [Leaf]) -> Result<bool, String> {
        let def = self.first(leaves)?.def().ok_or(UNEVEN)?;
        Ok(self.null_below.is_some_and(|level| def < level))
    }

    /// Moves all leaves past something that is not there.
    fn pass(&self, leaves: &mut [Leaf]) -> Result<(), String> {
        let own = leaves.get_mut(self.leaves.clone()).ok_or(UNEVEN)?;
        for leaf in own {
            if leaf.take()?.is_some() {
                return Err(UNEVEN.to_owned());
            }
        }
        Ok(())
    }

    /// Writes the value at hand as JSON, and moves its leaves past it. What JSON cannot
    /// say is noted.
    pub(super) fn write(
        &self,
        leaves: &mut [Leaf],
        out: &mut String,
        notes: &mut Vec<Note>,
    ) -> Result<(), String> {
        if out.len() > LONGEST_ROW {
            return Err(too_long());
        }
        if self.is_null(leaves)? {
            out.push_str("null");
            return self.pass(leaves);
        }
        match &self.kind {
            Kind::Value(meaning) => {
                let leaf = self.first(leaves)?;
                let value = leaf.take()?.ok_or(UNEVEN)?;
                if let Some(note) = meaning.write(value, out)?
                    && !notes.contains(&note)
                {
                    notes.push(note);
                }
            }
            Kind::Group(members) => {
                out.push('{');
                for (at, (name, member)) in members.iter().enumerate() {
                    let comma = if at > 0 { "," } else { "" };
                    let _ = write!(out, "{comma}{}:", encode(name));
                    member.write(leaves, out, notes)?;
                }
                out.push('}');
            }
            Kind::List(def, rep, item) => {
                out.push('[');
                self.each(leaves, (*def, *rep), out, |leaves, out| {
                    item.write(leaves, out, notes)
                })?;
                out.push(']');
            }
            Kind::Map(def, rep, pair) => {
                out.push('{');
                self.each(leaves, (*def, *rep), out, |leaves, out| {
                    let mut key = String::new();
                    pair.0.write(leaves, &mut key, notes)?;
                    if key.starts_with('"') {
                        out.push_str(&key);
                    } else {
                        out.push_str(&encode(&key));
                    }
                    out.push(':');
                    pair.1.write(leaves, out, notes)
                })?;
                out.push('}');
            }
        }
        Ok(())
    }

    /// Writes items, with commas between them, as long as the levels say that there are more.
    fn each(
        &self,
        leaves: &mut [Leaf],
        (def, rep): (i16, i16),
        out: &mut String,
        mut item: impl FnMut(&mut [Leaf], &mut String) -> Result<(), String>,
    ) -> Result<(), String> {
        if self.first(leaves)?.def().ok_or(UNEVEN)? < def {
            return self.pass(leaves);
        }
        loop {
            item(leaves, out)?;
            match self.first(leaves)?.rep() {
                Some(again) if again == rep => out.push(','),
                Some(again) if again > rep => return Err(UNEVEN.to_owned()),
                _ => return Ok(()),
            }
        }
    }
}

fn is_list(column: &Type) -> bool {
    let info = column.get_basic_info();
    info.converted_type() == ConvertedType::LIST
        || matches!(info.logical_type_ref(), Some(LogicalType::List))
}

fn is_map(column: &Type) -> bool {
    let info = column.get_basic_info();
    matches!(
        info.converted_type(),
        ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE
    ) || matches!(info.logical_type_ref(), Some(LogicalType::Map))
}

/// The one repeated field of a group that is a list or a map.
fn repeated(column: &Type, is_one: bool) -> Option<&Type> {
    match column.get_fields() {
        [only] if is_one && only.get_basic_info().repetition() == Repetition::REPEATED => {
            Some(only)
        }
        _ => None,
    }
}

fn two(group: &Type) -> Option<[&Type; 2]> {
    if group.is_primitive() {
        return None;
    }
    match group.get_fields() {
        [key, value] => Some([key, value]),
        _ => None,
    }
}

/// What a list's repeated field holds: the item in a group of its own, as the format asks today,
/// or the item itself, as old writers did.
fn list_item(repeated: &Type, mut at: Place) -> Result<Node, String> {
    at.def += 1;
    at.rep += 1;
    if !repeated.is_primitive() {
        let name = repeated.name();
        let old = name == "array" || name.ends_with("_tuple");
        if let ([only], false) = (repeated.get_fields(), old) {
            return Node::build(only, at);
        }
    }
    Node::inner(repeated, at, None)
}
