//! What reward models said in the other project. Of two answers of one model to one question, asked
//! the same way, the one with the lower id stays, whichever project is merged into which.

use sqlx::SqliteConnection;

use super::{MergeOutcome, run};
use crate::error::Result;

const SAME: &str = "m.model = o.model AND m.question = o.question AND m.setting = o.setting
    AND m.shown = o.shown AND m.asked_under = o.asked_under AND m.template_hash = o.template_hash";

pub(super) async fn join(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    run(
        db,
        "INSERT INTO main.reward_model (id, name, family, hash, created_ms)
         SELECT id, name, family, hash, created_ms FROM other.reward_model WHERE true
         ON CONFLICT (id) DO UPDATE SET created_ms = min(created_ms, excluded.created_ms)",
    )
    .await?;
    let replaced = run(
        db,
        format!(
            "DELETE FROM main.prediction AS m WHERE EXISTS
               (SELECT 1 FROM other.prediction AS o WHERE {SAME} AND o.id < m.id)"
        ),
    )
    .await?;
    let written = run(
        db,
        format!(
            "INSERT INTO main.prediction (id, question, model, setting, shown, asked_under,
               template_hash, scored, score1, score2, verdict, text, error, asked, media_used, ms, at_ms)
             SELECT o.id, o.question, o.model, o.setting, o.shown, o.asked_under, o.template_hash,
               o.scored, o.score1, o.score2, o.verdict, o.text, o.error, o.asked, o.media_used, o.ms,
               o.at_ms
             FROM other.prediction AS o
             WHERE NOT EXISTS (SELECT 1 FROM main.prediction AS m WHERE {SAME}) ORDER BY o.id"
        ),
    )
    .await?;
    outcome.predictions = written - replaced;
    if replaced > 0 {
        outcome.remark(
            "predictions_differ",
            format!(
                "{replaced} answers of a reward model were others in the other project, asked the \
                 same way: in both, the same one of the two stands now"
            ),
        );
    }
    Ok(())
}
