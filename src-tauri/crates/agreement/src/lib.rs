//! How far people agree, what they agree on, and which model they prefer: statistics over plain
//! arrays of numbers, with intervals that a paper can print.
//!
//! This crate exists so that every figure Tiebreak shows comes from one place that can be held
//! against the published references. It knows no project, reads no file, and draws random numbers
//! only from a seed that it is given. A figure that the data does not determine is
//! [`Undefined`], with the reason, never a zero or a NaN.

mod alt_test;
mod annotator;
mod bootstrap;
mod bradley_terry;
mod brennan_prediger;
mod calibration;
mod clusters;
mod cohen;
mod comparable;
mod comparisons;
mod confusion;
mod conger;
mod correlation;
mod davidson;
mod dawid_skene;
mod elo;
mod error;
mod figure;
mod fleiss;
mod gwet;
mod krippendorff;
mod multiple;
mod on_features;
mod paired;
mod patterns;
mod percent;
mod plurality;
mod quantile;
mod ranking;
mod ratings;
mod skill;
mod slope;
mod solve;
mod strengths;
mod sums;
mod weights;

pub use alt_test::{AltItem, AltOptions, AltPerson, AltTest, NoAltTest, alt_test};
pub use annotator::{
    Pace, Said, WithOthers, pace, share, share_equal, share_in_clusters, side_bias, tie_rate,
    with_others,
};
pub use bootstrap::{
    Coefficient, Method, Plan, Resampled, Samples, bootstrap, bootstrap_coefficients,
};
pub use bradley_terry::{BradleyTerry, bradley_terry, bradley_terry_with_side};
pub use brennan_prediger::brennan_prediger;
pub use calibration::{Bin, Calibration, Forecast, calibration};
pub use cohen::{PairTable, cohen_kappa, pair_tables};
pub use comparable::Unranked;
pub use comparisons::{Comparison, Comparisons, Outcome, Ties};
pub use confusion::Confusion;
pub use conger::conger_kappa;
pub use correlation::{pearson, spearman};
pub use davidson::{Davidson, davidson};
pub use dawid_skene::{
    Aggregated, DawidSkene, EmOptions, OneCoin, Stop, Stopped, dawid_skene,
    dawid_skene_with_repeats, one_coin,
};
pub use elo::{EloOptions, elo};
pub use error::{AgreementError, Result};
pub use figure::{Figure, Interval, Undefined};
pub use fleiss::{fleiss_kappa, fleiss_kappa_balanced};
pub use gwet::gwet_ac;
pub use krippendorff::{Coincidences, Disagreement, Metric, krippendorff_alpha};
pub use multiple::{benjamini_yekutieli, holm};
pub use on_features::{Differences, loss, ridge};
pub use paired::{PairedCase, PairedDifference, Signs, paired_difference};
pub use patterns::{Pattern, Patterns};
pub use percent::{PairwiseMean, mean_pairwise_percent, percent_agreement};
pub use plurality::{Counted, EqualCounts, Leading, plurality};
pub use ranking::{RankBy, Ranking, Ranks, WinRate, average_win_rates, rank, win_rates};
pub use ratings::{Rating, Ratings};
pub use skill::{Judge, Judgement, SkillOptions, Skilled, TiesOfSkill, skilled};
pub use slope::{Choice, slope_of_choice};
pub use strengths::{Difference, Enough, Lead, Strengths};
pub use weights::{Categories, Weights};
