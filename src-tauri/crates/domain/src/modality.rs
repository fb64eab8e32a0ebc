//! The five kinds of thing that can be seen or heard.

use serde::{Deserialize, Serialize};

/// What a piece of content is; the viewer follows this, never the task.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "lowercase")]
pub enum Modality {
    /// Words.
    Text,
    /// A still or animated picture.
    Image,
    /// Moving pictures, with or without sound.
    Video,
    /// Sound.
    Audio,
    /// A mesh or point cloud.
    Model3d,
}

impl Modality {
    /// The four kinds that live in files.
    pub const MEDIA: [Self; 4] = [Self::Image, Self::Video, Self::Audio, Self::Model3d];

    /// The word for it in files, tables and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Model3d => "model3d",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Text,
            Self::Image,
            Self::Video,
            Self::Audio,
            Self::Model3d,
        ]
        .into_iter()
        .find(|m| m.as_str() == word)
    }
}
