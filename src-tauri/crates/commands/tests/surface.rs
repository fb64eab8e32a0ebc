//! How much of the labels the surface explains: on real preferences, on labels that say nothing, and on
//! labels that follow a rule; and what it predicts of a project's questions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use common::{Dice, Made, made, rows, shared, two_hundred_pairs};
use serde_json::{Value, json};
use tiebreak_commands::compare::{self, CompareRequest};
use tiebreak_commands::import::Cancel;
use tiebreak_commands::predict::{self, PredictReport, PredictRequest};
use tiebreak_commands::projects::NewProject;
use tiebreak_commands::surface::{self, SurfaceReport, SurfaceRequest};
use tiebreak_domain::{Setting, Shown, Verdict};

async fn explained(made: &Made) -> SurfaceReport {
    let request = SurfaceRequest {
        replicates: 200,
        ..SurfaceRequest::default()
    };
    surface::run(&made.project, request).await.unwrap()
}

async fn predict(made: &Made, limit: Option<u32>) -> PredictReport {
    let request = PredictRequest {
        model: "surface".to_owned(),
        folder: None,
        questions: Vec::new(),
        limit,
        setting: None,
        order: predict::Orders::OneTwo,
    };
    predict::run(&made.project, &request, &Cancel::default(), |_| {})
        .await
        .unwrap()
}

/// Pairs whose responses are of two lengths, labelled by a rule on the words of the two.
async fn project(pairs: usize, rule: impl Fn(usize, usize, &mut Dice) -> &'static str) -> Made {
    let mut dice = Dice(11);
    let mut list = Vec::new();
    for n in 0..pairs {
        let [one, two] = [dice.pick(80) + 1, dice.pick(80) + 1];
        let text = |count: usize| {
            let words: Vec<String> = (0..count).map(|w| format!("w{}", 100 + w)).collect();
            format!("{}.", words.join(" "))
        };
        list.push(json!({
            "prompt": format!("prompt {n}"), "response1": text(one), "response2": text(two),
            "criteria": "Which is better?", "criteria_preference": rule(one, two, &mut dice),
            "model1": "a", "model2": "b", "id": format!("row-{n}"),
        }));
    }
    let made = made(&NewProject::default()).await;
    let text = Value::Array(list).to_string();
    made.import_text("text_to_text_preferences.json", &text)
        .await
        .unwrap();
    made
}

#[tokio::test]
async fn of_real_preferences_it_explains_a_little_and_says_the_same_each_time() {
    let Some(shared) = shared("how much the surface explains of 200 pairs") else {
        return;
    };
    let made = two_hundred_pairs(&shared).await;
    let report = explained(&made).await;
    println!("{}", serde_json::to_string(&report.all).unwrap());
    assert_eq!(
        (report.questions, report.votes, report.from_resolutions),
        (200, 600, 0)
    );
    assert_eq!(report.folds.len(), 5);
    assert_eq!(
        report.folds.iter().map(|fold| fold.questions).sum::<u64>(),
        200
    );
    let explained_share = report.all.explained.value().unwrap();
    assert!((0.0..0.3).contains(&explained_share), "{explained_share}");
    let right = report.all.without_ties.value().unwrap();
    assert!((0.6..0.8).contains(&right), "{right}");
    let again = explained(&made).await;
    assert_eq!(report, again, "the same labels give the same figures");
    assert!(
        report
            .all
            .weights
            .iter()
            .any(|weight| weight.feature == "words")
    );

    // What it predicts is what it was scored by: the same share is right where votes are the truth.
    let said = predict(&made, None).await;
    assert_eq!((said.added, said.failed, said.left), (200, 0, 0));
    assert_eq!(Some(&said.hash), report.hash.as_ref());
    let (by, all) = made.project.predictions().await.unwrap();
    assert_eq!(by.len(), 1);
    let truths: std::collections::HashMap<_, _> = truths(&made).await;
    let decided: Vec<_> = all
        .iter()
        .filter_map(|one| Some((one, truths.get(&one.question).copied()??)))
        .collect();
    let right = decided
        .iter()
        .filter(|(one, truth)| one.verdict == Some(*truth));
    let share = right.count() as f64 / decided.len() as f64;
    assert!(
        (share - report.all.with_ties.value().unwrap()).abs() < 1e-12,
        "{share}"
    );
}

#[tokio::test]
async fn the_same_votes_on_other_questions_are_chance() {
    let Some(shared) = shared("labels of 200 pairs that are shuffled") else {
        return;
    };
    let text = std::fs::read_to_string(shared.join("pandalm/ship200.json")).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    let (mut right, mut explained_share) = (0.0, 0.0);
    const TIMES: u64 = 6;
    for seed in 0..TIMES {
        let (mut dice, mut shuffled) = (Dice(seed), rows.clone());
        for n in (1..rows.len()).rev() {
            let other = dice.pick(n + 1);
            for who in ["annotator1", "annotator2", "annotator3"] {
                let mine = shuffled[n][who].clone();
                shuffled[n][who] = shuffled[other][who].clone();
                shuffled[other][who] = mine;
            }
        }
        let folder = common::folder();
        std::fs::create_dir(folder.path().join("pandalm")).unwrap();
        let text = Value::Array(shuffled).to_string();
        std::fs::write(folder.path().join("pandalm/ship200.json"), text).unwrap();
        let report = explained(&two_hundred_pairs(folder.path()).await).await;
        right += report.all.without_ties.value().unwrap();
        explained_share += report.all.explained.value().unwrap();
    }
    let (right, explained_share) = (right / TIMES as f64, explained_share / TIMES as f64);
    // 6 times some 177 questions: a standard deviation of chance is 0.015.
    assert!((right - 0.5).abs() < 0.06, "{right}");
    assert!((-0.1..0.02).contains(&explained_share), "{explained_share}");
}

/// By question, the verdict that leads.
async fn truths(
    made: &Made,
) -> std::collections::HashMap<tiebreak_domain::QuestionId, Option<Verdict>> {
    let votes = made.project.standing_votes().await.unwrap();
    let each = votes.questions.iter().zip(votes.on_each());
    each.map(|(question, said)| {
        let count = |v: Verdict| said.iter().filter(|vote| vote.verdict == v).count();
        let most = Verdict::ALL.into_iter().map(count).max().unwrap();
        let first: Vec<_> = Verdict::ALL
            .into_iter()
            .filter(|v| count(*v) == most)
            .collect();
        (question.id, (first.len() == 1).then(|| first[0]))
    })
    .collect()
}

#[tokio::test]
async fn where_longer_wins_it_says_so() {
    let made = project(120, |one, two, _| match one.abs_diff(two) {
        0..8 => "tie",
        _ if one > two => "response1",
        _ => "response2",
    })
    .await;
    let report = explained(&made).await;
    assert_eq!((report.votes, report.from_resolutions), (0, 120));
    let value = |c: &tiebreak_commands::agreement::Coefficient| c.value().unwrap();
    assert!(
        value(&report.all.explained) > 0.5,
        "{:?}",
        report.all.explained
    );
    assert!(
        value(&report.all.without_ties) > 0.9,
        "{:?}",
        report.all.without_ties
    );
    assert!(value(&report.all.with_ties) > report.all.commonest_with_ties.unwrap() + 0.2);
    assert!(report.folds.iter().all(|fold| fold.epsilon > 0.0));
    let first = &report.all.weights[0];
    assert!(
        ["words", "characters"].contains(&first.feature.as_str()),
        "{first:?}"
    );
    assert!(
        first.preferred_percent > 60.0 && first.same_sign_in == 5,
        "{first:?}"
    );
    assert!(
        report
            .sentence
            .starts_with("Length, format and the like explain about")
    );

    predict(&made, None).await;
    let compared = compare::run(&made.project, CompareRequest::default())
        .await
        .unwrap();
    assert_eq!(compared.models.len(), 1);
    assert!(value(&compared.models[0].without_ties_mean.mean) > 0.9);
}

#[tokio::test]
async fn of_labels_that_say_nothing_it_explains_nothing() {
    let made = project(200, |_, _, dice| ["response1", "response2"][dice.pick(2)]).await;
    let report = explained(&made).await;
    let right = report.all.without_ties.value().unwrap();
    // A standard deviation of chance is 0.035.
    assert!((right - 0.5).abs() < 0.12, "{right}");
    let explained = report.all.explained.value().unwrap();
    assert!((-0.15..0.05).contains(&explained), "{explained}");
    assert!(
        report.sentence.contains("that could be nothing"),
        "{}",
        report.sentence
    );
}

#[tokio::test]
async fn a_run_goes_on_where_it_stopped_and_other_votes_are_another_version() {
    let made = project(
        40,
        |one, two, _| if one > two { "response1" } else { "response2" },
    )
    .await;
    let first = predict(&made, Some(15)).await;
    assert_eq!((first.added, first.known, first.left), (15, 0, 25));
    let second = predict(&made, Some(15)).await;
    assert_eq!((second.added, second.known, second.left), (15, 15, 10));
    assert_eq!(predict(&made, None).await.added, 10);
    let again = predict(&made, None).await;
    assert_eq!((again.added, again.known, again.left), (0, 40, 0));

    // More labels: the whole is asked again, and what was said before stays.
    let name = "more/text_to_text_preferences.json";
    made.import_text(name, &rows(1, 1)).await.unwrap();
    let more = predict(&made, None).await;
    assert_ne!(more.hash, again.hash);
    assert_eq!((more.added, more.known), (41, 0));
    let (by, all) = made.project.predictions().await.unwrap();
    assert_eq!((by.len(), all.len()), (2, 81));
    assert!(
        by.iter()
            .all(|one| one.shown == Shown::OneTwo && one.setting == Setting::WithTie)
    );
}

#[tokio::test]
async fn both_orders_are_one_for_what_sees_none() {
    let made = project(
        30,
        |one, two, _| if one > two { "response1" } else { "response2" },
    )
    .await;
    let request = PredictRequest {
        model: "surface".to_owned(),
        folder: None,
        questions: vec!["row-3".to_owned(), "row-4".to_owned()],
        limit: None,
        setting: Some(Setting::WithoutTie),
        order: predict::Orders::Both,
    };
    let mut told = Vec::new();
    let report = predict::run(&made.project, &request, &Cancel::default(), |p| {
        told.push(p)
    })
    .await
    .unwrap();
    assert_eq!((report.questions, report.added), (2, 2));
    assert_eq!(report.orders, [Shown::OneTwo]);
    assert!(
        report.remarks[0].contains("asked once"),
        "{:?}",
        report.remarks
    );
    assert_eq!(told.last().map(|p| p.total), Some(2));
    let (_, all) = made.project.predictions().await.unwrap();
    let tie = |one: &tiebreak_store::Predicted| one.verdict == Some(Verdict::Tie);
    assert!(all.len() == 2 && !all.iter().any(tie));
}

#[tokio::test]
async fn too_few_prompts_are_said() {
    let made = project(9, |_, _, _| "response1").await;
    let report = explained(&made).await;
    assert_eq!(report.hash, None);
    let told = serde_json::to_value(&report.all).unwrap();
    let why = told["explained"]["undefined"].as_str().unwrap();
    assert!(
        why.contains("9 prompts have a label, and 10 are needed"),
        "{why}"
    );
    let request = PredictRequest {
        model: "surface".to_owned(),
        folder: None,
        questions: Vec::new(),
        limit: None,
        setting: None,
        order: predict::Orders::OneTwo,
    };
    let refused = predict::run(&made.project, &request, &Cancel::default(), |_| {}).await;
    assert_eq!(refused.unwrap_err().code, "too_few_labels");
    let wrong = PredictRequest {
        questions: vec!["nobody".to_owned()],
        ..request
    };
    let refused = predict::run(&made.project, &wrong, &Cancel::default(), |_| {}).await;
    assert!(refused.unwrap_err().message.contains("nobody"));
    assert_eq!(made.project.predictions().await.unwrap().1, []);
}

#[tokio::test]
async fn criteria_that_pull_apart_are_told_apart() {
    let mut dice = Dice(3);
    let mut list = Vec::new();
    for n in 0..60 {
        let [one, two] = [dice.pick(60) + 1, dice.pick(60) + 1];
        for (criterion, longer) in [("more detail", true), ("fewer words", false)] {
            let first = (one > two) == longer;
            list.push(json!({
                "prompt": format!("prompt {n}"), "response1": "word ".repeat(one),
                "response2": "word ".repeat(two), "criteria": criterion,
                "criteria_preference": if first { "response1" } else { "response2" },
                "id": format!("row-{n}-{longer}"),
            }));
        }
    }
    let made = made(&NewProject::default()).await;
    let text = Value::Array(list).to_string();
    made.import_text("text_to_text_preferences.json", &text)
        .await
        .unwrap();
    let report = explained(&made).await;
    let all = report.all.explained.value().unwrap();
    assert!(all < 0.1, "together they cancel: {all}");
    assert_eq!((report.by_criterion.len(), report.other_criteria), (2, 0));
    for one in &report.by_criterion {
        let alone = one.figures.explained.value().unwrap();
        assert!(alone > 0.4, "{}: {alone}", one.criterion);
        // In twins of words, which of them carries the weight is open; its direction is not.
        let longer = one
            .figures
            .weights
            .iter()
            .find(|w| w.feature == "words")
            .unwrap();
        assert_eq!(
            longer.weight > 0.0,
            one.criterion == "more detail",
            "{longer:?}"
        );
    }
}
