//! The owner's commands: filling a project, describing it, writing it out.

use std::path::PathBuf;

use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tiebreak_commands::agreement::{self, AgreementReport, AgreementRequest};
use tiebreak_commands::disagreements::{self, Disagreements, QuestionInFull};
use tiebreak_commands::dto::{
    CheckReport, ExportReport, ExportRequest, ImportPreview, ImportProgress, ImportReport,
    ImportRequest, MergeReport, MoveReport, ProjectInfo,
};
use tiebreak_commands::package::{self, PackageReport};
use tiebreak_commands::{CommandError, Result, annotators, export, import, merge, projects};
use tiebreak_domain::QuestionId;

use super::label::{APP, side_for_page};
use crate::figure;
use crate::media_server::MediaServer;
use crate::session::Session;

/// What the project holds.
#[tauri::command]
pub(crate) async fn project_info(session: State<'_, Session>) -> Result<ProjectInfo> {
    projects::info(&*session.owned().await?).await
}

/// How far people agree.
#[tauri::command]
pub(crate) async fn agreement_run(
    session: State<'_, Session>,
    request: AgreementRequest,
) -> Result<AgreementReport> {
    agreement::run(&*session.owned().await?, request).await
}

/// On which questions people part.
#[tauri::command]
pub(crate) async fn disagreements_list(
    session: State<'_, Session>,
    limit: usize,
) -> Result<Disagreements> {
    disagreements::list(&*session.owned().await?, limit).await
}

/// A question with everything that was said of it.
#[tauri::command]
pub(crate) async fn question_in_full(
    session: State<'_, Session>,
    server: State<'_, Option<MediaServer>>,
    question: QuestionId,
) -> Result<QuestionInFull<String>> {
    let project = session.owned().await?;
    let found = disagreements::question(&project, question).await?;
    let server = server.as_ref();
    Ok(QuestionInFull {
        question: found.question,
        pair: found.pair,
        task: found.task,
        criterion: found.criterion,
        source_id: found.source_id,
        models: found.models,
        prompt: side_for_page(server, &project, found.prompt).await,
        response1: side_for_page(server, &project, found.response1).await,
        response2: side_for_page(server, &project, found.response2).await,
        votes: found.votes,
    })
}

/// Saves a figure or a table: as a PDF where the name ends so, else as it is.
#[tauri::command]
pub(crate) async fn figure_save(
    session: State<'_, Session>,
    path: PathBuf,
    text: String,
) -> Result<String> {
    let project = session.owned().await?;
    let is_pdf = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("pdf"));
    let bytes = match is_pdf {
        true => tauri::async_runtime::spawn_blocking(move || figure::pdf(&text))
            .await
            .map_err(|e| CommandError::new("internal", format!("nothing was saved: {e}")))??,
        false => text.into_bytes(),
    };
    export::save(&project, &path, &bytes).await
}

/// Puts a text on the clipboard: a page may only do so itself while a key or button is held.
#[tauri::command]
pub(crate) async fn text_copy(
    session: State<'_, Session>,
    app: AppHandle,
    text: String,
) -> Result<()> {
    session.owned().await?;
    let put = move || gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD).set_text(&text);
    app.run_on_main_thread(put)
        .map_err(|e| CommandError::new("no_clipboard", format!("nothing was copied: {e}")))
}

/// What an import would make of a file's first rows.
#[tauri::command]
pub(crate) async fn import_preview(
    session: State<'_, Session>,
    request: ImportRequest,
) -> Result<ImportPreview> {
    session.owned().await?;
    tauri::async_runtime::spawn_blocking(move || import::preview(&request))
        .await
        .map_err(|e| CommandError::new("internal", format!("the preview stopped: {e}")))?
}

/// Takes a file in.
#[tauri::command]
pub(crate) async fn import_run(
    session: State<'_, Session>,
    request: ImportRequest,
    on_progress: Channel<ImportProgress>,
) -> Result<ImportReport> {
    let project = session.owned().await?;
    let cancel = session.begin_import().await;
    // A page that has gone away needs no progress; the import goes on.
    let tell = move |progress| drop(on_progress.send(progress));
    import::run(&project, &request, false, &cancel, tell).await
}

/// Stops the import under way.
#[tauri::command]
pub(crate) async fn import_cancel(session: State<'_, Session>) -> Result<()> {
    session.owned().await?;
    session.cancel_import().await;
    Ok(())
}

/// Saves a mapping.
#[tauri::command]
pub(crate) async fn mapping_save(
    session: State<'_, Session>,
    path: PathBuf,
    toml: String,
) -> Result<()> {
    session.owned().await?;
    import::save_mapping(&path, &toml)
}

/// Takes in what others did in a project of their own.
#[tauri::command]
pub(crate) async fn merge_run(session: State<'_, Session>, path: PathBuf) -> Result<MergeReport> {
    let project = session.owned().await?;
    let cancel = session.begin_import().await;
    merge::run(&project, &path, false, &cancel).await
}

/// Makes a work package.
#[tauri::command]
pub(crate) async fn package_run(
    session: State<'_, Session>,
    annotator: String,
    path: PathBuf,
) -> Result<PackageReport> {
    let project = session.owned().await?;
    let cancel = session.begin_import().await;
    package::run(&project, &annotator, Some(&path), &cancel, APP).await
}

/// Writes labels or votes out.
#[tauri::command]
pub(crate) async fn export_run(
    session: State<'_, Session>,
    request: ExportRequest,
) -> Result<ExportReport> {
    export::run(&*session.owned().await?, &request).await
}

/// Looks whether everything is as it must be.
#[tauri::command]
pub(crate) async fn check_run(session: State<'_, Session>) -> Result<CheckReport> {
    projects::check(&*session.owned().await?).await
}

/// Moves the work done under one name to another.
#[tauri::command]
pub(crate) async fn votes_move(
    session: State<'_, Session>,
    from: String,
    to: String,
) -> Result<MoveReport> {
    let project = session.owned().await?;
    let from = annotators::find(&project, &from).await?;
    let to = annotators::find(&project, &to).await?;
    annotators::move_votes(&project, from.id, to.id).await
}
