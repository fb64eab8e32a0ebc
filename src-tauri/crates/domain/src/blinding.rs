//! Which response stands on which side, and back: the only place where a verdict in screen terms
//! becomes a verdict in data terms.
//!
//! Sides are drawn per (annotator, pair) from the project's seed. Annotators are taken two by two
//! in the order in which they joined: within such a couple the sides of every pair are opposite,
//! so that over any number of annotators each pair stands either way equally often, to within one.

use std::fmt;
use std::str::FromStr;

use crate::error::{DomainError, Result};
use crate::ids::{AnnotatorId, PairId, shorten};
use crate::verdict::{ScreenVerdict, Slot, Verdict};

/// A project's seed, from which all its sides are drawn; printed as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// The seed in these random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        let mut half = [0; 8];
        half.copy_from_slice(&bytes[..8]);
        Self(u64::from_le_bytes(half))
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Seed {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        match u64::from_str_radix(text, 16) {
            Ok(seed) if text.len() == 16 => Ok(Self(seed)),
            _ => Err(DomainError::BadSeed(shorten(text))),
        }
    }
}

/// How the two responses of a pair stand on one annotator's screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sides {
    /// The response on the left.
    pub left: Slot,
}

impl Sides {
    /// Draws the sides of `pair` for the annotator who joined as number `ordinal` (from 0).
    #[must_use]
    pub fn draw(seed: Seed, pair: PairId, ordinal: u32) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"tiebreak sides 1");
        hasher.update(&seed.0.to_le_bytes());
        hasher.update(pair.uuid().as_bytes());
        hasher.update(&(ordinal / 2).to_le_bytes());
        let coin = hasher.finalize().as_bytes()[0] & 1;
        let left = if u32::from(coin) == ordinal % 2 {
            Slot::Response1
        } else {
            Slot::Response2
        };
        Self { left }
    }

    /// Draws the sides of `pair` for an adjudicator, who is no part of the annotators' balance.
    #[must_use]
    pub fn draw_for_adjudicator(seed: Seed, pair: PairId, adjudicator: AnnotatorId) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"tiebreak adjudicator's sides 1");
        hasher.update(&seed.0.to_le_bytes());
        hasher.update(pair.uuid().as_bytes());
        hasher.update(adjudicator.uuid().as_bytes());
        let left = if hasher.finalize().as_bytes()[0] & 1 == 0 {
            Slot::Response1
        } else {
            Slot::Response2
        };
        Self { left }
    }

    /// The same pair the other way round, as a repeat shows it.
    #[must_use]
    pub const fn swapped(self) -> Self {
        Self {
            left: self.left.other(),
        }
    }

    /// Two things that belong to response 1 and 2, as they stand on the screen: left, right.
    #[must_use]
    pub fn on_screen<T>(self, [one, two]: [T; 2]) -> [T; 2] {
        match self.left {
            Slot::Response1 => [one, two],
            Slot::Response2 => [two, one],
        }
    }

    /// Whether a response stands on the left.
    #[must_use]
    pub fn is_left(self, slot: Slot) -> bool {
        self.left == slot
    }

    /// What a verdict on these sides says of the data.
    #[must_use]
    pub const fn to_data(self, screen: ScreenVerdict) -> Verdict {
        match (screen, self.left) {
            (ScreenVerdict::Tie, _) => Verdict::Tie,
            (ScreenVerdict::BothBad, _) => Verdict::BothBad,
            (ScreenVerdict::Left, Slot::Response1) | (ScreenVerdict::Right, Slot::Response2) => {
                Verdict::Response1
            }
            (ScreenVerdict::Left, Slot::Response2) | (ScreenVerdict::Right, Slot::Response1) => {
                Verdict::Response2
            }
        }
    }

    /// Where a stored verdict stands on these sides: what the annotator had said.
    #[must_use]
    pub const fn to_screen(self, data: Verdict) -> ScreenVerdict {
        match (data, self.left) {
            (Verdict::Tie, _) => ScreenVerdict::Tie,
            (Verdict::BothBad, _) => ScreenVerdict::BothBad,
            (Verdict::Response1, Slot::Response1) | (Verdict::Response2, Slot::Response2) => {
                ScreenVerdict::Left
            }
            (Verdict::Response1, Slot::Response2) | (Verdict::Response2, Slot::Response1) => {
                ScreenVerdict::Right
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ContentHasher;

    fn pair(n: u32) -> PairId {
        PairId::from_uuid(ContentHasher::new("pair").text(&n.to_string()).finish())
    }

    #[test]
    fn what_is_said_of_a_side_is_stored_of_its_response() {
        let straight = Sides {
            left: Slot::Response1,
        };
        let turned = straight.swapped();
        assert_eq!(straight.to_data(ScreenVerdict::Left), Verdict::Response1);
        assert_eq!(straight.to_data(ScreenVerdict::Right), Verdict::Response2);
        assert_eq!(turned.to_data(ScreenVerdict::Left), Verdict::Response2);
        assert_eq!(turned.to_data(ScreenVerdict::Right), Verdict::Response1);
        for sides in [straight, turned] {
            for screen in ScreenVerdict::ALL {
                assert_eq!(sides.to_screen(sides.to_data(screen)), screen);
            }
            let [left, right] = sides.on_screen([Slot::Response1, Slot::Response2]);
            assert!(sides.is_left(left) && !sides.is_left(right));
        }
    }

    #[test]
    fn sides_are_balanced_within_each_pair_and_over_pairs() {
        let seed = Seed::from_random([9; 16]);
        for n in 0..200 {
            for annotators in 1..=7 {
                let lefts = (0..annotators)
                    .filter(|a| Sides::draw(seed, pair(n), *a).left == Slot::Response1)
                    .count();
                let other = annotators as usize - lefts;
                assert!(lefts.abs_diff(other) <= 1, "pair {n}: {lefts} to {other}");
            }
        }
        for annotator in 0..4 {
            let lefts = (0..4000)
                .filter(|n| Sides::draw(seed, pair(*n), annotator).left == Slot::Response1)
                .count();
            // Binomial(4000, 1/2): five standard deviations are 158.
            assert!(
                lefts.abs_diff(2000) < 158,
                "annotator {annotator}: {lefts} of 4000"
            );
        }
    }

    #[test]
    fn another_seed_draws_other_sides() {
        let (a, b) = (Seed::from_random([1; 16]), Seed::from_random([2; 16]));
        let differing = (0..400)
            .filter(|n| Sides::draw(a, pair(*n), 0) != Sides::draw(b, pair(*n), 0))
            .count();
        assert!((130..270).contains(&differing), "{differing} of 400");
        assert_eq!(a.to_string().parse::<Seed>(), Ok(a));
        assert!("12".parse::<Seed>().is_err());
    }
}
