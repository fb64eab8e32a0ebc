//! The files that a model is made of, and the hash of them all.

use std::fs::File;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tiebreak_domain::Family;

/// What a pickle is called. To read one is to run it.
const PICKLES: [&str; 6] = ["bin", "pt", "pth", "ckpt", "pkl", "pickle"];

/// A file that a description names as part of the model.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    path: PathBuf,
    blake3: Option<String>,
}

/// The files of one model.
pub(crate) struct Files {
    folder: PathBuf,
    files: Vec<(PathBuf, Option<String>)>,
}

impl Files {
    pub(super) fn new(folder: &Path, written: Option<Vec<Written>>) -> Self {
        let files = written.unwrap_or_default().into_iter();
        Self {
            folder: folder.to_path_buf(),
            files: files.map(|file| (file.path, file.blake3)).collect(),
        }
    }

    /// Counts a file to the model, unless it is already.
    pub(crate) fn add(&mut self, path: &Path) {
        if !self.files.iter().any(|(known, _)| known == path) {
            self.files.push((path.to_path_buf(), None));
        }
    }

    /// Refuses a pickle, whether it is there or not.
    ///
    /// # Errors
    /// A sentence: it is one.
    pub(crate) fn refuse_pickle(path: &Path) -> Result<(), String> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        if ending.is_some_and(|ending| PICKLES.contains(&ending.as_str())) {
            return Err(format!(
                "{} is a pickle, and to open one is to run what is in it: convert it to safetensors",
                path.display()
            ));
        }
        Ok(())
    }

    /// BLAKE3 of the description and of every file, in the order in which they were named.
    ///
    /// # Errors
    /// A sentence: one is a pickle, is not there, or is another than the description says.
    pub(super) fn hash(&self, family: Family, text: &str) -> Result<String, String> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(format!("tiebreak {} 1\0", family.as_str()).as_bytes());
        hasher.update(text.as_bytes());
        for (file, told) in &self.files {
            Self::refuse_pickle(file)?;
            let found = hash(&self.folder.join(file))
                .map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
            let found_hex = found.to_hex();
            if told
                .as_ref()
                .is_some_and(|told| !told.eq_ignore_ascii_case(&found_hex))
            {
                return Err(format!(
                    "{} is another file than the description says: its BLAKE3 is {found_hex}",
                    file.display(),
                ));
            }
            hasher.update(found.as_bytes());
        }
        Ok(hasher.finalize().to_hex().to_string())
    }
}

fn hash(path: &Path) -> std::io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize())
}
