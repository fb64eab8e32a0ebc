//! Opening and closing, names, and the owner's switch.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, State};
use tiebreak_commands::dto::{AnnotatorName, ImportRequest, RecentProject};
use tiebreak_commands::import::{self, Cancel};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{CommandError, Result, SystemClock, annotators as people};

use crate::acts::{SessionState, demo_sources};
use crate::places::Places;
use crate::recent;
use crate::session::Session;

/// What is open.
#[tauri::command]
pub(crate) async fn session_state(
    app: AppHandle,
    session: State<'_, Session>,
) -> Result<SessionState> {
    session.state(&app).await
}

/// Projects that were opened before; none while someone labels, for whom folders' names may tell
/// too much.
#[tauri::command]
pub(crate) async fn recent_projects(
    session: State<'_, Session>,
    places: State<'_, Places>,
) -> Result<Vec<RecentProject>> {
    if session.is_blind().await {
        return Ok(Vec::new());
    }
    Ok(recent::all(&places.config))
}

/// Makes a project.
#[tauri::command]
pub(crate) async fn project_new(
    app: AppHandle,
    session: State<'_, Session>,
    path: PathBuf,
    wish: NewProject,
) -> Result<SessionState> {
    session.make(&app, &path, &wish).await
}

/// Opens a project.
#[tauri::command]
pub(crate) async fn project_open(
    app: AppHandle,
    session: State<'_, Session>,
    path: PathBuf,
) -> Result<SessionState> {
    session.enter(&app, &path).await
}

/// Closes the project.
#[tauri::command]
pub(crate) async fn project_close(
    app: AppHandle,
    session: State<'_, Session>,
) -> Result<SessionState> {
    session.close(&app).await
}

/// Opens the demo, which is made from its sources the first time.
#[tauri::command]
pub(crate) async fn demo_open(
    app: AppHandle,
    session: State<'_, Session>,
    places: State<'_, Places>,
) -> Result<SessionState> {
    let folder = places.data.join("demo");
    if !folder.join("project.sqlite").is_file() {
        make_demo(&folder).await?;
    }
    session.enter(&app, &folder).await
}

/// Made under another name and moved into its place when it is whole.
async fn make_demo(folder: &Path) -> Result<()> {
    let sources = demo_sources().ok_or_else(|| {
        CommandError::new(
            "no_demo",
            "the demo's files are not here: they come with the program",
        )
    })?;
    let part = folder.with_extension("part");
    let failed =
        |e: std::io::Error| CommandError::new("no_demo", format!("the demo cannot be made: {e}"));
    if part.exists() {
        std::fs::remove_dir_all(&part).map_err(failed)?;
    }
    let wish = NewProject {
        name: Some("demo".to_owned()),
        ..NewProject::default()
    };
    let project = projects::create(&part, &wish, std::sync::Arc::new(SystemClock)).await?;
    for file in demo_files(&sources).map_err(failed)? {
        let request = ImportRequest {
            file: file.display().to_string(),
            media_root: Some(sources.join("media_data").display().to_string()),
            ..ImportRequest::default()
        };
        import::run(&project, &request, false, &Cancel::default(), |_| {}).await?;
    }
    project.close().await;
    std::fs::rename(&part, folder).map_err(failed)
}

fn demo_files(sources: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(sources)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The names to pick from.
#[tauri::command]
pub(crate) async fn annotators(session: State<'_, Session>) -> Result<Vec<AnnotatorName>> {
    people::names(&*session.project().await?).await
}

/// Lets an annotator in.
#[tauri::command]
pub(crate) async fn annotator_pick(
    app: AppHandle,
    session: State<'_, Session>,
    id: Option<String>,
    name: Option<String>,
) -> Result<SessionState> {
    session.pick(&app, id.as_deref(), name.as_deref()).await
}

/// Goes back to the choice of names.
#[tauri::command]
pub(crate) async fn annotator_leave(
    app: AppHandle,
    session: State<'_, Session>,
) -> Result<SessionState> {
    session.put_down(&app).await
}

/// Turns the owner's screens on or off.
#[tauri::command]
pub(crate) async fn owner_set(
    app: AppHandle,
    session: State<'_, Session>,
    on: bool,
) -> Result<SessionState> {
    session.set_owner(&app, on).await
}
