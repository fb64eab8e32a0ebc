//! `tiebreak-desktop`: the window of Tiebreak. Everything is in the library, where tests reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    tiebreak_desktop::start(std::env::args_os().skip(1))
}
