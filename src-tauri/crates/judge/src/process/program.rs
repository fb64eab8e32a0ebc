//! What a description says of a program.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::described::{Files, no_description};

/// The longest deadline: a day.
const MAX_SECONDS: u64 = 24 * 60 * 60;

/// A program that is a reward model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The program: a word to be found in the search path, or a file.
    pub program: PathBuf,
    /// Its arguments, as they are: there is no shell.
    pub arguments: Vec<String>,
    /// The folder it runs in: the description's own.
    pub folder: PathBuf,
    /// How long an answer may take, in seconds.
    pub deadline_s: u64,
    /// How much longer the first may take, in seconds: the model is loaded first.
    pub start_s: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    program: String,
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default = "usual_deadline")]
    deadline_s: u64,
    #[serde(default = "usual_start")]
    start_s: u64,
}

const fn usual_deadline() -> u64 {
    120
}

const fn usual_start() -> u64 {
    600
}

impl Program {
    /// Reads the program's part of a description. Arguments that are files of its folder belong to
    /// its version.
    pub(crate) fn read(
        table: toml::Table,
        folder: &Path,
        files: &mut Files,
    ) -> Result<Self, String> {
        let written: Written = table.try_into().map_err(no_description)?;
        if written.program.trim().is_empty() {
            return Err("it names no program".to_owned());
        }
        if written.deadline_s == 0
            || written.deadline_s > MAX_SECONDS
            || written.start_s > MAX_SECONDS
        {
            return Err(format!(
                "deadline_s must be between 1 and {MAX_SECONDS}, and start_s not above"
            ));
        }
        for word in written.arguments.iter().chain([&written.program]) {
            let path = PathBuf::from(word);
            Files::refuse_pickle(&path)?;
            if !word.is_empty() && folder.join(&path).is_file() {
                files.add(&path);
            }
        }
        // A word is looked up by the system, a path from the description's folder.
        let program = match written.program.contains('/') {
            true => folder.join(&written.program),
            false => PathBuf::from(&written.program),
        };
        Ok(Self {
            program,
            arguments: written.arguments,
            folder: folder.to_path_buf(),
            deadline_s: written.deadline_s,
            start_s: written.start_s,
        })
    }
}
