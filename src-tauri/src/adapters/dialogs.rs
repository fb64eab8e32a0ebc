//! The system's choosers of files and folders.

use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt as _, FilePath};
use tiebreak_commands::{CommandError, Result};
use tokio::sync::oneshot;

/// Chooses a folder.
#[tauri::command]
pub(crate) async fn choose_folder(app: AppHandle, title: String) -> Result<Option<String>> {
    let (send, chosen) = oneshot::channel();
    app.dialog()
        .file()
        .set_title(title)
        .pick_folder(move |path| drop(send.send(path)));
    answer(chosen).await
}

/// Chooses a file to read.
#[tauri::command]
pub(crate) async fn choose_file(app: AppHandle, title: String) -> Result<Option<String>> {
    let (send, chosen) = oneshot::channel();
    app.dialog()
        .file()
        .set_title(title)
        .pick_file(move |path| drop(send.send(path)));
    answer(chosen).await
}

/// Chooses a file to write.
#[tauri::command]
pub(crate) async fn choose_save(
    app: AppHandle,
    title: String,
    suggested: String,
) -> Result<Option<String>> {
    let (send, chosen) = oneshot::channel();
    let dialog = app
        .dialog()
        .file()
        .set_title(title)
        .set_file_name(suggested);
    dialog.save_file(move |path| drop(send.send(path)));
    answer(chosen).await
}

async fn answer(chosen: oneshot::Receiver<Option<FilePath>>) -> Result<Option<String>> {
    let path = chosen
        .await
        .map_err(|_| CommandError::new("no_dialog", "the system's chooser did not answer"))?;
    Ok(path
        .and_then(|p| p.into_path().ok())
        .map(|p| p.display().to_string()))
}
