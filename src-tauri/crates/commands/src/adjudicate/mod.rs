//! Deciding what people disagree on: first blind, on sides shuffled for the adjudicator, then with
//! the votes before him. Both decisions are kept; no vote is touched, no prediction is shown; where his
//! queue goes by them, his resolutions say so.

mod notes;
mod queue;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tiebreak_domain::{
    AdjudicationId, AnnotatorId, Attention, Confidence, Decision, DropReason, MediaId,
    Presentation, QuestionId, QuestionView, ResolutionId, ScreenDecision, ScreenVerdict, Sides,
};
use tiebreak_store::{Aside, BlindToKeep, NewResolution};
use ts_rs::TS;

use crate::Project;
use crate::error::{CommandError, Result};
use crate::resolve::is_open;
pub use queue::QueuePlace;

const LONGEST_REASON: usize = 20_000;

/// Which questions are up for adjudication.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct AdjudicateOptions {
    /// Also those whose label came with the data.
    pub over_imported: bool,
    /// Also those that the adjudicator voted on himself.
    pub own_votes: bool,
    /// Those first on which the project's reward model and people part most. No prediction is shown.
    pub by_prediction: bool,
}

/// A vote as the adjudicator sees it: on his sides, without a name.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SeenVote {
    /// What was said.
    pub verdict: ScreenVerdict,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why.
    pub rationale: String,
    /// What the presentation tells, in sentences.
    pub notes: Vec<String>,
    /// Whether it is a second thought: cast after a prediction of the question was shown.
    pub after_reveal: bool,
}

/// The votes, once the adjudicator has decided without them.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Revealed {
    /// What he decided blind.
    pub blind: ScreenDecision,
    /// The reason he gave for it.
    pub reason: String,
    /// The votes, in an order that is another one for every question.
    pub votes: Vec<SeenVote>,
    /// Where the question stood in the queue, and why.
    pub queue: QueuePlace,
}

/// A question before the adjudicator.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ToAdjudicate<I = MediaId> {
    /// The question, on sides drawn for him.
    pub question: QuestionView<I>,
    /// How many questions are open, this one among them.
    #[ts(type = "number")]
    pub open: u64,
    /// The votes, if he has decided blind already.
    pub revealed: Option<Revealed>,
}

/// The answer to "what is to be decided?".
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(untagged)]
pub enum NextToAdjudicate<I = MediaId> {
    /// This question.
    Question(Box<ToAdjudicate<I>>),
    /// Nothing is open.
    Done {
        /// Always true.
        done: bool,
        /// Questions that were sent back and wait for another vote.
        #[ts(type = "number")]
        waiting: u64,
    },
}

/// A decision before the votes are shown.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[ts(optional_fields)]
pub struct DecideRequest {
    /// Which question.
    pub question: QuestionId,
    /// What is decided.
    pub decision: ScreenDecision,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// What the page measured.
    #[serde(default)]
    pub attention: Attention,
    /// Which questions are up.
    #[serde(default)]
    pub options: AdjudicateOptions,
}

/// The final decision.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[ts(optional_fields)]
pub struct SettleRequest {
    /// Which question.
    pub question: QuestionId,
    /// What is decided.
    pub decision: ScreenDecision,
    /// Why; needed for a drop, and where it is not what was decided blind.
    #[serde(default)]
    pub reason: String,
    /// Which questions are up.
    #[serde(default)]
    pub options: AdjudicateOptions,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SettleReceipt {
    /// The resolution.
    #[ts(type = "string")]
    pub resolution: ResolutionId,
    /// The question.
    pub question: QuestionId,
    /// What is final, in data terms.
    pub decision: Decision,
    /// Whether it is what was decided blind.
    pub kept: bool,
}

/// The worst question that is open: the one whose votes part most, then the one whose votes the
/// model of who errs how expected least.
///
/// # Errors
/// The project cannot be read.
pub async fn next(
    project: &Project,
    adjudicator: AnnotatorId,
    options: AdjudicateOptions,
) -> Result<NextToAdjudicate> {
    let queue = queue::open(project, adjudicator, options).await?;
    let Some((question, _)) = queue.open.first() else {
        return Ok(NextToAdjudicate::Done {
            done: true,
            waiting: queue.waiting,
        });
    };
    let open = queue.open.len() as u64;
    let (view, sides) = project.adjudicator_view(adjudicator, *question).await?;
    let revealed = revealed(project, adjudicator, &view, sides).await?;
    Ok(NextToAdjudicate::Question(Box::new(ToAdjudicate {
        question: view,
        open,
        revealed,
    })))
}

/// Keeps what the adjudicator decides without the votes, and shows them.
///
/// # Errors
/// The question is not open to him; he has decided already; the reason is too long.
pub async fn decide(
    project: &Project,
    adjudicator: AnnotatorId,
    request: DecideRequest,
    app: &str,
) -> Result<Revealed> {
    check_reason(&request.reason)?;
    let queue = queue::open(project, adjudicator, request.options).await?;
    let place = queue.place(request.question)?;
    let (view, sides) = project
        .adjudicator_view(adjudicator, request.question)
        .await?;
    let seed = project.seed().to_string();
    let mut shown = Presentation::blind(app, sides.left, seed, request.attention);
    shown.guideline_version = project.guideline_in_force().await?;
    let votes = project.votes_on(request.question).await?;
    let shown_votes: Vec<String> = votes.iter().map(|vote| vote.vote.to_string()).collect();
    let mut queue = json!(place);
    queue["votes"] = json!(shown_votes);
    let kept = BlindToKeep {
        question: request.question,
        decision: request.decision.from(sides),
        reason: request.reason,
        queue: queue.to_string(),
        presentation: json!(shown).to_string(),
    };
    project.decide_blind(adjudicator, &kept).await?;
    let revealed = revealed(project, adjudicator, &view, sides).await?;
    revealed.ok_or_else(|| CommandError::new("internal", "the decision was not found again"))
}

/// Settles a question: the decision made blind kept, or changed now that the votes are known.
///
/// # Errors
/// He has not decided blind; a reason is missing; somebody else has settled it meanwhile.
pub async fn settle(
    project: &Project,
    adjudicator: AnnotatorId,
    request: SettleRequest,
) -> Result<SettleReceipt> {
    check_reason(&request.reason)?;
    let blind = project.blind_decision(adjudicator, request.question);
    let blind = blind.await?.ok_or_else(|| {
        CommandError::new(
            "not_decided",
            "decide first, before the votes are shown: both decisions are kept",
        )
    })?;
    let (_, sides) = project
        .adjudicator_view(adjudicator, request.question)
        .await?;
    let decision = request.decision.from(sides);
    let kept = decision == blind.decision;
    let reason = if request.reason.trim().is_empty() && kept {
        blind.reason.clone()
    } else {
        request.reason
    };
    if reason.trim().is_empty() && (!kept || decision.dropped().is_some()) {
        let why = if kept {
            "a question that is dropped needs a reason: say what is wrong with it"
        } else {
            "a decision that the votes have changed needs a reason: say what convinced you"
        };
        return Err(CommandError::new("no_reason", why));
    }
    let votes = project.votes_on(request.question).await?;
    let own = votes.iter().any(|vote| vote.annotator == adjudicator);
    if own && !request.options.own_votes {
        return Err(own_vote());
    }
    let ids: Vec<String> = votes.iter().map(|vote| vote.vote.to_string()).collect();
    let (told, models) = project.shown_to(adjudicator, request.question).await?;
    let mut queue: serde_json::Value = serde_json::from_str(&blind.queue).unwrap_or_default();
    let shown = queue["votes"].take();
    let second = votes.iter().any(|vote| vote.after_reveal);
    let mut provenance = json!({
        "adjudication": blind.id.to_string(),
        "blind": blind.decision,
        "kept": kept,
        "knew_votes": blind.knew_votes,
        "shown": { "votes": shown, "predictions": models },
        "standing": ids,
        "left": sides.left,
        "own_vote": own,
        "queue": queue,
    });
    let by_prediction = !provenance["queue"]["by"].is_null();
    let saw = [(told, "shown"), (by_prediction, "queue"), (second, "votes")];
    let saw: Vec<&str> = saw
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, how)| *how)
        .collect();
    if !saw.is_empty() {
        provenance["saw_prediction"] = json!(saw);
    }
    let new = NewResolution {
        question: request.question,
        decision: Some(decision),
        rule: "adjudicator".to_owned(),
        by: Some(adjudicator),
        reason,
        provenance,
    };
    let over_imported = request.options.over_imported;
    let written = project
        .resolve(vec![new], move |_, stands| is_open(stands, over_imported))
        .await?;
    let resolution = written.first().copied().ok_or_else(|| {
        CommandError::new(
            "resolved_already",
            "this question has a resolution by now: reverse it, or, where the label came with the \
             data, allow such questions too",
        )
    })?;
    Ok(SettleReceipt {
        resolution,
        question: request.question,
        decision,
        kept,
    })
}

/// Sends a question back: it waits for another vote.
///
/// # Errors
/// No reason; no such question.
pub async fn send_back(
    project: &Project,
    adjudicator: AnnotatorId,
    question: QuestionId,
    reason: &str,
) -> Result<AdjudicationId> {
    aside(project, adjudicator, question, Aside::SentBack, reason).await
}

/// Flags that the guideline should say something about a question.
///
/// # Errors
/// No words; no such question.
pub async fn flag(
    project: &Project,
    adjudicator: AnnotatorId,
    question: QuestionId,
    words: &str,
) -> Result<AdjudicationId> {
    aside(project, adjudicator, question, Aside::Flagged, words).await
}

async fn aside(
    project: &Project,
    adjudicator: AnnotatorId,
    question: QuestionId,
    what: Aside,
    reason: &str,
) -> Result<AdjudicationId> {
    check_reason(reason)?;
    if reason.trim().is_empty() {
        return Err(CommandError::new(
            "no_reason",
            "say in a few words what is missing: the people who read it have only that",
        ));
    }
    let stands = project.resolution_of(question).await?;
    if what == Aside::SentBack && stands.is_some_and(|stands| stands.rule != "imported") {
        return Err(CommandError::new(
            "resolved_already",
            "this question is resolved: reverse its resolution before you send it back",
        ));
    }
    Ok(project
        .set_aside(adjudicator, question, what, reason.trim())
        .await?)
}

async fn revealed(
    project: &Project,
    adjudicator: AnnotatorId,
    view: &QuestionView,
    sides: Sides,
) -> Result<Option<Revealed>> {
    let blind = project.blind_decision(adjudicator, view.question).await?;
    let Some(blind) = blind else {
        return Ok(None);
    };
    let votes = project.votes_on(view.question).await?;
    let seen = votes.into_iter().map(|vote| SeenVote {
        verdict: sides.to_screen(vote.verdict),
        confidence: vote.confidence,
        notes: notes::of_vote(&vote, view, sides),
        after_reveal: vote.after_reveal,
        rationale: vote.rationale,
    });
    Ok(Some(Revealed {
        blind: blind.decision.on(sides),
        reason: blind.reason,
        votes: seen.collect(),
        // How far the model parts from people is not told before the question is settled.
        queue: QueuePlace {
            by: None,
            ..serde_json::from_str(&blind.queue).unwrap_or_default()
        },
    }))
}

fn check_reason(reason: &str) -> Result<()> {
    if reason.chars().count() <= LONGEST_REASON {
        return Ok(());
    }
    Err(CommandError::new(
        "long_reason",
        format!("the reason is too long: keep it under {LONGEST_REASON} characters"),
    ))
}

fn own_vote() -> CommandError {
    CommandError::new(
        "own_vote",
        "you voted on this question yourself: let somebody else adjudicate it, or allow \
         adjudicators their own votes",
    )
}

/// The words in which a decision is given on the command line: a verdict of the screen, or `drop:`
/// and a reason.
///
/// # Errors
/// Neither.
pub fn parse_decision(text: &str) -> Result<ScreenDecision> {
    if let Some(reason) = text.strip_prefix("drop:") {
        return Ok(ScreenDecision::Drop(reason.parse::<DropReason>()?));
    }
    Ok(ScreenDecision::Verdict(text.parse()?))
}
