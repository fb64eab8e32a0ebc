//! The sums over questions that every chance-corrected coefficient is a function of.
//!
//! Because they add up, a coefficient of any resampling of questions is had by adding the sums of
//! what was drawn: no vote is looked at twice.

use crate::figure::{Figure, Undefined};
use crate::patterns::{Pattern, Patterns};
use crate::quantile::student_reach;
use crate::weights::{Categories, Weighing, Weights};

/// Sums over questions, of numbers laid out in one row so that rows can be added.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sums {
    side: usize,
    /// Questions with a vote; questions with two; then the shares of the answers (`side`), the
    /// agreement (`side`²) and the coincidences (`side`²).
    pub row: Vec<f64>,
}

impl Sums {
    /// How long the row is for so many answers.
    pub(crate) const fn length(side: usize) -> usize {
        2 + side + 2 * side * side
    }

    /// Sums over no question.
    pub(crate) fn none(side: usize) -> Self {
        Self {
            side,
            row: vec![0.0; Self::length(side)],
        }
    }

    /// Sums from a row of [`Sums::length`] numbers.
    pub(crate) fn from_row(side: usize, row: &[f64]) -> Self {
        Self {
            side,
            row: row.to_vec(),
        }
    }

    /// Sums over all questions of a table.
    pub(crate) fn of(patterns: &Patterns) -> Self {
        let mut sums = Self::none(patterns.categories());
        for pattern in patterns.all() {
            sums.add(pattern, pattern.questions as f64);
        }
        sums
    }

    /// Adds a question with this pattern, so many times.
    pub(crate) fn add(&mut self, pattern: &Pattern, times: f64) {
        let side = self.side;
        if pattern.votes == 0 {
            return;
        }
        let votes = f64::from(pattern.votes);
        self.row[0] += times;
        for &(k, count) in &pattern.counts {
            self.row[2 + k as usize] += times * f64::from(count) / votes;
        }
        if !pattern.pairable() {
            return;
        }
        self.row[1] += times;
        let (agreement, coincidences) = self.row[2 + side..].split_at_mut(side * side);
        for &(k, of_k) in &pattern.counts {
            for &(l, of_l) in &pattern.counts {
                let pairs = f64::from(of_k) * (f64::from(of_l) - f64::from(u8::from(k == l)));
                let at = k as usize * side + l as usize;
                agreement[at] += times * pairs / (votes * (votes - 1.0));
                coincidences[at] += times * pairs / (votes - 1.0);
            }
        }
    }

    /// Questions with a vote.
    pub(crate) fn rated(&self) -> f64 {
        self.row[0]
    }

    /// Questions with two votes or more.
    pub(crate) fn pairable(&self) -> f64 {
        self.row[1]
    }

    /// The mean over questions of the share of votes that each answer got.
    pub(crate) fn prevalence(&self) -> Vec<f64> {
        let shares = &self.row[2..2 + self.side];
        shares.iter().map(|share| share / self.rated()).collect()
    }

    /// Which answers anybody gave.
    pub(crate) fn seen(&self) -> Vec<bool> {
        let shares = &self.row[2..2 + self.side];
        shares.iter().map(|&share| share > 0.0).collect()
    }

    /// The coincidence matrix of Krippendorff: `side` rows of pairs of votes.
    pub(crate) fn coincidences(&self) -> &[f64] {
        &self.row[2 + self.side + self.side * self.side..]
    }

    /// The weights of these answers, those seen or those given.
    pub(crate) fn weighing(&self, weights: Weights, categories: Categories) -> Weighing {
        match categories {
            Categories::Seen => Weighing::new(weights, &self.seen()),
            Categories::Given => Weighing::new(weights, &vec![true; self.side]),
        }
    }

    /// The weighted share of pairs of votes that agree: the mean over questions with two votes or
    /// more of the share of agreeing pairs (irrCAC's `pa`).
    ///
    /// # Errors
    /// No votes; no question with two.
    pub(crate) fn observed(&self, weighing: &Weighing) -> Result<f64, Undefined> {
        if self.rated() < 0.5 {
            return Err(Undefined::NoVotes);
        }
        if self.pairable() < 0.5 {
            return Err(Undefined::NothingShared);
        }
        let from = 2 + self.side;
        let agreement = &self.row[from..from + self.side * self.side];
        Ok(weighing.over(agreement) / self.pairable())
    }
}

/// `(observed − chance) / (1 − chance)`.
///
/// # Errors
/// Chance agreement is complete.
pub(crate) fn corrected(observed: f64, chance: f64) -> Result<f64, Undefined> {
    // A chance within rounding of 1 leaves only noise to divide by.
    if chance.is_nan() || chance >= 1.0 - 1e-12 {
        return Err(Undefined::OneCategory);
    }
    Ok((observed - chance) / (1.0 - chance))
}

/// A coefficient with the standard error of Gwet (2014, section 5.3; irrCAC's): the variance over
/// questions of the coefficient's linear part. `chance_of` is what a question adds to agreement by
/// chance, given its share of each answer; its mean over questions is `chance`.
pub(crate) fn with_error(
    patterns: &Patterns,
    sums: &Sums,
    weighing: &Weighing,
    (observed, chance): (f64, f64),
    chance_of: impl Fn(&[(usize, f64)]) -> f64,
) -> Result<Figure, Undefined> {
    let value = corrected(observed, chance)?;
    let (n, pairable) = (sums.rated(), sums.pairable());
    let rest = 1.0 - chance;
    let mut squares = 0.0;
    let mut shares = Vec::new();
    for pattern in patterns.all().iter().filter(|pattern| pattern.votes > 0) {
        shares.clear();
        let votes = f64::from(pattern.votes);
        let counts = pattern.counts.iter();
        shares.extend(counts.map(|&(k, count)| (k as usize, f64::from(count) / votes)));
        let own = if pattern.pairable() {
            n / pairable * (agreeing(pattern, weighing) - chance) / rest
        } else {
            0.0
        };
        let linear = own - 2.0 * (1.0 - value) * (chance_of(&shares) - chance) / rest;
        squares += pattern.questions as f64 * (linear - value).powi(2);
    }
    if n < 1.5 {
        return Ok(Figure::bare(value, pairable as usize));
    }
    let se = settled((squares / (n * (n - 1.0))).sqrt());
    let reach = student_reach(n);
    Ok(Figure::with_error(value, pairable as usize, se, reach))
}

/// A standard error, with what rounding alone leaves taken for nought.
pub(crate) fn settled(se: f64) -> f64 {
    if se < 1e-14 { 0.0 } else { se }
}

/// The weighted share of a question's pairs of votes that agree.
pub(crate) fn agreeing(pattern: &Pattern, weighing: &Weighing) -> f64 {
    let votes = f64::from(pattern.votes);
    let mut sum = 0.0;
    for &(k, of_k) in &pattern.counts {
        for &(l, of_l) in &pattern.counts {
            let pairs = f64::from(of_k) * (f64::from(of_l) - f64::from(u8::from(k == l)));
            sum += weighing.at(k as usize, l as usize) * pairs;
        }
    }
    sum / (votes * (votes - 1.0))
}
