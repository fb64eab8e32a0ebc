//! Omni-RewardBench rows, usual and unusual, in and out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what goes wrong here is a failed test"
)]

mod common;

use common::{all, as_format, out, pairs, task, through, write, written};
use tiebreak_domain::{Modality, NINE_TASKS, Verdict};
use tiebreak_exchange::{
    ExchangeError, FormatId, Incoming, MediaSource, OutRow, OutSide, RawJson, ReadOptions, open,
};

fn one(row: &str, id: &str) -> Incoming {
    all("rows.json", &format!("[{row}]"), &task(id)).remove(0)
}

fn codes(row: &Incoming) -> Vec<&str> {
    row.remarks.iter().map(|remark| remark.code).collect()
}

fn paths(media: &[MediaSource]) -> Vec<(&str, &str)> {
    media
        .iter()
        .map(|source| match source {
            MediaSource::Path { field, path } => (field.as_str(), path.as_str()),
            MediaSource::Bytes { .. } => panic!("bytes in a JSON file: {source:?}"),
        })
        .collect()
}

#[test]
fn the_name_of_a_file_tells_its_task() {
    let rows = "[{\"prompt\":\"p\",\"response1\":\"a\",\"response2\":\"b\"}]";
    for id in NINE_TASKS {
        let row = all(
            &format!("{id}_preferences.json"),
            rows,
            &ReadOptions::default(),
        )
        .remove(0);
        assert_eq!(row.task.as_str(), id);
        let (prompt, responses) = row.task.media_fields().unwrap();
        assert_eq!(
            row.response1.media.len(),
            usize::from(responses != Modality::Text)
        );
        assert_eq!(
            codes(&row).len(),
            usize::from(prompt.is_some()),
            "{:?}",
            row.remarks
        );
    }
    let file = written("GPT-4o_preferences_with_tie.json", rows);
    let error = open(&file.path, &ReadOptions::default()).err().unwrap();
    assert!(matches!(error, ExchangeError::NeedsTask(_)), "{error}");
    let own = "{\"task\":\"mine\",\"prompt\":\"p\",\"response1\":\"a\",\"response2\":\"b\",\
               \"response2_path\":\"c.png\",\"video\":[\"v.mp4\",\"w.mp4\"]}";
    let row = all("x.jsonl", own, &ReadOptions::default()).remove(0);
    assert_eq!(row.task.as_str(), "mine");
    assert_eq!(paths(&row.response2.media), [("response2_path", "c.png")]);
    assert_eq!(
        paths(&row.prompt_media),
        [("video", "v.mp4"), ("video", "w.mp4")]
    );
}

#[test]
fn media_stand_in_plain_fields_or_in_path_fields() {
    let row = one(
        "{\"prompt\":\"p\",\"image\":\"a.png\",\"image_path\":\"old/a.png\",\"response1\":null,\
         \"response1_path\":\"1.png\",\"response2\":\"2.png\",\"response2_path\":\"old/2.png\"}",
        "text_image_to_image",
    );
    assert_eq!(paths(&row.prompt_media), [("image", "a.png")]);
    assert_eq!(paths(&row.response1.media), [("response1_path", "1.png")]);
    assert_eq!(paths(&row.response2.media), [("response2", "2.png")]);
    assert_eq!(row.response1.text, "");
    let written = through(std::slice::from_ref(&row));
    assert_eq!(
        all("x.json", &written, &task("text_image_to_image"))[0].extra,
        row.extra
    );
    assert!(written.contains("\"response1\": null"), "{written}");
    assert!(
        written.contains("\"response2_path\": \"old/2.png\""),
        "{written}"
    );
    let foreign = one(
        "{\"prompt\":\"p\",\"response1\":\"a\",\"response2\":\"b\",\"image\":\"x.png\"}",
        "text_to_text",
    );
    assert_eq!(
        (foreign.prompt_media.len(), codes(&foreign)),
        (0, vec!["media_not_shown"])
    );
    let file = written_rows("{\"prompt\":\"p\",\"response1\":{\"bytes\":1},\"response2\":\"b\"}");
    let (_, refused) = pairs(&mut open(&file.path, &task("text_to_image")).unwrap());
    assert_eq!(refused[0].code, "not_a_path");
}

fn written_rows(rows: &str) -> common::Written {
    written("rows.json", format!("[{rows}]"))
}

#[test]
fn values_of_other_types_are_taken_as_text_and_come_back_as_they_were() {
    let file = "[\n    {\n        \"prompt\": \"\\ud83d\",\n        \"response1\": true,\n        \
                \"response2\": null,\n        \"model1\": 7,\n        \"criteria\": 5.0,\n        \
                \"criteria_preference\": \"response2\",\n        \"id\": 12,\n        \"x\": \
                [\n            NaN,\n            1.50\n        ]\n    }\n]";
    let rows = all("x.json", file, &task("text_to_text"));
    let row = &rows[0];
    assert_eq!(row.prompt, "\u{fffd}");
    assert_eq!(
        (row.response1.text.as_str(), row.response2.text.as_str()),
        ("true", "")
    );
    assert_eq!(row.response1.model.as_deref(), Some("7"));
    assert_eq!(row.source_id.as_deref(), Some("12"));
    assert_eq!(
        codes(row),
        [
            "half_surrogate",
            "not_text",
            "not_text",
            "blank",
            "not_text"
        ]
    );
    assert_eq!(
        row.remarks[1].message,
        "response1 is true, not text: imported as the text true"
    );
    assert_eq!(through(&rows), file);
    let mut other = out(row, Modality::Image, Verdict::BothBad);
    other.criterion = Some("Another one?".into());
    let written = write(&[other]);
    assert!(
        written.contains("\"criteria\": \"Another one?\""),
        "{written}"
    );
    assert!(
        written.contains("\"criteria_preference\": \"both_bad\""),
        "{written}"
    );
}

#[test]
fn verdicts_that_are_none_are_told_and_left_out() {
    for (value, resolution, told) in [
        ("\"tie\"", Some(Verdict::Tie), 0),
        ("\"both_bad\"", Some(Verdict::BothBad), 0),
        ("null", None, 0),
        ("\"\"", None, 1),
        ("\"A\"", None, 1),
        ("1", None, 1),
    ] {
        let row = format!(
            "{{\"prompt\":\"p\",\"response1\":\"a\",\"response2\":\"b\",\
             \"criteria_preference\":{value}}}"
        );
        let row = one(&row, "text_to_text");
        assert_eq!(
            (row.resolution, row.remarks.len()),
            (resolution, told),
            "{value}"
        );
    }
}

#[test]
fn bad_rows_are_refused_by_number_and_the_rest_is_taken() {
    let good = "{\"prompt\":\"p\",\"response1\":\"a\",\"response2\":\"b\"}";
    let long = format!(
        "{}\"criteria\":\"{}\"}}",
        good.replace('}', ","),
        "x".repeat(20_001)
    );
    let rows = [
        good,
        "7",
        "{\"prompt\":\"p\",\"response1\":\"a}",
        "{\"prompt\":\"p\",\"response1\":\"a\"}",
        &long,
        good,
    ];
    let file = written(
        "text_to_text_preferences.json",
        format!("[{}]", rows.join(",\n")),
    );
    let mut reader = open(&file.path, &ReadOptions::default()).unwrap();
    assert!(reader.why().contains("text_to_text"), "{}", reader.why());
    let (taken, refused) = pairs(&mut reader);
    assert_eq!(taken.iter().map(|row| row.row).collect::<Vec<_>>(), [1, 6]);
    let refused: Vec<_> = refused.iter().map(|p| (p.row, p.code)).collect();
    assert_eq!(
        refused,
        [
            (2, "not_an_object"),
            (3, "bad_json"),
            (4, "missing_field"),
            (5, "bad_criterion")
        ]
    );
    assert!(reader.broken().is_none());
}

#[test]
fn a_byte_order_mark_and_a_null_in_text_do_no_harm() {
    let file = "\u{feff}{\"prompt\":\"a\\u0000b\",\"response1\":\"a\",\"response2\":\"b\"}\r\n\r\n";
    let file = written("x.jsonl", file);
    let mut reader = open(&file.path, &task("text_to_text")).unwrap();
    assert_eq!(reader.warnings()[0].code, "byte_order_mark");
    let (taken, _) = pairs(&mut reader);
    assert_eq!(taken[0].prompt, "a\0b");
    assert_eq!(reader.bytes_read(), reader.bytes_total());
}

#[test]
fn files_that_hold_no_rows_are_refused_with_what_to_do() {
    let rows = "{\"prompt\":\"p\",\"response1\":\"a\",\"response2\":\"b\"}";
    let many = format!("{rows},").repeat(40_000);
    for (name, content, code, says) in [
        ("x.json", String::new(), "empty_file", "empty"),
        ("x.json", " \n ".into(), "empty_file", "empty"),
        ("x.json", "hello there".into(), "not_rows", "hello there"),
        ("x.parquet", "PAR1....".into(), "not_rows", "cut off"),
        ("x.parquet", "PARE....".into(), "not_rows", "encrypted"),
        ("x.parquet", "[{}]".into(), "not_rows", "PAR1"),
        (
            "x.json",
            format!("{{\"v\":1,\"data\":[{rows}]}}"),
            "wrapped_rows",
            "“data”",
        ),
        (
            "x.json",
            format!("{{\"data\":\n[{many}{rows}]}}"),
            "wrapped_rows",
            "“data”",
        ),
        ("x.json", "[{\"a\":1}]".into(), "needs_mapping", "a"),
        (
            "x.csv",
            "prompt,b\n1,2\n".into(),
            "needs_mapping",
            "prompt, b",
        ),
        ("x.json", format!("[{rows}]"), "needs_task", "text_to_3D"),
        ("x.json", "[{\"a\":}]".into(), "not_rows", "line 1"),
    ] {
        let file = written(name, content);
        let error = open(&file.path, &ReadOptions::default()).err().unwrap();
        assert_eq!(error.code(), code, "{name}: {error}");
        assert!(error.to_string().contains(says), "{error}");
    }
    let folder = written("x.json", "[]");
    for (path, code) in [
        (folder.folder.path().to_owned(), "not_a_file"),
        (folder.folder.path().join("none"), "cannot_open"),
    ] {
        let error = open(&path, &ReadOptions::default()).err().unwrap();
        assert_eq!(error.code(), code);
    }
    let error = open(&folder.path, &as_format(FormatId::Csv)).err().unwrap();
    assert_eq!(error.code(), "write_only");
}

fn bare(id: &str) -> OutRow {
    OutRow {
        shape: vec![],
        extra: vec![],
        task: id.parse().unwrap(),
        prompt: "p".into(),
        prompt_media: vec![],
        response1: OutSide::default(),
        response2: OutSide::default(),
        criterion: Some("c".into()),
        source_id: None,
        verdict: Verdict::Tie,
    }
}

#[test]
fn words_and_media_together_come_back_for_any_task() {
    let side = |text: &str, media: &[&str]| OutSide {
        text: text.into(),
        media: media.iter().map(|m| (*m).to_owned()).collect(),
        model: Some("m".into()),
    };
    for id in NINE_TASKS.into_iter().chain(["mine"]) {
        let places = id.parse::<tiebreak_domain::Task>().unwrap().media_fields();
        let medium = places.map_or(Some(Modality::Audio), |(medium, _)| medium);
        let row = OutRow {
            prompt_media: medium
                .map(|m| (m, "p.bin".to_owned()))
                .into_iter()
                .collect(),
            response1: side("words", &["a.bin", "b.bin"]),
            response2: side("", &["c.bin"]),
            ..bare(id)
        };
        let written = write(std::slice::from_ref(&row));
        let back = all("x.json", &written, &task(id)).remove(0);
        assert_eq!(back.prompt_media.len(), row.prompt_media.len(), "{id}");
        for (came, went) in [
            (&back.response1, &row.response1),
            (&back.response2, &row.response2),
        ] {
            let media: Vec<_> = paths(&came.media).iter().map(|(_, path)| *path).collect();
            assert_eq!(
                (&came.text, media),
                (&went.text, went.media.iter().map(String::as_str).collect()),
                "{id}"
            );
        }
        let again = write(&[out(&back, medium.unwrap_or(Modality::Image), Verdict::Tie)]);
        assert_eq!(again, written, "{id}");
    }
}

#[test]
fn verdict_and_criterion_find_their_place() {
    let keys = |shape: &[&str], criterion: Option<&str>| {
        let row = OutRow {
            shape: shape.iter().map(|s| (*s).to_owned()).collect(),
            extra: vec![("x".into(), RawJson::new("1"))],
            criterion: criterion.map(str::to_owned),
            ..bare("text_to_text")
        };
        let written = write(&[row]);
        let keys: Vec<_> = written
            .lines()
            .filter_map(|line| line.trim().strip_prefix('"')?.split('"').next())
            .map(str::to_owned)
            .collect();
        keys.join(" ")
    };
    let base = ["prompt", "response1", "response2"];
    assert_eq!(
        keys(
            &[
                "criteria_preference",
                "prompt",
                "response1",
                "response2",
                "x"
            ],
            Some("c")
        ),
        "criteria criteria_preference prompt response1 response2 x"
    );
    assert_eq!(
        keys(&[&base[..], &["criteria", "x"]].concat(), Some("c")),
        "prompt response1 response2 criteria criteria_preference x"
    );
    assert_eq!(
        keys(&[&base[..], &["x"]].concat(), None),
        "prompt response1 response2 x criteria_preference"
    );
    assert_eq!(
        keys(&[], Some("c")),
        "prompt response1 response2 model1 model2 criteria criteria_preference id"
    );
}

#[test]
fn a_kept_value_that_is_not_json_is_not_written() {
    let row = OutRow {
        shape: vec!["prompt".into(), "x".into()],
        extra: vec![("x".into(), RawJson::new("{oops"))],
        ..bare("text_to_text")
    };
    let mut writer = tiebreak_exchange::OmniWriter::new(Vec::new()).unwrap();
    assert_eq!(writer.row(&row).unwrap_err().code(), "bad_kept_value");
    assert_eq!(writer.finish().unwrap(), b"[]");
}

#[test]
fn a_reader_can_be_moved_to_another_thread() {
    const fn sent<T: Send>() {}
    sent::<tiebreak_exchange::Reader>();
}
