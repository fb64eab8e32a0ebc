//! The first import of a project does without the indexes that only readers need, and makes them at
//! its end: one sort is cheaper than a place found for every row. All of it is in the import's own
//! transaction, so that nobody ever sees the project without them.

use sqlx::{AssertSqlSafe, Sqlite, Transaction};

use crate::error::Result;

/// Drops those indexes that nothing asks for during an import into an empty project, and returns
/// the statements that make them again.
pub(super) async fn take_down(tx: &mut Transaction<'static, Sqlite>) -> Result<Vec<String>> {
    let found: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND name IN
         ('question_by_pair', 'question_by_source', 'question_by_row', 'question_to_answer',
          'pair_by_task')",
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut statements = Vec::with_capacity(found.len());
    for (name, sql) in found {
        sqlx::query(AssertSqlSafe(format!("DROP INDEX {name}")))
            .execute(&mut **tx)
            .await?;
        statements.push(sql);
    }
    Ok(statements)
}

/// Makes them again.
pub(super) async fn put_back(
    tx: &mut Transaction<'static, Sqlite>,
    statements: Vec<String>,
) -> Result<()> {
    for statement in statements {
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use std::sync::Arc;

    use tiebreak_domain::Clock;

    use crate::project::{Project, ProjectSettings};

    struct Still;

    impl Clock for Still {
        fn now_ms(&self) -> i64 {
            1_800_000_000_000
        }
        fn random(&self) -> [u8; 16] {
            [7; 16]
        }
    }

    async fn schema(project: &Project) -> Vec<(String, Option<String>)> {
        sqlx::query_as(
            "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name",
        )
        .fetch_all(&project.write)
        .await
        .unwrap()
    }

    #[tokio::test]
    async fn every_index_is_there_again_however_an_import_ends() {
        let folder = tempfile::tempdir().unwrap();
        let settings = ProjectSettings {
            name: String::new(),
            ask_criteria: false,
            repeat_percent: 0,
            overlap: None,
            order: tiebreak_domain::Order::Fixed,
        };
        let path = folder.path().join("project");
        let project = Project::create(&path, &settings, Arc::new(Still))
            .await
            .unwrap();
        let before = schema(&project).await;
        let begin = || project.intake("a.json", "mapped", None, None);

        begin().await.unwrap().roll_back().await.unwrap();
        assert_eq!(schema(&project).await, before, "after one taken back");
        drop(begin().await.unwrap());
        assert_eq!(schema(&project).await, before, "after one dropped");
        begin().await.unwrap().commit("nothing").await.unwrap();
        assert_eq!(schema(&project).await, before, "after one committed");
    }
}
