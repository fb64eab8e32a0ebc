//! Each of the nine tasks, scripted from a benchmark file to labels in SQLite and out again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tiebreak_domain::{MediaId, NINE_TASKS};
use tiebreak_tests::{Desk, bench_rows};
use uuid::Uuid;

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Whether the data's first response stands on a side, by its words or its medium's content.
fn is_first(desk: &Desk, task: &str, side: &Value, pair: usize) -> bool {
    if !bench_rows::is_media(task) {
        return text(&side["text"]) == format!("one-{pair}");
    }
    let folder = desk.path(&format!("media_data/{task}/hidden-model-1"));
    let file = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.file_stem().unwrap().to_string_lossy() == pair.to_string())
        .unwrap();
    text(&side["media"][0]["id"]) == MediaId::of(&std::fs::read(file).unwrap()).to_string()
}

/// What the rows of the database say: the verdict that stands, by annotator and question.
async fn stored(desk: &Desk) -> BTreeMap<(String, Uuid), Option<String>> {
    let options = SqliteConnectOptions::new()
        .filename(desk.path("p/project.sqlite"))
        .read_only(true);
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    let rows: Vec<(String, Uuid, Option<String>)> = sqlx::query_as(
        "SELECT n.name, v.question, v.verdict FROM vote AS v JOIN annotator AS n ON n.id = v.annotator
         WHERE NOT EXISTS (SELECT 1 FROM vote AS s WHERE s.supersedes = v.id)",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    let count = rows.len();
    let map: BTreeMap<_, _> = rows
        .into_iter()
        .map(|(name, question, verdict)| ((name, question), verdict))
        .collect();
    assert_eq!(map.len(), count, "no vote stands twice");
    map
}

struct Annotator<'a> {
    desk: &'a Desk,
    task: &'a str,
    name: &'a str,
    meant: BTreeMap<(String, Uuid), Option<String>>,
}

impl Annotator<'_> {
    fn next(&self) -> Value {
        let next = self.desk.json(&["next", "p", "--annotator", self.name]);
        let shown = next.to_string();
        assert!(
            !shown.contains("hidden"),
            "nothing hidden is shown: {shown}"
        );
        next
    }

    /// Says what is meant of the data, on the side where it stands.
    fn say(&mut self, next: &Value, meant: &str) {
        let pair: usize = text(&next["prompt"]["text"])
            .trim_start_matches("prompt ")
            .parse()
            .unwrap();
        let left = is_first(self.desk, self.task, &next["left"], pair);
        assert_ne!(left, is_first(self.desk, self.task, &next["right"], pair));
        let verdict = match (meant, left) {
            ("response1", true) | ("response2", false) => "left",
            ("response1" | "response2", _) => "right",
            (same, _) => same,
        };
        let id = text(&next["assignment"]);
        let (who, why) = (
            ["--annotator", self.name],
            ["--reason", "seen \u{645}\u{1f436}"],
        );
        let mut line = vec!["vote", "p", &id, "--verdict", verdict, "--confidence", "2"];
        line.extend(who.iter().chain(&why));
        self.desk.ok(&line);
        self.means(next, Some(meant));
    }

    fn means(&mut self, next: &Value, verdict: Option<&str>) {
        let question: Uuid = text(&next["question"]).parse().unwrap();
        self.meant
            .insert((self.name.to_owned(), question), verdict.map(str::to_owned));
    }
}

async fn from_file_to_labels_and_back(task: &str) {
    let desk = Desk::with_project();
    let file = bench_rows::write(&desk, task, 3, 2);
    let file = file.display().to_string();
    let report = desk.json(&["import", "p", &file, "--media-root", "media_data"]);
    assert_eq!(
        (&report["taken"], &report["refused"]),
        (&json!(6), &json!(0)),
        "{report}"
    );
    assert_eq!(
        (&report["pairs"], &report["questions"]),
        (&json!(3), &json!(6))
    );

    let mut meant = BTreeMap::new();
    for name in ["anna", "ben"] {
        let mut a = Annotator {
            desk: &desk,
            task,
            name,
            meant: BTreeMap::new(),
        };
        for verdict in ["response1", "response2", "tie", "both_bad"] {
            let next = a.next();
            assert_eq!(text(&next["task"]), task);
            a.say(&next, verdict);
        }
        // Taken back, shown again, said otherwise.
        let undone = desk.json(&["undo", "p", "--annotator", name]);
        assert_eq!(undone["verdict"], "both_bad");
        let again = a.next();
        assert_eq!(again["assignment"], undone["assignment"]);
        a.say(&again, "response1");
        // A criterion of the annotator's own.
        let next = a.next();
        let own = format!("Is it what {name} asked for?");
        let pair = text(&next["pair"]);
        desk.ok(&["criterion", "p", &pair, "--annotator", name, "--text", &own]);
        a.say(&next, "response2");
        let mut left = 0;
        loop {
            let next = a.next();
            if next == json!({"done": true}) {
                break;
            }
            left += 1;
            a.say(&next, "tie");
        }
        assert_eq!(left, if name == "anna" { 2 } else { 3 }, "{task}: {name}");
        meant.append(&mut a.meant);
    }
    // Anna had finished when Ben wrote his criterion: it has come to her.
    let mut anna = Annotator {
        desk: &desk,
        task,
        name: "anna",
        meant,
    };
    let late = anna.next();
    assert_eq!(late["criterion"], "Is it what ben asked for?");
    anna.say(&late, "response2");
    assert_eq!(anna.next(), json!({"done": true}));
    assert_eq!(
        stored(&desk).await,
        anna.meant,
        "{task}: the rows say what was meant"
    );

    round_trip(&desk, task, &file).await;
}

async fn round_trip(desk: &Desk, task: &str, file: &str) {
    let votes = desk.votes();
    let report = desk.json(&["export", "p", "--format", "omni-rewardbench", "-o", "out"]);
    let out: Value =
        serde_json::from_str(&desk.read(&format!("out/{task}_preferences.json"))).unwrap();
    assert_eq!(report["rows"], json!(out.as_array().unwrap().len()));
    let before: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut as_before = out[0].clone();
    as_before
        .as_object_mut()
        .unwrap()
        .remove("criteria_preference");
    assert_eq!(as_before, before[0], "{task}: every field comes back");

    desk.ok(&["new", "q"]);
    desk.ok(&["import", "q", file, "--media-root", "media_data"]);
    let report = desk.json(&["import", "q", "votes.jsonl"]);
    assert_eq!(
        (&report["votes"], &report["refused"]),
        (&json!(votes.len()), &json!(0)),
        "{report}"
    );
    desk.ok(&["export", "q", "--format", "votes", "-o", "again.jsonl"]);
    let again = desk.read("again.jsonl");
    assert_eq!(again, desk.read("votes.jsonl"), "{task}: nothing is lost");
    desk.ok(&["import", "p", "votes.jsonl"]);
    assert_eq!(desk.votes(), votes, "{task}: twice is once");
    assert_eq!(desk.json(&["check", "q"])["ok"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_task_goes_from_a_file_to_labels_and_back() {
    for task in NINE_TASKS {
        from_file_to_labels_and_back(task).await;
    }
}
