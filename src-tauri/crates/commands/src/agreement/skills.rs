//! A ranking that knows who judged: how well each annotator tells the models apart, and how far he
//! leans to one side of the screen.

use std::collections::BTreeMap;

use serde::Serialize;
use tiebreak_agreement::{
    AgreementError, Comparison, Judgement, Outcome, SkillOptions, Skilled, skilled,
};
use tiebreak_domain::{AnnotatorId, Slot};
use tiebreak_store::{StandingVote, StandingVotes};
use ts_rs::TS;

use super::rankings::{REACH, because, gather};
use super::report::{Coefficient, Estimate};
use super::tables::Tables;
use crate::error::Result;

/// The last step solves a system of as many equations as there are unknowns: more take minutes.
const MOST_UNKNOWNS: usize = 1_500;

/// What the ranking finds of one annotator.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct JudgeReport {
    /// Who.
    pub annotator: AnnotatorId,
    /// The name.
    pub name: String,
    /// How well he tells models apart: 1 is the crowd, 0 a coin, below 0 prefers the worse.
    pub skill: Coefficient,
    /// How far he leans to the left side of the screen, in logits: above 0 to the left.
    pub side_bias: Coefficient,
}

/// Bradley and Terry's model with a skill and a side bias for every annotator, and ties.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SkilledReport {
    /// By model, its strength in logits, the mean of all being 0.
    pub models: BTreeMap<String, Coefficient>,
    /// Those who made a comparison that counts.
    pub annotators: Vec<JudgeReport>,
    /// How readily two models tie, where there are ties.
    pub nu: Option<f64>,
    /// The log-likelihood, without the penalty.
    pub log_likelihood: f64,
    /// Turns of the fit.
    #[ts(type = "number")]
    pub rounds: u64,
    /// What was fitted and how its intervals come about, in words.
    pub method: String,
}

/// What the ranking finds, or why it finds nothing.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(untagged)]
pub enum SkilledOutcome {
    /// What it finds.
    Found(Box<SkilledReport>),
    /// There is nothing to find.
    Undefined {
        /// "because …".
        undefined: String,
    },
}

pub(super) fn of(votes: &StandingVotes, tables: &Tables) -> Result<SkilledOutcome> {
    let originals = votes.votes.iter().filter(|vote| !vote.repeat);
    let originals: Vec<&StandingVote> = originals.collect();
    let verdicts = originals.iter().map(|vote| (vote.question, vote.verdict));
    let gathered = gather(votes, tables, verdicts);
    let (models, people) = (gathered.models.len(), votes.voters.len());
    let unknowns = models + 1 + 2 * people;
    if unknowns > MOST_UNKNOWNS {
        let undefined = format!(
            "because {models} models and {people} annotators have {unknowns} unknowns, more than \
             the {MOST_UNKNOWNS} that are fitted together"
        );
        return Ok(SkilledOutcome::Undefined { undefined });
    }
    let mut judgements = Vec::new();
    let mut sided = vec![false; people];
    for (comparison, &at) in gathered.comparisons.iter().zip(&gathered.places) {
        let vote = originals[at];
        sided[vote.voter] |= vote.left.is_some();
        judge(vote, comparison, &mut judgements);
    }
    match skilled(models, people, &judgements, &SkillOptions::default()) {
        Err(AgreementError::Unranked(why)) => Ok(SkilledOutcome::Undefined {
            undefined: because(&why, &gathered.models),
        }),
        Err(other) => Err(other.into()),
        Ok(found) => {
            let mut compared = vec![0_u64; models];
            for comparison in &gathered.comparisons {
                compared[comparison.left as usize] += 1;
                compared[comparison.right as usize] += 1;
            }
            let names = gathered.models.iter().copied().zip(compared).collect();
            let report = report(votes, names, &sided, &found);
            Ok(SkilledOutcome::Found(Box::new(report)))
        }
    }
}

/// The vote as it was cast, left against right. Where nobody knows on which side a response stood, the
/// comparison counts half in either order: it then says nothing of a bias.
fn judge(vote: &StandingVote, comparison: &Comparison, into: &mut Vec<Judgement>) {
    let annotator = u32::try_from(vote.voter).unwrap_or(u32::MAX);
    let mut add = |turned: bool, weight: f64| {
        let mut comparison = Comparison {
            weight,
            ..*comparison
        };
        if turned {
            std::mem::swap(&mut comparison.left, &mut comparison.right);
            comparison.outcome = match comparison.outcome {
                Outcome::Left => Outcome::Right,
                Outcome::Right => Outcome::Left,
                Outcome::Tie => Outcome::Tie,
            };
        }
        into.push(Judgement {
            annotator,
            comparison,
        });
    };
    match vote.left {
        Some(left) => add(left == Slot::Response2, 1.0),
        None => [false, true]
            .into_iter()
            .for_each(|turned| add(turned, 0.5)),
    }
}

/// `models`: each with how often it was compared.
fn report(
    votes: &StandingVotes,
    models: Vec<(&str, u64)>,
    sided: &[bool],
    found: &Skilled,
) -> SkilledReport {
    let strengths = found.logits.iter().zip(&found.standard_errors);
    let mut annotators = Vec::new();
    for ((voter, judge), sided) in votes.voters.iter().zip(&found.judges).zip(sided) {
        let Some(judge) = judge else { continue };
        let n = judge.comparisons.round() as u64;
        annotators.push(JudgeReport {
            annotator: voter.id,
            name: voter.name.clone(),
            skill: normal(judge.skill, judge.skill_se, n),
            side_bias: if *sided {
                normal(judge.bias, judge.bias_se, n)
            } else {
                Coefficient::undefined("no vote says on which side a response stood")
            },
        });
    }
    let options = SkillOptions::default();
    SkilledReport {
        models: models
            .into_iter()
            .zip(strengths)
            .map(|((name, n), (&value, &se))| (name.to_owned(), normal(value, se, n)))
            .collect(),
        annotators,
        nu: found.nu,
        log_likelihood: found.log_likelihood,
        rounds: found.rounds as u64,
        method: format!(
            "the log-likelihood is maximised with normal priors: skills about 1 (spread {}), side \
             biases about 0 ({}), strengths and the logarithm of nu about 0 ({}); intervals are 1.96 \
             standard errors from its second derivatives and take votes as independent",
            options.skill_spread, options.bias_spread, options.strength_spread
        ),
    }
}

fn normal(value: f64, se: f64, n: u64) -> Coefficient {
    let ci = se
        .is_finite()
        .then_some([value - REACH * se, value + REACH * se]);
    let se = se.is_finite().then_some(se);
    Coefficient::Defined(Estimate { value, ci, n, se })
}
