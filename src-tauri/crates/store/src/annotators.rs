//! Who labels, with which keys, and how far they are.

use sqlx::{Sqlite, SqliteConnection, Transaction};
use tiebreak_domain::{AnnotatorId, AssignmentId, DomainError, Keymap, PairId, Phase};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::Project;
use crate::queue::order_to_be;

/// A person who labels, or a name that came with imported votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotator {
    /// The id: equal names stay apart.
    pub id: AnnotatorId,
    /// The name.
    pub name: String,
    /// In which order people joined, from 0.
    pub ordinal: u32,
    /// The file that the name came with, where it was imported.
    pub origin: Option<String>,
}

/// How far an annotator is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    /// Questions answered.
    pub done: u64,
    /// Questions skipped.
    pub skipped: u64,
    /// Questions in all.
    pub total: u64,
    /// Answers an hour of work.
    pub per_hour: Option<f64>,
    /// Questions of the practice round answered or skipped: none of the others.
    pub practice_done: u64,
    /// Questions of the practice round.
    pub practice: u64,
    /// The question of it that stands before him.
    pub practice_open: Option<AssignmentId>,
}

type Row = (Uuid, String, i64, Option<String>);

fn annotator((id, name, ordinal, origin): Row) -> Annotator {
    Annotator {
        id: AnnotatorId::from_uuid(id),
        name,
        ordinal: u32::try_from(ordinal).unwrap_or(u32::MAX),
        origin,
    }
}

/// A name that can be shown and typed: at most 80 characters, something to see among them, no
/// control characters and none that turn the direction of what follows.
pub(crate) fn checked(name: &str) -> Result<&str> {
    const UNSEEN: [char; 5] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let name = name.trim();
    let seen = name
        .chars()
        .any(|c| !UNSEEN.contains(&c) && !c.is_whitespace());
    let fits = seen
        && name.chars().count() <= 80
        && !name
            .chars()
            .any(|c| c.is_control() || turns(c) || c == '\u{feff}');
    if fits {
        Ok(name)
    } else {
        Err(DomainError::BadName(name.chars().take(80).collect()).into())
    }
}

impl Project {
    /// Everybody, in the order in which they joined.
    pub async fn annotators(&self) -> Result<Vec<Annotator>> {
        let rows: Vec<Row> =
            sqlx::query_as("SELECT id, name, ordinal, origin FROM annotator ORDER BY ordinal")
                .fetch_all(&self.read)
                .await?;
        Ok(rows.into_iter().map(annotator).collect())
    }

    /// The annotator with this id.
    pub async fn annotator(&self, id: AnnotatorId) -> Result<Annotator> {
        let row: Option<Row> =
            sqlx::query_as("SELECT id, name, ordinal, origin FROM annotator WHERE id = ?")
                .bind(id.uuid())
                .fetch_optional(&self.read)
                .await?;
        row.map(annotator)
            .ok_or_else(|| StoreError::NoAnnotator(id.to_string()))
    }

    /// The annotator that `name` means: an id, else the one person of that name, else the one
    /// name that came with a table, else the one whose id begins so.
    pub async fn find_annotator(&self, name: &str) -> Result<Annotator> {
        let mut db = self.read.acquire().await?;
        find(&mut db, name).await
    }

    /// The person of this name, added if there is none. A name that only came with a table is
    /// nobody's: a person of the same name is another.
    pub async fn person(&self, name: &str) -> Result<Annotator> {
        let mut tx = self.begin().await?;
        match find(&mut tx, name).await {
            Ok(found) if found.origin.is_none() || found.name != name.trim() => Ok(found),
            Ok(_) | Err(StoreError::NoAnnotator(_)) if name.parse::<AnnotatorId>().is_err() => {
                let id = AnnotatorId::new(self.clock.now_ms(), self.clock.random());
                let at = self.clock.now_ms();
                let added = insert(&mut tx, id, checked(name)?, None, at).await?;
                tx.commit().await?;
                Ok(added)
            }
            other => other,
        }
    }

    /// Adds a person. A name may be there already: the two stay apart.
    pub async fn add_annotator(&self, name: &str) -> Result<Annotator> {
        let name = checked(name)?;
        let id = AnnotatorId::new(self.clock.now_ms(), self.clock.random());
        let mut tx = self.begin().await?;
        let added = insert(&mut tx, id, name, None, self.clock.now_ms()).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// The annotator's keys.
    pub async fn keymap(&self, id: AnnotatorId) -> Result<Keymap> {
        let stored: Option<String> = sqlx::query_scalar("SELECT keys FROM annotator WHERE id = ?")
            .bind(id.uuid())
            .fetch_optional(&self.read)
            .await?;
        let stored = stored.ok_or_else(|| StoreError::NoAnnotator(id.to_string()))?;
        Ok(Keymap::with_changes(
            &serde_json::from_str(&stored).unwrap_or_default(),
        ))
    }

    /// Keeps the annotator's keys.
    pub async fn set_keymap(&self, id: AnnotatorId, keys: &Keymap) -> Result<()> {
        sqlx::query("UPDATE annotator SET keys = ? WHERE id = ?")
            .bind(keys.changes().to_string())
            .bind(id.uuid())
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// What the annotator set on his screen, as JSON.
    pub async fn preferences(&self, id: AnnotatorId) -> Result<String> {
        let stored: Option<String> =
            sqlx::query_scalar("SELECT preferences FROM annotator WHERE id = ?")
                .bind(id.uuid())
                .fetch_optional(&self.read)
                .await?;
        stored.ok_or_else(|| StoreError::NoAnnotator(id.to_string()))
    }

    /// Keeps what the annotator set, as JSON.
    pub async fn set_preferences(&self, id: AnnotatorId, json: &str) -> Result<()> {
        sqlx::query("UPDATE annotator SET preferences = ? WHERE id = ?")
            .bind(json.to_owned())
            .bind(id.uuid())
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// How far the annotator is, and how fast.
    pub async fn standing(&self, id: AnnotatorId) -> Result<Standing> {
        if self.phase().await? == Some(Phase::Write) {
            return self.standing_in_writing(id).await;
        }
        let (done, skipped, practice_done, practice): (i64, i64, i64, i64) = sqlx::query_as(
            "SELECT
               (SELECT count(*) FROM standing WHERE annotator = ?1 AND repeat = 0),
               (SELECT count(*) FROM assignment AS a JOIN question AS q ON q.id = a.question
                 WHERE a.annotator = ?1 AND a.state = 'skipped' AND a.practice = 0
                   AND q.same_as IS NULL),
               (SELECT count(*) FROM assignment WHERE annotator = ?1 AND practice = 1
                 AND state IN ('voted', 'skipped')),
               (SELECT count(*) FROM assignment WHERE annotator = ?1 AND practice = 1)
                 + (SELECT count(*) FROM known AS k JOIN question AS q ON q.id = k.question
                     WHERE k.role = 'practice' AND q.same_as IS NULL AND NOT EXISTS
                       (SELECT 1 FROM assignment AS a
                         WHERE a.annotator = ?1 AND a.question = k.question))",
        )
        .bind(id.uuid())
        .fetch_one(&self.read)
        .await?;
        let practice_open: Option<Uuid> = sqlx::query_scalar(
            "SELECT id FROM assignment WHERE annotator = ? AND practice = 1 AND state = 'open'
             ORDER BY pair_position, ordinal LIMIT 1",
        )
        .bind(id.uuid())
        .fetch_optional(&self.read)
        .await?;
        let total = self.share_of(id).await?;
        let times: Vec<i64> = sqlx::query_scalar(
            "SELECT acted_ms FROM assignment WHERE annotator = ? AND acted_ms IS NOT NULL
             ORDER BY acted_ms DESC LIMIT 200",
        )
        .bind(id.uuid())
        .fetch_all(&self.read)
        .await?;
        Ok(Standing {
            done: done.unsigned_abs(),
            skipped: skipped.unsigned_abs(),
            total,
            per_hour: pace(&times),
            practice_done: practice_done.unsigned_abs(),
            practice: practice.unsigned_abs(),
            practice_open: practice_open.map(AssignmentId::from_uuid),
        })
    }
}

impl Project {
    /// How far somebody is with writing criteria: of the pairs that are his.
    async fn standing_in_writing(&self, id: AnnotatorId) -> Result<Standing> {
        let (done, skipped): (i64, i64) = sqlx::query_as(
            "SELECT count(*) FILTER (WHERE a.state = 'written'),
                    count(*) FILTER (WHERE a.state = 'skipped')
             FROM assignment AS a JOIN question AS q ON q.id = a.question
             WHERE a.annotator = ? AND q.criterion IS NULL",
        )
        .bind(id.uuid())
        .fetch_one(&self.read)
        .await?;
        let order = order_to_be(&mut *self.read.acquire().await?, id).await?;
        let pairs: Vec<Uuid> =
            sqlx::query_scalar("SELECT pair FROM question WHERE criterion IS NULL")
                .fetch_all(&self.read)
                .await?;
        let his = |pair: &&Uuid| self.deals(PairId::from_uuid(**pair), order);
        Ok(Standing {
            done: done.unsigned_abs(),
            skipped: skipped.unsigned_abs(),
            total: pairs.iter().filter(his).count() as u64,
            per_hour: None,
            practice_done: 0,
            practice: 0,
            practice_open: None,
        })
    }
}

/// Answers an hour, from the times of the last ones (latest first): over at most an hour of work,
/// gaps of more than five minutes left out as pauses; `None` below five answers.
fn pace(latest_first: &[i64]) -> Option<f64> {
    const PAUSE_MS: i64 = 5 * 60_000;
    const HOUR_MS: i64 = 3_600_000;
    let (mut worked, mut answers) = (0, 0);
    for gap in latest_first
        .windows(2)
        .map(|w| w[0] - w[1])
        .filter(|gap| *gap <= PAUSE_MS)
    {
        if worked + gap > HOUR_MS {
            break;
        }
        worked += gap;
        answers += 1;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "an hour in milliseconds fits into a double"
    )]
    let hours = worked as f64 / HOUR_MS as f64;
    (answers >= 4 && worked > 0).then(|| f64::from(answers) / hours)
}

async fn find(db: &mut SqliteConnection, name: &str) -> Result<Annotator> {
    const BY_ID: &str = "SELECT id, name, ordinal, origin FROM annotator WHERE id = ?";
    const BY_NAME: &str = "SELECT id, name, ordinal, origin FROM annotator WHERE name = ?";
    if let Ok(id) = name.parse::<AnnotatorId>() {
        let row: Option<Row> = sqlx::query_as(BY_ID)
            .bind(id.uuid())
            .fetch_optional(&mut *db)
            .await?;
        return row
            .map(annotator)
            .ok_or_else(|| StoreError::NoAnnotator(id.to_string()));
    }
    let rows: Vec<Row> = sqlx::query_as(BY_NAME)
        .bind(name.trim().to_owned())
        .fetch_all(&mut *db)
        .await?;
    let (people, tables): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .map(annotator)
        .partition(|a| a.origin.is_none());
    let meant = if people.is_empty() { tables } else { people };
    let meant = match (meant.is_empty(), start_of_id(name)) {
        (true, Some(start)) => by_start(db, &start).await?,
        _ => meant,
    };
    match meant.as_slice() {
        [] => Err(StoreError::NoAnnotator(name.to_owned())),
        [one] => Ok(one.clone()),
        several => Err(StoreError::SeveralAnnotators {
            name: name.to_owned(),
            ids: several.iter().map(|a| a.id.to_string()).collect(),
        }),
    }
}

/// The hexadecimal digits of something that may be the start of an id: eight at least, so that no
/// name is taken for one by chance.
fn start_of_id(text: &str) -> Option<String> {
    let digits: String = text.trim().chars().filter(|c| *c != '-').collect();
    let hexadecimal = digits.chars().all(|c| c.is_ascii_hexdigit());
    (hexadecimal && (8..32).contains(&digits.len())).then_some(digits)
}

async fn by_start(db: &mut SqliteConnection, start: &str) -> Result<Vec<Annotator>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, name, ordinal, origin FROM annotator
         WHERE substr(hex(id), 1, length(?1)) = upper(?1) ORDER BY id",
    )
    .bind(start.to_owned())
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(annotator).collect())
}

/// Adds an annotator as the next in order.
pub(crate) async fn insert(
    tx: &mut Transaction<'_, Sqlite>,
    id: AnnotatorId,
    name: &str,
    origin: Option<&str>,
    at_ms: i64,
) -> Result<Annotator> {
    let ordinal: i64 = sqlx::query_scalar(
        "INSERT INTO annotator (id, name, ordinal, origin, created_ms)
         VALUES (?, ?, (SELECT coalesce(max(ordinal) + 1, 0) FROM annotator), ?, ?)
         RETURNING ordinal",
    )
    .bind(id.uuid())
    .bind(name.to_owned())
    .bind(origin.map(str::to_owned))
    .bind(at_ms)
    .fetch_one(&mut **tx)
    .await?;
    Ok(annotator((
        id.uuid(),
        name.to_owned(),
        ordinal,
        origin.map(str::to_owned),
    )))
}

#[cfg(test)]
mod tests {
    use super::pace;

    #[test]
    fn the_pace_counts_work_and_not_pauses() {
        let minute = 60_000;
        assert_eq!(pace(&[4, 3, 2]), None, "too few to say");
        let times: Vec<i64> = (0..11).rev().map(|n| n * minute).collect();
        assert_eq!(pace(&times), Some(60.0), "one a minute is sixty an hour");
        let mut with_pause: Vec<i64> = times.iter().map(|t| t + 600 * minute).collect();
        with_pause.extend(&times);
        assert_eq!(
            pace(&with_pause),
            Some(60.0),
            "a pause of hours changes nothing"
        );
    }
}
