//! Reward models beside people: the owner's.

use std::path::Path;

use tauri::State;
use tauri::ipc::Channel;
use tiebreak_commands::Result;
use tiebreak_commands::compare::{self, CompareReport, CompareRequest};
use tiebreak_commands::models::{self, ModelsReport};
use tiebreak_commands::predict::{self, PredictProgress, PredictReport, PredictRequest};
use tiebreak_commands::predictions::{self, PredictionsReport, PredictionsRequest};
use tiebreak_commands::surface::{self, SurfaceReport, SurfaceRequest};

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

/// Asks a model. `import_cancel` stops it; what was written stays.
#[tauri::command]
pub(crate) async fn predict_run(
    session: State<'_, Session>,
    request: PredictRequest,
    on_progress: Channel<PredictProgress>,
) -> Result<PredictReport> {
    let project = session.owned().await?;
    let cancel = session.begin_import().await;
    // A page that has gone away needs no progress; the run goes on.
    let tell = move |progress| drop(on_progress.send(progress));
    predict::run(&project, &request, &cancel, tell).await
}

/// How much of the labels the surface explains.
#[tauri::command]
pub(crate) async fn surface_run(
    session: State<'_, Session>,
    request: SurfaceRequest,
) -> Result<SurfaceReport> {
    surface::run(&*session.owned().await?, request).await
}
