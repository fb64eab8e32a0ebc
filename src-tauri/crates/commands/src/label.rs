//! Labelling: what a screen may know of the next question, and what is said of it.
//!
//! Everything here speaks in screen terms (left, right). The turn into data terms is
//! `domain::blinding`, and the store makes it inside the transaction that writes the vote.

use tiebreak_domain::{
    AnnotatorId, AssignmentId, Criterion, Next, PairId, QuestionId, QuestionView, SkipReason,
};
use tiebreak_store::{Dealt, Project, VoteToCast};

use crate::dto::{
    CriteriaReceipt, HistoryEntry, PracticeReport, Progress, UndoReceipt, VoteReceipt, VoteRequest,
};
use crate::error::{CommandError, Result};

async fn answer(project: &Project, dealt: Dealt) -> Result<Next> {
    Ok(match dealt {
        Dealt::Question(view) => Next::Question(view),
        Dealt::Nothing => Next::Done {
            done: true,
            phase: project.phase().await?,
        },
    })
}

/// The annotator's next question.
pub async fn next(project: &Project, annotator: AnnotatorId) -> Result<Next> {
    answer(project, project.next(annotator).await?).await
}

/// The question after the next, so that its media can be loaded ahead.
pub async fn peek(project: &Project, annotator: AnnotatorId) -> Result<Next> {
    answer(project, project.peek(annotator).await?).await
}

/// A question that the annotator has, or had, before him.
pub async fn at(
    project: &Project,
    annotator: AnnotatorId,
    assignment: AssignmentId,
) -> Result<QuestionView> {
    Ok(project.at(annotator, assignment).await?)
}

/// The assignment that a text means: its own id, or a question's.
pub async fn assignment(
    project: &Project,
    annotator: AnnotatorId,
    id: &str,
) -> Result<AssignmentId> {
    let assignment: AssignmentId = id.parse()?;
    if project.is_assignment(assignment.uuid()).await? {
        return Ok(assignment);
    }
    let question = QuestionId::from_uuid(assignment.uuid());
    let dealt = project.assignment_of(annotator, question).await?;
    dealt.ok_or_else(|| {
        CommandError::new(
            "not_found",
            format!(
                "{id} is no assignment, and no question that this annotator was shown: `next` \
                 shows one with its sides"
            ),
        )
    })
}

/// Casts a vote, or changes the one that stands; on disk when this returns. `app` names the
/// program and its version in the presentation.
pub async fn vote(
    project: &Project,
    annotator: AnnotatorId,
    request: VoteRequest,
    app: &str,
) -> Result<VoteReceipt> {
    const LONGEST_REASON: usize = 20_000;
    if request.rationale.chars().count() > LONGEST_REASON {
        return Err(CommandError::new(
            "long_reason",
            format!("the reason is too long: keep it under {LONGEST_REASON} characters"),
        ));
    }
    let cast = project
        .cast(
            annotator,
            &VoteToCast {
                assignment: request.assignment,
                verdict: request.verdict,
                confidence: request.confidence,
                rationale: request.rationale,
                attention: request.attention,
                app: app.to_owned(),
            },
        )
        .await?;
    // The vote is on disk: now, and in the practice round alone, the answer may be known.
    let practice = project.practice_answer(cast.assignment).await?;
    Ok(VoteReceipt {
        practice: practice.map(|p| PracticeReport {
            right: p.right,
            answer: p.answer,
            explanation: p.explanation,
        }),
        vote: cast.vote,
        supersedes: cast.supersedes,
        assignment: cast.assignment,
        question: cast.question,
        at_ms: cast.at_ms,
    })
}

/// Takes back the annotator's last act, a vote or a skip; `None` when there is none.
pub async fn undo(project: &Project, annotator: AnnotatorId) -> Result<Option<UndoReceipt>> {
    let undone = project.undo(annotator).await?;
    Ok(undone.map(|u| UndoReceipt {
        vote: u.vote,
        withdrawn: u.withdrawn,
        assignment: u.assignment,
        verdict: u.verdict,
        confidence: u.confidence,
        rationale: u.rationale,
    }))
}

/// Leaves a question without a vote, with the reason.
pub async fn skip(
    project: &Project,
    annotator: AnnotatorId,
    assignment: AssignmentId,
    reason: SkipReason,
    note: &str,
) -> Result<()> {
    Ok(project.skip(annotator, assignment, reason, note).await?)
}

/// Adds criteria that the annotator wrote for a pair; all of them or, where one is refused, none.
pub async fn criteria(
    project: &Project,
    annotator: AnnotatorId,
    pair: PairId,
    texts: &[String],
) -> Result<CriteriaReceipt> {
    let criteria = texts
        .iter()
        .map(|text| Criterion::new(text.trim()))
        .collect::<std::result::Result<Vec<_>, _>>()?;
    if criteria.is_empty() {
        return Err(tiebreak_domain::DomainError::EmptyCriterion.into());
    }
    let written = project.write_criteria(annotator, pair, &criteria).await?;
    Ok(CriteriaReceipt {
        pair,
        questions: written.questions,
        added: written.added,
    })
}

/// What the annotator did, latest first.
pub async fn history(
    project: &Project,
    annotator: AnnotatorId,
    limit: u32,
) -> Result<Vec<HistoryEntry>> {
    let done = project.history(annotator, limit).await?;
    Ok(done
        .into_iter()
        .map(|d| HistoryEntry {
            assignment: d.assignment,
            question: d.question,
            pair: d.pair,
            criterion: d.criterion,
            verdict: d.verdict,
            confidence: d.confidence,
            rationale: d.rationale,
            skipped: d.skipped,
            at_ms: d.at_ms,
        })
        .collect())
}

/// How far the annotator is.
pub async fn progress(project: &Project, annotator: AnnotatorId) -> Result<Progress> {
    let s = project.standing(annotator).await?;
    let (guideline, guideline_told) = project.guideline_news(annotator).await?;
    Ok(Progress {
        guideline,
        guideline_told,
        practice_done: s.practice_done,
        practice: s.practice,
        practice_open: s.practice_open,
        done: s.done,
        skipped: s.skipped,
        total: s.total,
        per_hour: s.per_hour,
    })
}
