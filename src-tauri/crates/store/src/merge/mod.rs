//! Joining projects: what another one holds comes into this one, in one transaction.
//!
//! What both projects say is joined so that neither the order of merges nor their number matters:
//! rows that are evidence (votes, skips, resolutions) are united by their ids, and where one thing
//! has two descriptions (the row a question came from, a criterion's spelling) the smaller or the
//! newer one stays by a rule that looks at nothing else. Places in queues are this project's own:
//! new pairs come after all others, and nobody's queue, sides or open question are touched.
//!
//! The other project is attached to a connection of its own, read-only. SQLite's statements carry
//! the rows; nothing of the other's schema but its tables is ever named.

mod acts;
mod conflicts;
mod criteria;
mod data;
mod guideline;
mod known;
mod media;
mod package;
mod people;
mod predictions;
mod questions;
mod reveal;
mod sides;
mod source;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]
mod tests;

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection, Transaction};

pub use media::MergeMedium;
use source::Source;
pub(crate) use source::read_only_uri;

use crate::error::Result;
use crate::project::{Project, options, write_log};

/// Something worth telling about a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeRemark {
    /// A word for the kind.
    pub code: &'static str,
    /// What was met and what became of it.
    pub message: String,
}

/// How much of the other project was new here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeOutcome {
    /// New pairs.
    pub pairs: u64,
    /// New questions.
    pub questions: u64,
    /// New criteria.
    pub criteria: u64,
    /// New rows of votes: changes and withdrawals with them.
    pub votes: u64,
    /// New rows of skips.
    pub skips: u64,
    /// New resolutions.
    pub resolutions: u64,
    /// What adjudicators did besides: decisions before the votes, questions sent back, flags.
    pub adjudications: u64,
    /// What reward models said of questions.
    pub predictions: u64,
    /// New versions of the guideline.
    pub guidelines: u64,
    /// New rows of known answers.
    pub known_answers: u64,
    /// New annotators.
    pub annotators_new: u64,
    /// Annotators that both projects have.
    pub annotators_known: u64,
    /// What is to be told.
    pub remarks: Vec<MergeRemark>,
}

impl MergeOutcome {
    fn remark(&mut self, code: &'static str, message: String) {
        self.remarks.push(MergeRemark { code, message });
    }
}

/// A merge under way. Dropped without [`Merge::commit`], it leaves nothing.
pub struct Merge {
    project: Project,
    source: Source,
    pool: SqlitePool,
    tx: Transaction<'static, Sqlite>,
}

impl Project {
    /// Looks whether the project in `folder` could be merged into this one, and changes nothing.
    pub async fn can_merge(&self, folder: &Path) -> Result<()> {
        let source = Source::open(folder, self).await?;
        source.leave().await;
        Ok(())
    }

    /// Begins to take in the project in `folder`. What the two say of one thing is compared first:
    /// where a vote, a resolution or an assignment of one id differs, one of the projects was
    /// changed by hand, and nothing is merged.
    pub async fn merge(&self, folder: &Path) -> Result<Merge> {
        let source = Source::open(folder, self).await?;
        let uri = source.uri();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .after_connect(move |db, _| {
                let uri = uri.clone();
                Box::pin(async move {
                    let attach = sqlx::query("ATTACH ? AS other").bind(uri);
                    attach.execute(db).await.map(drop)
                })
            })
            .connect_with(options(self.folder(), false).pragma("temp_store", "MEMORY"))
            .await?;
        let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
        conflicts::refuse(&mut tx).await?;
        Ok(Merge {
            project: self.clone(),
            source,
            pool,
            tx,
        })
    }
}

impl Merge {
    /// The folder that is read.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.source.folder.clone()
    }

    /// Joins everything but the media, which [`Merge::place`] has to have placed before.
    pub async fn join(&mut self) -> Result<MergeOutcome> {
        let mut outcome = MergeOutcome {
            remarks: self.source.remarks.clone(),
            ..MergeOutcome::default()
        };
        let (project, tx) = (&self.project, &mut self.tx);
        people::settings(tx, &mut outcome).await?;
        people::join(tx, &mut outcome).await?;
        data::join(tx, &mut outcome).await?;
        criteria::edits(tx, &mut outcome).await?;
        criteria::phases(tx, &mut outcome).await?;
        questions::join(tx, &mut outcome).await?;
        let resolved = criteria::records(tx, &mut outcome).await?;
        acts::join(tx, &mut outcome).await?;
        predictions::join(tx, &mut outcome).await?;
        reveal::join(tx, &mut outcome).await?;
        criteria::resolutions(tx, &mut outcome).await?;
        criteria::untimely(tx, &mut outcome).await?;
        guideline::join(tx, &mut outcome).await?;
        known::join(tx, &mut outcome).await?;
        sides::agree(tx).await?;
        questions::deal(tx, project).await?;
        project.deal_freed(tx, &resolved).await?;
        Ok(outcome)
    }

    /// Puts everything on disk.
    pub async fn commit(mut self, summary: &str) -> Result<()> {
        let at = self.project.clock.now_ms();
        write_log(&mut self.tx, at, "merge", summary).await?;
        self.tx.commit().await?;
        self.pool.close().await;
        self.source.leave().await;
        // What was merged is on disk; that the log could not be folded in now is no failure.
        let tidied = sqlx::raw_sql("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);")
            .execute(&self.project.write)
            .await;
        if let Err(error) = tidied {
            tracing::warn!(%error, "the database could not be tidied after a merge");
        }
        Ok(())
    }

    /// Leaves everything as it was.
    pub async fn roll_back(self) -> Result<()> {
        self.tx.rollback().await?;
        self.pool.close().await;
        self.source.leave().await;
        Ok(())
    }
}

/// Runs a statement of ours and says how many rows it wrote.
async fn run(db: &mut SqliteConnection, sql: impl Into<String>) -> Result<u64> {
    let done = sqlx::query(AssertSqlSafe(sql.into())).execute(db).await?;
    Ok(done.rows_affected())
}

/// Counts what a statement of ours counts.
async fn count(db: &mut SqliteConnection, sql: impl Into<String>) -> Result<u64> {
    let found: i64 = sqlx::query_scalar(AssertSqlSafe(sql.into()))
        .fetch_one(db)
        .await?;
    Ok(found.unsigned_abs())
}
