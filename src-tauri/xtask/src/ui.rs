//! The web front end: its packages, its build and its checks, all through npm, none of them done
//! again where nothing changed.

use std::process::Command;

use crate::counts::Counts;
use crate::failure::{Failure, Result};
use crate::house::House;
use crate::process::{self, ask};
use crate::stamp::{Stamp, files_under};

/// Vite 7 asks for this Node at least.
const NODE: (u32, u32) = (20, 19);

fn npm(house: &House, words: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command
        .args(words)
        .current_dir(house.ui())
        .env("npm_config_update_notifier", "false");
    command
}

/// Installs the packages of the lock file where they are missing or the lock has changed.
pub fn modules(house: &House) -> Result<()> {
    node_will_do()?;
    let ui = house.ui();
    let files = [ui.join("package.json"), ui.join("package-lock.json")];
    if let Some(absent) = files.iter().find(|file| !file.is_file()) {
        return Err(Failure::new(format!("{} is missing.", house.shown(absent))));
    }
    let stamp = Stamp::of(house, "npm-ci", &files)?;
    if ui.join("node_modules").is_dir() && stamp.stands() {
        return Ok(());
    }
    process::run(&mut npm(house, &["ci", "--no-audit", "--no-fund"]))?;
    stamp.set()
}

/// Builds the page into `ui/dist` where its sources have changed.
pub fn build(house: &House) -> Result<()> {
    modules(house)?;
    let sources = files_under(&house.ui(), &["node_modules", "dist"])?;
    let stamp = Stamp::of(house, "ui-build", &sources)?;
    if house.ui().join("dist/index.html").is_file() && stamp.stands() {
        return Ok(());
    }
    script(house, "build")?;
    stamp.set()
}

pub fn script(house: &House, name: &str) -> Result<()> {
    process::run(&mut npm(house, &["run", "--silent", name]))
}

/// Runs the unit tests; gives their counts even where some failed.
pub fn test(house: &House) -> Result<(Counts, bool)> {
    let (text, well) =
        process::watch(npm(house, &["run", "--silent", "test"]).env("NO_COLOR", "1"))?;
    Ok((Counts::of_vitest(&text), well))
}

fn node_will_do() -> Result<()> {
    let (major, minor) = NODE;
    let found = ask("node", &["--version"]);
    let (Some(version), Some(_)) = (found, ask("npm", &["--version"])) else {
        return Err(Failure::new(format!(
            "Node or npm is missing: install Node {major}.{minor} or later, with npm."
        )));
    };
    match parse_version(&version) {
        Some(found) if found >= NODE => Ok(()),
        _ => Err(Failure::new(format!(
            "Node is {version}, and the page needs {major}.{minor} or later to be built."
        ))),
    }
}

fn parse_version(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node_compare_by_number() {
        assert_eq!(parse_version("v20.20.2"), Some((20, 20)));
        assert!(parse_version("v20.9.0") < Some(NODE));
        assert!(parse_version("v22.1.0") > Some(NODE));
        assert_eq!(parse_version("what"), None);
    }
}
