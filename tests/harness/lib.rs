//! What the tests from outside need: the built programs, small files of every kind, a project.
//!
//! Nothing here links the program's own crates but the vocabulary: what is tested is what a person
//! would run.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a test that cannot go on says so by stopping"
)]

pub mod bench_rows;
pub mod canary;
pub mod figures;
mod packets;
pub mod quiet;
pub mod samples;
pub mod told;
pub mod window;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A built program, found beside this test: `cargo xtask test` builds them first.
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().find(|folder| folder.join(name).is_file());
    folder
        .unwrap_or_else(|| panic!("{name} is not built: run `cargo build --workspace` first"))
        .join(name)
}

/// A folder with a project in it and the command line to act on it.
pub struct Desk {
    pub folder: TempDir,
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

impl Desk {
    /// A desk with nothing on it.
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A desk with an empty project.
    pub fn with_project() -> Self {
        let desk = Self::new();
        desk.ok(&["new", "p"]);
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs `tiebreak` in the folder.
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(program("tiebreak"))
            .current_dir(self.folder.path())
            .args(arguments)
            .output()
            .unwrap()
    }

    /// Runs it, expects success, and returns what it printed.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "tiebreak {arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs it with `--json`, expects success, and returns the answer.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        serde_json::from_str(&self.ok(&all)).unwrap()
    }

    /// Runs it with `--json`, expects a refusal (exit code 1), and returns the error.
    pub fn refused(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        let output = self.run(&all);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            output.status.code(),
            Some(1),
            "tiebreak {arguments:?}: {errors}"
        );
        let answer: Value = serde_json::from_str(&errors)
            .unwrap_or_else(|_| panic!("an error as JSON, not {errors}"));
        answer["error"].clone()
    }

    /// The votes as they are exported, a value a line.
    pub fn votes(&self) -> Vec<Value> {
        self.ok(&["export", "p", "--format", "votes", "-o", "votes.jsonl"]);
        let text = self.read("votes.jsonl");
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// The data that users of the field know, when they are at hand. Where they are not, it is said what
/// of the tests is left out for that.
pub fn shared(what: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    told::left_out(&format!(
        "{what} (there is no shared/data beside this checkout)"
    ));
    None
}

/// All files under a folder, sorted within each.
pub fn all_under(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true => all_under(&path, found),
            false => found.push(path),
        }
    }
}
