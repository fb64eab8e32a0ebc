//! What `surface` answers.

use serde::Serialize;
use ts_rs::TS;

use crate::agreement::Coefficient;

/// How much of some labels the surface explains.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SurfaceFigures {
    /// The share of the labels' deviance that it explains on prompts it did not see: 0 is a coin, 1
    /// knows every label; below 0, it misleads.
    pub explained: Coefficient,
    /// The share of questions on which it says what most people say, a tie being an answer.
    pub with_ties: Coefficient,
    /// The same of the questions that most people do not call a tie.
    pub without_ties: Coefficient,
    /// What always saying the commonest verdict would reach, with ties; null without questions.
    pub commonest_with_ties: Option<f64>,
    /// The same without ties.
    pub commonest_without_ties: Option<f64>,
    /// What weighs most, heaviest first, in words.
    pub weights: Vec<SurfaceWeight>,
}

/// A feature and its weight in the model of everything.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SurfaceWeight {
    /// The feature's name.
    pub feature: String,
    /// What more of it means, in words.
    pub says: String,
    /// What a typical difference adds to the log-odds of being preferred.
    pub weight: f64,
    /// How often in a hundred the response with more of it is preferred, all else equal.
    pub preferred_percent: f64,
    /// In how many folds the weight has the same sign.
    pub same_sign_in: u32,
}

/// One fold of prompts.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SurfaceFold {
    /// Its prompts.
    #[ts(type = "number")]
    pub prompts: u64,
    /// Their labelled questions.
    #[ts(type = "number")]
    pub questions: u64,
    /// The penalty that was chosen without it.
    pub penalty: f64,
    /// The threshold of ties that was fitted without it; −1: no ties.
    pub epsilon: f64,
    /// The share that is right in it, with ties; null without questions that have a leading verdict.
    pub with_ties: Option<f64>,
}

/// The surface fitted on the labels under one criterion alone.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SurfaceOfCriterion {
    /// The criterion's sentence.
    pub criterion: String,
    /// Its prompts.
    #[ts(type = "number")]
    pub prompts: u64,
    /// Its labelled questions.
    #[ts(type = "number")]
    pub questions: u64,
    /// The figures.
    pub figures: SurfaceFigures,
}

/// How much of a project's labels the surface explains.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SurfaceReport {
    /// The version of this fit, which is the one that `predict` asks where folds and seed are as usual;
    /// null where nothing can be fitted.
    pub hash: Option<String>,
    /// Labelled questions.
    #[ts(type = "number")]
    pub questions: u64,
    /// Their prompts.
    #[ts(type = "number")]
    pub prompts: u64,
    /// Votes that count.
    #[ts(type = "number")]
    pub votes: u64,
    /// Labels that are a final verdict, where nobody voted.
    #[ts(type = "number")]
    pub from_resolutions: u64,
    /// Votes and final verdicts *both bad*, left out: scores cannot say that.
    #[ts(type = "number")]
    pub both_bad: u64,
    /// Labelled questions whose media cannot be read, left out.
    #[ts(type = "number")]
    pub unread: u64,
    /// Questions on which no verdict leads: they count for what is explained, not for accuracy.
    #[ts(type = "number")]
    pub undecided: u64,
    /// The figures, of all questions together.
    pub all: SurfaceFigures,
    /// The outer folds.
    pub folds: Vec<SurfaceFold>,
    /// By criterion, where there are enough prompts; most questions first.
    pub by_criterion: Vec<SurfaceOfCriterion>,
    /// Criteria that are not listed.
    #[ts(type = "number")]
    pub other_criteria: u64,
    /// In one sentence, what it is for and what this says.
    pub sentence: String,
    /// How it was made.
    pub method: String,
}
