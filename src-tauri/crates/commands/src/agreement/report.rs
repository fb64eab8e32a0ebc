//! What `agreement` answers: figures with their intervals, or with why there is none.

use std::collections::BTreeMap;

use serde::Serialize;
use tiebreak_agreement::{Figure, Interval, Resampled, Undefined};
use tiebreak_domain::{AnnotatorId, Verdict};
use ts_rs::TS;

use super::over_time::OverTime;
use super::skills::SkilledOutcome;

/// A figure with its interval, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(untagged)]
pub enum Coefficient {
    /// The data gives it.
    Defined(Estimate),
    /// The data does not.
    Undefined {
        /// "because …".
        undefined: String,
    },
}

/// A figure and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// The interval of 95 %, lower end first; null where the data does not show how sure it is.
    pub ci: Option<[f64; 2]>,
    /// How many questions it rests on (comparisons, for a ranking).
    #[ts(type = "number")]
    pub n: u64,
    /// The analytic standard error, where the reference has one: it takes questions as independent.
    pub se: Option<f64>,
}

impl Coefficient {
    pub(crate) fn undefined(why: impl std::fmt::Display) -> Self {
        Self::Undefined {
            undefined: format!("because {why}"),
        }
    }

    /// A figure without an interval.
    pub(crate) const fn bare(value: f64, n: u64) -> Self {
        Self::Defined(Estimate {
            value,
            ci: None,
            n,
            se: None,
        })
    }

    /// The figure as the reference has it, its interval from resampled prompts.
    pub(super) fn resampled(
        figure: Result<Figure, Undefined>,
        resampled: Result<Resampled, Undefined>,
    ) -> Self {
        match figure {
            Err(why) => Self::undefined(why),
            Ok(figure) => Self::Defined(Estimate {
                value: figure.value,
                ci: resampled.ok().and_then(|r| r.ci).map(ends),
                n: figure.n as u64,
                se: figure.se,
            }),
        }
    }

    /// A figure of `n` cases that is resampled alone.
    pub(crate) fn of_cases(resampled: Result<Resampled, Undefined>, n: u64) -> Self {
        match resampled {
            Err(why) => Self::undefined(why),
            Ok(found) => Self::Defined(Estimate {
                value: found.value,
                ci: found.ci.map(ends),
                n,
                se: None,
            }),
        }
    }

    /// The figure with the interval that it brings along.
    pub(crate) fn own(figure: Result<Figure, Undefined>) -> Self {
        match figure {
            Err(why) => Self::undefined(why),
            Ok(figure) => Self::Defined(Estimate {
                value: figure.value,
                ci: figure.ci.map(ends),
                n: figure.n as u64,
                se: figure.se,
            }),
        }
    }

    /// The figure, if there is one.
    #[must_use]
    pub const fn value(&self) -> Option<f64> {
        match self {
            Self::Defined(estimate) => Some(estimate.value),
            Self::Undefined { .. } => None,
        }
    }
}

pub(super) const fn ends(interval: Interval) -> [f64; 2] {
    [interval.low, interval.high]
}

/// How far people agree on some questions.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Coefficients {
    /// Questions with at least one vote.
    #[ts(type = "number")]
    pub questions: u64,
    /// Votes that stand, repeats left out.
    #[ts(type = "number")]
    pub votes: u64,
    /// Prompts that these questions belong to: what is resampled.
    #[ts(type = "number")]
    pub prompts: u64,
    /// The share of pairs of votes on one question that are the same.
    pub percent_agreement: Coefficient,
    /// Fleiss' κ, generalised to missing votes (Gwet 2014); on complete data, Fleiss' own.
    pub fleiss_kappa: Coefficient,
    /// Gwet's AC1.
    pub gwet_ac1: Coefficient,
    /// Gwet's AC2, answers ordered 1 < tie < 2, ordinal weights.
    pub gwet_ac2: Coefficient,
    /// Brennan and Prediger's coefficient over the answers that were given.
    pub brennan_prediger: Coefficient,
    /// Krippendorff's α, answers without an order.
    pub krippendorff_alpha_nominal: Coefficient,
    /// Krippendorff's α, 1 < tie < 2.
    pub krippendorff_alpha_ordinal: Coefficient,
    /// Krippendorff's α, tie in the middle between 1 and 2.
    pub krippendorff_alpha_interval: Coefficient,
}

/// What two people who answered a question in common said.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct PairAgreement {
    /// Cohen's κ.
    #[serde(flatten)]
    pub kappa: Coefficient,
    /// One of the two.
    pub first: AnnotatorId,
    /// The other.
    pub second: AnnotatorId,
    /// The share of common questions with the same answer.
    pub percent_agreement: Coefficient,
    /// κ with linear weights over 1 < tie < 2.
    pub kappa_linear: Coefficient,
    /// κ with quadratic weights.
    pub kappa_quadratic: Coefficient,
    /// How often the first said the row's verdict and the second the column's, in the order of
    /// [`AgreementReport::answers`].
    #[ts(type = "number[][]")]
    pub confusion: Vec<Vec<u64>>,
}

/// How one annotator votes.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct AnnotatorAgreement {
    /// Who.
    pub annotator: AnnotatorId,
    /// The name.
    pub name: String,
    /// Whether the name came with imported votes, which do not say how they were cast.
    pub imported: bool,
    /// Votes that stand, repeats left out.
    #[ts(type = "number")]
    pub votes: u64,
    /// The share of *left* among votes for a side that were cast on a screen: 0.5 without bias.
    pub side_bias: Coefficient,
    /// The share of ties among all votes.
    pub tie_rate: Coefficient,
    /// The share of repeats answered as before.
    pub self_consistency: Coefficient,
    /// The share of checks answered as is known to be right, repeats left out.
    pub check_accuracy: Coefficient,
    /// The mean, over the others, of the share of common questions with the same answer.
    pub percent_with_others: Coefficient,
    /// Cohen's κ against the rest.
    pub kappa_with_others: Coefficient,
    /// How often Dawid and Skene's model expects this annotator to be right.
    pub dawid_skene_accuracy: Option<f64>,
    /// Quartiles of the seconds of attention a question took: lower, median, upper.
    pub seconds: Option<[f64; 3]>,
}

/// Votes weighed by how each annotator errs.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct DawidSkeneReport {
    /// By source id (by question id where questions share a source id or have none): the likeliest
    /// verdict. Of verdicts that are equally likely, the first of [`AgreementReport::answers`].
    pub labels: BTreeMap<String, Verdict>,
    /// By the same ids: how likely each verdict is, in the order of [`AgreementReport::answers`].
    pub posteriors: BTreeMap<String, Vec<f64>>,
    /// How many questions got which verdict.
    #[ts(type = "Record<string, number>")]
    pub counts: BTreeMap<Verdict, u64>,
    /// How many questions had several verdicts equally likely.
    #[ts(type = "number")]
    pub equally_likely: u64,
    /// How likely each verdict is before any vote.
    pub priors: Vec<f64>,
    /// The log-likelihood of the votes.
    pub log_likelihood: f64,
    /// Rounds of EM.
    #[ts(type = "number")]
    pub iterations: u64,
    /// Whether the rule was met, or the rounds ran out.
    pub converged: bool,
    /// When EM ends, in words.
    pub stopping_rule: String,
}

/// The verdict that most votes gave.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct PluralityReport {
    /// How many questions got which verdict.
    #[ts(type = "Record<string, number>")]
    pub counts: BTreeMap<Verdict, u64>,
    /// Questions whose first places are shared: no verdict.
    #[ts(type = "number")]
    pub shared_first_place: u64,
    /// Questions in which all votes, two or more, are the same.
    #[ts(type = "number")]
    pub unanimous: u64,
    /// Questions with two votes or more.
    #[ts(type = "number")]
    pub with_two_votes: u64,
    /// The rule, in words.
    pub rule: String,
}

/// One model in a ranking.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct RankedModel {
    /// Its strength in logits, the mean of all being 0; interval from resampled prompts.
    #[serde(flatten)]
    pub strength: Coefficient,
    /// Its rank, and the best and worst within the interval.
    #[ts(type = "[number, number, number] | null")]
    pub rank: Option<[u64; 3]>,
}

/// A ranking of the models that answered.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(untagged)]
pub enum Ranking {
    /// The data orders the models.
    Ranked {
        /// By model.
        models: BTreeMap<String, RankedModel>,
        /// The tie parameter ν with its standard error, in a model that has one.
        nu: Option<[f64; 2]>,
        /// The log-likelihood.
        log_likelihood: f64,
        /// Pairs of models of which the votes do not say which is better.
        too_few_to_say: Vec<[String; 2]>,
    },
    /// It does not.
    Undefined {
        /// "because …".
        undefined: String,
    },
}

/// How one model fared against another.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct WinRateCell {
    /// How often it won.
    pub wins: f64,
    /// How often neither did.
    pub ties: f64,
    /// Comparisons.
    pub n: f64,
    /// Its share, a tie counted as half.
    pub rate: Option<f64>,
    /// Wilson's interval of the rate.
    pub ci: Option<[f64; 2]>,
}

/// Rankings from one kind of comparison.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Rankings {
    /// Comparisons of two named models: ties included, *both bad* not.
    #[ts(type = "number")]
    pub comparisons: u64,
    /// Ties among them.
    #[ts(type = "number")]
    pub ties: u64,
    /// Left out: *both bad*.
    #[ts(type = "number")]
    pub both_bad: u64,
    /// Left out: a model without a name, or one against itself.
    #[ts(type = "number")]
    pub unnamed: u64,
    /// Bradley and Terry's model, a tie counted as half a win for both.
    pub bradley_terry_ties_as_half: Ranking,
    /// Bradley and Terry's model, ties left out.
    pub bradley_terry_without_ties: Ranking,
    /// Davidson's model, with a parameter for ties.
    pub davidson: Ranking,
    /// The row's model against the column's, in the order of `models`.
    pub win_rates: Vec<Vec<WinRateCell>>,
    /// The models, by name.
    pub models: Vec<String>,
}

/// Rankings by every vote, and by one verdict a question.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct RankingsReport {
    /// Each vote is a comparison.
    pub votes: Rankings,
    /// Each question with a verdict by plurality is one.
    pub plurality: Rankings,
    /// Each vote is one, in a model that knows who cast it and on which side the responses stood.
    pub skilled: SkilledOutcome,
}

/// How *both bad* was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BothBadReport {
    /// How many such votes there are.
    #[ts(type = "number")]
    pub votes: u64,
    /// How they were counted, in words.
    pub counted: String,
}

/// How checks were counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChecksReport {
    /// How many questions are checks.
    #[ts(type = "number")]
    pub questions: u64,
    /// How many votes they have, repeats left out.
    #[ts(type = "number")]
    pub votes: u64,
    /// How they were counted, in words.
    pub counted: String,
}

/// How votes that were cast after a prediction of their question was shown were counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AfterRevealReport {
    /// Second thoughts: the vote before counts in their place.
    #[ts(type = "number")]
    pub second_thoughts: u64,
    /// Votes with none before: they count nowhere.
    #[ts(type = "number")]
    pub left_out: u64,
    /// How they were counted, in words.
    pub counted: String,
}

/// How intervals were made.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct BootstrapReport {
    /// B, how many replicates were drawn.
    pub replicates: u32,
    /// What the draws follow from.
    #[ts(type = "number")]
    pub seed: u64,
    /// How much of the distribution an interval holds.
    pub level: f64,
    /// How it is made, in words.
    pub method: String,
}

/// The coefficients of one part of the questions.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Part {
    /// Which part: a task, a criterion.
    pub name: String,
    /// How far people agree on it.
    #[serde(flatten)]
    pub coefficients: Coefficients,
}

/// How far the people of a project agree.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct AgreementReport {
    /// Over all questions.
    #[serde(flatten)]
    pub all: Coefficients,
    /// The mean of the pairs' shares of equal answers.
    pub mean_pairwise_percent_agreement: Coefficient,
    /// The mean of the pairs' κ, over those that have one.
    pub mean_pairwise_cohen_kappa: Coefficient,
    /// Every pair of annotators with a question in common, under `first|second`.
    pub cohen_kappa: BTreeMap<String, PairAgreement>,
    /// Where the intervals of `cohen_kappa` come from: resampled prompts, or the standard error.
    pub cohen_kappa_ci: String,
    /// The verdicts in the order of tables and posteriors.
    pub answers: Vec<Verdict>,
    /// How *both bad* was counted.
    pub both_bad: BothBadReport,
    /// How checks were counted.
    pub checks: ChecksReport,
    /// How votes cast after a prediction was shown were counted; null where there are none.
    pub after_reveal: Option<AfterRevealReport>,
    /// How intervals were made.
    pub bootstrap: BootstrapReport,
    /// Each annotator.
    pub annotators: Vec<AnnotatorAgreement>,
    /// The verdict most votes gave.
    pub plurality: PluralityReport,
    /// Dawid and Skene's model.
    pub dawid_skene: DawidSkeneOutcome,
    /// Rankings of the models that answered.
    pub rankings: RankingsReport,
    /// Agreement as the work goes on.
    pub over_time: OverTime,
    /// By task and by criterion, as asked.
    pub by: BTreeMap<String, Vec<Part>>,
}

/// What Dawid and Skene's model finds, or why it finds nothing.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(untagged)]
pub enum DawidSkeneOutcome {
    /// What it finds.
    Found(Box<DawidSkeneReport>),
    /// There is nothing to find.
    Undefined {
        /// "because …".
        undefined: String,
    },
}
