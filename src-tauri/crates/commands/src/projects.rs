//! Making, opening and describing projects.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use tiebreak_domain::{Clock, Order, Overlap};
pub use tiebreak_store::is_package;
use tiebreak_store::{Project, ProjectSettings, StoreError};
use ts_rs::TS;

use crate::dto::{AnnotatorInfo, CheckReport, Finding, ProjectInfo, TaskInfo};
use crate::error::{CommandError, Result};

/// What may be set when a project is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(default)]
pub struct NewProject {
    /// Its name; the folder's where there is none.
    pub name: Option<String>,
    /// Ask every annotator to write criteria for each pair.
    pub ask_criteria: bool,
    /// How many of a hundred questions come back to the same annotator, sides swapped.
    pub repeat_percent: u8,
    /// How many of how many people see each pair; null: everybody sees all.
    pub overlap: Option<(u32, u32)>,
    /// People first write criteria, then the owner looks through them, then people vote.
    pub phases: bool,
    /// Nobody may say that both responses are bad.
    pub no_both_bad: bool,
    /// What the project follows; it sets the others as it needs them.
    pub protocol: Option<Protocol>,
    /// In which order pairs are dealt.
    pub order: Order,
}

/// A way of building a benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// As Omni-RewardBench was built: three people, criteria of their own, A, B, a tie or not
    /// annotated.
    OmniRewardbench,
}

impl Protocol {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OmniRewardbench => "omni-rewardbench",
        }
    }

    /// What a project needs to follow it.
    fn applied(self, wish: &NewProject) -> NewProject {
        match self {
            Self::OmniRewardbench => NewProject {
                overlap: wish.overlap.or(Some((3, 3))),
                phases: true,
                no_both_bad: true,
                ..wish.clone()
            },
        }
    }
}

impl std::str::FromStr for Protocol {
    type Err = CommandError;
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "omni-rewardbench" => Ok(Self::OmniRewardbench),
            _ => Err(CommandError::new(
                "bad_value",
                format!("there is no protocol “{text}”: use omni-rewardbench"),
            )),
        }
    }
}

/// Makes a project in a new or empty folder.
pub async fn create(folder: &Path, wish: &NewProject, clock: Arc<dyn Clock>) -> Result<Project> {
    let wish = &wish
        .protocol
        .map_or_else(|| wish.clone(), |p| p.applied(wish));
    let of_folder = || {
        let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        absolute
            .file_name()
            .map_or_else(|| "project".into(), |n| n.to_string_lossy().into_owned())
    };
    let name = wish
        .name
        .as_deref()
        .map(str::trim)
        .filter(|n| !n.is_empty());
    let settings = ProjectSettings {
        name: name.map_or_else(of_folder, str::to_owned),
        ask_criteria: wish.ask_criteria || wish.phases,
        repeat_percent: wish.repeat_percent,
        overlap: match wish.overlap {
            Some((votes, people)) => Some(Overlap::new(votes, people)?),
            None => None,
        },
        both_bad: !wish.no_both_bad,
        protocol: wish.protocol.map(|protocol| protocol.as_str().to_owned()),
        phases: wish.phases,
        order: wish.order,
    };
    Ok(Project::create(folder, &settings, clock).await?)
}

/// Opens the project that `path` means: its folder, or a file in it. A work package, which is a file
/// of its own, opens as one.
pub async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Project> {
    let place = folder_of(path);
    if is_package(&place) {
        return Ok(Project::open_package(&place, clock).await?);
    }
    Ok(Project::open(&place, clock).await?)
}

/// Opens a project as its owner: a work package is refused.
pub async fn open_owned(path: &Path, clock: Arc<dyn Clock>) -> Result<Project> {
    if is_package(path) {
        return Err(StoreError::IsPackage(path.to_path_buf()).into());
    }
    open(path, clock).await
}

/// The project's folder, where a file in it (`project.sqlite`, as a double click gives it) may
/// stand for it. A work package stands for itself.
#[must_use]
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        _ if is_package(path) => path.to_path_buf(),
        Some(parent) if path.is_file() => {
            if parent.as_os_str().is_empty() {
                PathBuf::from(".")
            } else {
                parent.to_path_buf()
            }
        }
        _ => path.to_path_buf(),
    }
}

/// What a project holds. For its owner: an annotator is never shown this.
pub async fn info(project: &Project) -> Result<ProjectInfo> {
    let settings = project.settings().await?;
    let counts = project.counts().await?;
    let mut annotators = Vec::new();
    for annotator in project.annotators().await? {
        annotators.push(AnnotatorInfo {
            id: annotator.id,
            votes: project.standing(annotator.id).await?.done,
            imported: annotator.origin.is_some(),
            name: annotator.name,
        });
    }
    let tasks = counts
        .tasks
        .into_iter()
        .map(|t| {
            Ok(TaskInfo {
                task: t.task.parse()?,
                pairs: t.pairs,
                questions: t.questions,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(ProjectInfo {
        path: project.folder().canonicalize().map_or_else(
            |_| project.folder().display().to_string(),
            |absolute| absolute.display().to_string(),
        ),
        name: settings.name,
        ask_criteria: settings.ask_criteria,
        repeat_percent: settings.repeat_percent,
        both_bad: settings.both_bad,
        protocol: settings.protocol,
        phase: project.phase().await?,
        overlap: settings.overlap.map(|o| [o.votes(), o.people()]),
        order: settings.order,
        pairs: tasks.iter().map(|t| t.pairs).sum(),
        questions: tasks.iter().map(|t| t.questions).sum(),
        tasks,
        without_criterion: counts.without_criterion,
        votes: counts.votes,
        practice_votes: project.practice_votes().await?.0,
        votes_ever: counts.votes_ever,
        resolutions: counts.resolutions,
        media: counts.media,
        annotators,
        media_roots: project
            .media_roots()
            .await?
            .into_iter()
            .map(|root| root.display().to_string())
            .collect(),
    })
}

/// Looks whether everything is as it must be.
pub async fn check(project: &Project) -> Result<CheckReport> {
    let outcome = project.check().await?;
    Ok(CheckReport {
        ok: outcome.problems.is_empty(),
        media_checked: outcome.media_checked,
        votes_checked: outcome.votes_checked,
        findings: outcome
            .problems
            .into_iter()
            .map(|p| Finding {
                code: p.code.to_owned(),
                message: p.message,
            })
            .collect(),
    })
}
