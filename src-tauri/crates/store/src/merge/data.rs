//! What is compared: prompts, pairs and criteria, and the files they came from.
//!
//! New pairs come after all others, in the order of the other project's files. Of one thing that has
//! two descriptions the same one stays whichever project is merged into which: the highest version,
//! then the earliest record, of a criterion; the smaller paths of a pair's media.

use sqlx::SqliteConnection;

use super::{MergeOutcome, count, run};
use crate::error::Result;

/// The highest version of a criterion, then the earliest record of it, as values to compare.
macro_rules! record {
    ($c:literal) => {
        concat!(
            "(-",
            $c,
            ".version, ",
            $c,
            ".created_ms, ",
            $c,
            ".author IS NOT NULL, coalesce(",
            $c,
            ".author, x''), ",
            $c,
            ".text)"
        )
    };
}

pub(super) async fn join(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    imports(db).await?;
    run(
        db,
        "INSERT INTO main.shape (keys) SELECT keys FROM other.shape WHERE true
         ON CONFLICT (keys) DO NOTHING",
    )
    .await?;
    pairs(db, outcome).await?;
    names(db, outcome).await?;
    criteria(db, outcome).await
}

/// The other's imports by what they were of: one that is here already is not written again, and
/// keeps the earlier time.
async fn imports(db: &mut SqliteConnection) -> Result<()> {
    const SAME: &str = "m.file = o.file AND m.format = o.format AND m.mapping IS o.mapping
        AND m.place IS o.place";
    for sql in [
        format!(
            "INSERT INTO main.import (file, format, mapping, at_ms, place)
             SELECT o.file, o.format, o.mapping, min(o.at_ms), o.place FROM other.import AS o
             WHERE NOT EXISTS (SELECT 1 FROM main.import AS m WHERE {SAME})
             GROUP BY o.file, o.format, o.mapping, o.place ORDER BY min(o.at_ms), o.file"
        ),
        format!(
            "CREATE TEMP TABLE import_of AS SELECT o.id AS theirs,
               (SELECT min(m.id) FROM main.import AS m WHERE {SAME}) AS ours
             FROM other.import AS o"
        ),
        "CREATE UNIQUE INDEX temp.import_of_theirs ON import_of (theirs)".to_owned(),
        "UPDATE main.import AS m SET at_ms = o.at_ms
         FROM (SELECT ours, min(at_ms) AS at_ms FROM temp.import_of
               JOIN other.import ON id = theirs GROUP BY ours) AS o
         WHERE o.ours = m.id AND o.at_ms < m.at_ms"
            .to_owned(),
    ] {
        run(db, sql).await?;
    }
    Ok(())
}

async fn pairs(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    run(
        db,
        "CREATE TEMP TABLE new_pair AS
         SELECT p.id, (SELECT coalesce(max(position), -1) FROM main.pair)
             + row_number() OVER (ORDER BY f.file, f.row, f.question, p.id) AS position
         FROM other.pair AS p
         LEFT JOIN (SELECT q.pair, i.file, q.row, q.id AS question,
                      row_number() OVER (PARTITION BY q.pair ORDER BY i.file, q.row, q.id) AS n
                    FROM other.question AS q JOIN other.import AS i ON i.id = q.import
                    WHERE q.row IS NOT NULL) AS f ON f.pair = p.id AND f.n = 1
         WHERE NOT EXISTS (SELECT 1 FROM main.pair AS m WHERE m.id = p.id)",
    )
    .await?;
    run(db, "CREATE UNIQUE INDEX temp.new_pair_id ON new_pair (id)").await?;
    run(
        db,
        "INSERT INTO main.prompt (id, text)
         SELECT o.id, o.text FROM other.prompt AS o WHERE o.id IN
           (SELECT p.prompt FROM other.pair AS p JOIN temp.new_pair AS n ON n.id = p.id)
         ON CONFLICT (id) DO NOTHING",
    )
    .await?;
    outcome.pairs = run(
        db,
        "INSERT INTO main.pair (id, position, task, prompt, text1, text2, model1, model2)
         SELECT p.id, n.position, p.task, p.prompt, p.text1, p.text2, p.model1, p.model2
         FROM temp.new_pair AS n JOIN other.pair AS p ON p.id = n.id ORDER BY n.position",
    )
    .await?;
    run(
        db,
        "INSERT INTO main.pair_media (pair, place, n, media, name)
         SELECT x.pair, x.place, x.n, x.media, x.name
         FROM temp.new_pair AS w JOIN other.pair_media AS x ON x.pair = w.id",
    )
    .await?;
    Ok(())
}

/// The paths by which the data name a pair's media are no part of the pair: two files may give one
/// pair under two of them.
async fn names(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    run(
        db,
        "CREATE TEMP TABLE other_name AS
         SELECT pair, theirs < ours AS smaller FROM (
           SELECT o.pair, o.name AS theirs, m.name AS ours,
             row_number() OVER (PARTITION BY o.pair ORDER BY o.place, o.n) AS nth
           FROM other.pair_media AS o JOIN main.pair_media AS m
             ON (m.pair, m.place, m.n) = (o.pair, o.place, o.n)
           WHERE o.name <> m.name) WHERE nth = 1",
    )
    .await?;
    run(
        db,
        "UPDATE main.pair_media AS m SET name = o.name FROM other.pair_media AS o
         WHERE (m.pair, m.place, m.n) = (o.pair, o.place, o.n)
           AND m.pair IN (SELECT pair FROM temp.other_name WHERE smaller)",
    )
    .await?;
    let differ = count(db, "SELECT count(*) FROM temp.other_name").await?;
    if differ > 0 {
        outcome.remark(
            "media_names_differ",
            format!(
                "{differ} pairs name their media by other paths in the two projects: of each pair \
                 the paths that come first in the alphabet stay"
            ),
        );
    }
    Ok(())
}

async fn criteria(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    const BOTH: &str = "FROM other.criterion AS o JOIN main.criterion AS m ON m.id = o.id";
    let versions = format!("SELECT count(*) {BOTH} WHERE o.version <> m.version");
    let versions = count(db, versions).await?;
    if versions > 0 {
        outcome.remark(
            "criterion_version",
            format!(
                "{versions} criteria have different versions in the two projects: the higher stays"
            ),
        );
    }
    let spelled =
        format!("SELECT count(*) {BOTH} WHERE o.version = m.version AND o.text <> m.text");
    let spelled = count(db, spelled).await?;
    if spelled > 0 {
        outcome.remark(
            "criterion_text",
            format!(
                "{spelled} criteria are spelled differently in the two projects: the earlier \
                 spelling stays"
            ),
        );
    }
    let (theirs, ours) = (record!("o"), record!("m"));
    run(
        db,
        format!(
            "UPDATE main.criterion AS m SET text = o.text, version = o.version, author = o.author,
               created_ms = o.created_ms
             FROM other.criterion AS o WHERE o.id = m.id AND {theirs} < {ours}"
        ),
    )
    .await?;
    run(
        db,
        "CREATE TEMP TABLE new_criterion AS SELECT o.id FROM other.criterion AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.criterion AS m WHERE m.id = o.id)",
    )
    .await?;
    outcome.criteria = run(
        db,
        "INSERT INTO main.criterion (id, text, version, author, created_ms)
         SELECT o.id, o.text, o.version, o.author, o.created_ms FROM other.criterion AS o
         WHERE NOT EXISTS (SELECT 1 FROM main.criterion AS m WHERE m.id = o.id)",
    )
    .await?;
    Ok(())
}
