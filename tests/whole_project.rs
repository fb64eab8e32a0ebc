//! A whole project in the real window: three people answer twelve questions of six tasks by keys and
//! disagree on purpose, one of them in a work package that is merged; a fourth adjudicates; the
//! benchmark is exported; and every figure in the tables of the Compare screen is the command line's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _};
use tiebreak_tests::figures::{decimal, figure, share};
use tiebreak_tests::window::{Stage, Window, key};
use tiebreak_tests::{Desk, bench_rows};

/// Six tasks, two pairs each: text, pictures, sound and models.
const TASKS: [&str; 6] = [
    "text_to_text",
    "text_image_to_text",
    "text_audio_to_text",
    "text_to_image",
    "text_to_audio",
    "text_to_3D",
];

/// What each says, in the order of the data: they agree on five questions and part on seven.
const SAID: [(&str, [&str; 12]); 3] = [
    (
        "anna",
        [
            "response1",
            "response2",
            "tie",
            "response1",
            "response1",
            "both_bad",
            "response2",
            "response1",
            "tie",
            "response1",
            "response2",
            "response1",
        ],
    ),
    (
        "ben",
        [
            "response1",
            "response2",
            "tie",
            "response2",
            "response1",
            "both_bad",
            "tie",
            "response2",
            "tie",
            "response2",
            "response2",
            "tie",
        ],
    ),
    (
        "cleo",
        [
            "response1",
            "response2",
            "response1",
            "tie",
            "response1",
            "response2",
            "tie",
            "response1",
            "tie",
            "tie",
            "response1",
            "both_bad",
        ],
    ),
];

/// One cell of one row of a project's database, or of a package's.
async fn one(file: &std::path::Path, sql: &str, id: &str) -> String {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    let found =
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).bind(id.replace('-', "").to_uppercase());
    let found: String = found.fetch_one(&mut db).await.unwrap();
    db.close().await.unwrap();
    found
}

/// Presses the key for what is meant of the data until nothing is left. `file` says on which side
/// the data's first response stands, which the page must not know.
fn label(window: &Window, file: &std::path::Path, said: &BTreeMap<String, &'static str>) -> usize {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut answered = 0;
    let mut assignment = window.ready();
    loop {
        let sql = |column: &str| format!("SELECT {column} FROM assignment WHERE hex(id) = ?1");
        let left = runtime.block_on(one(file, &sql("left_side"), &assignment));
        let question = runtime.block_on(one(file, &sql("hex(question)"), &assignment));
        let pressed = match (said[&question], left.as_str()) {
            ("tie", _) => "2",
            ("both_bad", _) => "3",
            (meant, left) if meant == left => "1",
            _ => "4",
        };
        window.press(pressed);
        window.press(key::ENTER);
        answered += 1;
        let next = window.until("the next question, or the end", || {
            let now = window.script(
                "if (document.querySelector('#done')) return '';
                 return document.querySelector('#label[data-ready=true]')?.dataset.assignment ?? null",
            );
            now.as_str().filter(|now| *now != assignment).map(str::to_owned)
        });
        if next.is_empty() {
            return answered;
        }
        assignment = window.ready();
    }
}

/// The project, its questions in the data's order, and the twelve rows in it.
fn desk() -> (Desk, Vec<String>) {
    let desk = Desk::with_project();
    for task in TASKS {
        let file = bench_rows::write(&desk, task, 2, 1).display().to_string();
        desk.ok(&["import", "p", &file, "--media-root", "media_data"]);
    }
    let questions = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let options = SqliteConnectOptions::new()
            .filename(desk.path("p/project.sqlite"))
            .read_only(true);
        let mut db = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query_scalar("SELECT hex(id) FROM question ORDER BY pair_position, ordinal")
            .fetch_all(&mut db)
            .await
            .unwrap()
    });
    (desk, questions)
}

/// Decides the worst question blind, then keeps it, by keys.
fn adjudicate(window: &Window, decisions: &[&str]) {
    window.click("#tab-adjudicate");
    window.type_into("#adjudicator-name", &format!("judge{}", key::ENTER));
    for pressed in decisions {
        ready(window, "blind");
        window.press(pressed);
        window.press(key::ENTER);
        ready(window, "votes");
        window.press(key::ENTER);
    }
    ready(window, "blind");
}

fn ready(window: &Window, mode: &str) {
    window.wait(&format!("#adjudicate[data-ready=true][data-mode={mode}]"));
    std::thread::sleep(std::time::Duration::from_millis(300));
}

/// The words of a table's rows, cell by cell; the letter that points at a reason is left out.
fn shown(window: &Window, table: &str) -> Vec<Vec<String>> {
    window.wait(&format!("#{table}"));
    let rows = window.script(&format!(
        "const say = cell => {{
           const c = cell.cloneNode(true); c.querySelectorAll('sup, .mark').forEach(e => e.remove());
           return [...c.children].map(e => e.textContent.trim()).filter(t => t !== '').join(' ') }};
         return [...document.querySelectorAll('#{table} tbody tr')].map(tr => [...tr.children].map(say))"
    ));
    serde_json::from_value(rows).unwrap()
}

fn coefficients(c: &Value) -> Vec<String> {
    let mut cells = vec![c["questions"].to_string(), c["votes"].to_string()];
    for name in [
        "krippendorff_alpha_nominal",
        "krippendorff_alpha_ordinal",
        "gwet_ac1",
        "fleiss_kappa",
    ] {
        cells.push(figure(&c[name]));
    }
    cells.push(share(&c["percent_agreement"]));
    cells
}

/// Row by row, what the screen must show; the first cell, a name, is compared where it is given.
fn same(window: &Window, table: &str, expected: &[Vec<String>]) {
    let rows = shown(window, table);
    assert_eq!(rows.len(), expected.len(), "{table}: {rows:?}");
    for (row, expected) in rows.iter().zip(expected) {
        assert_eq!(&row[1..], expected.as_slice(), "{table}: {}", row[0]);
    }
}

fn agreement_tables(window: &Window, told: &Value) {
    let mut tasks = vec![coefficients(told)];
    tasks.extend(
        told["by"]["task"]
            .as_array()
            .unwrap()
            .iter()
            .map(coefficients),
    );
    assert_eq!(tasks.len(), 7, "all, and six tasks");
    same(window, "agreement", &tasks);
    let mut criteria = vec![coefficients(told)];
    let mut parts = told["by"]["criterion"].as_array().unwrap().clone();
    parts.sort_by_key(|part| std::cmp::Reverse(part["questions"].as_u64()));
    criteria.extend(parts.iter().map(coefficients));
    same(window, "criteria", &criteria);
}

fn people_table(window: &Window, told: &Value) {
    let people = told["annotators"].as_array().unwrap();
    assert_eq!(people.len(), 3);
    let rows: Vec<Vec<String>> = people
        .iter()
        .map(|one| {
            let seconds = one["seconds"].as_array().map_or_else(
                || "—".to_owned(),
                |q| {
                    let q: Vec<String> =
                        q.iter().map(|s| decimal(s.as_f64().unwrap(), 1)).collect();
                    format!("{} ({}–{})", q[1], q[0], q[2])
                },
            );
            let accuracy = one["dawid_skene_accuracy"].as_f64();
            vec![
                one["votes"].to_string(),
                share(&one["side_bias"]),
                share(&one["tie_rate"]),
                share(&one["self_consistency"]),
                share(&one["check_accuracy"]),
                share(&one["percent_with_others"]),
                figure(&one["kappa_with_others"]),
                accuracy.map_or_else(|| "—".to_owned(), |a| decimal(a, 2)),
                seconds,
            ]
        })
        .collect();
    same(window, "people", &rows);
}

fn pair_tables(window: &Window, told: &Value) {
    let first = window.script("return document.querySelector('#confusion-first').value");
    let second = window.script("return document.querySelector('#confusion-second').value");
    let pairs = told["cohen_kappa"].as_object().unwrap();
    let pair = pairs
        .values()
        .find(|p| p["first"] == first && p["second"] == second);
    let pair = pair.expect("the two who are chosen, in the command line's order");
    let counts: Vec<Vec<String>> = pair["confusion"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            row.as_array()
                .unwrap()
                .iter()
                .map(Value::to_string)
                .collect()
        })
        .collect();
    same(window, "confusion", &counts);
    let kappas = [
        share(&pair["percent_agreement"]),
        figure(pair),
        figure(&pair["kappa_linear"]),
        figure(&pair["kappa_quadratic"]),
    ];
    same(window, "kappas", &kappas.map(|cell| vec![cell]));
}

fn model_tables(window: &Window, told: &Value) {
    let counts = |counts: &Value, none: u64| {
        let answers = ["response1", "tie", "response2", "both_bad"];
        let each = answers
            .iter()
            .map(|a| counts[a].as_u64().unwrap_or(0).to_string());
        each.chain([none.to_string()]).collect::<Vec<_>>()
    };
    let plurality = &told["plurality"];
    let open = plurality["shared_first_place"].as_u64().unwrap();
    same(
        window,
        "verdicts",
        &[
            counts(&plurality["counts"], open),
            counts(&told["dawid_skene"]["counts"], 0),
        ],
    );
    for by in ["votes", "plurality"] {
        window.pick("#rankings-by", by);
        ranking_tables(window, &told["rankings"][by], by);
    }
    let skilled = &told["rankings"]["skilled"];
    for row in shown(window, "skilled-models") {
        assert_eq!(row[1], figure(&skilled["models"][&row[0]]), "{row:?}");
    }
    let judges = skilled["annotators"].as_array().unwrap();
    let rows: Vec<Vec<String>> = judges
        .iter()
        .map(|judge| vec![figure(&judge["skill"]), figure(&judge["side_bias"])])
        .collect();
    same(window, "skills", &rows);
}

/// Strengths, ranks and win rates by one kind of comparison.
fn ranking_tables(window: &Window, told: &Value, by: &str) {
    let ways = [
        "bradley_terry_ties_as_half",
        "bradley_terry_without_ties",
        "davidson",
    ];
    let ranked = ways.iter().any(|way| told[*way]["models"].is_object());
    let rows = match ranked {
        true => shown(window, "ranking"),
        false => Vec::new(),
    };
    assert_eq!(rows.len(), if ranked { 2 } else { 0 }, "{by}: {told}");
    for row in &rows {
        for (way, cell) in ways.into_iter().zip([1, 3, 5]) {
            let model = &told[way]["models"][&row[0]];
            assert_eq!(row[cell], figure(model), "{by}, {way}, {}", row[0]);
            let rank = model["rank"].as_array().map_or("—".to_owned(), |rank| {
                let [own, best, worst] = [&rank[0], &rank[1], &rank[2]];
                match best == worst {
                    true => own.to_string(),
                    false => format!("{own} ({best}–{worst})"),
                }
            });
            assert_eq!(row[cell + 1], rank, "{by}, {way}, {}", row[0]);
        }
    }
    let rates = told["win_rates"].as_array().unwrap();
    let rate = |cell: &Value| share(&json!({"value": cell["rate"], "ci": cell["ci"]}));
    let rows = shown(window, "win-rates");
    assert_eq!(rows[0][2], rate(&rates[0][1]), "{by}");
    assert_eq!(rows[1][1], rate(&rates[1][0]), "{by}");
}

/// Where people part, worst first, and that twelve questions are too few for a course of time.
fn panels(window: &Window, desk: &Desk, told: &Value) {
    let parted = desk.json(&["disagreements", "p", "--limit", "200"]);
    let parted = parted["questions"].as_array().unwrap();
    let rows = window.script(
        "return [...document.querySelectorAll('#disagreements [role=option]')].map(e => e.textContent)",
    );
    let rows: Vec<String> = serde_json::from_value(rows).unwrap();
    assert_eq!(rows.len(), parted.len());
    for (row, one) in rows.iter().zip(parted) {
        assert!(row.contains(one["criterion"].as_str().unwrap()), "{row}");
        let mut counts: Vec<u64> = one["counts"]
            .as_object()
            .unwrap()
            .values()
            .filter_map(Value::as_u64)
            .collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let counts: Vec<String> = counts.iter().map(u64::to_string).collect();
        assert!(row.contains(&counts.join(" : ")), "{row}: {counts:?}");
    }
    let why = told["over_time"]["undefined"].as_str().unwrap();
    assert!(window.wait("#over-time-undefined").contains(why));
}

/// Every vote of the three, as it was meant, and nothing else.
fn as_meant(desk: &Desk, questions: &[String]) {
    let votes = desk.votes();
    assert_eq!(votes.len(), 36);
    for (name, said) in SAID {
        for (question, meant) in questions.iter().zip(said) {
            let is = |vote: &&Value| {
                let id = vote["question"]
                    .as_str()
                    .unwrap()
                    .replace('-', "")
                    .to_uppercase();
                vote["annotator"].to_string().contains(name) && id == *question
            };
            let found: Vec<&Value> = votes.iter().filter(is).collect();
            assert_eq!(found.len(), 1, "{name} on {question}");
            assert_eq!(found[0]["verdict"], meant, "{name} on {question}");
        }
    }
}

#[test]
fn three_people_a_package_an_adjudicator_and_every_figure_is_the_command_lines() {
    let (desk, questions) = desk();
    let meant = |name: &str| -> BTreeMap<String, &'static str> {
        let said = SAID.iter().find(|one| one.0 == name).unwrap().1;
        questions.iter().cloned().zip(said).collect()
    };
    let project = desk.path("p");
    let database = project.join("project.sqlite");
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&project));
    window.enter_as("anna");
    assert_eq!(label(&window, &database, &meant("anna")), 12);
    window.session.close();

    // Ben sits down after her, and Cleo gets a package.
    let window = stage.open(Some(&project));
    window.enter_as("ben");
    assert_eq!(label(&window, &database, &meant("ben")), 12);
    window.session.close();
    let package = desk.path("cleo.tiebreak");
    let window = stage.open(Some(&project));
    window.click("#who-owner");
    window.type_into("#package-name", "cleo");
    window.type_into("#package-path", &package.display().to_string());
    window.click("#package-run");
    assert!(window.wait("#package-report").contains("12 questions"));
    window.script("document.querySelector('#package').scrollIntoView()");
    window.picture("package-made");
    window.session.close();
    let window = stage.open(None);
    window.click("#start-package");
    window.type_into("#package-file", &package.display().to_string());
    window.picture("package-start");
    window.click("#open-send");
    window.ready();
    window.picture("package-label");
    assert_eq!(label(&window, &package, &meant("cleo")), 12);
    window.picture("package-done");
    window.session.close();
    let window = stage.open(Some(&project));
    window.click("#who-owner");
    window.type_into("#merge-path", &package.display().to_string());
    window.click("#merge-run");
    let merged = window.wait("#merge-report");
    assert!(merged.contains("12 votes"), "{merged}");
    window.script("document.querySelector('#merge').scrollIntoView()");
    window.picture("package-merged");
    as_meant(&desk, &questions);
    adjudicate(&window, &["1", "2"]);
    let resolved = desk.json(&["resolutions", "p"]);
    assert_eq!(resolved.as_array().unwrap().len(), 2, "{resolved}");

    window.click("#tab-compare");
    window.wait("#compare[data-busy=false]");
    let told = desk.json(&["agreement", "p", "--by", "task,criterion"]);
    assert_eq!(
        (&told["questions"], &told["votes"]),
        (&json!(12), &json!(36))
    );
    agreement_tables(&window, &told);
    people_table(&window, &told);
    pair_tables(&window, &told);
    model_tables(&window, &told);
    panels(&window, &desk, &told);
    window.session.close();

    // Two by the adjudicator, the rest by majority where there is one.
    let report = desk.json(&[
        "export",
        "p",
        "--format",
        "omni-rewardbench",
        "-o",
        "out",
        "--rule",
        "majority",
    ]);
    let mut labels = Vec::new();
    for file in report["files"].as_array().unwrap() {
        let rows = desk.read(file.as_str().unwrap());
        let rows: Vec<Value> = serde_json::from_str(&rows).unwrap();
        labels.extend(
            rows.into_iter()
                .map(|row| row["criteria_preference"].clone()),
        );
    }
    let left_out = report["left_out"].as_array().unwrap().iter();
    let left_out: u64 = left_out.filter_map(|one| one["count"].as_u64()).sum();
    assert_eq!(labels.len() as u64 + left_out, 12, "{report}");
    assert!(labels.len() >= 9, "{labels:?}");
}
