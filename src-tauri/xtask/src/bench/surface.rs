//! How long the surface takes: fitted on every label of a large project, and every question scored.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::ROWS;
use crate::failure::Result;
use crate::house::House;
use crate::process;

/// In the project that the import left, all of whose questions have a label.
pub fn run(house: &House, folder: &Path) -> Result<()> {
    let tiebreak = |words: &[&str]| -> Result<f64> {
        let mut program = Command::new(house.target.join("release/tiebreak"));
        program.arg(words[0]).arg(folder.join("ours"));
        let began = Instant::now();
        process::text(program.args(&words[1..]))?;
        Ok(began.elapsed().as_secs_f64())
    };
    // Fitted and scored; then fitted alone, since every answer is there.
    let both = tiebreak(&["predict", "--model", "surface"])?;
    let fit = tiebreak(&["predict", "--model", "surface"])?;
    println!(
        "\nThe surface of {ROWS} questions:\n  fitted on all labels        {fit:>7.1} s\n  scored and \
         written          {:>7.1} s",
        both - fit
    );
    Ok(())
}
