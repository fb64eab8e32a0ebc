//! Import of one file into an empty project, against Python's `json` and `executemany`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::Value;

use super::{ROWS, TURNS, median};
use crate::failure::{Doing as _, Failure, Result};
use crate::house::House;
use crate::process;

/// Leaves the last project as `ours` in the folder.
pub fn run(house: &House, folder: &Path) -> Result<()> {
    let rows = folder.join("text_to_text_preferences.json");
    fs::write(&rows, table(ROWS)).doing("Writing the rows")?;
    let (mut ours, mut reference) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(our_import(house, folder, &rows)?);
        reference.push(python_import(house, folder, &rows)?);
    }
    let (ours, reference) = (median(ours), median(reference));
    let rate = |seconds: f64| ROWS as f64 / seconds;
    println!(
        "\nImport of {ROWS} rows, median of {TURNS}:\n  tiebreak import            {:>9.0} rows/s\n  \
         Python json + executemany  {:>9.0} rows/s\n  ratio                      {:>9.2}",
        rate(ours),
        rate(reference),
        reference / ours
    );
    Ok(())
}

/// The whole command, its start and its last checkpoint included; the project is there before.
fn our_import(house: &House, folder: &Path, rows: &Path) -> Result<f64> {
    let project = fresh(folder, "ours")?;
    let program = house.target.join("release/tiebreak");
    process::text(Command::new(&program).arg("new").arg(&project))?;
    let began = Instant::now();
    process::text(Command::new(&program).arg("import").arg(&project).arg(rows))?;
    Ok(began.elapsed().as_secs_f64())
}

/// The time that the script takes for reading, hashing and writing: Python's start is left out.
fn python_import(house: &House, folder: &Path, rows: &Path) -> Result<f64> {
    let project = fresh(folder, "reference")?;
    fs::create_dir_all(&project).doing("Making the reference's folder")?;
    let mut python = Command::new("python3");
    python
        .arg(house.root.join("src-tauri/xtask/bench/import_reference.py"))
        .arg(house.root.join("migrations/0001_project.sql"))
        .arg(rows)
        .arg(project.join("project.sqlite"));
    let answer: Value =
        serde_json::from_str(&process::text(&mut python)?).doing("Reading Python's answer")?;
    answer["seconds"]
        .as_f64()
        .ok_or_else(|| Failure::new("Python gave no time."))
}

fn fresh(folder: &Path, name: &str) -> Result<PathBuf> {
    let project = folder.join(name);
    if project.exists() {
        fs::remove_dir_all(&project).doing("Removing an earlier turn")?;
    }
    Ok(project)
}

/// Rows of about 1,200 bytes, every pair its own, 5,000 criteria among them.
fn table(count: usize) -> String {
    const WORDS: [&str; 8] = [
        "amber", "basalt", "cedar", "delta", "ember", "fjord", "grove", "harbour",
    ];
    let mut state = 20_261_124_u64;
    let mut words = |count: usize| {
        let mut text = String::new();
        for n in 0..count {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let word = WORDS[usize::try_from(state >> 61).unwrap_or(0)];
            text.push_str(if n == 0 { "" } else { " " });
            text.push_str(word);
        }
        text
    };
    let mut table = String::from("[");
    for n in 0..count {
        let comma = if n == 0 { "" } else { "," };
        let verdict = ["response1", "response2", "tie"][n % 3];
        // Writing to a string cannot fail.
        let _ = write!(
            table,
            "{comma}\n{{\"prompt\": \"{n} {}\", \"response1\": \"{}\", \"response2\": \"{}\", \
             \"model1\": \"one\", \"model2\": \"two\", \"criteria\": \"Which is clearer, {}?\", \
             \"criteria_preference\": \"{verdict}\", \"id\": \"{n}\"}}",
            words(15),
            words(80),
            words(80),
            n % 5000,
        );
    }
    table.push_str("\n]\n");
    table
}
