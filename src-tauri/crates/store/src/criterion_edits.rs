//! Criteria by version: every edit is a row. A typo mended keeps the votes; a changed meaning opens
//! the criterion's questions again, and the votes cast before stay as evidence that stands no longer.
//!
//! Edits form a tree, since two copies of a project may edit one sentence. Of its leaves the same
//! one is the criterion's of today in every copy ([`RULES`]), and a vote stands where the sentence
//! it was cast under has the same meaning: the same last edit that changed it.

use sqlx::{AssertSqlSafe, SqliteConnection};
use tiebreak_domain::{
    AnnotatorId, ContentHasher, Criterion, CriterionEditId, CriterionId, EditKind, ResolutionId,
};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::{Project, write_log};

/// Which edit of a criterion is today's: the highest version, of equal ones the earliest record.
pub(crate) const RULES: &str = "e.version DESC, e.at_ms, e.id";

/// When the criterion of the question `%` came to mean what it means today; NULL where it always did.
pub(crate) const MEANS_SINCE: &str = "(SELECT e.at_ms FROM main.question AS q
    JOIN main.criterion AS c ON c.id = q.criterion
    JOIN main.criterion_edit AS e ON e.id = c.meaning WHERE q.id = %)";

/// What an edit does, or would do, to what people said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EditEffect {
    /// The criterion's questions.
    pub questions: u64,
    /// Their votes that stand, repeats with them.
    pub votes: u64,
    /// Who cast them.
    pub people: u64,
    /// Their resolutions that stand.
    pub resolutions: u64,
}

/// An edit of a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionEdit {
    /// Its id.
    pub id: CriterionEditId,
    /// The version that it made.
    pub version: u32,
    /// The sentence before.
    pub was: String,
    /// The sentence after.
    pub text: String,
    /// What it did.
    pub kind: EditKind,
    /// The name of who made it; `None`: the owner, under no name.
    pub by: Option<String>,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

impl Project {
    /// What stands on a criterion's questions: what an edit would leave, or take back.
    pub async fn edit_effect(&self, criterion: CriterionId) -> Result<EditEffect> {
        let mut db = self.read.acquire().await?;
        let there: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM criterion WHERE id = ?)")
            .bind(criterion.uuid())
            .fetch_one(&mut *db)
            .await?;
        if there == 0 {
            return Err(missing(criterion));
        }
        effect(&mut db, criterion).await
    }

    /// Edits a criterion's sentence. With a changed meaning, all that stood on its questions is taken
    /// back: votes stay as they are and stand no longer, resolutions are superseded, and whoever had
    /// voted or skipped gets the questions again. Returns what was there before.
    pub async fn edit_criterion(
        &self,
        criterion: CriterionId,
        text: &Criterion,
        kind: EditKind,
        by: Option<AnnotatorId>,
    ) -> Result<(CriterionEditId, EditEffect)> {
        let mut tx = self.begin().await?;
        let now: Option<(String, i64, Option<Uuid>)> =
            sqlx::query_as("SELECT text, version, meaning FROM criterion WHERE id = ?")
                .bind(criterion.uuid())
                .fetch_optional(&mut *tx)
                .await?;
        let (was, version, meaning) = now.ok_or_else(|| missing(criterion))?;
        if was.trim() == text.text().trim() {
            return Err(StoreError::SameSentence);
        }
        let sql = format!(
            "SELECT e.id, e.at_ms FROM criterion_edit AS e WHERE e.criterion = ?
             ORDER BY {RULES} LIMIT 1"
        );
        let changes: Option<(Uuid, i64)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(criterion.uuid())
            .fetch_optional(&mut *tx)
            .await?;
        let at_ms = self.clock.now_ms();
        let at_ms = changes.map_or(at_ms, |(_, last)| at_ms.max(last + 1));
        let id = CriterionEditId::new(at_ms, self.clock.random());
        let meaning = match kind {
            EditKind::Typo => meaning,
            EditKind::Meaning => Some(id.uuid()),
        };
        let effect = effect(&mut tx, criterion).await?;
        sqlx::query(
            "INSERT INTO criterion_edit (id, criterion, changes, version, was, text, kind, meaning,
                                         by, at_ms)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id.uuid())
        .bind(criterion.uuid())
        .bind(changes.map(|(id, _)| id))
        .bind(version + 1)
        .bind(was)
        .bind(text.text().to_owned())
        .bind(kind.as_str())
        .bind(meaning)
        .bind(by.map(AnnotatorId::uuid))
        .bind(at_ms)
        .execute(&mut *tx)
        .await?;
        restate(&mut tx).await?;
        if kind == EditKind::Meaning {
            reopen(&mut tx, criterion).await?;
            take_back_resolutions(&mut tx).await?;
        }
        let said = format!("{criterion}: version {}, {}", version + 1, kind.as_str());
        write_log(&mut tx, self.clock.now_ms(), "criterion", &said).await?;
        tx.commit().await?;
        Ok((id, effect))
    }

    /// Every edit of a criterion, the first first.
    pub async fn criterion_edits(&self, criterion: CriterionId) -> Result<Vec<CriterionEdit>> {
        type Row = (Uuid, i64, String, String, String, Option<String>, i64);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT e.id, e.version, e.was, e.text, e.kind, n.name, e.at_ms
             FROM criterion_edit AS e LEFT JOIN annotator AS n ON n.id = e.by
             WHERE e.criterion = ? ORDER BY e.version, e.at_ms, e.id",
        )
        .bind(criterion.uuid())
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|(id, version, was, text, kind, by, at_ms)| {
                Ok(CriterionEdit {
                    id: CriterionEditId::from_uuid(id),
                    version: u32::try_from(version).unwrap_or(u32::MAX),
                    was,
                    text,
                    kind: kind.parse()?,
                    by,
                    at_ms,
                })
            })
            .collect()
    }
}

pub(crate) fn missing(criterion: CriterionId) -> StoreError {
    StoreError::NotFound {
        what: "criterion",
        id: criterion.to_string(),
    }
}

async fn effect(db: &mut SqliteConnection, criterion: CriterionId) -> Result<EditEffect> {
    let (questions, votes, people, resolutions): (i64, i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM question WHERE criterion = ?1 AND same_as IS NULL),
           (SELECT count(*) FROM standing AS a JOIN question AS q ON q.id = a.question
             WHERE q.criterion = ?1),
           (SELECT count(DISTINCT a.annotator) FROM standing AS a
             JOIN question AS q ON q.id = a.question WHERE q.criterion = ?1),
           (SELECT count(DISTINCT r.question) FROM standing_resolution AS r
             JOIN question AS q ON q.id = r.question
             WHERE q.criterion = ?1 AND coalesce(r.verdict, r.dropped) IS NOT NULL)",
    )
    .bind(criterion.uuid())
    .fetch_one(&mut *db)
    .await?;
    Ok(EditEffect {
        questions: questions.unsigned_abs(),
        votes: votes.unsigned_abs(),
        people: people.unsigned_abs(),
        resolutions: resolutions.unsigned_abs(),
    })
}

/// Gives every criterion the sentence, version and meaning of the edit that is today's.
pub(crate) async fn restate(db: &mut SqliteConnection) -> Result<()> {
    let sql = format!(
        "UPDATE main.criterion AS m SET text = t.text, version = t.version, meaning = t.meaning
         FROM (SELECT e.criterion, e.text, e.version, e.meaning,
                 row_number() OVER (PARTITION BY e.criterion ORDER BY {RULES}) AS n
               FROM main.criterion_edit AS e) AS t
         WHERE t.criterion = m.id AND t.n = 1
           AND (m.text <> t.text OR m.version <> t.version OR m.meaning IS NOT t.meaning)"
    );
    sqlx::query(AssertSqlSafe(sql)).execute(db).await?;
    Ok(())
}

/// Opens the criterion's questions again for everybody who had answered or skipped them.
async fn reopen(db: &mut SqliteConnection, criterion: CriterionId) -> Result<()> {
    sqlx::query(
        "UPDATE assignment SET state = 'open', acted_ms = NULL
         WHERE state IN ('voted', 'skipped')
           AND question IN (SELECT id FROM question WHERE criterion = ?)",
    )
    .bind(criterion.uuid())
    .execute(db)
    .await?;
    Ok(())
}

/// Records, for every resolution that was made under another meaning than today's and that nothing
/// supersedes, that it was taken back. The rows are the same in whichever copy they are written, and
/// only tell: what stands follows from the meaning. Returns how many are new.
pub(crate) async fn take_back_resolutions(db: &mut SqliteConnection) -> Result<u64> {
    type Row = (Uuid, Uuid, i64, Option<Uuid>, Option<i64>);
    let old: Vec<Row> = sqlx::query_as(
        "SELECT r.id, r.question, r.at_ms, c.meaning, e.at_ms
         FROM main.criterion AS c JOIN main.question AS q ON q.criterion = c.id
         JOIN main.resolution AS r ON r.question = q.id
         LEFT JOIN main.criterion_edit AS e ON e.id = c.meaning
         WHERE c.id IN (SELECT criterion FROM main.criterion_edit) AND r.meaning IS NOT c.meaning
           AND r.rule <> 'reopened' AND coalesce(r.verdict, r.dropped) IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM main.resolution AS s WHERE s.supersedes = r.id)",
    )
    .fetch_all(&mut *db)
    .await?;
    for (resolution, question, made_ms, meaning, changed_ms) in &old {
        let mut hasher = ContentHasher::new("resolution taken back by a changed meaning");
        hasher
            .bytes(resolution.as_bytes())
            .bytes(meaning.unwrap_or_default().as_bytes());
        let edit = meaning.map(CriterionEditId::from_uuid);
        let provenance = serde_json::json!({
            "reverses": ResolutionId::from_uuid(*resolution).to_string(),
            "criterion_edit": edit.map(|edit| edit.to_string()),
        });
        sqlx::query(
            "INSERT INTO main.resolution (id, supersedes, question, rule, reason, provenance, at_ms,
                                          meaning)
             VALUES (?, ?, ?, 'reopened', 'the meaning of the criterion has changed', ?, ?, ?)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(hasher.finish())
        .bind(resolution)
        .bind(question)
        .bind(provenance.to_string())
        .bind(changed_ms.unwrap_or(*made_ms))
        .bind(meaning)
        .execute(&mut *db)
        .await?;
    }
    Ok(old.len() as u64)
}

/// What `check` says of criteria whose columns are not what their edits make them.
pub(crate) async fn wrong(db: &mut SqliteConnection) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT c.id, 'is not what the last of its edits says' FROM criterion AS c
         JOIN (SELECT e.criterion, e.text, e.version, e.meaning,
                 row_number() OVER (PARTITION BY e.criterion ORDER BY {RULES}) AS n
               FROM criterion_edit AS e) AS t ON t.criterion = c.id AND t.n = 1
         WHERE c.text <> t.text OR c.version <> t.version OR c.meaning IS NOT t.meaning
         UNION ALL
         SELECT c.id, 'has a changed meaning without an edit that changed it' FROM criterion AS c
         WHERE c.meaning IS NOT NULL AND NOT EXISTS (SELECT 1 FROM criterion_edit AS e
           WHERE e.id = c.meaning AND e.criterion = c.id AND e.kind = 'meaning')
         UNION ALL
         SELECT e.criterion, 'has an edit that does not follow from the one it changes'
         FROM criterion_edit AS e LEFT JOIN criterion_edit AS p ON p.id = e.changes
         WHERE e.meaning IS NOT CASE e.kind WHEN 'meaning' THEN e.id ELSE p.meaning END
            OR (p.id IS NOT NULL AND (p.criterion <> e.criterion OR p.version >= e.version))"
    );
    let rows: Vec<(Uuid, String)> = sqlx::query_as(AssertSqlSafe(sql))
        .fetch_all(&mut *db)
        .await?;
    let said = |(id, what)| format!("the criterion {} {what}", CriterionId::from_uuid(id));
    Ok(rows.into_iter().map(said).collect())
}
