//! A ranking that knows who judged: some people tell models apart better than others, and some lean
//! towards one side of the screen.
//!
//! For annotator a, P(left) : P(right) = e^(x/2) : e^(−x/2), where x = skillₐ (θleft − θright) + biasₐ.
//! A skill of 1 is what Bradley and Terry's model takes everybody to have, 0 is a coin, below 0 is
//! somebody who prefers the worse. Skills are those of X. Chen and others, "Pairwise Ranking
//! Aggregation in a Crowdsourced Setting", WSDM 2013, on the scale of the logit; the bias is that of an
//! effect of the order (R. R. Davidson and R. J. Beaver, Biometrics 33 (1977), 693–702) by person. A tie
//! has the weight ν beside those two, as in Davidson's model, since that keeps the likelihood concave
//! in the strengths and in ν; ν is the same for everybody.
//!
//! What is made as large as can be is the log-likelihood less a penalty, that of independent normal
//! priors: skills about 1, biases, strengths and ln ν about 0. Skills times a number and strengths
//! divided by it are as likely: the penalty alone fixes that scale, and, with every skill begun at 1,
//! the sign. The penalty lets no strength grow without bound, so Ford's condition is not needed; models
//! that no chain of comparisons connects are refused all the same.
//!
//! What is maximised is concave in the strengths, and in what is known of each annotator, but not in
//! both: so these take turns until Newton's method on everything at once finds a peak from there.

mod fit;

use crate::comparable::Unranked;
use crate::comparisons::{Comparison, Ties};
use crate::error::{AgreementError, Result};
use fit::Fit;

/// A comparison and who made it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// Who, from 0.
    pub annotator: u32,
    /// Which models stood where, and what was said.
    pub comparison: Comparison,
}

/// How the model is fitted. The spreads are standard deviations of the priors, above 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkillOptions {
    /// Whether ties are an outcome of their own, [`Ties::LeftOut`] or each half a win.
    pub ties: TiesOfSkill,
    /// How far skills spread about 1.
    pub skill_spread: f64,
    /// How far biases spread about 0, in logits.
    pub bias_spread: f64,
    /// How far strengths, and ln ν, spread about 0, in logits.
    pub strength_spread: f64,
    /// After how many turns the fit ends in any case.
    pub max_rounds: usize,
}

/// What becomes of ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TiesOfSkill {
    /// They are an outcome of their own, where there are any.
    Modelled,
    /// They are folded, or left out.
    Folded(Ties),
}

impl Default for SkillOptions {
    fn default() -> Self {
        Self {
            ties: TiesOfSkill::Modelled,
            skill_spread: 0.5,
            bias_spread: 1.0,
            strength_spread: 3.0,
            max_rounds: 200,
        }
    }
}

/// What is found of one annotator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judge {
    /// How well he tells models apart; 1 is the crowd.
    pub skill: f64,
    /// The standard error of the skill.
    pub skill_se: f64,
    /// How far he leans to the left, in logits.
    pub bias: f64,
    /// The standard error of the bias.
    pub bias_se: f64,
    /// How many comparisons he made that count.
    pub comparisons: f64,
}

/// What is found. Standard errors come from the second derivatives of what is maximised, the penalty
/// included. They hold how uncertain the common scale is, which with few annotators is most of the
/// standard error of a skill: about the spread of skills divided by the root of their number.
#[derive(Debug, Clone, PartialEq)]
pub struct Skilled {
    /// By model, the logarithm of its worth; they sum to 0.
    pub logits: Vec<f64>,
    /// By model, the standard error of that: of its distance from the mean of all.
    pub standard_errors: Vec<f64>,
    /// By annotator; `None` where he made no comparison that counts.
    pub judges: Vec<Option<Judge>>,
    /// How readily two models tie, where ties are modelled and there are any.
    pub nu: Option<f64>,
    /// The log-likelihood, without the penalty.
    pub log_likelihood: f64,
    /// How many turns there were before the last step.
    pub rounds: usize,
}

/// Fits strengths, skills, biases and ν.
///
/// # Errors
/// Arrays that do not fit; a spread that is not above 0; models that nothing connects;
/// [`Unranked::NotFound`] where the turns did not lead near a peak.
pub fn skilled(
    models: usize,
    annotators: usize,
    judgements: &[Judgement],
    options: &SkillOptions,
) -> Result<Skilled> {
    for (what, spread) in [
        ("the spread of skills", options.skill_spread),
        ("the spread of biases", options.bias_spread),
        ("the spread of strengths", options.strength_spread),
    ] {
        if !(spread.is_finite() && spread > 0.0) {
            let value = spread.to_string();
            return Err(AgreementError::Number { what, value });
        }
    }
    let mut fit = Fit::new(models, annotators, judgements, options)?;
    for rounds in 1..=options.max_rounds {
        fit.take_turns()?;
        // A step over everything costs more than a turn, and is in vain far from the peak.
        if rounds % 3 == 0
            && let Some(found) = fit.finish(rounds)
        {
            return Ok(found);
        }
    }
    Err(Unranked::NotFound.into())
}

#[cfg(test)]
mod tests;
