//! The real window, by keys alone: questions answered, votes on disk on the side that was meant,
//! nothing hidden on the page, and nothing lost when a process is killed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};
use tiebreak_tests::window::{Stage, Window, key};
use tiebreak_tests::{Desk, bench_rows};

fn desk(task: &str, pairs: usize, criteria: usize) -> Desk {
    let desk = Desk::with_project();
    let file = bench_rows::write(&desk, task, pairs, criteria);
    desk.ok(&[
        "import",
        "p",
        &file.display().to_string(),
        "--media-root",
        "media_data",
    ]);
    desk
}

/// Whether the data's first response stands on the left, by what the pane shows: its words, or the
/// colour of its picture.
fn first_is_left(window: &Window, task: &str, pair: usize) -> bool {
    if !bench_rows::is_media(task) {
        return window
            .wait("[data-side=left] .content")
            .contains(&format!("one-{pair}"));
    }
    // A pixel of the picture on the left: response 1 is bluer by 60 than response 2.
    let blue = window.script(
        "const i = document.querySelector('[data-side=left] img');
         return i ? i.naturalWidth : 0",
    );
    assert_eq!(blue, json!(48), "the picture is shown");
    let address = window.script("return document.querySelector('[data-side=left] img').src");
    let bytes = window.session.script(&format!(
        "const x = new XMLHttpRequest();
         x.open('GET', {address}, false); x.overrideMimeType('text/plain; charset=x-user-defined');
         x.send(); return x.responseText.length > 0 ?
           Array.from(x.responseText.slice(0, 400), c => c.charCodeAt(0) & 255) : []"
    ));
    let bytes: Vec<u8> = serde_json::from_value(bytes.unwrap()).unwrap();
    let start = bytes.windows(4).position(|w| w == b"IDAT").unwrap() + 4 + 2 + 5 + 1;
    bytes[start + 2] == 140
}

struct Labeller<'a> {
    window: &'a Window,
    task: &'a str,
    meant: Vec<(String, &'static str)>,
}

impl Labeller<'_> {
    /// Presses the key for what is meant of the data, commits, and waits for "saved".
    fn say(&mut self, meant: &'static str) {
        let assignment = self.window.ready();
        let pair: usize = self
            .window
            .wait("#prompt")
            .split("prompt ")
            .nth(1)
            .unwrap()
            .split(|c: char| !c.is_ascii_digit())
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let left = first_is_left(self.window, self.task, pair);
        let pressed = match (meant, left) {
            ("tie", _) => "2",
            ("both_bad", _) => "3",
            ("response1", true) | ("response2", false) => "1",
            _ => "4",
        };
        self.window.press(pressed);
        self.window.press(key::ENTER);
        self.window.until("saved", || {
            self.window.wait("#status").contains("saved").then_some(())
        });
        self.meant.retain(|(a, _)| *a != assignment);
        self.meant.push((assignment, meant));
    }
}

fn standing(desk: &Desk) -> Vec<(String, String)> {
    let votes = desk.votes();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let superseded: Vec<String> = votes.iter().map(|v| text(&v["supersedes"])).collect();
    votes
        .iter()
        .filter(|v| !superseded.contains(&text(&v["vote"])) && !v["verdict"].is_null())
        .map(|v| (text(&v["assignment"]), text(&v["verdict"])))
        .collect()
}

fn label_by_keys(task: &'static str) {
    let desk = desk(task, 3, 2);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.enter_as("anna");
    let mut labeller = Labeller {
        window: &window,
        task,
        meant: Vec::new(),
    };
    window.picture(&format!("label-{task}"));
    let mut last = window.ready();
    for meant in ["response1", "response2", "tie", "both_bad"] {
        labeller.say(meant);
        last = window.next_after(&last);
    }
    // Undo shows the question again with what had been said; then it is said otherwise.
    window.press("u");
    let again = window.next_after(&last);
    assert_eq!(
        again, labeller.meant[3].0,
        "{task}: undo opens the last question"
    );
    let chosen = window.script(
        "return document.querySelector('button[data-verdict][aria-checked=true]')?.dataset.verdict",
    );
    assert_eq!(chosen, "both_bad", "{task}: the former choice is shown");
    labeller.say("response1");
    let page = window.script("return document.documentElement.outerHTML + document.title");
    assert!(
        !page.as_str().unwrap().contains("hidden"),
        "{task}: nothing hidden is on the page"
    );
    let meant: Vec<(String, String)> = labeller
        .meant
        .iter()
        .map(|(a, m)| (a.clone(), (*m).to_owned()))
        .collect();
    window.session.close();
    let mut stand = standing(&desk);
    stand.sort();
    let mut wanted = meant;
    wanted.sort();
    assert_eq!(stand, wanted, "{task}: the rows say what was meant");
    let seen = &desk.votes()[0]["presentation"];
    assert!(
        seen["app"]
            .as_str()
            .unwrap()
            .starts_with("tiebreak-desktop"),
        "{seen}"
    );
    assert!(seen["elapsed_ms"].as_u64().unwrap() > 0, "{seen}");
    assert!(seen["seen_ms"][0].as_u64().unwrap() > 0, "{seen}");
}

#[test]
fn text_is_labelled_by_keys() {
    label_by_keys("text_to_text");
}

#[test]
fn text_about_a_picture_is_labelled_by_keys() {
    label_by_keys("text_image_to_text");
}

#[test]
fn pictures_are_labelled_by_keys() {
    label_by_keys("text_to_image");
}

#[test]
fn edits_of_pictures_are_labelled_by_keys() {
    label_by_keys("text_image_to_image");
}

#[test]
fn criteria_are_written_in_the_window() {
    let desk = Desk::with_project();
    desk.write(
        "text_to_text_preferences.json",
        r#"[{"prompt":"prompt 0","response1":"one-0","response2":"two-0","id":"1"}]"#,
    );
    desk.ok(&["import", "p", "text_to_text_preferences.json"]);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.type_into("#who-name", &format!("anna{}", key::ENTER));
    window.type_into("#criteria-editor textarea", "Which answer is kinder?");
    window.picture("criteria");
    let finish = window.wait("#criteria-finish");
    assert!(!finish.is_empty());
    window.script("document.querySelector('#criteria-finish').click()");
    window.until("the criterion", || {
        window
            .wait("#criterion")
            .contains("Which answer is kinder?")
            .then_some(())
    });
    let mut labeller = Labeller {
        window: &window,
        task: "text_to_text",
        meant: Vec::new(),
    };
    labeller.say("response2");
    window.wait("#done");
    window.picture("done");
    window.session.close();
    let votes = desk.votes();
    assert_eq!(votes[0]["criterion"], "Which answer is kinder?");
    assert_eq!(votes[0]["verdict"], "response2");
}

#[test]
fn what_was_saved_is_there_after_the_app_is_killed() {
    let desk = desk("text_to_text", 25, 1);
    for round in 0..20 {
        let mut stage = Stage::new(&desk);
        let window = stage.open(Some(&desk.path("p")));
        if round == 0 {
            window.enter_as("anna");
        } else {
            window.wait("#who");
            window.script(
                "[...document.querySelectorAll('#who button')]
                   .find(b => b.innerText.includes('anna')).click()",
            );
        }
        window.ready();
        window.press("2");
        window.press(key::ENTER);
        window.until("saved", || {
            window.wait("#status").contains("saved").then_some(())
        });
        assert_eq!(stage.kill("tiebreak-deskto"), 1, "the app is killed");
        drop(window);
        assert_eq!(
            desk.votes().len(),
            round + 1,
            "round {round}: the vote is there"
        );
    }
    assert_eq!(desk.json(&["check", "p"])["ok"], true);
}

#[test]
fn a_page_whose_process_dies_comes_back_where_it_was() {
    let desk = desk("text_to_text", 5, 1);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.enter_as("anna");
    window.press("2");
    window.press(key::ENTER);
    window.until("saved", || {
        window.wait("#status").contains("saved").then_some(())
    });
    assert_eq!(stage.running("WebKitWebProces"), 1);
    assert_eq!(stage.kill("WebKitWebProces"), 1);
    // The driver's session ends with the page's process; the app must not.
    let mut back = false;
    for _ in 0..100 {
        sleep(Duration::from_millis(100));
        assert_eq!(stage.running("tiebreak-deskto"), 1, "the app goes on");
        if stage.running("WebKitWebProces") == 1 {
            back = true;
            break;
        }
    }
    assert!(back, "the page was started again");
    assert_eq!(desk.votes().len(), 1);
}

#[test]
fn a_project_is_made_and_filled_in_the_window() {
    let desk = Desk::new();
    let file = bench_rows::write(&desk, "text_to_text", 3, 1);
    let mut stage = Stage::new(&desk);
    let window = stage.open(None);
    window.click("#start-new");
    window.type_into("#new-name", "bench");
    let folder = desk.path("p").display().to_string();
    window.type_into("#new-path", &folder);
    window.click("#start summary");
    window.click("#new-shared");
    window.script("document.querySelector('#new-people').value = ''");
    window.type_into("#new-people", "1");
    assert!(
        window
            .wait("form [role=alert]")
            .contains("no more than there are"),
        "two of one person is no share"
    );
    window.type_into("#new-people", "2");
    window.type_into("#new-repeats", "5");
    window.pick("#new-order", "random");
    window.picture("new-project");
    window.click("#new-create");
    window.click("#project-import");
    window.type_into("#import-file", &format!("{}\t", file.display()));
    window.wait("#import-preview [data-row]");
    window.picture("import");
    assert_eq!(
        desk.json(&["info", "p"])["pairs"],
        0,
        "nothing is written before it is asked for"
    );
    window.click("#import-run");
    window.wait("#import-report");
    window.click("#import-done");
    window.wait("#project");
    window.picture("project");
    window.session.close();
    let info = desk.json(&["info", "p"]);
    assert_eq!(
        (&info["pairs"], &info["questions"]),
        (&json!(3), &json!(3)),
        "{info}"
    );
    assert_eq!(
        (&info["overlap"], &info["repeat_percent"], &info["order"]),
        (&json!([2, 12]), &json!(5), &json!("random")),
        "{info}"
    );
}

#[test]
fn an_annotators_page_is_refused_what_is_the_owners() {
    let desk = desk("text_to_text", 2, 1);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.enter_as("anna");
    for call in ["project_info", "check_run", "plugin:fs|read", "label_next"] {
        window.script(&format!(
            "window.answer = null; window.__TAURI_INTERNALS__.invoke('{call}')
               .then(a => window.answer = ['given'], e => window.answer = ['refused', String(e.code ?? e)])"
        ));
        let answer = window.until("an answer", || {
            let answer = window.script("return window.answer");
            (!answer.is_null()).then_some(answer)
        });
        let expected = if call == "label_next" {
            "given"
        } else {
            "refused"
        };
        assert_eq!(answer[0], expected, "{call}: {answer}");
    }
    assert_eq!(window.script("return document.title"), "Tiebreak");
}

#[test]
fn the_start_screen_opens_the_demo() {
    let desk = Desk::new();
    let mut stage = Stage::new(&desk);
    let window = stage.open(None);
    window.wait("#start");
    window.picture("start");
    window.script(
        "[...document.querySelectorAll('#start button')]
           .find(b => b.innerText.toLowerCase().includes('demo')).click()",
    );
    window.wait("#who-name");
    window.picture("who");
    window.enter_as("visitor");
    assert!(!window.wait("#criterion").is_empty());
    window.session.press_shifted('/').unwrap();
    window.wait("#keys-overlay");
    window.picture("keys");
}
