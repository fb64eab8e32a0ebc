//! The guideline: versions that stay, votes that know theirs, told once, and merged whichever way.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::path::Path;

use common::{Made, made, rows};
use serde_json::Value;
use tiebreak_commands::dto::VoteRequest;
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{adjudicate, annotators, guideline, label, merge};
use tiebreak_domain::{AnnotatorId, Attention, Next, ScreenVerdict};

const BENCH: &str = "text_to_text_preferences.json";

async fn bench() -> Made {
    let made = made(&NewProject::default()).await;
    made.import_text(BENCH, &rows(6, 1)).await.unwrap();
    made
}

async fn person(made: &Made, name: &str) -> AnnotatorId {
    let found = annotators::find_or_add(&made.project, name).await;
    found.unwrap().id
}

async fn vote(made: &Made, who: AnnotatorId) {
    let Next::Question(view) = label::next(&made.project, who).await.unwrap() else {
        panic!("a question");
    };
    let request = VoteRequest {
        assignment: view.assignment,
        verdict: ScreenVerdict::Left,
        confidence: None,
        rationale: String::new(),
        attention: Attention::default(),
    };
    label::vote(&made.project, who, request, "test 1")
        .await
        .unwrap();
}

/// The exported votes, and what their presentations say of the guideline.
async fn exported(made: &Made) -> (String, Vec<Value>) {
    let (_, text) = made.exported("votes").await;
    let versions = text
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            line["presentation"]["guideline_version"].clone()
        })
        .collect();
    (text, versions)
}

#[tokio::test]
async fn a_vote_names_the_version_it_was_cast_under() {
    let made = bench().await;
    let anna = person(&made, "anna").await;
    assert_eq!(guideline::read(&made.project).await.unwrap(), None);
    vote(&made, anna).await;
    let (first, new) = guideline::set(&made.project, "# Be fair\r\n\r\nAlways.\n")
        .await
        .unwrap();
    assert_eq!((first.version, new), (1, true));
    assert_eq!(first.text, "# Be fair\n\nAlways.");
    vote(&made, anna).await;
    let (same, new) = guideline::set(&made.project, "# Be fair\n\nAlways.")
        .await
        .unwrap();
    assert_eq!(
        (same.version, new),
        (1, false),
        "the same words are no version"
    );
    guideline::set(&made.project, "# Be kind").await.unwrap();
    vote(&made, anna).await;
    let (_, versions) = exported(&made).await;
    assert_eq!(versions, [Value::Null, 1.into(), 2.into()]);
    let all = guideline::all(&made.project, Some(1)).await.unwrap();
    assert_eq!(all.guideline.unwrap().text, "# Be fair\n\nAlways.");
    assert_eq!(all.versions.len(), 2);
    let missing = guideline::all(&made.project, Some(3)).await.unwrap_err();
    assert_eq!(missing.code, "not_found");
    for words in ["", " \n", &"x".repeat(200_001)] {
        assert!(guideline::set(&made.project, words).await.is_err());
    }
    assert!(projects::check(&made.project).await.unwrap().ok);
}

#[tokio::test]
async fn a_version_is_told_once_and_stays_told_after_a_restart() {
    let made = bench().await;
    let anna = person(&made, "anna").await;
    let before = label::progress(&made.project, anna).await.unwrap();
    assert_eq!((before.guideline, before.guideline_told), (None, None));
    guideline::set(&made.project, "one").await.unwrap();
    guideline::set(&made.project, "two").await.unwrap();
    let news = label::progress(&made.project, anna).await.unwrap();
    assert_eq!((news.guideline, news.guideline_told), (Some(2), None));
    guideline::told(&made.project, anna, 2).await.unwrap();
    guideline::told(&made.project, anna, 1).await.unwrap();
    let made = made.reopened().await;
    let told = label::progress(&made.project, anna).await.unwrap();
    assert_eq!((told.guideline, told.guideline_told), (Some(2), Some(2)));
    let ben = person(&made, "ben").await;
    let other = label::progress(&made.project, ben).await.unwrap();
    assert_eq!(other.guideline_told, None, "each is told for himself");
}

#[tokio::test]
async fn what_adjudicators_flag_stands_beside_the_guideline() {
    let made = bench().await;
    let judith = person(&made, "judith").await;
    let anna = person(&made, "anna").await;
    let Next::Question(view) = label::next(&made.project, anna).await.unwrap() else {
        panic!("a question");
    };
    adjudicate::flag(&made.project, judith, view.question, "Say what a tie is")
        .await
        .unwrap();
    let flagged = guideline::all(&made.project, None).await.unwrap().flagged;
    assert_eq!(flagged.len(), 1);
    let flag = &flagged[0];
    assert_eq!(
        (flag.words.as_str(), flag.by.as_str()),
        ("Say what a tie is", "judith")
    );
    assert_eq!(flag.source_id.as_deref(), Some("source-0-0"));
    assert_eq!(flag.prompt, "prompt-0");
    assert_eq!(flag.criterion.as_deref(), Some("criterion-0"));
}

async fn takes(made: &Made, other: &Path) -> Vec<String> {
    let cancel = tiebreak_commands::import::Cancel::default();
    let report = merge::run(&made.project, other, false, &cancel).await;
    let remarks = report.unwrap().remarks.into_iter().map(|r| r.code);
    remarks.filter(|c| c.starts_with("guideline")).collect()
}

/// Two copies write version 2 in words of their own.
#[tokio::test]
async fn copies_that_part_are_told_and_agree_whichever_merges_first() {
    let (one, other) = (bench().await, bench().await);
    for (made, words) in [(&one, "ours"), (&other, "theirs")] {
        guideline::set(&made.project, "the same").await.unwrap();
        guideline::set(&made.project, words).await.unwrap();
        let who = person(made, words).await;
        vote(made, who).await;
    }
    let path = |made: &Made| made.folder.path().join("project");
    assert_eq!(takes(&one, &path(&other)).await, ["guideline_differs"]);
    takes(&other, &path(&one)).await;
    let said = |all: guideline::Guideline| {
        let text = |v: &guideline::GuidelineText| (v.version, v.text.clone());
        let versions: Vec<_> = all.versions.iter().map(text).collect();
        (all.guideline.as_ref().map(text), versions)
    };
    let here = said(guideline::all(&one.project, None).await.unwrap());
    let there = said(guideline::all(&other.project, None).await.unwrap());
    assert_eq!(here, there);
    assert_eq!(here.0, Some((2, "theirs".to_owned())), "the later words");
    assert_eq!(exported(&one).await, exported(&other).await);
    let (next, _) = guideline::set(&one.project, "both").await.unwrap();
    assert_eq!(next.version, 3);
    takes(&other, &path(&one)).await;
    let now = guideline::read(&other.project).await.unwrap().unwrap();
    assert_eq!((now.version, now.text.as_str()), (3, "both"));
    for made in [&one, &other] {
        assert!(projects::check(&made.project).await.unwrap().ok);
    }
}
