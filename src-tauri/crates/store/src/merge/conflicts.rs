//! Rows that both projects have under one id must say the same: ids are of content, or of an act
//! that happened once. Where they differ, one project was changed by hand, and neither can be
//! believed by a program.

use sqlx::SqliteConnection;
use tiebreak_domain::{AdjudicationId, AssignmentId, PairId, ResolutionId, VoteId};
use uuid::Uuid;

use crate::error::{Result, StoreError};

const PAIRS: &str = "SELECT o.id FROM other.pair AS o JOIN main.pair AS m ON m.id = o.id
    WHERE (o.task, o.prompt, o.text1, o.text2) <> (m.task, m.prompt, m.text1, m.text2)
       OR o.model1 IS NOT m.model1 OR o.model2 IS NOT m.model2 LIMIT 1";
const ASSIGNMENTS: &str = "SELECT o.id FROM other.assignment AS o
    JOIN main.assignment AS m ON m.id = o.id
      OR m.id = (SELECT s.assignment FROM main.assignment_alias AS s WHERE s.id = o.id)
    WHERE (o.annotator, o.question, o.repeat) <> (m.annotator, m.question, m.repeat) LIMIT 1";
const ALIASES: &str = "SELECT s.id FROM other.assignment_alias AS s
    JOIN other.assignment AS o ON o.id = s.assignment
    JOIN main.assignment AS m ON m.id = s.id
      OR m.id = (SELECT t.assignment FROM main.assignment_alias AS t WHERE t.id = s.id)
    WHERE (o.annotator, o.question, o.repeat) <> (m.annotator, m.question, m.repeat) LIMIT 1";
/// Times of labels that came with the data are those of the imports.
const RESOLUTIONS: &str = "SELECT o.id FROM other.resolution AS o
    JOIN main.resolution AS m ON m.id = o.id
    WHERE (o.question, o.rule, o.reason, o.provenance)
       <> (m.question, m.rule, m.reason, m.provenance)
       OR o.verdict IS NOT m.verdict OR o.dropped IS NOT m.dropped OR o.by IS NOT m.by
       OR o.supersedes IS NOT m.supersedes
       OR (o.at_ms <> m.at_ms AND o.rule <> 'imported') LIMIT 1";
const ADJUDICATIONS: &str = "SELECT o.id FROM other.adjudication AS o
    JOIN main.adjudication AS m ON m.id = o.id
    WHERE (o.question, o.adjudicator, o.act, o.reason, o.left_side, o.queue, o.at_ms)
       <> (m.question, m.adjudicator, m.act, m.reason, m.left_side, m.queue, m.at_ms)
       OR o.verdict IS NOT m.verdict OR o.dropped IS NOT m.dropped LIMIT 1";
const GUIDELINES: &str = "SELECT o.id FROM other.guideline AS o
    JOIN main.guideline AS m ON m.id = o.id
    WHERE (o.version, o.text, o.at_ms) <> (m.version, m.text, m.at_ms) LIMIT 1";
const KNOWN_ANSWERS: &str = "SELECT o.id FROM other.known_answer AS o
    JOIN main.known_answer AS m ON m.id = o.id
    WHERE (o.question, o.explanation, o.at_ms) <> (m.question, m.explanation, m.at_ms)
       OR o.role IS NOT m.role OR o.verdict IS NOT m.verdict LIMIT 1";
const REVEALS: &str = "SELECT o.id FROM other.reveal AS o JOIN main.reveal AS m ON m.id = o.id
    WHERE (o.annotator, o.question, o.policy, o.told, o.at_ms)
       <> (m.annotator, m.question, m.policy, m.told, m.at_ms) OR o.vote IS NOT m.vote LIMIT 1";
const VOTES: &str = "SELECT o.id FROM other.vote AS o JOIN main.vote AS m ON m.id = o.id
    WHERE (o.question, o.annotator, o.criterion_version, o.rationale, o.at_ms)
       <> (m.question, m.annotator, m.criterion_version, m.rationale, m.at_ms)
       OR o.verdict IS NOT m.verdict OR o.confidence IS NOT m.confidence
       OR o.supersedes IS NOT m.supersedes OR o.meaning IS NOT m.meaning LIMIT 1";
const EDITS: &str = "SELECT o.id FROM other.criterion_edit AS o
    JOIN main.criterion_edit AS m ON m.id = o.id
    WHERE (o.criterion, o.version, o.text, o.kind, o.at_ms)
       <> (m.criterion, m.version, m.text, m.kind, m.at_ms)
       OR o.changes IS NOT m.changes OR o.meaning IS NOT m.meaning OR o.by IS NOT m.by LIMIT 1";
const SAME: &str = "SELECT o.id FROM other.question_same AS o
    JOIN main.question_same AS m ON m.id = o.id
    WHERE (o.question, o.at_ms) <> (m.question, m.at_ms) OR o.same_as IS NOT m.same_as LIMIT 1";
const GROUPINGS: &str = "SELECT o.id FROM other.criterion_grouping AS o
    JOIN main.criterion_grouping AS m ON m.id = o.id
    WHERE (o.criterion, o.at_ms) <> (m.criterion, m.at_ms) OR o.name IS NOT m.name LIMIT 1";
const PHASES: &str = "SELECT o.id FROM other.phase_change AS o
    JOIN main.phase_change AS m ON m.id = o.id
    WHERE (o.phase, o.at_ms) <> (m.phase, m.at_ms) LIMIT 1";
/// A vote that came as a line of a file may have its presentation in another spelling.
const PRESENTATIONS: &str = "SELECT o.id, o.presentation, m.presentation FROM other.vote AS o
    JOIN main.vote AS m ON m.id = o.id WHERE o.presentation <> m.presentation";

/// Refuses two projects that say different things of one row.
pub(super) async fn refuse(db: &mut SqliteConnection) -> Result<()> {
    let refused = |what, id: String| Err(StoreError::Conflict { what, id });
    let first = async |db: &mut SqliteConnection, sql: &'static str| -> Result<Option<Uuid>> {
        Ok(sqlx::query_scalar(sql).fetch_optional(db).await?)
    };
    if let Some(id) = first(db, PAIRS).await? {
        return refused("pair", PairId::from_uuid(id).to_string());
    }
    for sql in [ASSIGNMENTS, ALIASES] {
        if let Some(id) = first(db, sql).await? {
            return refused("assignment", AssignmentId::from_uuid(id).to_string());
        }
    }
    if let Some(id) = first(db, RESOLUTIONS).await? {
        return refused("resolution", ResolutionId::from_uuid(id).to_string());
    }
    if let Some(id) = first(db, ADJUDICATIONS).await? {
        return refused("adjudication", AdjudicationId::from_uuid(id).to_string());
    }
    if let Some(id) = first(db, GUIDELINES).await? {
        return refused("version of the guideline", id.to_string());
    }
    if let Some(id) = first(db, KNOWN_ANSWERS).await? {
        return refused("known answer", id.to_string());
    }
    if let Some(id) = first(db, VOTES).await? {
        return refused("vote", VoteId::from_uuid(id).to_string());
    }
    for (sql, what) in [
        (EDITS, "edit of a criterion"),
        (SAME, "record of equal questions"),
        (GROUPINGS, "grouping of a criterion"),
        (PHASES, "change of phase"),
        (REVEALS, "record of what was shown"),
    ] {
        if let Some(id) = first(db, sql).await? {
            return refused(what, id.to_string());
        }
    }
    let spelled: Vec<(Uuid, String, String)> = sqlx::query_as(PRESENTATIONS).fetch_all(db).await?;
    for (id, theirs, ours) in spelled {
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        if read(&theirs).is_none() || read(&theirs) != read(&ours) {
            return refused("vote", VoteId::from_uuid(id).to_string());
        }
    }
    Ok(())
}
