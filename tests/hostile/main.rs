//! Everything hostile there is at hand, through import and the real window: nothing crashes, hangs,
//! runs or reaches out, and every refusal is a sentence.
//!
//! The run happens in a network of its own with nothing but loopback, and a canary on it that must
//! hear nothing. Three windows share the work: two show texts, one shows media.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod import_screen;
mod lay_out;
mod made_files;
mod made_links;
mod made_texts;
mod media;
mod names;
mod page;
mod sentence;
mod texts;

use std::thread;
use std::time::Instant;

use tiebreak_tests::canary::Canary;
use tiebreak_tests::quiet::{self, Network};
use tiebreak_tests::{Desk, shared};

use texts::Share;

#[test]
fn nothing_hostile_runs_reaches_out_or_stops_the_window() {
    match Network::of_this_run() {
        None => quiet::again("nothing_hostile_runs_reaches_out_or_stops_the_window"),
        Some(network) => run(network),
    }
}

/// The public list of nasty strings, where it is at hand, and our own.
fn strings(addresses: &[String]) -> Vec<String> {
    let mut all: Vec<String> = shared("tests/hostile: the public list of nasty strings")
        .map(|data| std::fs::read_to_string(data.join("text-nasty/blns.json")).unwrap())
        .map(|text| serde_json::from_str(&text).unwrap())
        .unwrap_or_default();
    all.extend(made_texts::strings(addresses));
    all
}

fn run(network: Network) {
    let began = Instant::now();
    let canary = Canary::listen(network);
    let addresses = canary.addresses();
    let strings = strings(&addresses);
    let named = names::that_are_taken(&strings);
    let half = strings.len() / 2;
    let share = |from, to| Share {
        strings: &strings,
        named: &named,
        from,
        to,
        address: &addresses[0],
    };
    let (shown, imported, media) = thread::scope(|scope| {
        let first = scope.spawn(|| {
            let imported = import_screen::run(&strings, &addresses[0]);
            (share(0, half).run(), imported)
        });
        let second = scope.spawn(|| share(half, strings.len()).run());
        let media = scope.spawn(|| media::run(&addresses));
        let (first, imported) = first.join().unwrap();
        let shown = [first, second.join().unwrap()];
        (shown, imported, media.join().unwrap())
    });
    let mut known = media.ports;
    known.extend(imported.1);
    known.extend(shown.iter().flat_map(|(_, ports)| ports));
    let shown: usize = shown.iter().map(|(count, _)| count).sum();
    assert_eq!((shown, imported.0), (strings.len(), strings.len()));
    let heard = canary.take(&known);
    assert!(heard.is_empty(), "the canary heard: {heard:#?}");
    quiet::tell(&format!(
        "{shown} strings in every role, {} of them names of files; {} files, {} refused in \
         sentences; {} questions of media, panes showed theirs: {:?}, {} said why not; {:.0} s",
        named.iter().filter(|named| **named).count(),
        media.files,
        media.refused,
        media.questions,
        media.shown,
        media.said,
        began.elapsed().as_secs_f64(),
    ));
}

/// The app's own log tells of no panic and of no page that had to be started again.
fn log_is_calm(desk: &Desk) {
    for log in std::fs::read_dir(desk.path("home/log")).unwrap() {
        let text = std::fs::read_to_string(log.unwrap().path()).unwrap();
        for word in ["panic: ", "process stopped"] {
            assert!(!text.contains(word), "{text}");
        }
    }
}
