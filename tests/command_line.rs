//! `tiebreak` as a script meets it: exit codes, JSON, refusals, and what survives being killed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tiebreak_tests::{Desk, bench_rows, program};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn every_verb_explains_itself_and_a_wrong_line_ends_with_2() {
    let desk = Desk::new();
    let help = desk.ok(&["--help"]);
    let verbs = [
        "new",
        "import",
        "info",
        "next",
        "vote",
        "undo",
        "skip",
        "criterion",
        "history",
        "progress",
        "keys",
        "move",
        "annotators",
        "media",
        "merge",
        "export",
        "check",
        "open",
    ];
    for verb in verbs {
        assert!(
            help.contains(&format!("\n  {verb} ")),
            "{verb} is listed:\n{help}"
        );
        assert!(
            desk.ok(&[verb, "--help"]).contains("Usage"),
            "{verb} explains itself"
        );
    }
    for wrong in [&["vote"][..], &["frobnicate"], &["next", "p"], &["new"]] {
        assert_eq!(desk.run(wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn the_program_links_no_window_and_no_sound() {
    let output = Command::new("ldd")
        .arg(program("tiebreak"))
        .output()
        .unwrap();
    let libraries = String::from_utf8_lossy(&output.stdout).into_owned();
    for barred in ["libgtk", "libwebkit", "libasound", "libgst", "libX11"] {
        assert!(!libraries.contains(barred), "{libraries}");
    }
}

#[test]
fn refusals_are_sentences_with_a_code() {
    let desk = Desk::new();
    assert_eq!(desk.refused(&["info", "nowhere"])["code"], "no_project");
    desk.write("full/file.txt", "x");
    assert_eq!(desk.refused(&["new", "full"])["code"], "not_empty");
    desk.ok(&["new", "p"]);
    assert_eq!(desk.refused(&["new", "p"])["code"], "already_project");
    let error = desk.refused(&["import", "p", "none.json"]);
    assert_eq!(error["code"], "cannot_open");
    assert_eq!(error["file"], "none.json");
    let id = "01a20ee5-9262-74e2-be5f-b38456cedc8f";
    let error = desk.refused(&["vote", "p", id, "--annotator", "a", "--verdict", "left"]);
    assert_eq!(error["code"], "no_annotator");
    desk.ok(&["annotators", "p", "--add", "a"]);
    let error = desk.refused(&["vote", "p", id, "--annotator", "a", "--verdict", "left"]);
    assert_eq!(error["code"], "not_found");
    desk.write(
        "broken/project.sqlite",
        "this is no database, and long enough to be one".repeat(99),
    );
    assert_eq!(desk.refused(&["info", "broken"])["code"], "damaged");
    let error = desk.refused(&["export", "p", "--format", "xml", "-o", "x"]);
    assert!(
        text(&error["message"]).contains("omni-rewardbench"),
        "{error}"
    );
}

#[test]
fn a_file_that_ends_early_is_told_and_ends_with_1() {
    let desk = Desk::with_project();
    let file = "text_to_text_preferences.json";
    bench_rows::write(&desk, "text_to_text", 4, 1);
    let whole = desk.read(file);
    desk.write(file, &whole[..whole.len() * 3 / 4]);
    let output = desk.run(&["import", "p", file]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("the file ends early"), "{said}");
    assert!(desk.json(&["info", "p"])["tasks"][0]["pairs"].as_u64() > Some(0));
    desk.write(file, whole);
    desk.ok(&["import", "p", file]);
}

#[test]
fn a_pipe_hears_no_progress_bar() {
    let desk = Desk::with_project();
    bench_rows::write(&desk, "text_to_text", 3, 1);
    let output = desk.run(&["import", "p", "text_to_text_preferences.json"]);
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(!String::from_utf8_lossy(&output.stdout).contains('\u{1b}'));
}

#[test]
fn what_check_finds_is_said_and_ends_with_1() {
    let desk = Desk::with_project();
    bench_rows::write(&desk, "text_to_image", 2, 1);
    let file = "text_to_image_preferences.json";
    desk.ok(&["import", "p", file, "--media-root", "media_data"]);
    assert_eq!(desk.json(&["check", "p"])["ok"], true);
    desk.write("media_data/text_to_image/hidden-model-1/0.png", "changed");
    std::fs::remove_file(desk.path("media_data/text_to_image/hidden-model-2/1.png")).unwrap();
    desk.write("p/media/ab/stray", "x");
    let output = desk.run(&["check", "p", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut codes: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| text(&f["code"]))
        .collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        ["media_changed", "media_missing", "orphan_file"],
        "{report}"
    );
}

#[test]
fn copied_media_live_in_the_project_and_outlast_their_source() {
    let desk = Desk::with_project();
    bench_rows::write(&desk, "text_to_image", 2, 1);
    let file = "text_to_image_preferences.json";
    let report = desk.json(&[
        "import",
        "p",
        file,
        "--media-root",
        "media_data",
        "--copy-media",
    ]);
    assert_eq!(report["media_copied"], 4);
    std::fs::remove_dir_all(desk.path("media_data")).unwrap();
    assert_eq!(desk.json(&["check", "p"])["media_checked"], 4);
    let next = desk.json(&["next", "p", "--annotator", "a"]);
    let id = text(&next["left"]["media"][0]["id"]).to_owned();
    desk.ok(&["media", "p", &id, "-o", "left.png"]);
    let bytes = std::fs::read(desk.path("left.png")).unwrap();
    assert_eq!(tiebreak_domain::MediaId::of(&bytes).to_string(), id);
    assert_eq!(
        desk.refused(&["media", "p", &id, "-o", "left.png"])["code"],
        "exists"
    );
}

#[test]
fn an_import_that_is_killed_leaves_the_project_as_it_was() {
    let desk = Desk::with_project();
    let row = json!({
        "prompt": "p".repeat(500), "response1": "a".repeat(2000), "response2": "b".repeat(2000),
        "criteria": "c?"
    });
    let mut lines = String::new();
    for n in 0..60_000 {
        let mut row = row.clone();
        row["id"] = json!(n);
        row["prompt"] = json!(format!("{n} {}", text(&row["prompt"])));
        lines.push_str(&row.to_string());
        lines.push('\n');
    }
    desk.write("text_to_text_preferences.json", lines);
    let mut import = Command::new(program("tiebreak"))
        .current_dir(desk.folder.path())
        .args(["import", "p", "text_to_text_preferences.json"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // Killed once the database's log has begun to grow: in the middle of writing.
    let wal = desk.path("p/project.sqlite-wal");
    for _ in 0..2000 {
        let grown = std::fs::metadata(&wal).is_ok_and(|m| m.len() > 20_000_000);
        if grown || import.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(
        import.try_wait().unwrap().is_none(),
        "the import was still writing"
    );
    import.kill().unwrap();
    import.wait().unwrap();
    let info = desk.json(&["info", "p"]);
    assert_eq!((&info["pairs"], &info["questions"]), (&json!(0), &json!(0)));
    assert_eq!(desk.json(&["check", "p"])["ok"], true);
}

#[test]
fn several_programs_vote_at_once_and_nothing_is_lost() {
    let desk = Desk::with_project();
    bench_rows::write(&desk, "text_to_text", 8, 1);
    desk.ok(&["import", "p", "text_to_text_preferences.json"]);
    for name in ["a", "b", "c", "d"] {
        desk.ok(&["annotators", "p", "--add", name]);
    }
    std::thread::scope(|scope| {
        for name in ["a", "b", "c", "d"] {
            let desk = &desk;
            scope.spawn(move || {
                for _ in 0..8 {
                    let next = desk.json(&["next", "p", "--annotator", name]);
                    let id = text(&next["assignment"]).to_owned();
                    desk.ok(&["vote", "p", &id, "--annotator", name, "--verdict", "tie"]);
                }
                assert_eq!(
                    desk.json(&["next", "p", "--annotator", name]),
                    json!({"done": true})
                );
            });
        }
    });
    assert_eq!(desk.votes().len(), 32);
    assert_eq!(desk.json(&["info", "p"])["votes"], 32);
    assert_eq!(desk.json(&["check", "p"])["ok"], true);
}

#[test]
fn keys_are_moved_refused_and_switched_off() {
    let desk = Desk::with_project();
    desk.ok(&["annotators", "p", "--add", "a"]);
    let keys = |arguments: &[&str]| {
        let mut all = vec!["keys", "p", "--annotator", "a"];
        all.extend(arguments);
        desk.json(&all)
    };
    let key_of = |keys: &Value, action: &str| {
        let all = keys.as_array().unwrap();
        all.iter().find(|k| k["action"] == action).unwrap()["key"].clone()
    };
    let moved = keys(&["--set", "left=KeyA", "--set", "diff="]);
    assert_eq!(key_of(&moved, "left"), "KeyA");
    assert_eq!(key_of(&moved, "diff"), Value::Null);
    assert_eq!(key_of(&keys(&[]), "left"), "KeyA", "it is remembered");
    let error = desk.refused(&["keys", "p", "--annotator", "a", "--set", "tie=KeyA"]);
    assert!(
        text(&error["message"]).contains("Left is better"),
        "{error}"
    );
    assert_eq!(key_of(&keys(&["--reset"]), "left"), "Digit1");
}

#[test]
fn three_people_on_three_machines_become_one_project() {
    let desk = Desk::new();
    bench_rows::write(&desk, "text_to_text", 4, 2);
    for (project, name) in [("p", "anna"), ("q", "ben"), ("r", "anna")] {
        desk.ok(&["new", project]);
        desk.ok(&["import", project, "text_to_text_preferences.json"]);
        for verdict in ["left", "tie", "right"] {
            let next = desk.json(&["next", project, "--annotator", name]);
            let id = text(&next["assignment"]);
            let cast = [
                "vote",
                project,
                id,
                "--annotator",
                name,
                "--verdict",
                verdict,
            ];
            desk.ok(&cast);
        }
    }
    let next = desk.json(&["next", "q", "--annotator", "ben"]);
    let (id, pair) = (text(&next["assignment"]), text(&next["pair"]));
    desk.ok(&["skip", "q", id, "--annotator", "ben", "--reason", "unclear"]);
    desk.ok(&["undo", "q", "--annotator", "ben"]);
    desk.ok(&[
        "criterion",
        "q",
        pair,
        "--annotator",
        "ben",
        "--text",
        "Which is kinder?",
    ]);
    desk.ok(&["undo", "r", "--annotator", "anna"]);

    let before = desk.json(&["info", "p"]);
    let told = desk.json(&["merge", "p", "q", "r", "--dry-run"]);
    assert_eq!(told[0]["votes"], 3, "{told}");
    assert_eq!(desk.json(&["info", "p"]), before, "nothing was written");
    assert_eq!(
        desk.refused(&["merge", "p", "q", "p"])["code"],
        "same_project"
    );
    assert_eq!(
        desk.refused(&["merge", "p", "q", "nowhere"])["code"],
        "no_project"
    );
    assert_eq!(
        desk.json(&["info", "p"]),
        before,
        "one that cannot be read stops all"
    );
    assert_eq!(desk.run(&["merge", "p"]).status.code(), Some(2));

    let told = desk.json(&["merge", "p", "q", "r"]);
    let fields = |report: &Value| {
        [
            "pairs",
            "questions",
            "criteria",
            "votes",
            "skips",
            "annotators_new",
        ]
        .map(|field| report[field].as_u64().unwrap())
    };
    assert_eq!(fields(&told[0]), [0, 1, 1, 3, 2, 1], "{told}");
    assert_eq!(fields(&told[1]), [0, 0, 0, 4, 0, 1], "{told}");
    let export = |project: &str, format: &str| {
        let out = format!("{project}.{format}");
        desk.ok(&["export", project, "--format", format, "-o", &out]);
        match format {
            "omni-rewardbench" => desk.read(&format!("{out}/text_to_text_preferences.json")),
            _ => desk.read(&out),
        }
    };
    let again = desk.json(&["merge", "p", "r"]);
    assert_eq!(fields(&again), [0; 6], "{again}");
    desk.ok(&["merge", "r", "q", "p"]);
    for format in ["omni-rewardbench", "votes", "csv"] {
        assert_eq!(export("p", format), export("r", format), "{format}");
    }
    assert_eq!(export("p", "votes").lines().count(), 10);
    assert_eq!(desk.json(&["check", "p"])["ok"], true);

    // Two of one name: refused with their ids, and joined by the start of one.
    let refused = desk.refused(&["progress", "p", "--annotator", "anna"]);
    assert_eq!(refused["code"], "several_annotators");
    let ids: Vec<String> = desk
        .json(&["annotators", "p"])
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["name"] == "anna")
        .map(|one| text(&one["id"]).to_owned())
        .collect();
    assert_eq!(ids.len(), 2);
    assert!(
        ids.iter().all(|id| text(&refused["message"]).contains(id)),
        "{refused}"
    );
    let moved = desk.json(&["move", "p", "--from", &ids[1][..32], "--to", &ids[0][..32]]);
    assert_eq!(
        (&moved["moved"], &moved["kept"]),
        (&json!(0), &json!(2)),
        "{moved}"
    );
}
