//! Where things are in this repository, so that every command works from any folder in it.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// The repository and its build folder.
pub struct House {
    pub root: PathBuf,
    pub target: PathBuf,
}

impl House {
    /// Found from the folder that cargo names (it runs this program), else from the current one.
    pub fn find() -> Result<Self> {
        let start = env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .or_else(|| env::current_dir().ok())
            .unwrap_or_default();
        let root = start
            .ancestors()
            .find(|folder| folder.join("src-tauri/xtask/Cargo.toml").is_file())
            .ok_or_else(|| Failure::new("Run this inside the Tiebreak repository."))?
            .to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// A program as the development profile leaves it.
    pub fn built(&self, program: &str) -> PathBuf {
        self.target.join("debug").join(program)
    }

    /// A path as people like to read it: from the repository's root where it lies inside.
    pub fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
