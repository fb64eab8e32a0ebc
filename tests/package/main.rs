//! Work packages from outside: what is in the file, what is refused, and that it comes back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod bytes;
mod planted;

use serde_json::Value;
use tiebreak_tests::Desk;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Answers the next question in a package; gives the vote's id.
fn vote(desk: &Desk, package: &str, verdict: &str) -> String {
    let next = desk.json(&["next", package]);
    let assignment = text(&next["assignment"]).to_owned();
    let saved = desk.json(&["vote", package, &assignment, "--verdict", verdict]);
    text(&saved["vote"]).to_owned()
}
