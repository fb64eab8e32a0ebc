//! A file that appears under its name only when it is whole.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{Result, io};

/// A file being written beside its place. Dropped before [`WholeFile::finish`], nothing stays.
pub(crate) struct WholeFile {
    target: PathBuf,
    part: PathBuf,
    out: Option<BufWriter<File>>,
}

impl WholeFile {
    pub(crate) fn create(target: &Path) -> Result<Self> {
        if let Some(folder) = target.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(io(folder))?;
        }
        let mut name = target.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.part", std::process::id()));
        let part = target.with_file_name(name);
        let file = File::create(&part).map_err(io(target))?;
        Ok(Self {
            target: target.to_path_buf(),
            part,
            out: Some(BufWriter::new(file)),
        })
    }

    /// Puts the file in its place, replacing what was there.
    pub(crate) fn finish(mut self) -> Result<String> {
        if let Some(out) = self.out.take() {
            let file = out
                .into_inner()
                .map_err(|e| e.into_error())
                .map_err(io(&self.target))?;
            file.sync_all().map_err(io(&self.target))?;
        }
        std::fs::rename(&self.part, &self.target).map_err(io(&self.target))?;
        Ok(self.target.display().to_string())
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match &mut self.out {
            Some(out) => out.write(bytes),
            None => Err(std::io::Error::other("the file is closed")),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.part);
    }
}
