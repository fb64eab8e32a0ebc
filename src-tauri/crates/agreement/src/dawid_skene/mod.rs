//! Who is right more often counts more: answers weighed by how each annotator errs.
//!
//! The model is that of A. P. Dawid and A. M. Skene, "Maximum Likelihood Estimation of Observer
//! Error-Rates Using the EM Algorithm", Applied Statistics 28 (1979), 20–28: every question has one
//! true answer, drawn from the *priors*, and every annotator has a *confusion matrix*, which holds
//! how often he gives each answer where a given one is true. EM begins with the shares of the votes.
//! The one-coin variant (Y. Zhang and others, JMLR 17 (2016), 1–44) knows of each annotator only how
//! often he is right, and takes all his errors to be equally likely.

mod em;
mod lanes;

use crate::error::{AgreementError, Result};
use crate::figure::Undefined;
use crate::plurality::Leading;
use crate::ratings::{Rating, Ratings};
use em::{Em, Model};

/// Posteriors that differ by no more are equal.
const NEAR: f64 = 1e-9;

/// When EM ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stop {
    /// Once the log-likelihood of the observed answers changes by less than this share of itself.
    LogLikelihood(f64),
    /// Once the loss that crowd-kit 1.4.2 watches rises by less than this. The loss is the evidence
    /// lower bound divided by the number of votes, with the prior counted once a *vote* instead of
    /// once a question: it can fall, which also ends it.
    CrowdKitLoss(f64),
}

/// How the model is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmOptions {
    /// When EM ends.
    pub stop: Stop,
    /// After how many rounds it ends in any case.
    pub max_iterations: usize,
    /// Votes added to every cell of a confusion matrix, 0 in the paper. Above 0 it keeps an annotator
    /// with few votes from being believed without limit. Of no effect on the one-coin variant.
    pub smoothing: f64,
    /// The least that a prior, or the votes in a cell of a confusion matrix, can be; 0 in the paper.
    pub floor: f64,
}

impl EmOptions {
    /// As in the paper: nothing added, run until the log-likelihood stands still.
    pub const PAPER: Self = Self {
        stop: Stop::LogLikelihood(1e-12),
        max_iterations: 1000,
        smoothing: 0.0,
        floor: 0.0,
    };

    /// What crowd-kit 1.4.2 does by default.
    pub const CROWD_KIT: Self = Self {
        stop: Stop::CrowdKitLoss(1e-5),
        max_iterations: 100,
        smoothing: 0.0,
        floor: 1e-10,
    };
}

impl Default for EmOptions {
    fn default() -> Self {
        Self::PAPER
    }
}

/// Why EM ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Its stopping rule was met.
    Converged,
    /// It had its last round before that: the figures may still move.
    OutOfIterations,
}

/// What both variants find.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregated {
    /// How likely each answer is to be the true one of a question; as long as there are categories,
    /// sums to 1.
    pub priors: Vec<f64>,
    /// By question, which answer is the likeliest; those within 1e-9 of it are equal to it.
    pub labels: Vec<Leading>,
    /// The natural logarithm of how likely the observed answers are under what was found.
    pub log_likelihood: f64,
    /// How many rounds of EM there were.
    pub iterations: usize,
    /// Why there were no more.
    pub stopped: Stopped,
    posterior: Vec<f64>,
}

impl Aggregated {
    /// How likely each answer is to be the true one of this question, by the last round's parameters.
    /// `None` where the question has no votes or is none.
    #[must_use]
    pub fn posterior(&self, question: usize) -> Option<&[f64]> {
        match self.labels.get(question)? {
            Leading::NoVotes => None,
            _ => self.posterior.chunks(self.priors.len()).nth(question),
        }
    }
}

/// What Dawid and Skene's model finds.
#[derive(Debug, Clone, PartialEq)]
pub struct DawidSkene {
    /// Priors, posteriors, labels and how the fit went.
    pub found: Aggregated,
    /// By annotator, then by the true answer: how often each answer is given.
    confusion: Vec<f64>,
    /// By annotator, then by the true answer: how many of the annotator's votes are expected to stand
    /// where that answer is true.
    mass: Vec<f64>,
}

impl DawidSkene {
    /// How often this annotator gives each answer where `truth` is true; sums to 1. `None` where none
    /// of the annotator's votes can tell.
    #[must_use]
    pub fn confusion(&self, annotator: usize, truth: usize) -> Option<&[f64]> {
        let categories = self.found.priors.len();
        if truth >= categories || self.votes(annotator, truth)? <= 0.0 {
            return None;
        }
        self.confusion
            .chunks(categories)
            .nth(annotator * categories + truth)
    }

    /// How many of this annotator's votes are expected to stand where `truth` is true: what the row
    /// of the confusion matrix rests on.
    #[must_use]
    pub fn votes(&self, annotator: usize, truth: usize) -> Option<f64> {
        let row = self.mass.chunks(self.found.priors.len()).nth(annotator)?;
        row.get(truth).copied()
    }

    /// How often this annotator is expected to be right, over the priors of the answers of which
    /// his votes can tell. `None` where he has no votes.
    #[must_use]
    pub fn accuracy(&self, annotator: usize) -> Option<f64> {
        let (mut right, mut all) = (0.0, 0.0);
        for (truth, prior) in self.found.priors.iter().enumerate() {
            if let Some(row) = self.confusion(annotator, truth) {
                right += prior * row[truth];
                all += prior;
            }
        }
        (all > 0.0).then(|| right / all)
    }
}

/// What the one-coin variant finds.
#[derive(Debug, Clone, PartialEq)]
pub struct OneCoin {
    /// Priors, posteriors, labels and how the fit went.
    pub found: Aggregated,
    /// By annotator, how often he is right; `None` where he has no votes.
    pub skills: Vec<Option<f64>>,
}

/// Fits Dawid and Skene's model. An answer that nobody gave has the prior 0.
///
/// # Errors
/// [`Undefined::NoVotes`].
pub fn dawid_skene(
    table: &Ratings,
    options: &EmOptions,
) -> std::result::Result<DawidSkene, Undefined> {
    let sizes = (table.questions(), table.annotators(), table.categories());
    full(Em::new(sizes, table.all(), Model::Confusion, options)?)
}

/// As [`dawid_skene`], of answers of which one person may have given several to one question, each
/// counted as if it were independent of the others: observer 1 in the paper's own example.
///
/// # Errors
/// An index out of range; [`Undefined::NoVotes`].
pub fn dawid_skene_with_repeats(
    questions: usize,
    annotators: usize,
    categories: usize,
    mut ratings: Vec<Rating>,
    options: &EmOptions,
) -> Result<DawidSkene> {
    for rating in &ratings {
        within("question", rating.question, questions)?;
        within("annotator", rating.annotator, annotators)?;
        within("category", rating.category, categories)?;
    }
    ratings.sort_unstable();
    let sizes = (questions, annotators, categories);
    Ok(full(Em::new(sizes, &ratings, Model::Confusion, options)?)?)
}

/// Fits the one-coin variant.
///
/// # Errors
/// [`Undefined::NoVotes`].
pub fn one_coin(table: &Ratings, options: &EmOptions) -> std::result::Result<OneCoin, Undefined> {
    let sizes = (table.questions(), table.annotators(), table.categories());
    let mut em = Em::new(sizes, table.all(), Model::OneCoin, options)?;
    let (iterations, stopped) = em.run();
    Ok(OneCoin {
        found: aggregated(&em, iterations, stopped),
        skills: em.skills(),
    })
}

fn full(mut em: Em<'_>) -> std::result::Result<DawidSkene, Undefined> {
    let (iterations, stopped) = em.run();
    Ok(DawidSkene {
        found: aggregated(&em, iterations, stopped),
        confusion: em.by_truth(),
        mass: em.mass(),
    })
}

fn aggregated(em: &Em<'_>, iterations: usize, stopped: Stopped) -> Aggregated {
    let (priors, posterior) = (em.priors(), em.posterior());
    let rows = posterior.chunks(priors.len());
    Aggregated {
        labels: rows.map(|row| Leading::among(row, NEAR)).collect(),
        log_likelihood: em.log_likelihood(),
        priors,
        iterations,
        stopped,
        posterior,
    }
}

fn within(what: &'static str, index: u32, count: usize) -> Result<()> {
    let index = index as usize;
    if index < count {
        return Ok(());
    }
    Err(AgreementError::OutOfRange { what, index, count })
}

#[cfg(test)]
mod tests;
