//! The criteria of a project as its owner looks through them: a page at a time, with what stands on
//! each; and how far the phases are.

use sqlx::AssertSqlSafe;
use tiebreak_domain::{CriterionId, PairId, QuestionId};
use uuid::Uuid;

use crate::error::Result;
use crate::groups::GROUP_OF;
use crate::project::Project;

/// Which criteria are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CriteriaWanted {
    /// Words that the sentence holds.
    pub search: String,
    /// The group; `Some(None)`: those in none.
    pub group: Option<Option<String>>,
    /// Only those of this pair.
    pub pair: Option<PairId>,
    /// After how many.
    pub offset: u64,
    /// How many at most.
    pub limit: u64,
}

/// A criterion and what stands on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionRow {
    /// Its id.
    pub id: CriterionId,
    /// The sentence.
    pub text: String,
    /// Its version, from 1.
    pub version: u32,
    /// Who wrote it here; `None` where it came with the data.
    pub author: Option<String>,
    /// The group it is in.
    pub group: Option<String>,
    /// Pairs that are asked under it.
    pub pairs: u64,
    /// Its questions in whose place another one is asked.
    pub merged: u64,
    /// Votes that stand.
    pub votes: u64,
}

/// A question as far as its sentence goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedSentence {
    /// The pair.
    pub pair: PairId,
    /// The question.
    pub question: QuestionId,
    /// The criterion.
    pub criterion: CriterionId,
    /// The sentence.
    pub text: String,
    /// The criterion's group.
    pub group: Option<String>,
}

/// How far the phases are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PhaseCounts {
    /// Pairs for which people are asked to write.
    pub pairs_to_write: u64,
    /// How often somebody has written for one.
    pub written: u64,
    /// Criteria that people wrote.
    pub criteria_written: u64,
    /// Criteria that are asked.
    pub criteria: u64,
    /// Criteria that were edited.
    pub edited: u64,
    /// Questions that are asked.
    pub questions: u64,
    /// Questions in whose place another one is asked.
    pub merged: u64,
    /// Questions with a vote that stands.
    pub voted: u64,
    /// Votes that stand, repeats left out.
    pub votes: u64,
    /// People who have begun.
    pub people: u64,
}

const MATCHES: &str = "(?1 = '' OR c.text LIKE '%' || ?1 || '%' ESCAPE '\\')
    AND (?2 IS NULL OR EXISTS (SELECT 1 FROM question AS x WHERE x.criterion = c.id AND x.pair = ?2))
    AND (NOT ?3 OR %GROUP IS ?4)";

impl Project {
    /// A page of criteria, in the order in which they came, and how many there are in all.
    pub async fn criteria(&self, wanted: &CriteriaWanted) -> Result<(Vec<CriterionRow>, u64)> {
        let group = GROUP_OF.replace('%', "c.id");
        let matches = MATCHES.replace("%GROUP", &group);
        let search = escaped(&wanted.search);
        let all: i64 = sqlx::query_scalar(AssertSqlSafe(format!(
            "SELECT count(*) FROM criterion AS c WHERE {matches}"
        )))
        .bind(search.clone())
        .bind(wanted.pair.map(PairId::uuid))
        .bind(wanted.group.is_some())
        .bind(wanted.group.clone().flatten())
        .fetch_one(&self.read)
        .await?;
        type Row = (
            Uuid,
            String,
            i64,
            Option<String>,
            Option<String>,
            i64,
            i64,
            i64,
        );
        let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(format!(
            "SELECT c.id, c.text, c.version, n.name, {group},
               (SELECT count(*) FROM question AS q WHERE q.criterion = c.id AND q.same_as IS NULL),
               (SELECT count(*) FROM question AS q
                 WHERE q.criterion = c.id AND q.same_as IS NOT NULL),
               (SELECT count(*) FROM question AS q JOIN standing AS a ON a.question = q.id
                 WHERE q.criterion = c.id)
             FROM criterion AS c LEFT JOIN annotator AS n ON n.id = c.author
             WHERE {matches} ORDER BY c.rowid LIMIT ?5 OFFSET ?6"
        )))
        .bind(search)
        .bind(wanted.pair.map(PairId::uuid))
        .bind(wanted.group.is_some())
        .bind(wanted.group.clone().flatten())
        .bind(i64::try_from(wanted.limit).unwrap_or(i64::MAX))
        .bind(i64::try_from(wanted.offset).unwrap_or(i64::MAX))
        .fetch_all(&self.read)
        .await?;
        let read = |(id, text, version, author, group, pairs, merged, votes): Row| CriterionRow {
            id: CriterionId::from_uuid(id),
            text,
            version: u32::try_from(version).unwrap_or(u32::MAX),
            author,
            group,
            pairs: pairs.unsigned_abs(),
            merged: merged.unsigned_abs(),
            votes: votes.unsigned_abs(),
        };
        Ok((rows.into_iter().map(read).collect(), all.unsigned_abs()))
    }

    /// The groups by name, with how many criteria are in each.
    pub async fn criterion_groups(&self) -> Result<Vec<(String, u64)>> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT name, count(*) FROM (SELECT name, row_number() OVER
                 (PARTITION BY criterion ORDER BY at_ms DESC, id DESC) AS n
               FROM criterion_grouping) WHERE n = 1 AND name IS NOT NULL
             GROUP BY name ORDER BY name",
        )
        .fetch_all(&self.read)
        .await?;
        let counted = |(name, n): (String, i64)| (name, n.unsigned_abs());
        Ok(rows.into_iter().map(counted).collect())
    }

    /// Every question that is asked, with its sentence, those of a pair together.
    pub async fn asked_sentences(&self) -> Result<Vec<AskedSentence>> {
        let sql = format!(
            "SELECT q.pair, q.id, c.id, c.text, {} FROM question AS q
             JOIN criterion AS c ON c.id = q.criterion WHERE q.same_as IS NULL
             ORDER BY q.pair_position, q.ordinal",
            GROUP_OF.replace('%', "c.id")
        );
        type Row = (Uuid, Uuid, Uuid, String, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql))
            .fetch_all(&self.read)
            .await?;
        let read = |(pair, question, criterion, text, group)| AskedSentence {
            pair: PairId::from_uuid(pair),
            question: QuestionId::from_uuid(question),
            criterion: CriterionId::from_uuid(criterion),
            text,
            group,
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// How far the phases are.
    pub async fn phase_counts(&self) -> Result<PhaseCounts> {
        let one = async |sql: &'static str| -> Result<u64> {
            let n: i64 = sqlx::query_scalar(sql).fetch_one(&self.read).await?;
            Ok(n.unsigned_abs())
        };
        Ok(PhaseCounts {
            pairs_to_write: one("SELECT count(*) FROM question WHERE criterion IS NULL").await?,
            written: one("SELECT count(*) FROM assignment WHERE state = 'written'").await?,
            criteria_written: one("SELECT count(*) FROM criterion WHERE author IS NOT NULL")
                .await?,
            criteria: one(
                "SELECT count(*) FROM criterion AS c WHERE EXISTS (SELECT 1 FROM question AS q
                   WHERE q.criterion = c.id AND q.same_as IS NULL)",
            )
            .await?,
            edited: one("SELECT count(DISTINCT criterion) FROM criterion_edit").await?,
            questions: self.questions_asked().await?.unsigned_abs(),
            merged: one("SELECT count(*) FROM question WHERE same_as IS NOT NULL").await?,
            voted: one("SELECT count(DISTINCT question) FROM standing").await?,
            votes: one("SELECT count(*) FROM standing WHERE repeat = 0").await?,
            people: one("SELECT count(*) FROM annotator WHERE dealt_order IS NOT NULL").await?,
        })
    }

    /// How many questions are asked: those under a criterion in whose place no other is.
    pub(crate) async fn questions_asked(&self) -> Result<i64> {
        Ok(sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM question WHERE criterion IS NOT NULL)
                  - (SELECT count(*) FROM question WHERE same_as IS NOT NULL)",
        )
        .fetch_one(&self.read)
        .await?)
    }
}

/// What is searched for, its wildcards taken as the letters they are.
fn escaped(search: &str) -> String {
    let mut text = String::with_capacity(search.len());
    for c in search.trim().chars() {
        if matches!(c, '%' | '_' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}
