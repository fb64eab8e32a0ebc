//! Rankings as a paper prints them: who wins how often against whom, and strengths and ranks with
//! intervals that respect prompts.

use crate::bootstrap::{Plan, Samples, sample};
use crate::bradley_terry::{bradley_terry, logits_nearby};
use crate::comparable::Unranked;
use crate::comparisons::{Comparison, Comparisons, Ties};
use crate::davidson::{davidson, unknowns_nearby};
use crate::error::{AgreementError, Result};
use crate::figure::Interval;
use crate::strengths::{Enough, Lead, Strengths, ranks};

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
            interval: rate.map(|rate| Interval::wilson(rate, n, standard_errors)),
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

/// Which model the strengths come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankBy {
    /// Bradley and Terry's.
    BradleyTerry(Ties),
    /// Davidson's, with a parameter for ties.
    Davidson,
}

impl RankBy {
    /// The strengths, and the unknowns that a fit of much the same comparisons may begin with.
    fn fit(
        self,
        comparisons: &Comparisons,
    ) -> std::result::Result<(Strengths, Vec<f64>), Unranked> {
        Ok(match self {
            Self::BradleyTerry(ties) => {
                let strengths = bradley_terry(comparisons, ties)?.strengths;
                let start = strengths.logits.clone();
                (strengths, start)
            }
            Self::Davidson => {
                let found = davidson(comparisons)?;
                let mut start = found.strengths.logits.clone();
                start.push(found.nu.value.ln());
                (found.strengths, start)
            }
        })
    }

    /// The logits of a sample.
    fn logits(self, sample: &Comparisons, start: &[f64]) -> Option<Vec<f64>> {
        let mut unknowns = match self {
            Self::BradleyTerry(ties) => logits_nearby(sample, ties, start),
            Self::Davidson => unknowns_nearby(sample, start),
        }
        .ok()?;
        unknowns.truncate(sample.models());
        Some(unknowns)
    }
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
    pub samples: Samples,
    /// How many clusters there are with anything in them.
    pub clusters: usize,
}

impl Ranking {
    /// The interval of how much stronger `i` is than `j`.
    #[must_use]
    pub fn difference(&self, i: usize, j: usize) -> Option<Interval> {
        if i.max(j) >= self.strengths.logits.len() {
            return None;
        }
        self.samples.interval(|draw| draw[i] - draw[j])
    }

    /// Whether `i` may be called better than `j`: both are in enough comparisons, the interval of their
    /// difference leaves out 0, and at most one sample in twenty determined no ranking. `None` where
    /// there is no such model.
    #[must_use]
    pub fn say(&self, i: usize, j: usize, enough: &Enough) -> Option<Lead> {
        let fewest = self
            .strengths
            .compared
            .get(i)?
            .min(*self.strengths.compared.get(j)?);
        let samples = self.samples.draws.len() + self.samples.failed;
        let Some(interval) = self.difference(i, j) else {
            return Some(Lead::TooFewComparisons);
        };
        Some(
            if fewest < enough.comparisons || self.samples.failed * 20 > samples {
                Lead::TooFewComparisons
            } else if interval.low > 0.0 {
                Lead::Better
            } else if interval.high < 0.0 {
                Lead::Worse
            } else {
                Lead::TooClose
            },
        )
    }
}

/// Ranks models, with intervals from samples of clusters, such as prompts: `clusters` says by
/// comparison which one it belongs to. Whatever the plan's method, intervals are read as
/// [`crate::Method::Percentile`] reads them: those of differences are asked for later.
///
/// # Errors
/// Arrays that do not fit, as for [`Comparisons::new`]; a plan out of bounds; no ranking by all the
/// data.
pub fn rank(
    models: usize,
    comparisons: &[Comparison],
    clusters: &[u32],
    by: RankBy,
    plan: &Plan,
) -> Result<Ranking> {
    if clusters.len() != comparisons.len() {
        return Err(AgreementError::Length {
            what: "the clusters",
            found: clusters.len(),
            needed: comparisons.len(),
        });
    }
    let (strengths, start) = by.fit(&Comparisons::new(models, comparisons)?)?;
    let table = Comparisons::empty(models);
    let clustered = Clustered::new(&table, comparisons, clusters);
    let samples = sample(clustered.count(), plan, || {
        let (clustered, start) = (&clustered, &start);
        let mut table = table.clone();
        move |times: &[u32]| {
            clustered.draw(times, &mut table);
            by.logits(&table, start)
        }
    })?;
    Ok(Ranking {
        intervals: (0..models)
            .map(|model| samples.interval(|draw| draw[model]))
            .collect(),
        ranks: rank_intervals(&strengths, &samples),
        strengths,
        clusters: clustered.count(),
        samples,
    })
}

/// Comparisons by cluster, the same ones added up: what is drawn again.
struct Clustered {
    /// By cluster, in ascending order, how often what is counted in which place.
    rows: Vec<(u32, f64)>,
    /// By cluster, how many of the rows end with it.
    ends: Vec<usize>,
}

impl Clustered {
    fn new(table: &Comparisons, comparisons: &[Comparison], clusters: &[u32]) -> Self {
        let place = |row: &Comparison| table.place(row) as u32;
        let rows = clusters.iter().zip(comparisons);
        let mut rows: Vec<_> = rows
            .map(|(cluster, row)| (*cluster, place(row), row.weight))
            .collect();
        rows.sort_by_key(|(cluster, place, _)| (*cluster, *place));
        let mut found = Self {
            rows: Vec::new(),
            ends: Vec::new(),
        };
        for cluster in rows.chunk_by(|one, next| one.0 == next.0) {
            let same = cluster.chunk_by(|one, next| one.1 == next.1);
            found
                .rows
                .extend(same.map(|same| (same[0].1, same.iter().map(|row| row.2).sum())));
            found.ends.push(found.rows.len());
        }
        found
    }

    fn count(&self) -> usize {
        self.ends.len()
    }

    /// Fills the table with each cluster so many times.
    fn draw(&self, times: &[u32], table: &mut Comparisons) {
        table.clear();
        let mut from = 0;
        for (&times, &end) in times.iter().zip(&self.ends) {
            if times > 0 {
                for &(place, weight) in &self.rows[from..end] {
                    table.add_at(place as usize, weight * f64::from(times));
                }
            }
            from = end;
        }
    }
}

fn rank_intervals(strengths: &Strengths, samples: &Samples) -> Vec<Option<Ranks>> {
    let places = samples.map(|draw| ranks(draw).into_iter().map(|rank| rank as f64).collect());
    let of = |(model, rank)| {
        let (best, worst) = match places.interval(|draw| draw[model]) {
            Some(places) => (places.low.floor() as usize, places.high.ceil() as usize),
            // The same place in every sample, where the strengths did vary.
            None => {
                samples.interval(|draw| draw[model])?;
                (rank, rank)
            }
        };
        Some(Ranks { rank, best, worst })
    };
    strengths.ranks().into_iter().enumerate().map(of).collect()
}

#[cfg(test)]
mod tests;
