//! Opening a project in the window, which is a program of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use tiebreak_commands::{CommandError, Result, projects};

use crate::arguments::Dir;

const WINDOW: &str = "tiebreak-desktop";

pub fn open(a: &Dir) -> Result<ExitCode> {
    let folder = projects::folder_of(&a.dir);
    if !folder.join("project.sqlite").is_file() && !projects::is_package(&folder) {
        return Err(CommandError::new(
            "no_project",
            format!(
                "{} holds no Tiebreak project: make one with `tiebreak new`",
                a.dir.display()
            ),
        ));
    }
    let program = beside_this().unwrap_or_else(|| PathBuf::from(WINDOW));
    let status = Command::new(&program).arg(&folder).status();
    match status {
        Ok(status) if status.success() => Ok(ExitCode::SUCCESS),
        Ok(_) => Ok(ExitCode::from(1)),
        Err(error) => Err(CommandError::new(
            "no_window",
            format!(
                "the window ({WINDOW}) could not be started: {error}. It is installed by the .deb, \
                 or built by `cargo xtask run`"
            ),
        )),
    }
}

/// The window's program in the folder of this one.
fn beside_this() -> Option<PathBuf> {
    let here = std::env::current_exe().ok()?;
    let program = here.parent().unwrap_or(Path::new(".")).join(WINDOW);
    program.is_file().then_some(program)
}
