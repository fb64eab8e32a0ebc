//! What was shown to whom: all rows of both projects stay. Which votes were cast after that follows
//! from the rows, so a vote cast in one copy counts as cast after what was shown in the other.

use sqlx::SqliteConnection;

use super::{MergeOutcome, count, run};
use crate::error::Result;

pub(super) async fn join(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    const LEFT_OUT: &str = "SELECT count(*) FROM main.standing AS a
        WHERE NOT EXISTS (SELECT 1 FROM main.independent AS b WHERE b.id = a.id)";
    let any: u64 = count(
        db,
        "SELECT EXISTS (SELECT 1 FROM other.reveal) OR EXISTS (SELECT 1 FROM main.reveal)",
    )
    .await?;
    if any == 0 {
        return Ok(());
    }
    let before = count(db, LEFT_OUT).await?;
    let new = run(
        db,
        "INSERT INTO main.reveal (id, annotator, question, vote, policy, told, at_ms)
         SELECT o.id, o.annotator, o.question, o.vote, o.policy, o.told, o.at_ms
         FROM other.reveal AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.reveal AS m WHERE m.id = o.id) ORDER BY o.rowid",
    )
    .await?;
    let after = count(db, LEFT_OUT).await?;
    if new > 0 && after > before {
        outcome.remark(
            "after_reveal",
            format!(
                "{} votes were cast after their annotator was shown a prediction of the question in \
                 the other copy: they stay, and no longer count as independent",
                after - before
            ),
        );
    }
    Ok(())
}
