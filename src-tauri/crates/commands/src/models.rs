//! Which reward models there are: the surface, and those that a folder describes.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tiebreak_domain::Family;
use tiebreak_judge::Judge;
use tiebreak_judge::described::{Described, Kind, in_folder, name_in};
use tiebreak_judge::process::Process;
use tiebreak_judge::surface::{self, Surface};
use ts_rs::TS;

use crate::Project;
use crate::error::{CommandError, Result, io};
use crate::import::Cancel;
use crate::predict::Candidate;
use crate::surface::fitted;

/// A reward model that can be asked, or why it cannot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ModelInfo {
    /// What it is called.
    pub name: String,
    /// How it comes to its verdict.
    pub family: Family,
    /// What it is, in words.
    pub about: String,
    /// The file that describes it; null for what is built in.
    pub file: Option<String>,
    /// The hash of what it is: its version. Null where that follows from the votes, or it is no good.
    pub hash: Option<String>,
    /// The tasks it takes; null: all.
    pub tasks: Option<Vec<String>>,
    /// How much memory it needs, in MiB; null where that is not stated.
    #[ts(type = "number | null")]
    pub memory_mb: Option<u64>,
    /// Whether the order of the responses can make a difference.
    pub sees_order: bool,
    /// What is wrong with it; null where it can be asked.
    pub problem: Option<String>,
}

/// The models of a folder, and what is built in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ModelsReport {
    /// The folder that was looked in.
    pub folder: String,
    /// The models, what is built in first.
    pub models: Vec<ModelInfo>,
}

/// The folder that models are looked for in unless another is named: `TIEBREAK_MODELS_DIR`, or `models`
/// in the program's folder for data.
#[must_use]
pub fn usual_folder() -> PathBuf {
    usual_folder_by(|name| std::env::var_os(name).map(PathBuf::from))
}

fn usual_folder_by(variable: impl Fn(&str) -> Option<PathBuf>) -> PathBuf {
    let absolute = |name| variable(name).filter(|path| path.is_absolute());
    let ours = absolute("TIEBREAK_DATA_DIR").map(|data| data.join("models"));
    let xdg = absolute("XDG_DATA_HOME").map(|data| data.join("tiebreak/models"));
    let home = absolute("HOME").map(|home| home.join(".local/share/tiebreak/models"));
    let found = absolute("TIEBREAK_MODELS_DIR").or(ours).or(xdg).or(home);
    found.unwrap_or_else(|| PathBuf::from("models"))
}

/// Every model, each description read and the files that it names hashed.
///
/// # Errors
/// The folder cannot be read.
pub async fn list(folder: Option<&Path>) -> Result<ModelsReport> {
    let folder = folder.map_or_else(usual_folder, Path::to_path_buf);
    let described = described(&folder, |_| true).await?;
    let mut models = vec![ModelInfo {
        name: surface::NAME.to_owned(),
        family: Family::Surface,
        about:
            "Built in: what length, format and what headers say of media explain of your labels. A \
                yardstick, no judge of quality."
                .to_owned(),
        file: None,
        hash: None,
        tasks: None,
        memory_mb: None,
        sees_order: false,
        problem: None,
    }];
    for (file, read) in described {
        models.push(info(file, read));
    }
    let mut seen = std::collections::HashSet::new();
    for model in models.iter_mut().filter(|model| model.problem.is_none()) {
        if !seen.insert(model.name.clone()) {
            let why = "another description before this one has the same name: change one of them";
            model.problem = Some(why.to_owned());
        }
    }
    Ok(ModelsReport {
        folder: folder.display().to_string(),
        models,
    })
}

type Read = std::result::Result<Described, String>;

/// Reads descriptions that are wanted, each with the files that it names: gigabytes, at worst.
async fn described(
    folder: &Path,
    wanted: impl Fn(&Path) -> bool + Send + 'static,
) -> Result<Vec<(String, Read)>> {
    let path = folder.to_path_buf();
    let read = tokio::task::spawn_blocking(move || {
        let read = |path: PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            (name.into_owned(), Described::read(&path))
        };
        let all = in_folder(&path)?.into_iter().filter(|path| wanted(path));
        Ok(all.map(read).collect())
    });
    let read = read
        .await
        .map_err(|error| CommandError::new("internal", error.to_string()))?;
    read.map_err(io(folder))
}

fn info(file: String, read: Read) -> ModelInfo {
    let stem = file.trim_end_matches(".toml").to_owned();
    let (described, problem) = match read {
        Ok(described) => (Some(described), None),
        Err(why) => (None, Some(why)),
    };
    let one = described.as_ref();
    ModelInfo {
        name: one.map_or(stem, |d| d.name.clone()),
        family: one.map_or(Family::Process, Described::family),
        about: one.map(|d| d.about.clone()).unwrap_or_default(),
        file: Some(file),
        hash: one.map(|d| d.hash.clone()),
        tasks: one.filter(|d| !d.tasks.is_empty()).map(|d| d.tasks.clone()),
        memory_mb: one.and_then(|d| d.memory_mb),
        sees_order: true,
        problem,
    }
}

/// A described model, nothing of it started yet.
fn ready(described: &Described, cancel: &Cancel) -> Box<dyn Judge> {
    match &described.kind {
        Kind::Process(program) => Box::new(Process::new(described, program.clone(), cancel.flag())),
    }
}

/// The model of this name, ready to be asked. The surface is fitted on what people said of `all`.
///
/// # Errors
/// There is none, it is no good, or there are too few labels to fit on.
pub(crate) async fn open(
    project: &Project,
    name: &str,
    folder: Option<&Path>,
    all: &[Candidate],
    cancel: &Cancel,
) -> Result<Box<dyn Judge>> {
    let name = name.trim();
    if name == surface::NAME {
        let fit = fitted(project, all).await?;
        return Ok(Box::new(Surface::new(fit.0, fit.1)));
    }
    let folder = folder.map_or_else(usual_folder, Path::to_path_buf);
    let wanted = name.to_owned();
    // One that cannot be read that far goes by its file's name.
    let is_it = move |path: &Path| {
        let stem = || {
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
        };
        name_in(path).or_else(stem).as_ref() == Some(&wanted)
    };
    if let Some((file, read)) = described(&folder, is_it).await?.into_iter().next() {
        return match read {
            Ok(found) => Ok(ready(&found, cancel)),
            Err(why) => Err(CommandError::new("bad_model", why).in_file(&file)),
        };
    }
    Err(CommandError::new(
        "no_model",
        format!(
            "there is no model {name}: surface is built in, others are described by files in {} \
             (`tiebreak models` lists them)",
            folder.display()
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_folder_is_ours_before_the_systems() {
        let of = |told: &'static [(&str, &str)]| {
            let value = |name: &str| told.iter().find(|one| one.0 == name);
            usual_folder_by(|name| value(name).map(|one| PathBuf::from(one.1)))
        };
        assert_eq!(
            of(&[("HOME", "/h")]),
            Path::new("/h/.local/share/tiebreak/models")
        );
        assert_eq!(
            of(&[("HOME", "/h"), ("XDG_DATA_HOME", "/x")]),
            Path::new("/x/tiebreak/models")
        );
        assert_eq!(
            of(&[("TIEBREAK_MODELS_DIR", "/m"), ("HOME", "/h")]),
            Path::new("/m")
        );
        assert_eq!(
            of(&[("TIEBREAK_MODELS_DIR", "m"), ("HOME", "/h")]),
            of(&[("HOME", "/h")])
        );
    }
}
