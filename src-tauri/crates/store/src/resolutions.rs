//! Final verdicts of questions, with where they came from.

use sqlx::SqliteConnection;
use tiebreak_domain::{ContentHasher, QuestionId, ResolutionId, Verdict};
use uuid::Uuid;

use crate::error::Result;

/// The id of a label that came with the data: of its content, so that everybody who imports the
/// file holds the same row.
pub(crate) fn imported_id(
    question: QuestionId,
    verdict: Verdict,
    supersedes: Option<Uuid>,
) -> ResolutionId {
    let mut hasher = ContentHasher::new("imported resolution");
    hasher
        .bytes(question.uuid().as_bytes())
        .text(verdict.as_str())
        .bytes(supersedes.unwrap_or_default().as_bytes());
    ResolutionId::from_uuid(hasher.finish())
}

/// Writes the label that came with the data for a question the project knew already; a label that
/// has changed in the data supersedes the imported one. `false` when nothing is new.
pub(crate) async fn import(
    db: &mut SqliteConnection,
    question: QuestionId,
    verdict: Verdict,
    at_ms: i64,
) -> Result<bool> {
    let stands: Option<(Uuid, String)> = sqlx::query_as(
        "SELECT r.id, r.verdict FROM resolution AS r
         WHERE r.question = ? AND r.rule = 'imported'
           AND NOT EXISTS (SELECT 1 FROM resolution AS s WHERE s.supersedes = r.id)
         ORDER BY r.id DESC LIMIT 1",
    )
    .bind(question.uuid())
    .fetch_optional(&mut *db)
    .await?;
    let supersedes = match stands {
        Some((_, said)) if said == verdict.as_str() => return Ok(false),
        other => other.map(|(id, _)| id),
    };
    let done = sqlx::query(
        "INSERT INTO resolution (id, supersedes, question, verdict, rule, at_ms)
         VALUES (?, ?, ?, ?, 'imported', ?) ON CONFLICT (id) DO NOTHING",
    )
    .bind(imported_id(question, verdict, supersedes).uuid())
    .bind(supersedes)
    .bind(question.uuid())
    .bind(verdict.as_str())
    .bind(at_ms)
    .execute(&mut *db)
    .await?;
    Ok(done.rows_affected() == 1)
}
