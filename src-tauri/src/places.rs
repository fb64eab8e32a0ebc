//! Where the program keeps what belongs to no project: settings, the page's data, logs.
//!
//! The XDG folders, each of which a variable of ours overrides, so that a test or a second
//! installation stays apart.

use std::ffi::OsString;
use std::path::PathBuf;

/// The program's own folders. They may not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Settings, such as the list of recent projects.
    pub config: PathBuf,
    /// Data that can be made again: what the web view keeps, the demo project.
    pub data: PathBuf,
    /// Logs.
    pub log: PathBuf,
}

/// There is no folder to keep anything in.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "there is no place for {what}: set HOME, or {variable} to an absolute folder that you may \
     write to"
)]
pub struct NoPlace {
    what: &'static str,
    variable: &'static str,
}

impl Places {
    /// Reads the environment.
    ///
    /// # Errors
    /// When neither `HOME` nor the variable for one of the folders is set.
    pub fn from_environment() -> Result<Self, NoPlace> {
        Self::from(|name| std::env::var_os(name))
    }

    fn from(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, NoPlace> {
        let folder = |name| {
            variable(name)
                .map(PathBuf::from)
                .filter(|p| p.is_absolute())
        };
        let find = |what, ours, xdg, at_home: &str, below: &str| {
            let base = || folder(xdg).or_else(|| folder("HOME").map(|home| home.join(at_home)));
            folder(ours)
                .or_else(|| base().map(|base| base.join(below)))
                .ok_or(NoPlace {
                    what,
                    variable: ours,
                })
        };
        Ok(Self {
            config: find(
                "settings",
                "TIEBREAK_CONFIG_DIR",
                "XDG_CONFIG_HOME",
                ".config",
                "tiebreak",
            )?,
            data: find(
                "data",
                "TIEBREAK_DATA_DIR",
                "XDG_DATA_HOME",
                ".local/share",
                "tiebreak",
            )?,
            log: find(
                "logs",
                "TIEBREAK_LOG_DIR",
                "XDG_STATE_HOME",
                ".local/state",
                "tiebreak/log",
            )?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(variables: &'static [(&str, &str)]) -> Result<Places, NoPlace> {
        Places::from(|name| {
            variables
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn ours_come_before_xdg_and_xdg_before_home() {
        let all = places(&[
            ("HOME", "/home/a"),
            ("XDG_DATA_HOME", "/data"),
            ("TIEBREAK_CONFIG_DIR", "/mine"),
            ("XDG_CONFIG_HOME", "/config"),
        ])
        .unwrap();
        assert_eq!(all.config, PathBuf::from("/mine"));
        assert_eq!(all.data, PathBuf::from("/data/tiebreak"));
        assert_eq!(all.log, PathBuf::from("/home/a/.local/state/tiebreak/log"));
    }

    #[test]
    fn a_relative_folder_is_none_and_no_folder_is_a_sentence() {
        assert!(
            places(&[])
                .unwrap_err()
                .to_string()
                .contains("TIEBREAK_CONFIG_DIR")
        );
        let odd = places(&[
            ("HOME", "/h"),
            ("XDG_STATE_HOME", "here"),
            ("TIEBREAK_LOG_DIR", ""),
        ]);
        assert_eq!(
            odd.unwrap().log,
            PathBuf::from("/h/.local/state/tiebreak/log")
        );
    }
}
