//! Commit, then reveal: what the owner sets, and what an annotator is told after his vote.

use tauri::State;
use tiebreak_commands::Result;
use tiebreak_commands::reveal::{self, RevealRequest, RevealSettings, RevealsReport};
use tiebreak_domain::{AssignmentId, Told};

use crate::session::Session;

/// What is set.
#[tauri::command]
pub(crate) async fn reveal_settings(session: State<'_, Session>) -> Result<RevealSettings> {
    reveal::show(&*session.owned().await?).await
}

/// Sets it.
#[tauri::command]
pub(crate) async fn reveal_set(
    session: State<'_, Session>,
    request: RevealRequest,
) -> Result<RevealSettings> {
    reveal::set(&*session.owned().await?, request).await
}

/// What the model says of a question whose vote is stored.
#[tauri::command]
pub(crate) async fn label_reveal(
    session: State<'_, Session>,
    assignment: AssignmentId,
) -> Result<Told> {
    let (project, who) = session.labelling().await?;
    reveal::told(&project, who.id, assignment).await
}

/// What was voted and what the model says, once nothing is left.
#[tauri::command]
pub(crate) async fn label_reveals(
    session: State<'_, Session>,
    offset: u32,
) -> Result<RevealsReport> {
    let (project, who) = session.labelling().await?;
    reveal::told_at_end(&project, who.id, offset).await
}
