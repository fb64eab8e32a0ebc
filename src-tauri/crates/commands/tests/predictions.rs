//! What reward models said elsewhere, taken in and held against people: the published figures, every
//! way of finding a question, and nothing bent by it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::path::Path;

use common::{Made, made, rows, shared, two_hundred_pairs};
use serde_json::{Value, json};
use tiebreak_commands::agreement::Coefficient;
use tiebreak_commands::compare::{self, CompareReport, CompareRequest, ModelReport};
use tiebreak_commands::predictions::{self, Matching, PredictionsReport, PredictionsRequest};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::reveal::{self, RevealRequest};
use tiebreak_commands::{CommandError, Project};
use tiebreak_domain::{
    AskedUnder, Family, QuestionId, RevealWhen, RewardModel, Setting, Shown, Verdict,
};
use tiebreak_store::{NewPrediction, OutQuestion};

const BENCH: &str = "text_to_text_preferences.json";

fn request(file: &Path, model: &str, matching: Matching) -> PredictionsRequest {
    PredictionsRequest {
        file: file.display().to_string(),
        model: model.to_owned(),
        matching,
        ..PredictionsRequest::default()
    }
}

async fn take_in(made: &Made, request: PredictionsRequest) -> PredictionsReport {
    predictions::import(&made.project, request).await.unwrap()
}

async fn refused(made: &Made, request: PredictionsRequest) -> String {
    let refused = predictions::import(&made.project, request).await;
    let error = refused.unwrap_err();
    assert_eq!(compared(made).await.models, [], "nothing is left behind");
    format!("{}: {error}", error.code)
}

async fn compared(made: &Made) -> CompareReport {
    let request = CompareRequest {
        replicates: 200,
        ..CompareRequest::default()
    };
    compare::run(&made.project, request).await.unwrap()
}

/// A benchmark of `pairs` pairs under two criteria: response 1 where the pair's number is even, else a
/// tie.
async fn bench(pairs: usize) -> Made {
    let made = made(&NewProject::default()).await;
    made.import_text(BENCH, &rows(pairs, 2)).await.unwrap();
    made
}

fn value(c: &Coefficient) -> f64 {
    c.value().unwrap_or_else(|| panic!("{c:?}"))
}

fn near(found: f64, wanted: &Value, what: &str) {
    let wanted = wanted.as_f64().unwrap();
    assert!(
        (found - wanted).abs() < 1e-12,
        "{what}: {found}, not {wanted}"
    );
}

#[tokio::test]
async fn two_judges_come_out_as_in_the_golden_file() {
    let Some(shared) = shared("two judges of 200 pairs") else {
        return;
    };
    let golden = std::fs::read_to_string(shared.join("golden/golden_pandalm_ship200.json"));
    let golden: Value = serde_json::from_str(&golden.unwrap()).unwrap();
    let made = two_hundred_pairs(&shared).await;
    let said = [
        ("1", Some(Verdict::Response1)),
        ("2", Some(Verdict::Response2)),
        ("0", Some(Verdict::Tie)),
        ("garbage", None),
    ];
    for (judge, failed) in [("gpt-3.5-turbo", 4), ("pandalm-7b", 0)] {
        let mut wish = request(
            &shared.join("pandalm/ship200.judges.json"),
            judge,
            Matching::Id,
        );
        wish.verdict_field = Some(judge.to_owned());
        wish.values = said.map(|(value, said)| (value.to_owned(), said)).into();
        let report = take_in(&made, wish.clone()).await;
        assert_eq!((report.rows, report.matched, report.added), (200, 200, 200));
        assert_eq!((report.no_verdict, report.left), (failed, 0));
        let again = take_in(&made, wish).await;
        assert_eq!(
            (again.added, again.known),
            (0, 200),
            "nothing is stored twice"
        );
    }
    let report = compared(&made).await;
    assert_eq!(report.truth.questions, 200);
    assert_eq!(report.models.len(), 2);
    for model in &report.models {
        let golden = &golden["human_vs_model"][&model.name];
        let found = value(&model.with_ties["text_to_text"]);
        near(found, &golden["vs_majority"]["accuracy"], &model.name);
        let found = value(&model.without_ties["text_to_text"]);
        near(
            found,
            &golden["vs_majority_human_ties_dropped"]["accuracy"],
            &model.name,
        );
        let table = &golden["vs_majority"]["confusion_rows_human_cols_model"];
        let answers = [Verdict::Response1, Verdict::Response2, Verdict::Tie];
        for (row, truth) in answers.into_iter().enumerate() {
            for (column, said) in answers.into_iter().enumerate() {
                let found = model.confusion[&truth].get(said.as_str()).copied();
                assert_eq!(found.unwrap_or(0), table[row][column], "{}", model.name);
            }
        }
        assert!(model.without_ties_from.contains("could say tie"));
        // People reach more on the very same targets.
        assert!(value(&report.human_ceiling) > value(&model.on_ceiling_targets));
    }
    assert_eq!(report.human_ceiling.value().map(|v| v > 0.9), Some(true));
}

#[tokio::test]
async fn upstream_results_are_found_by_id_and_by_content() {
    let made = bench(6).await;
    let mut list: Vec<Value> = serde_json::from_str(&rows(6, 2)).unwrap();
    for (n, row) in list.iter_mut().enumerate() {
        row["predicted"] = match n {
            0 => Value::Null,
            1 => json!("response2"),
            _ => row["criteria_preference"].clone(),
        };
        row["demo_raw_response"] = json!("because [[A]]");
    }
    let text = serde_json::to_string_pretty(&list).unwrap();
    let by_id = made.file("r/demo_preferences_with_tie.json", &text);
    let report = take_in(&made, request(&by_id, "demo", Matching::Id)).await;
    assert_eq!((report.matched, report.no_verdict), (12, 1));
    assert_eq!(
        (report.setting, report.shown),
        (Setting::WithTie, Shown::OneTwo)
    );
    assert_eq!(
        report.fields,
        "id from id, verdict from predicted, text from demo_raw_response"
    );

    // Without ids, in another order of the rows and of the responses.
    list.reverse();
    for row in &mut list {
        let row = row.as_object_mut().unwrap();
        row.remove("id");
        let one = row.remove("response1").unwrap();
        let two = row.insert("response2".into(), one).unwrap();
        row.insert("response1".into(), two);
        let turned = match row["predicted"].as_str() {
            Some("response1") => json!("response2"),
            Some("response2") => json!("response1"),
            _ => row["predicted"].clone(),
        };
        row.insert("predicted".into(), turned);
    }
    let text = serde_json::to_string(&list).unwrap();
    let by_content = made.file("r/demo_preferences_with_tie_inversed.json", &text);
    let report = take_in(&made, request(&by_content, "demo", Matching::Content)).await;
    assert_eq!((report.matched, report.shown), (12, Shown::TwoOne));
    let report = compared(&made).await;
    let [one, two]: [&ModelReport; 2] = [&report.models[0], &report.models[1]];
    for model in [one, two] {
        assert!((value(&model.with_ties["text_to_text"]) - 10.0 / 12.0).abs() < 1e-12);
        assert_eq!(model.failed, 1);
        assert_eq!((model.with_ties_mean.tasks, model.unanswered), (1, 0));
    }
    assert!(
        report.swaps.is_empty(),
        "two files are two versions of the model"
    );
    assert!(projects::check(&made.project).await.unwrap().ok);
}

#[tokio::test]
async fn scores_without_ids_are_told_by_their_order() {
    let made = bench(5).await;
    let evaluation = made.file("eval/rows.json", &rows(5, 2));
    let scores = "{\"chosen\": 1.5, \"rejected\": 0.5}\n{\"chosen\": NaN, \"rejected\": 0.1}\n\
                  {\"chosen\": 0.12, \"rejected\": 0.12}\n{\"chosen\": Infinity, \"rejected\": -0.2}\n";
    let mut lines = scores.to_owned();
    for _ in 0..6 {
        lines.push_str("{\"chosen\": -0.0, \"rejected\": 2}\n");
    }
    let file = made.file("generated_predictions.jsonl", lines.trim_end());
    let mut wish = request(&file, "bt", Matching::Order);
    let said = refused(&made, wish.clone()).await;
    assert!(said.starts_with("no_evaluation"), "{said}");
    let short = made.file("short/rows.json", &rows(4, 2));
    wish.evaluation = Some(short.display().to_string());
    let said = refused(&made, wish.clone()).await;
    assert!(said.contains("10 rows, and rows.json has 8"), "{said}");
    wish.evaluation = Some(evaluation.display().to_string());
    let report = take_in(&made, wish).await;
    assert_eq!(
        (report.matched, report.not_numbers, report.equal_scores),
        (10, 1, 1)
    );
    let report = compared(&made).await;
    let model = &report.models[0];
    assert!(model.scores && model.failed == 1);
    // Pairs 0, 2 and 4 prefer response 1, two rows each; the first row alone says so.
    let without = value(&model.without_ties["text_to_text"]);
    assert!((without - 1.0 / 6.0).abs() < 1e-12, "{without}");
    let upstream = &model.upstream["text_to_text"];
    assert_eq!(upstream.without_ties, Some(1.0 / 6.0));
    assert_eq!(model.thresholds["text_to_text"].folds.len(), 5);
}

#[tokio::test]
async fn a_ranking_file_says_what_was_chosen() {
    let made = bench(2).await;
    let turn = |from: &str, value: &str| json!({"from": from, "value": value});
    let list: Vec<Value> = (0..4)
        .map(|n| {
            let (pair, criterion) = (n / 2, n % 2);
            // Of the second pair, response 2 was chosen.
            let (chosen, rejected) = if pair == 0 {
                ("one", "two")
            } else {
                ("two", "one")
            };
            json!({
                "conversations": [
                    turn("system", &format!("criterion-{criterion}")),
                    turn("human", &format!("prompt-{pair}")),
                ],
                "chosen": turn("gpt", &format!("{chosen}-{pair}")),
                "rejected": turn("gpt", &format!("{rejected}-{pair}")),
            })
        })
        .collect();
    let evaluation = made.file("eval.json", &serde_json::to_string(&list).unwrap());
    let line = "{\"chosen\": 2.0, \"rejected\": 1.0}";
    let file = made.file("generated_predictions.jsonl", &[line; 4].join("\n"));
    let mut wish = request(&file, "bt", Matching::Order);
    wish.evaluation = Some(evaluation.display().to_string());
    assert_eq!(take_in(&made, wish).await.matched, 4);
    let (_, said) = made.project.predictions().await.unwrap();
    let mut firsts: Vec<bool> = said
        .iter()
        .map(|one| one.scores.unwrap()[0] == 2.0)
        .collect();
    firsts.sort_unstable();
    assert_eq!(
        firsts,
        [false, false, true, true],
        "the scores are response 1's and 2's"
    );
}

#[tokio::test]
async fn what_cannot_be_taken_is_a_sentence_and_leaves_nothing() {
    let made = bench(2).await;
    let wish = |name: &str, text: &str| {
        let file = made.file(name, text);
        request(&file, "m", Matching::Id)
    };
    let cases = [
        (
            wish("a.json", "[{\"id\": \"x\", \"note\": 1}]"),
            "no_predictions",
        ),
        (
            wish("b.json", "[{\"id\": \"x\", \"predicted\": \"tie\"}]"),
            "nothing_matched",
        ),
        (
            wish("d.json", "[{\"name\": \"x\", \"predicted\": \"tie\"}]"),
            "no_id",
        ),
        (
            wish(
                "e.json",
                "[{\"id\": \"source-0-0\", \"predicted\": \"left\"}]",
            ),
            "nothing_matched",
        ),
        (
            wish(
                "i.json",
                "[{\"id\": \"source-0-0\", \"output\": \"I like the first\"}]",
            ),
            "no_predictions",
        ),
        (wish("f.json", "not rows at all"), ""),
        (wish("g.json", ""), ""),
    ];
    for (wish, code) in cases {
        let file = wish.file.clone();
        let said = refused(&made, wish).await;
        assert!(said.starts_with(code), "{file}: {said}");
    }
    let mut wish = wish(
        "h.json",
        "[{\"id\": \"source-0-0\", \"predicted\": \"tie\"}]",
    );
    wish.verdict_field = Some("said".into());
    let said = refused(&made, wish.clone()).await;
    assert!(said.contains("id, predicted"), "{said}");
    wish.verdict_field = None;
    wish.model = "  ".into();
    assert!(refused(&made, wish).await.starts_with("no_model"));
}

#[tokio::test]
async fn predictions_come_along_in_a_merge_in_either_order() {
    let desk = common::folder();
    let mut listed = Vec::new();
    for name in ["a", "b"] {
        let path = desk.path().join(name);
        let clock = std::sync::Arc::new(tiebreak_commands::SystemClock);
        let project = projects::create(&path, &NewProject::default(), clock)
            .await
            .unwrap();
        let made = Made {
            project,
            folder: common::folder(),
        };
        made.import_text(BENCH, &rows(4, 2)).await.unwrap();
        for model in ["both", name] {
            let text =
                format!("[{{\"id\": \"source-1-0\", \"predicted\": \"tie\", \"n\": \"{model}\"}}]");
            let file = made.file("said.json", &text);
            assert_eq!(
                take_in(&made, request(&file, model, Matching::Id))
                    .await
                    .added,
                1
            );
        }
        made.project.close().await;
    }
    for (target, other) in [("a", "b"), ("b", "a")] {
        let clock = std::sync::Arc::new(tiebreak_commands::SystemClock);
        let project = projects::open(&desk.path().join(target), clock)
            .await
            .unwrap();
        let cancel = tiebreak_commands::import::Cancel::default();
        for new in [1, 0] {
            let other = desk.path().join(other);
            let report = tiebreak_commands::merge::run(&project, &other, false, &cancel).await;
            assert_eq!(report.unwrap().predictions, new, "{target}");
        }
        assert!(projects::check(&project).await.unwrap().ok);
        let request = CompareRequest {
            replicates: 200,
            ..CompareRequest::default()
        };
        listed.push(compare::run(&project, request).await.unwrap());
        project.close().await;
    }
    assert_eq!(listed[0].models.len(), 3);
    assert_eq!(listed[0], listed[1]);
}

#[tokio::test]
async fn of_a_file_that_is_cut_off_the_rows_before_count() {
    let made = bench(2).await;
    let cut = "[{\"id\": \"source-0-0\", \"predicted\": \"tie\"}, {\"id\": \"sour";
    let report = take_in(&made, request(&made.file("c.json", cut), "m", Matching::Id)).await;
    assert_eq!((report.rows, report.added, report.left), (2, 1, 1));
    assert!(report.broken.unwrap().contains("cut off"));
}

#[tokio::test]
async fn both_orders_of_one_file_show_whether_the_first_place_draws() {
    let made = bench(4).await;
    let mut list: Vec<Value> = serde_json::from_str(&rows(4, 2)).unwrap();
    for row in &mut list {
        row["predicted"] = json!("response1");
    }
    let text = serde_json::to_string(&list).unwrap();
    let file = made.file("table.json", &text);
    for shown in [Shown::OneTwo, Shown::TwoOne] {
        let mut wish = request(&file, "m", Matching::Id);
        wish.shown = Some(shown);
        take_in(&made, wish).await;
    }
    let report = compared(&made).await;
    let [swap] = report.swaps.as_slice() else {
        panic!("{:?}", report.swaps)
    };
    assert_eq!((value(&swap.same), value(&swap.first)), (1.0, 0.5));
    let empty = CompareRequest {
        folds: 1,
        ..CompareRequest::default()
    };
    assert!(compare::run(&made.project, empty).await.is_err());
}

/// Two prompts are two ways of asking, held apart and joined by a merge; what was asked under another
/// criterion is kept, and judges nothing.
#[tokio::test]
async fn each_way_of_asking_has_its_own_answer() {
    let desk = common::desk::Desk::new();
    desk.make("a", &NewProject::default()).await;
    let file = desk.file(BENCH, &rows(3, 1));
    desk.import("a", &file, false).await;
    desk.copy("a", "b");
    let model = RewardModel {
        name: "judge".to_owned(),
        family: Family::Process,
        hash: "0".repeat(64),
    };
    let say = async |copy: &str, template: &str, under: AskedUnder, verdict: Verdict| {
        let project = desk.open(copy).await;
        let one = |question| NewPrediction {
            question,
            setting: Setting::WithTie,
            shown: Shown::OneTwo,
            under,
            asked: (under != AskedUnder::Own).then(|| "another".to_owned()),
            template: template.to_owned(),
            scores: None,
            verdict: Some(verdict),
            text: "why".to_owned(),
            error: String::new(),
            media_used: Some(vec!["response 1: image/png".to_owned()]),
            ms: Some(12),
        };
        let said: Vec<_> = questions(&project).await.into_iter().map(one).collect();
        let added = project.keep_predictions(&model, &said).await.unwrap();
        project.close().await;
        (added.added, added.known)
    };
    let (ours, theirs) = ("a".repeat(64), "b".repeat(64));
    let own = AskedUnder::Own;
    assert_eq!(say("a", &ours, own, Verdict::Tie).await, (3, 0));
    assert_eq!(say("a", &ours, own, Verdict::Response1).await, (0, 3));
    assert_eq!(say("a", &theirs, own, Verdict::Response1).await, (3, 0));
    let negated = AskedUnder::Negated;
    assert_eq!(say("a", &ours, negated, Verdict::Response2).await, (3, 0));
    assert_eq!(say("b", &ours, own, Verdict::Tie).await, (3, 0));
    for (target, other, new) in [("b", "a", 6), ("a", "b", 0), ("b", "a", 0)] {
        assert_eq!(desk.merge(target, other).await.predictions, new, "{target}");
    }
    for copy in ["a", "b"] {
        let project = desk.open(copy).await;
        let (by, said) = project.predictions().await.unwrap();
        let templates: Vec<&str> = by.iter().map(|one| one.template.as_str()).collect();
        assert_eq!(templates, [ours.as_str(), theirs.as_str()]);
        let of = |by: usize| said.iter().filter(move |one| one.by == by);
        assert!(of(0).all(|one| one.verdict == Some(Verdict::Tie)));
        assert!(of(1).all(|one| one.verdict == Some(Verdict::Response1)));
        assert_eq!(
            said.len(),
            6,
            "what was asked under another criterion judges nothing"
        );
        let report = compare::run(&project, CompareRequest::default()).await;
        assert_eq!(report.unwrap().models.len(), 2);
        // Which of the two is shown to people has to be said.
        let several = reveal::set(&project, wish(None)).await.unwrap_err();
        assert_eq!(several.code, "several_ways");
        let chosen = reveal::set(&project, wish(Some("bbbb"))).await.unwrap();
        assert_eq!(chosen.model.unwrap().template, theirs);
        project.close().await;
    }
}

async fn questions(project: &Project) -> Vec<QuestionId> {
    let mut all = Vec::new();
    let each = |one: OutQuestion| -> Result<(), CommandError> {
        all.push(one.id);
        Ok(())
    };
    project.each_question(false, each).await.unwrap().unwrap();
    all
}

fn wish(prompt: Option<&str>) -> RevealRequest {
    RevealRequest {
        when: Some(RevealWhen::Each),
        model: Some("judge".to_owned()),
        template: prompt.map(str::to_owned),
        ..RevealRequest::default()
    }
}

/// One question asked about in both orders at once is read for both.
#[tokio::test]
async fn a_question_is_read_as_often_as_it_is_asked() {
    let made = bench(2).await;
    let all = questions(&made.project).await;
    let ids = [all[0], all[1], all[0]];
    let read = made.project.to_judge(&ids).await.unwrap();
    let found: Vec<_> = read.iter().map(|one| one.id).collect();
    assert_eq!(found, ids);
}
