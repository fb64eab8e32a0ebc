//! Votes as lines, out and in again: the round trip loses nothing.

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use sqlx::{Sqlite, Transaction};
use tiebreak_domain::{
    AnnotatorId, AssignmentId, Confidence, Criterion, Pair, PairId, QuestionId, Slot, VoteId,
    VoteLine,
};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::{Project, write_log};
use crate::queue::draw;
use crate::view::slot;
use crate::votes::{NewVote, write};
use crate::{annotators, votes};

type OutRow = (
    Uuid,
    Option<Uuid>,
    Uuid,
    Uuid,
    Uuid,
    Option<String>,
    Option<String>,
    i64,
    String,
    Uuid,
    Option<String>,
    Option<i64>,
    String,
    i64,
    bool,
    String,
);

const LINE: &str =
    "SELECT v.id, v.supersedes, v.assignment, v.question, q.pair, q.source_id, c.text,
       v.criterion_version, n.name, v.annotator, v.verdict, v.confidence, v.rationale, v.at_ms,
       a.repeat, v.presentation
     FROM vote AS v
     JOIN assignment AS a ON a.id = v.assignment
     JOIN annotator AS n ON n.id = v.annotator
     JOIN question AS q ON q.id = v.question
     LEFT JOIN criterion AS c ON c.id = q.criterion";

/// What a vote is about, in the words of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledPair {
    /// The task.
    pub task: String,
    /// The instruction.
    pub prompt: String,
    /// The responses' words, or the paths of their media where they have no words.
    pub responses: [String; 2],
    /// Who answered.
    pub models: [Option<String>; 2],
}

impl LabelledPair {
    fn new(
        (task, prompt, text1, text2, model1, model2): (
            String,
            String,
            String,
            String,
            Option<String>,
            Option<String>,
        ),
        media: Vec<(i64, String)>,
    ) -> Self {
        let said = |text: String, place: i64| {
            if !text.is_empty() {
                return text;
            }
            let names = media
                .iter()
                .filter(|(at, _)| *at == place)
                .map(|(_, name)| name.as_str());
            names.collect::<Vec<_>>().join(" ")
        };
        Self {
            task,
            prompt,
            responses: [said(text1, 1), said(text2, 2)],
            models: [model1, model2],
        }
    }
}

impl Project {
    /// Gives every vote, change and withdrawal to `each`, in the order in which they were written
    /// down. Stops at the first error of `each`.
    pub async fn each_vote<E>(
        &self,
        mut each: impl FnMut(VoteLine) -> std::result::Result<(), E>,
    ) -> Result<std::result::Result<u64, E>> {
        let sql = sqlx::AssertSqlSafe(format!("{LINE} ORDER BY v.rowid"));
        let mut rows = sqlx::query_as::<_, OutRow>(sql).fetch(&self.read);
        let mut count = 0;
        while let Some(row) = rows.try_next().await? {
            if let Err(error) = each(line(row)?) {
                return Ok(Err(error));
            }
            count += 1;
        }
        Ok(Ok(count))
    }

    /// Gives every vote that stands to `each`, by question in the data's order, with what it is
    /// about. Stops at the first error of `each`.
    pub async fn each_label<E>(
        &self,
        mut each: impl FnMut(VoteLine, LabelledPair) -> std::result::Result<(), E>,
    ) -> Result<std::result::Result<u64, E>> {
        let mut ids = sqlx::query_as::<_, (Uuid, Uuid)>(
            "SELECT v.id, q.pair FROM question AS q
             JOIN assignment AS a ON a.question = q.id
             JOIN annotator AS n ON n.id = a.annotator
             JOIN vote AS v ON v.id = a.head AND v.verdict IS NOT NULL
             ORDER BY q.pair_position, q.ordinal, n.ordinal, a.repeat",
        )
        .fetch(&self.read);
        let mut db = self.read.acquire().await?;
        let mut count = 0;
        while let Some((vote, pair)) = ids.try_next().await? {
            let row: OutRow = sqlx::query_as(sqlx::AssertSqlSafe(format!("{LINE} WHERE v.id = ?")))
                .bind(vote)
                .fetch_one(&mut *db)
                .await?;
            let about: (
                String,
                String,
                String,
                String,
                Option<String>,
                Option<String>,
            ) = sqlx::query_as(
                "SELECT p.task, o.text, p.text1, p.text2, p.model1, p.model2
                     FROM pair AS p JOIN prompt AS o ON o.id = p.prompt WHERE p.id = ?",
            )
            .bind(pair)
            .fetch_one(&mut *db)
            .await?;
            let media: Vec<(i64, String)> = sqlx::query_as(
                "SELECT place, name FROM pair_media WHERE pair = ? AND place > 0 ORDER BY place, n",
            )
            .bind(pair)
            .fetch_all(&mut *db)
            .await?;
            if let Err(error) = each(line(row)?, LabelledPair::new(about, media)) {
                return Ok(Err(error));
            }
            count += 1;
        }
        Ok(Ok(count))
    }

    /// Begins to take votes in.
    pub async fn vote_intake(&self, file: &str) -> Result<VoteIntake> {
        let tx = self.begin().await?;
        Ok(VoteIntake {
            project: self.clone(),
            tx,
            file: file.to_owned(),
            touched: BTreeSet::new(),
        })
    }
}

fn line(row: OutRow) -> Result<VoteLine> {
    let (
        vote,
        supersedes,
        assignment,
        question,
        pair,
        source_id,
        criterion,
        criterion_version,
        annotator,
        annotator_id,
        verdict,
        confidence,
        rationale,
        at_ms,
        repeat,
        presentation,
    ) = row;
    Ok(VoteLine {
        vote: VoteId::from_uuid(vote),
        supersedes: supersedes.map(VoteId::from_uuid),
        assignment: AssignmentId::from_uuid(assignment),
        question: QuestionId::from_uuid(question),
        pair: Some(PairId::from_uuid(pair)),
        source_id,
        criterion,
        criterion_version: u32::try_from(criterion_version).unwrap_or(1),
        annotator,
        annotator_id: AnnotatorId::from_uuid(annotator_id),
        verdict: verdict.map(|v| v.parse()).transpose()?,
        confidence: confidence.map(Confidence::new).transpose()?,
        rationale,
        at_ms,
        repeat,
        presentation: serde_json::from_str(&presentation).map_err(StoreError::corrupt)?,
    })
}

/// Votes being taken in. Dropped without [`VoteIntake::commit`], it leaves nothing.
pub struct VoteIntake {
    project: Project,
    tx: Transaction<'static, Sqlite>,
    file: String,
    touched: BTreeSet<Uuid>,
}

impl VoteIntake {
    /// Takes a line. `Ok(false)` when the project has the vote already; `Err` inside says in words
    /// why the line is refused.
    pub async fn take(&mut self, line: &VoteLine) -> Result<std::result::Result<bool, String>> {
        let Some(pair) = self.pair_of(line).await? else {
            return Ok(Err(format!(
                "the question {} is not in this project: import the file of pairs first, then its votes",
                line.question
            )));
        };
        if let Some(earlier) = line.supersedes {
            let known: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM vote WHERE id = ?)")
                .bind(earlier.uuid())
                .fetch_one(&mut *self.tx)
                .await?;
            if known == 0 {
                return Ok(Err(format!(
                    "it replaces the vote {earlier}, which is neither in this project nor earlier in the file"
                )));
            }
        }
        let joined = self.annotator(line).await?;
        let assignment = self.assignment(line, pair, joined).await?;
        let row = NewVote {
            id: line.vote,
            supersedes: line.supersedes.map(VoteId::uuid),
            assignment,
            question: line.question.uuid(),
            annotator: line.annotator_id.uuid(),
            criterion_version: i64::from(line.criterion_version),
            verdict: line.verdict,
            confidence: line.confidence,
            rationale: line.rationale.clone(),
            at_ms: line.at_ms,
            presentation: line.presentation.to_string(),
        };
        let new = write(&mut self.tx, &row).await?;
        if new {
            self.touched.insert(assignment);
            if let Some(earlier) = line.supersedes {
                // A moved vote ends a chain of another assignment.
                let other: Uuid = sqlx::query_scalar("SELECT assignment FROM vote WHERE id = ?")
                    .bind(earlier.uuid())
                    .fetch_one(&mut *self.tx)
                    .await?;
                self.touched.insert(other);
            }
        }
        Ok(Ok(new))
    }

    /// Sets every assignment to the end of its chain and puts everything on disk.
    pub async fn commit(mut self, summary: &str) -> Result<()> {
        for assignment in std::mem::take(&mut self.touched) {
            self.settle(assignment).await?;
        }
        let at = self.project.clock.now_ms();
        write_log(
            &mut self.tx,
            at,
            "import",
            &format!("{}: {summary}", self.file),
        )
        .await?;
        Ok(self.tx.commit().await?)
    }

    /// Leaves everything as it was.
    pub async fn roll_back(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }

    /// The pair of the line's question. A question that an annotator wrote elsewhere is made here
    /// too, where its pair is known and the line's criterion gives just that question.
    async fn pair_of(&mut self, line: &VoteLine) -> Result<Option<PairId>> {
        let known: Option<Uuid> = sqlx::query_scalar("SELECT pair FROM question WHERE id = ?")
            .bind(line.question.uuid())
            .fetch_optional(&mut *self.tx)
            .await?;
        if let Some(pair) = known {
            return Ok(Some(PairId::from_uuid(pair)));
        }
        let criterion = line
            .criterion
            .as_deref()
            .and_then(|text| Criterion::new(text).ok());
        let (Some(pair), Some(criterion)) = (line.pair, criterion) else {
            return Ok(None);
        };
        let there: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pair WHERE id = ?)")
            .bind(pair.uuid())
            .fetch_one(&mut *self.tx)
            .await?;
        let id = Pair::question_id(pair, Some(criterion.id()), line.source_id.as_deref());
        if there == 0 || id != line.question {
            return Ok(None);
        }
        self.annotator(line).await?;
        let project = self.project.clone();
        let (made, _) = project
            .ask(&mut self.tx, line.annotator_id, pair, &criterion)
            .await?;
        Ok((made == line.question).then_some(pair))
    }

    async fn annotator(&mut self, line: &VoteLine) -> Result<i64> {
        let known: Option<i64> = sqlx::query_scalar("SELECT ordinal FROM annotator WHERE id = ?")
            .bind(line.annotator_id.uuid())
            .fetch_optional(&mut *self.tx)
            .await?;
        if let Some(ordinal) = known {
            return Ok(ordinal);
        }
        let at = self.project.clock.now_ms();
        let added = annotators::insert(
            &mut self.tx,
            line.annotator_id,
            &line.annotator,
            Some(&self.file),
            at,
        )
        .await?;
        Ok(i64::from(added.ordinal))
    }

    /// The assignment that the line answers: the project's own of this question, or a new one on
    /// the sides that the vote was cast on.
    async fn assignment(&mut self, line: &VoteLine, pair: PairId, joined: i64) -> Result<Uuid> {
        let known: Option<Uuid> = sqlx::query_scalar(
            "SELECT id FROM assignment WHERE annotator = ? AND question = ? AND repeat = ?",
        )
        .bind(line.annotator_id.uuid())
        .bind(line.question.uuid())
        .bind(line.repeat)
        .fetch_optional(&mut *self.tx)
        .await?;
        if let Some(id) = known {
            return Ok(id);
        }
        let told = line
            .presentation
            .get("left")
            .and_then(|l| l.as_str())
            .and_then(|l| slot(l).ok());
        let left: Slot = told.unwrap_or_else(|| draw(self.project.seed(), pair, joined).left);
        sqlx::query(
            "INSERT INTO assignment (id, annotator, question, pair_position, ordinal, left_side,
                                     repeat, state)
             SELECT ?, ?, id, pair_position, ordinal, ?, ?, 'open' FROM question WHERE id = ?",
        )
        .bind(line.assignment.uuid())
        .bind(line.annotator_id.uuid())
        .bind(left.as_str())
        .bind(line.repeat)
        .bind(line.question.uuid())
        .execute(&mut *self.tx)
        .await?;
        Ok(line.assignment.uuid())
    }

    async fn settle(&mut self, assignment: Uuid) -> Result<()> {
        let last: Option<(Uuid, Option<String>, i64)> = sqlx::query_as(
            "SELECT v.id, v.verdict, v.at_ms FROM vote AS v
             WHERE v.assignment = ?
               AND NOT EXISTS (SELECT 1 FROM vote AS s WHERE s.supersedes = v.id)
             ORDER BY v.at_ms DESC, v.id DESC LIMIT 1",
        )
        .bind(assignment)
        .fetch_optional(&mut *self.tx)
        .await?;
        match last {
            Some((id, Some(_), at)) => {
                votes::point(
                    &mut self.tx,
                    assignment,
                    "voted",
                    Some(id),
                    (at > 0).then_some(at),
                )
                .await
            }
            Some((id, None, _)) => {
                votes::point(&mut self.tx, assignment, "open", Some(id), None).await
            }
            None => votes::point(&mut self.tx, assignment, "open", None, None).await,
        }
    }
}
