//! Ids: of content (equal content, equal id, on every machine) and of acts (each its own).
//!
//! Pairs, criteria and questions are `UUIDv8` over BLAKE3 of their content, so that two people who
//! import one file hold the same rows. Votes, assignments and resolutions are `UUIDv7` (RFC 9562).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::error::DomainError;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ts_rs::TS)]
        #[ts(type = "string")]
        pub struct $name(Uuid);

        impl $name {
            /// The id with exactly these bits.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bits of the id.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = DomainError;
            fn from_str(text: &str) -> Result<Self, DomainError> {
                Uuid::try_parse(text.trim())
                    .map(Self)
                    .map_err(|_| DomainError::BadId(shorten(text)))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

macro_rules! acts {
    ($($name:ident),*) => {$(
        impl $name {
            /// A new id of an act at `at_ms` (milliseconds since 1970), told apart by `random`.
            #[must_use]
            pub fn new(at_ms: i64, random: [u8; 16]) -> Self {
                let mut tail = [0; 10];
                tail.copy_from_slice(&random[..10]);
                let at = u64::try_from(at_ms).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(at, &tail).into_uuid())
            }
        }
    )*};
}

uuid_id!(
    /// A prompt: the instruction and its media.
    PromptId
);
uuid_id!(
    /// A pair: a prompt with response 1 and response 2.
    PairId
);
uuid_id!(
    /// A criterion: a sentence saying in which respect to compare.
    CriterionId
);
uuid_id!(
    /// A question: a pair under one criterion.
    QuestionId
);
uuid_id!(
    /// A person who labels. Equal names stay apart.
    AnnotatorId
);
uuid_id!(
    /// A question in an annotator's queue.
    AssignmentId
);
uuid_id!(
    /// A vote, a change of one, or its withdrawal.
    VoteId
);
uuid_id!(
    /// A final verdict of a question, with where it came from.
    ResolutionId
);
uuid_id!(
    /// What an adjudicator did with a question besides resolving it.
    AdjudicationId
);
uuid_id!(
    /// A reward model: its name, its family and the hash of what it is.
    RewardModelId
);
uuid_id!(
    /// What a reward model says of a question.
    PredictionId
);
uuid_id!(
    /// A record of what was shown to somebody of a prediction.
    RevealId
);
uuid_id!(
    /// An edit of a criterion; where it changed the meaning, the meaning goes by this id too.
    CriterionEditId
);
acts!(
    CriterionEditId,
    AnnotatorId,
    AssignmentId,
    VoteId,
    ResolutionId,
    AdjudicationId,
    RevealId
);

/// Hashes content into an id. Every field goes in with its length, so that no two different
/// contents read the same.
pub struct ContentHasher(blake3::Hasher);

impl ContentHasher {
    /// A hasher for one kind of thing: `kind` keeps a prompt from ever having a pair's id.
    #[must_use]
    pub fn new(kind: &str) -> Self {
        let mut hasher = Self(blake3::Hasher::new());
        hasher.text("tiebreak 1").text(kind);
        hasher
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// Adds a text or says that there is none; an empty text is not the same as none.
    pub fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            None => self.0.update(&[0]),
            Some(text) => {
                self.0.update(&[1]);
                return self.text(text);
            }
        };
        self
    }

    /// Adds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// The `UUIDv8` of what was added.
    #[must_use]
    pub fn finish(&self) -> Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.0.finalize().as_bytes()[..16]);
        Uuid::new_v8(bytes)
    }
}

/// A media file's id: BLAKE3 of its bytes, printed as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ts_rs::TS)]
#[ts(type = "string")]
pub struct MediaId([u8; 32]);

impl MediaId {
    /// The id with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the id.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The id of a file with this content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self(*blake3::hash(content).as_bytes())
    }
}

impl fmt::Display for MediaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(blake3::Hash::from_bytes(self.0).to_hex().as_str())
    }
}

impl fmt::Debug for MediaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MediaId({self})")
    }
}

impl FromStr for MediaId {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self, DomainError> {
        blake3::Hash::from_hex(text.trim())
            .map(|hash| Self(*hash.as_bytes()))
            .map_err(|_| DomainError::BadMediaId(shorten(text)))
    }
}

impl Serialize for MediaId {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MediaId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The start of a text that is quoted in a message.
pub(crate) fn shorten(text: &str) -> String {
    const KEEP: usize = 60;
    let mut kept: String = text
        .chars()
        .take(KEEP)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().count() > KEEP {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_fields_do_not_run_together() {
        let mut a = ContentHasher::new("pair");
        a.text("ab").text("c");
        let mut b = ContentHasher::new("pair");
        b.text("a").text("bc");
        assert_ne!(
            a.finish(),
            b.finish(),
            "the length of each field is part of the content"
        );
        let (mut none, mut empty) = (ContentHasher::new("x"), ContentHasher::new("x"));
        assert_ne!(none.maybe(None).finish(), empty.maybe(Some("")).finish());
    }

    #[test]
    fn content_ids_are_version_8_and_acts_version_7() {
        assert_eq!(ContentHasher::new("pair").finish().get_version_num(), 8);
        let vote = VoteId::new(1_764_000_000_000, [7; 16]);
        assert_eq!(vote.uuid().get_version_num(), 7);
        assert_eq!(vote.to_string().parse::<VoteId>(), Ok(vote));
    }

    #[test]
    fn ids_sort_by_the_time_of_the_act() {
        assert!(VoteId::new(1, [255; 16]) < VoteId::new(2, [0; 16]));
    }

    #[test]
    fn a_wrong_id_is_quoted_briefly() {
        let long = "x".repeat(500);
        let message = long.parse::<PairId>().unwrap_err().to_string();
        assert!(message.len() < 200, "{message}");
        assert!("zz".parse::<MediaId>().is_err());
    }
}
