//! What lies beside a scene and belongs to it, and the id of a scene together with that.
//!
//! An OBJ says nothing of its colours: they are in its material library and that one's pictures.
//! Two models that differ there alone are two media, so the id of a scene that has parts covers
//! them too. A file without parts keeps the hash of its own bytes.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use tiebreak_domain::MediaId;

use crate::error::MediaError;
use crate::file::{Links, hash, open};
use crate::kinds::{self, Kind, extension};
use crate::parts::parts;
use crate::root::Root;

/// The parts of a scene that are there: each with the name that the scene gives it, relative to
/// the scene's folder, and its path. `path` is the scene, `shown` its path below `root`. What is
/// not there is left out: whoever draws the scene knows what it can do without.
///
/// # Errors
/// When the list of parts cannot be read, or a part's name leads out, by that name.
pub(crate) fn beside(
    path: &Path,
    kind: &Kind,
    root: &Root,
    shown: &str,
) -> Result<Vec<(String, PathBuf)>, MediaError> {
    let folder = folder_of(shown);
    let (mut seen, mut there) = (HashSet::new(), Vec::new());
    // What a material library names lies beside the library or beside the scene.
    let mut wanted: Vec<(String, Kind)> = kinds_of(parts(path, kind)?, "");
    while let Some((part, kind)) = wanted.pop() {
        if !seen.insert(part.clone()) {
            continue;
        }
        let found = match root.find(&joined(folder, &part)) {
            Ok(found) => found,
            Err(MediaError::NotFound { .. } | MediaError::CaseDiffers { .. }) => continue,
            Err(error) => return Err(error),
        };
        if kind == Kind::MTL {
            let names = parts(&found.path, &kind)?;
            wanted.extend(kinds_of(names.clone(), folder_of(&part)));
            wanted.extend(kinds_of(names, ""));
        }
        there.push((part, found.path));
    }
    Ok(there)
}

/// The id of a scene whose own bytes hash to `own`: BLAKE3 over that hash and, in the order of
/// their names, each part's name and hash. It is `own` where the scene has no parts, and where
/// they cannot be read: such a scene is not shown.
pub(crate) fn id_with_parts(
    own: MediaId,
    path: &Path,
    kind: &Kind,
    root: &Root,
    shown: &str,
) -> MediaId {
    hashed(own, path, kind, root, shown).unwrap_or(own)
}

fn hashed(
    own: MediaId,
    path: &Path,
    kind: &Kind,
    root: &Root,
    shown: &str,
) -> Result<MediaId, MediaError> {
    let mut there = beside(path, kind, root, shown)?;
    if there.is_empty() {
        return Ok(own);
    }
    there.sort();
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"tiebreak 1 scene with parts");
    hasher.update(own.as_bytes());
    for (name, path) in there {
        let mut opened = open(&path, Links::Refuse)?;
        let part = hash(&mut opened.file, opened.bytes, &name)?;
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
        hasher.update(part.as_bytes());
    }
    Ok(MediaId::from_bytes(*hasher.finalize().as_bytes()))
}

/// The names below a folder, with those marked that may name more.
fn kinds_of(names: Vec<String>, folder: &str) -> Vec<(String, Kind)> {
    let mark = |name: String| {
        let kind = match extension(&name).as_str() {
            "mtl" => Kind::MTL,
            _ => kinds::PNG,
        };
        (joined(folder, &name), kind)
    };
    names.into_iter().map(mark).collect()
}

fn folder_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn joined(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        _ => format!("{folder}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::verify_in_place;
    use std::fs;

    const OBJ: &str = "mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n";

    fn id(root: &Path, name: &str) -> MediaId {
        let found = Root::open(root).unwrap().find(name).unwrap();
        found.identify().unwrap().media.id
    }

    #[test]
    fn models_that_differ_in_a_picture_alone_are_two() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for side in ["one", "two", "same"] {
            fs::create_dir(at(side)).unwrap();
            fs::write(at(side).join("a.obj"), OBJ).unwrap();
            fs::write(at(side).join("a.mtl"), "newmtl a\nmap_Kd t.png\n").unwrap();
            let colour = if side == "two" { "blue" } else { "red" };
            fs::write(at(side).join("t.png"), colour).unwrap();
        }
        let one = id(folder.path(), "one/a.obj");
        assert_ne!(one, id(folder.path(), "two/a.obj"));
        assert_eq!(one, id(folder.path(), "same/a.obj"), "wherever they lie");
        fs::remove_file(at("two/t.png")).unwrap();
        fs::remove_file(at("two/a.mtl")).unwrap();
        let bare = id(folder.path(), "two/a.obj");
        assert_eq!(bare, MediaId::of(OBJ.as_bytes()));
    }

    #[test]
    fn a_part_that_changes_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.obj"), OBJ).unwrap();
        fs::write(at("a.mtl"), "newmtl a\nKd 1 0 0\n").unwrap();
        let found = id(folder.path(), "a.obj");
        let check = || verify_in_place(folder.path(), "a.obj", found, OBJ.len() as u64);
        check().unwrap();
        fs::write(at("a.mtl"), "newmtl a\nKd 0 0 1\n").unwrap();
        let error = check().unwrap_err();
        assert_eq!(error.code(), "media_changed");
        assert!(error.to_string().contains("beside it"), "{error}");
        fs::remove_file(at("a.mtl")).unwrap();
        assert_eq!(check().unwrap_err().code(), "media_changed");
        fs::remove_file(at("a.obj")).unwrap();
        assert_eq!(check().unwrap_err().code(), "media_missing");
    }
}
