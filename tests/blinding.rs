//! What an annotator's window asks for, gets and shows while it labels: nothing of it tells which
//! model answered, where the data came from, or what anybody else said.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;

use serde_json::Value;
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

struct Secrets(Vec<String>);

impl Secrets {
    /// Those of the names, and the ids that the media's contents have in the project.
    fn of(desk: &Desk) -> Self {
        let mut all: Vec<String> = SECRETS.map(str::to_owned).into();
        let mut folders = vec![desk.path("media_data")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path: PathBuf = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    all.push(MediaId::of(&std::fs::read(path).unwrap()).to_string());
                }
            }
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
    let ben = ["--annotator", "hidden-ben"];
    loop {
        let next = desk.json(&["next", "p", ben[0], ben[1]]);
        let Some(id) = next["assignment"].as_str() else {
            return desk;
        };
        let mut line = vec!["vote", "p", id, "--verdict", "left"];
        line.extend(["--reason", "hidden-reason"].iter().chain(&ben));
        desk.ok(&line);
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
    assert!(head.starts_with("HTTP/1.1 200"), "{address}: {head}");
    head
}

/// Looks at all that one question brought. Gives how many media it asked the server for.
fn look(window: &Window, ports: &[String], secrets: &Secrets) -> usize {
    let seen = window.script(TAKE);
    let words = |value: &Value| value.as_str().unwrap().to_owned();
    let mut media = Vec::new();
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
            secrets.are_kept(&head_of(&address), "the head of an answer");
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
    media.len()
}

#[test]
fn nothing_hidden_crosses_to_an_annotators_page() {
    let desk = desk();
    let secrets = Secrets::of(&desk);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    let ports: Vec<String> = stage
        .ports()
        .iter()
        .map(|port| format!("http://127.0.0.1:{port}/"))
        .collect();
    // Before the name is given, the page knows who has labelled here, and is to.
    window.wait("#who-name");
    window.script(SPY);
    window.enter_as("anna");
    let spied = window.script("return window.seen.some(s => s[1].includes('\"left\":'))");
    assert_eq!(spied, true, "the program's answers are seen");
    let (mut now, mut shown, mut media) = (window.ready(), 0, 0);
    loop {
        window.press(" ");
        window.press("t");
        window.press("d");
        media += look(&window, &ports, &secrets);
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
    media += look(&window, &ports, &secrets);
    assert_eq!(shown, TASKS.len() * 2);
    assert!(media >= 8, "media came from the server: {media}");
    // The log is for whoever mends a fault; it may be sent.
    for log in std::fs::read_dir(desk.path("home/log")).unwrap() {
        let text = std::fs::read_to_string(log.unwrap().path()).unwrap();
        assert!(!text.contains("hidden-"), "the log tells: {text}");
    }
    window.session.close();
}
