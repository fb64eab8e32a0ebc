//! Why a model is not shown: a reason for people, and what exactly for the log.

use std::borrow::Cow;

/// A reason that names no file: it continues "This model cannot be shown: …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// For people.
    pub why: Cow<'static, str>,
    /// For the log.
    pub detail: String,
}

impl Problem {
    /// A reason.
    pub fn new(why: impl Into<Cow<'static, str>>) -> Self {
        Self {
            why: why.into(),
            detail: String::new(),
        }
    }

    /// The file breaks its own format.
    pub fn damaged(detail: &dyn std::fmt::Display) -> Self {
        Self {
            why: "its file is damaged".into(),
            detail: detail.to_string(),
        }
    }

    /// The same out of a library's error, with what lies under it.
    pub fn out_of(error: &dyn std::error::Error) -> Self {
        let mut detail = error.to_string();
        let mut under = error.source();
        while let Some(error) = under {
            detail.push_str(&format!(": {error}"));
            under = error.source();
        }
        Self::damaged(&detail)
    }

    /// The same with what exactly.
    pub fn with(mut self, detail: &dyn std::fmt::Display) -> Self {
        self.detail = detail.to_string();
        self
    }
}
