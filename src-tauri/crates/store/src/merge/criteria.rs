//! What was done to criteria and phases: edits, questions that say the same, groups, phases. All are
//! records that are united by their ids; what stands follows from all of them, by rules that know
//! nothing of which project was merged into which.

use sqlx::SqliteConnection;

use super::{MergeOutcome, count, run};
use crate::criterion_edits::{restate, take_back_resolutions};
use crate::duplicates::Resolved;
use crate::error::Result;
use crate::{duplicates, phases};

/// Takes the edits in, once the criteria are here, and says which sentences mean something else by
/// now: `temp.remeant` holds them.
pub(super) async fn edits(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    let both = count(
        db,
        "SELECT count(*) FROM main.criterion AS c WHERE
           EXISTS (SELECT 1 FROM main.criterion_edit AS m WHERE m.criterion = c.id
             AND NOT EXISTS (SELECT 1 FROM other.criterion_edit AS o WHERE o.id = m.id))
           AND EXISTS (SELECT 1 FROM other.criterion_edit AS o WHERE o.criterion = c.id
             AND NOT EXISTS (SELECT 1 FROM main.criterion_edit AS m WHERE m.id = o.id))",
    )
    .await?;
    if both > 0 {
        outcome.remark(
            "criterion_edited_twice",
            format!(
                "{both} criteria were edited in both projects: of each the highest version stays, \
                 of equal ones the earlier. Votes cast under another meaning than that stay as \
                 evidence and stand no longer"
            ),
        );
    }
    run(
        db,
        "CREATE TEMP TABLE meant AS SELECT c.id, c.meaning FROM main.criterion AS c
         WHERE c.id IN (SELECT criterion FROM other.criterion_edit)",
    )
    .await?;
    run(
        db,
        "INSERT INTO main.criterion_edit (id, criterion, changes, version, was, text, kind, meaning,
           by, at_ms)
         SELECT o.id, o.criterion, o.changes, o.version, o.was, o.text, o.kind, o.meaning, o.by,
           o.at_ms
         FROM other.criterion_edit AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.criterion_edit AS m WHERE m.id = o.id)
         ORDER BY o.version, o.at_ms, o.id",
    )
    .await?;
    // A criterion that is new here, or whose record came from the other, has no meaning yet.
    restate(db).await?;
    run(
        db,
        "CREATE TEMP TABLE remeant AS SELECT c.id FROM main.criterion AS c
         JOIN temp.meant AS b ON b.id = c.id WHERE b.meaning IS NOT c.meaning",
    )
    .await?;
    Ok(())
}

/// Takes in which questions say the same, and which criteria are in which groups.
pub(super) async fn records(
    db: &mut SqliteConnection,
    outcome: &mut MergeOutcome,
) -> Result<Resolved> {
    run(
        db,
        "INSERT INTO main.question_same (id, question, same_as, by, at_ms)
         SELECT o.id, o.question, o.same_as, o.by, o.at_ms FROM other.question_same AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.question_same AS m WHERE m.id = o.id)",
    )
    .await?;
    let resolved = duplicates::resolve(db).await?;
    let rings = resolved.rings;
    if rings > 0 {
        outcome.remark(
            "same_ring",
            format!(
                "{rings} times the two projects say of the same questions that each stands for the \
                 other: of each such ring the question with the smallest id is asked"
            ),
        );
    }
    let moved = count(
        db,
        "SELECT count(*) FROM (SELECT criterion FROM main.criterion_grouping AS m
             WHERE NOT EXISTS (SELECT 1 FROM other.criterion_grouping AS o WHERE o.id = m.id)
           INTERSECT SELECT criterion FROM other.criterion_grouping AS o
             WHERE NOT EXISTS (SELECT 1 FROM main.criterion_grouping AS m WHERE m.id = o.id))",
    )
    .await?;
    if moved > 0 {
        outcome.remark(
            "grouped_twice",
            format!(
                "{moved} criteria were put into groups in both projects: each is where it was put \
                 last"
            ),
        );
    }
    run(
        db,
        "INSERT INTO main.criterion_grouping (id, criterion, name, by, at_ms)
         SELECT o.id, o.criterion, o.name, o.by, o.at_ms FROM other.criterion_grouping AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.criterion_grouping AS m WHERE m.id = o.id)",
    )
    .await?;
    Ok(resolved)
}

/// Takes in the phases: the change that came last says where the project is.
pub(super) async fn phases(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    let before = phases::phase(db).await?;
    let theirs: Option<String> = sqlx::query_scalar(
        "SELECT phase FROM other.phase_change ORDER BY at_ms DESC, id DESC LIMIT 1",
    )
    .fetch_optional(&mut *db)
    .await?;
    run(
        db,
        "INSERT INTO main.phase_change (id, phase, by, at_ms)
         SELECT o.id, o.phase, o.by, o.at_ms FROM other.phase_change AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.phase_change AS m WHERE m.id = o.id)",
    )
    .await?;
    let now = phases::phase(db).await?;
    let word = |phase: Option<&str>| phase.unwrap_or("none").to_owned();
    let (ours, now_word) = (
        word(before.map(tiebreak_domain::Phase::as_str)),
        word(now.map(tiebreak_domain::Phase::as_str)),
    );
    if theirs.as_deref() != before.map(tiebreak_domain::Phase::as_str) {
        outcome.remark(
            "phase_differs",
            format!(
                "the phase differs: {ours} here, {} there; the one that was begun last, {now_word}, \
                 stays",
                word(theirs.as_deref())
            ),
        );
    }
    if now != before {
        phases::start_again(db).await?;
    }
    Ok(())
}

/// What came from the other project and was done while the project, by all that is known now, was in
/// another phase. It is taken in like all else, and told.
pub(super) async fn untimely(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    const PHASE_AT: &str = "(SELECT p.phase FROM main.phase_change AS p WHERE p.at_ms <= %
        ORDER BY p.at_ms DESC, p.id DESC LIMIT 1)";
    let votes = format!(
        "SELECT count(*) FROM main.vote AS v JOIN temp.new_vote AS n ON n.id = v.id
         WHERE v.verdict IS NOT NULL AND v.presentation <> 'null' AND {} <> 'vote'",
        PHASE_AT.replace('%', "v.at_ms")
    );
    let votes = count(db, votes).await?;
    let criteria = format!(
        "SELECT count(*) FROM main.criterion AS c JOIN temp.new_criterion AS n ON n.id = c.id
         WHERE c.author IS NOT NULL AND {} <> 'write'",
        PHASE_AT.replace('%', "c.created_ms")
    );
    let criteria = count(db, criteria).await?;
    if votes + criteria > 0 {
        outcome.remark(
            "untimely",
            format!(
                "{votes} votes were cast there while this project was in no phase of voting, and \
                 {criteria} criteria written while it was in none of writing: they are taken in"
            ),
        );
    }
    Ok(())
}

/// Resolutions made under a meaning that is not today's, told and recorded.
pub(super) async fn resolutions(
    db: &mut SqliteConnection,
    outcome: &mut MergeOutcome,
) -> Result<()> {
    let taken = take_back_resolutions(db).await?;
    if taken > 0 {
        outcome.remark(
            "resolutions_reopened",
            format!(
                "{taken} resolutions were made under a meaning of their criterion that has changed: \
                 they stand no longer"
            ),
        );
    }
    Ok(())
}
