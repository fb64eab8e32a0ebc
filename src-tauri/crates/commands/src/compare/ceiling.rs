//! What people themselves reach: each vote against what most of the others said, and the models
//! against the very same targets, before any filter by consensus.

use std::collections::HashMap;

use tiebreak_agreement::share_in_clusters;
use tiebreak_domain::{QuestionId, Verdict};
use tiebreak_store::StandingVotes;

use super::answers::Answers;
use super::truth::Truths;
use crate::agreement::Coefficient;

/// How many others there must be to be held against.
const FEWEST: usize = 2;

pub(super) struct Ceiling {
    pub(super) people: Coefficient,
    pub(super) targets: u64,
    /// By model, in the order given.
    pub(super) models: Vec<Coefficient>,
}

/// What most of the others said, where somebody voted.
struct Target {
    question: QuestionId,
    prompt: u32,
    said: Verdict,
    others: Verdict,
}

pub(super) fn of(votes: &StandingVotes, truths: &Truths, models: &[Answers<'_>]) -> Ceiling {
    let targets = targets(votes, truths);
    let right = |target: &Target| (target.prompt, target.said == target.others);
    let people: Vec<(u32, bool)> = targets.iter().map(right).collect();
    let model = |model: &Answers<'_>| {
        let said: HashMap<QuestionId, Option<Verdict>> = model
            .answers
            .iter()
            .map(|one| (one.question, one.verdict))
            .collect();
        let case = |target: &Target| {
            let verdict = said.get(&target.question)?;
            Some((target.prompt, *verdict == Some(target.others)))
        };
        let cases: Vec<(u32, bool)> = targets.iter().filter_map(case).collect();
        told(
            &cases,
            "it answered none of the questions that people are held against",
        )
    };
    Ceiling {
        people: told(&people, "no question has votes of three people"),
        targets: targets.len() as u64,
        models: models.iter().map(model).collect(),
    }
}

fn targets(votes: &StandingVotes, truths: &Truths) -> Vec<Target> {
    let mut targets = Vec::new();
    for (question, said) in votes.questions.iter().zip(votes.on_each()) {
        let said: Vec<Verdict> = said.iter().map(|vote| vote.verdict).collect();
        for (n, &own) in said.iter().enumerate().filter(|_| said.len() > FEWEST) {
            let others = said.iter().enumerate().filter(|(other, _)| *other != n);
            let others: Vec<Verdict> = others.map(|(_, verdict)| *verdict).collect();
            // *Both bad* is no answer that a model can give.
            if let Some(leading) = leading(&others).filter(|v| *v != Verdict::BothBad) {
                targets.push(Target {
                    question: question.id,
                    prompt: truths.prompt(question.id),
                    said: own,
                    others: leading,
                });
            }
        }
    }
    targets
}

/// The verdict with the most votes; none where several have as many.
pub(crate) fn leading(said: &[Verdict]) -> Option<Verdict> {
    let count = |verdict: Verdict| said.iter().filter(|one| **one == verdict).count();
    let most = Verdict::ALL.into_iter().map(count).max()?;
    let mut first = Verdict::ALL
        .into_iter()
        .filter(|verdict| count(*verdict) == most);
    let leading = first.next();
    leading.filter(|_| first.next().is_none())
}

/// The share that is right; prompts are clusters.
pub(super) fn told(cases: &[(u32, bool)], why_none: &str) -> Coefficient {
    match cases {
        [] => Coefficient::undefined(why_none),
        cases => Coefficient::own(share_in_clusters(cases)),
    }
}
