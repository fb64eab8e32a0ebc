//! Ties read off two scores: a tie is predicted where they differ by ε or less.
//!
//! D. Deutsch, G. Foster and M. Freitag, "Ties Matter", EMNLP 2023 (arXiv:2305.14324), whose
//! accuracy counts a tie that was predicted and given as right. The paper fits ε on the very labels
//! that are then scored, by a sweep that leaves some thresholds out ([`upstream`]). [`fit`] looks at
//! all of them, and is meant for labels that are not scored afterwards.

use tiebreak_domain::Verdict;

/// A question's true verdict, and by how much response 1 was scored above response 2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// What is true: any verdict but *both bad*, which scores cannot say.
    pub truth: Verdict,
    /// Score of response 1 less that of response 2. Not a number where a score is none: such a row
    /// is wrong whatever the threshold.
    pub margin: f64,
}

impl Scored {
    /// Whether the prediction at the threshold is right.
    #[must_use]
    pub fn is_right(&self, epsilon: f64) -> bool {
        self.predicted(epsilon) == Some(self.truth)
    }

    /// What is predicted at the threshold; below 0, no tie ever. `None` where scores say nothing:
    /// one of them is no number, or they are equal and ties are not predicted.
    #[must_use]
    pub fn predicted(&self, epsilon: f64) -> Option<Verdict> {
        if self.margin.abs() <= epsilon {
            Some(Verdict::Tie)
        } else if self.margin > 0.0 {
            Some(Verdict::Response1)
        } else if self.margin < 0.0 {
            Some(Verdict::Response2)
        } else {
            None
        }
    }
}

/// A threshold and how often it is right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// The threshold; −1: no ties are predicted.
    pub epsilon: f64,
    /// The share of rows that are right at it.
    pub accuracy: f64,
}

/// The smallest threshold of those that are right most often, "no ties" among them; `None` without
/// rows. Time grows as n log n.
#[must_use]
pub fn fit(rows: &[Scored]) -> Option<Fitted> {
    let mut right = rows.iter().filter(|row| row.is_right(-1.0)).count();
    let mut best = (right, -1.0);
    let sorted = by_margin(rows);
    for same in sorted.chunk_by(|one, other| one.margin.abs() == other.margin.abs()) {
        for row in same {
            right -= usize::from(row.is_right(-1.0));
            right += usize::from(row.truth == Verdict::Tie);
        }
        if right > best.0 {
            best = (right, same[0].margin.abs());
        }
    }
    let share = |right: usize| right as f64 / rows.len() as f64;
    (!rows.is_empty()).then(|| Fitted {
        epsilon: best.1,
        accuracy: share(best.0),
    })
}

/// The share that is right at a threshold; `None` without rows.
#[must_use]
pub fn accuracy(rows: &[Scored], epsilon: f64) -> Option<f64> {
    let right = rows.iter().filter(|row| row.is_right(epsilon)).count();
    (!rows.is_empty()).then(|| right as f64 / rows.len() as f64)
}

/// What the paper's code prints.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Upstream {
    /// "Accuracy with ties"; `None` where there is nothing to sweep.
    pub with_ties: Option<f64>,
    /// "Accuracy without ties"; `None` where it divides by zero, since every row is a tie.
    pub without_ties: Option<f64>,
}

/// The two accuracies as the paper's code has them, its ways included: the threshold is fitted on the
/// labels that are scored; "no ties at all" is no threshold it tries; and rows whose scores differ by
/// the same are passed one at a time, in the order given, so that the best of the states between
/// counts although no threshold attains it.
#[must_use]
pub fn upstream(rows: &[Scored]) -> Upstream {
    let told = |row: &&Scored| row.truth != Verdict::Tie;
    let decided = rows.iter().filter(told).count();
    let right = rows
        .iter()
        .filter(told)
        .filter(|row| row.is_right(-1.0))
        .count();
    let mut now = right;
    let mut best: Option<usize> = None;
    for row in by_margin(rows) {
        now -= usize::from(row.truth != Verdict::Tie && row.is_right(-1.0));
        now += usize::from(row.truth == Verdict::Tie);
        best = best.max(Some(now));
    }
    Upstream {
        with_ties: best.map(|best| best as f64 / rows.len() as f64),
        without_ties: (decided > 0).then(|| right as f64 / decided as f64),
    }
}

/// The rows whose scores are numbers, those that differ least first, in the order given where they
/// differ by the same.
fn by_margin(rows: &[Scored]) -> Vec<Scored> {
    let numbers = rows.iter().filter(|row| !row.margin.is_nan());
    let mut sorted: Vec<Scored> = numbers.copied().collect();
    sorted.sort_by(|one, other| one.margin.abs().total_cmp(&other.margin.abs()));
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Response1, Response2, Tie};

    fn rows(rows: &[(Verdict, f64)]) -> Vec<Scored> {
        let scored = |&(truth, margin)| Scored { truth, margin };
        rows.iter().map(scored).collect()
    }

    #[test]
    fn a_score_that_is_no_number_is_wrong_everywhere() {
        let rows = rows(&[(Response1, f64::NAN), (Tie, f64::NAN), (Response2, -1.0)]);
        for epsilon in [-1.0, 0.0, f64::INFINITY] {
            assert!(!rows[0].is_right(epsilon) && !rows[1].is_right(epsilon));
        }
        assert_eq!(fit(&rows).unwrap().accuracy, 1.0 / 3.0);
        assert_eq!(accuracy(&rows, 2.0), Some(0.0));
    }

    #[test]
    fn no_threshold_is_right_more_often_than_the_one_found() {
        let mut state = 7_u64;
        let mut draw = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for _ in 0..300 {
            let rows: Vec<Scored> = (0..draw(12))
                .map(|_| Scored {
                    truth: [Response1, Response2, Tie][draw(3) as usize],
                    margin: (draw(7) as f64 - 3.0) / 4.0,
                })
                .collect();
            let Some(found) = fit(&rows) else {
                assert!(rows.is_empty());
                continue;
            };
            assert_eq!(accuracy(&rows, found.epsilon), Some(found.accuracy));
            for epsilon in [-1.0, 0.0, 0.1, 0.25, 0.3, 0.5, 0.75, 2.0] {
                assert!(
                    accuracy(&rows, epsilon).unwrap() <= found.accuracy,
                    "{rows:?}"
                );
            }
        }
    }
}
