//! Where the media of a file are looked for.

use std::path::{Path, PathBuf};

use tiebreak_domain::NINE_TASKS;
use tiebreak_exchange::Problem;
use tiebreak_media::{Found, MediaError, Root};

/// The folder that the benchmark's media archive unpacks to.
const UNPACKED: &str = "media_data";

/// The folder that media are looked for in: the one that was given, else the file's own, or the
/// `media_data` that the published benchmark keeps beside its files and its tasks' folders. Which
/// of these it is, the first file found says; it is opened only then.
#[derive(Debug)]
pub(crate) struct MediaRoot {
    places: Vec<PathBuf>,
    settled: Option<Root>,
}

impl MediaRoot {
    pub(crate) fn of(file: &Path, given: Option<&str>) -> Self {
        let is = |places| Self {
            places,
            settled: None,
        };
        if let Some(given) = given.filter(|given| !given.is_empty()) {
            return is(vec![PathBuf::from(given)]);
        }
        let beside = match file.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        let above = above_the_task(&beside);
        let folders = [Some(beside.clone()), above].into_iter().flatten();
        let unpacked = folders.map(|folder| folder.join(UNPACKED));
        // A link would let a data set choose any folder of the machine: one that is given may be.
        let unpacked: Vec<_> = unpacked.filter(|place| is_folder(place)).collect();
        is([vec![beside], unpacked].concat())
    }

    /// The folder on this machine; the first that is looked into while none is settled.
    pub(crate) fn path(&self) -> &Path {
        match &self.settled {
            Some(root) => root.path(),
            None => self.places.first().map_or(Path::new("."), PathBuf::as_path),
        }
    }

    /// Finds a file. The first that is found settles the folder; where that is not the one that a
    /// person would expect, it is remarked.
    ///
    /// # Errors
    /// As [`Root::open`] and [`Root::find`]; of the first folder, where the file is in none.
    pub(crate) fn find(
        &mut self,
        path: &str,
        remarks: &mut Vec<Problem>,
    ) -> Result<Found, MediaError> {
        if let Some(root) = &self.settled {
            return root.find(path);
        }
        let mut first = None;
        for (n, place) in self.places.iter().enumerate() {
            let looked = Root::open(place).and_then(|root| Ok((root.find(path)?, root)));
            match looked {
                Ok((found, root)) => {
                    if n > 0 {
                        remarks.push(settled_on(&root));
                    }
                    self.settled = Some(root);
                    return Ok(found);
                }
                Err(error) => {
                    first.get_or_insert(error);
                }
            }
        }
        let name = path.to_owned();
        Err(first.unwrap_or(MediaError::NotFound { name }))
    }

    /// Where a file was looked for that is not there, when that was in several folders.
    pub(crate) fn places(&self) -> Option<String> {
        if self.settled.is_some() || self.places.len() < 2 {
            return None;
        }
        let shown: Vec<_> = self
            .places
            .iter()
            .map(|p| p.display().to_string())
            .collect();
        Some(shown.join(" and "))
    }
}

/// Whether it is a folder itself, not a link to one.
fn is_folder(place: &Path) -> bool {
    std::fs::symlink_metadata(place).is_ok_and(|meta| meta.is_dir())
}

fn settled_on(root: &Root) -> Problem {
    let message = format!(
        "media are looked for in {}: give a media folder to have them looked for elsewhere",
        root.path().display()
    );
    Problem::new(0, "media_root", message)
}

/// The folder above one that is named like a task.
fn above_the_task(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let name = folder.file_name()?.to_str()?;
    NINE_TASKS
        .contains(&name)
        .then(|| folder.parent().map(Path::to_path_buf))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn found(file: &Path, given: Option<&str>, path: &str) -> Result<(PathBuf, usize), String> {
        let (mut root, mut remarks) = (MediaRoot::of(file, given), Vec::new());
        let found = root.find(path, &mut remarks);
        found.map_err(|error| error.to_string())?;
        Ok((root.path().to_path_buf(), remarks.len()))
    }

    #[test]
    fn the_first_file_found_settles_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        let task = top.join("text_to_video");
        fs::create_dir_all(&task).unwrap();
        let file = task.join("test.parquet");
        let put = |place: PathBuf| {
            fs::create_dir_all(&place).unwrap();
            fs::write(place.join("a.mp4"), "x").unwrap();
            place
        };
        assert!(found(&file, None, "a.mp4").unwrap_err().contains("a.mp4"));
        let above = put(top.join("media_data"));
        assert_eq!(found(&file, None, "a.mp4"), Ok((above.clone(), 1)));
        let within = put(task.join("media_data"));
        assert_eq!(found(&file, None, "a.mp4"), Ok((within, 1)));
        put(task.clone());
        assert_eq!(found(&file, None, "a.mp4"), Ok((task, 0)));
        let given = above.to_string_lossy();
        assert_eq!(found(&file, Some(&given), "a.mp4"), Ok((above.clone(), 0)));
        assert!(found(&file, Some(&given), "b.mp4").is_err());
    }

    #[test]
    fn a_link_is_no_folder_to_be_found() {
        let folder = tempfile::tempdir().unwrap();
        let (other, here) = (folder.path().join("other"), folder.path().join("here"));
        fs::create_dir(&other).unwrap();
        fs::create_dir(&here).unwrap();
        fs::write(other.join("a.png"), "x").unwrap();
        std::os::unix::fs::symlink(&other, here.join("media_data")).unwrap();
        assert!(found(&here.join("a.json"), None, "a.png").is_err());
        let given = here.join("media_data");
        assert!(found(&here.join("a.json"), given.to_str(), "a.png").is_ok());
    }

    #[test]
    fn once_settled_no_other_folder_is_looked_into() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path();
        fs::create_dir(top.join("media_data")).unwrap();
        fs::write(top.join("a.png"), "x").unwrap();
        fs::write(top.join("media_data/b.png"), "x").unwrap();
        let mut root = MediaRoot::of(&top.join("a.json"), None);
        let mut remarks = Vec::new();
        root.find("a.png", &mut remarks).unwrap();
        assert!(root.find("b.png", &mut remarks).is_err());
        assert!(remarks.is_empty());
    }
}
