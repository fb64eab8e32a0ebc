//! How long the next question and a vote take in a large project: `cargo xtask bench` runs it on a
//! project with 100,000 questions and prints what it says.
//!
//!     latency PROJECT ROUNDS

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tiebreak_commands::dto::VoteRequest;
use tiebreak_commands::{CommandError, SystemClock, annotators, label, projects};
use tiebreak_domain::{Attention, Next, ScreenVerdict};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), CommandError> {
    let mut words = std::env::args().skip(1);
    let usage = || CommandError::new("usage", "latency PROJECT ROUNDS");
    let folder = words.next().ok_or_else(usage)?;
    let rounds: usize = words
        .next()
        .and_then(|n| n.parse().ok())
        .ok_or_else(usage)?;
    let project = projects::open(Path::new(&folder), Arc::new(SystemClock)).await?;
    let who = annotators::add(&project, "bench").await?.id;
    let (mut next, mut commit) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let began = Instant::now();
        let question = label::next(&project, who).await?;
        next.push(began.elapsed());
        let Next::Question(view) = question else {
            break;
        };
        let request = VoteRequest {
            assignment: view.assignment,
            verdict: ScreenVerdict::Left,
            confidence: None,
            rationale: String::new(),
            attention: Attention::default(),
        };
        let began = Instant::now();
        label::vote(&project, who, request, "bench").await?;
        commit.push(began.elapsed());
    }
    println!(
        "{}",
        serde_json::json!({"rounds": next.len(), "next_ms": spread(next), "commit_ms": spread(commit)})
    );
    Ok(())
}

/// The median and the 95th percentile, in milliseconds.
fn spread(mut times: Vec<Duration>) -> serde_json::Value {
    times.sort();
    let at = |share: usize| {
        times
            .get(times.len() * share / 100)
            .map_or(0.0, |t| t.as_secs_f64() * 1e3)
    };
    serde_json::json!({"p50": at(50), "p95": at(95)})
}
