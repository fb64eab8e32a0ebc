//! Known answers: all rows of both projects stay, and of each question the latest stands, whichever
//! project is merged into which.

use sqlx::SqliteConnection;

use super::{MergeOutcome, count, run};
use crate::error::Result;

pub(super) async fn join(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    // What stood in each before tells whether they differ.
    let differ = count(
        db,
        "SELECT count(*) FROM main.known AS m JOIN
           (SELECT k.question, k.role, k.verdict FROM other.known_answer AS k
             WHERE k.id = (SELECT l.id FROM other.known_answer AS l WHERE l.question = k.question
               ORDER BY l.at_ms DESC, l.id DESC LIMIT 1)) AS o ON o.question = m.question
         WHERE o.role IS NOT m.role OR o.verdict IS NOT m.verdict",
    )
    .await?;
    outcome.known_answers = run(
        db,
        "INSERT INTO main.known_answer (id, question, role, verdict, explanation, at_ms)
         SELECT o.id, o.question, o.role, o.verdict, o.explanation, o.at_ms
         FROM other.known_answer AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.known_answer AS m WHERE m.id = o.id)
         ORDER BY o.rowid",
    )
    .await?;
    if differ > 0 {
        outcome.remark(
            "known_answers_differ",
            format!(
                "{differ} checks or practice questions have another answer or part in the two \
                 projects: of each the latest stands"
            ),
        );
    }
    Ok(())
}
