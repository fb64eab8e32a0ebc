//! A row taken apart into its fields, in their order, each value verbatim.

use std::collections::HashMap;

use super::machine::{is_space, plain_run};
use super::raw::RawJson;
use super::text::decode;
use crate::error::{Problem, shorten};

/// A row with more fields is refused: every field is looked up among the others.
pub(crate) const MOST_FIELDS: usize = 4096;

/// Fields and values, in the row's order.
pub(crate) type Cells = Vec<(String, RawJson)>;

/// Takes apart an object that has passed the grammar. Of fields that share a name the last one
/// counts, and stands where the first stood, as in Python; that is told in `remarks`.
pub(crate) fn cells(row: u64, json: &str, remarks: &mut Vec<Problem>) -> Result<Cells, Problem> {
    let mut cells: Cells = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (key, value) in members(json) {
        let name = decode(key);
        if name.broken {
            remarks.push(
                Problem::new(
                    row,
                    "half_surrogate",
                    "a field's name holds half a character (a lone surrogate): U+FFFD stands for \
                     it from now on",
                )
                .of(name.text.clone()),
            );
        }
        let value = RawJson::new(value);
        if let Some((_, known)) = places.get(&name.text).and_then(|at| cells.get_mut(*at)) {
            *known = value;
            let quoted = shorten(&name.text);
            let message = format!("“{quoted}” stands more than once: the last one counts");
            remarks.push(Problem::new(row, "doubled_field", message).of(name.text));
            continue;
        }
        if cells.len() == MOST_FIELDS {
            let message = format!("the row has more than {MOST_FIELDS} fields: it is not taken");
            return Err(Problem::new(row, "too_many_fields", message));
        }
        places.insert(name.text.clone(), cells.len());
        cells.push((name.text, value));
    }
    Ok(cells)
}

/// The members of an object that has passed the grammar: quoted names and verbatim values.
pub(crate) fn members(json: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = json.trim_start().strip_prefix('{').unwrap_or("");
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
        if !rest.starts_with('"') {
            return None;
        }
        let (key, tail) = rest.split_at(text_end(rest.as_bytes()));
        let tail = tail.trim_start().strip_prefix(':')?.trim_start();
        let (value, tail) = tail.split_at(value_end(tail.as_bytes()));
        rest = tail;
        Some((key, value))
    })
}

/// The items of a list that has passed the grammar, verbatim.
pub(crate) fn items(json: &str) -> impl Iterator<Item = &str> {
    let mut rest = json.trim_start().strip_prefix('[').unwrap_or("");
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
        let end = value_end(rest.as_bytes());
        if end == 0 {
            return None;
        }
        let (value, tail) = rest.split_at(end);
        rest = tail;
        Some(value)
    })
}

/// Where the text that `bytes` begins with ends, its quotes included.
fn text_end(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            // Never none, for a control character has no place in a text.
            _ => at += plain_run(&bytes[at..]).max(1),
        }
    }
    bytes.len()
}

/// Where the value that `bytes` begins with ends.
fn value_end(bytes: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at += text_end(&bytes[at..]);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ if depth == 0 && (byte == b',' || is_space(byte)) => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(json: &str) -> (Vec<(String, String)>, usize) {
        let mut remarks = Vec::new();
        let cells = cells(1, json, &mut remarks).unwrap();
        let plain = cells
            .into_iter()
            .map(|(k, v)| (k, v.as_str().to_owned()))
            .collect();
        (plain, remarks.len())
    }

    #[test]
    fn values_stay_as_they_stood() {
        let (cells, remarks) =
            taken("{ \"a\\n\" : 1.50 ,\"b\":[1, {\"x\":\"]}\\\"\"}],\"\":\"\\u00e9\", \"n\": NaN}");
        let expected = [
            ("a\n", "1.50"),
            ("b", "[1, {\"x\":\"]}\\\"\"}]"),
            ("", "\"\\u00e9\""),
            ("n", "NaN"),
        ];
        assert_eq!(cells, expected.map(|(k, v)| (k.to_owned(), v.to_owned())));
        assert_eq!(remarks, 0);
        assert_eq!(taken("{}").0, []);
        assert_eq!(
            items("[ 1,\"a,\" ,[]]").collect::<Vec<_>>(),
            ["1", "\"a,\"", "[]"]
        );
        assert_eq!(items("[]").count(), 0);
    }

    #[test]
    fn the_last_of_doubled_fields_counts() {
        let (cells, remarks) = taken("{\"a\":1,\"b\":2,\"\\u0061\":3}");
        assert_eq!(cells[0], ("a".to_owned(), "3".to_owned()));
        assert_eq!((cells.len(), remarks), (2, 1));
    }

    #[test]
    fn rows_of_endless_fields_are_refused() {
        let many: Vec<_> = (0..=MOST_FIELDS).map(|n| format!("\"{n}\":0")).collect();
        let row = format!("{{{}}}", many.join(","));
        assert_eq!(cells(3, &row, &mut vec![]).unwrap_err().row, 3);
    }
}
