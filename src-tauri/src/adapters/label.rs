//! Labelling, as the page asks for it. Media ids are turned into the session's own here: the page
//! never sees what a medium's content hashes to.

use tauri::State;
use tiebreak_commands::dto::{
    CriteriaReceipt, HistoryEntry, LabelSetup, Preferences, Progress, UndoReceipt, VoteReceipt,
    VoteRequest,
};
use tiebreak_commands::{Project, Result, annotators, label, media};
use tiebreak_domain::{
    Action, AssignmentId, Binding, Next, PairId, QuestionView, SideView, SkipReason, ViewMedia,
};

use crate::media_server::{MediaServer, Ticket};
use crate::session::Session;

/// What stands in the presentation of a vote cast in the window.
pub(super) const APP: &str = concat!("tiebreak-desktop ", env!("CARGO_PKG_VERSION"));

/// Project, name, keys and preferences.
#[tauri::command]
pub(crate) async fn label_setup(session: State<'_, Session>) -> Result<LabelSetup> {
    let (project, who) = session.labelling().await?;
    annotators::setup(&project, who.id).await
}

/// The next question.
#[tauri::command]
pub(crate) async fn label_next(
    session: State<'_, Session>,
    server: State<'_, Option<MediaServer>>,
) -> Result<Next<String>> {
    let (project, who) = session.labelling().await?;
    shown(
        server.as_ref(),
        &project,
        label::next(&project, who.id).await?,
    )
    .await
}

/// The question after it, so that its media can be loaded ahead.
#[tauri::command]
pub(crate) async fn label_peek(
    session: State<'_, Session>,
    server: State<'_, Option<MediaServer>>,
) -> Result<Next<String>> {
    let (project, who) = session.labelling().await?;
    shown(
        server.as_ref(),
        &project,
        label::peek(&project, who.id).await?,
    )
    .await
}

/// A question that was there before.
#[tauri::command]
pub(crate) async fn label_at(
    session: State<'_, Session>,
    server: State<'_, Option<MediaServer>>,
    assignment: AssignmentId,
) -> Result<QuestionView<String>> {
    let (project, who) = session.labelling().await?;
    let view = label::at(&project, who.id, assignment).await?;
    Ok(view_for_page(server.as_ref(), &project, view).await)
}

/// Casts or changes a vote; on disk when this answers.
#[tauri::command]
pub(crate) async fn label_vote(
    session: State<'_, Session>,
    request: VoteRequest,
) -> Result<VoteReceipt> {
    let (project, who) = session.labelling().await?;
    label::vote(&project, who.id, request, APP).await
}

/// Takes the last act back.
#[tauri::command]
pub(crate) async fn label_undo(session: State<'_, Session>) -> Result<Option<UndoReceipt>> {
    let (project, who) = session.labelling().await?;
    label::undo(&project, who.id).await
}

/// Leaves a question without a vote.
#[tauri::command]
pub(crate) async fn label_skip(
    session: State<'_, Session>,
    assignment: AssignmentId,
    reason: SkipReason,
    note: String,
) -> Result<()> {
    let (project, who) = session.labelling().await?;
    label::skip(&project, who.id, assignment, reason, &note).await
}

/// Writes criteria for a pair.
#[tauri::command]
pub(crate) async fn label_criteria(
    session: State<'_, Session>,
    pair: PairId,
    texts: Vec<String>,
) -> Result<CriteriaReceipt> {
    let (project, who) = session.labelling().await?;
    label::criteria(&project, who.id, pair, &texts).await
}

/// What was done, latest first.
#[tauri::command]
pub(crate) async fn label_history(
    session: State<'_, Session>,
    limit: u32,
) -> Result<Vec<HistoryEntry>> {
    let (project, who) = session.labelling().await?;
    label::history(&project, who.id, limit).await
}

/// How far, and how fast.
#[tauri::command]
pub(crate) async fn label_progress(session: State<'_, Session>) -> Result<Progress> {
    let (project, who) = session.labelling().await?;
    label::progress(&project, who.id).await
}

/// Moves an action to another key, or switches it off.
#[tauri::command]
pub(crate) async fn keys_bind(
    session: State<'_, Session>,
    action: Action,
    key: Option<String>,
    shift: bool,
) -> Result<Vec<Binding>> {
    let (project, who) = session.labelling().await?;
    let key = key.as_deref().map(|key| (key, shift));
    annotators::bind_keys(&project, who.id, &[(action, key)]).await
}

/// Puts every key back.
#[tauri::command]
pub(crate) async fn keys_reset(session: State<'_, Session>) -> Result<Vec<Binding>> {
    let (project, who) = session.labelling().await?;
    annotators::reset_keys(&project, who.id).await
}

/// Keeps what was set on the screen.
#[tauri::command]
pub(crate) async fn preferences_set(
    session: State<'_, Session>,
    preferences: Preferences,
) -> Result<Preferences> {
    let (project, who) = session.labelling().await?;
    annotators::set_preferences(&project, who.id, &preferences).await?;
    Ok(preferences)
}

async fn shown(
    server: Option<&MediaServer>,
    project: &Project,
    next: Next,
) -> Result<Next<String>> {
    Ok(match next {
        Next::Done { done, phase } => Next::Done { done, phase },
        Next::Question(view) => {
            Next::Question(Box::new(view_for_page(server, project, *view).await))
        }
    })
}

pub(super) async fn view_for_page(
    server: Option<&MediaServer>,
    project: &Project,
    view: QuestionView,
) -> QuestionView<String> {
    QuestionView {
        assignment: view.assignment,
        question: view.question,
        pair: view.pair,
        task: view.task,
        criterion: view.criterion,
        prompt: side_for_page(server, project, view.prompt).await,
        left: side_for_page(server, project, view.left).await,
        right: side_for_page(server, project, view.right).await,
    }
}

/// A side with the session's own ids of its media.
pub(super) async fn side_for_page(
    server: Option<&MediaServer>,
    project: &Project,
    side: SideView,
) -> SideView<String> {
    let mut media = Vec::with_capacity(side.media.len());
    for medium in side.media {
        media.push(ViewMedia {
            id: ticket(server, project, &medium).await.unwrap_or_default(),
            kind: medium.kind,
            mime: medium.mime,
            bytes: medium.bytes,
        });
    }
    SideView {
        text: side.text,
        media,
    }
}

/// The id under which the page may ask for a medium. A file that is missing or has changed gets
/// none: the pane says that it cannot be shown, and the owner learns which file by `check`; its
/// name might tell the annotator who answered.
async fn ticket(
    server: Option<&MediaServer>,
    project: &Project,
    medium: &ViewMedia,
) -> Option<String> {
    let server = server?;
    let found = match media::file(project, medium.id).await {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(medium = %medium.id, code = error.code, "a medium cannot be read");
            return None;
        }
    };
    let ticket = Ticket {
        path: found.path,
        mime: medium.mime.clone(),
        bytes: found.media.bytes,
    };
    server.tickets().register(medium.id, ticket).ok()
}
