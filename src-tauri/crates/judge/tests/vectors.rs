//! The paper's ways of counting, held against what its code gives.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::path::{Path, PathBuf};

use serde_json::Value;
use tiebreak_domain::Verdict;
use tiebreak_judge::ties::{Scored, fit, upstream};
use tiebreak_judge::verdict_in;

fn shared(file: &str) -> Option<Vec<Value>> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/omni");
    if !path.is_dir() {
        println!("left out: {file}: there is no shared/data");
        return None;
    }
    let text = std::fs::read_to_string(path.join(file)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn judgements_are_parsed_as_the_papers_code_does() {
    let Some(cases) = shared("parse_judgement.json") else {
        return;
    };
    assert_eq!(cases.len(), 24);
    for case in cases {
        let found = verdict_in(case["generation"].as_str().unwrap());
        let found = found.map(Verdict::as_str);
        assert_eq!(found, case["predicted"].as_str(), "{case}");
    }
}

#[test]
fn ties_are_calibrated_as_the_papers_code_does_and_as_they_should_be() {
    let Some(cases) = shared("tie_calibration.json") else {
        return;
    };
    assert_eq!(cases.len(), 30);
    for case in cases {
        let numbers = |name: &str| -> Vec<f64> {
            let list = case[name].as_array().unwrap().iter();
            list.map(|n| n.as_f64().unwrap()).collect()
        };
        let truths = numbers("h").into_iter().map(|h| match h {
            1.0 => Verdict::Response1,
            -1.0 => Verdict::Response2,
            _ => Verdict::Tie,
        });
        let rows: Vec<Scored> = truths
            .zip(numbers("m"))
            .map(|(truth, margin)| Scored { truth, margin })
            .collect();
        let name = &case["name"];
        let found = upstream(&rows);
        assert_eq!(
            found.with_ties,
            case["upstream_acc_with_ties"].as_f64(),
            "{name}"
        );
        // "ZeroDivisionError" is no number either.
        assert_eq!(
            found.without_ties,
            case["upstream_acc_without_ties"].as_f64(),
            "{name}"
        );
        let exact = fit(&rows);
        assert_eq!(
            exact.map(|f| f.accuracy),
            case["exact_max_attainable"].as_f64(),
            "{name}"
        );
        assert_eq!(
            exact.map(|f| f.epsilon),
            case["exact_epsilon"].as_f64(),
            "{name}"
        );
    }
}
