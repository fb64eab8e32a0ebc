//! The features of a response, all of them in one row.

use super::{media, text};
use crate::judge::JudgedQuestion;

/// Which features there are and how they are computed: counted up when that changes, so that what was
/// predicted by others is another version of the model.
pub const VERSION: u32 = 1;
/// How many features a response has.
pub const WIDTH: usize = text::FEATURES.len() + media::FEATURES.len();

/// A feature's name, and what more of it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// Its name: a word.
    pub name: &'static str,
    /// "more words".
    pub says: &'static str,
}

/// The features, in the order of a row.
pub fn all() -> impl Iterator<Item = Feature> {
    let named = |(name, says): (&'static str, &'static str)| Feature { name, says };
    text::FEATURES.into_iter().chain(media::FEATURES).map(named)
}

/// The rows of response 1 and response 2.
#[must_use]
pub fn rows(question: &JudgedQuestion) -> [[f64; WIDTH]; 2] {
    let prompt = text::Vocabulary::of(&question.prompt.text);
    question.responses.each_ref().map(|side| {
        let mut row = [0.0; WIDTH];
        let (words, files) = row.split_at_mut(text::FEATURES.len());
        words.copy_from_slice(&text::of(&side.text, &prompt));
        files.copy_from_slice(&media::of(&side.media));
        row
    })
}
