//! What the tests had to leave out where they ran, as they say it themselves: told again beside the
//! totals, so that a run that passes does not look like more than it was.

/// Begins what a test says of a part that it leaves out. The tests of other packages write it out
/// (`src-tauri/crates/exchange/tests/common`): they know nothing of this program.
pub const MARK: &str = "left out: ";

/// What the tests said, in their order.
pub(crate) fn told(output: &str) -> impl Iterator<Item = &str> {
    // The name of the test that says it can stand before it.
    let lines = output.lines().filter_map(|line| line.split_once(MARK));
    lines.map(|(_, what)| what.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_out_is_found_wherever_it_stands_in_a_line() {
        let output = "running 2 tests\nleft out: this\ntest a_test ... left out: and that\nok\n";
        assert_eq!(told(output).collect::<Vec<_>>(), ["this", "and that"]);
        assert_eq!(told("test nothing_is_left ... ok\n").count(), 0);
    }
}
