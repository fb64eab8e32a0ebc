//! What is taken as true of each question: its resolution, else what a rule makes of its votes.

use std::collections::{BTreeMap, HashMap, HashSet};

use tiebreak_domain::{PairId, PromptId, QuestionId, Rule, Verdict};
use tiebreak_store::{OutPlace, OutQuestion, Project, Resolution};

use super::report::TruthReport;
use crate::error::Result;
use crate::export::verdict;

/// What is true of a question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Truth {
    /// Never *both bad*.
    pub(super) verdict: Verdict,
    /// An index into [`Truths::tasks`].
    pub(super) task: usize,
    /// Which prompt it belongs to.
    pub(super) prompt: u32,
}

/// A question, whether it has a verdict or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// Its verdict, *both bad* among them.
    pub(super) verdict: Option<Verdict>,
    /// An index into [`Truths::tasks`].
    pub(super) task: usize,
    /// Which prompt it belongs to.
    pub(super) prompt: u32,
    /// Which pair it is asked of.
    pub(super) pair: Option<PairId>,
    /// How many letters the responses have, where both are words alone.
    pub(super) letters: Option<[u32; 2]>,
    /// Votes that stand, in the order of [`Verdict::ALL`].
    pub(super) votes: [u32; 4],
    /// Its place in the data.
    pub(super) place: u32,
    /// Whether its resolution had seen a prediction.
    pub(super) saw: bool,
}

/// What is known of a question beside what it says.
struct Where {
    prompt: u32,
    pair: Option<PairId>,
    saw: bool,
}

#[derive(Default)]
pub(super) struct Truths {
    asked: HashMap<QuestionId, Asked>,
    /// The tasks, in the order in which they come.
    pub(super) tasks: Vec<String>,
    by_source: BTreeMap<String, u64>,
    left_out: BTreeMap<String, u64>,
}

impl Truths {
    pub(super) async fn read(project: &Project, rule: Rule) -> Result<Self> {
        let mut truths = Self::default();
        let pairs = project.pair_of_each().await?;
        let after_reveal = project.votes_after_reveal().await?;
        let saw = |one: &Resolution| {
            !one.saw_prediction().is_empty() || one.votes().any(|id| after_reveal.contains(&id))
        };
        let resolutions = project.resolutions().await?;
        let saw: HashSet<QuestionId> = resolutions
            .iter()
            .filter(|one| saw(one))
            .map(|one| one.question)
            .collect();
        let mut prompts: HashMap<PromptId, u32> = HashMap::new();
        let each = |question: OutQuestion| -> Result<()> {
            let next = u32::try_from(prompts.len()).unwrap_or(u32::MAX);
            let prompt = *prompts.entry(question.prompt_id).or_insert(next);
            let asked = Where {
                prompt,
                pair: pairs.get(&question.id).copied(),
                saw: saw.contains(&question.id),
            };
            truths.add(&question, asked, rule);
            Ok(())
        };
        project.each_question(false, each).await??;
        Ok(truths)
    }

    fn add(&mut self, question: &OutQuestion, asked: Where, rule: Rule) {
        let known = self.tasks.iter().position(|task| *task == question.task);
        let task = known.unwrap_or_else(|| {
            self.tasks.push(question.task.clone());
            self.tasks.len() - 1
        });
        let found = match verdict(question, Some(rule)) {
            Err(reason) => {
                *self.left_out.entry(reason.to_owned()).or_default() += 1;
                (reason == "both_bad").then_some(Verdict::BothBad)
            }
            Ok((verdict, source)) => {
                *self.by_source.entry(source).or_default() += 1;
                Some(verdict)
            }
        };
        let count = |verdict| question.votes.iter().filter(|(_, v)| *v == verdict).count() as u32;
        let asked = Asked {
            verdict: found,
            task,
            prompt: asked.prompt,
            pair: asked.pair,
            saw: asked.saw,
            letters: letters([&question.response1, &question.response2]),
            votes: Verdict::ALL.map(count),
            place: u32::try_from(self.asked.len()).unwrap_or(u32::MAX),
        };
        self.asked.insert(question.id, asked);
    }

    /// How many questions have a resolution that had seen a prediction.
    pub(super) fn saw(&self) -> u64 {
        self.asked.values().filter(|asked| asked.saw).count() as u64
    }

    /// A question, if it can be asked.
    pub(super) fn asked(&self, question: QuestionId) -> Option<Asked> {
        self.asked.get(&question).copied()
    }

    pub(super) fn len(&self) -> u64 {
        self.by_source.values().sum()
    }

    /// The prompt of any question.
    pub(super) fn prompt(&self, question: QuestionId) -> u32 {
        self.asked
            .get(&question)
            .map_or(u32::MAX, |asked| asked.prompt)
    }

    pub(super) fn report(&self, rule: Rule) -> TruthReport {
        let mut by_source = self.by_source.clone();
        // The rule is named even where it decided nothing.
        by_source.entry(rule.as_str().to_owned()).or_default();
        TruthReport {
            questions: self.len(),
            by_source,
            left_out: self.left_out.clone(),
        }
    }
}

impl Asked {
    /// What is true, where a model could say it.
    pub(super) fn truth(&self) -> Option<Truth> {
        let verdict = self.verdict.filter(|v| *v != Verdict::BothBad)?;
        Some(Truth {
            verdict,
            task: self.task,
            prompt: self.prompt,
        })
    }
}

/// How long two responses of words alone are.
fn letters(responses: [&OutPlace; 2]) -> Option<[u32; 2]> {
    let words = responses
        .iter()
        .all(|one| one.media.is_empty() && !one.text.is_empty());
    words.then(|| responses.map(|one| one.text.chars().count() as u32))
}
