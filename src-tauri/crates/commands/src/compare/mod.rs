//! What reward models are worth beside people: accuracy as the paper counts it, and what people
//! themselves reach on the same targets. Predictions are read; no label is bent by one.

mod accuracy;
mod alt;
mod answers;
mod calibrated;
mod ceiling;
mod contradicted;
mod following;
mod leanings;
mod paired;
mod report;
mod revealing;
mod swaps;
mod tasks;
mod truth;

use std::collections::BTreeMap;

use serde::Deserialize;
use tiebreak_domain::Rule;
use tiebreak_store::{Predicted, PredictedBy, StandingVotes};
use ts_rs::TS;

use crate::Project;
use crate::agreement::plan;
use crate::error::{CommandError, Result};
pub use alt::{AltPersonReport, AltReport};
use answers::Answers;
pub use calibrated::{CalibrationReport, ReliabilityBin};
pub(crate) use ceiling::leading;
pub use contradicted::{Contradiction, ContradictionsReport};
pub use following::CriterionFollowingReport;
pub use leanings::{LeaningReport, LengthReport};
pub use paired::{DifferenceReport, DifferencesReport};
pub use report::*;
pub(crate) use revealing::model_says;
pub use revealing::{Moves, RevealingReport};
pub use tasks::{ReferenceModel, TaskCorrelation, TaskCorrelations};
use truth::Truths;

/// What to compute.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct CompareRequest {
    /// By which rule votes become a verdict where a question has no resolution.
    pub rule: Rule,
    /// B, how many replicates an interval takes.
    pub replicates: u32,
    /// What the draws and the folds follow from.
    #[ts(type = "number")]
    pub seed: u64,
    /// In how many folds of prompts the threshold of ties is fitted.
    pub folds: u32,
    /// ε of the alt-test, at least 0 and below 1: 0.2 against experts, 0.15 against skilled
    /// annotators, 0.1 against a crowd.
    pub alt_epsilon: f64,
    /// How many questions are listed on which a model goes against people, each model its own.
    pub contradictions: u32,
    /// Whether the paper's models are added, for reference.
    pub with_paper: bool,
}

impl Default for CompareRequest {
    fn default() -> Self {
        Self {
            rule: Rule::Majority,
            replicates: 2000,
            seed: 1,
            folds: 5,
            alt_epsilon: 0.2,
            contradictions: 20,
            with_paper: false,
        }
    }
}

/// What all models that the project has predictions of are worth.
///
/// # Errors
/// Fewer than two folds; the project cannot be read.
pub async fn run(project: &Project, request: CompareRequest) -> Result<CompareReport> {
    if request.folds < 2 {
        return Err(CommandError::new(
            "bad_value",
            "a threshold is fitted on other folds than it is scored on: give 2 folds or more",
        ));
    }
    if !(0.0..1.0).contains(&request.alt_epsilon) {
        return Err(CommandError::new(
            "bad_value",
            format!(
                "ε of the alt-test is from 0 and below 1, as in 0.2: it cannot be {}",
                request.alt_epsilon
            ),
        ));
    }
    let truths = Truths::read(project, request.rule).await?;
    let votes = project.standing_votes().await?;
    let (by, predictions) = project.predictions().await?;
    let ground = revealing::Ground::read(project).await?;
    let computed = tokio::task::spawn_blocking(move || {
        compute(&truths, &votes, &by, &predictions, &ground, &request)
    });
    let mut report = computed
        .await
        .map_err(|error| CommandError::new("internal", error.to_string()))??;
    let lists = report
        .models
        .iter_mut()
        .map(|model| &mut model.contradictions);
    contradicted::fill(project, lists).await?;
    Ok(report)
}

fn compute(
    truths: &Truths,
    votes: &StandingVotes,
    by: &[PredictedBy],
    predictions: &[Predicted],
    ground: &revealing::Ground,
    request: &CompareRequest,
) -> Result<CompareReport> {
    let plan = plan(request.replicates, request.seed);
    let mut of_model: Vec<Vec<&Predicted>> = vec![Vec::new(); by.len()];
    for one in predictions {
        of_model[one.by].push(one);
    }
    let answers: Vec<Answers<'_>> = by
        .iter()
        .zip(&of_model)
        .map(|(who, said)| Answers::of(who, said, truths, request))
        .collect();
    let ceiling = ceiling::of(votes, truths, &answers);
    let people = alt::AltVotes::of(votes, truths);
    let mut models = Vec::new();
    for (model, on_ceiling_targets) in answers.iter().zip(ceiling.models) {
        let beside = accuracy::Beside {
            on_ceiling_targets,
            alt_test: people.test(model, request.alt_epsilon),
            contradictions: contradicted::of(model, &truths.tasks, request.contradictions as usize),
        };
        models.push(accuracy::of(model, truths, &plan, beside)?);
    }
    let reference = match request.with_paper {
        true => tasks::paper(),
        false => Vec::new(),
    };
    Ok(CompareReport {
        truth: truths.report(request.rule),
        human_ceiling: ceiling.people,
        ceiling_targets: ceiling.targets,
        paired_differences: paired::of(&answers, &plan)?,
        task_correlations: tasks::correlations(&models, &reference),
        reference,
        models,
        swaps: swaps::of(by, predictions, truths),
        revealing: ground.report(votes, by, predictions, truths, &plan)?,
        intervals: format!(
            "95 %: B = {}, seed {}, prompts drawn with replacement, all their questions with them; \
             bias-corrected and accelerated; the human ceiling and shares of orders: Wilson's interval \
             on the effective number of cases",
            plan.replicates, plan.seed
        ),
    })
}

/// A figure by task.
pub(crate) type ByTask<T> = BTreeMap<String, T>;
