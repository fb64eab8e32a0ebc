//! `cargo xtask run`: everything from a fresh clone to the first question.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::demo;
use crate::failure::{Doing as _, Result};
use crate::headless::{Visit, visit};
use crate::house::House;
use crate::packages::{self, For};
use crate::process;
use crate::ui;

/// The window's program.
pub const APP: &str = "tiebreak-desktop";

/// The name under which the demo is opened where nobody sits before the screen.
const VISITOR: &str = "Visitor";

pub fn run(house: &House, yes: bool, project: Option<&Path>) -> Result<()> {
    let display = has_display();
    let mut needs = vec![For::Building, For::Running];
    if !display {
        needs.push(For::NoDisplay);
    }
    packages::ensure(&needs, yes)?;
    ui::build(house)?;
    build(house)?;
    let folder = match project {
        Some(path) => absolute(path)?,
        None => demo::ensure(house)?,
    };
    if display {
        println!("Opening {}.", house.shown(&folder));
        // The start screen's "Open the demo" finds its files here, as it does in an installed one.
        let sources = house.root.join("assets/demo");
        let mut app = Command::new(house.built(APP));
        return process::run(app.arg(&folder).env("TIEBREAK_DEMO_SOURCES", sources));
    }
    without_display(house, &folder, project.is_none())
}

/// The whole workspace's programs at once, so that features, and with them all that is compiled, are
/// the same as in the tests.
fn build(house: &House) -> Result<()> {
    let words = [
        "build",
        "--workspace",
        "--bins",
        "--exclude",
        "xtask",
        "--locked",
    ];
    process::run(&mut process::cargo(&house.root, words))
}

fn without_display(house: &House, folder: &Path, demo: bool) -> Result<()> {
    println!(
        "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): {} is opened in memory, \
         under Xvfb.",
        house.shown(folder)
    );
    let picture = house.target.join("screens/run.png");
    let seen = visit(&Visit {
        app: &house.built(APP),
        project: folder,
        name: demo.then_some(VISITOR),
        picture: &picture,
    })?;
    println!("On the screen: {seen}");
    println!("{}", picture.display());
    Ok(())
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).doing(format!("Finding {}", path.display()))
}
