//! Which questions are open to an adjudicator, the worst first.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use tiebreak_agreement::{DawidSkene, EmOptions, dawid_skene};
use tiebreak_domain::{AnnotatorId, QuestionId, Verdict};
use tiebreak_store::{Predicted, PredictedBy, StandingVotes, Voter};
use ts_rs::TS;

use super::{AdjudicateOptions, own_vote};
use crate::Project;
use crate::agreement::{ANSWERS, Tables, index};
use crate::compare::model_says;
use crate::error::{CommandError, Result};
use crate::resolve::is_open;

/// How many votes there must be to disagree.
const FEWEST: u32 = 2;

/// Where a question stood in the queue, and why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct QueuePlace {
    /// Its place, from 1.
    #[ts(type = "number")]
    pub place: u64,
    /// How many were open.
    #[ts(type = "number")]
    pub open: u64,
    /// The entropy of its votes over the verdicts, in bits: 0 where all say the same.
    pub entropy: f64,
    /// The mean over its votes of −ln of what Dawid and Skene's model gave them, in nats; null
    /// where the model has nothing to say.
    pub surprise: Option<f64>,
    /// By what the queue is ordered.
    pub order: String,
    /// Where the queue goes by a reward model: which, and how far it and people part on the question.
    /// Kept with the decision, and told nobody before the question is settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<ByPrediction>,
}

/// How far a reward model and people part on a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ByPrediction {
    /// The model.
    pub model: String,
    /// Its hash.
    pub hash: String,
    /// How sure the model is (σ of the scores' difference; 1 where it gives none) times the share of
    /// votes that say something else; null where it says nothing of the question.
    pub parting: Option<f64>,
}

pub(super) struct Queue {
    pub(super) open: Vec<(QuestionId, QueuePlace)>,
    pub(super) waiting: u64,
    own: HashSet<QuestionId>,
}

impl Queue {
    /// Where a question stands, or why it is not open.
    pub(super) fn place(&self, question: QuestionId) -> Result<&QueuePlace> {
        if let Some((_, place)) = self.open.iter().find(|(id, _)| *id == question) {
            return Ok(place);
        }
        if self.own.contains(&question) {
            return Err(own_vote());
        }
        Err(CommandError::new(
            "not_open",
            format!(
                "the question {question} is not open to adjudication: it is resolved, waits for \
                 another vote, has fewer than {FEWEST} votes, or is not in this project"
            ),
        ))
    }
}

/// The open questions, worst first.
pub(super) async fn open(
    project: &Project,
    adjudicator: AnnotatorId,
    options: AdjudicateOptions,
) -> Result<Queue> {
    let votes = project.standing_votes().await?;
    let resolved: HashSet<QuestionId> = project
        .resolutions()
        .await?
        .into_iter()
        .filter(|resolution| !is_open(Some(resolution), options.over_imported))
        .map(|resolution| resolution.question)
        .collect();
    let sent_back: HashSet<QuestionId> = project.sent_back().await?.into_iter().collect();
    let tables = Tables::new(&votes)?;
    let model = dawid_skene(&tables.nominal, &EmOptions::CROWD_KIT).ok();
    let name = project.annotator(adjudicator).await?.name;
    // Somebody of the same name may be the same person: a name that came with a table, or the
    // other half of a merge.
    let himself = |voter: &Voter| voter.id == adjudicator || voter.name == name;
    let own: HashSet<QuestionId> = votes
        .votes
        .iter()
        .filter(|vote| !options.own_votes && himself(&votes.voters[vote.voter]))
        .map(|vote| votes.questions[vote.question].id)
        .collect();
    let parting = match options.by_prediction {
        true => Some(Parting::read(project).await?),
        false => None,
    };
    let mut found = Vec::new();
    let mut waiting = 0;
    for (n, counts) in counted(&votes).iter().enumerate() {
        let id = votes.questions[n].id;
        if resolved.contains(&id) || own.contains(&id) {
            continue;
        }
        if sent_back.contains(&id) {
            waiting += 1;
            continue;
        }
        if counts.iter().sum::<u32>() < FEWEST {
            continue;
        }
        let surprise = model.as_ref().map(|model| surprise(model, &tables, n));
        let parts = parting.as_ref().map(|parting| parting.of(id, counts));
        found.push((n, id, entropy(counts), surprise, parts));
    }
    found.sort_by(|a, b| {
        let surprise = |one: Option<f64>| one.unwrap_or(f64::NEG_INFINITY);
        let parts = |one: &Option<ByPrediction>| {
            let known = one.as_ref().and_then(|by| by.parting);
            known.unwrap_or(f64::NEG_INFINITY)
        };
        parts(&b.4)
            .total_cmp(&parts(&a.4))
            .then(b.2.total_cmp(&a.2))
            .then(surprise(b.3).total_cmp(&surprise(a.3)))
            .then(a.0.cmp(&b.0))
    });
    let open = found.len() as u64;
    type Found = (usize, QuestionId, f64, Option<f64>, Option<ByPrediction>);
    let place = |(at, (_, id, entropy, surprise, by)): (u64, Found)| {
        let place = QueuePlace {
            place: at,
            open,
            entropy,
            surprise,
            order: match by {
                None => "vote entropy, then Dawid-Skene surprise",
                Some(_) => {
                    "parting from a model's prediction, then vote entropy, then Dawid-Skene surprise"
                }
            }
            .to_owned(),
            by,
        };
        (id, place)
    };
    Ok(Queue {
        open: (1..).zip(found).map(place).collect(),
        waiting,
        own,
    })
}

/// What the reward model chosen for the project says, against which votes are held.
struct Parting {
    model: PredictedBy,
    said: HashMap<QuestionId, (Verdict, f64)>,
}

impl Parting {
    async fn read(project: &Project) -> Result<Self> {
        let model = project.reveal_policy().await?.model;
        let model = match (model, project.predicted_by().await?) {
            (Some(model), _) => model,
            (None, mut all) if all.len() == 1 => all.remove(0),
            _ => {
                return Err(CommandError::new(
                    "no_model",
                    "the queue cannot go by predictions: say whose, with `tiebreak reveal DIR \
                     --model NAME` or on the Project screen",
                ));
            }
        };
        let (by, all) = project.predictions().await?;
        let one = |one: &Predicted| {
            let margin = one.scores.map(|[first, second]| (first - second).abs());
            // σ of the difference; where it gives no scores, it is taken at its word.
            let sure = margin.map_or(1.0, |margin| 1.0 / (1.0 + (-margin).exp()));
            Some((one.question, (model_says(one)?, sure)))
        };
        let said = all.iter().filter(|one| by[one.by] == model);
        Ok(Self {
            said: said.filter_map(one).collect(),
            model,
        })
    }

    fn of(&self, question: QuestionId, counts: &[u32; 4]) -> ByPrediction {
        let parting = self.said.get(&question).map(|(verdict, sure)| {
            let all: u32 = counts.iter().sum();
            let others = all - counts[index(*verdict) as usize];
            sure * f64::from(others) / f64::from(all)
        });
        ByPrediction {
            model: self.model.model.name.clone(),
            hash: self.model.model.hash.clone(),
            parting,
        }
    }
}

/// By question, how many votes each verdict has, repeats left out.
fn counted(votes: &StandingVotes) -> Vec<[u32; 4]> {
    let mut counts = vec![[0; ANSWERS.len()]; votes.questions.len()];
    for vote in votes.votes.iter().filter(|vote| !vote.repeat) {
        counts[vote.question][index(vote.verdict) as usize] += 1;
    }
    counts
}

/// Shannon's entropy of the shares, in bits.
fn entropy(counts: &[u32]) -> f64 {
    let all: u32 = counts.iter().sum();
    let share = |&count: &u32| f64::from(count) / f64::from(all);
    let shares = counts.iter().filter(|count| **count > 0).map(share);
    shares.map(|p| -p * p.log2()).sum::<f64>().abs()
}

/// −(1/n) ln P(the question's n votes), by the model's priors and confusion matrices.
fn surprise(model: &DawidSkene, tables: &Tables, question: usize) -> f64 {
    let votes = tables.nominal.of(question);
    let mut likely = 0.0;
    for (truth, prior) in model.found.priors.iter().enumerate() {
        let mut joint = *prior;
        for vote in votes {
            let row = model.confusion(vote.annotator as usize, truth);
            joint *= row.map_or(0.0, |row| row[vote.category as usize]);
        }
        likely += joint;
    }
    -likely.max(f64::MIN_POSITIVE).ln() / votes.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_that_part_more_have_more_entropy() {
        assert_eq!(entropy(&[3, 0, 0, 0]), 0.0);
        assert!((entropy(&[1, 1, 0, 0]) - 1.0).abs() < 1e-12);
        assert!((entropy(&[1, 1, 1, 1]) - 2.0).abs() < 1e-12);
        assert!(entropy(&[1, 1, 1, 0]) > entropy(&[2, 1, 0, 0]));
    }
}
