//! Who sees what, where a question is to have k votes and there are n people: each pair goes to k of
//! them, drawn from the project's seed.
//!
//! The draw knows nothing of what was voted: the person with a given place gets the same pairs in
//! every copy of a project. Places go by who began first, so people should begin before it is copied.

use crate::blinding::{Seed, Sides};
use crate::error::{DomainError, Result};
use crate::ids::PairId;

/// How many of how many people see a pair, and with it each of its questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap {
    votes: u32,
    people: u32,
}

impl Overlap {
    /// More people than this take part in no project.
    const MOST: u32 = 10_000;

    /// `votes` of `people` people see each pair.
    ///
    /// # Errors
    /// Nobody, more votes than people, or more than 10,000 people.
    pub const fn new(votes: u32, people: u32) -> Result<Self> {
        if votes == 0 || votes > people || people > Self::MOST {
            return Err(DomainError::BadOverlap { votes, people });
        }
        Ok(Self { votes, people })
    }

    /// How many see a pair.
    #[must_use]
    pub const fn votes(self) -> u32 {
        self.votes
    }

    /// How many people there are.
    #[must_use]
    pub const fn people(self) -> u32 {
        self.people
    }

    /// The place, from 0, of the annotator who joined as number `ordinal` (from 0) among those who
    /// see the pair; `None` where he is not one of them.
    #[must_use]
    pub fn place(self, seed: Seed, pair: PairId, ordinal: u32) -> Option<u32> {
        if ordinal >= self.people {
            return None;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"tiebreak overlap 1");
        hasher.update(seed.to_string().as_bytes());
        hasher.update(pair.uuid().as_bytes());
        let mut lots = vec![0; self.people as usize * 8];
        hasher.finalize_xof().fill(&mut lots);
        let lot = |n: u32| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&lots[n as usize * 8..][..8]);
            (u64::from_le_bytes(bytes), n)
        };
        let own = lot(ordinal);
        let before = (0..self.people).filter(|n| lot(*n) < own).count();
        u32::try_from(before)
            .ok()
            .filter(|place| *place < self.votes)
    }

    /// The sides for whoever has this place: of every two places, one the one way round and one the
    /// other, so that a pair stands either way equally often, to within one.
    #[must_use]
    pub fn sides(seed: Seed, pair: PairId, place: u32) -> Sides {
        Sides::draw(seed, pair, place)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::ids::ContentHasher;
    use crate::verdict::Slot;

    fn pair(n: u32) -> PairId {
        PairId::from_uuid(ContentHasher::new("pair").text(&n.to_string()).finish())
    }

    #[test]
    fn each_pair_has_its_people_and_both_sides_equally_often() {
        let seed = Seed::from_random([3; 16]);
        for (votes, people) in [(1, 1), (2, 3), (3, 3), (3, 5), (4, 9), (5, 124)] {
            let overlap = Overlap::new(votes, people).unwrap();
            for n in 0..100 {
                let mut places: Vec<u32> = (0..people)
                    .filter_map(|who| overlap.place(seed, pair(n), who))
                    .collect();
                places.sort_unstable();
                assert_eq!(places, (0..votes).collect::<Vec<_>>(), "pair {n}");
                let lefts = places
                    .iter()
                    .filter(|place| Overlap::sides(seed, pair(n), **place).left == Slot::Response1)
                    .count();
                assert!(lefts.abs_diff(places.len() - lefts) <= 1, "pair {n}");
                assert_eq!(overlap.place(seed, pair(n), people), None);
            }
        }
    }

    #[test]
    fn the_work_is_shared_fairly() {
        let overlap = Overlap::new(3, 5).unwrap();
        let seed = Seed::from_random([4; 16]);
        for who in 0..5 {
            let share = (0..10_000)
                .filter(|n| overlap.place(seed, pair(*n), who).is_some())
                .count();
            // Binomial(10000, 3/5): five standard deviations are 245.
            assert!(share.abs_diff(6000) < 245, "annotator {who}: {share}");
        }
    }

    #[test]
    fn nobody_and_more_votes_than_people_are_refused() {
        assert!(Overlap::new(0, 3).is_err());
        assert!(Overlap::new(4, 3).is_err());
        assert!(Overlap::new(2, 10_001).is_err());
    }
}
