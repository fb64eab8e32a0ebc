//! The phases of a project: write criteria, review them, vote. Going back is possible at any time,
//! is written down and loses nothing.

use serde::Serialize;
use tiebreak_domain::{AnnotatorId, Phase};
use tiebreak_store::Project;
use ts_rs::TS;

use crate::error::Result;

/// A change of phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PhaseEntry {
    /// The phase that began.
    pub phase: Phase,
    /// Who began it; null: the owner, under no name.
    pub by: Option<String>,
    /// When, in milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// Where a project stands, and how far each phase is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PhaseReport {
    /// The phase; null: the project has none, people write and vote as it comes.
    pub phase: Option<Phase>,
    /// Every change, the first first.
    pub changes: Vec<PhaseEntry>,
    /// Pairs for which people are asked to write criteria.
    #[ts(type = "number")]
    pub pairs_to_write: u64,
    /// How often somebody has written for one.
    #[ts(type = "number")]
    pub written: u64,
    /// Criteria that people wrote.
    #[ts(type = "number")]
    pub criteria_written: u64,
    /// Criteria that are asked.
    #[ts(type = "number")]
    pub criteria: u64,
    /// Criteria that were edited.
    #[ts(type = "number")]
    pub edited: u64,
    /// Questions that are asked.
    #[ts(type = "number")]
    pub questions: u64,
    /// Questions in whose place another one is asked.
    #[ts(type = "number")]
    pub merged: u64,
    /// Questions with a vote that stands.
    #[ts(type = "number")]
    pub voted: u64,
    /// Votes that stand, repeats left out.
    #[ts(type = "number")]
    pub votes: u64,
    /// People who have begun.
    #[ts(type = "number")]
    pub people: u64,
}

/// Where the project stands.
///
/// # Errors
/// The project cannot be read.
pub async fn report(project: &Project) -> Result<PhaseReport> {
    let counts = project.phase_counts().await?;
    let changes = project.phases().await?;
    Ok(PhaseReport {
        phase: project.phase().await?,
        changes: changes
            .into_iter()
            .map(|change| PhaseEntry {
                phase: change.phase,
                by: change.by,
                at_ms: change.at_ms,
            })
            .collect(),
        pairs_to_write: counts.pairs_to_write,
        written: counts.written,
        criteria_written: counts.criteria_written,
        criteria: counts.criteria,
        edited: counts.edited,
        questions: counts.questions,
        merged: counts.merged,
        voted: counts.voted,
        votes: counts.votes,
        people: counts.people,
    })
}

/// Begins a phase, and tells where the project stands then.
///
/// # Errors
/// The project cannot be written.
pub async fn begin(
    project: &Project,
    phase: Phase,
    by: Option<AnnotatorId>,
) -> Result<PhaseReport> {
    project.begin_phase(phase, by).await?;
    report(project).await
}
