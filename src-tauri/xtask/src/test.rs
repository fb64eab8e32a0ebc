//! `cargo xtask test`: every check and every test from a clean clone, stage by stage.
//!
//! Every cargo command takes the whole workspace and chooses by target, never by package: a choice
//! by package would change the features of shared dependencies and compile them again. Clippy comes
//! before the build because it needs only the metadata of dependencies and finds a mistake sooner;
//! build scripts and macros, which both need, are shared.

use std::time::{Duration, Instant};

use crate::counts::Counts;
use crate::failure::{Failure, Result};
use crate::house::House;
use crate::layout;
use crate::left_out;
use crate::licences;
use crate::metadata::Metadata;
use crate::packages::{self, For};
use crate::process;
use crate::ui;

/// The package whose tests drive the built programs from outside.
const OUTSIDE: &str = "tiebreak-tests";

/// What a stage has at hand, and where it leaves its counts and what its tests left out.
pub struct Bench {
    house: House,
    yes: bool,
    /// Whether the tests that are ignored for being slow run too, after the others.
    slow: bool,
    counts: Counts,
    left_out: Vec<String>,
}

struct Stage {
    name: &'static str,
    work: fn(&mut Bench) -> Result<()>,
}

const STAGES: [Stage; 9] = [
    Stage {
        name: "packages",
        work: packages,
    },
    Stage {
        name: "fmt",
        work: fmt,
    },
    Stage {
        name: "ui",
        work: ui,
    },
    Stage {
        name: "licences",
        work: licences,
    },
    Stage {
        name: "layout",
        work: layout,
    },
    Stage {
        name: "clippy",
        work: clippy,
    },
    Stage {
        name: "build",
        work: build,
    },
    Stage {
        name: "test",
        work: test,
    },
    Stage {
        name: "e2e",
        work: outside,
    },
];

pub fn names() -> String {
    STAGES.map(|stage| stage.name).join(", ")
}

/// Runs all stages, or the one that is named; stops at the first that fails.
pub fn run(house: House, yes: bool, only: Option<&str>, slow: bool) -> Result<()> {
    let chosen: Vec<&Stage> = STAGES
        .iter()
        .filter(|stage| only.is_none_or(|name| name == stage.name))
        .collect();
    if chosen.is_empty() {
        return Err(Failure::new(format!(
            "There is no such stage; there are {}.",
            names()
        )));
    }
    let mut bench = Bench {
        house,
        yes,
        slow,
        counts: Counts::default(),
        left_out: Vec::new(),
    };
    let mut rows = Vec::new();
    for stage in chosen {
        println!("\n== {} ==", stage.name);
        let began = Instant::now();
        let outcome = (stage.work)(&mut bench);
        let row = row(stage.name, began.elapsed(), outcome.is_ok());
        println!("== {row} ==");
        rows.push(row);
        if let Err(failure) = outcome {
            report(&rows, &bench);
            return Err(Failure::new(format!(
                "Stage {0} failed: {failure}\nTo run it alone: cargo xtask test --only {0}",
                stage.name
            )));
        }
    }
    report(&rows, &bench);
    Ok(())
}

fn row(name: &str, took: Duration, well: bool) -> String {
    let result = if well { "ok" } else { "FAILED" };
    format!("{name:10} {:6.2} min  {result}", took.as_secs_f64() / 60.0)
}

fn report(rows: &[String], bench: &Bench) {
    println!("\nstage       minutes  result");
    for row in rows {
        println!("{row}");
    }
    println!("{}", bench.counts);
    for what in &bench.left_out {
        println!("{}{what}", left_out::MARK);
    }
}

fn packages(bench: &mut Bench) -> Result<()> {
    packages::ensure(
        &[For::Building, For::Running, For::NoDisplay, For::Testing],
        bench.yes,
    )
}

fn fmt(bench: &mut Bench) -> Result<()> {
    cargo(bench, &["fmt", "--all", "--check"])
}

fn ui(bench: &mut Bench) -> Result<()> {
    ui::modules(&bench.house)?;
    ui::script(&bench.house, "check")?;
    ui::script(&bench.house, "lint")?;
    let (counts, well) = ui::test(&bench.house)?;
    judge(bench, counts, well)?;
    ui::build(&bench.house)
}

fn licences(bench: &mut Bench) -> Result<()> {
    let count = licences::check(&bench.house, &Metadata::read(&bench.house)?)?;
    println!("{count} packages, all under licences of the list");
    Ok(())
}

fn layout(bench: &mut Bench) -> Result<()> {
    layout::check(&bench.house, &Metadata::read(&bench.house)?)
}

fn clippy(bench: &mut Bench) -> Result<()> {
    // The shell takes the built page in.
    ui::build(&bench.house)?;
    cargo(
        bench,
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
    )
}

fn build(bench: &mut Bench) -> Result<()> {
    ui::build(&bench.house)?;
    cargo(
        bench,
        &["build", "--workspace", "--all-targets", "--locked"],
    )
}

/// All tests but those from outside.
fn test(bench: &mut Bench) -> Result<()> {
    ui::build(&bench.house)?;
    let metadata = Metadata::read(&bench.house)?;
    let inside = metadata.ours().filter(|package| package.name != OUTSIDE);
    let mut words = vec!["--lib".to_owned(), "--bins".to_owned()];
    for name in inside.flat_map(|package| &package.tests) {
        words.extend(["--test".to_owned(), name.clone()]);
    }
    let before = bench.counts.ignored;
    cargo_test(bench, &words, &[])?;
    let slow = bench.counts.ignored - before;
    cargo_test(bench, &["--doc".to_owned()], &[])?;
    if slow > 0 && !bench.slow {
        bench.left_out.push(format!(
            "{slow} slow tests, which `cargo xtask test --slow` runs"
        ));
    } else if slow > 0 {
        bench.counts.ignored -= slow;
        // One after the other, as each has all cores at work, and with the figures that they tell.
        words.extend(["--", "--ignored", "--nocapture", "--test-threads", "1"].map(str::to_owned));
        cargo_test(bench, &words, &[])?;
    }
    Ok(())
}

/// The tests from outside, on programs that are built first.
fn outside(bench: &mut Bench) -> Result<()> {
    build(bench)?;
    let metadata = Metadata::read(&bench.house)?;
    let Some(package) = metadata.find(OUTSIDE) else {
        return Err(Failure::new(format!(
            "The package {OUTSIDE} (tests/Cargo.toml) is missing."
        )));
    };
    let words: Vec<String> = package
        .tests
        .iter()
        .flat_map(|name| ["--test".to_owned(), name.clone()])
        .collect();
    if words.is_empty() {
        return Err(Failure::new(format!("The package {OUTSIDE} has no tests.")));
    }
    // One at a time: each has a display and a window of its own, and waits for what it sees.
    cargo_test(bench, &words, &[("RUST_TEST_THREADS", "1")])
}

fn cargo(bench: &Bench, words: &[&str]) -> Result<()> {
    process::run(&mut process::cargo(&bench.house.root, words))
}

fn cargo_test(bench: &mut Bench, targets: &[String], variables: &[(&str, &str)]) -> Result<()> {
    let mut command = process::cargo(
        &bench.house.root,
        ["test", "--workspace", "--locked", "--no-fail-fast"],
    );
    let (text, well) = process::watch(command.args(targets).envs(variables.iter().copied()))?;
    let told = left_out::told(&text).map(str::to_owned);
    bench.left_out.extend(told);
    let counts = Counts::of_cargo(&text);
    judge(bench, counts, well)
}

/// Adds the counts up, and fails where a test failed or the tests did not come to run.
fn judge(bench: &mut Bench, counts: Counts, well: bool) -> Result<()> {
    bench.counts += counts;
    println!("{counts}");
    if counts.failed > 0 {
        return Err(Failure::new(format!("{} tests failed.", counts.failed)));
    }
    if !well {
        return Err(Failure::new("The tests did not run to their end."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_name_minutes_and_result() {
        assert_eq!(
            row("clippy", Duration::from_secs(90), true),
            "clippy       1.50 min  ok"
        );
        assert!(row("e2e", Duration::ZERO, false).ends_with("FAILED"));
    }

    #[test]
    fn an_unknown_stage_is_refused_with_the_known_ones() {
        let house = House {
            root: "x".into(),
            target: "x".into(),
        };
        let failure = run(house, true, Some("lint"), false).unwrap_err();
        assert!(failure.to_string().contains("packages, fmt, ui"));
    }
}
