//! What people left without a vote, as far as it says something of the criterion.

use std::collections::HashMap;

use tiebreak_domain::QuestionId;
use uuid::Uuid;

use crate::error::Result;
use crate::project::Project;

impl Project {
    /// By question that is asked, how many people left it as unclear and did not answer it since.
    pub async fn unclear_skips(&self) -> Result<HashMap<QuestionId, u64>> {
        let rows: Vec<(Uuid, i64)> = sqlx::query_as(
            "SELECT a.question, count(DISTINCT a.annotator) FROM assignment AS a
             JOIN question AS q ON q.id = a.question
             WHERE a.state = 'skipped' AND q.criterion IS NOT NULL AND q.same_as IS NULL
               AND (SELECT s.reason FROM skip AS s WHERE s.assignment = a.id
                 ORDER BY s.at_ms DESC, s.reason IS NOT NULL, s.id DESC LIMIT 1) = 'unclear'
             GROUP BY a.question",
        )
        .fetch_all(&self.read)
        .await?;
        let counted = |(id, n): (Uuid, i64)| (QuestionId::from_uuid(id), n.unsigned_abs());
        Ok(rows.into_iter().map(counted).collect())
    }
}
