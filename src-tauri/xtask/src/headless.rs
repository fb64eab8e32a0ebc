//! The window where there is no display: a display in memory, the app under remote control, and a
//! picture of the first question.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::failure::{Doing as _, Failure, Result};
use crate::remote::{Driver, Screen};
use crate::webdriver::Session;

/// The window and its first question must be there by then.
const LIMIT: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(200);
const ENTER: char = '\u{E007}';

/// What to open, and what to leave behind.
pub struct Visit<'a> {
    pub app: &'a Path,
    pub project: &'a Path,
    /// The name under which to label, where the app asks for one; without it nothing is written.
    pub name: Option<&'a str>,
    pub picture: &'a Path,
}

/// Opens the project on a display of its own, waits for the first question, takes its picture, and
/// stops everything that it started. Gives the text that was on the screen.
pub fn visit(visit: &Visit) -> Result<String> {
    let until = Instant::now() + LIMIT;
    let screen = Screen::start()?;
    let mut driver = Driver::start(&screen, &[])?;
    let project = visit.project.display().to_string();
    let limit = until.saturating_duration_since(Instant::now());
    let session = driver.open(visit.app, &[&project], limit)?;
    let found = first_question(&session, visit.name, until);
    let picture = session
        .screenshot()
        .and_then(|png| save(visit.picture, &png));
    session.close();
    let found = found.map_err(|failure| match picture {
        Ok(()) => Failure::new(format!(
            "{failure} What it showed: {}",
            visit.picture.display()
        )),
        Err(_) => failure,
    })?;
    picture.map(|()| found)
}

/// Waits for the first question, giving a name when the page asks for one.
fn first_question(session: &Session, name: Option<&str>, until: Instant) -> Result<String> {
    let mut named = false;
    let mut silent = 0;
    loop {
        if session.find("#label[data-ready=true]").is_some() {
            let criterion = session.find("#criterion").map(|found| session.text(&found));
            return criterion.unwrap_or_else(|| Ok("(no criterion yet)".to_owned()));
        }
        if let Some(field) = session.find("#who-name") {
            match name {
                None => return Ok("(the app asks who is labelling)".to_owned()),
                Some(name) if !named => {
                    named = session.type_into(&field, &format!("{name}{ENTER}")).is_ok();
                }
                Some(_) => {}
            }
        }
        // Between two pages the driver may find no window once; an app that is gone stays silent.
        silent = if session.title().is_err() {
            silent + 1
        } else {
            0
        };
        if silent > 5 || Instant::now() > until {
            return Err(too_late(session));
        }
        sleep(PAUSE);
    }
}

fn too_late(session: &Session) -> Failure {
    let seconds = LIMIT.as_secs();
    match session.title() {
        Ok(title) if title.contains("Tiebreak") => Failure::new(format!(
            "The window opened, but no question came within {seconds} seconds."
        )),
        Ok(title) => Failure::new(format!("The window shows another page (\"{title}\").")),
        Err(_) => Failure::new("The app ended before the first question came."),
    }
}

fn save(picture: &Path, png: &[u8]) -> Result<()> {
    if let Some(folder) = picture.parent() {
        fs::create_dir_all(folder).doing(format!("Making {}", folder.display()))?;
    }
    fs::write(picture, png).doing(format!("Writing {}", picture.display()))
}
