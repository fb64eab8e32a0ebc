//! What is dealt next: the practice round, the rest of the pair that the annotator is at, a check whose
//! place has come, or the next pair in the project's order.
//!
//! Pairs of which an answer is known, or ever was, are left out of the order and spread through the
//! queue: at places drawn from the project's seed, at most [`FARTHEST`] pairs apart on average, so that
//! nobody works for long without meeting one. Checks go to everybody; nothing else of their pairs goes
//! to people who are not to see it.

use sqlx::{AssertSqlSafe, SqliteConnection};
use tiebreak_domain::{AnnotatorId, ContentHasher, Phase, QuestionId};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::orders::Dealer;
use crate::project::Project;
use crate::queue::{Place, add_repeat, assigned, order_of, repeats};

/// How many pairs lie between two checks on average, at most.
const FARTHEST: u64 = 50;
/// Up to so many pairs are counted when a check's place is drawn; of more, about how many are somebody's
/// follows from their number.
const COUNTED: i64 = 20_000;

/// A question `q` that is asked in this phase, that an annotator `?1` has not been dealt, and whose
/// votes he has not seen.
pub(crate) fn undealt(phase: Option<Phase>) -> String {
    let asked = match phase {
        None => "",
        Some(Phase::Write) => " AND q.criterion IS NULL",
        Some(Phase::Review | Phase::Vote) => " AND q.criterion IS NOT NULL",
    };
    format!(
        "q.same_as IS NULL{asked}
         AND NOT EXISTS (SELECT 1 FROM assignment AS a
           WHERE a.annotator = ?1 AND a.question = q.id)
         AND NOT EXISTS (SELECT 1 FROM adjudication AS d WHERE d.question = q.id
           AND d.adjudicator = ?1 AND d.act = 'blind')"
    )
}

/// Where an annotator's queue stands.
struct Stand {
    /// The last place given.
    position: i64,
    /// The pair that he is at, and the last of its questions that was dealt.
    pair: Option<Uuid>,
    ordinal: i64,
    /// At which place the next check comes, where that is drawn.
    check_due: Option<i64>,
}

/// Deals one more question; false where nothing is left.
pub(crate) async fn deal_one(
    db: &mut SqliteConnection,
    annotator: AnnotatorId,
    project: &Project,
    phase: Option<Phase>,
) -> Result<bool> {
    let number = order_of(db, annotator).await?;
    if let Some(overlap) = project.overlap
        && number >= i64::from(overlap.people())
    {
        return Err(StoreError::NoPlace(overlap.people()));
    }
    let dealer = Dealer {
        annotator,
        project,
        number,
        phase,
    };
    if practice(db, &dealer).await? {
        return Ok(true);
    }
    let stand = stand(db, annotator).await?;
    if let Some(pair) = stand.pair
        && let Some((question, ordinal)) = rest(db, &dealer, pair, stand.ordinal).await?
    {
        let at = place_of_last(db, annotator, pair, &stand).await?;
        give(db, &dealer, question, (pair, at, ordinal)).await?;
        return Ok(true);
    }
    let at = stand.position + 1;
    let apart = known_pairs(db, &dealer).await?;
    let due = due(db, &dealer, &stand, apart.len()).await?;
    let pair = match (apart.first(), due) {
        (Some(first), Some(due)) if due <= at => Some(*first),
        _ => match dealer.next(db).await? {
            Some(pair) => Some(pair),
            None => apart.first().copied(),
        },
    };
    let Some(pair) = pair else {
        return Ok(false);
    };
    if apart.first() == Some(&pair) {
        let next = after_check(db, &dealer, at, apart.len() - 1).await?;
        set_due(db, annotator, next).await?;
    }
    let Some((question, ordinal)) = rest(db, &dealer, pair, -1).await? else {
        return Err(StoreError::corrupt("a pair in a queue without a question"));
    };
    give(db, &dealer, question, (pair, at, ordinal)).await?;
    Ok(true)
}

/// Deals the next question of the practice round, in the order in which they were marked.
async fn practice(db: &mut SqliteConnection, dealer: &Dealer<'_>) -> Result<bool> {
    let sql = format!(
        "SELECT q.id FROM known AS k JOIN question AS q ON q.id = k.question
         WHERE k.role = 'practice' AND {}
         ORDER BY (SELECT min(f.at_ms) FROM known_answer AS f WHERE f.question = q.id), q.id LIMIT 1",
        undealt(dealer.phase)
    );
    let next: Option<Uuid> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(dealer.annotator.uuid())
        .fetch_optional(&mut *db)
        .await?;
    let Some(question) = next else {
        return Ok(false);
    };
    let number: i64 = sqlx::query_scalar(
        "SELECT coalesce(max(ordinal) + 1, 0) FROM assignment WHERE annotator = ? AND practice = 1",
    )
    .bind(dealer.annotator.uuid())
    .fetch_one(&mut *db)
    .await?;
    let question = QuestionId::from_uuid(question);
    let place = Place::Practice(number);
    assigned(db, dealer.annotator, question, place, dealer.project).await?;
    Ok(true)
}

async fn stand(db: &mut SqliteConnection, annotator: AnnotatorId) -> Result<Stand> {
    let (position, pair, ordinal, check_due) = sqlx::query_as(
        "SELECT dealt_position, dealt_pair, dealt_ordinal, check_due FROM annotator WHERE id = ?",
    )
    .bind(annotator.uuid())
    .fetch_one(&mut *db)
    .await?;
    Ok(Stand {
        position,
        pair,
        ordinal,
        check_due,
    })
}

/// The first question of a pair behind `after` that is still to be dealt; of a pair that is not the
/// annotator's, the checks alone.
async fn rest(
    db: &mut SqliteConnection,
    dealer: &Dealer<'_>,
    pair: Uuid,
    after: i64,
) -> Result<Option<(QuestionId, i64)>> {
    let sql = format!(
        "SELECT q.id, q.ordinal FROM question AS q
         WHERE q.pair = ?2 AND q.ordinal > ?3 AND {}
           AND (?4 OR EXISTS (SELECT 1 FROM known AS k
             WHERE k.question = q.id AND k.role = 'check'))
         ORDER BY q.ordinal LIMIT 1",
        undealt(dealer.phase)
    );
    let found: Option<(Uuid, i64)> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(dealer.annotator.uuid())
        .bind(pair)
        .bind(after)
        .bind(dealer.is_his(pair))
        .fetch_optional(&mut *db)
        .await?;
    Ok(found.map(|(question, ordinal)| (QuestionId::from_uuid(question), ordinal)))
}

/// The place at which the pair that the annotator is at was dealt.
async fn place_of_last(
    db: &mut SqliteConnection,
    annotator: AnnotatorId,
    pair: Uuid,
    stand: &Stand,
) -> Result<i64> {
    let place: Option<i64> = sqlx::query_scalar(
        "SELECT a.pair_position FROM question AS q CROSS JOIN assignment AS a
           ON a.annotator = ?1 AND a.question = q.id AND a.repeat = 0 AND a.practice = 0
         WHERE q.pair = ?2 AND q.ordinal = ?3",
    )
    .bind(annotator.uuid())
    .bind(pair)
    .bind(stand.ordinal)
    .fetch_optional(&mut *db)
    .await?;
    Ok(place.unwrap_or(stand.position))
}

/// Writes the assignment down, its repeat with it, and how far the queue has come.
async fn give(
    db: &mut SqliteConnection,
    dealer: &Dealer<'_>,
    question: QuestionId,
    (pair, at, ordinal): (Uuid, i64, i64),
) -> Result<()> {
    let (annotator, project) = (dealer.annotator, dealer.project);
    let first = assigned(db, annotator, question, Place::At(at), project).await?;
    if repeats(db, project, annotator, question).await? {
        add_repeat(db, project, first).await?;
    }
    sqlx::query("UPDATE annotator SET dealt_pair = ?, dealt_ordinal = ? WHERE id = ?")
        .bind(pair)
        .bind(ordinal)
        .bind(annotator.uuid())
        .execute(&mut *db)
        .await?;
    Ok(())
}

/// The pairs of known answers of which the annotator has something to answer, in an order of his own.
async fn known_pairs(db: &mut SqliteConnection, dealer: &Dealer<'_>) -> Result<Vec<Uuid>> {
    let (annotator, project) = (dealer.annotator, dealer.project);
    let sql = format!(
        "SELECT q.pair, max(EXISTS (SELECT 1 FROM known AS k
           WHERE k.question = q.id AND k.role = 'check'))
         FROM (SELECT DISTINCT o.pair FROM known_answer AS n CROSS JOIN question AS o
             ON o.id = n.question) AS s
         CROSS JOIN question AS q ON q.pair = s.pair
         WHERE {} GROUP BY q.pair",
        undealt(dealer.phase)
    );
    let found: Vec<(Uuid, bool)> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(annotator.uuid())
        .fetch_all(&mut *db)
        .await?;
    let mut pairs: Vec<Uuid> = found
        .into_iter()
        .filter(|(pair, check)| *check || dealer.is_his(*pair))
        .map(|(pair, _)| pair)
        .collect();
    pairs.sort_by_cached_key(|pair| draw(project, annotator, "known answer", pair.as_bytes()));
    Ok(pairs)
}

/// At which place the next check comes; drawn where it is not yet.
async fn due(
    db: &mut SqliteConnection,
    dealer: &Dealer<'_>,
    stand: &Stand,
    checks: usize,
) -> Result<Option<i64>> {
    if checks == 0 || stand.check_due.is_some() {
        return Ok(stand.check_due.filter(|_| checks > 0));
    }
    let at = stand.position + 1;
    let apart = apart(db, dealer, at, checks).await?;
    let (project, annotator) = (dealer.project, dealer.annotator);
    let drawn = draw(project, annotator, "first check", &at.to_le_bytes()) % apart;
    let due = at.saturating_add_unsigned(drawn);
    set_due(db, annotator, Some(due)).await?;
    Ok(Some(due))
}

/// Where the next of `left` checks comes, after one at the place `at`: never at the very next where
/// there is room.
async fn after_check(
    db: &mut SqliteConnection,
    dealer: &Dealer<'_>,
    at: i64,
    left: usize,
) -> Result<Option<i64>> {
    if left == 0 {
        return Ok(None);
    }
    let apart = apart(db, dealer, at, left).await?;
    let (project, annotator) = (dealer.project, dealer.annotator);
    let drawn = draw(project, annotator, "next check", &at.to_le_bytes()) % apart;
    let gap = apart.div_ceil(2).max(2) + drawn;
    Ok(Some(at.saturating_add_unsigned(gap)))
}

async fn set_due(
    db: &mut SqliteConnection,
    annotator: AnnotatorId,
    due: Option<i64>,
) -> Result<()> {
    sqlx::query("UPDATE annotator SET check_due = ? WHERE id = ?")
        .bind(due)
        .bind(annotator.uuid())
        .execute(&mut *db)
        .await?;
    Ok(())
}

/// How many pairs there are for each of the checks that are left, those that still come counted.
async fn apart(
    db: &mut SqliteConnection,
    dealer: &Dealer<'_>,
    at: i64,
    checks: usize,
) -> Result<u64> {
    let pairs = dealer.last_position(db).await? + 1;
    let left = if pairs <= COUNTED {
        dealer.left(db).await?
    } else {
        let own = dealer.project.overlap.map_or(pairs, |overlap| {
            pairs * i64::from(overlap.votes()) / i64::from(overlap.people())
        });
        u64::try_from(own - at).unwrap_or(0)
    };
    let checks = u64::try_from(checks).unwrap_or(u64::MAX).max(1);
    Ok(((left + checks) / checks).clamp(1, FARTHEST))
}

fn draw(project: &Project, annotator: AnnotatorId, what: &str, of: &[u8]) -> u64 {
    let mut hasher = ContentHasher::new(what);
    hasher
        .text(&project.seed().to_string())
        .bytes(annotator.uuid().as_bytes())
        .bytes(of);
    u64::try_from(hasher.finish().as_u128() >> 64).unwrap_or_default() >> 4
}
