//! How far people agree, what they agree on, and which model they prefer: statistics over plain
//! arrays of numbers, with intervals that a paper can print.
//!
//! This crate exists so that every figure Tiebreak shows comes from one place that can be held
//! against the published references. It knows no project, reads no file, and draws random numbers
//! only from a seed that it is given. A figure that the data does not determine is
//! [`Undefined`], with the reason, never a zero or a NaN.

mod annotator;
mod bootstrap;
mod brennan_prediger;
mod cohen;
mod confusion;
mod conger;
mod error;
mod figure;
mod fleiss;
mod gwet;
mod krippendorff;
mod patterns;
mod percent;
mod quantile;
mod ratings;
mod sums;
mod weights;

pub use annotator::{
    Pace, Said, WithOthers, pace, share, share_equal, side_bias, tie_rate, with_others,
};
pub use bootstrap::{Coefficient, Method, Plan, Resampled, bootstrap, bootstrap_coefficients};
pub use brennan_prediger::brennan_prediger;
pub use cohen::{PairTable, cohen_kappa, pair_tables};
pub use confusion::Confusion;
pub use conger::conger_kappa;
pub use error::{AgreementError, Result};
pub use figure::{Figure, Interval, Undefined};
pub use fleiss::{fleiss_kappa, fleiss_kappa_balanced};
pub use gwet::gwet_ac;
pub use krippendorff::{Coincidences, Disagreement, Metric, krippendorff_alpha};
pub use patterns::{Pattern, Patterns};
pub use percent::{PairwiseMean, mean_pairwise_percent, percent_agreement};
pub use ratings::{Rating, Ratings};
pub use weights::{Categories, Weights};
