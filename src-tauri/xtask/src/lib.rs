//! `cargo xtask`: the commands with which Tiebreak is run, tested and packed from a fresh clone.
//!
//! This program needs nothing but Rust: it is what puts everything else there. So it uses std and
//! serde_json alone, and no package of the house. It is a library for the sake of two parts: the
//! tests from outside use its remote control of the window, and say to it what they leave out.

mod bench;
mod bundle;
mod counts;
mod demo;
pub mod failure;
mod floors;
mod headless;
mod house;
mod layout;
pub mod left_out;
mod licences;
mod metadata;
mod packages;
mod process;
pub mod remote;
mod show;
mod spdx;
mod stamp;
mod test;
mod ui;
pub mod webdriver;

use std::path::PathBuf;
use std::process::ExitCode;

use failure::{Failure, Result};
use house::House;

/// Does what the words after `cargo xtask` ask for.
#[must_use]
pub fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = Order::of(&words).and_then(obey);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line asks for.
#[derive(Debug, PartialEq)]
enum Order {
    Help,
    Run {
        yes: bool,
        project: Option<PathBuf>,
    },
    Test {
        yes: bool,
        only: Option<String>,
        slow: bool,
    },
    Bundle {
        yes: bool,
    },
    Bindings,
    /// All of it, or only the statistics.
    Bench {
        statistics: bool,
    },
}

impl Order {
    fn of(words: &[String]) -> Result<Self> {
        let Some((verb, rest)) = words.split_first() else {
            return Ok(Self::Help);
        };
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        if rest.iter().any(|word| ["-h", "--help"].contains(word)) {
            return Ok(Self::Help);
        }
        let yes = rest.contains(&"-y");
        let others: Vec<&str> = rest.into_iter().filter(|word| *word != "-y").collect();
        match (verb.as_str(), others.as_slice()) {
            ("help" | "-h" | "--help", []) => Ok(Self::Help),
            ("run", []) => Ok(Self::Run { yes, project: None }),
            ("run", [path]) if !path.starts_with('-') => Ok(Self::Run {
                yes,
                project: Some(path.into()),
            }),
            ("test", []) => Ok(Self::test(yes, None, false)),
            ("test", ["--slow"]) => Ok(Self::test(yes, None, true)),
            ("test", ["--only", stage]) => Ok(Self::test(yes, Some(stage), false)),
            ("test", ["--only", stage, "--slow"] | ["--slow", "--only", stage]) => {
                Ok(Self::test(yes, Some(stage), true))
            }
            ("bundle", []) => Ok(Self::Bundle { yes }),
            ("bindings", []) if !yes => Ok(Self::Bindings),
            ("bench", []) if !yes => Ok(Self::Bench { statistics: false }),
            ("bench", ["statistics"]) if !yes => Ok(Self::Bench { statistics: true }),
            _ => Err(Failure::new(format!(
                "`cargo xtask {}` is not understood.\n\n{}",
                words.join(" "),
                usage()
            ))),
        }
    }

    fn test(yes: bool, stage: Option<&&str>, slow: bool) -> Self {
        Self::Test {
            yes,
            only: stage.map(|&stage| stage.to_owned()),
            slow,
        }
    }
}

fn usage() -> String {
    format!(
        "cargo xtask run [-y] [PROJECT]       build everything and open the project (the demo, \
         unless one is named)\n\
         cargo xtask test [-y] [--only STAGE] run every check and test; the stages are\n{:37}{}\n\
         cargo xtask test [-y] --slow         with the slow tests too, which tell their figures\n\
         cargo xtask bundle [-y]              make a .deb in target/bundle\n\
         cargo xtask bindings                 write the page's types into ui/src/bindings\n\
         cargo xtask bench [statistics]       print speeds (those of statistics alone), as ratios \
         against a reference\n\n\
         -y installs missing system packages without asking.",
        "",
        test::names()
    )
}

fn obey(order: Order) -> Result<()> {
    match order {
        Order::Help => {
            println!("{}", usage());
            Ok(())
        }
        Order::Run { yes, project } => show::run(&House::find()?, yes, project.as_deref()),
        Order::Test { yes, only, slow } => test::run(House::find()?, yes, only.as_deref(), slow),
        Order::Bundle { yes } => bundle::run(&House::find()?, yes),
        Order::Bench { statistics } => bench::run(&House::find()?, statistics),
        Order::Bindings => {
            let words = [
                "run",
                "--locked",
                "-p",
                "tiebreak-commands",
                "--example",
                "bindings",
            ];
            process::run(&mut process::cargo(&House::find()?.root, words))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(line: &str) -> Result<Order> {
        Order::of(
            &line
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn the_command_line_is_understood() {
        assert_eq!(order("").unwrap(), Order::Help);
        assert_eq!(order("test --help").unwrap(), Order::Help);
        let demo = Order::Run {
            yes: true,
            project: None,
        };
        assert_eq!(order("run -y").unwrap(), demo);
        let mine = Order::Run {
            yes: false,
            project: Some("my/project".into()),
        };
        assert_eq!(order("run my/project").unwrap(), mine);
        let stage = Order::Test {
            yes: true,
            only: Some("fmt".into()),
            slow: false,
        };
        assert_eq!(order("test --only fmt -y").unwrap(), stage);
        let slow = Order::Test {
            yes: false,
            only: Some("test".into()),
            slow: true,
        };
        assert_eq!(order("test --slow --only test").unwrap(), slow);
        assert_eq!(order("test --only test --slow").unwrap(), slow);
    }

    #[test]
    fn what_is_not_understood_is_answered_with_the_usage() {
        for line in ["tset", "run a b", "run --slow", "test --only", "bindings x"] {
            assert!(
                order(line)
                    .unwrap_err()
                    .to_string()
                    .contains("cargo xtask run"),
                "{line}"
            );
        }
    }
}
