//! Whether a model is as sure as it is right: P(1≻2) = σ(s₁ − s₂) against people's verdicts.

use serde::Serialize;
use tiebreak_agreement::{Forecast, Plan, calibration};
use tiebreak_domain::Verdict;
use ts_rs::TS;

use super::answers::{Answer, Answers};
use crate::agreement::Coefficient;
use crate::error::Result;

/// In how many bins of equal width the probabilities are put.
const BINS: usize = 10;

/// Questions of which the model states about the same probability.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ReliabilityBin {
    /// Where the bin begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// Its questions.
    #[ts(type = "number")]
    pub n: u64,
    /// The mean probability stated for response 1.
    pub mean_probability: f64,
    /// How often people prefer response 1.
    pub observed: Coefficient,
}

/// How well a model's probabilities fit what people prefer.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct CalibrationReport {
    /// The bins that have questions.
    pub bins: Vec<ReliabilityBin>,
    /// The mean distance of stated and observed, each bin weighed by its questions.
    pub expected_calibration_error: Coefficient,
    /// The mean square of stated less observed: 0.25 is what always stating one half scores.
    pub brier_score: Coefficient,
    /// Questions that people call a tie, which are left out.
    #[ts(type = "number")]
    pub ties_left_out: u64,
    /// Questions of which a score is no number, which are left out.
    #[ts(type = "number")]
    pub not_numbers: u64,
}

/// P(1≻2) of two scores by their difference.
pub(super) fn probability(margin: f64) -> f64 {
    1.0 / (1.0 + (-margin).exp())
}

pub(super) fn of(model: &Answers<'_>, plan: &Plan) -> Result<CalibrationReport> {
    let with_truth = || model.answers.iter().filter_map(Answer::scored);
    let ties = with_truth().filter(|(truth, _)| truth.verdict == Verdict::Tie);
    let mut report = CalibrationReport {
        bins: Vec::new(),
        expected_calibration_error: Coefficient::undefined("it gives no scores"),
        brier_score: Coefficient::undefined("it gives no scores"),
        ties_left_out: ties.count() as u64,
        not_numbers: with_truth()
            .filter(|(_, scored)| scored.margin.is_nan())
            .count() as u64,
    };
    if !model.scores {
        return Ok(report);
    }
    let forecasts: Vec<Forecast> = with_truth()
        .filter(|(truth, scored)| truth.verdict != Verdict::Tie && !scored.margin.is_nan())
        .map(|(truth, scored)| Forecast {
            cluster: truth.prompt,
            probability: probability(scored.margin),
            came_true: truth.verdict == Verdict::Response1,
        })
        .collect();
    if forecasts.is_empty() {
        let why = "it scored no question that people decide for a response";
        report.expected_calibration_error = Coefficient::undefined(why);
        report.brier_score = Coefficient::undefined(why);
        return Ok(report);
    }
    let found = calibration(&forecasts, BINS, plan)?;
    let n = forecasts.len() as u64;
    report.expected_calibration_error = Coefficient::of_cases(found.error, n);
    report.brier_score = Coefficient::of_cases(found.brier, n);
    let bins = found.bins.into_iter().map(|bin| ReliabilityBin {
        low: bin.low,
        high: bin.high,
        n: bin.cases as u64,
        mean_probability: bin.stated,
        observed: Coefficient::own(Ok(bin.came_true)),
    });
    report.bins = bins.collect();
    Ok(report)
}
