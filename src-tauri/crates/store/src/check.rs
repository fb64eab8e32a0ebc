//! Looking whether everything is as it must be: the database, the chains of votes, the media.

use std::collections::HashSet;

use tiebreak_media::{stored_path, verify, verify_in_place};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::Project;
use crate::standing::STANDS;
use crate::{criterion_edits, duplicates, groups, guideline, known, reveal, settings};

const BACKUPS: &str = "Daily copies lie in the folder `backups` of the project";

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckProblem {
    /// A word for the kind.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// What was looked at and found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckOutcome {
    /// Media files whose bytes were compared with their ids.
    pub media_checked: u64,
    /// Votes whose chain was followed.
    pub votes_checked: u64,
    /// What was found.
    pub problems: Vec<CheckProblem>,
}

impl Project {
    /// Checks the project. Changes nothing.
    pub async fn check(&self) -> Result<CheckOutcome> {
        let mut outcome = CheckOutcome::default();
        let looked = self.look(&mut outcome).await;
        match looked {
            Err(StoreError::Damaged { why, .. } | StoreError::Corrupt(why)) => {
                outcome.problems.push(CheckProblem {
                    code: "database",
                    message: format!("the database is damaged: {why}. {BACKUPS}"),
                });
                Ok(outcome)
            }
            other => other.map(|()| outcome),
        }
    }

    async fn look(&self, outcome: &mut CheckOutcome) -> Result<()> {
        self.check_database(outcome).await?;
        self.check_votes(outcome).await?;
        self.check_records(outcome).await?;
        self.check_media(outcome).await
    }

    async fn check_database(&self, outcome: &mut CheckOutcome) -> Result<()> {
        let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_all(&self.read)
            .await?;
        for line in said.into_iter().filter(|line| line != "ok") {
            outcome.problems.push(CheckProblem {
                code: "database",
                message: format!("the database is damaged: {line}. {BACKUPS}"),
            });
        }
        let broken: Vec<(String, Option<i64>, String, i64)> =
            sqlx::query_as("PRAGMA foreign_key_check")
                .fetch_all(&self.read)
                .await?;
        for (table, row, parent, _) in broken {
            outcome.problems.push(CheckProblem {
                code: "database",
                message: format!(
                    "row {} of {table} points to a {parent} that is not there",
                    row.unwrap_or_default()
                ),
            });
        }
        Ok(())
    }

    /// Every assignment must point to the end of its chain, and be `voted` just when that end is a
    /// verdict. Where two machines went on from one vote the chain has two ends: the later stands.
    async fn check_votes(&self, outcome: &mut CheckOutcome) -> Result<()> {
        let votes: i64 = sqlx::query_scalar("SELECT count(*) FROM vote")
            .fetch_one(&self.read)
            .await?;
        outcome.votes_checked = votes.unsigned_abs();
        let sql = format!(
            "SELECT a.id, 'does not point to the vote that stands' FROM assignment AS a
             WHERE a.head IS NOT
               (SELECT v.id FROM vote AS v WHERE v.assignment = a.id
                  AND NOT EXISTS (SELECT 1 FROM vote AS s WHERE s.supersedes = v.id)
                ORDER BY v.at_ms DESC, v.id DESC LIMIT 1)
             UNION ALL
             SELECT a.id, 'is marked ' || a.state || ' but its votes say otherwise'
             FROM assignment AS a LEFT JOIN vote AS v ON v.id = a.head
             WHERE (a.state = 'voted') <> coalesce({STANDS}, 0)
             UNION ALL
             SELECT v.assignment, 'has a vote that replaces another assignment''s'
             FROM vote AS v JOIN vote AS o ON o.id = v.supersedes
             WHERE o.assignment <> v.assignment"
        );
        let wrong: Vec<(Uuid, String)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .fetch_all(&self.read)
            .await?;
        for (assignment, what) in wrong {
            let assignment = tiebreak_domain::AssignmentId::from_uuid(assignment);
            outcome.problems.push(CheckProblem {
                code: "votes",
                message: format!("the assignment {assignment} {what}"),
            });
        }
        Ok(())
    }

    /// What stands of criteria must follow from their records (edits, equal questions, groups),
    /// versions of the guideline from each other, what queues count from what they hold, and nothing
    /// may have been shown before there was a vote.
    async fn check_records(&self, outcome: &mut CheckOutcome) -> Result<()> {
        let mut db = self.read.acquire().await?;
        let mut add = |code, wrong: Vec<String>| {
            let problem = |message| CheckProblem { code, message };
            outcome.problems.extend(wrong.into_iter().map(problem));
        };
        add("criteria", criterion_edits::wrong(&mut db).await?);
        add("criteria", duplicates::wrong(&mut db).await?);
        add("criteria", groups::wrong(&mut db).await?);
        add("guideline", guideline::wrong(&mut db).await?);
        add("known_answers", known::wrong(&mut db).await?);
        add("queues", settings::wrong(&mut db).await?);
        add("reveal", reveal::wrong(&mut db, self).await?);
        Ok(())
    }

    async fn check_media(&self, outcome: &mut CheckOutcome) -> Result<()> {
        let mut stored = HashSet::new();
        for file in self.all_media().await? {
            outcome.media_checked += 1;
            if file.root.is_none() {
                stored.insert(stored_path(self.folder(), file.media.id));
            }
            let (id, bytes) = (file.media.id, file.media.bytes);
            let verified = match &file.root {
                Some(root) => verify_in_place(root, &file.shown, id, bytes),
                None => verify(&file.path, id, bytes),
            };
            if let Err(error) = verified.map_err(|e| e.with_name(&file.shown)) {
                outcome.problems.push(CheckProblem {
                    code: error.code(),
                    message: error.to_string(),
                });
            }
        }
        for folder in folders(&self.folder().join("media"))? {
            for path in folders(&folder)? {
                if !stored.contains(&path) {
                    let shown = path.strip_prefix(self.folder()).unwrap_or(&path).display();
                    outcome.problems.push(CheckProblem {
                        code: "orphan_file",
                        message: format!(
                            "{shown} belongs to nothing in the project: it can be removed"
                        ),
                    });
                }
            }
        }
        Ok(())
    }
}

/// The entries of a folder, sorted; none where there is no folder.
fn folders(folder: &std::path::Path) -> Result<Vec<std::path::PathBuf>> {
    match std::fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound) => Ok(Vec::new()),
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(StoreError::io(folder)(error)),
        Ok(entries) => {
            let mut paths: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
            paths.sort();
            Ok(paths)
        }
    }
}
