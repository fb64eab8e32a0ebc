//! The references of a glTF: a list of objects, of which some name a file.
//!
//! Read one by one, so that a list of a hundred million empty objects takes no memory, and the
//! data that a scene holds within itself is dropped as soon as it is read.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

use super::MAX_PARTS;

/// What `uri` says in each object of a list, as it is written; `data:` left out.
#[derive(Default)]
pub(super) struct Uris(pub(super) Vec<String>);

#[derive(Deserialize)]
struct Reference {
    uri: Option<String>,
}

impl<'de> Deserialize<'de> for Uris {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Collect)
    }
}

struct Collect;

impl<'de> Visitor<'de> for Collect {
    type Value = Uris;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_unit<E: Error>(self) -> Result<Uris, E> {
        Ok(Uris::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Uris, A::Error> {
        let mut uris = Vec::new();
        while let Some(reference) = list.next_element::<Reference>()? {
            match reference.uri {
                Some(uri) if !is_data(&uri) => uris.push(uri),
                _ => {}
            }
            if uris.len() > MAX_PARTS {
                return Err(A::Error::custom(format!(
                    "more than {MAX_PARTS} names of files"
                )));
            }
        }
        Ok(Uris(uris))
    }
}

fn is_data(uri: &str) -> bool {
    uri.get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// Resolves `%20` and its like; what is no such code stays as it is. Nothing where the result is
/// no UTF-8.
pub(super) fn percent_decoded(uri: &str) -> Option<String> {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let bytes = uri.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let code = match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
            _ => None,
        };
        decoded.push(code.unwrap_or(byte));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_codes_that_are_none_stay() {
        assert_eq!(percent_decoded("100%.png").as_deref(), Some("100%.png"));
        assert_eq!(percent_decoded("%C3%A4%2").as_deref(), Some("ä%2"));
        assert_eq!(percent_decoded("%ff"), None);
    }

    #[test]
    fn a_list_keeps_names_only() {
        let read = |json: &str| serde_json::from_str::<Uris>(json).map(|uris| uris.0);
        let json = r#"[{}, {"uri": null, "x": [1]}, {"uri": "DATA:,x"}, {"uri": "a%20b"}]"#;
        assert_eq!(read(json).unwrap(), ["a%20b"]);
        assert_eq!(read("null").unwrap(), [""; 0]);
        assert!(read("{}").is_err() && read("5").is_err() && read("[5]").is_err());
    }

    #[test]
    fn an_endless_list_is_cut_off() {
        let json = format!("[{}{{}}]", r#"{"uri":"a"},"#.repeat(MAX_PARTS + 1));
        let error = serde_json::from_str::<Uris>(&json).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("more than"), "{error}");
    }
}
