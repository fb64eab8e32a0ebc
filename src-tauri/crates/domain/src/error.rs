//! What can be wrong with a value of the vocabulary itself.

/// A value that is not part of the vocabulary. Every message says what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    /// A text that should be an id is none.
    #[error(
        "“{0}” is not an id: an id has 32 hexadecimal digits, as printed by `next` or `export`"
    )]
    BadId(String),
    /// A media id that is not 64 hexadecimal digits.
    #[error("“{0}” is not a media id: a media id has 64 hexadecimal digits")]
    BadMediaId(String),
    /// A task name with characters that no file name or export could hold.
    #[error(
        "“{0}” cannot name a task: use 1 to 64 letters, digits, “_” or “-”, such as text_to_image"
    )]
    BadTask(String),
    /// A verdict that is none of the four.
    #[error("“{0}” is not a verdict: use {1}")]
    BadVerdict(String, &'static str),
    /// A confidence outside 1, 2, 3.
    #[error("a confidence of {0} is not known: use 1 (unsure), 2 or 3 (sure)")]
    BadConfidence(i64),
    /// An empty criterion.
    #[error("a criterion needs words: write in which respect the two responses are compared")]
    EmptyCriterion,
    /// A criterion longer than can be shown.
    #[error("a criterion of {0} characters is too long: keep it under {1}")]
    LongCriterion(usize, usize),
    /// A name that cannot be an annotator's.
    #[error("“{0}” cannot be an annotator's name: use 1 to 80 visible characters")]
    BadName(String),
    /// An unknown rule.
    #[error("“{0}” is not a rule: use unanimous or majority")]
    BadRule(String),
    /// A word that is none of a few.
    #[error("“{word}” is no {what}: use one of {known}")]
    BadWord {
        /// Of what it is none.
        what: &'static str,
        /// The word.
        word: String,
        /// The words there are.
        known: String,
    },
    /// An unknown reason to skip.
    #[error("“{0}” is not a reason to skip: use broken, unclear, not_competent or distressing")]
    BadSkip(String),
    /// A key used twice within what can be active at the same time.
    #[error("{key} is already “{taken_by}”: choose another key, or switch that one off first")]
    KeyTaken {
        /// The physical key, as `KeyboardEvent.code` names it.
        key: String,
        /// The action that has it.
        taken_by: String,
    },
    /// A key that the keymap cannot use.
    #[error("“{0}” cannot be a key here: Escape, Tab and modifier keys stay what they are")]
    BadKey(String),
    /// An action nobody knows.
    #[error("there is no action “{0}”: `keys` lists them")]
    BadAction(String),
    /// A phase nobody knows.
    #[error("“{0}” is not a phase: use write, review or vote")]
    BadPhase(String),
    /// An unknown kind of edit.
    #[error("“{0}” is not what an edit does: use typo or meaning")]
    BadEdit(String),
    /// An unknown part of a known answer.
    #[error("“{0}” is not what a known answer is for: use check or practice")]
    BadRole(String),
    /// An unknown order.
    #[error("“{0}” is not an order: use fixed, random, by-task or fewest-first")]
    BadOrder(String),
    /// A seed that is not 16 hexadecimal digits.
    #[error("“{0}” is not a seed: a seed has 16 hexadecimal digits")]
    BadSeed(String),
    /// How many of how many people see a question.
    #[error(
        "{votes} votes a question of {people} people cannot be: give at least 1 vote, as many people as votes or more, and at most 10000 people"
    )]
    BadOverlap {
        /// The votes.
        votes: u32,
        /// The people.
        people: u32,
    },
    /// A share that is none.
    #[error("{0} is no share: give a number from 0 (nobody) to 1 (everybody), as in 0.2")]
    BadShare(String),
}

/// The result of a check of the vocabulary.
pub type Result<T> = std::result::Result<T, DomainError>;
