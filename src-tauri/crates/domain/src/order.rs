//! In which order an annotator's questions come, and the shuffle that a random order goes by.
//!
//! The shuffle is a permutation that is computed place by place: nothing has to be drawn or kept
//! beforehand, so that the next question of 300,000 costs what the next of three costs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::blinding::Seed;
use crate::error::{DomainError, Result};
use crate::ids::{AnnotatorId, shorten};

/// In which order pairs are dealt; the questions of one pair stay together in all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// As the data has them.
    #[default]
    Fixed,
    /// For each annotator in an order of his own, drawn from the project's seed.
    Random,
    /// Task by task, in the order in which the tasks came; within one as the data has them.
    ByTask,
    /// Those first that were dealt to the fewest people; of these, as the data has them.
    FewestFirst,
}

impl Order {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Fixed, Self::Random, Self::ByTask, Self::FewestFirst];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Random => "random",
            Self::ByTask => "by-task",
            Self::FewestFirst => "fewest-first",
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Order {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|order| order.as_str() == text)
            .ok_or_else(|| DomainError::BadOrder(shorten(text)))
    }
}

/// A permutation of `0..size` that is an annotator's own.
///
/// A Feistel network over the next even number of bits, walked on until it lands below `size`
/// (J. Black and P. Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002).
#[derive(Debug, Clone)]
pub struct Shuffle {
    key: [u8; 32],
    size: u64,
    half_bits: u32,
}

impl Shuffle {
    const ROUNDS: u8 = 6;

    /// The permutation of the `size` pairs that begin at the place `base` of the data.
    #[must_use]
    pub fn new(seed: Seed, annotator: AnnotatorId, base: u64, size: u64) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"tiebreak order 1");
        hasher.update(seed.to_string().as_bytes());
        hasher.update(annotator.uuid().as_bytes());
        hasher.update(&base.to_le_bytes());
        let bits = 64 - size.saturating_sub(1).leading_zeros();
        Self {
            key: *hasher.finalize().as_bytes(),
            size,
            half_bits: bits.div_ceil(2).max(1),
        }
    }

    /// What stands at the place `at`; `at` itself where that is no place of the permutation.
    #[must_use]
    pub fn at(&self, at: u64) -> u64 {
        if at >= self.size {
            return at;
        }
        let mut here = at;
        loop {
            here = self.turned(here);
            if here < self.size {
                return here;
            }
        }
    }

    fn turned(&self, value: u64) -> u64 {
        let mask = (1_u64 << self.half_bits) - 1;
        let (mut left, mut right) = (value >> self.half_bits, value & mask);
        for round in 0..Self::ROUNDS {
            (left, right) = (right, left ^ (self.mixed(round, right) & mask));
        }
        (left << self.half_bits) | right
    }

    fn mixed(&self, round: u8, half: u64) -> u64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&[round]);
        hasher.update(&half.to_le_bytes());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        u64::from_le_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ContentHasher;

    fn annotator(name: &str) -> AnnotatorId {
        AnnotatorId::from_uuid(ContentHasher::new("annotator").text(name).finish())
    }

    fn order(seed: u8, who: &str, base: u64, size: u64) -> Vec<u64> {
        let shuffle = Shuffle::new(Seed::from_random([seed; 16]), annotator(who), base, size);
        (0..size).map(|at| shuffle.at(at)).collect()
    }

    #[test]
    fn every_pair_comes_just_once() {
        for size in [1, 2, 3, 4, 5, 16, 17, 100, 1000, 4097] {
            let mut all = order(1, "anna", 0, size);
            all.sort_unstable();
            assert_eq!(all, (0..size).collect::<Vec<_>>(), "{size}");
        }
    }

    #[test]
    fn the_order_is_the_persons_own_and_comes_again() {
        let anna = order(1, "anna", 0, 500);
        assert_eq!(anna, order(1, "anna", 0, 500));
        for other in [
            order(2, "anna", 0, 500),
            order(1, "ben", 0, 500),
            order(1, "anna", 500, 500),
        ] {
            let same = anna.iter().zip(&other).filter(|(a, b)| a == b).count();
            assert!(same < 15, "{same} of 500 at the same place");
        }
    }

    #[test]
    fn no_place_is_dearer_than_another() {
        // How often each of the first and last pairs comes in the first half: binomial(2000, 1/2),
        // five standard deviations are 112.
        for pair in [0, 1, 25, 48, 49] {
            let early = (0..2000)
                .filter(|n| {
                    let who = format!("annotator {n}");
                    let order = order(3, &who, 0, 50);
                    order[..25].contains(&pair)
                })
                .count();
            assert!(early.abs_diff(1000) < 112, "pair {pair}: {early} of 2000");
        }
    }

    #[test]
    fn an_order_has_one_word() {
        for order in Order::ALL {
            assert_eq!(order.as_str().parse::<Order>(), Ok(order));
            assert_eq!(serde_json::to_value(order).unwrap(), order.as_str());
        }
        let wrong = "sorted".parse::<Order>().unwrap_err().to_string();
        assert!(wrong.contains("fewest-first"), "{wrong}");
    }
}
