//! How far people agree, what they agree on, and which model they prefer: statistics over plain
//! arrays of numbers, with intervals that a paper can print.
//!
//! This crate exists so that every figure Tiebreak shows comes from one place that can be held
//! against the published references. It knows no project, reads no file, and draws random numbers
//! only from a seed that it is given. A figure that the data does not determine is
//! [`Undefined`], with the reason, never a zero or a NaN.

mod error;
mod figure;
mod ratings;

pub use error::{AgreementError, Result};
pub use figure::{Figure, Interval, Undefined};
pub use ratings::{Rating, Ratings};
