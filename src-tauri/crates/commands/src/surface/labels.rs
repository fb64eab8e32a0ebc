//! The labels that the surface is fitted on, and the digest by which a fit is told from another.

use std::collections::HashSet;

use tiebreak_domain::{PromptId, QuestionId, Verdict};
use tiebreak_judge::surface::{Labelled, VERSION, features};

use crate::Project;
use crate::compare::leading;
use crate::error::Result;
use crate::predict::{Candidate, load};

/// Questions whose texts are read at once.
const AT_ONCE: usize = 500;

/// A question's label.
pub(super) struct Label {
    pub(super) question: QuestionId,
    pub(super) prompt: PromptId,
    pub(super) criterion: String,
    /// The share of answers for response 1, a tie being half of one.
    pub(super) share: f64,
    /// The verdict that leads; `None` where two lead.
    pub(super) truth: Option<Verdict>,
}

/// All labels of a project.
#[derive(Default)]
pub(super) struct Labels {
    pub(super) all: Vec<Label>,
    /// Votes that count.
    pub(super) votes: u64,
    /// Labels that are a final verdict, where nobody voted.
    pub(super) from_resolutions: u64,
    /// Votes and final verdicts *both bad*, left out.
    pub(super) both_bad: u64,
}

impl Labels {
    pub(super) fn of(candidates: &[Candidate]) -> Self {
        let mut labels = Self::default();
        for one in candidates {
            let told = |verdict: &&Verdict| **verdict != Verdict::BothBad;
            let mut answers: Vec<Verdict> = one.votes.iter().filter(told).copied().collect();
            labels.both_bad += (one.votes.len() - answers.len()) as u64;
            labels.votes += answers.len() as u64;
            if one.votes.is_empty() {
                match one.resolution {
                    Some(Verdict::BothBad) => labels.both_bad += 1,
                    Some(verdict) => {
                        labels.from_resolutions += 1;
                        answers.push(verdict);
                    }
                    None => {}
                }
            }
            if !answers.is_empty() {
                labels.all.push(Label {
                    question: one.id,
                    prompt: one.prompt,
                    criterion: one.criterion.clone(),
                    share: share(&answers),
                    truth: leading(&answers),
                });
            }
        }
        labels
    }

    pub(super) fn prompts(&self) -> usize {
        let prompts: HashSet<PromptId> = self.all.iter().map(|label| label.prompt).collect();
        prompts.len()
    }

    /// The hash of a fit on them: which features, which folds, and what was said of which question.
    pub(super) fn hash(&self, folds: u32, seed: u64) -> String {
        let mut sorted: Vec<&Label> = self.all.iter().collect();
        sorted.sort_unstable_by_key(|label| label.question);
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"tiebreak surface\0");
        hasher.update(&VERSION.to_le_bytes());
        hasher.update(&folds.to_le_bytes());
        hasher.update(&seed.to_le_bytes());
        for label in sorted {
            hasher.update(label.question.uuid().as_bytes());
            hasher.update(&label.share.to_bits().to_le_bytes());
            let truth = label.truth.map_or("", Verdict::as_str);
            hasher.update(truth.as_bytes());
            hasher.update(b"\0");
        }
        hasher.finalize().to_hex().to_string()
    }

    /// The labels as rows of features; what could not be read is taken off the labels, and counted.
    pub(super) async fn rows(&mut self, project: &Project) -> Result<(Vec<Labelled>, u64)> {
        let (mut rows, mut kept) = (Vec::with_capacity(self.all.len()), Vec::new());
        let all = std::mem::take(&mut self.all);
        let count = all.len();
        let mut all = all.into_iter().peekable();
        while all.peek().is_some() {
            let part: Vec<Label> = all.by_ref().take(AT_ONCE).collect();
            let ids: Vec<QuestionId> = part.iter().map(|label| label.question).collect();
            for (label, question) in part.into_iter().zip(load(project, &ids).await?) {
                let Ok(question) = question else { continue };
                let [mut difference, second] = features::rows(&question);
                difference.iter_mut().zip(second).for_each(|(x, y)| *x -= y);
                rows.push(Labelled {
                    prompt: label.prompt,
                    difference,
                    share: label.share,
                    truth: label.truth,
                });
                kept.push(label);
            }
        }
        self.all = kept;
        Ok((rows, (count - self.all.len()) as u64))
    }
}

fn share(answers: &[Verdict]) -> f64 {
    let halves = answers.iter().map(|verdict| match verdict {
        Verdict::Response1 => 2,
        Verdict::Tie => 1,
        _ => 0,
    });
    f64::from(halves.sum::<u32>()) / (2.0 * answers.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{BothBad, Response1, Response2, Tie};

    fn candidate(n: u128, votes: &[Verdict], resolution: Option<Verdict>) -> Candidate {
        let id = uuid::Uuid::from_u128(n);
        Candidate {
            id: QuestionId::from_uuid(id),
            prompt: PromptId::from_uuid(id),
            task: String::new(),
            criterion: String::new(),
            source_id: None,
            votes: votes.to_vec(),
            resolution,
        }
    }

    #[test]
    fn a_label_is_the_share_of_votes_else_the_final_verdict() {
        let labels = Labels::of(&[
            candidate(1, &[Response1, Response1, Tie, BothBad], Some(Response2)),
            candidate(2, &[], Some(Tie)),
            candidate(3, &[], None),
            candidate(4, &[BothBad], None),
            candidate(5, &[Response1, Response2], None),
        ]);
        let told: Vec<_> = labels.all.iter().map(|l| (l.share, l.truth)).collect();
        assert_eq!(
            told,
            [(5.0 / 6.0, Some(Response1)), (0.5, Some(Tie)), (0.5, None)]
        );
        assert_eq!(
            (labels.votes, labels.from_resolutions, labels.both_bad),
            (5, 1, 2)
        );
    }

    #[test]
    fn the_hash_goes_by_what_was_said_and_not_by_the_order() {
        let (a, b) = (candidate(1, &[Response1], None), candidate(2, &[Tie], None));
        let one = Labels::of(&[a, b]).hash(5, 1);
        let (a, b) = (candidate(1, &[Response1], None), candidate(2, &[Tie], None));
        assert_eq!(Labels::of(&[b, a]).hash(5, 1), one);
        let (a, b) = (
            candidate(1, &[Response1], None),
            candidate(2, &[Response2], None),
        );
        let labels = Labels::of(&[a, b]);
        assert_ne!(labels.hash(5, 1), one);
        assert_ne!(labels.hash(4, 1), labels.hash(5, 1));
    }
}
