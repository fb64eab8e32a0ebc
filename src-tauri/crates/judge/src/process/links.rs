//! Media under names that tell nothing: a link to each, in a folder that goes away.
//!
//! Benchmarks lay media out by the model that made them (`media_data/…/MODEL/1.png`), and such a path
//! would tell a program whose response it judges.

use std::path::PathBuf;

use tempfile::TempDir;
use tiebreak_media::Kind;

use crate::judge::JudgedMedium;

pub(super) struct Links {
    folder: TempDir,
    made: Vec<PathBuf>,
}

impl Links {
    pub(super) fn new() -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("tiebreak-media-").tempdir();
        let folder = folder.map_err(|error| format!("no folder for links to media: {error}"))?;
        Ok(Self {
            folder,
            made: Vec::new(),
        })
    }

    /// Links a medium, with the ending of its type, and returns the link's path.
    pub(super) fn link(&mut self, medium: &JudgedMedium, name: &str) -> Result<String, String> {
        let ending = Kind::of_mime(&medium.mime).map_or("media", |kind| kind.extension);
        let path = self.folder.path().join(format!("{name}.{ending}"));
        std::os::unix::fs::symlink(&medium.path, &path)
            .map_err(|error| format!("a medium could not be linked: {error}"))?;
        let told = path.display().to_string();
        self.made.push(path);
        Ok(told)
    }

    /// Takes the links of a question away.
    pub(super) fn clear(&mut self) {
        for path in self.made.drain(..) {
            // One that stays goes with the folder.
            let _ = std::fs::remove_file(path);
        }
    }
}
