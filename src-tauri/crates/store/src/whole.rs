//! A question with everything the project knows of it: for its owner, in the data's order.

use tiebreak_domain::{AnnotatorId, Confidence, PairId, QuestionId, SideView, Slot, Verdict};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::Project;
use crate::view::{contents, slot};

/// A question, its pair and its votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeQuestion {
    /// Its pair.
    pub pair: PairId,
    /// The task.
    pub task: String,
    /// The criterion's sentence.
    pub criterion: Option<String>,
    /// The row's own id.
    pub source_id: Option<String>,
    /// Who gave response 1, and response 2.
    pub models: [Option<String>; 2],
    /// The prompt, response 1, response 2.
    pub sides: [SideView; 3],
    /// The votes that stand, in the order in which they came; a second thought, cast after a prediction
    /// was shown, besides the vote before it.
    pub votes: Vec<WholeVote>,
}

/// A vote that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeVote {
    /// Who.
    pub annotator: AnnotatorId,
    /// The name.
    pub name: String,
    /// What was said, in data terms.
    pub verdict: Verdict,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why.
    pub rationale: String,
    /// Whether it answers a repeat.
    pub repeat: bool,
    /// Which response stood on the left; `None` where nobody saw it on a screen of ours.
    pub left: Option<Slot>,
    /// How long it took, in milliseconds of attention.
    pub elapsed_ms: Option<u64>,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Whether it was cast after he was shown a prediction of the question.
    pub after_reveal: bool,
}

type QuestionRow = (
    Uuid,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    String,
    String,
);
type VoteRow = (
    Uuid,
    String,
    String,
    Option<i64>,
    String,
    bool,
    String,
    bool,
    Option<i64>,
    i64,
    bool,
);

impl Project {
    /// Reads a question with all that stands in the project about it.
    ///
    /// # Errors
    /// There is no such question; the file cannot be read.
    pub async fn whole_question(&self, id: QuestionId) -> Result<WholeQuestion> {
        let mut tx = self.read.begin().await?;
        let row: Option<QuestionRow> = sqlx::query_as(
            "SELECT p.id, p.task, c.text, q.source_id, p.model1, p.model2, o.text, p.text1, p.text2
             FROM question AS q
             JOIN pair AS p ON p.id = q.pair
             JOIN prompt AS o ON o.id = p.prompt
             LEFT JOIN criterion AS c ON c.id = q.criterion
             WHERE q.id = ?",
        )
        .bind(id.uuid())
        .fetch_optional(&mut *tx)
        .await?;
        let (pair, task, criterion, source_id, model1, model2, prompt, text1, text2) = row
            .ok_or_else(|| StoreError::NotFound {
                what: "question",
                id: id.to_string(),
            })?;
        let sides = contents(&mut tx, pair, [prompt, text1, text2]).await?;
        let rows: Vec<VoteRow> = sqlx::query_as(
            "SELECT n.id, n.name, v.verdict, v.confidence, v.rationale, a.repeat, a.left_side,
                    v.presentation <> 'null', json_extract(v.presentation, '$.elapsed_ms'), v.at_ms,
                    EXISTS (SELECT 1 FROM informed AS i WHERE i.id = v.id)
             FROM (SELECT id, annotator, question, repeat, left_side, head AS vote FROM standing
                 WHERE question = ?1
               UNION SELECT id, annotator, question, repeat, left_side, vote FROM independent
                 WHERE question = ?1) AS a
             JOIN vote AS v ON v.id = a.vote
             JOIN annotator AS n ON n.id = a.annotator
             ORDER BY v.at_ms, n.ordinal, a.repeat",
        )
        .bind(id.uuid())
        .fetch_all(&mut *tx)
        .await?;
        let votes = rows.into_iter().map(vote).collect::<Result<_>>()?;
        Ok(WholeQuestion {
            pair: PairId::from_uuid(pair),
            task,
            criterion,
            source_id,
            models: [model1, model2],
            sides,
            votes,
        })
    }
}

fn vote(row: VoteRow) -> Result<WholeVote> {
    let (
        annotator,
        name,
        verdict,
        confidence,
        rationale,
        repeat,
        left,
        shown,
        elapsed,
        at_ms,
        after_reveal,
    ) = row;
    Ok(WholeVote {
        annotator: AnnotatorId::from_uuid(annotator),
        name,
        verdict: verdict.parse()?,
        confidence: confidence.map(Confidence::try_from).transpose()?,
        rationale,
        repeat,
        left: shown.then(|| slot(&left)).transpose()?,
        elapsed_ms: elapsed.and_then(|ms| u64::try_from(ms).ok()),
        at_ms,
        after_reveal,
    })
}
