//! The head of a PLY: which elements follow, made of which numbers, stored how.

use crate::scene::Problem;

/// How the numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// As words.
    Ascii,
    /// As bytes, the lowest first.
    Little,
    /// As bytes, the highest first.
    Big,
}

/// A type of number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    F32,
    F64,
}

impl Number {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "char" | "int8" => Self::I8,
            "uchar" | "uint8" => Self::U8,
            "short" | "int16" => Self::I16,
            "ushort" | "uint16" => Self::U16,
            "int" | "int32" => Self::I32,
            "uint" | "uint32" => Self::U32,
            "float" | "float32" => Self::F32,
            "double" | "float64" => Self::F64,
            _ => return None,
        })
    }

    /// Whether it counts, rather than measures: a colour of such a type goes to 255.
    pub const fn whole(self) -> bool {
        !matches!(self, Self::F32 | Self::F64)
    }
}

/// A property of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// The type of its number, or of each in its list.
    pub number: Number,
    /// The type of the list's length, where it is one.
    pub list: Option<Number>,
}

/// An element: so many rows of these properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// How many there are.
    pub count: u64,
    /// What each has.
    pub properties: Vec<Property>,
}

impl Element {
    /// The place of the first property that has one of these names.
    pub fn place(&self, names: &[&str]) -> Option<usize> {
        let named = |name: &&str| self.properties.iter().position(|p| p.name == **name);
        names.iter().find_map(named)
    }
}

/// The head, and where the body begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// How the body is stored.
    pub storage: Storage,
    /// What it holds, in its order.
    pub elements: Vec<Element>,
    /// How long the head is, in bytes.
    pub length: usize,
}

/// The longest head, in bytes.
const MAX_HEAD: usize = 1024 * 1024;

impl Head {
    /// Reads a head.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let mut storage = None;
        let mut elements: Vec<Element> = Vec::new();
        let mut at = 0;
        let head = bytes.get(..MAX_HEAD.min(bytes.len())).unwrap_or(&[]);
        while let Some(end) = head.get(at..).and_then(line_end) {
            let line =
                String::from_utf8_lossy(head.get(at..at + end.0).unwrap_or(&[])).into_owned();
            at += end.0 + end.1;
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["format", how, ..] => storage = Some(stored(how)?),
                ["element", name, count, ..] => elements.push(Element {
                    name: (*name).to_owned(),
                    count: count.parse().map_err(|_| damaged(&line))?,
                    properties: Vec::new(),
                }),
                ["property", rest @ ..] => {
                    let element = elements.last_mut().ok_or_else(|| damaged(&line))?;
                    element
                        .properties
                        .push(property(rest).ok_or_else(|| damaged(&line))?);
                }
                ["end_header", ..] => {
                    return Ok(Self {
                        storage: storage.ok_or_else(|| damaged("no format"))?,
                        elements,
                        length: at,
                    });
                }
                _ => {}
            }
        }
        Err(damaged("its head does not end"))
    }
}

fn damaged(line: &str) -> Problem {
    Problem::damaged(&format!("PLY: {line}"))
}

/// How long a line is, and the end of it: `\n`, `\r\n` or `\r`.
fn line_end(bytes: &[u8]) -> Option<(usize, usize)> {
    let length = bytes.iter().position(|b| matches!(b, b'\n' | b'\r'))?;
    match bytes.get(length..length + 2) {
        Some(b"\r\n") => Some((length, 2)),
        _ => Some((length, 1)),
    }
}

fn stored(how: &str) -> Result<Storage, Problem> {
    match how {
        "ascii" => Ok(Storage::Ascii),
        "binary_little_endian" => Ok(Storage::Little),
        "binary_big_endian" => Ok(Storage::Big),
        _ => Err(damaged("an unknown format")),
    }
}

fn property(words: &[&str]) -> Option<Property> {
    let (list, number, name) = match words {
        ["list", length, number, name] => (Some(Number::of(length)?), number, name),
        [number, name] => (None, number, name),
        _ => return None,
    };
    Some(Property {
        name: (*name).to_owned(),
        number: Number::of(number)?,
        list,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_what_follows() {
        let text =
            b"ply\r\nformat ascii 1.0\r\ncomment x\r\nelement vertex 3\r\nproperty float x\r\n\
            element face 1\r\nproperty list uchar int vertex_index\r\nend_header\r\nrest";
        let head = Head::read(text).unwrap();
        assert_eq!(&text[head.length..], b"rest");
        assert_eq!(head.elements[0].place(&["y", "x"]), Some(0));
        assert_eq!(head.elements[1].properties[0].list, Some(Number::U8));
    }

    #[test]
    fn a_head_that_is_wrong_is_said() {
        for text in [
            "ply\nformat ascii 1.0\nelement vertex many\nend_header\n",
            "ply\nproperty float x\nend_header\n",
            "ply\nformat ascii 1.0\n",
            "ply\nend_header\n",
            "ply\nformat odd 1.0\nend_header\n",
            "ply\nformat ascii 1.0\nelement v 1\nproperty quad x\nend_header\n",
        ] {
            assert!(Head::read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
