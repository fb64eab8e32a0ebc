//! Whether a model may stand in for a person: the alternative annotator test on the votes that stand.

use std::collections::HashMap;

use serde::Serialize;
use tiebreak_agreement::{AltItem, AltOptions, AltTest, alt_test};
use tiebreak_domain::{AnnotatorId, QuestionId, Verdict};
use tiebreak_store::{StandingVotes, Voter};
use ts_rs::TS;

use super::answers::Answers;
use super::truth::Truths;
use crate::agreement::Coefficient;

/// The model against one person.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct AltPersonReport {
    /// Who.
    pub annotator: AnnotatorId,
    /// The name.
    pub name: String,
    /// Questions on which the two were held against the others.
    #[ts(type = "number")]
    pub n: u64,
    /// How often the model is as near to the others as the person, or nearer.
    pub advantage_model: Option<f64>,
    /// How often the person is as near to the others as the model, or nearer.
    pub advantage_human: Option<f64>,
    /// Of Student's one-sided test.
    pub p_value: Option<f64>,
    /// The same by Benjamini and Yekutieli.
    pub p_adjusted: Option<f64>,
    /// Whether the model wins; null where the person shares too few questions to be tested against.
    pub won: Option<bool>,
}

/// What the alternative annotator test says of a model.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct AltReport {
    /// The share of people whom the model wins over.
    pub omega: Coefficient,
    /// The mean over people of how often the model is as near to the others as the person, or nearer.
    pub rho: Coefficient,
    /// What a person's cost is worth: the penalty in the test.
    pub epsilon: f64,
    /// Which share of wins may be false.
    pub q: f64,
    /// Whether ω reaches one half; null where it is undefined.
    pub passes: Option<bool>,
    /// The people, those with too few questions last.
    pub annotators: Vec<AltPersonReport>,
    /// The answer in words.
    pub says: String,
}

/// What people said of each question, as the test takes it.
pub(super) struct AltVotes<'a> {
    voters: &'a [Voter],
    items: Vec<(QuestionId, AltItem)>,
}

impl<'a> AltVotes<'a> {
    pub(super) fn of(votes: &'a StandingVotes, truths: &Truths) -> Self {
        let of_question = |(question, said): (&tiebreak_store::VotedQuestion, Vec<_>)| {
            let said: Vec<&tiebreak_store::StandingVote> = said;
            let people = said
                .iter()
                .map(|vote| (vote.voter as u32, place(vote.verdict)));
            let item = AltItem {
                cluster: truths.prompt(question.id),
                people: people.collect(),
                model: None,
            };
            (question.id, item)
        };
        let questions = votes.questions.iter().zip(votes.on_each());
        Self {
            voters: &votes.voters,
            items: questions.map(of_question).collect(),
        }
    }

    pub(super) fn test(&self, model: &Answers<'_>, epsilon: f64) -> AltReport {
        let options = AltOptions {
            epsilon,
            ..AltOptions::default()
        };
        if !model.could_tie {
            let why = "it had to choose in this run, and people could say tie";
            return undefined(&options, why.to_owned());
        }
        let said: HashMap<QuestionId, Option<Verdict>> = model
            .answers
            .iter()
            .map(|a| (a.question, a.verdict))
            .collect();
        let items: Vec<AltItem> = self
            .items
            .iter()
            .filter_map(|(question, item)| {
                let mut item = item.clone();
                item.model = said.get(question)?.map(place);
                Some(item)
            })
            .collect();
        match alt_test(&items, &options) {
            Err(why) => undefined(&options, why.to_string()),
            Ok(found) => self.told(&found, &options),
        }
    }

    fn told(&self, found: &AltTest, options: &AltOptions) -> AltReport {
        let won = found.people.iter().filter(|person| person.won).count();
        let passes = found.winning_rate >= 0.5;
        let voter = |place: u32| &self.voters[place as usize];
        let tested = found.people.iter().map(|person| AltPersonReport {
            annotator: voter(person.annotator).id,
            name: voter(person.annotator).name.clone(),
            n: person.items as u64,
            advantage_model: Some(person.model_as_near),
            advantage_human: Some(person.person_as_near),
            p_value: Some(person.probability),
            p_adjusted: Some(person.adjusted),
            won: Some(person.won),
        });
        let few = found.too_few.iter().map(|&(who, n)| AltPersonReport {
            annotator: voter(who).id,
            name: voter(who).name.clone(),
            n: n as u64,
            advantage_model: None,
            advantage_human: None,
            p_value: None,
            p_adjusted: None,
            won: None,
        });
        AltReport {
            omega: Coefficient::bare(found.winning_rate, found.people.len() as u64),
            rho: Coefficient::own(Ok(found.advantage)),
            epsilon: options.epsilon,
            q: options.level,
            passes: Some(passes),
            annotators: tested.chain(few).collect(),
            says: format!(
                "The model {} stand in for a person like these at ε = {}: it wins over {won} of {} \
                 (half are asked for), and is as near to the others as the person, or nearer, on {:.0} % \
                 of questions.",
                if passes { "may" } else { "may not" },
                options.epsilon,
                found.people.len(),
                found.advantage.value * 100.0
            ),
        }
    }
}

fn undefined(options: &AltOptions, why: String) -> AltReport {
    AltReport {
        omega: Coefficient::undefined(&why),
        rho: Coefficient::undefined(&why),
        epsilon: options.epsilon,
        q: options.level,
        passes: None,
        annotators: Vec::new(),
        says: format!("Whether the model may stand in for a person cannot be told, because {why}."),
    }
}

/// A verdict's number; *both bad* is an answer of its own.
fn place(verdict: Verdict) -> u32 {
    Verdict::ALL
        .iter()
        .position(|one| *one == verdict)
        .unwrap_or(0) as u32
}
