//! Where the worker's program lies.

use std::path::{Path, PathBuf};

/// The worker's name on disk.
const NAME: &str = "tiebreak-worker";

/// The worker's program: what `TIEBREAK_WORKER` names, else the one beside the running program,
/// else the one in a folder above it (a test lies one folder deeper than the programs).
#[must_use]
pub fn worker_program() -> PathBuf {
    let told = std::env::var_os("TIEBREAK_WORKER").map(PathBuf::from);
    let beside = std::env::current_exe()
        .ok()
        .and_then(|exe| near(exe.parent()?));
    told.or(beside).unwrap_or_else(|| PathBuf::from(NAME))
}

fn near(folder: &Path) -> Option<PathBuf> {
    let places = [Some(folder), folder.parent()];
    let mut programs = places.into_iter().flatten().map(|place| place.join(NAME));
    programs.find(|program| program.is_file())
}
