//! Criteria that annotators write: each becomes a question of its own for everybody who sees the
//! pair, but nobody sees another's while he writes his own.

use sqlx::SqliteConnection;
use tiebreak_domain::{AnnotatorId, Criterion, Pair, PairId, Phase, QuestionId};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::phases;
use crate::project::Project;
use crate::queue::{Place, assigned, order_of};

/// What came of criteria written for a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The questions, in the order of the texts.
    pub questions: Vec<QuestionId>,
    /// How many of them are new.
    pub added: u64,
}

impl Project {
    /// Whether any pair has a step in which people write criteria.
    pub async fn waits_for_criteria(&self) -> Result<bool> {
        let found: i64 =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM question WHERE criterion IS NULL)")
                .fetch_one(&self.read)
                .await?;
        Ok(found == 1)
    }

    /// Adds criteria to a pair. Where the pair asks for criteria, the annotator's step of writing
    /// is done with it. Those who have passed the pair get the new questions next; those who have
    /// yet to write their own get them after.
    pub async fn write_criteria(
        &self,
        annotator: AnnotatorId,
        pair: PairId,
        criteria: &[Criterion],
    ) -> Result<Written> {
        let mut tx = self.begin().await?;
        phases::only_in(&mut tx, Phase::Write).await?;
        let mut written = Written {
            questions: Vec::new(),
            added: 0,
        };
        for criterion in criteria {
            let (question, new) = self.ask(&mut tx, annotator, pair, criterion).await?;
            written.questions.push(question);
            written.added += u64::from(new);
        }
        self.writing_is_done(&mut tx, annotator, pair).await?;
        tx.commit().await?;
        Ok(written)
    }

    /// The pair's question under a criterion that somebody wrote, made if there is none.
    pub(crate) async fn ask(
        &self,
        db: &mut SqliteConnection,
        author: AnnotatorId,
        pair: PairId,
        criterion: &Criterion,
    ) -> Result<(QuestionId, bool)> {
        if let Some(known) = same_question(db, pair, criterion).await? {
            return Ok((QuestionId::from_uuid(known), false));
        }
        let place: Option<(i64, i64, Option<String>)> = sqlx::query_as(
            "SELECT pair_position, max(ordinal),
                    (SELECT f.source_id FROM question AS f JOIN import AS i ON i.id = f.import
                      WHERE f.pair = ?1 AND f.row IS NOT NULL
                      ORDER BY i.file, f.row, f.id LIMIT 1)
             FROM question WHERE pair = ?1 GROUP BY pair_position",
        )
        .bind(pair.uuid())
        .fetch_optional(&mut *db)
        .await?;
        let (position, last, source_id) = place.ok_or_else(|| StoreError::NotFound {
            what: "pair",
            id: pair.to_string(),
        })?;
        let id = Pair::question_id(pair, Some(criterion.id()), source_id.as_deref());
        sqlx::query(
            "INSERT INTO criterion (id, text, author, created_ms) VALUES (?, ?, ?, ?)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(criterion.id().uuid())
        .bind(criterion.text().to_owned())
        .bind(author.uuid())
        .bind(self.clock.now_ms())
        .execute(&mut *db)
        .await?;
        sqlx::query(
            "INSERT INTO question (id, pair, pair_position, ordinal, criterion, source_id)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(id.uuid())
        .bind(pair.uuid())
        .bind(position)
        .bind(last + 1)
        .bind(criterion.id().uuid())
        .bind(source_id)
        .execute(&mut *db)
        .await?;
        self.deal_to_those_past(db, id).await?;
        Ok((id, true))
    }

    /// Everybody whose queue has gone past the pair of a new question gets it at once: who was dealt
    /// something of it and is at another pair by now. Who is still at it gets the question in its
    /// turn, and who has yet to write criteria of his own for the pair gets it after that.
    pub(crate) async fn deal_to_those_past(
        &self,
        db: &mut SqliteConnection,
        question: QuestionId,
    ) -> Result<()> {
        // Where there are phases, the queues look at all pairs again when voting begins.
        if phases::phase(db)
            .await?
            .is_some_and(|now| now != Phase::Vote)
        {
            return Ok(());
        }
        let pair: Uuid = sqlx::query_scalar("SELECT pair FROM question WHERE id = ?")
            .bind(question.uuid())
            .fetch_one(&mut *db)
            .await?;
        let past: Vec<Uuid> = sqlx::query_scalar(
            "SELECT DISTINCT n.id FROM question AS q
             JOIN assignment AS a ON a.question = q.id AND a.repeat = 0 AND a.practice = 0
             JOIN annotator AS n ON n.id = a.annotator
             WHERE q.pair = ?1 AND n.dealt_order IS NOT NULL AND n.dealt_pair IS NOT ?1
               AND NOT EXISTS (SELECT 1 FROM question AS s WHERE s.pair = ?1
                 AND s.criterion IS NULL AND NOT EXISTS (SELECT 1 FROM assignment AS w
                   WHERE w.annotator = n.id AND w.question = s.id))
             ORDER BY n.dealt_order",
        )
        .bind(pair)
        .fetch_all(&mut *db)
        .await?;
        for annotator in past {
            let annotator = AnnotatorId::from_uuid(annotator);
            let order = order_of(db, annotator).await?;
            if self.deals(PairId::from_uuid(pair), order) {
                assigned(db, annotator, question, Place::OfPair, self).await?;
            }
        }
        Ok(())
    }

    async fn writing_is_done(
        &self,
        db: &mut SqliteConnection,
        annotator: AnnotatorId,
        pair: PairId,
    ) -> Result<()> {
        let step: Option<Uuid> = sqlx::query_scalar(
            "SELECT id FROM question WHERE pair = ? AND criterion IS NULL LIMIT 1",
        )
        .bind(pair.uuid())
        .fetch_optional(&mut *db)
        .await?;
        if let Some(step) = step {
            let step = QuestionId::from_uuid(step);
            let id = assigned(db, annotator, step, Place::OfPair, self).await?;
            crate::votes::point(db, id.uuid(), "written", None, Some(self.clock.now_ms())).await?;
        }
        Ok(())
    }
}

/// The pair's question under the same sentence, whatever row it came from.
async fn same_question(
    db: &mut SqliteConnection,
    pair: PairId,
    criterion: &Criterion,
) -> Result<Option<Uuid>> {
    Ok(sqlx::query_scalar(
        "SELECT id FROM question WHERE pair = ? AND criterion = ? ORDER BY ordinal LIMIT 1",
    )
    .bind(pair.uuid())
    .bind(criterion.id().uuid())
    .fetch_optional(&mut *db)
    .await?)
}
