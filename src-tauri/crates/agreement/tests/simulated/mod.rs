//! Projects as they come about in life, with everything planted that the statistics look for: who
//! leans to a side and how far, who tells models apart, who ties readily.
//!
//! A prompt has one to three pairs of models, a pair one to three criteria, a question three to five
//! of six annotators, of whose votes one in fifteen is missing. Votes are nested: prompts differ in
//! how clearly they tell models apart, how readily they make people tie and how often both responses
//! are bad; pairs and criteria have a lean of their own. Sides are drawn for every vote anew.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use tiebreak_agreement::{Comparison, Judgement, Outcome, Rating, Ratings, Said};

pub const ANNOTATORS: usize = 6;
/// The strengths of the models, in logits.
const MODELS: [f64; 6] = [1.0, 0.6, 0.2, -0.2, -0.6, -1.0];

/// What is planted in an annotator.
#[derive(Debug, Clone, Copy)]
pub struct Annotator {
    pub skill: f64,
    /// How far he leans to the left, in logits.
    pub bias: f64,
    /// The weight of a tie beside two equal models.
    pub nu: f64,
}

pub struct Vote {
    pub question: u32,
    pub annotator: u32,
    /// What he said, on his screen.
    pub said: Said,
    /// Whether response 2 stood on the left.
    pub swapped: bool,
    /// The models of response 1 and response 2.
    models: [u32; 2],
}

pub struct Project {
    pub votes: Vec<Vote>,
    /// By question, its prompt.
    pub prompts: Vec<u32>,
}

/// What a vote depends on besides who casts it.
#[derive(Clone, Copy)]
pub struct Seen {
    /// The lead of response 1, in logits.
    lead: f64,
    /// What the prompt makes of a tie's weight.
    ties: f64,
    /// How often both are bad.
    bad: f64,
}

impl Seen {
    /// How likely he is to say left, right or tie, with this response on the left.
    pub fn chances(&self, who: &Annotator, swapped: bool) -> [f64; 3] {
        let lead = if swapped { -self.lead } else { self.lead };
        let half = (who.skill * lead + who.bias) / 2.0;
        let raw = [half.exp(), (-half).exp(), who.nu * self.ties];
        let sum: f64 = raw.iter().sum();
        raw.map(|one| one / sum * (1.0 - self.bad))
    }
}

impl Project {
    /// `clear` is by how much leads are multiplied: the larger, the more people agree.
    pub fn new(seed: u64, prompts: u32, clear: f64, who: &[Annotator; ANNOTATORS]) -> Self {
        let mut chance = Chance::new(seed);
        let mut project = Self {
            votes: Vec::new(),
            prompts: Vec::new(),
        };
        for prompt in 0..prompts {
            for (models, seen) in questions(&mut chance, clear) {
                let question = project.prompts.len() as u32;
                project.prompts.push(prompt);
                let count = 3 + chance.below(3);
                for annotator in chance.some_of(count) {
                    if chance.share() < 1.0 / 15.0 {
                        continue;
                    }
                    let swapped = chance.below(2) == 1;
                    project.votes.push(Vote {
                        question,
                        annotator: annotator as u32,
                        said: chance.said(seen.chances(&who[annotator], swapped)),
                        swapped,
                        models,
                    });
                }
            }
        }
        project
    }

    /// The votes by the response that they are for, 1 < tie < 2, with *both bad* behind where
    /// `categories` is four and left out where it is three.
    pub fn ratings(&self, categories: usize) -> Ratings {
        let votes = self.votes.iter().map(|vote| Rating {
            question: vote.question,
            annotator: vote.annotator,
            category: match vote.said {
                Said::Left => 2 * u32::from(vote.swapped),
                Said::Right => 2 * u32::from(!vote.swapped),
                Said::Tie => 1,
                Said::BothBad => 3,
            },
        });
        let votes = votes.filter(|vote| (vote.category as usize) < categories);
        Ratings::new(self.prompts.len(), ANNOTATORS, categories, votes.collect()).unwrap()
    }

    /// What an annotator said, with the prompt.
    pub fn said(&self, annotator: usize) -> Vec<(u32, Said)> {
        let own = self.votes.iter();
        let own = own.filter(|vote| vote.annotator as usize == annotator);
        own.map(|vote| (self.prompts[vote.question as usize], vote.said))
            .collect()
    }

    /// By question, how many of one annotator's votes are `counted`.
    pub fn count(&self, annotator: usize, counted: impl Fn(Said) -> bool) -> Vec<f64> {
        let mut counts = vec![0.0; self.prompts.len()];
        for vote in &self.votes {
            if vote.annotator as usize == annotator && counted(vote.said) {
                counts[vote.question as usize] += 1.0;
            }
        }
        counts
    }

    /// The votes as comparisons of models, without *both bad*.
    pub fn judgements(&self) -> Vec<Judgement> {
        let outcome = |said| match said {
            Said::Left => Some(Outcome::Left),
            Said::Right => Some(Outcome::Right),
            Said::Tie => Some(Outcome::Tie),
            Said::BothBad => None,
        };
        let votes = self.votes.iter().filter_map(|vote| {
            let [one, two] = vote.models;
            let (left, right) = if vote.swapped { (two, one) } else { (one, two) };
            Some(Judgement {
                annotator: vote.annotator,
                comparison: Comparison {
                    left,
                    right,
                    outcome: outcome(vote.said)?,
                    weight: 1.0,
                },
            })
        });
        votes.collect()
    }

    pub const fn models() -> usize {
        MODELS.len()
    }
}

/// The questions of one prompt.
pub fn questions(chance: &mut Chance, clear: f64) -> Vec<([u32; 2], Seen)> {
    let clear = clear * (0.5 * chance.normal()).exp();
    let ties = (0.4 * chance.normal()).exp();
    let bad = 0.12 * chance.share() * chance.share();
    let mut all = Vec::new();
    for _ in 0..1 + chance.below(3) {
        let one = chance.below(MODELS.len());
        let two = (one + 1 + chance.below(MODELS.len() - 1)) % MODELS.len();
        let of_pair = MODELS[one] - MODELS[two] + 0.6 * chance.normal();
        for _ in 0..1 + chance.below(3) {
            let lead = clear * (of_pair + 0.4 * chance.normal());
            all.push(([one as u32, two as u32], Seen { lead, ties, bad }));
        }
    }
    all
}

/// Where chance comes from.
pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub fn share(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, count: usize) -> usize {
        (self.share() * count as f64) as usize
    }

    /// Box and Muller's normal.
    pub fn normal(&mut self) -> f64 {
        let (length, turn) = (1.0 - self.share(), self.share());
        (-2.0 * length.ln()).sqrt() * (std::f64::consts::TAU * turn).cos()
    }

    /// So many different annotators.
    fn some_of(&mut self, count: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..ANNOTATORS).collect();
        for n in 0..count {
            let other = n + self.below(ANNOTATORS - n);
            all.swap(n, other);
        }
        all.truncate(count);
        all
    }

    fn said(&mut self, [left, right, tie]: [f64; 3]) -> Said {
        match self.share() {
            x if x < left => Said::Left,
            x if x < left + right => Said::Right,
            x if x < left + right + tie => Said::Tie,
            _ => Said::BothBad,
        }
    }
}
