//! The statistics against the packages that people use for them in Python: same data, from one file,
//! in turns. Each turn is a process of its own that runs once unmeasured and once measured.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::python::Python;
use super::{TURNS, median};
use crate::failure::{Doing as _, Failure, Result};
use crate::house::House;
use crate::process;

/// One ratio: where each side's answer has its seconds and what it found.
struct Line {
    name: &'static str,
    /// Below which key, if below any.
    key: Option<&'static str>,
    /// The key of the figure that both sides must agree on.
    found: &'static str,
}

/// One program to run on both sides, and the lines that come of it.
struct Part {
    verb: &'static str,
    module: &'static str,
    package: &'static str,
    lines: &'static [Line],
}

const PARTS: [Part; 3] = [
    Part {
        verb: "alpha",
        module: "krippendorff",
        package: "krippendorff",
        lines: &[
            Line {
                name: "Krippendorff's alpha, nominal, 1,000,000 votes",
                key: Some("nominal"),
                found: "value",
            },
            Line {
                name: "Krippendorff's alpha, ordinal, 1,000,000 votes",
                key: Some("ordinal"),
                found: "value",
            },
        ],
    },
    Part {
        verb: "dawid-skene",
        module: "crowdkit",
        package: "crowd-kit",
        lines: &[Line {
            name: "Dawid-Skene, 100,000 votes",
            key: None,
            found: "log_likelihood",
        }],
    },
    Part {
        verb: "bradley-terry",
        module: "choix",
        package: "choix",
        lines: &[
            Line {
                name: "Bradley-Terry from 100,000 comparisons (ilsr_pairwise)",
                key: Some("rows"),
                found: "log_likelihood",
            },
            Line {
                name: "Bradley-Terry from a matrix of 50 models (ilsr_pairwise_dense)",
                key: Some("matrix"),
                found: "log_likelihood",
            },
        ],
    },
];

pub fn run(house: &House, folder: &Path) -> Result<()> {
    let speed = house.target.join("release/examples/speed");
    process::text(Command::new(&speed).arg("data").arg(folder))?;
    bootstrap(&speed)?;
    let python = Python::ready(house)?;
    let script = house
        .root
        .join("src-tauri/xtask/bench/statistics_reference.py");
    for part in PARTS {
        let outcome = if python.has(part.module) {
            part.measure(&speed, &python, &script, folder)
        } else {
            Err(Failure::new("it could not be installed."))
        };
        if let Err(why) = outcome {
            let names: Vec<&str> = part.lines.iter().map(|line| line.name).collect();
            println!(
                "\nLeft out: {}, measured against {}: {why}",
                names.join("; "),
                part.package
            );
        }
    }
    Ok(())
}

/// No package in Python does this: seconds alone.
fn bootstrap(speed: &Path) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..TURNS {
        let told = answer(Command::new(speed).arg("bootstrap"))?;
        times.push(number(&told, "seconds")?);
    }
    println!(
        "\n2,000 bootstrap replicates of alpha, 20,000 questions of 3 votes, two threads, median of \
         {TURNS}:\n  {:<26} {:>9.3} s",
        "tiebreak",
        median(times)
    );
    Ok(())
}

impl Part {
    fn measure(
        &self,
        speed: &Path,
        python: &Python,
        script: &PathBuf,
        folder: &Path,
    ) -> Result<()> {
        let mut turns = Vec::new();
        for _ in 0..TURNS {
            let ours = answer(Command::new(speed).arg(self.verb).arg(folder))?;
            let reference = answer(python.command().arg(script).arg(self.verb).arg(folder))?;
            turns.push([ours, reference]);
        }
        for line in self.lines {
            line.tell(self.package, &turns)?;
        }
        Ok(())
    }
}

impl Line {
    fn tell(&self, package: &str, turns: &[[Value; 2]]) -> Result<()> {
        let side = |side: usize| -> Result<(f64, f64)> {
            let told = turns.iter().map(|turn| self.below(&turn[side]));
            let times: Result<Vec<f64>> = told.map(|told| number(told, "seconds")).collect();
            let last = turns.last().map(|turn| self.below(&turn[side]));
            let found = number(last.unwrap_or(&Value::Null), self.found)?;
            Ok((median(times?), found))
        };
        let ((ours, our_figure), (reference, its_figure)) = (side(0)?, side(1)?);
        println!(
            "\n{}, median of {TURNS}:\n  {:<26} {:>9.3} ms   {} {our_figure:.6}\n  \
             {package:<26} {:>9.3} ms   {} {its_figure:.6}\n  ratio                      {:>9.2}",
            self.name,
            "tiebreak",
            ours * 1000.0,
            self.found.replace('_', "-"),
            reference * 1000.0,
            self.found.replace('_', "-"),
            reference / ours
        );
        Ok(())
    }

    fn below<'a>(&self, told: &'a Value) -> &'a Value {
        self.key.map_or(told, |key| &told[key])
    }
}

fn answer(command: &mut Command) -> Result<Value> {
    serde_json::from_str(&process::text(command)?).doing("Reading what was measured")
}

fn number(told: &Value, key: &str) -> Result<f64> {
    told[key]
        .as_f64()
        .ok_or_else(|| Failure::new(format!("No {key} was told.")))
}
