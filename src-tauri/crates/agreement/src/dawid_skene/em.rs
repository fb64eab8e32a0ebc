//! The rounds of EM, over flat arrays: all that grows with the number of votes is done here.

use super::{EmOptions, Stop, Stopped};
use crate::figure::Undefined;
use crate::ratings::Rating;

/// What is known of an annotator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    /// How often he gives each answer where each is true.
    Confusion,
    /// How often he is right.
    OneCoin,
}

/// The state between two rounds. Cells lie by annotator, then by the answer given, then by the true
/// one, so that a vote reads and writes one run of neighbours.
pub(super) struct Em<'a> {
    votes: &'a [Rating],
    categories: usize,
    model: Model,
    options: EmOptions,
    /// Which answers were ever given: no other can be true.
    given: Vec<bool>,
    /// Which answers each annotator ever gave.
    used: Vec<bool>,
    /// How many votes each annotator gave.
    cast: Vec<f64>,
    /// By question, then by answer. All 0 where the question has no votes.
    pub(super) posterior: Vec<f64>,
    pub(super) priors: Vec<f64>,
    cells: Vec<f64>,
    log_cells: Vec<f64>,
    /// By annotator, then by the true answer.
    pub(super) mass: Vec<f64>,
    answered: f64,
}

impl<'a> Em<'a> {
    /// `sizes`: of questions, annotators and categories, past which no vote points. `votes` are sorted
    /// by question.
    pub(super) fn new(
        (questions, annotators, categories): (usize, usize, usize),
        votes: &'a [Rating],
        model: Model,
        options: &EmOptions,
    ) -> Result<Self, Undefined> {
        if votes.is_empty() {
            return Err(Undefined::NoVotes);
        }
        let mut em = Self {
            votes,
            categories,
            model,
            options: *options,
            given: vec![false; categories],
            used: vec![false; annotators * categories],
            cast: vec![0.0; annotators],
            posterior: vec![0.0; questions * categories],
            priors: vec![0.0; categories],
            cells: vec![0.0; annotators * categories * categories],
            log_cells: vec![0.0; annotators * categories * categories],
            mass: vec![0.0; annotators * categories],
            answered: 0.0,
        };
        for vote in votes {
            let (annotator, category) = (vote.annotator as usize, vote.category as usize);
            em.given[category] = true;
            em.used[annotator * categories + category] = true;
            em.cast[annotator] += 1.0;
        }
        for of_question in questions_of(votes) {
            let from = of_question[0].question as usize * categories;
            em.answered += 1.0;
            for vote in of_question {
                em.posterior[from + vote.category as usize] += 1.0 / of_question.len() as f64;
            }
        }
        em.maximise();
        Ok(em)
    }

    /// Runs to the end; says after how many rounds and why.
    pub(super) fn run(&mut self) -> (usize, Stopped) {
        let mut last = f64::NEG_INFINITY;
        for round in 1..=self.options.max_iterations {
            let log_likelihood = self.expect();
            self.maximise();
            let (now, ended) = match self.options.stop {
                Stop::LogLikelihood(share) => (
                    log_likelihood,
                    (log_likelihood - last).abs() <= share * log_likelihood.abs(),
                ),
                Stop::CrowdKitLoss(rise) => {
                    let loss = self.loss();
                    (loss, loss - last < rise)
                }
            };
            if ended {
                return (round, Stopped::Converged);
            }
            last = now;
        }
        (self.options.max_iterations, Stopped::OutOfIterations)
    }

    /// The E-step: posteriors from the parameters. Gives the log-likelihood of those parameters.
    fn expect(&mut self) -> f64 {
        let log_priors = logarithms(&self.priors);
        let mut total = 0.0;
        for of_question in questions_of(self.votes) {
            let from = of_question[0].question as usize * self.categories;
            let row = &mut self.posterior[from..from + self.categories];
            total += weigh(of_question, &log_priors, &self.log_cells, row);
        }
        total
    }

    /// The log-likelihood of the parameters as they stand.
    pub(super) fn log_likelihood(&self) -> f64 {
        let log_priors = logarithms(&self.priors);
        let mut row = vec![0.0; self.categories];
        questions_of(self.votes)
            .map(|of_question| weigh(of_question, &log_priors, &self.log_cells, &mut row))
            .sum()
    }

    /// The M-step: parameters from the posteriors.
    fn maximise(&mut self) {
        let categories = self.categories;
        self.priors.fill(0.0);
        self.cells.fill(0.0);
        for row in self.posterior.chunks(categories) {
            for (prior, posterior) in self.priors.iter_mut().zip(row) {
                *prior += posterior;
            }
        }
        for (prior, given) in self.priors.iter_mut().zip(&self.given) {
            let least = if *given { self.options.floor } else { 0.0 };
            *prior = (*prior / self.answered).max(least);
        }
        for vote in self.votes {
            let from = vote.question as usize * categories;
            let to = (vote.annotator as usize * categories + vote.category as usize) * categories;
            let cells = &mut self.cells[to..to + categories];
            for (cell, posterior) in cells
                .iter_mut()
                .zip(&self.posterior[from..from + categories])
            {
                *cell += posterior;
            }
        }
        self.count_mass();
        match self.model {
            Model::Confusion => self.normalise(),
            Model::OneCoin => self.toss(),
        }
        for (log, cell) in self.log_cells.iter_mut().zip(&self.cells) {
            *log = cell.ln();
        }
    }

    fn count_mass(&mut self) {
        let categories = self.categories;
        self.mass.fill(0.0);
        for (n, row) in self.cells.chunks(categories).enumerate() {
            let from = n / categories * categories;
            for (mass, cell) in self.mass[from..from + categories].iter_mut().zip(row) {
                *mass += cell;
            }
        }
    }

    /// Counts to shares. Where none of an annotator's votes can tell, every answer is as likely.
    fn normalise(&mut self) {
        let categories = self.categories;
        for annotator in 0..self.cast.len() {
            for truth in 0..categories {
                let mut sum = 0.0;
                for answer in 0..categories {
                    let at = (annotator * categories + answer) * categories + truth;
                    if self.given[answer] {
                        self.cells[at] += self.options.smoothing;
                    }
                    if self.used[annotator * categories + answer] {
                        self.cells[at] = self.cells[at].max(self.options.floor);
                    }
                    sum += self.cells[at];
                }
                for answer in 0..categories {
                    let at = (annotator * categories + answer) * categories + truth;
                    self.cells[at] = if sum > 0.0 {
                        self.cells[at] / sum
                    } else {
                        1.0 / categories as f64
                    };
                }
            }
        }
    }

    /// Counts to one skill a person, spread over the cells.
    fn toss(&mut self) {
        let categories = self.categories;
        let others = self.given.iter().filter(|given| **given).count() - 1;
        let (low, high) = (self.options.floor, 1.0 - self.options.floor);
        for (annotator, skill) in self.skills().into_iter().enumerate() {
            let skill = skill.unwrap_or_default();
            let wrong = if others == 0 {
                0.0
            } else {
                (1.0 - skill) / others as f64
            };
            for answer in 0..categories {
                for truth in 0..categories {
                    let at = (annotator * categories + answer) * categories + truth;
                    let chance = if answer == truth { skill } else { wrong };
                    self.cells[at] = chance.max(low).min(high);
                }
            }
        }
    }

    /// How often each annotator is right, by the posteriors. `None` where he gave no votes.
    pub(super) fn skills(&self) -> Vec<Option<f64>> {
        let mut right = vec![0.0; self.cast.len()];
        for vote in self.votes {
            let at = vote.question as usize * self.categories + vote.category as usize;
            right[vote.annotator as usize] += self.posterior[at];
        }
        let skills = right.into_iter().zip(&self.cast);
        skills
            .map(|(right, &cast)| (cast > 0.0).then(|| right / cast))
            .collect()
    }

    /// See [`Stop::CrowdKitLoss`].
    fn loss(&self) -> f64 {
        let log_priors = logarithms(&self.priors);
        let mut total = 0.0;
        for of_question in questions_of(self.votes) {
            let from = of_question[0].question as usize * self.categories;
            let row = &self.posterior[from..from + self.categories];
            for vote in of_question {
                let logs = self.logs_of(vote).iter().zip(&log_priors);
                for (posterior, (log, log_prior)) in row.iter().zip(logs) {
                    if *posterior > 0.0 {
                        total += posterior * (log + log_prior);
                    }
                }
            }
            for (posterior, given) in row.iter().zip(&self.given) {
                let posterior = posterior.max(self.options.floor);
                if *given && posterior > 0.0 {
                    total -= posterior * posterior.ln();
                }
            }
        }
        total / self.votes.len() as f64
    }

    fn logs_of(&self, vote: &Rating) -> &[f64] {
        logs_of(&self.log_cells, self.categories, vote)
    }

    /// The cells by annotator, then by the true answer, then by the one given.
    pub(super) fn by_truth(&self) -> Vec<f64> {
        let categories = self.categories;
        let mut turned = vec![0.0; self.cells.len()];
        for (n, &cell) in self.cells.iter().enumerate() {
            let (row, truth) = (n / categories, n % categories);
            let (annotator, answer) = (row / categories, row % categories);
            turned[(annotator * categories + truth) * categories + answer] = cell;
        }
        turned
    }
}

fn questions_of(votes: &[Rating]) -> impl Iterator<Item = &[Rating]> {
    votes.chunk_by(|one, next| one.question == next.question)
}

fn logarithms(values: &[f64]) -> Vec<f64> {
    values.iter().map(|value| value.ln()).collect()
}

fn logs_of<'a>(log_cells: &'a [f64], categories: usize, vote: &Rating) -> &'a [f64] {
    let from = (vote.annotator as usize * categories + vote.category as usize) * categories;
    &log_cells[from..from + categories]
}

/// Puts the posterior of one question into `row`; gives the log-likelihood of its votes.
fn weigh(votes: &[Rating], log_priors: &[f64], log_cells: &[f64], row: &mut [f64]) -> f64 {
    row.copy_from_slice(log_priors);
    for vote in votes {
        let logs = logs_of(log_cells, log_priors.len(), vote);
        for (sum, log) in row.iter_mut().zip(logs) {
            *sum += log;
        }
    }
    let highest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for chance in row.iter_mut() {
        *chance = (*chance - highest).exp();
        sum += *chance;
    }
    for chance in row.iter_mut() {
        *chance /= sum;
    }
    highest + sum.ln()
}
