//! Commit, then reveal, in the real window: whatever the project sets and in whichever arm a question
//! is, nothing of a prediction is anywhere in the web view before the vote on it is stored; and after
//! it, it is told, kept or voted on again by keys.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

use serde_json::{Value, json};
use tiebreak_tests::Desk;
use tiebreak_tests::window::{SPY_ON_ANSWERS, Stage, Window, key};

const QUESTIONS: usize = 4;
/// What the model wrote and its name; its scores are told apart by their digits.
const SECRETS: [&str; 4] = ["hidden-words", "hidden-judge", "7.8125", "3.0625"];
const CRITERIA: [&str; QUESTIONS] = [
    "Which answer follows the steps of the question more closely, leaves none of them out, and says for \
     each of them why it is needed, in words that somebody who has never done it would understand?",
    "哪个回答更准确、更完整，并且没有遗漏问题里提到的任何一个步骤？",
    "أيّ الإجابتين أوضح وأدقّ، ولا تُغفل شيئًا مما سُئل عنه؟",
    "Which is shorter?",
];

/// Pairs of which the model prefers response 1, for a reason in words of its own.
fn desk() -> Desk {
    let desk = Desk::with_project();
    let row = |n: usize| {
        json!({
            "prompt": format!("prompt {n}"), "response1": format!("one-{n} answers."),
            "response2": format!("two-{n} does not."), "criteria": CRITERIA[n],
            "criteria_preference": "tie", "model1": "m-a", "model2": "m-b", "id": format!("row-{n}"),
        })
    };
    let rows: Vec<Value> = (0..QUESTIONS).map(row).collect();
    desk.write(
        "text_to_text_preferences.json",
        Value::Array(rows).to_string(),
    );
    desk.ok(&["import", "p", "text_to_text_preferences.json"]);
    let said = |n: usize| {
        json!({
            "id": format!("row-{n}"), "s1": 7.8125, "s2": 3.0625,
            "text": format!("hidden-words {n}: **Response A** answers what was asked, step by step.\n\n\
                <img src=x onerror=\"window.hacked = 1\"> الردّ الأوّل أوضح.\n\n第一个回答更好。 {}", "And more of it. ".repeat(40)),
        })
    };
    let said: Vec<Value> = (0..QUESTIONS).map(said).collect();
    desk.write("said.json", Value::Array(said).to_string());
    let line = [
        "predictions",
        "import",
        "p",
        "said.json",
        "--model",
        "hidden-judge",
        "--match",
        "id",
    ];
    desk.ok(&[line.as_slice(), &["--scores", "s1,s2", "--text", "text"]].concat());
    desk
}

/// Everything that the page shows, keeps, asked for or was told.
fn known(window: &Window) -> String {
    let known = window.script(
        "return document.documentElement.outerHTML + document.body.innerText + JSON.stringify([
           window.answers ?? [], {...localStorage}, {...sessionStorage}, history.state, window.name,
           document.cookie, document.title, location.href,
           performance.getEntriesByType('resource').map(e => e.name),
           [...document.querySelectorAll('input, textarea')].map(e => e.value)])",
    );
    known.as_str().unwrap().to_owned()
}

#[track_caller]
fn tells_nothing(window: &Window, when: &str) {
    let known = known(window);
    for secret in SECRETS {
        let at = known.find(secret);
        let around = at.map(|at| known.get(at.saturating_sub(200)..at + 100));
        assert_eq!(at, None, "{when}: {secret} is known: {around:?}");
    }
}

fn enter(stage: &mut Stage, desk: &Desk, name: &str) -> Window {
    let window = stage.open(Some(&desk.path("p")));
    window.script(SPY_ON_ANSWERS);
    window.enter_as(name);
    window
}

fn mode(window: &Window) -> String {
    let mode = window.script("return document.querySelector('#label').dataset.mode");
    mode.as_str().unwrap().to_owned()
}

/// Waits until keys count on what stands there, in this mode.
fn ready_in(window: &Window, wanted: &str) {
    window.until(wanted, || (mode(window) == wanted).then_some(()));
    if wanted != "done" {
        window.ready();
    }
    std::thread::sleep(std::time::Duration::from_millis(350));
}

/// The key for the response that begins so.
fn key_for(window: &Window, words: &str) -> &'static str {
    match window.wait("[data-side=left] .text").contains(words) {
        true => "1",
        false => "4",
    }
}

#[test]
fn nothing_of_a_prediction_is_in_the_page_before_its_vote_under_any_policy() {
    let desk = desk();
    let mut stage = Stage::new(&desk);
    for (when, arm) in [
        ("never", "0"),
        ("each", "1"),
        ("session", "1"),
        ("session", "0"),
        ("each", "0"),
    ] {
        let what = format!("{when}, silent arm {arm}");
        desk.ok(&["reveal", "p", when, "--arm", arm, "--model", "hidden-judge"]);
        let window = enter(&mut stage, &desk, &format!("{when} {arm}"));
        let told = when == "each" && arm == "0";
        for n in 0..QUESTIONS {
            let assignment = window.ready();
            // What was told of the questions before is told; of this one nothing may be.
            if !told {
                tells_nothing(&window, &what);
            }
            assert!(
                !known(&window).contains(&format!("hidden-words {n}")),
                "{what}"
            );
            let on = json!({"assignment": assignment});
            let refused = window.call("label_reveal", &on)["refused"].clone();
            let code = if when == "each" {
                "not_voted"
            } else {
                "not_revealed"
            };
            assert_eq!(refused, code, "{what}");
            assert_eq!(
                window.call("label_reveals", &json!({"offset": 0}))["refused"],
                "not_revealed"
            );
            window.press("2");
            if !told {
                tells_nothing(&window, &what);
            }
            window.press(key::ENTER);
            if told {
                let words = window.wait("#told");
                assert!(words.contains("You said: Tie"), "{words}");
                window.until("what it wrote", || {
                    window
                        .wait("#told")
                        .contains(&format!("hidden-words {n}"))
                        .then_some(())
                });
                assert!(
                    window.wait("#told").contains("7.813"),
                    "the score: {}",
                    window.words()
                );
                assert!(
                    !known(&window).contains("hidden-judge"),
                    "no model's name ever"
                );
                ready_in(&window, "told");
                window.press(key::ENTER);
            }
            if n + 1 < QUESTIONS {
                // No key more where nothing is told.
                window.next_after(&assignment);
            }
        }
        ready_in(&window, "done");
        if !told {
            tells_nothing(&window, &what);
        }
        assert_eq!(window.is_there("#done-told"), when == "session", "{what}");
        let hacked = window.script("return window.hacked ?? null");
        assert_eq!(hacked, Value::Null, "what a model writes is text");
        window.session.close();
    }
    let votes = desk.votes();
    assert_eq!(votes.len(), 5 * QUESTIONS);
    assert!(
        votes.iter().all(|v| v["presentation"]["revealed"] == false),
        "all came first"
    );
    assert_eq!(desk.json(&["reveal", "p"])["shown"], QUESTIONS);
}

#[test]
fn one_keeps_votes_again_and_takes_back_by_keys_alone() {
    let desk = desk();
    desk.ok(&["reveal", "p", "each", "--model", "hidden-judge"]);
    let mut stage = Stage::new(&desk);
    let window = enter(&mut stage, &desk, "anna");
    let first = window.ready();
    window.press(key_for(&window, "two-0"));
    window.press(key::ENTER);
    ready_in(&window, "told");
    assert_eq!(desk.votes().len(), 1, "on disk before anything is told");
    let told = window.wait("#told");
    let side = if key_for(&window, "one-0") == "1" {
        "Left"
    } else {
        "Right"
    };
    assert!(
        told.contains(&format!("The model says: {side} is better")),
        "{told}"
    );
    assert!(
        told.contains(&format!(
            "It saw the {} response first",
            side.to_lowercase()
        )),
        "{told}"
    );
    window.picture("told");
    window.session.resize(900, 640).unwrap();
    window.picture("told-narrow");
    window.session.resize(1280, 800).unwrap();
    // Not a skip, nor a verdict, nor anything else than to keep, vote again or take back.
    assert!(!window.is_there("[data-act=skip]"));
    window.press("v");
    ready_in(&window, "question");
    assert!(window.wait("#told-note").contains("You vote again"));
    window.picture("told-again");
    window.press(key_for(&window, "one-0"));
    window.press(key::ENTER);
    let second = window.next_after(&first);
    assert!(!window.is_there("#told"), "it was told once");

    // Told, and the vote taken back: what is said then is said after it.
    window.press("2");
    window.press(key::ENTER);
    ready_in(&window, "told");
    window.picture("told-chinese");
    window.press("u");
    ready_in(&window, "question");
    assert_eq!(window.ready(), second);
    window.press("4");
    window.press(key::ENTER);
    let third = window.next_after(&second);
    window.press("2");
    window.press(key::ENTER);
    ready_in(&window, "told");
    window.picture("told-arabic");
    window.press(key::ENTER);
    window.next_after(&third);
    window.click("#keys");
    assert!(
        window.wait("#keys-overlay").contains("Vote again"),
        "the key is listed"
    );
    window.session.close();

    let votes = desk.votes();
    let said: Vec<(&Value, bool)> = votes
        .iter()
        .map(|v| (&v["verdict"], v["after_reveal"] == true))
        .collect();
    let (two, one, tie) = (json!("response2"), json!("response1"), json!("tie"));
    assert_eq!(said[0], (&two, false));
    assert_eq!(said[1], (&one, true), "a second thought");
    assert_eq!(said[2], (&tie, false));
    assert_eq!(said[3], (&Value::Null, false));
    assert!(said[4].1, "said again after it was taken back");
    assert_eq!(said[5], (&tie, false), "kept");
    let report = desk.json(&["compare", "p"]);
    let found = &report["revealing"];
    assert_eq!(
        (
            &found["shown"],
            &found["second_thoughts"],
            &found["left_out"]
        ),
        (&json!(3), &json!(1), &json!(1))
    );
    assert_eq!(found["moves"]["toward"], 1);
    assert!(
        desk.ok(&["compare", "p"])
            .contains("1 to what the model says")
    );
    assert_eq!(desk.json(&["check", "p"])["ok"], true);
}

#[test]
fn after_the_session_the_list_is_there_and_the_owner_sets_all_that_on_his_screen() {
    let desk = desk();
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.click("#who-owner");
    window.wait("#reveal-when");
    window.until("the panel in view", || {
        let near = window.script(
            "const panel = document.querySelector('#reveal');
             const box = panel.getBoundingClientRect();
             panel.scrollIntoView({block: 'center'});
             return box.top > 0 && box.bottom < innerHeight",
        );
        (near == true).then_some(())
    });
    window.pick("#reveal-when", "session");
    window.script(
        "const e = document.querySelector('#reveal-silent'); e.value = '0';
         e.dispatchEvent(new Event('input', { bubbles: true }))",
    );
    window.picture("reveal-owner");
    window.click("#reveal-set");
    window.until("it is said", || {
        window.wait("#reveal-report").contains("log").then_some(())
    });
    window.session.resize(760, 700).unwrap();
    window.script("document.querySelector('#reveal').scrollIntoView({block: 'center'})");
    window.picture("reveal-owner-narrow");
    window.session.resize(1280, 800).unwrap();
    window.session.close();
    assert_eq!(desk.json(&["reveal", "p"])["when"], "session");

    let window = enter(&mut stage, &desk, "anna");
    for n in 0..QUESTIONS {
        let now = window.ready();
        window.press("2");
        window.press(key::ENTER);
        if n + 1 < QUESTIONS {
            window.next_after(&now);
        }
    }
    ready_in(&window, "done");
    tells_nothing(&window, "the end");
    window.picture("told-done");
    window.press("v");
    let list = window.wait("#told-list");
    assert!(
        list.contains("4 questions") && list.contains("hidden-words 0"),
        "{list}"
    );
    assert!(!known(&window).contains("hidden-judge"));
    window.picture("told-list");
    window.session.resize(760, 700).unwrap();
    window.picture("told-list-narrow");
    window.session.resize(1280, 800).unwrap();
    // To the second line, and into it.
    window.press(key::DOWN);
    window.press(key::ENTER);
    ready_in(&window, "question");
    assert!(window.wait("#told-note").contains("You vote again"));
    window.press(key_for(&window, "one-1"));
    window.press(key::ENTER);
    window.until("the list again", || {
        let there = window.is_there("#told-list");
        (there && window.wait("#told-list").contains("a second thought")).then_some(())
    });
    window.session.close();
    let after = desk
        .votes()
        .iter()
        .filter(|v| v["after_reveal"] == true)
        .count();
    assert_eq!(after, 1);
    assert_eq!(desk.json(&["check", "p"])["ok"], true);
}

/// Votes on the next question from the command line. Gives the assignment and the number of its pair.
fn cast(desk: &Desk, who: &str, verdict: &str) -> Option<(String, usize)> {
    let next = desk.json(&["next", "p", "--annotator", who]);
    let id = next["assignment"].as_str()?.to_owned();
    desk.ok(&["vote", "p", &id, "--verdict", verdict, "--annotator", who]);
    let prompt = next["prompt"]["text"].as_str()?.to_owned();
    Some((id, prompt.rsplit(' ').next()?.parse().ok()?))
}

#[test]
fn the_owners_screens_tell_second_thoughts_and_what_had_seen_a_prediction() {
    let desk = desk();
    desk.ok(&["reveal", "p", "each", "--model", "hidden-judge"]);
    for (who, verdict) in [("anna", "left"), ("ben", "tie"), ("cleo", "right")] {
        while let Some((id, n)) = cast(&desk, who, verdict) {
            if who == "anna" && n == 1 {
                assert!(
                    desk.ok(&["told", "p", "--annotator", who, "--on", &id])
                        .contains("hidden-words 1")
                );
                desk.ok(&["vote", "p", &id, "--verdict", "tie", "--annotator", who]);
            }
        }
    }
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.click("#who-owner");
    window.click("#tab-adjudicate");
    window.wait("#adjudicator-name");
    window.click("#adjudicator-imported");
    window.click("#adjudicator-model");
    assert!(window.wait("#adjudicator-model-says").contains("not shown"));
    window.picture("reveal-adjudicator");
    window.script(SPY_ON_ANSWERS);
    window.type_into("#adjudicator-name", &format!("judith{}", key::ENTER));
    let mut second = false;
    for n in 0..QUESTIONS {
        window.until("a question", || {
            window
                .script("return document.querySelector('[data-side=left] .text') !== null")
                .as_bool()
                .filter(|there| *there)
                .map(|_| ())
        });
        std::thread::sleep(std::time::Duration::from_millis(700));
        tells_nothing(&window, "before the adjudicator decides");
        window.press("2");
        window.press(key::ENTER);
        window.wait("#votes");
        let marked = window.is_there("#votes [data-second=true]");
        if marked {
            window.picture("reveal-adjudicator-votes");
        }
        second = second || marked;
        std::thread::sleep(std::time::Duration::from_millis(400));
        window.press(key::ENTER);
        window.until("settled", || {
            let settled = desk.json(&["resolutions", "p"]);
            let by_him = settled
                .as_array()?
                .iter()
                .filter(|r| r["rule"] == "adjudicator")
                .count();
            (by_him == n + 1).then_some(())
        });
    }
    tells_nothing(&window, "while he adjudicates");
    let settled = desk.json(&["resolutions", "p"]);
    for one in settled
        .as_array()
        .unwrap()
        .iter()
        .filter(|r| r["rule"] == "adjudicator")
    {
        assert!(
            one["provenance"]["saw_prediction"]
                .to_string()
                .contains("queue"),
            "{one}"
        );
        assert_eq!(one["provenance"]["queue"]["by"]["model"], "hidden-judge");
    }
    window.click("#tab-compare");
    window.wait("#unseen");
    window.script("document.querySelector('#unseen').scrollIntoView({block: 'start'})");
    window.picture("reveal-compare");
    window.session.resize(900, 700).unwrap();
    window.script("document.querySelector('#revealing').scrollIntoView({block: 'center'})");
    window.picture("reveal-compare-narrow");
    window.session.close();
    assert!(second, "anna's second thought is marked");
}
