//! Meshes and point clouds: GLB and PLY by signature, STL by its words or its size, OBJ by its
//! lines. The JSON form of glTF is read in [`super::json`].

use crate::bytes::{find, has, le32, start, without_bom};
use crate::kinds;

use super::text::is_text;
use super::{Answer, Sample, no, yes};

const TO_GLB: &str = "convert it to GLB";
/// How many lines of a text are looked at.
const LINES: usize = 400;

/// What has a signature.
pub(super) fn signed(sample: &Sample<'_>) -> Answer {
    let head = sample.head;
    if head.starts_with(b"glTF") {
        return match le32(head, 4) {
            Some(2) => yes(kinds::GLB),
            Some(1) => no(
                "a binary glTF of version 1",
                "convert it to GLB of version 2",
            ),
            _ => no(
                "a binary glTF of no known version",
                "write it again as GLB of version 2",
            ),
        };
    }
    if head.starts_with(b"ply\n") || head.starts_with(b"ply\r") {
        return yes(kinds::PLY);
    }
    None
}

/// A binary STL is 80 free bytes, a count, and 50 bytes a triangle: its size proves it. Its free
/// bytes may say “solid” too, so this is asked before its words are.
pub(super) fn stl_by_size(sample: &Sample<'_>) -> Answer {
    let triangles = u64::from(le32(sample.head, 80)?);
    let expected = 84 + 50 * triangles;
    let named = sample.ends(&["stl"]);
    if expected == sample.total && (triangles > 0 || named) {
        return yes(kinds::STL);
    }
    if !named || is_text(sample.head) {
        return None;
    }
    if triangles > 0 && expected < sample.total {
        return yes(kinds::STL); // Some writers add bytes after the last triangle.
    }
    no(
        "an STL that ends before its last triangle",
        "get or write it again",
    )
}

/// What is lines of text.
pub(super) fn lines(sample: &Sample<'_>) -> Answer {
    if !is_text(sample.head) {
        return None;
    }
    let text = without_bom(sample.head).trim_ascii_start();
    if is_ascii_stl(sample, text) {
        return yes(kinds::STL);
    }
    if has(text, 0, b"OFF\n") || has(text, 0, b"OFF\r") || has(text, 0, b"COFF") {
        return no("an OFF mesh", TO_GLB);
    }
    wavefront(sample, text)
}

fn is_ascii_stl(sample: &Sample<'_>, text: &[u8]) -> bool {
    let solid = text
        .get(..5)
        .is_some_and(|word| word.eq_ignore_ascii_case(b"solid"));
    let lower = start(text, 4096).to_ascii_lowercase();
    let says = |word: &[u8]| find(&lower, word).is_some();
    solid && (says(b"facet") || (sample.ends(&["stl"]) && says(b"endsolid")))
}

/// Tells an OBJ, its material library and other text apart by the words that begin the lines.
fn wavefront(sample: &Sample<'_>, text: &[u8]) -> Answer {
    let (mut shape, mut material, mut other) = (0usize, 0usize, 0usize);
    let cut = !sample.is_whole();
    let mut all: Vec<&[u8]> = text
        .split(|b| matches!(b, b'\n' | b'\r'))
        .take(LINES)
        .collect();
    if cut && all.len() > 1 && all.len() < LINES {
        all.pop(); // The last line may lack its end.
    }
    for line in all {
        let mut words = line
            .split(u8::is_ascii_whitespace)
            .filter(|w| !w.is_empty());
        match words.next() {
            None | Some([b'#', ..]) => {}
            Some(b"v" | b"vn" | b"vt" | b"f" | b"l") if words.next().is_some_and(is_number) => {
                shape += 1;
            }
            Some(b"mtllib" | b"usemtl" | b"g" | b"o" | b"s") => {}
            Some(b"vp" | b"p" | b"mg" | b"lod" | b"cstype" | b"deg" | b"end") => {}
            Some(b"newmtl" | b"Ka" | b"Kd" | b"Ks" | b"Ns" | b"illum") => material += 1,
            Some(word) if word.starts_with(b"map_") => material += 1,
            Some(_) => other += 1,
        }
    }
    let named = sample.ends(&["obj"]);
    if shape > other * 4 || (named && (shape > other || (cut && shape + other + material == 0))) {
        yes(kinds::OBJ)
    } else if material > other {
        no(
            "the material library of an OBJ",
            "give the OBJ; it names this file itself",
        )
    } else {
        None
    }
}

/// Whether a word begins as a number does; `f 1/2/3` counts.
fn is_number(word: &[u8]) -> bool {
    let digits = word
        .strip_prefix(b"-")
        .or_else(|| word.strip_prefix(b"+"))
        .unwrap_or(word);
    matches!(digits, [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..])
}

#[cfg(test)]
mod tests {
    fn sniff(file: &[u8], total: usize, name: &str) -> String {
        match crate::sniff(file, total as u64, name) {
            Ok(kind) => kind.extension.to_owned(),
            Err(error) => error.to_string(),
        }
    }

    fn says(file: &[u8], name: &str) -> String {
        sniff(file, file.len(), name)
    }

    #[test]
    fn signatures_are_known() {
        assert_eq!(says(b"glTF\x02\0\0\0", "a"), "glb");
        assert!(says(b"glTF\x01\0\0\0", "a.glb").contains("version 1"));
        assert_eq!(says(b"ply\r\nformat ascii 1.0", "a"), "ply");
    }

    #[test]
    fn an_stl_is_known_by_its_words_or_its_size() {
        assert_eq!(says(b"solid x\n facet normal 0 0 1\n", "a"), "stl");
        assert_eq!(says(b"solid x\nendsolid x\n", "a.stl"), "stl");
        let mut binary = b"solid as if it were text".to_vec();
        binary.resize(80, b' ');
        binary.extend(2u32.to_le_bytes());
        binary.resize(184, 1);
        assert_eq!(says(&binary, "a"), "stl");
        binary.push(0);
        assert_eq!(says(&binary, "a.stl"), "stl");
        assert!(says(&binary[..180], "a.stl").contains("ends before its last triangle"));
        assert_ne!(says(&binary, "a"), "stl");
    }

    #[test]
    fn an_obj_is_known_by_its_lines() {
        let cube = b"# made\nmtllib c.mtl\no 1\nv -0.5 .5 1\nv 1 2 3\nvn 0 0 1\nf 1//1 2//1 1//1\n";
        assert_eq!(says(cube, "a"), "obj");
        assert_eq!(says(&[b"\xef\xbb\xbf", &cube[..]].concat(), "a"), "obj");
        assert_eq!(sniff(b"# a long comment", 9_000, "a.obj"), "obj");
        assert!(says(b"# only a comment\n", "a.obj").contains("plain text"));
        assert!(says(b"v is a letter\nf is another\n", "a.txt").contains("plain text"));
    }

    #[test]
    fn parts_and_other_meshes_are_named() {
        assert!(says(b"newmtl a\nKd 1 1 1\nmap_Kd a.png\n", "a.mtl").contains("material library"));
        assert!(says(b"OFF\n8 6 0\n", "a.off").contains("an OFF mesh"));
    }
}
