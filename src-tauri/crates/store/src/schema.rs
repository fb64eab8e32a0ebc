//! The database's form: migrations that run forward only, and what an old program does with a new
//! project.

use sqlx::{Connection as _, SqliteConnection};

use crate::error::{Result, StoreError};

/// Every migration, oldest first. `PRAGMA user_version` counts those that have run.
const MIGRATIONS: [&str; 2] = [
    include_str!("../../../../migrations/0001_project.sql"),
    include_str!("../../../../migrations/0002_merge.sql"),
];

/// Marks the file as ours (`PRAGMA application_id`): "TIEB".
const APPLICATION_ID: i64 = 0x5449_4542;

/// How far a database has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Empty,
    Behind,
    Current,
}

pub(crate) async fn state(db: &mut SqliteConnection) -> Result<State> {
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
    if application != APPLICATION_ID {
        return Err(StoreError::corrupt("a database of another program"));
    }
    match version {
        v if v > known => Err(StoreError::TooNew { found: v, known }),
        v if v == known => Ok(State::Current),
        _ => Ok(State::Behind),
    }
}

/// Runs what has not run yet, each migration in a transaction of its own.
pub(crate) async fn migrate(db: &mut SqliteConnection) -> Result<()> {
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
        let mark = format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {};",
            n + 1
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(mark))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    Ok(())
}
