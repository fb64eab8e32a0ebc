//! Films and sounds in the real window: they play, stay together, switch and seek by keys, and the
//! vote lands on the side that was meant.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};
use tiebreak_tests::Desk;
use tiebreak_tests::window::{Stage, Window, key};

/// The films' clocks, in the page's order of sides.
const TIMES: &str =
    "return [...document.querySelectorAll('[data-side] video')].map(v => v.currentTime)";
/// The address that a side's medium was fetched from leads to its bytes: as many as its file has.
const BYTES: &str = "
    const play = document.querySelector('[data-side=left] [data-medium]');
    const id = encodeURIComponent(play.dataset.medium);
    const address = play.querySelector('video')?.currentSrc
      ?? performance.getEntriesByType('resource').map(e => e.name).find(n => n.endsWith('/' + id));
    const x = new XMLHttpRequest();
    x.open('GET', address, false);
    x.overrideMimeType('text/plain; charset=x-user-defined');
    x.send();
    return x.responseText.length";

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/demo")
}

fn desk(task: &str) -> Desk {
    let desk = Desk::with_project();
    let rows = demo().join(format!("{task}_preferences.json"));
    let media = demo().join("media_data");
    desk.ok(&[
        "import",
        "p",
        &rows.display().to_string(),
        "--media-root",
        &media.display().to_string(),
    ]);
    desk
}

/// The demo's row with the criterion on the screen.
fn row_on_screen(window: &Window, task: &str) -> Value {
    let text = std::fs::read_to_string(demo().join(format!("{task}_preferences.json"))).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    let criterion = window.wait("#criterion");
    let found = rows.into_iter().find(|row| row["criteria"] == criterion);
    found.unwrap_or_else(|| panic!("no row of {task} asks {criterion}"))
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn first_is_left(window: &Window, row: &Value) -> bool {
    let first = row["response1"].as_str().unwrap();
    let file = demo().join("media_data").join(first);
    if !file.is_file() {
        let shown = letters(&window.wait("[data-side=left] .content"));
        return shown.starts_with(&letters(first)[..30]);
    }
    window.script(BYTES).as_u64().unwrap() == file.metadata().unwrap().len()
}

/// Answers what stands on the screen with response 1 and waits until that is on disk.
fn vote_for_first(window: &Window, task: &str) -> Value {
    let row = row_on_screen(window, task);
    let pressed = if first_is_left(window, &row) {
        "1"
    } else {
        "4"
    };
    window.press(pressed);
    window.press(key::ENTER);
    window.until("saved", || {
        window.wait("#status").contains("saved").then_some(())
    });
    row["id"].clone()
}

fn transport(window: &Window, part: &str) -> (f64, bool, String) {
    let found = window.script(&format!(
        "const t = document.querySelector('[data-transport=\"{part}\"]');
         return [t.dataset.time, t.dataset.playing, t.dataset.heard]"
    ));
    let word = |n: usize| found[n].as_str().unwrap().to_owned();
    (word(0).parse().unwrap(), word(1) == "true", word(2))
}

fn wait_for_time(window: &Window, part: &str, seconds: f64) {
    window.until(&format!("{part} at {seconds} s"), || {
        (transport(window, part).0 >= seconds).then_some(())
    });
}

fn vote_of<'a>(votes: &'a [Value], id: &Value) -> &'a Value {
    let found = votes.iter().find(|vote| &vote["source_id"] == id);
    found.unwrap_or_else(|| panic!("no vote on {id}"))
}

#[test]
fn films_play_together_and_are_labelled_by_keys() {
    let desk = desk("text_to_video");
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    let first = {
        window.enter_as("anna");
        window.ready()
    };
    window.press(" ");
    wait_for_time(&window, "left right", 0.7);
    window.picture("label-text_to_video");
    let mut apart = Vec::new();
    let mut last = [0.0, 0.0];
    for _ in 0..15 {
        let now: [f64; 2] = serde_json::from_value(window.script(TIMES)).unwrap();
        assert!(
            now[0] >= last[0] && now[1] >= last[1],
            "{last:?} to {now:?}"
        );
        apart.push((now[0] - now[1]).abs());
        last = now;
        sleep(Duration::from_millis(80));
    }
    assert!(last[0] > 1.0 && last[1] > 1.0, "both advance: {last:?}");
    apart.sort_by(f64::total_cmp);
    println!("films apart by {apart:.3?} s");
    assert!(apart[12] < 0.1, "they stay together: {apart:?}");

    window.press(" ");
    window.until("a stop", || {
        (!transport(&window, "left right").1).then_some(())
    });
    window.press("g");
    window.press("..");
    window.until("both at two seconds", || {
        let now: [f64; 2] = serde_json::from_value(window.script(TIMES)).unwrap();
        (now[0] - 2.0 < 0.05 && now[1] - 2.0 < 0.05 && now[0] > 1.9 && now[1] > 1.9).then_some(())
    });
    let medium = "return document.querySelector('[data-side=left] [data-medium]').dataset.medium";
    let before = window.script(medium);
    let asked = vote_for_first(&window, "text_to_video");
    window.next_after(&first);
    // Another question of the same pair keeps the films and the place.
    assert_eq!(window.script(medium), before, "the same pair");
    assert_eq!(transport(&window, "left right").0, 2.0);
    window.press(" ");
    wait_for_time(&window, "left right", 2.3);
    let second = window.ready();
    vote_for_first(&window, "text_to_video");
    window.next_after(&second);
    let (time, playing, _) = transport(&window, "left right");
    assert_eq!((time, playing), (0.0, false), "another pair begins anew");
    window.session.close();

    let votes = desk.votes();
    let vote = vote_of(&votes, &asked);
    assert_eq!(vote["verdict"], "response1");
    let shown = &vote["presentation"];
    assert_eq!(shown["plays"], json!([1, 1]), "{shown}");
    assert_eq!(shown["fallback"], json!([]), "{shown}");
    assert!(
        shown["modes"].as_array().unwrap().contains(&json!("seek")),
        "{shown}"
    );
}

#[test]
fn sounds_switch_at_the_same_place_and_are_labelled_by_keys() {
    let desk = desk("text_to_audio");
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.enter_as("anna");
    let exact = window.script(
        "return [...document.querySelectorAll('[data-side] [data-exact]')].map(p => p.dataset.exact)",
    );
    assert_eq!(exact, json!(["true", "true"]), "both are decoded whole");
    let drawn = window.script(
        "return [...document.querySelectorAll('[data-side] canvas')].map(c =>
           c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0))",
    );
    assert_eq!(drawn, json!([true, true]), "both waveforms are drawn");
    window.press(" ");
    wait_for_time(&window, "left right", 0.6);
    assert_eq!(transport(&window, "left right").2, "left");
    window.picture("label-text_to_audio");
    let (before, ..) = transport(&window, "left right");
    window.press("x");
    let (after, playing, heard) = transport(&window, "left right");
    assert_eq!((playing, heard.as_str()), (true, "right"));
    assert!(
        after >= before && after < before + 2.0,
        "{before} to {after}"
    );
    wait_for_time(&window, "left right", before + 0.5);
    // The marks on the panes say it without a colour.
    let heads = window.script(
        "return [...document.querySelectorAll('[data-side] header')].map(h => h.innerText)",
    );
    assert!(heads[1].as_str().unwrap().contains("● playing"), "{heads}");
    assert!(!heads[0].as_str().unwrap().contains(" playing"), "{heads}");
    window.press(" ");
    window.press("mm");
    assert_eq!(
        transport(&window, "left right").2,
        "left",
        "right, none, left"
    );
    let stopped = transport(&window, "left right").0;
    window.press(",");
    let (time, ..) = transport(&window, "left right");
    assert!(
        (stopped - time - 1.0).abs() < 0.01 || time == 0.0,
        "{stopped} to {time}"
    );
    let asked = vote_for_first(&window, "text_to_audio");
    window.session.close();

    let votes = desk.votes();
    let vote = vote_of(&votes, &asked);
    assert_eq!(vote["verdict"], "response1");
    let shown = &vote["presentation"];
    let heard: [u64; 2] = serde_json::from_value(shown["heard_ms"].clone()).unwrap();
    assert!(heard[0] > 400 && heard[1] > 300, "{shown}");
    assert!(
        (heard[0] + heard[1]).abs_diff((stopped * 1000.0) as u64) < 150,
        "{stopped}: {shown}"
    );
    assert_eq!(shown["plays"], json!([1, 1]), "{shown}");
    for mode in ["switch", "mute", "seek"] {
        assert!(
            shown["modes"].as_array().unwrap().contains(&json!(mode)),
            "{shown}"
        );
    }
}

/// The sides are texts: the keys are the prompt's.
fn about_a_prompt(task: &str) {
    let desk = desk(task);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.enter_as("anna");
    window.until("the prompt's player", || {
        window
            .is_there("#prompt-media [data-act=play]:enabled")
            .then_some(())
    });
    window.press(" ");
    wait_for_time(&window, "prompt", 0.8);
    window.picture(&format!("label-{task}"));
    window.press(" ");
    window.until("a stop", || (!transport(&window, "prompt").1).then_some(()));
    let asked = vote_for_first(&window, task);
    window.session.close();
    let votes = desk.votes();
    let vote = vote_of(&votes, &asked);
    assert_eq!(vote["verdict"], "response1");
    let shown = &vote["presentation"];
    assert!(shown["prompt_ms"].as_u64().unwrap() >= 800, "{shown}");
    assert_eq!(shown["heard_ms"], json!([0, 0]), "{shown}");
}

#[test]
fn texts_about_a_film_are_labelled_by_keys() {
    about_a_prompt("text_video_to_text");
}

#[test]
fn texts_about_a_sound_are_labelled_by_keys() {
    about_a_prompt("text_audio_to_text");
}
