//! What the paper reports of how its benchmark was built, for a project: how many questions were
//! dropped for a vague criterion and for lack of consensus, and Krippendorff's α before and after
//! every drop, from the same arithmetic as `agreement`. The paper's own figures stand beside.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use tiebreak_agreement::Plan;
use tiebreak_domain::{Decision, DropReason, QuestionId};
use tiebreak_store::StandingVotes;
use ts_rs::TS;

use crate::Project;
use crate::agreement::{Coefficient, Tables, coefficients_of, plan, within};
use crate::error::{CommandError, Result};

/// What to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct ProtocolRequest {
    /// B, how many replicates an interval takes.
    pub replicates: u32,
    /// What the draws follow from.
    #[ts(type = "number")]
    pub seed: u64,
}

impl Default for ProtocolRequest {
    fn default() -> Self {
        Self {
            replicates: 2000,
            seed: 1,
        }
    }
}

/// The project's questions after one more reason to drop some.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ProtocolStep {
    /// `all`, then after which drop: `criterion_unclear`, `broken_item`, `no_consensus`.
    pub after: String,
    /// How many questions this step drops.
    #[ts(type = "number")]
    pub dropped: u64,
    /// Which share of all questions that is; null where there is none.
    pub share: Option<f64>,
    /// How many questions are left.
    #[ts(type = "number")]
    pub questions: u64,
    /// Of those, how many have a vote that stands.
    #[ts(type = "number")]
    pub voted: u64,
    /// Their votes, repeats left out.
    #[ts(type = "number")]
    pub votes: u64,
    /// Krippendorff's α of those votes, answers without an order.
    pub krippendorff_alpha_nominal: Coefficient,
    /// Krippendorff's α, 1 < tie < 2.
    pub krippendorff_alpha_ordinal: Coefficient,
}

/// What the paper says of Omni-RewardBench (arXiv 2510.23451v1, section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct PaperFigures {
    /// The share removed since the criterion was too vague or overly specific.
    pub vague: f64,
    /// The share removed since no consensus could be reached.
    pub no_consensus: f64,
    /// Krippendorff's α; of which scale, and before or after which drop, is not said.
    pub krippendorff_alpha: f64,
}

/// The paper's figures.
pub const PAPER: PaperFigures = PaperFigures {
    vague: 0.23,
    no_consensus: 0.15,
    krippendorff_alpha: 0.701,
};

/// How a benchmark came about.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ProtocolReport {
    /// What the project follows; null: no protocol in particular.
    pub protocol: Option<String>,
    /// Pairs that are asked under some criterion.
    #[ts(type = "number")]
    pub pairs: u64,
    /// Questions that are asked.
    #[ts(type = "number")]
    pub questions: u64,
    /// Questions in whose place another one is asked: they count nowhere here.
    #[ts(type = "number")]
    pub merged: u64,
    /// Questions that have a final verdict.
    #[ts(type = "number")]
    pub resolved: u64,
    /// Questions that are neither resolved nor dropped.
    #[ts(type = "number")]
    pub open: u64,
    /// The figures before and after every drop, each step without what those before it dropped.
    pub steps: Vec<ProtocolStep>,
    /// B, and the seed of the draws.
    pub replicates: u32,
    /// What the draws follow from.
    #[ts(type = "number")]
    pub seed: u64,
    /// The paper's own figures.
    pub paper: PaperFigures,
    /// What the paper leaves open, and what was done here.
    pub remark: String,
}

/// Reports how the benchmark came about.
///
/// # Errors
/// The project cannot be read.
pub async fn report(project: &Project, request: ProtocolRequest) -> Result<ProtocolReport> {
    let asked = project.asked_sentences().await?;
    let mut pairs: Vec<_> = asked.iter().map(|one| one.pair).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut decisions: HashMap<QuestionId, Decision> = HashMap::new();
    for resolution in project.resolutions().await? {
        decisions.insert(resolution.question, resolution.decision);
    }
    let ids: Vec<QuestionId> = asked.iter().map(|one| one.question).collect();
    let decided = ids.iter().filter_map(|id| decisions.get(id));
    let resolved = decided.filter(|d| d.dropped().is_none()).count() as u64;
    let open = ids.iter().filter(|id| !decisions.contains_key(id)).count() as u64;
    let merged = project.phase_counts().await?.merged;
    let protocol = project.settings().await?.protocol;
    let votes = project.standing_votes().await?;
    let ground = Ground {
        ids,
        decisions,
        votes,
    };
    let questions = ground.ids.len() as u64;
    // Minutes of arithmetic at worst: not on a thread that answers others.
    let steps = tokio::task::spawn_blocking(move || ground.steps(request))
        .await
        .map_err(|error| CommandError::new("internal", error.to_string()))??;
    Ok(ProtocolReport {
        protocol,
        pairs: pairs.len() as u64,
        questions,
        merged,
        resolved,
        open,
        steps,
        replicates: request.replicates,
        seed: request.seed,
        paper: PAPER,
        remark: "Shares are of all questions that are asked. The paper states no rule of consensus, \
                 and does not say on which scale, or before which drop, its α was computed: here a \
                 question is dropped where its resolution says so, and both scales are given before \
                 and after every drop."
            .to_owned(),
    })
}

struct Ground {
    ids: Vec<QuestionId>,
    decisions: HashMap<QuestionId, Decision>,
    votes: StandingVotes,
}

impl Ground {
    fn steps(&self, request: ProtocolRequest) -> Result<Vec<ProtocolStep>> {
        let plan = plan(request.replicates, request.seed);
        let drops = [
            DropReason::CriterionUnclear,
            DropReason::BrokenItem,
            DropReason::NoConsensus,
        ];
        let mut gone: Vec<DropReason> = Vec::new();
        let mut steps = vec![self.step("all", 0, &gone, &plan)?];
        for reason in drops {
            let dropped = self.count(|why| why == Some(reason));
            gone.push(reason);
            // The paper names two reasons; items that were broken are told where there are some.
            if reason != DropReason::BrokenItem || dropped > 0 {
                steps.push(self.step(reason.as_str(), dropped, &gone, &plan)?);
            }
        }
        Ok(steps)
    }

    fn why(&self, question: QuestionId) -> Option<DropReason> {
        self.decisions.get(&question).and_then(|d| d.dropped())
    }

    fn count(&self, wanted: impl Fn(Option<DropReason>) -> bool) -> u64 {
        self.ids.iter().filter(|id| wanted(self.why(**id))).count() as u64
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a project has far fewer than 2^53 questions"
    )]
    fn step(
        &self,
        after: &str,
        dropped: u64,
        gone: &[DropReason],
        plan: &Plan,
    ) -> Result<ProtocolStep> {
        let stays = |why: Option<DropReason>| why.is_none_or(|why| !gone.contains(&why));
        let votes = within(&self.votes, |question| stays(self.why(question.id)));
        let found = coefficients_of(&Tables::new(&votes)?, plan)?;
        let all = self.ids.len();
        Ok(ProtocolStep {
            after: after.to_owned(),
            dropped,
            share: (all > 0).then(|| dropped as f64 / all as f64),
            questions: self.count(stays),
            voted: found.questions,
            votes: found.votes,
            krippendorff_alpha_nominal: found.krippendorff_alpha_nominal,
            krippendorff_alpha_ordinal: found.krippendorff_alpha_ordinal,
        })
    }
}
