//! Nested cross-validation over prompts: every figure of a question comes from a model that saw
//! neither the question nor another one of its prompt, and neither did what chose that model.
//!
//! The outer folds score; for each, the other folds take turns as inner folds, on which the penalty and
//! the threshold of ties are chosen. A model without folds k and j serves as the inner one of both k and
//! j, so that every two folds are left out once.

use std::collections::BTreeMap;

use tiebreak_agreement::{Differences, loss, ridge};
use tiebreak_domain::{PromptId, Verdict};

use super::features::WIDTH;
use super::table::{Labelled, Part, folds_of};
use crate::ties::{self, Scored};

/// The penalties that are tried, strongest first.
pub const PENALTIES: [f64; 8] = [30.0, 3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003];

/// Weights that score a response.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// By feature, its weight per typical difference: what a difference of that size adds to the
    /// log-odds of being preferred.
    pub standard: [f64; WIDTH],
    /// By feature, how large a typical difference is; 0 where it never parts two responses.
    pub sizes: [f64; WIDTH],
    /// The penalty that was chosen.
    pub penalty: f64,
    /// Scores that differ by this or less tie; −1: none do.
    pub epsilon: f64,
}

impl Model {
    /// A row's score, in log-odds; of a row of differences, the margin.
    #[must_use]
    pub fn score(&self, row: &[f64; WIDTH]) -> f64 {
        let weights = self.standard.iter().zip(self.sizes).zip(row);
        weights
            .map(|((weight, size), x)| if size > 0.0 { weight * x / size } else { 0.0 })
            .sum()
    }
}

/// What came of fitting.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// By fold, the model that did not see it.
    pub folds: Vec<Model>,
    /// The model of everything.
    pub all: Model,
    /// In which fold each prompt is.
    pub fold_of: BTreeMap<PromptId, u32>,
    /// By row, how much the score of response 1 is above that of response 2, by the model that did
    /// not see the row's fold.
    pub margins: Vec<f64>,
}

impl Fitted {
    /// The model for a question of this prompt: one that saw no other question of it.
    #[must_use]
    pub fn model_for(&self, prompt: PromptId) -> &Model {
        let fold = self.fold_of.get(&prompt);
        let own = fold.and_then(|fold| self.folds.get(*fold as usize));
        own.unwrap_or(&self.all)
    }

    /// By row, the verdict at the threshold that was fitted without it.
    #[must_use]
    pub fn verdicts(&self, rows: &[Labelled]) -> Vec<Option<Verdict>> {
        let each = rows.iter().zip(&self.margins);
        each.map(|(row, &margin)| said(margin, self.model_for(row.prompt).epsilon))
            .collect()
    }
}

/// The verdict of a margin at a threshold.
pub(super) fn said(margin: f64, epsilon: f64) -> Option<Verdict> {
    let truth = Verdict::Tie;
    Scored { truth, margin }.predicted(epsilon)
}

/// Fits on rows in so many folds of prompts, drawn from the seed. `None` where a fold would be
/// empty: fewer prompts than folds, or fewer than three folds.
#[must_use]
pub fn fit(rows: &[Labelled], folds: u32, seed: u64) -> Option<Fitted> {
    let fold_of = folds_of(rows.iter().map(|row| row.prompt), folds, seed);
    if folds < 3 || fold_of.len() < folds as usize {
        return None;
    }
    let fold: Vec<u32> = rows.iter().map(|row| fold_of[&row.prompt]).collect();
    let left_out: Vec<Vec<u32>> = (0..folds)
        .flat_map(|k| (k..folds).map(move |j| if k == j { vec![k] } else { vec![k, j] }))
        .collect();
    let paths = fit_paths(rows, &fold, &left_out);
    let (mut models, mut margins) = (Vec::new(), vec![0.0; rows.len()]);
    for k in 0..folds {
        let inner = |row: usize| match fold[row] {
            own if own == k => None,
            j => Some(&paths[&vec![k.min(j), k.max(j)]]),
        };
        let chosen = Chosen::among(rows, inner);
        let model = paths[&vec![k]].at(&chosen);
        for row in (0..rows.len()).filter(|row| fold[*row] == k) {
            margins[row] = model.score(&rows[row].difference);
        }
        models.push(model);
    }
    let chosen = Chosen::among(rows, |row| Some(&paths[&vec![fold[row]]]));
    let all = Path::fit(Part::of(rows.iter())).at(&chosen);
    Some(Fitted {
        folds: models,
        all,
        fold_of,
        margins,
    })
}

/// The models of one training set at every penalty.
struct Path {
    sizes: [f64; WIDTH],
    weights: Vec<Vec<f64>>,
}

impl Path {
    /// From the strongest penalty, each from where the one before came to rest. Where no minimum is
    /// found, that one stands.
    fn fit(mut part: Part) -> Self {
        let sizes = part.standardise();
        let table = Differences {
            width: WIDTH,
            values: &part.values,
            shares: &part.shares,
        };
        let mut at = vec![0.0; WIDTH];
        let mut weights = Vec::with_capacity(PENALTIES.len());
        for penalty in PENALTIES {
            if let Ok(Some(found)) = ridge(&table, penalty, &at) {
                at = found;
            }
            weights.push(at.clone());
        }
        Self { sizes, weights }
    }

    fn at(&self, chosen: &Chosen) -> Model {
        let mut standard = [0.0; WIDTH];
        standard.copy_from_slice(&self.weights[chosen.penalty]);
        Model {
            standard,
            sizes: self.sizes,
            penalty: PENALTIES[chosen.penalty],
            epsilon: chosen.epsilon,
        }
    }

    /// By penalty, a row's margin.
    fn margins(&self, row: &[f64; WIDTH]) -> [f64; PENALTIES.len()] {
        let mut scaled = [0.0; WIDTH];
        for ((scaled, x), size) in scaled.iter_mut().zip(row).zip(self.sizes) {
            *scaled = if size > 0.0 { x / size } else { 0.0 };
        }
        let mut margins = [0.0; PENALTIES.len()];
        for (margin, weights) in margins.iter_mut().zip(&self.weights) {
            *margin = scaled.iter().zip(weights).map(|(x, w)| x * w).sum();
        }
        margins
    }
}

/// What is chosen on rows that the models did not see.
struct Chosen {
    penalty: usize,
    epsilon: f64,
}

impl Chosen {
    /// By the path that did not see each row, where the row counts: the penalty of least loss (the
    /// stronger of equal ones), then the threshold that is right most often at it.
    fn among<'a>(rows: &[Labelled], path: impl Fn(usize) -> Option<&'a Path>) -> Self {
        let mut losses = [0.0; PENALTIES.len()];
        let mut found = Vec::with_capacity(rows.len());
        for (n, row) in rows.iter().enumerate() {
            let Some(path) = path(n) else { continue };
            let margins = path.margins(&row.difference);
            for (sum, margin) in losses.iter_mut().zip(margins) {
                *sum += loss(margin, row.share);
            }
            found.push((row.truth, margins));
        }
        let least = losses.iter().enumerate();
        let penalty = least
            .min_by(|one, other| one.1.total_cmp(other.1))
            .map_or(0, |(at, _)| at);
        let scored: Vec<Scored> = found
            .iter()
            .filter_map(|(truth, margins)| {
                let margin = margins[penalty];
                truth.map(|truth| Scored { truth, margin })
            })
            .collect();
        let epsilon = ties::fit(&scored).map_or(-1.0, |fitted| fitted.epsilon);
        Self { penalty, epsilon }
    }
}

/// A path for each set of folds that is left out, on as many threads as there are processors. The
/// numbers do not depend on how many.
fn fit_paths(rows: &[Labelled], fold: &[u32], left_out: &[Vec<u32>]) -> BTreeMap<Vec<u32>, Path> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let without = |left: &Vec<u32>| {
        let kept = rows.iter().zip(fold);
        Path::fit(Part::of(
            kept.filter(|(_, f)| !left.contains(f)).map(|(row, _)| row),
        ))
    };
    let share = left_out.len().div_ceil(threads).max(1);
    let fitted = std::thread::scope(|scope| {
        let works: Vec<_> = left_out
            .chunks(share)
            .map(|chunk| scope.spawn(move || chunk.iter().map(without).collect::<Vec<_>>()))
            .collect();
        let done: Vec<Option<Vec<Path>>> = works.into_iter().map(|work| work.join().ok()).collect();
        done
    });
    // A thread that could not finish is no reason to lose the rest: its share is fitted here.
    let paths = left_out
        .chunks(share)
        .zip(fitted)
        .flat_map(|(chunk, done)| done.unwrap_or_else(|| chunk.iter().map(without).collect()));
    left_out.iter().cloned().zip(paths).collect()
}
