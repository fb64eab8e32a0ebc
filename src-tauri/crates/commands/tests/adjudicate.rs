//! Adjudication: blind first, then with the votes; by rule in bulk; everything reversible, and no
//! vote touched.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use common::{Made, made, rows};
use tiebreak_commands::adjudicate::{
    self, AdjudicateOptions, DecideRequest, NextToAdjudicate, SettleRequest, ToAdjudicate,
};
use tiebreak_commands::dto::{ExportReport, ExportRequest, VoteRequest};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::resolve::{self, ResolveRequest, ResolveRule};
use tiebreak_commands::{annotators, export, label};
use tiebreak_domain::{
    AnnotatorId, Attention, Confidence, Decision, DropReason, Next, QuestionId, ScreenDecision,
    ScreenVerdict, Verdict,
};

const BENCH: &str = "text_to_text_preferences.json";

/// What a voter says of the pair with this number, in data terms.
async fn vote_all(made: &Made, name: &str, say: impl Fn(usize) -> Verdict) {
    let p = &made.project;
    let who = annotators::find_or_add(p, name).await.unwrap().id;
    while let Next::Question(view) = label::next(p, who).await.unwrap() {
        let text = &view.left.text;
        let number = text.rsplit('-').next().unwrap().parse().unwrap();
        let first_is_left = text.starts_with("one");
        let verdict = match say(number) {
            Verdict::Tie => ScreenVerdict::Tie,
            Verdict::BothBad => ScreenVerdict::BothBad,
            Verdict::Response1 if first_is_left => ScreenVerdict::Left,
            Verdict::Response2 if !first_is_left => ScreenVerdict::Left,
            _ => ScreenVerdict::Right,
        };
        let request = VoteRequest {
            assignment: view.assignment,
            verdict,
            confidence: Confidence::new(2).ok(),
            rationale: format!("{name} says so"),
            attention: Attention {
                elapsed_ms: 9000,
                ..Attention::default()
            },
        };
        label::vote(p, who, request, "test 1").await.unwrap();
    }
}

/// Pair 0: all say 1. Pair 1: 1, 1, 2. Pair 2: 1, tie, 2. Pair 3: 2, 2, 2.
async fn disagreeing() -> Made {
    let made = made(&NewProject::default()).await;
    made.import_text(BENCH, &unlabelled(4)).await.unwrap();
    use Verdict::{Response1, Response2, Tie};
    for (name, said) in [
        ("anna", [Response1, Response1, Response1, Response2]),
        ("ben", [Response1, Response1, Tie, Response2]),
        ("cleo", [Response1, Response2, Response2, Response2]),
    ] {
        vote_all(&made, name, |n| said[n]).await;
    }
    made
}

/// Rows without a label of their own.
fn unlabelled(pairs: usize) -> String {
    let mut all: Vec<serde_json::Value> = serde_json::from_str(&rows(pairs, 1)).unwrap();
    for row in &mut all {
        row.as_object_mut().unwrap().remove("criteria_preference");
    }
    serde_json::to_string(&all).unwrap()
}

async fn judge(made: &Made) -> AnnotatorId {
    annotators::find_or_add(&made.project, "judith")
        .await
        .unwrap()
        .id
}

async fn worst(made: &Made, who: AnnotatorId) -> Option<ToAdjudicate> {
    let next = adjudicate::next(&made.project, who, AdjudicateOptions::default());
    match next.await.unwrap() {
        NextToAdjudicate::Question(next) => Some(*next),
        NextToAdjudicate::Done { .. } => None,
    }
}

fn number(next: &ToAdjudicate) -> &str {
    next.question.left.text.rsplit('-').next().unwrap()
}

fn decision(question: QuestionId, decision: ScreenDecision) -> DecideRequest {
    DecideRequest {
        question,
        decision,
        reason: String::new(),
        attention: Attention::default(),
        options: AdjudicateOptions::default(),
    }
}

fn settled(question: QuestionId, decision: ScreenDecision, reason: &str) -> SettleRequest {
    SettleRequest {
        question,
        decision,
        reason: reason.to_owned(),
        options: AdjudicateOptions::default(),
    }
}

async fn benchmark(made: &Made) -> (ExportReport, Vec<serde_json::Value>) {
    let out = made.folder.path().join("bench.json");
    let request = ExportRequest {
        format: "omni-rewardbench".into(),
        out: out.display().to_string(),
        rule: None,
        ignore_imported: false,
    };
    let report = export::run(&made.project, &request).await.unwrap();
    let rows = serde_json::from_str(&std::fs::read_to_string(out).unwrap()).unwrap();
    (report, rows)
}

const LEFT: ScreenDecision = ScreenDecision::Verdict(ScreenVerdict::Left);

#[tokio::test]
async fn the_adjudicator_decides_blind_and_then_with_the_votes() {
    let made = disagreeing().await;
    let (p, who) = (&made.project, judge(&made).await);
    let before = made.exported("votes").await.1;

    let next = worst(&made, who).await.unwrap();
    assert_eq!((number(&next), next.open), ("2", 4), "three ways is worst");
    let shown = serde_json::to_string(&next).unwrap();
    assert!(next.revealed.is_none());
    for hidden in ["anna", "says so", "model", "entropy"] {
        assert!(!shown.contains(hidden), "{hidden} is in {shown}");
    }
    let question = next.question.question;
    let early = adjudicate::settle(p, who, settled(question, LEFT, "x")).await;
    assert_eq!(early.unwrap_err().code, "not_decided");

    let request = decision(question, LEFT);
    let revealed = adjudicate::decide(p, who, request.clone(), "test 1")
        .await
        .unwrap();
    assert_eq!(revealed.blind, LEFT);
    assert_eq!(revealed.votes.len(), 3);
    assert_eq!(revealed.queue.place, 1);
    let shown = serde_json::to_string(&revealed).unwrap();
    assert!(shown.contains("anna says so"), "reasons are shown");
    let again = adjudicate::decide(p, who, request, "test 1").await;
    assert_eq!(again.unwrap_err().code, "decided_already");

    // After a restart the votes are still there: nobody decides blind twice.
    let made = made.reopened().await;
    let p = &made.project;
    let next = worst(&made, who).await.unwrap();
    assert_eq!(next.revealed.as_ref(), Some(&revealed));

    let tie = ScreenDecision::Verdict(ScreenVerdict::Tie);
    let bare = adjudicate::settle(p, who, settled(question, tie, " ")).await;
    assert_eq!(bare.unwrap_err().code, "no_reason");
    let receipt = adjudicate::settle(p, who, settled(question, tie, "ben is right"))
        .await
        .unwrap();
    assert!(!receipt.kept);
    let all = resolve::list(p).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].decision, Decision::Verdict(Verdict::Tie));
    let kept = &all[0].provenance;
    assert_eq!(kept["knew_votes"], false);
    assert_ne!(kept["blind"], serde_json::json!({ "verdict": "tie" }));
    assert_eq!(kept["shown"]["votes"].as_array().unwrap().len(), 3);
    assert_eq!(kept["queue"]["place"], 1);
    assert_eq!(
        made.exported("votes").await.1,
        before,
        "votes are untouched"
    );
    assert!(projects::check(p).await.unwrap().ok);
}

#[tokio::test]
async fn a_dropped_question_is_left_out_and_told() {
    let made = disagreeing().await;
    let (p, who) = (&made.project, judge(&made).await);
    let question = worst(&made, who).await.unwrap().question.question;
    let unclear = ScreenDecision::Drop(DropReason::CriterionUnclear);
    adjudicate::decide(p, who, decision(question, unclear), "test 1")
        .await
        .unwrap();
    let bare = adjudicate::settle(p, who, settled(question, unclear, "")).await;
    assert_eq!(bare.unwrap_err().code, "no_reason");
    adjudicate::settle(p, who, settled(question, unclear, "clearer than what?"))
        .await
        .unwrap();
    let (report, rows) = benchmark(&made).await;
    assert_eq!(rows.len(), 3);
    let left: Vec<_> = report
        .left_out
        .iter()
        .map(|left| (left.reason.as_str(), left.count))
        .collect();
    assert_eq!(left, [("dropped_criterion_unclear", 1)]);

    let report = resolve::reverse(p, &question.to_string(), "it is clear")
        .await
        .unwrap();
    assert_eq!((report.reversed, report.restored), (1, 0));
    let (report, rows) = benchmark(&made).await;
    assert_eq!(
        (rows.len(), report.left_out[0].reason.as_str()),
        (3, "no_consensus")
    );
    assert_eq!(number(&worst(&made, who).await.unwrap()), "2", "open again");
}

#[tokio::test]
async fn rules_resolve_in_bulk_after_a_preview_and_are_taken_back_whole() {
    let made = disagreeing().await;
    let p = &made.project;
    let request = ResolveRequest::default();
    let preview = resolve::preview(p, &request).await.unwrap();
    let would: Vec<_> = preview.iter().map(|o| (o.rule, o.resolves)).collect();
    assert_eq!(would[0], (ResolveRule::Unanimous, 2));
    assert_eq!(would[1], (ResolveRule::Majority, 3));
    assert!(resolve::list(p).await.unwrap().is_empty(), "only a preview");

    let done = resolve::run(p, &request).await.unwrap();
    assert_eq!((done.resolves, done.leaves["no_consensus"]), (3, 1));
    assert_eq!(done.by_verdict[&Verdict::Response1], 2);
    let twice = resolve::run(p, &request).await.unwrap();
    assert_eq!((twice.resolves, twice.batch), (0, None));
    assert_eq!(twice.leaves["resolved_already"], 3);
    let who = judge(&made).await;
    assert_eq!(worst(&made, who).await.unwrap().open, 1, "one is left");

    let batch = done.batch.unwrap();
    let report = resolve::reverse(p, &batch, "").await.unwrap();
    assert_eq!((report.reversed, report.restored), (3, 0));
    assert!(resolve::list(p).await.unwrap().is_empty());
    assert!(resolve::reverse(p, &batch, "").await.is_err(), "once");
    let bounds = ResolveRequest {
        p: 0.2,
        ..ResolveRequest::default()
    };
    assert!(resolve::run(p, &bounds).await.is_err());
}

#[tokio::test]
async fn an_imported_label_stands_until_somebody_asks_and_comes_back() {
    let made = made(&NewProject::default()).await;
    let mut all: Vec<serde_json::Value> = serde_json::from_str(&unlabelled(2)).unwrap();
    for row in &mut all {
        row["criteria_preference"] = "response2".into();
    }
    let file = serde_json::to_string(&all).unwrap();
    made.import_text(BENCH, &file).await.unwrap();
    for name in ["anna", "ben"] {
        vote_all(&made, name, |_| Verdict::Response1).await;
    }
    let p = &made.project;
    let shy = resolve::run(p, &ResolveRequest::default()).await.unwrap();
    assert_eq!((shy.resolves, shy.leaves["resolved_already"]), (0, 2));
    let over = ResolveRequest {
        over_imported: true,
        rule: ResolveRule::Unanimous,
        ..ResolveRequest::default()
    };
    let done = resolve::run(p, &over).await.unwrap();
    assert_eq!(done.resolves, 2);
    // The file comes again: what was decided here is not undone by it.
    made.import_text("again/text_to_text_preferences.json", &file)
        .await
        .unwrap();
    assert_eq!(
        benchmark(&made).await.1[0]["criteria_preference"],
        "response1"
    );
    let report = resolve::reverse(p, &done.batch.unwrap(), "").await.unwrap();
    assert_eq!((report.reversed, report.restored), (2, 2));
    let all = resolve::list(p).await.unwrap();
    assert!(all.iter().all(|one| one.rule == "imported"));
    assert_eq!(
        benchmark(&made).await.1[0]["criteria_preference"],
        "response2"
    );
}

#[tokio::test]
async fn a_voter_does_not_adjudicate_unless_allowed() {
    let made = disagreeing().await;
    let p = &made.project;
    let anna = annotators::find(p, "anna").await.unwrap().id;
    assert!(worst(&made, anna).await.is_none());
    let who = judge(&made).await;
    let question = worst(&made, who).await.unwrap().question.question;
    let refused = adjudicate::decide(p, anna, decision(question, LEFT), "test 1").await;
    assert_eq!(refused.unwrap_err().code, "own_vote");
    let options = AdjudicateOptions {
        own_votes: true,
        ..AdjudicateOptions::default()
    };
    let allowed = DecideRequest {
        options,
        ..decision(question, LEFT)
    };
    adjudicate::decide(p, anna, allowed, "test 1")
        .await
        .unwrap();
    let receipt = adjudicate::settle(
        p,
        anna,
        SettleRequest {
            options,
            ..settled(question, LEFT, "")
        },
    );
    assert!(receipt.await.unwrap().kept);
    assert_eq!(
        resolve::list(p).await.unwrap()[0].provenance["own_vote"],
        true
    );
}

#[tokio::test]
async fn a_question_sent_back_waits_for_another_vote() {
    let made = disagreeing().await;
    let (p, who) = (&made.project, judge(&made).await);
    let question = worst(&made, who).await.unwrap().question.question;
    assert!(adjudicate::send_back(p, who, question, " ").await.is_err());
    adjudicate::send_back(p, who, question, "too close to call")
        .await
        .unwrap();
    adjudicate::flag(p, who, question, "say what clear means")
        .await
        .unwrap();
    let next = worst(&made, who).await.unwrap();
    assert_eq!((number(&next), next.open), ("1", 3));
    vote_all(&made, "dora", |_| Verdict::Response1).await;
    let next = worst(&made, who).await.unwrap();
    assert_eq!((number(&next), next.open), ("2", 4), "it has its vote");
}

#[tokio::test]
async fn what_was_taken_back_twice_does_not_come_again() {
    let made = disagreeing().await;
    let p = &made.project;
    let request = ResolveRequest::default();
    resolve::run(p, &request).await.unwrap();
    let question = resolve::list(p).await.unwrap()[0].question.to_string();
    for _ in 0..3 {
        resolve::reverse(p, &question, "").await.unwrap();
        assert!(resolve::reverse(p, &question, "").await.is_err());
        resolve::run(p, &request).await.unwrap();
    }
    assert_eq!(resolve::list(p).await.unwrap().len(), 3);
}

#[tokio::test]
async fn an_imported_label_comes_back_each_time_and_then_goes() {
    let made = made(&NewProject::default()).await;
    let mut all: Vec<serde_json::Value> = serde_json::from_str(&unlabelled(1)).unwrap();
    all[0]["criteria_preference"] = "response1".into();
    let file = serde_json::to_string(&all).unwrap();
    made.import_text(BENCH, &file).await.unwrap();
    for name in ["anna", "ben"] {
        vote_all(&made, name, |_| Verdict::Response2).await;
    }
    let p = &made.project;
    let request = ResolveRequest {
        over_imported: true,
        ..ResolveRequest::default()
    };
    let question = resolve::list(p).await.unwrap()[0].question.to_string();
    for _ in 0..3 {
        resolve::run(p, &request).await.unwrap();
        let report = resolve::reverse(p, &question, "").await.unwrap();
        assert_eq!((report.reversed, report.restored), (1, 1));
        assert_eq!(resolve::list(p).await.unwrap()[0].rule, "imported");
    }
    let report = resolve::reverse(p, &question, "").await.unwrap();
    assert_eq!(
        (report.reversed, report.restored),
        (1, 0),
        "only it was before"
    );
}

#[tokio::test]
async fn whoever_saw_the_votes_casts_none_and_what_he_saw_is_kept() {
    let made = disagreeing().await;
    let (p, who) = (&made.project, judge(&made).await);
    let question = worst(&made, who).await.unwrap().question.question;
    adjudicate::decide(p, who, decision(question, LEFT), "test 1")
        .await
        .unwrap();
    // A vote that came after the votes were shown was not among those.
    vote_all(&made, "dora", |_| Verdict::Response1).await;
    adjudicate::settle(p, who, settled(question, LEFT, ""))
        .await
        .unwrap();
    let kept = resolve::list(p).await.unwrap()[0].provenance.clone();
    assert_eq!(kept["shown"]["votes"].as_array().unwrap().len(), 3);
    assert_eq!(kept["standing"].as_array().unwrap().len(), 4);
    // The others come to him as to anybody; this one never.
    let mut seen = Vec::new();
    while let Next::Question(view) = label::next(p, who).await.unwrap() {
        seen.push(view.question);
        let reason = tiebreak_domain::SkipReason::Unclear;
        label::skip(p, who, view.assignment, reason, "")
            .await
            .unwrap();
    }
    assert_eq!(seen.len(), 3);
    assert!(!seen.contains(&question));
}

#[tokio::test]
async fn a_changed_vote_is_not_another_vote() {
    let made = disagreeing().await;
    let (p, who) = (&made.project, judge(&made).await);
    let question = worst(&made, who).await.unwrap().question.question;
    adjudicate::send_back(p, who, question, "one more, please")
        .await
        .unwrap();
    let ben = annotators::find(p, "ben").await.unwrap().id;
    label::undo(p, ben).await.unwrap();
    vote_all(&made, "ben", |_| Verdict::Response1).await;
    assert_eq!(worst(&made, who).await.unwrap().open, 3, "it still waits");
}

#[tokio::test]
async fn who_decides_again_is_said_to_have_known_the_votes() {
    let made = disagreeing().await;
    let (p, who) = (&made.project, judge(&made).await);
    let question = worst(&made, who).await.unwrap().question.question;
    for knew in [false, true] {
        adjudicate::decide(p, who, decision(question, LEFT), "test 1")
            .await
            .unwrap();
        adjudicate::settle(p, who, settled(question, LEFT, ""))
            .await
            .unwrap();
        assert_eq!(
            resolve::list(p).await.unwrap()[0].provenance["knew_votes"],
            knew
        );
        resolve::reverse(p, &question.to_string(), "")
            .await
            .unwrap();
    }
}
