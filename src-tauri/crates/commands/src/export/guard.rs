//! Where an export may not be written: into the project, over what it was imported from, or in the
//! place of something that is no ordinary file.

use std::path::{Path, PathBuf};

use tiebreak_store::Project;

use crate::error::{CommandError, Result};
use crate::import::place_of;

/// Refuses a target that would harm something. For a folder, every file in it that an export could
/// replace is looked at.
pub(super) async fn check(project: &Project, out: &Path) -> Result<()> {
    if inside(out, project.folder()) {
        let why = "it lies in the project's own folder: write somewhere else";
        return Err(refused(out, "in_project", why));
    }
    for target in targets(out) {
        let Ok(there) = std::fs::symlink_metadata(&target) else {
            continue;
        };
        if !there.is_file() {
            let why = "there is something that is no ordinary file: choose another name";
            return Err(refused(&target, "not_a_file", why));
        }
        if let Some(place) = place_of(&target)
            && project.was_imported_from(place).await?
        {
            let why = "the project was imported from this file, and an export would replace it: \
                       write somewhere else";
            return Err(refused(&target, "is_source", why));
        }
    }
    Ok(())
}

/// The file itself, or the benchmark files in a folder.
fn targets(out: &Path) -> Vec<PathBuf> {
    if !out.is_dir() {
        return vec![out.to_path_buf()];
    }
    let entries = std::fs::read_dir(out).into_iter().flatten();
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with("_preferences.json"))
        .collect()
}

fn inside(out: &Path, project: &Path) -> bool {
    let Ok(project) = project.canonicalize() else {
        return false;
    };
    let absolute = std::path::absolute(out).unwrap_or_else(|_| out.to_path_buf());
    let there = absolute.ancestors().find_map(|a| a.canonicalize().ok());
    there.is_some_and(|there| there.starts_with(&project))
}

fn refused(target: &Path, code: &str, why: &str) -> CommandError {
    CommandError::new(code, why).in_file(&target.display().to_string())
}
