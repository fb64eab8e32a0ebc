//! The body of a PLY: numbers one after the other, as its head describes them.

use super::ply_head::{Element, Number, Storage};
use crate::scene::Problem;

/// What is left of the body.
pub struct Body<'a> {
    /// The bytes.
    pub rest: &'a [u8],
    /// How they are stored.
    pub storage: Storage,
}

impl Body<'_> {
    fn number(&mut self, kind: Number) -> Result<f64, Problem> {
        match self.storage {
            Storage::Ascii => self.word(),
            Storage::Little | Storage::Big => self.binary(kind),
        }
    }

    fn word(&mut self) -> Result<f64, Problem> {
        let rest = self.rest.trim_ascii_start();
        let end = rest.iter().position(u8::is_ascii_whitespace);
        let (word, rest) = rest.split_at(end.unwrap_or(rest.len()));
        self.rest = rest;
        let number = std::str::from_utf8(word).ok().and_then(|w| w.parse().ok());
        number.ok_or_else(|| Problem::damaged(&"PLY: a number is missing"))
    }

    fn binary(&mut self, kind: Number) -> Result<f64, Problem> {
        Ok(match kind {
            Number::I8 => f64::from(i8::from_le_bytes(self.take()?)),
            Number::U8 => f64::from(u8::from_le_bytes(self.take()?)),
            Number::I16 => f64::from(i16::from_le_bytes(self.take()?)),
            Number::U16 => f64::from(u16::from_le_bytes(self.take()?)),
            Number::I32 => f64::from(i32::from_le_bytes(self.take()?)),
            Number::U32 => f64::from(u32::from_le_bytes(self.take()?)),
            Number::F32 => f64::from(f32::from_le_bytes(self.take()?)),
            Number::F64 => f64::from_le_bytes(self.take()?),
        })
    }

    /// The next bytes, the lowest first.
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let short = || Problem::damaged(&"PLY: its data ends early");
        let (bytes, rest) = self.rest.split_first_chunk::<N>().ok_or_else(short)?;
        self.rest = rest;
        let mut bytes = *bytes;
        if self.storage == Storage::Big {
            bytes.reverse();
        }
        Ok(bytes)
    }

    /// A row: each number, and each list.
    pub fn row(
        &mut self,
        element: &Element,
        mut take: impl FnMut(usize, f64),
        mut list: impl FnMut(usize, &[f64]),
    ) -> Result<(), Problem> {
        for (n, property) in element.properties.iter().enumerate() {
            let Some(length) = property.list else {
                take(n, self.number(property.number)?);
                continue;
            };
            let length = self.number(length)?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked against what is left"
            )]
            let length = match length >= 0.0 && length <= self.rest.len() as f64 {
                true => length as usize,
                false => return Err(Problem::damaged(&"PLY: a list is too long")),
            };
            let all: Result<Vec<f64>, Problem> =
                (0..length).map(|_| self.number(property.number)).collect();
            list(n, &all?);
        }
        Ok(())
    }
}
