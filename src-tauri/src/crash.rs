//! What happens when some thread panics: the log gets it, the person gets a window, the rest of the
//! program goes on.
//!
//! The window belongs to another process, which this one starts: it opens whatever state GTK is in
//! here, and it stays when this process ends. Votes are not at stake: what the screen called saved
//! was on disk before.

use std::backtrace::Backtrace;
use std::io::{Read, Write};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Mutex;

use gtk::prelude::*;

use crate::arguments::CRASH_NOTICE;

const TITLE: &str = "Tiebreak met an error it did not expect";

/// Makes every panic from here on go to the log, to standard error and to a window that names the
/// log. Panics stay panics: a thread that does so ends, and only that thread.
pub(crate) fn report_to(log: Option<PathBuf>) {
    let shown = Mutex::new(None);
    std::panic::set_hook(Box::new(move |panic| {
        let what = what_happened(panic);
        tracing::error!(backtrace = %Backtrace::force_capture(), "panic: {what}");
        let text = text(&what, log.as_deref());
        // Not `eprintln`: where standard error is closed it panics, and a second panic is the end.
        let _ = writeln!(std::io::stderr(), "{TITLE}\n\n{text}");
        show_elsewhere(&shown, &text);
    }));
}

fn what_happened(panic: &PanicHookInfo<'_>) -> String {
    let said = panic.payload_as_str().unwrap_or("no message");
    let place = panic
        .location()
        .map(|l| format!(" ({}:{})", l.file(), l.line()));
    let thread = std::thread::current()
        .name()
        .unwrap_or("unnamed")
        .to_owned();
    format!("{said}{}, thread {thread}", place.unwrap_or_default())
}

fn text(what: &str, log: Option<&Path>) -> String {
    let log = log.map_or_else(
        || "No log could be written.".to_owned(),
        |path| format!("The log, to send with a report: {}", path.display()),
    );
    format!(
        "{what}\n\nNothing that was saved is lost. If the window is gone or no longer answers, close \
         it and start Tiebreak again.\n\n{log}"
    )
}

/// One such window at a time: what follows while it is open is in the log.
fn show_elsewhere(shown: &Mutex<Option<Child>>, text: &str) {
    let Ok(mut shown) = shown.try_lock() else {
        return;
    };
    if shown
        .as_mut()
        .is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    {
        return;
    }
    *shown = start_notice(text);
}

fn start_notice(text: &str) -> Option<Child> {
    let mut child = Command::new(std::env::current_exe().ok()?)
        .arg(CRASH_NOTICE)
        .stdin(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(text.as_bytes()).ok()?;
    Some(child)
}

/// Shows the text in a window until it is closed. This is the other process.
pub(crate) fn show(text: impl Read) -> ExitCode {
    const MOST: u64 = 16 * 1024;
    let mut bytes = Vec::new();
    if text.take(MOST).read_to_end(&mut bytes).is_err() || gtk::init().is_err() {
        return ExitCode::FAILURE;
    }
    let dialog = gtk::MessageDialog::new(
        None::<&gtk::Window>,
        gtk::DialogFlags::empty(),
        gtk::MessageType::Error,
        gtk::ButtonsType::Close,
        TITLE,
    );
    dialog.set_title("Tiebreak");
    // GTK takes no text with a zero in it.
    let text = String::from_utf8_lossy(&bytes).replace('\0', " ");
    dialog.set_secondary_text(Some(&text));
    select_and_copy(&dialog);
    dialog.run();
    ExitCode::SUCCESS
}

/// So that the log's path can be copied.
fn select_and_copy(dialog: &gtk::MessageDialog) {
    let area = dialog.message_area().downcast::<gtk::Container>();
    for label in area.iter().flat_map(|a| a.children()) {
        if let Ok(label) = label.downcast::<gtk::Label>() {
            label.set_selectable(true);
            label.set_line_wrap(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_says_what_happened_and_where_the_log_is() {
        let with = text(
            "index out of bounds (a.rs:1), thread main",
            Some(Path::new("/l/t.log")),
        );
        assert!(with.contains("a.rs:1") && with.contains("/l/t.log"));
        assert!(with.contains("Nothing that was saved is lost"));
        assert!(text("x", None).contains("No log"));
    }
}
