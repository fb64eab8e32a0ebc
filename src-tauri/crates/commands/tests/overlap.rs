//! k of n: every question gets its votes, from as many people, and a restart changes nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::collections::{BTreeMap, HashMap};

use common::{Made, made, rows};
use tiebreak_commands::dto::VoteRequest;
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{annotators, label};
use tiebreak_domain::{Attention, Next, PairId, QuestionId, ScreenVerdict};

const BENCH: &str = "text_to_text_preferences.json";
const NAMES: [&str; 5] = ["anna", "ben", "cleo", "dora", "emil"];

fn three_of_five() -> NewProject {
    NewProject {
        overlap: Some((3, 5)),
        ..NewProject::default()
    }
}

/// What somebody answered: the question, and whether response 1 stood on the left.
async fn work(made: &Made, name: &str, most: usize) -> Vec<(QuestionId, PairId, bool)> {
    let p = &made.project;
    let who = annotators::find_or_add(p, name).await.unwrap().id;
    let mut seen = Vec::new();
    while seen.len() < most {
        let Next::Question(view) = label::next(p, who).await.unwrap() else {
            break;
        };
        let one_is_left = view.left.text.starts_with("one");
        seen.push((view.question, view.pair, one_is_left));
        let request = VoteRequest {
            assignment: view.assignment,
            verdict: ScreenVerdict::Tie,
            confidence: None,
            rationale: String::new(),
            attention: Attention::default(),
        };
        label::vote(p, who, request, "test 1").await.unwrap();
    }
    seen
}

#[tokio::test]
async fn every_question_gets_three_votes_of_five_people() {
    let made = made(&three_of_five()).await;
    made.import_text(BENCH, &rows(40, 2)).await.unwrap();
    let mut votes: HashMap<QuestionId, usize> = HashMap::new();
    let mut sides: HashMap<QuestionId, i32> = HashMap::new();
    let mut shares = BTreeMap::new();
    // All at once, a few questions at a time.
    for _ in 0..30 {
        for name in NAMES {
            for (question, _, one_is_left) in work(&made, name, 3).await {
                *votes.entry(question).or_default() += 1;
                *sides.entry(question).or_default() += if one_is_left { 1 } else { -1 };
                *shares.entry(name).or_insert(0_u64) += 1;
            }
        }
    }
    assert_eq!(votes.len(), 80);
    assert!(votes.values().all(|n| *n == 3), "{votes:?}");
    assert!(
        sides.values().all(|n| n.abs() == 1),
        "two one way, one the other"
    );
    for name in NAMES {
        let who = annotators::find(&made.project, name).await.unwrap().id;
        let progress = label::progress(&made.project, who).await.unwrap();
        assert_eq!(
            (progress.done, progress.total),
            (shares[name], shares[name])
        );
        assert!((30..=66).contains(&shares[name]), "{shares:?}");
    }
    let sixth = annotators::find_or_add(&made.project, "frida")
        .await
        .unwrap();
    let refused = label::next(&made.project, sixth.id).await.unwrap_err();
    assert_eq!(refused.code, "no_place");
    assert!(projects::check(&made.project).await.unwrap().ok);
}

#[tokio::test]
async fn a_restart_changes_nobodys_share() {
    let made = made(&three_of_five()).await;
    made.import_text(BENCH, &rows(20, 1)).await.unwrap();
    let before = work(&made, "anna", 5).await;
    let made = made.reopened().await;
    let after = work(&made, "anna", 100).await;
    let mut pairs: Vec<_> = before.iter().chain(&after).map(|seen| seen.1).collect();
    let seen = pairs.len();
    pairs.sort_unstable();
    pairs.dedup();
    assert_eq!(pairs.len(), seen, "none twice");
    let info = projects::info(&made.project).await.unwrap();
    assert_eq!(info.overlap, Some([3, 5]));
}

#[tokio::test]
async fn a_criterion_written_later_goes_to_the_pairs_people_alone() {
    let made = made(&three_of_five()).await;
    made.import_text(BENCH, &rows(6, 1)).await.unwrap();
    let mut saw: HashMap<&str, Vec<PairId>> = HashMap::new();
    for name in NAMES {
        let seen = work(&made, name, 100).await;
        saw.insert(name, seen.iter().map(|seen| seen.1).collect());
    }
    let p = &made.project;
    let pair = saw["anna"][0];
    let anna = annotators::find(p, "anna").await.unwrap().id;
    label::criteria(p, anna, pair, &["Which is kinder?".to_owned()])
        .await
        .unwrap();
    for name in NAMES {
        let again = work(&made, name, 100).await;
        let wanted = usize::from(saw[name].contains(&pair));
        assert_eq!(again.len(), wanted, "{name}");
    }
}

#[tokio::test]
async fn more_votes_than_people_are_refused() {
    let folder = common::folder();
    let wish = NewProject {
        overlap: Some((4, 3)),
        ..NewProject::default()
    };
    let path = folder.path().join("project");
    let clock = std::sync::Arc::new(tiebreak_commands::SystemClock);
    let refused = projects::create(&path, &wish, clock).await.map(|_| ());
    assert!(refused.unwrap_err().message.contains("4 votes"));
    assert!(!path.exists(), "nothing is left behind");
}
