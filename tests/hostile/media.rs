//! Every hostile file as a response, and as a prompt where a task has such: refused by the import in
//! a sentence, or shown in the real window, or said there not to be shown.

use std::collections::{BTreeMap, BTreeSet};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tiebreak_tests::Desk;
use tiebreak_tests::window::{Stage, key};

use crate::lay_out::{KINDS, lay_out};
use crate::page::{LONGEST, Watched};
use crate::sentence;

/// What became of the files.
#[derive(Default, Debug)]
pub struct Outcome {
    pub files: usize,
    pub refused: usize,
    pub questions: usize,
    /// Panes that showed their medium, by the kind's folder.
    pub shown: BTreeMap<String, usize>,
    /// Panes that said why they could not.
    pub said: usize,
    /// The ports that the window needed.
    pub ports: BTreeSet<u16>,
}

/// Imports a file of one row a medium, and gives those that are taken. The rest must be refused in
/// sentences that name them.
fn taken(desk: &Desk, task: &str, names: &[String]) -> Vec<String> {
    let rows: Vec<Value> = names
        .iter()
        .map(|name| json!({"prompt": "p", "response1": name, "response2": name, "criteria": "c", "id": name}))
        .collect();
    let file = format!("alone/{task}_preferences.json");
    desk.write(&file, json!(rows).to_string());
    let began = Instant::now();
    let report = desk.json(&["import", "alone", &file, "--media-root", "media"]);
    assert!(began.elapsed() < LONGEST, "the import of {task} hangs");
    let mut refused = BTreeMap::new();
    for problem in report["problems"].as_array().unwrap() {
        let row = usize::try_from(problem["row"].as_u64().unwrap()).unwrap() - 1;
        sentence::names_the_file(problem, &names[row]);
        refused.insert(row, problem);
    }
    for remark in report["remarks"].as_array().unwrap() {
        sentence::is_sentence(remark["message"].as_str().unwrap());
    }
    assert_eq!(report["refused"], refused.len(), "each refusal is told");
    let kept = names
        .iter()
        .enumerate()
        .filter(|(n, _)| !refused.contains_key(n));
    kept.map(|(_, name)| name.clone()).collect()
}

/// Writes and imports the questions that show the files, two or three at a time.
fn ask(desk: &Desk, task: &str, rows: &[Value]) {
    let file = format!("{task}_preferences.json");
    desk.write(&file, json!(rows).to_string());
    let report = desk.json(&["import", "p", &file, "--media-root", "media"]);
    assert_eq!(report["refused"], 0, "{}", report["problems"]);
    assert_eq!(report["questions"], rows.len());
}

/// Imports all and views what is taken.
pub fn run(addresses: &[String]) -> Outcome {
    let desk = Desk::with_project();
    desk.ok(&["new", "alone"]);
    let mut outcome = Outcome::default();
    for (kind, names) in KINDS.iter().zip(lay_out(&desk, addresses)) {
        let kept = taken(&desk, kind.answers, &names);
        assert!(!kept.is_empty(), "some files of {} are shown", kind.folder);
        outcome.files += names.len();
        outcome.refused += names.len() - kept.len();
        let pairs = kept.chunks(2).map(|two| {
            let (one, two) = (&two[0], two.last().unwrap());
            json!({"prompt": "p", "response1": one, "response2": two, "criteria": format!("{one} {two}"), "id": one})
        });
        ask(&desk, kind.answers, &pairs.collect::<Vec<_>>());
        if let Some((task, field)) = kind.asks {
            // A prompt's viewers are those of the responses: some are enough.
            let prompts = kept.iter().step_by(3).map(|name| {
                json!({"prompt": "p", field: name, "response1": "one", "response2": "two", "criteria": name, "id": name})
            });
            ask(&desk, task, &prompts.collect::<Vec<_>>());
        }
    }
    view(&desk, &addresses[0], &mut outcome);
    let with_shared = desk.path("media/image/shared").is_dir();
    enough_is_shown(&outcome.shown, with_shared);
    outcome
}

/// Asserts that the viewers do show what can be shown: to refuse everything would be safe as well.
fn enough_is_shown(shown: &BTreeMap<String, usize>, with_shared: bool) {
    for kind in KINDS {
        let seen = shown.get(kind.folder).copied().unwrap_or_default();
        let least = kind.shown[usize::from(with_shared)];
        assert!(
            seen >= least,
            "fewer than {least} panes show their {}: {shown:?}",
            kind.folder
        );
    }
}

fn view(desk: &Desk, address: &str, outcome: &mut Outcome) {
    let mut stage = Stage::new(desk);
    let window = stage.open(Some(&desk.path("p")));
    window.type_into("#who-name", &format!("anna{}", key::ENTER));
    let watched = Watched::new(&stage, window, address);
    let (mut before, mut what) = (String::new(), "the first question".to_owned());
    loop {
        let began = Instant::now();
        let Some(seen) = watched.question_after(&before, &what) else {
            break;
        };
        seen["assignment"].as_str().unwrap().clone_into(&mut before);
        seen["criterion"].as_str().unwrap().clone_into(&mut what);
        println!(
            "{:5.2} s  {what}: {}",
            began.elapsed().as_secs_f64(),
            seen["panes"]
        );
        if outcome.questions.is_multiple_of(12) {
            watched
                .window
                .picture(&format!("hostile-{}", outcome.questions));
        }
        watched.is_whole(&stage, &what);
        for pane in seen["panes"].as_array().unwrap() {
            let words = pane[1].as_str().unwrap();
            if words != "shown" {
                sentence::is_sentence(words);
                outcome.said += 1;
            } else if let Some(kind) = pane[2].as_str() {
                *outcome.shown.entry(kind.to_owned()).or_default() += 1;
            }
        }
        // What plays is played a moment, heard on both sides; what is drawn is turned and zoomed.
        watched.window.press(" x=");
        sleep(Duration::from_millis(150));
        watched.look(&what);
        watched.window.press(&format!(" f2{}", key::ENTER));
        outcome.questions += 1;
    }
    watched.is_whole(&stage, "at the end");
    crate::log_is_calm(desk);
    watched.window.session.close();
    outcome.ports = watched.ports;
    let votes = desk.votes();
    assert_eq!(
        votes.len(),
        outcome.questions,
        "every question was answered"
    );
    assert_eq!(desk.json(&["check", "p"])["ok"], true);
}
