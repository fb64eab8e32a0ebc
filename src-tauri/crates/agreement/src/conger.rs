//! Conger's κ: Fleiss' observed agreement, corrected by the habits of each annotator as Cohen does.

use crate::figure::{Figure, Undefined};
use crate::patterns::Patterns;
use crate::quantile::student_reach;
use crate::ratings::{Rating, Ratings};
use crate::sums::{Sums, agreeing, corrected, settled};
use crate::weights::{Categories, Weighing, Weights, dot};

/// Conger's κ (1980, *Psychological Bulletin* 88:322–328), for any number of votes a question, with
/// irrCAC's standard error and its interval from Student's distribution. Made for a few annotators
/// who each answered much: one who answered twice weighs as much as one who answered all.
/// `n` is the number of questions with two votes or more.
///
/// # Errors
/// No votes; no question with two; everybody always gave one and the same answer.
pub fn conger_kappa(ratings: &Ratings, weights: Weights) -> Result<Figure, Undefined> {
    let (patterns, places) = Patterns::by_question(ratings);
    let sums = Sums::of(&patterns);
    let weighing = sums.weighing(weights, Categories::Seen);
    let observed = sums.observed(&weighing)?;
    let habits = Habits::of(ratings, &weighing);
    let value = corrected(observed, habits.chance)?;
    let (n, pairable) = (sums.rated(), sums.pairable());
    let rest = 1.0 - habits.chance;
    let mut squares = 0.0;
    for (question, &place) in places.iter().enumerate() {
        let pattern = &patterns.all()[place as usize];
        if pattern.votes == 0 {
            continue;
        }
        let own = if pattern.pairable() {
            n / pairable * (agreeing(pattern, &weighing) - habits.chance) / rest
        } else {
            0.0
        };
        let more = habits.more_chance(ratings.of(question), n);
        squares += (own - 2.0 * (1.0 - value) * more / rest - value).powi(2);
    }
    if n < 1.5 {
        return Ok(Figure::bare(value, pairable as usize));
    }
    let se = settled((squares / (n * (n - 1.0))).sqrt());
    Ok(Figure::with_error(
        value,
        pairable as usize,
        se,
        student_reach(n),
    ))
}

/// What agreement by chance needs of each annotator. Those without a vote do not count.
struct Habits {
    side: usize,
    /// How many annotators voted.
    active: f64,
    /// How many questions each answered.
    votes: Vec<f64>,
    /// For each annotator, the weight of each answer against the answers of all others.
    others: Vec<f64>,
    /// For each annotator, the mean of that weight over the votes.
    usual: Vec<f64>,
    /// Agreement by chance: the mean over pairs of annotators.
    chance: f64,
}

impl Habits {
    fn of(ratings: &Ratings, weighing: &Weighing) -> Self {
        let side = ratings.categories();
        let mut votes = vec![0.0; ratings.annotators()];
        let mut shares = vec![0.0; ratings.annotators() * side];
        for rating in ratings.all() {
            votes[rating.annotator as usize] += 1.0;
            shares[rating.annotator as usize * side + rating.category as usize] += 1.0;
        }
        let mut all = vec![0.0; side];
        for (row, &n) in shares.chunks_exact_mut(side.max(1)).zip(&votes) {
            for (share, all) in row.iter_mut().zip(&mut all).filter(|_| n > 0.0) {
                *share /= n;
                *all += *share;
            }
        }
        let active = votes.iter().filter(|&&n| n > 0.0).count() as f64;
        let (mut others, mut usual) = (Vec::with_capacity(shares.len()), Vec::new());
        for row in shares.chunks_exact(side.max(1)) {
            let rest: Vec<f64> = all.iter().zip(row).map(|(all, own)| all - own).collect();
            let weight = weighing.spread(&rest);
            usual.push(dot(&weight, row));
            others.extend(weight);
        }
        Self {
            chance: usual.iter().sum::<f64>() / (active * (active - 1.0)),
            side,
            active,
            votes,
            others,
            usual,
        }
    }

    /// How much more than all do these votes of a question, of `n`, add to agreement by chance.
    fn more_chance(&self, of: &[Rating], n: f64) -> f64 {
        let more = of.iter().map(|vote| {
            let annotator = vote.annotator as usize;
            let weight = self.others[annotator * self.side + vote.category as usize];
            n / self.votes[annotator] * (weight - self.usual[annotator])
        });
        more.sum::<f64>() / (self.active * (self.active - 1.0))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::cohen::cohen_kappa;
    use crate::confusion::Confusion;
    use crate::patterns::tests::table;

    #[test]
    fn with_two_annotators_it_is_cohens() {
        let ratings = table(3, &[[0, 1, 2, 2, 1, 0, 0], [0, 1, 2, 1, 1, 2, 0]]);
        let pair = Confusion::between(&ratings, 0, 1).unwrap();
        for weights in [Weights::Identity, Weights::Quadratic] {
            let conger = conger_kappa(&ratings, weights).unwrap().value;
            let cohen = cohen_kappa(&pair, weights).unwrap().value;
            assert!((conger - cohen).abs() < 1e-14);
        }
    }

    #[test]
    fn four_annotators_with_missing_votes() {
        // Krippendorff's example of 2011; the figures are those of the Python package irrCAC.
        let ratings = table(
            5,
            &[
                [0, 1, 2, 2, 1, 0, 3, 0, 1, -1, -1, -1],
                [0, 1, 2, 2, 1, 1, 3, 0, 1, 4, -1, 2],
                [-1, 2, 2, 2, 1, 2, 3, 1, 1, 4, 0, -1],
                [0, 1, 2, 2, 1, 3, 3, 0, 1, 4, 0, -1],
            ],
        );
        for (weights, value, se) in [
            (Weights::Identity, 0.762_066_893_7, 0.150_108_795_1),
            (Weights::Linear, 0.813_137_032_8, 0.145_868_196_9),
            (Weights::Quadratic, 0.857_168_224_1, 0.144_360_791_4),
            (Weights::Ordinal, 0.843_082_496_8, 0.144_822_539_7),
        ] {
            let found = conger_kappa(&ratings, weights).unwrap();
            assert!((found.value - value).abs() < 1e-9, "{found:?}");
            assert!((found.se.unwrap() - se).abs() < 1e-9, "{found:?}");
        }
    }
}
