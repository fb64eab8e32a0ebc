//! OBJ and its material library: lines of words. Shapes, groups and materials keep their order and
//! lose their names for numbers; comments and words nobody knows go.

use std::collections::HashMap;

use super::{Names, StripError, Stripped, damaged};
use crate::bytes::without_bom;
use crate::parts::{obj_libraries, part_name, texture_name};

/// What is followed by numbers.
const NUMBERS: [&[u8]; 7] = [b"v", b"vt", b"vn", b"vp", b"f", b"l", b"p"];
/// What else belongs to a shape.
const SHAPE: [&[u8]; 20] = [
    b"s",
    b"mg",
    b"lod",
    b"cstype",
    b"deg",
    b"bmat",
    b"step",
    b"curv",
    b"curv2",
    b"surf",
    b"parm",
    b"trim",
    b"hole",
    b"scrv",
    b"sp",
    b"end",
    b"con",
    b"bevel",
    b"c_interp",
    b"d_interp",
];
/// What belongs to a material, in lower case.
const MATERIAL: [&[u8]; 18] = [
    b"ka",
    b"kd",
    b"ks",
    b"ke",
    b"tf",
    b"tr",
    b"d",
    b"ns",
    b"ni",
    b"illum",
    b"sharpness",
    b"pr",
    b"pm",
    b"ps",
    b"pc",
    b"pcr",
    b"aniso",
    b"anisor",
];

pub(super) fn obj(
    bytes: &[u8],
    names: &mut Names,
    report: &mut Stripped,
) -> Result<Vec<u8>, StripError> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut objects, mut groups) = (HashMap::new(), HashMap::new());
    let mut goes_on = false;
    for (line, end) in lines(bytes) {
        let (word, rest) = first_word(line);
        let begun = std::mem::replace(&mut goes_on, false);
        let kept = match word {
            _ if begun => Some(numbers(line)),
            b"" => Some(Vec::new()),
            b"o" => Some(renamed(b"o", rest, &mut objects, report)),
            b"g" => {
                let mut named = b"g".to_vec();
                for group in rest
                    .split(u8::is_ascii_whitespace)
                    .filter(|w| !w.is_empty())
                {
                    named.extend(renamed(b" g", group, &mut groups, report).split_off(2));
                }
                Some(named)
            }
            b"usemtl" => Some(material(word, rest, names, report)),
            b"mtllib" => Some(libraries(rest, names, report)),
            word if NUMBERS.contains(&word) => Some([word, b" ", &numbers(rest)].concat()),
            word if SHAPE.contains(&word) => Some(without_comment(line).to_vec()),
            _ => None,
        };
        match kept {
            Some(kept) => {
                goes_on = kept.ends_with(b"\\");
                out.extend(kept);
                out.extend_from_slice(end);
            }
            None => report.took("comments and unknown lines"),
        }
    }
    spotless(out)
}

pub(super) fn mtl(
    bytes: &[u8],
    names: &mut Names,
    report: &mut Stripped,
) -> Result<Vec<u8>, StripError> {
    let mut out = Vec::with_capacity(bytes.len());
    for (line, end) in lines(bytes) {
        let (word, rest) = first_word(line);
        let lower = word.to_ascii_lowercase();
        let picture = lower.starts_with(b"map_")
            || matches!(
                lower.as_slice(),
                b"bump" | b"disp" | b"decal" | b"refl" | b"norm"
            );
        let kept = match lower.as_slice() {
            b"" => Some(Vec::new()),
            b"newmtl" => Some(material(word, rest, names, report)),
            _ if picture => Some(texture(line, rest, names, report)),
            lower if MATERIAL.contains(&lower) => Some(without_comment(line).to_vec()),
            _ => None,
        };
        match kept {
            Some(kept) => {
                out.extend(kept);
                out.extend_from_slice(end);
            }
            None => report.took("comments and unknown lines"),
        }
    }
    spotless(out)
}

/// A file of comments alone would no longer be what it was.
fn spotless(out: Vec<u8>) -> Result<Vec<u8>, StripError> {
    if out.trim_ascii().is_empty() {
        return Err(damaged("beside comments there is nothing in it"));
    }
    Ok(out)
}

/// The lines, each without white space around it, and what ends it.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    without_bom(bytes)
        .split_inclusive(|byte| matches!(byte, b'\n' | b'\r'))
        .map(|line| match line.split_last() {
            Some((b'\n' | b'\r', text)) => {
                (text.trim_ascii(), line.get(text.len()..).unwrap_or(&[]))
            }
            _ => (line.trim_ascii(), &[][..]),
        })
}

fn first_word(line: &[u8]) -> (&[u8], &[u8]) {
    let end = line.iter().position(u8::is_ascii_whitespace);
    let (word, rest) = line.split_at(end.unwrap_or(line.len()));
    (word, rest.trim_ascii())
}

fn without_comment(line: &[u8]) -> &[u8] {
    let end = line.iter().position(|byte| *byte == b'#');
    line.get(..end.unwrap_or(line.len()))
        .unwrap_or(line)
        .trim_ascii_end()
}

/// The numbers at the start of a text, up to the first word that is none.
fn numbers(text: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'/' | b'e' | b'E');
    let plain = |byte: &u8| digit(byte) || matches!(byte, b' ' | b'\t');
    if text.iter().all(plain) {
        return text.to_vec();
    }
    let is_number = |word: &&[u8]| {
        let special = [&b"nan"[..], b"-nan", b"inf", b"-inf", b"\\"];
        word.iter().all(digit) || special.iter().any(|other| word.eq_ignore_ascii_case(other))
    };
    let words: Vec<&[u8]> = text
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .take_while(is_number)
        .collect();
    words.join(&b' ')
}

/// `o name` as `o o1`: the same number for the same name.
fn renamed(
    word: &[u8],
    name: &[u8],
    known: &mut HashMap<Vec<u8>, usize>,
    report: &mut Stripped,
) -> Vec<u8> {
    if name.is_empty() {
        return word.to_vec();
    }
    let next = known.len() + 1;
    let number = *known.entry(name.to_vec()).or_insert(next);
    let letter = word.trim_ascii();
    let new = [letter, number.to_string().as_bytes()].concat();
    if new != name {
        report.took("names of shapes");
    }
    [word, b" ", &new].concat()
}

fn material(word: &[u8], name: &[u8], names: &mut Names, report: &mut Stripped) -> Vec<u8> {
    if name.is_empty() {
        return word.to_vec();
    }
    let new = format!("m{}", names.material(name)).into_bytes();
    if new != name {
        report.took("names of materials");
    }
    [word, b" ", &new].concat()
}

/// What the caller calls a part, or what the file does.
fn part(given: &str, names: &Names, report: &mut Stripped) -> String {
    let new = part_name(given).and_then(|name| names.file(&name).map(str::to_owned));
    new.unwrap_or_else(|| {
        report.kept("names of files beside it");
        given.to_owned()
    })
}

fn libraries(rest: &[u8], names: &Names, report: &mut Stripped) -> Vec<u8> {
    let text = String::from_utf8_lossy(rest);
    let mut line = "mtllib".to_owned();
    for given in obj_libraries(&text) {
        line.push(' ');
        line.push_str(&part(given, names, report));
    }
    line.into_bytes()
}

fn texture(line: &[u8], rest: &[u8], names: &Names, report: &mut Stripped) -> Vec<u8> {
    let text = String::from_utf8_lossy(rest);
    let name = texture_name(&text);
    let word = first_word(line).0;
    let options = text
        .get(..text.len().saturating_sub(name.len()))
        .unwrap_or("");
    let new = if name.is_empty() {
        String::new()
    } else {
        part(name, names, report)
    };
    [word, b" ", options.as_bytes(), new.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_numbers_and_stay_the_same_in_both_files() {
        let told = b"# hidden-model-x\r\nmtllib hidden.mtl\no hidden-model-x\nv 1 2 3 # hidden\n\
            g b hidden-model-x b\nusemtl red\nusemtl hidden-model-x\nf 1/2/3 2 \\\n 3\nhidden 3\n";
        let mut names = Names::default();
        names.rename("hidden.mtl", "1.mtl");
        names.rename("a/hidden.png", "2.png");
        let mut report = Stripped::default();
        let out = obj(told, &mut names, &mut report).unwrap();
        let bare = "\nmtllib 1.mtl\no o1\nv 1 2 3\ng g1 g2 g1\nusemtl m1\nusemtl m2\n\
            f 1/2/3 2 \\\n3\n";
        assert_eq!(String::from_utf8_lossy(&out), bare);
        let told = b"newmtl hidden-model-x\n#hidden\nKd 1 0 0 # hidden\n\
            map_Kd -s 1 1 1 a/hidden.png\nnewmtl red\nhidden 3\nmap_Ks a/other.png\n";
        let out = mtl(told, &mut names, &mut report).unwrap();
        let bare = "newmtl m2\nKd 1 0 0\nmap_Kd -s 1 1 1 2.png\nnewmtl m1\nmap_Ks a/other.png\n";
        assert_eq!(String::from_utf8_lossy(&out), bare);
        let left: Vec<_> = report.left().collect();
        assert_eq!(left, ["names of files beside it: 1"]);
    }

    #[test]
    fn a_file_of_comments_is_no_shape() {
        assert!(
            obj(
                b"# nothing\n",
                &mut Names::default(),
                &mut Stripped::default()
            )
            .is_err()
        );
    }
}
