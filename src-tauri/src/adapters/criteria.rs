//! The owner's work on criteria, the phases, and how the benchmark came about.

use tauri::State;
use tiebreak_commands::Result;
use tiebreak_commands::criteria::{
    self, CriteriaPage, CriteriaRequest, EditPreview, EditReceipt, GroupReceipt, SameReceipt,
    Suggestions,
};
use tiebreak_commands::drops::{self, DropOutcome, DropRequest};
use tiebreak_commands::phases::{self, PhaseReport};
use tiebreak_commands::protocol::{self, ProtocolReport, ProtocolRequest};
use tiebreak_domain::{CriterionId, EditKind, PairId, Phase};

use crate::session::Session;

/// A page of criteria.
#[tauri::command]
pub(crate) async fn criteria_list(
    session: State<'_, Session>,
    request: CriteriaRequest,
) -> Result<CriteriaPage> {
    criteria::list(&*session.owned().await?, &request).await
}

/// What may say the same, or belong to a group.
#[tauri::command]
pub(crate) async fn criteria_suggest(
    session: State<'_, Session>,
    limit: usize,
) -> Result<Suggestions> {
    criteria::suggest(&*session.owned().await?, limit).await
}

/// What an edit of a criterion would do.
#[tauri::command]
pub(crate) async fn criterion_edit_preview(
    session: State<'_, Session>,
    criterion: CriterionId,
) -> Result<EditPreview> {
    criteria::preview_edit(&*session.owned().await?, criterion).await
}

/// Edits a criterion's sentence.
#[tauri::command]
pub(crate) async fn criterion_edit(
    session: State<'_, Session>,
    criterion: CriterionId,
    text: String,
    kind: EditKind,
) -> Result<EditReceipt> {
    criteria::edit(&*session.owned().await?, criterion, &text, kind, None).await
}

/// Says that questions of a pair say the same.
#[tauri::command]
pub(crate) async fn criteria_same(
    session: State<'_, Session>,
    ids: Vec<String>,
    pair: Option<PairId>,
) -> Result<SameReceipt> {
    criteria::same(&*session.owned().await?, &ids, pair, None).await
}

/// Asks questions apart again.
#[tauri::command]
pub(crate) async fn criteria_apart(
    session: State<'_, Session>,
    ids: Vec<String>,
    pair: Option<PairId>,
) -> Result<SameReceipt> {
    criteria::apart(&*session.owned().await?, &ids, pair, None).await
}

/// Puts criteria into a group, or out of theirs.
#[tauri::command]
pub(crate) async fn criteria_group(
    session: State<'_, Session>,
    criteria: Vec<CriterionId>,
    name: Option<String>,
) -> Result<GroupReceipt> {
    criteria::group(&*session.owned().await?, &criteria, name.as_deref(), None).await
}

/// In which phase the project is, and how far.
#[tauri::command]
pub(crate) async fn phase_report(session: State<'_, Session>) -> Result<PhaseReport> {
    phases::report(&*session.owned().await?).await
}

/// Begins a phase.
#[tauri::command]
pub(crate) async fn phase_begin(session: State<'_, Session>, phase: Phase) -> Result<PhaseReport> {
    phases::begin(&*session.owned().await?, phase, None).await
}

/// What a rule would drop.
#[tauri::command]
pub(crate) async fn drop_preview(
    session: State<'_, Session>,
    request: DropRequest,
) -> Result<DropOutcome> {
    drops::preview(&*session.owned().await?, &request).await
}

/// Drops questions by rule.
#[tauri::command]
pub(crate) async fn drop_run(
    session: State<'_, Session>,
    request: DropRequest,
) -> Result<DropOutcome> {
    drops::run(&*session.owned().await?, &request).await
}

/// How the benchmark came about.
#[tauri::command]
pub(crate) async fn protocol_report(
    session: State<'_, Session>,
    request: ProtocolRequest,
) -> Result<ProtocolReport> {
    protocol::report(&*session.owned().await?, request).await
}
