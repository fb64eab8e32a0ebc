//! Which combinations of answers questions got, and how often.
//!
//! Every coefficient over more than two annotators depends on a question through its count of each
//! answer alone. A project of a million votes has a few dozen such combinations, so that counting
//! them once makes everything after it, standard errors too, a matter of microseconds.

use std::collections::HashMap;

use crate::ratings::{Rating, Ratings};

/// One combination of answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The answers that were given, in order, each with how many gave it (1 or more).
    pub counts: Vec<(u32, u32)>,
    /// How many votes that makes; 0 for questions without any.
    pub votes: u32,
    /// How many questions have it.
    pub questions: u64,
}

impl Pattern {
    /// Whether two votes on such a question can be held against each other.
    #[must_use]
    pub const fn pairable(&self) -> bool {
        self.votes >= 2
    }

    /// Whether everybody who answered gave the same answer. False for a single vote: one person
    /// cannot be unanimous.
    #[must_use]
    pub fn unanimous(&self) -> bool {
        self.pairable() && self.counts.len() == 1
    }

    /// The counts alone, largest first: `[2, 1]` is two to one.
    #[must_use]
    pub fn split(&self) -> Vec<u32> {
        let mut split: Vec<u32> = self.counts.iter().map(|&(_, votes)| votes).collect();
        split.sort_unstable_by(|a, b| b.cmp(a));
        split
    }
}

/// All combinations that a table of ratings has.
#[derive(Debug, Clone)]
pub struct Patterns {
    categories: usize,
    patterns: Vec<Pattern>,
}

impl Patterns {
    /// Counts the combinations of a table, in the order in which they first occur.
    #[must_use]
    pub fn of(ratings: &Ratings) -> Self {
        Self::index(ratings, |_| {})
    }

    /// The same, and for each question, in order, the place of its pattern.
    #[must_use]
    pub fn by_question(ratings: &Ratings) -> (Self, Vec<u32>) {
        let mut places = Vec::with_capacity(ratings.questions());
        let patterns = Self::index(ratings, |place| places.push(place));
        (patterns, places)
    }

    /// The combinations, each with how many questions have it.
    #[must_use]
    pub fn all(&self) -> &[Pattern] {
        &self.patterns
    }

    /// How many answers could be given.
    #[must_use]
    pub const fn categories(&self) -> usize {
        self.categories
    }

    fn index(ratings: &Ratings, mut place: impl FnMut(u32)) -> Self {
        let mut seen = Seen::default();
        let mut recent = Recent::default();
        let few = ratings.categories() <= 8;
        for votes in ratings.each() {
            let at = match few.then(|| packed(votes)).flatten() {
                Some(key) => recent.get(key, || seen.place(votes)),
                None => seen.place(votes),
            };
            seen.patterns[at as usize].questions += 1;
            place(at);
        }
        Self {
            categories: ratings.categories(),
            patterns: seen.patterns,
        }
    }
}

/// The counts of answers 0 to 7, a byte each; none where there are more votes than a byte holds.
fn packed(votes: &[Rating]) -> Option<u64> {
    (votes.len() <= 255).then(|| {
        votes
            .iter()
            .map(|vote| 1 << (8 * (vote.category & 7)))
            .sum()
    })
}

/// Patterns looked up lately: a table that forgets, so that the common ones cost no hashing.
struct Recent([(u64, u32); 256]);

impl Default for Recent {
    fn default() -> Self {
        Self([(u64::MAX, 0); 256])
    }
}

impl Recent {
    fn get(&mut self, key: u64, find: impl FnOnce() -> u32) -> u32 {
        // The upper bits of a product with an odd constant (2^64 / φ) depend on all of the key.
        let slot = &mut self.0[(key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize];
        if slot.0 != key {
            *slot = (key, find());
        }
        slot.1
    }
}

#[derive(Default)]
struct Seen {
    patterns: Vec<Pattern>,
    places: HashMap<Vec<u32>, u32>,
    scratch: Vec<u32>,
}

impl Seen {
    fn place(&mut self, votes: &[Rating]) -> u32 {
        self.scratch.clear();
        self.scratch.extend(votes.iter().map(|vote| vote.category));
        self.scratch.sort_unstable();
        if let Some(&place) = self.places.get(self.scratch.as_slice()) {
            return place;
        }
        let place = self.patterns.len() as u32;
        let counts = self
            .scratch
            .chunk_by(|a, b| a == b)
            .map(|same| (same[0], same.len() as u32))
            .collect();
        self.patterns.push(Pattern {
            counts,
            votes: votes.len() as u32,
            questions: 0,
        });
        self.places.insert(self.scratch.clone(), place);
        place
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
pub(crate) mod tests {
    use super::*;

    /// A table from rows of annotators with one column a question; negative is no answer.
    pub(crate) fn table<const N: usize>(categories: usize, rows: &[[i32; N]]) -> Ratings {
        let mut ratings = Vec::new();
        for (annotator, row) in rows.iter().enumerate() {
            for (question, &category) in row.iter().enumerate() {
                if let Ok(category) = u32::try_from(category) {
                    ratings.push(Rating {
                        question: question as u32,
                        annotator: annotator as u32,
                        category,
                    });
                }
            }
        }
        Ratings::new(N, rows.len(), categories, ratings).unwrap()
    }

    #[test]
    fn the_order_of_votes_makes_no_pattern() {
        let ratings = table(3, &[[0, 1, 2, -1], [1, 0, 2, -1], [1, 1, 2, 0]]);
        let (patterns, places) = Patterns::by_question(&ratings);
        assert_eq!(places, [0, 0, 1, 2]);
        assert_eq!(patterns.all()[0].counts, [(0, 1), (1, 2)]);
        assert_eq!(patterns.all()[0].split(), [2, 1]);
        assert_eq!(patterns.all()[0].questions, 2);
        let unanimous: Vec<bool> = patterns.all().iter().map(Pattern::unanimous).collect();
        assert_eq!(unanimous, [false, true, false]);
    }

    #[test]
    fn many_answers_and_many_votes_are_told_apart() {
        let ratings = table(10, &[[9, 1, 9], [9, 1, 1]]);
        assert_eq!(Patterns::of(&ratings).all().len(), 3);

        let crowd: Vec<Rating> = (0..600)
            .map(|n| Rating {
                question: n / 300,
                annotator: n % 300,
                category: u32::from(n == 7),
            })
            .collect();
        let crowd = Ratings::new(2, 300, 2, crowd).unwrap();
        let splits: Vec<_> = Patterns::of(&crowd)
            .all()
            .iter()
            .map(Pattern::split)
            .collect();
        assert_eq!(splits, [vec![299, 1], vec![300]]);
    }
}
