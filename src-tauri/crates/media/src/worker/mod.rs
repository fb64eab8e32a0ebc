//! The client of `tiebreak-worker`: a process of its own for what may hang, crash or eat memory.
//!
//! Every file is hostile input, and the libraries that parse and draw it panic, abort and loop. So
//! they run in a child process with limits of its own, one per role, and this side holds the
//! clock: a request that is not answered in time costs the child its life and that one request its
//! answer. The next request finds a new child. This side links nothing that draws or decodes.
//!
//! The worker never opens a file: it is sent bytes, and what it may know is in them.

mod client;
mod error;
mod find;
mod process;
pub mod protocol;
mod scene;

pub use client::SceneWorker;
pub use error::WorkerError;
pub use find::worker_program;
pub use scene::{Answer, Ask, Frame, MAX_SCENE_BYTES, MAX_SIDE, SceneFiles, SceneKind, View};
