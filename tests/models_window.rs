//! The owner's Models screen in the real window: models are listed, asked, stopped, and held against
//! people; and no annotator's page comes near them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

use serde_json::{Value, json};
use tiebreak_tests::window::{Stage, Window};
use tiebreak_tests::{Desk, figures};

const ARABIC: &str = "نموذج_يقيس_الطول_ولا_شيء_غيره";
const CHINESE: &str = "长度模型";

/// Labelled rows under criteria in three scripts: longer wins, mostly.
fn rows() -> Value {
    let criteria = [
        "Which answer follows the steps of the question more closely, leaves none of them out, and says \
         for each of them why it is needed?",
        "哪个回答更准确？",
        "أيّ الإجابتين أوضح وأدقّ؟",
    ];
    let row = |n: usize| {
        let [one, two] = [n * 7 % 23 + 1, n * 5 % 19 + 1];
        let longer = if one > two { "response1" } else { "response2" };
        json!({
            "prompt": format!("Prompt {}", n / 3), "response1": "word ".repeat(one),
            "response2": "word ".repeat(two), "criteria": criteria[n % 3],
            "criteria_preference": if n.is_multiple_of(7) { "tie" } else { longer },
            "model1": "hidden-model-a", "model2": "hidden-model-b", "id": format!("row-{n}"),
        })
    };
    Value::Array((0..120).map(row).collect())
}

fn described(desk: &Desk, name: &str, about: &str, answer: &str, more: &str) {
    let script = format!("while read -r q; do\n{answer}\ndone\n");
    desk.write(&format!("models/{name}.sh"), script);
    let toml = format!(
        "name = \"{name}\"\nabout = \"{about}\"\nprogram = \"sh\"\narguments = [\"{name}.sh\"]\n{more}"
    );
    desk.write(&format!("models/{name}.toml"), toml);
}

fn desk() -> Desk {
    let desk = Desk::with_project();
    desk.write("text_to_text_preferences.json", rows().to_string());
    desk.ok(&["import", "p", "text_to_text_preferences.json"]);
    let says = "case \"$q\" in *'\"question\":4,'*) echo 'Loading checkpoint shards: 100%';; \
                *) sleep 0.2; echo '{\"verdict\": \"response1\", \"text\": \"hidden-text\"}';; esac";
    described(
        &desk,
        CHINESE,
        "说它喜欢的那一个，并解释为什么；它的说明很长，长到一行放不下，因此必须换行，而且仍然要容易读。",
        says,
        "memory_mb = 24000\ntasks = [\"text_to_text\", \"text_image_to_text\"]\n",
    );
    let dies = "echo 'RuntimeError: CUDA error: out of memory' >&2; exit 1";
    described(&desk, ARABIC, "يفضّل الإجابة الأطول دائمًا.", dies, "");
    described(
        &desk,
        "pickled",
        "",
        "",
        "[[file]]\npath = \"weights/pytorch_model.bin\"\n",
    );
    desk
}

fn open(window: &Window) {
    window.click("#who-owner");
    window.click("#tab-models");
    window.wait("#model-list");
}

fn choose(window: &Window, name: &str) {
    window.click(&format!("#model-list [data-model=\"{name}\"] input"));
}

#[test]
fn the_surface_is_asked_and_its_figures_are_the_command_lines() {
    let desk = desk();
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    open(&window);
    let told = desk.json(&["surface", "p"]);
    let sentence = window.wait("#surface-sentence");
    assert_eq!(sentence, told["sentence"].as_str().unwrap());
    let cell = |row: &str, column: usize| {
        let words = window.wait(&format!(
            "#surface-explained tr[data-row=\"{row}\"] > :nth-child({column})"
        ));
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(cell("all", 2), figures::share(&told["all"]["explained"]));
    assert_eq!(cell("all", 5), figures::share(&told["all"]["without_ties"]));
    for n in 0..3 {
        let of = &told["by_criterion"][n]["figures"];
        assert_eq!(cell(&n.to_string(), 3), figures::share(&of["with_ties"]));
    }
    let first = window.wait("#surface-weights tbody tr");
    assert!(
        first.contains(told["all"]["weights"][0]["says"].as_str().unwrap()),
        "{first}"
    );

    window.click("#ask-run");
    let report = window.wait("#ask-report");
    assert!(
        report.contains("120 answers new, 0 there before, 0 still wanted"),
        "{report}"
    );
    assert!(window.wait("#ask").contains("no order that could draw it"));
    window.pictures("models-surface");
    window.click("#ask-compare");
    window.wait("#accuracy-ties");
    let compared = desk.json(&["compare", "p"]);
    assert_eq!(compared["models"][0]["hash"], told["hash"]);
    window.session.close();
}

#[test]
fn a_program_is_asked_stopped_and_gone_on_with() {
    let desk = desk();
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    open(&window);
    let folder = desk.path("models").display().to_string();
    window.type_into("#models-folder", &folder);
    window.click("#models-again");
    window.wait(&format!("#model-list [data-model=\"{CHINESE}\"]"));
    let list = window.wait("#model-list");
    assert!(
        list.contains("weights/pytorch_model.bin is a pickle"),
        "{list}"
    );
    assert!(list.contains("MiB of memory"), "{list}");
    window.picture("models-list");

    choose(&window, CHINESE);
    window.type_into("#ask-count", "none");
    assert!(window.wait("#ask-count-hint").contains("whole number"));
    window.script(
        "const e = document.querySelector('#ask-count'); e.value = '100'; e.dispatchEvent(new Event('input'))",
    );
    window.click("#ask-run");
    window.until("an estimate", || {
        let says = window.wait("#ask-progress");
        (says.contains("left") && says.contains("failed")).then_some(())
    });
    window.picture("models-running");
    // It goes on while another screen is open, and one more is refused.
    window.click("#tab-project");
    window.click("#tab-models");
    assert!(window.wait("#ask-progress").contains("of 100 answers"));
    let more = json!({"request": {"model": "surface"}, "onProgress": "__CHANNEL__:1"});
    assert_eq!(window.call("predict_run", &more)["refused"], "busy");
    window.click("#ask-cancel");
    let report = window.wait("#ask-report");
    assert!(
        report.contains("Stopped: what was written stays"),
        "{report}"
    );
    assert!(
        report.contains("1 answer is none") && report.contains("no line of JSON"),
        "{report}"
    );
    window.picture("models-stopped");
    let kept = desk.json(&["compare", "p"])["models"][0]["predictions"]
        .as_u64()
        .unwrap();
    assert!(report.contains(&format!("{kept} answers new")), "{report}");
    window.script(
        "const e = document.querySelector('#ask-count'); e.value = '2'; e.dispatchEvent(new Event('input'))",
    );
    window.click("#ask-run");
    window.until("the rest", || {
        let report = window.wait("#ask-report");
        report
            .contains(&format!("2 answers new, {kept} there before"))
            .then_some(())
    });

    choose(&window, ARABIC);
    window.click("#ask-run");
    window.until("the sentence", || {
        let report = window.wait("#ask-report");
        report.contains("CUDA error: out of memory").then_some(())
    });
    window.session.resize(1000, 640).unwrap();
    window.script("document.documentElement.dataset.theme = 'light'");
    window.pictures("models-light-small");
    window.session.close();
}

#[test]
fn no_annotators_session_reaches_models_or_what_they_said() {
    let desk = desk();
    let folder = desk.path("models").display().to_string();
    let asked = [
        "predict", "p", "--model", CHINESE, "--folder", &folder, "--limit", "3",
    ];
    desk.ok(&asked);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.enter_as("anna");
    assert!(!window.is_there("#tab-models"));
    let commands = [
        ("models_list", json!({"folder": null})),
        (
            "predict_run",
            json!({"request": {"model": "surface"}, "onProgress": "__CHANNEL__:1"}),
        ),
        ("predict_cancel", json!({})),
        ("surface_run", json!({"request": {}})),
        ("compare_run", json!({"request": {}})),
    ];
    for (command, with) in commands {
        assert_eq!(
            window.call(command, &with)["refused"],
            "not_owner",
            "{command}"
        );
    }
    let page = window.script(
        "return document.documentElement.outerHTML + JSON.stringify({...localStorage, ...sessionStorage})",
    );
    let page = page.as_str().unwrap();
    for secret in ["hidden-text", CHINESE, "surface-", "hidden-model"] {
        assert!(!page.contains(secret), "{secret}");
    }
    window.session.close();
}
