//! Groups of criteria, made by hand: which sentences are counted together under one name. Every
//! membership is a row; the last of a criterion says where it is.

use sqlx::{AssertSqlSafe, SqliteConnection};
use tiebreak_domain::{AnnotatorId, CriterionId};
use uuid::Uuid;

use crate::criterion_edits::missing;
use crate::error::{Result, StoreError};
use crate::project::{Project, write_log};

/// The word for criteria that are in no group: no group's name.
pub const UNGROUPED: &str = "ungrouped";

/// The name of the group that the criterion `%` is in; NULL where it is in none.
pub(crate) const GROUP_OF: &str = "(SELECT g.name FROM criterion_grouping AS g
    WHERE g.criterion = % ORDER BY g.at_ms DESC, g.id DESC LIMIT 1)";

impl Project {
    /// Puts criteria into a group, or, with `name` `None`, out of theirs. Those that are there
    /// already are left. Returns how many moved.
    pub async fn group_criteria(
        &self,
        criteria: &[CriterionId],
        name: Option<&str>,
        by: Option<AnnotatorId>,
    ) -> Result<u64> {
        let name = name.map(checked).transpose()?;
        let mut tx = self.begin().await?;
        let mut moved = 0;
        for criterion in criteria {
            let (there, last) = standing(&mut tx, *criterion).await?;
            if there.as_deref() == name {
                continue;
            }
            let now = self.clock.now_ms();
            sqlx::query(
                "INSERT INTO criterion_grouping (id, criterion, name, by, at_ms)
                 VALUES (?, ?, ?, ?, ?)",
            )
            .bind(self.new_act().uuid())
            .bind(criterion.uuid())
            .bind(name.map(str::to_owned))
            .bind(by.map(AnnotatorId::uuid))
            .bind(last.map_or(now, |last| now.max(last + 1)))
            .execute(&mut *tx)
            .await?;
            moved += 1;
        }
        let said = match name {
            Some(name) => format!("{moved} criteria into “{name}”"),
            None => format!("{moved} criteria out of their groups"),
        };
        write_log(&mut tx, self.clock.now_ms(), "group", &said).await?;
        tx.commit().await?;
        Ok(moved)
    }
}

/// In which group a criterion is, and when that was last said.
async fn standing(
    db: &mut SqliteConnection,
    criterion: CriterionId,
) -> Result<(Option<String>, Option<i64>)> {
    let sql = format!(
        "SELECT {}, (SELECT max(at_ms) FROM criterion_grouping WHERE criterion = c.id)
         FROM criterion AS c WHERE c.id = ?",
        GROUP_OF.replace('%', "c.id")
    );
    let found: Option<(Option<String>, Option<i64>)> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(criterion.uuid())
        .fetch_optional(db)
        .await?;
    found.ok_or_else(|| missing(criterion))
}

/// A group's name: 1 to 80 visible characters, and not the word for what is in none.
fn checked(name: &str) -> Result<&str> {
    let name = name.trim();
    let fits = !name.is_empty()
        && name.chars().count() <= 80
        && !name.chars().any(char::is_control)
        && name != UNGROUPED;
    fits.then_some(name)
        .ok_or_else(|| StoreError::BadGroup(name.chars().take(80).collect()))
}

/// A row's id and what it says, for `check`: a name that no group can have.
pub(crate) async fn wrong(db: &mut SqliteConnection) -> Result<Vec<String>> {
    let rows: Vec<(Uuid, String)> =
        sqlx::query_as("SELECT criterion, name FROM criterion_grouping WHERE name IS NOT NULL")
            .fetch_all(db)
            .await?;
    let bad = rows.into_iter().filter(|(_, name)| checked(name).is_err());
    let said = |(id, _)| {
        let id = CriterionId::from_uuid(id);
        format!("the criterion {id} is in a group whose name is none")
    };
    Ok(bad.map(said).collect())
}
