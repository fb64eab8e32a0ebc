//! Running other programs: what is said when one is missing or fails, and how its output is read
//! while a person watches it.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::failure::{Doing as _, Failure, Result};

/// Cargo, the one that runs this program, in the given folder.
pub fn cargo<S: AsRef<OsStr>>(root: &Path, words: impl IntoIterator<Item = S>) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(words).current_dir(root);
    command
}

/// The command line as a person would type it, for messages.
pub fn said(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut line = program
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for word in command.get_args() {
        line.push(' ');
        line.push_str(&word.to_string_lossy());
    }
    line
}

fn missing(command: &Command, error: &std::io::Error) -> Failure {
    let program = Path::new(command.get_program()).display();
    if error.kind() == ErrorKind::NotFound {
        Failure::new(format!(
            "The program {program} is not there; install it and try again."
        ))
    } else {
        Failure::new(format!(
            "The program {program} could not be started: {error}."
        ))
    }
}

pub fn start(command: &mut Command) -> Result<Child> {
    command.spawn().map_err(|error| missing(command, &error))
}

/// Runs to the end, with the terminal as its own; anything but success is a failure.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| missing(command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "`{}` ended with {status}.",
        said(command)
    )))
}

/// What the program wrote, and whether it succeeded; its messages go to the terminal.
pub fn output(command: &mut Command) -> Result<(String, bool)> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| missing(command, &error))?;
    Ok((
        String::from_utf8_lossy(&output.stdout).into_owned(),
        output.status.success(),
    ))
}

/// What the program wrote, whether it succeeded or not; its messages are dropped.
pub fn answer(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| missing(command, &error))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Like [`output`], for a program that must succeed.
pub fn text(command: &mut Command) -> Result<String> {
    match output(command)? {
        (text, true) => Ok(text),
        _ => Err(Failure::new(format!("`{}` failed.", said(command)))),
    }
}

/// Like [`output`], showing each line as it comes.
pub fn watch(command: &mut Command) -> Result<(String, bool)> {
    let mut child = start(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let mut seen = String::new();
    if let Some(stdout) = child.stdout.take() {
        let mut reader = BufReader::new(stdout);
        let mut line = Vec::new();
        while reader
            .read_until(b'\n', &mut line)
            .doing("Reading what a program wrote")?
            > 0
        {
            let text = String::from_utf8_lossy(&line);
            print!("{text}");
            let _ = std::io::stdout().flush();
            seen.push_str(&text);
            line.clear();
        }
    }
    let status = child.wait().doing("Waiting for a program to end")?;
    Ok((seen, status.success()))
}

/// Whether a program is on the path.
pub fn there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// What a program answers to a small question; nothing where it is missing or fails.
pub fn ask(program: &str, words: &[&str]) -> Option<String> {
    let answer = Command::new(program)
        .args(words)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    (answer.status.success() && !text.is_empty()).then_some(text)
}

/// A child that is ended when nobody needs it any more, whatever happened in between.
pub struct Guarded(pub Child);

impl Guarded {
    /// Whether it has ended by itself.
    pub fn ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process as the system knows it; the time tells it from a later one with the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    id: u32,
    parent: u32,
    began: u64,
}

impl Running {
    /// From a line of `/proc/<id>/stat`; a dead process that waits to be read is none.
    fn of(id: u32, stat: &str) -> Option<Self> {
        let (_, after_name) = stat.rsplit_once(')')?;
        let words: Vec<&str> = after_name.split_whitespace().collect();
        let alive = *words.first()? != "Z";
        let (parent, began) = (words.get(1)?.parse().ok()?, words.get(19)?.parse().ok()?);
        alive.then_some(Self { id, parent, began })
    }

    fn now(id: u32) -> Option<Self> {
        Self::of(
            id,
            &std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?,
        )
    }

    pub fn id(self) -> u32 {
        self.id
    }

    /// Asks it to end, unless it is gone already.
    pub fn end(self) {
        if Self::now(self.id).is_some_and(|now| now.began == self.began) {
            let kill = format!("kill {}", self.id);
            let _ = Command::new("sh")
                .args(["-c", &kill])
                .stderr(Stdio::null())
                .status();
        }
    }
}

/// The processes that one started, its children's children among them.
pub fn offspring(parent: u32) -> Vec<Running> {
    let all: Vec<Running> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Running::now(entry.file_name().to_str()?.parse().ok()?))
        .collect();
    let mut found: Vec<Running> = Vec::new();
    let mut parents = vec![parent];
    while let Some(parent) = parents.pop() {
        let children = all.iter().filter(|process| process.parent == parent);
        parents.extend(children.clone().map(|child| child.id));
        found.extend(children);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_from_its_line_and_a_dead_one_is_none() {
        let line = "12 (a (b) c) S 7 12 12 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 0 0";
        assert_eq!(
            Running::of(12, line),
            Some(Running {
                id: 12,
                parent: 7,
                began: 4711
            })
        );
        assert_eq!(Running::of(12, &line.replace(" S ", " Z ")), None);
        assert_eq!(Running::of(12, ""), None);
    }

    #[test]
    fn a_child_is_found_and_ended() {
        let mut child = Guarded(Command::new("sleep").arg("60").spawn().unwrap());
        let id = child.0.id();
        let found = offspring(std::process::id())
            .into_iter()
            .find(|one| one.id == id)
            .unwrap();
        Running {
            began: found.began + 1,
            ..found
        }
        .end();
        assert!(!child.ended());
        found.end();
        assert!(!child.0.wait().unwrap().success());
    }

    #[test]
    fn a_missing_program_is_a_sentence() {
        let failure = run(&mut Command::new("no-such-program-anywhere")).unwrap_err();
        assert!(
            failure
                .to_string()
                .contains("no-such-program-anywhere is not there")
        );
    }
}
