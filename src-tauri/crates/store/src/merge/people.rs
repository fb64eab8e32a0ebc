//! Annotators by their ids, and what is set for the projects.

use sqlx::{AssertSqlSafe, SqliteConnection};
use tiebreak_domain::AnnotatorId;
use uuid::Uuid;

use super::{MergeOutcome, count, run};
use crate::annotators::checked;
use crate::error::Result;

/// Takes new annotators in after all others: their queues begin here anew, behind what they have
/// been dealt already. Of one that both projects have, the earlier record names him.
pub(super) async fn join(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT o.name FROM other.annotator AS o WHERE o.origin IS NULL
           AND NOT EXISTS (SELECT 1 FROM main.annotator AS m WHERE m.id = o.id)",
    )
    .fetch_all(&mut *db)
    .await?;
    for name in names {
        checked(&name)?;
    }
    outcome.annotators_known = count(
        db,
        "SELECT count(*) FROM other.annotator AS o JOIN main.annotator AS m ON m.id = o.id",
    )
    .await?;
    run(
        db,
        "CREATE TEMP TABLE new_annotator AS SELECT o.id FROM other.annotator AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.annotator AS m WHERE m.id = o.id)",
    )
    .await?;
    outcome.annotators_new = run(
        db,
        // Where pairs are dealt to k of n people, a person keeps the place he has in the other copy,
        // unless somebody has it here.
        "INSERT INTO main.annotator (id, name, dealt_order, ordinal, origin, created_ms, keys,
           preferences)
         SELECT o.id, o.name,
                CASE WHEN EXISTS (SELECT 1 FROM main.setting WHERE key = 'people')
                  AND NOT EXISTS (SELECT 1 FROM main.annotator AS m
                    WHERE m.dealt_order = o.dealt_order)
                  THEN o.dealt_order END,
                (SELECT coalesce(max(ordinal), -1) FROM main.annotator)
                  + row_number() OVER (ORDER BY o.created_ms, o.id),
                o.origin, o.created_ms, o.keys, o.preferences
         FROM other.annotator AS o JOIN temp.new_annotator AS n ON n.id = o.id",
    )
    .await?;
    renamed(db, outcome).await?;
    namesakes(db, outcome).await
}

async fn renamed(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    const BOTH: &str = "FROM other.annotator AS o, main.annotator AS m WHERE o.id = m.id";
    let sql = format!(
        "SELECT o.name, m.name, (o.created_ms, o.name) < (m.created_ms, m.name) {BOTH}
           AND o.name <> m.name"
    );
    let other_names: Vec<(String, String, bool)> = sqlx::query_as(AssertSqlSafe(sql))
        .fetch_all(&mut *db)
        .await?;
    for (theirs, ours, earlier) in other_names {
        let stays = if earlier { &theirs } else { &ours };
        outcome.remark(
            "annotator_renamed",
            format!(
                "one annotator is “{ours}” here and “{theirs}” there: the earlier name, “{stays}”, \
                 stays"
            ),
        );
    }
    run(
        db,
        "UPDATE main.annotator AS m SET name = o.name, created_ms = o.created_ms
         FROM other.annotator AS o
         WHERE o.id = m.id AND (o.created_ms, o.name) < (m.created_ms, m.name)",
    )
    .await?;
    Ok(())
}

/// Annotators of one name, of whom one is new or both have votes that stand.
async fn namesakes(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    const VOTED: &str = "EXISTS (SELECT 1 FROM main.assignment AS a
        WHERE a.annotator = %.id AND a.state = 'voted')";
    let sql = format!(
        "SELECT n.name, m.id, n.id FROM main.annotator AS n
         JOIN main.annotator AS m ON m.name = n.name AND m.id <> n.id
         WHERE EXISTS (SELECT 1 FROM other.annotator AS o WHERE o.id = n.id)
           AND (n.id IN (SELECT id FROM temp.new_annotator)
             OR m.id IN (SELECT id FROM temp.new_annotator) OR ({} AND {}))
           AND (m.id < n.id OR NOT EXISTS (SELECT 1 FROM other.annotator AS o WHERE o.id = m.id))
         ORDER BY n.name, m.id, n.id",
        VOTED.replace('%', "n"),
        VOTED.replace('%', "m")
    );
    let twins: Vec<(String, Uuid, Uuid)> = sqlx::query_as(AssertSqlSafe(sql))
        .fetch_all(&mut *db)
        .await?;
    for (name, one, other) in twins {
        let (one, other) = (AnnotatorId::from_uuid(one), AnnotatorId::from_uuid(other));
        outcome.remark(
            "same_name",
            format!(
                "“{name}” is the name of two annotators, {one} and {other}: they stay apart. If \
                 they are one person, join them with `tiebreak move DIR --from {other} --to {one}`"
            ),
        );
    }
    Ok(())
}

/// Tells what is set otherwise in the other project: here it stays as it is.
pub(super) async fn settings(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    let other: Vec<(String, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT k.key, m.value, o.value
         FROM (SELECT key FROM main.setting UNION SELECT key FROM other.setting) AS k
         LEFT JOIN main.setting AS m ON m.key = k.key
         LEFT JOIN other.setting AS o ON o.key = k.key
         WHERE k.key <> 'created_ms' AND o.value IS NOT m.value ORDER BY k.key",
    )
    .fetch_all(&mut *db)
    .await?;
    for (key, ours, theirs) in other {
        let what = match key.as_str() {
            "name" => "its name",
            "seed" => "the seed that sides are drawn from",
            "ask_criteria" => "whether people are asked for criteria",
            "repeat_percent" => "the share of repeats",
            "votes_per_question" => "how many people see a pair",
            "both_bad" => "whether people may say “both bad”",
            "protocol" => "the protocol it follows",
            "people" => "how many people share the pairs",
            "order" => "in which order questions come",
            "reveal" => "when predictions are shown to people",
            "reveal_silent_share" => "the share that is never shown a prediction",
            "reveal_model" => "whose predictions are shown",
            "reveal_setting" | "reveal_order" | "reveal_prompt" => {
                "how the model that is shown was asked"
            }
            other => other,
        };
        let said = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
        outcome.remark(
            "setting_differs",
            format!(
                "{what} differs: “{}” here, “{}” there; what is set here stays",
                said(ours),
                said(theirs)
            ),
        );
    }
    Ok(())
}
