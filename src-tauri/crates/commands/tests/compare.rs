//! What models are worth beside people, beyond accuracy: real judges against figures computed
//! elsewhere, and a benchmark small enough to count by hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use common::{Made, made, shared, two_hundred_pairs};
use serde_json::{Value, json};
use tiebreak_commands::agreement::Coefficient;
use tiebreak_commands::compare::{self, CompareReport, CompareRequest, ModelReport};
use tiebreak_commands::predictions::{self, PredictionsRequest};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_domain::{Setting, Shown, Verdict};

fn value(c: &Coefficient) -> f64 {
    c.value().unwrap_or_else(|| panic!("{c:?}"))
}

#[track_caller]
fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-9, "{found}, not {wanted}");
}

fn why(c: &Coefficient) -> &str {
    match c {
        Coefficient::Undefined { undefined } => undefined,
        Coefficient::Defined(found) => panic!("{found:?}"),
    }
}

async fn compared(made: &Made, request: CompareRequest) -> CompareReport {
    let request = CompareRequest {
        replicates: 500,
        ..request
    };
    compare::run(&made.project, request).await.unwrap()
}

fn table(file: String, model: &str) -> PredictionsRequest {
    PredictionsRequest {
        file,
        model: model.to_owned(),
        ..PredictionsRequest::default()
    }
}

/// Golden numbers: Python 3.11, numpy and scipy over the two files of the shared data, written from
/// the papers: the alt-test with `ttest_1samp(…, alternative="less")` and
/// `false_discovery_control(…, method="by")`; lengths in code points.
#[tokio::test]
async fn two_real_judges_are_held_to_what_the_references_give() {
    let Some(shared) = shared("two judges of 200 pairs") else {
        return;
    };
    let made = two_hundred_pairs(&shared).await;
    for judge in ["gpt-3.5-turbo", "pandalm-7b"] {
        let file = shared.join("pandalm/ship200.judges.json");
        let mut wish = table(file.display().to_string(), judge);
        wish.verdict_field = Some(judge.to_owned());
        let words = [
            ("1", Some(Verdict::Response1)),
            ("2", Some(Verdict::Response2)),
        ];
        let more = [("0", Some(Verdict::Tie)), ("garbage", None)];
        wish.values = words
            .into_iter()
            .chain(more)
            .map(|(v, s)| (v.to_owned(), s))
            .collect();
        predictions::import(&made.project, wish).await.unwrap();
    }
    let report = compared(&made, CompareRequest::default()).await;
    for (model, golden) in report.models.iter().zip(GOLDEN) {
        let alt = &model.alt_test;
        near(value(&alt.omega), golden.omega);
        near(value(&alt.rho), golden.rho);
        assert_eq!(alt.passes, Some(golden.omega >= 0.5), "{}", model.name);
        for (person, p) in alt.annotators.iter().zip(golden.adjusted) {
            assert_eq!(person.n, 200);
            near(person.p_adjusted.unwrap(), p);
        }
        let length = &model.length.longer_preferred;
        near(value(&length.model), golden.longer[0]);
        near(value(&length.human), golden.longer[1]);
        near(
            value(&length.difference),
            golden.longer[0] - golden.longer[1],
        );
        let slopes = [&model.length.slope_model, &model.length.slope_human].map(value);
        assert!((slopes[0] - golden.slopes[0]).abs() < 1e-6, "{slopes:?}");
        assert!((slopes[1] - golden.slopes[1]).abs() < 1e-6, "{slopes:?}");
        near(value(&model.position.model), golden.first[0]);
        near(value(&model.position.human), golden.first[1]);
        assert!(why(&model.calibration.expected_calibration_error).contains("no scores"));
    }
    let [pair] = report.paired_differences.with_ties.as_slice() else {
        panic!("{:?}", report.paired_differences)
    };
    near(value(&pair.difference), DIFFERENCE);
    assert_eq!((pair.p_holm, pair.exact), (pair.p_value, false));
    assert!((pair.p_value.unwrap() - SIGN_TEST).abs() < 0.03, "{pair:?}");
    let generous = CompareRequest {
        alt_epsilon: 0.35,
        ..CompareRequest::default()
    };
    let generous = compared(&made, generous).await;
    for (model, golden) in generous.models.iter().zip(GENEROUS) {
        for (person, p) in model.alt_test.annotators.iter().zip(golden) {
            near(person.p_adjusted.unwrap(), p);
            assert_eq!(person.won, Some(p <= 0.05));
        }
    }
    // A crowd is worth less: fewer wins at a smaller ε.
    let crowd = CompareRequest {
        alt_epsilon: 0.1,
        ..CompareRequest::default()
    };
    let crowd = compared(&made, crowd).await;
    for (model, golden) in crowd.models.iter().zip(GOLDEN) {
        near(value(&model.alt_test.omega), golden.omega_crowd);
    }
}

struct Golden {
    omega: f64,
    rho: f64,
    adjusted: [f64; 3],
    omega_crowd: f64,
    longer: [f64; 2],
    slopes: [f64; 2],
    first: [f64; 2],
}

const GOLDEN: [Golden; 2] = [
    Golden {
        omega: 0.0,
        rho: 0.7233333333333333,
        adjusted: [1.0, 1.0, 1.0],
        omega_crowd: 0.0,
        longer: [0.618421052631579, 0.6776315789473685],
        slopes: [0.5396788641714952, 0.741760624599543],
        first: [0.4484848484848485, 0.45454545454545453],
    },
    Golden {
        omega: 0.0,
        rho: 0.6916666666666668,
        adjusted: [1.0, 1.0, 1.0],
        omega_crowd: 0.0,
        longer: [0.6533333333333333, 0.66],
        slopes: [0.6755037642745043, 0.7751919631665332],
        first: [0.4294478527607362, 0.4294478527607362],
    },
];

/// Accuracy of the first less that of the second, and how likely it is by 200,000 turns of prompts.
const DIFFERENCE: f64 = 0.015;
const SIGN_TEST: f64 = 0.77597;

/// Adjusted probabilities at ε = 0.35.
const GENEROUS: [[f64; 3]; 2] = [
    [
        0.009559165837055421,
        0.01059268303535911,
        0.0399290726702408,
    ],
    [0.08191008496138032, 0.08191008496138032, 0.164443633621945],
];

/// Six pairs under two criteria. Of even pairs the criteria pick different winners, of odd ones both
/// pick response 1. The last pair's second criterion is a tie.
fn rows() -> String {
    let mut rows = Vec::new();
    for pair in 0..6 {
        for criterion in 0..2 {
            let truth = match (pair, criterion) {
                (5, 1) => "tie",
                (0 | 2 | 4, 1) => "response2",
                _ => "response1",
            };
            rows.push(json!({
                "prompt": format!("prompt-{pair}"),
                "response1": "a long answer with many words".repeat(1 + pair % 2),
                "response2": "a short one, 短的",
                "model1": "hidden-a", "model2": "hidden-b",
                "criteria": format!("criterion-{criterion}"),
                "criteria_preference": truth,
                "id": format!("source-{pair}-{criterion}"),
            }));
        }
    }
    serde_json::to_string(&rows).unwrap()
}

async fn bench() -> Made {
    let made = made(&NewProject::default()).await;
    let file = "text_to_text_preferences.json";
    made.import_text(file, &rows()).await.unwrap();
    made
}

/// Takes in scores, by pair and criterion.
async fn scored(made: &Made, model: &str, score: impl Fn(usize, usize) -> [f64; 2]) {
    let list: Vec<Value> = (0..12)
        .map(|n| {
            let [one, two] = score(n / 2, n % 2);
            json!({"id": format!("source-{}-{}", n / 2, n % 2), "s1": one, "s2": two})
        })
        .collect();
    let file = made.file(&format!("{model}.json"), &Value::Array(list).to_string());
    let mut wish = table(file.display().to_string(), model);
    wish.score_fields = Some(["s1".to_owned(), "s2".to_owned()]);
    predictions::import(&made.project, wish).await.unwrap();
}

fn model<'a>(report: &'a CompareReport, name: &str) -> &'a ModelReport {
    report
        .models
        .iter()
        .find(|model| model.name == name)
        .unwrap()
}

#[tokio::test]
async fn a_model_that_ignores_the_criterion_is_found_out() {
    let made = bench().await;
    // Longer is better, whatever is asked; and one that follows the criteria.
    scored(&made, "deaf", |pair, _| [pair as f64 / 2.0 + 0.5, 0.0]).await;
    scored(&made, "heeds", |pair, criterion| {
        match (pair % 2, criterion) {
            (0, 1) => [0.0, 2.0],
            _ => [2.0, 0.0],
        }
    })
    .await;
    let report = compared(&made, CompareRequest::default()).await;
    let (deaf, heeds) = (model(&report, "deaf"), model(&report, "heeds"));

    let found = &deaf.criterion_following;
    // Pair 5 has one criterion that people decide, so it is neither.
    assert_eq!((found.shifted_pairs, found.invariant_pairs), (3, 2));
    near(value(&found.accuracy_shifted), 0.5);
    near(value(&found.accuracy_invariant), 1.0);
    near(value(&found.difference), -0.5);
    near(value(&found.pairs_right), 0.0);
    near(value(&found.moves), 0.0);
    near(value(&found.stays), 1.0);
    let found = &heeds.criterion_following;
    for all in [
        &found.accuracy_shifted,
        &found.pairs_right,
        &found.moves,
        &found.stays,
    ] {
        near(value(all), 1.0);
    }

    // Always the longer, where people prefer it on 8 of 11.
    let length = &deaf.length.longer_preferred;
    near(value(&length.model), 1.0);
    near(value(&length.human), 8.0 / 11.0);
    near(value(&length.difference), 3.0 / 11.0);
    assert!(why(&deaf.length.slope_model).contains("one way"));

    // Against people on the second criterion of pairs 0, 2 and 4, the surest first.
    let against = &deaf.contradictions;
    assert_eq!(against.contradicted, 3);
    let ids: Vec<_> = against
        .questions
        .iter()
        .map(|one| one.source_id.clone().unwrap())
        .collect();
    assert_eq!(ids, ["source-4-1", "source-2-1", "source-0-1"]);
    let first = &against.questions[0];
    near(first.confidence, 1.0 / (1.0 + f64::exp(-2.5)));
    assert_eq!(
        (first.human, first.model),
        (Verdict::Response2, Verdict::Response1)
    );
    assert_eq!(first.response2, "a short one, 短的");
    assert_eq!(heeds.contradictions.contradicted, 0);

    // 11 questions are decided; the tie is left out and counted.
    let calibration = &deaf.calibration;
    assert_eq!(calibration.ties_left_out, 1);
    assert_eq!(calibration.bins.iter().map(|bin| bin.n).sum::<u64>(), 11);
    let sigma = |pair: f64| 1.0 / (1.0 + f64::exp(-(pair / 2.0 + 0.5)));
    let square = |pair: usize, criterion: usize| {
        let truth = f64::from(u8::from(pair % 2 == 1 || criterion == 0));
        (sigma(pair as f64) - truth).powi(2)
    };
    let all: f64 = (0..11).map(|n| square(n / 2, n % 2)).sum();
    near(value(&calibration.brier_score), all / 11.0);

    let differences = &report.paired_differences.without_ties;
    let [pair] = differences.as_slice() else {
        panic!("{differences:?}")
    };
    near(value(&pair.difference), -3.0 / 11.0);
    // Three prompts differ, all to one side: two of eight ways are as far.
    assert_eq!(
        (pair.p_value, pair.sign_flips, pair.exact),
        (Some(0.25), Some(8), true)
    );
    assert!(why(&deaf.alt_test.omega).contains("3 people with 30 questions"));
    assert!(deaf.alt_test.says.contains("cannot be told"));
    assert!(projects::check(&made.project).await.unwrap().ok);
}

#[tokio::test]
async fn a_model_that_had_to_choose_is_told_apart() {
    let made = bench().await;
    for (setting, name) in [(Setting::WithTie, "may"), (Setting::WithoutTie, "must")] {
        let list: Vec<Value> = (0..12)
            .map(|n| json!({"id": format!("source-{}-{}", n / 2, n % 2), "predicted": "response1"}))
            .collect();
        let file = made.file(&format!("{name}.json"), &Value::Array(list).to_string());
        let mut wish = table(file.display().to_string(), name);
        wish.setting = Some(setting);
        predictions::import(&made.project, wish).await.unwrap();
    }
    let report = compared(&made, CompareRequest::default()).await;
    let differences = &report.paired_differences;
    assert_eq!(
        differences.with_ties.len(),
        0,
        "ties were asked of one alone"
    );
    let [pair] = differences.without_ties.as_slice() else {
        panic!("{differences:?}")
    };
    near(value(&pair.difference), 0.0);
    assert_eq!(pair.p_value, Some(1.0));
    assert!(why(&model(&report, "must").alt_test.rho).contains("had to choose"));
    // Without scores every contradiction is as sure as another.
    let against = &model(&report, "must").contradictions;
    assert_eq!(
        (against.contradicted, against.questions[0].confidence),
        (3, 1.0)
    );
    let few = CompareRequest {
        contradictions: 2,
        ..CompareRequest::default()
    };
    let few = compared(&made, few).await;
    let against = &model(&few, "must").contradictions;
    assert_eq!((against.contradicted, against.questions.len()), (3, 2));
}

#[tokio::test]
async fn the_papers_models_stand_beside_only_when_asked_for() {
    let made = bench().await;
    scored(&made, "bt", |pair, _| [1.0, pair as f64]).await;
    let alone = compared(&made, CompareRequest::default()).await;
    assert!(alone.reference.is_empty() && alone.task_correlations.with_ties.is_empty());
    let request = CompareRequest {
        with_paper: true,
        ..CompareRequest::default()
    };
    let beside = compared(&made, request).await;
    assert_eq!(beside.reference.len(), 37);
    assert_eq!(beside.models.len(), 1);
    let two = |first: &str, second: &str| {
        let mut all = beside.task_correlations.with_ties.iter();
        all.find(|one| one.first == first && one.second == second)
            .unwrap()
    };
    assert!(
        two("text_to_text", "text_to_image")
            .spearman
            .value()
            .is_some()
    );
    let audio = two("text_audio_to_text", "text_to_audio");
    assert!(why(&audio.spearman).contains("fewer than 10"), "{audio:?}");
}

#[tokio::test]
async fn an_epsilon_out_of_bounds_is_refused() {
    let made = bench().await;
    for alt_epsilon in [-0.1, 1.0, f64::NAN] {
        let request = CompareRequest {
            alt_epsilon,
            ..CompareRequest::default()
        };
        let refused = compare::run(&made.project, request).await.unwrap_err();
        assert!(refused.to_string().contains('ε'), "{refused}");
    }
}

/// A judge's verdicts as scores: one apart, or equal. Its ties are found again, so that it is held
/// to people's targets as the verdicts are.
#[tokio::test]
async fn scores_are_held_to_peoples_targets_at_thresholds_of_other_prompts() {
    let Some(shared) = shared("a judge of 200 pairs, as scores") else {
        return;
    };
    let made = two_hundred_pairs(&shared).await;
    let path = shared.join("pandalm/ship200.judges.json");
    let list: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let scores: Vec<Value> = list
        .iter()
        .map(|row| {
            let (one, two) = match row["pandalm-7b"].to_string().trim_matches('"') {
                "1" => (1.0, 0.0),
                "2" => (0.0, 1.0),
                _ => (0.5, 0.5),
            };
            json!({"id": row["idx"], "s1": one, "s2": two})
        })
        .collect();
    let file = made.file("scores.json", &Value::Array(scores).to_string());
    let mut wish = table(file.display().to_string(), "scores");
    wish.score_fields = Some(["s1".to_owned(), "s2".to_owned()]);
    predictions::import(&made.project, wish).await.unwrap();
    let mut wish = table(path.display().to_string(), "verdicts");
    wish.verdict_field = Some("pandalm-7b".to_owned());
    let words = [
        ("1", Verdict::Response1),
        ("2", Verdict::Response2),
        ("0", Verdict::Tie),
    ];
    wish.values = words
        .map(|(word, verdict)| (word.to_owned(), Some(verdict)))
        .into();
    predictions::import(&made.project, wish).await.unwrap();
    let report = compared(&made, CompareRequest::default()).await;
    let (scores, verdicts) = (model(&report, "scores"), model(&report, "verdicts"));
    assert_eq!(scores.on_ceiling_targets, verdicts.on_ceiling_targets);
    assert_eq!(scores.alt_test, verdicts.alt_test);
    assert_eq!(scores.confusion, verdicts.confusion);
    assert!(value(&scores.calibration.brier_score) < 0.25);
}

#[tokio::test]
async fn a_model_that_takes_what_it_sees_first_is_found_out() {
    let made = bench().await;
    // Asked with response 1 first it always takes that; asked the other way, response 2, but for one
    // question in four.
    let list: Vec<Value> = (0..12_usize)
        .map(|n| {
            let id = format!("source-{}-{}", n / 2, n % 2);
            let turned = if n.is_multiple_of(4) {
                "response1"
            } else {
                "response2"
            };
            json!({"id": id, "p12": "response1", "p21": turned})
        })
        .collect();
    // One file is one version of a model.
    let file = made.file("orders.json", &Value::Array(list).to_string());
    for shown in [Shown::OneTwo, Shown::TwoOne] {
        let mut wish = table(file.display().to_string(), "first");
        wish.shown = Some(shown);
        wish.verdict_field = Some(format!("p{}", shown.as_str()));
        predictions::import(&made.project, wish).await.unwrap();
    }
    let report = compared(&made, CompareRequest::default()).await;
    let [swap] = report.swaps.as_slice() else {
        panic!("{:?}", report.swaps)
    };
    near(value(&swap.same), 0.25);
    near(value(&swap.always_first), 0.75);
    near(value(&swap.always_second), 0.0);
    // First in both orders thrice, first and second once, of each four.
    near(value(&swap.first), 7.0 / 8.0);
    let first = |model: &ModelReport| value(&model.position.model);
    let shares: Vec<f64> = report.models.iter().map(first).collect();
    // Of the eleven questions that people decide: all, and all but those three.
    near(shares[0], 1.0);
    near(shares[1], 8.0 / 11.0);
}
