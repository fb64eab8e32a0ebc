//! Commit, then reveal: what people may learn of predictions, and when.
//!
//! The owner sets it ([`show`], [`set`]); an annotator is told after his vote is stored ([`told`],
//! [`told_at_end`]), in terms of his screen and without the model's name. That he was told is on disk
//! before he is.

use serde::{Deserialize, Serialize};
use tiebreak_domain::{
    AnnotatorId, AssignmentId, RevealWhen, RewardModelId, Setting, Shown, SilentShare, Told,
};
use tiebreak_store::{PredictedBy, RevealPolicy};
use ts_rs::TS;

use crate::Project;
use crate::error::{CommandError, Result};

/// Longer prompts are shown by their beginning in the list at the end.
const SHOWN: usize = 200;
/// How many are told at once at the end.
const PAGE: u32 = 50;

/// A reward model of the project, asked one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AskedWay {
    /// The model.
    pub id: RewardModelId,
    /// Its name.
    pub name: String,
    /// Its hash.
    pub hash: String,
    /// Whether it could say tie.
    pub setting: Setting,
    /// In which order it saw the responses.
    pub shown: Shown,
    /// BLAKE3 of the prompt it was asked with; empty where there is none or nobody knows.
    pub template: String,
}

/// What is set of showing predictions.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct RevealSettings {
    /// When an annotator is shown a prediction.
    pub when: RevealWhen,
    /// The share of (annotator, prompt) for which he never is.
    pub silent_share: SilentShare,
    /// Whose predictions; null: none was chosen yet.
    pub model: Option<AskedWay>,
    /// What there is to choose from.
    pub models: Vec<AskedWay>,
    /// On how many (annotator, question) a prediction was shown so far.
    #[ts(type = "number")]
    pub shown: u64,
}

/// What is to be set; what is left out stays.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct RevealRequest {
    /// When an annotator is shown a prediction.
    pub when: Option<RevealWhen>,
    /// The share of (annotator, prompt) for which he never is.
    pub silent_share: Option<SilentShare>,
    /// The reward model, by its name, id or hash.
    pub model: Option<String>,
    /// Whether it could say tie.
    pub setting: Option<Setting>,
    /// In which order it saw the responses.
    pub shown: Option<Shown>,
    /// How the BLAKE3 of the prompt begins that it was asked with.
    pub template: Option<String>,
}

/// A question that was voted on, in the list at the end.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct RevealEntry {
    /// The criterion's sentence.
    pub criterion: String,
    /// How the prompt begins.
    pub prompt: String,
    /// What he is told.
    pub told: Told,
}

/// Part of the list at the end.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct RevealsReport {
    /// Questions in the order in which they were voted on.
    pub entries: Vec<RevealEntry>,
    /// How many there are in all.
    #[ts(type = "number")]
    pub total: u64,
    /// How many stand on a page.
    pub page: u32,
}

/// What is set.
///
/// # Errors
/// The project cannot be read.
pub async fn show(project: &Project) -> Result<RevealSettings> {
    let policy = project.reveal_policy().await?;
    let models = project.predicted_by().await?;
    Ok(RevealSettings {
        when: policy.when,
        silent_share: policy.silent_share,
        model: policy.model.map(way),
        models: models.into_iter().map(way).collect(),
        shown: project.shown_count().await?,
    })
}

/// Sets it; the log says so. What people were shown already stays known.
///
/// # Errors
/// No such model, or several ways in which it was asked; predictions are to be shown and none is
/// chosen; a work package.
pub async fn set(project: &Project, request: RevealRequest) -> Result<RevealSettings> {
    project.refuse_package()?;
    let before = project.reveal_policy().await?;
    let narrowed =
        request.setting.is_some() || request.shown.is_some() || request.template.is_some();
    let name = request.model.clone().or_else(|| {
        let known = before.model.as_ref().filter(|_| narrowed);
        known.map(|asked| asked.id.uuid().to_string())
    });
    let when = request.when.unwrap_or(before.when);
    let model = match name {
        Some(name) => Some(choose(project, Some(&name), &request).await?),
        None => match before.model {
            None if when != RevealWhen::Never => Some(choose(project, None, &request).await?),
            known => known,
        },
    };
    let policy = RevealPolicy {
        when,
        silent_share: request.silent_share.unwrap_or(before.silent_share),
        model,
    };
    project.set_reveal_policy(&policy).await?;
    show(project).await
}

/// The one way of asking that is meant.
async fn choose(
    project: &Project,
    name: Option<&str>,
    request: &RevealRequest,
) -> Result<PredictedBy> {
    let means = |asked: &PredictedBy| {
        let named = name.is_none_or(|name| {
            asked.model.name == name
                || asked.model.hash == name
                || asked.id.uuid().to_string() == name
        });
        named
            && request.setting.is_none_or(|s| s == asked.setting)
            && request.shown.is_none_or(|s| s == asked.shown)
            && request
                .template
                .as_ref()
                .is_none_or(|begins| match begins.as_str() {
                    "" => asked.template.is_empty(),
                    begins => asked.template.starts_with(begins),
                })
    };
    let mut found = project.predicted_by().await?;
    found.retain(means);
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(CommandError::new(
            "not_found",
            match name {
                Some(name) => format!(
                    "the project has no predictions of {name} asked that way: take some in \
                     (`tiebreak predictions import`) or ask it (`tiebreak predict`) first"
                ),
                None => "the project has no predictions that could be shown: take some in \
                         (`tiebreak predictions import`) or ask a model (`tiebreak predict`) first"
                    .to_owned(),
            },
        )),
        several => {
            let ways: Vec<String> = found.iter().map(PredictedBy::to_string).collect();
            Err(CommandError::new(
                "several_ways",
                format!(
                    "{several} sets of predictions could be meant ({}): name one by --model, \
                     --setting, --order and --prompt",
                    ways.join("; ")
                ),
            ))
        }
    }
}

fn way(asked: PredictedBy) -> AskedWay {
    AskedWay {
        id: asked.id,
        name: asked.model.name,
        hash: asked.model.hash,
        setting: asked.setting,
        shown: asked.shown,
        template: asked.template,
    }
}

/// What the model says of a question on which the annotator's vote stands.
///
/// # Errors
/// The vote does not stand; nothing is shown in this project, or not yet; there is nothing to show.
pub async fn told(
    project: &Project,
    annotator: AnnotatorId,
    assignment: AssignmentId,
) -> Result<Told> {
    Ok(project.reveal(annotator, assignment).await?)
}

/// What was voted and what the model says, once nothing is left in the queue; from `offset` on.
///
/// # Errors
/// Nothing is shown after the session in this project; something is left in the queue.
pub async fn told_at_end(
    project: &Project,
    annotator: AnnotatorId,
    offset: u32,
) -> Result<RevealsReport> {
    let (page, total) = project.reveals(annotator, offset, PAGE).await?;
    let entries = page.into_iter().map(|one| RevealEntry {
        criterion: one.criterion,
        prompt: shortened(one.prompt),
        told: one.told,
    });
    Ok(RevealsReport {
        entries: entries.collect(),
        total,
        page: PAGE,
    })
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(SHOWN) {
        None => text,
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}
