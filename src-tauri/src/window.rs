//! The one window, and what it refuses: to go anywhere else, to open others, to download.

use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindowBuilder};

use crate::page;
use crate::places::Places;

/// The window's label, which `capabilities/main.json` names.
const LABEL: &str = "main";
/// What is seen before the page is drawn: the page's own dark.
const BACKGROUND: Color = Color(0x1a, 0x1b, 0x1d, 0xff);

/// Opens it.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let kept = app.state::<Places>().data.join("page");
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Tiebreak")
        .inner_size(1280.0, 800.0)
        .min_inner_size(800.0, 600.0)
        .background_color(BACKGROUND)
        .data_directory(kept)
        .devtools(false)
        // Tauri's handler would tell the page the paths of what is dropped on it.
        .disable_drag_drop_handler()
        .on_navigation(is_the_apps)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .build()?;
    page::guard(&window)
}

/// Whether an address is one of the app's own page.
fn is_the_apps(url: &Url) -> bool {
    url.scheme() == "tauri" && url.host_str() == Some("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_apps_own_addresses_may_be_visited() {
        let may = |url: &str| is_the_apps(&Url::parse(url).unwrap());
        assert!(may("tauri://localhost"));
        assert!(may("tauri://localhost/index.html#/label"));
        for url in [
            "https://example.org/",
            "http://127.0.0.1:4242/",
            "http://tauri.localhost/",
            "tauri://localhost.example.org/",
            "tauri://evil/",
            "file:///etc/passwd",
            "data:text/html,<script>1</script>",
            "blob:tauri://localhost/1",
            "javascript:alert(1)",
            "about:blank",
            "mailto:a@example.org",
        ] {
            assert!(!may(url), "{url}");
        }
    }
}
