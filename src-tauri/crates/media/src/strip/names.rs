//! The names that the files of one scene use for each other.
//!
//! An OBJ says `usemtl` what its material library calls `newmtl`, so both are renamed alike; and
//! whoever packs a scene may give its parts new file names, which the scene must then say.

use std::collections::HashMap;

/// What names become, over all files of one scene.
#[derive(Debug, Clone, Default)]
pub struct Names {
    files: HashMap<String, String>,
    materials: HashMap<Vec<u8>, usize>,
}

impl Names {
    /// Has a part that the scene calls `old` (as [`crate::parts`] gives it) called `new`.
    pub fn rename(&mut self, old: &str, new: &str) {
        self.files.insert(old.to_owned(), new.to_owned());
    }

    /// What a part is to be called, where the caller said so.
    pub(super) fn file(&self, old: &str) -> Option<&str> {
        self.files.get(old).map(String::as_str)
    }

    /// The same number for the same material, from 1 in the order in which they are met.
    pub(super) fn material(&mut self, name: &[u8]) -> usize {
        let next = self.materials.len() + 1;
        *self.materials.entry(name.to_vec()).or_insert(next)
    }
}
