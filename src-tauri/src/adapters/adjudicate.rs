//! Adjudicating, as the owner's page asks for it. Votes reach the page only after the adjudicator's
//! own decision is on disk.

use tauri::State;
use tiebreak_commands::adjudicate::{
    self, AdjudicateOptions, DecideRequest, NextToAdjudicate, Revealed, SettleReceipt,
    SettleRequest, ToAdjudicate,
};
use tiebreak_commands::dto::AnnotatorName;
use tiebreak_commands::resolve::{
    self, ResolutionInfo, ResolveRequest, ReverseReport, RuleOutcome,
};
use tiebreak_commands::{Result, annotators};
use tiebreak_domain::{Action, AnnotatorId, Binding, QuestionId};

use super::label::{APP, view_for_page};
use crate::media_server::MediaServer;
use crate::session::Session;

/// Whoever adjudicates under this name; a new name is added.
#[tauri::command]
pub(crate) async fn adjudicator_pick(
    session: State<'_, Session>,
    name: String,
) -> Result<AnnotatorName> {
    annotators::find_or_add(&*session.owned().await?, &name).await
}

/// The adjudicator's keys.
#[tauri::command]
pub(crate) async fn adjudicator_keys(
    session: State<'_, Session>,
    adjudicator: AnnotatorId,
) -> Result<Vec<Binding>> {
    annotators::keys(&*session.owned().await?, adjudicator).await
}

/// Moves one of his actions to another key, or switches it off.
#[tauri::command]
pub(crate) async fn adjudicator_keys_bind(
    session: State<'_, Session>,
    adjudicator: AnnotatorId,
    action: Action,
    key: Option<String>,
    shift: bool,
) -> Result<Vec<Binding>> {
    let key = key.as_deref().map(|key| (key, shift));
    annotators::bind_keys(&*session.owned().await?, adjudicator, &[(action, key)]).await
}

/// Puts every key of his back.
#[tauri::command]
pub(crate) async fn adjudicator_keys_reset(
    session: State<'_, Session>,
    adjudicator: AnnotatorId,
) -> Result<Vec<Binding>> {
    annotators::reset_keys(&*session.owned().await?, adjudicator).await
}

/// The worst open question.
#[tauri::command]
pub(crate) async fn adjudicate_next(
    session: State<'_, Session>,
    server: State<'_, Option<MediaServer>>,
    adjudicator: AnnotatorId,
    options: AdjudicateOptions,
) -> Result<NextToAdjudicate<String>> {
    let project = session.owned().await?;
    match adjudicate::next(&project, adjudicator, options).await? {
        NextToAdjudicate::Done { done, waiting } => Ok(NextToAdjudicate::Done { done, waiting }),
        NextToAdjudicate::Question(next) => {
            let question = view_for_page(server.as_ref(), &project, next.question).await;
            Ok(NextToAdjudicate::Question(Box::new(ToAdjudicate {
                question,
                open: next.open,
                revealed: next.revealed,
            })))
        }
    }
}

/// Decides blind, and shows the votes.
#[tauri::command]
pub(crate) async fn adjudicate_decide(
    session: State<'_, Session>,
    adjudicator: AnnotatorId,
    request: DecideRequest,
) -> Result<Revealed> {
    adjudicate::decide(&*session.owned().await?, adjudicator, request, APP).await
}

/// Settles the question.
#[tauri::command]
pub(crate) async fn adjudicate_settle(
    session: State<'_, Session>,
    adjudicator: AnnotatorId,
    request: SettleRequest,
) -> Result<SettleReceipt> {
    adjudicate::settle(&*session.owned().await?, adjudicator, request).await
}

/// Sends a question back for another vote.
#[tauri::command]
pub(crate) async fn adjudicate_send_back(
    session: State<'_, Session>,
    adjudicator: AnnotatorId,
    question: QuestionId,
    reason: String,
) -> Result<()> {
    let project = session.owned().await?;
    adjudicate::send_back(&project, adjudicator, question, &reason).await?;
    Ok(())
}

/// Flags the guideline.
#[tauri::command]
pub(crate) async fn adjudicate_flag(
    session: State<'_, Session>,
    adjudicator: AnnotatorId,
    question: QuestionId,
    words: String,
) -> Result<()> {
    let project = session.owned().await?;
    adjudicate::flag(&project, adjudicator, question, &words).await?;
    Ok(())
}

/// What each rule would resolve.
#[tauri::command]
pub(crate) async fn resolve_preview(
    session: State<'_, Session>,
    request: ResolveRequest,
) -> Result<Vec<RuleOutcome>> {
    resolve::preview(&*session.owned().await?, &request).await
}

/// Resolves by rule.
#[tauri::command]
pub(crate) async fn resolve_run(
    session: State<'_, Session>,
    request: ResolveRequest,
) -> Result<RuleOutcome> {
    resolve::run(&*session.owned().await?, &request).await
}

/// Every resolution that stands.
#[tauri::command]
pub(crate) async fn resolutions(session: State<'_, Session>) -> Result<Vec<ResolutionInfo>> {
    resolve::list(&*session.owned().await?).await
}

/// Takes a resolution or a batch of them back.
#[tauri::command]
pub(crate) async fn resolve_reverse(
    session: State<'_, Session>,
    id: String,
    reason: String,
) -> Result<ReverseReport> {
    resolve::reverse(&*session.owned().await?, &id, &reason).await
}
