//! Models drawn by a worker: asked from any thread, served one after the other.
//!
//! One thread owns the child. It starts it when it is first needed and again after each death;
//! never twice for one request, so that a model which kills the worker costs one start.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::error::WorkerError;
use super::process::Running;
use super::protocol::Message;
use super::scene::{Answer, Ask, Frame, MAX_SCENE_BYTES, SceneFiles, View};

/// How long a frame may take.
const FRAME_LIMIT: Duration = Duration::from_secs(3);
/// How long a small model may take to be read, the start of a worker included.
const LOAD_LIMIT: Duration = Duration::from_secs(8);
/// How much longer each 16 MiB of it may take.
const LOAD_MORE: Duration = Duration::from_secs(1);
/// How long any model may take.
const LOAD_MOST: Duration = Duration::from_secs(20);

type Outcome = Result<Message<Answer>, WorkerError>;

struct Job {
    ask: Ask,
    body: Vec<Vec<u8>>,
    limit: Duration,
    reply: Sender<Outcome>,
}

/// The worker in the role `scene`. Its process starts with the first request and ends with this.
pub struct SceneWorker {
    jobs: Mutex<Sender<Job>>,
    process: Arc<AtomicU32>,
}

impl SceneWorker {
    /// A client of the worker's program; nothing is started yet.
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        let (jobs, queue) = channel();
        let process = Arc::new(AtomicU32::new(0));
        let shown = Arc::clone(&process);
        // Where no thread can be had, every request says that there is no worker.
        let _ = std::thread::Builder::new()
            .name("scene-worker".to_owned())
            .spawn(move || serve(&program, &queue, &shown));
        Self {
            jobs: Mutex::new(jobs),
            process,
        }
    }

    /// The child's process id; 0 before the first request.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.process.load(Ordering::SeqCst)
    }

    /// Sends a model. Returns what of it does not show, as sentences that name no file.
    ///
    /// # Errors
    /// A sentence: the model is refused, takes too long, or ends the worker.
    pub fn load(&self, key: &str, model: SceneFiles) -> Result<Vec<String>, WorkerError> {
        let total: u64 = model.files.iter().map(|(_, b)| b.len() as u64).sum();
        if total > MAX_SCENE_BYTES {
            return Err(WorkerError::TooLarge);
        }
        let (names, body): (Vec<_>, Vec<_>) = model
            .files
            .into_iter()
            .map(|(name, bytes)| ((name, bytes.len() as u64), bytes))
            .unzip();
        let ask = Ask::Load {
            key: key.to_owned(),
            kind: model.kind,
            files: names,
        };
        match self.turn(ask, body, load_limit(total))?.says {
            Answer::Loaded { remarks } => Ok(remarks),
            other => Err(unexpected(other)),
        }
    }

    /// Draws a model that was loaded.
    ///
    /// # Errors
    /// [`WorkerError::NotLoaded`] where it has to be sent first; else a sentence.
    pub fn frame(&self, key: &str, view: View) -> Result<Frame, WorkerError> {
        let ask = Ask::Frame {
            key: key.to_owned(),
            view,
        };
        let message = self.turn(ask, Vec::new(), FRAME_LIMIT)?;
        match message.says {
            Answer::Frame { width, height } => Ok(Frame {
                width,
                height,
                rgba: message.body,
            }),
            other => Err(unexpected(other)),
        }
    }

    /// Draws a model, and sends it first where the worker does not have it or died over it: a new
    /// worker knows nothing. `model` is asked for the bytes at most once.
    ///
    /// # Errors
    /// What `model` says, or the worker.
    pub fn show<E: From<WorkerError>>(
        &self,
        key: &str,
        view: View,
        model: impl FnOnce() -> Result<SceneFiles, E>,
    ) -> Result<Frame, E> {
        match self.frame(key, view) {
            Err(WorkerError::NotLoaded | WorkerError::Died { .. }) => {
                self.load(key, model()?)?;
                Ok(self.frame(key, view)?)
            }
            drawn => Ok(drawn?),
        }
    }

    fn turn(&self, ask: Ask, body: Vec<Vec<u8>>, limit: Duration) -> Outcome {
        let gone = || WorkerError::NoWorker {
            source: std::io::Error::other("the thread that asks it is gone"),
        };
        let (reply, answer) = channel();
        let job = Job {
            ask,
            body,
            limit,
            reply,
        };
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.send(job).map_err(|_| gone())?;
        drop(jobs);
        answer.recv().map_err(|_| gone())?
    }
}

fn load_limit(bytes: u64) -> Duration {
    let pieces = u32::try_from(bytes / (16 * 1024 * 1024)).unwrap_or(u32::MAX);
    (LOAD_LIMIT + LOAD_MORE.saturating_mul(pieces)).min(LOAD_MOST)
}

fn unexpected(answer: Answer) -> WorkerError {
    match answer {
        Answer::Missing => WorkerError::NotLoaded,
        Answer::Refused { why, detail } => WorkerError::Refused { why, detail },
        other => WorkerError::Died {
            detail: format!("it answered {other:?}"),
        },
    }
}

/// Answers one request after the other; the child lives as long as this thread.
fn serve(program: &Path, queue: &Receiver<Job>, shown: &AtomicU32) {
    let mut running: Option<Running> = None;
    for job in queue {
        let outcome = serve_one(program, &mut running, shown, &job);
        if outcome.is_err() {
            running = None;
        }
        // Who asked may have gone: nothing is owed then.
        let _ = job.reply.send(outcome);
    }
}

fn serve_one(
    program: &Path,
    running: &mut Option<Running>,
    shown: &AtomicU32,
    job: &Job,
) -> Outcome {
    if running.as_ref().is_some_and(|child| !child.alive()) {
        *running = None;
    }
    let child = match running {
        Some(child) => child,
        None => {
            let started = Running::start(program, "scene")
                .map_err(|source| WorkerError::NoWorker { source })?;
            shown.store(started.id(), Ordering::SeqCst);
            running.insert(started)
        }
    };
    let pieces: Vec<&[u8]> = job.body.iter().map(Vec::as_slice).collect();
    child.ask(&job.ask, &pieces, job.limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::SceneKind;

    fn view() -> View {
        View {
            width: 8,
            height: 8,
            yaw: 0.0,
            pitch: 0.0,
            zoom: 1.0,
            pan_x: 0.0,
            pan_y: 0.0,
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_said() {
        let worker = SceneWorker::new("/no/such/program".into());
        let error = worker.frame("a", view()).unwrap_err();
        assert!(matches!(error, WorkerError::NoWorker { .. }), "{error:?}");
    }

    #[test]
    fn a_program_that_is_no_worker_is_ended_and_said() {
        for program in ["/bin/true", "/bin/cat"] {
            let worker = SceneWorker::new(program.into());
            let files = SceneFiles {
                kind: SceneKind::Stl,
                files: vec![("a".to_owned(), vec![0; 100_000])],
            };
            let error = worker.load("a", files).unwrap_err();
            assert!(matches!(error, WorkerError::Died { .. }), "{error:?}");
        }
    }

    #[test]
    fn larger_models_get_more_time() {
        assert_eq!(load_limit(0), LOAD_LIMIT);
        assert_eq!(load_limit(MAX_SCENE_BYTES), LOAD_MOST);
    }
}
