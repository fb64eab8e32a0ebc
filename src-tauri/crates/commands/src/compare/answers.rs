//! What a model answers, question by question, read one way for every figure that rests on it.

use std::collections::BTreeMap;

use tiebreak_domain::{ContentHasher, QuestionId, Setting, Verdict};
use tiebreak_judge::ties::{self, Scored};
use tiebreak_store::{Predicted, PredictedBy};

use super::report::Threshold;
use super::truth::{Asked, Truth, Truths};
use super::{ByTask, CompareRequest};

/// A question that the model was asked, and what it said.
pub(super) struct Answer {
    pub(super) question: QuestionId,
    pub(super) asked: Asked,
    /// Score of response 1 less that of response 2, where it gives scores; may be no number.
    pub(super) margin: Option<f64>,
    /// What it says where ties can be said: scores tie below a threshold that was fitted without the
    /// question's prompt.
    pub(super) verdict: Option<Verdict>,
}

impl Answer {
    pub(super) fn truth(&self) -> Option<Truth> {
        self.asked.truth()
    }

    /// Which response it prefers where it need not say tie: the one of the higher score, or its
    /// verdict.
    pub(super) fn choice(&self) -> Option<Verdict> {
        preferred(self.margin, self.verdict)
    }

    pub(super) fn scored(&self) -> Option<(Truth, Scored)> {
        let (truth, margin) = (self.truth()?, self.margin?);
        let scored = Scored {
            truth: truth.verdict,
            margin,
        };
        Some((truth, scored))
    }

    /// Whether it is right, ties being an answer; none where nothing is true.
    pub(super) fn right_with_ties(&self) -> Option<bool> {
        Some(self.verdict == Some(self.truth()?.verdict))
    }

    /// Whether it is right about a question that is no tie.
    pub(super) fn right_without_ties(&self) -> Option<bool> {
        let truth = self.truth()?.verdict;
        let right = match self.scored() {
            Some((_, scored)) => scored.is_right(-1.0),
            None => self.verdict == Some(truth),
        };
        (truth != Verdict::Tie).then_some(right)
    }
}

/// The response of the higher score where there are scores, whose difference is given; else the
/// verdict.
pub(super) fn preferred(margin: Option<f64>, verdict: Option<Verdict>) -> Option<Verdict> {
    match margin {
        Some(margin) if margin > 0.0 => Some(Verdict::Response1),
        Some(margin) if margin < 0.0 => Some(Verdict::Response2),
        Some(0.0) => Some(Verdict::Tie),
        Some(_) => None,
        None => verdict,
    }
}

/// The score of response 1 less that of response 2, where it gives scores.
pub(super) fn margin(said: &Predicted) -> Option<f64> {
    said.scores.map(|[one, two]| one - two)
}

/// A model, asked one way.
pub(super) struct Answers<'a> {
    pub(super) by: &'a PredictedBy,
    pub(super) answers: Vec<Answer>,
    pub(super) scores: bool,
    /// Whether ties were asked of it.
    pub(super) could_tie: bool,
    pub(super) predictions: u64,
    pub(super) failed: u64,
    pub(super) thresholds: ByTask<Threshold>,
}

impl<'a> Answers<'a> {
    pub(super) fn of(
        by: &'a PredictedBy,
        said: &[&Predicted],
        truths: &Truths,
        request: &CompareRequest,
    ) -> Self {
        let scores = said.iter().any(|one| one.scores.is_some());
        let is_failed = |one: &&&Predicted| match one.scores {
            Some(scores) => scores.iter().any(|score| score.is_nan()),
            None => one.verdict.is_none(),
        };
        let answer = |one: &&Predicted| {
            Some(Answer {
                question: one.question,
                asked: truths.asked(one.question)?,
                margin: margin(one),
                verdict: one.verdict,
            })
        };
        let mut answers: Vec<Answer> = said.iter().filter_map(answer).collect();
        let thresholds = match scores {
            true => thresholds(&mut answers, truths, request),
            false => BTreeMap::new(),
        };
        Self {
            by,
            answers,
            scores,
            could_tie: scores || by.setting == Setting::WithTie,
            predictions: said.len() as u64,
            failed: said.iter().filter(is_failed).count() as u64,
            thresholds,
        }
    }

    /// How many of its answers can be right or wrong.
    pub(super) fn with_truth(&self) -> u64 {
        self.answers.iter().filter(|a| a.truth().is_some()).count() as u64
    }
}

/// Fits the thresholds by task and says what each answer is at the one that was fitted without its
/// prompt.
fn thresholds(
    answers: &mut [Answer],
    truths: &Truths,
    request: &CompareRequest,
) -> ByTask<Threshold> {
    let mut of_task: Vec<Vec<(u32, Scored)>> = vec![Vec::new(); truths.tasks.len()];
    for answer in &*answers {
        if let Some((truth, scored)) = answer.scored() {
            of_task[truth.task].push((fold(truth.prompt, request), scored));
        }
    }
    let mut found = BTreeMap::new();
    let mut by_fold: Vec<Vec<f64>> = Vec::new();
    for (name, rows) in truths.tasks.iter().zip(&of_task) {
        let fitted = |without: Option<u32>| {
            let others = rows.iter().filter(|(fold, _)| Some(*fold) != without);
            let others: Vec<Scored> = others.map(|(_, scored)| *scored).collect();
            ties::fit(&others).map_or(-1.0, |fitted| fitted.epsilon)
        };
        let mut folds: Vec<f64> = (0..request.folds).map(|fold| fitted(Some(fold))).collect();
        by_fold.push(folds.clone());
        if !rows.is_empty() {
            folds.sort_by(f64::total_cmp);
            let on_all = fitted(None);
            found.insert(name.clone(), Threshold { folds, on_all });
        }
    }
    for answer in answers {
        if let Some(margin) = answer.margin {
            let epsilon = by_fold[answer.asked.task][fold(answer.asked.prompt, request) as usize];
            let scored = Scored {
                truth: Verdict::Tie,
                margin,
            };
            answer.verdict = scored.predicted(epsilon);
        }
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
