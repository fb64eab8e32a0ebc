//! The file that describes a program, and the version that follows from all that it names.

use std::fs::File;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// What a pickle is called. To read one is to run it.
const PICKLES: [&str; 6] = ["bin", "pt", "pth", "ckpt", "pkl", "pickle"];
/// The most bytes of a description.
const MAX_BYTES: u64 = 64 * 1024;
/// The longest deadline: a day.
const MAX_SECONDS: u64 = 24 * 60 * 60;

/// A program that is a reward model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// What the model is called.
    pub name: String,
    /// What it is, in its describer's words.
    pub about: String,
    /// The program: a word to be found in the search path, or a file.
    pub program: PathBuf,
    /// Its arguments, as they are: there is no shell.
    pub arguments: Vec<String>,
    /// The folder it runs in: the description's own.
    pub folder: PathBuf,
    /// The tasks it takes; none: all.
    pub tasks: Vec<String>,
    /// How much memory it needs, in MiB, where it says so.
    pub memory_mb: Option<u64>,
    /// How long an answer may take, in seconds.
    pub deadline_s: u64,
    /// How much longer the first may take, in seconds: the model is loaded first.
    pub start_s: u64,
    /// BLAKE3 of the description and of every file that it names, 64 hexadecimal digits.
    pub hash: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    #[serde(default)]
    about: String,
    program: String,
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default)]
    tasks: Vec<String>,
    memory_mb: Option<u64>,
    #[serde(default = "usual_deadline")]
    deadline_s: u64,
    #[serde(default = "usual_start")]
    start_s: u64,
    #[serde(default)]
    file: Vec<WrittenFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    path: PathBuf,
    blake3: Option<String>,
}

const fn usual_deadline() -> u64 {
    120
}

const fn usual_start() -> u64 {
    600
}

/// Every description (`*.toml`) in a folder, by name, with what is wrong where it is no good. A folder
/// that is not there holds none.
///
/// # Errors
/// The folder cannot be read.
pub fn in_folder(folder: &Path) -> std::io::Result<Vec<(String, Result<Description, String>)>> {
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
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        (name.into_owned(), Description::read(&path))
    };
    Ok(files.into_iter().map(read).collect())
}

impl Description {
    /// Reads a description, and every file that it names, for its hash.
    ///
    /// # Errors
    /// A sentence: it is no description, names a pickle, or a file that is not there or is another
    /// than it says.
    pub fn read(path: &Path) -> Result<Self, String> {
        let unread = |error: std::io::Error| format!("it cannot be read: {error}");
        let bytes = std::fs::metadata(path).map_err(unread)?.len();
        if bytes > MAX_BYTES {
            return Err(format!("it is no description: it has {bytes} bytes"));
        }
        let text = std::fs::read_to_string(path).map_err(unread)?;
        let written: Written = toml::from_str(&text)
            .map_err(|error| format!("it is no description: {}", error.message()))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let folder = std::path::absolute(folder).map_err(unread)?;
        written.check()?;
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"tiebreak process 1\0");
        hasher.update(text.as_bytes());
        for (file, told) in written.files(&folder) {
            let found = hash(&folder.join(&file))
                .map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
            if told.is_some_and(|told| !told.eq_ignore_ascii_case(found.to_hex().as_str())) {
                return Err(format!(
                    "{} is another file than the description says: its BLAKE3 is {}",
                    file.display(),
                    found.to_hex()
                ));
            }
            hasher.update(found.as_bytes());
        }
        // A word is looked up by the system, a path from the description's folder.
        let program = match written.program.contains('/') {
            true => folder.join(&written.program),
            false => PathBuf::from(&written.program),
        };
        Ok(Self {
            name: written.name.trim().to_owned(),
            about: written.about,
            program,
            arguments: written.arguments,
            folder,
            tasks: written.tasks,
            memory_mb: written.memory_mb,
            deadline_s: written.deadline_s,
            start_s: written.start_s,
            hash: hasher.finalize().to_hex().to_string(),
        })
    }

    /// Whether it takes a task.
    #[must_use]
    pub fn takes(&self, task: &str) -> bool {
        self.tasks.is_empty() || self.tasks.iter().any(|one| one == task)
    }
}

impl Written {
    fn check(&self) -> Result<(), String> {
        let name = self.name.trim();
        if name.is_empty() || name == crate::surface::NAME || name.chars().any(char::is_control) {
            return Err(format!("“{name}” is no name for a model: choose another"));
        }
        if self.program.trim().is_empty() {
            return Err("it names no program".to_owned());
        }
        let all = self
            .arguments
            .iter()
            .chain([&self.program])
            .map(PathBuf::from);
        let all = all.chain(self.file.iter().map(|file| file.path.clone()));
        if let Some(pickle) = all.into_iter().find(|path| is_pickle(path)) {
            return Err(format!(
                "{} is a pickle, and to open one is to run what is in it: convert it to safetensors",
                pickle.display()
            ));
        }
        if self.deadline_s == 0 || self.deadline_s > MAX_SECONDS || self.start_s > MAX_SECONDS {
            return Err(format!(
                "deadline_s must be between 1 and {MAX_SECONDS}, and start_s not above"
            ));
        }
        Ok(())
    }

    /// The files of its version: those that it names as such, and arguments that are files of its folder.
    fn files(&self, folder: &Path) -> Vec<(PathBuf, Option<&str>)> {
        let named = self
            .file
            .iter()
            .map(|f| (f.path.clone(), f.blake3.as_deref()));
        let mut files: Vec<_> = named.collect();
        for word in self.arguments.iter().chain([&self.program]) {
            let path = PathBuf::from(word);
            let known = files.iter().any(|(file, _)| *file == path);
            if !known && !word.is_empty() && folder.join(&path).is_file() {
                files.push((path, None));
            }
        }
        files
    }
}

fn is_pickle(path: &Path) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| PICKLES.contains(&ending.as_str()))
}

fn hash(path: &Path) -> std::io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize())
}
