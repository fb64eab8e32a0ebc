//! Whether people come to agree more, or less, as the work goes on: the questions in the order in
//! which they got a second vote, in blocks of equal size.

use serde::Serialize;
use tiebreak_agreement::{
    Coefficient as Wanted, Metric, Plan, bootstrap_coefficients, krippendorff_alpha,
    percent_agreement,
};
use tiebreak_store::StandingVotes;
use ts_rs::TS;

use super::report::Coefficient;
use super::tables::Tables;
use crate::error::Result;

/// A block of fewer questions says little: its interval would be as wide as the plot.
const FEWEST: usize = 20;
/// More points than this are a cloud.
const MOST: usize = 20;

/// How far people agree on the questions of one stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct TimeBlock {
    /// When its first question got a second vote, in milliseconds since 1970.
    #[ts(type = "number")]
    pub from_ms: i64,
    /// When its last one did.
    #[ts(type = "number")]
    pub to_ms: i64,
    /// Questions.
    #[ts(type = "number")]
    pub questions: u64,
    /// Votes on them.
    #[ts(type = "number")]
    pub votes: u64,
    /// The share of pairs of votes on one question that are the same.
    pub percent_agreement: Coefficient,
    /// Krippendorff's α, answers without an order.
    pub krippendorff_alpha_nominal: Coefficient,
}

/// Agreement as the work goes on.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct OverTime {
    /// The blocks, earliest first.
    pub blocks: Vec<TimeBlock>,
    /// How the questions are ordered and parted, in words.
    pub order: String,
    /// "because …", where there are no blocks.
    pub undefined: Option<String>,
}

pub(super) fn of(votes: &StandingVotes, plan: &Plan) -> Result<OverTime> {
    let mut seconds = second_votes(votes);
    let mut found = OverTime {
        blocks: Vec::new(),
        order: format!(
            "questions in the order in which their second vote came, in at most {MOST} blocks of \
             {FEWEST} questions or more"
        ),
        undefined: None,
    };
    seconds.sort_unstable();
    let count = (seconds.len() / FEWEST).min(MOST);
    if count < 2 {
        found.undefined = Some(format!(
            "because {} of the questions have two votes, and two blocks take {}",
            seconds.len(),
            2 * FEWEST
        ));
        return Ok(found);
    }
    if seconds.first().map(|s| s.0) == seconds.last().map(|s| s.0) {
        found.undefined =
            Some("because all second votes bear one time, that of their import".to_owned());
        return Ok(found);
    }
    // Which block each question falls into; none where it has no second vote.
    let mut block_of = vec![usize::MAX; votes.questions.len()];
    for (place, (_, question)) in seconds.iter().enumerate() {
        block_of[*question] = place * count / seconds.len();
    }
    for block in 0..count {
        let in_block: Vec<i64> = seconds
            .iter()
            .filter(|(_, question)| block_of[*question] == block)
            .map(|(at, _)| *at)
            .collect();
        let tables = Tables::of(votes, |question| block_of[question] == block)?;
        let wanted = [Wanted::Percent, Wanted::Alpha(Metric::Nominal)];
        let drawn = bootstrap_coefficients(&tables.nominal, &tables.prompts, &wanted, plan)?;
        let ratings = &tables.nominal;
        found.blocks.push(TimeBlock {
            from_ms: in_block.first().copied().unwrap_or_default(),
            to_ms: in_block.last().copied().unwrap_or_default(),
            questions: tables.voted,
            votes: ratings.all().len() as u64,
            percent_agreement: Coefficient::resampled(percent_agreement(ratings), drawn[0]),
            krippendorff_alpha_nominal: Coefficient::resampled(
                krippendorff_alpha(ratings, Metric::Nominal),
                drawn[1],
            ),
        });
    }
    Ok(found)
}

/// By question with two votes or more, repeats left out: when the second came.
fn second_votes(votes: &StandingVotes) -> Vec<(i64, usize)> {
    let mut times: Vec<Vec<i64>> = vec![Vec::new(); votes.questions.len()];
    for vote in votes.votes.iter().filter(|vote| !vote.repeat) {
        times[vote.question].push(vote.at_ms);
    }
    let mut seconds = Vec::new();
    for (question, mut at) in times.into_iter().enumerate() {
        at.sort_unstable();
        if let Some(second) = at.get(1) {
            seconds.push((*second, question));
        }
    }
    seconds
}
