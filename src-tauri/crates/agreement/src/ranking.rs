//! Rankings as a paper prints them: who wins how often against whom, and strengths and ranks with
//! intervals that respect prompts.

use crate::bradley_terry::bradley_terry;
use crate::comparable::Unranked;
use crate::comparisons::{Comparison, Comparisons, Ties};
use crate::davidson::davidson;
use crate::error::{AgreementError, Result};
use crate::figure::Interval;
use crate::resample::{Resampled, resample};
use crate::strengths::{Enough, Said, Strengths, ranks};

/// How one model fared against another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WinRate {
    /// How often it won.
    pub wins: f64,
    /// How often it lost.
    pub losses: f64,
    /// How often neither won.
    pub ties: f64,
    /// What was counted: all of it, without the ties where they are left out.
    pub n: f64,
    /// Its share of what was counted; `None` where that is nothing.
    pub rate: Option<f64>,
    /// Wilson's interval of the rate, which takes every comparison to be independent. With ties as
    /// halves it is wider than it need be.
    pub interval: Option<Interval>,
}

/// By model, how it fared against each other one, by index; itself with nothing. `standard_errors` is
/// the width of the intervals, 1.96 for 95 %.
#[must_use]
pub fn win_rates(comparisons: &Comparisons, ties: Ties, standard_errors: f64) -> Vec<Vec<WinRate>> {
    let models = comparisons.models();
    let rate = |i, j| {
        let n = comparisons.score(i, j, ties) + comparisons.score(j, i, ties);
        let rate = (n > 0.0).then(|| comparisons.score(i, j, ties) / n);
        WinRate {
            wins: comparisons.wins(i, j),
            losses: comparisons.wins(j, i),
            ties: comparisons.ties(i, j),
            n,
            rate,
            interval: rate.map(|rate| wilson(rate, n, standard_errors)),
        }
    };
    (0..models)
        .map(|i| (0..models).map(|j| rate(i, j)).collect())
        .collect()
}

/// By model, the mean of its rates against those it was compared with, each of them counting the same;
/// `None` where there are none.
#[must_use]
pub fn average_win_rates(comparisons: &Comparisons, ties: Ties) -> Vec<Option<f64>> {
    let mean = |row: &Vec<WinRate>| {
        let rates: Vec<f64> = row.iter().filter_map(|cell| cell.rate).collect();
        (!rates.is_empty()).then(|| rates.iter().sum::<f64>() / rates.len() as f64)
    };
    win_rates(comparisons, ties, 0.0).iter().map(mean).collect()
}

/// E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22
/// (1927), 209–212. `n` is above 0.
pub(crate) fn wilson(rate: f64, n: f64, standard_errors: f64) -> Interval {
    let square = standard_errors * standard_errors;
    let shrink = 1.0 + square / n;
    let centre = (rate + square / (2.0 * n)) / shrink;
    let variance = rate * (1.0 - rate) / n + square / (4.0 * n * n);
    let half = standard_errors / shrink * variance.max(0.0).sqrt();
    Interval {
        low: (centre - half).max(0.0),
        high: (centre + half).min(1.0),
    }
}

/// Which model the strengths come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankBy {
    /// Bradley and Terry's.
    BradleyTerry(Ties),
    /// Davidson's, with a parameter for ties.
    Davidson,
}

impl RankBy {
    fn strengths(self, comparisons: &Comparisons) -> std::result::Result<Strengths, Unranked> {
        match self {
            Self::BradleyTerry(ties) => Ok(bradley_terry(comparisons, ties)?.strengths),
            Self::Davidson => Ok(davidson(comparisons)?.strengths),
        }
    }
}

/// How intervals are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// How many samples of clusters are drawn.
    pub samples: usize,
    /// Where the random numbers begin.
    pub seed: u64,
    /// The share that an interval holds, 0.95 as a rule.
    pub level: f64,
}

/// The ranks that a model takes in the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranks {
    /// Its rank by all the data.
    pub rank: usize,
    /// The best one within the level.
    pub best: usize,
    /// The worst one within the level.
    pub worst: usize,
}

/// A ranking with its intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The strengths by all the data; their standard errors take every comparison to be independent.
    pub strengths: Strengths,
    /// By model, the interval of its logit; `None` where no sample determined a ranking.
    pub intervals: Vec<Option<Interval>>,
    /// By model, its ranks; `None` where no sample determined a ranking.
    pub ranks: Vec<Option<Ranks>>,
    /// What the samples gave. Those that failed determined no ranking: where they are many, the
    /// intervals leave out what is most uncertain.
    pub resampled: Resampled,
    /// How many clusters there are with anything in them.
    pub clusters: usize,
    level: f64,
}

impl Ranking {
    /// The interval of how much stronger `i` is than `j`.
    #[must_use]
    pub fn difference(&self, i: usize, j: usize) -> Option<Interval> {
        if i.max(j) >= self.strengths.logits.len() {
            return None;
        }
        self.resampled
            .interval(self.level, |draw| draw[i] - draw[j])
    }

    /// Whether `i` may be called better than `j`: both are in enough comparisons, the interval of their
    /// difference leaves out 0, and at most one sample in twenty determined no ranking. `None` where
    /// there is no such model.
    #[must_use]
    pub fn say(&self, i: usize, j: usize, enough: &Enough) -> Option<Said> {
        let fewest = self
            .strengths
            .compared
            .get(i)?
            .min(*self.strengths.compared.get(j)?);
        let samples = self.resampled.draws.len() + self.resampled.failed;
        let Some(interval) = self.difference(i, j) else {
            return Some(Said::TooFewComparisons);
        };
        Some(
            if fewest < enough.comparisons || self.resampled.failed * 20 > samples {
                Said::TooFewComparisons
            } else if interval.low > 0.0 {
                Said::Better
            } else if interval.high < 0.0 {
                Said::Worse
            } else {
                Said::TooClose
            },
        )
    }
}

/// Ranks models, with intervals from samples of clusters, such as prompts: `clusters` says by
/// comparison which one it belongs to.
///
/// # Errors
/// Arrays that do not fit, as for [`Comparisons::new`]; no ranking by all the data.
pub fn rank(
    models: usize,
    comparisons: &[Comparison],
    clusters: &[u32],
    by: RankBy,
    sampling: &Sampling,
) -> Result<Ranking> {
    if clusters.len() != comparisons.len() {
        return Err(AgreementError::Length {
            what: "the clusters",
            found: clusters.len(),
            needed: comparisons.len(),
        });
    }
    let strengths = by.strengths(&Comparisons::new(models, comparisons)?)?;
    let (clusters, count) = dense(clusters);
    let resampled = resample(count, sampling.samples, sampling.seed, |weights| {
        let rows = comparisons.iter().zip(&clusters);
        let rows = rows.map(|(row, &cluster)| (row, row.weight * weights[cluster]));
        let drawn = by.strengths(&Comparisons::weighed(models, rows));
        drawn.ok().map(|strengths| strengths.logits)
    });
    let level = sampling.level;
    Ok(Ranking {
        intervals: (0..models)
            .map(|model| resampled.interval(level, |draw| draw[model]))
            .collect(),
        ranks: rank_intervals(&strengths, &resampled, level),
        strengths,
        clusters: count,
        resampled,
        level,
    })
}

/// Clusters renumbered without gaps, in ascending order, and how many there are.
fn dense(clusters: &[u32]) -> (Vec<usize>, usize) {
    let mut known = clusters.to_vec();
    known.sort_unstable();
    known.dedup();
    let index = |cluster| known.partition_point(|other| other < cluster);
    (clusters.iter().map(index).collect(), known.len())
}

fn rank_intervals(strengths: &Strengths, resampled: &Resampled, level: f64) -> Vec<Option<Ranks>> {
    let drawn: Vec<Vec<f64>> = resampled.draws.iter().map(|draw| as_ranks(draw)).collect();
    let drawn = Resampled {
        draws: drawn,
        failed: resampled.failed,
    };
    let of = |(model, rank)| {
        let interval = drawn.interval(level, |draw| draw[model])?;
        Some(Ranks {
            rank,
            best: interval.low.floor() as usize,
            worst: interval.high.ceil() as usize,
        })
    };
    strengths.ranks().into_iter().enumerate().map(of).collect()
}

fn as_ranks(draw: &[f64]) -> Vec<f64> {
    ranks(draw).into_iter().map(|rank| rank as f64).collect()
}

#[cfg(test)]
mod tests;
