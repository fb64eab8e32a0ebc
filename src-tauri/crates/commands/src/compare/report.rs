//! What `compare` answers. Everything is in terms of response 1 and 2, never of sides.

use std::collections::BTreeMap;

use serde::Serialize;
use tiebreak_domain::{Family, RewardModelId, Setting, Shown, Verdict};
use ts_rs::TS;

use super::ByTask;
use super::alt::AltReport;
use super::calibrated::CalibrationReport;
use super::contradicted::ContradictionsReport;
use super::following::CriterionFollowingReport;
use super::leanings::{LeaningReport, LengthReport};
use super::paired::DifferencesReport;
use super::revealing::RevealingReport;
use super::tasks::{ReferenceModel, TaskCorrelations};
use crate::agreement::Coefficient;

/// What is taken as true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TruthReport {
    /// Questions with a verdict.
    #[ts(type = "number")]
    pub questions: u64,
    /// Of those, by where it comes from: imported, adjudicator, majority, ….
    #[ts(type = "Record<string, number>")]
    pub by_source: BTreeMap<String, u64>,
    /// Questions without one, by reason: *both bad*, which no model can say, among them.
    #[ts(type = "Record<string, number>")]
    pub left_out: BTreeMap<String, u64>,
}

/// A mean over tasks, each counted alike whatever its size.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct OverTasks {
    /// The mean.
    pub mean: Coefficient,
    /// Over how many tasks: means over different tasks cannot be compared.
    #[ts(type = "number")]
    pub tasks: u64,
}

/// How a threshold of ties came about.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Threshold {
    /// The thresholds of the folds, lowest first; −1: no ties are predicted.
    pub folds: Vec<f64>,
    /// The threshold that fits all of the task's questions best. Accuracy does not rest on it.
    pub on_all: f64,
}

/// What the paper's code would print for a task: the threshold fitted on the labels it is scored on.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct UpstreamReport {
    /// "Accuracy with ties".
    pub with_ties: Option<f64>,
    /// "Accuracy without ties"; null where it divides by zero.
    pub without_ties: Option<f64>,
}

/// A model, asked one way, beside people.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ModelReport {
    /// Its id.
    pub id: RewardModelId,
    /// What it is called.
    pub name: String,
    /// How it comes to its verdict.
    pub family: Family,
    /// The hash of what it is.
    pub hash: String,
    /// Whether it could say tie.
    pub setting: Setting,
    /// In which order it saw the responses.
    pub shown: Shown,
    /// BLAKE3 of the prompt it was asked with; empty where there is none or nobody knows.
    pub template: String,
    /// Whether it gives scores; else verdicts.
    pub scores: bool,
    /// Its predictions.
    #[ts(type = "number")]
    pub predictions: u64,
    /// Predictions of questions without a verdict of people's.
    #[ts(type = "number")]
    pub without_truth: u64,
    /// Questions with a verdict of people's that it said nothing of.
    #[ts(type = "number")]
    pub unanswered: u64,
    /// Answers that are none: no verdict could be read, or a score is no number. They count as wrong.
    #[ts(type = "number")]
    pub failed: u64,
    /// By task, the share that is right, ties among the answers.
    pub with_ties: ByTask<Coefficient>,
    /// The mean of that.
    pub with_ties_mean: OverTasks,
    /// By task, the share that is right of the questions that are no ties.
    pub without_ties: ByTask<Coefficient>,
    /// The mean of that.
    pub without_ties_mean: OverTasks,
    /// The same without the questions whose resolution had seen a prediction; null where none had.
    pub unseen: Option<UnseenReport>,
    /// What the answers without ties come from, in words.
    pub without_ties_from: String,
    /// By task, the thresholds below which scores tie.
    pub thresholds: ByTask<Threshold>,
    /// By task, what the paper's code would print.
    pub upstream: ByTask<UpstreamReport>,
    /// By verdict of people's, *both bad* among them, how often it said which; `none` where it said
    /// nothing.
    #[ts(type = "Record<string, Record<string, number>>")]
    pub confusion: BTreeMap<Verdict, BTreeMap<String, u64>>,
    /// The share that is right of the targets that people are held against.
    pub on_ceiling_targets: Coefficient,
    /// Whether it may stand in for a person.
    pub alt_test: AltReport,
    /// Whether it is as sure as it is right.
    pub calibration: CalibrationReport,
    /// How often the response that it saw first is preferred, by it and by people.
    pub position: LeaningReport,
    /// How far length draws it, and people.
    pub length: LengthReport,
    /// What it does where the criterion changes.
    pub criterion_following: CriterionFollowingReport,
    /// Where it goes most strongly against people.
    pub contradictions: ContradictionsReport,
}

/// Accuracy on the questions of which no prediction was known to whoever resolved them.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct UnseenReport {
    /// How many of its answers are left out: their questions' resolutions had seen a prediction.
    #[ts(type = "number")]
    pub left_out: u64,
    /// By task, the share that is right, ties among the answers.
    pub with_ties: ByTask<Coefficient>,
    /// The mean of that.
    pub with_ties_mean: OverTasks,
    /// By task, the share that is right of the questions that are no ties.
    pub without_ties: ByTask<Coefficient>,
    /// The mean of that.
    pub without_ties_mean: OverTasks,
}

/// What a model says when it sees the responses in the other order.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SwapReport {
    /// The model.
    pub name: String,
    /// Its hash.
    pub hash: String,
    /// Whether it could say tie.
    pub setting: Setting,
    /// BLAKE3 of the prompt it was asked with; empty where there is none or nobody knows.
    pub template: String,
    /// The share of questions with the same verdict in both orders.
    pub same: Coefficient,
    /// The share of questions of which it chose the response shown first in both orders.
    pub always_first: Coefficient,
    /// The same of the response shown second.
    pub always_second: Coefficient,
    /// The share of the response shown first, among verdicts for one: 0.5 without bias.
    pub first: Coefficient,
}

/// What reward models are worth beside people.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct CompareReport {
    /// What is taken as true.
    pub truth: TruthReport,
    /// How often a person says what most of the others do.
    pub human_ceiling: Coefficient,
    /// How many votes could be held against the others' verdict.
    #[ts(type = "number")]
    pub ceiling_targets: u64,
    /// The models.
    pub models: Vec<ModelReport>,
    /// Those that saw both orders.
    pub swaps: Vec<SwapReport>,
    /// By how much each model is right more often than each other.
    pub paired_differences: DifferencesReport,
    /// Whether models that do well on one task do well on another.
    pub task_correlations: TaskCorrelations,
    /// The paper's models, where they are asked for.
    pub reference: Vec<ReferenceModel>,
    /// What showing predictions to people does; null where none was ever shown or used.
    pub revealing: Option<RevealingReport>,
    /// How intervals were made.
    pub intervals: String,
}
