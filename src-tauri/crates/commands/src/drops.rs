//! Dropping questions in bulk, as the paper's authors did before and after voting: those whose
//! criterion people could not judge by, and those on which no consensus could be reached. Nothing is
//! removed: a drop is a resolution, with provenance, and is taken back like any other.
//!
//! The paper states no rule for either (only that such rows were discarded); the rules here are
//! ours, and every report says them.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::json;
use tiebreak_domain::{Decision, DropReason, Outcome, QuestionId, Rule, Verdict, decide};
use tiebreak_store::NewResolution;
use ts_rs::TS;

use crate::Project;
use crate::error::{CommandError, Result};
use crate::resolve::in_batch;

/// Why questions are dropped in bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DropWhy {
    /// Enough people left the question as unclear.
    CriterionUnclear,
    /// Its votes are enough, and the rule finds no verdict among them.
    NoConsensus,
}

/// Which questions to drop.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct DropRequest {
    /// Why.
    pub why: DropWhy,
    /// What a consensus is: more than half of the votes, or all of them.
    pub unanimous: bool,
    /// How many votes a question must have before it can be said to lack consensus.
    pub min_votes: u32,
    /// How many people must have left a question as unclear.
    pub people: u32,
}

impl Default for DropRequest {
    fn default() -> Self {
        Self {
            why: DropWhy::NoConsensus,
            unanimous: false,
            min_votes: 2,
            people: 2,
        }
    }
}

/// What is dropped, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DropOutcome {
    /// Why.
    pub why: DropWhy,
    /// The rule, in words.
    pub rule: String,
    /// How many questions are dropped.
    #[ts(type = "number")]
    pub drops: u64,
    /// How many are left, by reason: `resolved_already`, `too_few_votes`, `consensus`,
    /// `too_few_people`.
    #[ts(type = "Record<string, number>")]
    pub leaves: BTreeMap<String, u64>,
    /// What was written goes by this id and can be reversed by it; null in a preview, and where
    /// nothing was written.
    pub batch: Option<String>,
}

/// What would be dropped, with nothing written.
///
/// # Errors
/// A number of 0; the project cannot be read.
pub async fn preview(project: &Project, request: &DropRequest) -> Result<DropOutcome> {
    Ok(look(project, request).await?.0)
}

/// Drops what the rule says, all in one transaction.
///
/// # Errors
/// As [`preview`]; the project cannot be written.
pub async fn run(project: &Project, request: &DropRequest) -> Result<DropOutcome> {
    let (mut outcome, new) = look(project, request).await?;
    let rule = outcome.rule.clone();
    (outcome.drops, outcome.batch) = in_batch(project, new, false, "drop", &rule).await?;
    Ok(outcome)
}

/// The rule in words, as reports say it.
fn in_words(request: &DropRequest) -> String {
    match (request.why, request.unanimous) {
        (DropWhy::CriterionUnclear, _) => format!(
            "{} people or more left the question as unclear and have not answered it",
            request.people
        ),
        (DropWhy::NoConsensus, false) => format!(
            "{} votes or more stand and no verdict has more than half of them",
            request.min_votes
        ),
        (DropWhy::NoConsensus, true) => format!(
            "{} votes or more stand and they are not all the same",
            request.min_votes
        ),
    }
}

async fn look(
    project: &Project,
    request: &DropRequest,
) -> Result<(DropOutcome, Vec<NewResolution>)> {
    if request.min_votes == 0 || request.people == 0 {
        return Err(CommandError::new(
            "bad_value",
            "a question that nobody said anything of cannot be dropped by rule: ask for 1 vote, or \
             1 person, at least",
        ));
    }
    let resolved: HashSet<QuestionId> =
        (project.resolutions().await?.iter().map(|r| r.question)).collect();
    let mut outcome = DropOutcome {
        why: request.why,
        rule: in_words(request),
        drops: 0,
        leaves: BTreeMap::new(),
        batch: None,
    };
    let mut new = Vec::new();
    for (question, found) in judged(project, request).await? {
        let reason = if resolved.contains(&question) {
            "resolved_already"
        } else {
            match found {
                Ok(provenance) => {
                    new.push(dropped(question, provenance, request));
                    outcome.drops += 1;
                    continue;
                }
                Err(reason) => reason,
            }
        };
        *outcome.leaves.entry(reason.to_owned()).or_default() += 1;
    }
    Ok((outcome, new))
}

type Judged = (
    QuestionId,
    std::result::Result<serde_json::Value, &'static str>,
);

/// Each question that the rule looks at: what it is dropped for, or why it is not.
async fn judged(project: &Project, request: &DropRequest) -> Result<Vec<Judged>> {
    if request.why == DropWhy::CriterionUnclear {
        let mut skips: Vec<_> = project.unclear_skips().await?.into_iter().collect();
        skips.sort_unstable();
        let judge = |people: u64| match people >= u64::from(request.people) {
            true => Ok(json!({ "unclear_to": people, "people": request.people })),
            false => Err("too_few_people"),
        };
        return Ok(skips.into_iter().map(|(q, n)| (q, judge(n))).collect());
    }
    let votes = project.standing_votes().await?;
    let on = votes.on_each();
    let rule = if request.unanimous {
        Rule::Unanimous
    } else {
        Rule::Majority
    };
    let judge = |n: usize| {
        let said = &on[n];
        if said.len() < request.min_votes as usize {
            return Err("too_few_votes");
        }
        let verdicts: Vec<Verdict> = said.iter().map(|one| one.verdict).collect();
        match decide(rule, &verdicts) {
            Outcome::Decided(_) => Err("consensus"),
            Outcome::NoVotes | Outcome::NoConsensus => {
                let ids: Vec<String> = said.iter().map(|one| one.vote.to_string()).collect();
                Ok(json!({ "votes": ids, "min_votes": request.min_votes }))
            }
        }
    };
    let questions = votes.questions.iter().enumerate();
    Ok(questions.map(|(n, q)| (q.id, judge(n))).collect())
}

fn dropped(
    question: QuestionId,
    provenance: serde_json::Value,
    request: &DropRequest,
) -> NewResolution {
    let (reason, rule) = match (request.why, request.unanimous) {
        (DropWhy::CriterionUnclear, _) => (DropReason::CriterionUnclear, "left_as_unclear"),
        (DropWhy::NoConsensus, false) => (DropReason::NoConsensus, "majority"),
        (DropWhy::NoConsensus, true) => (DropReason::NoConsensus, "unanimous"),
    };
    NewResolution {
        question,
        decision: Some(Decision::Drop(reason)),
        rule: rule.to_owned(),
        by: None,
        reason: in_words(request),
        provenance,
    }
}
