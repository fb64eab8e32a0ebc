//! The owner's Criteria screen in the real window, by keys: what an edit will do is said before it is
//! made, and the command line finds what the screen did.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

use std::time::Duration;

use serde_json::{Value, json};
use tiebreak_tests::Desk;
use tiebreak_tests::window::{Stage, Window, key};

const CTRL_ENTER: &str = "\u{E009}\u{E007}\u{E000}";
const DOWN: &str = "\u{E015}";

const SENTENCES: [&str; 5] = [
    "Which answer follows the steps of the question more closely, leaves none of them out, adds none \
     of its own, and says for each of them why it is needed and what would go wrong without it?",
    "哪个回答更准确，更清楚地说明了每一个步骤？",
    "أيّ الإجابتين أوضح وأدقّ في شرح كل خطوة من الخطوات؟",
    "Which is kinder?",
    "which is  KINDER",
];

/// Three pairs under five sentences, with votes of two people, in a project of the paper's protocol.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.ok(&["new", "p", "--protocol", "omni-rewardbench"]);
    let mut rows = Vec::new();
    for pair in 0..3 {
        for (n, sentence) in SENTENCES.iter().enumerate() {
            rows.push(json!({
                "prompt": format!("prompt {pair}"), "response1": format!("one-{pair}"),
                "response2": format!("two-{pair}"), "model1": "a", "model2": "b",
                "criteria": sentence, "criteria_preference": "tie", "id": format!("s-{pair}-{n}"),
            }));
        }
    }
    let text = Value::Array(rows).to_string();
    let file = desk.write("text_to_text_preferences.json", text);
    desk.ok(&["import", "p", &file.display().to_string()]);
    desk.ok(&["phase", "p", "vote"]);
    for name in ["anna", "李雷"] {
        loop {
            let next = desk.json(&["next", "p", "--annotator", name]);
            let Some(id) = next["assignment"].as_str() else {
                break;
            };
            desk.ok(&["vote", "p", id, "--annotator", name, "--verdict", "tie"]);
        }
    }
    desk.ok(&["phase", "p", "review"]);
    desk
}

fn open(window: &Window) {
    window.click("#who-owner");
    window.click("#tab-criteria");
    window.wait("#criteria[data-busy=false]");
    window.until("the list has the focus", || focused(window));
}

/// The list has the focus, and nothing is under way.
fn focused(window: &Window) -> Option<()> {
    let is = window.script(
        "return document.activeElement?.id === 'criteria-list'
           && document.querySelector('#criteria')?.dataset.busy === 'false'
           && !document.querySelector('dialog')",
    );
    (is == true).then_some(())
}

fn said(window: &Window, part: &str) {
    window.until(part, || {
        window.wait("#criteria-said").contains(part).then_some(())
    });
    window.until("the list has the focus again", || focused(window));
}

fn listed(desk: &Desk) -> Vec<Value> {
    let page = desk.json(&["criteria", "p"]);
    page["criteria"].as_array().unwrap().clone()
}

#[test]
fn criteria_are_edited_merged_and_grouped_by_keys() {
    let desk = desk();
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    open(&window);
    assert_eq!(window.wait("#criteria-count"), "1–5 of 5");
    window.picture("criteria");

    // A typo: the votes stay, and that was said before.
    window.press(&format!("{DOWN}{DOWN}{DOWN}e"));
    window.wait("#edit-dialog #edit-typo");
    window.type_into("#edit-text", " Mended.");
    window.click("#edit-typo");
    assert!(window.wait("#edit-dialog").contains("6 votes stay"));
    window.picture("criteria-edit");
    window.type_into("#edit-text", CTRL_ENTER);
    said(&window, "Mended: 6 votes stay.");
    let kind = &listed(&desk)[3];
    assert_eq!(
        (kind["text"].as_str(), kind["votes"].as_u64()),
        (Some("Which is kinder? Mended."), Some(6))
    );

    // Another meaning: what falls, and who gets it again, stands there first.
    window.press("k");
    window.press(key::ENTER);
    window.wait("#edit-dialog #edit-meaning");
    window.type_into("#edit-text", " ؟؟");
    window.click("#edit-meaning");
    let told = window.wait("#edit-dialog");
    assert!(
        told.contains("6 votes no longer stand, 2 people get 3 questions again, 3 resolutions"),
        "{told}"
    );
    window.click("#edit-save");
    said(
        &window,
        "Changed: 6 votes no longer stand, 2 people get the questions again",
    );
    assert_eq!(listed(&desk)[2]["votes"], 0);

    // The two marked ones say the same; then apart again.
    window.press("jx");
    window.press("jx");
    window.press("s");
    window.wait("#same-dialog");
    window.picture("criteria-same");
    window.click("#same-save");
    said(&window, "3 questions no longer asked, with 6 votes");
    let info = desk.json(&["info", "p"]);
    assert_eq!(info["questions"], 12);
    window.press("a");
    window.click("#apart-save");
    said(&window, "3 questions asked again, with 6 votes");

    // A group by hand; what is left is ungrouped.
    window.press("xkx");
    window.press("g");
    window.type_into("#group-name", "kindness");
    window.picture("criteria-group");
    window.press(key::ENTER);
    said(&window, "2 criteria put into “kindness”.");
    let parts = desk.json(&["agreement", "p", "--by", "group", "--replicates", "20"]);
    let names: Vec<&str> = parts["by"]["group"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["kindness", "ungrouped"]);

    // Search, suggestions, drops, keys.
    window.press("/");
    window.type_into("#criteria-search", "准确");
    window.until("one is found", || {
        (window.wait("#criteria-count") == "1–1 of 1").then_some(())
    });
    window.script("const f = document.querySelector('#criteria-search'); f.value = ''; f.dispatchEvent(new Event('input', {bubbles: true}))");
    window.until("all are there", || {
        (window.wait("#criteria-count") == "1–5 of 5").then_some(())
    });
    window.script("document.querySelector('#criteria-list').focus()");
    window.press("n");
    window.wait("#suggest-dialog .one");
    window.picture("criteria-suggest");
    window.press(key::ESCAPE);
    window.until("the list has the focus", || focused(&window));
    window.press("d");
    window.wait("#protocol-dialog [data-step=no_consensus]");
    window.picture("criteria-protocol");
    window.press(key::ESCAPE);
    window.until("the list has the focus", || focused(&window));
    window.press("?");
    assert!(window.wait("#criteria-keys-dialog").contains("Mark it"));
    window.press(key::ESCAPE);
    window.until("the list has the focus", || focused(&window));

    // A phase is begun after it was said what it does.
    window.click("#phase-vote");
    assert!(window.wait("#phase-dialog").contains("frozen"));
    window.picture("criteria-phase");
    window.click("#phase-begin");
    window.wait("[data-phase=vote][aria-current=step]");
    assert_eq!(desk.json(&["phase", "p"])["phase"], "vote");
    window.session.resize(800, 760).unwrap();
    window.picture("criteria-narrow");
    let over = window.script("return document.documentElement.scrollWidth - innerWidth");
    assert!(
        over.as_i64().unwrap() <= 0,
        "nothing runs out of the window: {over}"
    );
    assert_eq!(desk.json(&["check", "p"])["ok"], true);
}

#[test]
fn annotators_see_no_both_bad_and_are_told_of_a_review() {
    let desk = desk();
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.type_into("#who-name", &format!("cleo{}", key::ENTER));
    let told = window.wait("#done");
    assert!(told.contains("being looked through"), "{told}");
    window.picture("label-review");
    desk.ok(&["phase", "p", "vote"]);
    window.click("#done-again");
    window.ready();
    let verdicts = window.wait(".verdicts");
    assert!(
        verdicts.contains("Tie") && !verdicts.contains("Both bad"),
        "{verdicts}"
    );
    let before = window.ready();
    // The key that both bad is on elsewhere chooses nothing here.
    window.press("3");
    std::thread::sleep(Duration::from_millis(300));
    assert!(!window.is_there("[role=radio][aria-checked=true]"));
    window.picture("label-no-both-bad");
    window.press("2");
    window.press(key::ENTER);
    window.next_after(&before);
    // The owner's commands are refused past the page's own code.
    let answer = window.call("criteria_list", &json!({"request": {}}));
    assert_eq!(answer["refused"], "not_owner");
}
