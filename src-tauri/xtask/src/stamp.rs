//! Whether something must be made again: a fingerprint of the files it was made from, kept beside
//! the build. Contents count, not times, so that a fresh clone or a changed branch is judged alike.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use crate::failure::{Doing as _, Result};
use crate::house::House;

pub struct Stamp {
    file: PathBuf,
    value: String,
}

impl Stamp {
    /// A stamp of this name over the contents of these files.
    pub fn of(house: &House, name: &str, files: &[PathBuf]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        for file in files {
            house.shown(file).to_string().hash(&mut hasher);
            fs::read(file)
                .doing(format!("Reading {}", file.display()))?
                .hash(&mut hasher);
        }
        Ok(Self {
            file: house.target.join("stamps").join(name),
            value: format!("{:016x}", hasher.finish()),
        })
    }

    /// Whether the thing was made from just these files.
    pub fn stands(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|old| old == self.value)
    }

    /// Says that it has now been made.
    pub fn set(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).doing(format!("Making {}", folder.display()))?;
        }
        fs::write(&self.file, &self.value).doing(format!("Writing {}", self.file.display()))
    }
}

/// Every file under a folder, in a fixed order, without the named folders.
pub fn files_under(folder: &Path, without: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).doing(format!("Reading {}", folder.display()))? {
            let entry = entry.doing(format!("Reading {}", folder.display()))?;
            let path = entry.path();
            let left_out = entry
                .file_name()
                .to_str()
                .is_some_and(|name| without.contains(&name));
            if path.is_dir() && !left_out {
                open.push(path);
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_stands_until_a_file_changes() {
        let root = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        fs::create_dir_all(root.join("src/skip")).unwrap();
        fs::write(root.join("src/a"), "1").unwrap();
        fs::write(root.join("src/skip/b"), "1").unwrap();
        let house = House {
            root: root.clone(),
            target: root.join("target"),
        };
        let now = || {
            let files = files_under(&root.join("src"), &["skip"]).unwrap();
            assert_eq!(files, [root.join("src/a")]);
            Stamp::of(&house, "x", &files).unwrap()
        };
        assert!(!now().stands());
        now().set().unwrap();
        assert!(now().stands());
        fs::write(root.join("src/a"), "2").unwrap();
        assert!(!now().stands());
        fs::remove_dir_all(root).unwrap();
    }
}
