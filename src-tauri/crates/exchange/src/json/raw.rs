//! One JSON value as text, exactly as it stood in its file.

use std::borrow::Cow;

use super::text::{decode, encode};

/// One JSON value, verbatim. Numbers keep their digits, texts their escapes, and `NaN` stays.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RawJson(String);

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Null,
    Number,
    Truth,
    List,
    Object,
}

/// A value as words.
pub(crate) struct Words<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Whether writing the words as a JSON text gives the same value again.
    pub(crate) exact: bool,
}

impl RawJson {
    /// The value in `verbatim`, which must be JSON: writers refuse it otherwise.
    #[must_use]
    pub fn new(verbatim: impl Into<String>) -> Self {
        Self(verbatim.into())
    }

    /// A text as a JSON value.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self(encode(text))
    }

    /// The value as it stood.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, where it is one; `NaN` and `Infinity`, which Python writes, among them.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        (self.kind() == Kind::Number)
            .then(|| self.0.trim().parse().ok())
            .flatten()
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// The value as words: the characters of a text, nothing for `null`, and what stood in the
    /// file for all else.
    #[must_use]
    pub fn words(&self) -> String {
        self.read().text.into_owned()
    }

    pub(crate) fn kind(&self) -> Kind {
        match self.0.trim_start().as_bytes().first() {
            Some(b'"') => Kind::Text,
            Some(b'n') => Kind::Null,
            Some(b't' | b'f') => Kind::Truth,
            Some(b'[') => Kind::List,
            Some(b'{') => Kind::Object,
            _ => Kind::Number,
        }
    }

    pub(crate) fn read(&self) -> Words<'_> {
        match self.kind() {
            Kind::Text => {
                let decoded = decode(&self.0);
                Words {
                    text: decoded.text.into(),
                    exact: !decoded.broken,
                }
            }
            Kind::Null => Words {
                text: "".into(),
                exact: false,
            },
            _ => Words {
                text: self.0.as_str().into(),
                exact: false,
            },
        }
    }
}
