//! The phases of a project: which steps people get, and what is refused meanwhile. A change is a row;
//! the last says where the project is. A project without a row has no phases: everything goes.

use sqlx::SqliteConnection;
use tiebreak_domain::{AnnotatorId, Phase};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::{Project, write_log};
use crate::settings::count_people;

/// A change of phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseChange {
    /// The phase that began.
    pub phase: Phase,
    /// The name of who began it; `None`: the owner, under no name.
    pub by: Option<String>,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

impl Project {
    /// The phase that the project is in; `None` where it has none.
    pub async fn phase(&self) -> Result<Option<Phase>> {
        let mut db = self.read.acquire().await?;
        phase(&mut db).await
    }

    /// Every change of phase, the first first.
    pub async fn phases(&self) -> Result<Vec<PhaseChange>> {
        let rows: Vec<(String, Option<String>, i64)> = sqlx::query_as(
            "SELECT p.phase, n.name, p.at_ms FROM phase_change AS p
             LEFT JOIN annotator AS n ON n.id = p.by ORDER BY p.at_ms, p.id",
        )
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|(phase, by, at_ms)| {
                Ok(PhaseChange {
                    phase: phase.parse()?,
                    by,
                    at_ms,
                })
            })
            .collect()
    }

    /// Begins a phase, an earlier one too: nothing that was written or voted is touched. `false`
    /// where the project is in it already.
    pub async fn begin_phase(&self, to: Phase, by: Option<AnnotatorId>) -> Result<bool> {
        let mut tx = self.begin().await?;
        if phase(&mut tx).await? == Some(to) {
            return Ok(false);
        }
        let last: Option<i64> = sqlx::query_scalar("SELECT max(at_ms) FROM phase_change")
            .fetch_one(&mut *tx)
            .await?;
        let now = self.clock.now_ms();
        sqlx::query("INSERT INTO phase_change (id, phase, by, at_ms) VALUES (?, ?, ?, ?)")
            .bind(self.new_act().uuid())
            .bind(to.as_str())
            .bind(by.map(AnnotatorId::uuid))
            .bind(last.map_or(now, |last| now.max(last + 1)))
            .execute(&mut *tx)
            .await?;
        start_again(&mut tx).await?;
        write_log(&mut tx, now, "phase", to.as_str()).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Lets every queue look at all pairs again: what was dealt is not dealt twice, but the steps of
/// another phase were passed over.
pub(crate) async fn start_again(db: &mut SqliteConnection) -> Result<()> {
    // A place in a queue is given once: what comes now comes after what came before.
    for sql in [
        "UPDATE main.annotator SET dealt_pair = NULL, dealt_ordinal = -1, check_due = NULL",
        "DELETE FROM main.queue_cursor",
    ] {
        sqlx::query(sql).execute(&mut *db).await?;
    }
    count_people(db).await
}

pub(crate) async fn phase(db: &mut SqliteConnection) -> Result<Option<Phase>> {
    let word: Option<String> = sqlx::query_scalar(
        "SELECT phase FROM main.phase_change ORDER BY at_ms DESC, id DESC LIMIT 1",
    )
    .fetch_optional(db)
    .await?;
    Ok(word.map(|word| word.parse()).transpose()?)
}

/// Refuses what belongs to another phase than the project's.
pub(crate) async fn only_in(db: &mut SqliteConnection, wanted: Phase) -> Result<()> {
    match phase(db).await? {
        Some(now) if now != wanted => Err(StoreError::OtherPhase { now, wanted }),
        _ => Ok(()),
    }
}

/// The phase in which an assignment's step is done: writing criteria, or voting.
pub(crate) async fn phase_of(db: &mut SqliteConnection, assignment: Uuid) -> Result<Phase> {
    let writes: Option<bool> = sqlx::query_scalar(
        "SELECT q.criterion IS NULL FROM assignment AS a JOIN question AS q ON q.id = a.question
         WHERE a.id = ?",
    )
    .bind(assignment)
    .fetch_optional(db)
    .await?;
    Ok(if writes == Some(true) {
        Phase::Write
    } else {
        Phase::Vote
    })
}
