//! Questions of one pair that say the same: one is asked in the other's place. Nothing is removed:
//! what was voted on the other stays in the log, and it comes back when the two are put apart.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sqlx::SqliteConnection;
use tiebreak_domain::{AnnotatorId, PairId, QuestionId};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::{Project, write_log};

/// What came of putting questions together, or apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Merged {
    /// Questions that another one stands for now, or that are asked again.
    pub questions: u64,
    /// Their votes, which count no longer, or again.
    pub votes: u64,
}

impl Project {
    /// The questions that an id means, with their pairs: one question, or all of a criterion; of one
    /// pair where that is given.
    pub async fn questions_meant(
        &self,
        id: Uuid,
        pair: Option<PairId>,
    ) -> Result<Vec<(PairId, QuestionId)>> {
        let found: Vec<(Uuid, Uuid)> = sqlx::query_as(
            "SELECT pair, id FROM question WHERE (id = ?1 OR criterion = ?1) AND criterion IS NOT NULL
               AND (?2 IS NULL OR pair = ?2) ORDER BY pair_position, ordinal",
        )
        .bind(id)
        .bind(pair.map(PairId::uuid))
        .fetch_all(&self.read)
        .await?;
        if found.is_empty() {
            return Err(StoreError::NotFound {
                what: "criterion or question",
                id: QuestionId::from_uuid(id).to_string(),
            });
        }
        let both = |(pair, id)| (PairId::from_uuid(pair), QuestionId::from_uuid(id));
        Ok(found.into_iter().map(both).collect())
    }

    /// Says of questions that another of their pair says the same: `(question, stays)` each. One
    /// that has another in its place already is left as it is.
    pub async fn say_same(
        &self,
        pairs: &[(QuestionId, QuestionId)],
        by: Option<AnnotatorId>,
    ) -> Result<Merged> {
        let mut tx = self.begin().await?;
        let mut done = Merged::default();
        for (question, stays) in pairs {
            let together: Option<bool> = sqlx::query_scalar(
                "SELECT q.pair = s.pair FROM question AS q, question AS s WHERE q.id = ? AND s.id = ?",
            )
            .bind(question.uuid())
            .bind(stays.uuid())
            .fetch_optional(&mut *tx)
            .await?;
            if together != Some(true) || question == stays {
                return Err(StoreError::NotOfOnePair);
            }
            let stands_for = root(&mut tx, stays.uuid()).await?;
            let there = root(&mut tx, question.uuid()).await?;
            if there == stands_for {
                continue;
            }
            if there != question.uuid() {
                return Err(StoreError::HasAnother(question.to_string()));
            }
            done.votes += votes_on(&mut tx, question.uuid()).await?;
            done.questions += 1;
            self.note_same(&mut tx, *question, Some(stays.uuid()), by)
                .await?;
        }
        resolve(&mut tx).await?;
        let said = format!(
            "{} questions stand for another no longer asked",
            done.questions
        );
        write_log(&mut tx, self.clock.now_ms(), "same", &said).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Puts questions apart again that were said to be the same as another; others are left.
    pub async fn say_apart(
        &self,
        questions: &[QuestionId],
        by: Option<AnnotatorId>,
    ) -> Result<Merged> {
        let mut tx = self.begin().await?;
        let mut done = Merged::default();
        let questions: BTreeSet<&QuestionId> = questions.iter().collect();
        for question in questions {
            if root(&mut tx, question.uuid()).await? == question.uuid() {
                continue;
            }
            self.note_same(&mut tx, *question, None, by).await?;
            done.questions += 1;
            done.votes += votes_on(&mut tx, question.uuid()).await?;
        }
        let resolved = resolve(&mut tx).await?;
        self.deal_freed(&mut tx, &resolved).await?;
        let said = format!("{} questions are asked again", done.questions);
        write_log(&mut tx, self.clock.now_ms(), "apart", &said).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Gives questions that are asked again to everybody whose queue has gone past them.
    pub(crate) async fn deal_freed(
        &self,
        db: &mut SqliteConnection,
        resolved: &Resolved,
    ) -> Result<()> {
        for question in &resolved.freed {
            self.deal_to_those_past(db, QuestionId::from_uuid(*question))
                .await?;
        }
        Ok(())
    }

    async fn note_same(
        &self,
        db: &mut SqliteConnection,
        question: QuestionId,
        same_as: Option<Uuid>,
        by: Option<AnnotatorId>,
    ) -> Result<()> {
        let last: Option<i64> =
            sqlx::query_scalar("SELECT max(at_ms) FROM question_same WHERE question = ?")
                .bind(question.uuid())
                .fetch_one(&mut *db)
                .await?;
        let now = self.clock.now_ms();
        sqlx::query(
            "INSERT INTO question_same (id, question, same_as, by, at_ms) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(self.new_act().uuid())
        .bind(question.uuid())
        .bind(same_as)
        .bind(by.map(AnnotatorId::uuid))
        .bind(last.map_or(now, |last| now.max(last + 1)))
        .execute(&mut *db)
        .await?;
        Ok(())
    }
}

/// The question that is asked for this one; itself where it is asked.
async fn root(db: &mut SqliteConnection, question: Uuid) -> Result<Uuid> {
    Ok(
        sqlx::query_scalar("SELECT coalesce(same_as, id) FROM question WHERE id = ?")
            .bind(question)
            .fetch_one(db)
            .await?,
    )
}

async fn votes_on(db: &mut SqliteConnection, question: Uuid) -> Result<u64> {
    let votes: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM assignment WHERE question = ? AND state = 'voted'",
    )
    .bind(question)
    .fetch_one(db)
    .await?;
    Ok(votes.unsigned_abs())
}

/// What setting them came to.
pub(crate) struct Resolved {
    /// How often copies said of questions that each stands for the other.
    pub(crate) rings: u64,
    /// Questions that are asked again.
    freed: Vec<Uuid>,
}

/// Sets which question stands for which, as the last row of each says. Where two copies of a project
/// said it of each other, a ring, the one with the smallest id stays.
pub(crate) async fn resolve(db: &mut SqliteConnection) -> Result<Resolved> {
    let (wanted, rings) = settled(&last_rows(db).await?);
    let now = set_now(db).await?;
    let freed = now.keys().filter(|id| !wanted.contains_key(*id));
    let freed: Vec<Uuid> = freed.copied().collect();
    for question in &freed {
        set(db, *question, None).await?;
    }
    for (question, stays) in &wanted {
        if now.get(question) != Some(stays) {
            set(db, *question, Some(*stays)).await?;
        }
    }
    Ok(Resolved { rings, freed })
}

async fn last_rows(db: &mut SqliteConnection) -> Result<BTreeMap<Uuid, Uuid>> {
    let rows: Vec<(Uuid, Option<Uuid>)> = sqlx::query_as(
        "SELECT question, same_as FROM (SELECT question, same_as,
             row_number() OVER (PARTITION BY question ORDER BY at_ms DESC, id DESC) AS n
           FROM main.question_same) WHERE n = 1",
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(question, same_as)| Some((question, same_as?)))
        .collect())
}

/// Which question stands for which by the column.
async fn set_now(db: &mut SqliteConnection) -> Result<BTreeMap<Uuid, Uuid>> {
    let now: Vec<(Uuid, Uuid)> =
        sqlx::query_as("SELECT id, same_as FROM main.question WHERE same_as IS NOT NULL")
            .fetch_all(db)
            .await?;
    Ok(now.into_iter().collect())
}

async fn set(db: &mut SqliteConnection, question: Uuid, same_as: Option<Uuid>) -> Result<()> {
    sqlx::query("UPDATE main.question SET same_as = ? WHERE id = ?")
        .bind(same_as)
        .bind(question)
        .execute(db)
        .await?;
    Ok(())
}

/// For every question that another stands for, that other; and how many rings were cut.
fn settled(says: &BTreeMap<Uuid, Uuid>) -> (BTreeMap<Uuid, Uuid>, u64) {
    let mut ends: HashMap<Uuid, Uuid> = HashMap::new();
    let mut rings = 0;
    for start in says.keys() {
        let mut way = Vec::new();
        let mut at = *start;
        let end = loop {
            if let Some(known) = ends.get(&at) {
                break *known;
            }
            if let Some(from) = way.iter().position(|id| *id == at) {
                rings += 1;
                break way[from..].iter().copied().min().unwrap_or(at);
            }
            way.push(at);
            match says.get(&at) {
                Some(next) => at = *next,
                None => break at,
            }
        };
        ends.extend(way.into_iter().map(|id| (id, end)));
    }
    let merged = ends.into_iter().filter(|(id, end)| id != end).collect();
    (merged, rings)
}

/// What `check` says of questions whose column is not what the records make it.
pub(crate) async fn wrong(db: &mut SqliteConnection) -> Result<Vec<String>> {
    let (wanted, _) = settled(&last_rows(db).await?);
    let now = set_now(db).await?;
    let differ = now.iter().chain(&wanted);
    let mut ids: Vec<Uuid> = differ
        .filter(|(id, _)| now.get(*id) != wanted.get(*id))
        .map(|(id, _)| *id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let said = |id| {
        format!(
            "which question is asked for {} is not what its records say",
            QuestionId::from_uuid(id)
        )
    };
    Ok(ids.into_iter().map(said).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_end_at_one_question_and_rings_at_the_smallest() {
        let id = |n: u128| Uuid::from_u128(n);
        let says = |pairs: &[(u128, u128)]| pairs.iter().map(|(a, b)| (id(*a), id(*b))).collect();
        let chain: BTreeMap<Uuid, Uuid> = says(&[(1, 2), (2, 3)]);
        assert_eq!(settled(&chain), (says(&[(1, 3), (2, 3)]), 0));
        let ring: BTreeMap<Uuid, Uuid> = says(&[(1, 2), (2, 1), (5, 2)]);
        assert_eq!(settled(&ring), (says(&[(2, 1), (5, 1)]), 1));
        assert_eq!(settled(&BTreeMap::new()), (BTreeMap::new(), 0));
    }
}
