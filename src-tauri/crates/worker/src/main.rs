//! `tiebreak-worker`: parses and draws what may kill it.
//!
//! It is started by the program, one child per role, and speaks over its standard input and
//! output (see `tiebreak_media::worker`). It opens no file, fetches nothing, limits itself before
//! it reads the first byte, and ends when the program closes its end or dies.

mod limits;
mod scene;
mod serve;

use std::process::ExitCode;

const USAGE: &str =
    "tiebreak-worker ROLE\n\nStarted by Tiebreak itself. Roles: scene (draws 3D models).";

fn main() -> ExitCode {
    let role = std::env::args().nth(1);
    let outcome = match role.as_deref() {
        Some("scene") => limits::set().and_then(|()| serve::scene()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tiebreak-worker: {error}");
            ExitCode::FAILURE
        }
    }
}
