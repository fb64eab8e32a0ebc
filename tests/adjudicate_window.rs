//! Adjudicating in the real window, by keys: the votes are nowhere before the adjudicator has
//! decided, the rows say what he meant of the data on either side, and all of it is taken back.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

use serde_json::{Value, json};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tiebreak_tests::window::{SPY_ON_ANSWERS, Stage, Window, key};
use tiebreak_tests::{Desk, bench_rows};

/// Ctrl held, Enter, all let go (W3C WebDriver §17.4.2).
const CTRL_ENTER: &str = "\u{E009}\u{E007}\u{E000}";

/// What three people say of four pairs: the first has three opinions, the second two, the rest one.
const SAID: [(&str, [&str; 4]); 3] = [
    ("anna", ["response1", "response1", "response1", "response2"]),
    ("ben", ["tie", "response1", "response1", "response2"]),
    ("cleo", ["response2", "response2", "response1", "response2"]),
];

/// Whether the data's first response stands on the left, and the pair's number.
fn told(left: &str) -> (bool, usize) {
    let number = left.trim().rsplit('-').next().unwrap().parse().unwrap();
    (left.trim().starts_with("one"), number)
}

/// The side on which a verdict of the data stands.
fn on_screen(verdict: &'static str, first_is_left: bool) -> &'static str {
    match (verdict, first_is_left) {
        ("response1", true) | ("response2", false) => "left",
        ("response1" | "response2", _) => "right",
        (same, _) => same,
    }
}

fn pressed(verdict: &'static str, first_is_left: bool) -> &'static str {
    match on_screen(verdict, first_is_left) {
        "left" => "1",
        "tie" => "2",
        "both_bad" => "3",
        _ => "4",
    }
}

/// A project in which three people disagree; their reasons tell who spoke.
fn disagreeing() -> Desk {
    let desk = Desk::with_project();
    let file = bench_rows::write(&desk, "text_to_text", 4, 1);
    desk.ok(&["import", "p", &file.display().to_string()]);
    for (name, said) in SAID {
        loop {
            let next = desk.json(&["next", "p", "--annotator", name]);
            let Some(id) = next["assignment"].as_str() else {
                break;
            };
            let (first_is_left, pair) = told(next["left"]["text"].as_str().unwrap());
            let verdict = on_screen(said[pair], first_is_left);
            let reason = format!("hidden-reason of {name}");
            let mut line = vec!["vote", "p", id, "--annotator", name, "--verdict", verdict];
            line.extend(["--reason", &reason, "--confidence", "2"]);
            desk.ok(&line);
        }
    }
    desk
}

/// Somebody before whom the most contested question stands with the data's first response on the
/// left, and somebody before whom it stands the other way.
fn two_adjudicators(desk: &Desk) -> (String, String) {
    let (mut left, mut right) = (None, None);
    for n in 0.. {
        let name = format!("judge-{n}");
        let next = desk.json(&["adjudicate", "next", "p", "--annotator", &name]);
        let text = next["question"]["left"]["text"].as_str().unwrap();
        let (first_is_left, pair) = told(text);
        assert_eq!(pair, 0, "the worst comes first");
        let place = if first_is_left { &mut left } else { &mut right };
        place.get_or_insert(name);
        if let (Some(left), Some(right)) = (&left, &right) {
            return (left.clone(), right.clone());
        }
    }
    unreachable!("a coin falls on either side at last")
}

/// Rows of one column each, as text; null where it is NULL.
fn column(desk: &Desk, sql: &str) -> Vec<Option<String>> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new()
            .filename(desk.path("p/project.sqlite"))
            .read_only(true);
        let mut db = SqliteConnection::connect_with(&options).await.unwrap();
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        sqlx::query_scalar(sql).fetch_all(&mut db).await.unwrap()
    })
}

fn blind_rows(desk: &Desk) -> Vec<String> {
    let rows = column(
        desk,
        "SELECT coalesce(verdict, dropped) || ' on ' || left_side || ', seen ' ||
           (json_extract(presentation, '$.seen_ms[0]') > 0)
         FROM adjudication WHERE act = 'blind' ORDER BY at_ms, id",
    );
    rows.into_iter().flatten().collect()
}

fn resolution_rows(desk: &Desk) -> Vec<String> {
    let rows = column(
        desk,
        "SELECT rule || ' ' || coalesce(verdict, dropped, 'nothing') || ': ' || reason
         FROM resolution ORDER BY at_ms, id",
    );
    rows.into_iter().flatten().collect()
}

struct Judge<'a>(&'a Window);

impl Judge<'_> {
    fn enter(&self, name: &str) {
        self.0.script(&format!(
            "const e = document.querySelector('#adjudicator-name'); if (e) e.select(); return {}",
            json!(name)
        ));
        self.0
            .type_into("#adjudicator-name", &format!("{name}{}", key::ENTER));
    }

    /// Waits until the screen takes keys in this mode, and gives the question.
    fn ready(&self, mode: &str) -> String {
        let question = self.0.until(mode, || {
            let found = self.0.script(&format!(
                "const a = document.querySelector('#adjudicate[data-ready=true][data-mode={mode}]');
                 return a ? a.dataset.question : null"
            ));
            found.as_str().map(str::to_owned)
        });
        std::thread::sleep(std::time::Duration::from_millis(300));
        question
    }

    fn first_is_left(&self) -> bool {
        told(&self.0.wait("[data-side=left] .text")).0
    }

    /// Nothing that anybody voted is on the page, in what it keeps, or in what the program told it.
    fn knows_nothing(&self) {
        let known = self.0.script(
            "return document.documentElement.outerHTML + JSON.stringify([
               window.answers, {...localStorage}, {...sessionStorage}])",
        );
        let known = known.as_str().unwrap();
        assert!(known.contains("one-0"), "the answers are seen");
        for word in ["hidden-reason", "entropy", "surprise", "confidence\":"] {
            assert!(!known.contains(word), "the page knows {word}");
        }
        assert!(!self.0.is_there("#votes"));
    }

    fn focused(&self) -> String {
        let id = self.0.script("return document.activeElement?.id ?? ''");
        id.as_str().unwrap().to_owned()
    }

    fn type_reason(&self, words: &str) {
        self.0.until("the field has the focus", || {
            (self.focused() == "adjudicate-reason").then_some(())
        });
        self.0.type_into("#adjudicate-reason", words);
    }

    fn verdicts_shown(&self) -> Vec<String> {
        self.0.wait("#votes [data-vote]");
        let shown = self
            .0
            .script("return [...document.querySelectorAll('#votes [data-vote]')].map(v => v.dataset.vote).sort()");
        serde_json::from_value(shown).unwrap()
    }

    /// Takes the first thing back that a button of this kind offers.
    fn take_back(&self, button: &str) {
        self.0.click(button);
        self.0.type_into("#take-reason", "not so");
        self.0.click("#take-run");
        self.0.until("it is said", || {
            self.0
                .wait("#rules-said")
                .contains("taken back")
                .then_some(())
        });
    }
}

fn open_as_owner(window: &Window) {
    window.click("#who-owner");
    window.script(SPY_ON_ANSWERS);
    window.click("#tab-adjudicate");
}

#[test]
fn a_question_is_adjudicated_by_keys_blind_first_on_either_side() {
    let desk = disagreeing();
    let (left, right) = two_adjudicators(&desk);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    let judge = Judge(&window);
    open_as_owner(&window);
    window.picture("adjudicate-who");
    judge.enter(&left);
    let contested = judge.ready("blind");
    assert_eq!(window.wait("#adjudicate-open"), "4 open · worst first");
    assert!(judge.first_is_left());
    judge.knows_nothing();
    window.picture("adjudicate-blind");

    window.press(pressed("response1", true));
    window.press(key::ENTER);
    assert_eq!(judge.ready("votes"), contested);
    assert_eq!(judge.verdicts_shown(), ["left", "right", "tie"]);
    assert!(window.wait("#votes").contains("hidden-reason of ben"));
    assert!(window.wait("#decided").contains('A'));
    window.picture("adjudicate-votes");

    // Another verdict asks for a reason, and is not taken without one.
    window.press(pressed("response2", true));
    assert!(window.wait("#adjudicate-hint").contains("convinced"));
    judge.type_reason(CTRL_ENTER);
    assert_eq!(resolution_rows(&desk), [""; 0]);
    judge.type_reason(&format!("cleo is right{CTRL_ENTER}"));

    // The next one is dropped: for a reason as well.
    judge.ready("blind");
    assert!(!window.is_there("#votes"), "the votes are gone again");
    assert_eq!(blind_rows(&desk), ["response1 on response1, seen 1"]);
    assert_eq!(
        resolution_rows(&desk),
        ["adjudicator response2: cleo is right"]
    );
    window.press("7");
    judge.type_reason("cut short");
    window.press(key::ESCAPE);
    window.press(key::ENTER);
    judge.ready("votes");
    window.press(key::ENTER);
    judge.ready("blind");
    let rows = resolution_rows(&desk);
    assert_eq!(rows[1], "adjudicator broken_item: cut short");

    // Taken back, the first is open again, and stands the other way before somebody else.
    window.click("#adjudicate-rule");
    window.wait("#resolutions [data-resolution]");
    window.picture("adjudicate-rules");
    judge.take_back("#resolutions tbody tr:last-child .act button");
    assert_eq!(resolution_rows(&desk)[2], "reversed nothing: not so");
    window.click("#adjudicate-who");
    judge.enter(&right);
    assert_eq!(judge.ready("blind"), contested);
    assert!(!judge.first_is_left());
    window.press(pressed("response1", false));
    window.press(key::ENTER);
    judge.ready("votes");
    window.press(key::ENTER);
    judge.ready("blind");
    assert!(blind_rows(&desk)[2].starts_with("response1 on response2"));
    assert_eq!(resolution_rows(&desk)[3], "adjudicator response1: ");
    window.session.close();
}

#[test]
fn what_is_left_is_sent_back_or_resolved_by_rule() {
    let desk = disagreeing();
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    let judge = Judge(&window);
    open_as_owner(&window);
    judge.enter("judge");
    let first = judge.ready("blind");
    window.press("9");
    window.type_into("#words", &format!("say what a tie is{CTRL_ENTER}"));
    window.until("it is flagged", || {
        window
            .wait("#adjudicate-status")
            .contains("flagged")
            .then_some(())
    });
    assert_eq!(judge.ready("blind"), first, "a flag leaves it where it is");
    window.press("8");
    window.type_into("#words", &format!("one more ear{CTRL_ENTER}"));
    window.until("another question", || {
        (judge.ready("blind") != first).then_some(())
    });
    window.session.press_shifted('/').unwrap();
    assert!(window.wait("#keys-overlay").contains("Send back"));
    window.picture("adjudicate-keys");
    window.press(key::ESCAPE);

    // Anna, Ben and Cleo agree on two; on one more, most do.
    window.click("#adjudicate-rule");
    let unanimous = window.wait("#rules [data-rule=unanimous]");
    assert!(
        unanimous.contains("1 response 1 · 1 response 2"),
        "{unanimous}"
    );
    window.click("#rules [data-rule=majority] .act button");
    assert!(window.wait("#resolve-dialog").contains("taken back"));
    window.picture("adjudicate-resolve");
    window.press(key::ENTER);
    window.until("it is said", || {
        window
            .wait("#rules-said")
            .contains("3 questions are resolved")
            .then_some(())
    });
    window.click("#adjudicate-one");
    assert!(window.wait("#nothing-open").contains("1 question waits"));
    window.picture("adjudicate-done");

    window.click("#adjudicate-rule");
    judge.take_back("#resolutions [data-batch] button");
    window.click("#adjudicate-one");
    judge.ready("blind");
    assert_eq!(window.wait("#adjudicate-open"), "3 open · worst first");
    let acts = column(
        &desk,
        "SELECT act || ': ' || reason FROM adjudication ORDER BY at_ms, id",
    );
    let acts: Vec<Value> = acts.into_iter().map(Value::from).collect();
    assert_eq!(
        json!(acts),
        json!(["flagged: say what a tie is", "sent_back: one more ear"])
    );
    window.session.close();
}
