//! How long a person waits between two votes in a large project.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::ROWS;
use crate::failure::{Doing as _, Result};
use crate::house::House;
use crate::process;

const ROUNDS: &str = "3000";

/// In the project that the import left.
pub fn run(house: &House, folder: &Path) -> Result<()> {
    let program = house.target.join("release/examples/latency");
    let said = process::text(Command::new(program).arg(folder.join("ours")).arg(ROUNDS))?;
    let answer: Value = serde_json::from_str(&said).doing("Reading the latencies")?;
    println!(
        "\nIn a project of {ROWS} questions, {} rounds:",
        answer["rounds"]
    );
    for (name, key) in [("next question", "next_ms"), ("vote on disk", "commit_ms")] {
        let at = |p: &str| answer[key][p].as_f64().unwrap_or(f64::NAN);
        println!(
            "  {name:<16} p50 {:>7.3} ms   p95 {:>7.3} ms",
            at("p50"),
            at("p95")
        );
    }
    Ok(())
}
