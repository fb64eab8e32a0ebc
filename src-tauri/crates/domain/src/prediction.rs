//! What a reward model is and how it was asked.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{DomainError, Result};
use crate::ids::{ContentHasher, RewardModelId, shorten};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$one:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            ts_rs::TS,
        )]
        pub enum $name {
            $($(#[$one])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word for it in files and tables.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl FromStr for $name {
            type Err = DomainError;
            fn from_str(text: &str) -> Result<Self> {
                let found = Self::ALL.iter().copied().find(|one| one.as_str() == text);
                found.ok_or_else(|| DomainError::BadWord {
                    what: $what,
                    word: shorten(text),
                    known: [$($word),*].join(", "),
                })
            }
        }
    };
}

words! {
    /// How a model comes to its verdict.
    Family, "family of reward models" {
        /// Predictions that were made elsewhere.
        Imported = "imported",
        /// What can be seen of the responses from outside, fitted on the project's own votes.
        Surface = "surface",
        /// A sentence encoder and a head that is trained on the project's own votes.
        Encoder = "encoder",
        /// A decoder with a value head, which scores each response.
        OmniBt = "omni-bt",
        /// A language model that reasons and then says a verdict.
        Generative = "generative",
        /// A program on this machine.
        Process = "process",
        /// A language model behind an address that speaks OpenAI's protocol.
        Server = "server",
    }
}

words! {
    /// Whether a model could say tie.
    Setting, "setting" {
        /// It could.
        WithTie = "with_tie",
        /// It had to choose.
        WithoutTie = "without_tie",
    }
}

words! {
    /// In which order a model saw the responses. What it said is in data terms all the same.
    Shown, "order" {
        /// Response 1 first.
        OneTwo = "12",
        /// Response 2 first.
        TwoOne = "21",
    }
}

words! {
    /// Under which criterion a model was asked.
    AskedUnder, "criterion asked" {
        /// The question's own.
        Own = "own",
        /// None at all.
        Nothing = "none",
        /// Another one of the same pair.
        Other = "other",
        /// The opposite of its own.
        Negated = "negated",
    }
}

/// A reward model, one version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RewardModel {
    /// What it is called.
    pub name: String,
    /// How it comes to its verdict.
    pub family: Family,
    /// BLAKE3 of what it is, 64 hexadecimal digits: its file, or, where it ran elsewhere, the file of
    /// what it said.
    pub hash: String,
}

impl RewardModel {
    /// Its id: of its content.
    #[must_use]
    pub fn id(&self) -> RewardModelId {
        let mut hasher = ContentHasher::new("reward model");
        hasher
            .text(&self.name)
            .text(self.family.as_str())
            .text(&self.hash);
        RewardModelId::from_uuid(hasher.finish())
    }
}
