//! Files in and out: what is taken, what is refused and how, and round trips that lose nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::io::Write as _;
use std::path::Path;

use common::{Made, made, rows};
use tiebreak_commands::dto::{ExportReport, ExportRequest, ImportRequest, VoteRequest};
use tiebreak_commands::import::{self, Cancel};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{annotators, export, label};
use tiebreak_domain::{Attention, Confidence, Next, ScreenVerdict};

const BENCH: &str = "text_to_text_preferences.json";

async fn exported(made: &Made, format: &str, name: &str) -> (ExportReport, String) {
    let out = made.folder.path().join(name);
    let request = ExportRequest {
        format: format.into(),
        out: out.display().to_string(),
        rule: None,
        ignore_imported: false,
    };
    let report = export::run(&made.project, &request).await.unwrap();
    (report, std::fs::read_to_string(out).unwrap())
}

async fn answer_some(made: &Made, name: &str, count: usize) {
    let p = &made.project;
    let who = annotators::find_or_add(p, name).await.unwrap().id;
    for n in 0..count {
        let Next::Question(view) = label::next(p, who).await.unwrap() else {
            return;
        };
        let request = VoteRequest {
            assignment: view.assignment,
            verdict: ScreenVerdict::ALL[n % 4],
            confidence: Confidence::new(i64::try_from(n % 4).unwrap()).ok(),
            rationale: format!("reason {n} \u{1f436} \"quoted\" \u{2028}"),
            attention: Attention {
                gain_db: [-2.1, 0.3],
                ..Attention::default()
            },
        };
        label::vote(p, who, request, "test 1").await.unwrap();
        if n % 5 == 4 {
            label::undo(p, who).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_benchmark_comes_back_byte_for_byte() {
    let made = made(&NewProject::default()).await;
    let text = "[\n    {\n        \"prompt\": \"A \\\"cute\\\" dog \\ud83d\\udc36 \\u2014 na\\u00efve\",\n        \"response1\": \"a\",\n        \"response2\": \"b/c\",\n        \"note\": {\n            \"deep\": [\n                1.0,\n                1e5,\n                {}\n            ]\n        },\n        \"model1\": \"m\",\n        \"model2\": null,\n        \"criteria\": \"Which is better?\",\n        \"criteria_preference\": \"tie\",\n        \"id\": 7\n    }\n]";
    let report = made.import_text(BENCH, text).await.unwrap();
    assert_eq!((report.taken, report.resolutions), (1, 1), "{report:?}");
    let (report, back) = exported(&made, "omni-rewardbench", "out.json").await;
    assert_eq!(back, text);
    assert_eq!(report.by_source["imported"], 1);
}

#[tokio::test]
async fn votes_go_out_and_in_again_and_lose_nothing() {
    let first = made(&NewProject {
        repeat_percent: 40,
        ..NewProject::default()
    })
    .await;
    let bench = rows(30, 1);
    first.import_text(BENCH, &bench).await.unwrap();
    answer_some(&first, "anna", 37).await;
    answer_some(&first, "ben", 12).await;
    let (anna, ben) = (
        annotators::find(&first.project, "anna").await.unwrap().id,
        annotators::find(&first.project, "ben").await.unwrap().id,
    );
    annotators::move_votes(&first.project, ben, anna)
        .await
        .unwrap();
    let (report, lines) = exported(&first, "votes", "votes.jsonl").await;
    assert!(report.by_source["withdrawal"] > 0, "{report:?}");

    let second = made(&NewProject::default()).await;
    second.import_text(BENCH, &bench).await.unwrap();
    let report = second.import_text("votes.jsonl", &lines).await.unwrap();
    assert_eq!(
        (report.refused, report.votes),
        (0, lines.lines().count() as u64),
        "{report:?}"
    );
    let (_, again) = exported(&second, "votes", "again.jsonl").await;
    assert_eq!(again, lines);
    assert!(projects::check(&second.project).await.unwrap().ok);
    let report = second.import_text("votes.jsonl", &lines).await.unwrap();
    assert_eq!(
        (report.votes, report.known),
        (0, lines.lines().count() as u64),
        "twice is once"
    );
    let a = label::history(&first.project, anna, 100).await.unwrap();
    let b = label::history(&second.project, anna, 100).await.unwrap();
    let what = |list: &[tiebreak_commands::dto::HistoryEntry]| {
        let mut all: Vec<_> = list.iter().map(|h| (h.assignment, h.verdict)).collect();
        all.sort_by_key(|(a, _)| *a);
        all
    };
    assert_eq!(
        what(&a),
        what(&b),
        "what stands, and on which side, is the same"
    );
}

#[tokio::test]
async fn votes_on_unknown_questions_are_refused_with_a_sentence() {
    let first = made(&NewProject::default()).await;
    first.import_text(BENCH, &rows(2, 1)).await.unwrap();
    answer_some(&first, "anna", 2).await;
    let (_, lines) = exported(&first, "votes", "votes.jsonl").await;
    let empty = made(&NewProject::default()).await;
    let report = empty.import_text("votes.jsonl", &lines).await.unwrap();
    assert_eq!((report.taken, report.refused), (0, 2));
    assert!(
        report.problems[0]
            .message
            .contains("import the file of pairs first")
    );
}

#[tokio::test]
async fn one_bad_row_costs_one_row() {
    let made = made(&NewProject::default()).await;
    let good = r#"{"prompt":"p","response1":"a","response2":"b","criteria":"c?","id":"1"}"#;
    let other = good.replace("\"1\"", "\"3\"");
    let text = format!("[{good}, {{\"prompt\": \"p\", \"response1\" \"b\"}}, {other}]");
    let report = made.import_text(BENCH, &text).await.unwrap();
    assert_eq!((report.taken, report.refused), (2, 1), "{report:?}");
    assert_eq!(report.problems[0].row, 2);
}

#[tokio::test]
async fn a_file_that_is_cut_off_is_told_as_such() {
    let made = made(&NewProject::default()).await;
    let whole = rows(5, 1);
    let cut: String = whole.chars().take(whole.len() * 3 / 5).collect();
    let report = made.import_text(BENCH, &cut).await.unwrap();
    assert!(report.taken > 0 && report.taken < 5, "{report:?}");
    assert!(report.broken.is_some(), "{report:?}");
    let again = made.import_text(BENCH, &whole).await.unwrap();
    assert_eq!((again.taken, again.broken), (5, None));
}

#[tokio::test]
async fn the_same_file_twice_doubles_nothing_and_a_changed_label_supersedes() {
    let made = made(&NewProject::default()).await;
    made.import_text(BENCH, &rows(5, 2)).await.unwrap();
    let again = made.import_text(BENCH, &rows(5, 2)).await.unwrap();
    assert_eq!(
        (again.pairs, again.questions, again.resolutions, again.known),
        (0, 0, 0, 10)
    );
    let changed = rows(5, 2).replacen("\"response1\",\"id\"", "\"tie\",\"id\"", 1);
    assert_ne!(changed, rows(5, 2));
    let report = made.import_text(BENCH, &changed).await.unwrap();
    assert_eq!((report.questions, report.resolutions), (0, 1));
    let (report, text) = exported(&made, "omni-rewardbench", "out.json").await;
    assert_eq!(report.rows, 10);
    assert_eq!(text.matches("\"criteria_preference\": \"tie\"").count(), 5);
}

#[tokio::test]
async fn a_cancelled_import_and_a_dry_run_leave_the_project_as_it_was() {
    let made = made(&NewProject::default()).await;
    let file = made.file(BENCH, &rows(2000, 1));
    let request = ImportRequest {
        file: file.display().to_string(),
        ..ImportRequest::default()
    };
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let result = import::run(&made.project, &request, false, &cancel, move |_| {
        stop.cancel()
    })
    .await;
    assert_eq!(result.unwrap_err().code, "cancelled");
    assert_eq!(projects::info(&made.project).await.unwrap().pairs, 0);
    let report = import::run(&made.project, &request, true, &Cancel::default(), |_| {})
        .await
        .unwrap();
    assert_eq!((report.dry_run, report.pairs), (true, 2000));
    assert_eq!(projects::info(&made.project).await.unwrap().pairs, 0);
    let log = made.project.logged().await.unwrap();
    assert!(log.is_empty(), "{log:?}");
}

#[tokio::test]
async fn media_outside_the_root_are_refused_by_name() {
    let made = made(&NewProject::default()).await;
    let outside = made.file("outside.png", "x");
    let bench = made.folder.path().join("bench");
    std::fs::create_dir_all(bench.join("in")).unwrap();
    std::os::unix::fs::symlink(&outside, bench.join("in/link.png")).unwrap();
    let row = |path: &str| serde_json::json!({"prompt": "p", "response1": path, "response2": path, "criteria": "c"});
    let absolute = outside.display().to_string();
    let paths = [
        "../outside.png",
        &absolute,
        "in/link.png",
        "in/none.png",
        "https://a.b/c.png",
    ];
    let text = serde_json::to_string(&paths.iter().map(|p| row(p)).collect::<Vec<_>>()).unwrap();
    made.file("bench/text_to_image_preferences.json", &text);
    let file = bench.join("text_to_image_preferences.json");
    let report = made
        .import(ImportRequest {
            file: file.display().to_string(),
            ..ImportRequest::default()
        })
        .await
        .unwrap();
    assert_eq!((report.taken, report.refused), (0, 5), "{report:?}");
    for (problem, path) in report.problems.iter().zip(paths) {
        let told = problem.message.contains(path) || problem.message.contains("c.png");
        assert!(told, "{path}: {}", problem.message);
        assert_eq!(problem.field.as_deref(), Some("response1"));
    }
}

#[tokio::test]
async fn what_an_export_leaves_out_is_counted_by_reason() {
    let made = made(&NewProject::default()).await;
    let bare = rows(4, 1).replace(",\"criteria_preference\":\"response1\"", "");
    let bare = bare.replace(",\"criteria_preference\":\"tie\"", "");
    made.import_text(BENCH, &bare).await.unwrap();
    let p = &made.project;
    for (name, verdicts) in [
        (
            "anna",
            [
                ScreenVerdict::Tie,
                ScreenVerdict::BothBad,
                ScreenVerdict::Tie,
            ],
        ),
        (
            "ben",
            [
                ScreenVerdict::Tie,
                ScreenVerdict::BothBad,
                ScreenVerdict::Left,
            ],
        ),
    ] {
        let who = annotators::add(p, name).await.unwrap().id;
        for verdict in verdicts {
            let Next::Question(view) = label::next(p, who).await.unwrap() else {
                break;
            };
            let request = VoteRequest {
                assignment: view.assignment,
                verdict,
                confidence: None,
                rationale: String::new(),
                attention: Attention::default(),
            };
            label::vote(p, who, request, "t").await.unwrap();
        }
    }
    let (report, text) = exported(&made, "omni-rewardbench", "out.json").await;
    assert_eq!(report.rows, 1);
    assert!(text.contains("\"criteria_preference\": \"tie\""), "{text}");
    let counts: Vec<_> = report
        .left_out
        .iter()
        .map(|l| (l.reason.as_str(), l.count, l.questions[0].as_str()))
        .collect();
    assert_eq!(
        counts,
        [
            ("both_bad", 1, "source-1-0"),
            ("no_consensus", 1, "source-2-0"),
            ("no_votes", 1, "source-3-0")
        ]
    );
}

/// The 200 pairs with three annotators that users of the field know, when they are at hand.
#[tokio::test]
async fn the_pandalm_pairs_come_in_with_their_annotators_votes() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/pandalm");
    let file = shared.join("ship200.json");
    if !file.is_file() {
        let mut out = std::io::stdout().lock();
        let what = "commands/tests/files: the pairs of PandaLM";
        let why = "there is no shared/data beside this checkout";
        writeln!(out, "\nleft out: {what} ({why})").unwrap();
        return;
    }
    let mut mapping = String::from(
        "task = \"text_to_text\"\nid = \"idx\"\nprompt = [\"instruction\", \"input\"]\n\
         response1 = \"response1\"\nresponse2 = \"response2\"\n\
         criterion = { text = \"Which response is better?\" }\n\
         models = { field = \"cmp_key\", split = \"_\" }\n",
    );
    for name in ["annotator1", "annotator2", "annotator3"] {
        mapping.push_str(&format!(
            "[[vote]]\nannotator = \"{name}\"\nfield = \"{name}\"\n\
             values = {{ \"1\" = \"response1\", \"2\" = \"response2\", \"0\" = \"tie\" }}\n"
        ));
    }
    let made = made(&NewProject::default()).await;
    let request = ImportRequest {
        file: file.display().to_string(),
        mapping: Some(mapping),
        ..ImportRequest::default()
    };
    let report = made.import(request).await.unwrap();
    assert_eq!(
        (report.taken, report.refused, report.questions, report.votes),
        (200, 0, 200, 600)
    );
    let mut counts = std::collections::BTreeMap::new();
    made.project
        .each_vote(|line| {
            *counts
                .entry((line.annotator, line.verdict.unwrap().as_str()))
                .or_insert(0) += 1;
            Ok::<_, ()>(())
        })
        .await
        .unwrap()
        .unwrap();
    let golden = [
        ("annotator1", "response1", 82),
        ("annotator1", "response2", 98),
        ("annotator1", "tie", 20),
        ("annotator2", "response1", 72),
        ("annotator2", "response2", 101),
        ("annotator2", "tie", 27),
        ("annotator3", "response1", 76),
        ("annotator3", "response2", 102),
        ("annotator3", "tie", 22),
    ];
    for (name, verdict, count) in golden {
        assert_eq!(
            counts[&(name.to_owned(), verdict)],
            count,
            "{name} {verdict}"
        );
    }
    let (report, text) = exported(&made, "omni-rewardbench", "out.json").await;
    assert_eq!(
        (report.rows, report.by_source["majority"]),
        (200, 200),
        "no three-way split here"
    );
    assert!(
        text.contains("\"motivation_app\": \"Grammarly\""),
        "unknown fields come back"
    );
}

#[tokio::test]
async fn a_row_that_stands_twice_is_taken_once_and_its_other_label_supersedes() {
    let made = made(&NewProject::default()).await;
    let row = |label: &str| {
        serde_json::json!({"prompt": "p", "response1": "a", "response2": "b", "criteria": "c?",
                           "criteria_preference": label, "id": "1"})
    };
    let text = serde_json::json!([row("tie"), row("tie"), row("response2")]).to_string();
    let report = made.import_text(BENCH, &text).await.unwrap();
    assert_eq!(
        (report.taken, report.questions, report.resolutions),
        (3, 1, 2),
        "{report:?}"
    );
    let (_, out) = exported(&made, "omni-rewardbench", "out.json").await;
    assert!(
        out.contains("\"criteria_preference\": \"response2\""),
        "{out}"
    );
}

#[tokio::test]
async fn fields_that_a_repeated_row_cannot_leave_are_told() {
    let made = made(&NewProject::default()).await;
    let row = |id: &str, note: i64| {
        serde_json::json!({"prompt": "p", "response1": "a", "response2": "b", "criteria": "c?",
                           "id": id, "note": note})
    };
    let told = |report: &tiebreak_commands::dto::ImportReport| {
        let remarks = report.remarks.iter().filter(|r| r.code == "other_fields");
        remarks
            .map(|r| (r.row, r.message.clone()))
            .collect::<Vec<_>>()
    };
    let text = serde_json::json!([
        row("1", 1),
        row("1", 1),
        row("2", 1),
        row("1", 2),
        row("2", 3)
    ]);
    let first = made.import_text(BENCH, &text.to_string()).await.unwrap();
    let [(4, message)] = &told(&first)[..] else {
        panic!("{first:?}")
    };
    assert!(message.starts_with("this row and 1 more"), "{message}");
    let text = serde_json::json!([row("1", 1), row("2", 7)]);
    let again = made.import_text(BENCH, &text.to_string()).await.unwrap();
    assert!(matches!(&told(&again)[..], [(2, _)]), "{again:?}");
    let text = serde_json::json!([row("1", 1), row("2", 1)]);
    let same = made.import_text(BENCH, &text.to_string()).await.unwrap();
    assert_eq!(told(&same), []);
}

#[tokio::test]
async fn an_export_harms_neither_the_project_nor_its_source() {
    let made = made(&NewProject::default()).await;
    made.import_text(BENCH, &rows(1, 1)).await.unwrap();
    let link = made.folder.path().join("link");
    std::os::unix::fs::symlink("/dev/null", &link).unwrap();
    let inside = made.folder.path().join("project/project.sqlite");
    let source = made.folder.path().join(BENCH);
    let folder = made.folder.path().to_path_buf();
    for (format, out, code) in [
        ("votes", inside, "in_project"),
        ("votes", link, "not_a_file"),
        ("votes", source, "is_source"),
        ("omni-rewardbench", folder, "is_source"),
    ] {
        let request = ExportRequest {
            format: format.into(),
            out: out.display().to_string(),
            rule: None,
            ignore_imported: false,
        };
        assert_eq!(
            export::run(&made.project, &request).await.unwrap_err().code,
            code
        );
    }
    assert!(projects::check(&made.project).await.unwrap().ok);
}

#[tokio::test]
async fn vote_lines_come_in_any_order_and_none_speaks_for_another() {
    let first = made(&NewProject::default()).await;
    first.import_text(BENCH, &rows(6, 1)).await.unwrap();
    answer_some(&first, "anna", 6).await;
    let (_, lines) = exported(&first, "votes", "votes.jsonl").await;
    let count = lines.lines().count() as u64;

    let second = made(&NewProject::default()).await;
    second.import_text(BENCH, &rows(6, 1)).await.unwrap();
    let backwards: Vec<&str> = lines.lines().rev().collect();
    let report = second
        .import_text("votes.jsonl", &backwards.join("\n"))
        .await
        .unwrap();
    assert_eq!((report.votes, report.refused), (count, 0), "{report:?}");
    assert!(projects::check(&second.project).await.unwrap().ok);

    let mut eve: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    eve["supersedes"] = eve["vote"].clone();
    eve["verdict"] = serde_json::Value::Null;
    let mut other = eve.clone();
    eve["vote"] = "01a20ee5-9262-74e2-be5f-b38456cedc8f".into();
    eve["annotator_id"] = "01a20ee5-9262-74e2-be5f-b38456cedc80".into();
    eve["annotator"] = "eve".into();
    other["rationale"] = "changed by hand".into();
    other["supersedes"] = serde_json::Value::Null;
    let report = second
        .import_text("eve.jsonl", &format!("{eve}\n{other}\n"))
        .await
        .unwrap();
    assert_eq!((report.taken, report.refused), (0, 2), "{report:?}");
    assert!(
        report.problems[0].message.contains("another annotator"),
        "{report:?}"
    );
    assert!(
        report.problems[1].message.contains("something else"),
        "{report:?}"
    );
}

#[tokio::test]
async fn two_copies_that_went_on_apart_come_together_and_the_later_vote_stands() {
    let first = made(&NewProject::default()).await;
    let bench = rows(1, 1);
    first.import_text(BENCH, &bench).await.unwrap();
    answer_some(&first, "anna", 1).await;
    let (_, lines) = exported(&first, "votes", "votes.jsonl").await;
    let second = made(&NewProject::default()).await;
    second.import_text(BENCH, &bench).await.unwrap();
    second.import_text("votes.jsonl", &lines).await.unwrap();
    let anna = annotators::find(&first.project, "anna").await.unwrap().id;
    for (made, verdict) in [
        (&first, ScreenVerdict::Tie),
        (&second, ScreenVerdict::BothBad),
    ] {
        let done = label::history(&made.project, anna, 1).await.unwrap();
        let request = VoteRequest {
            assignment: done[0].assignment,
            verdict,
            confidence: None,
            rationale: String::new(),
            attention: Attention::default(),
        };
        label::vote(&made.project, anna, request, "t")
            .await
            .unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let (_, theirs) = exported(&second, "votes", "theirs.jsonl").await;
    first.import_text("theirs.jsonl", &theirs).await.unwrap();
    let report = projects::check(&first.project).await.unwrap();
    assert!(report.ok, "{:?}", report.findings);
    let stands = label::history(&first.project, anna, 1).await.unwrap();
    assert_eq!(stands[0].verdict, Some(ScreenVerdict::BothBad));
}

#[tokio::test]
async fn media_that_moved_are_found_again_by_another_import() {
    let made = made(&NewProject::default()).await;
    let text = r#"[{"prompt":"p","response1":"m/a.ply","response2":"m/b.ply","criteria":"c?"}]"#;
    let ply = |n: u8| {
        format!(
            "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\n0 0 {n}\n"
        )
    };
    made.file("old/m/a.ply", &ply(1));
    made.file("old/m/b.ply", &ply(2));
    made.file("old/text_to_3D_preferences.json", text);
    let request = |folder: &str| ImportRequest {
        file: made
            .folder
            .path()
            .join(folder)
            .join("text_to_3D_preferences.json")
            .display()
            .to_string(),
        ..ImportRequest::default()
    };
    made.import(request("old")).await.unwrap();
    std::fs::rename(
        made.folder.path().join("old"),
        made.folder.path().join("new"),
    )
    .unwrap();
    assert!(!projects::check(&made.project).await.unwrap().ok);
    made.import(request("new")).await.unwrap();
    let report = projects::check(&made.project).await.unwrap();
    assert!(report.ok, "{:?}", report.findings);
}

#[tokio::test]
async fn a_table_with_odd_names_is_offered_field_by_field() {
    let made = made(&NewProject::default()).await;
    let file = made.file("odd.csv", "foo,bar,baz\nx,y,1\nz,w,2\n");
    let request = ImportRequest {
        file: file.display().to_string(),
        ..ImportRequest::default()
    };
    let preview = import::preview(&request).unwrap();
    let names: Vec<_> = preview.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(
        (names.as_slice(), preview.rows.len()),
        (["foo", "bar", "baz"].as_slice(), 0)
    );
    assert!(preview.mapping.is_some());
}
