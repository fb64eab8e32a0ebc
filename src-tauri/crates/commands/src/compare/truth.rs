//! What is taken as true of each question: its resolution, else what a rule makes of its votes.

use std::collections::{BTreeMap, HashMap};

use tiebreak_domain::{PromptId, QuestionId, Rule, Verdict};
use tiebreak_store::{OutQuestion, Project};

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

#[derive(Default)]
pub(super) struct Truths {
    of: HashMap<QuestionId, Truth>,
    /// The tasks, in the order in which they come.
    pub(super) tasks: Vec<String>,
    /// By question, whether it has a verdict or not, its prompt.
    prompts: HashMap<QuestionId, u32>,
    by_source: BTreeMap<String, u64>,
    left_out: BTreeMap<String, u64>,
}

impl Truths {
    pub(super) async fn read(project: &Project, rule: Rule) -> Result<Self> {
        let mut truths = Self::default();
        let mut prompts: HashMap<PromptId, u32> = HashMap::new();
        let each = |question: OutQuestion| -> Result<()> {
            let next = u32::try_from(prompts.len()).unwrap_or(u32::MAX);
            let prompt = *prompts.entry(question.prompt_id).or_insert(next);
            truths.add(&question, prompt, rule);
            Ok(())
        };
        project.each_question(false, each).await??;
        Ok(truths)
    }

    fn add(&mut self, question: &OutQuestion, prompt: u32, rule: Rule) {
        self.prompts.insert(question.id, prompt);
        match verdict(question, Some(rule)) {
            Err(reason) => *self.left_out.entry(reason.to_owned()).or_default() += 1,
            Ok((verdict, source)) => {
                *self.by_source.entry(source).or_default() += 1;
                let known = self.tasks.iter().position(|task| *task == question.task);
                let task = known.unwrap_or_else(|| {
                    self.tasks.push(question.task.clone());
                    self.tasks.len() - 1
                });
                let truth = Truth {
                    verdict,
                    task,
                    prompt,
                };
                self.of.insert(question.id, truth);
            }
        }
    }

    pub(super) fn get(&self, question: QuestionId) -> Option<Truth> {
        self.of.get(&question).copied()
    }

    pub(super) fn len(&self) -> u64 {
        self.of.len() as u64
    }

    /// The prompt of any question.
    pub(super) fn prompt(&self, question: QuestionId) -> u32 {
        self.prompts.get(&question).copied().unwrap_or(u32::MAX)
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
