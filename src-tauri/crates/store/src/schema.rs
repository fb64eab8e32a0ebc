//! The database's form: migrations that run forward only, and what an old program does with a new
//! project.

use sqlx::{Connection as _, SqliteConnection};

use crate::error::{Result, StoreError};

/// Every migration, oldest first. `PRAGMA user_version` counts those that have run.
const MIGRATIONS: [&str; 9] = [
    include_str!("../../../../migrations/0001_project.sql"),
    include_str!("../../../../migrations/0002_adjudication.sql"),
    include_str!("../../../../migrations/0003_merge.sql"),
    include_str!("../../../../migrations/0004_criteria.sql"),
    include_str!("../../../../migrations/0005_predictions.sql"),
    include_str!("../../../../migrations/0006_guideline.sql"),
    include_str!("../../../../migrations/0007_queues.sql"),
    include_str!("../../../../migrations/0008_asked.sql"),
    include_str!("../../../../migrations/0009_reveal.sql"),
];

/// Marks the file as ours (`PRAGMA application_id`): "TIEB".
const APPLICATION_ID: i64 = 0x5449_4542;
/// The mark of a work package, which is no project: "TIEP".
pub(crate) const PACKAGE_ID: i64 = 0x5449_4550;

/// How far a database has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Empty,
    Behind,
    Current,
}

pub(crate) async fn state(db: &mut SqliteConnection) -> Result<State> {
    state_as(db, APPLICATION_ID).await
}

/// The same of a work package, which has a mark of its own.
pub(crate) async fn package_state(db: &mut SqliteConnection) -> Result<State> {
    state_as(db, PACKAGE_ID).await
}

async fn state_as(db: &mut SqliteConnection, mark: i64) -> Result<State> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let version: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut *db)
        .await?;
    let application: i64 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut *db)
        .await?;
    if version == 0 && application == 0 {
        let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema")
            .fetch_one(&mut *db)
            .await?;
        return if tables == 0 {
            Ok(State::Empty)
        } else {
            Err(StoreError::corrupt("a database of another program"))
        };
    }
    match application {
        found if found == mark => {}
        PACKAGE_ID => {
            return Err(StoreError::corrupt(
                "it is a work package under another name",
            ));
        }
        APPLICATION_ID => return Err(StoreError::corrupt("it is a project, and no work package")),
        _ => return Err(StoreError::corrupt("a database of another program")),
    }
    match version {
        v if v > known => Err(StoreError::TooNew { found: v, known }),
        v if v == known => Ok(State::Current),
        _ => Ok(State::Behind),
    }
}

/// Runs what has not run yet, each migration in a transaction of its own. References are not
/// enforced meanwhile, so that a table can be made anew under rows that point to it (SQLite's own
/// advice for `ALTER TABLE`); they are all checked before each commit.
pub(crate) async fn migrate(db: &mut SqliteConnection) -> Result<()> {
    sqlx::raw_sql("PRAGMA foreign_keys = OFF")
        .execute(&mut *db)
        .await?;
    let done = run_missing(db).await;
    sqlx::raw_sql("PRAGMA foreign_keys = ON")
        .execute(&mut *db)
        .await?;
    done
}

async fn run_missing(db: &mut SqliteConnection) -> Result<()> {
    let done: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut *db)
        .await?;
    let done = usize::try_from(done).unwrap_or(0);
    for (n, sql) in MIGRATIONS.iter().enumerate().skip(done) {
        let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
        // Another process may have come first while this one waited for the lock.
        let now: i64 = sqlx::query_scalar("PRAGMA user_version")
            .fetch_one(&mut *tx)
            .await?;
        if usize::try_from(now).unwrap_or(0) > n {
            continue;
        }
        sqlx::raw_sql(*sql).execute(&mut *tx).await?;
        let before: i64 = sqlx::query_scalar("PRAGMA application_id")
            .fetch_one(&mut *tx)
            .await?;
        let application = if before == PACKAGE_ID {
            PACKAGE_ID
        } else {
            APPLICATION_ID
        };
        let mark = format!(
            "PRAGMA application_id = {application}; PRAGMA user_version = {};",
            n + 1
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(mark))
            .execute(&mut *tx)
            .await?;
        let broken: Option<String> =
            sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1")
                .fetch_optional(&mut *tx)
                .await?;
        if let Some(table) = broken {
            return Err(StoreError::corrupt(format!(
                "a row of {table} points to nothing"
            )));
        }
        tx.commit().await?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    type Kept = (Vec<u8>, Option<Vec<u8>>, Option<String>, String, i64);

    /// A project of the first version keeps its labels, and which supersedes which.
    #[tokio::test]
    async fn resolutions_come_along() {
        let mut db = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        sqlx::raw_sql(MIGRATIONS[0]).execute(&mut db).await.unwrap();
        sqlx::raw_sql(
            "PRAGMA foreign_keys = ON;
             PRAGMA application_id = 1414088002; PRAGMA user_version = 1;
             INSERT INTO prompt VALUES (x'01', '');
             INSERT INTO pair VALUES (x'02', 0, 'text_to_text', x'01', 'a', 'b', NULL, NULL);
             INSERT INTO question (id, pair, pair_position, ordinal) VALUES (x'03', x'02', 0, 1);
             INSERT INTO resolution VALUES (x'04', NULL, x'03', 'tie', 'imported', 5);
             INSERT INTO resolution VALUES (x'05', x'04', x'03', 'response1', 'imported', 6);",
        )
        .execute(&mut db)
        .await
        .unwrap();
        assert_eq!(state(&mut db).await.unwrap(), State::Behind);
        migrate(&mut db).await.unwrap();
        assert_eq!(state(&mut db).await.unwrap(), State::Current);
        let kept: Vec<Kept> = sqlx::query_as(
            "SELECT id, supersedes, verdict, rule, at_ms FROM resolution ORDER BY id",
        )
        .fetch_all(&mut db)
        .await
        .unwrap();
        let tie = (vec![4], None, Some("tie".into()), "imported".into(), 5);
        let one = (
            vec![5],
            Some(vec![4]),
            Some("response1".into()),
            "imported".into(),
            6,
        );
        assert_eq!(kept, [tie, one]);
        let broken: Vec<(String,)> =
            sqlx::query_as("SELECT \"table\" FROM pragma_foreign_key_check")
                .fetch_all(&mut db)
                .await
                .unwrap();
        assert!(broken.is_empty(), "{broken:?}");
        let changed = sqlx::query("UPDATE resolution SET rule = 'mine'").execute(&mut db);
        assert!(changed.await.is_err(), "still append-only");
    }
}
