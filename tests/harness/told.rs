//! What must be known of a run even where every test passes: it is said past the output that a test
//! captures, and what was left out is told again by `cargo xtask test` at its end.

use std::io::Write as _;

use xtask::left_out;

/// Says what a test file leaves out here, and why.
pub fn left_out(what: &str) {
    past_the_capture(&format!("{}{what}", left_out::MARK));
}

/// Whether a line says that something is left out.
pub fn is_left_out(line: &str) -> bool {
    line.starts_with(left_out::MARK)
}

/// Writes a line of its own: the name of the test that runs may stand on the one before.
pub fn past_the_capture(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{line}").unwrap();
}
