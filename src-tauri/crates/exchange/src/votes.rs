//! Votes as they travel between projects: a JSON object a line, with everything known of the vote,
//! so that what is exported here and imported there has lost nothing.

use std::io::Write;

use tiebreak_domain::VoteLine;

use crate::error::{Problem, Result};
use crate::json::split::Split;

/// Writes a vote as one line.
pub fn vote_line(out: &mut impl Write, vote: &VoteLine) -> Result<()> {
    serde_json::to_writer(&mut *out, vote)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// Reads a vote.
pub(crate) fn understand(split: &Split) -> std::result::Result<VoteLine, Problem> {
    serde_json::from_str(&split.json).map_err(|error| {
        let message = format!(
            "the row is not a vote: {error}; a vote's line has the fields that an export as \
             `votes` writes"
        );
        Problem::new(split.row, "bad_vote", message)
    })
}
