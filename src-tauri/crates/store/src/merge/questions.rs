//! Questions, and the rows of files that they came from.
//!
//! New ones come after the others of their pair, in the order of the other project's files. Of a
//! question that both have the smallest file, row and fields stay, whichever project is merged into
//! which.

use sqlx::SqliteConnection;
use tiebreak_domain::QuestionId;
use uuid::Uuid;

use super::{MergeOutcome, count, run};
use crate::error::Result;
use crate::project::Project;

/// Where a question of `other`, or of `main`, came from, as values that can be compared: from a
/// file before written by people, a row before a step that no row made.
macro_rules! origin {
    ($q:literal, $i:literal, $s:literal) => {
        concat!(
            "(",
            $q,
            ".import IS NULL, ",
            $q,
            ".row IS NULL, coalesce(",
            $i,
            ".file, ''), coalesce(",
            $q,
            ".row, 0), coalesce(",
            $s,
            ".keys, ''), coalesce(",
            $q,
            ".extra, ''), coalesce(",
            $q,
            ".source_id, ''))"
        )
    };
}
const THEIRS: &str = origin!("o", "oi", "os");
const OURS: &str = origin!("m", "mi", "ms");
const BOTH: &str = "FROM other.question AS o JOIN main.question AS m ON m.id = o.id
    LEFT JOIN other.import AS oi ON oi.id = o.import
    LEFT JOIN other.shape AS os ON os.id = o.shape
    LEFT JOIN main.import AS mi ON mi.id = m.import
    LEFT JOIN main.shape AS ms ON ms.id = m.shape";

/// Joins the questions of pairs and criteria that are here by now.
pub(super) async fn join(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    origins(db, outcome).await?;
    questions(db, outcome).await
}

/// Where a question that both have came from.
async fn origins(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    let differ = count(
        db,
        format!(
            "SELECT count(*) {BOTH} WHERE o.row IS NOT NULL AND m.row IS NOT NULL
               AND {THEIRS} <> {OURS}"
        ),
    )
    .await?;
    if differ > 0 {
        outcome.remark(
            "origin_differs",
            format!(
                "{differ} questions came from other files, rows or fields in the two projects: of \
                 each the first by the file's name, then by row, stays"
            ),
        );
    }
    run(
        db,
        format!(
            "CREATE TEMP TABLE origin AS
             SELECT o.id, w.ours AS import, o.row, s.id AS shape, o.extra, o.source_id {BOTH}
             LEFT JOIN temp.import_of AS w ON w.theirs = o.import
             LEFT JOIN main.shape AS s ON s.keys = os.keys
             WHERE {THEIRS} < {OURS}"
        ),
    )
    .await?;
    run(
        db,
        "UPDATE main.question AS m SET import = o.import, row = o.row, shape = o.shape,
           extra = o.extra, source_id = o.source_id
         FROM temp.origin AS o WHERE o.id = m.id",
    )
    .await?;
    Ok(())
}

async fn questions(db: &mut SqliteConnection, outcome: &mut MergeOutcome) -> Result<()> {
    run(
        db,
        "CREATE TEMP TABLE new_question AS
         SELECT q.id, q.pair, p.position, q.criterion, q.source_id, w.ours AS import, q.row,
           s.id AS shape, q.extra, n.id IS NULL AS old,
           row_number() OVER (PARTITION BY q.pair, q.criterion IS NULL ORDER BY q.row IS NULL,
             i.file, q.row, c.created_ms, q.criterion, q.id) AS nth
         FROM other.question AS q
         JOIN main.pair AS p ON p.id = q.pair
         LEFT JOIN temp.new_pair AS n ON n.id = q.pair
         LEFT JOIN other.import AS i ON i.id = q.import
         LEFT JOIN temp.import_of AS w ON w.theirs = q.import
         LEFT JOIN other.shape AS os ON os.id = q.shape
         LEFT JOIN main.shape AS s ON s.keys = os.keys
         LEFT JOIN other.criterion AS c ON c.id = q.criterion
         WHERE NOT EXISTS (SELECT 1 FROM main.question AS m WHERE m.id = q.id)",
    )
    .await?;
    let twice = count(
        db,
        "SELECT count(*) FROM temp.new_question AS n JOIN main.question AS m
           ON m.pair = n.pair AND m.criterion = n.criterion",
    )
    .await?;
    if twice > 0 {
        outcome.remark(
            "asked_twice",
            format!(
                "{twice} questions put a sentence to a pair that it is put to here already, from \
                 another row or by another person: both stay"
            ),
        );
    }
    // The step in which people write criteria stands before the questions; a pair has one.
    outcome.questions = run(
        db,
        "INSERT INTO main.question (id, pair, pair_position, ordinal, criterion, source_id, import,
                                    row, shape, extra)
         SELECT n.id, n.pair, n.position,
           CASE WHEN n.criterion IS NULL THEN 0
             ELSE (SELECT coalesce(max(m.ordinal), 0) FROM main.question AS m
                    WHERE m.pair_position = n.position) + n.nth END,
           n.criterion, n.source_id, n.import, n.row, n.shape, n.extra
         FROM temp.new_question AS n ORDER BY n.position, n.nth",
    )
    .await?;
    Ok(())
}

/// Gives new questions of pairs that were here to everybody whose queue has passed them. The other
/// project's assignments have come by now: nobody gets a question twice.
pub(super) async fn deal(db: &mut SqliteConnection, project: &Project) -> Result<()> {
    let late: Vec<Uuid> = sqlx::query_scalar(
        "SELECT m.id FROM temp.new_question AS n
         JOIN main.question AS m ON m.id = n.id WHERE n.old
         ORDER BY m.pair_position, m.ordinal",
    )
    .fetch_all(&mut *db)
    .await?;
    for question in late {
        let question = QuestionId::from_uuid(question);
        project.deal_to_those_past(db, question).await?;
    }
    Ok(())
}
