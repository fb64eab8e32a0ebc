//! Reward models on the command line: the examples that come with the program, a run that is killed, a
//! run that is stopped with Ctrl-C, and what a program is told of media.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tiebreak_tests::{Desk, bench_rows, program, told};

fn assets() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/models");
    folder.canonicalize().unwrap().display().to_string()
}

/// A described program in `sh`, with each line that it reads in `$q`.
fn described(desk: &Desk, name: &str, answer: &str) -> PathBuf {
    let script = format!("while read -r q; do\n{answer}\ndone\n");
    desk.write(&format!("models/{name}.sh"), script);
    let toml = format!("name = \"{name}\"\nprogram = \"sh\"\narguments = [\"{name}.sh\"]\n");
    desk.write(&format!("models/{name}.toml"), toml)
}

fn desk(task: &str, pairs: usize) -> Desk {
    let desk = Desk::with_project();
    let file = bench_rows::write(&desk, task, pairs, 1);
    let file = file.display().to_string();
    desk.ok(&["import", "p", &file, "--media-root", "media_data"]);
    desk
}

#[test]
fn the_examples_are_listed_and_the_small_one_answers() {
    let listed = Desk::new().run(&["models", "--folder", &assets(), "--json"]);
    let report: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let of = |name: &str| {
        let all = report["models"].as_array().unwrap().iter();
        all.clone().find(|m| m["file"] == name).unwrap().clone()
    };
    assert_eq!(report["models"][0]["name"], "surface");
    assert_eq!(of("length.toml")["problem"], Value::Null);
    // Its checkpoint is not here, and that is said; nothing else is wrong with its description.
    let why = of("omni_reward_bt.toml")["problem"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        why.contains("value_head.safetensors cannot be read"),
        "{why}"
    );
    assert_eq!(listed.status.code(), Some(1), "one of them cannot be asked");

    if Command::new("python3").arg("--version").output().is_err() {
        told::left_out("the example of a reward model in Python (there is no python3)");
        return;
    }
    let desk = desk("text_to_text", 1);
    let rows = json!([
        {"prompt": "p", "response1": "a long answer", "response2": "short", "criteria": "c?",
         "criteria_preference": "response1", "id": "x"},
        {"prompt": "q", "response1": "s", "response2": "长一些的回答", "criteria": "c?",
         "criteria_preference": "response1", "id": "y"},
    ]);
    desk.write("two/text_to_text_preferences.json", rows.to_string());
    desk.ok(&["import", "p", "two/text_to_text_preferences.json"]);
    let wanted = [
        "predict",
        "p",
        "--model",
        "length",
        "--folder",
        &assets(),
        "--order",
        "both",
        "--questions",
        "x,y",
    ];
    let report = desk.json(&wanted);
    assert_eq!(
        (&report["added"], &report["failed"]),
        (&json!(4), &json!(0))
    );
    let compared = desk.json(&["compare", "p"]);
    for model in compared["models"].as_array().unwrap() {
        assert_eq!(model["scores"], true);
        assert_eq!(model["without_ties"]["text_to_text"]["value"], 0.5);
    }
    assert_eq!(compared["swaps"][0]["same"]["value"], 1.0);
    let said = desk.ok(&wanted);
    assert!(said.contains("0 answers are new, 4 were there"), "{said}");
}

/// Starts a run that notes every question it is asked, and takes a moment for each.
fn begin(desk: &Desk) -> Child {
    described(
        desk,
        "slow",
        "echo x >> asked\nsleep 0.15\necho '{\"verdict\": \"response1\"}'",
    );
    Command::new(program("tiebreak"))
        .current_dir(desk.folder.path())
        .args([
            "predict", "p", "--model", "slow", "--folder", "models", "--json",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn asked(desk: &Desk) -> usize {
    let lines = std::fs::read_to_string(desk.path("models/asked"));
    lines.map_or(0, |text| text.lines().count())
}

fn wait_for(desk: &Desk, count: usize) {
    let end = Instant::now() + Duration::from_secs(60);
    while asked(desk) < count {
        assert!(Instant::now() < end, "the model is not asked");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn kept(desk: &Desk) -> usize {
    let compared = desk.json(&["compare", "p", "--replicates", "10"]);
    compared["models"][0]["predictions"].as_u64().unwrap() as usize
}

#[test]
fn a_killed_run_loses_the_question_in_flight_and_goes_on() {
    let desk = desk("text_to_text", 30);
    let mut run = begin(&desk);
    wait_for(&desk, 8);
    run.kill().unwrap();
    run.wait().unwrap();
    let (before, had) = (kept(&desk), asked(&desk));
    assert!(
        before + 1 >= had && before < 30,
        "{before} of {had} asked are kept"
    );
    let again = desk.json(&["predict", "p", "--model", "slow", "--folder", "models"]);
    assert_eq!(again["known"], before);
    assert_eq!(again["added"], 30 - before);
    assert_eq!(kept(&desk), 30);
    assert!(asked(&desk) <= 31, "only the one in flight was asked twice");
    desk.ok(&["check", "p"]);
}

#[test]
fn control_c_keeps_what_was_written() {
    let desk = desk("text_to_text", 30);
    let run = begin(&desk);
    wait_for(&desk, 5);
    let id = run.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&report["cancelled"], &report["failed"]),
        (&json!(true), &json!(0))
    );
    let added = report["added"].as_u64().unwrap();
    assert!((4..30).contains(&added), "{report}");
    assert_eq!(kept(&desk) as u64, added);
    assert_eq!(report["left"], 30 - added);
}

#[test]
fn a_program_sees_the_media_and_no_path_that_tells_whose_they_are() {
    let desk = desk("text_to_image", 2);
    described(
        &desk,
        "looks",
        "printf '%s\\n' \"$q\" >> seen\n\
         p=$(printf '%s' \"$q\" | grep -o '/[^\"]*response1-1.png')\n\
         cmp -s \"$p\" \"$p\" && echo '{\"score1\": 1, \"score2\": 0}' || echo '{}'",
    );
    let report = desk.json(&["predict", "p", "--model", "looks", "--folder", "models"]);
    assert_eq!(
        (&report["added"], &report["failed"]),
        (&json!(2), &json!(0)),
        "{report}"
    );
    let seen = desk.read("models/seen");
    for secret in [
        "hidden-model",
        "hidden-source",
        "hidden-note",
        "media_data",
        "project.sqlite",
    ] {
        assert!(!seen.contains(secret), "{secret}: {seen}");
    }
    let line: Value = serde_json::from_str(seen.lines().next().unwrap()).unwrap();
    assert_eq!(line["response2"]["media"][0]["mime"], "image/png");

    // A medium that went away costs its question a sentence, and no other.
    let mut media = Vec::new();
    tiebreak_tests::all_under(&desk.path("media_data"), &mut media);
    std::fs::remove_file(&media[0]).unwrap();
    described(&desk, "looks2", "echo '{\"score1\": 1, \"score2\": 0}'");
    let report = desk.json(&["predict", "p", "--model", "looks2", "--folder", "models"]);
    assert_eq!(
        (&report["added"], &report["failed"]),
        (&json!(2), &json!(1)),
        "{report}"
    );
    let why = report["failures"][0]["message"].as_str().unwrap();
    assert!(why.contains("missing or has changed"), "{why}");
}

#[test]
fn a_work_package_has_no_models_and_the_surface_says_why_it_is_undefined() {
    let desk = desk("text_to_text", 3);
    desk.ok(&["package", "p", "--annotator", "anna", "-o", "anna.tiebreak"]);
    for arguments in [
        &["predict", "anna.tiebreak", "--model", "surface"][..],
        &["surface", "anna.tiebreak"],
    ] {
        assert_eq!(desk.refused(arguments)["code"], "is_package");
    }
    let said = desk.ok(&["surface", "p"]);
    assert!(
        said.contains("undefined, because 0 prompts have a label"),
        "{said}"
    );
    let refused = desk.refused(&["predict", "p", "--model", "surface"]);
    assert_eq!(refused["code"], "too_few_labels");
    let refused = desk.refused(&["predict", "p", "--model", "nobody", "--folder", "models"]);
    assert_eq!(refused["code"], "no_model");
}
