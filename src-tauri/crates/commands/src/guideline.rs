//! The guideline that people label by: Markdown, version by version. A vote knows the version that
//! was in force when it was cast; an annotator reads the one in force and nothing else of the project.

use serde::{Deserialize, Serialize};
use tiebreak_domain::{AnnotatorId, QuestionId};
use tiebreak_store::{FlaggedWords, GuidelineVersion};
use ts_rs::TS;

use crate::Project;
use crate::error::{CommandError, Result};

/// A text longer than this is no guideline that somebody reads.
const LONGEST: usize = 200_000;
/// How much of a prompt stands beside what was flagged.
const PROMPT_SHOWN: usize = 200;

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GuidelineText {
    /// Its number, from 1.
    pub version: u32,
    /// Markdown.
    pub text: String,
    /// When it was written, in milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// What an adjudicator said that the guideline lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Flagged {
    /// The question that showed it.
    pub question: QuestionId,
    /// Its criterion.
    pub criterion: Option<String>,
    /// The row's own id.
    pub source_id: Option<String>,
    /// The beginning of the prompt.
    pub prompt: String,
    /// What was said.
    pub words: String,
    /// Who said it.
    pub by: String,
    /// When, in milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// The guideline as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Guideline {
    /// The version that was asked for, or is in force; null where there is none.
    pub guideline: Option<GuidelineText>,
    /// All versions, the first first. Copies that were merged may have brought one number twice: the
    /// last of them is in force.
    pub versions: Vec<GuidelineText>,
    /// What was flagged, latest first.
    pub flagged: Vec<Flagged>,
}

/// The guideline with its versions and flags; `version` asks for an earlier one.
///
/// # Errors
/// There is no such version.
pub async fn all(project: &Project, version: Option<u32>) -> Result<Guideline> {
    let shown = project.guideline(version).await?;
    if let (Some(version), None) = (version, &shown) {
        return Err(CommandError::new(
            "not_found",
            match project.guideline_in_force().await? {
                None => {
                    "this project has no guideline yet: write one with `tiebreak guideline DIR \
                         --set FILE.md`"
                        .to_owned()
                }
                Some(last) => {
                    format!("there is no version {version} of the guideline: the last is {last}")
                }
            },
        ));
    }
    let versions = project.guideline_versions().await?;
    let flagged = project.flags().await?;
    Ok(Guideline {
        guideline: shown.map(Into::into),
        versions: versions.into_iter().map(Into::into).collect(),
        flagged: flagged.into_iter().map(Into::into).collect(),
    })
}

/// Writes a new version. The text that is in force already makes none: `false`.
///
/// # Errors
/// No words, or more than anybody reads.
pub async fn set(project: &Project, text: &str) -> Result<(GuidelineText, bool)> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    if text.trim().is_empty() {
        return Err(CommandError::new(
            "empty_guideline",
            "a guideline needs words: write what people should go by",
        ));
    }
    if text.chars().count() > LONGEST {
        return Err(CommandError::new(
            "long_guideline",
            format!("the guideline is too long: keep it under {LONGEST} characters"),
        ));
    }
    let (made, new) = project.set_guideline(text.trim_end()).await?;
    Ok((made.into(), new))
}

/// The guideline in force, for who labels by it.
///
/// # Errors
/// The project cannot be read.
pub async fn read(project: &Project) -> Result<Option<GuidelineText>> {
    Ok(project.guideline(None).await?.map(Into::into))
}

/// Remembers that an annotator was told of a version, so that he is told once.
///
/// # Errors
/// The project cannot be written to.
pub async fn told(project: &Project, annotator: AnnotatorId, version: u32) -> Result<()> {
    Ok(project.guideline_was_told(annotator, version).await?)
}

impl From<GuidelineVersion> for GuidelineText {
    fn from(from: GuidelineVersion) -> Self {
        Self {
            version: from.version,
            text: from.text,
            at_ms: from.at_ms,
        }
    }
}

impl From<FlaggedWords> for Flagged {
    fn from(from: FlaggedWords) -> Self {
        let mut prompt: String = from.prompt.chars().take(PROMPT_SHOWN).collect();
        if prompt.len() < from.prompt.len() {
            prompt.push('…');
        }
        Self {
            question: from.question,
            criterion: from.criterion,
            source_id: from.source_id,
            prompt,
            words: from.words,
            by: from.by,
            at_ms: from.at_ms,
        }
    }
}
