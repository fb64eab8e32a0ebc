//! Questions with known answers: checks that everybody gets among the others and nobody can tell from
//! them, and a practice round whose answers are told after the vote and which counts in no figure.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::collections::{HashMap, HashSet};

use common::{Made, made, number, rows};
use serde_json::Value;
use tiebreak_commands::adjudicate::{self, AdjudicateOptions, NextToAdjudicate};
use tiebreak_commands::agreement::{self, AgreementReport, AgreementRequest, Coefficient};
use tiebreak_commands::dto::{VoteReceipt, VoteRequest};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{annotators, disagreements, known, label, merge};
use tiebreak_domain::{AnnotatorId, Attention, Order, QuestionView, Role, ScreenVerdict, Verdict};

const BENCH: &str = "text_to_text_preferences.json";

async fn bench(wish: &NewProject, pairs: usize, criteria: usize) -> Made {
    let made = made(wish).await;
    // Without labels of their own: what is exported is what people said.
    let rows = rows(pairs, criteria).replace("criteria_preference", "some_field");
    made.import_text(BENCH, &rows).await.unwrap();
    made
}

/// The key for what is meant of the data.
fn pressed(view: &QuestionView, meant: Verdict) -> ScreenVerdict {
    let one_is_left = view.left.text.starts_with("one");
    match (meant, one_is_left) {
        (Verdict::Tie, _) => ScreenVerdict::Tie,
        (Verdict::BothBad, _) => ScreenVerdict::BothBad,
        (Verdict::Response1, true) | (Verdict::Response2, false) => ScreenVerdict::Left,
        _ => ScreenVerdict::Right,
    }
}

async fn say(made: &Made, who: AnnotatorId, view: &QuestionView, meant: Verdict) -> VoteReceipt {
    let request = VoteRequest {
        assignment: view.assignment,
        verdict: pressed(view, meant),
        confidence: None,
        rationale: String::new(),
        attention: Attention::default(),
    };
    let voted = label::vote(&made.project, who, request, "test 1").await;
    voted.unwrap()
}

/// Answers everything the same way, and gives what was seen.
async fn work(made: &Made, name: &str, meant: Verdict) -> Vec<QuestionView> {
    let who = made.person(name).await;
    let mut seen = Vec::new();
    while let Some(view) = made.next(who).await {
        say(made, who, &view, meant).await;
        seen.push(view);
    }
    seen
}

async fn mark(made: &Made, role: Role, ids: &[&str], verdict: Verdict, why: &str) {
    for id in ids {
        known::add(&made.project, role, id, verdict, why)
            .await
            .unwrap();
    }
}

async fn figures(made: &Made) -> AgreementReport {
    let request = AgreementRequest {
        replicates: 50,
        ..AgreementRequest::default()
    };
    agreement::run(&made.project, request).await.unwrap()
}

const CHECKS: [&str; 4] = ["source-0-0", "source-1-0", "source-2-0", "source-3-0"];

#[tokio::test]
async fn everybody_gets_the_checks_spread_through_the_queue_whatever_the_share() {
    // Every project has a seed of its own: five of each order.
    for order in Order::ALL.repeat(5) {
        let wish = NewProject {
            overlap: Some((1, 3)),
            order,
            ..NewProject::default()
        };
        let made = bench(&wish, 60, 2).await;
        mark(&made, Role::Check, &CHECKS, Verdict::Response1, "").await;
        let mut people: HashMap<_, HashSet<&str>> = HashMap::new();
        for name in ["anna", "ben", "cleo"] {
            let seen = work(&made, name, Verdict::Tie).await;
            let check = |view: &QuestionView| {
                number(view) < 4 && view.criterion.as_deref() == Some("criterion-0")
            };
            let at: Vec<usize> = (0..seen.len()).filter(|at| check(&seen[*at])).collect();
            assert_eq!(at.len(), 4, "{order} {name}");
            // In no lump: a third of the queue at least lies between the first and the last.
            assert!(at[3] - at[0] >= seen.len() / 3, "{order} {name}: {at:?}");
            assert!(at.windows(2).all(|w| w[1] - w[0] > 1), "{order}: {at:?}");
            for view in &seen {
                people.entry(view.question).or_default().insert(name);
            }
            let who = made.person(name).await;
            let progress = label::progress(&made.project, who).await.unwrap();
            assert_eq!(progress.done, seen.len() as u64);
            assert_eq!(progress.done, progress.total, "{order} {name}");
        }
        assert_eq!(people.len(), 120, "{order}: every question is answered");
        let more = people.values().filter(|people| people.len() > 1).count();
        assert_eq!(more, 4, "{order}: only the checks by more than one");
        assert!(people.values().all(|n| n.len() == 1 || n.len() == 3));
        assert!(projects::check(&made.project).await.unwrap().ok);
    }
}

#[tokio::test]
async fn nobody_can_tell_a_check_from_another_question() {
    let plain = bench(&NewProject::default(), 12, 1).await;
    let with = bench(&NewProject::default(), 12, 1).await;
    mark(
        &with,
        Role::Check,
        &CHECKS,
        Verdict::Response2,
        "secret-why",
    )
    .await;
    let mut shapes = HashSet::new();
    let mut told = String::new();
    for made in [&plain, &with] {
        let who = made.person("anna").await;
        while let Some(view) = made.next(who).await {
            let shown = serde_json::to_value(&view).unwrap();
            let peeked = label::peek(&made.project, who).await.unwrap();
            told.push_str(&serde_json::to_string(&peeked).unwrap());
            let receipt = say(made, who, &view, Verdict::Tie).await;
            let receipt = serde_json::to_value(&receipt).unwrap();
            assert_eq!(receipt["practice"], Value::Null);
            for value in [shown, receipt] {
                told.push_str(&value.to_string());
                shapes.insert(shape(&value));
            }
        }
        for value in [
            serde_json::to_value(label::history(&made.project, who, 99).await.unwrap()),
            serde_json::to_value(label::progress(&made.project, who).await.unwrap()),
            serde_json::to_value(annotators::setup(&made.project, who).await.unwrap()),
        ] {
            let value = value.unwrap();
            told.push_str(&value.to_string());
            shapes.insert(shape(&value));
        }
    }
    // `next`, a receipt, the history, the progress, the setup: one shape each, with checks or without.
    assert_eq!(shapes.len(), 5, "{shapes:?}");
    for word in ["check", "secret", "known", "role"] {
        assert!(!told.contains(word), "{word}");
    }
}

/// The keys of a value, those within it with them.
fn shape(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let each = fields
                .iter()
                .map(|(key, value)| format!("{key}:{}", shape(value)));
            format!("{{{}}}", each.collect::<Vec<_>>().join(","))
        }
        Value::Array(list) => format!("[{}]", list.first().map(shape).unwrap_or_default()),
        _ => String::new(),
    }
}

#[tokio::test]
async fn accuracy_on_checks_stands_beside_the_other_figures() {
    let made = bench(&NewProject::default(), 20, 1).await;
    let before = {
        work(&made, "anna", Verdict::Response1).await;
        work(&made, "ben", Verdict::Tie).await;
        figures(&made).await
    };
    let none = &before.annotators[0].check_accuracy;
    assert!(
        matches!(none, Coefficient::Undefined { undefined } if undefined.starts_with("because")),
        "{none:?}"
    );
    mark(&made, Role::Check, &CHECKS[..3], Verdict::Response1, "").await;
    mark(&made, Role::Check, &CHECKS[3..], Verdict::Tie, "").await;
    let report = figures(&made).await;
    let of = |name| {
        let one = report.annotators.iter().find(|one| one.name == name);
        one.unwrap().check_accuracy.clone()
    };
    let Coefficient::Defined(anna) = of("anna") else {
        panic!("anna answered checks");
    };
    assert_eq!((anna.value, anna.n), (0.75, 4));
    let [low, high] = anna.ci.unwrap();
    assert!(low < 0.75 && 0.75 < high && low > 0.0 && high < 1.0);
    assert_eq!(of("ben").value(), Some(0.25));
    assert_eq!((report.checks.questions, report.checks.votes), (4, 8));
    // They count like other questions: marking them changed nothing else.
    assert_eq!(report.all, before.all);
    assert_eq!(report.plurality, before.plurality);
}

#[tokio::test]
async fn checks_come_from_a_file_and_one_wrong_row_changes_nothing() {
    let made = bench(&NewProject::default(), 6, 1).await;
    let p = &made.project;
    let lines = made.file(
        "checks.jsonl",
        "{\"question\":\"source-1-0\",\"verdict\":\"tie\"}\n\
         {\"question\":\"source-4-0\",\"verdict\":\"response2\",\"explanation\":\"why\"}\n",
    );
    assert_eq!(known::set(p, Role::Check, &lines).await.unwrap(), 2);
    assert_eq!(
        known::set(p, Role::Check, &lines).await.unwrap(),
        0,
        "again"
    );
    let table = made.file(
        "checks.csv",
        "question,verdict\nsource-1-0,both_bad\nsource-2-0,response1\n",
    );
    assert_eq!(known::set(p, Role::Check, &table).await.unwrap(), 3);
    let stand = |list: Vec<known::KnownQuestion>| {
        let each = list.into_iter().map(|k| (k.source_id.unwrap(), k.verdict));
        each.collect::<Vec<_>>()
    };
    let wanted = [
        ("source-1-0".to_owned(), Verdict::BothBad),
        ("source-2-0".to_owned(), Verdict::Response1),
    ];
    assert_eq!(
        stand(known::list(p, Some(Role::Check)).await.unwrap()),
        wanted
    );
    for (text, code, row) in [
        (
            "question,verdict\nsource-0-0,tie\nnowhere,tie\n",
            "not_found",
            2,
        ),
        ("question,verdict\nsource-0-0,better\n", "bad_value", 1),
        (
            "question,verdict\nsource-0-0,tie\nsource-0-0,tie\n",
            "named_twice",
            2,
        ),
        ("question\nsource-0-0\n", "bad_known_answer", 1),
    ] {
        let file = made.file("wrong.csv", text);
        let refused = known::set(p, Role::Check, &file).await.unwrap_err();
        assert_eq!(
            (refused.code.as_str(), refused.row),
            (code, Some(row)),
            "{text}"
        );
        assert_eq!(stand(known::list(p, None).await.unwrap()), wanted, "{text}");
    }
    let not_there = known::remove(p, Role::Practice, "source-1-0").await;
    assert_eq!(not_there.unwrap_err().code, "not_found");
    known::remove(p, Role::Check, "source-1-0").await.unwrap();
    assert_eq!(known::list(p, None).await.unwrap().len(), 1);
    // What was a check once is dealt all the same, to who is to see it.
    assert_eq!(work(&made, "anna", Verdict::Tie).await.len(), 6);
}

/// Two practice questions, the second first in the data.
async fn with_practice(made: &Made) {
    mark(
        made,
        Role::Practice,
        &["source-5-0"],
        Verdict::Response2,
        "It is *kinder*.",
    )
    .await;
    mark(made, Role::Practice, &["source-1-0"], Verdict::Tie, "").await;
}

#[tokio::test]
async fn practice_comes_first_and_its_answer_is_told_after_the_vote() {
    let wish = NewProject {
        order: Order::Random,
        repeat_percent: 100,
        ..NewProject::default()
    };
    let made = bench(&wish, 8, 1).await;
    with_practice(&made).await;
    for name in ["anna", "ben"] {
        let who = made.person(name).await;
        let progress = label::progress(&made.project, who).await.unwrap();
        assert_eq!((progress.practice_done, progress.practice), (0, 2));
        assert_eq!((progress.done, progress.total), (0, 6));
        let first = made.next(who).await.unwrap();
        assert_eq!(number(&first), 5, "in the order in which they were marked");
        let progress = label::progress(&made.project, who).await.unwrap();
        assert_eq!(progress.practice_open, Some(first.assignment));
        let shown = serde_json::to_string(&first).unwrap();
        assert!(!shown.contains("kinder"), "not before the vote");
        let told = say(&made, who, &first, Verdict::Response1).await.practice;
        let told = told.unwrap();
        assert!(!told.right);
        assert_eq!(
            told.answer,
            pressed(&first, Verdict::Response2),
            "on his sides"
        );
        assert_eq!(told.explanation, "It is *kinder*.");
        // Taken back and said again, it is still practice.
        label::undo(&made.project, who).await.unwrap().unwrap();
        assert_eq!(made.next(who).await.unwrap(), first);
        let told = say(&made, who, &first, Verdict::Response2).await.practice;
        assert!(told.unwrap().right);
        let second = made.next(who).await.unwrap();
        assert_eq!(number(&second), 1);
        assert!(
            say(&made, who, &second, Verdict::Tie)
                .await
                .practice
                .unwrap()
                .right
        );
        let mut others = Vec::new();
        while let Some(view) = made.next(who).await {
            assert_eq!(say(&made, who, &view, Verdict::Tie).await.practice, None);
            others.push(number(&view));
        }
        assert_eq!(others.len(), 12, "six questions and their repeats");
        assert!(!others.contains(&5) && !others.contains(&1));
        let progress = label::progress(&made.project, who).await.unwrap();
        assert_eq!((progress.practice_done, progress.practice), (2, 2));
        assert_eq!((progress.done, progress.total), (6, 6));
    }
    assert!(projects::check(&made.project).await.unwrap().ok);
}

#[tokio::test]
async fn practice_votes_are_on_disk_and_count_nowhere() {
    let plain = bench(&NewProject::default(), 8, 1).await;
    let made = bench(&NewProject::default(), 8, 1).await;
    with_practice(&made).await;
    // People who part on everything, practice with it.
    work(&made, "anna", Verdict::Response1).await;
    work(&made, "ben", Verdict::Response2).await;
    for (name, meant) in [("anna", Verdict::Response1), ("ben", Verdict::Response2)] {
        let who = plain.person(name).await;
        while let Some(view) = plain.next(who).await {
            if [1, 5].contains(&number(&view)) {
                let reason = tiebreak_domain::SkipReason::Broken;
                label::skip(&plain.project, who, view.assignment, reason, "")
                    .await
                    .unwrap();
            } else {
                say(&plain, who, &view, meant).await;
            }
        }
    }
    let info = projects::info(&made.project).await.unwrap();
    assert_eq!(
        (info.votes, info.practice_votes, info.votes_ever),
        (12, 4, 16)
    );
    let (with, without) = (figures(&made).await, figures(&plain).await);
    assert_eq!(with.all, without.all);
    assert_eq!(with.plurality, without.plurality);
    assert_eq!(with.annotators[0].votes, 6);
    assert_eq!(with.dawid_skene, without.dawid_skene);
    let parted = disagreements::list(&made.project, 100).await.unwrap();
    assert_eq!(parted.questions.len(), 6);
    let judith = made.person("judith").await;
    let options = AdjudicateOptions::default();
    let queue = adjudicate::next(&made.project, judith, options)
        .await
        .unwrap();
    let NextToAdjudicate::Question(queue) = queue else {
        panic!("they disagree");
    };
    assert_eq!(queue.open, 6);
    for (format, lines, left) in [("votes", 12, 4), ("csv", 13, 4)] {
        let (report, text) = made.exported(format).await;
        assert_eq!(text.lines().count(), lines, "{format}");
        let told = report.left_out.iter().find(|l| l.reason == "practice");
        assert_eq!(told.unwrap().count, left, "{format}");
        assert!(!text.contains("source-5-0"), "{format}");
    }
    let (report, _) = made.exported("omni-rewardbench").await;
    let told = report.left_out.iter().find(|l| l.reason == "practice");
    assert_eq!(told.unwrap().questions, ["source-1-0", "source-5-0"]);
    // Once practised, a vote stays practice, whatever becomes of its question.
    known::remove(&made.project, Role::Practice, "source-5-0")
        .await
        .unwrap();
    mark(&made, Role::Check, &["source-1-0"], Verdict::Tie, "").await;
    assert_eq!(figures(&made).await.all, without.all);
    assert_eq!(made.exported("votes").await.1.lines().count(), 12);
    let who = made.person("anna").await;
    assert_eq!(made.next(who).await, None, "nor is it asked again");
    let cleo = work(&made, "cleo", Verdict::Tie).await;
    assert_eq!(cleo.len(), 8, "whoever comes now gets both as questions");
}

#[tokio::test]
async fn known_answers_and_practice_join_whichever_project_is_merged() {
    let (one, other) = (
        bench(&NewProject::default(), 8, 1).await,
        bench(&NewProject::default(), 8, 1).await,
    );
    with_practice(&one).await;
    mark(&one, Role::Check, &["source-2-0"], Verdict::Tie, "").await;
    mark(&other, Role::Check, &["source-2-0"], Verdict::Response1, "").await;
    mark(&other, Role::Check, &["source-3-0"], Verdict::Tie, "").await;
    work(&one, "anna", Verdict::Tie).await;
    work(&other, "ben", Verdict::Response1).await;
    let cancel = tiebreak_commands::import::Cancel::default();
    let mut codes = Vec::new();
    for (target, source) in [(&one, &other), (&other, &one), (&one, &other)] {
        let path = source.folder.path().join("project");
        let report = merge::run(&target.project, &path, false, &cancel)
            .await
            .unwrap();
        codes.push(
            report
                .remarks
                .into_iter()
                .map(|r| r.code)
                .collect::<Vec<_>>(),
        );
        if codes.len() == 3 {
            assert_eq!((report.known_answers, report.votes), (0, 0), "nothing new");
        }
    }
    let told = "known_answers_differ".to_owned();
    assert!(codes[0].contains(&told), "{codes:?}");
    let here = known::list(&one.project, None).await.unwrap();
    assert_eq!(here, known::list(&other.project, None).await.unwrap());
    let second = here
        .iter()
        .find(|k| k.source_id.as_deref() == Some("source-2-0"));
    assert_eq!(second.unwrap().verdict, Verdict::Response1, "the later");
    assert_eq!(
        one.exported("votes").await.1,
        other.exported("votes").await.1
    );
    assert_eq!(one.exported("csv").await.1, other.exported("csv").await.1);
    for made in [&one, &other] {
        let info = projects::info(&made.project).await.unwrap();
        assert_eq!((info.votes, info.practice_votes), (14, 2));
        assert!(projects::check(&made.project).await.unwrap().ok);
    }
}
