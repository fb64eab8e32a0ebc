//! What the owner changes of how questions are dealt: the order, and a place that was taken by mistake.

use sqlx::{AssertSqlSafe, SqliteConnection};
use tiebreak_domain::{AnnotatorId, Order};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::{Project, set, write_log};

impl Project {
    /// Deals in another order from now on; what is dealt already stays as it is.
    pub async fn set_order(&self, order: Order) -> Result<()> {
        let mut tx = self.begin().await?;
        set(&mut tx, "order", order.as_str()).await?;
        count_people(&mut tx).await?;
        write_log(&mut tx, self.clock.now_ms(), "order", order.as_str()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes the annotator's place, which the next who begins gets: as which number he joined decides
    /// which pairs he sees where each goes to some people, and on which sides. What was dealt to him
    /// and not answered goes back; what he skipped or took back stays. Returns how many questions went
    /// back.
    pub async fn free_place(&self, annotator: AnnotatorId) -> Result<u64> {
        let mut tx = self.begin().await?;
        let found: Option<(String, Option<i64>, i64)> = sqlx::query_as(
            "SELECT name, dealt_order, (SELECT count(*) FROM assignment AS a
               WHERE a.annotator = n.id AND a.state IN ('voted', 'written'))
             FROM annotator AS n WHERE id = ?",
        )
        .bind(annotator.uuid())
        .fetch_optional(&mut *tx)
        .await?;
        let (name, place, standing) =
            found.ok_or_else(|| StoreError::NoAnnotator(annotator.to_string()))?;
        let Some(place) = place else {
            return Err(StoreError::HoldsNoPlace(name));
        };
        if standing > 0 {
            return Err(StoreError::PlaceInUse(name));
        }
        let back = take_back(&mut tx, annotator).await?;
        // Numbers of people may have gone down: what was passed is looked at again.
        sqlx::query("DELETE FROM queue_cursor WHERE annotator = ? OR part LIKE 'dealt to %'")
            .bind(annotator.uuid())
            .execute(&mut *tx)
            .await?;
        count_people(&mut tx).await?;
        let said = format!("number {}, of {name} ({annotator})", place + 1);
        write_log(&mut tx, self.clock.now_ms(), "place freed", &said).await?;
        tx.commit().await?;
        if let Ok(mut shares) = self.shares.lock() {
            shares.clear();
        }
        Ok(back)
    }
}

/// Removes what was only dealt: no vote, no skip, no other copy's name for it hangs on it.
async fn take_back(db: &mut SqliteConnection, annotator: AnnotatorId) -> Result<u64> {
    let back = sqlx::query(
        "DELETE FROM assignment AS a WHERE annotator = ? AND state = 'open' AND head IS NULL
           AND NOT EXISTS (SELECT 1 FROM vote AS v
             WHERE v.question = a.question AND v.assignment = a.id)
           AND NOT EXISTS (SELECT 1 FROM skip AS s WHERE s.assignment = a.id)
           AND NOT EXISTS (SELECT 1 FROM assignment_alias AS l WHERE l.assignment = a.id)",
    )
    .bind(annotator.uuid())
    .execute(&mut *db)
    .await?
    .rows_affected();
    sqlx::query(
        "UPDATE annotator SET dealt_order = NULL, dealt_pair = NULL, dealt_ordinal = -1,
           check_due = NULL, dealt_position = coalesce((SELECT max(a.pair_position)
             FROM assignment AS a WHERE a.annotator = ?1 AND a.repeat = 0 AND a.practice = 0), -1)
         WHERE id = ?1",
    )
    .bind(annotator.uuid())
    .execute(&mut *db)
    .await?;
    Ok(back)
}

/// How many people were dealt something of the pair `p`: where the project has phases, of the steps
/// of the phase that it is in, so that writing criteria does not count as voting.
const PEOPLE: &str = "(SELECT count(DISTINCT a.annotator) FROM main.question AS q
       JOIN main.assignment AS a ON a.question = q.id
     WHERE q.pair = p.id AND coalesce((q.criterion IS NULL) = ((SELECT c.phase
       FROM main.phase_change AS c ORDER BY c.at_ms DESC, c.id DESC LIMIT 1) = 'write'), 1))";

/// Counts anew how many people were dealt each pair, where the order goes by that.
pub(crate) async fn count_people(db: &mut SqliteConnection) -> Result<()> {
    sqlx::query("DELETE FROM main.pair_dealt")
        .execute(&mut *db)
        .await?;
    let sql = format!(
        "INSERT INTO main.pair_dealt (position, people)
         SELECT p.position, {PEOPLE} FROM main.pair AS p
         WHERE EXISTS (SELECT 1 FROM main.setting WHERE key = 'order' AND value = 'fewest-first')
         ORDER BY p.position"
    );
    sqlx::query(AssertSqlSafe(sql)).execute(&mut *db).await?;
    Ok(())
}

/// Pairs whose number of people is not what it is counted as.
pub(crate) async fn wrong(db: &mut SqliteConnection) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT 'the pair at ' || p.position || ' is counted as dealt to ' || coalesce(d.people, 'nobody')
           || ' people, and is not: set the order again (`tiebreak queue`)'
         FROM main.pair AS p LEFT JOIN main.pair_dealt AS d ON d.position = p.position
         WHERE EXISTS (SELECT 1 FROM main.setting WHERE key = 'order' AND value = 'fewest-first')
           AND d.people IS NOT {PEOPLE}
         LIMIT 20"
    );
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(db).await?)
}

/// Who has which place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldPlace {
    /// Who.
    pub annotator: AnnotatorId,
    /// As which number, from 1, he began.
    pub number: u32,
    /// Whether it can be given on.
    pub free: bool,
}

impl Project {
    /// The places that are taken, in the order in which people began.
    pub async fn places(&self) -> Result<Vec<HeldPlace>> {
        let rows: Vec<(Uuid, i64, bool)> = sqlx::query_as(
            "SELECT id, dealt_order + 1, NOT EXISTS (SELECT 1 FROM assignment AS a
               WHERE a.annotator = n.id AND a.state IN ('voted', 'written'))
             FROM annotator AS n WHERE dealt_order IS NOT NULL ORDER BY dealt_order",
        )
        .fetch_all(&self.read)
        .await?;
        let held = |(annotator, number, free)| HeldPlace {
            annotator: AnnotatorId::from_uuid(annotator),
            number: u32::try_from(number).unwrap_or(u32::MAX),
            free,
        };
        Ok(rows.into_iter().map(held).collect())
    }
}
