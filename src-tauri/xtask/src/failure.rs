//! The one kind of error here: a sentence for the person at the terminal, saying what to do next.

use std::fmt;

/// Why a step could not be done.
#[derive(Debug)]
pub struct Failure(String);

/// What every step gives.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure with its sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Turns an error of the system into a sentence that begins with what was being done.
pub trait Doing<T> {
    /// Says what was being done, should it fail.
    fn doing(self, what: impl fmt::Display) -> Result<T>;
}

impl<T, E: fmt::Display> Doing<T> for std::result::Result<T, E> {
    /// Says what was being done, should it fail.
    fn doing(self, what: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Failure(format!("{what}: {error}.")))
    }
}
