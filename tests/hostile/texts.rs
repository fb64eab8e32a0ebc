//! Every nasty string as a prompt, as either response, as a criterion, as a file's name and as a
//! reason: shown by the real window, formatted and as written, and stored unchanged.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};
use tiebreak_tests::Desk;
use tiebreak_tests::window::{Stage, key};

use crate::names::write_named;
use crate::page::Watched;
use crate::sentence;

/// Pictures are left of questions whose string holds one of these, for a person to look at.
const PICTURED: [&str; 5] = [
    "\u{202e}",
    "\u{300}\u{301}",
    "👩",
    "\u{fdfd}\u{fdfd}",
    "xxxxxxxxxx",
];

/// One window's share of the strings.
pub struct Share<'a> {
    /// All strings.
    pub strings: &'a [String],
    /// Which can be names of files.
    pub named: &'a [bool],
    /// Where this share begins, and where the next does.
    pub from: usize,
    pub to: usize,
    /// An address that leads to the canary.
    pub address: &'a str,
}

impl Share<'_> {
    /// The criterion of a string's row: the string, where it can be one.
    fn criterion(&self, n: usize) -> String {
        let text = &self.strings[n];
        let taken = !text.trim().is_empty() && text.chars().count() <= 20_000;
        if taken {
            text.clone()
        } else {
            format!("stands for string {n}")
        }
    }

    fn second(&self, n: usize) -> &str {
        &self.strings[(n + 1) % self.strings.len()]
    }

    /// Shows and answers every question of the share in a window, and compares what is stored.
    /// Gives how many questions that were, and the ports that the window needed.
    pub fn run(&self) -> (usize, BTreeSet<u16>) {
        let desk = Desk::with_project();
        for n in self.from..self.to {
            if self.named[n] {
                assert!(write_named(&desk, &self.strings[n]));
            }
        }
        self.import(&desk);
        let reasons: HashMap<String, (usize, &str)> = (self.from..self.to)
            .map(|n| (self.criterion(n), (n, self.strings[n].as_str())))
            .collect();
        let (shown, ports) = answer_all(&desk, &reasons, self.address);
        assert_eq!(shown, self.to - self.from, "every question was shown once");
        self.compare(&desk);
        (shown, ports)
    }

    fn import(&self, desk: &Desk) {
        let rows: Vec<Value> = (self.from..self.to)
            .map(|n| {
                let text = &self.strings[n];
                let image = self.named[n].then_some(text);
                json!({"prompt": text, "response1": text, "response2": self.second(n), "image": image,
                       "criteria": self.criterion(n), "id": format!("s{n}"), "model1": text})
            })
            .collect();
        desk.write(
            "text_image_to_text_preferences.json",
            json!(rows).to_string(),
        );
        let report = desk.json(&[
            "import",
            "p",
            "text_image_to_text_preferences.json",
            "--media-root",
            "named",
        ]);
        assert_eq!(report["refused"], 0, "{}", report["problems"]);
        assert_eq!(report["questions"], self.to - self.from);
        for remark in report["remarks"].as_array().unwrap() {
            sentence::is_sentence(remark["message"].as_str().unwrap());
        }
    }

    /// What went in is what comes out: in the benchmark's own format, and in the votes.
    fn compare(&self, desk: &Desk) {
        desk.ok(&["export", "p", "--format", "omni-rewardbench", "-o", "out"]);
        let out = desk.read("out/text_image_to_text_preferences.json");
        let rows: Vec<Value> = serde_json::from_str(&out).unwrap();
        let votes = desk.votes();
        let by_id = |all: &[Value], field: &str| -> BTreeMap<String, Value> {
            all.iter()
                .map(|one| (one[field].as_str().unwrap().to_owned(), one.clone()))
                .collect()
        };
        let (rows, votes) = (by_id(&rows, "id"), by_id(&votes, "source_id"));
        for n in self.from..self.to {
            let (row, vote) = (&rows[&format!("s{n}")], &votes[&format!("s{n}")]);
            let text = &self.strings[n];
            assert_eq!(row["prompt"], *text, "prompt {n}");
            assert_eq!(row["response1"], *text, "response 1 {n}");
            assert_eq!(row["response2"], self.second(n), "response 2 {n}");
            assert_eq!(row["criteria"], self.criterion(n), "criterion {n}");
            assert_eq!(
                vote["criterion"],
                self.criterion(n),
                "criterion of the vote {n}"
            );
            assert_eq!(vote["rationale"], typed(text), "reason {n}");
        }
    }
}

/// A text as a field of the page holds it: HTML ends every line with a line feed.
fn typed(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn answer_all(
    desk: &Desk,
    reasons: &HashMap<String, (usize, &str)>,
    address: &str,
) -> (usize, BTreeSet<u16>) {
    let mut stage = Stage::new(desk);
    let window = stage.open(Some(&desk.path("p")));
    window.enter_as("anna");
    let watched = Watched::new(&stage, window, address);
    let (mut before, mut shown, mut what) = (String::new(), 0, "the first question".to_owned());
    while let Some(seen) = watched.question_after(&before, &what) {
        seen["assignment"].as_str().unwrap().clone_into(&mut before);
        let (n, reason) = reasons[seen["criterion"].as_str().unwrap()];
        what = format!("string {n}, {:.80}", format!("{reason:?}"));
        if PICTURED.iter().any(|part| reason.contains(part)) {
            watched.window.picture(&format!("nasty-{n}"));
        }
        if shown % 4 == 0 {
            // What differs is marked: both texts are parsed once more.
            watched.window.press("d");
            watched.look(&what);
            watched.window.press("d");
            watched.is_whole(&stage, &what);
        }
        // As written, a tie, into the field for the reason.
        watched.window.press("t2r");
        let put = watched.enter(reason, &what);
        assert_eq!(put, typed(reason), "{what}: the field takes it");
        watched.look(&what);
        watched
            .window
            .press(&format!("{}t{}", key::ESCAPE, key::ENTER));
        shown += 1;
    }
    watched.is_whole(&stage, "at the end");
    crate::log_is_calm(desk);
    watched.window.session.close();
    (shown, watched.ports)
}
