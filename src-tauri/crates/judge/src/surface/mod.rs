//! The surface: what length, format and the like explain, as a reward model.
//!
//! It exists as a yardstick. Fitted on the project's own labels and scored on prompts that it did not
//! see, it says how much of the labels can be had without understanding anything; a reward model that
//! is no better follows the surface, too. It is no judge of quality.
//!
//! Each response is a row of [`features`]; which of two is preferred is a Bradley–Terry model on the
//! difference, without a constant ([`tiebreak_agreement::ridge`]), fitted by [`nested`]
//! cross-validation over prompts.

pub mod features;
pub mod nested;
mod table;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests;

mod media;
mod text;

use tiebreak_domain::{Family, RewardModel, Setting};

pub use features::{Feature, VERSION, WIDTH};
pub use nested::{Fitted, Model, PENALTIES, fit};
pub use table::{Labelled, folds_of};

use crate::imported::Said;
use crate::judge::{Asking, Failure, Judge};

/// What it is called.
pub const NAME: &str = "surface";
/// Questions that are scored and written together.
const AT_ONCE: usize = 2000;

/// The fitted surface, ready to be asked.
pub struct Surface {
    model: RewardModel,
    fitted: Fitted,
}

impl Surface {
    /// A fit under the hash of what it rests on: see [`VERSION`], and the digest of the labels.
    #[must_use]
    pub fn new(fitted: Fitted, hash: String) -> Self {
        let model = RewardModel {
            name: NAME.to_owned(),
            family: Family::Surface,
            hash,
        };
        Self { model, fitted }
    }
}

impl Judge for Surface {
    fn model(&self) -> &RewardModel {
        &self.model
    }

    fn takes(&self, _: &str) -> bool {
        true
    }

    fn sees_order(&self) -> bool {
        false
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn judge(&mut self, asked: &[Asking]) -> Vec<Result<Said, Failure>> {
        let each = asked.iter().map(|asking| {
            let model = self.fitted.model_for(asking.question.prompt_id);
            let scores = features::rows(&asking.question).map(|row| model.score(&row));
            let epsilon = match asking.how.setting {
                Setting::WithTie => model.epsilon,
                Setting::WithoutTie => -1.0,
            };
            Ok(Said {
                scores: Some(scores),
                verdict: nested::said(scores[0] - scores[1], epsilon),
                ..Said::default()
            })
        });
        each.collect()
    }
}
