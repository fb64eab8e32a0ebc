//! The bench's own Python: an environment in the build folder with the packages that the statistics
//! are measured against, in fixed versions. It stays for the next run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Doing as _, Result};
use crate::house::House;
use crate::process;

const PINS: &str = include_str!("../../bench/requirements.txt");

/// An environment, complete or not.
pub struct Python {
    program: PathBuf,
}

impl Python {
    /// Makes the environment where it is not there or other versions are asked for. Where that fails,
    /// as without a network, says so: what is there already is used.
    pub fn ready(house: &House) -> Result<Self> {
        let folder = house.target.join("bench/venv");
        let (program, stamp) = (folder.join("bin/python"), folder.join("pins.txt"));
        if fs::read_to_string(&stamp).is_ok_and(|pins| pins == PINS) {
            return Ok(Self { program });
        }
        let pins: Vec<&str> = PINS.lines().filter(|line| !line.starts_with('#')).collect();
        println!(
            "\nMaking a Python environment in {} with {} (once; needs the network).",
            house.shown(&folder),
            pins.join(", ")
        );
        match fill(house, &folder, &program) {
            Ok(()) => fs::write(stamp, PINS).doing("Noting what was installed")?,
            Err(failure) => println!("{failure}\nThe environment is not complete."),
        }
        Ok(Self { program })
    }

    /// Its program.
    pub fn command(&self) -> Command {
        Command::new(&self.program)
    }

    /// Whether a module is at hand.
    pub fn has(&self, module: &str) -> bool {
        let import = format!(
            "import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"
        );
        self.program.is_file()
            && process::output(self.command().args(["-c", &import])).is_ok_and(|(_, well)| well)
    }
}

fn fill(house: &House, folder: &Path, program: &Path) -> Result<()> {
    process::run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let pins = house.root.join("src-tauri/xtask/bench/requirements.txt");
    let words = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
    ];
    process::run(Command::new(program).args(words).arg(pins))
}
