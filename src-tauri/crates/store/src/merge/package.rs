//! What was done in a work package, as a project of its own that the ordinary merge takes in.
//!
//! A package lacks what its annotator was not to know, so nothing of its content may reach the
//! project. Only acts are read: the annotator, the sentences he wrote, his assignments, votes and
//! skips. Of what the project knows nothing is read at all. A question that he wrote gets the id
//! that it would have here, where its pair has a source id.

use std::path::Path;

use sqlx::sqlite::SqliteJournalMode;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};
use tiebreak_domain::{CriterionId, Pair, PairId};
use uuid::Uuid;

use super::source::{read_only, read_only_uri};
use super::{MergeRemark, count, run};
use crate::error::{Result, StoreError};
use crate::package::{SETTINGS, unreadable};
use crate::place;
use crate::project::{FILE, Project, file_options};
use crate::schema;

/// Writes what was done in the package into a new database at `copy`, and tells what is to be told.
pub(super) async fn acts_of(
    package: &Path,
    target: &Project,
    copy: &Path,
) -> Result<Vec<MergeRemark>> {
    let damaged = |error: StoreError| unreadable(package, error);
    place::check(package.parent().unwrap_or(package))?;
    sound(package).await.map_err(damaged)?;
    let options = file_options(copy)
        .create_if_missing(true)
        .foreign_keys(false)
        .journal_mode(SqliteJournalMode::Off)
        .pragma("temp_store", "MEMORY");
    let mut db = options.connect().await?;
    schema::migrate(&mut db).await?;
    sqlx::raw_sql("PRAGMA foreign_keys = OFF")
        .execute(&mut db)
        .await?;
    for (name, file) in [
        ("here", target.folder().join(FILE)),
        ("pack", package.to_path_buf()),
    ] {
        let sql = format!("ATTACH ? AS {name}");
        sqlx::query(AssertSqlSafe(sql))
            .bind(read_only_uri(&file))
            .execute(&mut db)
            .await?;
    }
    let mut tx = db.begin().await?;
    let mut told = Vec::new();
    let read = read(&mut tx, package, &mut told).await;
    read.map_err(damaged)?;
    tx.commit().await?;
    db.close().await?;
    Ok(told)
}

/// Refuses a file that is no package, one of a later version, and one that is not whole.
async fn sound(package: &Path) -> Result<()> {
    let mut db = match beside_exists(package) {
        // A process that was killed left its journal: SQLite takes the unfinished act back.
        true => file_options(package).connect().await?,
        false => read_only(package).await?,
    };
    if schema::package_state(&mut db).await? == schema::State::Empty {
        return Err(StoreError::corrupt("it is empty"));
    }
    let said: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(&mut db)
        .await?;
    db.close().await?;
    match said.as_str() {
        "ok" => Ok(()),
        _ => Err(StoreError::Corrupt(said)),
    }
}

fn beside_exists(package: &Path) -> bool {
    let mut journal = package.as_os_str().to_owned();
    journal.push("-journal");
    Path::new(&journal).exists()
}

async fn read(
    db: &mut SqliteConnection,
    package: &Path,
    told: &mut Vec<MergeRemark>,
) -> Result<()> {
    let known = count(
        db,
        "SELECT count(*) FROM pack.pair AS p JOIN here.pair AS h ON h.id = p.id",
    )
    .await?;
    if known == 0 {
        return Err(StoreError::ForeignPackage(package.to_path_buf()));
    }
    settings(db).await?;
    annotator(db, told).await?;
    pairs(db, told).await?;
    questions(db).await?;
    criteria(db, told).await?;
    acts(db, told).await
}

/// What is set is told apart by the ordinary merge, except what a package has of its own.
async fn settings(db: &mut SqliteConnection) -> Result<()> {
    run(
        db,
        "INSERT INTO main.setting SELECT key, value FROM here.setting",
    )
    .await?;
    for key in SETTINGS {
        let sql = "INSERT INTO main.setting (key, value)
             SELECT key, value FROM pack.setting WHERE key = ?
             ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        sqlx::query(sql).bind(key).execute(&mut *db).await?;
    }
    Ok(())
}

/// The annotator, as the project describes him where it knows him.
async fn annotator(db: &mut SqliteConnection, told: &mut Vec<MergeRemark>) -> Result<()> {
    const WHOM: &str = "(SELECT value FROM pack.setting WHERE key = 'package_annotator')";
    let renamed: Option<(String, String)> = sqlx::query_as(
        "SELECT p.name, h.name FROM pack.annotator AS p JOIN here.annotator AS h ON h.id = p.id
         WHERE p.name <> h.name",
    )
    .fetch_optional(&mut *db)
    .await?;
    if let Some((theirs, ours)) = renamed {
        told.push(MergeRemark {
            code: "annotator_renamed",
            message: format!(
                "the package was made for “{theirs}”, who is “{ours}” here now: that name stays"
            ),
        });
    }
    for from in ["here", "pack"] {
        let columns = shared(db, from, "annotator").await?.join(", ");
        let sql = format!(
            "INSERT INTO main.annotator ({columns}) SELECT {columns} FROM {from}.annotator
             WHERE lower(hex(id)) = replace({WHOM}, '-', '')
             ON CONFLICT (id) DO NOTHING"
        );
        run(db, sql).await?;
    }
    Ok(())
}

/// Pairs that both have, with the models that the project knows: where the rest differs, the merge
/// is refused as any other would be.
async fn pairs(db: &mut SqliteConnection, told: &mut Vec<MergeRemark>) -> Result<()> {
    run(
        db,
        "INSERT INTO main.pair (id, position, task, prompt, text1, text2, model1, model2)
         SELECT p.id, p.position, p.task, p.prompt, p.text1, p.text2, h.model1, h.model2
         FROM pack.pair AS p JOIN here.pair AS h ON h.id = p.id",
    )
    .await?;
    let lost = count(
        db,
        "SELECT count(*) FROM pack.assignment AS a JOIN pack.question AS q ON q.id = a.question
         WHERE a.state <> 'open' AND q.pair NOT IN (SELECT id FROM here.pair)",
    )
    .await?;
    if lost > 0 {
        told.push(MergeRemark {
            code: "pairs_gone",
            message: format!(
                "{lost} answers are to pairs that this project does not have: they were left out, \
                 and stay in the package. Take in the project that has the pairs, and merge the \
                 package again"
            ),
        });
    }
    Ok(())
}

type NewQuestion = (Uuid, Uuid, i64, i64, Option<Uuid>, bool);

/// Questions that the project does not have: those he wrote, and those that others had written where
/// the package was made, if they were dealt to him.
async fn questions(db: &mut SqliteConnection) -> Result<()> {
    run(
        db,
        "CREATE TEMP TABLE question_of (theirs BLOB NOT NULL PRIMARY KEY, ours BLOB NOT NULL)",
    )
    .await?;
    let new: Vec<NewQuestion> = sqlx::query_as(
        "SELECT q.id, q.pair, q.pair_position, q.ordinal, q.criterion, p.id IS NOT NULL
         FROM pack.question AS q LEFT JOIN pack.package_question AS p ON p.id = q.id
         WHERE q.id NOT IN (SELECT id FROM here.question)
           AND q.pair IN (SELECT id FROM here.pair)
           AND (p.id IS NULL OR q.id IN (SELECT question FROM pack.assignment))
         ORDER BY q.pair_position, q.ordinal",
    )
    .fetch_all(&mut *db)
    .await?;
    for question in new {
        new_question(db, question).await?;
    }
    Ok(())
}

async fn new_question(
    db: &mut SqliteConnection,
    (id, pair, position, ordinal, criterion, packed): NewQuestion,
) -> Result<()> {
    let known: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM here.question WHERE pair = ? AND criterion = ? AND NOT ?
         ORDER BY ordinal LIMIT 1",
    )
    .bind(pair)
    .bind(criterion)
    .bind(packed)
    .fetch_optional(&mut *db)
    .await?;
    // The source id that a sentence written here would have taken.
    let source: Option<String> = sqlx::query_scalar(
        "SELECT f.source_id FROM here.question AS f JOIN here.import AS i ON i.id = f.import
         WHERE f.pair = ? AND f.row IS NOT NULL ORDER BY i.file, f.row, f.id LIMIT 1",
    )
    .bind(pair)
    .fetch_optional(&mut *db)
    .await?
    .flatten();
    let made = Pair::question_id(
        PairId::from_uuid(pair),
        criterion.map(CriterionId::from_uuid),
        source.as_deref(),
    );
    let ours = match known {
        Some(known) => known,
        None if packed => id,
        None => made.uuid(),
    };
    sqlx::query("INSERT INTO temp.question_of (theirs, ours) VALUES (?, ?)")
        .bind(id)
        .bind(ours)
        .execute(&mut *db)
        .await?;
    if known.is_none() {
        sqlx::query(
            "INSERT INTO main.question (id, pair, pair_position, ordinal, criterion, source_id)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(ours)
        .bind(pair)
        .bind(position)
        .bind(ordinal)
        .bind(criterion)
        .bind(source.filter(|_| made.uuid() == ours))
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Sentences that the project does not have, and that a question needs.
async fn criteria(db: &mut SqliteConnection, told: &mut Vec<MergeRemark>) -> Result<()> {
    run(
        db,
        "INSERT INTO main.criterion (id, text, version, author, created_ms)
         SELECT c.id, c.text, c.version, c.author, c.created_ms FROM pack.criterion AS c
         WHERE c.id NOT IN (SELECT id FROM here.criterion)
           AND c.id IN (SELECT criterion FROM main.question)",
    )
    .await?;
    let changed = count(
        db,
        "SELECT count(*) FROM pack.criterion AS c JOIN here.criterion AS h ON h.id = c.id
         WHERE (c.version, c.text) <> (h.version, h.text)",
    )
    .await?;
    if changed > 0 {
        told.push(MergeRemark {
            code: "criterion_changed",
            message: format!(
                "{changed} criteria read otherwise here than in the package: what stands here \
                 stays, and each vote says which version it was cast under"
            ),
        });
    }
    Ok(())
}

/// Assignments with what became of them, on the questions as they are called here.
async fn acts(db: &mut SqliteConnection, told: &mut Vec<MergeRemark>) -> Result<()> {
    run(
        db,
        "INSERT INTO temp.question_of (theirs, ours)
         SELECT q.id, q.id FROM pack.question AS q
         WHERE q.id IN (SELECT id FROM here.question)",
    )
    .await?;
    for table in ["assignment", "vote"] {
        let columns = shared(db, "pack", table).await?;
        let taken: Vec<String> = columns
            .iter()
            .map(|column| match column.as_str() {
                "question" => "w.ours".to_owned(),
                other => format!("o.{other}"),
            })
            .collect();
        let sql = format!(
            "INSERT INTO main.{table} ({}) SELECT {} FROM pack.{table} AS o
             JOIN temp.question_of AS w ON w.theirs = o.question ORDER BY o.rowid",
            columns.join(", "),
            taken.join(", ")
        );
        run(db, sql).await?;
    }
    for sql in [
        "INSERT INTO main.skip (assignment, reason, note, at_ms)
         SELECT o.assignment, o.reason, o.note, o.at_ms FROM pack.skip AS o
         WHERE o.assignment IN (SELECT id FROM main.assignment) ORDER BY o.id",
        "INSERT INTO main.assignment_alias (id, assignment)
         SELECT o.id, o.assignment FROM pack.assignment_alias AS o
         WHERE o.assignment IN (SELECT id FROM main.assignment)",
    ] {
        run(db, sql).await?;
    }
    let strangers = count(
        db,
        "SELECT count(*) FROM main.vote WHERE annotator NOT IN (SELECT id FROM main.annotator)",
    )
    .await?;
    if strangers > 0 {
        return Err(StoreError::corrupt("it holds votes of somebody else"));
    }
    let open = count(
        db,
        "SELECT count(*) FROM main.assignment WHERE state = 'open'",
    )
    .await?;
    if open > 0 {
        told.push(MergeRemark {
            code: "package_unfinished",
            message: format!("{open} questions were shown in the package and have no answer yet"),
        });
    }
    Ok(())
}

/// The columns that a table has in an attached database and in today's form.
async fn shared(db: &mut SqliteConnection, there: &str, table: &str) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT name FROM pragma_table_info('{table}', 'main')
         WHERE name IN (SELECT name FROM pragma_table_info('{table}', '{there}'))"
    );
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(db).await?)
}
