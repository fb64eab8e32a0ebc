//! Versions of the guideline: all rows of both projects stay. Of one number with several texts the
//! latest is in force, whichever project is merged into which.

use sqlx::SqliteConnection;

use super::{MergeOutcome, count, run};
use crate::error::Result;

pub(super) async fn join(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    outcome.guidelines = run(
        db,
        "INSERT INTO main.guideline (id, version, text, at_ms)
         SELECT o.id, o.version, o.text, o.at_ms FROM other.guideline AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.guideline AS m WHERE m.id = o.id) ORDER BY o.rowid",
    )
    .await?;
    run(
        db,
        "UPDATE main.annotator AS m SET guideline_told = o.guideline_told
         FROM other.annotator AS o WHERE o.id = m.id
           AND o.guideline_told > coalesce(m.guideline_told, 0)",
    )
    .await?;
    let differ = count(
        db,
        "SELECT count(*) FROM (SELECT version FROM main.guideline
           WHERE version IN (SELECT version FROM other.guideline)
           GROUP BY version HAVING count(DISTINCT text) > 1)",
    )
    .await?;
    if differ > 0 {
        outcome.remark(
            "guideline_differs",
            format!(
                "{differ} versions of the guideline were written differently in copies of the \
                 project: all texts stay, and of one number the latest is in force. Votes tell the \
                 number alone: write a new version that everybody goes by"
            ),
        );
    }
    Ok(())
}
