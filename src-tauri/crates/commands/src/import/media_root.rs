//! Where the media of a file are looked for when nobody says.

use std::path::{Path, PathBuf};

use tiebreak_domain::NINE_TASKS;
use tiebreak_exchange::Problem;

/// The folder that media are looked for in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MediaRoot {
    pub(crate) folder: PathBuf,
    /// Whether it was chosen where the person could not have expected it.
    chosen: bool,
}

/// The folder that the benchmark's media archive unpacks to.
const UNPACKED: &str = "media_data";

impl MediaRoot {
    /// The folder that was given, else the file's own. The published benchmark keeps its media in
    /// `media_data`, beside the tasks' folders: its Parquet files find them there.
    pub(crate) fn of(file: &Path, given: Option<&str>, is_parquet: bool) -> Self {
        let is = |folder: PathBuf, chosen| Self { folder, chosen };
        if let Some(given) = given.filter(|given| !given.is_empty()) {
            return is(PathBuf::from(given), false);
        }
        let beside = match file.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        let mut places = Vec::new();
        if is_parquet {
            places.extend(above_the_task(&beside).map(|above| above.join(UNPACKED)));
            places.push(beside.join(UNPACKED));
        }
        match places.into_iter().find(|place| place.is_dir()) {
            Some(place) => is(place, true),
            None => is(beside, false),
        }
    }

    /// Says which folder it is, where that is not plain.
    pub(crate) fn remark(&self) -> Option<Problem> {
        let message = format!(
            "media are looked for in {}: give a media folder to have them looked for elsewhere",
            self.folder.display()
        );
        self.chosen.then(|| Problem::new(0, "media_root", message))
    }
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

    #[test]
    fn the_benchmarks_own_folder_goes_before_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        let task = top.join("text_to_video");
        std::fs::create_dir_all(&task).unwrap();
        let file = task.join("test.parquet");
        let of = |given, is_parquet| MediaRoot::of(&file, given, is_parquet).folder;
        assert_eq!(of(None, true), task);
        std::fs::create_dir(task.join("media_data")).unwrap();
        assert_eq!(of(None, true), task.join("media_data"));
        std::fs::create_dir(top.join("media_data")).unwrap();
        assert_eq!(of(None, true), top.join("media_data"));
        assert_eq!(of(None, false), task);
        assert_eq!(of(Some("x"), true), Path::new("x"));
        let remark = MediaRoot::of(&file, None, true).remark().unwrap();
        assert!(remark.message.contains("media_data"), "{remark}");
        assert_eq!(MediaRoot::of(&file, Some("x"), true).remark(), None);
        let other = MediaRoot::of(&top.join("a.parquet"), None, true);
        assert_eq!(other.folder, top.join("media_data"));
        assert_eq!(
            MediaRoot::of(Path::new("a.json"), None, false).folder,
            Path::new(".")
        );
    }
}
