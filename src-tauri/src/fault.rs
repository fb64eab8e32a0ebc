//! A fault on demand: so that a test from outside sees what becomes of the program when it panics.
//!
//! It needs two variables of the environment that this process was started with, which no page can
//! set: the one that puts a window under remote control, and the path of a file. When that file
//! appears the program panics, on the main thread where the file says `main`, else on another.

use std::path::PathBuf;
use std::time::Duration;

use tauri::AppHandle;

/// Names the file.
const VARIABLE: &str = "TIEBREAK_FAULT";
/// What Tauri takes as leave for a driver to control the window.
const REMOTE_CONTROL: &str = "TAURI_WEBVIEW_AUTOMATION";
const PAUSE: Duration = Duration::from_millis(100);

/// Waits for the file on a thread of its own, where a test asks for that.
pub(crate) fn wait_for_one(app: &AppHandle) {
    let driven = std::env::var(REMOTE_CONTROL).is_ok_and(|value| value == "true");
    let Some(file) = std::env::var_os(VARIABLE).filter(|_| driven) else {
        return;
    };
    let (file, app) = (PathBuf::from(file), app.clone());
    std::thread::spawn(move || {
        loop {
            if let Ok(place) = std::fs::read_to_string(&file) {
                match place.trim() {
                    "main" => drop(app.run_on_main_thread(panic_as_asked)),
                    _ => panic_as_asked(),
                }
                return;
            }
            std::thread::sleep(PAUSE);
        }
    });
}

#[expect(clippy::panic, reason = "that is what it is for")]
fn panic_as_asked() {
    panic!("a test asked for a fault");
}
