//! One running program: its pipes, each on a thread of its own, so that nothing it does or leaves
//! undone can hold up the run past its deadline.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::Program;

/// The longest answer, in bytes.
const MAX_LINE: u64 = 4 * 1024 * 1024;
/// How much of what it wrote to standard error is kept, in bytes, and how much of that is told.
const KEPT_OF_STDERR: usize = 4096;
const TOLD_OF_STDERR: usize = 300;
/// How often a cancelled run is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// Its output ended.
    Died,
    /// It took longer than this.
    Late(Duration),
    /// The run was cancelled.
    Cancelled,
    /// What it wrote is no line of text of any reasonable length.
    Garbled(String),
}

type Line = Result<String, String>;

/// A program that can be asked. Dropping it ends it, and all that it has started.
pub(super) struct Running {
    child: Child,
    questions: Sender<String>,
    answers: Receiver<Line>,
    /// A line that came before it was asked for.
    more: Mutex<Option<Line>>,
    stderr: Arc<Mutex<Vec<u8>>>,
    ended: bool,
}

impl Running {
    /// Starts it in its folder: no shell, a process group of its own, so that a key meant for us does
    /// not reach it and all of it can be ended.
    pub(super) fn start(told: &Program) -> Result<Self, String> {
        let program = told.program.display();
        let mut child = Command::new(&told.program)
            .args(&told.arguments)
            .current_dir(&told.folder)
            .env("PYTHONUNBUFFERED", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| format!("{program} could not be started: {error}"))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err(format!("{program} has no pipes"));
        };
        let (questions, to_write) = channel();
        // A program that floods its output waits until somebody reads it.
        let (read, answers) = sync_channel(2);
        let stderr = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&stderr);
        let thread = |name: &str, work: Box<dyn FnOnce() + Send>| {
            let thread = std::thread::Builder::new().name(format!("model-{name}"));
            thread.spawn(work).map(drop)
        };
        thread("input", Box::new(move || write_all(input, &to_write)))
            .and_then(|()| thread("output", Box::new(move || read_lines(output, &read))))
            .and_then(|()| thread("errors", Box::new(move || keep_end(errors, &kept))))
            .map_err(|error| format!("no thread could be started: {error}"))?;
        Ok(Self {
            child,
            questions,
            answers,
            more: Mutex::new(None),
            stderr,
            ended: false,
        })
    }

    /// Whether it has written something that nobody asked for yet.
    pub(super) fn has_more(&self) -> bool {
        let mut more = locked(&self.more);
        if more.is_none() {
            *more = self.answers.try_recv().ok();
        }
        more.is_some()
    }

    /// Sends a line and waits for one.
    pub(super) fn ask(
        &mut self,
        question: String,
        limit: Duration,
        cancelled: &AtomicBool,
    ) -> Result<String, Ended> {
        let end = Instant::now() + limit;
        self.questions.send(question).map_err(|_| Ended::Died)?;
        loop {
            if cancelled.load(Ordering::SeqCst) {
                return Err(Ended::Cancelled);
            }
            let left = end.saturating_duration_since(Instant::now());
            match self.answers.recv_timeout(left.min(LOOK)) {
                Ok(line) => return line.map_err(Ended::Garbled),
                Err(RecvTimeoutError::Disconnected) => return Err(Ended::Died),
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return Err(Ended::Late(limit)),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Ends it and says in a sentence what happened, with the end of what it wrote to standard error.
    pub(super) fn end(&mut self, ended: &Ended) -> String {
        let status = match ended {
            // It may still be ending by itself, and how it does is what one wants to know.
            Ended::Died => self.wait_for(Duration::from_secs(2)),
            _ => None,
        };
        self.kill();
        let what = match (ended, status) {
            (Ended::Late(limit), _) => {
                format!("it gave no answer within {} seconds", limit.as_secs())
            }
            (Ended::Cancelled, _) => "the run was cancelled".to_owned(),
            (_, Some(status)) => format!("the program ended ({status})"),
            (_, None) => "the program closed its output".to_owned(),
        };
        match self.last_words() {
            words if words.is_empty() => what,
            words => format!("{what}: {words}"),
        }
    }

    fn wait_for(&mut self, most: Duration) -> Option<std::process::ExitStatus> {
        let end = Instant::now() + most;
        while Instant::now() < end {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }

    fn kill(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        // Its group first, while the child, not yet waited for, still holds the number; one that has
        // ended by itself was waited for a moment ago, and what it started may still run.
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn last_words(&self) -> String {
        // What a program that ended wrote last is in the pipe: its reader is given a moment.
        std::thread::sleep(Duration::from_millis(20));
        let bytes = locked(&self.stderr);
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.split_whitespace().collect();
        let words = lines.join(" ");
        let skip = words.chars().count().saturating_sub(TOLD_OF_STDERR);
        let told: String = words
            .chars()
            .filter(|c| !c.is_control())
            .skip(skip)
            .collect();
        if skip > 0 {
            format!("… {told}")
        } else {
            told
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

fn write_all(mut input: ChildStdin, questions: &Receiver<String>) {
    for question in questions {
        let written = input.write_all(question.as_bytes());
        if written.and_then(|()| input.flush()).is_err() {
            // Who does not read has ended, or will be late: the other end says which.
            return;
        }
    }
}

fn read_lines(output: ChildStdout, lines: &SyncSender<Line>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        let read = output.by_ref().take(MAX_LINE).read_until(b'\n', &mut line);
        let line = match read {
            Ok(0) | Err(_) => return,
            Ok(_) if line.len() as u64 == MAX_LINE => {
                Err(format!("its answer is longer than {MAX_LINE} bytes"))
            }
            // What came with it in one piece would be taken for the answer to the next question.
            Ok(_) if !output.buffer().is_empty() => Err("it wrote more than one line".to_owned()),
            Ok(_) => {
                String::from_utf8(line).map_err(|_| "its answer is no text (UTF-8)".to_owned())
            }
        };
        if lines.send(line).is_err() {
            return;
        }
    }
}

fn keep_end(mut errors: ChildStderr, kept: &Mutex<Vec<u8>>) {
    let mut piece = [0; 1024];
    loop {
        match errors.read(&mut piece) {
            Ok(0) | Err(_) => return,
            Ok(read) => {
                let mut kept = locked(kept);
                kept.extend_from_slice(&piece[..read]);
                let over = kept.len().saturating_sub(KEPT_OF_STDERR);
                kept.drain(..over);
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
