//! The shared data sets, read as a person would give them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what goes wrong here is a failed test"
)]

mod common;

use common::{all, pairs, shared, task, through, with_mapping, written};
use tiebreak_domain::Verdict;
use tiebreak_exchange::{FormatId, MediaSource, columns, guess_mapping, open};

const PANDALM: &str = r#"
    task = "text_to_text"
    id = "idx"
    prompt = ["instruction", "input"]
    response1 = "response1"
    response2 = "response2"
    models = { field = "cmp_key", split = "_" }
    criterion = { text = "Which response is better?" }

    [[vote]]
    annotator = "annotator1"
    field = "annotator1"
    values = { "1" = "response1", "2" = "response2", "0" = "tie" }

    [[vote]]
    annotator = "annotator2"
    field = "annotator2"
    values = { "1" = "response1", "2" = "response2", "0" = "tie" }

    [[vote]]
    annotator = "annotator3"
    field = "annotator3"
    values = { "1" = "response1", "2" = "response2", "0" = "tie" }
"#;

#[test]
fn an_upstream_result_file_goes_out_as_it_came() {
    let Some(data) = shared() else { return };
    let path = data.join("omni/SYNTHETIC_results_preferences_with_tie.json");
    let mut reader = open(&path, &task("text_to_video")).unwrap();
    assert_eq!(reader.format(), FormatId::OmniRewardbench);
    let (rows, refused) = pairs(&mut reader);
    assert_eq!((rows.len(), refused.len()), (2, 0));
    assert_eq!(reader.bytes_read(), reader.bytes_total());
    assert_eq!(rows[0].resolution, Some(Verdict::Tie));
    let expected = MediaSource::Path {
        field: "response1".into(),
        path: "t2v/modelA/0001.mp4".into(),
    };
    assert_eq!(rows[0].response1.media, [expected]);
    assert_eq!(rows[0].extra.len(), 2, "predicted and the raw response");
    assert_eq!(through(&rows), std::fs::read_to_string(&path).unwrap());
}

#[test]
fn the_empty_result_file_is_an_empty_list() {
    let Some(data) = shared() else { return };
    let path = data.join("omni/SYNTHETIC_empty_results.json");
    let (rows, refused) = pairs(&mut open(&path, &task("text_to_video")).unwrap());
    assert_eq!((rows.len(), refused.len()), (0, 0));
    assert_eq!(through(&rows), std::fs::read_to_string(&path).unwrap());
}

#[test]
fn pandalm_comes_in_with_its_three_annotators() {
    let Some(data) = shared() else { return };
    let path = data.join("pandalm/ship200.json");
    let mut reader = open(&path, &with_mapping(PANDALM)).unwrap();
    let (rows, refused) = pairs(&mut reader);
    assert_eq!((rows.len(), refused.len()), (200, 0));
    assert_eq!(reader.warnings(), []);
    assert!(rows.iter().all(|row| row.votes.len() == 3));
    let first = &rows[0];
    assert_eq!(first.source_id.as_deref(), Some("0"));
    assert_eq!(first.response1.model.as_deref(), Some("bloom-7b"));
    assert_eq!(first.response2.model.as_deref(), Some("llama-7b"));
    assert!(first.prompt.contains("unnecessary words.\n\nIf you have"));
    assert_eq!(first.votes[2].annotator, "annotator3");
    assert_eq!(first.votes[2].verdict, Some(Verdict::Response2));
    assert_eq!(
        first.shape.join(" "),
        "prompt response1 response2 model1 model2 criteria criteria_preference id motivation_app"
    );
    assert_eq!(first.extra[0].1.as_str(), "\"Grammarly\"");
    let blank = rows.iter().flat_map(|row| &row.remarks);
    let blank: Vec<_> = blank
        .map(|p| (p.code, p.field.as_deref().unwrap()))
        .collect();
    assert!(!blank.is_empty());
    assert!(blank.iter().all(|(code, _)| *code == "blank"), "{blank:?}");
    let label = |verdict| {
        let votes = rows.iter().flat_map(|row| &row.votes);
        votes.filter(|vote| vote.verdict == Some(verdict)).count()
    };
    let ties = label(Verdict::Tie);
    assert_eq!(
        label(Verdict::Response1) + label(Verdict::Response2) + ties,
        600
    );
    assert!(ties > 0);
}

#[test]
fn pandalm_is_guessed_from_its_field_names() {
    let Some(data) = shared() else { return };
    let columns = columns(&data.join("pandalm/ship200.json")).unwrap();
    assert_eq!((columns.rows, columns.fields.len()), (200, 10));
    let mapping = guess_mapping(&columns);
    mapping.validate().unwrap();
    assert_eq!(mapping.prompt.text, ["instruction", "input"]);
    assert_eq!(mapping.id.as_deref(), Some("idx"));
    assert_eq!(mapping.vote.len(), 3);
    assert_eq!(mapping.vote[0].values["2"], Verdict::Response2);
}

#[test]
fn genai_bench_votes_come_in_from_csv() {
    let Some(data) = shared() else { return };
    let path = data.join("genai-bench/image_edition.csv");
    // The table has no media: two judges' words stand for the responses.
    let mapping = r#"
        task = "text_image_to_image"
        id = "idx"
        prompt = "prompt"
        response1 = "gpt4o"
        response2 = "gemini-1.5-pro"

        [[vote]]
        annotator = "arena"
        field = "human_vote"
        values = { leftvote = "response1", rightvote = "response2", tievote = "tie", bothbad_vote = "both_bad" }
    "#;
    let (rows, refused) = pairs(&mut open(&path, &with_mapping(mapping)).unwrap());
    assert_eq!((rows.len(), refused.len()), (919, 0));
    let even = rows.iter().flat_map(|row| &row.votes);
    let even = even.filter(|v| matches!(v.verdict, Some(Verdict::Tie | Verdict::BothBad)));
    assert_eq!(even.count(), 416, "45.3 % of 919, as its source says");
    assert!(rows[1].prompt.contains("bananas, berries, and"));
    let unused = &rows[0].shape[6..];
    assert_eq!((unused[0].as_str(), unused.len()), ("blip2", 16));
}

#[test]
fn every_nasty_string_goes_in_and_out() {
    let Some(data) = shared() else { return };
    let nasty = std::fs::read_to_string(data.join("text-nasty/blns.json")).unwrap();
    let nasty: Vec<String> = serde_json::from_str(&nasty).unwrap();
    let rows: Vec<_> = nasty
        .iter()
        .map(|text| {
            serde_json::json!({
                "prompt": text, "response1": text, "response2": "b", "criteria": text,
                "criteria_preference": "tie", "id": text, "other": [text, {text.as_str(): text}],
            })
        })
        .collect();
    let file = serde_json::to_string(&rows).unwrap();
    let once = all("x.json", &file, &task("text_to_text"));
    assert_eq!(once.len(), nasty.len());
    for (row, text) in once.iter().zip(&nasty) {
        assert_eq!(row.prompt, *text);
        assert_eq!(row.response1.text, *text);
        assert_eq!(row.source_id.as_deref(), Some(text.as_str()));
        let criterion = row.criterion.as_ref().map(|c| c.text().to_owned());
        assert_eq!(criterion.unwrap_or_default().trim(), text.trim());
    }
    let written_once = through(&once);
    assert!(written_once.is_ascii());
    let twice = all("x.json", &written_once, &task("text_to_text"));
    assert_eq!(through(&twice), written_once);
    let values: serde_json::Value = serde_json::from_str(&written_once).unwrap();
    assert_eq!(
        values,
        serde_json::Value::from(rows),
        "another reader sees the same"
    );
}

#[test]
fn every_byte_cut_of_a_real_file_ends_in_a_sentence() {
    let Some(data) = shared() else { return };
    let path = data.join("omni/SYNTHETIC_results_preferences_with_tie.json");
    let bytes = std::fs::read(path).unwrap();
    for end in 1..bytes.len() {
        let file = written("x.json", &bytes[..end]);
        let Ok(mut reader) = open(&file.path, &task("text_to_video")) else {
            continue;
        };
        let (rows, refused) = pairs(&mut reader);
        assert!(rows.len() <= 2);
        assert_eq!(refused.last().unwrap().code, "cut_off", "at {end}");
        assert_eq!(reader.broken().unwrap().code, "cut_off");
    }
}
