//! The owner's Compare screen in the real window: its figures are the command line's, its tables and
//! plots can be taken along, and where people part can be read with keys alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

use std::path::Path;

use serde_json::{Value, json};
use tiebreak_tests::figures::{figure, share};
use tiebreak_tests::window::{Stage, Window, key};
use tiebreak_tests::{Desk, bench_rows};

const DOWN: &str = "\u{E015}";

const PEOPLE: [&str; 3] = [
    "=Anna & co",
    "李雷",
    "مريم_بنت_عبد_الرحمن_التي_تقرأ_كل_الإجابات_بعناية",
];
/// Two of them gave the pictures, too: without that the two imports could not be ranked as one.
const MODELS: [&str; 5] = [
    "hidden-model-a",
    "模型甲",
    "نموذج-ب",
    "hidden-model-b",
    "a-model-with-a-name-that-goes-on-and-on-for-longer-than-any-column",
];
const CRITERIA: [&str; 6] = [
    "Which answer follows the steps of the question more closely, leaves none of them out, adds none \
     of its own, and says for each of them why it is needed and what would go wrong without it?",
    "哪个回答更准确？",
    "أيّ الإجابتين أوضح وأدقّ؟",
    "Which is kinder?",
    "Which is shorter",
    "100% of the facts_are right & $true#",
];

/// Rows with three people's votes at three times, so that they agree often, and more and more.
fn rows(count: usize) -> Value {
    let mut state = 7_u32;
    let mut draw = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % below
    };
    let mut rows = Vec::new();
    for n in 0..count {
        let mut row = json!({
            "id": format!("row-{n}"),
            "task": if n % 3 == 0 { "text_image_to_text" } else { "text_to_text" },
            "prompt": format!("Prompt {n}: what keeps a candle-lit room warm?"),
            "r1": format!("**First** answer {n}"), "r2": format!("Second answer {n}"),
            "m1": MODELS[n % 5], "m2": MODELS[(n + 1 + n / 5 % 4) % 5],
            "c": CRITERIA[n % 6],
        });
        let truth = draw(3);
        for who in 0..PEOPLE.len() {
            let wavers = draw(100) < 55 - u32::try_from(n * 40 / count).unwrap();
            let said = if wavers { draw(4) } else { truth };
            row[format!("v{who}")] = json!(["a", "b", "t", "x"][said as usize]);
            row[format!("s{who}")] = json!(draw(3) + 1);
            row[format!("w{who}")] = json!(format!("reason {n} of {who}"));
            row[format!("t{who}")] =
                json!(1_770_000_000_000_u64 + n as u64 * 9_000_000 + who as u64);
        }
        rows.push(row);
    }
    Value::Array(rows)
}

fn mapping() -> String {
    let mut toml = String::from(
        "id = \"id\"\nprompt = \"prompt\"\nresponse1 = \"r1\"\nresponse2 = \"r2\"\nmodel1 = \"m1\"\n\
         model2 = \"m2\"\ntask = { field = \"task\" }\ncriterion = { field = \"c\" }\n",
    );
    for (who, name) in PEOPLE.iter().enumerate() {
        toml += &format!(
            "[[vote]]\nannotator = \"{name}\"\nfield = \"v{who}\"\nat_ms = \"t{who}\"\n\
             rationale = \"w{who}\"\nconfidence = {{ field = \"s{who}\" }}\n\
             values = {{ a = \"response1\", b = \"response2\", t = \"tie\", x = \"both_bad\" }}\n"
        );
    }
    toml
}

/// Three people's votes from a table, and two people's on pictures, cast here.
fn desk() -> Desk {
    let desk = Desk::with_project();
    let pictures = bench_rows::write(&desk, "text_to_image", 2, 1);
    let pictures = pictures.display().to_string();
    desk.ok(&["import", "p", &pictures, "--media-root", "media_data"]);
    for (name, first) in [("dora", "one"), ("emil", "two")] {
        for _ in 0..2 {
            let next = desk.json(&["next", "p", "--annotator", name]);
            let id = next["assignment"].as_str().unwrap();
            let verdict = if first == "one" { "left" } else { "tie" };
            desk.ok(&["vote", "p", id, "--verdict", verdict, "--annotator", name]);
        }
    }
    desk.write("rows.json", rows(90).to_string());
    desk.write("rows.toml", mapping());
    desk.ok(&["import", "p", "rows.json", "--map", "rows.toml"]);
    desk
}

fn compare(window: &Window) {
    window.click("#who-owner");
    window.click("#tab-compare");
    window.wait("#compare[data-busy=false]");
}

fn cell(window: &Window, table: &str, row: &str, column: usize) -> String {
    window
        .wait(&format!(
            "#{table} tr[data-row=\"{row}\"] > :nth-child({column})"
        ))
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// What was copied, pasted into a field of the test's own.
fn pasted(window: &Window) -> String {
    window.script(
        "const t = document.createElement('textarea'); t.id = 'paste'; document.body.append(t); t.focus()",
    );
    window.session.press_with_control('v').unwrap();
    let text = window.until("the clipboard", || {
        let text = window.script("return document.querySelector('#paste').value");
        text.as_str().filter(|t| !t.is_empty()).map(str::to_owned)
    });
    window.script("document.querySelector('#paste').remove()");
    text
}

#[test]
fn the_screen_says_what_the_command_line_says() {
    let desk = desk();
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    compare(&window);
    let told = desk.json(&["agreement", "p", "--by", "task,criterion,group"]);

    let alpha = &told["krippendorff_alpha_nominal"];
    assert_eq!(cell(&window, "agreement", "", 4), figure(alpha));
    assert_eq!(cell(&window, "agreement", "", 6), figure(&told["gwet_ac1"]));
    for part in told["by"]["task"].as_array().unwrap() {
        let ordinal = &part["krippendorff_alpha_ordinal"];
        let shown = cell(&window, "agreement", part["name"].as_str().unwrap(), 5);
        match ordinal["undefined"].as_str() {
            Some(_) => assert!(shown.starts_with('—'), "{shown}"),
            None => assert_eq!(shown, figure(ordinal)),
        }
    }
    let blocks = told["over_time"]["blocks"].as_array().unwrap().len();
    assert_eq!(blocks, 4, "{}", told["over_time"]);
    assert!(window.is_there("#over-time-plot svg") && window.is_there("#ranking-plot svg"));
    takes_along(&window, &desk, &told);

    // The switch asks again, and so does the command line.
    window.click("#both-bad-tie");
    let folded = desk.json(&["agreement", "p", "--both-bad", "tie"]);
    let folded = figure(&folded["krippendorff_alpha_nominal"]);
    window.until("the other figures", || {
        (cell(&window, "agreement", "", 4) == folded).then_some(())
    });
    window.click("#both-bad-tie");
    window.until("the figures before", || {
        (cell(&window, "agreement", "", 4) == figure(alpha)).then_some(())
    });

    window.pictures("compare");
    window.script("document.documentElement.dataset.theme = 'light'");
    window.session.resize(1000, 640).unwrap();
    window.pictures("compare-light-small");
    window.session.close();
}

/// Answers for the system's chooser of files, which no key reaches from here.
fn choosing(window: &Window, path: &Path) {
    window.script(&format!(
        "const plain = window.plain ??= window.fetch.bind(window);
         window.fetch = (asked, how) => !String(asked?.url ?? asked).endsWith('/choose_save')
           ? plain(asked, how)
           : Promise.resolve(new Response(JSON.stringify({}),
               {{headers: {{'Content-Type': 'application/json', 'Tauri-Response': 'ok'}}}}));",
        json!(path)
    ));
}

/// The tables onto the clipboard, the plots into files.
fn takes_along(window: &Window, desk: &Desk, told: &Value) {
    window.click("[data-copy=csv]");
    let csv = pasted(window);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[1],
        "# tiebreak agreement p --by task,criterion,group --both-bad category --replicates 2000 --seed 1 --json"
    );
    let alpha = &told["krippendorff_alpha_nominal"];
    let start = format!(
        "all,{},{},{},{},{}",
        told["questions"], told["votes"], alpha["value"], alpha["ci"][0], alpha["ci"][1]
    );
    assert!(lines[3].starts_with(&start), "{start} is not in {csv}");
    for ending in ["svg", "pdf"] {
        let path = desk.path(&format!("plot.{ending}"));
        choosing(window, &path);
        window.click(&format!("#over-time-plot [data-save={ending}]"));
        let saved = format!("Saved as {}", path.display());
        window.until("the saved file", || {
            let said = window.wait("#over-time-plot [role=status]");
            (said == saved).then_some(())
        });
        let bytes = std::fs::read(&path).unwrap();
        let has = |what: &[u8]| bytes.windows(what.len()).any(|w| w == what);
        match ending {
            "svg" => assert!(has(b"Made by: tiebreak agreement p --by"), "{ending}"),
            _ => assert!(bytes.starts_with(b"%PDF-") && has(b"/FontFile"), "{ending}"),
        }
    }
    let inside = json!({"path": desk.path("p/project.sqlite"), "text": ""});
    assert_eq!(window.call("figure_save", &inside)["refused"], "in_project");
}

#[test]
fn where_people_part_is_read_with_keys() {
    let desk = desk();
    let told = desk.json(&["disagreements", "p"]);
    let all = told["questions"].as_array().unwrap();
    let entropy = |n: usize| all[n]["entropy"].as_f64().unwrap();
    assert!((1..all.len()).all(|n| entropy(n) <= entropy(n - 1)));
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    compare(&window);
    window.wait("#disagreements");
    window.script("document.querySelector('#disagreements').focus()");
    window.press(DOWN);
    window.press(key::ENTER);
    let votes = window.wait("#question-votes");
    let id = all[1]["question"].as_str().unwrap();
    let whole = desk.json(&["disagreements", "p", "--question", id]);
    for vote in whole["votes"].as_array().unwrap() {
        assert!(
            votes.contains(vote["rationale"].as_str().unwrap()),
            "{votes}"
        );
    }
    window.picture("compare-question");
    window.press(key::ESCAPE);
    window.until("the list again", || {
        let focus = window.script("return document.activeElement.id");
        (focus == "disagreements" && !window.is_there("#question-dialog")).then_some(())
    });
    // The questions about pictures show them.
    let pictured = all
        .iter()
        .position(|q| q["task"] == "text_to_image")
        .unwrap();
    window.script(&format!(
        "document.querySelector('#disagreements-{pictured}').click()"
    ));
    window.until("both pictures", || {
        let shown = window.script(
            "return [...document.querySelectorAll('#question-dialog img')].filter(i => i.naturalWidth === 48).length",
        );
        (shown == 2).then_some(())
    });
    window.picture("compare-question-pictures");
    window.press(key::ESCAPE);

    // Without the switch there is no such screen, and no such answer.
    window.click("#project-label");
    window.wait("#who");
    assert!(!window.is_there("#tab-compare"));
    let refused = window.call("agreement_run", &json!({"request": {}}));
    assert_eq!(refused["refused"], "not_owner");
    window.session.close();
}

/// What a model says of the rows: mostly what most people say, in two runs.
fn results(desk: &Desk) {
    let list: Vec<Value> = (0..90)
        .map(|n| {
            let said = ["response1", "tie", "response2", "garbage"][(n * n + n / 2) % 4];
            json!({"id": format!("row-{n}"), "said": said, "why": "hidden-text"})
        })
        .collect();
    desk.write("results.json", Value::Array(list).to_string());
}

#[test]
fn what_a_model_said_is_taken_in_and_held_against_people() {
    let desk = desk();
    results(&desk);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    compare(&window);
    assert!(
        window
            .wait("#reward")
            .contains("No model has said anything")
    );
    window.click("#predictions-open");
    window.type_into("#predictions-model", "a judge");
    let file = desk.path("results.json").display().to_string();
    window.type_into("#predictions-file", &file);
    window.click("#predictions-run");
    assert!(
        window
            .wait("#predictions-problem")
            .contains("--verdict FIELD")
    );
    window.type_into("#predictions-verdict", "said");
    window.type_into("#predictions-values", "garbage");
    assert!(window.wait("#predictions-values-hint").contains("none"));
    window.type_into("#predictions-values", " = none");
    window.click("#predictions-run");
    let report = window.wait("#predictions-report");
    assert!(
        report.contains("90 rows of 90 found their question: 90 new"),
        "{report}"
    );

    let told = desk.json(&["compare", "p"]);
    let model = &told["models"][0];
    assert!(model["failed"].as_u64() > Some(0), "{model}");
    for (table, ties) in [
        ("accuracy-ties", "with_ties"),
        ("accuracy-no-ties", "without_ties"),
    ] {
        let mut wanted = Vec::new();
        for task in ["text_to_text", "text_image_to_text"] {
            wanted.push(share(&model[ties][task]));
        }
        wanted.push(share(&model[format!("{ties}_mean")]["mean"]));
        let key = format!("{} with_tie 12", model["id"].as_str().unwrap());
        let shown: Vec<String> = (2..=4).map(|n| cell(&window, table, &key, n)).collect();
        assert_eq!(shown, wanted, "{table}");
    }
    let people = cell(&window, "beside-people", "people", 2);
    assert_eq!(people, share(&told["human_ceiling"]));
    window.script("document.querySelector('#reward').scrollIntoView()");
    window.picture("compare-reward");
    window.session.resize(1000, 640).unwrap();
    window.script("document.querySelector('#reward').scrollIntoView()");
    window.picture("compare-reward-small");

    // An annotator's page hears nothing of it, and cannot ask.
    window.click("#project-label");
    window.enter_as("new");
    let page = window.script("return document.documentElement.outerHTML");
    assert!(!page.as_str().unwrap().contains("hidden-text"));
    let request = json!({"request": {}});
    assert_eq!(window.call("compare_run", &request)["refused"], "not_owner");
    window.session.close();
}

const JUDGES: [&str; 3] = [
    "a-judge-with-a-name-that-goes-on-and-on-for-longer-than-any-column-of-a-table",
    "نموذج_الحكم_العربي_ذو_الاسم_الطويل",
    "评判模型",
];

/// Three models: two with scores, one with verdicts, each right in its own way.
fn judges(desk: &Desk) {
    for (which, name) in JUDGES.iter().enumerate() {
        let list: Vec<Value> = (0..90_usize)
            .map(|n| {
                let margin = ((n * (7 + which) + n * n / 3) % 13) as f64 / 3.0 - 2.0;
                let said = ["response1", "tie", "response2"][(n * n + n / (2 + which)) % 3];
                match which {
                    2 => json!({"id": format!("row-{n}"), "predicted": said}),
                    _ => json!({"id": format!("row-{n}"), "s1": margin, "s2": 0.0}),
                }
            })
            .collect();
        let file = format!("judge-{which}.json");
        desk.write(&file, Value::Array(list).to_string());
        let mut words = vec![
            "predictions",
            "import",
            "p",
            &file,
            "--model",
            name,
            "--match",
            "id",
        ];
        if which != 2 {
            words.extend(["--scores", "s1,s2"]);
        }
        desk.ok(&words);
    }
}

#[test]
fn the_command_line_says_it_in_words_and_in_the_papers_tables() {
    let desk = desk();
    judges(&desk);
    let said = desk.ok(&["compare", "p", "--contradictions", "1"]);
    for part in [
        "alt-test: The model may not stand in for a person like these at ε = 0.2",
        "advantage probability (rho)",
        "expected calibration error",
        "calibration of P(1 better) = sigma(score 1 - score 2): undefined, because it gives no scores",
        "Paired differences, accuracy with ties",
        "moves when people's verdict does",
        "fewer than 10 say nothing of how tasks go together",
    ] {
        assert!(said.contains(part), "{part} is missing in {said}");
    }
    let latex = desk.ok(&["compare", "p", "--table", "latex", "--with-paper"]);
    assert!(latex.contains("\\begin{tabular}"), "{latex}");
    let row = latex
        .lines()
        .find(|line| line.starts_with("MiniCPM-V-2.6 (paper) &"));
    let row = row.unwrap();
    assert!(
        row.contains("& 57.55 & 54.73 & 53.27 & -- & 48.92"),
        "{row}"
    );
    assert!(row.ends_with("& 47.88 & 7 \\\\"), "{row}");
    let refused = desk.run(&["compare", "p", "--alt-epsilon", "1"]);
    assert!(!refused.status.success());
    let one = [
        "predictions",
        "import",
        "p",
        "judge-0.json",
        "--model",
        "m",
        "--match",
        "id",
    ];
    let refused = desk.run(&[&one[..], &["--scores", "s1"]].concat());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("two fields"));
}

#[test]
fn several_models_are_held_against_people_and_each_other() {
    let desk = desk();
    judges(&desk);
    let told = desk.json(&["compare", "p"]);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    compare(&window);
    window.wait("#reward[data-busy=false] #model-closely");
    window.session.resize(1280, 800).unwrap();
    for model in told["models"].as_array().unwrap() {
        let key = format!("{} with_tie 12", model["id"].as_str().unwrap());
        let alt = &model["alt_test"];
        assert_eq!(cell(&window, "alt-test", &key, 2), figure(&alt["omega"]));
        assert_eq!(cell(&window, "alt-test", &key, 3), figure(&alt["rho"]));
        let answer = if alt["passes"] == true {
            "may"
        } else {
            "may not"
        };
        assert_eq!(cell(&window, "alt-test", &key, 5), answer);
    }
    window.script("document.querySelectorAll('#reward details').forEach(d => d.open = true)");
    let difference = &told["paired_differences"]["with_ties"][0]["difference"];
    assert_eq!(
        cell(&window, "differences-ties", "0 1", 3),
        figure(difference)
    );
    for (part, name) in [
        ("#accuracy-ties", "accuracy"),
        ("#alt-test", "alt"),
        ("#differences-ties", "differences"),
        ("#first-place", "leanings"),
        ("#criterion-following", "criteria"),
        ("#model-closely", "closely"),
        ("#contradictions", "against"),
    ] {
        for (width, height) in [(1280, 800), (900, 800)] {
            window.session.resize(width, height).unwrap();
            window.script(&format!(
                "document.querySelector('{part}').scrollIntoView()"
            ));
            window.picture(&format!("compare-models-{name}-{width}"));
        }
    }

    // The list of what goes against people, by keys alone.
    window.session.resize(1280, 800).unwrap();
    let against = &told["models"][0]["contradictions"]["questions"];
    window.script("document.querySelector('#contradictions').focus()");
    window.press(DOWN);
    let second = window.script(
        "return document.querySelector('#contradictions [aria-selected=true]').textContent",
    );
    let second = second.as_str().unwrap();
    let criterion = against[1]["criterion"].as_str().unwrap();
    assert!(second.contains(criterion), "{second}");
    window.press(key::ENTER);
    let dialog = window.wait("#question-dialog .criterion");
    assert_eq!(dialog.trim(), criterion);
    window.press(key::ESCAPE);

    // A model without scores states nothing.
    let verdicts = told["models"]
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["name"] == JUDGES[2]);
    let chosen = format!("{} with_tie 12", verdicts.unwrap()["id"].as_str().unwrap());
    window.pick("#model-chosen", &chosen);
    window.until("the other model", || {
        let text = window.wait("#model-closely");
        text.contains("gives no scores").then_some(())
    });
    window.script("document.querySelector('#model-closely').scrollIntoView()");
    window.picture("compare-models-verdicts");

    // The paper's models make tasks comparable.
    window.click("#with-paper");
    window.until("the paper's models", || {
        let text = window.wait("#reward");
        text.contains("37 models of the paper").then_some(())
    });
    window.script("document.querySelectorAll('#reward details').forEach(d => d.open = true)");
    window.script("document.querySelector('#task-correlations').scrollIntoView()");
    window.picture("compare-models-tasks");
    window.session.close();
}

#[test]
fn a_project_without_two_votes_says_what_is_needed() {
    let desk = Desk::with_project();
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    compare(&window);
    assert!(window.wait("#compare-empty").contains("Two people"));
    assert!(!window.is_there("table"));
    window.picture("compare-empty");
    window.session.close();
}
