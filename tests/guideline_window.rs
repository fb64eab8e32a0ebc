//! The guideline in the real window: on a key, over the question and away again, told once when it is
//! new, written by its owner beside what adjudicators flagged.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

use serde_json::{Value, json};
use tiebreak_tests::window::{Stage, Window, key};
use tiebreak_tests::{Desk, bench_rows};

/// More than fits, in three scripts, with what must not come alive.
fn guideline() -> String {
    let mut text = String::from(
        "# How to judge\n\nRead **both** answers to the end. <b id=\"live\">x</b> \
         <img src=x onerror=\"window.broken = 1\">\n\n\
         - A *tie* is an answer.\n- Length is no merit.\n\n\
         اقرأ الإجابتين حتى النهاية قبل أن تحكم.\n\n請把兩個回答都讀完再判斷。\n\n\
         | verdict | when |\n| --- | --- |\n| tie | neither is better |\n\n",
    );
    for n in 1..40 {
        text.push_str(&format!("## Case {n}\n\nWhat to do in case {n}.\n\n"));
    }
    text.push_str("The last line.\n");
    text
}

fn desk() -> Desk {
    let desk = Desk::with_project();
    let file = bench_rows::write(&desk, "text_to_text", 5, 1);
    desk.ok(&["import", "p", &file.display().to_string()]);
    desk
}

fn vote(window: &Window) {
    let before = window.ready();
    window.press("2");
    window.press(key::ENTER);
    window.next_after(&before);
}

fn scrolled(window: &Window) -> f64 {
    let at = window.script("return document.querySelector('#guideline-dialog .body').scrollTop");
    at.as_f64().unwrap()
}

#[test]
fn the_guideline_is_read_on_a_key_and_told_once() {
    let desk = desk();
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.enter_as("anna");
    assert!(!window.is_there("#guideline-news"));
    window.press("h");
    window.until("it is said that there is none", || {
        let said = window.wait("#status");
        said.contains("no guideline").then_some(())
    });
    vote(&window);

    desk.write("guide.md", guideline());
    desk.ok(&["guideline", "p", "--set", "guide.md"]);
    vote(&window);
    assert!(
        window
            .wait("#guideline-news")
            .contains("There is a guideline")
    );
    window.picture("guideline-news");
    window.script("document.querySelector('[data-verdict=left]').focus()");
    window.press("h");
    window.until("its words", || {
        let words = window.wait("#guideline-dialog");
        words.contains("Read both answers").then_some(())
    });
    assert_eq!(window.wait("#guideline-dialog h3"), "How to judge");
    window.picture("guideline-dialog");
    let alive = window.script(
        "return [document.querySelector('#live'), document.querySelector('#guideline-dialog img'),
                 window.broken ?? null]",
    );
    assert_eq!(alive, json!([null, null, null]), "raw HTML stays words");
    window.press(key::DOWN);
    window.until("a line down", || (scrolled(&window) > 0.0).then_some(()));
    window.press(key::END);
    window.until("the end", || {
        let end = window.script(
            "const b = document.querySelector('#guideline-dialog .body');
             return b.scrollTop + b.clientHeight >= b.scrollHeight - 2",
        );
        (end == true).then_some(())
    });
    window.session.resize(900, 620).unwrap();
    window.picture("guideline-dialog-narrow");
    window.session.resize(1280, 800).unwrap();
    // A verdict's key means nothing in here.
    window.press("1");
    window.press(key::ESCAPE);
    window.until("it is closed", || {
        (!window.is_there("#guideline-dialog")).then_some(())
    });
    let back = window.script(
        "return [document.activeElement?.dataset.verdict ?? '',
                 document.querySelector('[data-verdict][aria-checked=true]')?.dataset.verdict ?? '']",
    );
    assert_eq!(
        back,
        json!(["left", ""]),
        "the focus is back, nothing chosen"
    );
    window.press("h");
    window.wait("#guideline-dialog");
    window.press("h");
    window.until("its key closes it", || {
        (!window.is_there("#guideline-dialog")).then_some(())
    });
    assert!(!window.is_there("#guideline-news"), "told");
    vote(&window);
    assert!(!window.is_there("#guideline-news"), "and only once");

    desk.write("guide.md", "Version two.");
    desk.ok(&["guideline", "p", "--set", "guide.md"]);
    vote(&window);
    let news = window.wait("#guideline-news");
    assert!(news.contains("The guideline changed: version 2"), "{news}");
    window.session.close();

    let window = stage.open(Some(&desk.path("p")));
    window.click("#who button");
    window.ready();
    assert!(
        !window.is_there("#guideline-news"),
        "told once, restart or not"
    );
    window.session.close();
    let versions: Vec<Value> = desk
        .votes()
        .iter()
        .map(|vote| vote["presentation"]["guideline_version"].clone())
        .collect();
    assert_eq!(json!(versions), json!([null, 1, 1, 2]));
}

#[test]
fn its_owner_writes_it_beside_what_was_flagged() {
    let desk = desk();
    let mut words = String::from("Say what a tie is, and when both are bad. ");
    words.push_str("قل متى يكون كلاهما سيئًا 請說明平手的意思 ");
    words.push_str(&"unbreakable".repeat(12));
    for name in ["anna", "ben"] {
        let next = desk.json(&["next", "p", "--annotator", name]);
        let id = next["assignment"].as_str().unwrap();
        let side = if name == "anna" { "tie" } else { "left" };
        desk.ok(&["vote", "p", id, "--annotator", name, "--verdict", side]);
    }
    let question = desk.votes()[0]["question"].as_str().unwrap().to_owned();
    desk.ok(&["annotators", "p", "--add", "judith"]);
    desk.ok(&[
        "adjudicate",
        "flag",
        "p",
        "--question",
        &question,
        "--annotator",
        "judith",
        "--reason",
        &words,
    ]);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.click("#who-owner");
    assert!(
        window
            .wait("#guideline-flagged")
            .contains("Say what a tie is")
    );
    window.script("document.querySelector('#guideline-text').value = ''");
    window.type_into(
        "#guideline-text",
        &format!("# Fair{e}{e}A *tie* is an answer.", e = key::ENTER),
    );
    window.click("#guideline-save");
    window.until("it is said", || {
        let said = window.wait("#guideline-report");
        said.contains("Version 1 is in force").then_some(())
    });
    window.type_into("#guideline-text", " So is *both bad*.");
    window.click("#guideline-save");
    window.wait("#guideline-versions");
    window.script("document.querySelector('#guideline-panel').scrollIntoView()");
    window.picture("guideline-owner");
    window.session.resize(900, 700).unwrap();
    window.script("document.querySelector('#guideline-panel').scrollIntoView()");
    window.picture("guideline-owner-narrow");
    window.click("#guideline-flagged button");
    window.until("the question", || {
        window.wait("dialog").contains("prompt 0").then_some(())
    });
    window.picture("guideline-flagged-question");
    window.press(key::ESCAPE);
    window.session.close();
    let found = desk.json(&["guideline", "p"]);
    assert_eq!(found["guideline"]["version"], 2);
    assert_eq!(
        found["guideline"]["text"],
        "# Fair\n\nA *tie* is an answer. So is *both bad*."
    );
    assert_eq!(found["flagged"][0]["words"], words.as_str());
    let first = desk.ok(&["guideline", "p", "--version", "1"]);
    assert!(first.contains("version 1 of 2"), "{first}");
    assert_eq!(
        desk.refused(&["guideline", "p", "--version", "9"])["code"],
        "not_found"
    );
}
