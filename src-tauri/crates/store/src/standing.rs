//! The votes that stand, as tables of numbers: what statistics are computed from.

use std::collections::HashMap;

use futures_util::TryStreamExt as _;
use sqlx::AssertSqlSafe;
use tiebreak_domain::{AnnotatorId, PairId, PromptId, QuestionId, Slot, Verdict, VoteId};
use uuid::Uuid;

use crate::canonical::{BY_PAIR, FIRST_OF_PAIR, WITHIN_PAIR};
use crate::error::{Result, StoreError};
use crate::groups::GROUP_OF;
use crate::project::Project;
use crate::view::slot;

/// Whether the vote `v`, the end of its chain, stands: it says something, and was cast under what
/// its criterion means today. The one place of this rule: an assignment's `voted` is set by it, and
/// everything that reads votes goes by `voted` (the views `standing` and `label`).
pub(crate) const STANDS: &str = "(v.verdict IS NOT NULL AND v.meaning IS
    (SELECT c.meaning FROM question AS q JOIN criterion AS c ON c.id = q.criterion
      WHERE q.id = v.question))";

/// Somebody who voted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voter {
    /// The annotator's id.
    pub id: AnnotatorId,
    /// The name.
    pub name: String,
    /// Whether the name came with a table: such votes do not say how they were cast.
    pub imported: bool,
}

/// A question that was voted on: what stands of it may be nothing, where all votes were withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VotedQuestion {
    /// Its id.
    pub id: QuestionId,
    /// Its pair.
    pub pair: PairId,
    /// The pair's prompt: what resampling draws.
    pub prompt: PromptId,
    /// The task.
    pub task: String,
    /// The criterion's sentence.
    pub criterion: String,
    /// The criterion's group; `None`: ungrouped.
    pub group: Option<String>,
    /// The row's own id.
    pub source_id: Option<String>,
    /// Who gave response 1, and response 2.
    pub models: [Option<String>; 2],
}

/// A vote that counts: the last of its chain, not withdrawn, cast before a prediction was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingVote {
    /// Which question, an index into [`StandingVotes::questions`].
    pub question: usize,
    /// Who, an index into [`StandingVotes::voters`].
    pub voter: usize,
    /// The vote.
    pub vote: VoteId,
    /// What was said, in data terms.
    pub verdict: Verdict,
    /// Which response stood on the left; `None` where nobody saw it on a screen of ours.
    pub left: Option<Slot>,
    /// Whether it answers a repeat.
    pub repeat: bool,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// How long it took, in milliseconds of attention; `None` where no screen measured it.
    pub elapsed_ms: Option<u64>,
}

/// All votes of a project that stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandingVotes {
    /// Who voted, the first to have come first: in an order that a merge does not change.
    pub voters: Vec<Voter>,
    /// The questions, in the data's order.
    pub questions: Vec<VotedQuestion>,
    /// By question, then by voter, an original before its repeat. Those cast after the voter was shown
    /// a prediction of the question are not among them: in their place stands the vote before that.
    pub votes: Vec<StandingVote>,
    /// How many of them stand for a second thought.
    pub second_thoughts: u64,
    /// How many votes stand and do not count, since there is none before a prediction was shown.
    pub left_out: u64,
}

impl StandingVotes {
    /// By question, its votes, repeats left out.
    #[must_use]
    pub fn on_each(&self) -> Vec<Vec<&StandingVote>> {
        let mut on = vec![Vec::new(); self.questions.len()];
        for vote in self.votes.iter().filter(|vote| !vote.repeat) {
            on[vote.question].push(vote);
        }
        on
    }
}

type QuestionRow = (
    Uuid,
    Uuid,
    Uuid,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);
type VoteRow = (
    Uuid,
    Uuid,
    Uuid,
    String,
    bool,
    String,
    bool,
    i64,
    Option<i64>,
    bool,
);

impl Project {
    /// Reads every vote that counts as an independent judgement, all as of one moment; what was said in
    /// a practice round is none, nor what was said once a prediction of the question was shown (the view
    /// `independent`).
    pub async fn standing_votes(&self) -> Result<StandingVotes> {
        let mut tx = self.read.begin().await?;
        let mut all = StandingVotes::default();
        let mut voters = HashMap::new();
        let people: Vec<(Uuid, String, bool)> = sqlx::query_as(
            "SELECT id, name, origin IS NOT NULL FROM annotator AS n
             WHERE EXISTS (SELECT 1 FROM vote AS v JOIN assignment AS a ON a.id = v.assignment
               WHERE v.annotator = n.id AND a.practice = 0)
             ORDER BY created_ms, name, id",
        )
        .fetch_all(&mut *tx)
        .await?;
        for (id, name, imported) in people {
            voters.insert(id, all.voters.len());
            let id = AnnotatorId::from_uuid(id);
            all.voters.push(Voter { id, name, imported });
        }
        let mut questions = HashMap::new();
        let sql = format!(
            "SELECT q.id, p.id, p.prompt, p.task, c.text, q.source_id, p.model1, p.model2, {}
             FROM question AS q
             JOIN pair AS p ON p.id = q.pair
             JOIN criterion AS c ON c.id = q.criterion
             LEFT JOIN import AS qi ON qi.id = q.import {FIRST_OF_PAIR}
             WHERE q.same_as IS NULL
               AND EXISTS (SELECT 1 FROM vote AS v JOIN assignment AS a ON a.id = v.assignment
                 WHERE v.question = q.id AND a.practice = 0)
             ORDER BY {BY_PAIR}, {WITHIN_PAIR}",
            GROUP_OF.replace('%', "c.id")
        );
        let mut rows = sqlx::query_as::<_, QuestionRow>(AssertSqlSafe(sql)).fetch(&mut *tx);
        while let Some(row) = rows.try_next().await? {
            questions.insert(row.0, all.questions.len());
            all.questions.push(row.into());
        }
        drop(rows);
        let mut rows = sqlx::query_as::<_, VoteRow>(
            "SELECT v.id, a.question, a.annotator, v.verdict, a.repeat, a.left_side,
                    v.presentation <> 'null', v.at_ms,
                    nullif(json_extract(v.presentation, '$.elapsed_ms'), 0), a.vote <> a.head
             FROM independent AS a JOIN vote AS v ON v.id = a.vote",
        )
        .fetch(&mut *tx);
        while let Some(row) = rows.try_next().await? {
            let (vote, question, voter, verdict, repeat, left, shown, at_ms, elapsed, second) = row;
            all.second_thoughts += u64::from(second);
            let (Some(question), Some(voter)) = (questions.get(&question), voters.get(&voter))
            else {
                return Err(StoreError::corrupt("a vote on no question"));
            };
            all.votes.push(StandingVote {
                question: *question,
                voter: *voter,
                vote: VoteId::from_uuid(vote),
                verdict: verdict.parse()?,
                left: shown.then(|| slot(&left)).transpose()?,
                repeat,
                at_ms,
                elapsed_ms: elapsed.and_then(|ms| u64::try_from(ms).ok()),
            });
        }
        drop(rows);
        let standing: i64 = sqlx::query_scalar("SELECT count(*) FROM standing")
            .fetch_one(&mut *tx)
            .await?;
        all.left_out = standing.unsigned_abs() - all.votes.len() as u64;
        all.votes
            .sort_unstable_by_key(|vote| (vote.question, vote.voter, vote.repeat));
        Ok(all)
    }
}

impl From<QuestionRow> for VotedQuestion {
    fn from(row: QuestionRow) -> Self {
        let (id, pair, prompt, task, criterion, source_id, model1, model2, group) = row;
        Self {
            group,
            id: QuestionId::from_uuid(id),
            pair: PairId::from_uuid(pair),
            prompt: PromptId::from_uuid(prompt),
            task,
            criterion,
            source_id,
            models: [model1, model2],
        }
    }
}
