//! Casting, changing, withdrawing and skipping: the acts of an annotator.
//!
//! Each is one transaction. The chain of rows of an assignment is linear: every row supersedes
//! the one before, and the assignment points to the last.

use sqlx::SqliteConnection;
use tiebreak_domain::{
    AnnotatorId, AssignmentId, Attention, Confidence, Phase, Presentation, QuestionId,
    ScreenVerdict, Sides, SkipReason, Verdict, VoteId,
};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::guideline;
use crate::phases;
use crate::project::{Project, write_log};
use crate::queue::own;
use crate::reveal;
use crate::standing::STANDS;
use crate::view::slot;

/// What an annotator says of the question before him.
#[derive(Debug, Clone)]
pub struct VoteToCast {
    /// The assignment on the screen.
    pub assignment: AssignmentId,
    /// What was said of the sides.
    pub verdict: ScreenVerdict,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why.
    pub rationale: String,
    /// What the screen measured.
    pub attention: Attention,
    /// The program and its version.
    pub app: String,
}

/// A vote that is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// The vote.
    pub vote: VoteId,
    /// The row it replaced.
    pub supersedes: Option<VoteId>,
    /// The assignment.
    pub assignment: AssignmentId,
    /// The question.
    pub question: QuestionId,
    /// When.
    pub at_ms: i64,
}

/// What an undo took back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The row that withdraws a vote; `None` when a skip was taken back.
    pub vote: Option<VoteId>,
    /// The vote that no longer stands.
    pub withdrawn: Option<VoteId>,
    /// The assignment, open again.
    pub assignment: AssignmentId,
    /// What had been said.
    pub verdict: Option<ScreenVerdict>,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why.
    pub rationale: String,
}

struct Assigned {
    question: Uuid,
    left: String,
    state: String,
    head: Option<Uuid>,
}

async fn assigned(db: &mut SqliteConnection, id: Uuid) -> Result<Assigned> {
    let (question, left, state, head): (Uuid, String, String, Option<Uuid>) =
        sqlx::query_as("SELECT question, left_side, state, head FROM assignment WHERE id = ?")
            .bind(id)
            .fetch_one(&mut *db)
            .await?;
    Ok(Assigned {
        question,
        left,
        state,
        head,
    })
}

/// The version and the meaning of the criterion that a question is under now.
async fn criterion_now(
    db: &mut SqliteConnection,
    question: Uuid,
) -> Result<Option<(i64, Option<Uuid>)>> {
    Ok(sqlx::query_as(
        "SELECT c.version, c.meaning FROM question AS q JOIN criterion AS c ON c.id = q.criterion
         WHERE q.id = ?",
    )
    .bind(question)
    .fetch_optional(&mut *db)
    .await?)
}

/// A row for the chain of an assignment.
pub(crate) struct NewVote {
    pub id: VoteId,
    pub supersedes: Option<Uuid>,
    pub assignment: Uuid,
    pub question: Uuid,
    pub annotator: Uuid,
    pub criterion_version: i64,
    pub meaning: Option<Uuid>,
    pub verdict: Option<Verdict>,
    pub confidence: Option<Confidence>,
    pub rationale: String,
    pub at_ms: i64,
    pub presentation: String,
}

/// Writes the row; `false` when it was there already.
pub(crate) async fn write(db: &mut SqliteConnection, vote: &NewVote) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO vote (id, supersedes, assignment, question, annotator, criterion_version,
                           verdict, confidence, rationale, at_ms, presentation, meaning)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
    )
    .bind(vote.id.uuid())
    .bind(vote.supersedes)
    .bind(vote.assignment)
    .bind(vote.question)
    .bind(vote.annotator)
    .bind(vote.criterion_version)
    .bind(vote.verdict.map(Verdict::as_str))
    .bind(vote.confidence.map(|c| i64::from(c.level())))
    .bind(vote.rationale.clone())
    .bind(vote.at_ms)
    .bind(vote.presentation.clone())
    .bind(vote.meaning)
    .execute(&mut *db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A time after every vote and skip of the assignment, even where the system's clock was set back
/// or two acts fall into one millisecond: what stands is told by time alone, here and in a project
/// that this one is merged into.
async fn after(db: &mut SqliteConnection, assignment: Uuid, now_ms: i64) -> Result<i64> {
    let last: Option<i64> = sqlx::query_scalar(
        "SELECT max(at_ms) FROM (
           SELECT at_ms FROM vote WHERE assignment = ?1
             AND question = (SELECT question FROM assignment WHERE id = ?1)
           UNION ALL SELECT at_ms FROM skip WHERE assignment = ?1)",
    )
    .bind(assignment)
    .fetch_one(&mut *db)
    .await?;
    Ok(last.map_or(now_ms, |last| now_ms.max(last + 1)))
}

/// When an act of the annotator counts as done: now, but after everything he did before, even
/// where the system's clock was set back or two acts fall into one millisecond.
pub(crate) async fn acting(db: &mut SqliteConnection, annotator: Uuid, now_ms: i64) -> Result<i64> {
    let last: Option<i64> =
        sqlx::query_scalar("SELECT max(acted_ms) FROM assignment WHERE annotator = ?")
            .bind(annotator)
            .fetch_one(&mut *db)
            .await?;
    Ok(last.map_or(now_ms, |last| now_ms.max(last + 1)))
}

/// Sets where an assignment stands.
pub(crate) async fn point(
    db: &mut SqliteConnection,
    assignment: Uuid,
    state: &'static str,
    head: Option<Uuid>,
    acted_ms: Option<i64>,
) -> Result<()> {
    sqlx::query("UPDATE assignment SET state = ?, head = ?, acted_ms = ? WHERE id = ?")
        .bind(state)
        .bind(head)
        .bind(acted_ms)
        .bind(assignment)
        .execute(&mut *db)
        .await?;
    Ok(())
}

/// Points an assignment to a vote that came from a file: `voted` if it stands, else open again.
pub(crate) async fn point_to(
    db: &mut SqliteConnection,
    assignment: Uuid,
    head: Uuid,
    acted_ms: Option<i64>,
) -> Result<()> {
    let sql = format!(
        "UPDATE assignment SET head = v.id,
           state = CASE WHEN {STANDS} THEN 'voted' ELSE 'open' END,
           acted_ms = CASE WHEN {STANDS} THEN ?1 END
         FROM vote AS v WHERE v.id = ?2 AND assignment.id = ?3"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(acted_ms)
        .bind(head)
        .bind(assignment)
        .execute(&mut *db)
        .await?;
    Ok(())
}

impl Project {
    /// Casts a vote, or changes the one that stands. When this returns, it is on disk. Saying the
    /// same again (a key pressed twice, a request sent twice) writes nothing and answers with the
    /// vote that stands.
    pub async fn cast(&self, annotator: AnnotatorId, vote: &VoteToCast) -> Result<Cast> {
        let id = vote.assignment.uuid();
        let mut tx = self.begin().await?;
        own(&mut tx, annotator, id).await?;
        if vote.verdict == ScreenVerdict::BothBad && !self.both_bad {
            return Err(StoreError::NoBothBad);
        }
        phases::only_in(&mut tx, Phase::Vote).await?;
        let there = assigned(&mut tx, id).await?;
        let (version, meaning) = criterion_now(&mut tx, there.question)
            .await?
            .ok_or(StoreError::NoCriterion)?;
        let saw_votes: i64 = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM adjudication WHERE question = ? AND adjudicator = ?
               AND act = 'blind')",
        )
        .bind(there.question)
        .bind(annotator.uuid())
        .fetch_one(&mut *tx)
        .await?;
        if saw_votes == 1 {
            return Err(StoreError::SawVotes);
        }
        let sides = Sides {
            left: slot(&there.left)?,
        };
        let verdict = sides.to_data(vote.verdict);
        if there.state == "voted"
            && let Some(head) = there.head
            && let Some(standing) = same(&mut tx, head, verdict, vote).await?
        {
            return Ok(standing);
        }
        let at_ms = after(&mut tx, id, self.clock.now_ms()).await?;
        let mut presentation = Presentation::blind(
            &vote.app,
            sides.left,
            self.seed().to_string(),
            vote.attention.clone(),
        );
        presentation.guideline_version = guideline::in_force(&mut tx).await?;
        presentation.revealed = reveal::has_seen(&mut tx, annotator.uuid(), there.question).await?;
        presentation.reveal = reveal::recorded(&mut tx, self, annotator, id).await?;
        let row = NewVote {
            id: VoteId::new(at_ms, self.clock.random()),
            supersedes: there.head,
            assignment: id,
            question: there.question,
            annotator: annotator.uuid(),
            criterion_version: version,
            meaning,
            verdict: Some(verdict),
            confidence: vote.confidence,
            rationale: vote.rationale.clone(),
            at_ms,
            presentation: serde_json::to_string(&presentation).map_err(StoreError::corrupt)?,
        };
        write(&mut tx, &row).await?;
        let acted = acting(&mut tx, annotator.uuid(), at_ms).await?;
        point(&mut tx, id, "voted", Some(row.id.uuid()), Some(acted)).await?;
        tx.commit().await?;
        Ok(Cast {
            vote: row.id,
            supersedes: there.head.map(VoteId::from_uuid),
            assignment: vote.assignment,
            question: QuestionId::from_uuid(there.question),
            at_ms,
        })
    }

    /// Takes back the last thing the annotator did, a vote or a skip, and opens its question
    /// again. `None` when there is nothing to take back. Votes that came with a file are not his
    /// doing and stay.
    pub async fn undo(&self, annotator: AnnotatorId) -> Result<Option<Undone>> {
        let mut tx = self.begin().await?;
        let phase = phases::phase(&mut tx).await?;
        let last: Option<(Uuid, String)> = sqlx::query_as(
            // Who skipped writing criteria and has seen others' since cannot write unprompted.
            "SELECT a.id, a.state FROM assignment AS a JOIN question AS q ON q.id = a.question
             WHERE a.annotator = ?1 AND a.acted_ms IS NOT NULL AND a.state IN ('voted', 'skipped')
               AND q.same_as IS NULL
               AND (?2 IS NULL OR ?2 = CASE WHEN q.criterion IS NULL THEN 'write' ELSE 'vote' END)
               AND (q.criterion IS NOT NULL OR NOT EXISTS
                 (SELECT 1 FROM assignment AS b JOIN question AS p ON p.id = b.question
                   WHERE b.annotator = ?1 AND p.pair = q.pair AND p.criterion IS NOT NULL))
             ORDER BY a.acted_ms DESC, a.id DESC LIMIT 1",
        )
        .bind(annotator.uuid())
        .bind(phase.map(Phase::as_str))
        .fetch_optional(&mut *tx)
        .await?;
        let Some((assignment, state)) = last else {
            return Ok(None);
        };
        let undone = if state == "skipped" {
            take_back_skip(&mut tx, assignment, self.clock.now_ms()).await?
        } else {
            self.withdraw(&mut tx, annotator, assignment).await?
        };
        tx.commit().await?;
        Ok(Some(undone))
    }

    async fn withdraw(
        &self,
        db: &mut SqliteConnection,
        annotator: AnnotatorId,
        assignment: Uuid,
    ) -> Result<Undone> {
        let there = assigned(db, assignment).await?;
        let head = there
            .head
            .ok_or_else(|| StoreError::corrupt("a vote without its row"))?;
        type Row = (Option<String>, Option<i64>, String, i64, Option<Uuid>);
        let (verdict, confidence, rationale, version, meaning): Row = sqlx::query_as(
            "SELECT verdict, confidence, rationale, criterion_version, meaning FROM vote
             WHERE id = ?",
        )
        .bind(head)
        .fetch_one(&mut *db)
        .await?;
        let at_ms = after(db, assignment, self.clock.now_ms()).await?;
        let row = NewVote {
            id: VoteId::new(at_ms, self.clock.random()),
            supersedes: Some(head),
            assignment,
            question: there.question,
            annotator: annotator.uuid(),
            criterion_version: version,
            meaning,
            verdict: None,
            confidence: None,
            rationale: String::new(),
            at_ms,
            presentation: "null".to_owned(),
        };
        write(db, &row).await?;
        point(db, assignment, "open", Some(row.id.uuid()), None).await?;
        let sides = Sides {
            left: slot(&there.left)?,
        };
        let verdict = verdict.map(|v| v.parse::<Verdict>()).transpose()?;
        Ok(Undone {
            vote: Some(row.id),
            withdrawn: Some(VoteId::from_uuid(head)),
            assignment: AssignmentId::from_uuid(assignment),
            verdict: verdict.map(|v| sides.to_screen(v)),
            confidence: confidence.map(Confidence::new).transpose()?,
            rationale,
        })
    }

    /// Leaves a question without a vote, with the reason.
    pub async fn skip(
        &self,
        annotator: AnnotatorId,
        assignment: AssignmentId,
        reason: SkipReason,
        note: &str,
    ) -> Result<()> {
        let id = assignment.uuid();
        let mut tx = self.begin().await?;
        own(&mut tx, annotator, id).await?;
        let wanted = phases::phase_of(&mut tx, id).await?;
        phases::only_in(&mut tx, wanted).await?;
        let there = assigned(&mut tx, id).await?;
        if there.state == "voted" {
            return Err(StoreError::AlreadyVoted);
        }
        let at_ms = after(&mut tx, id, self.clock.now_ms()).await?;
        sqlx::query("INSERT INTO skip (assignment, reason, note, at_ms) VALUES (?, ?, ?, ?)")
            .bind(id)
            .bind(reason.as_str())
            .bind(note.to_owned())
            .bind(at_ms)
            .execute(&mut *tx)
            .await?;
        let acted = acting(&mut tx, annotator.uuid(), at_ms).await?;
        point(&mut tx, id, "skipped", there.head, Some(acted)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Moves the votes cast under one name to another, repeats with them: each is withdrawn there
    /// and written here as it was, so that nothing is changed or removed. Questions that the other
    /// has answered himself are left. Returns how many votes were moved and how many left.
    pub async fn move_votes(&self, from: AnnotatorId, to: AnnotatorId) -> Result<(u64, u64)> {
        let mut tx = self.begin().await?;
        let rows: Vec<Uuid> = sqlx::query_scalar(
            "SELECT id FROM assignment WHERE annotator = ? AND state = 'voted'
             ORDER BY repeat, pair_position, ordinal",
        )
        .bind(from.uuid())
        .fetch_all(&mut *tx)
        .await?;
        let (mut moved, mut kept) = (0, 0);
        for assignment in rows {
            if self.move_one(&mut tx, from, assignment, to).await? {
                moved += 1;
            } else {
                kept += 1;
            }
        }
        let detail = format!("{moved} votes from {from} to {to}; {kept} left");
        write_log(&mut tx, self.clock.now_ms(), "move", &detail).await?;
        tx.commit().await?;
        Ok((moved, kept))
    }

    async fn move_one(
        &self,
        db: &mut SqliteConnection,
        from: AnnotatorId,
        assignment: Uuid,
        to: AnnotatorId,
    ) -> Result<bool> {
        let target = self.twin(db, assignment, to).await?;
        let here = assigned(db, target).await?;
        if here.state == "voted" {
            return Ok(false);
        }
        let there = assigned(db, assignment).await?;
        let head = there
            .head
            .ok_or_else(|| StoreError::corrupt("a vote without its row"))?;
        // Of a second thought, the vote that counts moves first.
        let counts: Option<Uuid> =
            sqlx::query_scalar("SELECT vote FROM independent WHERE id = ? AND vote <> head")
                .bind(assignment)
                .fetch_optional(&mut *db)
                .await?;
        self.withdraw(db, from, assignment).await?;
        let (mut supersedes, mut cast_ms) = (here.head, 0);
        for vote in counts.into_iter().chain([head]) {
            let (copy, at_ms) = self.copy(db, vote, target, to, supersedes).await?;
            (supersedes, cast_ms) = (Some(copy), at_ms);
        }
        reveal::moved(db, self, from, to, there.question).await?;
        let acted = acting(db, to.uuid(), cast_ms).await?;
        point(db, target, "voted", supersedes, Some(acted)).await?;
        Ok(true)
    }

    /// Writes a vote again, as it was, under another name; answers the new row and when the old one
    /// was cast.
    async fn copy(
        &self,
        db: &mut SqliteConnection,
        vote: Uuid,
        target: Uuid,
        to: AnnotatorId,
        supersedes: Option<Uuid>,
    ) -> Result<(Uuid, i64)> {
        type Row = (
            Uuid,
            Option<String>,
            Option<i64>,
            String,
            i64,
            i64,
            String,
            Option<Uuid>,
        );
        let row: Row = sqlx::query_as(
            "SELECT question, verdict, confidence, rationale, criterion_version, at_ms,
                    presentation, meaning FROM vote WHERE id = ?",
        )
        .bind(vote)
        .fetch_one(&mut *db)
        .await?;
        let (question, verdict, confidence, rationale, version, cast_ms, presentation, meaning) =
            row;
        let row = NewVote {
            id: VoteId::new(self.clock.now_ms(), self.clock.random()),
            supersedes,
            assignment: target,
            question,
            annotator: to.uuid(),
            criterion_version: version,
            meaning,
            verdict: verdict.map(|v| v.parse()).transpose()?,
            confidence: confidence.map(Confidence::new).transpose()?,
            rationale,
            at_ms: after(db, target, cast_ms).await?,
            presentation,
        };
        write(db, &row).await?;
        Ok((row.id.uuid(), cast_ms))
    }

    /// The other annotator's assignment of the same question, on the sides on which the vote was
    /// cast, so that it reads right when it is seen again; what he has yet to answer of the pair
    /// stands on the same sides.
    async fn twin(&self, db: &mut SqliteConnection, of: Uuid, to: AnnotatorId) -> Result<Uuid> {
        let id = tiebreak_domain::AssignmentId::new(self.clock.now_ms(), self.clock.random());
        sqlx::query(
            "INSERT INTO assignment (id, annotator, question, pair_position, ordinal, left_side,
                                     repeat, state, practice)
             SELECT ?, ?, question, pair_position, ordinal, left_side, repeat, 'open', practice
             FROM assignment WHERE id = ? ON CONFLICT (annotator, question, repeat) DO NOTHING",
        )
        .bind(id.uuid())
        .bind(to.uuid())
        .bind(of)
        .execute(&mut *db)
        .await?;
        sqlx::query(
            "UPDATE assignment SET left_side = (SELECT left_side FROM assignment WHERE id = ?1)
             WHERE annotator = ?2 AND state = 'open' AND head IS NULL
               AND repeat = (SELECT repeat FROM assignment WHERE id = ?1)
               AND question IN (SELECT q.id FROM question AS q
                 JOIN question AS o ON o.pair = q.pair
                 WHERE o.id = (SELECT question FROM assignment WHERE id = ?1))",
        )
        .bind(of)
        .bind(to.uuid())
        .execute(&mut *db)
        .await?;
        Ok(sqlx::query_scalar(
            "SELECT t.id FROM assignment AS t JOIN assignment AS f
               ON f.question = t.question AND f.repeat = t.repeat
             WHERE t.annotator = ? AND f.id = ?",
        )
        .bind(to.uuid())
        .bind(of)
        .fetch_one(&mut *db)
        .await?)
    }
}

/// The vote that stands, if it says just what is said again.
async fn same(
    db: &mut SqliteConnection,
    head: Uuid,
    verdict: Verdict,
    again: &VoteToCast,
) -> Result<Option<Cast>> {
    type Row = (Option<Uuid>, Uuid, Option<String>, Option<i64>, String, i64);
    let (supersedes, question, stands, confidence, rationale, at_ms): Row = sqlx::query_as(
        "SELECT supersedes, question, verdict, confidence, rationale, at_ms FROM vote WHERE id = ?",
    )
    .bind(head)
    .fetch_one(&mut *db)
    .await?;
    let equal = stands.as_deref() == Some(verdict.as_str())
        && confidence == again.confidence.map(|c| i64::from(c.level()))
        && rationale == again.rationale;
    Ok(equal.then(|| Cast {
        vote: VoteId::from_uuid(head),
        supersedes: supersedes.map(VoteId::from_uuid),
        assignment: again.assignment,
        question: QuestionId::from_uuid(question),
        at_ms,
    }))
}

async fn take_back_skip(
    db: &mut SqliteConnection,
    assignment: Uuid,
    now_ms: i64,
) -> Result<Undone> {
    let at_ms = after(db, assignment, now_ms).await?;
    let head: Option<Uuid> = sqlx::query_scalar("SELECT head FROM assignment WHERE id = ?")
        .bind(assignment)
        .fetch_one(&mut *db)
        .await?;
    sqlx::query("INSERT INTO skip (assignment, reason, at_ms) VALUES (?, NULL, ?)")
        .bind(assignment)
        .bind(at_ms)
        .execute(&mut *db)
        .await?;
    point(db, assignment, "open", head, None).await?;
    Ok(Undone {
        vote: None,
        withdrawn: None,
        assignment: AssignmentId::from_uuid(assignment),
        verdict: None,
        confidence: None,
        rationale: String::new(),
    })
}
