//! Work packages: what was done in one is as if it had been done in the project, whatever comes in
//! between; and what cannot be is said.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::{copy_tree, folder, rows};
use tempfile::TempDir;
use tiebreak_commands::agreement::{self, AgreementRequest};
use tiebreak_commands::dto::{ExportRequest, ImportRequest, MergeReport, VoteRequest};
use tiebreak_commands::import::{self, Cancel};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{Project, Result, annotators, export, known, label, merge, package};
use tiebreak_domain::{
    AnnotatorId, Attention, Clock, Confidence, Next, Order, Role, ScreenVerdict, SkipReason, Slot,
    Verdict,
};

/// A clock that stands until it is set, and whose randomness follows from where it stands: the same
/// acts at the same times give the same rows wherever they are done.
#[derive(Default)]
struct Set {
    now: AtomicI64,
    drawn: AtomicI64,
}

impl Set {
    fn to(&self, ms: i64) {
        self.now.store(ms, Ordering::Relaxed);
        self.drawn.store(0, Ordering::Relaxed);
    }
}

impl Clock for Set {
    fn now_ms(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }
    fn random(&self) -> [u8; 16] {
        let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
        let mixed = (self.now_ms() + drawn).wrapping_mul(0x5851_f42d_4c95_7f2d);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&mixed.to_be_bytes());
        bytes[8..].copy_from_slice(&mixed.rotate_left(29).to_be_bytes());
        bytes
    }
}

const START: i64 = 1_800_000_000_000;

/// Projects and packages in one folder, under one clock.
struct Desk {
    folder: TempDir,
    clock: Arc<Set>,
}

impl Desk {
    fn new() -> Self {
        let clock = Arc::new(Set::default());
        clock.to(START);
        Self {
            folder: folder(),
            clock,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A project called `base` with these rows.
    async fn base(&self, wish: &NewProject, rows: &str) {
        let path = self.path("base");
        let project = projects::create(&path, wish, self.clock.clone())
            .await
            .unwrap();
        let file = self.path("text_to_text_preferences.json");
        std::fs::write(&file, rows).unwrap();
        let request = ImportRequest {
            file: file.display().to_string(),
            ..ImportRequest::default()
        };
        let report = import::run(&project, &request, false, &Cancel::default(), |_| {}).await;
        assert_eq!(report.unwrap().refused, 0);
        project.close().await;
    }

    async fn open(&self, name: &str) -> Project {
        let opened = projects::open(&self.path(name), self.clock.clone()).await;
        opened.unwrap()
    }

    fn copy(&self, from: &str, to: &str) {
        copy_tree(&self.path(from), &self.path(to));
    }

    /// Makes `out` for `who`; gives his id.
    async fn pack(&self, name: &str, who: &str, out: &str) -> AnnotatorId {
        let project = self.open(name).await;
        let out = self.path(out);
        let made = package::run(&project, who, Some(&out), &Cancel::default(), "test 1").await;
        project.close().await;
        made.unwrap().annotator.id
    }

    async fn try_merge(&self, name: &str, other: &str) -> Result<MergeReport> {
        let project = self.open(name).await;
        let report = merge::run(&project, &self.path(other), false, &Cancel::default()).await;
        project.close().await;
        report
    }

    async fn merge(&self, name: &str, other: &str) -> MergeReport {
        self.try_merge(name, other).await.unwrap()
    }

    /// Everything that can be written out, and that `check` finds nothing.
    async fn exports(&self, name: &str) -> BTreeMap<String, String> {
        let project = self.open(name).await;
        let report = projects::check(&project).await.unwrap();
        assert!(report.ok, "{name}: {:?}", report.findings);
        let mut written = BTreeMap::new();
        for format in ["omni-rewardbench", "votes", "csv"] {
            let out = self.path(&format!("out-{name}-{format}"));
            let request = ExportRequest {
                format: format.into(),
                out: out.display().to_string(),
                rule: None,
                ignore_imported: format == "csv",
            };
            for file in export::run(&project, &request).await.unwrap().files {
                let text = std::fs::read_to_string(&file).unwrap();
                let short = Path::new(&file).file_name().unwrap().to_string_lossy();
                written.insert(short.replace(name, ""), text);
            }
        }
        for who in project.annotators().await.unwrap() {
            let history = label::history(&project, who.id, 1000).await.unwrap();
            written.insert(format!("history {}", who.id), format!("{history:#?}"));
        }
        project.close().await;
        written
            .into_iter()
            .map(|(file, text)| (file, numbered(&text)))
            .collect()
    }

    /// Works for some acts, at times of his own: votes, changes, skips, takes back.
    async fn work(&self, name: &str, who: AnnotatorId, begin: i64, acts: i64) {
        let project = self.open(name).await;
        for n in begin..begin + acts {
            // Each person's times are his own, so that no two acts are of one moment.
            let own = i64::from(who.uuid().as_bytes()[15]) + 1;
            self.clock.to(START + own * 10_000_000 + n * 1000);
            match (n + own) % 7 {
                3 => drop(label::undo(&project, who).await.unwrap()),
                5 => skip(&project, who).await,
                _ => drop(vote(&project, who, n + own).await),
            }
        }
        project.close().await;
    }
}

/// A text in which votes, assignments and people are numbered as they come: part of their ids is
/// drawn, and a package draws its assignments when it is made.
fn numbered(text: &str) -> String {
    let mut ids: Vec<&str> = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let drawn = rest.get(..36).filter(|id| id.as_bytes()[14] == b'7');
        if let Some(id) = drawn.filter(|id| uuid::Uuid::try_parse(id).is_ok()) {
            let place = ids.iter().position(|known| *known == id);
            let n = place.unwrap_or(ids.len());
            if place.is_none() {
                ids.push(id);
            }
            out.push_str(&format!("id {n}"));
            rest = &rest[36..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

async fn question(project: &Project, who: AnnotatorId) -> Option<tiebreak_domain::QuestionView> {
    match label::next(project, who).await.unwrap() {
        Next::Question(view) => Some(*view),
        Next::Done { .. } => None,
    }
}

/// Votes; gives what is told of a practice answer.
async fn vote(project: &Project, who: AnnotatorId, n: i64) -> Option<String> {
    let view = question(project, who).await?;
    let request = VoteRequest {
        assignment: view.assignment,
        verdict: ScreenVerdict::ALL[usize::try_from(n % 4).unwrap()],
        confidence: Confidence::new(n % 4).ok(),
        rationale: format!("because {n}"),
        attention: Attention::default(),
    };
    let receipt = label::vote(project, who, request, "test 1").await.unwrap();
    receipt.practice.map(|told| told.explanation)
}

async fn skip(project: &Project, who: AnnotatorId) {
    if let Some(view) = question(project, who).await {
        let reason = SkipReason::ALL[0];
        let skipped = label::skip(project, who, view.assignment, reason, "a note");
        skipped.await.unwrap();
    }
}

fn same(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>, what: &str) {
    assert!(one.keys().eq(other.keys()), "{what}: {:?}", other.keys());
    for (file, text) in one {
        for (n, (a, b)) in text.lines().zip(other[file].lines()).enumerate() {
            assert_eq!(a, b, "{what}: {file}, line {n}");
        }
        assert_eq!(text.len(), other[file].len(), "{what}: {file}");
    }
}

fn codes(report: &MergeReport) -> Vec<&str> {
    report.remarks.iter().map(|r| r.code.as_str()).collect()
}

fn shared_by_two_of_three() -> NewProject {
    NewProject {
        repeat_percent: 30,
        overlap: Some((2, 3)),
        ..NewProject::default()
    }
}

/// Three people begin; two of them in packages, the third in the project.
#[tokio::test]
async fn packages_give_the_bytes_that_copies_of_the_project_give() {
    let desk = Desk::new();
    desk.base(&shared_by_two_of_three(), &rows(14, 2)).await;
    let base = desk.open("base").await;
    let mut people = Vec::new();
    for (n, name) in ["anna", "ben", "chen"].into_iter().enumerate() {
        desk.clock.to(START + 5000 * (n as i64 + 1));
        let id = annotators::add(&base, name).await.unwrap().id;
        vote(&base, id, n as i64).await;
        people.push(id);
    }
    base.close().await;
    let [anna, ben, chen] = people[..] else {
        panic!("three")
    };
    for name in ["anna", "ben", "here"] {
        desk.copy("base", name);
    }
    desk.work("anna", anna, 0, 25).await;
    desk.work("ben", ben, 0, 31).await;
    desk.work("here", chen, 0, 22).await;
    desk.merge("here", "anna").await;
    desk.merge("here", "ben").await;
    let expected = desk.exports("here").await;
    let lines = expected.values().map(|text| text.lines().count()).max();
    assert!(lines > Some(60), "there was work: {lines:?}");

    desk.clock.to(START + 90_000);
    desk.pack("base", "anna", "a.tiebreak").await;
    desk.pack("base", "ben", "b.tiebreak").await;
    desk.work("base", chen, 0, 22).await;
    desk.work("a.tiebreak", anna, 0, 10).await;
    desk.copy("base", "other");
    desk.merge("other", "a.tiebreak").await;
    desk.work("a.tiebreak", anna, 10, 15).await;
    desk.work("b.tiebreak", ben, 0, 31).await;
    for (name, first, second) in [
        ("base", "a.tiebreak", "b.tiebreak"),
        ("other", "b.tiebreak", "a.tiebreak"),
    ] {
        let report = desk.merge(name, first).await;
        assert!(
            report.votes > 0 && report.annotators_known == 1,
            "{report:?}"
        );
        desk.merge(name, second).await;
        same(&expected, &desk.exports(name).await, name);
        for again in [second, first] {
            let report = desk.merge(name, again).await;
            assert_eq!(
                [report.votes, report.skips, report.questions, report.pairs],
                [0; 4]
            );
        }
        same(&expected, &desk.exports(name).await, "twice is once");
    }
}

/// One person goes on in the project and in two packages, all of which come together.
#[tokio::test]
async fn one_person_in_a_project_and_two_packages_is_one_person() {
    let desk = Desk::new();
    desk.base(&NewProject::default(), &rows(9, 1)).await;
    let anna = desk.pack("base", "anna", "one.tiebreak").await;
    desk.work("one.tiebreak", anna, 0, 3).await;
    desk.work("base", anna, 20, 4).await;
    assert_eq!(desk.pack("base", "anna", "two.tiebreak").await, anna);
    desk.work("two.tiebreak", anna, 40, 6).await;
    desk.copy("base", "other");
    let votes = |exports: &BTreeMap<String, String>| {
        let lines = exports
            .iter()
            .find(|(name, _)| name.contains("votes"))
            .unwrap();
        lines.1.lines().count()
    };
    let before = votes(&desk.exports("base").await);
    let mut new = 0;
    for other in ["one.tiebreak", "two.tiebreak"] {
        new += desk.merge("base", other).await.votes;
    }
    for other in ["two.tiebreak", "one.tiebreak"] {
        desk.merge("other", other).await;
    }
    let exports = desk.exports("base").await;
    assert!(new > 0);
    assert_eq!(
        votes(&exports),
        before + usize::try_from(new).unwrap(),
        "nothing is lost"
    );
    // Which of two ids an assignment goes by is each project's own; what was said is not.
    let other = desk.exports("other").await;
    assert_eq!(votes(&other), votes(&exports));
    let names = exports
        .keys()
        .filter(|name| name.starts_with("history"))
        .count();
    assert_eq!(names, 1, "one person");
}

/// The whole queue of somebody new, in a package and in the project.
#[tokio::test]
async fn a_package_shows_what_the_project_would_show() {
    let desk = Desk::new();
    desk.base(&shared_by_two_of_three(), &rows(20, 2)).await;
    let base = desk.open("base").await;
    let first = annotators::add(&base, "first").await.unwrap().id;
    vote(&base, first, 1).await;
    base.close().await;
    let anna = desk.pack("base", "anna", "a.tiebreak").await;
    let mut seen = Vec::new();
    for place in ["a.tiebreak", "base"] {
        let project = desk.open(place).await;
        let progress = label::progress(&project, anna).await.unwrap();
        let mut list = vec![format!("{} in all", progress.total)];
        let mut n = 0;
        while let Some(view) = question(&project, anna).await {
            n += 1;
            desk.clock.to(START + n * 7000);
            list.push(format!(
                "{} {} {}",
                view.question, view.left.text, view.right.text
            ));
            vote(&project, anna, n).await;
        }
        project.close().await;
        seen.push(list);
    }
    assert!(
        (20..40).contains(&seen[0].len()),
        "two of three: {}",
        seen[0].len()
    );
    assert_eq!(seen[0], seen[1]);
    let info = projects::info(&desk.open("a.tiebreak").await)
        .await
        .unwrap();
    assert!(
        info.pairs < 20,
        "the pairs of others are not in it: {}",
        info.pairs
    );
    assert!(
        info.annotators.len() == 1 && info.resolutions == 0 && info.media_roots.is_empty(),
        "{info:?}"
    );
}

/// Known answers: everybody's checks lie where the project would put them and are not marked, the
/// practice round is explained, and what was answered is counted when the package comes home.
#[tokio::test]
async fn a_package_holds_checks_that_nothing_marks_and_practice_that_is_explained() {
    for order in Order::ALL {
        let desk = Desk::new();
        let wish = NewProject {
            overlap: Some((1, 3)),
            order,
            ..NewProject::default()
        };
        desk.base(&wish, &rows(60, 1)).await;
        let base = desk.open("base").await;
        let films = rows(20, 1)
            .replace("source-", "film-")
            .replace("\"prompt-", "\"film-")
            .replace("\"prompt\":", "\"task\":\"own_task\",\"prompt\":");
        let file = desk.path("films.json");
        std::fs::write(&file, films).unwrap();
        let request = ImportRequest {
            file: file.display().to_string(),
            ..ImportRequest::default()
        };
        let taken = import::run(&base, &request, false, &Cancel::default(), |_| {}).await;
        assert_eq!(taken.unwrap().taken, 20);
        for (n, role, why) in [
            (0, Role::Check, "WHY-OF-A-CHECK"),
            (1, Role::Check, "WHY-OF-A-CHECK"),
            (2, Role::Check, "WHY-OF-A-CHECK"),
            (3, Role::Practice, "why of practice"),
        ] {
            let id = format!("source-{n}-0");
            known::add(&base, role, &id, Verdict::Tie, why)
                .await
                .unwrap();
        }
        base.close().await;
        let anna = desk.pack("base", "anna", "a.tiebreak").await;
        let bytes = std::fs::read(desk.path("a.tiebreak")).unwrap();
        let holds = |text: &str| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        assert!(
            holds("why of practice") && !holds("WHY-OF-A-CHECK"),
            "{order:?}"
        );
        assert!(!holds("'check'),") && !holds("first check"), "{order:?}");
        desk.copy("base", "copy");
        let mut seen = Vec::new();
        for place in ["a.tiebreak", "copy"] {
            let project = desk.open(place).await;
            let mut list = Vec::new();
            while let Some(view) = question(&project, anna).await {
                list.push((view.prompt.text.clone(), view.left.text.clone()));
                desk.clock
                    .to(START + 7000 * i64::try_from(list.len()).unwrap());
                let said = vote(&project, anna, 2).await;
                assert_eq!(
                    said.is_some_and(|told| told.contains("why of practice")),
                    list.len() == 1
                );
            }
            let progress = label::progress(&project, anna).await.unwrap();
            assert_eq!(progress.done, progress.total, "{order:?}: {place}");
            project.close().await;
            seen.push(list);
        }
        assert_eq!(seen[0][0].0, "prompt-3", "practice comes first");
        let checks: Vec<usize> = (1..seen[0].len())
            .filter(|n| ["prompt-0", "prompt-1", "prompt-2"].contains(&seen[0][*n].0.as_str()))
            .collect();
        assert_eq!(checks.len(), 3, "{order:?}");
        assert!(
            checks[2] - checks[0] > 2,
            "{order:?}: in a lump at {checks:?}"
        );
        assert_eq!(seen[0], seen[1], "{order:?}");
        desk.merge("base", "a.tiebreak").await;
        let base = desk.open("base").await;
        let request = AgreementRequest {
            replicates: 20,
            ..AgreementRequest::default()
        };
        let report = agreement::run(&base, request).await.unwrap();
        assert_eq!(report.checks.votes, 3, "{order:?}");
        assert!(projects::check(&base).await.unwrap().ok, "{order:?}");
        base.close().await;
    }
}

/// What two people write for a pair becomes the questions it would have become in one project.
#[tokio::test]
async fn sentences_written_in_a_package_become_the_projects_questions() {
    let desk = Desk::new();
    let wish = NewProject {
        ask_criteria: true,
        ..NewProject::default()
    };
    desk.base(&wish, &rows(3, 1)).await;
    let anna = desk.pack("base", "anna", "a.tiebreak").await;
    desk.copy("base", "one");
    let write = async |place: &str, who: AnnotatorId, texts: &[&str]| {
        let project = desk.open(place).await;
        let view = question(&project, who).await.unwrap();
        assert!(view.criterion.is_none(), "the step of writing comes first");
        let texts: Vec<String> = texts.iter().map(|t| (*t).to_owned()).collect();
        let done = label::criteria(&project, who, view.pair, &texts)
            .await
            .unwrap();
        for n in 0..=texts.len() {
            vote(&project, who, i64::try_from(n).unwrap()).await;
        }
        project.close().await;
        done.questions
    };
    let in_one = write("one", anna, &["Which is kinder?", "Which is shorter?"]).await;
    let in_package = write(
        "a.tiebreak",
        anna,
        &["Which is kinder?", "Which is shorter?"],
    )
    .await;
    assert_ne!(in_one, in_package, "a package knows no source ids");
    let base = desk.open("base").await;
    let ben = annotators::add(&base, "ben").await.unwrap().id;
    base.close().await;
    let by_ben = write("base", ben, &["Which is shorter?"]).await;
    assert_eq!(by_ben[0], in_one[1]);
    let report = desk.merge("base", "a.tiebreak").await;
    assert_eq!((report.questions, report.criteria), (1, 1), "{report:?}");
    let base = desk.open("base").await;
    let done = label::history(&base, anna, 10).await.unwrap();
    assert!(
        done.iter().any(|d| in_one.contains(&d.question)),
        "{done:?}"
    );
    assert!(done.iter().all(|d| !in_package.contains(&d.question)));
    base.close().await;
    desk.exports("base").await;
    // A second package, from the copy in which she wrote the same, brings nothing twice.
    desk.pack("one", "anna", "b.tiebreak").await;
    let report = desk.merge("base", "b.tiebreak").await;
    assert_eq!(
        (report.questions, report.criteria, report.pairs),
        (0, 0, 0),
        "{report:?}"
    );
    let report = desk.merge("base", "a.tiebreak").await;
    assert_eq!((report.questions, report.votes), (0, 0), "{report:?}");
    desk.exports("base").await;
}

#[tokio::test]
async fn what_a_project_does_not_have_is_told_and_what_is_none_of_its_is_refused() {
    let desk = Desk::new();
    desk.base(&NewProject::default(), &rows(4, 1)).await;
    let anna = desk.pack("base", "anna", "a.tiebreak").await;
    desk.work("a.tiebreak", anna, 0, 12).await;
    // A project with other pairs knows nothing of it; one with some takes those.
    let (all, clock) = (rows(6, 1), desk.clock.clone());
    for (name, text) in [
        ("foreign", all.replace("prompt-", "elsewhere-")),
        ("partly", all.replace("prompt-3", "elsewhere-3")),
    ] {
        let (path, wish) = (desk.path(name), NewProject::default());
        let project = projects::create(&path, &wish, clock.clone()).await.unwrap();
        let file = desk.path(&format!("{name}/text_to_text_preferences.json"));
        std::fs::write(&file, text).unwrap();
        let request = ImportRequest {
            file: file.display().to_string(),
            ..ImportRequest::default()
        };
        import::run(&project, &request, false, &Cancel::default(), |_| {})
            .await
            .unwrap();
        project.close().await;
    }
    let error = desk.try_merge("foreign", "a.tiebreak").await.unwrap_err();
    assert_eq!(error.code, "foreign_package", "{error}");
    let report = desk.merge("partly", "a.tiebreak").await;
    assert!(codes(&report).contains(&"pairs_gone"), "{report:?}");
    assert_eq!((report.pairs, report.annotators_new), (0, 1));
    assert!(report.votes > 0, "{report:?}");
    desk.exports("partly").await;
}

#[tokio::test]
async fn an_owners_acts_are_refused_and_a_package_is_not_packed() {
    let desk = Desk::new();
    desk.base(&NewProject::default(), &rows(2, 1)).await;
    let anna = desk.pack("base", "anna", "a.tiebreak").await;
    let package = desk.open("a.tiebreak").await;
    let out = desk.path("b.tiebreak");
    let cancel = Cancel::default();
    let refused = [
        package::run(&package, "anna", Some(&out), &cancel, "t")
            .await
            .unwrap_err(),
        merge::run(&package, &desk.path("base"), false, &cancel)
            .await
            .unwrap_err(),
        annotators::add(&package, "ben").await.unwrap_err(),
        annotators::move_votes(&package, anna, anna)
            .await
            .unwrap_err(),
        export::run(
            &package,
            &ExportRequest {
                format: "votes".into(),
                out: out.display().to_string(),
                rule: None,
                ignore_imported: false,
            },
        )
        .await
        .unwrap_err(),
    ];
    for error in refused {
        assert_eq!(error.code, "is_package", "{error}");
        assert!(error.message.contains("work package"), "{error}");
    }
    let other = annotators::labeller(&package, "ben", true)
        .await
        .unwrap_err();
    assert_eq!(other.code, "package_of_another");
    assert_eq!(
        annotators::labeller(&package, "anna", true)
            .await
            .unwrap()
            .id,
        anna
    );
    assert!(!out.exists());
    let opened = projects::open_owned(&desk.path("a.tiebreak"), desk.clock.clone()).await;
    assert_eq!(opened.map(drop).unwrap_err().code, "is_package");
    package.close().await;
}

/// A failed package leaves no file, no person and no place.
#[tokio::test]
async fn a_package_that_fails_leaves_nothing() {
    let desk = Desk::new();
    let one_place = NewProject {
        overlap: Some((1, 2)),
        ..NewProject::default()
    };
    desk.base(&one_place, &rows(5, 1)).await;
    let base = desk.open("base").await;
    let there = desk.path("there.tiebreak");
    std::fs::write(&there, "mine").unwrap();
    let stop = Cancel::default();
    stop.cancel();
    let pack = async |name: &str, out: &str, cancel: &Cancel| {
        let out = desk.path(out);
        let made = package::run(&base, name, Some(&out), cancel, "test").await;
        made.map(drop).map_err(|error| error.code)
    };
    let go = Cancel::default();
    assert_eq!(
        pack("anna", "there.tiebreak", &go).await.unwrap_err(),
        "exists"
    );
    assert_eq!(std::fs::read(&there).unwrap(), b"mine");
    assert_eq!(
        pack("anna", "no/folder/a.tiebreak", &go).await.unwrap_err(),
        "io"
    );
    assert_eq!(
        pack("  ", "x.tiebreak", &go).await.unwrap_err(),
        "bad_value"
    );
    assert!(
        annotators::names(&base).await.unwrap().is_empty(),
        "nobody came into being"
    );
    pack("anna", "a.tiebreak", &go).await.unwrap();
    pack("ben", "b.tiebreak", &go).await.unwrap();
    assert_eq!(
        pack("chen", "c.tiebreak", &go).await.unwrap_err(),
        "no_place"
    );
    let names = annotators::names(&base).await.unwrap();
    assert_eq!(names.len(), 2);
    let hidden = std::fs::read_dir(desk.folder.path())
        .unwrap()
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().starts_with('.')
        });
    assert_eq!(hidden.count(), 0, "no file under way is left");
    base.close().await;
}

/// Which side the data's first response stands on is drawn for the two people of a pair together.
#[tokio::test]
async fn sides_are_balanced_over_the_people_of_packages() {
    let desk = Desk::new();
    desk.base(&NewProject::default(), &rows(12, 1)).await;
    let mut left = Vec::new();
    for name in ["anna", "ben"] {
        let who = desk.pack("base", name, &format!("{name}.tiebreak")).await;
        let project = desk.open(&format!("{name}.tiebreak")).await;
        let mut sides = Vec::new();
        while let Some(view) = question(&project, who).await {
            desk.clock.to(START + 1000 * sides.len() as i64);
            sides.push(match view.left.text.starts_with("one") {
                true => Slot::Response1,
                false => Slot::Response2,
            });
            vote(&project, who, 1).await;
        }
        project.close().await;
        left.push(sides);
    }
    assert_eq!(left[0].len(), 12);
    assert!(
        left[0].iter().zip(&left[1]).all(|(a, b)| a != b),
        "{left:?}"
    );
}
