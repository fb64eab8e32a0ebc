//! How far people agree, and what they agree on: the project's votes handed to the `agreement`
//! crate, and its figures put in words that say what they rest on.

mod aggregate;
mod coefficients;
mod over_time;
mod pairs;
mod people;
mod rankings;
mod report;
mod skills;
mod tables;

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use tiebreak_agreement::{AgreementError, Method, Plan};
use tiebreak_domain::{QuestionId, Role, Verdict};
use tiebreak_store::{StandingVote, StandingVotes};
use ts_rs::TS;

use crate::Project;
use crate::criteria::UNGROUPED;
use crate::error::{CommandError, Result};
pub(crate) use coefficients::{of as coefficients_of, within};
pub use over_time::{OverTime, TimeBlock};
pub use report::*;
pub use skills::{JudgeReport, SkilledOutcome, SkilledReport};
pub(crate) use tables::{ANSWERS, Tables, index};

/// What to compute.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct AgreementRequest {
    /// By what to part the questions besides all together: `task`, `criterion`, `group` (of criteria, made by hand).
    pub by: Vec<String>,
    /// Whether *both bad* is counted as a tie instead of as an answer of its own.
    pub both_bad_as_tie: bool,
    /// B, how many replicates an interval takes.
    pub replicates: u32,
    /// What the draws follow from.
    #[ts(type = "number")]
    pub seed: u64,
    /// Whether Dawid and Skene's EM runs until the likelihood stands still, instead of stopping
    /// where crowd-kit does.
    pub converge: bool,
}

impl Default for AgreementRequest {
    fn default() -> Self {
        Self {
            by: Vec::new(),
            both_bad_as_tie: false,
            replicates: 2000,
            seed: 1,
            converge: false,
        }
    }
}

/// Computes every figure from the votes that stand now.
///
/// # Errors
/// A part that is none; the project cannot be read.
pub async fn run(project: &Project, request: AgreementRequest) -> Result<AgreementReport> {
    for by in &request.by {
        if !["task", "criterion", "group", "annotator"].contains(&by.as_str()) {
            return Err(CommandError::new(
                "bad_part",
                format!(
                    "questions cannot be parted by \"{by}\": say task, criterion, group or annotator"
                ),
            ));
        }
    }
    let votes = project.standing_votes().await?;
    let known = project.known_answers().await?;
    let checks = known.into_iter().filter(|known| known.role == Role::Check);
    let checks: Checks = checks
        .map(|check| (check.question, check.verdict))
        .collect();
    // Minutes of arithmetic at worst: not on a thread that answers others.
    tokio::task::spawn_blocking(move || compute(votes, checks, &request))
        .await
        .map_err(|error| CommandError::new("internal", error.to_string()))?
}

/// The known answers of checks.
type Checks = HashMap<QuestionId, Verdict>;

fn compute(
    mut votes: StandingVotes,
    mut checks: Checks,
    request: &AgreementRequest,
) -> Result<AgreementReport> {
    let is_both_bad = |verdict| verdict == Verdict::BothBad;
    let originals = votes.votes.iter().filter(|vote| !vote.repeat);
    let both_bad = originals.filter(|vote| is_both_bad(vote.verdict)).count() as u64;
    if request.both_bad_as_tie {
        for vote in &mut votes.votes {
            if is_both_bad(vote.verdict) {
                vote.verdict = Verdict::Tie;
            }
        }
        for answer in checks.values_mut().filter(|answer| is_both_bad(**answer)) {
            *answer = Verdict::Tie;
        }
    }
    let plan = plan(request.replicates, request.seed);
    let tables = Tables::new(&votes)?;
    let (cohen_kappa, cohen_kappa_ci) = pairs::all(&votes, &tables, &plan)?;
    let (means_percent, means_kappa) = pairs::means(&tables);
    let (dawid_skene, skills) = aggregate::dawid_skene(&votes, &tables, request.converge);
    let mut by = BTreeMap::new();
    for part in &request.by {
        let key: fn(&tiebreak_store::VotedQuestion) -> &str = match part.as_str() {
            "task" => |question| &question.task,
            "criterion" => |question| &question.criterion,
            "group" => |question| question.group.as_deref().unwrap_or(UNGROUPED),
            _ => continue,
        };
        let mut parts = coefficients::by(&votes, key, &plan)?;
        if part == "group" {
            coefficients::ungrouped_last(&mut parts, &plan)?;
        }
        by.insert(part.clone(), parts);
    }
    Ok(AgreementReport {
        all: coefficients::of(&tables, &plan)?,
        mean_pairwise_percent_agreement: means_percent,
        mean_pairwise_cohen_kappa: means_kappa,
        cohen_kappa,
        cohen_kappa_ci,
        answers: tables::ANSWERS.to_vec(),
        both_bad: counted(both_bad, request.both_bad_as_tie),
        bootstrap: BootstrapReport {
            replicates: plan.replicates,
            seed: plan.seed,
            level: plan.level,
            method: "prompts drawn with replacement, all their questions and votes with them; \
                     bias-corrected and accelerated (BCa) for coefficients, percentiles for rankings, \
                     both widened by Student's t; shares of one annotator: Wilson's interval on the \
                     effective number of votes"
                .to_owned(),
        },
        annotators: people::all(&votes, &tables, &skills, &checks),
        checks: counted_checks(&votes, &checks),
        after_reveal: counted_after_reveal(&votes),
        plurality: aggregate::plurality(&tables),
        dawid_skene,
        rankings: rankings::all(&votes, &tables, &plan)?,
        over_time: over_time::of(&votes, &plan)?,
        by,
    })
}

/// How every interval of 95 % is drawn.
pub(crate) fn plan(replicates: u32, seed: u64) -> Plan {
    Plan {
        replicates,
        seed,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        level: 0.95,
        method: Method::Bca,
    }
}

fn counted_checks(votes: &StandingVotes, checks: &Checks) -> ChecksReport {
    let on_check = |vote: &&StandingVote| checks.contains_key(&votes.questions[vote.question].id);
    let originals = votes.votes.iter().filter(|vote| !vote.repeat);
    ChecksReport {
        questions: checks.len() as u64,
        votes: originals.filter(on_check).count() as u64,
        counted:
            "like other questions, in every figure: people answered them without knowing which \
                  they were. Votes of practice rounds are in none"
                .to_owned(),
    }
}

fn counted_after_reveal(votes: &StandingVotes) -> Option<AfterRevealReport> {
    (votes.second_thoughts + votes.left_out > 0).then(|| AfterRevealReport {
        second_thoughts: votes.second_thoughts,
        left_out: votes.left_out,
        counted:
            "not as independent, in no figure: in the place of a second thought counts the vote \
                  cast before the prediction was shown, and where there is none, nothing"
                .to_owned(),
    })
}

fn counted(votes: u64, as_tie: bool) -> BothBadReport {
    let counted = if as_tie {
        "as a tie, everywhere"
    } else {
        "as an answer of its own in coefficients without an order, in Dawid and Skene's model and in \
         plurality; left out of ordinal and interval coefficients, weighted kappas and rankings"
    };
    BothBadReport {
        votes,
        counted: counted.to_owned(),
    }
}

impl From<AgreementError> for CommandError {
    fn from(error: AgreementError) -> Self {
        Self::new("statistics", error.to_string())
    }
}
