//! Cohen's κ: how far two annotators agree beyond what the habits of each would give.

use std::collections::HashMap;

use crate::confusion::Confusion;
use crate::figure::{Figure, Undefined};
use crate::quantile::normal_reach;
use crate::ratings::Ratings;
use crate::sums::{corrected, settled};
use crate::weights::{Weighing, Weights};

/// Two annotators who answered a question in common, and what they said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairTable {
    /// The one with the lower index.
    pub first: u32,
    /// The other.
    pub second: u32,
    /// What they said, over the questions that both answered.
    pub table: Confusion,
}

/// The tables of all pairs of annotators who answered a question in common, by index. One pass over
/// the votes, however many annotators there are.
#[must_use]
pub fn pair_tables(ratings: &Ratings) -> Vec<PairTable> {
    let mut places: HashMap<(u32, u32), usize> = HashMap::new();
    let mut pairs: Vec<PairTable> = Vec::new();
    for question in 0..ratings.questions() {
        let votes = ratings.of(question);
        for (n, one) in votes.iter().enumerate() {
            for other in &votes[n + 1..] {
                let key = (one.annotator, other.annotator);
                let place = *places.entry(key).or_insert_with(|| {
                    pairs.push(PairTable {
                        first: key.0,
                        second: key.1,
                        table: Confusion::new(ratings.categories()),
                    });
                    pairs.len() - 1
                });
                pairs[place].table.add(one.category, other.category);
            }
        }
    }
    pairs.sort_unstable_by_key(|pair| (pair.first, pair.second));
    pairs
}

/// Cohen's κ of a table of two annotators (Cohen 1960, weighted 1968), with the standard error for
/// large samples of Fleiss, Cohen and Everitt (1969, *Psychological Bulletin* 72:323–327) and a
/// normal interval, as statsmodels reports them. Weights are laid over all answers of the table.
/// `n` is the number of questions that both answered.
///
/// # Errors
/// No question in common; both gave one and the same answer only.
pub fn cohen_kappa(table: &Confusion, weights: Weights) -> Result<Figure, Undefined> {
    let total = table.total();
    if total == 0 {
        return Err(Undefined::NoCommonQuestion);
    }
    let weighing = Weighing::new(weights, &vec![true; table.categories()]);
    let shares = table.shares();
    let margins = Margins::of(&shares, table.categories());
    let chance = weighing.between(&margins.first, &margins.second);
    let value = corrected(weighing.over(&shares), chance)?;
    let squares = spread(&shares, &margins, &weighing, value);
    let variance = (squares - (value - chance * (1.0 - value)).powi(2))
        / (total as f64 * (1.0 - chance).powi(2));
    let se = settled(variance.max(0.0).sqrt());
    Ok(Figure::with_error(
        value,
        total as usize,
        se,
        normal_reach(),
    ))
}

/// κ from shares of cells that need not come from whole votes.
pub(crate) fn value(shares: &[f64], weighing: &Weighing) -> Result<f64, Undefined> {
    let margins = Margins::of(shares, shares.len().isqrt());
    let chance = weighing.between(&margins.first, &margins.second);
    corrected(weighing.over(shares), chance)
}

/// The share of each answer, for the first and for the second annotator.
struct Margins {
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Margins {
    fn of(shares: &[f64], side: usize) -> Self {
        let mut second = vec![0.0; side];
        let mut first = Vec::with_capacity(side);
        for row in shares.chunks_exact(side.max(1)) {
            first.push(row.iter().sum());
            for (sum, share) in second.iter_mut().zip(row) {
                *sum += share;
            }
        }
        Self { first, second }
    }
}

/// Σ_kl p_kl (w_kl − (w̄_k· + w̄_·l)(1 − κ))².
fn spread(shares: &[f64], margins: &Margins, weighing: &Weighing, kappa: f64) -> f64 {
    let side = margins.first.len();
    let of_first = weighing.spread(&margins.second);
    let of_second = weighing.spread(&margins.first);
    let mut sum = 0.0;
    for (k, row) in shares.chunks_exact(side.max(1)).enumerate() {
        for (l, share) in row.iter().enumerate() {
            let usual = (of_first[k] + of_second[l]) * (1.0 - kappa);
            sum += share * (weighing.at(k, l) - usual).powi(2);
        }
    }
    sum
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::patterns::tests::table;
    use crate::percent::PairwiseMean;

    /// Two abstractors of 100 records (irrCAC's `cont3x3abstractors`).
    #[test]
    fn the_published_example() {
        let table = Confusion::from_counts(3, vec![13, 0, 0, 0, 20, 7, 0, 4, 56]).unwrap();
        let found = cohen_kappa(&table, Weights::Identity).unwrap();
        assert!((found.value - 0.796_409_402_183_971_9).abs() < 1e-12);
        assert!((found.se.unwrap() - 0.058_910_718_326_081_48).abs() < 1e-12);
        assert_eq!(found.n, 100);
        let ci = found.ci.unwrap();
        assert!((ci.low - (found.value - 1.959_963_984_540_054 * 0.058_910_718)).abs() < 1e-8);
    }

    #[test]
    fn by_hand() {
        // Observed 0.7; chance 0.5 · 0.6 + 0.5 · 0.4.
        let table = Confusion::from_counts(2, vec![20, 5, 10, 15]).unwrap();
        let found = cohen_kappa(&table, Weights::Identity).unwrap();
        assert!((found.value - 0.4).abs() < 1e-15);
    }

    #[test]
    fn weights_of_two_answers_make_no_difference() {
        let table = Confusion::from_counts(2, vec![20, 5, 10, 15]).unwrap();
        let plain = cohen_kappa(&table, Weights::Identity);
        for weights in [Weights::Linear, Weights::Quadratic, Weights::Ordinal] {
            assert_eq!(cohen_kappa(&table, weights), plain);
        }
    }

    #[test]
    fn undefined_where_chance_is_complete_or_nothing_is_shared() {
        let constant = Confusion::from_counts(2, vec![0, 0, 0, 9]).unwrap();
        let found = cohen_kappa(&constant, Weights::Identity);
        assert_eq!(found, Err(Undefined::OneCategory));
        let none = cohen_kappa(&Confusion::new(2), Weights::Identity);
        assert_eq!(none, Err(Undefined::NoCommonQuestion));
    }

    #[test]
    fn only_pairs_who_met_have_a_table() {
        let ratings = table(2, &[[0, 1, -1], [0, -1, 1], [-1, 1, 1], [-1, -1, -1]]);
        let pairs = pair_tables(&ratings);
        let met: Vec<_> = pairs.iter().map(|pair| (pair.first, pair.second)).collect();
        assert_eq!(met, [(0, 1), (0, 2), (1, 2)]);
        for pair in &pairs {
            let alone = Confusion::between(&ratings, pair.first, pair.second).unwrap();
            assert_eq!(pair.table, alone);
        }
        let kappa = |pair: &PairTable| Ok(cohen_kappa(&pair.table, Weights::Identity)?.value);
        let mean = PairwiseMean::of(&pairs, kappa);
        assert_eq!(mean, Err(Undefined::OneCategory));
    }
}
