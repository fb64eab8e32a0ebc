//! `cargo xtask bench`: speed as ratios against a named reference, measured in one run.
//!
//! Nothing here passes or fails: the machine decides the figures, and a figure in a note says what
//! it was measured on.

mod import;
mod latency;
mod python;
mod statistics;

use std::fs;

use crate::failure::{Doing as _, Failure, Result};
use crate::house::House;
use crate::process;

const ROWS: usize = 100_000;
/// Each side is timed so often, in turns; the medians are compared.
const TURNS: usize = 5;

pub fn run(house: &House) -> Result<()> {
    if !process::there("python3") {
        return Err(Failure::new(
            "The reference is written in Python: install python3 (`apt-get install python3`).",
        ));
    }
    println!("Building what is measured, in the release profile.");
    let packages = ["tiebreak-cli", "tiebreak-commands", "tiebreak-agreement"];
    let mut words = vec!["build", "--release", "--locked"];
    words.extend(packages.iter().flat_map(|package| ["-p", package]));
    words.extend([
        "--bin",
        "tiebreak",
        "--example",
        "latency",
        "--example",
        "speed",
    ]);
    process::run(&mut process::cargo(&house.root, words))?;
    // Besides this folder there is Python's environment, which stays.
    let folder = house.target.join("bench/run");
    if folder.exists() {
        fs::remove_dir_all(&folder).doing("Removing the last bench")?;
    }
    fs::create_dir_all(&folder).doing("Making the bench's folder")?;
    import::run(house, &folder)?;
    latency::run(house, &folder)?;
    statistics::run(house, &folder)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
