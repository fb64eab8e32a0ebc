//! What the house asks of its files: the floors, one door to the shell, no endless file, and no
//! path of the machine that something was written on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::floors;
use crate::house::House;
use crate::metadata::Metadata;
use crate::process;

const LINES: usize = 1000;

/// What counts as source by its extension.
const SOURCE: [&str; 13] = [
    "rs", "ts", "js", "svelte", "css", "html", "sql", "py", "sh", "toml", "md", "yml", "xml",
];

/// The folders in which a file's length is limited.
const LIMITED: [&str; 3] = ["src-tauri", "ui/src", "tests"];

/// The one file of the page that speaks to the shell.
const DOOR: &str = "ui/src/backend.ts";

pub fn check(house: &House, metadata: &Metadata) -> Result<()> {
    let mut wrong = floors::broken(metadata);
    let homes = machine_paths(house);
    for file in sources(house)? {
        let Ok(text) = fs::read_to_string(house.root.join(&file)) else {
            // Deleted, and not yet committed so.
            continue;
        };
        wrong.extend(objections(&file, &text, &homes));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    for line in &wrong {
        println!("{line}");
    }
    Err(Failure::new(format!(
        "{} things stand against the layout of the house.",
        wrong.len()
    )))
}

/// The sources that git knows, or would take in.
fn sources(house: &House) -> Result<Vec<PathBuf>> {
    let list = process::text(
        Command::new("git")
            .args([
                "ls-files",
                "--cached",
                "--others",
                "--exclude-standard",
                "-z",
            ])
            .current_dir(&house.root),
    )?;
    let known = |path: &Path| {
        path.extension()
            .and_then(|e| e.to_str())
            .is_some_and(|e| SOURCE.contains(&e))
    };
    Ok(list
        .split('\0')
        .map(PathBuf::from)
        .filter(|path| known(path))
        .collect())
}

/// The paths that would give away, or only work on, the machine at hand: this clone's (unless it is
/// as short as `/src`, which could mean anything) and the home of whoever runs this.
fn machine_paths(house: &House) -> Vec<String> {
    let clone = Some(house.root.clone()).filter(|path| path.components().count() > 2);
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let home = home.filter(|path| path.is_absolute() && path.components().count() > 1);
    clone
        .into_iter()
        .chain(home)
        .map(|path| format!("{}/", path.display()))
        .collect()
}

/// Whether the line has this absolute path, and not as the tail of a longer one.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|start| start.chars().next_back());
        before.is_none_or(|letter| !letter.is_alphanumeric() && !"._-*".contains(letter))
    })
}

fn objections(file: &Path, text: &str, homes: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    let shown = file.display();
    let lines = text.lines().count();
    if lines > LINES && LIMITED.iter().any(|folder| file.starts_with(folder)) {
        wrong.push(format!(
            "{shown} has {lines} lines, more than {LINES}: split it"
        ));
    }
    for home in homes {
        if let Some(at) = text.lines().position(|line| names_path(line, home)) {
            wrong.push(format!(
                "{shown}:{} names a path of this machine ({home})",
                at + 1
            ));
        }
    }
    let speaks = ['"', '\'', '`']
        .iter()
        .any(|quote| text.contains(&format!("{quote}@tauri-apps")));
    if speaks && file.starts_with("ui/src") && file != Path::new(DOOR) {
        wrong.push(format!("{shown} imports @tauri-apps: only {DOOR} may"));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(file: &str, text: &str) -> usize {
        objections(Path::new(file), text, &["/machine/of/mine/".to_owned()]).len()
    }

    #[test]
    fn only_the_door_speaks_to_the_shell() {
        let line = "import { invoke } from \"@tauri-apps/api/core\";";
        assert_eq!(wrong("ui/src/backend.ts", line), 0);
        assert_eq!(wrong("ui/src/keys.ts", line), 1);
        assert_eq!(wrong("ui/src/keys.ts", "// not through @tauri-apps"), 0);
    }

    #[test]
    fn a_file_has_an_end() {
        assert_eq!(wrong("src-tauri/a.rs", &"x\n".repeat(LINES)), 0);
        assert_eq!(wrong("src-tauri/a.rs", &"x\n".repeat(LINES + 1)), 1);
        assert_eq!(wrong("assets/a.py", &"x\n".repeat(LINES + 1)), 0);
    }

    #[test]
    fn no_file_knows_the_machine() {
        assert_eq!(wrong("README.md", "see /machine/of/mine/notes"), 1);
        assert_eq!(wrong("README.md", "see /machine/of/others/notes"), 0);
        assert_eq!(wrong("README.md", "see ./my/machine/of/mine/notes"), 0);
    }
}
