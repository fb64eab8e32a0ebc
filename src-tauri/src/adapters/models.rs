//! Reward models beside people: the owner's.

use tauri::State;
use tiebreak_commands::Result;
use tiebreak_commands::compare::{self, CompareReport, CompareRequest};
use tiebreak_commands::predictions::{self, PredictionsReport, PredictionsRequest};

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
