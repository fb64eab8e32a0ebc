//! What is compared: prompts, responses, pairs and criteria, and how their ids come about.

use serde::{Deserialize, Serialize};

use crate::error::{DomainError, Result};
use crate::ids::{ContentHasher, CriterionId, MediaId, PairId, PromptId, QuestionId};
use crate::modality::Modality;
use crate::task::Task;

/// A media file as the project knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRef {
    /// BLAKE3 of the bytes; of a scene with files beside it, of those too.
    pub id: MediaId,
    /// What it is, by its content.
    pub kind: Modality,
    /// Its media type, such as `image/png`.
    pub mime: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The instruction and its media.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prompt {
    /// The instruction; may be empty when media say it all.
    pub text: String,
    /// Its media, in the data's order.
    pub media: Vec<MediaRef>,
}

/// One model's answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The words of the answer; empty where the answer is media alone.
    pub text: String,
    /// Its media, in the data's order.
    pub media: Vec<MediaRef>,
    /// The model's name, where the data has it. Never shown to an annotator.
    pub model: Option<String>,
}

/// A prompt with two responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The task.
    pub task: Task,
    /// What was asked.
    pub prompt: Prompt,
    /// The data's first answer.
    pub response1: Response,
    /// The data's second answer.
    pub response2: Response,
}

fn add_media(hasher: &mut ContentHasher, media: &[MediaRef]) {
    hasher.bytes(&(media.len() as u64).to_le_bytes());
    for file in media {
        hasher.bytes(file.id.as_bytes());
    }
}

impl Prompt {
    /// Its id: of the text and the media.
    #[must_use]
    pub fn id(&self) -> PromptId {
        let mut hasher = ContentHasher::new("prompt");
        hasher.text(&self.text);
        add_media(&mut hasher, &self.media);
        PromptId::from_uuid(hasher.finish())
    }
}

impl Pair {
    /// Its id: of the task, the prompt, and both responses in the data's order, each with its
    /// text, media and model. The order is part of it: a pair turned round is another pair. The
    /// source id is not: rows that put several criteria to one pair each have their own.
    #[must_use]
    pub fn id(&self) -> PairId {
        let mut hasher = ContentHasher::new("pair");
        hasher
            .text(self.task.as_str())
            .bytes(self.prompt.id().uuid().as_bytes());
        for response in [&self.response1, &self.response2] {
            hasher.text(&response.text);
            add_media(&mut hasher, &response.media);
            hasher.maybe(response.model.as_deref());
        }
        PairId::from_uuid(hasher.finish())
    }

    /// The id of the question this pair makes under `criterion` (`None`: the step in which people
    /// write criteria), imported under `source_id`. Two rows of a file that say the same under
    /// different source ids are two questions.
    #[must_use]
    pub fn question_id(
        pair: PairId,
        criterion: Option<CriterionId>,
        source_id: Option<&str>,
    ) -> QuestionId {
        let mut hasher = ContentHasher::new("question");
        hasher.bytes(pair.uuid().as_bytes());
        hasher.bytes(
            criterion
                .map(CriterionId::uuid)
                .unwrap_or_default()
                .as_bytes(),
        );
        hasher.maybe(source_id);
        QuestionId::from_uuid(hasher.finish())
    }
}

/// A sentence saying in which respect to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion(String);

impl Criterion {
    /// The longest criterion taken, in characters.
    pub const MAX_CHARS: usize = 20_000;

    /// Checks a criterion. The text is kept as it is, but must hold something to read.
    pub fn new(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        if text.trim().is_empty() {
            return Err(DomainError::EmptyCriterion);
        }
        let chars = text.chars().count();
        if chars > Self::MAX_CHARS {
            return Err(DomainError::LongCriterion(chars, Self::MAX_CHARS));
        }
        Ok(Self(text))
    }

    /// The sentence.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Its id: of the sentence, without white space around it.
    #[must_use]
    pub fn id(&self) -> CriterionId {
        CriterionId::from_uuid(ContentHasher::new("criterion").text(self.0.trim()).finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(first: &str, second: &str) -> Pair {
        let response = |text: &str| Response {
            text: text.into(),
            ..Response::default()
        };
        Pair {
            task: "text_to_text".parse().unwrap(),
            prompt: Prompt {
                text: "p".into(),
                media: vec![],
            },
            response1: response(first),
            response2: response(second),
        }
    }

    #[test]
    fn equal_content_has_equal_ids_and_order_matters() {
        assert_eq!(pair("a", "b").id(), pair("a", "b").id());
        assert_ne!(pair("a", "b").id(), pair("b", "a").id());
        let mut named = pair("a", "b");
        named.response1.model = Some("m".into());
        assert_ne!(
            named.id(),
            pair("a", "b").id(),
            "two blank answers of two models differ"
        );
    }

    #[test]
    fn ids_do_not_change_between_versions() {
        // Projects of different versions are merged by these ids: a change here is a new format.
        assert_eq!(
            pair("a", "b").id().to_string(),
            "45a4f28e-127e-8088-aa4c-e1ec684e4dc4"
        );
        let criterion = Criterion::new(" Which is clearer? ").unwrap();
        assert_eq!(
            criterion.id(),
            Criterion::new("Which is clearer?").unwrap().id()
        );
        let question = Pair::question_id(pair("a", "b").id(), Some(criterion.id()), Some("7"));
        assert_eq!(question.to_string(), "bb27c21a-9257-8743-acec-ea229dd4f4c5");
    }

    #[test]
    fn a_criterion_needs_words() {
        assert_eq!(Criterion::new(" \n"), Err(DomainError::EmptyCriterion));
        assert!(Criterion::new("x".repeat(20_001)).is_err());
    }
}
