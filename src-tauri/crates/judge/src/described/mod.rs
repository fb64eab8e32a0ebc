//! The models of a folder: what each is, which tasks it takes, what it needs, and the version that
//! follows from every file it is made of.
//!
//! A model is described by a small file (`*.toml`) whose `family` says how it is asked; the rest of the
//! file is the family's own. Nothing is run to read a description, and a pickle is never opened.

mod files;

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use tiebreak_domain::{Family, RewardModel};

pub(crate) use files::Files;

use crate::process::Program;

/// The most bytes of a description.
const MAX_BYTES: u64 = 64 * 1024;
/// The family of a description that names none.
const USUAL: Family = Family::Process;

/// A model that can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// What the model is called.
    pub name: String,
    /// What it is, in its describer's words.
    pub about: String,
    /// The tasks it takes; none: all.
    pub tasks: Vec<String>,
    /// How much memory it needs, in MiB, where it says so.
    pub memory_mb: Option<u64>,
    /// BLAKE3 of the description and of every file that it names, 64 hexadecimal digits.
    pub hash: String,
    /// How it is asked.
    pub kind: Kind,
}

/// How a described model is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A program of this machine.
    Process(Program),
}

/// Every description in a folder, in the order of their names. A folder that is not there holds none.
///
/// # Errors
/// The folder cannot be read.
pub fn in_folder(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "toml") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The name that a description gives its model, without a look at the files that it names: these may be
/// gigabytes. `None` where it cannot be read that far.
#[must_use]
pub fn name_in(path: &Path) -> Option<String> {
    let mut table: toml::Table = text_of(path).ok()?.parse().ok()?;
    named(&mut table).ok()
}

fn unread(error: std::io::Error) -> String {
    format!("it cannot be read: {error}")
}

fn text_of(path: &Path) -> Result<String, String> {
    let bytes = std::fs::metadata(path).map_err(unread)?.len();
    if bytes > MAX_BYTES {
        return Err(format!("it is no description: it has {bytes} bytes"));
    }
    std::fs::read_to_string(path).map_err(unread)
}

fn named(table: &mut toml::Table) -> Result<String, String> {
    let name = take::<String>(table, "name")?.unwrap_or_default();
    let name = name.trim().to_owned();
    if name.is_empty() || name == crate::surface::NAME || name.chars().any(char::is_control) {
        return Err(format!("“{name}” is no name for a model: choose another"));
    }
    Ok(name)
}

impl Described {
    /// Reads a description, and every file that it names, for its hash.
    ///
    /// # Errors
    /// A sentence: it is no description, names a pickle, or a file that is not there or is another
    /// than it says.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = text_of(path)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let folder = std::path::absolute(folder).map_err(unread)?;
        let mut table: toml::Table = text.parse().map_err(no_description)?;
        let family = match take::<String>(&mut table, "family")? {
            None => USUAL,
            Some(word) => word.parse().map_err(|_| {
                format!(
                    "“{word}” is no family of models that a file can describe: leave it out for a program"
                )
            })?,
        };
        let name = named(&mut table)?;
        let about = take::<String>(&mut table, "about")?.unwrap_or_default();
        let tasks = take::<Vec<String>>(&mut table, "tasks")?.unwrap_or_default();
        let memory_mb = take(&mut table, "memory_mb")?;
        let mut files = Files::new(&folder, take(&mut table, "file")?);
        let kind = match family {
            Family::Process => Kind::Process(Program::read(table, &folder, &mut files)?),
            other => {
                return Err(format!(
                    "this version asks no models of the family {} that a file describes: programs alone",
                    other.as_str()
                ));
            }
        };
        let hash = files.hash(family, &text)?;
        Ok(Self {
            name,
            about,
            tasks,
            memory_mb,
            hash,
            kind,
        })
    }

    /// Its family.
    #[must_use]
    pub fn family(&self) -> Family {
        match self.kind {
            Kind::Process(_) => Family::Process,
        }
    }

    /// What its predictions are kept under.
    #[must_use]
    pub fn model(&self) -> RewardModel {
        RewardModel {
            name: self.name.clone(),
            family: self.family(),
            hash: self.hash.clone(),
        }
    }
}

/// Whether a task is among these; where there are none, every one is taken.
pub(crate) fn takes(tasks: &[String], task: &str) -> bool {
    tasks.is_empty() || tasks.iter().any(|one| one == task)
}

/// Takes a field that every family has out of a description.
fn take<T: DeserializeOwned>(table: &mut toml::Table, field: &str) -> Result<Option<T>, String> {
    let read = table.remove(field).map(toml::Value::try_into).transpose();
    read.map_err(|error| format!("it is no description: {field}: {}", error.message()))
}

/// The sentence for what cannot be read.
pub(crate) fn no_description(error: toml::de::Error) -> String {
    format!("it is no description: {}", error.message())
}
