//! The web view below the window, where Tauri has no word for it: the page's process is watched and
//! started again, and what a browser offers beyond a page is switched off.

use std::cell::RefCell;
use std::time::Instant;

use gtk::glib;
use gtk::prelude::*;
use tauri::{AppHandle, Manager, WebviewWindow};
use webkit2gtk::{
    HitTestResult, HitTestResultExt, NetworkProxyMode, NetworkProxySettings, SettingsExt, WebView,
    WebViewExt, WebsiteDataManagerExt,
};

use crate::session::Session;
use crate::stops::Stops;

/// Where all that isn't the loopback goes: the discard port, on which nobody listens.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Sets both up.
pub(crate) fn guard(window: &WebviewWindow) -> tauri::Result<()> {
    let app = window.app_handle().clone();
    window.with_webview(move |platform| {
        let view = platform.inner();
        switch_off(&view);
        keep_local(&view);
        restart_when_it_stops(&view, app);
    })
}

/// No inspector, no capture, no drops, no menu beyond cut, copy and paste.
fn switch_off(view: &WebView) {
    if let Some(settings) = WebViewExt::settings(view) {
        settings.set_enable_developer_extras(false);
        settings.set_enable_media_stream(false);
        settings.set_javascript_can_open_windows_automatically(false);
        settings.set_allow_file_access_from_file_urls(false);
        settings.set_allow_universal_access_from_file_urls(false);
    }
    // A dropped file would be opened in the page's place, or handed to it.
    view.drag_dest_unset();
    view.connect_context_menu(|_, _, _, under| !has_text(under));
}

fn has_text(under: &HitTestResult) -> bool {
    under.context_is_editable() || under.context_is_selection()
}

/// The policy forbids the page to load what is remote; should that ever fail, the address leads
/// nowhere: all but the loopback goes through a proxy that isn't there, names included.
fn keep_local(view: &WebView) {
    let Some(data) = view.website_data_manager() else {
        return;
    };
    let mut nowhere = NetworkProxySettings::new(Some(NOWHERE), &["127.0.0.1"]);
    data.set_network_proxy_settings(NetworkProxyMode::Custom, Some(&mut nowhere));
}

/// The session is kept by this process, so the page that comes back is where the old one was.
fn restart_when_it_stops(view: &WebView, app: AppHandle) {
    let stops = RefCell::new(Stops::from(Instant::now()));
    view.connect_web_process_terminated(move |view, reason| {
        let restart = stops.borrow_mut().stopped(Instant::now());
        tracing::error!(?reason, wait = ?restart.wait, "the page's process stopped");
        app.state::<Session>().tell(restart.notice);
        let view = view.downgrade();
        glib::timeout_add_local_once(restart.wait, move || {
            if let Some(view) = view.upgrade() {
                view.reload();
            }
        });
    });
}
