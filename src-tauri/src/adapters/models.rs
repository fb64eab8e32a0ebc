//! Reward models beside people: the owner's.

use std::path::Path;

use tauri::State;
use tauri::ipc::Channel;
use tiebreak_commands::compare::{self, CompareReport, CompareRequest};
use tiebreak_commands::models::{self, ModelsReport};
use tiebreak_commands::predict::{self, PredictProgress, PredictReport, PredictRequest};
use tiebreak_commands::predictions::{self, PredictionsReport, PredictionsRequest};
use tiebreak_commands::surface::{self, SurfaceReport, SurfaceRequest};
use tiebreak_commands::{CommandError, Result};

use crate::session::Session;

/// Takes in what a model said elsewhere.
#[tauri::command]
pub(crate) async fn predictions_import(
    session: State<'_, Session>,
    request: PredictionsRequest,
) -> Result<PredictionsReport> {
    predictions::import(&*session.owned().await?, request).await
}

/// What reward models are worth beside people.
#[tauri::command]
pub(crate) async fn compare_run(
    session: State<'_, Session>,
    request: CompareRequest,
) -> Result<CompareReport> {
    compare::run(&*session.owned().await?, request).await
}

/// Which models can be asked: the built-in one, and those of a folder.
#[tauri::command]
pub(crate) async fn models_list(
    session: State<'_, Session>,
    folder: Option<String>,
) -> Result<ModelsReport> {
    session.owned().await?;
    models::list(folder.as_deref().map(Path::new)).await
}

/// Asks a model: one at a time.
#[tauri::command]
pub(crate) async fn predict_run(
    session: State<'_, Session>,
    request: PredictRequest,
    on_progress: Channel<PredictProgress>,
) -> Result<PredictReport> {
    let project = session.owned().await?;
    let busy = "a reward model is being asked already: wait until it is done, or stop it";
    let held = session.asking.try_lock();
    let _held = held.map_err(|_| CommandError::new("busy", busy))?;
    let cancel = session.begin_asking().await;
    // A page that has gone away needs no progress; the run goes on.
    let tell = move |progress| drop(on_progress.send(progress));
    predict::run(&project, &request, &cancel, tell).await
}

/// Stops the model that is being asked; what was written stays.
#[tauri::command]
pub(crate) async fn predict_cancel(session: State<'_, Session>) -> Result<()> {
    session.owned().await?;
    session.cancel_asking().await;
    Ok(())
}

/// How much of the labels the surface explains.
#[tauri::command]
pub(crate) async fn surface_run(
    session: State<'_, Session>,
    request: SurfaceRequest,
) -> Result<SurfaceReport> {
    surface::run(&*session.owned().await?, request).await
}
