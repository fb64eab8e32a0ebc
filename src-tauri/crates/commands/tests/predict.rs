//! Programs as reward models: every answer is a row, a run goes on where it stopped, nonsense counts as
//! wrong, and a broken program stops the run with nothing made up.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::path::PathBuf;

use common::{Made, made, rows};
use tiebreak_commands::compare::{self, CompareRequest};
use tiebreak_commands::import::Cancel;
use tiebreak_commands::models;
use tiebreak_commands::predict::{self, Orders, PredictProgress, PredictReport, PredictRequest};
use tiebreak_commands::projects::NewProject;
use tiebreak_domain::{Setting, Shown, Verdict};
use tiebreak_store::{Predicted, PredictedBy};

/// A benchmark of `pairs` pairs under one criterion: response 1 where the pair's number is even, else
/// a tie. The responses are `one-N` and `two-N`.
async fn bench(pairs: usize) -> Made {
    let made = made(&NewProject::default()).await;
    let name = "text_to_text_preferences.json";
    made.import_text(name, &rows(pairs, 1)).await.unwrap();
    made
}

/// Describes a program in `sh` that has each line in `$q` and says what `answer` prints.
fn model(made: &Made, name: &str, answer: &str, more: &str) -> PathBuf {
    let script = format!("while read -r q; do\n{answer}\ndone\n");
    made.file(&format!("models/{name}.sh"), &script);
    let toml = format!(
        "name = \"{name}\"\nprogram = \"sh\"\narguments = [\"{name}.sh\"]\ndeadline_s = 20\n{more}"
    );
    let file = made.file(&format!("models/{name}.toml"), &toml);
    file.parent().unwrap().to_path_buf()
}

fn request(made: &Made, model: &str) -> PredictRequest {
    PredictRequest {
        model: model.to_owned(),
        folder: Some(made.folder.path().join("models").display().to_string()),
        questions: Vec::new(),
        limit: None,
        setting: None,
        order: Orders::OneTwo,
    }
}

async fn run(made: &Made, request: &PredictRequest) -> PredictReport {
    predict::run(&made.project, request, &Cancel::default(), |_| {})
        .await
        .unwrap()
}

async fn kept(made: &Made) -> (Vec<PredictedBy>, Vec<Predicted>) {
    made.project.predictions().await.unwrap()
}

const FIRST_WINS: &str = r#"echo '{"verdict": "response1", "text": "it came first"}'"#;

#[tokio::test]
async fn who_always_says_the_first_says_both_in_both_orders() {
    let made = bench(6).await;
    model(&made, "first", FIRST_WINS, "");
    let mut wish = request(&made, "first");
    wish.order = Orders::Both;
    let mut told: Vec<PredictProgress> = Vec::new();
    let report = predict::run(&made.project, &wish, &Cancel::default(), |p| told.push(p))
        .await
        .unwrap();
    assert_eq!((report.added, report.failed, report.left), (12, 0, 0));
    assert_eq!(report.orders, [Shown::OneTwo, Shown::TwoOne]);
    let (by, all) = kept(&made).await;
    for one in &all {
        let wanted = match by[one.by].shown {
            Shown::OneTwo => Verdict::Response1,
            Shown::TwoOne => Verdict::Response2,
        };
        assert_eq!(one.verdict, Some(wanted), "in data terms");
    }
    // The estimate comes after three answers and not before.
    let of = |done: u64| told.iter().rfind(|p| p.done == done).unwrap();
    assert_eq!((of(2).left_ms, of(2).total), (None, 12));
    assert!(of(3).left_ms.is_some());

    let compared = compare::run(&made.project, CompareRequest::default())
        .await
        .unwrap();
    let swap = &compared.swaps[0];
    assert_eq!(
        (swap.same.value(), swap.first.value()),
        (Some(0.0), Some(1.0))
    );
    let logged = made.project.logged().await.unwrap();
    let lines = logged.iter().filter(|(_, what, _)| what == "predict");
    assert_eq!(
        lines.count(),
        2,
        "a run is logged once, not answer by answer"
    );
}

#[tokio::test]
async fn what_is_no_answer_is_kept_counts_as_wrong_and_is_not_asked_again() {
    let made = bench(8).await;
    let answer = r#"case "$q" in
  *one-2*) echo 'Traceback (most recent call last):';;
  *one-4*) echo '{"text": "[[A]] and [[B]]"}';;
  *one-6*) echo '{"score1": 1, "score2": NaN}';;
  *) echo '{"verdict": "response1"}';;
esac"#;
    model(&made, "odd", answer, "");
    let report = run(&made, &request(&made, "odd")).await;
    assert_eq!((report.added, report.failed, report.left), (8, 3, 0));
    let why: Vec<&str> = report.failures.iter().map(|f| f.message.as_str()).collect();
    assert!(why[0].contains("no line of JSON"), "{why:?}");
    assert!(why[1].contains("both verdicts"), "{why:?}");
    assert!(why[2].contains("neither NaN nor Infinity"), "{why:?}");
    let again = run(&made, &request(&made, "odd")).await;
    assert_eq!((again.added, again.known), (0, 8));
    let compared = compare::run(&made.project, CompareRequest::default())
        .await
        .unwrap();
    let found = &compared.models[0];
    assert_eq!((found.predictions, found.failed), (8, 3));
    // Of the four pairs where response 1 is right, one answer is left that is readable and right.
    assert_eq!(found.without_ties["text_to_text"].value(), Some(0.25));
}

#[tokio::test]
async fn a_broken_program_stops_the_run_and_leaves_nothing_behind() {
    let made = bench(7).await;
    let answer = r#"case "$q" in
  *one-[0-2]*) echo '{"verdict": "tie"}';;
  *) echo 'CUDA out of memory' >&2; exit 1;;
esac"#;
    let folder = model(&made, "dies", answer, "");
    let report = run(&made, &request(&made, "dies")).await;
    assert_eq!((report.added, report.left), (3, 4));
    let why = report.stopped.unwrap();
    assert!(
        why.contains("3 times in a row") && why.contains("CUDA out of memory"),
        "{why}"
    );
    // Another machine, the same model: what it failed on is asked again.
    let script = folder.join("dies.sh");
    assert!(script.is_file());
    let again = run(&made, &request(&made, "dies")).await;
    assert_eq!((again.added, again.known, again.failed), (0, 3, 0));

    // One that dies on a question now and then goes on, and that question counts as wrong.
    let answer = r#"case "$q" in
  *one-[356]*) exit 9;;
  *) echo '{"verdict": "tie"}';;
esac"#;
    model(&made, "stumbles", answer, "");
    let report = run(&made, &request(&made, "stumbles")).await;
    assert_eq!((report.added, report.failed, report.left), (7, 3, 0));
    assert_eq!(report.stopped, None);
    assert!(report.failures[0].message.contains("exit status: 9"));

    // Two questions, and both cost it its life: that says nothing of the questions.
    model(&made, "broken", "exit 1", "");
    let mut wish = request(&made, "broken");
    wish.limit = Some(2);
    let report = run(&made, &wish).await;
    assert_eq!((report.added, report.left), (0, 7));
    assert!(report.stopped.unwrap().contains("on everything"));

    let missing = "name = \"none\"\nprogram = \"./no-such-program\"\n";
    made.file("models/none.toml", missing);
    let report = run(&made, &request(&made, "none")).await;
    assert_eq!((report.added, report.left), (0, 7));
    assert!(report.stopped.unwrap().contains("could not be started"));
}

#[tokio::test]
async fn a_cancelled_run_keeps_what_it_has_and_goes_on() {
    let made = bench(9).await;
    let answer = format!("case \"$q\" in *one-5*) [ -e go ] || sleep 60;; esac\n{FIRST_WINS}");
    let folder = model(&made, "slow", &answer, "");
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let seen = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let begun = std::sync::Arc::clone(&seen);
    let stopper = std::thread::spawn(move || {
        while !begun.load(std::sync::atomic::Ordering::SeqCst) {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
        stop.cancel();
    });
    let tell = |p: PredictProgress| {
        if p.done == 5 {
            seen.store(true, std::sync::atomic::Ordering::SeqCst);
        }
    };
    let report = predict::run(&made.project, &request(&made, "slow"), &cancel, tell)
        .await
        .unwrap();
    stopper.join().unwrap();
    assert!(report.cancelled && report.stopped.is_none());
    assert_eq!((report.added, report.failed, report.left), (5, 0, 4));
    std::fs::write(folder.join("go"), "").unwrap();
    let again = run(&made, &request(&made, "slow")).await;
    assert_eq!((again.added, again.known, again.left), (4, 5, 0));
    assert_eq!(kept(&made).await.1.len(), 9, "nothing is stored twice");
}

#[tokio::test]
async fn tasks_that_it_does_not_take_and_settings_are_kept_apart() {
    let made = bench(4).await;
    model(
        &made,
        "pictures",
        FIRST_WINS,
        "tasks = [\"text_to_image\"]\n",
    );
    let report = run(&made, &request(&made, "pictures")).await;
    assert_eq!(
        (report.questions, report.not_taken, report.added),
        (4, 4, 0)
    );

    let answer = r#"case "$q" in
  *'"ties":true'*) echo '{"verdict": "tie"}';;
  *) echo '{"verdict": "response2"}';;
esac"#;
    model(&made, "ties", answer, "");
    let mut wish = request(&made, "ties");
    wish.limit = Some(2);
    assert_eq!(run(&made, &wish).await.left, 2);
    wish.setting = Some(Setting::WithoutTie);
    wish.questions = vec!["source-3-0".to_owned()];
    assert_eq!(run(&made, &wish).await.added, 1);
    let (by, all) = kept(&made).await;
    let said: Vec<_> = all
        .iter()
        .map(|one| (by[one.by].setting, one.verdict))
        .collect();
    let count = |setting, verdict| {
        said.iter()
            .filter(|s| **s == (setting, Some(verdict)))
            .count()
    };
    assert_eq!(count(Setting::WithTie, Verdict::Tie), 2);
    assert_eq!(count(Setting::WithoutTie, Verdict::Response2), 1);
}

#[tokio::test]
async fn models_are_listed_and_bad_ones_say_why() {
    let made = bench(1).await;
    let folder = model(
        &made,
        "good",
        FIRST_WINS,
        "memory_mb = 12\ntasks = [\"text_to_text\"]\n",
    );
    model(
        &made,
        "pickled",
        FIRST_WINS,
        "[[file]]\npath = \"weights.bin\"\n",
    );
    made.file("models/twin.toml", "name = \"good\"\nprogram = \"true\"\n");
    let report = models::list(Some(&folder)).await.unwrap();
    let names: Vec<&str> = report.models.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["surface", "good", "pickled", "good"]);
    let good = &report.models[1];
    assert_eq!((good.memory_mb, good.problem.as_deref()), (Some(12), None));
    assert_eq!(good.hash.as_ref().map(String::len), Some(64));
    let why = |n: usize| report.models[n].problem.clone().unwrap();
    assert!(why(2).contains("weights.bin is a pickle"), "{}", why(2));
    assert!(why(3).contains("same name"), "{}", why(3));

    for (name, code) in [("pickled", "bad_model"), ("nobody", "no_model")] {
        let (wish, cancel) = (request(&made, name), Cancel::default());
        let refused = predict::run(&made.project, &wish, &cancel, |_| {});
        assert_eq!(refused.await.unwrap_err().code, code);
    }
    // Another script under the same name is another version, and asked anew.
    let first = run(&made, &request(&made, "good")).await;
    model(&made, "good", r#"echo '{"score1": 0, "score2": 1}'"#, "");
    let second = run(&made, &request(&made, "good")).await;
    assert_ne!(first.hash, second.hash);
    assert_eq!((second.added, second.known), (1, 0));
}

/// Two copies ask the same model, each some of the questions: joined in either order they hold the same,
/// once each.
#[tokio::test]
async fn what_copies_asked_is_joined() {
    let desk = common::desk::Desk::new();
    desk.make("a", &NewProject::default()).await;
    let file = desk.file("text_to_text_preferences.json", &rows(6, 1));
    desk.import("a", &file, false).await;
    desk.copy("a", "b");
    let script = format!("while read -r q; do\n{FIRST_WINS}\ndone\n");
    desk.file("first.sh", &script);
    let toml = "name = \"first\"\nprogram = \"sh\"\narguments = [\"first.sh\"]\n";
    let folder = desk.file("first.toml", toml);
    let folder = folder.parent().unwrap().display().to_string();
    for (copy, ids) in [("a", [0, 1, 2, 3]), ("b", [2, 3, 4, 5])] {
        let project = desk.open(copy).await;
        let wish = PredictRequest {
            model: "first".to_owned(),
            folder: Some(folder.clone()),
            questions: ids.map(|n| format!("source-{n}-0")).to_vec(),
            limit: None,
            setting: None,
            order: Orders::OneTwo,
        };
        let report = predict::run(&project, &wish, &Cancel::default(), |_| {}).await;
        assert_eq!(report.unwrap().added, 4);
        project.close().await;
    }
    desk.copy("a", "ab");
    desk.copy("b", "ba");
    assert_eq!(desk.merge("ab", "b").await.predictions, 2);
    assert_eq!(desk.merge("ba", "a").await.predictions, 2);
    assert_eq!(desk.merge("ab", "b").await.predictions, 0);
    let held = async |name: &str| {
        let project = desk.open(name).await;
        let found = project.predictions().await.unwrap();
        project.close().await;
        found
    };
    assert_eq!(held("ab").await, held("ba").await);
    assert_eq!(held("ab").await.1.len(), 6);
}
