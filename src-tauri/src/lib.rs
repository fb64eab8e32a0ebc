//! The desktop shell of Tiebreak: one window, its page's commands, the media server.
//!
//! This crate knows windows, processes and sockets. It holds no rule of the domain: every command
//! is an adapter of a few lines around a function of `tiebreak-commands`.

mod acts;
mod adapters;
mod arguments;
mod crash;
mod display;
mod fault;
mod figure;
mod log;
pub mod media_server;
mod page;
mod places;
mod policy;
mod recent;
mod session;
mod stops;
mod window;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use tauri::utils::config::Csp;
use tauri::{AppHandle, Manager, RunEvent};
use tiebreak_media::worker::{SceneWorker, worker_program};

pub use log::LogFile;
pub use places::Places;
pub use session::{Current, Session};

use arguments::Asked;
use media_server::{Counted, MediaServer};

/// Does what the arguments ask for; returns when the window is closed.
pub fn start(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    match Asked::read(arguments) {
        Asked::Version => say(&format!("tiebreak-desktop {}", env!("CARGO_PKG_VERSION"))),
        Asked::Help => say(arguments::USAGE),
        Asked::CrashNotice => crash::show(std::io::stdin()),
        Asked::Wrong(what) => fail(&format!("{what}\n\n{}", arguments::USAGE), 2),
        Asked::Window(project) => match run(project) {
            Ok(()) => ExitCode::SUCCESS,
            Err(sentence) => fail(&sentence, 1),
        },
    }
}

fn say(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

fn fail(sentence: &str, code: u8) -> ExitCode {
    complain(sentence);
    ExitCode::from(code)
}

/// Not `eprintln`, which panics where standard error is closed.
fn complain(sentence: &str) {
    let _ = writeln!(std::io::stderr(), "tiebreak-desktop: {sentence}");
}

/// Opens the window and stays until it is closed.
fn run(project: Option<PathBuf>) -> Result<(), String> {
    display::check(|name| std::env::var_os(name))?;
    let places = Places::from_environment().map_err(|e| e.to_string())?;
    let session = Session::new(project);
    let log = LogFile(log_file(&places, &session));
    crash::report_to(log.0.clone());
    let media = media_server(&session);

    let mut context = tauri::generate_context!();
    let origin = media.as_ref().map(MediaServer::origin);
    let policy = policy::content_security_policy(origin.as_deref());
    context.config_mut().app.security.csp = Some(Csp::Policy(policy));

    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .manage(places)
        .manage(session)
        .manage(log)
        .manage(media)
        .manage(Arc::new(SceneWorker::new(worker_program())))
        .invoke_handler(adapters::handler())
        .setup(|app| {
            fault::wait_for_one(app.handle());
            Ok(window::open(app.handle())?)
        })
        .build(context)
        .map_err(|e| format!("the window could not be opened: {e}. The log says more"))?
        .run(at_event);
    Ok(())
}

/// The process ends with the event loop and drops nothing, so what is to be done last is done here.
fn at_event(app: &AppHandle, event: RunEvent) {
    if matches!(event, RunEvent::Exit) {
        if let Some(server) = app.state::<Option<MediaServer>>().as_ref() {
            let Counted {
                served,
                refused,
                broken,
            } = server.counted();
            tracing::info!(served, refused, broken, "media requests");
        }
        tracing::info!("tiebreak-desktop ends");
    }
}

/// Without a log the program works as well, and the person is told.
fn log_file(places: &Places, session: &Session) -> Option<PathBuf> {
    log::start(&places.log)
        .inspect_err(|error| {
            complain(&error.to_string());
            session.tell(error.to_string());
        })
        .ok()
}

/// The server must listen before any page loads. Without it everything but media works, and the
/// person is told.
fn media_server(session: &Session) -> Option<MediaServer> {
    match MediaServer::start(tauri::async_runtime::handle().inner()) {
        Ok(server) => Some(server),
        Err(error) => {
            tracing::error!("{error}");
            session.tell(error.to_string());
            None
        }
    }
}
