//! Joining projects: in every order the same, twice the same, nothing lost, and told what was met.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{folder, rows};
use tempfile::TempDir;
use tiebreak_commands::dto::{ExportRequest, ImportRequest, MergeReport, VoteRequest};
use tiebreak_commands::import::{self, Cancel};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{Project, Result, SystemClock, annotators, export, label, merge};
use tiebreak_domain::{AnnotatorId, Attention, Confidence, Next, ScreenVerdict, SkipReason};

/// A small generator of its own (SplitMix64, Steele et al. 2014), so that a failure can be run
/// again by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

/// Projects in folders of one desk, open only while something is done to them.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(folder())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    async fn make(&self, name: &str, wish: &NewProject) {
        let project = projects::create(&self.path(name), wish, Arc::new(SystemClock)).await;
        project.unwrap().close().await;
    }

    async fn open(&self, name: &str) -> Project {
        let opened = projects::open(&self.path(name), Arc::new(SystemClock)).await;
        opened.unwrap()
    }

    async fn import(&self, name: &str, file: &Path, copy_media: bool) {
        let project = self.open(name).await;
        let request = ImportRequest {
            file: file.display().to_string(),
            copy_media,
            task: task_of(file),
            ..ImportRequest::default()
        };
        let cancel = Cancel::default();
        let report = import::run(&project, &request, false, &cancel, |_| {}).await;
        let report = report.unwrap();
        assert_eq!(report.refused, 0, "{report:?}");
        project.close().await;
    }

    fn copy(&self, from: &str, to: &str) {
        copy_tree(&self.path(from), &self.path(to));
    }

    async fn try_merge(&self, name: &str, other: &str) -> Result<MergeReport> {
        let project = self.open(name).await;
        let other = self.path(other);
        let report = merge::run(&project, &other, false, &Cancel::default()).await;
        project.close().await;
        report
    }

    async fn merge(&self, name: &str, other: &str) -> MergeReport {
        self.try_merge(name, other).await.unwrap()
    }

    /// Takes the votes of one project into another as a file: those on questions that it has not
    /// are refused.
    async fn send_votes(&self, from: &str, to: &str) {
        let text = &self.exports(from).await["votes majority votes-majority"];
        let file = self.file("votes.jsonl", text);
        let project = self.open(to).await;
        let request = ImportRequest {
            file: file.display().to_string(),
            format: Some("votes".into()),
            ..ImportRequest::default()
        };
        let cancel = Cancel::default();
        import::run(&project, &request, false, &cancel, |_| {})
            .await
            .unwrap();
        project.close().await;
    }

    /// Everything that can be written out, and that `check` finds nothing.
    async fn exports(&self, name: &str) -> BTreeMap<String, String> {
        let project = self.open(name).await;
        let report = projects::check(&project).await.unwrap();
        assert!(report.ok, "{name}: {:?}", report.findings);
        let mut written = BTreeMap::new();
        for format in ["omni-rewardbench", "votes", "csv"] {
            for rule in ["majority", "unanimous"] {
                let out = self.path(&format!("out-{name}/{format}-{rule}"));
                let request = ExportRequest {
                    format: format.into(),
                    out: out.display().to_string(),
                    rule: Some(rule.into()),
                    ignore_imported: rule == "unanimous",
                };
                let report = export::run(&project, &request).await.unwrap();
                for file in report.files {
                    let text = std::fs::read_to_string(&file).unwrap();
                    let short = Path::new(&file).file_name().unwrap().to_string_lossy();
                    written.insert(format!("{format} {rule} {short}"), text);
                }
            }
        }
        written.insert("state".into(), state(&project).await);
        project.close().await;
        std::fs::remove_dir_all(self.path(&format!("out-{name}"))).unwrap();
        written
    }

    /// Merges three projects in every order and into every one of them, in pairs too, and expects
    /// the same bytes each time. Returns them.
    async fn every_order(&self, three: [&str; 3]) -> BTreeMap<String, String> {
        let [a, b, c] = three;
        let orders = [
            [a, b, c],
            [a, c, b],
            [b, a, c],
            [b, c, a],
            [c, a, b],
            [c, b, a],
        ];
        let mut first: Option<BTreeMap<String, String>> = None;
        for (n, [target, one, two]) in orders.into_iter().enumerate() {
            let name = format!("order-{n}");
            self.copy(target, &name);
            self.merge(&name, one).await;
            self.merge(&name, two).await;
            let exports = self.exports(&name).await;
            same(
                first.get_or_insert_with(|| exports.clone()),
                &exports,
                &name,
            );
            for other in [one, two] {
                let again = self.merge(&name, other).await;
                assert_eq!(news(&again), [0; 9], "the same again: {again:?}");
            }
            same(&exports, &self.exports(&name).await, "twice is once");
        }
        // Two that were merged already are merged.
        self.copy("order-0", "joined");
        self.merge("joined", "order-3").await;
        same(
            first.as_ref().unwrap(),
            &self.exports("joined").await,
            "joined ones",
        );
        self.copy(b, "pair");
        self.merge("pair", c).await;
        self.copy(a, "grouped");
        self.merge("grouped", "pair").await;
        same(
            first.as_ref().unwrap(),
            &self.exports("grouped").await,
            "grouped",
        );
        for name in ["joined", "pair", "grouped"] {
            std::fs::remove_dir_all(self.path(name)).unwrap();
        }
        for n in 0..6 {
            std::fs::remove_dir_all(self.path(&format!("order-{n}"))).unwrap();
        }
        first.unwrap()
    }
}

/// Which questions everybody has answered or skipped, a line each.
async fn state(project: &Project) -> String {
    let mut lines = Vec::new();
    for who in project.annotators().await.unwrap() {
        for entry in label::history(project, who.id, 10_000).await.unwrap() {
            let done = (entry.question, entry.verdict.is_some(), entry.skipped);
            lines.push(format!("{} {done:?} {}", who.id, entry.rationale));
        }
    }
    lines.sort();
    lines.join("\n")
}

/// The task of a file whose name begins with something else.
fn task_of(file: &Path) -> Option<String> {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let other = name.ends_with("_text_to_text_preferences.json");
    other.then(|| "text_to_text".to_owned())
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy_tree(&path, &target),
            false => drop(std::fs::copy(&path, &target).unwrap()),
        }
    }
}

/// Every file under a folder, with its content.
fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(content(&path)),
            false => drop(found.insert(path.clone(), std::fs::read(&path).unwrap())),
        }
    }
    found
}

fn same(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>, what: &str) {
    let files = |exports: &BTreeMap<String, String>| exports.keys().cloned().collect::<Vec<_>>();
    assert_eq!(files(one), files(other), "{what}");
    for (file, text) in one {
        for (n, (a, b)) in text.lines().zip(other[file].lines()).enumerate() {
            assert_eq!(a, b, "{what}: {file}, line {n}");
        }
        assert_eq!(text.len(), other[file].len(), "{what}: {file}");
    }
}

fn news(report: &MergeReport) -> [u64; 9] {
    [
        report.pairs,
        report.questions,
        report.criteria,
        report.votes,
        report.skips,
        report.resolutions,
        report.media,
        report.media_copied,
        report.annotators_new,
    ]
}

fn codes(report: &MergeReport) -> Vec<&str> {
    report.remarks.iter().map(|r| r.code.as_str()).collect()
}

async fn vote(project: &Project, who: AnnotatorId, dice: &mut Dice) -> bool {
    let Next::Question(view) = label::next(project, who).await.unwrap() else {
        return false;
    };
    if view.criterion.is_none() {
        let text = format!("criterion of their own {}", dice.roll(4));
        label::criteria(project, who, view.pair, &[text])
            .await
            .unwrap();
        return true;
    }
    let request = VoteRequest {
        assignment: view.assignment,
        verdict: ScreenVerdict::ALL[usize::try_from(dice.roll(4)).unwrap()],
        confidence: Confidence::new(i64::try_from(dice.roll(4)).unwrap()).ok(),
        rationale: format!("because {}", dice.roll(1000)),
        attention: Attention {
            gain_db: [-2.5, 0.1],
            ..Attention::default()
        },
    };
    label::vote(project, who, request, "test 1").await.unwrap();
    true
}

async fn change(project: &Project, who: AnnotatorId, dice: &mut Dice) {
    let done = label::history(project, who, 1000).await.unwrap();
    if done.is_empty() {
        return;
    }
    let entry = &done[usize::try_from(dice.roll(done.len() as u64)).unwrap()];
    if entry.criterion.is_none() {
        return;
    }
    let request = VoteRequest {
        assignment: entry.assignment,
        verdict: ScreenVerdict::ALL[usize::try_from(dice.roll(4)).unwrap()],
        confidence: None,
        rationale: String::new(),
        attention: Attention::default(),
    };
    label::vote(project, who, request, "test 1").await.unwrap();
}

async fn skip(project: &Project, who: AnnotatorId, dice: &mut Dice) {
    if let Next::Question(view) = label::next(project, who).await.unwrap() {
        let reason = SkipReason::ALL[usize::try_from(dice.roll(4)).unwrap()];
        label::skip(project, who, view.assignment, reason, "a note")
            .await
            .unwrap();
    }
}

/// Writes a criterion of few words for the pair that stands before the annotator.
async fn write(project: &Project, who: AnnotatorId, dice: &mut Dice) {
    if let Next::Question(view) = label::next(project, who).await.unwrap() {
        let text = format!("criterion of their own {}", dice.roll(4));
        label::criteria(project, who, view.pair, &[text])
            .await
            .unwrap();
    }
}

/// Somebody works a little: votes, changes, undoes, skips, writes criteria.
async fn work(project: &Project, who: AnnotatorId, dice: &mut Dice, acts: u64) {
    for _ in 0..acts {
        match dice.roll(12) {
            0 | 1 => change(project, who, dice).await,
            2 => drop(label::undo(project, who).await.unwrap()),
            3 => skip(project, who, dice).await,
            4 => write(project, who, dice).await,
            _ => drop(vote(project, who, dice).await),
        }
    }
}

async fn person(project: &Project, name: &str) -> AnnotatorId {
    annotators::find_or_add(project, name).await.unwrap().id
}

async fn works(desk: &Desk, name: &str, people: &[&str], seed: u64, acts: u64) {
    let project = desk.open(name).await;
    let mut dice = Dice(seed);
    for who in people {
        let who = person(&project, who).await;
        work(&project, who, &mut dice, acts).await;
    }
    project.close().await;
}

const BENCH: &str = "text_to_text_preferences.json";

/// Rows of a file of pairs from `first` on, turned round if asked, with fields of their own.
fn some_rows(first: usize, count: usize, backwards: bool, note: &str) -> String {
    let mut list = Vec::new();
    for n in first..first + count {
        list.push(serde_json::json!({
            "prompt": format!("prompt-{n}"),
            "response1": format!("one-{n}"),
            "response2": format!("two-{n}"),
            "criteria": match note {
                "v" => format!("another criterion-{}", n % 2),
                _ => format!("criterion-{}", n % 3),
            },
            "criteria_preference": if note == "x" { "tie" } else { "response2" },
            "note": note,
            "id": format!("{}-{n}", if note == "v" { "other" } else { "source" }),
        }));
    }
    if backwards {
        list.reverse();
    }
    serde_json::to_string(&list).unwrap()
}

#[tokio::test]
async fn three_people_of_one_file_give_the_same_bytes_in_every_order() {
    let desk = Desk::new();
    let file = desk.file(BENCH, &rows(12, 2));
    let wish = NewProject {
        repeat_percent: 40,
        ..NewProject::default()
    };
    for (n, name) in ["a", "b", "c"].into_iter().enumerate() {
        desk.make(name, &wish).await;
        desk.import(name, &file, false).await;
        works(&desk, name, &[["anna", "ben", "chen"][n]], 7 + n as u64, 45).await;
    }
    let mut lines = 0;
    for name in ["a", "b", "c"] {
        lines += desk.exports(name).await["votes majority votes-majority"]
            .lines()
            .count();
    }
    let merged = desk.every_order(["a", "b", "c"]).await;
    let votes = &merged["votes majority votes-majority"];
    assert_eq!(
        votes.lines().count(),
        lines,
        "no vote is lost and none is doubled"
    );

    let before = content(&desk.path("b"));
    let report = desk.merge("a", "b").await;
    assert_eq!(
        (report.pairs, report.resolutions),
        (0, 0),
        "both hold the file"
    );
    assert!(report.votes > 0 && report.skips > 0, "{report:?}");
    assert_eq!((report.annotators_new, report.annotators_known), (1, 0));
    assert!(
        before == content(&desk.path("b")),
        "the other project is only read"
    );
    let project = desk.open("a").await;
    let log = project.logged().await.unwrap();
    assert_eq!(log.iter().filter(|(_, what, _)| what == "merge").count(), 1);
    project.close().await;
}

#[tokio::test]
async fn the_same_file_merged_comes_back_byte_for_byte() {
    let desk = Desk::new();
    let text = some_rows(0, 9, true, "x");
    let file = desk.file(BENCH, &text);
    for name in ["a", "b"] {
        desk.make(name, &NewProject::default()).await;
        desk.import(name, &file, false).await;
    }
    let alone = desk.exports("a").await;
    let report = desk.merge("a", "b").await;
    assert_eq!(news(&report), [0; 9], "{report:?}");
    same(&alone, &desk.exports("a").await, "a file that both have");
    desk.make("empty", &NewProject::default()).await;
    let report = desk.merge("empty", "a").await;
    assert_eq!(
        (report.pairs, report.questions, report.resolutions),
        (9, 9, 9)
    );
    same(
        &alone,
        &desk.exports("empty").await,
        "a file that came by merging",
    );
}

#[tokio::test]
async fn files_that_overlap_give_the_same_bytes_in_every_order() {
    let desk = Desk::new();
    let files = [
        desk.file(
            "1/b_text_to_text_preferences.json",
            &some_rows(0, 10, false, "x"),
        ),
        desk.file(
            "2/a_text_to_text_preferences.json",
            &some_rows(5, 12, true, "y"),
        ),
        desk.file(
            "3/a_text_to_text_preferences.json",
            &some_rows(3, 4, false, "z"),
        ),
        desk.file(
            "4/text_to_text_preferences.json",
            &some_rows(2, 14, false, "w").replace("\"criteria\":\"criterion-1\",", ""),
        ),
    ];
    let ask = |ask_criteria| NewProject {
        ask_criteria,
        repeat_percent: 25,
        ..NewProject::default()
    };
    for (n, (name, ask_criteria, takes)) in [
        ("a", false, vec![0, 3]),
        ("b", true, vec![1, 0]),
        ("c", false, vec![3, 2, 1]),
    ]
    .into_iter()
    .enumerate()
    {
        desk.make(name, &ask(ask_criteria)).await;
        for file in takes {
            desk.import(name, &files[file], false).await;
        }
        works(&desk, name, &["anna", "ben"], 70 + n as u64, 40).await;
    }
    let merged = desk.every_order(["a", "b", "c"]).await;
    let text = merged
        .iter()
        .find(|(name, _)| name.starts_with("omni-rewardbench majority"))
        .unwrap()
        .1;
    assert!(
        text.contains("\"source-16\"") && text.contains("\"source-0\""),
        "{text}"
    );

    let report = desk.merge("a", "b").await;
    for code in [
        "origin_differs",
        "labels_differ",
        "same_name",
        "setting_differs",
    ] {
        assert!(codes(&report).contains(&code), "{code}: {report:?}");
    }
}

#[tokio::test]
async fn work_in_two_copies_of_a_project_is_joined_and_its_forks_settle() {
    let desk = Desk::new();
    let file = desk.file(BENCH, &rows(10, 2));
    let wish = NewProject {
        repeat_percent: 50,
        ..NewProject::default()
    };
    desk.make("a", &wish).await;
    desk.import("a", &file, false).await;
    works(&desk, "a", &["anna", "ben"], 1, 14).await;
    desk.copy("a", "b");
    desk.copy("a", "c");
    for (name, seed) in [("a", 2), ("b", 3), ("c", 4)] {
        works(&desk, name, &["ben", "anna"], seed, 30).await;
    }
    let merged = desk.every_order(["a", "b", "c"]).await;
    // Of each annotator, question and repeat one vote stands, though several assignments were dealt.
    let mut seen = BTreeSet::new();
    for line in merged["csv majority csv-majority"].lines().skip(1) {
        assert!(seen.insert(line.to_owned()));
    }
    let report = desk.merge("a", "b").await;
    assert_eq!((report.annotators_new, report.annotators_known), (0, 2));
    assert!(!codes(&report).contains(&"same_name"), "{report:?}");
    let project = desk.open("a").await;
    for name in ["anna", "ben"] {
        let who = annotators::find(&project, name).await.unwrap().id;
        let mut answered = BTreeSet::new();
        for entry in label::history(&project, who, 1000).await.unwrap() {
            assert!(answered.insert(entry.assignment), "one entry an assignment");
        }
        let mut left = 0;
        while vote(&project, who, &mut Dice(left)).await {
            left += 1;
            assert!(left < 200, "a queue comes to its end");
        }
        let progress = label::progress(&project, who).await.unwrap();
        assert_eq!(
            progress.done + progress.skipped,
            progress.total,
            "nobody misses a question"
        );
    }
    project.close().await;
    desk.exports("a").await;
}

#[tokio::test]
async fn a_merge_leaves_the_queue_and_what_is_on_the_screen_as_they_were() {
    let desk = Desk::new();
    let file = desk.file(BENCH, &rows(6, 1));
    let more = desk.file(
        "more/text_to_text_preferences.json",
        &some_rows(4, 6, false, "x"),
    );
    for name in ["a", "b"] {
        desk.make(name, &NewProject::default()).await;
    }
    desk.import("a", &file, false).await;
    desk.import("b", &more, false).await;
    desk.import("b", &file, false).await;
    works(&desk, "b", &["ben"], 5, 20).await;

    let project = desk.open("a").await;
    let anna = person(&project, "anna").await;
    for n in 0..3 {
        vote(&project, anna, &mut Dice(n)).await;
    }
    let Next::Question(before) = label::next(&project, anna).await.unwrap() else {
        panic!("there is more");
    };
    let other = desk.path("b");
    merge::run(&project, &other, false, &Cancel::default())
        .await
        .unwrap();
    let Next::Question(after) = label::next(&project, anna).await.unwrap() else {
        panic!("there is more");
    };
    let written_behind = after.assignment != before.assignment;
    if written_behind {
        assert!(
            after
                .criterion
                .as_deref()
                .unwrap()
                .starts_with("criterion of their own")
        );
    }
    let request = VoteRequest {
        assignment: before.assignment,
        verdict: ScreenVerdict::Left,
        confidence: None,
        rationale: String::new(),
        attention: Attention::default(),
    };
    label::vote(&project, anna, request, "test 1")
        .await
        .unwrap();
    let view = label::at(&project, anna, before.assignment).await.unwrap();
    assert_eq!(view.left, before.left, "the sides are those that were seen");
    let mut left = 0;
    while vote(&project, anna, &mut Dice(left)).await {
        left += 1;
    }
    let progress = label::progress(&project, anna).await.unwrap();
    assert_eq!(progress.done, progress.total, "nobody misses a question");
    project.close().await;
}

#[tokio::test]
async fn two_annotators_of_one_name_stay_apart_until_they_are_joined() {
    let desk = Desk::new();
    let file = desk.file(BENCH, &rows(5, 1));
    for name in ["a", "b"] {
        desk.make(name, &NewProject::default()).await;
        desk.import(name, &file, false).await;
    }
    let ids: Vec<AnnotatorId> = {
        let mut ids = Vec::new();
        for (name, count) in [("a", 2), ("b", 4)] {
            let project = desk.open(name).await;
            let anna = person(&project, "anna").await;
            for n in 0..count {
                vote(&project, anna, &mut Dice(n)).await;
            }
            ids.push(anna);
            project.close().await;
        }
        ids
    };
    let report = desk.merge("a", "b").await;
    let told = report
        .remarks
        .iter()
        .find(|r| r.code == "same_name")
        .unwrap();
    for id in &ids {
        assert!(told.message.contains(&id.to_string()), "{}", told.message);
    }
    let project = desk.open("a").await;
    let refused = annotators::find(&project, "anna").await.unwrap_err();
    assert_eq!(refused.code, "several_annotators");
    for id in &ids {
        assert!(
            refused.message.contains(&id.to_string()),
            "{}",
            refused.message
        );
    }
    let short: String = ids[1].to_string().chars().take(30).collect();
    let to = annotators::find(&project, &short).await.unwrap();
    assert_eq!(to.id, ids[1], "the start of an id is enough");
    let vague: String = ids[1].to_string().chars().take(8).collect();
    let refused = annotators::find(&project, &vague).await.unwrap_err();
    assert_eq!(refused.code, "several_annotators", "{refused}");
    let moved = annotators::move_votes(&project, ids[0], to.id)
        .await
        .unwrap();
    assert_eq!(
        (moved.moved, moved.kept),
        (0, 2),
        "she had answered those herself"
    );
    project.close().await;
    let again = desk.merge("a", "b").await;
    assert_eq!(news(&again), [0; 9]);
    desk.exports("a").await;
}

fn bench_with_pictures(desk: &Desk, folder: &str, pairs: u8) -> PathBuf {
    let mut list = Vec::new();
    for n in 0..pairs {
        for side in ["one", "two"] {
            let picture = [&b"GIF89a\x05\0\x06\0"[..], side.as_bytes(), &[n]].concat();
            desk.file(&format!("{folder}/{side}/{n}.gif"), "");
            std::fs::write(desk.path(&format!("{folder}/{side}/{n}.gif")), picture).unwrap();
        }
        list.push(serde_json::json!({
            "prompt": format!("draw {n}"), "response1": format!("one/{n}.gif"),
            "response2": format!("two/{n}.gif"), "criteria": "c?", "id": n,
        }));
    }
    let text = serde_json::to_string(&list).unwrap();
    desk.file(&format!("{folder}/text_to_image_preferences.json"), &text)
}

#[tokio::test]
async fn media_come_along_and_what_moved_is_found_again() {
    let desk = Desk::new();
    let four = bench_with_pictures(&desk, "here", 4);
    let six = bench_with_pictures(&desk, "there", 6);
    for name in ["a", "b", "copied"] {
        desk.make(name, &NewProject::default()).await;
    }
    desk.import("a", &four, false).await;
    desk.import("b", &six, false).await;
    desk.import("copied", &six, true).await;

    // In place: the new ones are used where they lie, the known ones where they lay.
    desk.copy("a", "in-place");
    let report = desk.merge("in-place", "b").await;
    assert_eq!(
        (report.pairs, report.media, report.media_copied),
        (2, 4, 0),
        "{report:?}"
    );
    desk.exports("in-place").await;
    // Copied ones are copied.
    desk.copy("a", "with-copies");
    let before = content(&desk.path("copied"));
    let report = desk.merge("with-copies", "copied").await;
    assert_eq!((report.media, report.media_copied), (4, 4), "{report:?}");
    assert!(before == content(&desk.path("copied")));
    desk.exports("with-copies").await;
    let again = desk.merge("with-copies", "copied").await;
    assert_eq!(news(&again), [0; 9], "{again:?}");

    // The folder of the one has gone: what the other has is used.
    desk.copy("a", "moved");
    std::fs::rename(desk.path("here"), desk.path("elsewhere")).unwrap();
    let report = desk.merge("moved", "b").await;
    assert!(codes(&report).contains(&"media_moved"), "{report:?}");
    desk.exports("moved").await;
    // The other's folder has gone: the same path below one of ours will do.
    std::fs::rename(desk.path("elsewhere"), desk.path("here")).unwrap();
    std::fs::remove_dir_all(desk.path("here")).unwrap();
    std::fs::rename(desk.path("there"), desk.path("here")).unwrap();
    desk.copy("a", "ours");
    let report = desk.merge("ours", "b").await;
    assert_eq!((report.media, report.media_copied), (4, 0), "{report:?}");
    desk.exports("ours").await;
}

#[tokio::test]
async fn media_named_by_other_paths_keep_the_same_of_the_two() {
    let desk = Desk::new();
    let near = bench_with_pictures(&desk, "x", 3);
    let text = std::fs::read_to_string(&near).unwrap();
    let far = desk.file(
        "text_to_image_preferences.json",
        &text.replace("one/", "x/one/").replace("two/", "x/two/"),
    );
    for (name, file) in [("a", &near), ("b", &far), ("c", &near)] {
        desk.make(name, &NewProject::default()).await;
        desk.import(name, file, name == "c").await;
        works(&desk, name, &["anna"], 3, 5).await;
    }
    desk.every_order(["a", "b", "c"]).await;
    let report = desk.merge("b", "a").await;
    assert!(codes(&report).contains(&"media_names_differ"), "{report:?}");
}

#[tokio::test]
async fn a_merge_that_lacks_a_medium_leaves_everything_as_it_was() {
    let desk = Desk::new();
    let pictures = bench_with_pictures(&desk, "there", 5);
    let words = desk.file(BENCH, &rows(3, 1));
    for name in ["a", "b"] {
        desk.make(name, &NewProject::default()).await;
    }
    desk.import("a", &words, false).await;
    desk.import("b", &pictures, true).await;
    works(&desk, "a", &["anna"], 1, 5).await;
    let (exports, log) = (desk.exports("a").await, logged(&desk, "a").await);
    let stored = content(&desk.path("b/media"));
    let victim = stored.keys().last().unwrap();

    std::fs::write(victim, b"GIF89a but another").unwrap();
    let error = desk.try_merge("a", "b").await.unwrap_err();
    assert_eq!(error.code, "media_missing");
    assert!(error.message.contains("nothing was merged"), "{error}");
    std::fs::remove_file(victim).unwrap();
    let error = desk.try_merge("a", "b").await.unwrap_err();
    assert_eq!(error.code, "media_missing");
    assert!(
        !desk.path("a/media").exists(),
        "copies are taken away, and their folders"
    );
    same(&exports, &desk.exports("a").await, "refused");
    assert_eq!(logged(&desk, "a").await, log);

    std::fs::write(victim, &stored[victim]).unwrap();
    let project = desk.open("a").await;
    let other = desk.path("b");
    let cancel = Cancel::default();
    cancel.cancel();
    let error = merge::run(&project, &other, false, &cancel)
        .await
        .unwrap_err();
    assert_eq!(error.code, "cancelled");
    let report = merge::run(&project, &other, true, &Cancel::default())
        .await
        .unwrap();
    assert_eq!(
        (report.dry_run, report.pairs, report.media_copied),
        (true, 5, 10)
    );
    project.close().await;
    assert!(!desk.path("a/media").exists());
    same(
        &exports,
        &desk.exports("a").await,
        "cancelled, and asked what would come",
    );
    assert_eq!(logged(&desk, "a").await, log);
    assert_eq!(desk.merge("a", "b").await.media_copied, 10);
    desk.exports("a").await;
}

async fn logged(desk: &Desk, name: &str) -> Vec<(i64, String, String)> {
    let project = desk.open(name).await;
    let log = project.logged().await.unwrap();
    project.close().await;
    log
}

#[tokio::test]
async fn what_is_no_other_project_is_refused_with_a_sentence() {
    let desk = Desk::new();
    desk.make("a", &NewProject::default()).await;
    desk.file("full/file.txt", "x");
    desk.file(
        "broken/project.sqlite",
        &"this is no database, and long enough ".repeat(99),
    );
    std::os::unix::fs::symlink(desk.path("a"), desk.path("link")).unwrap();
    for (other, code) in [
        ("a", "same_project"),
        ("link", "same_project"),
        ("full", "no_project"),
        ("nowhere", "no_project"),
        ("broken", "damaged"),
    ] {
        let error = desk.try_merge("a", other).await.unwrap_err();
        assert_eq!(error.code, code, "{error}");
        assert!(error.file.is_some());
    }
    let project = desk.open("a").await;
    let others = [desk.path("full")];
    assert!(merge::look(&project, &others).await.is_err());
    project.close().await;
}

/// The votes of a project by their ids, each as it is written out, without the assignment, whose
/// name depends on what is known of the copies.
async fn evidence(desk: &Desk, name: &str) -> BTreeMap<String, serde_json::Value> {
    let text = desk.exports(name).await["votes majority votes-majority"].clone();
    let read = |line: &str| {
        let mut vote: serde_json::Value = serde_json::from_str(line).unwrap();
        vote.as_object_mut().unwrap().remove("assignment");
        (vote["vote"].as_str().unwrap().to_owned(), vote)
    };
    text.lines().map(read).collect()
}

/// Random people work in random projects, some of them copies of each other, and now and then one
/// is merged into another. Whatever happens, no vote changes or goes, and in the end all orders of
/// merging give the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_work_and_merges_lose_nothing_and_end_alike() {
    for seed in 0..12_u64 {
        let desk = Desk::new();
        let mut dice = Dice(20_261_125 + seed);
        let files = [
            desk.file(
                "1/a_text_to_text_preferences.json",
                &some_rows(0, 6, false, "x"),
            ),
            desk.file(
                "2/text_to_text_preferences.json",
                &some_rows(3, 6, true, "y"),
            ),
            desk.file("3/b_text_to_text_preferences.json", &rows(4, 2)),
            desk.file(
                "4/0_text_to_text_preferences.json",
                &some_rows(1, 6, true, "v"),
            ),
        ];
        let names = ["a", "b", "c"];
        for (n, name) in names.into_iter().enumerate() {
            if n > 0 && dice.roll(2) == 0 {
                let from = names[usize::try_from(dice.roll(n as u64)).unwrap()];
                desk.copy(from, name);
                continue;
            }
            let wish = NewProject {
                ask_criteria: dice.roll(3) == 0,
                repeat_percent: u8::try_from(dice.roll(3) * 30).unwrap(),
                ..NewProject::default()
            };
            desk.make(name, &wish).await;
            for _ in 0..=dice.roll(2) {
                let file = usize::try_from(dice.roll(4)).unwrap();
                desk.import(name, &files[file], false).await;
            }
        }
        let mut known: BTreeMap<&str, BTreeMap<String, serde_json::Value>> = BTreeMap::new();
        for _ in 0..14 {
            let name = names[usize::try_from(dice.roll(3)).unwrap()];
            match dice.roll(6) {
                5 => {
                    desk.send_votes(names[usize::try_from(dice.roll(3)).unwrap()], name)
                        .await
                }
                0 => {
                    let other = names[usize::try_from(dice.roll(3)).unwrap()];
                    if other != name {
                        desk.merge(name, other).await;
                    }
                }
                1 => {
                    let file = usize::try_from(dice.roll(4)).unwrap();
                    desk.import(name, &files[file], false).await;
                }
                _ => {
                    let who = ["anna", "ben"][usize::try_from(dice.roll(2)).unwrap()];
                    let project = desk.open(name).await;
                    let all = annotators::names(&project).await.unwrap();
                    let mut of_name = all.into_iter().filter(|a| a.name == who);
                    let who = match of_name.next() {
                        Some(known) => known.id,
                        None => person(&project, who).await,
                    };
                    let acts = 1 + dice.roll(8);
                    work(&project, who, &mut dice, acts).await;
                    project.close().await;
                }
            }
            let now = evidence(&desk, name).await;
            for (id, vote) in known.get(name).into_iter().flatten() {
                // What may change of a line is only what describes the question, not the vote.
                let mut there = now[id].clone();
                let mut then = vote.clone();
                for field in ["criterion", "annotator"] {
                    there.as_object_mut().unwrap().remove(field);
                    then.as_object_mut().unwrap().remove(field);
                }
                assert_eq!(there, then, "seed {seed}: a vote changed or is gone");
            }
            known.insert(name, now);
        }
        let all: BTreeSet<String> = known.values().flat_map(|v| v.keys().cloned()).collect();
        let merged = desk.every_order(names).await;
        let lines = merged["votes majority votes-majority"].lines().count();
        assert_eq!(lines, all.len(), "seed {seed}: every vote is there once");
    }
}
