//! What this process may cost, set before it reads anything.

use std::io;

use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};

/// Address space, in bytes. The software renderer maps some hundred MiB that it never touches.
const ADDRESS_SPACE: u64 = 3 * 1024 * 1024 * 1024;
/// Files open at a time: the pipes, the libraries while they are loaded, a graphics device.
const OPEN_FILES: u64 = 64;

/// Limits this process, and ties its life to that of the program.
pub fn set() -> io::Result<()> {
    // The program's end closes the pipe too; this ends a worker that is busy with a model then.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    limit(Resource::As, ADDRESS_SPACE)?;
    limit(Resource::Nofile, OPEN_FILES)?;
    limit(Resource::Core, 0)
}

fn limit(what: Resource, most: u64) -> io::Result<()> {
    let bound = Some(most);
    let limit = Rlimit {
        current: bound,
        maximum: bound,
    };
    Ok(setrlimit(what, limit)?)
}
