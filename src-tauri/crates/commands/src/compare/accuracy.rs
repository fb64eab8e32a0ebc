//! The share of questions of which a model says what people say.
//!
//! As in the paper (section 4.2 and appendix G): with ties, three answers are possible; without, rows
//! that people call a tie are left out. An answer that cannot be read is wrong. Over tasks the mean is
//! unweighted. Where a model gives scores, the threshold below which they tie is fitted by task on
//! other prompts than it is scored on.

use std::collections::BTreeMap;

use tiebreak_agreement::{Plan, Undefined, bootstrap};
use tiebreak_domain::{ContentHasher, Setting, Verdict};
use tiebreak_judge::ties::{self, Scored};
use tiebreak_store::{Predicted, PredictedBy};

use super::report::{ModelReport, OverTasks, Threshold, UpstreamReport};
use super::truth::{Truth, Truths};
use super::{ByTask, CompareRequest};
use crate::agreement::Coefficient;
use crate::error::Result;

/// A question that the model said something of, and what.
struct Answer {
    truth: Truth,
    scored: Option<Scored>,
    /// What it says where ties can be said.
    verdict: Option<Verdict>,
}

pub(super) fn of(
    by: &PredictedBy,
    said: &[&Predicted],
    truths: &Truths,
    request: &CompareRequest,
    plan: &Plan,
    on_ceiling_targets: Coefficient,
) -> Result<ModelReport> {
    let scores = said.iter().any(|one| one.scores.is_some());
    let mut answers = answers(said, truths);
    let thresholds = match scores {
        true => thresholds(&mut answers, truths, request),
        false => BTreeMap::new(),
    };
    let is_failed = |one: &&&Predicted| match one.scores {
        Some(scores) => scores.iter().any(|score| score.is_nan()),
        None => one.verdict.is_none(),
    };
    let with = |answer: &Answer| Some(answer.verdict == Some(answer.truth.verdict));
    let without = |answer: &Answer| {
        let right = match answer.scored {
            Some(scored) => scored.is_right(-1.0),
            None => answer.verdict == Some(answer.truth.verdict),
        };
        (answer.truth.verdict != Verdict::Tie).then_some(right)
    };
    // A judge that had to choose was not asked what ties are.
    let asked = scores || by.setting == Setting::WithTie;
    let (with_ties, with_ties_mean) = shares(&answers, truths, plan, asked, with)?;
    let (without_ties, without_ties_mean) = shares(&answers, truths, plan, true, without)?;
    let without_ties_from = match (scores, by.setting) {
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
        scores,
        predictions: said.len() as u64,
        without_truth: (said.len() - answers.len()) as u64,
        unanswered: truths.len() - answers.len() as u64,
        failed: said.iter().filter(is_failed).count() as u64,
        with_ties,
        with_ties_mean,
        without_ties,
        without_ties_mean,
        without_ties_from: without_ties_from.to_owned(),
        thresholds,
        upstream: upstream(&answers, truths),
        confusion: confusion(&answers),
        on_ceiling_targets,
    })
}

fn answers(said: &[&Predicted], truths: &Truths) -> Vec<Answer> {
    let answer = |one: &&Predicted| {
        let truth = truths.get(one.question)?;
        let scored = one.scores.map(|[one, two]| Scored {
            truth: truth.verdict,
            margin: one - two,
        });
        Some(Answer {
            truth,
            scored,
            verdict: one.verdict,
        })
    };
    said.iter().filter_map(answer).collect()
}

/// Fits the thresholds by task and says what each answer is at the one that was fitted without its
/// prompt.
fn thresholds(
    answers: &mut [Answer],
    truths: &Truths,
    request: &CompareRequest,
) -> ByTask<Threshold> {
    let mut of_task: Vec<Vec<(usize, u32, Scored)>> = vec![Vec::new(); truths.tasks.len()];
    for (n, answer) in answers.iter().enumerate() {
        if let Some(scored) = answer.scored {
            of_task[answer.truth.task].push((n, fold(answer.truth.prompt, request), scored));
        }
    }
    let mut found = BTreeMap::new();
    for (name, rows) in truths.tasks.iter().zip(of_task) {
        let fitted = |without: Option<u32>| {
            let others = rows.iter().filter(|(_, fold, _)| Some(*fold) != without);
            let others: Vec<Scored> = others.map(|(.., scored)| *scored).collect();
            ties::fit(&others).map_or(-1.0, |fitted| fitted.epsilon)
        };
        if rows.is_empty() {
            continue;
        }
        let mut folds: Vec<f64> = (0..request.folds).map(|fold| fitted(Some(fold))).collect();
        for &(n, fold, scored) in &rows {
            answers[n].verdict = scored.predicted(folds[fold as usize]);
        }
        folds.sort_by(f64::total_cmp);
        let on_all = fitted(None);
        found.insert(name.clone(), Threshold { folds, on_all });
    }
    found
}

/// In which fold a prompt is: drawn from the seed.
fn fold(prompt: u32, request: &CompareRequest) -> u32 {
    let mut hasher = ContentHasher::new("fold");
    hasher
        .bytes(&request.seed.to_le_bytes())
        .bytes(&prompt.to_le_bytes());
    (hasher.finish().as_u128() % u128::from(request.folds)) as u32
}

/// By task, the share of answers that count and are right, and the mean; prompts are resampled.
fn shares(
    answers: &[Answer],
    truths: &Truths,
    plan: &Plan,
    has_run: bool,
    right: impl Fn(&Answer) -> Option<bool>,
) -> Result<(ByTask<Coefficient>, OverTasks)> {
    let tasks = truths.tasks.len();
    let mut places: BTreeMap<u32, u32> = BTreeMap::new();
    let mut cases: Vec<(usize, u32, bool)> = Vec::new();
    for answer in answers.iter().filter(|_| has_run) {
        if let Some(right) = right(answer) {
            let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
            let place = *places.entry(answer.truth.prompt).or_insert(next);
            cases.push((answer.truth.task, place, right));
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
        let of_task = answers.iter().filter(|answer| answer.truth.task == task);
        let rows: Vec<Scored> = of_task.filter_map(|answer| answer.scored).collect();
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
        let said = answer.verdict.map_or("none", Verdict::as_str);
        let row = table.entry(answer.truth.verdict).or_default();
        *row.entry(said.to_owned()).or_default() += 1;
    }
    table
}
