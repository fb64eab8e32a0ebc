//! How many tests ran, read from what cargo and vitest print.

use std::fmt;
use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub ignored: u64,
}

impl Counts {
    /// Sums cargo's lines `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
    pub fn of_cargo(output: &str) -> Self {
        let mut sum = Self::default();
        for line in output.lines() {
            // A test that prints without a line's end can stand before it.
            if let Some((_, result)) = line.split_once("test result: ") {
                let result = result.split_once(". ").map_or(result, |(_, counts)| counts);
                sum.add(result.split(';'));
            }
        }
        sum
    }

    /// Reads vitest's line `Tests  1 failed | 20 passed | 2 skipped (23)`.
    pub fn of_vitest(output: &str) -> Self {
        let mut sum = Self::default();
        for line in output.lines() {
            let line = without_colours(line);
            if let Some(counts) = line.trim().strip_prefix("Tests  ") {
                let counts = counts.split_once('(').map_or(counts, |(counts, _)| counts);
                sum.add(counts.split('|'));
            }
        }
        sum
    }

    fn add<'a>(&mut self, parts: impl Iterator<Item = &'a str>) {
        for part in parts {
            let mut words = part.split_whitespace();
            let (Some(Ok(number)), Some(kind)) =
                (words.next().map(str::parse::<u64>), words.next())
            else {
                continue;
            };
            match kind {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" | "skipped" | "todo" => self.ignored += number,
                _ => {}
            }
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 {
            write!(f, ", {} not run", self.ignored)?;
        }
        Ok(())
    }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_lines_are_summed() {
        let output = "running 2 tests\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.1s\n\
            noise test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n\
            test result: pending\n";
        assert_eq!(
            Counts::of_cargo(output),
            Counts {
                passed: 15,
                failed: 2,
                ignored: 1
            }
        );
        assert_eq!(Counts::of_cargo(""), Counts::default());
    }

    #[test]
    fn vitests_line_is_read_with_and_without_colours() {
        let plain =
            " Test Files  3 passed (3)\n      Tests  1 failed | 20 passed | 2 skipped (23)\n";
        assert_eq!(
            Counts::of_vitest(plain),
            Counts {
                passed: 20,
                failed: 1,
                ignored: 2
            }
        );
        let bright =
            "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m7 passed\u{1b}[39m\u{1b}[22m (7)";
        assert_eq!(Counts::of_vitest(bright).passed, 7);
    }

    #[test]
    fn they_add_up_to_one_line() {
        let mut sum = Counts {
            passed: 1,
            failed: 0,
            ignored: 0,
        };
        sum += Counts {
            passed: 2,
            failed: 0,
            ignored: 0,
        };
        assert_eq!(sum.to_string(), "3 passed, 0 failed");
        sum.ignored = 4;
        assert_eq!(sum.to_string(), "3 passed, 0 failed, 4 not run");
    }
}
