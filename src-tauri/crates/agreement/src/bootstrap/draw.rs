//! Drawing replicates, the same ones for any number of threads.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::Plan;

/// More threads than this are not started, whatever a plan says.
const MOST_THREADS: usize = 64;

/// The random draws of one replicate.
pub(crate) struct Draws(ChaCha8Rng);

impl Draws {
    /// The draws of replicate `replicate`: the seed is the key, the replicate the stream.
    pub(crate) fn of(seed: u64, replicate: u32) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut draws = ChaCha8Rng::from_seed(key);
        draws.set_stream(u64::from(replicate));
        Self(draws)
    }

    /// A number from 0 up to and without `count` (1 to 2^32), all equally likely: Lemire (2019),
    /// *Fast random integer generation in an interval*. Written here because a library may draw
    /// differently in its next version.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let count = count as u64;
        loop {
            let product = u64::from(self.0.next_u32()) * count;
            let low = product & 0xFFFF_FFFF;
            if low >= count || low >= (1 << 32) % count {
                return (product >> 32) as usize;
            }
        }
    }

    /// How often each cluster was drawn, in as many draws as there are clusters.
    pub(super) fn count(&mut self, counts: &mut [u32]) {
        counts.fill(0);
        for _ in 0..counts.len() {
            counts[self.below(counts.len())] += 1;
        }
    }
}

/// What `start`'s worker makes of the draws of each replicate, by replicate. Each thread has a
/// worker of its own, which may keep scratch space.
pub(super) fn replicates<T, W>(plan: &Plan, start: impl Fn() -> W + Sync) -> Vec<T>
where
    T: Send,
    W: FnMut(&mut Draws) -> T,
{
    let threads = plan.threads.clamp(1, MOST_THREADS);
    let share = (plan.replicates as usize).div_ceil(threads).max(1) as u32;
    let part = |from: u32| -> Vec<T> {
        let mut worker = start();
        let to = from.saturating_add(share).min(plan.replicates);
        (from..to)
            .map(|replicate| worker(&mut Draws::of(plan.seed, replicate)))
            .collect()
    };
    let mut starts = (0..plan.replicates).step_by(share as usize);
    let own = starts.next().unwrap_or(0);
    std::thread::scope(|scope| {
        let others: Vec<_> = starts
            .map(|from| {
                (
                    from,
                    std::thread::Builder::new().spawn_scoped(scope, move || part(from)),
                )
            })
            .collect();
        let mut all = part(own);
        for (from, other) in others {
            // A thread that would not start leaves its part to this one.
            match other {
                Ok(other) => match other.join() {
                    Ok(found) => all.extend(found),
                    Err(panic) => std::panic::resume_unwind(panic),
                },
                Err(_) => all.extend(part(from)),
            }
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draws_stay_what_they_are() {
        let mut draws = Draws::of(1, 0);
        let found: Vec<usize> = (0..8).map(|_| draws.below(1000)).collect();
        assert_eq!(
            found,
            [628, 381, 929, 294, 397, 798, 906, 916],
            "published intervals rest on these draws"
        );
    }

    #[test]
    fn all_numbers_are_drawn_alike() {
        let mut counts = [0_u32; 7];
        let mut draws = Draws::of(3, 5);
        for _ in 0..70_000 {
            counts[draws.below(7)] += 1;
        }
        assert!(
            counts.iter().all(|n| n.abs_diff(10_000) < 400),
            "{counts:?}"
        );
    }
}
