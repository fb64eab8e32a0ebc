//! A copy under way: a file of its own beside the final place, gone unless it is finished.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use tiebreak_domain::MediaId;

use crate::error::{KEEPING, MediaError};
use crate::file::{each_piece, same_size};
use crate::identify::Identified;

/// How the name of a copy under way ends.
pub(crate) const UNFINISHED: &str = ".part";

/// A file under way, removed when it is dropped unfinished.
pub(crate) struct Part {
    file: File,
    path: PathBuf,
    finished: bool,
}

impl Part {
    /// A new file that no other process or thread writes to.
    pub(crate) fn create(shelf: &Path, id: MediaId) -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = shelf.join(format!(".{id}.{}.{count}{UNFINISHED}", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    return Ok(Self {
                        file,
                        path,
                        finished: false,
                    });
                }
                // A killed process with this number left one of that name.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Copies, and hashes what was copied: the source may change between two readings.
    pub(crate) fn fill<R: Read>(
        &mut self,
        reader: &mut R,
        found: &Identified,
        name: &str,
    ) -> Result<(), MediaError> {
        let mut hasher = blake3::Hasher::new();
        let copied = each_piece(reader, found.media.bytes.saturating_add(1), |piece| {
            hasher.update(piece);
            self.file.write_all(piece)
        })
        .map_err(|error| MediaError::io(name, KEEPING, error))?;
        same_size(copied, found.media.bytes, name)?;
        if hasher.finalize().as_bytes() == found.media.id.as_bytes() {
            return Ok(());
        }
        let how = "while it was copied".to_owned();
        Err(MediaError::Changed {
            name: name.to_owned(),
            how,
        })
    }

    /// Makes the content last, and gives the file its name.
    pub(crate) fn finish(mut self, path: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, path)?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_file(&self.path);
        }
    }
}
