//! 3D models, drawn by the worker and sent as plain pixels.
//!
//! What the page hears of a failure names no file and no path: they may tell who answered. The
//! log has the rest.

use std::sync::Arc;

use tauri::State;
use tauri::async_runtime::{block_on, spawn_blocking};
use tauri::ipc::Response;
use tiebreak_commands::{CommandError, Project, Result, media};
use tiebreak_domain::MediaId;
use tiebreak_media::worker::{SceneFiles, SceneWorker, View, WorkerError};

use crate::media_server::MediaServer;
use crate::session::Session;

/// Takes a model in, ahead of its first frame. Answers what of it does not show, in sentences.
#[tauri::command]
pub(crate) async fn scene_load(
    session: State<'_, Session>,
    server: State<'_, Option<MediaServer>>,
    worker: State<'_, Arc<SceneWorker>>,
    id: String,
) -> Result<Vec<String>> {
    let (project, medium) = (session.project().await?, medium(server.as_ref(), &id)?);
    let worker = Arc::clone(&worker);
    off_the_page(move || Ok(worker.load(&id, files(&project, medium)?)?)).await
}

/// Draws a model: RGBA, eight bits a channel, rows from the top.
#[tauri::command]
pub(crate) async fn scene_frame(
    session: State<'_, Session>,
    server: State<'_, Option<MediaServer>>,
    worker: State<'_, Arc<SceneWorker>>,
    id: String,
    view: View,
) -> Result<Response> {
    let (project, medium) = (session.project().await?, medium(server.as_ref(), &id)?);
    let worker = Arc::clone(&worker);
    let draw = move || worker.show(&id, view, || files(&project, medium));
    Ok(Response::new(off_the_page(draw).await?.rgba))
}

/// Why a model is not shown: for the page, and for the log.
struct Trouble {
    sentence: String,
    code: String,
    detail: String,
}

impl From<WorkerError> for Trouble {
    fn from(error: WorkerError) -> Self {
        Self {
            sentence: error.to_string(),
            code: "scene".to_owned(),
            detail: error.detail(),
        }
    }
}

/// The worker is asked from a thread that may wait.
async fn off_the_page<T: Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, Trouble> + Send + 'static,
) -> Result<T> {
    let done = spawn_blocking(work).await;
    let done = done.map_err(|_| CommandError::new("scene", "This model cannot be shown."))?;
    done.map_err(|trouble| {
        let Trouble {
            sentence,
            code,
            detail,
        } = trouble;
        tracing::warn!(code, detail, "a model is not shown: {sentence}");
        CommandError::new(&code, sentence)
    })
}

fn files(project: &Project, medium: MediaId) -> std::result::Result<SceneFiles, Trouble> {
    block_on(media::scene(project, medium)).map_err(|error| Trouble {
        sentence: "This model cannot be shown: its file, or one that belongs to it, cannot be \
                   read."
            .to_owned(),
        // Its words may name a file, which is not for a log that an annotator can read.
        detail: "its files".to_owned(),
        code: error.code,
    })
}

fn medium(server: Option<&MediaServer>, id: &str) -> Result<MediaId> {
    server
        .and_then(|server| server.tickets().media(id))
        .ok_or_else(|| {
            CommandError::new(
                "no_such_model",
                "This model cannot be shown: its file is missing or has changed.",
            )
        })
}
