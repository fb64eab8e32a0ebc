//! Votes that came in the rows of a table: an annotator a column, or a row a vote.

use tiebreak_domain::{AnnotatorId, Confidence, ContentHasher, PairId, QuestionId, VoteId};
use uuid::Uuid;

use super::{Intake, IntakeRow, IntakeVote, RowOutcome};
use crate::error::Result;
use crate::votes::NewVote;
use crate::{annotators, queue};

impl Intake {
    pub(super) async fn write_votes(
        &mut self,
        rows: &[IntakeRow],
        ids: &[QuestionId],
        outcomes: &mut [RowOutcome],
    ) -> Result<()> {
        for ((row, question), outcome) in rows.iter().zip(ids).zip(outcomes) {
            for vote in &row.votes {
                let annotator = self.annotator(&vote.annotator).await?;
                let pair = row.pair_id;
                let cast = self.write_vote(*question, pair, annotator, vote).await?;
                outcome.votes += u64::from(cast);
            }
        }
        Ok(())
    }

    /// The annotator that a file's name stands for: the same name in a file of the same name is
    /// the same annotator, and nobody else.
    async fn annotator(&mut self, name: &str) -> Result<AnnotatorId> {
        if let Some(known) = self.annotators.get(name) {
            return Ok(*known);
        }
        let mut hasher = ContentHasher::new("imported annotator");
        hasher.text(&self.file.to_lowercase()).text(name);
        let id = AnnotatorId::from_uuid(hasher.finish());
        let known: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM annotator WHERE id = ?)")
            .bind(id.uuid())
            .fetch_one(&mut *self.tx)
            .await?;
        if known == 0 {
            let (file, at) = (self.file.clone(), self.started_ms);
            annotators::insert(&mut self.tx, id, name, Some(&file), at).await?;
        }
        self.annotators.insert(name.to_owned(), id);
        Ok(id)
    }

    /// Writes an imported vote; one that differs from what the file said before supersedes it.
    async fn write_vote(
        &mut self,
        question: QuestionId,
        pair: PairId,
        annotator: AnnotatorId,
        vote: &IntakeVote,
    ) -> Result<bool> {
        type Known = (
            Uuid,
            Option<Uuid>,
            Option<String>,
            Option<i64>,
            Option<String>,
        );
        let known: Option<Known> = sqlx::query_as(
            "SELECT a.id, a.head, v.verdict, v.confidence, v.rationale FROM assignment AS a
             LEFT JOIN vote AS v ON v.id = a.head
             WHERE a.annotator = ? AND a.question = ? AND a.repeat = 0",
        )
        .bind(annotator.uuid())
        .bind(question.uuid())
        .fetch_optional(&mut *self.tx)
        .await?;
        let (assignment, head) = match known {
            Some((_, _, verdict, sure, why))
                if verdict.as_deref() == Some(vote.verdict.as_str())
                    && sure == vote.confidence.map(|c| i64::from(c.level()))
                    && why.as_deref() == Some(&vote.rationale) =>
            {
                return Ok(false);
            }
            Some((assignment, head, ..)) => (assignment, head),
            None => {
                let sides = queue::draw(self.project.seed(), pair, 0);
                let mut hasher = ContentHasher::new("imported assignment");
                hasher
                    .bytes(annotator.uuid().as_bytes())
                    .bytes(question.uuid().as_bytes());
                let id = hasher.finish();
                self.insert_assignment(id, question, annotator, sides.left.as_str())
                    .await?;
                (id, None)
            }
        };
        let mut hasher = ContentHasher::new("imported vote");
        hasher
            .bytes(assignment.as_bytes())
            .text(vote.verdict.as_str())
            .text(&vote.rationale)
            .bytes(&[vote.confidence.map_or(0, Confidence::level)])
            .bytes(head.unwrap_or_default().as_bytes());
        let row = NewVote {
            id: VoteId::from_uuid(hasher.finish()),
            supersedes: head,
            assignment,
            question: question.uuid(),
            annotator: annotator.uuid(),
            criterion_version: 1,
            meaning: None,
            verdict: Some(vote.verdict),
            confidence: vote.confidence,
            rationale: vote.rationale.clone(),
            at_ms: vote.at_ms,
            presentation: "null".to_owned(),
        };
        let new = crate::votes::write(&mut self.tx, &row).await?;
        crate::votes::point_to(&mut self.tx, assignment, row.id.uuid(), None).await?;
        Ok(new)
    }

    /// An assignment with a given id; its place is the question's.
    async fn insert_assignment(
        &mut self,
        id: Uuid,
        question: QuestionId,
        annotator: AnnotatorId,
        left: &'static str,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO assignment (id, annotator, question, pair_position, ordinal, left_side,
                                     state)
             SELECT ?, ?, id, pair_position, ordinal, ?, 'open' FROM question WHERE id = ?",
        )
        .bind(id)
        .bind(annotator.uuid())
        .bind(left)
        .bind(question.uuid())
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}
