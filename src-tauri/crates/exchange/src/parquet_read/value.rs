//! One value of a column as JSON: what its type says it means.

use std::fmt::Write as _;

use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use ::parquet::schema::types::Type;
use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::leaf::Scalar;
use super::{digits, time};
use crate::json::text::encode;
use crate::source::LONGEST_ROW;

/// What the values of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// What they look like.
    Plain,
    /// Bytes of which nothing is said: text where they are one, as old writers left it unsaid.
    Unmarked,
    Text,
    Unsigned,
    /// A number with so many digits behind the point.
    Decimal(usize),
    Date,
    /// Parts of a second since midnight, so many in one.
    Time(i64),
    /// Parts of a second since 1970, so many in one, and whether in UTC.
    Moment(i64, bool),
    Uuid,
    Half,
}

/// What a value could not say in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Note {
    /// Bytes, as base64.
    Bytes,
    /// A number that JSON has not, as text.
    NotFinite,
}

impl Meaning {
    pub(super) fn of(column: &Type) -> Self {
        let info = column.get_basic_info();
        if let Some(logical) = info.logical_type_ref() {
            match logical {
                LogicalType::String | LogicalType::Enum | LogicalType::Json => return Self::Text,
                LogicalType::Integer(int) if !int.is_signed => return Self::Unsigned,
                LogicalType::Decimal(decimal) => return Self::decimal(decimal.scale),
                LogicalType::Date => return Self::Date,
                LogicalType::Time(time) => return Self::Time(a_second(&time.unit)),
                LogicalType::Timestamp(moment) => {
                    return Self::Moment(a_second(&moment.unit), moment.is_adjusted_to_u_t_c);
                }
                LogicalType::Uuid => return Self::Uuid,
                LogicalType::Float16 => return Self::Half,
                _ => {}
            }
        }
        match info.converted_type() {
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Self::Text,
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Self::Unsigned,
            ConvertedType::DECIMAL => Self::decimal(column.get_scale()),
            ConvertedType::DATE => Self::Date,
            ConvertedType::TIME_MILLIS => Self::Time(1000),
            ConvertedType::TIME_MICROS => Self::Time(1_000_000),
            ConvertedType::TIMESTAMP_MILLIS => Self::Moment(1000, true),
            ConvertedType::TIMESTAMP_MICROS => Self::Moment(1_000_000, true),
            ConvertedType::NONE
                if info.logical_type_ref().is_none()
                    && column.get_physical_type() == Physical::BYTE_ARRAY =>
            {
                Self::Unmarked
            }
            _ => Self::Plain,
        }
    }

    fn decimal(scale: i32) -> Self {
        usize::try_from(scale)
            .ok()
            .filter(|scale| *scale <= 100)
            .map_or(Self::Plain, Self::Decimal)
    }

    /// Whether a column of this type holds bytes that mean nothing by themselves.
    pub(super) fn is_bytes(self, column: &Type) -> bool {
        matches!(self, Self::Plain | Self::Unmarked)
            && column.get_physical_type() == Physical::BYTE_ARRAY
    }

    /// Writes a value, and says what JSON cannot.
    pub(super) fn write(self, value: Scalar<'_>, out: &mut String) -> Result<Option<Note>, String> {
        match (self, value) {
            (Self::Text, Scalar::Bytes(bytes)) => text(utf8(bytes)?, out)?,
            (Self::Unmarked, Scalar::Bytes(bytes)) => match std::str::from_utf8(bytes) {
                Ok(plain) if !bytes.contains(&0) => text(plain, out)?,
                _ => return base64(bytes, out),
            },
            (Self::Unsigned, Scalar::Int32(n)) => push(out, n.cast_unsigned()),
            (Self::Unsigned, Scalar::Int64(n)) => push(out, n.cast_unsigned()),
            (Self::Decimal(scale), Scalar::Int32(n)) => {
                digits::decimal(&n.to_be_bytes(), scale, out)
            }
            (Self::Decimal(scale), Scalar::Int64(n)) => {
                digits::decimal(&n.to_be_bytes(), scale, out)
            }
            (Self::Decimal(scale), Scalar::Bytes(bytes)) if (1..=32).contains(&bytes.len()) => {
                digits::decimal(bytes, scale, out);
            }
            (Self::Date, Scalar::Int32(days)) => quoted(out, &time::date(days.into())),
            (Self::Time(a_second), Scalar::Int32(n)) => {
                quoted(out, &time::clock(n.into(), a_second));
            }
            (Self::Time(a_second), Scalar::Int64(n)) => quoted(out, &time::clock(n, a_second)),
            (Self::Moment(a_second, utc), Scalar::Int64(n)) => {
                let zone = if utc { "Z" } else { "" };
                quoted(out, &(time::moment(n, a_second) + zone));
            }
            (Self::Uuid, Scalar::Bytes(bytes)) if bytes.len() == 16 => uuid(bytes, out),
            (Self::Half, Scalar::Bytes(&[low, high])) => {
                return Ok(float(digits::half(u16::from_le_bytes([low, high])), out));
            }
            (_, Scalar::Truth(truth)) => push(out, truth),
            (_, Scalar::Int32(n)) => push(out, n),
            (_, Scalar::Int64(n)) => push(out, n),
            (_, Scalar::Int96(n)) => quoted(out, &time::moment(n.to_micros(), 1_000_000)),
            (_, Scalar::Float(n)) => return Ok(float(n, out)),
            (_, Scalar::Double(n)) => return Ok(float(n, out)),
            (_, Scalar::Bytes(bytes)) => return base64(bytes, out),
        }
        Ok(None)
    }
}

const fn a_second(unit: &TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

/// A text, or where it stops being one.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to() + 1;
        format!("is not UTF-8 at its byte {at}: write the column as UTF-8 text")
    })
}

/// Said of a value for which the row has no room.
pub(super) fn too_long() -> String {
    format!("is longer than {} MiB", LONGEST_ROW >> 20)
}

/// Writes a text, where the row has room for it with its escapes.
fn text(text: &str, out: &mut String) -> Result<(), String> {
    let room = LONGEST_ROW.saturating_sub(out.len());
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' => 2,
        0..b' ' => 6,
        _ => 1,
    };
    // Only a long text is counted: no escape is longer than six.
    if text.len() > room / 6 && text.bytes().map(escaped).sum::<usize>() > room {
        return Err(too_long());
    }
    out.push_str(&encode(text));
    Ok(())
}

fn base64(bytes: &[u8], out: &mut String) -> Result<Option<Note>, String> {
    if bytes.len() / 3 * 4 > LONGEST_ROW.saturating_sub(out.len()) {
        return Err(too_long());
    }
    out.push('"');
    BASE64_STANDARD.encode_string(bytes, out);
    out.push('"');
    Ok(Some(Note::Bytes))
}

fn push(out: &mut String, value: impl std::fmt::Display) {
    let _ = write!(out, "{value}");
}

/// A text without anything that JSON escapes.
fn quoted(out: &mut String, plain: &str) {
    out.push('"');
    out.push_str(plain);
    out.push('"');
}

trait Float: std::fmt::Debug + Copy + Into<f64> {}
impl Float for f32 {}
impl Float for f64 {}

fn float(value: impl Float, out: &mut String) -> Option<Note> {
    let wide: f64 = value.into();
    if wide.is_finite() {
        // The fewest digits that give the same number again.
        let _ = write!(out, "{value:?}");
        return None;
    }
    quoted(
        out,
        match (wide.is_nan(), wide > 0.0) {
            (true, _) => "NaN",
            (_, true) => "Infinity",
            _ => "-Infinity",
        },
    );
    Some(Note::NotFinite)
}

fn uuid(bytes: &[u8], out: &mut String) {
    out.push('"');
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        let _ = write!(out, "{byte:02x}");
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(meaning: Meaning, value: Scalar<'_>) -> String {
        let mut out = String::new();
        meaning.write(value, &mut out).unwrap();
        out
    }

    #[test]
    fn numbers_keep_what_they_are() {
        assert_eq!(
            written(Meaning::Unsigned, Scalar::Int64(-1)),
            "18446744073709551615"
        );
        assert_eq!(written(Meaning::Plain, Scalar::Double(0.1)), "0.1");
        assert_eq!(written(Meaning::Plain, Scalar::Float(0.1)), "0.1");
        assert_eq!(written(Meaning::Plain, Scalar::Double(1e300)), "1e300");
        assert_eq!(written(Meaning::Plain, Scalar::Double(3.0)), "3.0");
        assert_eq!(
            written(Meaning::Plain, Scalar::Double(f64::NEG_INFINITY)),
            "\"-Infinity\""
        );
        assert_eq!(written(Meaning::Decimal(2), Scalar::Int32(-5)), "-0.05");
        assert_eq!(written(Meaning::Decimal(0), Scalar::Int64(0)), "0");
        assert_eq!(
            written(Meaning::Decimal(3), Scalar::Int64(1_234_500)),
            "1234.500"
        );
        let big = [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(
            written(Meaning::Decimal(1), Scalar::Bytes(&big)),
            "236118324143482260684.7"
        );
        let half = |bits: u16| written(Meaning::Half, Scalar::Bytes(&bits.to_le_bytes()));
        assert_eq!(
            (half(0x3555), half(0xc000)),
            ("0.33325195".into(), "-2.0".into())
        );
        assert_eq!(
            (half(1), half(0x7c01)),
            ("5.9604645e-8".into(), "\"NaN\"".into())
        );
    }

    #[test]
    fn bytes_are_told_and_texts_are_checked() {
        let mut out = String::new();
        let note = Meaning::Plain.write(Scalar::Bytes(b"\xff\0"), &mut out);
        assert_eq!((note, out.as_str()), (Ok(Some(Note::Bytes)), "\"/wA=\""));
        for (bytes, expected, noted) in [
            (b"gr\xc3\xb6\"".as_slice(), "\"gr\u{f6}\\\"\"", None),
            (b"", "\"\"", None),
            (b"a\0", "\"YQA=\"", Some(Note::Bytes)),
            (b"\xff\0", "\"/wA=\"", Some(Note::Bytes)),
        ] {
            let mut out = String::new();
            let note = Meaning::Unmarked.write(Scalar::Bytes(bytes), &mut out);
            assert_eq!((note, out.as_str()), (Ok(noted), expected));
        }
        let error = Meaning::Text.write(Scalar::Bytes(b"ab\xff"), &mut out);
        assert!(error.unwrap_err().contains("byte 3"));
        let id = [
            0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b, 0x12, 0xd3, 0xa4, 0x56, 0x42, 0x66, 0x14, 0x17,
            0x40, 0,
        ];
        assert_eq!(
            written(Meaning::Uuid, Scalar::Bytes(&id)),
            "\"123e4567-e89b-12d3-a456-426614174000\""
        );
    }
}
