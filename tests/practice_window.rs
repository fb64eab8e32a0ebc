//! The practice round in the real window, by keys: the answer is nowhere on the page before the vote is
//! on disk, stands beside the question after it, and the owner's panels say what is dealt how.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

use serde_json::json;
use tiebreak_tests::window::{SPY_ON_ANSWERS, Stage, Window, key};
use tiebreak_tests::{Desk, bench_rows};

const WHY: &str = "Response 2 **answers** what was asked; the other `evades` it.\n\n\
                   الرد الثاني يجيب عن السؤال.\n\n第二個回答切題。";

fn desk() -> Desk {
    let desk = Desk::with_project();
    let file = bench_rows::write(&desk, "text_to_text", 5, 1);
    desk.ok(&["import", "p", &file.display().to_string()]);
    let first = [
        "practice",
        "p",
        "--add",
        "hidden-source-3-0",
        "--verdict",
        "response2",
    ];
    desk.ok(&[first.as_slice(), &["--explain", WHY]].concat());
    desk.ok(&[
        "practice",
        "p",
        "--add",
        "hidden-source-1-0",
        "--verdict",
        "tie",
    ]);
    desk.ok(&[
        "checks",
        "p",
        "--add",
        "hidden-source-2-0",
        "--verdict",
        "response1",
    ]);
    desk
}

/// Everything that the page shows, keeps or was told.
fn known(window: &Window) -> String {
    let known = window.script(
        "return document.documentElement.outerHTML + JSON.stringify([
           window.answers ?? [], {...localStorage}, {...sessionStorage}])",
    );
    known.as_str().unwrap().to_owned()
}

/// The key for the data's first response, or the second.
fn pressed(window: &Window, first: bool) -> &'static str {
    let one_is_left = window.wait("[data-side=left] .text").contains("one-");
    if first == one_is_left { "1" } else { "4" }
}

#[test]
fn the_answer_is_told_after_the_vote_and_the_vote_counts_nowhere() {
    let desk = desk();
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.script(SPY_ON_ANSWERS);
    window.enter_as("anna");
    assert!(window.wait("#practice-note").contains("Practice 1 of 2"));
    assert!(window.wait("#prompt").contains("prompt 3"));
    assert!(!known(&window).contains("evades"), "not before the vote");
    window.picture("practice-question");
    window.press(pressed(&window, true));
    window.press(key::ENTER);
    let told = window.wait("#practice-answer");
    assert!(told.contains("Not so"), "{told}");
    let side = if pressed(&window, false) == "1" {
        "Left"
    } else {
        "Right"
    };
    assert!(
        told.contains(&format!("The answer is: {side} is better.")),
        "{told}"
    );
    window.until("why", || {
        window
            .wait("#practice-answer")
            .contains("evades")
            .then_some(())
    });
    assert_eq!(
        desk.json(&["info", "p"])["practice_votes"],
        1,
        "on disk by now"
    );
    assert!(
        !window.is_there("[data-act=skip]"),
        "nothing is left to skip"
    );
    window.picture("practice-answer-wrong");
    window.session.resize(900, 640).unwrap();
    window.picture("practice-answer-narrow");
    window.session.resize(1280, 800).unwrap();
    assert!(window.wait("#practice-note").contains("Practice 1 of 2"));

    // Taken back from there, and said otherwise.
    std::thread::sleep(std::time::Duration::from_millis(300));
    window.press("u");
    window.until("the question again", || {
        (!window.is_there("#practice-answer")).then_some(())
    });
    window.ready();
    window.press(pressed(&window, false));
    window.press(key::ENTER);
    assert!(window.wait("#practice-answer").contains("Right"));
    window.picture("practice-answer-right");
    std::thread::sleep(std::time::Duration::from_millis(300));
    window.press(key::ENTER);
    window.until("the second", || {
        window.wait("#prompt").contains("prompt 1").then_some(())
    });
    window.ready();
    assert!(window.wait("#practice-note").contains("Practice 2 of 2"));
    window.press("2");
    window.press(key::ENTER);
    assert!(
        window
            .wait("#practice-answer")
            .contains("The answer is: Tie")
    );
    std::thread::sleep(std::time::Duration::from_millis(300));
    window.press(key::ENTER);
    window.until("the first that counts", || {
        (!window.is_there("#practice-answer")).then_some(())
    });
    let first = window.ready();
    assert!(!window.is_there("#practice-note"));
    assert!(window.wait("#progress").contains("0 of 3"));

    // A check among them looks like the others, and nothing is told after it.
    let mut before = first;
    for left in (0..3).rev() {
        assert!(!known(&window).contains("\"check\""));
        window.press("2");
        window.press(key::ENTER);
        if left > 0 {
            before = window.next_after(&before);
            assert!(!window.is_there("#practice-answer"));
        }
    }
    window.wait("#done");
    window.session.close();
    assert_eq!(desk.votes().len(), 3);
    let info = desk.json(&["info", "p"]);
    assert_eq!(
        (&info["votes"], &info["practice_votes"]),
        (&json!(3), &json!(2))
    );
    let people = desk.json(&["agreement", "p"]);
    assert_eq!(people["annotators"][0]["check_accuracy"]["value"], 0.0);
    assert!(desk.ok(&["agreement", "p"]).contains("right on checks"));
}

#[test]
fn the_owner_sets_the_order_the_known_answers_and_frees_a_place() {
    let desk = desk();
    desk.ok(&[
        "next",
        "p",
        "--annotator",
        "mistaken, with a name that is long enough to wrap",
    ]);
    desk.ok(&["annotators", "p", "--add", "منى"]);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.click("#who-owner");
    window.wait("[data-known=practice]");
    // What other panels load moves it.
    window.until("the queues in view", || {
        let near = window.script(
            "const queues = document.querySelector('#queues');
             const near = queues.getBoundingClientRect().top < 200;
             queues.scrollIntoView(); return near && queues.querySelector('li') !== null",
        );
        (near == true).then_some(())
    });
    window.picture("queues-owner");
    window.pick("#queue-order", "fewest-first");
    window.click("#queue-order-set");
    window.until("it is said", || {
        window
            .wait("#queues-report")
            .contains("from now on")
            .then_some(())
    });
    window.click("#queues li:not(:has(button:disabled)) button");
    window.click("#queues .sure button");
    window.until("the place is free", || {
        let said = window.wait("#queues-report");
        said.contains("1 question went back").then_some(())
    });
    window.type_into("#known-id", "hidden-source-4-0");
    window.pick("#known-verdict", "both_bad");
    window.click("#known-add");
    window.until("a check", || {
        window
            .wait("#known-report")
            .contains("is a check now")
            .then_some(())
    });
    window.type_into("#known-id", "nowhere");
    window.pick("#known-verdict", "tie");
    window.click("#known-add");
    assert!(
        window
            .wait("#known-problem")
            .contains("there is no question nowhere")
    );
    window.session.resize(900, 700).unwrap();
    window.script("document.querySelector('#known').scrollIntoView()");
    window.picture("known-owner-narrow");
    window.session.resize(1280, 800).unwrap();
    window.click("[data-known=check] li:last-child .acts button:last-child");
    window.until("removed", || {
        let said = window.wait("#known-report");
        said.contains("like any other again").then_some(())
    });
    window.session.close();
    let queue = desk.json(&["queue", "p"]);
    assert_eq!(queue["order"], "fewest-first");
    assert_eq!(
        (&queue["checks"], &queue["practice"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(queue["people"][0]["number"], json!(null));
    assert_eq!(
        desk.refused(&["queue", "p", "--free", "منى"])["code"],
        "holds_no_place"
    );
    assert_eq!(desk.json(&["check", "p"])["ok"], true);
}
