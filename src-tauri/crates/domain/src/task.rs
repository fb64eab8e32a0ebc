//! Tasks: what goes in and what comes out.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{DomainError, Result};
use crate::ids::shorten;
use crate::modality::Modality;

/// The nine tasks of Omni-RewardBench, ids exactly as its code spells them
/// (`text_to_3D` has a capital D).
pub const NINE_TASKS: [&str; 9] = [
    "text_to_text",
    "text_image_to_text",
    "text_video_to_text",
    "text_audio_to_text",
    "text_to_image",
    "text_to_video",
    "text_to_audio",
    "text_to_3D",
    "text_image_to_image",
];

/// A task's id: one of the nine, or a project's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct Task(String);

impl Task {
    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the benchmark's files hold in the plain fields of this task, or `None` for a project's
    /// own task: the prompt's medium, and the responses' one (`Text` where they are words).
    ///
    /// `text_to_3D` answers are pictures in the benchmark: this tells where media stand in a file,
    /// not what they are.
    #[must_use]
    pub fn media_fields(&self) -> Option<(Option<Modality>, Modality)> {
        use Modality::{Audio, Image, Text, Video};
        Some(match self.0.as_str() {
            "text_to_text" => (None, Text),
            "text_image_to_text" => (Some(Image), Text),
            "text_video_to_text" => (Some(Video), Text),
            "text_audio_to_text" => (Some(Audio), Text),
            "text_to_image" | "text_to_3D" => (None, Image),
            "text_to_video" => (None, Video),
            "text_to_audio" => (None, Audio),
            "text_image_to_image" => (Some(Image), Image),
            _ => return None,
        })
    }
}

impl FromStr for Task {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(DomainError::BadTask(shorten(text)))
        }
    }
}

impl TryFrom<String> for Task {
    type Error = DomainError;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Task> for String {
    fn from(task: Task) -> Self {
        task.0
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nine_are_tasks_and_know_their_media() {
        for id in NINE_TASKS {
            let task: Task = id.parse().unwrap();
            assert!(
                task.media_fields().is_some(),
                "{id} has a place for its media"
            );
        }
        assert!(
            "text_to_3d"
                .parse::<Task>()
                .unwrap()
                .media_fields()
                .is_none(),
            "case matters"
        );
    }

    #[test]
    fn a_task_cannot_climb_out_of_a_folder() {
        for bad in ["", "../x", "a/b", "a b", "täsk", "a\0"] {
            assert!(bad.parse::<Task>().is_err(), "{bad:?}");
        }
    }
}
