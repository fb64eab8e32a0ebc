//! A window under remote control: a display in memory, the driver on it, and the app under both.
//!
//! `run` uses it where there is no display, and the tests from outside use it to press keys in the
//! real window.

use std::io::Read as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::failure::{Doing as _, Failure, Result};
use crate::process::{self, Guarded, Running};
use crate::webdriver::Session;

const SCREEN: &str = "1440x900x24";
const PAUSE: Duration = Duration::from_millis(200);

/// Xvfb on the first free display.
pub struct Screen {
    name: String,
    _server: Guarded,
}

impl Screen {
    /// Starts it.
    ///
    /// # Errors
    /// When Xvfb is missing or finds no display.
    pub fn start() -> Result<Self> {
        Self::launch(&mut Command::new("Xvfb"))
    }

    /// Starts it with its picture in a file of this folder, `Xvfb_screen0` in the format of xwd,
    /// where whatever is on the display can be seen.
    ///
    /// # Errors
    /// When Xvfb is missing or finds no display.
    pub fn start_seen(folder: &Path) -> Result<Self> {
        Self::launch(Command::new("Xvfb").arg("-fbdir").arg(folder))
    }

    fn launch(command: &mut Command) -> Result<Self> {
        command
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                SCREEN,
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut server = Guarded(process::start(command)?);
        let mut number = String::new();
        if let Some(mut stdout) = server.0.stdout.take() {
            let mut byte = [0];
            while stdout.read(&mut byte).doing("Waiting for Xvfb")? == 1 && byte != [b'\n'] {
                number.push(char::from(byte[0]));
            }
        }
        if number.is_empty() {
            return Err(Failure::new("Xvfb found no free display."));
        }
        Ok(Self {
            name: format!(":{number}"),
            _server: server,
        })
    }
}

/// WebKitWebDriver, which starts the app and types into it.
pub struct Driver {
    port: u16,
    child: Guarded,
    /// What it started: the app and the app's own.
    started: Vec<Running>,
}

impl Driver {
    /// Starts the driver on a screen; `variables` go to it and to the app that it starts.
    ///
    /// # Errors
    /// When the driver is missing or does not listen within ten seconds.
    pub fn start(screen: &Screen, variables: &[(&str, &Path)]) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        command
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env("DISPLAY", &screen.name)
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(variables.iter().copied())
            .stdout(Stdio::null());
        let mut child = Guarded(process::start(&mut command)?);
        let until = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if child.ended() || Instant::now() > until {
                return Err(Failure::new("WebKitWebDriver did not start."));
            }
            sleep(PAUSE);
        }
        Ok(Self {
            port,
            child,
            started: Vec::new(),
        })
    }

    /// Opens the app on what `words` name, and waits at most `limit` for its window.
    ///
    /// # Errors
    /// When the app or the driver ends before that, or the time is over.
    pub fn open(&mut self, app: &Path, words: &[&str], limit: Duration) -> Result<Session> {
        let app = app.display().to_string();
        let began = Instant::now();
        let (child, started) = (&mut self.child, &mut self.started);
        let session = Session::open(self.port, &app, words, limit, &mut || {
            if child.ended() {
                return Err(Failure::new(
                    "WebKitWebDriver ended before the window was open.",
                ));
            }
            *started = process::offspring(child.0.id());
            if started.is_empty() && began.elapsed() > Duration::from_secs(5) {
                return Err(Failure::new("The app ended before its window was open."));
            }
            Ok(())
        })?;
        *started = process::offspring(child.0.id());
        Ok(session)
    }
}

impl Driver {
    /// The driver's own process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// The process ids of what the driver started: the app, and the app's own.
    #[must_use]
    pub fn offspring(&self) -> Vec<u32> {
        process::offspring(self.child.0.id())
            .into_iter()
            .map(Running::id)
            .collect()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The session's end closes the window; whatever has outlived it goes now.
        self.started.extend(process::offspring(self.child.0.id()));
        self.started.iter().for_each(|one| one.end());
    }
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).doing("Looking for a free port")?;
    Ok(listener
        .local_addr()
        .doing("Looking for a free port")?
        .port())
}
