//! Where people part, and whether they come to part less: from votes in a project to figures.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use common::{Made, made, rows};
use tiebreak_commands::agreement::{self, AgreementRequest, OverTime};
use tiebreak_commands::dto::VoteRequest;
use tiebreak_commands::projects::NewProject;
use tiebreak_commands::{annotators, disagreements, label};
use tiebreak_domain::{Attention, Next, ScreenVerdict, Verdict};

const BENCH: &str = "text_to_text_preferences.json";

async fn project(pairs: usize) -> Made {
    let made = made(&NewProject::default()).await;
    made.import_text(BENCH, &rows(pairs, 1)).await.unwrap();
    made
}

/// Answers `count` questions in the name's queue; `say` gets how many came before.
async fn answer(made: &Made, name: &str, count: usize, say: impl Fn(usize) -> ScreenVerdict) {
    let p = &made.project;
    let who = annotators::find_or_add(p, name).await.unwrap().id;
    for n in 0..count {
        let Next::Question(view) = label::next(p, who).await.unwrap() else {
            panic!("there is no question {n}")
        };
        let request = VoteRequest {
            assignment: view.assignment,
            verdict: say(n),
            confidence: None,
            rationale: format!("{name} {n}"),
            attention: Attention {
                elapsed_ms: 1500,
                ..Attention::default()
            },
        };
        label::vote(p, who, request, "test 1").await.unwrap();
    }
}

async fn over_time(made: &Made) -> OverTime {
    let request = AgreementRequest {
        replicates: 200,
        ..AgreementRequest::default()
    };
    let report = agreement::run(&made.project, request).await.unwrap();
    report.over_time
}

#[tokio::test]
async fn blocks_hold_every_question_with_two_votes_once_in_order() {
    let made = project(47).await;
    answer(&made, "anna", 47, |_| ScreenVerdict::Tie).await;
    let alone = over_time(&made).await.undefined.unwrap();
    assert!(alone.contains("0 of the questions"), "{alone}");
    // Ben says the same from the twenty-third question on, and before that every other time.
    let ben = |n| match n < 23 && n % 2 == 0 {
        true => ScreenVerdict::BothBad,
        false => ScreenVerdict::Tie,
    };
    answer(&made, "ben", 45, ben).await;
    let found = over_time(&made).await;
    assert_eq!(found.undefined, None);
    let sizes: Vec<u64> = found.blocks.iter().map(|b| b.questions).collect();
    assert_eq!(sizes, [23, 22], "the two without a second vote are in none");
    assert!(found.blocks[0].to_ms <= found.blocks[1].from_ms);
    let same = |n: usize| found.blocks[n].percent_agreement.value().unwrap();
    assert!((same(0) - 11.0 / 23.0).abs() < 1e-12, "{}", same(0));
    assert!((same(1) - 1.0).abs() < 1e-12);
    let alpha = &found.blocks[1].krippendorff_alpha_nominal;
    assert!(alpha.value().is_none(), "all alike: {alpha:?}");
}

#[tokio::test]
async fn the_worst_come_first_and_a_question_tells_all_that_stands() {
    let made = project(3).await;
    answer(&made, "anna", 3, |_| ScreenVerdict::Tie).await;
    answer(&made, "ben", 3, |n| match n {
        0 => ScreenVerdict::Tie,
        _ => ScreenVerdict::BothBad,
    })
    .await;
    answer(&made, "cleo", 3, |n| match n {
        2 => ScreenVerdict::Left,
        _ => ScreenVerdict::Tie,
    })
    .await;
    let p = &made.project;
    let found = disagreements::list(p, 10).await.unwrap();
    assert_eq!((found.parted, found.with_two_votes), (2, 3));
    let three_ways = &found.questions[0];
    assert_eq!((three_ways.counts.len(), three_ways.votes), (3, 3));
    assert_eq!(found.questions[1].counts[&Verdict::Tie], 2);
    assert_eq!(disagreements::list(p, 1).await.unwrap().questions.len(), 1);
    let whole = disagreements::question(p, three_ways.question)
        .await
        .unwrap();
    assert_eq!(whole.source_id, three_ways.source_id);
    assert!(whole.response1.text.starts_with("one"), "the data's order");
    let said: Vec<_> = whole.votes.iter().map(|v| v.rationale.as_str()).collect();
    assert_eq!(said, ["anna 2", "ben 2", "cleo 2"]);
    assert_eq!(whole.votes[0].seconds, Some(1.5));
    assert!(whole.votes[2].left.is_some());
}
