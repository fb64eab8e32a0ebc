//! The rounds of EM, over flat arrays: all that grows with the number of votes is done here, in one
//! pass a round and without a logarithm a vote.

use super::lanes::{Lane, add, count, questions_of, weigh};
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

/// The state between two rounds. Everything by true answer is padded to whole lanes, with answers that
/// nobody can give. Cells lie by annotator, then by the answer given, then by the true one, so that a
/// vote reads and writes one run of neighbours.
pub(super) struct Em<'a> {
    votes: &'a [Rating],
    /// By vote, the lane where its cells begin.
    cells_of: Vec<usize>,
    categories: usize,
    annotators: usize,
    /// How many lanes hold the categories.
    lanes: usize,
    model: Model,
    options: EmOptions,
    /// Which answers were ever given: no other can be true.
    given: Vec<bool>,
    /// Which answers each annotator ever gave.
    used: Vec<bool>,
    /// By question. All 0 where the question has no votes.
    posterior: Vec<Lane>,
    priors: Vec<Lane>,
    /// How many votes are expected in each cell, and the chances that come of that.
    counts: Vec<Lane>,
    cells: Vec<Lane>,
    answered: f64,
}

/// What one pass over the votes adds up besides the counts.
struct Pass {
    log_likelihood: f64,
    /// How many posteriors of answers that are given are below the floor.
    below_floor: usize,
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
        let lanes = categories.div_ceil(4);
        let mut em = Self {
            votes,
            cells_of: Vec::with_capacity(votes.len()),
            categories,
            annotators,
            lanes,
            model,
            options: *options,
            given: vec![false; categories],
            used: vec![false; annotators * categories],
            posterior: vec![Lane::default(); questions * lanes],
            priors: vec![Lane::default(); lanes],
            counts: vec![Lane::default(); annotators * categories * lanes],
            cells: vec![Lane::default(); annotators * categories * lanes],
            answered: questions_of(votes).count() as f64,
        };
        for vote in votes {
            let row = vote.annotator as usize * categories + vote.category as usize;
            em.given[vote.category as usize] = true;
            em.used[row] = true;
            em.cells_of.push(row * lanes);
        }
        em.share_votes();
        em.maximise();
        Ok(em)
    }

    /// The posteriors to begin with: the shares of the votes.
    fn share_votes(&mut self) {
        let mut from = 0;
        for of_question in questions_of(self.votes) {
            let at = of_question[0].question as usize * self.lanes;
            let row = &mut self.posterior[at..at + self.lanes];
            for vote in of_question {
                let category = vote.category as usize;
                row[category / 4][category % 4] += 1.0 / of_question.len() as f64;
            }
            count(
                row,
                &self.cells_of[from..from + of_question.len()],
                &mut self.counts,
            );
            from += of_question.len();
        }
    }

    /// Runs to the end; says after how many rounds and why.
    pub(super) fn run(&mut self) -> (usize, Stopped) {
        let mut last = f64::NEG_INFINITY;
        for round in 1..=self.options.max_iterations {
            let (priors, cells) = (self.priors.clone(), self.cells.clone());
            let pass = self.expect();
            self.maximise();
            let (now, ended) = match self.options.stop {
                Stop::LogLikelihood(share) => {
                    let now = pass.log_likelihood;
                    (now, (now - last).abs() <= share * now.abs())
                }
                Stop::CrowdKitLoss(rise) => {
                    let loss = self.loss(&pass, &priors, &cells);
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

    /// The E-step: posteriors from the parameters, and the counts that come of them.
    fn expect(&mut self) -> Pass {
        self.counts.fill(Lane::default());
        let mut pass = Pass {
            log_likelihood: 0.0,
            below_floor: 0,
        };
        let floor = self.options.floor;
        let mut from = 0;
        for of_question in questions_of(self.votes) {
            let at = of_question[0].question as usize * self.lanes;
            let row = &mut self.posterior[at..at + self.lanes];
            let cells_of = &self.cells_of[from..from + of_question.len()];
            pass.log_likelihood += weigh(cells_of, &self.priors, &self.cells, row);
            count(row, cells_of, &mut self.counts);
            for (posterior, given) in row.as_flattened().iter().zip(&self.given) {
                pass.below_floor += usize::from(*given && *posterior < floor);
            }
            from += of_question.len();
        }
        pass
    }

    /// The log-likelihood of the parameters as they stand.
    pub(super) fn log_likelihood(&self) -> f64 {
        let mut row = vec![Lane::default(); self.lanes];
        let mut from = 0;
        let of_question = questions_of(self.votes).map(|of_question| {
            let cells_of = &self.cells_of[from..from + of_question.len()];
            from += of_question.len();
            weigh(cells_of, &self.priors, &self.cells, &mut row)
        });
        of_question.sum()
    }

    /// The M-step: parameters from the posteriors and the counts.
    fn maximise(&mut self) {
        self.priors.fill(Lane::default());
        for row in self.posterior.chunks(self.lanes) {
            for (prior, posterior) in self.priors.iter_mut().zip(row) {
                add(prior, posterior);
            }
        }
        let priors = self.priors.as_flattened_mut().iter_mut();
        for (prior, given) in priors.zip(&self.given) {
            let least = if *given { self.options.floor } else { 0.0 };
            *prior = (*prior / self.answered).max(least);
        }
        match self.model {
            Model::Confusion => self.normalise(),
            Model::OneCoin => self.toss(),
        }
    }

    /// Where a cell lies.
    fn at(&self, annotator: usize, answer: usize, truth: usize) -> usize {
        (annotator * self.categories + answer) * self.lanes * 4 + truth
    }

    /// Counts to shares. Where none of an annotator's votes can tell, every answer is as likely.
    fn normalise(&mut self) {
        let mut column = vec![0.0; self.categories];
        for annotator in 0..self.annotators {
            for truth in 0..self.categories {
                for (answer, votes) in column.iter_mut().enumerate() {
                    *votes = self.counts.as_flattened()[self.at(annotator, answer, truth)];
                    if self.given[answer] {
                        *votes += self.options.smoothing;
                    }
                    if self.used[annotator * self.categories + answer] {
                        *votes = votes.max(self.options.floor);
                    }
                }
                let sum: f64 = column.iter().sum();
                for (answer, votes) in column.iter().enumerate() {
                    let at = self.at(annotator, answer, truth);
                    self.cells.as_flattened_mut()[at] = if sum > 0.0 {
                        votes / sum
                    } else {
                        1.0 / self.categories as f64
                    };
                }
            }
        }
    }

    /// Counts to one skill a person, spread over the cells.
    fn toss(&mut self) {
        let others = self.given.iter().filter(|given| **given).count() - 1;
        let (low, high) = (self.options.floor, 1.0 - self.options.floor);
        for (annotator, skill) in self.skills().into_iter().enumerate() {
            let skill = skill.unwrap_or_default();
            let wrong = (1.0 - skill) / others.max(1) as f64;
            for answer in 0..self.categories {
                for truth in 0..self.categories {
                    let at = self.at(annotator, answer, truth);
                    let chance = if answer == truth { skill } else { wrong };
                    self.cells.as_flattened_mut()[at] = chance.max(low).min(high);
                }
            }
        }
    }

    /// How often each annotator is right, by the posteriors. `None` where he gave no votes.
    pub(super) fn skills(&self) -> Vec<Option<f64>> {
        let counts = self.counts.as_flattened();
        let skill = |annotator| {
            let all: f64 = self.mass_of(annotator).iter().sum();
            let right = (0..self.categories).map(|truth| counts[self.at(annotator, truth, truth)]);
            (all > 0.0).then(|| right.sum::<f64>() / all)
        };
        (0..self.annotators).map(skill).collect()
    }

    /// By true answer, how many of the annotator's votes are expected to stand there.
    fn mass_of(&self, annotator: usize) -> Vec<f64> {
        let counts = self.counts.as_flattened();
        let votes = |truth| {
            let answers = 0..self.categories;
            answers
                .map(|answer| counts[self.at(annotator, answer, truth)])
                .sum()
        };
        (0..self.categories).map(votes).collect()
    }

    /// By annotator, then by true answer.
    pub(super) fn mass(&self) -> Vec<f64> {
        (0..self.annotators)
            .flat_map(|annotator| self.mass_of(annotator))
            .collect()
    }

    /// See [`Stop::CrowdKitLoss`]. The entropy of the posteriors comes from the parameters that they
    /// were made of: of each, the logarithm is that of its prior and chances less that of their sum,
    /// the log-likelihood. Those below the floor count as if they stood at it.
    fn loss(&self, pass: &Pass, priors: &[Lane], cells: &[Lane]) -> f64 {
        let mut of_cells = 0.0;
        let mut votes = vec![0.0; self.lanes * 4];
        let pairs = self.cells.as_flattened().iter().zip(cells.as_flattened());
        for (n, (count, (new, old))) in self.counts.as_flattened().iter().zip(pairs).enumerate() {
            if *count > 0.0 {
                of_cells += count * (new / old).ln();
                votes[n % (self.lanes * 4)] += count;
            }
        }
        let mut of_priors = 0.0;
        let pairs = self.priors.as_flattened().iter().zip(priors.as_flattened());
        for (votes, (new, old)) in votes.iter().zip(pairs) {
            if *new > 0.0 {
                of_priors += votes * new.ln() - self.answered * new * old.ln();
            }
        }
        let floor = self.options.floor;
        let raised = if floor > 0.0 {
            pass.below_floor as f64 * floor * floor.ln()
        } else {
            0.0
        };
        (of_cells + of_priors + pass.log_likelihood - raised) / self.votes.len() as f64
    }

    /// The priors, without what they are padded with.
    pub(super) fn priors(&self) -> Vec<f64> {
        self.priors.as_flattened()[..self.categories].to_vec()
    }

    /// The posteriors by question, without what they are padded with.
    pub(super) fn posterior(&self) -> Vec<f64> {
        let rows = self.posterior.chunks(self.lanes);
        rows.flat_map(|row| &row.as_flattened()[..self.categories])
            .copied()
            .collect()
    }

    /// The cells by annotator, then by the true answer, then by the one given.
    pub(super) fn by_truth(&self) -> Vec<f64> {
        let mut turned = Vec::with_capacity(self.annotators * self.categories * self.categories);
        for annotator in 0..self.annotators {
            for truth in 0..self.categories {
                let answers = 0..self.categories;
                let cells = self.cells.as_flattened();
                turned.extend(answers.map(|answer| cells[self.at(annotator, answer, truth)]));
            }
        }
        turned
    }
}
