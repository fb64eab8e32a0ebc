//! The next pair in the project's order.
//!
//! How far each part of the data was dealt to an annotator is a cursor: in the data's order one, in a
//! shuffle the place in it, of blocks one a task, and where the pairs dealt to the fewest come first one
//! for each number of people. What lies behind a cursor was dealt to him or is not his, so that nothing
//! is looked at twice and the next pair of 300,000 is found as fast as that of three.

use std::collections::HashMap;

use sqlx::{AssertSqlSafe, SqliteConnection};
use tiebreak_domain::{AnnotatorId, Order, PairId, Phase, Shuffle};
use uuid::Uuid;

use crate::dealing::undealt;
use crate::error::Result;
use crate::project::Project;

/// How many pairs are looked at in one go, where most may be other people's; along the data fewer at
/// first, since mostly the next will do.
const BATCH: i64 = 64;
const FIRST_BATCH: i64 = 4;

/// Where somebody has come to in one part of the data.
#[derive(Debug, Clone, Copy)]
struct Cursor {
    at: i64,
    /// Of a shuffle: where its pairs begin, and how many there are.
    base: i64,
    size: i64,
}

const START: Cursor = Cursor {
    at: -1,
    base: 0,
    size: 0,
};

/// Whose queue is dealt, and by what.
pub(crate) struct Dealer<'a> {
    /// Whose.
    pub annotator: AnnotatorId,
    /// In which project.
    pub project: &'a Project,
    /// As which number the annotator joined.
    pub number: i64,
    /// In which phase; `None` where the project has none.
    pub phase: Option<Phase>,
}

/// What is his to answer of the pair `p`, which has no known answer.
fn wanted(phase: Option<Phase>) -> String {
    format!(
        "EXISTS (SELECT 1 FROM question AS q WHERE q.pair_position = p.position AND {})
         AND NOT EXISTS (SELECT 1 FROM known_answer AS k JOIN question AS o ON o.id = k.question
           WHERE o.pair = p.id)",
        undealt(phase)
    )
}

impl Dealer<'_> {
    /// The next pair of which the annotator has something to answer.
    pub(crate) async fn next(&self, db: &mut SqliteConnection) -> Result<Option<Uuid>> {
        match order_in(db).await? {
            Order::Fixed => self.along(db, "data", None).await,
            Order::Random => self.shuffled(db).await,
            Order::ByTask => self.by_task(db).await,
            Order::FewestFirst => self.fewest_first(db).await,
        }
    }

    /// How many pairs that no known answer belongs to are still to be dealt to him.
    pub(crate) async fn left(&self, db: &mut SqliteConnection) -> Result<u64> {
        let sql = format!("SELECT p.id FROM pair AS p WHERE {}", wanted(self.phase));
        let pairs: Vec<Uuid> = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(self.annotator.uuid())
            .fetch_all(db)
            .await?;
        Ok(pairs.into_iter().filter(|pair| self.is_his(*pair)).count() as u64)
    }

    pub(crate) fn is_his(&self, pair: Uuid) -> bool {
        self.project.deals(PairId::from_uuid(pair), self.number)
    }

    /// Goes along the data, or along one task, from the part's cursor.
    async fn along(
        &self,
        db: &mut SqliteConnection,
        part: &str,
        task: Option<&str>,
    ) -> Result<Option<Uuid>> {
        let of = task.map_or("?3 IS NULL", |_| "p.task = ?3");
        let from = format!("pair AS p WHERE {of}");
        self.walk(db, part, (&from, "p.position"), task).await
    }

    /// The first pair `p` of what `from` says (`?3` in it is `of`) that is his and lies behind the
    /// part's cursor, which goes on to it; `at` is the indexed column of its place.
    async fn walk(
        &self,
        db: &mut SqliteConnection,
        part: &str,
        (from, at): (&str, &str),
        of: Option<&str>,
    ) -> Result<Option<Uuid>> {
        let sql = format!(
            "SELECT p.id, {at} FROM {from} AND {at} > ?2 AND {} ORDER BY {at} LIMIT ?4",
            wanted(self.phase)
        );
        let mut cursor = self.cursor(db, part).await?.unwrap_or(START);
        let mut batch_size = FIRST_BATCH;
        loop {
            let batch: Vec<(Uuid, i64)> = sqlx::query_as(AssertSqlSafe(sql.clone()))
                .bind(self.annotator.uuid())
                .bind(cursor.at)
                .bind(of.map(str::to_owned))
                .bind(batch_size)
                .fetch_all(&mut *db)
                .await?;
            batch_size = BATCH;
            let last = batch.last().map(|(_, position)| *position);
            let found = batch.into_iter().find(|(pair, _)| self.is_his(*pair));
            cursor.at = match (found, last) {
                (Some((_, position)), _) => position,
                (None, Some(last)) => last,
                // Nothing is left of what there is now.
                (None, None) => self.last_position(db).await?.max(cursor.at),
            };
            if found.is_some() || last.is_none() {
                self.keep(db, part, cursor).await?;
                return Ok(found.map(|(pair, _)| pair));
            }
        }
    }

    /// The next place of the annotator's own shuffle. Pairs that come in later are shuffled after it.
    async fn shuffled(&self, db: &mut SqliteConnection) -> Result<Option<Uuid>> {
        const PART: &str = "shuffled";
        let sql = format!(
            "SELECT p.position, p.id FROM pair AS p
             WHERE p.position IN (SELECT value FROM json_each(?2)) AND {}",
            wanted(self.phase)
        );
        let known = self.cursor(db, PART).await?;
        let mut cursor = known.unwrap_or(Cursor { at: 0, ..START });
        loop {
            if cursor.at >= cursor.size {
                let base = cursor.base + cursor.size;
                let size = self.last_position(db).await? + 1 - base;
                if size <= 0 {
                    self.keep(db, PART, cursor).await?;
                    return Ok(None);
                }
                cursor = Cursor { at: 0, base, size };
            }
            let (base, size) = (unsigned(cursor.base), unsigned(cursor.size));
            let shuffle = Shuffle::new(self.project.seed(), self.annotator, base, size);
            let end = cursor.size.min(cursor.at + BATCH);
            let places: Vec<u64> = (cursor.at..end)
                .map(|at| base + shuffle.at(unsigned(at)))
                .collect();
            let list = serde_json::to_string(&places).unwrap_or_default();
            let found: Vec<(i64, Uuid)> = sqlx::query_as(AssertSqlSafe(sql.clone()))
                .bind(self.annotator.uuid())
                .bind(list)
                .fetch_all(&mut *db)
                .await?;
            let found: HashMap<u64, Uuid> = found
                .into_iter()
                .map(|(at, id)| (unsigned(at), id))
                .collect();
            for place in places {
                cursor.at += 1;
                if let Some(pair) = found.get(&place).filter(|pair| self.is_his(**pair)) {
                    self.keep(db, PART, cursor).await?;
                    return Ok(Some(*pair));
                }
            }
        }
    }

    /// The next pair of the task that the annotator is at; then the first task, in the order in which
    /// they came, of which something is left.
    async fn by_task(&self, db: &mut SqliteConnection) -> Result<Option<Uuid>> {
        const BLOCK: &str = "block";
        let block = self.cursor(db, BLOCK).await?.map(|block| block.at);
        let mut tasks: Vec<String> = Vec::new();
        if let Some(at) = block {
            tasks = sqlx::query_scalar("SELECT task FROM pair WHERE position = ?")
                .bind(at)
                .fetch_all(&mut *db)
                .await?;
        }
        let mut all = false;
        loop {
            for task in std::mem::take(&mut tasks) {
                let part = format!("task {task}");
                if let Some(pair) = self.along(db, &part, Some(&task)).await? {
                    let at: i64 = sqlx::query_scalar("SELECT position FROM pair WHERE id = ?")
                        .bind(pair)
                        .fetch_one(&mut *db)
                        .await?;
                    self.keep(db, BLOCK, Cursor { at, ..START }).await?;
                    return Ok(Some(pair));
                }
            }
            if all {
                return Ok(None);
            }
            all = true;
            tasks = tasks_as_they_came(db).await?;
        }
    }

    /// The pair that the fewest people were dealt. A pair's number only grows, and it grows at once, in
    /// the transaction that deals it: two people at the same time don't get the same one first.
    async fn fewest_first(&self, db: &mut SqliteConnection) -> Result<Option<Uuid>> {
        let mut people: i64 = -1;
        loop {
            let next: Option<i64> =
                sqlx::query_scalar("SELECT min(people) FROM pair_dealt WHERE people > ?")
                    .bind(people)
                    .fetch_one(&mut *db)
                    .await?;
            let Some(next) = next else {
                return Ok(None);
            };
            people = next;
            let part = format!("dealt to {people}");
            let from = format!(
                "pair_dealt AS c CROSS JOIN pair AS p ON p.position = c.position
                 WHERE c.people = {people} AND ?3 IS NULL"
            );
            let from = (from.as_str(), "c.position");
            if let Some(pair) = self.walk(db, &part, from, None).await? {
                return Ok(Some(pair));
            }
        }
    }

    /// The place of the last pair in the data; -1 where there is none.
    pub(crate) async fn last_position(&self, db: &mut SqliteConnection) -> Result<i64> {
        Ok(
            sqlx::query_scalar("SELECT coalesce(max(position), -1) FROM pair")
                .fetch_one(db)
                .await?,
        )
    }

    async fn cursor(&self, db: &mut SqliteConnection, part: &str) -> Result<Option<Cursor>> {
        let row: Option<(i64, i64, i64)> = sqlx::query_as(
            "SELECT at, base, size FROM queue_cursor WHERE annotator = ? AND part = ?",
        )
        .bind(self.annotator.uuid())
        .bind(part.to_owned())
        .fetch_optional(db)
        .await?;
        Ok(row.map(|(at, base, size)| Cursor { at, base, size }))
    }

    async fn keep(&self, db: &mut SqliteConnection, part: &str, cursor: Cursor) -> Result<()> {
        sqlx::query(
            "INSERT INTO queue_cursor (annotator, part, at, base, size) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (annotator, part) DO UPDATE
               SET at = excluded.at, base = excluded.base, size = excluded.size",
        )
        .bind(self.annotator.uuid())
        .bind(part.to_owned())
        .bind(cursor.at)
        .bind(cursor.base)
        .bind(cursor.size)
        .execute(db)
        .await?;
        Ok(())
    }
}

/// The tasks by their first pair, each found by one look into the index.
async fn tasks_as_they_came(db: &mut SqliteConnection) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(
        "WITH RECURSIVE t (task) AS (SELECT min(task) FROM pair UNION ALL
           SELECT (SELECT min(p.task) FROM pair AS p WHERE p.task > t.task) FROM t
           WHERE t.task IS NOT NULL)
         SELECT task FROM t WHERE task IS NOT NULL
         ORDER BY (SELECT min(p.position) FROM pair AS p WHERE p.task = t.task)",
    )
    .fetch_all(db)
    .await?)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// In which order pairs are dealt.
async fn order_in(db: &mut SqliteConnection) -> Result<Order> {
    let word: Option<String> = sqlx::query_scalar("SELECT value FROM setting WHERE key = 'order'")
        .fetch_optional(db)
        .await?;
    Ok(word
        .map(|word| word.parse())
        .transpose()?
        .unwrap_or_default())
}
