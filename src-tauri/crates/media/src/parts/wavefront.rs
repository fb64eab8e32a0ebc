//! The names in an OBJ (`mtllib`) and in its material library (`map_Kd` and its like).
//!
//! Names there are bare words to the end of the line and often hold spaces; options of a texture
//! stand before its name.

use std::io::{self, BufRead, BufReader, Read};

use super::List;
use crate::error::MediaError;
use crate::file::Opened;

/// How far into a file lines are read, in bytes.
const MAX_READ: u64 = 512 * 1024 * 1024;
/// The longest line in which a name is looked for, in bytes.
const MAX_LINE: usize = 16 * 1024;

/// What an option of a texture is followed by.
enum Takes {
    Words(usize),
    /// One to three numbers.
    Numbers,
}

const OPTIONS: [(&str, Takes); 13] = [
    ("-blendu", Takes::Words(1)),
    ("-blendv", Takes::Words(1)),
    ("-bm", Takes::Words(1)),
    ("-boost", Takes::Words(1)),
    ("-cc", Takes::Words(1)),
    ("-clamp", Takes::Words(1)),
    ("-imfchan", Takes::Words(1)),
    ("-mm", Takes::Words(2)),
    ("-o", Takes::Numbers),
    ("-s", Takes::Numbers),
    ("-t", Takes::Numbers),
    ("-texres", Takes::Words(1)),
    ("-type", Takes::Words(1)),
];

/// The material libraries of an OBJ.
pub(super) fn obj(opened: &mut Opened, list: &mut List) -> Result<(), MediaError> {
    each_line(opened, |line| match split_word(line) {
        ("mtllib", rest) => obj_libraries(rest)
            .into_iter()
            .try_for_each(|name| list.add(name)),
        _ => Ok(()),
    })
}

/// The textures of a material library.
pub(super) fn mtl(opened: &mut Opened, list: &mut List) -> Result<(), MediaError> {
    each_line(opened, |line| {
        let (word, rest) = split_word(line);
        let word = word.to_ascii_lowercase();
        let texture = word.starts_with("map_")
            || matches!(word.as_str(), "bump" | "disp" | "decal" | "refl" | "norm");
        match texture_name(rest) {
            name if texture && !name.is_empty() => list.add(name),
            _ => Ok(()),
        }
    })
}

/// The names after `mtllib`: one with spaces, or several that all end in `.mtl`.
#[must_use]
pub fn obj_libraries(rest: &str) -> Vec<&str> {
    let is_library = |word: &str| word.to_ascii_lowercase().ends_with(".mtl");
    let words: Vec<&str> = rest.split_whitespace().collect();
    if words.len() > 1 && !words.iter().all(|word| is_library(word)) {
        return vec![rest];
    }
    words
}

/// The name after `map_Kd` and its like: what follows the options of a texture.
#[must_use]
pub fn texture_name(mut rest: &str) -> &str {
    loop {
        let (word, after) = split_word(rest);
        let Some((_, takes)) = OPTIONS
            .iter()
            .find(|(name, _)| word.eq_ignore_ascii_case(name))
        else {
            return rest;
        };
        rest = match takes {
            Takes::Words(count) => (0..*count).fold(after, |rest, _| split_word(rest).1),
            Takes::Numbers => skip_numbers(after),
        };
    }
}

fn skip_numbers(mut rest: &str) -> &str {
    for _ in 0..3 {
        let (word, after) = split_word(rest);
        if word.parse::<f64>().is_err() {
            break;
        }
        rest = after;
    }
    rest
}

/// The first word of a text and what follows it, without white space around either.
fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace)
        .map_or((text, ""), |(word, rest)| (word, rest.trim()))
}

/// Hands on each line; the rest of one that is too long is left out.
fn each_line(
    opened: &mut Opened,
    mut take: impl FnMut(&str) -> Result<(), MediaError>,
) -> Result<(), MediaError> {
    let failed = |error: io::Error| MediaError::io(&opened.name, "read", error);
    let mut reader = BufReader::with_capacity(64 * 1024, (&mut opened.file).take(MAX_READ));
    let mut line = Vec::new();
    loop {
        let (used, ended) = {
            let piece = reader.fill_buf().map_err(failed)?;
            if piece.is_empty() {
                return take(&String::from_utf8_lossy(&line));
            }
            let end = piece.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let text = piece.get(..end.unwrap_or(piece.len())).unwrap_or(&[]);
            let room = MAX_LINE.saturating_sub(line.len()).min(text.len());
            line.extend_from_slice(text.get(..room).unwrap_or(&[]));
            (text.len() + usize::from(end.is_some()), end.is_some())
        };
        reader.consume(used);
        if ended {
            take(&String::from_utf8_lossy(&line))?;
            line.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{Kind, OBJ};
    use crate::parts;

    fn of(content: &[u8], kind: &Kind) -> Result<Vec<String>, MediaError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, content).unwrap();
        parts(&path, kind)
    }

    #[test]
    fn an_obj_names_its_material_libraries() {
        assert_eq!(
            of(b"# x\r\nmtllib ./a.obj.mtl\r\nv 1 2 3", &OBJ).unwrap(),
            ["a.obj.mtl"]
        );
        assert_eq!(
            of(b"v 1 2 3\nmtllib my file.mtl", &OBJ).unwrap(),
            ["my file.mtl"]
        );
        assert_eq!(
            of(b"mtllib a.mtl b.MTL\nmtllib a.mtl\n", &OBJ).unwrap(),
            ["a.mtl", "b.MTL"]
        );
        assert_eq!(of(b"mtllib\nv 1 2 3\n", &OBJ).unwrap(), [""; 0]);
    }

    #[test]
    fn a_library_names_its_textures() {
        let mtl = b"newmtl a\nmap_Kd fuze uv.jpg\n\tmap_Bump -bm 0.5 t\\n.png\nrefl -type sphere s.png\n\
            map_Ks -s 1 1 1 -o 0.5 -mm 0 1 k.png\nbump -unknown b.png\nKd 1 1 1\nmap_Kd\nmap_Kd fuze uv.jpg\n";
        let names = of(mtl, &Kind::MTL).unwrap();
        assert_eq!(
            names,
            [
                "fuze uv.jpg",
                "t\\n.png",
                "s.png",
                "k.png",
                "-unknown b.png"
            ]
        );
    }

    #[test]
    fn names_that_lead_out_are_refused() {
        for line in [
            "map_Kd C:\\Users\\a.png",
            "map_Kd ../a.png",
            "map_Kd http://x/a.png",
        ] {
            assert_eq!(
                of(line.as_bytes(), &Kind::MTL).unwrap_err().code(),
                "media_bad_part"
            );
        }
    }

    #[test]
    fn long_lines_and_noise_do_no_harm() {
        let mut file = vec![b'x'; 300_000];
        file.extend(b"\nmtllib a.mtl\n\xff\xfe\0\0\n");
        assert_eq!(of(&file, &OBJ).unwrap(), ["a.mtl"]);
        assert_eq!(of(&[0xff; 70_000], &Kind::MTL).unwrap(), [""; 0]);
        assert_eq!(of(b"", &OBJ).unwrap(), [""; 0]);
    }
}
