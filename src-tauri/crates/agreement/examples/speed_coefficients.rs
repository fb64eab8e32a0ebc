//! How long α over a million votes takes, and 2,000 replicates at 20,000 prompts of three votes:
//! one line of JSON, which the bench sets against the Python package `krippendorff`.
//!
//! With a file name, the million votes are written there too, one line an annotator, for the other
//! side of the comparison.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "an example prints, and stops where it cannot go on"
)]

use std::fmt::Write as _;
use std::time::Instant;

use tiebreak_agreement::{
    Categories, Coefficient, Coincidences, Metric, Plan, Rating, Ratings, Weights,
    bootstrap_coefficients,
};

/// Runs of which the fastest counts.
const RUNS: usize = 7;

fn main() {
    let votes = made_up(333_334, 3);
    if let Some(path) = std::env::args().nth(1) {
        std::fs::write(path, lines(&votes, 333_334)).expect("the votes can be written");
    }
    let mut table = Ratings::new(333_334, 3, 4, votes.clone()).unwrap();
    let table_s = fastest(|| {
        let votes = votes.clone();
        let start = Instant::now();
        table = Ratings::new(333_334, 3, 4, votes).unwrap();
        start.elapsed().as_secs_f64()
    });
    let mut nominal = 0.0;
    let mut alpha = |metric| {
        fastest(|| {
            let start = Instant::now();
            nominal = Coincidences::of(&table).alpha(metric).unwrap().value;
            start.elapsed().as_secs_f64()
        })
    };
    let ordinal_s = alpha(Metric::Ordinal);
    let nominal_s = alpha(Metric::Nominal);

    let sample = Ratings::new(20_000, 3, 4, made_up(20_000, 3)).unwrap();
    let prompts: Vec<u32> = (0..20_000).collect();
    let bootstrap = |wanted: &[Coefficient<'_>]| {
        let start = Instant::now();
        let plan = Plan {
            threads: 2,
            ..Plan::new(1)
        };
        bootstrap_coefficients(&sample, &prompts, wanted, &plan).unwrap();
        start.elapsed().as_secs_f64()
    };
    let one_s = bootstrap(&[Coefficient::Alpha(Metric::Nominal)]);
    let several_s = bootstrap(&[
        Coefficient::Alpha(Metric::Nominal),
        Coefficient::Alpha(Metric::Ordinal),
        Coefficient::Fleiss(Weights::Identity),
        Coefficient::Gwet(Weights::Identity, Categories::Given),
        Coefficient::Percent,
    ]);
    println!(
        "{{\"votes\":{},\"alpha\":{nominal},\"table_s\":{table_s},\"alpha_nominal_s\":{nominal_s},\
         \"alpha_ordinal_s\":{ordinal_s},\"bootstrap_alpha_s\":{one_s},\
         \"bootstrap_five_s\":{several_s}}}",
        votes.len()
    );
}

fn fastest(mut run: impl FnMut() -> f64) -> f64 {
    (0..RUNS).map(|_| run()).fold(f64::INFINITY, f64::min)
}

/// Votes of annotators who mostly see the same, and else guess.
fn made_up(questions: u32, annotators: u32) -> Vec<Rating> {
    let mut state = 0x853C_49E6_748F_EA9B_u64;
    let mut below = |count: u64| {
        // xorshift64*: enough for votes to be made of.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % count
    };
    let mut votes = Vec::new();
    for question in 0..questions {
        let seen = [0, 0, 0, 1, 1, 1, 2, 3][below(8) as usize];
        for annotator in 0..annotators {
            let category = if below(5) == 0 { below(4) as u32 } else { seen };
            votes.push(Rating {
                question,
                annotator,
                category,
            });
        }
    }
    votes
}

fn lines(votes: &[Rating], questions: u32) -> String {
    let mut text = String::new();
    let annotators = votes.len() as u32 / questions;
    for annotator in 0..annotators {
        let own = votes.iter().filter(|vote| vote.annotator == annotator);
        for (n, vote) in own.enumerate() {
            let comma = if n == 0 { "" } else { "," };
            write!(text, "{comma}{}", vote.category).unwrap();
        }
        text.push('\n');
    }
    text
}
