//! How questions are dealt and which answers are known: the owner's.

use std::path::PathBuf;

use tauri::State;
use tiebreak_commands::Result;
use tiebreak_commands::known::{self, KnownQuestion};
use tiebreak_commands::queues::{self, Queues};
use tiebreak_domain::{AnnotatorId, Order, Role, Verdict};

use crate::session::Session;

/// How questions are dealt, and how far everybody is.
#[tauri::command]
pub(crate) async fn queues_all(session: State<'_, Session>) -> Result<Queues> {
    queues::show(&*session.owned().await?).await
}

/// Deals in another order from now on.
#[tauri::command]
pub(crate) async fn order_set(session: State<'_, Session>, order: Order) -> Result<()> {
    queues::set_order(&*session.owned().await?, order).await
}

/// Gives a place on; answers how many questions went back.
#[tauri::command]
pub(crate) async fn place_free(session: State<'_, Session>, annotator: AnnotatorId) -> Result<u64> {
    queues::free_place(&*session.owned().await?, annotator).await
}

/// The known answers.
#[tauri::command]
pub(crate) async fn known_all(session: State<'_, Session>) -> Result<Vec<KnownQuestion>> {
    known::list(&*session.owned().await?, None).await
}

/// Makes a question a check or one of the practice round.
#[tauri::command]
pub(crate) async fn known_add(
    session: State<'_, Session>,
    role: Role,
    question: String,
    verdict: Verdict,
    explanation: String,
) -> Result<()> {
    let project = session.owned().await?;
    known::add(&project, role, &question, verdict, &explanation).await
}

/// Makes it one like any other again.
#[tauri::command]
pub(crate) async fn known_remove(
    session: State<'_, Session>,
    role: Role,
    question: String,
) -> Result<()> {
    known::remove(&*session.owned().await?, role, &question).await
}

/// Takes all of one role from a file; answers how many were new, changed or removed.
#[tauri::command]
pub(crate) async fn known_set(
    session: State<'_, Session>,
    role: Role,
    path: PathBuf,
) -> Result<u64> {
    known::set(&*session.owned().await?, role, &path).await
}
