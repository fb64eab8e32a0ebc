//! What reward models are worth beside people: accuracy as the paper counts it, and what people
//! themselves reach on the same targets. Predictions are read; no label is bent by one.

mod accuracy;
mod ceiling;
mod report;
mod swaps;
mod truth;

use std::collections::BTreeMap;

use serde::Deserialize;
use tiebreak_domain::Rule;
use tiebreak_store::{Predicted, PredictedBy, StandingVotes};
use ts_rs::TS;

use crate::Project;
use crate::agreement::plan;
use crate::error::{CommandError, Result};
pub use report::*;
use truth::Truths;

/// What to compute.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
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
}

impl Default for CompareRequest {
    fn default() -> Self {
        Self {
            rule: Rule::Majority,
            replicates: 2000,
            seed: 1,
            folds: 5,
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
    let truths = Truths::read(project, request.rule).await?;
    let votes = project.standing_votes().await?;
    let (by, predictions) = project.predictions().await?;
    tokio::task::spawn_blocking(move || compute(&truths, &votes, &by, &predictions, &request))
        .await
        .map_err(|error| CommandError::new("internal", error.to_string()))?
}

fn compute(
    truths: &Truths,
    votes: &StandingVotes,
    by: &[PredictedBy],
    predictions: &[Predicted],
    request: &CompareRequest,
) -> Result<CompareReport> {
    let plan = plan(request.replicates, request.seed);
    let mut of_model: Vec<Vec<&Predicted>> = vec![Vec::new(); by.len()];
    for one in predictions {
        of_model[one.by].push(one);
    }
    let ceiling = ceiling::of(votes, truths, &of_model);
    let mut models = Vec::new();
    for ((who, said), beside) in by.iter().zip(&of_model).zip(ceiling.models) {
        models.push(accuracy::of(who, said, truths, request, &plan, beside)?);
    }
    Ok(CompareReport {
        truth: truths.report(request.rule),
        human_ceiling: ceiling.people,
        ceiling_targets: ceiling.targets,
        models,
        swaps: swaps::of(by, predictions, truths),
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
