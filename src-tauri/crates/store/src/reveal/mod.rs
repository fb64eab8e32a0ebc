//! Commit, then reveal: what of a model's answer is shown to an annotator, and only once his own vote
//! is on disk.
//!
//! What is shown is written down first, in the same transaction, so that every later vote of his on
//! that question is known to have been cast with it. Nothing else reads predictions for an annotator.

mod policy;
mod record;

pub use policy::RevealPolicy;
pub use record::SecondThought;

use serde_json::json;
use sqlx::SqliteConnection;
use tiebreak_domain::{
    AnnotatorId, Arm, AssignmentId, Phase, PromptId, RevealWhen, Shown, Sides, Slot, Told, Verdict,
};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::Project;
use crate::queue::{Dealt, own};
use crate::view::slot;
pub(crate) use policy::policy;
pub(crate) use record::{has_seen, heard, moved, recorded, wrong};

/// One line of what somebody is told at the end.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldAtEnd {
    /// What the criterion asks.
    pub criterion: String,
    /// The prompt's words.
    pub prompt: String,
    /// What he is told.
    pub told: Told,
}

/// A vote that stands, with what the model chosen for revealing says of its question.
struct Standing {
    assignment: Uuid,
    question: Uuid,
    vote: Uuid,
    prompt: Uuid,
    left: String,
    verdict: String,
    cast_ms: i64,
    said: Answer,
}

/// What a model says of a question, in data terms.
struct Answer {
    scores: Option<[f64; 2]>,
    verdict: Verdict,
    text: String,
}

impl Project {
    /// What the model says of a question, after the vote on it is on disk: written down as shown.
    ///
    /// # Errors
    /// The vote does not stand; nothing is shown in this project, or not yet; or there is nothing to
    /// show, be it that the question is in the silent arm or that the model says nothing of it.
    pub async fn reveal(&self, annotator: AnnotatorId, assignment: AssignmentId) -> Result<Told> {
        let when = self.reveal_policy().await?.when;
        if when == RevealWhen::Session {
            self.session_has_ended(annotator).await?;
        }
        let mut tx = self.begin().await?;
        own(&mut tx, annotator, assignment.uuid()).await?;
        let policy = policy(&mut tx, self).await?;
        if policy.when == RevealWhen::Never || policy.when != when {
            return Err(StoreError::NotRevealed);
        }
        let voted: i64 = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM standing WHERE id = ? AND head IS NOT NULL)",
        )
        .bind(assignment.uuid())
        .fetch_one(&mut *tx)
        .await?;
        if voted == 0 {
            return Err(StoreError::NotVoted);
        }
        let found = standing(&mut tx, &policy, annotator, Some(assignment)).await?;
        let one = found
            .into_iter()
            .find(|one| self.arm(&policy, annotator, one.prompt) == Arm::Told)
            .ok_or(StoreError::NothingToReveal)?;
        let told = self.tell(&mut tx, &policy, annotator, &one).await?;
        tx.commit().await?;
        Ok(told)
    }

    /// What the model says of the questions that somebody voted on, in the order in which he did,
    /// `limit` of them after `offset`, and how many there are: at the end of his queue, where that is
    /// what the project's policy is. What is answered is written down as shown.
    ///
    /// # Errors
    /// Nothing is shown in this project after the session; something is left in his queue.
    pub async fn reveals(
        &self,
        annotator: AnnotatorId,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<ToldAtEnd>, u64)> {
        if self.reveal_policy().await?.when != RevealWhen::Session {
            return Err(StoreError::NotRevealed);
        }
        self.session_has_ended(annotator).await?;
        let mut tx = self.begin().await?;
        let policy = policy(&mut tx, self).await?;
        let mut found = standing(&mut tx, &policy, annotator, None).await?;
        found.retain(|one| self.arm(&policy, annotator, one.prompt) == Arm::Told);
        let all = found.len() as u64;
        let mut page = Vec::new();
        for one in found.iter().skip(offset as usize).take(limit as usize) {
            let told = self.tell(&mut tx, &policy, annotator, one).await?;
            let (criterion, prompt): (String, String) = sqlx::query_as(
                "SELECT c.text, o.text FROM question AS q JOIN criterion AS c ON c.id = q.criterion
                 JOIN pair AS p ON p.id = q.pair JOIN prompt AS o ON o.id = p.prompt WHERE q.id = ?",
            )
            .bind(one.question)
            .fetch_one(&mut *tx)
            .await?;
            page.push(ToldAtEnd {
                criterion,
                prompt,
                told,
            });
        }
        tx.commit().await?;
        Ok((page, all))
    }

    /// Refuses while something is left in the queue.
    async fn session_has_ended(&self, annotator: AnnotatorId) -> Result<()> {
        let over = self.next(annotator).await? == Dealt::Nothing;
        if over && self.phase().await?.is_none_or(|p| p == Phase::Vote) {
            return Ok(());
        }
        Err(StoreError::NotRevealed)
    }

    fn arm(&self, policy: &RevealPolicy, annotator: AnnotatorId, prompt: Uuid) -> Arm {
        let prompt = PromptId::from_uuid(prompt);
        Arm::draw(self.seed(), annotator, prompt, policy.silent_share)
    }

    /// Writes down that it is shown, unless it was before, and turns it to the screen's sides.
    async fn tell(
        &self,
        db: &mut SqliteConnection,
        policy: &RevealPolicy,
        annotator: AnnotatorId,
        one: &Standing,
    ) -> Result<Told> {
        let asked = policy.model.as_ref().ok_or(StoreError::NothingToReveal)?;
        let told = json!({
            "model": asked.model.name, "hash": asked.model.hash, "setting": asked.setting,
            "order": asked.shown, "prompt": asked.template, "verdict": one.said.verdict, "scores": one.said.scores,
            "text": one.said.text,
        });
        let again = record::write(db, self, policy.when, annotator, one, &told).await?;
        let sides = Sides {
            left: slot(&one.left)?,
        };
        let said: Verdict = one.verdict.parse()?;
        let first = match asked.shown {
            Shown::OneTwo => Slot::Response1,
            Shown::TwoOne => Slot::Response2,
        };
        Ok(Told {
            assignment: AssignmentId::from_uuid(one.assignment),
            said: sides.to_screen(said),
            again,
            verdict: sides.to_screen(one.said.verdict),
            scores: one.said.scores.map(|scores| sides.on_screen(scores)),
            text: one.said.text.clone(),
            saw_left_first: sides.is_left(first),
        })
    }
}

/// The annotator's votes that stand and of whose question the model says something, in the order in
/// which he cast them; of one assignment alone where that is given.
async fn standing(
    db: &mut SqliteConnection,
    policy: &RevealPolicy,
    annotator: AnnotatorId,
    assignment: Option<AssignmentId>,
) -> Result<Vec<Standing>> {
    let Some(asked) = &policy.model else {
        return Ok(Vec::new());
    };
    type Row = (
        Uuid,
        Uuid,
        Uuid,
        Uuid,
        String,
        String,
        i64,
        bool,
        Option<f64>,
        Option<f64>,
        Option<String>,
        String,
    );
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT a.id, a.question, v.id, w.prompt, a.left_side, v.verdict, v.at_ms, p.scored,
           p.score1, p.score2, p.verdict, p.text
         FROM standing AS a
         JOIN vote AS v ON v.id = a.head
         JOIN question AS q ON q.id = a.question
         JOIN pair AS w ON w.id = q.pair
         JOIN prediction AS p ON p.id = (SELECT o.id FROM prediction AS o
           WHERE o.model = ?2 AND o.question = a.question AND o.setting = ?3 AND o.shown = ?4
             AND o.asked_under = 'own' AND o.template_hash = ?5)
         WHERE a.annotator = ?1 AND a.acted_ms IS NOT NULL AND (?6 IS NULL OR a.id = ?6)
         ORDER BY a.acted_ms, a.id",
    )
    .bind(annotator.uuid())
    .bind(asked.id.uuid())
    .bind(asked.setting.as_str())
    .bind(asked.shown.as_str())
    .bind(&asked.template)
    .bind(assignment.map(AssignmentId::uuid))
    .fetch_all(&mut *db)
    .await?;
    let mut found = Vec::new();
    for row in rows {
        let (assignment, question, vote, prompt, left, verdict, cast_ms, scored, one, two, ..) =
            row;
        let scores = scored.then(|| [one, two].map(|score| score.unwrap_or(f64::NAN)));
        let word = row.10.map(|word| word.parse()).transpose()?;
        if let Some((scores, verdict_of_model)) = says(scores, word) {
            found.push(Standing {
                assignment,
                question,
                vote,
                prompt,
                left,
                verdict,
                cast_ms,
                said: Answer {
                    scores,
                    verdict: verdict_of_model,
                    text: row.11,
                },
            });
        }
    }
    Ok(found)
}

/// The verdict of a model: its own, else that of the higher score, equal ones being a tie. `None` where
/// it gave no answer that can be read.
fn says(scores: Option<[f64; 2]>, verdict: Option<Verdict>) -> Option<(Option<[f64; 2]>, Verdict)> {
    let scores = scores.filter(|scores| scores.iter().all(|score| score.is_finite()));
    let by_score = scores.map(|[one, two]| match one.total_cmp(&two) {
        std::cmp::Ordering::Greater => Verdict::Response1,
        std::cmp::Ordering::Less => Verdict::Response2,
        std::cmp::Ordering::Equal => Verdict::Tie,
    });
    verdict.or(by_score).map(|verdict| (scores, verdict))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_says_its_verdict_else_the_higher_score_else_nothing() {
        let of = |scores, verdict| says(scores, verdict).map(|(_, said)| said);
        assert_eq!(of(Some([1.0, 2.0]), None), Some(Verdict::Response2));
        assert_eq!(of(Some([2.0, 2.0]), None), Some(Verdict::Tie));
        assert_eq!(of(Some([1.0, 2.0]), Some(Verdict::Tie)), Some(Verdict::Tie));
        assert_eq!(of(Some([f64::NAN, 2.0]), None), None);
        assert_eq!(of(None, None), None);
    }
}
