//! Where people part, worst first, and a question with all that was said of it: what an owner reads
//! to see why. Never for an annotator: it names models, people and their votes.

use std::collections::BTreeMap;

use serde::Serialize;
use tiebreak_domain::{
    AnnotatorId, Confidence, MediaId, PairId, QuestionId, SideView, Slot, Verdict,
};
use tiebreak_store::Project;
use ts_rs::TS;

use crate::error::Result;

/// A question on which people said different things.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Disagreement {
    /// The question.
    pub question: QuestionId,
    /// The row's own id.
    pub source_id: Option<String>,
    /// The task.
    pub task: String,
    /// The criterion's sentence.
    pub criterion: String,
    /// How many votes each verdict got, repeats left out.
    #[ts(type = "Record<string, number>")]
    pub counts: BTreeMap<Verdict, u64>,
    /// Votes in all.
    #[ts(type = "number")]
    pub votes: u64,
    /// The entropy of the votes, in bits: 1 where two verdicts have equally many.
    pub entropy: f64,
}

/// The questions on which people part.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Disagreements {
    /// The worst: by entropy, then by how many voted, then in the data's order.
    pub questions: Vec<Disagreement>,
    /// How many there are in all.
    #[ts(type = "number")]
    pub parted: u64,
    /// How many questions have two votes or more.
    #[ts(type = "number")]
    pub with_two_votes: u64,
}

/// A vote, in data terms, with all that stands in it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct VoteInFull {
    /// Who.
    pub annotator: AnnotatorId,
    /// The name.
    pub name: String,
    /// What was said.
    pub verdict: Verdict,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why.
    pub rationale: String,
    /// Whether it answers a repeat.
    pub repeat: bool,
    /// Which response stood on the left, where the vote was cast on a screen.
    pub left: Option<Slot>,
    /// How many seconds of attention it took, where that is known.
    pub seconds: Option<f64>,
    /// When, in milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Whether it was cast after a prediction of the question was shown: it does not count.
    pub after_reveal: bool,
}

/// A question as its owner may see it: in the data's order, with models and votes.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct QuestionInFull<I = MediaId> {
    /// The question.
    pub question: QuestionId,
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
    /// What was asked.
    pub prompt: SideView<I>,
    /// Response 1.
    pub response1: SideView<I>,
    /// Response 2.
    pub response2: SideView<I>,
    /// The votes that stand.
    pub votes: Vec<VoteInFull>,
}

/// Where people part, `limit` questions at most.
///
/// # Errors
/// The project cannot be read.
pub async fn list(project: &Project, limit: usize) -> Result<Disagreements> {
    let votes = project.standing_votes().await?;
    let mut counts: Vec<BTreeMap<Verdict, u64>> = vec![BTreeMap::new(); votes.questions.len()];
    for vote in votes.votes.iter().filter(|vote| !vote.repeat) {
        *counts[vote.question].entry(vote.verdict).or_default() += 1;
    }
    let with_two_votes = counts
        .iter()
        .filter(|c| c.values().sum::<u64>() > 1)
        .count() as u64;
    let parted = votes.questions.iter().zip(counts);
    let mut parted: Vec<Disagreement> = parted
        .filter(|(_, counts)| counts.len() > 1)
        .map(|(question, counts)| Disagreement {
            question: question.id,
            source_id: question.source_id.clone(),
            task: question.task.clone(),
            criterion: question.criterion.clone(),
            votes: counts.values().sum(),
            entropy: entropy(&counts),
            counts,
        })
        .collect();
    parted.sort_by(|a, b| (b.entropy.total_cmp(&a.entropy)).then(b.votes.cmp(&a.votes)));
    let all = parted.len() as u64;
    parted.truncate(limit);
    Ok(Disagreements {
        questions: parted,
        parted: all,
        with_two_votes,
    })
}

/// A question with everything that was said of it.
///
/// # Errors
/// There is no such question; the project cannot be read.
pub async fn question(project: &Project, id: QuestionId) -> Result<QuestionInFull> {
    let found = project.whole_question(id).await?;
    let [prompt, response1, response2] = found.sides;
    Ok(QuestionInFull {
        question: id,
        pair: found.pair,
        task: found.task,
        criterion: found.criterion,
        source_id: found.source_id,
        models: found.models,
        prompt,
        response1,
        response2,
        votes: found
            .votes
            .into_iter()
            .map(|vote| VoteInFull {
                annotator: vote.annotator,
                name: vote.name,
                verdict: vote.verdict,
                confidence: vote.confidence,
                rationale: vote.rationale,
                repeat: vote.repeat,
                left: vote.left,
                seconds: vote.elapsed_ms.map(seconds),
                at_ms: vote.at_ms,
                after_reveal: vote.after_reveal,
            })
            .collect(),
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of attention are far below 2^53"
)]
const fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}

/// In bits. The same counts give the same number whatever verdicts they belong to, so that equal
/// questions stay in the data's order.
#[expect(
    clippy::cast_precision_loss,
    reason = "a question has far fewer than 2^53 votes"
)]
fn entropy(counts: &BTreeMap<Verdict, u64>) -> f64 {
    let mut counts: Vec<u64> = counts.values().copied().collect();
    counts.sort_unstable();
    let all = counts.iter().sum::<u64>() as f64;
    counts
        .iter()
        .map(|&n| n as f64 / all)
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_is_that_of_the_shares_alone() {
        let of = |counts: &[(Verdict, u64)]| entropy(&counts.iter().copied().collect());
        assert!((of(&[(Verdict::Tie, 1), (Verdict::Response1, 1)]) - 1.0).abs() < 1e-12);
        let one = of(&[(Verdict::Tie, 1), (Verdict::Response2, 2)]);
        let other = of(&[(Verdict::Tie, 2), (Verdict::Response2, 1)]);
        assert_eq!(one.to_bits(), other.to_bits());
        let three = [Verdict::Response1, Verdict::Tie, Verdict::Response2].map(|v| (v, 1));
        assert!(of(&three) > 1.5);
    }
}
