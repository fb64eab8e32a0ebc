//! What an adjudicator sees and does: a question on sides of his own, his decision before the votes
//! are shown, a question sent back, a guideline flagged. Rows are added, never changed.

use sqlx::SqliteConnection;
use tiebreak_domain::{
    AdjudicationId, AnnotatorId, AssignmentId, Confidence, ContentHasher, Decision, PairId,
    QuestionId, QuestionView, Sides, Verdict, VoteId,
};
use uuid::Uuid;

use crate::criterion_edits::MEANS_SINCE;
use crate::error::{Result, StoreError};
use crate::project::Project;
use crate::resolutions;
use crate::view;

/// A vote that stands, for somebody who decides over it. No name goes with it.
#[derive(Debug, Clone, PartialEq)]
pub struct VoteOn {
    /// The vote.
    pub vote: VoteId,
    /// Who cast it: to keep a voter from adjudicating, not to be shown.
    pub annotator: AnnotatorId,
    /// What was said, in data terms.
    pub verdict: Verdict,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why.
    pub rationale: String,
    /// How the question stood; null where the vote came with a table.
    pub presentation: serde_json::Value,
    /// Whether it was cast after its voter was shown a prediction of the question.
    pub after_reveal: bool,
}

/// What an adjudicator decided before he saw the votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blind {
    /// The act.
    pub id: AdjudicationId,
    /// What was decided, in data terms.
    pub decision: Decision,
    /// Why, if he said so.
    pub reason: String,
    /// How the question stood in the queue, as JSON.
    pub queue: String,
    /// Whether he had decided on the question before and so seen its votes: it was settled then, and
    /// taken back.
    pub knew_votes: bool,
}

/// What is to be kept of a decision made before the votes are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlindToKeep {
    /// Which question.
    pub question: QuestionId,
    /// What was decided, in data terms.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// How the question stood in the queue, as JSON.
    pub queue: String,
    /// How it stood on the screen, as JSON.
    pub presentation: String,
}

/// What may be done with a question instead of deciding it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aside {
    /// Another vote is wanted first.
    SentBack,
    /// The guideline should say something about it.
    Flagged,
}

impl Aside {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SentBack => "sent_back",
            Self::Flagged => "flagged",
        }
    }
}

impl Project {
    /// The question on the sides drawn for this adjudicator.
    pub async fn adjudicator_view(
        &self,
        adjudicator: AnnotatorId,
        question: QuestionId,
    ) -> Result<(QuestionView, Sides)> {
        let mut db = self.read.acquire().await?;
        let sides = self
            .adjudicator_sides(&mut db, adjudicator, question)
            .await?;
        let mut place = ContentHasher::new("adjudicator's place");
        place
            .bytes(adjudicator.uuid().as_bytes())
            .bytes(question.uuid().as_bytes());
        let place = AssignmentId::from_uuid(place.finish());
        Ok((
            view::on_sides(&mut db, question, sides, place).await?,
            sides,
        ))
    }

    async fn adjudicator_sides(
        &self,
        db: &mut SqliteConnection,
        adjudicator: AnnotatorId,
        question: QuestionId,
    ) -> Result<Sides> {
        let pair: Option<Uuid> = sqlx::query_scalar("SELECT pair FROM question WHERE id = ?")
            .bind(question.uuid())
            .fetch_optional(&mut *db)
            .await?;
        let pair = pair.ok_or_else(|| StoreError::NotFound {
            what: "question",
            id: question.to_string(),
        })?;
        let pair = PairId::from_uuid(pair);
        Ok(Sides::draw_for_adjudicator(self.seed(), pair, adjudicator))
    }

    /// The votes on a question that stand, repeats left out, in no order that tells who cast them. A
    /// second thought, cast after a prediction was shown, comes behind the vote before it.
    pub async fn votes_on(&self, question: QuestionId) -> Result<Vec<VoteOn>> {
        type Row = (Uuid, Uuid, String, Option<i64>, String, String, bool);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT v.id, v.annotator, v.verdict, v.confidence, v.rationale, v.presentation, 0
             FROM independent AS a JOIN vote AS v ON v.id = a.vote
             WHERE a.question = ?1 AND a.repeat = 0
             UNION ALL
             SELECT v.id, v.annotator, v.verdict, v.confidence, v.rationale, v.presentation, 1
             FROM standing AS a JOIN vote AS v ON v.id = a.head
             WHERE a.question = ?1 AND a.repeat = 0
               AND EXISTS (SELECT 1 FROM informed AS i WHERE i.id = v.id)",
        )
        .bind(question.uuid())
        .fetch_all(&self.read)
        .await?;
        let mut votes = rows
            .into_iter()
            .map(
                |(vote, annotator, verdict, confidence, rationale, presentation, after_reveal)| {
                    Ok(VoteOn {
                        vote: VoteId::from_uuid(vote),
                        annotator: AnnotatorId::from_uuid(annotator),
                        verdict: verdict.parse()?,
                        confidence: confidence.map(Confidence::new).transpose()?,
                        rationale,
                        presentation: serde_json::from_str(&presentation)
                            .map_err(StoreError::corrupt)?,
                        after_reveal,
                    })
                },
            )
            .collect::<Result<Vec<_>>>()?;
        votes.sort_by_key(|vote| (shuffle(question, vote.annotator), vote.after_reveal));
        Ok(votes)
    }

    /// What this adjudicator decided blind about a question that is still to be settled.
    pub async fn blind_decision(
        &self,
        adjudicator: AnnotatorId,
        question: QuestionId,
    ) -> Result<Option<Blind>> {
        let mut db = self.read.acquire().await?;
        blind(&mut db, adjudicator, question).await
    }

    /// Keeps a decision made before the votes are shown; on disk when this returns.
    pub async fn decide_blind(
        &self,
        adjudicator: AnnotatorId,
        kept: &BlindToKeep,
    ) -> Result<AdjudicationId> {
        if kept.decision == Decision::Verdict(Verdict::BothBad) && !self.both_bad {
            return Err(StoreError::NoBothBad);
        }
        let mut tx = self.begin().await?;
        if let Some(before) = blind(&mut tx, adjudicator, kept.question).await? {
            return Err(StoreError::DecidedAlready(before.id.to_string()));
        }
        let sides = self
            .adjudicator_sides(&mut tx, adjudicator, kept.question)
            .await?;
        let id = AdjudicationId::new(self.clock.now_ms(), self.clock.random());
        let at_ms = resolutions::after(&mut tx, kept.question, self.clock.now_ms()).await?;
        sqlx::query(
            "INSERT INTO adjudication (id, question, adjudicator, act, verdict, dropped, reason,
                                       left_side, queue, presentation, at_ms)
             VALUES (?, ?, ?, 'blind', ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id.uuid())
        .bind(kept.question.uuid())
        .bind(adjudicator.uuid())
        .bind(kept.decision.verdict().map(Verdict::as_str))
        .bind(kept.decision.dropped().map(|reason| reason.as_str()))
        .bind(kept.reason.clone())
        .bind(sides.left.as_str())
        .bind(kept.queue.clone())
        .bind(kept.presentation.clone())
        .bind(at_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Sends a question back for another vote, or flags the guideline.
    pub async fn set_aside(
        &self,
        adjudicator: AnnotatorId,
        question: QuestionId,
        aside: Aside,
        reason: &str,
    ) -> Result<AdjudicationId> {
        let mut tx = self.begin().await?;
        let sides = self
            .adjudicator_sides(&mut tx, adjudicator, question)
            .await?;
        let id = AdjudicationId::new(self.clock.now_ms(), self.clock.random());
        // How many votes there were: it waits until there are more.
        let sql = format!("SELECT {VOTES_THAT_STAND}").replace('%', "?1");
        let votes: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(question.uuid())
            .fetch_one(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO adjudication (id, question, adjudicator, act, reason, left_side, queue,
                                       at_ms)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id.uuid())
        .bind(question.uuid())
        .bind(adjudicator.uuid())
        .bind(aside.as_str())
        .bind(reason.to_owned())
        .bind(sides.left.as_str())
        .bind(serde_json::json!({ "votes": votes }).to_string())
        .bind(self.clock.now_ms())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Questions that were sent back and have no more votes than they had then.
    pub async fn sent_back(&self) -> Result<Vec<QuestionId>> {
        let sql = format!(
            "SELECT question FROM adjudication AS s WHERE act = 'sent_back'
               AND at_ms > coalesce({MEANS_SINCE}, -1)
             GROUP BY question HAVING max(json_extract(queue, '$.votes')) >= {VOTES_THAT_STAND}"
        )
        .replace('%', "s.question");
        let ids: Vec<Uuid> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_all(&self.read)
            .await?;
        Ok(ids.into_iter().map(QuestionId::from_uuid).collect())
    }
}

/// How many people's votes on the question `%` count.
const VOTES_THAT_STAND: &str = "(SELECT count(*) FROM independent AS a
    WHERE a.question = % AND a.repeat = 0)";

/// An order of a question's voters that is another one for every question.
fn shuffle(question: QuestionId, annotator: AnnotatorId) -> Uuid {
    let mut hasher = ContentHasher::new("order of votes");
    hasher
        .bytes(question.uuid().as_bytes())
        .bytes(annotator.uuid().as_bytes());
    hasher.finish()
}

async fn blind(
    db: &mut SqliteConnection,
    adjudicator: AnnotatorId,
    question: QuestionId,
) -> Result<Option<Blind>> {
    type Row = (Uuid, Option<String>, Option<String>, String, String, bool);
    let since = MEANS_SINCE.replace('%', "?1");
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT id, verdict, dropped, reason, queue, EXISTS (SELECT 1 FROM adjudication AS e
             WHERE e.question = ?1 AND e.adjudicator = ?2 AND e.act = 'blind'
               AND e.at_ms < d.at_ms)
         FROM adjudication AS d
         WHERE question = ?1 AND adjudicator = ?2 AND act = 'blind' AND at_ms > coalesce(
           (SELECT max(at_ms) FROM resolution WHERE question = ?1), -1)
           AND at_ms > coalesce({since}, -1)
         ORDER BY at_ms DESC, id DESC LIMIT 1"
    )))
    .bind(question.uuid())
    .bind(adjudicator.uuid())
    .fetch_optional(&mut *db)
    .await?;
    let Some((id, verdict, dropped, reason, queue, knew_votes)) = row else {
        return Ok(None);
    };
    let decision = Decision::of(verdict.as_deref(), dropped.as_deref())?
        .ok_or_else(|| StoreError::corrupt("a decision without content"))?;
    Ok(Some(Blind {
        id: AdjudicationId::from_uuid(id),
        decision,
        reason,
        queue,
        knew_votes,
    }))
}
