//! JSON texts: from their escapes to characters, and to the ASCII that Python writes.

use std::io::{self, Write};

use super::machine::plain_run;

/// A text taken out of its quotes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// Whether half a surrogate pair stood in it, which no text can hold: a U+FFFD stands instead.
    pub(crate) broken: bool,
}

/// Decodes a JSON text, quotes included. It must have passed the grammar.
pub(crate) fn decode(quoted: &str) -> Decoded {
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(quoted);
    let mut text = String::with_capacity(inner.len());
    let mut broken = false;
    let mut rest = inner;
    loop {
        let (plain, tail) = rest.split_at(plain_run(rest.as_bytes()));
        text.push_str(plain);
        if tail.is_empty() {
            return Decoded { text, broken };
        }
        // All that ends a run and may stand in a text is an escape, most often a short one.
        if let Some(c) = tail.as_bytes().get(1).copied().and_then(short) {
            text.push(c);
            rest = tail.get(2..).unwrap_or("");
            continue;
        }
        let (piece, tail) = escape(tail);
        rest = tail;
        match piece {
            Piece::Char(c) => text.push(c),
            Piece::Plain(_) | Piece::Half(_) => {
                broken = true;
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
}

/// A text as a JSON text, non-ASCII characters left as they are.
pub(crate) fn encode(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match short_escape(c) {
            Some(letter) => quoted.extend(['\\', letter]),
            None if c < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            None => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Writes a text as Python's `json.dump` does by default: ASCII alone, astral characters as
/// surrogate pairs.
pub(crate) fn write_ascii(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(b"\"")?;
    write_inner(out, text)?;
    out.write_all(b"\"")
}

/// The same for a JSON text, whose halves of surrogate pairs stay what they are.
pub(crate) fn rewrite_ascii(out: &mut impl Write, quoted: &str) -> io::Result<()> {
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(quoted);
    out.write_all(b"\"")?;
    for piece in pieces(inner) {
        match piece {
            Piece::Plain(plain) => write_inner(out, plain)?,
            Piece::Char(c) => write_inner(out, c.encode_utf8(&mut [0; 4]))?,
            Piece::Half(unit) => write!(out, "\\u{unit:04x}")?,
        }
    }
    out.write_all(b"\"")
}

fn write_inner(out: &mut impl Write, text: &str) -> io::Result<()> {
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.bytes().take_while(|b| is_printed(*b)).count();
        let (kept, tail) = rest.split_at(plain);
        out.write_all(kept.as_bytes())?;
        let mut chars = tail.chars();
        if let Some(c) = chars.next() {
            match short_escape(c) {
                Some(letter) => write!(out, "\\{letter}")?,
                None => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        write!(out, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        rest = chars.as_str();
    }
    Ok(())
}

/// What Python leaves alone: from space to `~`. DEL is escaped.
const fn is_printed(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

const fn short_escape(c: char) -> Option<char> {
    Some(match c {
        '"' => '"',
        '\\' => '\\',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        _ => return None,
    })
}

enum Piece<'a> {
    Plain(&'a str),
    Char(char),
    /// Half a surrogate pair.
    Half(u16),
}

fn pieces(inner: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = inner;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let plain = rest.find('\\').unwrap_or(rest.len());
        if plain > 0 {
            let (kept, tail) = rest.split_at(plain);
            rest = tail;
            return Some(Piece::Plain(kept));
        }
        let (piece, tail) = escape(rest);
        rest = tail;
        Some(piece)
    })
}

/// The character that a backslash and this letter stand for.
const fn short(letter: u8) -> Option<char> {
    Some(match letter {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'"' | b'\\' | b'/' => letter as char,
        _ => return None,
    })
}

/// Takes the escape that `text` begins with.
fn escape(text: &str) -> (Piece<'_>, &str) {
    match text.as_bytes().get(1) {
        Some(b'u') => unit_escape(text),
        Some(letter) if let Some(c) = short(*letter) => {
            (Piece::Char(c), text.get(2..).unwrap_or(""))
        }
        // No escape: the character as it is, so that the search goes on.
        _ => {
            let mut chars = text.chars();
            let c = chars.next().unwrap_or(char::REPLACEMENT_CHARACTER);
            (Piece::Char(c), chars.as_str())
        }
    }
}

fn unit_escape(text: &str) -> (Piece<'_>, &str) {
    let Some(first) = unit(text) else {
        return (Piece::Half(0xfffd), text.get(2..).unwrap_or(""));
    };
    let rest = text.get(6..).unwrap_or("");
    if let Some(c) = char::from_u32(u32::from(first)) {
        return (Piece::Char(c), rest);
    }
    let pair = unit(rest).and_then(|second| {
        let mut decoded = char::decode_utf16([first, second]);
        decoded.next().and_then(Result::ok)
    });
    match pair {
        Some(c) => (Piece::Char(c), rest.get(6..).unwrap_or("")),
        None => (Piece::Half(first), rest),
    }
}

fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ascii(text: &str) -> String {
        let mut out = Vec::new();
        write_ascii(&mut out, text).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn texts_are_escaped_as_python_does() {
        // The right-hand sides are what Python 3 prints for json.dumps of the same texts.
        for (text, python) in [
            ("", r#""""#),
            ("a\"b\\c/d", r#""a\"b\\c/d""#),
            (
                "\u{0}\u{7}\u{8}\t\n\u{b}\u{c}\r\u{1f}",
                r#""\u0000\u0007\b\t\n\u000b\f\r\u001f""#,
            ),
            ("~\u{7f}\u{80}", r#""~\u007f\u0080""#),
            ("é\u{2028}\u{feff}\u{ffff}", r#""\u00e9\u2028\ufeff\uffff""#),
            ("🐶\u{10ffff}", r#""\ud83d\udc36\udbff\udfff""#),
            ("<script>'&", r#""<script>'&""#),
        ] {
            assert_eq!(ascii(text), python);
            assert_eq!(decode(python).text, text, "and back");
            assert_eq!(decode(&encode(text)).text, text, "in UTF-8 too");
        }
    }

    #[test]
    fn half_a_pair_is_told_and_written_back() {
        for (quoted, text) in [
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\udc36\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""x\uD83D\u0041""#, "x\u{fffd}A"),
            (r#""\ud83d\ud83d\udc36""#, "\u{fffd}🐶"),
        ] {
            let decoded = decode(quoted);
            assert_eq!(decoded.text, text);
            assert!(decoded.broken);
            let mut out = Vec::new();
            rewrite_ascii(&mut out, quoted).unwrap();
            let python = quoted.replace("\\uD83D\\u0041", "\\ud83dA");
            assert_eq!(String::from_utf8(out).unwrap(), python);
        }
        assert!(!decode(r#""\ud83d\udc36\/""#).broken);
    }
}
