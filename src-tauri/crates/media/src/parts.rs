//! The files that a scene needs beside it: buffers, pictures, material libraries.
//!
//! A scene is hostile input, and so are the names in it: each is held to the same rules as the
//! names in a row. They are relative to the folder the scene lies in, and are found through
//! [`crate::Root::find`] like any other file.

mod uris;
mod wavefront;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Deserialize;

use crate::bytes::{array, without_bom};
use crate::error::{MediaError, quote};
use crate::file::{Links, Opened, open};
use crate::kinds::{self, Kind};
use crate::names;

pub use wavefront::{obj_libraries, texture_name};

use uris::{Uris, percent_decoded};

/// The longest JSON of a glTF that is read, in bytes.
const MAX_JSON: u64 = 256 * 1024 * 1024;
/// The most parts a scene may name.
const MAX_PARTS: usize = 10_000;

/// The names that a scene (`.gltf`, `.glb`, `.obj`) or a material library ([`Kind::MTL`]) gives
/// to the files it needs, relative to its folder, each once, in the order in which they stand.
/// Other kinds need none. The textures of an OBJ are named by its material libraries.
///
/// # Errors
/// When the list cannot be read, or a name is an address, an absolute path or climbs out.
pub fn parts(path: &Path, kind: &Kind) -> Result<Vec<String>, MediaError> {
    let read = match *kind {
        kinds::GLTF => gltf,
        kinds::GLB => glb,
        kinds::OBJ => wavefront::obj,
        Kind::MTL => wavefront::mtl,
        _ => return Ok(Vec::new()),
    };
    let mut opened = open(path, Links::Follow)?;
    let mut list = List::new(&opened.name);
    read(&mut opened, &mut list)?;
    Ok(list.names)
}

/// The name of a part as [`parts`] gives it: nothing where no part may have it.
#[must_use]
pub fn part_name(given: &str) -> Option<String> {
    names::check(given).ok()
}

/// The name that a `uri` of a glTF gives, as [`parts`] gives it.
#[must_use]
pub fn gltf_part(uri: &str) -> Option<String> {
    percent_decoded(uri).and_then(|name| part_name(&name))
}

/// The parts found so far, and the scene they are parts of.
struct List {
    of: String,
    names: Vec<String>,
    seen: HashSet<String>,
}

impl List {
    fn new(of: &str) -> Self {
        Self {
            of: of.to_owned(),
            names: Vec::new(),
            seen: HashSet::new(),
        }
    }

    fn add(&mut self, name: &str) -> Result<(), MediaError> {
        let name = names::check(name).map_err(|error| MediaError::BadPart {
            name: self.of.clone(),
            source: Box::new(error),
        })?;
        if self.seen.contains(&name) {
            return Ok(());
        }
        if self.names.len() == MAX_PARTS {
            return Err(bad(
                &self.of,
                &format!("it names more than {MAX_PARTS} files"),
            ));
        }
        self.seen.insert(name.clone());
        self.names.push(name);
        Ok(())
    }
}

fn bad(name: &str, reason: &str) -> MediaError {
    MediaError::BadParts {
        name: name.to_owned(),
        reason: reason.to_owned(),
    }
}

/// What of a glTF names files; everything else is skipped unread.
#[derive(Deserialize)]
struct Scene {
    #[serde(default)]
    buffers: Uris,
    #[serde(default)]
    images: Uris,
}

fn gltf(opened: &mut Opened, list: &mut List) -> Result<(), MediaError> {
    if opened.bytes > MAX_JSON {
        return Err(bad(
            &opened.name,
            "its JSON is larger than 256 MiB; store its buffers beside it",
        ));
    }
    let json = read_some(&mut opened.file, MAX_JSON, &opened.name)?;
    scene(&json, list)
}

/// A GLB may name pictures beside it too: its first chunk is the same JSON.
fn glb(opened: &mut Opened, list: &mut List) -> Result<(), MediaError> {
    let header = read_some(&mut opened.file, 20, &opened.name)?;
    let length = match (
        array(&header, 12).map(u32::from_le_bytes),
        header.get(16..20),
    ) {
        (Some(length), Some(b"JSON")) => u64::from(length),
        _ => return Err(bad(&opened.name, "it does not begin with its JSON")),
    };
    if length > MAX_JSON.min(opened.bytes.saturating_sub(20)) {
        return Err(bad(
            &opened.name,
            "its JSON is longer than the file or than 256 MiB",
        ));
    }
    let json = read_some(&mut opened.file, length, &opened.name)?;
    scene(&json, list)
}

fn read_some(file: &mut File, most: u64, name: &str) -> Result<Vec<u8>, MediaError> {
    let mut bytes = Vec::new();
    let failed = |error: io::Error| MediaError::io(name, "read", error);
    file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

fn scene(json: &[u8], list: &mut List) -> Result<(), MediaError> {
    let json = without_bom(json);
    if !json.trim_ascii_start().starts_with(b"{") {
        return Err(bad(&list.of, "its JSON is wrong: no object at line 1"));
    }
    let scene: Scene = serde_json::from_slice(json).map_err(|error| {
        bad(
            &list.of,
            &format!("its JSON is wrong: {}", quote(&error.to_string())),
        )
    })?;
    scene
        .buffers
        .0
        .iter()
        .chain(&scene.images.0)
        .try_for_each(|uri| {
            let name = percent_decoded(uri)
                .ok_or_else(|| bad(&list.of, "a name in it is not UTF-8 once decoded"))?;
            list.add(&name)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn of(content: &[u8], kind: &Kind) -> Result<Vec<String>, MediaError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scene");
        fs::write(&path, content).unwrap();
        parts(&path, kind)
    }

    #[test]
    fn a_gltf_names_buffers_and_pictures() {
        let json = br#"{"asset":{"version":"2.0"},"buffers":[{"uri":"a%20b.bin"},{"byteLength":1}],
            "images":[{"uri":"data:image/png;base64,AA"},{"uri":"t/c.png"},{"uri":"./t/c.png"}]}"#;
        assert_eq!(of(json, &kinds::GLTF).unwrap(), ["a b.bin", "t/c.png"]);
        assert_eq!(of(b"\xef\xbb\xbf{}", &kinds::GLTF).unwrap(), [""; 0]);
        assert_eq!(of(br#"{"buffers":null}"#, &kinds::GLTF).unwrap(), [""; 0]);
    }

    #[test]
    fn a_glb_may_name_pictures_beside_it() {
        let json = br#"{"images":[{"uri":"Textures/colormap.png"}]}"#;
        let length = u32::try_from(json.len()).unwrap().to_le_bytes();
        let file = [b"glTF\x02\0\0\0....", &length[..], b"JSON", json].concat();
        assert_eq!(of(&file, &kinds::GLB).unwrap(), ["Textures/colormap.png"]);
        for cut in 0..file.len() {
            assert_eq!(
                of(&file[..cut], &kinds::GLB).unwrap_err().code(),
                "media_parts_unreadable"
            );
        }
    }

    #[test]
    fn what_a_scene_may_not_have_is_refused_by_name() {
        for (uri, why) in [
            ("http://x/a.bin", "web address"),
            ("http%3A//x/a.bin", "web address"),
            ("file:///etc/passwd", "file: address"),
            ("/etc/passwd", "absolute"),
            ("%2e%2e/secret", "climbs"),
            ("..%5Csecret", "climbs"),
            ("a%00b", "NUL"),
            ("", "empty"),
        ] {
            let json = format!(r#"{{"buffers":[{{"uri":"{uri}"}}]}}"#);
            let error = of(json.as_bytes(), &kinds::GLTF).unwrap_err();
            assert!(
                error.to_string().starts_with("“scene” asks for a part"),
                "{error}"
            );
            assert!(error.to_string().contains(why), "{uri}: {error}");
        }
    }

    #[test]
    fn broken_json_is_said_with_its_place() {
        let deep = format!("{{\"buffers\":{}", "[".repeat(200_000));
        for json in [
            "",
            "{",
            "[]",
            r#"{"buffers":5}"#,
            r#"{"images":[{"uri":5}]}"#,
            &deep,
        ] {
            let error = of(json.as_bytes(), &kinds::GLTF).unwrap_err();
            assert!(error.to_string().contains("line"), "{error}");
        }
    }

    #[test]
    fn other_kinds_need_nothing() {
        assert_eq!(parts(Path::new("not there"), &kinds::PNG).unwrap(), [""; 0]);
        assert_eq!(
            parts(Path::new("not there"), &kinds::OBJ)
                .unwrap_err()
                .code(),
            "media_not_found"
        );
    }
}
