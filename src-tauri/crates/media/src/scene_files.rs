//! A scene's bytes with those of its parts, each found under the same rules as the scene itself.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::beside::beside;
use crate::error::MediaError;
use crate::file::{Links, open};
use crate::kinds::Kind;
use crate::root::Root;

/// Reads a scene and the parts beside it, at most `most` bytes in all.
///
/// `opened` and `path` are the scene; `place` is the root it lies under and its path there, or
/// nothing for one without parts. The first file returned is the scene; a part has the name that
/// the scene gives it, relative to the scene's folder. What is not there is left out: whoever
/// draws it knows what it can do without.
///
/// # Errors
/// When a name of a part leads out, by that name; when a file cannot be read; when it is too much.
pub fn read_scene(
    mut opened: File,
    path: &Path,
    kind: Kind,
    place: Option<(&Root, &str)>,
    most: u64,
) -> Result<Vec<(String, Vec<u8>)>, MediaError> {
    let name = crate::file::name_of(path);
    let mut gathered = Gathered {
        files: Vec::new(),
        left: most,
        most,
    };
    gathered.take(&mut opened, &name)?;
    let Some((root, shown)) = place else {
        return Ok(gathered.files);
    };
    for (name, path) in beside(path, &kind, root, shown)? {
        gathered.take(&mut open(&path, Links::Refuse)?.file, &name)?;
    }
    Ok(gathered.files)
}

struct Gathered {
    files: Vec<(String, Vec<u8>)>,
    left: u64,
    most: u64,
}

impl Gathered {
    fn take(&mut self, file: &mut File, name: &str) -> Result<(), MediaError> {
        let mut bytes = Vec::new();
        file.take(self.left.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| MediaError::io(name, "read", error))?;
        let length = bytes.len() as u64;
        if length > self.left {
            return Err(MediaError::TooLarge {
                name: name.to_owned(),
                bytes: self.most.saturating_add(1),
                limit: self.most,
            });
        }
        self.left -= length;
        self.files.push((name.to_owned(), bytes));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds;
    use std::fs;
    use std::os::unix::fs::symlink;

    fn read(root: &Path, name: &str, kind: Kind, most: u64) -> Result<Vec<String>, MediaError> {
        let path = root.join(name);
        let place = Root::open(root).unwrap();
        let file = File::open(&path).unwrap();
        let files = read_scene(file, &path, kind, Some((&place, name)), most)?;
        Ok(files.into_iter().map(|(name, _)| name).collect())
    }

    #[test]
    fn a_scene_comes_with_what_it_names() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("m/lib")).unwrap();
        fs::write(at("m/a.obj"), "mtllib lib/a.mtl\nmtllib gone.mtl\n").unwrap();
        fs::write(at("m/lib/a.mtl"), "newmtl a\nmap_Kd t.png\nmap_Kd u.png\n").unwrap();
        fs::write(at("m/lib/t.png"), "t").unwrap();
        fs::write(at("m/u.png"), "u").unwrap();
        let mut names = read(folder.path(), "m/a.obj", kinds::OBJ, 1000).unwrap();
        names.sort();
        assert_eq!(names, ["a.obj", "lib/a.mtl", "lib/t.png", "u.png"]);
        let error = read(folder.path(), "m/a.obj", kinds::OBJ, 40).unwrap_err();
        assert_eq!(error.code(), "media_too_large");
    }

    #[test]
    fn what_leads_out_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        fs::create_dir(&root).unwrap();
        fs::write(folder.path().join("secret.bin"), "s").unwrap();
        symlink(folder.path().join("secret.bin"), root.join("b.bin")).unwrap();
        let scene = |uri: &str| format!(r#"{{"buffers":[{{"uri":"{uri}"}}]}}"#);
        fs::write(root.join("a.gltf"), scene("b.bin")).unwrap();
        let error = read(&root, "a.gltf", kinds::GLTF, 1000).unwrap_err();
        assert_eq!(error.code(), "media_link_out");
        fs::write(root.join("a.gltf"), scene("../secret.bin")).unwrap();
        let error = read(&root, "a.gltf", kinds::GLTF, 1000).unwrap_err();
        assert_eq!(error.code(), "media_bad_part");
    }
}
