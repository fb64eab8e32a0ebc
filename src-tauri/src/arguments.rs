//! What the command line asks of the window's program.

use std::ffi::OsString;
use std::path::PathBuf;

/// Shown by `--help` and after a mistake.
pub(crate) const USAGE: &str = "\
Usage: tiebreak-desktop [PROJECT]

PROJECT is a project's folder, the project.sqlite in it, or a .tiebreak file in it; or a work package,
which is a .tiebreak file of its own. Without it the start screen opens.

  -h, --help       show this
  -V, --version    show the version

TIEBREAK_CONFIG_DIR, TIEBREAK_DATA_DIR and TIEBREAK_LOG_DIR say where settings, the page's data and
logs are kept; TIEBREAK_LOG=debug makes the log say more.";

/// The flag by which the program starts itself to show what went wrong in another process of it.
pub(crate) const CRASH_NOTICE: &str = "--crash-notice";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The window, on this project or on the start screen.
    Window(Option<PathBuf>),
    Version,
    Help,
    /// A window with the text on standard input.
    CrashNotice,
    /// Nothing that could be understood, and why.
    Wrong(String),
}

impl Asked {
    /// Reads the arguments after the program's name.
    pub(crate) fn read(mut arguments: impl Iterator<Item = OsString>) -> Self {
        let Some(first) = arguments.next() else {
            return Self::Window(None);
        };
        let plain = if first == "--" {
            arguments.next()
        } else {
            None
        };
        if let Some(extra) = arguments.next() {
            return Self::Wrong(format!(
                "one project at a time: {} is too much",
                extra.to_string_lossy()
            ));
        }
        if let Some(path) = plain {
            return Self::Window(Some(path.into()));
        }
        match first.to_str() {
            Some("--version" | "-V") => Self::Version,
            Some("--help" | "-h") => Self::Help,
            Some(CRASH_NOTICE) => Self::CrashNotice,
            Some("--") => Self::Window(None),
            Some(option) if option.starts_with('-') => {
                Self::Wrong(format!("{option} is no option of this program"))
            }
            _ => Self::Window(Some(first.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Asked {
        Asked::read(arguments.iter().map(OsString::from))
    }

    #[test]
    fn a_path_opens_the_window_on_it() {
        assert_eq!(read(&[]), Asked::Window(None));
        assert_eq!(
            read(&["my project"]),
            Asked::Window(Some("my project".into()))
        );
        assert_eq!(read(&["--", "-odd"]), Asked::Window(Some("-odd".into())));
        assert_eq!(read(&["--"]), Asked::Window(None));
    }

    #[test]
    fn options_are_few() {
        assert_eq!(read(&["--version"]), Asked::Version);
        assert_eq!(read(&["-h"]), Asked::Help);
        assert_eq!(read(&[CRASH_NOTICE]), Asked::CrashNotice);
        assert!(matches!(read(&["--nothing"]), Asked::Wrong(_)));
        assert!(matches!(read(&["one", "two"]), Asked::Wrong(_)));
        assert!(matches!(read(&["--", "one", "two"]), Asked::Wrong(_)));
    }
}
