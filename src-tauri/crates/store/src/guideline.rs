//! The guideline that people label by, version by version, and what adjudicators said it lacks.
//!
//! A version is a row that stays. Where copies of a project gave one number to different texts, all of
//! them stay and the latest is in force: which one that is follows from the rows alone.

use sqlx::SqliteConnection;
use tiebreak_domain::{AnnotatorId, ContentHasher, QuestionId};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::Project;

/// A version of the guideline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuidelineVersion {
    /// Its number, from 1.
    pub version: u32,
    /// Markdown.
    pub text: String,
    /// When it was written.
    pub at_ms: i64,
}

/// What an adjudicator said that the guideline lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlaggedWords {
    /// The question that showed it.
    pub question: QuestionId,
    /// Its criterion.
    pub criterion: Option<String>,
    /// The row's own id.
    pub source_id: Option<String>,
    /// The prompt's words.
    pub prompt: String,
    /// What was said.
    pub words: String,
    /// Who said it.
    pub by: String,
    /// When.
    pub at_ms: i64,
}

type Row = (i64, String, i64);

fn version((version, text, at_ms): Row) -> GuidelineVersion {
    GuidelineVersion {
        version: number(version),
        text,
        at_ms,
    }
}

fn number(version: i64) -> u32 {
    u32::try_from(version).unwrap_or(u32::MAX)
}

/// The version in force, if the project has a guideline.
pub(crate) async fn in_force(db: &mut SqliteConnection) -> Result<Option<u32>> {
    let last: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM guideline")
        .fetch_one(db)
        .await?;
    Ok(last.map(number))
}

async fn newest(db: &mut SqliteConnection, of: Option<u32>) -> Result<Option<GuidelineVersion>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT version, text, at_ms FROM guideline WHERE ?1 IS NULL OR version = ?1
         ORDER BY version DESC, at_ms DESC, id DESC LIMIT 1",
    )
    .bind(of)
    .fetch_optional(db)
    .await?;
    Ok(row.map(version))
}

impl Project {
    /// The guideline in force, or an earlier version; `None` where there is none.
    pub async fn guideline(&self, of: Option<u32>) -> Result<Option<GuidelineVersion>> {
        newest(&mut *self.read.acquire().await?, of).await
    }

    /// The number of the version in force.
    pub async fn guideline_in_force(&self) -> Result<Option<u32>> {
        in_force(&mut *self.read.acquire().await?).await
    }

    /// Every version, the one in force last.
    pub async fn guideline_versions(&self) -> Result<Vec<GuidelineVersion>> {
        // Copies that wrote the same words under one number have one version.
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT version, text, max(at_ms) FROM guideline GROUP BY version, text
             ORDER BY version, max(at_ms), max(id)",
        )
        .fetch_all(&self.read)
        .await?;
        Ok(rows.into_iter().map(version).collect())
    }

    /// Writes a new version; on disk when this returns. A text that is in force already makes none:
    /// the second half of the answer says whether one was made.
    pub async fn set_guideline(&self, text: &str) -> Result<(GuidelineVersion, bool)> {
        let mut tx = self.begin().await?;
        let before = newest(&mut tx, None).await?;
        if let Some(before) = &before
            && before.text == text
        {
            return Ok((before.clone(), false));
        }
        let next = before.map_or(1, |before| before.version + 1);
        let at_ms = self.clock.now_ms();
        let mut id = ContentHasher::new("guideline");
        id.text(&next.to_string())
            .text(&at_ms.to_string())
            .text(text);
        sqlx::query("INSERT INTO guideline (id, version, text, at_ms) VALUES (?, ?, ?, ?)")
            .bind(id.finish())
            .bind(next)
            .bind(text.to_owned())
            .bind(at_ms)
            .execute(&mut *tx)
            .await?;
        let written = format!("version {next}, {} characters", text.chars().count());
        crate::project::write_log(&mut tx, at_ms, "guideline", &written).await?;
        tx.commit().await?;
        let made = GuidelineVersion {
            version: next,
            text: text.to_owned(),
            at_ms,
        };
        Ok((made, true))
    }

    /// The version in force, and the last one that the annotator was told of.
    pub async fn guideline_news(
        &self,
        annotator: AnnotatorId,
    ) -> Result<(Option<u32>, Option<u32>)> {
        let row: Option<(Option<i64>, Option<i64>)> = sqlx::query_as(
            "SELECT (SELECT max(version) FROM guideline), guideline_told
             FROM annotator WHERE id = ?",
        )
        .bind(annotator.uuid())
        .fetch_optional(&self.read)
        .await?;
        let (current, told) = row.ok_or_else(|| StoreError::NoAnnotator(annotator.to_string()))?;
        Ok((current.map(number), told.map(number)))
    }

    /// Remembers that the annotator was told of a version.
    pub async fn guideline_was_told(&self, annotator: AnnotatorId, version: u32) -> Result<()> {
        sqlx::query(
            "UPDATE annotator SET guideline_told = max(coalesce(guideline_told, 0), ?) WHERE id = ?",
        )
        .bind(version)
        .bind(annotator.uuid())
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// What was flagged for the guideline, latest first.
    pub async fn flags(&self) -> Result<Vec<FlaggedWords>> {
        type Row = (
            Uuid,
            Option<String>,
            Option<String>,
            String,
            String,
            String,
            i64,
        );
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT q.id, c.text, q.source_id, o.text, d.reason, n.name, d.at_ms
             FROM adjudication AS d
             JOIN question AS q ON q.id = d.question
             JOIN pair AS p ON p.id = q.pair
             JOIN prompt AS o ON o.id = p.prompt
             JOIN annotator AS n ON n.id = d.adjudicator
             LEFT JOIN criterion AS c ON c.id = q.criterion
             WHERE d.act = 'flagged' ORDER BY d.at_ms DESC, d.id DESC",
        )
        .fetch_all(&self.read)
        .await?;
        let flag = |(question, criterion, source_id, prompt, words, by, at_ms): Row| FlaggedWords {
            question: QuestionId::from_uuid(question),
            criterion,
            source_id,
            prompt,
            words,
            by,
            at_ms,
        };
        Ok(rows.into_iter().map(flag).collect())
    }
}

/// What `check` says of versions that follow none.
pub(crate) async fn wrong(db: &mut SqliteConnection) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(
        "SELECT 'version ' || version || ' of the guideline follows none: a version was removed by \
           hand'
         FROM guideline AS g WHERE version > 1
           AND NOT EXISTS (SELECT 1 FROM guideline AS o WHERE o.version = g.version - 1)",
    )
    .fetch_all(db)
    .await?)
}
