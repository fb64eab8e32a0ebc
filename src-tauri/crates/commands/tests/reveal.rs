//! Commit, then reveal: nothing of a prediction is told before the vote stands, and nothing that was
//! said after it was told ever counts as independent, whatever happened in whichever copy.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::collections::BTreeMap;

use common::{Made, made};
use serde_json::{Value, json};
use tiebreak_commands::adjudicate::{
    self, AdjudicateOptions, DecideRequest, NextToAdjudicate, SettleRequest,
};
use tiebreak_commands::agreement::{self, AgreementRequest};
use tiebreak_commands::compare::{self, CompareRequest};
use tiebreak_commands::dto::{VoteReceipt, VoteRequest};
use tiebreak_commands::import::Cancel;
use tiebreak_commands::predictions::{self, PredictionsRequest};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::resolve::{self, ResolveRequest, ResolveRule};
use tiebreak_commands::reveal::{self, RevealRequest};
use tiebreak_commands::{CommandError, Project, annotators, disagreements, label, package};
use tiebreak_domain::{
    AnnotatorId, Attention, QuestionView, RevealWhen, ScreenDecision, ScreenVerdict, SilentShare,
    Told, Verdict,
};

const PAIRS: usize = 12;

/// Pairs of one question each, without labels: of even ones the model prefers response 1, of odd ones
/// response 2; of the last it says nothing.
async fn bench(wish: &NewProject) -> Made {
    let made = made(wish).await;
    let rows: Vec<Value> = (0..PAIRS)
        .map(|n| {
            json!({
                "prompt": format!("prompt-{n}"), "response1": format!("one-{n}"),
                "response2": format!("two-{n}"), "model1": "m-a", "model2": "m-b",
                "criteria": "criterion", "id": format!("source-{n}"),
            })
        })
        .collect();
    let file = "text_to_text_preferences.json";
    made.import_text(file, &Value::Array(rows).to_string())
        .await
        .unwrap();
    let said: Vec<Value> = (0..PAIRS - 1)
        .map(|n| {
            let first = n.is_multiple_of(2);
            json!({
                "id": format!("source-{n}"), "text": format!("because-{n}"),
                "v": if first { "1" } else { "2" },
            })
        })
        .collect();
    let file = made.file("judge.json", &Value::Array(said).to_string());
    let values = [("1", Verdict::Response1), ("2", Verdict::Response2)];
    let request = PredictionsRequest {
        file: file.display().to_string(),
        model: "secret-judge".to_owned(),
        verdict_field: Some("v".to_owned()),
        text_field: Some("text".to_owned()),
        values: values
            .into_iter()
            .map(|(k, v)| (k.to_owned(), Some(v)))
            .collect(),
        ..PredictionsRequest::default()
    };
    predictions::import(&made.project, request).await.unwrap();
    made
}

fn set(when: RevealWhen, silent: f64) -> RevealRequest {
    RevealRequest {
        when: Some(when),
        silent_share: Some(SilentShare::new(silent).unwrap()),
        ..RevealRequest::default()
    }
}

fn number(view: &QuestionView) -> usize {
    view.prompt
        .text
        .rsplit('-')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

/// A verdict of the data on the sides of a question.
fn on_screen(view: &QuestionView, verdict: Verdict) -> ScreenVerdict {
    let first_left = view.left.text.starts_with("one");
    match verdict {
        Verdict::Tie => ScreenVerdict::Tie,
        Verdict::BothBad => ScreenVerdict::BothBad,
        Verdict::Response1 if first_left => ScreenVerdict::Left,
        Verdict::Response2 if !first_left => ScreenVerdict::Left,
        _ => ScreenVerdict::Right,
    }
}

async fn cast(
    project: &Project,
    who: AnnotatorId,
    view: &QuestionView,
    verdict: Verdict,
) -> VoteReceipt {
    let request = VoteRequest {
        assignment: view.assignment,
        verdict: on_screen(view, verdict),
        confidence: None,
        rationale: String::new(),
        attention: Attention::default(),
    };
    label::vote(project, who, request, "test 1").await.unwrap()
}

async fn told(
    project: &Project,
    who: AnnotatorId,
    view: &QuestionView,
) -> Result<Told, CommandError> {
    reveal::told(project, who, view.assignment).await
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, CommandError>, code: &str) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.code, code, "{error}");
    error.to_string()
}

/// The votes that count, by the number of the pair.
async fn counting(project: &Project) -> BTreeMap<usize, Vec<Verdict>> {
    let votes = project.standing_votes().await.unwrap();
    let mut found: BTreeMap<usize, Vec<Verdict>> = BTreeMap::new();
    for vote in &votes.votes {
        let id = votes.questions[vote.question].source_id.clone().unwrap();
        let n = id.rsplit('-').next().unwrap().parse().unwrap();
        found.entry(n).or_default().push(vote.verdict);
    }
    found
}

#[tokio::test]
async fn nothing_is_told_before_the_vote_nor_where_the_project_or_the_arm_says_no() {
    let made = bench(&NewProject::default()).await;
    let p = &made.project;
    let (anna, ben) = (made.person("anna").await, made.person("ben").await);
    let view = made.next(anna).await.unwrap();
    refused(told(p, anna, &view).await, "not_revealed");
    cast(p, anna, &view, Verdict::Tie).await;
    refused(told(p, anna, &view).await, "not_revealed");

    let shown = reveal::set(p, set(RevealWhen::Each, 0.0)).await.unwrap();
    assert_eq!(
        shown.model.unwrap().name,
        "secret-judge",
        "the only one there is"
    );
    let log = p.logged().await.unwrap();
    assert!(
        log.iter()
            .any(|(_, what, detail)| what == "reveal" && detail.contains("each"))
    );
    refused(told(p, ben, &view).await, "not_yours");
    let told_first = told(p, anna, &view).await.unwrap();
    assert_eq!(told_first.verdict, on_screen(&view, Verdict::Response1));
    assert_eq!(told_first.text, "because-0");
    assert_eq!(told_first.saw_left_first, view.left.text == "one-0");

    let next = made.next(anna).await.unwrap();
    refused(told(p, anna, &next).await, "not_voted");
    // Taken back before it was asked: there is no vote any more.
    cast(p, anna, &next, Verdict::Tie).await;
    label::undo(p, anna).await.unwrap();
    refused(told(p, anna, &next).await, "not_voted");
    assert_eq!(reveal::show(p).await.unwrap().shown, 1);

    // The silent arm, and a question of which the model says nothing, are told alike.
    reveal::set(p, set(RevealWhen::Each, 1.0)).await.unwrap();
    cast(p, anna, &next, Verdict::Tie).await;
    let silent = refused(told(p, anna, &next).await, "nothing_to_reveal");
    reveal::set(p, set(RevealWhen::Each, 0.0)).await.unwrap();
    let mut last = None;
    while let Some(view) = made.next(anna).await {
        cast(p, anna, &view, Verdict::Tie).await;
        last = Some(view);
    }
    let nothing = refused(told(p, anna, &last.unwrap()).await, "nothing_to_reveal");
    assert_eq!(silent, nothing);
    let file = made.folder.path().join("ben.tiebreak");
    package::run(p, "ben", Some(&file), &Cancel::default(), "test 1")
        .await
        .unwrap();
    let packed = projects::open(&file, std::sync::Arc::new(tiebreak_commands::SystemClock))
        .await
        .unwrap();
    let who = annotators::labeller(&packed, "", false).await.unwrap().id;
    let tiebreak_domain::Next::Question(view) = label::next(&packed, who).await.unwrap() else {
        panic!("an empty package")
    };
    cast(&packed, who, &view, Verdict::Tie).await;
    refused(
        reveal::told(&packed, who, view.assignment).await,
        "not_revealed",
    );
    refused(reveal::told_at_end(&packed, who, 0).await, "not_revealed");
    packed.close().await;
    let bytes = std::fs::read(&file).unwrap();
    for word in ["secret-judge", "because-"] {
        let found = bytes.windows(word.len()).any(|w| w == word.as_bytes());
        assert!(!found, "{word} in a package");
    }
}

#[tokio::test]
async fn after_the_session_all_are_told_at_once_and_not_before() {
    let made = bench(&NewProject::default()).await;
    let p = &made.project;
    reveal::set(p, set(RevealWhen::Session, 0.0)).await.unwrap();
    let anna = made.person("anna").await;
    let first = made.next(anna).await.unwrap();
    cast(p, anna, &first, Verdict::Tie).await;
    refused(told(p, anna, &first).await, "not_revealed");
    refused(reveal::told_at_end(p, anna, 0).await, "not_revealed");
    while let Some(view) = made.next(anna).await {
        cast(p, anna, &view, Verdict::Tie).await;
    }
    let list = reveal::told_at_end(p, anna, 0).await.unwrap();
    // All but the one of which the model says nothing.
    assert_eq!((list.total, list.entries.len()), (11, 11));
    assert_eq!(list.entries[0].told.text, "because-0");
    assert_eq!(reveal::show(p).await.unwrap().shown, 11);
    assert_eq!(
        reveal::told_at_end(p, anna, 10)
            .await
            .unwrap()
            .entries
            .len(),
        1
    );
    assert_eq!(
        reveal::show(p).await.unwrap().shown,
        11,
        "the same again is no news"
    );
    cast(p, anna, &first, Verdict::Response1).await;
    assert!(told(p, anna, &first).await.unwrap().again);
    assert_eq!(
        counting(p).await[&0],
        [Verdict::Tie],
        "the vote before counts"
    );
    let check = projects::check(p).await.unwrap();
    assert!(check.ok, "{:?}", check.findings);
}

/// Shown after each vote: keeps, changes, takes back and says again, and meets it as a repeat.
#[tokio::test]
async fn a_second_thought_never_counts_as_independent() {
    use Verdict::{Response1, Response2, Tie};
    let made = bench(&NewProject {
        repeat_percent: 100,
        ..NewProject::default()
    })
    .await;
    let p = &made.project;
    reveal::set(p, set(RevealWhen::Each, 0.0)).await.unwrap();
    let anna = made.person("anna").await;
    let mut views = BTreeMap::new();
    let mut repeats = 0;
    while let Some(view) = made.next(anna).await {
        let n = number(&view);
        cast(p, anna, &view, Tie).await;
        if views.insert(n, view.clone()).is_some() {
            repeats += 1;
        }
        if n < 4 {
            told(p, anna, &view).await.unwrap();
        }
        match n {
            1 if repeats == 0 => drop(cast(p, anna, &view, Response2).await),
            2 if repeats == 0 => {
                label::undo(p, anna).await.unwrap();
                cast(p, anna, &view, Response1).await;
            }
            _ => {}
        }
    }
    assert_eq!(repeats, PAIRS);
    let counts = counting(p).await;
    assert_eq!(
        counts[&0],
        [Tie],
        "its repeat came after the model's answer was shown"
    );
    assert_eq!(
        counts[&1],
        [Tie],
        "the second thought does not count, the first vote does"
    );
    assert!(
        !counts.contains_key(&2),
        "taken back and said again: nothing before"
    );
    assert_eq!(counts[&5], [Tie, Tie], "nothing was shown");

    let report = agreement::run(
        p,
        AgreementRequest {
            replicates: 100,
            ..AgreementRequest::default()
        },
    );
    let after = report.await.unwrap().after_reveal.unwrap();
    // Four repeats of questions that were shown, and what was said again of pair 2.
    assert_eq!((after.second_thoughts, after.left_out), (1, 5));
    let ResolveRequest { p: at, .. } = ResolveRequest::default();
    let rule = ResolveRequest {
        rule: ResolveRule::Majority,
        p: at,
        min_votes: 1,
        over_imported: false,
    };
    let resolved = resolve::run(p, &rule).await.unwrap();
    assert_eq!(resolved.by_verdict, [(Tie, 11)].into());

    let report = compare::run(
        p,
        CompareRequest {
            replicates: 100,
            ..CompareRequest::default()
        },
    );
    let found = report.await.unwrap().revealing.unwrap();
    assert_eq!(
        (found.shown, found.second_thoughts, found.left_out),
        (4, 1, 5)
    );
    assert_eq!((found.moves.toward, found.moves.away), (1, 0));
    assert!(found.says.contains("too few votes"), "{}", found.says);
    assert_eq!(
        found.resolutions_saw, 0,
        "rules go by votes that had seen nothing"
    );

    let whole = disagreements::question(p, views[&1].question)
        .await
        .unwrap();
    let marks: Vec<(Verdict, bool, bool)> = whole
        .votes
        .iter()
        .map(|v| (v.verdict, v.repeat, v.after_reveal))
        .collect();
    assert_eq!(
        marks,
        [
            (Tie, false, false),
            (Response2, false, true),
            (Tie, true, true)
        ]
    );
    let (_, lines) = made.exported("votes").await;
    let lines: Vec<Value> = lines
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    for line in &lines {
        let revealed = line["presentation"]["revealed"].as_bool().unwrap_or(false);
        assert_eq!(line["after_reveal"] == true, revealed, "{line}");
        if line["verdict"] != Value::Null {
            assert_eq!(line["presentation"]["reveal"]["policy"], "each");
            assert_eq!(line["presentation"]["reveal"]["arm"], "told");
        }
    }
    assert_eq!(
        lines.iter().filter(|l| l["after_reveal"] == true).count(),
        6
    );
    let (_, table) = made.exported("csv").await;
    assert!(table.lines().next().unwrap().ends_with(",after_reveal"));
    // 24 that stand, and the vote before the one second thought.
    assert_eq!(table.lines().count(), 26);
    assert_eq!(table.lines().filter(|l| l.ends_with(",true")).count(), 6);
    // Moved to another name, the same counts and the same does not.
    let ben = made.person("ben").await;
    annotators::move_votes(p, anna, ben).await.unwrap();
    assert_eq!(counting(p).await, counts);
    let check = projects::check(p).await.unwrap();
    assert!(check.ok, "{:?}", check.findings);
}

#[tokio::test]
async fn a_project_that_shows_nothing_writes_what_it_wrote_before() {
    let made = bench(&NewProject::default()).await;
    let anna = made.person("anna").await;
    for _ in 0..3 {
        let view = made.next(anna).await.unwrap();
        cast(&made.project, anna, &view, Verdict::Tie).await;
    }
    for format in ["votes", "csv"] {
        let (_, text) = made.exported(format).await;
        assert!(
            !text.contains("after_reveal") && !text.contains("\"reveal\""),
            "{text}"
        );
    }
    let report = compare::run(
        &made.project,
        CompareRequest {
            replicates: 100,
            ..CompareRequest::default()
        },
    );
    assert!(report.await.unwrap().revealing.is_none());
}

/// The queue by what the model says, and second thoughts before the adjudicator: both are written down
/// with the resolution, and its question is left out of the accuracy beside.
#[tokio::test]
async fn a_resolution_says_whether_it_had_seen_a_prediction() {
    use Verdict::{Response1, Response2, Tie};
    let made = bench(&NewProject::default()).await;
    let p = &made.project;
    let (anna, ben) = (made.person("anna").await, made.person("ben").await);
    reveal::set(p, set(RevealWhen::Each, 0.0)).await.unwrap();
    for who in [anna, ben] {
        while let Some(view) = made.next(who).await {
            let said = match (number(&view), who == anna) {
                // The model says 1: nobody does, one does.
                (0, true) => Tie,
                (0, false) => Response2,
                (_, true) => Response1,
                (_, false) => Response2,
            };
            cast(p, who, &view, said).await;
            if number(&view) == 3 && who == anna {
                told(p, who, &view).await.unwrap();
                cast(p, who, &view, Response2).await;
            }
        }
    }
    let cleo = made.person("cleo").await;
    let plain = AdjudicateOptions::default();
    let by_model = AdjudicateOptions {
        by_prediction: true,
        ..plain
    };
    let mut saw = Vec::new();
    let mut order = Vec::new();
    let mut views = BTreeMap::new();
    for n in 0..PAIRS {
        let options = if n < 4 { by_model } else { plain };
        let NextToAdjudicate::Question(next) = adjudicate::next(p, cleo, options).await.unwrap()
        else {
            panic!("nothing is open")
        };
        let shown = serde_json::to_string(&next).unwrap();
        assert!(
            !shown.contains("secret-judge") && !shown.contains("parting"),
            "{shown}"
        );
        order.push(number(&next.question));
        let decision = ScreenDecision::Verdict(on_screen(&next.question, Response1));
        views.insert(number(&next.question), next.question.clone());
        let question = next.question.question;
        let decide = DecideRequest {
            question,
            decision,
            reason: String::new(),
            attention: Attention::default(),
            options,
        };
        let votes = adjudicate::decide(p, cleo, decide, "test 1").await.unwrap();
        let told = serde_json::to_string(&votes).unwrap();
        assert!(!told.contains("secret-judge"), "{told}");
        if number(&next.question) == 3 {
            let second: Vec<_> = votes.votes.iter().filter(|v| v.after_reveal).collect();
            assert_eq!(second.len(), 1);
            assert!(second[0].notes.iter().any(|n| n.contains("second thought")));
        }
        let settle = SettleRequest {
            question,
            decision,
            reason: String::new(),
            options,
        };
        adjudicate::settle(p, cleo, settle).await.unwrap();
        let is = p.resolution_of(question).await.unwrap().unwrap();
        let reasons: Vec<String> = is
            .saw_prediction()
            .iter()
            .map(|r| (*r).to_owned())
            .collect();
        saw.push((number(&next.question), reasons));
    }
    assert_eq!(order[0], 0, "two votes against the model come first");
    for (n, (pair, reasons)) in saw.iter().enumerate() {
        assert_eq!(reasons.contains(&"queue".to_owned()), n < 4);
        assert_eq!(reasons.contains(&"votes".to_owned()), *pair == 3);
    }
    // Somebody who was told as an annotator, and may adjudicate what he voted on, was shown one.
    let three = disagreements::list(p, 100).await.unwrap().questions;
    let three = three
        .iter()
        .find(|q| q.source_id.as_deref() == Some("source-3"))
        .unwrap();
    let is = p.resolution_of(three.question).await.unwrap().unwrap();
    resolve::reverse(p, &is.id.to_string(), "again")
        .await
        .unwrap();
    let own = AdjudicateOptions {
        own_votes: true,
        ..plain
    };
    let decision = ScreenDecision::Verdict(ScreenVerdict::Tie);
    let decide = DecideRequest {
        question: three.question,
        decision,
        reason: String::new(),
        attention: Attention::default(),
        options: own,
    };
    adjudicate::decide(p, anna, decide, "test 1").await.unwrap();
    let settle = SettleRequest {
        question: three.question,
        decision,
        reason: String::new(),
        options: own,
    };
    adjudicate::settle(p, anna, settle).await.unwrap();
    let again = p.resolution_of(three.question).await.unwrap().unwrap();
    assert!(
        again.saw_prediction().contains(&"shown"),
        "{:?}",
        again.provenance
    );
    assert_eq!(
        again.provenance["shown"]["predictions"],
        json!(["secret-judge"])
    );
    // Taken back, what stood before had seen what it had seen then.
    resolve::reverse(p, &again.id.to_string(), "no")
        .await
        .unwrap();
    assert!(
        p.resolution_of(three.question).await.unwrap().is_none(),
        "that was taken back too"
    );
    let cleo_again = DecideRequest {
        question: three.question,
        decision: ScreenDecision::Verdict(on_screen(&views[&3], Response1)),
        reason: String::new(),
        attention: Attention::default(),
        options: plain,
    };
    let decision = cleo_again.decision;
    adjudicate::decide(p, cleo, cleo_again, "test 1")
        .await
        .unwrap();
    let settle = SettleRequest {
        question: three.question,
        decision,
        reason: String::new(),
        options: plain,
    };
    adjudicate::settle(p, cleo, settle).await.unwrap();
    let left_out = saw
        .iter()
        .filter(|(_, reasons)| !reasons.is_empty())
        .count() as u64;
    let report = compare::run(
        p,
        CompareRequest {
            replicates: 100,
            ..CompareRequest::default()
        },
    )
    .await
    .unwrap();
    assert_eq!(report.revealing.as_ref().unwrap().resolutions_saw, left_out);
    let unseen = report.models[0].unseen.as_ref().unwrap();
    let (all, rest) = (
        &report.models[0].with_ties_mean.mean,
        &unseen.with_ties_mean.mean,
    );
    let right = |pairs: &mut dyn Iterator<Item = usize>| {
        let pairs: Vec<usize> = pairs.filter(|n| *n != PAIRS - 1).collect();
        pairs.iter().filter(|n| n.is_multiple_of(2)).count() as f64 / pairs.len() as f64
    };
    assert_eq!(all.value(), Some(right(&mut (0..PAIRS))));
    let kept = |n: &usize| {
        saw.iter()
            .any(|(pair, reasons)| pair == n && reasons.is_empty())
    };
    assert_eq!(rest.value(), Some(right(&mut (0..PAIRS).filter(kept))));
}

/// Two wordings of one question: whoever saw what the model says under the one has seen it under the other.
#[tokio::test]
async fn a_question_that_says_the_same_has_been_seen_too() {
    let made = made(&NewProject::default()).await;
    let p = &made.project;
    let file = "text_to_text_preferences.json";
    made.import_text(file, &common::rows(1, 2)).await.unwrap();
    let said: Vec<Value> = (0..2)
        .map(|n| json!({"id": format!("source-0-{n}"), "s1": 2, "s2": 1}))
        .collect();
    let file = made.file("judge.json", &Value::Array(said).to_string());
    let request = PredictionsRequest {
        file: file.display().to_string(),
        model: "judge".to_owned(),
        score_fields: Some(["s1".to_owned(), "s2".to_owned()]),
        ..PredictionsRequest::default()
    };
    predictions::import(p, request).await.unwrap();
    reveal::set(p, set(RevealWhen::Each, 0.0)).await.unwrap();
    let anna = made.person("anna").await;
    let one = made.next(anna).await.unwrap();
    cast(p, anna, &one, Verdict::Tie).await;
    told(p, anna, &one).await.unwrap();
    let other = made.next(anna).await.unwrap();
    let ids = [other.question.to_string(), one.question.to_string()];
    tiebreak_commands::criteria::same(p, &ids, None, None)
        .await
        .unwrap();
    cast(p, anna, &other, Verdict::Response1).await;
    assert!(p.standing_votes().await.unwrap().votes.is_empty());
}
