//! Final verdicts of questions, with where they came from.

use sqlx::SqliteConnection;
use tiebreak_domain::{
    AnnotatorId, ContentHasher, Decision, QuestionId, ResolutionId, Verdict, VoteId,
};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::Project;

/// The id of a label that came with the data: of its content, so that everybody who imports the
/// file holds the same row.
pub(crate) fn imported_id(
    question: QuestionId,
    verdict: Verdict,
    supersedes: Option<Uuid>,
) -> ResolutionId {
    let mut hasher = ContentHasher::new("imported resolution");
    hasher
        .bytes(question.uuid().as_bytes())
        .text(verdict.as_str())
        .bytes(supersedes.unwrap_or_default().as_bytes());
    ResolutionId::from_uuid(hasher.finish())
}

/// Writes the label that came with the data for a question the project knew already; a label that
/// has changed in the data supersedes the imported one, but no other. `false` when nothing is new.
pub(crate) async fn import(
    db: &mut SqliteConnection,
    question: QuestionId,
    verdict: Verdict,
    at_ms: i64,
) -> Result<bool> {
    let stands = head(db, question).await?;
    let supersedes = match stands {
        // What was decided here is not undone by a file that comes again.
        Some((.., rule, _, _, _, _)) if rule != "imported" => return Ok(false),
        Some((_, _, Some(said), ..)) if said == verdict.as_str() => return Ok(false),
        other => other.map(|(id, ..)| id),
    };
    let done = sqlx::query(
        "INSERT INTO resolution (id, supersedes, question, verdict, rule, at_ms)
         VALUES (?, ?, ?, ?, 'imported', ?) ON CONFLICT (id) DO NOTHING",
    )
    .bind(imported_id(question, verdict, supersedes).uuid())
    .bind(supersedes)
    .bind(question.uuid())
    .bind(verdict.as_str())
    .bind(at_ms)
    .execute(&mut *db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A resolution that stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    /// Its id.
    pub id: ResolutionId,
    /// Which question.
    pub question: QuestionId,
    /// What is final.
    pub decision: Decision,
    /// By which rule: imported, unanimous, majority, dawid_skene, adjudicator.
    pub rule: String,
    /// Who decided, where a person did.
    pub by: Option<AnnotatorId>,
    /// Why.
    pub reason: String,
    /// What it was made from and what was shown.
    pub provenance: serde_json::Value,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

impl Resolution {
    /// How it had seen a prediction, as was written down with it: `shown`, the adjudicator was shown
    /// one; `queue`, his queue was ordered by them; `votes`, votes cast after one was shown lay before
    /// him. One that stands again had seen what it had then.
    #[must_use]
    pub fn saw_prediction(&self) -> Vec<&str> {
        let reasons = self.origin()["saw_prediction"].as_array();
        let reasons = reasons.into_iter().flatten();
        reasons.filter_map(serde_json::Value::as_str).collect()
    }

    /// How it was first made, if it stands again.
    fn origin(&self) -> &serde_json::Value {
        let mut at = &self.provenance;
        while !at["restores"].is_null() {
            at = &at["from"];
        }
        at
    }

    /// The votes that it was made from, or that lay before whoever made it.
    pub fn votes(&self) -> impl Iterator<Item = VoteId> {
        let at = self.origin();
        let lists = [&at["votes"], &at["shown"]["votes"], &at["standing"]];
        let all = lists.into_iter().filter_map(|list| list.as_array());
        all.flatten().filter_map(|id| id.as_str()?.parse().ok())
    }
}

/// A resolution to write.
#[derive(Debug, Clone, PartialEq)]
pub struct NewResolution {
    /// Which question.
    pub question: QuestionId,
    /// What is to stand; `None`: nothing any more.
    pub decision: Option<Decision>,
    /// By which rule.
    pub rule: String,
    /// Who decided, where a person did.
    pub by: Option<AnnotatorId>,
    /// Why.
    pub reason: String,
    /// What it is made from and what was shown.
    pub provenance: serde_json::Value,
}

/// Of several rows that nothing supersedes, as after a merge, the one that stands: the last, but
/// labels that came with the data, whose times are those of the imports, behind all others.
const STANDS_FIRST: &str = "CASE r.rule WHEN 'imported' THEN 0 ELSE r.at_ms END DESC, r.id DESC";

const HEADS: &str = "SELECT id, question, verdict, dropped, rule, by, reason, provenance, at_ms
     FROM standing_resolution AS r WHERE true";

type Row = (
    Uuid,
    Uuid,
    Option<String>,
    Option<String>,
    String,
    Option<Uuid>,
    String,
    String,
    i64,
);

/// The resolution in a row; `None` where it says that nothing stands.
fn read(row: Row) -> Result<Option<Resolution>> {
    let (id, question, verdict, dropped, rule, by, reason, provenance, at_ms) = row;
    let decision = Decision::of(verdict.as_deref(), dropped.as_deref())?;
    let Some(decision) = decision else {
        return Ok(None);
    };
    Ok(Some(Resolution {
        id: ResolutionId::from_uuid(id),
        question: QuestionId::from_uuid(question),
        decision,
        rule,
        by: by.map(AnnotatorId::from_uuid),
        reason,
        provenance: serde_json::from_str(&provenance).map_err(StoreError::corrupt)?,
        at_ms,
    }))
}

/// The row of a question that stands: of several that nothing supersedes, as after a merge, the last.
async fn head(db: &mut SqliteConnection, question: QuestionId) -> Result<Option<Row>> {
    let sql = format!("{HEADS} AND r.question = ? ORDER BY {STANDS_FIRST} LIMIT 1");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(question.uuid())
        .fetch_optional(&mut *db)
        .await?)
}

/// The row that a new one of the question comes after: the one that stands, else the last that was
/// made under another meaning.
async fn tip(db: &mut SqliteConnection, question: QuestionId) -> Result<Option<Uuid>> {
    if let Some(row) = head(db, question).await? {
        return Ok(Some(row.0));
    }
    let sql = format!(
        "SELECT r.id FROM resolution AS r WHERE r.question = ? AND r.rule <> 'reopened'
           AND NOT EXISTS (SELECT 1 FROM resolution AS s
             WHERE s.supersedes = r.id AND s.rule <> 'reopened')
         ORDER BY {STANDS_FIRST} LIMIT 1"
    );
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(question.uuid())
        .fetch_optional(&mut *db)
        .await?)
}

/// A time after every resolution and decision about the question.
pub(crate) async fn after(
    db: &mut SqliteConnection,
    question: QuestionId,
    now_ms: i64,
) -> Result<i64> {
    let last: Option<i64> = sqlx::query_scalar(
        "SELECT max(at_ms) FROM (SELECT at_ms FROM resolution WHERE question = ?1
           UNION ALL SELECT at_ms FROM adjudication WHERE question = ?1)",
    )
    .bind(question.uuid())
    .fetch_one(&mut *db)
    .await?;
    Ok(last.map_or(now_ms, |last| now_ms.max(last + 1)))
}

impl Project {
    /// An id for something that is about to be done, such as a batch of resolutions.
    #[must_use]
    pub fn new_act(&self) -> ResolutionId {
        ResolutionId::new(self.clock.now_ms(), self.clock.random())
    }

    /// Every resolution that stands, by question.
    pub async fn resolutions(&self) -> Result<Vec<Resolution>> {
        let sql = format!("{HEADS} ORDER BY r.question, {STANDS_FIRST}");
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .fetch_all(&self.read)
            .await?;
        let mut standing = Vec::new();
        let mut last = None;
        for row in rows {
            if last.replace(row.1) != Some(row.1) {
                standing.extend(read(row)?);
            }
        }
        Ok(standing)
    }

    /// The resolution of a question that stands.
    pub async fn resolution_of(&self, question: QuestionId) -> Result<Option<Resolution>> {
        let mut db = self.read.acquire().await?;
        Ok(head(&mut db, question)
            .await?
            .map(read)
            .transpose()?
            .flatten())
    }

    /// The question that a resolution is of.
    pub async fn resolved_question(&self, id: ResolutionId) -> Result<Option<QuestionId>> {
        let question: Option<Uuid> =
            sqlx::query_scalar("SELECT question FROM resolution WHERE id = ?")
                .bind(id.uuid())
                .fetch_optional(&self.read)
                .await?;
        Ok(question.map(QuestionId::from_uuid))
    }

    /// Writes resolutions, all or none, each over what stands. `still` is asked with what stands
    /// under the write lock: where it says no, that one is left out.
    pub async fn resolve(
        &self,
        new: Vec<NewResolution>,
        still: impl Fn(&NewResolution, Option<&Resolution>) -> bool,
    ) -> Result<Vec<ResolutionId>> {
        let mut tx = self.begin().await?;
        let mut ids = Vec::with_capacity(new.len());
        for one in new {
            let row = head(&mut tx, one.question).await?;
            let supersedes = tip(&mut tx, one.question).await?;
            let stands = row.map(read).transpose()?.flatten();
            if still(&one, stands.as_ref()) {
                ids.push(self.write_resolution(&mut tx, one, supersedes).await?);
            }
        }
        tx.commit().await?;
        Ok(ids)
    }

    pub(crate) async fn write_resolution(
        &self,
        db: &mut SqliteConnection,
        new: NewResolution,
        supersedes: Option<Uuid>,
    ) -> Result<ResolutionId> {
        if new.decision == Some(Decision::Verdict(Verdict::BothBad)) && !self.both_bad {
            return Err(StoreError::NoBothBad);
        }
        let now = self.clock.now_ms();
        let id = ResolutionId::new(now, self.clock.random());
        let at_ms = after(db, new.question, now).await?;
        sqlx::query(
            "INSERT INTO resolution (id, supersedes, question, verdict, dropped, rule, by, reason,
                                     provenance, at_ms, meaning)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, (SELECT c.meaning FROM question AS q
               JOIN criterion AS c ON c.id = q.criterion WHERE q.id = ?3))",
        )
        .bind(id.uuid())
        .bind(supersedes)
        .bind(new.question.uuid())
        .bind(
            new.decision
                .and_then(Decision::verdict)
                .map(Verdict::as_str),
        )
        .bind(
            new.decision
                .and_then(Decision::dropped)
                .map(|reason| reason.as_str()),
        )
        .bind(new.rule)
        .bind(new.by.map(AnnotatorId::uuid))
        .bind(new.reason)
        .bind(new.provenance.to_string())
        .bind(at_ms)
        .execute(&mut *db)
        .await?;
        Ok(id)
    }

    /// Lets the resolution that a changed meaning took back stand again, under the meaning of today,
    /// by a row of its own. `None` where something stands, or nothing was taken back so.
    pub async fn restore_reopened(
        &self,
        question: QuestionId,
        reason: &str,
    ) -> Result<Option<ResolutionId>> {
        let mut tx = self.begin().await?;
        if head(&mut tx, question).await?.is_some() {
            return Ok(None);
        }
        let row: Option<Row> = sqlx::query_as(
            "SELECT r.id, r.question, r.verdict, r.dropped, r.rule, r.by, r.reason, r.provenance,
               r.at_ms
             FROM resolution AS t JOIN resolution AS r ON r.id = t.supersedes
             WHERE t.question = ? AND t.rule = 'reopened' ORDER BY r.at_ms DESC, r.id DESC LIMIT 1",
        )
        .bind(question.uuid())
        .fetch_optional(&mut *tx)
        .await?;
        let Some(taken) = row.map(read).transpose()?.flatten() else {
            return Ok(None);
        };
        let supersedes = tip(&mut tx, question).await?;
        let new = NewResolution {
            question,
            decision: Some(taken.decision),
            rule: taken.rule,
            by: taken.by,
            reason: reason.to_owned(),
            provenance: serde_json::json!({
                "restores": taken.id.to_string(), "after": "a changed meaning",
                "from": taken.provenance,
            }),
        };
        let id = self.write_resolution(&mut tx, new, supersedes).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Puts questions back to what stood before these resolutions: that, again, as a row of its own.
    /// All or none; one that does not stand any more is left. Returns for each taken back whether an
    /// earlier one stands again.
    pub async fn reverse(
        &self,
        wanted: &[(QuestionId, ResolutionId)],
        reason: &str,
    ) -> Result<Vec<bool>> {
        let mut tx = self.begin().await?;
        let mut restored = Vec::with_capacity(wanted.len());
        for (question, id) in wanted {
            let stands = head(&mut tx, *question).await?.map(read).transpose()?;
            if let Some(reversed) = stands.flatten().filter(|stands| stands.id == *id) {
                restored.push(self.reverse_one(&mut tx, reversed, reason).await?);
            }
        }
        tx.commit().await?;
        Ok(restored)
    }

    async fn reverse_one(
        &self,
        db: &mut SqliteConnection,
        reversed: Resolution,
        reason: &str,
    ) -> Result<bool> {
        let question = reversed.question;
        let last = reversed.id.uuid();
        let before = before(db, &reversed).await?;
        let decision = before.as_ref().map(|before| before.decision);
        let new = NewResolution {
            question,
            decision,
            rule: before.as_ref().map_or("reversed", |b| &b.rule).to_owned(),
            by: before.as_ref().and_then(|b| b.by),
            reason: reason.to_owned(),
            provenance: serde_json::json!({
                "reverses": reversed.id.to_string(),
                "restores": before.as_ref().map(|b| b.id.to_string()),
                "from": before.map(|b| b.provenance),
            }),
        };
        self.write_resolution(db, new, Some(last)).await?;
        Ok(decision.is_some())
    }
}

/// What stood before a resolution. One that restores another goes back to before that other, and so
/// on to the row that restores none: else what was taken back twice would come again.
async fn before(db: &mut SqliteConnection, of: &Resolution) -> Result<Option<Resolution>> {
    let mut start = of.id.uuid();
    let mut restored = restores(&of.provenance)?;
    while let Some(id) = restored {
        start = id;
        let provenance: Option<String> =
            sqlx::query_scalar("SELECT provenance FROM resolution WHERE id = ?")
                .bind(id)
                .fetch_optional(&mut *db)
                .await?;
        let provenance = provenance.unwrap_or_else(|| "null".to_owned());
        restored = restores(&serde_json::from_str(&provenance).map_err(StoreError::corrupt)?)?;
    }
    let sql = "SELECT p.id, p.question, p.verdict, p.dropped, p.rule, p.by, p.reason, p.provenance,
                 p.at_ms
               FROM resolution AS r JOIN resolution AS p ON p.id = r.supersedes
               WHERE r.id = ? AND p.meaning IS (SELECT meaning FROM resolution WHERE id = ?)";
    let row: Option<Row> = sqlx::query_as(sql)
        .bind(start)
        .bind(of.id.uuid())
        .fetch_optional(&mut *db)
        .await?;
    row.map(read).transpose().map(Option::flatten)
}

/// The row that a row says again.
fn restores(provenance: &serde_json::Value) -> Result<Option<Uuid>> {
    let id = provenance["restores"].as_str();
    let id = id.map(str::parse::<ResolutionId>).transpose()?;
    Ok(id.map(ResolutionId::uuid))
}
