//! The log: one file a run, the last seven kept, written at once so that nothing of it is lost when
//! the process is killed.
//!
//! It is for whoever mends a fault. It holds no vote and no text of a project, and the media server
//! adds nothing but counts.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gtk::glib::DateTime;
use tracing::level_filters::LevelFilter;

const KEPT: usize = 7;
const PREFIX: &str = "tiebreak-";
const SUFFIX: &str = ".log";

/// The file this run logs to, for whoever shows it to a person; none where it couldn't be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile(pub Option<PathBuf>);

/// There is no log; the program runs without.
#[derive(Debug, thiserror::Error)]
#[error(
    "no log is written: {folder} cannot be used ({cause}). Make room or give yourself the right to \
     write there, or name another folder in TIEBREAK_LOG_DIR"
)]
pub(crate) struct NoLog {
    folder: PathBuf,
    cause: io::Error,
}

/// Sends everything that is traced to a new file in `folder`; returns the file.
pub(crate) fn start(folder: &Path) -> Result<PathBuf, NoLog> {
    let (path, file) = create(folder, &now(), std::process::id()).map_err(|cause| NoLog {
        folder: folder.to_path_buf(),
        cause,
    })?;
    // Failing means that a subscriber is there already, which is a test's.
    let _ = tracing_subscriber::fmt()
        .with_ansi(false)
        // Told on standard error, which may be closed: a full disk would become a panic.
        .log_internal_errors(false)
        .with_max_level(level())
        .with_writer(Arc::new(file))
        .try_init();
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        "tiebreak-desktop starts"
    );
    Ok(path)
}

fn level() -> LevelFilter {
    std::env::var("TIEBREAK_LOG")
        .ok()
        .and_then(|l| l.parse().ok())
        .unwrap_or(LevelFilter::INFO)
}

/// The time as a file name that sorts, in UTC.
fn now() -> String {
    let formatted = DateTime::now_utc().and_then(|time| time.format("%Y-%m-%dT%H-%M-%SZ"));
    formatted.map_or_else(|_| "undated".to_owned(), Into::into)
}

/// Makes the file, readable by nobody else, and deletes the oldest of the rest.
fn create(folder: &Path, time: &str, process: u32) -> io::Result<(PathBuf, File)> {
    fs::create_dir_all(folder)?;
    let path = folder.join(format!("{PREFIX}{time}-{process}{SUFFIX}"));
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(&path)?;
    let mut logs: Vec<_> = fs::read_dir(folder)?
        .flatten()
        .filter(|entry| is_log(&entry.file_name().to_string_lossy()))
        .map(|entry| entry.path())
        .collect();
    logs.sort();
    for old in logs.iter().rev().skip(KEPT) {
        // Another process may have deleted it meanwhile.
        let _ = fs::remove_file(old);
    }
    Ok((path, file))
}

fn is_log(name: &str) -> bool {
    name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_seven_are_kept_and_other_files_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("not/there/yet");
        for day in 1..=9 {
            create(&logs, &format!("2026-01-0{day}T00-00-00Z"), 10 - day).unwrap();
            fs::write(logs.join("notes.txt"), "mine").unwrap();
        }
        let mut names: Vec<_> = fs::read_dir(&logs)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names.len(), KEPT + 1);
        assert_eq!(names[0], "notes.txt");
        assert_eq!(names[1], "tiebreak-2026-01-03T00-00-00Z-7.log");
        assert_eq!(names[7], "tiebreak-2026-01-09T00-00-00Z-1.log");
    }

    #[test]
    fn a_folder_that_cannot_be_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(
            start(&file)
                .unwrap_err()
                .to_string()
                .contains("TIEBREAK_LOG_DIR")
        );
    }

    #[test]
    fn the_time_sorts() {
        let time = now();
        assert_eq!(time.len(), "2026-01-01T00-00-00Z".len());
        assert!(time.starts_with("20") && time.ends_with('Z'));
    }
}
