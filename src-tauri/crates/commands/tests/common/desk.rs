//! Several projects of one test on one desk, worked in, merged and written out.
#![allow(
    dead_code,
    missing_docs,
    reason = "each test file uses the part it needs"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use tiebreak_commands::dto::{ExportRequest, ImportRequest, MergeReport, VoteRequest};
use tiebreak_commands::import::{self, Cancel};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{Project, Result, SystemClock, annotators, export, label, merge};
use tiebreak_domain::{AnnotatorId, Attention, Confidence, Next, ScreenVerdict, SkipReason};

use super::{Dice, copy_tree, folder};

/// Projects in folders of one desk, open only while something is done to them.
pub struct Desk(pub TempDir);

impl Desk {
    pub fn new() -> Self {
        Self(folder())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub async fn make(&self, name: &str, wish: &NewProject) {
        let project = projects::create(&self.path(name), wish, Arc::new(SystemClock)).await;
        project.unwrap().close().await;
    }

    pub async fn open(&self, name: &str) -> Project {
        let opened = projects::open(&self.path(name), Arc::new(SystemClock)).await;
        opened.unwrap()
    }

    pub async fn import(&self, name: &str, file: &Path, copy_media: bool) {
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

    pub fn copy(&self, from: &str, to: &str) {
        copy_tree(&self.path(from), &self.path(to));
    }

    pub async fn try_merge(&self, name: &str, other: &str) -> Result<MergeReport> {
        let project = self.open(name).await;
        let other = self.path(other);
        let report = merge::run(&project, &other, false, &Cancel::default()).await;
        project.close().await;
        report
    }

    pub async fn merge(&self, name: &str, other: &str) -> MergeReport {
        self.try_merge(name, other).await.unwrap()
    }

    /// Takes the votes of one project into another as a file: those on questions that it has not
    /// are refused.
    pub async fn send_votes(&self, from: &str, to: &str) {
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
    pub async fn exports(&self, name: &str) -> BTreeMap<String, String> {
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
    pub async fn every_order(&self, three: [&str; 3]) -> BTreeMap<String, String> {
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
pub async fn state(project: &Project) -> String {
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
pub fn task_of(file: &Path) -> Option<String> {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let other = name.ends_with("_text_to_text_preferences.json");
    other.then(|| "text_to_text".to_owned())
}

/// Every file under a folder, with its content.
pub fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
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

pub fn same(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>, what: &str) {
    let files = |exports: &BTreeMap<String, String>| exports.keys().cloned().collect::<Vec<_>>();
    assert_eq!(files(one), files(other), "{what}");
    for (file, text) in one {
        for (n, (a, b)) in text.lines().zip(other[file].lines()).enumerate() {
            assert_eq!(a, b, "{what}: {file}, line {n}");
        }
        assert_eq!(text.len(), other[file].len(), "{what}: {file}");
    }
}

pub fn news(report: &MergeReport) -> [u64; 9] {
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

pub fn codes(report: &MergeReport) -> Vec<&str> {
    report.remarks.iter().map(|r| r.code.as_str()).collect()
}

pub async fn vote(project: &Project, who: AnnotatorId, dice: &mut Dice) -> bool {
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

pub async fn change(project: &Project, who: AnnotatorId, dice: &mut Dice) {
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

pub async fn skip(project: &Project, who: AnnotatorId, dice: &mut Dice) {
    if let Next::Question(view) = label::next(project, who).await.unwrap() {
        let reason = SkipReason::ALL[usize::try_from(dice.roll(4)).unwrap()];
        label::skip(project, who, view.assignment, reason, "a note")
            .await
            .unwrap();
    }
}

/// Writes a criterion of few words for the pair that stands before the annotator.
pub async fn write(project: &Project, who: AnnotatorId, dice: &mut Dice) {
    if let Next::Question(view) = label::next(project, who).await.unwrap() {
        let text = format!("criterion of their own {}", dice.roll(4));
        label::criteria(project, who, view.pair, &[text])
            .await
            .unwrap();
    }
}

/// Somebody works a little: votes, changes, undoes, skips, writes criteria.
pub async fn work(project: &Project, who: AnnotatorId, dice: &mut Dice, acts: u64) {
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

pub async fn person(project: &Project, name: &str) -> AnnotatorId {
    annotators::find_or_add(project, name).await.unwrap().id
}

pub async fn works(desk: &Desk, name: &str, people: &[&str], seed: u64, acts: u64) {
    let project = desk.open(name).await;
    let mut dice = Dice(seed);
    for who in people {
        let who = person(&project, who).await;
        work(&project, who, &mut dice, acts).await;
    }
    project.close().await;
}

pub async fn logged(desk: &Desk, name: &str) -> Vec<(i64, String, String)> {
    let project = desk.open(name).await;
    let log = project.logged().await.unwrap();
    project.close().await;
    log
}
