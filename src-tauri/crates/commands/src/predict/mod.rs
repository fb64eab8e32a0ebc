//! Reward models that run here: asked one question after the other, every answer a row at once.
//!
//! A run that is killed loses what it was at, a question or as many as the model is asked at once, and
//! is gone on with by running it again. An answer that cannot be read is kept with its sentence and counts as wrong. A program that fails three
//! times in a row is broken: the run stops, and what it failed on is left to be asked again.

mod candidates;
mod load;
mod run;

use serde::{Deserialize, Serialize};
use tiebreak_domain::{Family, QuestionId, Setting, Shown};
use ts_rs::TS;

use crate::Project;
use crate::error::Result;
use crate::import::Cancel;
use crate::models;

pub(crate) use candidates::{Candidate, read as candidates};
pub(crate) use load::load;

/// In which order a model sees the responses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum Orders {
    /// Response 1 first.
    #[default]
    #[serde(rename = "12")]
    OneTwo,
    /// Response 2 first.
    #[serde(rename = "21")]
    TwoOne,
    /// One after the other.
    #[serde(rename = "both")]
    Both,
}

impl Orders {
    fn all(self) -> Vec<Shown> {
        match self {
            Self::OneTwo => vec![Shown::OneTwo],
            Self::TwoOne => vec![Shown::TwoOne],
            Self::Both => vec![Shown::OneTwo, Shown::TwoOne],
        }
    }
}

impl std::str::FromStr for Orders {
    type Err = crate::CommandError;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "12" => Ok(Self::OneTwo),
            "21" => Ok(Self::TwoOne),
            "both" => Ok(Self::Both),
            _ => {
                let why = format!("“{word}” is no order: give 12, 21 or both");
                Err(crate::CommandError::new("bad_value", why))
            }
        }
    }
}

/// What to ask, and whom.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(optional_fields)]
pub struct PredictRequest {
    /// The model's name: `surface`, or one that the folder describes.
    pub model: String,
    /// The folder of the described models; the usual one, unless given.
    #[serde(default)]
    pub folder: Option<String>,
    /// The questions, by their own or their rows' ids; all, unless given.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>")]
    pub questions: Vec<String>,
    /// At most so many questions that it has not answered yet.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Whether it may say tie; it may, unless given.
    #[serde(default)]
    pub setting: Option<Setting>,
    /// In which order it sees the responses; response 1 first, unless given.
    #[serde(default)]
    #[ts(as = "Option<Orders>")]
    pub order: Orders,
}

/// What a run is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PredictStage {
    /// The model is fitted.
    Fitting,
    /// The model is asked.
    Asking,
}

/// How a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct PredictProgress {
    /// What it is at.
    pub stage: PredictStage,
    /// Answers had and written.
    #[ts(type = "number")]
    pub done: u64,
    /// Answers that are wanted.
    #[ts(type = "number")]
    pub total: u64,
    /// Of those had, the ones that are none.
    #[ts(type = "number")]
    pub failed: u64,
    /// How much longer it may take, in milliseconds; not before three answers.
    #[ts(type = "number | null")]
    pub left_ms: Option<u64>,
}

/// A question without an answer that counts, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PredictFailure {
    /// Which question.
    pub question: QuestionId,
    /// The row's own id.
    pub source_id: Option<String>,
    /// Why.
    pub message: String,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct PredictReport {
    /// The model.
    pub model: String,
    /// How it comes to its verdict.
    pub family: Family,
    /// The hash of what it is: its version.
    pub hash: String,
    /// Whether it could say tie.
    pub setting: Setting,
    /// The orders in which it saw the responses.
    pub orders: Vec<Shown>,
    /// Questions that can be asked, or those that were named.
    #[ts(type = "number")]
    pub questions: u64,
    /// Of those, the ones of tasks that it does not take.
    #[ts(type = "number")]
    pub not_taken: u64,
    /// Answers that were there before.
    #[ts(type = "number")]
    pub known: u64,
    /// Answers that are new, failed ones among them.
    #[ts(type = "number")]
    pub added: u64,
    /// New answers that are none: they are kept, and count as wrong.
    #[ts(type = "number")]
    pub failed: u64,
    /// Answers that are still wanted, of all the questions.
    #[ts(type = "number")]
    pub left: u64,
    /// The first failures.
    pub failures: Vec<PredictFailure>,
    /// Whether the run was cancelled: what was written stays.
    pub cancelled: bool,
    /// Why the run stopped before its end; null where it did not.
    pub stopped: Option<String>,
    /// What else there is to say.
    pub remarks: Vec<String>,
}

/// Asks a model, and writes what it says.
///
/// # Errors
/// There is no such model, it is no good, or cannot be fitted; a question that is not there; the
/// project cannot be written. What was written before stays.
pub async fn run(
    project: &Project,
    request: &PredictRequest,
    cancel: &Cancel,
    mut progress: impl FnMut(PredictProgress),
) -> Result<PredictReport> {
    project.refuse_package()?;
    let all = candidates(project).await?;
    let wanted = candidates::named(&all, &request.questions)?;
    progress(PredictProgress {
        stage: PredictStage::Fitting,
        done: 0,
        total: 0,
        failed: 0,
        left_ms: None,
    });
    let folder = request.folder.as_deref().map(std::path::Path::new);
    let judge = models::open(project, &request.model, folder, &all, cancel).await?;
    run::Run::new(project, judge, request, &wanted)
        .await?
        .run(request.limit, cancel, progress)
        .await
}
