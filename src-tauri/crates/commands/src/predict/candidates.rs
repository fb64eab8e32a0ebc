//! The questions that a reward model may be asked, with what people said of them: for whoever chooses
//! and whoever fits, never for the model.

use std::collections::{HashMap, HashSet};

use tiebreak_domain::{PromptId, QuestionId, Verdict};
use tiebreak_store::{OutQuestion, Project};

use crate::error::{CommandError, Result};

/// A question that stands: it has a criterion, and is neither dropped nor asked in another's place.
pub(crate) struct Candidate {
    pub(crate) id: QuestionId,
    pub(crate) prompt: PromptId,
    pub(crate) task: String,
    pub(crate) criterion: String,
    pub(crate) source_id: Option<String>,
    /// The votes that stand, one an annotator.
    pub(crate) votes: Vec<Verdict>,
    /// The final verdict, where there is one.
    pub(crate) resolution: Option<Verdict>,
}

/// All of them, in the order of the data.
pub(crate) async fn read(project: &Project) -> Result<Vec<Candidate>> {
    let mut all = Vec::new();
    let each = |question: OutQuestion| -> Result<()> {
        let stands = !question.merged && question.dropped.is_none();
        if let Some(criterion) = question.criterion.filter(|_| stands) {
            all.push(Candidate {
                id: question.id,
                prompt: question.prompt_id,
                task: question.task,
                criterion,
                source_id: question.source_id,
                votes: question.votes.into_iter().map(|(_, said)| said).collect(),
                resolution: question.resolution.map(|(verdict, _)| verdict),
            });
        }
        Ok(())
    };
    project.each_question(false, each).await??;
    Ok(all)
}

/// Those with one of these ids, a question's own or a row's; all where none is given.
///
/// # Errors
/// An id that no question has, or that several have.
pub(super) fn named<'a>(all: &'a [Candidate], ids: &[String]) -> Result<Vec<&'a Candidate>> {
    if ids.is_empty() {
        return Ok(all.iter().collect());
    }
    let mut by_id: HashMap<String, Vec<QuestionId>> = HashMap::new();
    for one in all {
        let names = one.source_id.iter().cloned().chain([one.id.to_string()]);
        for name in names {
            by_id.entry(name).or_default().push(one.id);
        }
    }
    let mut wanted = HashSet::new();
    for id in ids {
        match by_id.get(id.trim()).map(Vec::as_slice) {
            Some([one]) => drop(wanted.insert(*one)),
            Some(several) => {
                let why = format!(
                    "{} questions have the id {id}: give a question's own id",
                    several.len()
                );
                return Err(CommandError::new("bad_value", why));
            }
            None => {
                let why = format!("no question that can be asked has the id {id}");
                return Err(CommandError::new("not_found", why));
            }
        }
    }
    Ok(all.iter().filter(|one| wanted.contains(&one.id)).collect())
}
