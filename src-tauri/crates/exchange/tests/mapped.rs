//! Tables read through a mapping, and votes read back.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what goes wrong here is a failed test"
)]

mod common;

use std::fmt::Write as _;

use common::{all, as_format, pairs, through, with_mapping, written};
use tiebreak_domain::{
    AnnotatorId, AssignmentId, ContentHasher, QuestionId, Verdict, VoteId, VoteLine,
};
use tiebreak_exchange::{FormatId, Item, ReadOptions, columns, guess_mapping, open, vote_line};

const BASE: &str =
    "task = \"text_to_text\"\nprompt = \"p\"\nresponse1 = \"a\"\nresponse2 = \"b\"\n";

#[test]
fn long_tables_give_a_vote_a_row() {
    let mapping = format!(
        "{BASE}criterion = {{ field = \"why\" }}\n[[vote]]\nannotator_field = \"worker\"\n\
         field = \"label\"\nvalues = {{ A = \"response1\", \"B\" = \"response2\" }}\n\
         confidence = {{ field = \"sure\", values = {{ low = 1, high = 3 }} }}\n\
         rationale = \"reason\"\nat_ms = \"at\"\n"
    );
    let table = "p\ta\tb\twhy\tworker\tlabel\tsure\treason\tat\tmore\n\
                 p1\tx\ty\tc?\tann\tA\thigh\t\"be\"\"cause\"\t1700000000000\t1\n\
                 p1\tx\ty\tc?\tbob\tB \t\t\t\t\n\
                 p1\tx\ty\t\tcid\tC\tmiddling\t\tnow\t\n\
                 p1\tx\ty\tc?\t\tA\t\t\t\t\n\
                 p1\tx\ty\tc?\tdan\t\t\t\t\t\n";
    let rows = all("votes.tsv", table, &with_mapping(&mapping));
    let first = &rows[0].votes[0];
    assert_eq!(
        (first.annotator.as_str(), first.verdict),
        ("ann", Some(Verdict::Response1))
    );
    assert_eq!(first.confidence.map(|c| c.level()), Some(3));
    assert_eq!(
        (first.rationale.as_str(), first.at_ms),
        ("be\"cause", Some(1_700_000_000_000))
    );
    assert_eq!(
        rows[1].votes[0].verdict,
        Some(Verdict::Response2),
        "spaces around a word"
    );
    let votes: Vec<_> = rows.iter().map(|row| row.votes.len()).collect();
    assert_eq!(votes, [1, 1, 0, 0, 0]);
    let remarks: Vec<_> = rows.iter().map(|row| row.remarks.len()).collect();
    assert_eq!(
        remarks,
        [0, 0, 2, 1, 0],
        "a blank label is silently no vote"
    );
    assert_eq!(
        rows[2].extra[0].0, "label",
        "a word that is not understood is kept"
    );
    assert_eq!(rows[0].extra[0].1.as_str(), "\"1\"");
}

#[test]
fn cells_of_any_type_are_compared_by_their_text() {
    let mapping = format!(
        "{BASE}resolution = {{ field = \"w\", values = {{ \"1\" = \"response1\", \"true\" = \"tie\" }} }}\n"
    );
    let row = |w: &str| format!("{{\"p\":\"p\",\"a\":false,\"b\":\"\",\"w\":{w}}}");
    let table = format!(
        "[{},{},{},{}]",
        row("1"),
        row("\"1\""),
        row("true"),
        row("[2]")
    );
    let rows = all("x.json", &table, &with_mapping(&mapping));
    let found: Vec<_> = rows.iter().map(|row| row.resolution).collect();
    let first = Some(Verdict::Response1);
    assert_eq!(found, [first, first, Some(Verdict::Tie), None]);
    assert_eq!(rows[0].response1.text, "false");
    let codes: Vec<_> = rows[0].remarks.iter().map(|r| r.code).collect();
    assert_eq!(codes, ["not_text", "blank"]);
    assert_eq!(rows[0].extra, []);
    assert_eq!(rows[3].extra[0].1.as_str(), "[2]");
}

#[test]
fn models_tasks_and_media_come_from_fields() {
    let mapping = r#"
        task = { field = "kind", values = { v = "text_to_video" } }
        prompt = { text = "p", image = "src" }
        response1 = { video = "a", text = "cap" }
        response2 = { video = "b" }
        models = { field = "m", split = "_" }
    "#;
    let row = |m: &str, kind: &str| {
        format!(
            "{{\"kind\":\"{kind}\",\"m\":\"{m}\",\"p\":\"p\",\"src\":\"s.png\",\"a\":\"1.mp4\",\
             \"cap\":\"one\",\"b\":\"2.mp4\",\"model1\":9,\"z\":{{\"k\":[]}}}}"
        )
    };
    let table = [
        row("x_y", "v"),
        row("x_y_z", "v"),
        row("xy", "v"),
        row("x_y", "w"),
    ]
    .join("\n");
    let file = written("x.jsonl", table);
    let mut reader = open(&file.path, &with_mapping(mapping)).unwrap();
    assert_eq!(reader.warnings()[0].code, "name_taken");
    let (rows, refused) = pairs(&mut reader);
    assert_eq!((refused[0].row, refused[0].code), (4, "bad_task"));
    let models = |n: usize| {
        let row = &rows[n];
        (
            row.response1.model.as_deref(),
            row.response2.model.as_deref(),
            row.remarks.len(),
        )
    };
    assert_eq!(models(0), (Some("x"), Some("y"), 0));
    assert_eq!(models(1), (Some("x"), Some("y_z"), 1));
    assert_eq!(models(2), (None, None, 1));
    assert_eq!(rows[0].response1.text, "one");
    assert_eq!(
        rows[0].shape.join(" "),
        "prompt image response1 response2 model1 model2 criteria criteria_preference z"
    );
    let written = through(&rows[..1]);
    assert!(written.contains("\"image\": \"s.png\""), "{written}");
    assert!(written.contains("\"response1\": \"1.mp4\""), "{written}");
    assert!(written.contains("\"response1_text\": \"one\""), "{written}");
    assert!(
        written.contains("\"z\": {\n            \"k\": []"),
        "{written}"
    );
}

#[test]
fn a_mapping_for_another_file_is_refused_at_once() {
    let mapping = with_mapping(&BASE.replace("\"b\"", "\"response_b\""));
    for (name, table) in [
        ("x.csv", "p,a,b\n"),
        ("x.json", "[{\"p\":1,\"a\":2,\"b\":3}]"),
    ] {
        let file = written(name, table);
        let error = open(&file.path, &mapping).err().unwrap();
        assert_eq!(error.code(), "missing_fields");
        let message = error.to_string();
        assert!(
            message.contains("have: response_b;") && message.contains("p, a, b"),
            "{message}"
        );
    }
    let untasked = with_mapping(&BASE.replace("task = \"text_to_text\"\n", ""));
    let file = written("x.csv", "p,a,b\n1,2,3\n");
    assert_eq!(
        open(&file.path, &untasked).err().unwrap().code(),
        "needs_task"
    );
    let error = open(&file.path, &as_format(FormatId::Mapped))
        .err()
        .unwrap();
    assert_eq!(error.code(), "needs_mapping");
}

#[test]
fn a_semicolon_table_is_recognised_and_an_open_quote_ends_it() {
    let file = written("x.csv", "p;a;b\n1,5;2;3\n4;\"5;6\n");
    let mut reader = open(&file.path, &with_mapping(BASE)).unwrap();
    let (rows, refused) = pairs(&mut reader);
    assert_eq!(rows[0].prompt, "1,5");
    assert_eq!((refused.len(), refused[0].code), (1, "uneven_row"));
}

#[test]
fn an_arena_table_is_guessed() {
    let mut table =
        "question_id,model_a,model_b,winner,prompt,image,response_a,response_b\n".to_owned();
    for (n, winner) in ["model_a", "model_b", "tie", "tie (bothbad)"]
        .iter()
        .enumerate()
    {
        writeln!(table, "{n},x,y,{winner},what,{n}.png,{n}a.mp4,{n}b.mp4").unwrap();
    }
    let file = written("arena.csv", &table);
    let found = columns(&file.path).unwrap();
    assert_eq!(found.fields[3].values.len(), 4);
    let mapping = guess_mapping(&found);
    mapping.validate().unwrap();
    let options = ReadOptions {
        mapping: Some(mapping),
        ..ReadOptions::default()
    };
    let (rows, refused) = pairs(&mut open(&file.path, &options).unwrap());
    assert_eq!(refused, []);
    assert_eq!(rows[0].task.as_str(), "text_image_to_video");
    assert_eq!(rows[0].response2.model.as_deref(), Some("y"));
    let verdicts: Vec<_> = rows.iter().filter_map(|row| row.resolution).collect();
    assert_eq!(verdicts, Verdict::ALL);
}

fn vote(n: i64) -> VoteLine {
    VoteLine {
        vote: VoteId::new(n, [1; 16]),
        supersedes: (n > 1).then(|| VoteId::new(n - 1, [1; 16])),
        assignment: AssignmentId::new(n, [2; 16]),
        question: QuestionId::from_uuid(ContentHasher::new("question").finish()),
        pair: None,
        source_id: Some("7".into()),
        criterion: Some("Schöner?\u{2028}".into()),
        criterion_version: 1,
        criterion_meaning: None,
        after_reveal: false,
        annotator: "Ann\n".into(),
        annotator_id: AnnotatorId::new(n, [3; 16]),
        verdict: (n < 3).then_some(Verdict::BothBad),
        confidence: None,
        rationale: "\"quoted\"".into(),
        at_ms: n,
        repeat: false,
        presentation: serde_json::json!({"left": "response2", "gain_db": [0.1, -3.3]}),
    }
}

#[test]
fn votes_go_out_and_come_back() {
    let votes: Vec<_> = (1..=3).map(vote).collect();
    let mut lines = Vec::new();
    for vote in &votes {
        vote_line(&mut lines, vote).unwrap();
    }
    let text = String::from_utf8(lines).unwrap();
    assert!(
        text.starts_with("{\"vote\":") && text.contains("Schöner?"),
        "{text}"
    );
    let text = format!("{text}\n{{\"vote\":1}}\n");
    let file = written("votes.jsonl", text);
    let mut reader = open(&file.path, &ReadOptions::default()).unwrap();
    assert_eq!(reader.format(), FormatId::Votes);
    let items: Vec<_> = reader.by_ref().collect();
    let back: Vec<_> = items
        .iter()
        .filter_map(|item| match item {
            Ok(Item::Vote(vote)) => Some(vote.as_ref().clone()),
            _ => None,
        })
        .collect();
    assert_eq!(back, votes);
    let refused: Vec<_> = items
        .iter()
        .filter_map(|item| item.as_ref().err())
        .collect();
    assert_eq!(
        (refused.len(), refused[0].row, refused[0].code),
        (1, 4, "bad_vote")
    );
    let empty = written("none.jsonl", "");
    assert_eq!(
        open(&empty.path, &as_format(FormatId::Votes))
            .unwrap()
            .count(),
        0
    );
}
