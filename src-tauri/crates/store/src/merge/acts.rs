//! What people did: assignments, votes, skips, resolutions, adjudications. All of it is evidence and comes as it
//! is; where an assignment stands afterwards follows from its rows alone.

use sqlx::SqliteConnection;

use super::{MergeOutcome, count, run};
use crate::criterion_edits::MEANS_SINCE;
use crate::error::Result;
use crate::queue::{REPEAT_AFTER, REPEAT_ORDINAL};
use crate::standing::STANDS;

pub(super) async fn join(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    assignments(db).await?;
    run(
        db,
        "CREATE TEMP TABLE new_vote AS SELECT o.id FROM other.vote AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.vote AS m WHERE m.id = o.id)",
    )
    .await?;
    outcome.votes = run(
        db,
        "INSERT INTO main.vote (id, supersedes, assignment, question, annotator,
           criterion_version, verdict, confidence, rationale, at_ms, presentation, meaning)
         SELECT o.id, o.supersedes, w.ours, o.question, o.annotator, o.criterion_version,
           o.verdict, o.confidence, o.rationale, o.at_ms, o.presentation, o.meaning
         FROM other.vote AS o JOIN temp.assignment_of AS w ON w.theirs = o.assignment
         WHERE NOT EXISTS (SELECT 1 FROM main.vote AS m WHERE m.id = o.id) ORDER BY o.rowid",
    )
    .await?;
    // A skip has no id of its own: it is the same if it says the same of the same moment.
    outcome.skips = run(
        db,
        "INSERT INTO main.skip (assignment, reason, note, at_ms)
         SELECT w.ours, o.reason, o.note, o.at_ms
         FROM other.skip AS o JOIN temp.assignment_of AS w ON w.theirs = o.assignment
         WHERE NOT EXISTS (SELECT 1 FROM main.skip AS m WHERE m.assignment = w.ours
           AND m.at_ms = o.at_ms AND m.reason IS o.reason AND m.note = o.note) ORDER BY o.id",
    )
    .await?;
    outcome.resolutions = run(
        db,
        "INSERT INTO main.resolution (id, supersedes, question, verdict, dropped, rule, by, reason,
           provenance, at_ms, meaning)
         SELECT o.id, o.supersedes, o.question, o.verdict, o.dropped, o.rule, o.by, o.reason,
           o.provenance, o.at_ms, o.meaning
         FROM other.resolution AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.resolution AS m WHERE m.id = o.id)
         ORDER BY o.rowid",
    )
    .await?;
    outcome.adjudications = run(
        db,
        "INSERT INTO main.adjudication (id, question, adjudicator, act, verdict, dropped, reason,
           left_side, queue, presentation, at_ms)
         SELECT o.id, o.question, o.adjudicator, o.act, o.verdict, o.dropped, o.reason,
           o.left_side, o.queue, o.presentation, o.at_ms
         FROM other.adjudication AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.adjudication AS m WHERE m.id = o.id)
         ORDER BY o.rowid",
    )
    .await?;
    settle(db, outcome).await?;
    crowded(db, outcome).await?;
    labels(db, outcome).await
}

/// Pairs that more people saw than are to see one: copies in which different people began first deal
/// them the same places.
async fn crowded(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    let crowded = count(
        db,
        "SELECT count(*) FROM (
           SELECT a.question FROM main.assignment AS a
           WHERE a.repeat = 0 AND a.state = 'voted' AND a.practice = 0
             AND NOT EXISTS (SELECT 1 FROM main.known_answer AS k WHERE k.question = a.question)
             AND EXISTS (SELECT 1 FROM main.setting WHERE key = 'votes_per_question')
           GROUP BY a.question HAVING count(*) > CAST((SELECT value FROM main.setting
             WHERE key = 'votes_per_question') AS INTEGER))",
    )
    .await?;
    if crowded > 0 {
        outcome.remark(
            "more_votes",
            format!(
                "{crowded} questions have votes of more people than are to see one: several people \
                 began in copies that gave them the same place. Let everybody begin in one project \
                 (a first `next` takes the place) before it is copied"
            ),
        );
    }
    Ok(())
}

/// An assignment that both projects dealt under ids of their own keeps the one it has here, with
/// the sides that were seen here; the other id is remembered.
async fn assignments(db: &mut SqliteConnection) -> Result<()> {
    for sql in [
        "CREATE TEMP TABLE assignment_of AS
         SELECT o.id AS theirs, coalesce(m.id, o.id) AS ours, m.id IS NULL AS new
         FROM other.assignment AS o LEFT JOIN main.assignment AS m
           ON (m.annotator, m.question, m.repeat) = (o.annotator, o.question, o.repeat)"
            .to_owned(),
        "CREATE UNIQUE INDEX temp.assignment_of_theirs ON assignment_of (theirs)".to_owned(),
        "CREATE UNIQUE INDEX temp.assignment_of_ours ON assignment_of (ours)".to_owned(),
        // A pair that he has here keeps its place in his queue; the others come after all that he has,
        // in the order in which he was dealt them there.
        "CREATE TEMP TABLE place_of AS
         SELECT x.annotator, x.pair, coalesce(x.here, n.dealt_position + row_number() OVER (
             PARTITION BY x.annotator, x.here IS NULL ORDER BY x.there, x.pair)) AS place
         FROM (SELECT o.annotator, q.pair, min(o.pair_position) AS there,
                 (SELECT min(a.pair_position) FROM main.question AS p JOIN main.assignment AS a
                    ON a.annotator = o.annotator AND a.question = p.id
                    AND a.repeat = 0 AND a.practice = 0 WHERE p.pair = q.pair) AS here
               FROM temp.assignment_of AS w JOIN other.assignment AS o ON o.id = w.theirs
               JOIN main.question AS q ON q.id = o.question
               WHERE w.new AND o.repeat = 0 AND o.practice = 0
               GROUP BY o.annotator, q.pair) AS x
         JOIN main.annotator AS n ON n.id = x.annotator"
            .to_owned(),
        "CREATE UNIQUE INDEX temp.place_of_pair ON place_of (annotator, pair)".to_owned(),
        "INSERT INTO main.assignment (id, annotator, question, pair_position, ordinal, left_side,
           repeat, state, practice)
         SELECT o.id, o.annotator, o.question,
           CASE o.practice WHEN 1 THEN o.pair_position ELSE s.place END,
           CASE o.practice WHEN 1 THEN o.ordinal ELSE q.ordinal END,
           o.left_side, 0, 'open', o.practice
         FROM temp.assignment_of AS w JOIN other.assignment AS o ON o.id = w.theirs
         JOIN main.question AS q ON q.id = o.question
         LEFT JOIN temp.place_of AS s ON s.annotator = o.annotator AND s.pair = q.pair
         WHERE w.new AND o.repeat = 0"
            .to_owned(),
        // A repeat keeps its distance from its original.
        format!(
            "INSERT INTO main.assignment (id, annotator, question, pair_position, ordinal,
               left_side, repeat, state)
             SELECT o.id, o.annotator, o.question,
               coalesce(m.pair_position, o.pair_position - {REPEAT_AFTER}) + {REPEAT_AFTER},
               q.ordinal + {REPEAT_ORDINAL}, o.left_side, 1, 'open'
             FROM temp.assignment_of AS w JOIN other.assignment AS o ON o.id = w.theirs
             JOIN main.question AS q ON q.id = o.question
             LEFT JOIN main.assignment AS m
               ON (m.annotator, m.question, m.repeat) = (o.annotator, o.question, 0)
             WHERE w.new AND o.repeat = 1"
        ),
        "UPDATE main.annotator AS n SET dealt_position = max(n.dealt_position, s.place)
         FROM (SELECT annotator, max(place) AS place FROM temp.place_of GROUP BY annotator) AS s
         WHERE s.annotator = n.id"
            .to_owned(),
        // Who was told the answer in one copy was told it.
        "UPDATE main.assignment AS a SET practice = 1
         FROM temp.assignment_of AS w, other.assignment AS o
         WHERE a.id = w.ours AND o.id = w.theirs AND o.practice = 1 AND a.practice = 0"
            .to_owned(),
        "INSERT INTO main.assignment_alias (id, assignment)
         SELECT s.id, s.ours FROM (
           SELECT theirs AS id, ours FROM temp.assignment_of
           UNION SELECT o.id, w.ours FROM other.assignment_alias AS o
             JOIN temp.assignment_of AS w ON w.theirs = o.assignment) AS s
         WHERE s.id <> s.ours ON CONFLICT (id) DO NOTHING"
            .to_owned(),
    ] {
        run(db, sql).await?;
    }
    Ok(())
}

/// Sets every assignment that the other project has, or whose criterion means something else by now,
/// to where its rows leave it: the latest end of its votes, if that stands; else that criteria were
/// written in either project; else the latest skip, if nothing came after it and the criterion has
/// meant the same since.
async fn settle(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    run(
        db,
        "CREATE TEMP TABLE stood AS SELECT a.id FROM temp.remeant AS c
         JOIN main.question AS q ON q.criterion = c.id
         JOIN main.assignment AS a ON a.question = q.id WHERE a.state = 'voted'",
    )
    .await?;
    run(
        db,
        "CREATE TEMP TABLE touched AS
         SELECT w.ours AS id, o.state = 'written' AS written, o.acted_ms
         FROM temp.assignment_of AS w JOIN other.assignment AS o ON o.id = w.theirs
         UNION ALL
         SELECT a.id, 0, NULL FROM temp.remeant AS c
         JOIN main.question AS q ON q.criterion = c.id
         JOIN main.assignment AS a ON a.question = q.id
         WHERE NOT EXISTS (SELECT 1 FROM temp.assignment_of AS w WHERE w.ours = a.id)",
    )
    .await?;
    run(
        db,
        format!(
            "CREATE TEMP TABLE stands AS
         SELECT o.id, o.written OR a.state = 'written' AS written,
           max(coalesce(a.acted_ms, o.acted_ms), coalesce(o.acted_ms, a.acted_ms)) AS acted_ms,
           (SELECT v.id FROM main.vote AS v
             WHERE v.question = a.question AND v.assignment = a.id
               AND NOT EXISTS (SELECT 1 FROM main.vote AS s WHERE s.supersedes = v.id)
             ORDER BY v.at_ms DESC, v.id DESC LIMIT 1) AS head,
           (SELECT s.id FROM main.skip AS s WHERE s.assignment = a.id
             ORDER BY s.at_ms DESC, s.reason IS NOT NULL, s.id DESC LIMIT 1) AS skip,
           {since} AS since
         FROM temp.touched AS o JOIN main.assignment AS a ON a.id = o.id",
            since = MEANS_SINCE.replace('%', "a.question")
        ),
    )
    .await?;
    run(
        db,
        format!(
            "CREATE TEMP TABLE state AS
             SELECT t.id, t.head, CASE
                 WHEN {STANDS} THEN 'voted'
                 WHEN t.written THEN 'written'
                 WHEN s.reason IS NOT NULL AND (v.id IS NULL OR s.at_ms >= v.at_ms)
                   AND s.at_ms >= coalesce(t.since, s.at_ms) THEN 'skipped'
                 ELSE 'open' END AS state,
               coalesce(t.acted_ms, CASE WHEN v.presentation <> 'null' AND v.at_ms > 0
                 THEN v.at_ms END, s.at_ms) AS acted_ms
             FROM temp.stands AS t
             LEFT JOIN main.vote AS v ON v.id = t.head
             LEFT JOIN main.skip AS s ON s.id = t.skip"
        ),
    )
    .await?;
    run(
        db,
        "UPDATE main.assignment AS a SET head = t.head, state = t.state,
           acted_ms = CASE t.state WHEN 'open' THEN NULL ELSE t.acted_ms END
         FROM temp.state AS t WHERE t.id = a.id
           AND (a.head IS NOT t.head OR a.state <> t.state OR (t.state <> 'open'
             AND a.acted_ms IS NOT t.acted_ms))",
    )
    .await?;
    let fallen = count(
        db,
        "SELECT count(*) FROM temp.stood AS t JOIN main.assignment AS a ON a.id = t.id
         WHERE a.state <> 'voted'",
    )
    .await?;
    if fallen > 0 {
        outcome.remark(
            "reopened",
            format!(
                "{fallen} votes that stood here were cast under a meaning of their criterion that \
                 has changed: they stay as evidence, and the people get those questions again"
            ),
        );
    }
    Ok(())
}

/// Questions that came with different labels from different files.
async fn labels(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    let differ = count(
        db,
        "SELECT count(*) FROM (
           SELECT r.question FROM main.resolution AS r
           WHERE r.rule = 'imported' AND r.question IN (SELECT question FROM other.resolution)
             AND NOT EXISTS (SELECT 1 FROM main.resolution AS s WHERE s.supersedes = r.id)
           GROUP BY r.question HAVING count(DISTINCT r.verdict) > 1)",
    )
    .await?;
    if differ > 0 {
        outcome.remark(
            "labels_differ",
            format!(
                "{differ} questions came with different labels in the two projects: both are kept, \
                 and exports take the same one of them whichever project they come from"
            ),
        );
    }
    Ok(())
}
