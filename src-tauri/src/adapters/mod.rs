//! What the page may call: each adapter takes its arguments out of the message, calls the function
//! of `tiebreak-commands` that does the work, and puts the answer back. No rule lives here.

#[macro_use]
mod list;

mod adjudicate;
mod app;
mod criteria;
mod dialogs;
mod faces;
mod guideline;
mod label;
mod models;
mod opening;
mod owner;
mod queues;
mod reveal;
mod scene;

use tauri::Wry;
use tauri::ipc::Invoke;

macro_rules! handler_of {
    ($($module:ident::$command:ident,)*) => {
        tauri::generate_handler![$($module::$command),*]
    };
}

/// Answers every command of the list.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    with_commands!(handler_of)
}
