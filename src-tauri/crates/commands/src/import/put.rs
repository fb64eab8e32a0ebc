//! What an import has put into the project's media folder, so that it can be taken away again.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use tiebreak_domain::MediaId;

/// Files and folders that were not there before. All of it goes away with this value, unless
/// [`Put::settle`] has said that the import stands: so it does when a thread panics, too.
///
/// The import holds the project's write lock while this lives: nobody else can have come to need
/// a file in the meantime.
#[derive(Debug, Default)]
pub(crate) struct Put {
    files: BTreeMap<MediaId, PathBuf>,
    /// Folders that were made for them, each before those within it.
    folders: Vec<PathBuf>,
}

impl Put {
    /// Notes a file that is about to be written to `target`, and the folders that it needs.
    pub(crate) fn expect(&mut self, project: &Path, id: MediaId, target: &Path) {
        if target.exists() {
            return;
        }
        let above = target.ancestors().skip(1);
        let within: Vec<_> = above.take_while(|folder| *folder != project).collect();
        for folder in within.into_iter().rev() {
            if !folder.exists() && !self.folders.iter().any(|known| known == folder) {
                self.folders.push(folder.to_path_buf());
            }
        }
        self.files.insert(id, target.to_path_buf());
    }

    /// How many files there are.
    pub(crate) fn count(&self) -> u64 {
        self.files.len() as u64
    }

    /// Takes away what no row came to use.
    pub(crate) fn keep_only(&mut self, used: &HashSet<MediaId>) {
        self.files.retain(|id, path| {
            let keep = used.contains(id);
            if !keep {
                let _ = std::fs::remove_file(path);
            }
            keep
        });
        self.remove_folders();
    }

    /// The import stands: everything stays.
    pub(crate) fn settle(mut self) {
        self.files.clear();
        self.folders.clear();
    }

    /// A folder that holds something stays.
    fn remove_folders(&mut self) {
        for folder in self.folders.iter().rev() {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

impl Drop for Put {
    fn drop(&mut self) {
        for file in self.files.values() {
            let _ = std::fs::remove_file(file);
        }
        self.remove_folders();
    }
}
