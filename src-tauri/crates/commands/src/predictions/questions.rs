//! The project's questions, to be found by a row's id or by what the row repeats of them.

use std::collections::HashMap;

use tiebreak_domain::{ContentHasher, QuestionId, Task};
use tiebreak_exchange::{PlainRow, RawJson};
use tiebreak_store::{OutPlace, Project};
use uuid::Uuid;

use crate::error::Result;

/// A question that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) question: QuestionId,
    /// Whether the row has response 2 first.
    pub(super) turned: bool,
}

/// Found once, or several times.
type Once = std::result::Result<QuestionId, usize>;

pub(super) struct Known {
    by_id: HashMap<String, Once>,
    by_content: HashMap<Uuid, Once>,
}

impl Known {
    /// All questions with a criterion, of the task alone if one is given.
    pub(super) async fn read(project: &Project, task: Option<&str>) -> Result<Self> {
        let task: Option<Task> = task.map(str::parse).transpose()?;
        let mut known = Self {
            by_id: HashMap::new(),
            by_content: HashMap::new(),
        };
        let each = |question: tiebreak_store::OutQuestion| -> Result<()> {
            let wanted = task
                .as_ref()
                .is_none_or(|task| task.as_str() == question.task);
            let Some(criterion) = question.criterion.as_deref().filter(|_| wanted) else {
                return Ok(());
            };
            if let Some(id) = question.source_id {
                add(&mut known.by_id, id, question.id);
            }
            add(&mut known.by_id, question.id.to_string(), question.id);
            let [one, two] = [&question.response1, &question.response2].map(words);
            let key = key(&question.prompt.text, criterion, one, two);
            add(&mut known.by_content, key, question.id);
            Ok(())
        };
        project.each_question(false, each).await??;
        Ok(known)
    }

    /// By the row's own id, or the question's.
    pub(super) fn by_id(&self, id: &str) -> std::result::Result<Found, String> {
        match self.by_id.get(id.trim()) {
            None if id.trim().is_empty() => Err("the row has no id".to_owned()),
            None => Err(format!("no question has the id {id}")),
            Some(Err(several)) => Err(format!(
                "{several} questions have the id {id}: say of which task they are (--task), or match \
                 by content"
            )),
            Some(Ok(question)) => Ok(straight(*question)),
        }
    }

    /// By the fields of a benchmark row.
    pub(super) fn by_content(&self, row: &PlainRow) -> std::result::Result<Found, String> {
        let field = |name: &str| row.get(name).map(RawJson::words);
        let (Some(prompt), Some(one), Some(two)) =
            (field("prompt"), field("response1"), field("response2"))
        else {
            return Err("the row repeats no prompt and responses: match by id or order".to_owned());
        };
        let criterion = field("criteria")
            .or_else(|| field("criterion"))
            .unwrap_or_default();
        self.by_words(&prompt, &criterion, &one, &two)
    }

    /// By the words themselves, in either order of the responses.
    pub(super) fn by_words(
        &self,
        prompt: &str,
        criterion: &str,
        one: &str,
        two: &str,
    ) -> std::result::Result<Found, String> {
        let straight_on = self.by_content.get(&key(prompt, criterion, one, two));
        let turned = || self.by_content.get(&key(prompt, criterion, two, one));
        match straight_on {
            Some(Ok(question)) => Ok(straight(*question)),
            Some(Err(several)) => Err(said_twice(*several)),
            None => match turned() {
                Some(Ok(question)) => Ok(Found {
                    question: *question,
                    turned: true,
                }),
                Some(Err(several)) => Err(said_twice(*several)),
                None => Err(
                    "no question has this prompt, this criterion and these responses".to_owned(),
                ),
            },
        }
    }
}

fn said_twice(several: usize) -> String {
    format!("{several} questions have this prompt, criterion and responses: match by id")
}

const fn straight(question: QuestionId) -> Found {
    Found {
        question,
        turned: false,
    }
}

fn add<K: std::hash::Hash + Eq>(map: &mut HashMap<K, Once>, key: K, question: QuestionId) {
    map.entry(key)
        .and_modify(|once| {
            *once = match once {
                Ok(known) if *known == question => Ok(question),
                Ok(_) => Err(2),
                Err(several) => Err(*several + 1),
            };
        })
        .or_insert(Ok(question));
}

/// A response as a result file repeats it: its medium's path where it is one, else its words.
fn words(place: &OutPlace) -> &str {
    place
        .media
        .first()
        .map_or(place.text.as_str(), |(_, name)| name)
}

fn key(prompt: &str, criterion: &str, one: &str, two: &str) -> Uuid {
    let mut hasher = ContentHasher::new("a question's words");
    // A criterion is stored without the space around it.
    hasher
        .text(prompt)
        .text(criterion.trim())
        .text(one)
        .text(two);
    hasher.finish()
}
