//! What an annotator's window asks for, gets and shows while it labels, and is told where something
//! goes wrong: nothing of it tells which model answered, where the data came from, or what anybody
//! else said.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tiebreak_domain::MediaId;
use tiebreak_tests::window::{Stage, Window, key};
use tiebreak_tests::{Desk, bench_rows};

/// One task of every kind of viewer.
const TASKS: [&str; 6] = [
    "text_to_text",
    "text_image_to_image",
    "text_to_video",
    "text_video_to_text",
    "text_to_audio",
    "text_to_3D",
];

/// Parts of what must not be known: models and folders are called after them, so are the data's
/// ids and notes, and what Ben says.
const SECRETS: [&str; 7] = [
    "hidden-model",
    "hidden-source",
    "hidden-note",
    "hidden-reason",
    "hidden-ben",
    "media_data",
    "criteria_preference",
];

/// Keeps every address that the page's scripts ask for, the head of each answer, and the answers of
/// the program in full.
const SPY: &str = r"
const seen = window.seen = [];
const plain = window.fetch.bind(window);
window.fetch = async (asked, how) => {
  const address = String(asked?.url ?? asked);
  const answer = await plain(asked, how);
  seen.push([address, JSON.stringify([...answer.headers])]);
  if (address.includes('ipc')) answer.clone().text().then(text => seen.push([address, text]));
  return answer;
};";

/// What was asked for and answered since the last time, and all that stands on the page or is kept
/// by it.
const TAKE: &str = r"
const loaded = performance.getEntriesByType('resource').map(e => e.name);
performance.clearResourceTimings();
const media = [...document.querySelectorAll('[src], [href]')].map(e => e.src || e.href);
return {
  addresses: [...loaded, ...media, ...window.seen.map(s => s[0]), location.href],
  answers: window.seen.splice(0).map(s => s[1]),
  page: document.documentElement.outerHTML + document.body.innerText,
  title: document.title,
  kept: JSON.stringify([{...localStorage}, {...sessionStorage}, history.state, window.name, document.cookie]),
};";

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

struct Secrets(Vec<String>);

impl Secrets {
    /// Those of the names, and the ids that the media's contents have in the project.
    fn of(desk: &Desk) -> Self {
        let mut all: Vec<String> = SECRETS.map(str::to_owned).into();
        for file in files_under(&desk.path("media_data")) {
            all.push(MediaId::of(&std::fs::read(file).unwrap()).to_string());
        }
        all.push(desk.folder.path().display().to_string());
        Self(all)
    }

    fn are_kept(&self, words: &str, where_: &str) {
        for secret in &self.0 {
            let at = words.find(secret.as_str());
            let around = at.map(|at| words.get(at.saturating_sub(200)..at + secret.len()));
            assert_eq!(at, None, "{where_} tells {secret}: {around:?}");
        }
    }
}

/// Rows of every task, with Ben's votes on each.
fn desk() -> Desk {
    let desk = Desk::with_project();
    for task in TASKS {
        let file = bench_rows::write(&desk, task, 1, 2).display().to_string();
        desk.ok(&["import", "p", &file, "--media-root", "media_data"]);
    }
    ben_votes(&desk);
    desk
}

/// Ben votes on every question. Gives his assignments.
fn ben_votes(desk: &Desk) -> Vec<String> {
    let ben = ["--annotator", "hidden-ben"];
    let mut voted = Vec::new();
    loop {
        let next = desk.json(&["next", "p", ben[0], ben[1]]);
        let Some(id) = next["assignment"].as_str() else {
            return voted;
        };
        let mut line = vec!["vote", "p", id, "--verdict", "left"];
        line.extend(["--reason", "hidden-reason"].iter().chain(&ben));
        desk.ok(&line);
        voted.push(id.to_owned());
    }
}

/// The head with which the media server answers.
fn head_of(address: &str) -> String {
    let rest = address.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "HEAD /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    let mut head = String::new();
    stream.read_to_string(&mut head).unwrap();
    head
}

/// What a question asked the media server for.
#[derive(Default)]
struct Asked {
    given: usize,
    refused: usize,
}

/// Looks at all that one question brought.
fn look(window: &Window, ports: &[String], secrets: &Secrets) -> Asked {
    let seen = window.script(TAKE);
    let words = |value: &Value| value.as_str().unwrap().to_owned();
    let (mut asked, mut media) = (Asked::default(), Vec::new());
    for address in seen["addresses"].as_array().unwrap() {
        let address = words(address);
        secrets.are_kept(&address, "an address");
        let served = ports.iter().any(|port| address.starts_with(port.as_str()));
        let own = [
            "tauri://localhost",
            "ipc://localhost/",
            "blob:tauri://localhost/",
        ]
        .iter()
        .any(|own| address.starts_with(own));
        assert!(served || own, "an address that is not the app's: {address}");
        if served && !media.contains(&address) {
            let head = head_of(&address);
            secrets.are_kept(&head, "the head of an answer");
            match head.starts_with("HTTP/1.1 200") {
                true => asked.given += 1,
                false => asked.refused += 1,
            }
            media.push(address);
        }
    }
    for answer in seen["answers"].as_array().unwrap() {
        secrets.are_kept(&words(answer), "an answer");
    }
    secrets.are_kept(&words(&seen["page"]), "the page");
    secrets.are_kept(&words(&seen["kept"]), "what the page keeps");
    assert_eq!(seen["title"], "Tiebreak");
    assert_eq!(window.session.title().unwrap(), "Tiebreak");
    asked
}

fn served_from(stage: &Stage) -> Vec<String> {
    let ports = stage.ports();
    ports
        .iter()
        .map(|port| format!("http://127.0.0.1:{port}/"))
        .collect()
}

/// The log is for whoever mends a fault; it may be sent.
fn log_tells_nothing(desk: &Desk) {
    for log in std::fs::read_dir(desk.path("home/log")).unwrap() {
        let text = std::fs::read_to_string(log.unwrap().path()).unwrap();
        assert!(!text.contains("hidden-"), "the log tells: {text}");
    }
}

#[test]
fn nothing_hidden_crosses_to_an_annotators_page() {
    let desk = desk();
    let secrets = Secrets::of(&desk);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    let ports = served_from(&stage);
    // Before the name is given, the page knows who has labelled here, and is to.
    window.wait("#who-name");
    window.script(SPY);
    window.enter_as("anna");
    let spied = window.script("return window.seen.some(s => s[1].includes('\"left\":'))");
    assert_eq!(spied, true, "the program's answers are seen");
    let (mut now, mut shown, mut media) = (window.ready(), 0, 0);
    let look = || {
        let asked = look(&window, &ports, &secrets);
        assert_eq!(asked.refused, 0, "the server gives what it is asked for");
        asked.given
    };
    loop {
        window.press(" ");
        window.press("t");
        window.press("d");
        media += look();
        window.press("2");
        window.press(key::ENTER);
        shown += 1;
        let next = window.until("the next question", || {
            if window.is_there("#done") {
                return Some(String::new());
            }
            let label = window.script("return document.querySelector('#label').dataset");
            let another = label["ready"] == "true" && label["assignment"] != now.as_str();
            another.then(|| label["assignment"].as_str().unwrap().to_owned())
        });
        if next.is_empty() {
            break;
        }
        now = window.ready();
    }
    // What an undo brings, and the way back through what was done.
    window.press("u");
    window.ready();
    window.press(key::LEFT);
    media += look();
    assert_eq!(shown, TASKS.len() * 2);
    assert!(media >= 8, "media came from the server: {media}");
    log_tells_nothing(&desk);
    window.session.close();
}

/// Media of every kind, used in place under a folder that must not be known, and copied into the
/// project. (Contents differ: what is there already is not taken again.)
fn desk_of_both_ways() -> Desk {
    let desk = Desk::with_project();
    let take = |task: &str, pairs: usize, copy: &[&str]| {
        let file = bench_rows::write(&desk, task, pairs, 1)
            .display()
            .to_string();
        let mut line = vec!["import", "p", &file, "--media-root", "media_data"];
        line.extend(copy);
        desk.ok(&line);
    };
    for task in IN_PLACE {
        take(task, 1, &[]);
    }
    for (task, pairs) in COPIED {
        take(task, pairs, &["--copy-media"]);
    }
    desk
}

const IN_PLACE: [&str; 4] = [
    "text_to_image",
    "text_to_video",
    "text_to_audio",
    "text_to_3D",
];
/// With the number of pairs: the first one's models lie in place already.
const COPIED: [(&str, usize); 4] = [
    ("text_image_to_text", 1),
    ("text_video_to_text", 1),
    ("text_audio_to_text", 1),
    ("text_to_3D", 2),
];

/// Takes every other file away and lets the rest grow, as a mishap since the import would.
fn spoil(folder: &Path) {
    for (n, file) in files_under(folder).iter().enumerate() {
        if n % 2 == 0 {
            std::fs::remove_file(file).unwrap();
        } else {
            let mut bytes = std::fs::read(file).unwrap();
            bytes.extend(b"0 0 0\n");
            std::fs::write(file, bytes).unwrap();
        }
    }
}

/// The sentences of the panes that cannot show their medium.
fn sentences(window: &Window) -> Vec<String> {
    let said = window.script(
        "return [...document.querySelectorAll('.content .card p')].map(p => p.innerText.trim())",
    );
    serde_json::from_value(said).unwrap()
}

/// Calls the program from the page, past the page's own code. Gives the word for the refusal.
fn refusal(window: &Window, command: &str, with: &Value) -> String {
    let answer = window.call(command, with);
    answer["refused"].as_str().unwrap_or("given").to_owned()
}

#[test]
fn what_goes_wrong_is_said_without_telling() {
    let desk = desk_of_both_ways();
    let secrets = Secrets::of(&desk);
    let bens = ben_votes(&desk);
    let (in_place, copied) = (desk.path("media_data"), desk.path("p/media"));
    assert!(files_under(&copied).len() >= 5, "media were copied");
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    let ports = served_from(&stage);
    window.wait("#who-name");
    spoil(&in_place);
    spoil(&copied);
    window.script(SPY);
    window.enter_as("anna");
    let (mut now, mut said) = (window.ready(), 0);
    for shown in 1..=bens.len() {
        let told = sentences(&window);
        assert!(!told.is_empty(), "it is said: {}", window.words());
        println!("{told:?}");
        said += told.len();
        let asked = look(&window, &ports, &secrets);
        assert_eq!(asked.given, 0, "what is spoiled is not given");
        if shown < bens.len() {
            window.press("2");
            window.press(key::ENTER);
            now = window.next_after(&now);
        }
    }
    assert!(said >= 13, "each medium is said not to be shown: {said}");
    the_owners_is_refused(&window, &desk);
    // What is Ben's, and what is nobody's.
    for (command, with) in [
        ("label_at", json!({"assignment": bens[0]})),
        (
            "label_skip",
            json!({"assignment": bens[0], "reason": "broken", "note": ""}),
        ),
        ("scene_load", json!({"id": ""})),
        ("scene_load", json!({"id": "../hidden"})),
    ] {
        let code = refusal(&window, command, &with);
        assert_ne!(code, "given", "{command}");
    }
    look(&window, &ports, &secrets);
    log_tells_nothing(&desk);
    window.session.close();
}

/// Calls every act of the owner from the page of an annotator.
fn the_owners_is_refused(window: &Window, desk: &Desk) {
    let [out, mapping] = ["out.jsonl", "mapping.toml"].map(|name| desk.path(name));
    let rows = desk.path("text_to_image_preferences.json");
    let import = json!({"request": {"file": rows}});
    for (command, with) in adjudicators_acts() {
        assert_eq!(refusal(window, command, &with), "not_owner", "{command}");
    }
    for (command, with) in [
        ("project_info", json!({})),
        ("check_run", json!({})),
        ("import_preview", import.clone()),
        (
            "import_run",
            json!({"request": import["request"], "onProgress": "__CHANNEL__:1"}),
        ),
        ("mapping_save", json!({"path": mapping, "toml": ""})),
        (
            "export_run",
            json!({"request": {"format": "votes", "out": out, "rule": null}}),
        ),
        ("votes_move", json!({"from": "hidden-ben", "to": "anna"})),
        ("agreement_run", json!({"request": {}})),
        ("disagreements_list", json!({"limit": 9})),
        (
            "question_in_full",
            json!({"question": "00000000-0000-8000-8000-000000000000"}),
        ),
        ("guideline_all", json!({})),
        ("guideline_set", json!({"text": "words"})),
        ("queues_all", json!({})),
        ("order_set", json!({"order": "random"})),
        (
            "place_free",
            json!({"annotator": "00000000-0000-7000-8000-000000000001"}),
        ),
        ("known_all", json!({})),
        ("reveal_settings", json!({})),
        ("reveal_set", json!({"request": {"when": "each"}})),
        (
            "known_add",
            json!({"role": "check", "question": "1", "verdict": "tie", "explanation": ""}),
        ),
        ("known_remove", json!({"role": "check", "question": "1"})),
        ("known_set", json!({"role": "practice", "path": out})),
        ("figure_save", json!({"path": out, "text": ""})),
        ("text_copy", json!({"text": ""})),
    ] {
        assert_eq!(refusal(window, command, &with), "not_owner", "{command}");
    }
    assert!(!out.exists() && !mapping.exists(), "nothing is written");
    window.until("the refusals among the answers", || {
        let spied = window.script("return window.seen.some(s => s[1].includes('not_owner'))");
        (spied == true).then_some(())
    });
}

/// Every act of an adjudicator, well formed, so that nothing but who calls it can be refused.
fn adjudicators_acts() -> [(&'static str, Value); 13] {
    let id = "00000000-0000-7000-8000-000000000001";
    let decision = json!({"question": id, "decision": {"verdict": "tie"}});
    [
        ("adjudicator_pick", json!({"name": "anna"})),
        ("adjudicator_keys", json!({"adjudicator": id})),
        (
            "adjudicator_keys_bind",
            json!({"adjudicator": id, "action": "left", "key": null, "shift": false}),
        ),
        ("adjudicator_keys_reset", json!({"adjudicator": id})),
        ("adjudicate_next", json!({"adjudicator": id, "options": {}})),
        (
            "adjudicate_decide",
            json!({"adjudicator": id, "request": decision}),
        ),
        (
            "adjudicate_settle",
            json!({"adjudicator": id, "request": decision}),
        ),
        (
            "adjudicate_send_back",
            json!({"adjudicator": id, "question": id, "reason": "why"}),
        ),
        (
            "adjudicate_flag",
            json!({"adjudicator": id, "question": id, "words": "why"}),
        ),
        ("resolve_preview", json!({"request": {}})),
        ("resolve_run", json!({"request": {}})),
        ("resolutions", json!({})),
        ("resolve_reverse", json!({"id": id, "reason": ""})),
    ]
}
