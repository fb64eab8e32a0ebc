//! Votes as lines, out and in again: the round trip loses nothing.

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use sqlx::{Sqlite, SqliteConnection, Transaction};
use tiebreak_domain::{
    AnnotatorId, AssignmentId, Confidence, Criterion, CriterionEditId, Pair, PairId, QuestionId,
    Slot, Verdict, VoteId, VoteLine,
};
use uuid::Uuid;

use crate::canonical::{self, BY_ANNOTATOR, BY_PAIR, FIRST_OF_PAIR, WITHIN_PAIR};
use crate::error::{Result, StoreError};
use crate::project::{Project, write_log};
use crate::queue::draw;
use crate::reveal;
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
    String,
    String,
    Uuid,
    Option<String>,
    Option<i64>,
    String,
    i64,
    i64,
    String,
);

/// The version and the meaning come as one word, whether it is a repeat and was cast after a prediction
/// was shown as one number: a row of the library has sixteen columns at most.
const LINE: &str =
    "SELECT v.id, v.supersedes, %ASSIGNMENT, v.question, q.pair, q.source_id, c.text,
       v.criterion_version || iif(v.meaning IS NULL, '', ' ' || lower(hex(v.meaning))), n.name,
       v.annotator, v.verdict, v.confidence, v.rationale, v.at_ms,
       a.repeat + 2 * EXISTS (SELECT 1 FROM informed AS i WHERE i.id = v.id), v.presentation
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

fn lines(rest: &str) -> sqlx::AssertSqlSafe<String> {
    let line = LINE.replace("%ASSIGNMENT", canonical::ASSIGNMENT);
    sqlx::AssertSqlSafe(format!("{line} {rest}"))
}

impl Project {
    /// Gives every vote, change and withdrawal to `each`, in the order of their times, those of
    /// practice rounds left out. Stops at the first error of `each`.
    pub async fn each_vote<E>(
        &self,
        mut each: impl FnMut(VoteLine) -> std::result::Result<(), E>,
    ) -> Result<std::result::Result<u64, E>> {
        let sql = lines("WHERE a.practice = 0 ORDER BY v.at_ms, v.id");
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

    /// Gives every vote that stands to `each`, by question in the data's order, with what it is about; a
    /// second thought, cast after a prediction was shown, behind the vote before it. Stops at the first
    /// error of `each`.
    pub async fn each_label<E>(
        &self,
        mut each: impl FnMut(VoteLine, LabelledPair) -> std::result::Result<(), E>,
    ) -> Result<std::result::Result<u64, E>> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT a.head, (SELECT b.vote FROM independent AS b WHERE b.id = a.id), q.pair
             FROM question AS q
             JOIN standing AS a ON a.question = q.id
             JOIN annotator AS n ON n.id = a.annotator
             LEFT JOIN criterion AS c ON c.id = q.criterion
             LEFT JOIN import AS qi ON qi.id = q.import
             {FIRST_OF_PAIR}
             WHERE a.practice = 0
             ORDER BY {BY_PAIR}, {WITHIN_PAIR}, {BY_ANNOTATOR}, a.repeat"
        ));
        let mut ids = sqlx::query_as::<_, (Uuid, Option<Uuid>, Uuid)>(sql).fetch(&self.read);
        let mut db = self.read.acquire().await?;
        let mut count = 0;
        while let Some((head, counts, pair)) = ids.try_next().await? {
            let first = counts.filter(|counts| *counts != head);
            for vote in first.into_iter().chain([head]) {
                let row: OutRow = sqlx::query_as(lines("WHERE v.id = ?"))
                    .bind(vote)
                    .fetch_one(&mut *db)
                    .await?;
                let about = labelled(&mut db, pair).await?;
                if let Err(error) = each(line(row)?, about) {
                    return Ok(Err(error));
                }
                count += 1;
            }
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

/// What the questions of a pair are about.
async fn labelled(db: &mut SqliteConnection, pair: Uuid) -> Result<LabelledPair> {
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
    Ok(LabelledPair::new(about, media))
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
        marks,
        presentation,
    ) = row;
    let (version, meaning) = match criterion_version.split_once(' ') {
        Some((version, meaning)) => (version, Some(meaning.parse::<CriterionEditId>()?)),
        None => (criterion_version.as_str(), None),
    };
    Ok(VoteLine {
        vote: VoteId::from_uuid(vote),
        supersedes: supersedes.map(VoteId::from_uuid),
        assignment: AssignmentId::from_uuid(assignment),
        question: QuestionId::from_uuid(question),
        pair: Some(PairId::from_uuid(pair)),
        source_id,
        criterion,
        criterion_version: version.parse().unwrap_or(1),
        criterion_meaning: meaning,
        annotator,
        annotator_id: AnnotatorId::from_uuid(annotator_id),
        verdict: verdict.map(|v| v.parse()).transpose()?,
        confidence: confidence.map(Confidence::new).transpose()?,
        rationale,
        at_ms,
        repeat: marks & 1 != 0,
        after_reveal: marks & 2 != 0,
        presentation: serde_json::from_str(&presentation).map_err(StoreError::corrupt)?,
    })
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineOutcome {
    /// It is in the project now.
    New,
    /// The project had it.
    Known,
    /// It replaces a vote that has not come yet: try it again after the others.
    Waits,
    /// It is refused, for this reason.
    Refused(String),
}

impl LineOutcome {
    fn refused(why: String) -> Self {
        Self::Refused(why)
    }
}

/// What a vote says, as far as two rows of one id must agree.
#[derive(PartialEq)]
struct Content {
    annotator: Uuid,
    question: Uuid,
    repeat: bool,
    verdict: Option<String>,
    confidence: Option<i64>,
    rationale: String,
    at_ms: i64,
}

impl Content {
    /// Whose answer to what it is.
    fn answers(&self) -> (Uuid, Uuid, bool) {
        (self.annotator, self.question, self.repeat)
    }
}

trait Says {
    fn content(&self) -> Content;
}

impl Says for VoteLine {
    fn content(&self) -> Content {
        Content {
            annotator: self.annotator_id.uuid(),
            question: self.question.uuid(),
            repeat: self.repeat,
            verdict: self.verdict.map(|v| v.as_str().to_owned()),
            confidence: self.confidence.map(|c| i64::from(c.level())),
            rationale: self.rationale.clone(),
            at_ms: self.at_ms,
        }
    }
}

/// Votes being taken in. Dropped without [`VoteIntake::commit`], it leaves nothing.
pub struct VoteIntake {
    project: Project,
    tx: Transaction<'static, Sqlite>,
    file: String,
    touched: BTreeSet<Uuid>,
}

impl VoteIntake {
    /// Takes a line. Nothing of a refused line is written.
    pub async fn take(&mut self, line: &VoteLine) -> Result<LineOutcome> {
        let Some(pair) = self.pair_of(line).await? else {
            return Ok(LineOutcome::refused(format!(
                "the question {} is not in this project: import the file of pairs first, then its votes",
                line.question
            )));
        };
        if line.verdict == Some(Verdict::BothBad) && !self.project.both_bad {
            return Ok(LineOutcome::refused(StoreError::NoBothBad.to_string()));
        }
        if let Some(known) = self.known(line.vote).await? {
            return Ok(if known == line.content() {
                LineOutcome::Known
            } else {
                LineOutcome::refused(format!(
                    "the project has a vote {} that says something else: one of the two was changed by hand",
                    line.vote
                ))
            });
        }
        if let Some(earlier) = line.supersedes {
            match self.known(earlier).await? {
                None => return Ok(LineOutcome::Waits),
                Some(before) if before.answers() != line.content().answers() => {
                    return Ok(LineOutcome::refused(format!(
                        "it replaces the vote {earlier}, which is another annotator's or about another question"
                    )));
                }
                Some(_) => {}
            }
        }
        if !self.has_annotator(line.annotator_id).await?
            && annotators::checked(&line.annotator).is_err()
        {
            return Ok(LineOutcome::refused(
                "its annotator's name is none: it needs 1 to 80 visible characters".to_owned(),
            ));
        }
        self.annotator(line).await?;
        let assignment = self.assignment(line, pair).await?;
        let row = NewVote {
            id: line.vote,
            supersedes: line.supersedes.map(VoteId::uuid),
            assignment,
            question: line.question.uuid(),
            annotator: line.annotator_id.uuid(),
            criterion_version: i64::from(line.criterion_version),
            meaning: line.criterion_meaning.map(CriterionEditId::uuid),
            verdict: line.verdict,
            confidence: line.confidence,
            rationale: line.rationale.clone(),
            at_ms: line.at_ms,
            presentation: line.presentation.to_string(),
        };
        write(&mut self.tx, &row).await?;
        let seen = line.after_reveal || line.presentation["revealed"] == true;
        if seen && line.verdict.is_some() {
            let (who, question) = (line.annotator_id.uuid(), line.question.uuid());
            reveal::heard(&mut self.tx, line.vote, who, question, line.at_ms).await?;
        }
        self.touched.insert(assignment);
        Ok(LineOutcome::New)
    }

    /// What a vote says, if the project has it.
    async fn known(&mut self, vote: VoteId) -> Result<Option<Content>> {
        type Row = (Uuid, Uuid, bool, Option<String>, Option<i64>, String, i64);
        let row: Option<Row> = sqlx::query_as(
            "SELECT v.annotator, v.question, a.repeat, v.verdict, v.confidence, v.rationale, v.at_ms
             FROM vote AS v JOIN assignment AS a ON a.id = v.assignment WHERE v.id = ?",
        )
        .bind(vote.uuid())
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(row.map(
            |(annotator, question, repeat, verdict, confidence, rationale, at_ms)| Content {
                annotator,
                question,
                repeat,
                verdict,
                confidence,
                rationale,
                at_ms,
            },
        ))
    }

    async fn has_annotator(&mut self, id: AnnotatorId) -> Result<bool> {
        let there: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM annotator WHERE id = ?)")
            .bind(id.uuid())
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(there == 1)
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

    /// Makes the line's annotator known: a person, who may go on labelling here.
    async fn annotator(&mut self, line: &VoteLine) -> Result<()> {
        if !self.has_annotator(line.annotator_id).await? {
            let at = self.project.clock.now_ms();
            annotators::insert(&mut self.tx, line.annotator_id, &line.annotator, None, at).await?;
        }
        Ok(())
    }

    /// The assignment that the line answers: the project's own of this question, or a new one on
    /// the sides that the vote was cast on.
    async fn assignment(&mut self, line: &VoteLine, pair: PairId) -> Result<Uuid> {
        let known: Option<Uuid> = sqlx::query_scalar(
            "SELECT id FROM assignment WHERE annotator = ? AND question = ? AND repeat = ?",
        )
        .bind(line.annotator_id.uuid())
        .bind(line.question.uuid())
        .bind(line.repeat)
        .fetch_optional(&mut *self.tx)
        .await?;
        if let Some(id) = known {
            self.remember(line.assignment.uuid(), id).await?;
            return Ok(id);
        }
        let taken: i64 =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM assignment WHERE id = ?)")
                .bind(line.assignment.uuid())
                .fetch_one(&mut *self.tx)
                .await?;
        let id = if taken == 0 {
            line.assignment
        } else {
            AssignmentId::new(self.project.clock.now_ms(), self.project.clock.random())
        };
        let told = line
            .presentation
            .get("left")
            .and_then(|l| l.as_str())
            .and_then(|l| slot(l).ok());
        let left: Slot = told.unwrap_or_else(|| draw(self.project.seed(), pair, 0).left);
        sqlx::query(
            "INSERT INTO assignment (id, annotator, question, pair_position, ordinal, left_side,
                                     repeat, state)
             SELECT ?, ?, id, pair_position, ordinal, ?, ?, 'open' FROM question WHERE id = ?",
        )
        .bind(id.uuid())
        .bind(line.annotator_id.uuid())
        .bind(left.as_str())
        .bind(line.repeat)
        .bind(line.question.uuid())
        .execute(&mut *self.tx)
        .await?;
        Ok(id.uuid())
    }

    /// Remembers under which id another copy of the project dealt an assignment of ours.
    async fn remember(&mut self, theirs: Uuid, ours: Uuid) -> Result<()> {
        sqlx::query(
            "INSERT INTO assignment_alias (id, assignment) SELECT ?1, ?2
             WHERE ?1 <> ?2 AND NOT EXISTS (SELECT 1 FROM assignment WHERE id = ?1)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(theirs)
        .bind(ours)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn settle(&mut self, assignment: Uuid) -> Result<()> {
        let last: Option<(Uuid, i64)> = sqlx::query_as(
            "SELECT v.id, v.at_ms FROM vote AS v
             WHERE v.assignment = ?
               AND NOT EXISTS (SELECT 1 FROM vote AS s WHERE s.supersedes = v.id)
             ORDER BY v.at_ms DESC, v.id DESC LIMIT 1",
        )
        .bind(assignment)
        .fetch_optional(&mut *self.tx)
        .await?;
        match last {
            Some((id, at)) => {
                votes::point_to(&mut self.tx, assignment, id, (at > 0).then_some(at)).await
            }
            None => votes::point(&mut self.tx, assignment, "open", None, None).await,
        }
    }
}
