//! Each annotator's queue: which question comes next, and on which sides.
//!
//! Which pair is dealt next is told by `dealing`; the questions of a pair come together. An assignment
//! is written down when it is dealt, so that a restart shows the same question on the same sides. It
//! holds its place in the annotator's own queue (`pair_position`), which runs on pair by pair in
//! whatever order they come. What comes into being behind the point that an annotator has reached (a
//! criterion that somebody writes later) is dealt to him at once and comes first; see `criteria`.
//!
//! Where the project asks for repeats, a question that is to come back is written down twice when
//! it is dealt, the second time with its sides swapped and a place some pairs later. It waits until
//! the queue has come to that place or to its end, and never follows its original.

use sqlx::{AssertSqlSafe, SqliteConnection};
use tiebreak_domain::{
    AnnotatorId, AssignmentId, ContentHasher, PairId, Phase, QuestionId, QuestionView, Seed, Sides,
};
use uuid::Uuid;

use crate::dealing::deal_one;
use crate::error::{Result, StoreError};
use crate::project::Project;
use crate::{phases, view};

/// How many pairs later a repeat comes.
pub(crate) const REPEAT_AFTER: i64 = 20;
/// A repeat stands behind the questions of the pair at its place.
pub(crate) const REPEAT_ORDINAL: i64 = 1 << 20;

/// The practice round stands before everything else in a queue.
pub(crate) const PRACTICE_PLACE: i64 = -(1 << 20);

/// The first number that nobody has: one that was given on comes first.
const FREE_NUMBER: &str = "(SELECT min(free) FROM (SELECT 0 AS free UNION ALL
       SELECT dealt_order + 1 FROM annotator WHERE dealt_order IS NOT NULL)
     WHERE free NOT IN (SELECT dealt_order FROM annotator WHERE dealt_order IS NOT NULL))";

/// Where a question stands in somebody's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// At the place of its pair; at the queue's end where the pair has none.
    OfPair,
    /// At this place.
    At(i64),
    /// In the practice round, as the question of this number.
    Practice(i64),
}

/// What the queue gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dealt {
    /// This question.
    Question(Box<QuestionView>),
    /// Nothing is left.
    Nothing,
}

impl Project {
    /// The annotator's next question: the first open one, or the next of the data.
    pub async fn next(&self, annotator: AnnotatorId) -> Result<Dealt> {
        self.deal(annotator, 0).await
    }

    /// The question after the next, so that a screen can load its media ahead.
    pub async fn peek(&self, annotator: AnnotatorId) -> Result<Dealt> {
        self.deal(annotator, 1).await
    }

    async fn deal(&self, annotator: AnnotatorId, ahead: i64) -> Result<Dealt> {
        // Most of the time the answer stands already: no need for the write lock.
        let mut reader = self.read.acquire().await?;
        let phase = phases::phase(&mut reader).await?;
        if phase == Some(Phase::Review) {
            return Ok(Dealt::Nothing);
        }
        if let Some(id) = open(&mut reader, annotator, ahead, false, phase).await? {
            return Ok(Dealt::Question(Box::new(
                view::view(&mut reader, id).await?,
            )));
        }
        drop(reader);
        let mut tx = self.begin().await?;
        while open(&mut tx, annotator, ahead, false, phase)
            .await?
            .is_none()
        {
            if !deal_one(&mut tx, annotator, self, phase).await? {
                break;
            }
        }
        let found = match open(&mut tx, annotator, ahead, false, phase).await? {
            None => open(&mut tx, annotator, ahead, true, phase).await?,
            found => found,
        };
        let dealt = match found {
            Some(id) => Dealt::Question(Box::new(view::view(&mut tx, id).await?)),
            None => Dealt::Nothing,
        };
        tx.commit().await?;
        Ok(dealt)
    }

    /// A question that the annotator has, or had, before him.
    pub async fn at(
        &self,
        annotator: AnnotatorId,
        assignment: AssignmentId,
    ) -> Result<QuestionView> {
        let mut reader = self.read.acquire().await?;
        own(&mut reader, annotator, assignment.uuid()).await?;
        view::view(&mut reader, assignment.uuid()).await
    }

    /// The annotator's assignment of a question, if it was dealt to him: nobody can speak of
    /// sides that he has not seen.
    pub async fn assignment_of(
        &self,
        annotator: AnnotatorId,
        question: QuestionId,
    ) -> Result<Option<AssignmentId>> {
        let id: Option<Uuid> = sqlx::query_scalar(
            "SELECT id FROM assignment WHERE annotator = ? AND question = ?
             ORDER BY repeat LIMIT 1",
        )
        .bind(annotator.uuid())
        .bind(question.uuid())
        .fetch_optional(&self.read)
        .await?;
        Ok(id.map(AssignmentId::from_uuid))
    }

    /// Whether there is an assignment with this id.
    pub async fn is_assignment(&self, id: Uuid) -> Result<bool> {
        let found: i64 =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM assignment WHERE id = ?)")
                .bind(id)
                .fetch_one(&self.read)
                .await?;
        Ok(found == 1)
    }
}

/// Refuses an assignment that is not the annotator's.
pub(crate) async fn own(
    db: &mut SqliteConnection,
    annotator: AnnotatorId,
    assignment: Uuid,
) -> Result<()> {
    let owner: Option<Uuid> = sqlx::query_scalar("SELECT annotator FROM assignment WHERE id = ?")
        .bind(assignment)
        .fetch_optional(&mut *db)
        .await?;
    match owner {
        None => Err(StoreError::NotFound {
            what: "assignment",
            id: AssignmentId::from_uuid(assignment).to_string(),
        }),
        Some(owner) if owner != annotator.uuid() => Err(StoreError::NotYours),
        Some(_) => Ok(()),
    }
}

/// The annotator's open assignment after `ahead` others. A repeat counts once its place in the
/// queue has come (or, `at_end`, whatever its place), while its original is answered and was not
/// the last thing the annotator did.
async fn open(
    db: &mut SqliteConnection,
    annotator: AnnotatorId,
    ahead: i64,
    at_end: bool,
    phase: Option<Phase>,
) -> Result<Option<Uuid>> {
    Ok(sqlx::query_scalar(
        "SELECT id FROM assignment AS a WHERE annotator = ?1 AND state = 'open' AND (repeat = 0 OR (
           (?3 OR pair_position <= (SELECT dealt_position FROM annotator WHERE id = ?1))
           AND EXISTS (SELECT 1 FROM assignment AS o WHERE o.annotator = ?1
             AND o.question = a.question AND o.repeat = 0 AND o.state = 'voted')
           AND question IS NOT (SELECT question FROM assignment WHERE annotator = ?1
             AND acted_ms IS NOT NULL ORDER BY acted_ms DESC, id DESC LIMIT 1)))
           AND EXISTS (SELECT 1 FROM question AS q WHERE q.id = a.question AND q.same_as IS NULL
             AND (?4 IS NULL OR (q.criterion IS NULL) = ?4))
         ORDER BY pair_position, ordinal LIMIT 1 OFFSET ?2",
    )
    .bind(annotator.uuid())
    .bind(ahead)
    .bind(at_end)
    .bind(phase.map(|phase| phase == Phase::Write))
    .fetch_optional(&mut *db)
    .await?)
}

/// Whether the annotator is to see the question twice: drawn from the project's seed, at the share
/// that the project sets.
pub(crate) async fn repeats(
    db: &mut SqliteConnection,
    project: &Project,
    annotator: AnnotatorId,
    question: QuestionId,
) -> Result<bool> {
    let percent: Option<String> = sqlx::query_scalar(
        "SELECT value FROM setting WHERE key = 'repeat_percent'
           AND (SELECT criterion FROM question WHERE id = ?) IS NOT NULL",
    )
    .bind(question.uuid())
    .fetch_optional(&mut *db)
    .await?;
    let percent: u64 = percent.and_then(|p| p.parse().ok()).unwrap_or(0);
    let mut hasher = ContentHasher::new("repeat");
    hasher
        .text(&project.seed().to_string())
        .bytes(annotator.uuid().as_bytes())
        .bytes(question.uuid().as_bytes());
    let drawn = hasher.finish().as_u128() % 100;
    Ok(drawn < u128::from(percent))
}

pub(crate) async fn add_repeat(
    db: &mut SqliteConnection,
    project: &Project,
    first: AssignmentId,
) -> Result<()> {
    let id = AssignmentId::new(project.clock.now_ms(), project.clock.random());
    sqlx::query(
        "INSERT INTO assignment (id, annotator, question, pair_position, ordinal, left_side, repeat,
                                 state)
         SELECT ?, annotator, question, pair_position + ?, ordinal + ?,
                CASE left_side WHEN 'response1' THEN 'response2' ELSE 'response1' END, 1, 'open'
         FROM assignment WHERE id = ?
         ON CONFLICT (annotator, question, repeat) DO NOTHING",
    )
    .bind(id.uuid())
    .bind(REPEAT_AFTER)
    .bind(REPEAT_ORDINAL)
    .bind(first.uuid())
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// The annotator's assignment of a question; made, open, if there is none.
pub(crate) async fn assigned(
    db: &mut SqliteConnection,
    annotator: AnnotatorId,
    question: QuestionId,
    place: Place,
    project: &Project,
) -> Result<AssignmentId> {
    let known: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM assignment WHERE annotator = ? AND question = ? AND repeat = 0",
    )
    .bind(annotator.uuid())
    .bind(question.uuid())
    .fetch_optional(&mut *db)
    .await?;
    if let Some(id) = known {
        return Ok(AssignmentId::from_uuid(id));
    }
    let found: Option<(Uuid, i64)> =
        sqlx::query_as("SELECT pair, ordinal FROM question WHERE id = ?")
            .bind(question.uuid())
            .fetch_optional(&mut *db)
            .await?;
    let (pair, ordinal) = found.ok_or_else(|| StoreError::NotFound {
        what: "question",
        id: question.to_string(),
    })?;
    let left = sides_of(db, annotator, PairId::from_uuid(pair), project).await?;
    let (position, ordinal, practice) = match place {
        Place::OfPair => (place_of(db, annotator, pair).await?, ordinal, false),
        Place::At(position) => (position, ordinal, false),
        Place::Practice(number) => (PRACTICE_PLACE, number, true),
    };
    let id = AssignmentId::new(project.clock.now_ms(), project.clock.random());
    sqlx::query(
        "INSERT INTO assignment (id, annotator, question, pair_position, ordinal, left_side, state,
                                 practice)
         VALUES (?, ?, ?, ?, ?, ?, 'open', ?)",
    )
    .bind(id.uuid())
    .bind(annotator.uuid())
    .bind(question.uuid())
    .bind(position)
    .bind(ordinal)
    .bind(left)
    .bind(practice)
    .execute(&mut *db)
    .await?;
    sqlx::query("UPDATE annotator SET dealt_position = max(dealt_position, ?) WHERE id = ?")
        .bind(position)
        .bind(annotator.uuid())
        .execute(&mut *db)
        .await?;
    Ok(id)
}

/// The place of a pair in the annotator's queue; the one after the last where it has none yet.
async fn place_of(db: &mut SqliteConnection, annotator: AnnotatorId, pair: Uuid) -> Result<i64> {
    let place: Option<i64> = sqlx::query_scalar(
        "SELECT coalesce(
           (SELECT min(a.pair_position) FROM question AS q CROSS JOIN assignment AS a
              ON a.annotator = ?1 AND a.question = q.id AND a.repeat = 0 AND a.practice = 0
            WHERE q.pair = ?2),
           dealt_position + 1) FROM annotator WHERE id = ?1",
    )
    .bind(annotator.uuid())
    .bind(pair)
    .fetch_optional(&mut *db)
    .await?;
    place.ok_or_else(|| StoreError::NoAnnotator(annotator.to_string()))
}

/// On which sides the annotator sees a pair: as he saw it before, else drawn.
async fn sides_of(
    db: &mut SqliteConnection,
    annotator: AnnotatorId,
    pair: PairId,
    project: &Project,
) -> Result<String> {
    let before: Option<String> = sqlx::query_scalar(
        // From the pair, whose questions are few: not from all that he was dealt.
        "SELECT a.left_side FROM question AS q
         CROSS JOIN assignment AS a ON a.question = q.id AND a.annotator = ? AND a.repeat = 0
         WHERE q.pair = ? LIMIT 1",
    )
    .bind(annotator.uuid())
    .bind(pair.uuid())
    .fetch_optional(&mut *db)
    .await?;
    if let Some(left) = before {
        return Ok(left);
    }
    let order = order_of(db, annotator).await?;
    let place = project.place(pair, order).unwrap_or(order);
    Ok(draw(project.seed(), pair, place).left.as_str().to_owned())
}

/// As which number, from 0, the annotator joined those who are dealt questions.
pub(crate) async fn order_of(db: &mut SqliteConnection, annotator: AnnotatorId) -> Result<i64> {
    sqlx::query(AssertSqlSafe(format!(
        "UPDATE annotator SET dealt_order = {FREE_NUMBER} WHERE id = ? AND dealt_order IS NULL"
    )))
    .bind(annotator.uuid())
    .execute(&mut *db)
    .await?;
    let order: Option<i64> = sqlx::query_scalar("SELECT dealt_order FROM annotator WHERE id = ?")
        .bind(annotator.uuid())
        .fetch_optional(&mut *db)
        .await?
        .flatten();
    order.ok_or_else(|| StoreError::NoAnnotator(annotator.to_string()))
}

/// As which number the annotator joined, or would join: who only looks takes no place.
pub(crate) async fn order_to_be(db: &mut SqliteConnection, annotator: AnnotatorId) -> Result<i64> {
    Ok(sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT coalesce((SELECT dealt_order FROM annotator WHERE id = ?), {FREE_NUMBER})"
    )))
    .bind(annotator.uuid())
    .fetch_one(db)
    .await?)
}

pub(crate) fn draw(seed: Seed, pair: PairId, order: i64) -> Sides {
    Sides::draw(seed, pair, u32::try_from(order).unwrap_or(u32::MAX))
}

impl Project {
    /// Whether a pair is for the annotator who joined as number `order`: all are, unless the project
    /// deals each to some of its people.
    pub(crate) fn deals(&self, pair: PairId, order: i64) -> bool {
        self.overlap.is_none() || self.place(pair, order).is_some()
    }

    /// The annotator's place among those who see the pair, where the project deals it to some.
    fn place(&self, pair: PairId, order: i64) -> Option<i64> {
        let order = u32::try_from(order).ok()?;
        self.overlap?.place(self.seed(), pair, order).map(i64::from)
    }
}
