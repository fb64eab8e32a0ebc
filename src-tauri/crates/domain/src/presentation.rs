//! How a question stood on the screen when a vote was cast.

use serde::{Deserialize, Serialize};

use crate::reveal::RevealRecord;
use crate::verdict::Slot;

/// What the page measured while a question stood on the screen. All times are milliseconds and
/// stop while the window is unfocused or nobody has touched anything for a minute; pairs of
/// figures are `[left, right]`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct Attention {
    /// Viewer modes that were used, such as `raw`, `swipe`, `zoom`.
    pub modes: Vec<String>,
    /// Gain applied to each side's sound, in decibels.
    pub gain_db: [f64; 2],
    /// How long each side was in view.
    pub seen_ms: [u32; 2],
    /// Distinct milliseconds of each side's sound that were heard.
    pub heard_ms: [u32; 2],
    /// How long the prompt's media were in view or heard.
    pub prompt_ms: u32,
    /// How often each side was started.
    pub plays: [u32; 2],
    /// Time on the question.
    pub elapsed_ms: u32,
    /// What could not be shown as meant, in words.
    pub fallback: Vec<String>,
}

/// The record that goes with every vote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Presentation {
    /// The program and its version.
    pub app: String,
    /// The version of the guideline in force, if the project has one.
    pub guideline_version: Option<u32>,
    /// Which response stood on the left.
    pub left: Slot,
    /// The project's seed that the sides were drawn from.
    pub seed: String,
    /// See [`Attention::modes`].
    pub modes: Vec<String>,
    /// See [`Attention::gain_db`].
    pub gain_db: [f64; 2],
    /// See [`Attention::seen_ms`].
    pub seen_ms: [u32; 2],
    /// See [`Attention::heard_ms`].
    pub heard_ms: [u32; 2],
    /// See [`Attention::prompt_ms`].
    pub prompt_ms: u32,
    /// See [`Attention::plays`].
    pub plays: [u32; 2],
    /// See [`Attention::elapsed_ms`].
    pub elapsed_ms: u32,
    /// Whether a prediction or another vote had been revealed before the vote.
    pub revealed: bool,
    /// What was set of showing predictions; none where they are never shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reveal: Option<RevealRecord>,
    /// See [`Attention::fallback`].
    pub fallback: Vec<String>,
}

impl Presentation {
    /// The record of a vote cast blind, from what the page measured and what the program knows.
    #[must_use]
    pub fn blind(app: &str, left: Slot, seed: String, attention: Attention) -> Self {
        Self {
            app: app.to_owned(),
            guideline_version: None,
            left,
            seed,
            modes: attention.modes,
            gain_db: attention.gain_db,
            seen_ms: attention.seen_ms,
            heard_ms: attention.heard_ms,
            prompt_ms: attention.prompt_ms,
            plays: attention.plays,
            elapsed_ms: attention.elapsed_ms,
            revealed: false,
            reveal: None,
            fallback: attention.fallback,
        }
    }
}
