//! Krippendorff's α, the coefficient that papers on human labels report most.
//!
//! It takes any number of votes a question, leaves out the questions with one, and knows how far
//! apart two answers lie. Everything comes from one matrix of coincidences, so that a second metric
//! costs nothing.

use crate::figure::{Figure, Undefined};
use crate::patterns::{Pattern, Patterns};
use crate::quantile::student_reach;
use crate::ratings::Ratings;
use crate::sums::{Sums, settled};
use crate::weights::dot;

/// How far apart two answers lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Metric<'a> {
    /// Any two different answers are equally far apart.
    Nominal,
    /// As far as there are votes between them, in the order of the answers.
    Ordinal,
    /// As far as the squared difference of their numbers: one number an answer.
    Interval(&'a [f64]),
    /// The squared difference over the sum: one number an answer, none below nought.
    Ratio(&'a [f64]),
}

/// The coincidences of a table, from which α follows for every metric.
#[derive(Debug, Clone)]
pub struct Coincidences {
    patterns: Patterns,
    sums: Sums,
}

/// Disagreement summed over pairable votes, in the square of the metric's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disagreement {
    /// What there is.
    pub observed: f64,
    /// What there would be if votes were dealt out at random.
    pub expected: f64,
}

/// Krippendorff's α of one metric; see [`Coincidences::alpha`].
///
/// # Errors
/// As [`Coincidences::alpha`].
pub fn krippendorff_alpha(ratings: &Ratings, metric: Metric<'_>) -> Result<Figure, Undefined> {
    Coincidences::of(ratings).alpha(metric)
}

impl Coincidences {
    /// Counts the coincidences of a table.
    #[must_use]
    pub fn of(ratings: &Ratings) -> Self {
        let patterns = Patterns::of(ratings);
        let sums = Sums::of(&patterns);
        Self { patterns, sums }
    }

    /// α = 1 − observed / expected disagreement (Krippendorff, *Content Analysis*, chapter 11), as
    /// the package `krippendorff` has it. `n` is the number of questions with two votes or more.
    ///
    /// The standard error and the interval from Student's distribution are irrCAC's (Gwet). The
    /// ordinal metric has none: its distances are themselves counted from the votes. Resample
    /// prompts for that one, and wherever a prompt has several questions.
    ///
    /// # Errors
    /// No votes; no question with two; one answer only among them; a metric without a number for
    /// an answer.
    pub fn alpha(&self, metric: Metric<'_>) -> Result<Figure, Undefined> {
        let distances = distances(&self.sums, metric)?;
        let value = value(&self.sums, &distances)?;
        let n = self.sums.pairable();
        if n < 1.5 || matches!(metric, Metric::Ordinal) {
            return Ok(Figure::bare(value, n as usize));
        }
        let se = self.standard_error(&distances);
        Ok(Figure::with_error(value, n as usize, se, student_reach(n)))
    }

    /// Observed and expected disagreement.
    ///
    /// # Errors
    /// As [`Coincidences::alpha`], but that one answer only is no error: nothing is expected then.
    pub fn disagreement(&self, metric: Metric<'_>) -> Result<Disagreement, Undefined> {
        Ok(disagreement(&self.sums, &distances(&self.sums, metric)?))
    }

    /// How many pairable votes there are of each answer.
    #[must_use]
    pub fn pairable_votes(&self) -> Vec<f64> {
        margins(&self.sums)
    }

    /// The root of the variance over questions of the linear part of α. irrCAC centres it on the α
    /// without the correction for few votes, and so does this. `distances` may have any unit.
    fn standard_error(&self, distances: &[f64]) -> f64 {
        let margins = margins(&self.sums);
        let side = margins.len();
        let n = self.sums.pairable();
        let votes: f64 = margins.iter().sum();
        let mean_votes = votes / n;
        let found = disagreement(&self.sums, distances);
        // Both a vote; the expected one over all pairs, a vote with itself among them.
        let observed = found.observed / votes;
        let expected = found.expected * (votes - 1.0) / (votes * votes);
        let uncorrected = 1.0 - observed / expected;
        let corrected = observed * (1.0 - 1.0 / votes);
        let rows = distances.chunks_exact(side.max(1));
        let away: Vec<f64> = rows.map(|row| dot(row, &margins) / votes).collect();

        let pairable = self.patterns.all().iter().filter(|one| one.pairable());
        let squares = pairable.map(|pattern| {
            let more = f64::from(pattern.votes) / mean_votes - 1.0;
            let own = disagreeing(pattern, distances, side) / mean_votes;
            let counts = pattern.counts.iter();
            let dealt: f64 = counts
                .map(|&(k, count)| f64::from(count) * away[k as usize] / mean_votes)
                .sum();
            let linear = 1.0 + (corrected * more - own) / expected
                - 2.0 * (1.0 - uncorrected) * (expected * (1.0 + more) - dealt) / expected;
            pattern.questions as f64 * (linear - uncorrected).powi(2)
        });
        settled((squares.sum::<f64>() / (n * (n - 1.0))).sqrt())
    }
}

/// α from sums alone.
pub(crate) fn value(sums: &Sums, distances: &[f64]) -> Result<f64, Undefined> {
    let found = disagreement(sums, distances);
    if found.expected <= 0.0 {
        return Err(Undefined::OneCategory);
    }
    Ok(1.0 - found.observed / found.expected)
}

/// The metric's distance of every two answers, in rows.
pub(crate) fn distances(sums: &Sums, metric: Metric<'_>) -> Result<Vec<f64>, Undefined> {
    if sums.rated() < 0.5 {
        return Err(Undefined::NoVotes);
    }
    if sums.pairable() < 0.5 {
        return Err(Undefined::NothingShared);
    }
    let margins = margins(sums);
    let side = margins.len();
    match metric {
        Metric::Nominal => Ok(square(side, |_, _| 1.0)),
        Metric::Ordinal => {
            let below: Vec<f64> = margins
                .iter()
                .scan(0.0, |sum, margin| {
                    *sum += margin;
                    Some(*sum - margin / 2.0)
                })
                .collect();
            Ok(square(side, |k, l| (below[k] - below[l]).powi(2)))
        }
        Metric::Interval(numbers) => {
            let numbers = usable(&margins, numbers, f64::MIN)?;
            Ok(square(side, |k, l| (numbers[k] - numbers[l]).powi(2)))
        }
        Metric::Ratio(numbers) => {
            let numbers = usable(&margins, numbers, 0.0)?;
            Ok(square(side, |k, l| {
                let sum = numbers[k] + numbers[l];
                if sum > 0.0 {
                    ((numbers[k] - numbers[l]) / sum).powi(2)
                } else {
                    0.0
                }
            }))
        }
    }
}

/// The numbers of the answers, where every answer that somebody gave has a fit one. Others are
/// set to nought: nothing is multiplied by them.
fn usable(margins: &[f64], numbers: &[f64], least: f64) -> Result<Vec<f64>, Undefined> {
    let mut usable = vec![0.0; margins.len()];
    for (k, _) in margins.iter().enumerate().filter(|&(_, &n)| n > 0.0) {
        let number = numbers.get(k).copied().unwrap_or(f64::NAN);
        if !number.is_finite() || number < least {
            return Err(Undefined::NoNumber);
        }
        usable[k] = number;
    }
    Ok(usable)
}

fn square(side: usize, distance: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    let mut square = vec![0.0; side * side];
    for k in 0..side {
        for l in (0..side).filter(|&l| l != k) {
            square[k * side + l] = distance(k, l);
        }
    }
    square
}

fn margins(sums: &Sums) -> Vec<f64> {
    let coincidences = sums.coincidences();
    let side = coincidences.len().isqrt();
    let rows = coincidences.chunks_exact(side.max(1));
    rows.map(|row| row.iter().sum()).collect()
}

fn disagreement(sums: &Sums, distances: &[f64]) -> Disagreement {
    let margins = margins(sums);
    let votes: f64 = margins.iter().sum();
    let rows = distances.chunks_exact(margins.len().max(1));
    let dealt = rows.zip(&margins).map(|(row, n)| n * dot(row, &margins));
    Disagreement {
        observed: dot(sums.coincidences(), distances),
        expected: dealt.sum::<f64>() / (votes - 1.0),
    }
}

/// A question's own part of the observed disagreement.
fn disagreeing(pattern: &Pattern, distances: &[f64], side: usize) -> f64 {
    let mut sum = 0.0;
    for &(k, of_k) in &pattern.counts {
        for &(l, of_l) in &pattern.counts {
            let distance = distances[k as usize * side + l as usize];
            sum += f64::from(of_k) * f64::from(of_l) * distance;
        }
    }
    sum / (f64::from(pattern.votes) - 1.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::patterns::tests::table;

    fn near(found: Result<Figure, Undefined>, value: f64) {
        let found = found.unwrap().value;
        assert!((found - value).abs() < 1e-9, "{found} is not {value}");
    }

    /// Krippendorff's own example (*Computing Krippendorff's Alpha-Reliability*, 2011): four
    /// observers, twelve units, answers 1 to 5; -1 is no answer.
    fn published() -> Ratings {
        table(
            6,
            &[
                [1, 2, 3, 3, 2, 1, 4, 1, 2, -1, -1, -1],
                [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, -1, 3],
                [-1, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, -1],
                [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, -1],
            ],
        )
    }

    #[test]
    fn the_published_example() {
        let found = Coincidences::of(&published());
        let numbers = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
        near(found.alpha(Metric::Nominal), 904.0 / 1216.0);
        near(found.alpha(Metric::Ordinal), 0.815_387_503_754_881_4);
        near(
            found.alpha(Metric::Interval(&numbers)),
            0.849_107_142_857_142_8,
        );
        near(
            found.alpha(Metric::Ratio(&numbers)),
            0.797_402_774_711_602_1,
        );
        let nominal = found.alpha(Metric::Nominal).unwrap();
        assert_eq!(nominal.n, 11);
        assert!((nominal.se.unwrap() - 0.145_573_887).abs() < 1e-9);
        assert!((nominal.ci.unwrap().low - 0.419_062_219_2).abs() < 1e-9);
        assert!((nominal.ci.unwrap().high - 1.0).abs() < 1e-15);
        let interval = found.alpha(Metric::Interval(&numbers)).unwrap();
        assert!((interval.se.unwrap() - 0.129_129_965_7).abs() < 1e-9);
    }

    #[test]
    fn small_examples_of_others() {
        let two = table(5, &[[1, 2, 3], [2, 3, 4]]);
        let numbers = [0.0, 1.0, 2.0, 3.0, 4.0];
        near(krippendorff_alpha(&two, Metric::Nominal), -2.0 / 13.0);
        near(
            krippendorff_alpha(&two, Metric::Interval(&numbers)),
            6.0 / 11.0,
        );
        let ratio = table(5, &[[1, 2], [2, 4]]);
        near(
            krippendorff_alpha(&ratio, Metric::Ratio(&numbers)),
            0.171_270_718_232_044_2,
        );
        let words = table(3, &[[0, 1, 2, -1], [0, 1, 2, 0], [0, 1, 0, 0]]);
        near(krippendorff_alpha(&words, Metric::Nominal), 13.0 / 18.0);
    }

    #[test]
    fn what_is_undefined() {
        let constant = table(2, &[[1, 1], [1, 1]]);
        let apart = table(3, &[[1, -1], [-1, 2]]);
        let numbers = [0.0, 1.0, 2.0];
        for metric in [
            Metric::Nominal,
            Metric::Ordinal,
            Metric::Interval(&numbers),
            Metric::Ratio(&numbers),
        ] {
            let found = |ratings| krippendorff_alpha(ratings, metric);
            assert_eq!(found(&constant), Err(Undefined::OneCategory));
            assert_eq!(found(&apart), Err(Undefined::NothingShared));
        }
        let mixed = table(3, &[[1, 2, 0], [1, 0, 0]]);
        let found = |metric| krippendorff_alpha(&mixed, metric);
        assert_eq!(
            found(Metric::Interval(&[0.0, 1.0])),
            Err(Undefined::NoNumber)
        );
        assert_eq!(
            found(Metric::Ratio(&[0.0, -1.0, 2.0])),
            Err(Undefined::NoNumber)
        );
        let nan = [0.0, f64::NAN, 2.0];
        assert_eq!(found(Metric::Interval(&nan)), Err(Undefined::NoNumber));
    }
}
