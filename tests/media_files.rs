//! Files of films and sounds in the real window: every clean one plays, and a broken one is said
//! while the other side goes on.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tiebreak_tests::window::{Stage, Window, key};
use tiebreak_tests::{Desk, shared};

const TIMES: &str =
    "return [...document.querySelectorAll('[data-side] video')].map(v => v.currentTime)";
const SENTENCES: &str =
    "return [...document.querySelectorAll('[data-play]')].map(p => p.innerText.trim())";

fn wait_for_time(window: &Window, seconds: f64) {
    window.until(&format!("the clock at {seconds} s"), || {
        let time =
            window.script("return Number(document.querySelector('[data-transport]').dataset.time)");
        (time.as_f64()? >= seconds).then_some(())
    });
}

fn demo(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/demo/media_data");
    folder.join(name)
}

/// Says that both are alike and waits until another question or the end is shown.
fn tie(window: &Window, now: &str) {
    window.press("2");
    window.press(key::ENTER);
    window.until("another question", || {
        let shown = window.script("return document.querySelector('#label').dataset.assignment");
        (shown != now).then_some(())
    });
}

/// Rows of a task, two files a row, from a folder of `../shared/data/media`.
fn pairs_of(desk: &Desk, task: &str, files: &[PathBuf]) {
    let rows: Vec<Value> = (0..files.len())
        .step_by(2)
        .map(|n| {
            let name = |n: usize| {
                files[n % files.len()]
                    .file_name()
                    .unwrap()
                    .to_str()
                    .unwrap()
            };
            json!({
                "prompt": format!("prompt {n}"), "response1": name(n), "response2": name(n + 1),
                "model1": "a", "model2": "b", "criteria": "Which?", "criteria_preference": "tie",
                "id": format!("{task}-{n}"),
            })
        })
        .collect();
    let file = format!("{task}_preferences.json");
    desk.write(&file, serde_json::to_string(&rows).unwrap());
    let root = files[0].parent().unwrap().display().to_string();
    desk.ok(&["import", "p", &file, "--media-root", &root]);
}

fn sorted_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
fn every_clean_film_and_sound_plays() {
    let Some(shared) = shared("tests/media_files: every clean film and sound plays") else {
        return;
    };
    let desk = Desk::with_project();
    for (kind, task) in [("video", "text_to_video"), ("audio", "text_to_audio")] {
        pairs_of(
            &desk,
            task,
            &sorted_files(&shared.join("media/clean").join(kind)),
        );
    }
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.enter_as("anna");
    while !window.is_there("#done") {
        let now = window.ready();
        let words = window.wait("#prompt");
        window.press(" ");
        // The shortest lasts 0.26 s.
        wait_for_time(&window, 0.2);
        let said = window.script(SENTENCES);
        assert_eq!(said, json!(["", ""]), "{words}: nothing to complain about");
        let times: Vec<f64> = serde_json::from_value(window.script(TIMES)).unwrap();
        assert!(times.iter().all(|time| *time > 0.1), "{words}: {times:?}");
        tie(&window, &now);
    }
    window.session.close();
    for vote in desk.votes() {
        assert_eq!(vote["presentation"]["fallback"], json!([]), "{vote}");
    }
}

#[test]
fn a_broken_file_is_said_and_the_other_side_still_plays() {
    let desk = Desk::with_project();
    let whole = std::fs::read(demo("text_to_video/ball_1.mp4")).unwrap();
    let sound = std::fs::read(demo("text_to_audio/roof_2.flac")).unwrap();
    let broken = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[64..].iter_mut().for_each(|byte| *byte ^= 0x5a);
        bytes
    };
    for (task, ending, bytes) in [
        ("text_to_video", "mp4", &whole),
        ("text_to_audio", "flac", &sound),
    ] {
        let whole = desk.write(&format!("{ending}/whole.{ending}"), bytes);
        let broken = desk.write(&format!("{ending}/broken.{ending}"), broken(bytes));
        pairs_of(&desk, task, &[whole, broken]);
    }
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.enter_as("anna");
    for round in 0..2 {
        let now = window.ready();
        let said = window.until("a sentence", || {
            let said = window.script(SENTENCES);
            let said = said.as_array().unwrap().iter();
            said.filter_map(Value::as_str)
                .find(|s| !s.is_empty())
                .map(str::to_owned)
        });
        assert!(said.contains("cannot be played"), "{said}");
        window.press(" ");
        wait_for_time(&window, 0.5);
        window.picture(&format!("broken-{round}"));
        tie(&window, &now);
    }
    window.session.close();
    for vote in desk.votes() {
        let said = vote["presentation"]["fallback"].as_array().unwrap();
        assert_eq!(said.len(), 1, "{vote}");
    }
}
