//! Opening and making projects, and what is true of a project as a whole.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Sqlite, Transaction};
use std::time::Duration;
use tiebreak_domain::{Clock, Order, Overlap, Phase, Seed};

use crate::error::{Result, StoreError};
use crate::package::Package;
use crate::shares::Shares;
use crate::{backup, place, schema};

/// The name of a project's database.
pub(crate) const FILE: &str = "project.sqlite";

/// An open project. Cloning shares the connections.
#[derive(Clone)]
pub struct Project {
    folder: PathBuf,
    pub(crate) write: SqlitePool,
    pub(crate) read: SqlitePool,
    pub(crate) clock: Arc<dyn Clock>,
    seed: Seed,
    pub(crate) overlap: Option<Overlap>,
    pub(crate) both_bad: bool,
    pub(crate) shares: Arc<Mutex<Shares>>,
    /// Set where this is no project but a work package made from one.
    pub(crate) package: Option<Arc<Package>>,
}

/// What is set for a whole project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectSettings {
    /// Its name.
    pub name: String,
    /// Whether every annotator is asked to write criteria for each pair.
    pub ask_criteria: bool,
    /// How many of a hundred questions come back to the same annotator, sides swapped.
    pub repeat_percent: u8,
    /// How many of how many people see each pair; `None`: everybody sees all.
    pub overlap: Option<Overlap>,
    /// Whether people may say that both responses are bad.
    pub both_bad: bool,
    /// The protocol that the project follows; `None`: none in particular.
    pub protocol: Option<String>,
    /// Whether the project has phases, so that people first write criteria.
    pub phases: bool,
    /// In which order pairs are dealt.
    pub order: Order,
}

impl Default for ProjectSettings {
    fn default() -> Self {
        Self {
            name: String::new(),
            ask_criteria: false,
            repeat_percent: 0,
            overlap: None,
            both_bad: true,
            protocol: None,
            phases: false,
            order: Order::Fixed,
        }
    }
}

/// How much of one task there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskCount {
    /// The task.
    pub task: String,
    /// Its pairs.
    pub pairs: u64,
    /// Its questions.
    pub questions: u64,
}

/// How much a project holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// By task, in the order in which the tasks came.
    pub tasks: Vec<TaskCount>,
    /// Pairs in which people are asked for criteria and nobody has written one.
    pub without_criterion: u64,
    /// Votes that stand, those of practice rounds left out.
    pub votes: u64,
    /// Rows of votes, changes and withdrawals with them.
    pub votes_ever: u64,
    /// Questions with a resolution.
    pub resolutions: u64,
    /// Media files.
    pub media: u64,
}

impl Project {
    /// Makes a project in a new or empty folder. If anything fails, what was made is removed.
    pub async fn create(
        folder: &Path,
        settings: &ProjectSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        place::check(folder)?;
        if folder.join(FILE).exists() {
            return Err(StoreError::AlreadyProject(folder.to_path_buf()));
        }
        let existed = folder.exists();
        if existed {
            let mut entries = std::fs::read_dir(folder).map_err(StoreError::io(folder))?;
            if entries.next().is_some() {
                return Err(StoreError::NotEmpty(folder.to_path_buf()));
            }
        }
        std::fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        let made = Self::fill(folder, settings, clock).await;
        if made.is_err() {
            for name in [FILE, "project.sqlite-wal", "project.sqlite-shm"] {
                let _ = std::fs::remove_file(folder.join(name));
            }
            if !existed {
                let _ = std::fs::remove_dir(folder);
            }
        }
        made
    }

    async fn fill(
        folder: &Path,
        settings: &ProjectSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let writer = writer(folder, true).await?;
        let mut db = writer.acquire().await?;
        schema::migrate(&mut db).await?;
        drop(db);
        let seed = Seed::from_random(clock.random());
        let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
        let created = clock.now_ms().to_string();
        let ask = if settings.ask_criteria { "on" } else { "off" };
        for (key, value) in [
            ("name", settings.name.as_str()),
            ("seed", &seed.to_string()),
            ("created_ms", &created),
            ("ask_criteria", ask),
            (
                "repeat_percent",
                &settings.repeat_percent.min(100).to_string(),
            ),
        ] {
            set(&mut tx, key, value).await?;
        }
        if let Some(overlap) = settings.overlap {
            set(&mut tx, "votes_per_question", &overlap.votes().to_string()).await?;
            set(&mut tx, "people", &overlap.people().to_string()).await?;
        }
        if !settings.both_bad {
            set(&mut tx, "both_bad", "off").await?;
        }
        if let Some(protocol) = &settings.protocol {
            set(&mut tx, "protocol", protocol).await?;
        }
        // The data's order is what a project has that says nothing.
        if settings.order != Order::Fixed {
            set(&mut tx, "order", settings.order.as_str()).await?;
        }
        tx.commit().await?;
        let project = Self::ready(folder, options(folder, false), writer, clock).await?;
        if settings.phases {
            project.begin_phase(Phase::Write, None).await?;
        }
        Ok(project)
    }

    /// Opens the project in `folder`: brings an older one up to date after a copy, and makes the
    /// daily copy.
    pub async fn open(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        let file = folder.join(FILE);
        if !file.is_file() {
            return Err(StoreError::NoProject(folder.to_path_buf()));
        }
        place::check(folder)?;
        let damaged = |error: StoreError| match error {
            StoreError::Corrupt(why) => StoreError::Damaged {
                file: file.clone(),
                why,
            },
            other => other,
        };
        let writer = writer(folder, false).await.map_err(damaged)?;
        let mut db = writer.acquire().await?;
        match schema::state(&mut db).await.map_err(damaged)? {
            schema::State::Current => {}
            schema::State::Empty => {
                return Err(damaged(StoreError::corrupt("it is empty")));
            }
            schema::State::Behind => {
                backup::before_migration(&mut db, folder, clock.now_ms()).await?;
                schema::migrate(&mut db).await?;
            }
        }
        // A full disk must not keep anyone from labelling on: the copy is tried again next time.
        if let Err(error) = backup::daily(&mut db, folder, clock.now_ms()).await {
            tracing::warn!(%error, "the daily copy could not be made");
        }
        drop(db);
        Self::ready(folder, options(folder, false), writer, clock).await
    }

    /// A project with its connections: the writing one, and readers that open with `reading`.
    pub(crate) async fn ready(
        folder: &Path,
        reading: SqliteConnectOptions,
        write: SqlitePool,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let read = SqlitePoolOptions::new()
            .max_connections(3)
            .min_connections(0)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(reading.read_only(true));
        let seed: Option<String> =
            sqlx::query_scalar("SELECT value FROM setting WHERE key = 'seed'")
                .fetch_optional(&write)
                .await?;
        let seed = seed
            .ok_or_else(|| StoreError::corrupt("no seed for the sides"))?
            .parse()?;
        let mut project = Self {
            folder: folder.to_path_buf(),
            write,
            read,
            clock,
            seed,
            overlap: None,
            both_bad: true,
            shares: Arc::default(),
            package: None,
        };
        let settings = project.settings().await?;
        (project.overlap, project.both_bad) = (settings.overlap, settings.both_bad);
        Ok(project)
    }

    /// Closes the connections. What was acknowledged is on disk with or without this.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
        if let Some(package) = &self.package {
            package.forget_media();
        }
    }

    /// The project's folder; of a work package, its file.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The seed that sides are drawn from.
    #[must_use]
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// What is set for the project.
    pub async fn settings(&self) -> Result<ProjectSettings> {
        let rows: Vec<(String, String)> = sqlx::query_as("SELECT key, value FROM setting")
            .fetch_all(&self.read)
            .await?;
        let get = |key: &str| rows.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
        let number = |key: &str| {
            let number = get(key).map(|text| text.parse::<u32>()).transpose();
            number.map_err(|_| StoreError::corrupt(format!("the setting {key} is no number")))
        };
        Ok(ProjectSettings {
            name: get("name").unwrap_or_default(),
            ask_criteria: get("ask_criteria").as_deref() == Some("on"),
            repeat_percent: get("repeat_percent")
                .and_then(|p| p.parse().ok())
                .unwrap_or(0),
            overlap: match (number("votes_per_question")?, number("people")?) {
                (Some(votes), Some(people)) => Some(Overlap::new(votes, people)?),
                _ => None,
            },
            both_bad: get("both_bad").as_deref() != Some("off"),
            protocol: get("protocol"),
            phases: self.phase().await?.is_some(),
            order: get("order")
                .map(|o| o.parse())
                .transpose()?
                .unwrap_or_default(),
        })
    }

    /// How much the project holds.
    pub async fn counts(&self) -> Result<Counts> {
        let tasks: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT p.task, count(DISTINCT p.id),
               count(CASE WHEN q.same_as IS NULL THEN q.criterion END) FROM pair AS p
             LEFT JOIN question AS q ON q.pair = p.id
             GROUP BY p.task ORDER BY min(p.position)",
        )
        .fetch_all(&self.read)
        .await?;
        let (without, votes, ever, resolutions, media): (i64, i64, i64, i64, i64) = sqlx::query_as(
            "SELECT
               (SELECT count(*) FROM question AS q WHERE q.criterion IS NULL AND NOT EXISTS
                 (SELECT 1 FROM question AS o WHERE o.pair = q.pair AND o.criterion IS NOT NULL)),
               (SELECT count(*) FROM standing),
               (SELECT count(*) FROM vote),
               (SELECT count(DISTINCT question) FROM standing_resolution
                 WHERE coalesce(verdict, dropped) IS NOT NULL),
               (SELECT count(*) FROM media)",
        )
        .fetch_one(&self.read)
        .await?;
        Ok(Counts {
            tasks: tasks
                .into_iter()
                .map(|(task, pairs, questions)| TaskCount {
                    task,
                    pairs: pairs.unsigned_abs(),
                    questions: questions.unsigned_abs(),
                })
                .collect(),
            without_criterion: without.unsigned_abs(),
            votes: votes.unsigned_abs(),
            votes_ever: ever.unsigned_abs(),
            resolutions: resolutions.unsigned_abs(),
            media: media.unsigned_abs(),
        })
    }

    /// Writes down what was done to the project.
    pub async fn log(&self, what: &str, detail: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        write_log(&mut tx, self.clock.now_ms(), what, detail).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The log, oldest first: time, what, detail.
    pub async fn logged(&self) -> Result<Vec<(i64, String, String)>> {
        Ok(
            sqlx::query_as("SELECT at_ms, what, detail FROM log ORDER BY id")
                .fetch_all(&self.read)
                .await?,
        )
    }

    /// A transaction that holds the write lock from its start.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.write.begin_with("BEGIN IMMEDIATE").await?)
    }
}

pub(crate) async fn write_log(
    tx: &mut Transaction<'_, Sqlite>,
    at_ms: i64,
    what: &str,
    detail: &str,
) -> Result<()> {
    sqlx::query("INSERT INTO log (at_ms, what, detail) VALUES (?, ?, ?)")
        .bind(at_ms)
        .bind(what)
        .bind(detail)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(crate) async fn set(tx: &mut Transaction<'_, Sqlite>, key: &str, value: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO setting (key, value) VALUES (?, ?)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(key)
    .bind(value)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How a project's database is opened.
pub(crate) fn options(folder: &Path, create: bool) -> SqliteConnectOptions {
    file_options(&folder.join(FILE))
        .create_if_missing(create)
        .journal_mode(SqliteJournalMode::Wal)
}

/// What is the same for every database of ours.
pub(crate) fn file_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .page_size(16_384)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(20))
        .pragma("cache_size", "-65536")
        .pragma("trusted_schema", "OFF")
        // Statements are our own, and many: nobody reads a line for each.
        .disable_statement_logging()
}

/// The one writing connection. What SQLite notes to undo a single statement stays in memory: an
/// import's statements write thousands of rows each.
async fn writer(folder: &Path, create: bool) -> Result<SqlitePool> {
    one_writer(options(folder, create)).await
}

/// A pool of one connection that opens now and stays open.
pub(crate) async fn one_writer(options: SqliteConnectOptions) -> Result<SqlitePool> {
    Ok(SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.pragma("temp_store", "MEMORY"))
        .await?)
}
