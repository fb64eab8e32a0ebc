//! What was decided in two copies of a project, joined: in either direction the same, nothing lost.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::path::Path;
use std::sync::Arc;

use common::{made, rows};
use tiebreak_commands::adjudicate::{
    self, AdjudicateOptions, DecideRequest, NextToAdjudicate, SettleRequest,
};
use tiebreak_commands::dto::{ExportRequest, VoteRequest};
use tiebreak_commands::import::Cancel;
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::resolve::{self, ResolutionInfo, ResolveRequest, ResolveRule};
use tiebreak_commands::{Project, SystemClock, annotators, export, label, merge};
use tiebreak_domain::{Attention, DropReason, Next, ScreenDecision, ScreenVerdict};

async fn open(path: &Path) -> Project {
    projects::open(path, Arc::new(SystemClock)).await.unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

async fn vote_all(p: &Project, name: &str, say: impl Fn(usize) -> ScreenVerdict) {
    let who = annotators::find_or_add(p, name).await.unwrap().id;
    let mut n = 0;
    while let Next::Question(view) = label::next(p, who).await.unwrap() {
        let request = VoteRequest {
            assignment: view.assignment,
            verdict: say(n),
            confidence: None,
            rationale: String::new(),
            attention: Attention::default(),
        };
        label::vote(p, who, request, "test 1").await.unwrap();
        n += 1;
    }
}

/// Settles the worst question so.
async fn settle(p: &Project, judge: &str, decision: ScreenDecision) {
    let who = annotators::find_or_add(p, judge).await.unwrap().id;
    let options = AdjudicateOptions::default();
    let next = adjudicate::next(p, who, options).await.unwrap();
    let NextToAdjudicate::Question(next) = next else {
        panic!("nothing is open")
    };
    let question = next.question.question;
    let request = DecideRequest {
        question,
        decision,
        reason: "because".into(),
        attention: Attention::default(),
        options,
    };
    adjudicate::decide(p, who, request, "test 1").await.unwrap();
    let request = SettleRequest {
        question,
        decision,
        reason: String::new(),
        options,
    };
    adjudicate::settle(p, who, request).await.unwrap();
}

async fn state(path: &Path) -> (Vec<ResolutionInfo>, String, String) {
    let p = open(path).await;
    let mut written = Vec::new();
    for format in ["omni-rewardbench", "votes"] {
        let out = path.parent().unwrap().join(format!("{format}.out"));
        let request = ExportRequest {
            format: format.into(),
            out: out.display().to_string(),
            rule: None,
            ignore_imported: false,
        };
        let report = export::run(&p, &request).await.unwrap();
        written.push(std::fs::read_to_string(&report.files[0]).unwrap());
    }
    assert!(projects::check(&p).await.unwrap().ok);
    let resolutions = resolve::list(&p).await.unwrap();
    p.close().await;
    let votes = written.pop().unwrap();
    (resolutions, written.pop().unwrap(), votes)
}

async fn join(target: &Path, other: &Path) -> u64 {
    let p = open(target).await;
    let report = merge::run(&p, other, false, &Cancel::default())
        .await
        .unwrap();
    p.close().await;
    report.resolutions + report.adjudications
}

#[tokio::test]
async fn decisions_of_two_copies_come_together() {
    let made = made(&NewProject::default()).await;
    let mut all: Vec<serde_json::Value> = serde_json::from_str(&rows(6, 1)).unwrap();
    for row in &mut all {
        row.as_object_mut().unwrap().remove("criteria_preference");
    }
    let file = serde_json::to_string(&all).unwrap();
    made.import_text("text_to_text_preferences.json", &file)
        .await
        .unwrap();
    for (name, turn) in [("anna", 0), ("ben", 1), ("cleo", 2)] {
        vote_all(&made.project, name, |n| ScreenVerdict::ALL[(n * turn) % 4]).await;
    }
    made.project.close().await;
    let desk = made.folder.path();
    let (a, b) = (desk.join("project"), desk.join("b"));
    copy(&a, &b);

    // In one copy two questions are settled and one of them is put back; in the other a rule
    // resolves some, and another adjudicator drops one that the first has settled.
    let p = open(&a).await;
    let tie = ScreenDecision::Verdict(ScreenVerdict::Tie);
    settle(&p, "judith", tie).await;
    settle(&p, "judith", tie).await;
    let put_back = resolve::list(&p).await.unwrap()[0].question;
    resolve::reverse(&p, &put_back.to_string(), "too soon")
        .await
        .unwrap();
    p.close().await;
    let p = open(&b).await;
    settle(&p, "judas", ScreenDecision::Drop(DropReason::NoConsensus)).await;
    let request = ResolveRequest {
        rule: ResolveRule::Majority,
        ..ResolveRequest::default()
    };
    resolve::run(&p, &request).await.unwrap();
    p.close().await;

    let (a2, b2) = (desk.join("a2"), desk.join("b2"));
    copy(&a, &a2);
    copy(&b, &b2);
    assert!(join(&a, &b).await > 0);
    assert!(join(&b2, &a2).await > 0);
    let (one, other) = (state(&a).await, state(&b2).await);
    assert_eq!(one, other, "in either direction");
    assert_eq!(join(&a, &b).await, 0, "twice is once");
    assert_eq!(state(&a).await, one);
    assert!(one.0.iter().any(|r| r.decision.dropped().is_some()));
}

#[tokio::test]
async fn places_of_k_of_n_people_survive() {
    let made = made(&NewProject {
        overlap: Some((2, 3)),
        ..NewProject::default()
    })
    .await;
    made.import_text("text_to_text_preferences.json", &rows(12, 1))
        .await
        .unwrap();
    let p = &made.project;
    // All three have their places before the copies part.
    for name in ["anna", "ben", "cleo"] {
        let who = annotators::find_or_add(p, name).await.unwrap().id;
        label::next(p, who).await.unwrap();
    }
    p.close().await;
    let desk = made.folder.path();
    let (a, b) = (desk.join("project"), desk.join("b"));
    copy(&a, &b);
    let p = open(&a).await;
    vote_all(&p, "anna", |_| ScreenVerdict::Tie).await;
    p.close().await;
    let p = open(&b).await;
    vote_all(&p, "ben", |_| ScreenVerdict::Tie).await;
    vote_all(&p, "cleo", |_| ScreenVerdict::Tie).await;
    p.close().await;
    join(&a, &b).await;
    let p = open(&a).await;
    let votes = p.standing_votes().await.unwrap();
    let mut on = vec![0; votes.questions.len()];
    for vote in &votes.votes {
        on[vote.question] += 1;
    }
    assert_eq!(on, [2; 12], "two votes each");
}

#[tokio::test]
async fn people_who_began_in_copies_are_told() {
    let made = made(&NewProject {
        overlap: Some((1, 2)),
        ..NewProject::default()
    })
    .await;
    made.import_text("text_to_text_preferences.json", &rows(12, 1))
        .await
        .unwrap();
    made.project.close().await;
    let desk = made.folder.path();
    let (a, b) = (desk.join("project"), desk.join("b"));
    copy(&a, &b);
    for (path, name) in [(&a, "anna"), (&b, "ben")] {
        let p = open(path).await;
        vote_all(&p, name, |_| ScreenVerdict::Tie).await;
        p.close().await;
    }
    let p = open(&a).await;
    let report = merge::run(&p, &b, false, &Cancel::default()).await.unwrap();
    let codes: Vec<&str> = report.remarks.iter().map(|r| r.code.as_str()).collect();
    assert!(codes.contains(&"more_votes"), "{codes:?}");
}
