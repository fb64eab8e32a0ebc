//! Where the window stands: the open project, who labels, and what is still to be told.
//!
//! It lives here and not in the page, so that a page which stopped and was started again goes on
//! where it was.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tiebreak_commands::dto::AnnotatorName;
use tiebreak_commands::import::Cancel;
use tiebreak_commands::{Project, projects};
use tokio::sync::RwLock;

/// The window's state, managed by Tauri: adapters take it as `State<'_, Session>`.
#[derive(Default)]
pub struct Session {
    /// What is open. Taken for writing only by what opens, closes or changes roles.
    pub current: RwLock<Current>,
    /// Held while a reward model is asked: one at a time, since each may want the whole machine.
    pub asking: tokio::sync::Mutex<()>,
    start: Mutex<Option<PathBuf>>,
    notices: Mutex<Vec<String>>,
}

/// What is open, and for whom.
#[derive(Default)]
pub struct Current {
    /// The project.
    pub project: Option<Arc<Project>>,
    /// The annotator who picked a name.
    pub annotator: Option<AnnotatorName>,
    /// Whether the owner's screens are open.
    pub owner: bool,
    /// What stops the import under way.
    pub import: Option<Cancel>,
    /// What stops the reward model that is being asked.
    pub asking: Option<Cancel>,
}

impl Session {
    /// A session that starts on what the command line named: a project's folder or a file in it.
    #[must_use]
    pub fn new(start: Option<PathBuf>) -> Self {
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        Self {
            start: Mutex::new(start.map(absolute)),
            ..Self::default()
        }
    }

    /// The folder of the project to start on; once, so that a page started again does not open it
    /// over what is open by then.
    #[must_use]
    pub fn take_start(&self) -> Option<PathBuf> {
        locked(&self.start)
            .take()
            .map(|path| projects::folder_of(&path))
    }

    /// Keeps a sentence until the page asks for it.
    pub fn tell(&self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        let mut notices = locked(&self.notices);
        if !notices.contains(&sentence) {
            notices.push(sentence);
        }
    }

    /// What is to be told, one sentence a line; once. This is `notice` of `session_state`.
    #[must_use]
    pub fn take_notice(&self) -> Option<String> {
        let notices = std::mem::take(&mut *locked(&self.notices));
        (!notices.is_empty()).then(|| notices.join("\n"))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_told_once_and_not_twice_over() {
        let session = Session::default();
        assert_eq!(session.take_notice(), None);
        session.tell("One.");
        session.tell("Two.");
        session.tell("One.");
        assert_eq!(session.take_notice().as_deref(), Some("One.\nTwo."));
        assert_eq!(session.take_notice(), None);
    }

    #[test]
    fn a_file_in_a_project_means_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["project.sqlite", "Open in Tiebreak.tiebreak"] {
            let file = folder.path().join(name);
            std::fs::write(&file, "").unwrap();
            let session = Session::new(Some(file));
            assert_eq!(session.take_start().as_deref(), Some(folder.path()));
            assert_eq!(session.take_start(), None);
        }
        let session = Session::new(Some(folder.path().into()));
        assert_eq!(session.take_start().as_deref(), Some(folder.path()));
        let relative = Session::new(Some("there".into())).take_start().unwrap();
        assert!(relative.is_absolute());
    }
}
