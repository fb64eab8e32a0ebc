//! Undo everything, lose nothing: random histories of votes, undos, skips, resolutions, reversals,
//! adjudications, merges, work packages and re-imports by the built program, while the rows of the database are
//! looked at from outside. No row of evidence ever changes or goes; what stands can be rebuilt from
//! the rows alone, and is what the tables and the commands say.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _};
use tiebreak_tests::Desk;

/// A small generator of its own (SplitMix64, Steele et al. 2014), so that a failure can be run again
/// by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }

    fn of<'a, T: ?Sized>(&mut self, among: &[&'a T]) -> &'a T {
        among[self.roll(among.len())]
    }
}

/// The tables whose rows are evidence: what each row is known by, and all that it says.
const EVIDENCE: [(&str, &str, &str); 4] = [
    (
        "vote",
        "hex(id)",
        "json_array(hex(supersedes), hex(assignment), hex(question), hex(annotator), \
         criterion_version, verdict, confidence, rationale, at_ms, presentation)",
    ),
    (
        "skip",
        "id || ''",
        "json_array(hex(assignment), reason, note, at_ms)",
    ),
    (
        "resolution",
        "hex(id)",
        "json_array(hex(supersedes), hex(question), verdict, dropped, rule, hex(by), reason, \
         provenance, at_ms)",
    ),
    (
        "adjudication",
        "hex(id)",
        "json_array(hex(question), hex(adjudicator), act, verdict, dropped, reason, left_side, \
         queue, presentation, at_ms)",
    ),
];

type Rows = BTreeMap<String, String>;

async fn database(desk: &Desk, project: &str) -> SqliteConnection {
    let file = desk.path(&format!("{project}/project.sqlite"));
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Every row of evidence, by table and id.
async fn evidence(db: &mut SqliteConnection) -> Rows {
    let mut rows = Rows::new();
    for (table, id, says) in EVIDENCE {
        let sql = format!("SELECT '{table} ' || {id}, {says} FROM {table}");
        let found: Vec<(String, String)> = sqlx::query_as(AssertSqlSafe(sql))
            .fetch_all(&mut *db)
            .await
            .unwrap();
        rows.extend(found);
    }
    rows
}

/// Whose answer to which question: the annotator, the question, whether it was the repeat.
type Place = (String, String, bool);

/// What stands, by the rows of `vote`, `skip` and `resolution` and nothing else.
#[derive(Debug, Default, PartialEq)]
struct Standing {
    verdicts: BTreeMap<Place, String>,
    skipped: BTreeSet<Place>,
    resolved: BTreeMap<String, String>,
}

/// Rebuilds what stands from the log alone: an assignment's row gives only whose it is, and of what.
async fn rebuilt(db: &mut SqliteConnection) -> Standing {
    let places: Vec<(String, String, String, bool)> =
        sqlx::query_as("SELECT hex(id), hex(annotator), hex(question), repeat FROM assignment")
            .fetch_all(&mut *db)
            .await
            .unwrap();
    let votes: Vec<(String, String, String, Option<String>, i64)> = sqlx::query_as(
        "SELECT hex(id), coalesce(hex(supersedes), ''), hex(assignment), verdict, at_ms FROM vote",
    )
    .fetch_all(&mut *db)
    .await
    .unwrap();
    let skips: Vec<(i64, String, Option<String>, i64)> =
        sqlx::query_as("SELECT id, hex(assignment), reason, at_ms FROM skip")
            .fetch_all(&mut *db)
            .await
            .unwrap();
    let mut standing = Standing::default();
    let superseded: BTreeSet<&String> = votes.iter().map(|vote| &vote.1).collect();
    for (id, annotator, question, repeat) in places {
        let place = (annotator, question, repeat);
        // Where two copies went on from one vote, the chain has two ends, and the later stands.
        let ends = votes
            .iter()
            .filter(|v| v.2 == id && !superseded.contains(&v.0));
        let last = ends.max_by_key(|vote| (vote.4, vote.0.clone()));
        if let Some(verdict) = last.and_then(|vote| vote.3.clone()) {
            standing.verdicts.insert(place, verdict);
            continue;
        }
        let of_this = skips.iter().filter(|skip| skip.1 == id);
        let skip = of_this.max_by_key(|skip| (skip.3, skip.2.is_none(), skip.0));
        let later = |at: i64| last.is_none_or(|vote| at >= vote.4);
        if skip.is_some_and(|skip| skip.2.is_some() && later(skip.3)) {
            standing.skipped.insert(place);
        }
    }
    let resolutions: Vec<(String, String, String, Option<String>, String, i64)> = sqlx::query_as(
        "SELECT hex(id), coalesce(hex(supersedes), ''), hex(question), coalesce(verdict, dropped),
           rule, at_ms FROM resolution",
    )
    .fetch_all(&mut *db)
    .await
    .unwrap();
    let superseded: BTreeSet<&String> = resolutions.iter().map(|row| &row.1).collect();
    let mut last: BTreeMap<&String, (i64, &String, &Option<String>)> = BTreeMap::new();
    for row in resolutions
        .iter()
        .filter(|row| !superseded.contains(&row.0))
    {
        // Labels that came with the data stand behind all that was decided here.
        let at = if row.4 == "imported" { 0 } else { row.5 };
        let one = (at, &row.0, &row.3);
        let known = last.entry(&row.2).or_insert(one);
        if (one.0, one.1) > (known.0, known.1) {
            *known = one;
        }
    }
    for (question, (_, _, said)) in last {
        if let Some(said) = said {
            standing.resolved.insert(question.clone(), said.clone());
        }
    }
    standing
}

/// What the tables say stands.
async fn in_tables(db: &mut SqliteConnection) -> Standing {
    let verdicts: Vec<(String, String, bool, String)> = sqlx::query_as(
        "SELECT hex(a.annotator), hex(a.question), a.repeat, v.verdict
         FROM label AS l JOIN vote AS v ON lower(hex(v.id)) = l.vote
         JOIN assignment AS a ON a.id = v.assignment",
    )
    .fetch_all(&mut *db)
    .await
    .unwrap();
    let skipped: Vec<(String, String, bool)> = sqlx::query_as(
        "SELECT hex(annotator), hex(question), repeat FROM assignment WHERE state = 'skipped'",
    )
    .fetch_all(&mut *db)
    .await
    .unwrap();
    Standing {
        verdicts: verdicts
            .into_iter()
            .map(|(who, question, repeat, verdict)| ((who, question, repeat), verdict))
            .collect(),
        skipped: skipped.into_iter().collect(),
        resolved: BTreeMap::new(),
    }
}

fn plain(id: &Value) -> String {
    id.as_str().unwrap().replace('-', "").to_uppercase()
}

fn decision(said: &Value) -> String {
    let inner = |name: &str| said[name].as_str().map(str::to_owned);
    let whole = said.as_str().map(str::to_owned);
    whole
        .or_else(|| inner("verdict"))
        .or_else(|| inner("drop"))
        .unwrap_or_else(|| said.to_string())
}

/// What the built program says is resolved.
fn resolutions_told(desk: &Desk, project: &str) -> BTreeMap<String, String> {
    let told = desk.json(&["resolutions", project]);
    let each = told.as_array().unwrap().iter();
    each.map(|one| (plain(&one["question"]), decision(&one["decision"])))
        .collect()
}

/// Compares the log, the tables and the program, and expects every row that was there before.
async fn look(desk: &Desk, project: &str, known: &mut Rows, what: &str) {
    let mut db = database(desk, project).await;
    let now = evidence(&mut db).await;
    for (id, row) in &*known {
        assert_eq!(now.get(id), Some(row), "{what}: {id} in {project}");
    }
    *known = now;
    let log = rebuilt(&mut db).await;
    let tables = in_tables(&mut db).await;
    assert_eq!(
        log.verdicts, tables.verdicts,
        "{what}: verdicts in {project}"
    );
    assert_eq!(log.skipped, tables.skipped, "{what}: skips in {project}");
    db.close().await.unwrap();
    let told = resolutions_told(desk, project);
    assert_eq!(log.resolved, told, "{what}: resolutions in {project}");
    let first = log.verdicts.keys().filter(|place| !place.2).count();
    let report = desk.json(&["agreement", project, "--replicates", "1"]);
    assert_eq!(report["votes"], json!(first), "{what}: votes in {project}");
}

const PEOPLE: [&str; 3] = ["anna", "ben", "cleo"];
const COPIES: [&str; 3] = ["a", "b", "c"];

fn next(desk: &Desk, project: &str, who: &str) -> Option<String> {
    let next = desk.json(&["next", project, "--annotator", who]);
    next["assignment"].as_str().map(str::to_owned)
}

fn vote(desk: &Desk, project: &str, who: &str, id: &str, dice: &mut Dice) {
    let verdict = dice.of(&["left", "right", "tie", "both_bad"]);
    let why = format!("reason {}", dice.roll(1000));
    desk.ok(&[
        "vote",
        project,
        id,
        "--annotator",
        who,
        "--verdict",
        verdict,
        "--reason",
        &why,
    ]);
}

/// Something an annotator does. Says what.
fn label(desk: &Desk, project: &str, dice: &mut Dice) -> String {
    let who = dice.of(&PEOPLE);
    match dice.roll(6) {
        0 => {
            desk.ok(&["undo", project, "--annotator", who]);
            format!("{who} undoes")
        }
        1 => {
            if let Some(id) = next(desk, project, who) {
                desk.ok(&[
                    "skip",
                    project,
                    &id,
                    "--annotator",
                    who,
                    "--reason",
                    "unclear",
                ]);
            }
            format!("{who} skips")
        }
        2 => {
            let done = desk.json(&["history", project, "--annotator", who]);
            let done = done.as_array().unwrap();
            if !done.is_empty() {
                let id = done[dice.roll(done.len())]["assignment"].as_str().unwrap();
                vote(desk, project, who, id, dice);
            }
            format!("{who} changes")
        }
        _ => {
            for _ in 0..=dice.roll(3) {
                if let Some(id) = next(desk, project, who) {
                    vote(desk, project, who, &id, dice);
                }
            }
            format!("{who} votes")
        }
    }
}

/// Something the owner or an adjudicator does. Says what.
fn decide(desk: &Desk, project: &str, dice: &mut Dice) -> String {
    match dice.roll(6) {
        0 => {
            let rule = dice.of(&["unanimous", "majority", "dawid-skene"]);
            desk.ok(&[
                "resolve",
                project,
                "--rule",
                rule,
                "--min-votes",
                "3",
                "--over-imported",
            ]);
            format!("resolve by {rule}")
        }
        1 => {
            let standing = resolutions_told(desk, project);
            let questions: Vec<&String> = standing.keys().collect();
            if !questions.is_empty() {
                let question = questions[dice.roll(questions.len())].to_lowercase();
                desk.ok(&["reverse", project, &question, "--reason", "not so"]);
            }
            "reverse".to_owned()
        }
        act => {
            let who = ["--annotator", "judge", "--over-imported"];
            let on = |verb: &'static str, more: &[&str]| {
                let mut line = vec!["adjudicate", verb, project];
                line.extend(who);
                line.extend(more);
                desk.json(&line)
            };
            let open = on("next", &[]);
            let Some(question) = open["question"]["question"].as_str() else {
                return "nothing to adjudicate".to_owned();
            };
            if act == 2 {
                let words = ["--question", question, "--reason", "another vote"];
                let mut line = vec!["adjudicate", "send-back", project, "--annotator", "judge"];
                line.extend(words);
                // One that was resolved by rule is open to a judge, but is not sent back.
                let _ = desk.run(&line);
                return "send back".to_owned();
            }
            let say = |decision| {
                [
                    "--question",
                    question,
                    "--decision",
                    decision,
                    "--reason",
                    "so",
                ]
            };
            if open["revealed"].is_null() {
                on(
                    "decide",
                    &say(dice.of(&["left", "tie", "drop:no_consensus"])),
                );
            }
            on(
                "settle",
                &say(dice.of(&["right", "tie", "drop:broken_item"])),
            );
            "adjudicate".to_owned()
        }
    }
}

/// Somebody gets a work package, labels in it, and it comes back to one of the copies; some are
/// merged twice. Says what.
fn package(desk: &Desk, project: &str, name: &str, dice: &mut Dice) -> String {
    let who = dice.of(&PEOPLE);
    let file = format!("{name}.tiebreak");
    desk.ok(&["package", project, "--annotator", who, "-o", &file]);
    for _ in 0..dice.roll(4) {
        if let Some(id) = next(desk, &file, who) {
            vote(desk, &file, who, &id, dice);
        }
    }
    if dice.roll(3) == 0 {
        desk.ok(&["undo", &file, "--annotator", who]);
    }
    for _ in 0..=dice.roll(2) {
        desk.ok(&["merge", project, &file]);
    }
    format!("{who} works in a package")
}

fn copy(desk: &Desk, from: &str, to: &str) {
    std::fs::create_dir(desk.path(to)).unwrap();
    let file = "project.sqlite";
    std::fs::copy(desk.path(from).join(file), desk.path(to).join(file)).unwrap();
}

/// Rows of a benchmark file; `turned` labels are the later edition's.
fn rows(turned: bool) -> String {
    let rows: Vec<Value> = (0..5)
        .flat_map(|pair| (0..2).map(move |criterion| (pair, criterion)))
        .map(|(pair, criterion)| {
            json!({
                "prompt": format!("prompt {pair}"), "response1": format!("one-{pair}"),
                "response2": format!("two-{pair}"), "model1": "m1", "model2": "m2",
                "criteria": format!("criterion {criterion}"), "id": format!("{pair}-{criterion}"),
                "criteria_preference": match (pair % 3, turned) {
                    (0, false) => "response1", (0, true) => "tie", (1, _) => "response2", _ => "tie",
                },
            })
        })
        .collect();
    serde_json::to_string(&rows).unwrap()
}

/// A history; which rows it left, by table.
async fn history(seed: u64) -> Rows {
    let desk = Desk::new();
    desk.ok(&["new", "a", "--repeats", "40"]);
    desk.write("first/text_to_text_preferences.json", rows(false));
    desk.write("later/text_to_text_preferences.json", rows(true));
    desk.ok(&["import", "a", "first/text_to_text_preferences.json"]);
    // The people begin before the copies are made, so that they are the same people in all.
    for who in PEOPLE.iter().chain(&["judge"]) {
        desk.ok(&["annotators", "a", "--add", who]);
    }
    copy(&desk, "a", "b");
    copy(&desk, "a", "c");
    let mut dice = Dice(seed);
    let mut known: BTreeMap<&str, Rows> = BTreeMap::new();
    for step in 0..40 {
        let project = dice.of(&COPIES);
        let did = match dice.roll(11) {
            0..=5 => label(&desk, project, &mut dice),
            6 | 7 => decide(&desk, project, &mut dice),
            8 => {
                let other = dice.of(&COPIES);
                if other != project {
                    desk.ok(&["merge", project, other]);
                }
                format!("merge {other}")
            }
            9 => package(&desk, project, &format!("work-{step}"), &mut dice),
            _ => {
                let edition = dice.of(&["first", "later"]);
                desk.ok(&[
                    "import",
                    project,
                    &format!("{edition}/text_to_text_preferences.json"),
                ]);
                format!("import the {edition} edition")
            }
        };
        let what = format!("seed {seed}, step {step}: {did}");
        look(&desk, project, known.entry(project).or_default(), &what).await;
    }
    ends_alike(&desk, seed, &mut known).await;
    known.remove("a").unwrap()
}

/// At the end everything comes together, in either order, with every row there ever was.
async fn ends_alike(desk: &Desk, seed: u64, known: &mut BTreeMap<&str, Rows>) {
    let mut all: BTreeSet<String> = BTreeSet::new();
    for rows in known.values() {
        // A skip's number is each project's own.
        all.extend(rows.keys().filter(|id| !id.starts_with("skip")).cloned());
    }
    desk.ok(&["merge", "a", "b", "c"]);
    desk.ok(&["merge", "c", "b", "a"]);
    let mut joined = Vec::new();
    for project in ["a", "c"] {
        let rows = known.entry(project).or_default();
        look(desk, project, rows, &format!("seed {seed}: joined")).await;
        let ids: BTreeSet<String> = rows
            .keys()
            .filter(|id| !id.starts_with("skip"))
            .cloned()
            .collect();
        assert_eq!(ids, all, "seed {seed}: every row once, in {project}");
        let out = format!("votes-{project}.jsonl");
        desk.ok(&["export", project, "--format", "votes", "-o", &out]);
        joined.push((desk.read(&out), resolutions_told(desk, project)));
        assert_eq!(desk.json(&["check", project])["ok"], true);
    }
    assert!(
        joined[0] == joined[1],
        "seed {seed}: in either order the same"
    );
}

#[tokio::test]
async fn random_histories_lose_nothing_and_are_what_their_rows_say() {
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..8 {
        for row in history(20_261_125 + seed).await.into_keys() {
            let table = row.split(' ').next().unwrap();
            *met.entry(table.to_owned()).or_default() += 1;
        }
    }
    for (table, ..) in EVIDENCE {
        assert!(
            met.get(table) > Some(&10),
            "hardly a {table} was met: {met:?}"
        );
    }
    println!("met {met:?}");
}
