//! The guideline: written by the owner, read by whoever labels.

use tauri::State;
use tiebreak_commands::Result;
use tiebreak_commands::guideline::{self, Guideline, GuidelineText};

use crate::session::Session;

/// The guideline with its versions and flags, for its owner.
#[tauri::command]
pub(crate) async fn guideline_all(session: State<'_, Session>) -> Result<Guideline> {
    guideline::all(&*session.owned().await?, None).await
}

/// Writes a new version; answers whether it is one.
#[tauri::command]
pub(crate) async fn guideline_set(session: State<'_, Session>, text: String) -> Result<bool> {
    let (_, new) = guideline::set(&*session.owned().await?, &text).await?;
    Ok(new)
}

/// The guideline in force.
#[tauri::command]
pub(crate) async fn label_guideline(session: State<'_, Session>) -> Result<Option<GuidelineText>> {
    let (project, _) = session.labelling().await?;
    guideline::read(&project).await
}

/// The annotator was told of a version.
#[tauri::command]
pub(crate) async fn label_guideline_told(session: State<'_, Session>, version: u32) -> Result<()> {
    let (project, who) = session.labelling().await?;
    guideline::told(&project, who.id, version).await
}
