//! The bootstrap of this crate's own coefficients: clusters are summed up once, and a replicate adds
//! sums instead of looking at votes.
//!
//! Most clusters look like many others, as far as the coefficients can tell. So clusters are sorted
//! into kinds, and a replicate counts how often each kind was drawn.

use std::collections::HashMap;

use super::draw::{Draws, replicates};
use super::interval::Replicates;
use super::{Plan, Resampled};
use crate::confusion::both;
use crate::error::{AgreementError, Result};
use crate::figure::Undefined;
use crate::krippendorff::{self, Metric};
use crate::patterns::Patterns;
use crate::ratings::Ratings;
use crate::sums::Sums;
use crate::weights::{Categories, Weighing, Weights};
use crate::{brennan_prediger, cohen, fleiss, gwet};

/// A figure that [`bootstrap_coefficients`] knows. The scale, where one is counted from the votes,
/// is that of all votes, in every replicate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Coefficient<'a> {
    /// [`crate::percent_agreement`].
    Percent,
    /// [`crate::fleiss_kappa`].
    Fleiss(Weights),
    /// [`crate::gwet_ac`].
    Gwet(Weights, Categories),
    /// [`crate::brennan_prediger()`].
    BrennanPrediger(Weights, Categories),
    /// [`crate::krippendorff_alpha`]; ordinal distances are counted anew in each replicate.
    Alpha(Metric<'a>),
    /// [`crate::cohen_kappa`] of two annotators.
    Cohen {
        /// One annotator's index.
        first: u32,
        /// The other's.
        second: u32,
        /// How much different answers agree.
        weights: Weights,
    },
    /// A ratio of sums over questions, such as accuracy, a tie rate or a side bias: one number a
    /// question in each.
    Share {
        /// What is counted.
        part: &'a [f64],
        /// What it is a share of.
        whole: &'a [f64],
    },
}

/// Resamples clusters of questions and reports each coefficient wanted, all from the same
/// replicates. `cluster` has the cluster (the prompt) of each question. Clusters that bear on none
/// of the coefficients are not drawn.
///
/// # Errors
/// Arrays of the wrong length, an annotator out of range, a plan out of bounds.
pub fn bootstrap_coefficients(
    ratings: &Ratings,
    cluster: &[u32],
    wanted: &[Coefficient<'_>],
    plan: &Plan,
) -> Result<Vec<std::result::Result<Resampled, Undefined>>> {
    plan.check()?;
    check(ratings, cluster, wanted)?;
    let layout = Layout::new(ratings, wanted);
    let kinds = Kinds::of(layout.rows(ratings, cluster));
    let total = kinds.total(layout.length);
    let ready = Ready::new(&layout, &total);
    let own = ready.figures(&total);
    let drawn = kinds.of_cluster.len();
    if drawn < 2 {
        let own = own.into_iter();
        return Ok(own.map(|one| one.and(super::alone())).collect());
    }
    let replicates = replicates(plan, || {
        let (kinds, ready) = (&kinds, &ready);
        let mut counts = vec![0_u32; kinds.rows.len()];
        let mut row = vec![0.0; total.len()];
        move |draws: &mut Draws| {
            counts.fill(0);
            for _ in 0..drawn {
                counts[kinds.of_cluster[draws.below(drawn)] as usize] += 1;
            }
            kinds.add_up(&counts, &mut row);
            ready.figures(&row)
        }
    });
    let left_out = kinds.rows.iter().zip(&kinds.clusters);
    let left_out = left_out
        .map(|(row, &times)| {
            let rest: Vec<f64> = total.iter().zip(row).map(less).collect();
            (ready.figures(&rest), times)
        })
        .collect();
    let clusters = ready.clusters(&kinds);
    Ok(Replicates {
        replicates,
        left_out,
    }
    .read(plan, &own, &clusters))
}

fn check(ratings: &Ratings, cluster: &[u32], wanted: &[Coefficient<'_>]) -> Result<()> {
    let length = |what, found: usize| {
        let needed = ratings.questions();
        if found == needed {
            return Ok(());
        }
        Err(AgreementError::Length {
            what,
            found,
            needed,
        })
    };
    length("the list of clusters", cluster.len())?;
    for coefficient in wanted {
        match *coefficient {
            Coefficient::Cohen { first, second, .. } => {
                for annotator in [first, second] {
                    crate::ratings::within("annotator", annotator, ratings.annotators())?;
                }
            }
            Coefficient::Share { part, whole } => {
                length("the list of parts", part.len())?;
                length("the list of wholes", whole.len())?;
                let odd = part.iter().chain(whole).find(|number| !number.is_finite());
                if let Some(number) = odd {
                    return Err(AgreementError::Number {
                        what: "a part or whole",
                        value: number.to_string(),
                    });
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Where in a row of sums each coefficient finds what it is made of.
struct Layout<'a> {
    side: usize,
    /// Each coefficient with where its own numbers begin; those made of [`Sums`] share the first.
    places: Vec<(Coefficient<'a>, usize)>,
    length: usize,
}

impl<'a> Layout<'a> {
    fn new(ratings: &Ratings, wanted: &[Coefficient<'a>]) -> Self {
        let side = ratings.categories();
        let mut length = Sums::length(side);
        let places = wanted
            .iter()
            .map(|&coefficient| {
                let place = length;
                match coefficient {
                    Coefficient::Cohen { .. } => length += side * side,
                    Coefficient::Share { .. } => length += 2,
                    _ => return (coefficient, 0),
                }
                (coefficient, place)
            })
            .collect();
        Self {
            side,
            places,
            length,
        }
    }

    /// The row of each cluster that has a question.
    fn rows(&self, ratings: &Ratings, cluster: &[u32]) -> Vec<Vec<f64>> {
        let (patterns, pattern_of) = Patterns::by_question(ratings);
        let of_pattern: Vec<Vec<f64>> = patterns
            .all()
            .iter()
            .map(|pattern| {
                let mut sums = Sums::none(self.side);
                sums.add(pattern, 1.0);
                sums.row
            })
            .collect();
        let mut places = HashMap::new();
        let mut rows: Vec<Vec<f64>> = Vec::new();
        for (question, (&cluster, &pattern)) in cluster.iter().zip(&pattern_of).enumerate() {
            let place = *places.entry(cluster).or_insert_with(|| {
                rows.push(vec![0.0; self.length]);
                rows.len() - 1
            });
            for (sum, own) in rows[place].iter_mut().zip(&of_pattern[pattern as usize]) {
                *sum += own;
            }
            self.add_own(&mut rows[place], ratings, question);
        }
        rows
    }

    /// Adds what is not part of [`Sums`].
    fn add_own(&self, row: &mut [f64], ratings: &Ratings, question: usize) {
        for &(coefficient, place) in &self.places {
            match coefficient {
                Coefficient::Cohen { first, second, .. } => {
                    if let Some((k, l)) = both(ratings, question, first, second) {
                        row[place + k as usize * self.side + l as usize] += 1.0;
                    }
                }
                Coefficient::Share { part, whole } => {
                    row[place] += part[question];
                    row[place + 1] += whole[question];
                }
                _ => {}
            }
        }
    }
}

/// Clusters, sorted by what they add.
struct Kinds {
    rows: Vec<Vec<f64>>,
    /// How many clusters are of each kind.
    clusters: Vec<f64>,
    of_cluster: Vec<u32>,
}

impl Kinds {
    fn of(clusters: Vec<Vec<f64>>) -> Self {
        let mut places: HashMap<Vec<u64>, u32> = HashMap::new();
        let mut kinds = Self {
            rows: Vec::new(),
            clusters: Vec::new(),
            of_cluster: Vec::new(),
        };
        let bearing = |row: &Vec<f64>| row.iter().any(|&number| number != 0.0);
        for row in clusters.into_iter().filter(bearing) {
            let key = row.iter().map(|number| number.to_bits()).collect();
            let place = *places.entry(key).or_insert_with(|| {
                kinds.rows.push(row);
                kinds.clusters.push(0.0);
                kinds.rows.len() as u32 - 1
            });
            kinds.clusters[place as usize] += 1.0;
            kinds.of_cluster.push(place);
        }
        kinds
    }

    fn total(&self, length: usize) -> Vec<f64> {
        let counts: Vec<u32> = self.clusters.iter().map(|&n| n as u32).collect();
        let mut total = vec![0.0; length];
        self.add_up(&counts, &mut total);
        total
    }

    /// The sums of so many clusters of each kind.
    fn add_up(&self, counts: &[u32], sums: &mut [f64]) {
        sums.fill(0.0);
        for (row, &count) in self.rows.iter().zip(counts).filter(|&(_, &n)| n > 0) {
            let times = f64::from(count);
            for (sum, own) in sums.iter_mut().zip(row) {
                *sum += times * own;
            }
        }
    }
}

/// A sum without one part of it. What rounding leaves of a sum without its only part is nought, lest
/// a coefficient find an answer in it that nobody gave.
fn less((all, one): (&f64, &f64)) -> f64 {
    let rest = all - one;
    if rest.abs() < 1e-12 * all.abs() {
        0.0
    } else {
        rest
    }
}

/// Coefficients with their weights laid out, ready to be computed from a row.
struct Ready<'a> {
    side: usize,
    coefficients: Vec<(Coefficient<'a>, usize, Weighing)>,
}

impl<'a> Ready<'a> {
    fn new(layout: &Layout<'a>, total: &[f64]) -> Self {
        let sums = Sums::from_row(layout.side, &total[..Sums::length(layout.side)]);
        let weighing = |coefficient| match coefficient {
            Coefficient::Fleiss(weights) => sums.weighing(weights, Categories::Seen),
            Coefficient::Gwet(weights, categories)
            | Coefficient::BrennanPrediger(weights, categories) => {
                sums.weighing(weights, categories)
            }
            Coefficient::Cohen { weights, .. } => sums.weighing(weights, Categories::Given),
            Coefficient::Percent | Coefficient::Alpha(_) | Coefficient::Share { .. } => {
                sums.weighing(Weights::Identity, Categories::Given)
            }
        };
        let places = layout.places.iter();
        Self {
            side: layout.side,
            coefficients: places
                .map(|&(coefficient, place)| (coefficient, place, weighing(coefficient)))
                .collect(),
        }
    }

    fn figures(&self, row: &[f64]) -> Vec<std::result::Result<f64, Undefined>> {
        let sums = Sums::from_row(self.side, &row[..Sums::length(self.side)]);
        self.coefficients
            .iter()
            .map(|(coefficient, place, weighing)| match *coefficient {
                Coefficient::Percent => sums.observed(weighing),
                Coefficient::Fleiss(_) => fleiss::value(&sums, weighing),
                Coefficient::Gwet(..) => gwet::value(&sums, weighing),
                Coefficient::BrennanPrediger(..) => brennan_prediger::value(&sums, weighing),
                Coefficient::Alpha(metric) => {
                    let distances = krippendorff::distances(&sums, metric)?;
                    krippendorff::value(&sums, &distances)
                }
                Coefficient::Cohen { .. } => {
                    let cells = &row[*place..place + self.side * self.side];
                    kappa(cells, weighing)
                }
                Coefficient::Share { .. } => ratio(row[*place], row[place + 1]),
            })
            .collect()
    }

    /// How many clusters bear on each coefficient.
    fn clusters(&self, kinds: &Kinds) -> Vec<usize> {
        let bearing = |row: &[f64], coefficient, place: usize| match coefficient {
            Coefficient::Cohen { .. } => row[place..place + self.side * self.side]
                .iter()
                .any(|&n| n > 0.0),
            Coefficient::Share { .. } => row[place + 1] != 0.0,
            // The second number is that of questions with two votes or more.
            _ => row[1] > 0.0,
        };
        self.coefficients
            .iter()
            .map(|&(coefficient, place, _)| {
                let rows = kinds.rows.iter().zip(&kinds.clusters);
                let rows = rows.filter(|(row, _)| bearing(row, coefficient, place));
                rows.map(|(_, &clusters)| clusters as usize).sum()
            })
            .collect()
    }
}

fn kappa(cells: &[f64], weighing: &Weighing) -> std::result::Result<f64, Undefined> {
    let total: f64 = cells.iter().sum();
    if total < 0.5 {
        return Err(Undefined::NoCommonQuestion);
    }
    let shares: Vec<f64> = cells.iter().map(|cell| cell / total).collect();
    cohen::value(&shares, weighing)
}

fn ratio(part: f64, whole: f64) -> std::result::Result<f64, Undefined> {
    if whole == 0.0 {
        return Err(Undefined::NoVotes);
    }
    Ok(part / whole)
}
