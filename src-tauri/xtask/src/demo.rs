//! The demo project: made once by the command line from `assets/demo`, so that `run` has something
//! to open, and kept, so that votes cast in it are still there the next time.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Doing as _, Failure, Result};
use crate::house::House;
use crate::process;

/// The demo's folder, made where it is missing. A demo that was begun and not finished is not taken
/// for one: it gets its name at the end.
pub fn ensure(house: &House) -> Result<PathBuf> {
    let demo = house.target.join("demo");
    if demo.join("project.sqlite").is_file() {
        return Ok(demo);
    }
    let begun = house.target.join("demo.begun");
    for folder in [&demo, &begun] {
        if folder.exists() {
            fs::remove_dir_all(folder).doing(format!("Removing {}", folder.display()))?;
        }
    }
    println!("Making the demo project in {}.", house.shown(&demo));
    let files = tables(house)?;
    let media = house.root.join("assets/demo/media_data");
    quietly(
        tiebreak(house)
            .arg("new")
            .arg(&begun)
            .args(["--name", "demo"]),
    )?;
    let mut import = tiebreak(house);
    quietly(
        import
            .arg("import")
            .arg(&begun)
            .args(files)
            .arg("--media-root")
            .arg(media),
    )?;
    fs::rename(&begun, &demo).doing("Giving the demo its name")?;
    Ok(demo)
}

fn tiebreak(house: &House) -> Command {
    Command::new(house.built("tiebreak"))
}

/// What the command line says is of interest only where it refuses something.
fn quietly(command: &mut Command) -> Result<()> {
    match process::output(command)? {
        (_, true) => Ok(()),
        (said, false) => Err(Failure::new(format!("{said}\nThe demo could not be made."))),
    }
}

fn tables(house: &House) -> Result<Vec<PathBuf>> {
    let folder = house.root.join("assets/demo");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .doing(format!("Reading {}", house.shown(&folder)))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with("_preferences.json"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(Failure::new(format!(
            "{} holds no demo.",
            house.shown(&folder)
        )));
    }
    Ok(files)
}
