//! A declared folder of outside media, and finding files below it and nowhere else.
//!
//! A name is checked as words first, then resolved with all its links, and what it resolves to
//! must lie below the folder, component by component: `/data/root2` is not below `/data/root`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::beside::id_with_parts;
use crate::error::{MediaError, quote};
use crate::file::{Links, name_of, open, regular};
use crate::identify::{Identified, identify_in};
use crate::names;

/// How many entries of a folder are looked through for a name that differs only in case.
const MAX_LISTED: usize = 10_000;

/// A declared folder, canonical.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    path: PathBuf,
}

/// A file found below a root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it is: canonical, below the root.
    pub path: PathBuf,
    /// Its name below the root as it was asked for: `/` between components, no `.` among them.
    pub relative: String,
    /// The root it was found under.
    root: Root,
}

impl Found {
    /// As [`crate::identify`], with messages that name the file as its row does. A link put in
    /// the file's place since it was found is not followed. The id of a scene covers the files
    /// beside it that belong to it.
    pub fn identify(&self) -> Result<Identified, MediaError> {
        let mut identified = open(&self.path, Links::Refuse)
            .and_then(|mut opened| identify_in(&mut opened.file, opened.bytes, &self.relative))
            .map_err(|error| error.with_name(&self.relative))?;
        let (own, kind) = (identified.media.id, &identified.kind);
        identified.media.id = id_with_parts(own, &self.path, kind, &self.root, &self.relative);
        Ok(identified)
    }
}

impl Root {
    /// Opens a folder as a root.
    pub fn open(path: &Path) -> Result<Self, MediaError> {
        let bad = |reason: String| MediaError::BadRoot {
            name: name_of(path),
            reason,
        };
        let canonical = path.canonicalize().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => bad("it is not there; check its path".to_owned()),
            _ => bad(error.to_string()),
        })?;
        if !canonical.is_dir() {
            return Err(bad(
                "it is no folder; give the folder that holds the media".to_owned()
            ));
        }
        Ok(Self { path: canonical })
    }

    /// The folder's canonical path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Finds a file by the name that a row gives it, such as `t2v/modelA/0001.mp4`.
    ///
    /// A backslash is tried as part of the name first, then as a separator. A link may lead
    /// anywhere below the root.
    ///
    /// # Errors
    /// For a name that is no path below a folder, a link that leads out, a thing that is no file,
    /// and a file that is not there; a name that differs from it only in case is said.
    pub fn find(&self, relative: &str) -> Result<Found, MediaError> {
        let as_given = names::check(relative)?;
        match self.look(&as_given) {
            Err(MediaError::NotFound { .. }) if as_given.contains('\\') => {
                let slashed = names::check(&as_given.replace('\\', "/"))?;
                self.look(&slashed)
                    .map_err(|error| self.with_hint(error, &slashed))
            }
            Err(error) => Err(self.with_hint(error, &as_given)),
            found => found,
        }
    }

    fn look(&self, name: &str) -> Result<Found, MediaError> {
        let path = self
            .path
            .join(name)
            .canonicalize()
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => MediaError::NotFound {
                    name: name.to_owned(),
                },
                _ => MediaError::io(name, "found", error),
            })?;
        if !path.starts_with(&self.path) {
            return Err(MediaError::LeadsOut {
                name: name.to_owned(),
            });
        }
        let meta = fs::metadata(&path).map_err(|error| MediaError::io(name, "found", error))?;
        regular(&meta, name)?;
        Ok(Found {
            path,
            relative: name.to_owned(),
            root: self.clone(),
        })
    }

    /// Says which name was meant, where a file or folder differs only in case.
    fn with_hint(&self, error: MediaError, name: &str) -> MediaError {
        match error {
            MediaError::NotFound { .. } => match self.other_case(name) {
                Some(there) => MediaError::CaseDiffers {
                    name: name.to_owned(),
                    there,
                },
                None => error,
            },
            other => other,
        }
    }

    /// The name up to the first component that is not there, in the case in which it is there.
    fn other_case(&self, name: &str) -> Option<String> {
        let mut here = self.path.clone();
        let mut walked: Vec<&str> = Vec::new();
        for component in name.split('/') {
            let next = here.join(component);
            if !next.exists() {
                let there = like(&here, component)?;
                let kept = walked.iter().copied().chain([there.as_str()]);
                return Some(kept.collect::<Vec<_>>().join("/"));
            }
            // No folder outside is ever listed, not even through a link.
            here = next
                .canonicalize()
                .ok()
                .filter(|path| path.starts_with(&self.path))?;
            walked.push(component);
        }
        None
    }
}

/// An entry of a folder whose name differs from `component` only in case.
fn like(folder: &Path, component: &str) -> Option<String> {
    let wanted = component.to_lowercase();
    let entries = fs::read_dir(folder).ok()?.take(MAX_LISTED);
    let mut names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .find(|name| name.to_lowercase() == wanted)
        .map(|name| quote(&name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    struct Tree {
        _folder: tempfile::TempDir,
        root: Root,
        outside: PathBuf,
    }

    fn tree() -> Tree {
        let folder = tempfile::tempdir().unwrap();
        let (inside, outside) = (folder.path().join("root"), folder.path().join("root2"));
        fs::create_dir_all(inside.join("a/B")).unwrap();
        fs::create_dir_all(&outside).unwrap();
        fs::write(inside.join("a/B/one.gif"), b"GIF89a").unwrap();
        fs::write(outside.join("secret.gif"), b"GIF89a").unwrap();
        let root = Root::open(&inside).unwrap();
        Tree {
            root,
            outside,
            _folder: folder,
        }
    }

    fn code(tree: &Tree, name: &str) -> &'static str {
        tree.root
            .find(name)
            .map_or_else(|error| error.code(), |_| "found")
    }

    #[test]
    fn files_below_are_found() {
        let tree = tree();
        let found = tree.root.find("./a//B/one.gif").unwrap();
        assert_eq!(found.relative, "a/B/one.gif");
        assert_eq!(found.path, tree.root.path().join("a/B/one.gif"));
        assert_eq!(found.identify().unwrap().kind.extension, "gif");
        let windows = tree.root.find("a\\B\\one.gif").unwrap();
        assert_eq!(windows.relative, "a/B/one.gif");
        fs::write(tree.root.path().join("a\\b.gif"), b"GIF89a").unwrap();
        assert_eq!(tree.root.find("a\\b.gif").unwrap().relative, "a\\b.gif");
    }

    #[test]
    fn wrong_names_are_refused_by_name() {
        let tree = tree();
        for (name, expected) in [
            ("", "media_name_empty"),
            ("/etc/passwd", "media_absolute_path"),
            ("C:\\a.png", "media_absolute_path"),
            ("../root2/secret.gif", "media_climbs_out"),
            ("a\\..\\..\\root2\\secret.gif", "media_climbs_out"),
            ("file:///etc/passwd", "media_address"),
            ("https://example.org/a.png", "media_address"),
            ("data:image/png;base64,AAAA", "media_address"),
            ("a\0b", "media_name_nul"),
            ("a/B", "media_not_a_file"),
            ("a/B/two.gif", "media_not_found"),
            ("a/B/one.gif/x", "media_not_found"),
        ] {
            assert_eq!(code(&tree, name), expected, "{name:?}");
        }
        assert_eq!(code(&tree, &"x".repeat(5000)), "media_io");
    }

    #[test]
    fn links_may_lead_in_but_not_out() {
        let tree = tree();
        let at = |name: &str| tree.root.path().join(name);
        symlink(at("a/B/one.gif"), at("in.gif")).unwrap();
        symlink(tree.outside.join("secret.gif"), at("out.gif")).unwrap();
        symlink(&tree.outside, at("folder")).unwrap();
        symlink(at("loop"), at("loop")).unwrap();
        assert_eq!(tree.root.find("in.gif").unwrap().path, at("a/B/one.gif"));
        assert_eq!(code(&tree, "out.gif"), "media_link_out");
        assert_eq!(code(&tree, "folder/secret.gif"), "media_link_out");
        assert_eq!(
            code(&tree, "folder/SECRET.gif"),
            "media_not_found",
            "nothing outside is listed"
        );
        assert_eq!(code(&tree, "loop"), "media_io");
    }

    #[test]
    fn a_link_put_in_place_of_a_found_file_is_not_followed() {
        let tree = tree();
        let found = tree.root.find("a/B/one.gif").unwrap();
        fs::remove_file(&found.path).unwrap();
        symlink(tree.outside.join("secret.gif"), &found.path).unwrap();
        let error = found.identify().unwrap_err();
        assert!(
            error.to_string().contains("“a/B/one.gif” is a link"),
            "{error}"
        );
    }

    #[test]
    fn a_name_that_differs_only_in_case_is_said() {
        let tree = tree();
        let error = tree.root.find("a/b/one.gif").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("there is “a/B”, which differs only in case"),
            "{error}"
        );
        let error = tree.root.find("a\\B\\ONE.GIF").unwrap_err();
        assert!(error.to_string().contains("“a/B/one.gif”"), "{error}");
        assert_eq!(error.code(), "media_case_differs");
    }

    #[test]
    fn a_root_is_a_folder_that_is_there() {
        let tree = tree();
        for path in [
            tree.root.path().join("none"),
            tree.root.path().join("a/B/one.gif"),
        ] {
            assert_eq!(Root::open(&path).unwrap_err().code(), "media_bad_root");
        }
    }
}
