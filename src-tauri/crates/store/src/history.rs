//! What an annotator did, as he may see it again.

use tiebreak_domain::{
    AnnotatorId, AssignmentId, Confidence, PairId, QuestionId, ScreenVerdict, Sides, SkipReason,
    Verdict,
};
use uuid::Uuid;

use crate::error::Result;
use crate::project::Project;
use crate::view::slot;

/// A question that the annotator answered or skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The assignment.
    pub assignment: AssignmentId,
    /// The question.
    pub question: QuestionId,
    /// The pair.
    pub pair: PairId,
    /// The criterion.
    pub criterion: Option<String>,
    /// What he said of the sides; `None` when skipped.
    pub verdict: Option<ScreenVerdict>,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why.
    pub rationale: String,
    /// Why it was skipped.
    pub skipped: Option<SkipReason>,
    /// When.
    pub at_ms: i64,
}

impl Project {
    /// What the annotator did, latest first.
    pub async fn history(&self, annotator: AnnotatorId, limit: u32) -> Result<Vec<Done>> {
        type Row = (
            Uuid,
            Uuid,
            Uuid,
            Option<String>,
            String,
            String,
            Option<String>,
            Option<i64>,
            Option<String>,
            Option<String>,
            i64,
        );
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT a.id, q.id, q.pair, c.text, a.left_side, a.state, v.verdict, v.confidence,
                    v.rationale,
                    (SELECT s.reason FROM skip AS s WHERE s.assignment = a.id
                      AND s.reason IS NOT NULL ORDER BY s.at_ms DESC, s.id DESC LIMIT 1),
                    a.acted_ms
             FROM assignment AS a
             JOIN question AS q ON q.id = a.question
             LEFT JOIN criterion AS c ON c.id = q.criterion
             LEFT JOIN vote AS v ON v.id = a.head
             WHERE a.annotator = ? AND a.acted_ms IS NOT NULL AND a.state IN ('voted', 'skipped')
             ORDER BY a.acted_ms DESC, a.id DESC LIMIT ?",
        )
        .bind(annotator.uuid())
        .bind(i64::from(limit))
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(
                |(id, question, pair, criterion, left, state, verdict, sure, why, skip, at_ms)| {
                    let sides = Sides { left: slot(&left)? };
                    let voted = state == "voted";
                    let verdict = verdict
                        .filter(|_| voted)
                        .map(|v| v.parse::<Verdict>())
                        .transpose()?;
                    Ok(Done {
                        assignment: AssignmentId::from_uuid(id),
                        question: QuestionId::from_uuid(question),
                        pair: PairId::from_uuid(pair),
                        criterion,
                        verdict: verdict.map(|v| sides.to_screen(v)),
                        confidence: sure.filter(|_| voted).map(Confidence::new).transpose()?,
                        rationale: why.filter(|_| voted).unwrap_or_default(),
                        skipped: skip.filter(|_| !voted).map(|s| s.parse()).transpose()?,
                        at_ms,
                    })
                },
            )
            .collect()
    }
}
