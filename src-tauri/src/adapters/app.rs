//! What the page asks about the program itself.

use tauri::State;

use crate::media_server::MediaServer;

/// What stands before `/<ticket>` in the address of a medium; nothing where no server runs, which
/// the page says instead of showing empty panes.
#[tauri::command]
pub(crate) fn media_base(server: State<'_, Option<MediaServer>>) -> Option<String> {
    server.as_ref().map(MediaServer::base)
}
