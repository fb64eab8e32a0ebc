//! Votes as the arrays that statistics take. Answers stand in the order 1 < tie < 2, with *both bad*
//! behind, so that one table does for scales with and without an order.

use std::collections::HashMap;

use tiebreak_agreement::{Rating, Ratings};
use tiebreak_domain::Verdict;
use tiebreak_store::StandingVotes;

use crate::error::Result;

/// The verdicts by index.
pub(crate) const ANSWERS: [Verdict; 4] = [
    Verdict::Response1,
    Verdict::Tie,
    Verdict::Response2,
    Verdict::BothBad,
];
/// How many of them, from the first, are ordered.
pub(crate) const ORDERED: usize = 3;

pub(crate) const fn index(verdict: Verdict) -> u32 {
    match verdict {
        Verdict::Response1 => 0,
        Verdict::Tie => 1,
        Verdict::Response2 => 2,
        Verdict::BothBad => 3,
    }
}

/// The votes on some questions, repeats left out.
pub(crate) struct Tables {
    /// All answers.
    pub(crate) nominal: Ratings,
    /// Without *both bad*.
    pub(crate) ordered: Ratings,
    /// By question, the index of its prompt.
    pub(crate) prompts: Vec<u32>,
    /// How many questions have a vote.
    pub(crate) voted: u64,
    /// How many prompts have one.
    pub(crate) prompts_voted: u64,
}

impl Tables {
    pub(crate) fn new(votes: &StandingVotes) -> Result<Self> {
        Self::of(votes, |_| true)
    }

    /// The votes on questions that are wanted; the others keep their place, without votes.
    pub(crate) fn of(votes: &StandingVotes, wanted: impl Fn(usize) -> bool) -> Result<Self> {
        let mut nominal = Vec::new();
        for vote in &votes.votes {
            if !vote.repeat && wanted(vote.question) {
                nominal.push(Rating {
                    question: u32::try_from(vote.question).unwrap_or(u32::MAX),
                    annotator: u32::try_from(vote.voter).unwrap_or(u32::MAX),
                    category: index(vote.verdict),
                });
            }
        }
        let ordered: Vec<Rating> = nominal
            .iter()
            .copied()
            .filter(|rating| (rating.category as usize) < ORDERED)
            .collect();
        let (questions, voters) = (votes.questions.len(), votes.voters.len());
        let nominal = Ratings::new(questions, voters, ANSWERS.len(), nominal)?;
        let ordered = Ratings::new(questions, voters, ORDERED, ordered)?;
        let prompts = prompts(votes);
        let voted: Vec<usize> = (0..questions)
            .filter(|question| !nominal.of(*question).is_empty())
            .collect();
        let mut with_votes: Vec<u32> = voted.iter().map(|question| prompts[*question]).collect();
        with_votes.sort_unstable();
        with_votes.dedup();
        Ok(Self {
            nominal,
            ordered,
            prompts,
            voted: voted.len() as u64,
            prompts_voted: with_votes.len() as u64,
        })
    }
}

/// By question, the index of its prompt, in the order in which prompts come.
fn prompts(votes: &StandingVotes) -> Vec<u32> {
    let mut seen = HashMap::new();
    votes
        .questions
        .iter()
        .map(|question| {
            let next = u32::try_from(seen.len()).unwrap_or(u32::MAX);
            *seen.entry(question.prompt).or_insert(next)
        })
        .collect()
}
