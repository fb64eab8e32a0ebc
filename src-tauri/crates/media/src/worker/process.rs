//! One running worker: its pipes, and the watch that ends it when an answer is overdue.
//!
//! Reading and writing block; what unblocks them is the child's death, which closes the pipes. So
//! the deadline is a thread that kills, and everything else can be plain.

use std::io::{self, BufReader, BufWriter};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::WorkerError;
use super::protocol::{self, Message};

/// The most bytes of an answer: the largest frame, and some.
const MAX_ANSWER: u64 = 64 * 1024 * 1024;

/// A child that can be asked. Dropping it ends it.
pub(super) struct Running {
    child: Arc<Mutex<Child>>,
    input: BufWriter<ChildStdin>,
    output: BufReader<ChildStdout>,
    watch: Sender<Option<Instant>>,
    overdue: Arc<AtomicBool>,
    asked: u64,
}

impl Running {
    /// Starts the program in a role. It must be called from a thread that outlives the child: the
    /// system ends the child with the thread that started it.
    pub(super) fn start(program: &Path, role: &str) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg(role)
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            // What it compiles for a model is not kept: the worker writes no file.
            .env("MESA_SHADER_CACHE_DISABLE", "true")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let no_pipe = || io::Error::other("the worker has no pipe");
        let input = child.stdin.take().ok_or_else(no_pipe)?;
        let output = child.stdout.take().ok_or_else(no_pipe)?;
        let child = Arc::new(Mutex::new(child));
        let overdue = Arc::new(AtomicBool::new(false));
        let (watch, deadlines) = channel();
        let (watched, late) = (Arc::clone(&child), Arc::clone(&overdue));
        std::thread::Builder::new()
            .name("worker-watch".to_owned())
            .spawn(move || keep_watch(&deadlines, &watched, &late))?;
        Ok(Self {
            child,
            input: BufWriter::new(input),
            output: BufReader::with_capacity(256 * 1024, output),
            watch,
            overdue,
            asked: 0,
        })
    }

    /// Whether it still runs.
    pub(super) fn alive(&self) -> bool {
        matches!(locked(&self.child).try_wait(), Ok(None))
    }

    /// Its process id.
    pub(super) fn id(&self) -> u32 {
        locked(&self.child).id()
    }

    /// Asks, and waits for the answer, but not longer than `limit`. After an error the child is
    /// of no use any more.
    pub(super) fn ask<Q: Serialize, A: DeserializeOwned>(
        &mut self,
        says: &Q,
        body: &[&[u8]],
        limit: Duration,
    ) -> Result<Message<A>, WorkerError> {
        self.asked += 1;
        let id = self.asked;
        let _ = self.watch.send(Some(Instant::now() + limit));
        let answered = protocol::write(&mut self.input, id, says, body)
            .and_then(|()| protocol::read(&mut self.output, MAX_ANSWER));
        let _ = self.watch.send(None);
        match answered {
            Ok(Some(message)) if message.id == id => Ok(message),
            Ok(Some(_)) => Err(self.broken("it answered another question")),
            Ok(None) => Err(self.broken("it ended without an answer")),
            Err(error) => Err(self.broken(&error.to_string())),
        }
    }

    fn broken(&self, how: &str) -> WorkerError {
        if self.overdue.load(Ordering::SeqCst) {
            return WorkerError::TooLong;
        }
        let status = end(&self.child);
        WorkerError::Died {
            detail: format!("{how}{status}"),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&self.child);
    }
}

/// Ends the child and takes it off the system's list; says how it had ended.
fn end(child: &Mutex<Child>) -> String {
    let mut child = locked(child);
    let _ = child.kill();
    child
        .wait()
        .map_or_else(|_| String::new(), |status| format!(" ({status})"))
}

/// Kills the child when the last deadline it was told of passes; ends with its owner.
fn keep_watch(deadlines: &Receiver<Option<Instant>>, child: &Mutex<Child>, overdue: &AtomicBool) {
    let mut deadline: Option<Instant> = None;
    loop {
        let news = match deadline {
            None => deadlines.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(at) => deadlines.recv_timeout(at.saturating_duration_since(Instant::now())),
        };
        match news {
            Ok(next) => deadline = next,
            Err(RecvTimeoutError::Timeout) => {
                overdue.store(true, Ordering::SeqCst);
                let _ = locked(child).kill();
                deadline = None;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
