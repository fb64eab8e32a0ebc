//! How much of the labels the surface explains: length, format, and what headers say of media, fitted
//! on the project's own labels and scored on prompts that the fit did not see.

mod figures;
mod labels;
mod report;

use std::collections::BTreeMap;

use serde::Deserialize;
use tiebreak_judge::surface::{self, Fitted, Labelled, PENALTIES, VERSION, WIDTH};
use ts_rs::TS;

use crate::Project;
use crate::agreement::{Coefficient, plan};
use crate::error::{CommandError, Result};
use crate::predict::{Candidate, candidates};
use labels::Labels;
pub use report::*;

/// How many prompts there must be to fit on.
const FEWEST_PROMPTS: usize = 10;
/// More criteria than this are counted, not listed.
const MOST_CRITERIA: usize = 30;

/// What to compute.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct SurfaceRequest {
    /// B, how many replicates an interval takes.
    pub replicates: u32,
    /// What the draws and the folds follow from.
    #[ts(type = "number")]
    pub seed: u64,
    /// In how many folds of prompts.
    pub folds: u32,
}

impl Default for SurfaceRequest {
    fn default() -> Self {
        Self {
            replicates: 2000,
            seed: 1,
            folds: 5,
        }
    }
}

/// How much of the labels the surface explains.
///
/// # Errors
/// Fewer than three folds; the project cannot be read.
pub async fn run(project: &Project, request: SurfaceRequest) -> Result<SurfaceReport> {
    project.refuse_package()?;
    if request.folds < 3 {
        return Err(CommandError::new(
            "bad_value",
            "each fold is scored by a model that is chosen on two others: give 3 folds or more",
        ));
    }
    let mut labels = Labels::of(&candidates(project).await?);
    let (rows, unread) = labels.rows(project).await?;
    let work = move || compute(&labels, &rows, unread, &request);
    in_background(work).await?
}

/// The surface as `predict` asks it, and its hash.
///
/// # Errors
/// There are too few labels.
pub(crate) async fn fitted(project: &Project, all: &[Candidate]) -> Result<(Fitted, String)> {
    let SurfaceRequest { seed, folds, .. } = SurfaceRequest::default();
    let mut labels = Labels::of(all);
    let (rows, _) = labels.rows(project).await?;
    if let Some(why) = too_few(labels.prompts(), folds) {
        let why = format!("the surface cannot be fitted, because {why}");
        return Err(CommandError::new("too_few_labels", why));
    }
    let hash = labels.hash(folds, seed);
    let fit = in_background(move || surface::fit(&rows, folds, seed)).await?;
    let none = || CommandError::new("too_few_labels", "the surface cannot be fitted");
    Ok((fit.ok_or_else(none)?, hash))
}

/// Arithmetic that would keep others waiting.
async fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| CommandError::new("internal", error.to_string()))
}

fn too_few(prompts: usize, folds: u32) -> Option<String> {
    let needed = FEWEST_PROMPTS.max(folds as usize);
    (prompts < needed).then(|| {
        format!(
            "{prompts} prompts have a label, and {needed} are needed to hold some of them apart"
        )
    })
}

fn compute(
    labels: &Labels,
    rows: &[Labelled],
    unread: u64,
    request: &SurfaceRequest,
) -> Result<SurfaceReport> {
    let SurfaceRequest { seed, folds, .. } = *request;
    let plan = plan(request.replicates, seed);
    let why = too_few(labels.prompts(), folds);
    let fitted = match why {
        Some(_) => None,
        None => surface::fit(rows, folds, seed),
    };
    let all = match &fitted {
        Some(fitted) => figures::of(rows, fitted, &plan)?,
        None => figures::none(why.as_deref().unwrap_or("nothing could be fitted")),
    };
    let (by_criterion, other_criteria) = by_criterion(labels, rows, request)?;
    Ok(SurfaceReport {
        hash: fitted.as_ref().map(|_| labels.hash(folds, seed)),
        questions: rows.len() as u64,
        prompts: labels.prompts() as u64,
        votes: labels.votes,
        from_resolutions: labels.from_resolutions,
        both_bad: labels.both_bad,
        unread,
        undecided: rows.iter().filter(|row| row.truth.is_none()).count() as u64,
        sentence: sentence(&all),
        folds: fitted.map_or_else(Vec::new, |fitted| figures::folds(rows, &fitted)),
        all,
        by_criterion,
        other_criteria,
        method: method(request),
    })
}

/// A fit of each criterion's own labels: criteria may pull in opposite directions.
fn by_criterion(
    labels: &Labels,
    rows: &[Labelled],
    request: &SurfaceRequest,
) -> Result<(Vec<SurfaceOfCriterion>, u64)> {
    let mut parts: BTreeMap<&str, Vec<Labelled>> = BTreeMap::new();
    for (label, row) in labels.all.iter().zip(rows) {
        parts.entry(&label.criterion).or_default().push(row.clone());
    }
    let all = parts.len();
    // One criterion alone is what stands above already.
    if all < 2 {
        return Ok((Vec::new(), 0));
    }
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    let plan = plan(request.replicates, request.seed);
    let mut found = Vec::new();
    for (criterion, rows) in parts {
        let prompts: std::collections::HashSet<_> = rows.iter().map(|row| row.prompt).collect();
        if found.len() == MOST_CRITERIA || too_few(prompts.len(), request.folds).is_some() {
            continue;
        }
        if let Some(fitted) = surface::fit(&rows, request.folds, request.seed) {
            found.push(SurfaceOfCriterion {
                criterion: criterion.to_owned(),
                prompts: prompts.len() as u64,
                questions: rows.len() as u64,
                figures: figures::of(&rows, &fitted, &plan)?,
            });
        }
    }
    let others = (all - found.len()) as u64;
    Ok((found, others))
}

fn sentence(all: &SurfaceFigures) -> String {
    match &all.explained {
        Coefficient::Undefined { undefined } => {
            format!("How much of your labels the surface explains is undefined, {undefined}.")
        }
        Coefficient::Defined(estimate) => {
            let percent = |share: f64| format!("{:.0}", share * 100.0).replace('-', "−");
            let told =
                |[low, high]: [f64; 2]| format!(" ({} to {} %)", percent(low), percent(high));
            let ends = estimate.ci.map_or_else(String::new, told);
            // Below the lower end there may be nothing that is explained.
            let doubt = match estimate.ci {
                Some([low, _]) if low > 0.0 => "",
                _ => "; on this many prompts that could be nothing",
            };
            format!(
                "Length, format and the like explain about {} % of your labels{ends}{doubt}. A reward \
                 model that is no better than this may be following the surface, too.",
                percent(estimate.value)
            )
        }
    }
}

fn method(request: &SurfaceRequest) -> String {
    format!(
        "{WIDTH} features (version {VERSION}) of each response; Bradley–Terry on their differences, \
         without a constant, the squared weights held down. A question counts once: its label is the \
         share of its votes for response 1, a tie being half of one, or its final verdict where nobody \
         voted; both bad is left out. {} folds of whole prompts, drawn from seed {}: a fold is scored by \
         a model fitted without it, whose penalty (of {} tried) and threshold of ties are chosen on the \
         other folds, each left out in turn; features are scaled on what is fitted alone. Explained is 1 \
         less the deviance beyond what people's parting leaves, over that of a coin. Intervals of 95 %: \
         B = {}, prompts drawn with replacement, the fits kept. Weights are of a fit on all labels; \
         features that go together share theirs.",
        request.folds,
        request.seed,
        PENALTIES.len(),
        request.replicates
    )
}
