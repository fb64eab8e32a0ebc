//! What a round of EM does with the votes of one question: true answers stand side by side, four in a
//! lane, so that a vote costs a few multiplications and no logarithm.

use crate::ratings::Rating;

/// Four neighbouring true answers, which the processor takes at once.
pub(super) type Lane = [f64; 4];

/// Where the product of so many chances is near what a number can hold, it is scaled up.
const SMALL: f64 = 1e-150;
const SCALE: f64 = 1e150;

/// The votes of each question; `votes` are sorted by question.
pub(super) fn questions_of(votes: &[Rating]) -> impl Iterator<Item = &[Rating]> {
    votes.chunk_by(|one, next| one.question == next.question)
}

pub(super) fn add(to: &mut Lane, what: &Lane) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += what;
    }
}

/// Adds the posterior of one question to the cells of its votes.
pub(super) fn count(row: &[Lane], cells_of: &[usize], counts: &mut [Lane]) {
    for &from in cells_of {
        for (count, posterior) in counts[from..from + row.len()].iter_mut().zip(row) {
            add(count, posterior);
        }
    }
}

/// Puts the posterior of one question into `row`; gives the log-likelihood of its votes. A posterior
/// that is possible stays so, since the chances of whatever led before are never near 0: eight of them
/// cannot leave what a number can hold.
pub(super) fn weigh(cells_of: &[usize], priors: &[Lane], cells: &[Lane], row: &mut [Lane]) -> f64 {
    row.copy_from_slice(priors);
    let mut scaled = 0;
    for eight in cells_of.chunks(8) {
        for &from in eight {
            for (product, chances) in row.iter_mut().zip(&cells[from..from + priors.len()]) {
                for (product, chance) in product.iter_mut().zip(chances) {
                    *product *= chance;
                }
            }
        }
        if row.as_flattened().iter().all(|product| *product < SMALL) {
            multiply(row, SCALE);
            scaled += 1;
        }
    }
    let sum: f64 = row.as_flattened().iter().sum();
    multiply(row, 1.0 / sum);
    sum.ln() - f64::from(scaled) * SCALE.ln()
}

fn multiply(row: &mut [Lane], by: f64) {
    for product in row.as_flattened_mut() {
        *product *= by;
    }
}
