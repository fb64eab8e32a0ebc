//! Values as Python's `json.dump(…, indent=4)` lays them out: upstream's files are compared byte
//! by byte. Numbers keep the digits they came with.

use std::io::{self, Write};

use super::machine::is_space;
use super::text::rewrite_ascii;

const STEP: usize = 4;

/// Writes a value that has passed the grammar. `depth` counts the containers around it.
pub(crate) fn write_value(out: &mut impl Write, json: &str, depth: usize) -> io::Result<()> {
    let mut depth = depth;
    let mut rest = json.trim_ascii();
    let mut just_opened = false;
    while let Some(first) = rest.as_bytes().first() {
        let closes = matches!(first, b'}' | b']');
        if closes {
            depth = depth.saturating_sub(1);
        }
        // An empty container is written without a break in it.
        if closes != just_opened {
            new_line(out, depth)?;
        }
        just_opened = matches!(first, b'{' | b'[');
        let length = token(rest);
        let (word, tail) = rest.split_at(length);
        rest = tail.trim_ascii_start();
        match first {
            b'"' => rewrite_ascii(out, word)?,
            b':' => out.write_all(b": ")?,
            _ => out.write_all(word.as_bytes())?,
        }
        if just_opened {
            depth += 1;
        }
        if *first == b',' {
            new_line(out, depth)?;
        }
    }
    Ok(())
}

/// Breaks the line and indents the next one.
pub(crate) fn new_line(out: &mut impl Write, depth: usize) -> io::Result<()> {
    write!(out, "\n{:1$}", "", depth * STEP)
}

/// The length of the token that `text`, which is not empty, begins with.
fn token(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(b'"') => {
            let mut at = 1;
            while let Some(byte) = bytes.get(at) {
                match byte {
                    b'\\' => at += 2,
                    b'"' => return at + 1,
                    _ => at += 1,
                }
            }
            bytes.len()
        }
        Some(b'{' | b'}' | b'[' | b']' | b':' | b',') => 1,
        _ => bytes
            .iter()
            .position(|b| is_space(*b) || b",:{}[]\"".contains(b))
            .unwrap_or(bytes.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pretty(json: &str) -> String {
        let mut out = Vec::new();
        write_value(&mut out, json, 0).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_are_laid_out_as_python_does() {
        assert_eq!(pretty("[ ]"), "[]");
        assert_eq!(pretty(" { } "), "{}");
        assert_eq!(pretty("null"), "null");
        assert_eq!(
            pretty("[[ ],{},1.0e5 ,NaN]"),
            "[\n    [],\n    {},\n    1.0e5,\n    NaN\n]"
        );
        // json.dumps({"é": [1, {"x": []}], "y": {"a": "\u2028, [:]"}}, indent=4)
        assert_eq!(
            pretty("{\"é\":[1,{\"x\":[]}],\"y\":{\"a\":\"\u{2028}, [:]\"}}"),
            "{\n    \"\\u00e9\": [\n        1,\n        {\n            \"x\": []\n        }\n    \
             ],\n    \"y\": {\n        \"a\": \"\\u2028, [:]\"\n    }\n}"
        );
        assert_eq!(pretty("[[[]]]"), "[\n    [\n        []\n    ]\n]");
    }
}
