//! When people may learn what a reward model says, and who of them never does: the silent arm, by
//! which the bias of revealing is measured.
//!
//! The arm is drawn per (annotator, prompt) from the project's seed, as sides are: it is the same in
//! every copy of a project and after every restart, and the questions of one prompt are in one arm.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::blinding::Seed;
use crate::error::{DomainError, Result};
use crate::ids::{AnnotatorId, AssignmentId, PromptId, shorten};
use crate::verdict::ScreenVerdict;

/// When a prediction is shown to an annotator; never before his vote is stored.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum RevealWhen {
    /// Never.
    #[default]
    Never,
    /// After each vote.
    Each,
    /// After the session: when nothing is left in his queue.
    Session,
}

impl RevealWhen {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Never, Self::Each, Self::Session];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Each => "each",
            Self::Session => "session",
        }
    }
}

impl FromStr for RevealWhen {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| DomainError::BadWord {
            what: "moment of revealing",
            word: shorten(text),
            known: Self::ALL.map(Self::as_str).join(", "),
        })
    }
}

/// Whether an annotator is shown predictions of a prompt's questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arm {
    /// He is, when the policy says so.
    Told,
    /// Never.
    Silent,
}

/// Which share of (annotator, prompt) falls into the silent arm, from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize, ts_rs::TS)]
#[serde(try_from = "f64", into = "f64")]
#[ts(type = "number")]
pub struct SilentShare(f64);

impl SilentShare {
    /// Checks a share.
    ///
    /// # Errors
    /// It is no number from 0 to 1.
    pub fn new(share: f64) -> Result<Self> {
        match (0.0..=1.0).contains(&share) {
            true => Ok(Self(share)),
            false => Err(DomainError::BadShare(share.to_string())),
        }
    }

    /// The share.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for SilentShare {
    type Error = DomainError;
    fn try_from(share: f64) -> Result<Self> {
        Self::new(share)
    }
}

impl From<SilentShare> for f64 {
    fn from(share: SilentShare) -> Self {
        share.0
    }
}

impl Arm {
    /// Draws the arm of `prompt` for an annotator. Who is silent at a share stays so at a larger one.
    #[must_use]
    pub fn draw(seed: Seed, annotator: AnnotatorId, prompt: PromptId, share: SilentShare) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"tiebreak silent arm 1");
        hasher.update(seed.to_string().as_bytes());
        hasher.update(annotator.uuid().as_bytes());
        hasher.update(prompt.uuid().as_bytes());
        let mut lot = [0; 4];
        lot.copy_from_slice(&hasher.finalize().as_bytes()[..4]);
        // From 0 to below 1, exact in a double.
        let lot = f64::from(u32::from_le_bytes(lot)) / (f64::from(u32::MAX) + 1.0);
        if lot < share.0 {
            Self::Silent
        } else {
            Self::Told
        }
    }
}

/// What was set when a vote was cast, as its presentation keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RevealRecord {
    /// When predictions are shown.
    pub policy: RevealWhen,
    /// In which arm the question is for its annotator.
    pub arm: Arm,
    /// The share of the silent arm.
    pub silent_share: SilentShare,
}

/// What an annotator is told of a question that he voted on, in terms of his screen and without the
/// model's name.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Told {
    /// The assignment.
    pub assignment: AssignmentId,
    /// What his vote says.
    pub said: ScreenVerdict,
    /// Whether that vote was cast after he had been told before.
    pub again: bool,
    /// What the model says.
    pub verdict: ScreenVerdict,
    /// Its scores: left, right; none where it gives none.
    pub scores: Option<[f64; 2]>,
    /// What it wrote; may be empty.
    pub text: String,
    /// Whether the response that the model saw first, of which its text may speak as the first or as
    /// A, stands on the left.
    pub saw_left_first: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ContentHasher;

    fn prompt(n: u32) -> PromptId {
        PromptId::from_uuid(ContentHasher::new("prompt").text(&n.to_string()).finish())
    }

    fn silent(seed: Seed, who: AnnotatorId, share: f64) -> Vec<u32> {
        let share = SilentShare::new(share).unwrap();
        (0..4000)
            .filter(|n| Arm::draw(seed, who, prompt(*n), share) == Arm::Silent)
            .collect()
    }

    #[test]
    fn the_silent_arm_has_its_share_and_only_grows_with_it() {
        let seed = Seed::from_random([3; 16]);
        for who in 0..5 {
            let who = AnnotatorId::new(1, [who; 16]);
            let (fifth, half) = (silent(seed, who, 0.2), silent(seed, who, 0.5));
            // Binomial(4000, p): five standard deviations are 127 and 158.
            assert!(fifth.len().abs_diff(800) < 127, "{}", fifth.len());
            assert!(half.len().abs_diff(2000) < 158, "{}", half.len());
            assert!(fifth.iter().all(|n| half.contains(n)));
            assert!(silent(seed, who, 0.0).is_empty());
            assert_eq!(silent(seed, who, 1.0).len(), 4000);
        }
    }

    #[test]
    fn people_and_projects_have_arms_of_their_own() {
        let (a, b) = (AnnotatorId::new(1, [1; 16]), AnnotatorId::new(1, [2; 16]));
        let (one, two) = (Seed::from_random([1; 16]), Seed::from_random([2; 16]));
        assert_ne!(silent(one, a, 0.5), silent(one, b, 0.5));
        assert_ne!(silent(one, a, 0.5), silent(two, a, 0.5));
        assert_eq!(silent(one, a, 0.5), silent(one, a, 0.5));
    }

    #[test]
    fn a_share_is_a_number_from_0_to_1() {
        for bad in [-0.1, 1.1, f64::NAN] {
            assert!(SilentShare::new(bad).is_err(), "{bad}");
        }
    }
}
