//! Questions whose answer is known: checks that go to everybody, and a practice round whose answers are
//! told. Rows are added, never changed; of each question the latest stands.

use sqlx::SqliteConnection;
use tiebreak_domain::{AssignmentId, QuestionId, Role, ScreenVerdict, Sides, Verdict};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::{Project, write_log};
use crate::view::slot;

/// A known answer that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAnswer {
    /// The question.
    pub question: QuestionId,
    /// The row's own id.
    pub source_id: Option<String>,
    /// The criterion.
    pub criterion: String,
    /// The prompt's words.
    pub prompt: String,
    /// What it is for.
    pub role: Role,
    /// The answer, in data terms.
    pub verdict: Verdict,
    /// Why that is the answer.
    pub explanation: String,
}

/// A known answer to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKnown {
    /// The question.
    pub question: QuestionId,
    /// What it is for, the answer in data terms, and why; `None`: nothing any more.
    pub answer: Option<(Role, Verdict, String)>,
}

/// What somebody is told after a vote in the practice round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeAnswer {
    /// Whether the vote says so too.
    pub right: bool,
    /// The answer, on the sides on which he saw it.
    pub answer: ScreenVerdict,
    /// Why that is the answer.
    pub explanation: String,
}

impl Project {
    /// The known answers that stand, in the order in which their questions were first marked.
    pub async fn known_answers(&self) -> Result<Vec<KnownAnswer>> {
        type Row = (Uuid, Option<String>, String, String, String, String, String);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT q.id, q.source_id, c.text, o.text, k.role, k.verdict, k.explanation
             FROM known AS k
             JOIN question AS q ON q.id = k.question
             JOIN criterion AS c ON c.id = q.criterion
             JOIN pair AS p ON p.id = q.pair
             JOIN prompt AS o ON o.id = p.prompt
             WHERE k.role IS NOT NULL
             ORDER BY (SELECT min(f.at_ms) FROM known_answer AS f WHERE f.question = q.id), q.id",
        )
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(
                |(question, source_id, criterion, prompt, role, verdict, explanation)| {
                    Ok(KnownAnswer {
                        question: QuestionId::from_uuid(question),
                        source_id,
                        criterion,
                        prompt,
                        role: role.parse()?,
                        verdict: verdict.parse()?,
                        explanation,
                    })
                },
            )
            .collect()
    }

    /// Writes known answers, all or none; what stands already is not written again. Returns how many
    /// were. The log says `what` was done.
    pub async fn write_known(&self, answers: &[NewKnown], what: &str) -> Result<u64> {
        let mut tx = self.begin().await?;
        let mut written = 0;
        for new in answers {
            if write(&mut tx, self, new, written).await? {
                written += 1;
            }
        }
        if written > 0 {
            let at_ms = self.clock.now_ms();
            write_log(
                &mut tx,
                at_ms,
                "known answers",
                &format!("{what}: {written}"),
            )
            .await?;
        }
        tx.commit().await?;
        Ok(written.unsigned_abs())
    }

    /// The question that a text means: its own id, or the one that it has in the data.
    pub async fn find_question(&self, text: &str) -> Result<QuestionId> {
        let text = text.trim();
        if let Ok(id) = text.parse::<QuestionId>() {
            let there: i64 =
                sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM question WHERE id = ?)")
                    .bind(id.uuid())
                    .fetch_one(&self.read)
                    .await?;
            if there == 1 {
                return Ok(id);
            }
        }
        let found: Vec<Uuid> = sqlx::query_scalar(
            "SELECT id FROM question WHERE source_id = ? AND criterion IS NOT NULL LIMIT 100",
        )
        .bind(text.to_owned())
        .fetch_all(&self.read)
        .await?;
        match found.as_slice() {
            [one] => Ok(QuestionId::from_uuid(*one)),
            [] => Err(StoreError::NotFound {
                what: "question",
                id: text.chars().take(80).collect(),
            }),
            several => Err(StoreError::SeveralQuestions {
                id: text.chars().take(80).collect(),
                count: several.len(),
            }),
        }
    }

    /// What is told of an assignment of the practice round whose vote is on disk; `None` for any other.
    pub async fn practice_answer(
        &self,
        assignment: AssignmentId,
    ) -> Result<Option<PracticeAnswer>> {
        let row: Option<(String, String, String, String)> = sqlx::query_as(
            "SELECT a.left_side, v.verdict, k.verdict, k.explanation
             FROM assignment AS a
             JOIN vote AS v ON v.id = a.head AND v.verdict IS NOT NULL
             JOIN known AS k ON k.question = a.question AND k.role = 'practice'
             WHERE a.id = ? AND a.practice = 1",
        )
        .bind(assignment.uuid())
        .fetch_optional(&self.read)
        .await?;
        let Some((left, said, known, explanation)) = row else {
            return Ok(None);
        };
        let (said, known): (Verdict, Verdict) = (said.parse()?, known.parse()?);
        let sides = Sides { left: slot(&left)? };
        Ok(Some(PracticeAnswer {
            right: said == known,
            answer: sides.to_screen(known),
            explanation,
        }))
    }

    /// How many votes of practice rounds stand, withdrawals and changes with them in the second number.
    pub async fn practice_votes(&self) -> Result<(u64, u64)> {
        let (stand, ever): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM assignment AS a JOIN vote AS v ON v.id = a.head
                 WHERE a.practice = 1 AND v.verdict IS NOT NULL),
               (SELECT count(*) FROM assignment AS a JOIN vote AS v ON v.question = a.question
                 AND v.assignment = a.id WHERE a.practice = 1)",
        )
        .fetch_one(&self.read)
        .await?;
        Ok((stand.unsigned_abs(), ever.unsigned_abs()))
    }
}

/// Writes one row, unless it says what stands. Rows of one go keep their order by their times.
async fn write(
    db: &mut SqliteConnection,
    project: &Project,
    new: &NewKnown,
    nth: i64,
) -> Result<bool> {
    let asked: Option<(bool,)> =
        sqlx::query_as("SELECT criterion IS NOT NULL FROM question WHERE id = ?")
            .bind(new.question.uuid())
            .fetch_optional(&mut *db)
            .await?;
    match asked {
        None => {
            return Err(StoreError::NotFound {
                what: "question",
                id: new.question.to_string(),
            });
        }
        Some((false,)) => return Err(StoreError::NoCriterion),
        Some((true,)) => {}
    }
    type Row = (Option<String>, Option<String>, String, i64);
    let before: Option<Row> =
        sqlx::query_as("SELECT role, verdict, explanation, at_ms FROM known WHERE question = ?")
            .bind(new.question.uuid())
            .fetch_optional(&mut *db)
            .await?;
    let (role, verdict, explanation) = match &new.answer {
        Some((role, verdict, why)) => (Some(role.as_str()), Some(verdict.as_str()), why.as_str()),
        None => (None, None, ""),
    };
    let same = match &before {
        None => role.is_none(),
        Some((r, v, e, _)) => r.as_deref() == role && v.as_deref() == verdict && e == explanation,
    };
    if same {
        return Ok(false);
    }
    let now = project.clock.now_ms() + nth;
    let at_ms = before.map_or(now, |(.., last)| now.max(last + 1));
    let id = AssignmentId::new(at_ms, project.clock.random()).uuid();
    sqlx::query(
        "INSERT INTO known_answer (id, question, role, verdict, explanation, at_ms)
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(id)
    .bind(new.question.uuid())
    .bind(role)
    .bind(verdict)
    .bind(explanation.to_owned())
    .bind(at_ms)
    .execute(&mut *db)
    .await?;
    Ok(true)
}

/// Known answers of what is no question to vote on, and practice that comes back.
pub(crate) async fn wrong(db: &mut SqliteConnection) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(
        "SELECT 'the question ' || lower(hex(q.id)) || ' is a check or practice, and has no criterion'
         FROM known AS k JOIN question AS q ON q.id = k.question
         WHERE k.role IS NOT NULL AND q.criterion IS NULL
         UNION ALL
         SELECT 'the assignment ' || lower(hex(id)) || ' is a repeat in a practice round, which has none'
         FROM assignment WHERE repeat = 1 AND practice = 1",
    )
    .fetch_all(db)
    .await?)
}
