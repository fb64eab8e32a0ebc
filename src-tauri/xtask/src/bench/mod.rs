//! `cargo xtask bench`: speed as ratios against a named reference, measured in one run.
//!
//! Nothing here passes or fails: the machine decides the figures, and a figure in a note says what
//! it was measured on.

mod import;
mod latency;
mod python;
mod statistics;
mod surface;

use std::fs;

use crate::failure::{Doing as _, Failure, Result};
use crate::house::House;
use crate::process;

const ROWS: usize = 100_000;
/// Each side is timed so often, in turns; the medians are compared.
const TURNS: usize = 5;

/// All parts, or the statistics alone, for which nothing else need be built.
pub fn run(house: &House, statistics_alone: bool) -> Result<()> {
    if !process::there("python3") {
        return Err(Failure::new(
            "The reference is written in Python: install python3 (`apt-get install python3`).",
        ));
    }
    println!("Building what is measured, in the release profile.");
    let mut words = vec!["build", "--release", "--locked"];
    words.extend(["-p", "tiebreak-agreement", "--example", "speed"]);
    if !statistics_alone {
        words.extend(["-p", "tiebreak-cli", "--bin", "tiebreak"]);
        words.extend(["-p", "tiebreak-commands", "--example", "latency"]);
    }
    process::run(&mut process::cargo(&house.root, words))?;
    // Besides this folder there is Python's environment, which stays.
    let folder = house.target.join("bench/run");
    if folder.exists() {
        fs::remove_dir_all(&folder).doing("Removing the last bench")?;
    }
    fs::create_dir_all(&folder).doing("Making the bench's folder")?;
    if !statistics_alone {
        import::run(house, &folder)?;
        latency::run(house, &folder)?;
        surface::run(house, &folder)?;
    }
    statistics::run(house, &folder)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
