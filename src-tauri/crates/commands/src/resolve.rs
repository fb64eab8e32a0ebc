//! Final verdicts by rule, in bulk, with a preview of what each rule would do; and taking any
//! resolution back. Votes are read, never touched.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::json;
use tiebreak_agreement::{DawidSkene, EmOptions, Leading, dawid_skene};
use tiebreak_domain::{Decision, Outcome, QuestionId, ResolutionId, Rule, Verdict, decide};
use tiebreak_store::{NewResolution, Resolution, StandingVote, StandingVotes};
use ts_rs::TS;

use crate::Project;
use crate::agreement::{ANSWERS, Tables};
use crate::error::{CommandError, Result};

/// A rule that resolves questions in bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ResolveRule {
    /// All votes say the same.
    Unanimous,
    /// More than half of the votes say the same.
    Majority,
    /// Dawid and Skene's model gives one verdict at least the probability p.
    DawidSkene,
}

impl ResolveRule {
    /// All, in the order in which a preview lists them.
    pub const ALL: [Self; 3] = [Self::Unanimous, Self::Majority, Self::DawidSkene];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unanimous => "unanimous",
            Self::Majority => "majority",
            Self::DawidSkene => "dawid_skene",
        }
    }
}

/// What to resolve.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct ResolveRequest {
    /// By which rule.
    pub rule: ResolveRule,
    /// How likely a verdict must be for Dawid and Skene's rule, 0.5 to 1.
    pub p: f64,
    /// How many votes a question must have.
    pub min_votes: u32,
    /// Whether labels that came with the data may be superseded.
    pub over_imported: bool,
}

impl Default for ResolveRequest {
    fn default() -> Self {
        Self {
            rule: ResolveRule::Majority,
            p: 0.9,
            min_votes: 2,
            over_imported: false,
        }
    }
}

/// What a rule does, or would do.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct RuleOutcome {
    /// The rule.
    pub rule: ResolveRule,
    /// How many questions it resolves.
    #[ts(type = "number")]
    pub resolves: u64,
    /// How many get which verdict.
    #[ts(type = "Record<string, number>")]
    pub by_verdict: BTreeMap<Verdict, u64>,
    /// How many it leaves, by reason: `resolved_already`, `too_few_votes`, `no_consensus`,
    /// `below_p`.
    #[ts(type = "Record<string, number>")]
    pub leaves: BTreeMap<String, u64>,
    /// What was written goes by this id and can be reversed by it; null in a preview, and where
    /// nothing was written.
    pub batch: Option<String>,
}

/// What each rule would do, with nothing written.
///
/// # Errors
/// p or the number of votes is out of bounds; the project cannot be read.
pub async fn preview(project: &Project, request: &ResolveRequest) -> Result<Vec<RuleOutcome>> {
    let ground = Ground::read(project, request).await?;
    let outcome = |rule| {
        let (outcome, _) = ground.apply(&ResolveRequest {
            rule,
            ..request.clone()
        });
        outcome
    };
    Ok(ResolveRule::ALL.into_iter().map(outcome).collect())
}

/// Resolves every question that the rule decides and nobody has; all in one transaction.
///
/// # Errors
/// As [`preview`]; the project cannot be written.
pub async fn run(project: &Project, request: &ResolveRequest) -> Result<RuleOutcome> {
    let ground = Ground::read(project, request).await?;
    let (mut outcome, new) = ground.apply(request);
    let (over, rule) = (request.over_imported, request.rule.as_str());
    (outcome.resolves, outcome.batch) = in_batch(project, new, over, "resolve", rule).await?;
    Ok(outcome)
}

/// Writes resolutions of questions that are still open, all in one transaction, and logs it as
/// `what` by `rule`: how many, and the id by which all of them can be reversed, if there are any.
pub(crate) async fn in_batch(
    project: &Project,
    mut new: Vec<NewResolution>,
    over_imported: bool,
    what: &str,
    rule: &str,
) -> Result<(u64, Option<String>)> {
    let batch = project.new_act().to_string();
    for one in &mut new {
        one.provenance["batch"] = json!(batch);
    }
    let open = move |_: &NewResolution, stands: Option<&Resolution>| is_open(stands, over_imported);
    let written = project.resolve(new, open).await?.len();
    if written == 0 {
        return Ok((0, None));
    }
    project
        .log(what, &format!("{rule}: {written} questions"))
        .await?;
    Ok((written as u64, Some(batch)))
}

/// Whether a question may still be resolved.
pub(crate) fn is_open(stands: Option<&Resolution>, over_imported: bool) -> bool {
    stands.is_none_or(|stands| over_imported && stands.rule == "imported")
}

/// What all rules look at.
struct Ground {
    votes: StandingVotes,
    model: Option<DawidSkene>,
    standing: HashMap<QuestionId, Resolution>,
    /// Whether the project has that verdict.
    both_bad: bool,
}

impl Ground {
    async fn read(project: &Project, request: &ResolveRequest) -> Result<Self> {
        if !(0.5..=1.0).contains(&request.p) {
            return Err(CommandError::new(
                "bad_value",
                format!(
                    "p is {}: give a probability from 0.5 to 1, below which a question stays open",
                    request.p
                ),
            ));
        }
        if request.min_votes == 0 {
            return Err(CommandError::new(
                "bad_value",
                "a question without votes cannot be resolved by rule: ask for 1 vote at least",
            ));
        }
        let votes = project.standing_votes().await?;
        let tables = Tables::new(&votes)?;
        let model = dawid_skene(&tables.nominal, &EmOptions::CROWD_KIT).ok();
        let standing = project.resolutions().await?;
        let standing = standing.into_iter().map(|r| (r.question, r)).collect();
        Ok(Self {
            votes,
            model,
            standing,
            both_bad: project.settings().await?.both_bad,
        })
    }

    fn apply(&self, request: &ResolveRequest) -> (RuleOutcome, Vec<NewResolution>) {
        let mut outcome = RuleOutcome {
            rule: request.rule,
            resolves: 0,
            by_verdict: BTreeMap::new(),
            leaves: BTreeMap::new(),
            batch: None,
        };
        let on = self.votes.on_each();
        let mut new = Vec::new();
        for (n, question) in self.votes.questions.iter().enumerate() {
            match self.decide(n, question.id, &on[n], request) {
                Err(reason) => *outcome.leaves.entry(reason.to_owned()).or_default() += 1,
                Ok((verdict, likely)) => {
                    *outcome.by_verdict.entry(verdict).or_default() += 1;
                    outcome.resolves += 1;
                    new.push(resolution(question.id, verdict, likely, &on[n], request));
                }
            }
        }
        (outcome, new)
    }

    /// The verdict by the rule, with its probability where the rule has one, or why there is none.
    fn decide(
        &self,
        n: usize,
        question: QuestionId,
        votes: &[&StandingVote],
        request: &ResolveRequest,
    ) -> std::result::Result<(Verdict, Option<f64>), &'static str> {
        if !is_open(self.standing.get(&question), request.over_imported) {
            return Err("resolved_already");
        }
        if votes.len() < request.min_votes as usize {
            return Err("too_few_votes");
        }
        let said: Vec<Verdict> = votes.iter().map(|vote| vote.verdict).collect();
        let counted = |rule| match decide(rule, &said) {
            Outcome::Decided(Verdict::BothBad) if !self.both_bad => Err("no_consensus"),
            Outcome::Decided(verdict) => Ok((verdict, None)),
            Outcome::NoVotes | Outcome::NoConsensus => Err("no_consensus"),
        };
        match request.rule {
            ResolveRule::Unanimous => counted(Rule::Unanimous),
            ResolveRule::Majority => counted(Rule::Majority),
            ResolveRule::DawidSkene => {
                let found = self.model.as_ref().map(|model| &model.found);
                let label = found.map(|found| (found.labels[n], found.posterior(n)));
                match label {
                    Some((Leading::One(answer), Some(posterior)))
                        if posterior[answer as usize] >= request.p
                            && (self.both_bad || ANSWERS[answer as usize] != Verdict::BothBad) =>
                    {
                        Ok((ANSWERS[answer as usize], Some(posterior[answer as usize])))
                    }
                    _ => Err("below_p"),
                }
            }
        }
    }
}

fn resolution(
    question: QuestionId,
    verdict: Verdict,
    likely: Option<f64>,
    votes: &[&StandingVote],
    request: &ResolveRequest,
) -> NewResolution {
    let ids: Vec<String> = votes.iter().map(|vote| vote.vote.to_string()).collect();
    let mut provenance = json!({ "votes": ids, "min_votes": request.min_votes });
    if let Some(likely) = likely {
        provenance["p"] = json!(likely);
        provenance["at_least"] = json!(request.p);
    }
    NewResolution {
        question,
        decision: Some(Decision::Verdict(verdict)),
        rule: request.rule.as_str().to_owned(),
        by: None,
        reason: String::new(),
        provenance,
    }
}

/// A resolution that stands, for its owner.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ResolutionInfo {
    /// Its id.
    #[ts(type = "string")]
    pub resolution: ResolutionId,
    /// The question.
    pub question: QuestionId,
    /// What is final.
    pub decision: Decision,
    /// By which rule.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// What it was made from and what was shown.
    #[ts(type = "unknown")]
    pub provenance: serde_json::Value,
    /// When, in milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// Every resolution that stands.
///
/// # Errors
/// The project cannot be read.
pub async fn list(project: &Project) -> Result<Vec<ResolutionInfo>> {
    let info = |r: Resolution| ResolutionInfo {
        resolution: r.id,
        question: r.question,
        decision: r.decision,
        rule: r.rule,
        reason: r.reason,
        provenance: r.provenance,
        at_ms: r.at_ms,
    };
    Ok(project.resolutions().await?.into_iter().map(info).collect())
}

/// What was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ReverseReport {
    /// How many resolutions were taken back.
    #[ts(type = "number")]
    pub reversed: u64,
    /// In how many of those questions an earlier one stands again.
    #[ts(type = "number")]
    pub restored: u64,
}

/// Takes back the resolution of a question, one by its own id, or a whole batch: what stood before
/// stands again, by a row of its own.
///
/// # Errors
/// Nothing of that id is resolved, or something else stands over it by now.
pub async fn reverse(project: &Project, id: &str, reason: &str) -> Result<ReverseReport> {
    let id: ResolutionId = id.parse()?;
    let in_batch = id.to_string();
    let standing = project.resolutions().await?;
    let mut wanted: Vec<(QuestionId, ResolutionId)> = standing
        .iter()
        .filter(|r| {
            r.id == id
                || r.question.uuid() == id.uuid()
                || (r.provenance["batch"] == in_batch && r.provenance["reverses"].is_null())
        })
        .map(|r| (r.question, r.id))
        .collect();
    wanted.sort_unstable();
    if wanted.is_empty() {
        let question = project.resolved_question(id).await?;
        let question = question.unwrap_or(QuestionId::from_uuid(id.uuid()));
        if project.restore_reopened(question, reason).await?.is_some() {
            project
                .log("reverse", "1 taken back by a changed meaning")
                .await?;
            return Ok(ReverseReport {
                reversed: 1,
                restored: 1,
            });
        }
        let over = project.resolved_question(id).await?.is_some();
        return Err(CommandError::new(
            "not_found",
            if over {
                format!(
                    "the resolution {id} does not stand any more: reverse the one over it first, \
                     by the question's id"
                )
            } else {
                format!("{id} is no question with a resolution, no resolution and no batch of some")
            },
        ));
    }
    let done = project.reverse(&wanted, reason).await?;
    let report = ReverseReport {
        reversed: done.len() as u64,
        restored: done.iter().filter(|restored| **restored).count() as u64,
    };
    project
        .log("reverse", &format!("{} resolutions", report.reversed))
        .await?;
    Ok(report)
}
