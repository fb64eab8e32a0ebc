//! Taking rows in: many at a time, in one transaction that ends whole or not at all.
//!
//! Rows are written some hundreds at a time with one statement a table: ids are of content, so
//! nothing has to be read back. What the project held already is left as it is.

mod bulk;
mod indexes;
mod votes;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use sqlx::{QueryBuilder, Sqlite, Transaction};
use tiebreak_domain::{
    AnnotatorId, Confidence, Criterion, CriterionId, Pair, PairId, PromptId, QuestionId, Verdict,
};
use uuid::Uuid;

use crate::error::Result;
use crate::media_files::NewMedia;
use crate::project::{Project, write_log};

/// A media file of a row, with the path by which the row names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaLink {
    /// The file.
    pub file: NewMedia,
    /// The path in the row.
    pub name: String,
}

/// A vote in a row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeVote {
    /// The annotator's name.
    pub annotator: String,
    /// What was said, in data terms.
    pub verdict: Verdict,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why.
    pub rationale: String,
    /// When; 0 where the file does not say.
    pub at_ms: i64,
}

/// A row that was understood, with its media found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeRow {
    /// The row's number.
    pub row: u64,
    /// What is compared.
    pub pair: Pair,
    /// The pair's id. All ids are worked out by the reading side, while another batch is written.
    pub pair_id: PairId,
    /// The prompt's.
    pub prompt_id: PromptId,
    /// The media of the prompt, response 1 and response 2, as in `pair`.
    pub media: [Vec<MediaLink>; 3],
    /// Under which criterion; `None` asks people for some.
    pub criterion: Option<Criterion>,
    /// The criterion's id.
    pub criterion_id: Option<CriterionId>,
    /// The question's.
    pub question_id: QuestionId,
    /// The row's own id.
    pub source_id: Option<String>,
    /// The label that came with it.
    pub resolution: Option<Verdict>,
    /// The votes that came with it.
    pub votes: Vec<IntakeVote>,
    /// The row's keys in order, as a JSON array.
    pub shape: String,
    /// Fields that nothing else holds, as a JSON array of pairs.
    pub extra: Option<String>,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowOutcome {
    /// The row's number.
    pub row: u64,
    /// Whether the pair is new.
    pub new_pair: bool,
    /// Whether the question is new.
    pub new_question: bool,
    /// New votes.
    pub votes: u64,
    /// Whether a label came with it that was not known.
    pub resolution: bool,
    /// Whether the question was known and this row's unknown fields are others than those it came
    /// with: they are not kept.
    pub other_fields: bool,
}

struct Place {
    position: i64,
    last_ordinal: i64,
    /// Whether the project had it before this import began.
    old: bool,
}

/// An import under way. Dropped without [`Intake::commit`], it leaves nothing.
pub struct Intake {
    project: Project,
    tx: Transaction<'static, Sqlite>,
    import: i64,
    file: String,
    ask_criteria: bool,
    was_empty: bool,
    next_position: i64,
    places: HashMap<PairId, Place>,
    /// The questions met so far, each with a fingerprint of the unknown fields it came with.
    questions: HashMap<QuestionId, u64>,
    criteria: HashSet<Uuid>,
    media: HashSet<[u8; 32]>,
    shapes: HashMap<String, i64>,
    annotators: HashMap<String, AnnotatorId>,
    /// The indexes that were taken down, as the statements that make them.
    indexes: Vec<String>,
    started_ms: i64,
}

struct NewQuestion {
    id: QuestionId,
    pair: PairId,
    position: i64,
    ordinal: i64,
    criterion: Option<Uuid>,
    source_id: Option<String>,
    row: Option<(i64, i64, Option<String>)>,
}

impl Project {
    /// Begins an import from `file` (its name alone: paths stay out of projects; `place` is a hash
    /// of where it lies).
    pub async fn intake(
        &self,
        file: &str,
        format: &str,
        mapping: Option<&str>,
        place: Option<[u8; 32]>,
    ) -> Result<Intake> {
        let ask_criteria = self.settings().await?.ask_criteria;
        let mut tx = self.begin().await?;
        let started_ms = self.clock.now_ms();
        let import: i64 = sqlx::query_scalar(
            "INSERT INTO import (file, format, mapping, at_ms, place) VALUES (?, ?, ?, ?, ?)
             RETURNING id",
        )
        .bind(file.to_owned())
        .bind(format.to_owned())
        .bind(mapping.map(str::to_owned))
        .bind(started_ms)
        .bind(place.map(|p| p.to_vec()))
        .fetch_one(&mut *tx)
        .await?;
        let last: Option<i64> = sqlx::query_scalar("SELECT max(position) FROM pair")
            .fetch_one(&mut *tx)
            .await?;
        let indexes = if last.is_none() {
            indexes::take_down(&mut tx).await?
        } else {
            Vec::new()
        };
        Ok(Intake {
            project: self.clone(),
            tx,
            import,
            file: file.to_owned(),
            ask_criteria,
            was_empty: last.is_none(),
            next_position: last.map_or(0, |p| p + 1),
            places: HashMap::new(),
            questions: HashMap::new(),
            criteria: HashSet::new(),
            media: HashSet::new(),
            shapes: HashMap::new(),
            annotators: HashMap::new(),
            indexes,
            started_ms,
        })
    }
}

impl Intake {
    /// Declares a folder whose media are used in place; its id goes into [`Where::Under`].
    pub async fn declare_root(&mut self, path: &str) -> Result<i64> {
        crate::media_files::declare_root(&mut self.tx, path).await
    }

    /// Takes rows, and tells of each what was new.
    pub async fn take(&mut self, mut rows: Vec<IntakeRow>) -> Result<Vec<RowOutcome>> {
        let mut outcomes = Vec::with_capacity(rows.len());
        let ids: Vec<PairId> = rows.iter().map(|row| row.pair_id).collect();
        self.learn_places(&ids).await?;
        let question_ids: Vec<QuestionId> = rows.iter().map(|row| row.question_id).collect();
        self.learn_questions(&question_ids).await?;

        let mut pairs = Vec::new();
        let mut questions = Vec::new();
        for (n, row) in rows.iter().enumerate() {
            let (pair, question) = (&row.pair_id, &row.question_id);
            let new_pair = !self.places.contains_key(pair);
            if new_pair {
                self.places.insert(
                    *pair,
                    Place {
                        position: self.next_position,
                        last_ordinal: 0,
                        old: false,
                    },
                );
                pairs.push((*pair, self.next_position, n));
                self.next_position += 1;
                if self.ask_criteria && row.criterion.is_some() {
                    let step = Pair::question_id(*pair, None, None);
                    self.questions.insert(step, fingerprint(None));
                    questions.push(self.question(step, *pair, None, row, None));
                }
            }
            let fields = fingerprint(row.extra.as_deref());
            let known = self.questions.get(question).copied();
            let new_question = known.is_none();
            if new_question {
                self.questions.insert(*question, fields);
                let shape = self.shape(&row.shape).await?;
                let written = Some((
                    i64::try_from(row.row).unwrap_or(0),
                    shape,
                    row.extra.clone(),
                ));
                let criterion = row.criterion_id.map(CriterionId::uuid);
                questions.push(self.question(*question, *pair, criterion, row, written));
            }
            outcomes.push(RowOutcome {
                row: row.row,
                new_pair,
                new_question,
                other_fields: known.is_some_and(|known| known != fields),
                ..Default::default()
            });
        }
        self.write_media(&rows).await?;
        // In the order of their ids the rows fall into few pages of the indexes.
        pairs.sort_unstable_by_key(|(id, ..)| *id);
        questions.sort_unstable_by_key(|q| q.id);
        self.write_pairs(&pairs, &mut rows).await?;
        self.write_criteria(&rows).await?;
        self.write_questions(&questions).await?;
        self.write_resolutions(&rows, &question_ids, &mut outcomes)
            .await?;
        self.write_votes(&rows, &question_ids, &mut outcomes)
            .await?;
        Ok(outcomes)
    }

    /// Puts everything on disk.
    pub async fn commit(mut self, summary: &str) -> Result<()> {
        indexes::put_back(&mut self.tx, std::mem::take(&mut self.indexes)).await?;
        write_log(
            &mut self.tx,
            self.started_ms,
            "import",
            &format!("{}: {summary}", self.file),
        )
        .await?;
        self.tx.commit().await?;
        sqlx::raw_sql("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);")
            .execute(&self.project.write)
            .await?;
        Ok(())
    }

    /// Leaves everything as it was.
    pub async fn roll_back(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }

    fn question(
        &mut self,
        id: QuestionId,
        pair: PairId,
        criterion: Option<Uuid>,
        row: &IntakeRow,
        written: Option<(i64, i64, Option<String>)>,
    ) -> NewQuestion {
        let (position, ordinal) = match self.places.get_mut(&pair) {
            Some(place) if criterion.is_some() => {
                place.last_ordinal += 1;
                (place.position, place.last_ordinal)
            }
            Some(place) => (place.position, 0),
            None => (0, 0),
        };
        NewQuestion {
            id,
            pair,
            position,
            ordinal,
            criterion,
            source_id: row.source_id.clone(),
            row: written,
        }
    }

    /// Looks up pairs that the project may hold from before.
    async fn learn_places(&mut self, ids: &[PairId]) -> Result<()> {
        if self.was_empty {
            return Ok(());
        }
        let unknown: Vec<Uuid> = ids
            .iter()
            .filter(|id| !self.places.contains_key(id))
            .map(|id| id.uuid())
            .collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT p.id, p.position,
                    (SELECT coalesce(max(ordinal), 0) FROM question AS q WHERE q.pair = p.id)
             FROM pair AS p WHERE p.id IN (",
        );
        let mut list = query.separated(", ");
        for id in unknown {
            list.push_bind(id);
        }
        query.push(")");
        let found: Vec<(Uuid, i64, i64)> = query.build_query_as().fetch_all(&mut *self.tx).await?;
        for (id, position, last_ordinal) in found {
            self.places.insert(
                PairId::from_uuid(id),
                Place {
                    position,
                    last_ordinal,
                    old: true,
                },
            );
        }
        Ok(())
    }

    async fn learn_questions(&mut self, ids: &[QuestionId]) -> Result<()> {
        if self.was_empty {
            return Ok(());
        }
        let mut query = QueryBuilder::<Sqlite>::new("SELECT id, extra FROM question WHERE id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(id.uuid());
        }
        query.push(")");
        let found: Vec<(Uuid, Option<String>)> =
            query.build_query_as().fetch_all(&mut *self.tx).await?;
        let known = found.into_iter().map(|(id, extra)| {
            let fields = fingerprint(extra.as_deref());
            (QuestionId::from_uuid(id), fields)
        });
        self.questions.extend(known);
        Ok(())
    }

    async fn shape(&mut self, keys: &str) -> Result<i64> {
        if let Some(id) = self.shapes.get(keys) {
            return Ok(*id);
        }
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO shape (keys) VALUES (?)
             ON CONFLICT (keys) DO UPDATE SET keys = excluded.keys RETURNING id",
        )
        .bind(keys.to_owned())
        .fetch_one(&mut *self.tx)
        .await?;
        self.shapes.insert(keys.to_owned(), id);
        Ok(id)
    }
}

/// Tells unknown fields apart; nothing is stored by it.
fn fingerprint(extra: Option<&str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    extra.unwrap_or("[]").hash(&mut hasher);
    hasher.finish()
}
