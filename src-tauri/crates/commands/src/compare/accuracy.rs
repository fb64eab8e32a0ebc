//! The share of questions of which a model says what people say.
//!
//! As in the paper (section 4.2 and appendix G): with ties, three answers are possible; without, rows
//! that people call a tie are left out. An answer that cannot be read is wrong. Over tasks the mean is
//! unweighted. Where a model gives scores, the threshold below which they tie is fitted by task on
//! other prompts than it is scored on.

use std::collections::BTreeMap;

use tiebreak_agreement::{Plan, Undefined, bootstrap};
use tiebreak_domain::{Setting, Verdict};
use tiebreak_judge::ties::{self, Scored};

use super::ByTask;
use super::alt::AltReport;
use super::answers::{Answer, Answers};
use super::contradicted::ContradictionsReport;
use super::report::{ModelReport, OverTasks, UnseenReport, UpstreamReport};
use super::truth::Truths;
use super::{calibrated, following, leanings};
use crate::agreement::Coefficient;
use crate::error::Result;

/// What is found of a model beside what this file finds.
pub(super) struct Beside {
    pub(super) on_ceiling_targets: Coefficient,
    pub(super) alt_test: AltReport,
    pub(super) contradictions: ContradictionsReport,
}

pub(super) fn of(
    model: &Answers<'_>,
    truths: &Truths,
    plan: &Plan,
    beside: Beside,
) -> Result<ModelReport> {
    let (by, answers) = (model.by, &model.answers);
    let [
        (with_ties, with_ties_mean),
        (without_ties, without_ties_mean),
    ] = accuracies(model, |_| true, truths, plan)?;
    let without_ties_from = match (model.scores, by.setting) {
        (true, _) => "scores: the higher one",
        (false, Setting::WithoutTie) => "a run in which it had to choose",
        (false, Setting::WithTie) => "a run in which it could say tie: saying so counts as wrong",
    };
    Ok(ModelReport {
        id: by.id,
        name: by.model.name.clone(),
        family: by.model.family,
        hash: by.model.hash.clone(),
        setting: by.setting,
        shown: by.shown,
        template: by.template.clone(),
        scores: model.scores,
        predictions: model.predictions,
        without_truth: model.predictions - model.with_truth(),
        unanswered: truths.len() - model.with_truth(),
        failed: model.failed,
        with_ties,
        with_ties_mean,
        without_ties,
        without_ties_mean,
        unseen: unseen(model, truths, plan)?,
        without_ties_from: without_ties_from.to_owned(),
        thresholds: model.thresholds.clone(),
        upstream: upstream(answers, truths),
        confusion: confusion(answers),
        on_ceiling_targets: beside.on_ceiling_targets,
        alt_test: beside.alt_test,
        calibration: calibrated::of(model, plan)?,
        position: leanings::position(model, plan)?,
        length: leanings::length(model, plan)?,
        criterion_following: following::of(model, plan)?,
        contradictions: beside.contradictions,
    })
}

/// The same figures without the questions whose resolution had seen a prediction, if there are any.
fn unseen(model: &Answers<'_>, truths: &Truths, plan: &Plan) -> Result<Option<UnseenReport>> {
    let counts = |answer: &&Answer| answer.truth().is_some() && answer.asked.saw;
    let left_out = model.answers.iter().filter(counts).count() as u64;
    if left_out == 0 {
        return Ok(None);
    }
    let kept = |answer: &Answer| !answer.asked.saw;
    let [
        (with_ties, with_ties_mean),
        (without_ties, without_ties_mean),
    ] = accuracies(model, kept, truths, plan)?;
    Ok(Some(UnseenReport {
        left_out,
        with_ties,
        with_ties_mean,
        without_ties,
        without_ties_mean,
    }))
}

/// A share by task, and the mean over tasks.
type Shares = (ByTask<Coefficient>, OverTasks);

/// Accuracy with ties and without them, of the answers that are kept.
fn accuracies(
    model: &Answers<'_>,
    kept: impl Fn(&Answer) -> bool,
    truths: &Truths,
    plan: &Plan,
) -> Result<[Shares; 2]> {
    let answers: Vec<&Answer> = model.answers.iter().filter(|answer| kept(answer)).collect();
    let of = |has_run, right: fn(&Answer) -> Option<bool>| {
        shares(&answers, truths, plan, has_run, right)
    };
    Ok([
        // A judge that had to choose was not asked what ties are.
        of(model.could_tie, Answer::right_with_ties)?,
        of(true, Answer::right_without_ties)?,
    ])
}

/// By task, the share of answers that count and are right, and the mean; prompts are resampled.
fn shares(
    answers: &[&Answer],
    truths: &Truths,
    plan: &Plan,
    has_run: bool,
    right: impl Fn(&Answer) -> Option<bool>,
) -> Result<Shares> {
    let tasks = truths.tasks.len();
    let mut places: BTreeMap<u32, u32> = BTreeMap::new();
    let mut cases: Vec<(usize, u32, bool)> = Vec::new();
    for answer in answers.iter().filter(|_| has_run) {
        if let Some(right) = right(answer) {
            let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
            let place = *places.entry(answer.asked.prompt).or_insert(next);
            cases.push((answer.asked.task, place, right));
        }
    }
    let mut counted = vec![0_u64; tasks];
    cases.iter().for_each(|case| counted[case.0] += 1);
    let own: Vec<usize> = (0..tasks).filter(|&task| counted[task] > 0).collect();
    if own.is_empty() {
        let why = match has_run {
            true => "it answered no question that counts",
            false => "it had to choose in this run: ties were not asked of it",
        };
        let mean = Coefficient::undefined(why);
        return Ok((BTreeMap::new(), OverTasks { mean, tasks: 0 }));
    }
    let statistic = |weights: &[u32]| statistic(&cases, &own, tasks, weights);
    let mut figures = bootstrap(places.len(), plan, statistic)?.into_iter();
    let mut by_task = BTreeMap::new();
    for (&task, figure) in own.iter().zip(figures.by_ref()) {
        by_task.insert(
            truths.tasks[task].clone(),
            Coefficient::of_cases(figure, counted[task]),
        );
    }
    let mean = figures.next().unwrap_or(Err(Undefined::NoVotes));
    let mean = Coefficient::of_cases(mean, counted.iter().sum());
    let tasks = own.len() as u64;
    Ok((by_task, OverTasks { mean, tasks }))
}

/// The shares of the tasks, then their mean, with every prompt counted as often as it was drawn.
fn statistic(
    cases: &[(usize, u32, bool)],
    own: &[usize],
    tasks: usize,
    weights: &[u32],
) -> Vec<std::result::Result<f64, Undefined>> {
    let mut sums = vec![[0.0_f64; 2]; tasks];
    for &(task, place, right) in cases {
        let weight = f64::from(weights[place as usize]);
        sums[task][0] += if right { weight } else { 0.0 };
        sums[task][1] += weight;
    }
    let share = |&task: &usize| match sums[task] {
        [right, all] if all > 0.0 => Ok(right / all),
        _ => Err(Undefined::NoVotes),
    };
    let mut shares: Vec<_> = own.iter().map(share).collect();
    let mean = shares.iter().cloned().sum::<std::result::Result<f64, _>>();
    shares.push(mean.map(|sum| sum / own.len() as f64));
    shares
}

fn upstream(answers: &[Answer], truths: &Truths) -> ByTask<UpstreamReport> {
    let mut found = BTreeMap::new();
    for (task, name) in truths.tasks.iter().enumerate() {
        let scored = answers.iter().filter_map(Answer::scored);
        let of_task = scored.filter(|(truth, _)| truth.task == task);
        let rows: Vec<Scored> = of_task.map(|(_, scored)| scored).collect();
        if !rows.is_empty() {
            let ties::Upstream {
                with_ties,
                without_ties,
            } = ties::upstream(&rows);
            found.insert(
                name.clone(),
                UpstreamReport {
                    with_ties,
                    without_ties,
                },
            );
        }
    }
    found
}

fn confusion(answers: &[Answer]) -> BTreeMap<Verdict, BTreeMap<String, u64>> {
    let mut table: BTreeMap<Verdict, BTreeMap<String, u64>> = BTreeMap::new();
    for answer in answers {
        let Some(human) = answer.asked.verdict else {
            continue;
        };
        let said = answer.verdict.map_or("none", Verdict::as_str);
        let row = table.entry(human).or_default();
        *row.entry(said.to_owned()).or_default() += 1;
    }
    table
}
