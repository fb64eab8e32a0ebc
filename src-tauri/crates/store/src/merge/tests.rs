//! What only a hand in the database can bring about: older and newer formats, changed rows.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sqlx::AssertSqlSafe;
use tiebreak_domain::{
    AnnotatorId, Attention, Clock, Criterion, Pair, Prompt, Response, ScreenVerdict,
};

use crate::intake::IntakeRow;
use crate::merge::MergeOutcome;
use crate::project::{Project, ProjectSettings};
use crate::queue::Dealt;
use crate::votes::VoteToCast;
use crate::{Result, StoreError};

/// A clock that goes on by a second at every look, and never gives one number twice.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now_ms(&self) -> i64 {
        self.0.fetch_add(1000, Ordering::Relaxed)
    }
    fn random(&self) -> [u8; 16] {
        self.0
            .fetch_add(1, Ordering::Relaxed)
            .to_be_bytes()
            .repeat(2)
            .try_into()
            .unwrap()
    }
}

struct Desk(tempfile::TempDir);

impl Desk {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A project with three questions, of which somebody has answered two.
    async fn project(&self, name: &str, start_ms: i64, criterion: &str) -> Project {
        let project = self.bare(name, start_ms, 0).await;
        let mut intake = project
            .intake("a.json", "mapped", None, None)
            .await
            .unwrap();
        intake
            .take((1..4).map(|n| row(n, criterion)).collect())
            .await
            .unwrap();
        intake.commit("three").await.unwrap();
        let who = project.add_annotator(name).await.unwrap().id;
        vote(&project, who).await;
        vote(&project, who).await;
        project
    }

    async fn bare(&self, name: &str, start_ms: i64, repeat_percent: u8) -> Project {
        let settings = ProjectSettings {
            name: name.to_owned(),
            repeat_percent,
            ..ProjectSettings::default()
        };
        let clock = Arc::new(Ticking(AtomicI64::new(start_ms)));
        Project::create(&self.path(name), &settings, clock)
            .await
            .unwrap()
    }
}

fn row(n: u64, criterion: &str) -> IntakeRow {
    let response = |text: &str| Response {
        text: format!("{text} {n}"),
        ..Response::default()
    };
    let prompt = Prompt {
        text: "p".into(),
        media: Vec::new(),
    };
    let (response1, response2) = (response("one"), response("two"));
    let pair = Pair {
        task: "text_to_text".parse().unwrap(),
        prompt,
        response1,
        response2,
    };
    let criterion = Criterion::new(criterion).unwrap();
    let (pair_id, criterion_id) = (pair.id(), Some(criterion.id()));
    IntakeRow {
        row: n,
        pair_id,
        prompt_id: pair.prompt.id(),
        media: Default::default(),
        question_id: Pair::question_id(pair_id, criterion_id, None),
        criterion: Some(criterion),
        criterion_id,
        source_id: None,
        resolution: None,
        votes: Vec::new(),
        shape: "[]".into(),
        extra: None,
        pair,
    }
}

async fn vote(project: &Project, who: AnnotatorId) {
    let Dealt::Question(view) = project.next(who).await.unwrap() else {
        panic!("there is a question");
    };
    let vote = VoteToCast {
        assignment: view.assignment,
        verdict: ScreenVerdict::Left,
        confidence: None,
        rationale: String::new(),
        attention: Attention::default(),
        app: "test".into(),
    };
    project.cast(who, &vote).await.unwrap();
}

async fn by_hand(project: &Project, sql: &'static str) {
    sqlx::raw_sql(sql).execute(&project.write).await.unwrap();
}

async fn merged(target: &Project, other: &str, desk: &Desk) -> Result<MergeOutcome> {
    let mut merge = target.merge(&desk.path(other)).await?;
    let outcome = merge.join().await?;
    merge.commit("a test").await?;
    assert_eq!(target.check().await?.problems, []);
    Ok(outcome)
}

async fn one(project: &Project, sql: &str) -> String {
    let sql = AssertSqlSafe(sql.to_owned());
    sqlx::query_scalar(sql)
        .fetch_one(&project.write)
        .await
        .unwrap()
}

fn names(folder: PathBuf) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn desk() -> Desk {
    Desk(tempfile::tempdir().unwrap())
}

#[tokio::test]
async fn an_older_project_is_read_and_left_as_it_is() {
    let desk = desk();
    let target = desk.project("a", 1_800_000_000_000, "c").await;
    let older = desk.project("b", 1_700_000_000_000, "c").await;
    by_hand(
        &older,
        // What the migrations after the second made.
        "DROP TRIGGER pair_is_counted; DROP TRIGGER dealing_is_counted; DROP VIEW known;
         DROP TABLE known_answer; DROP TABLE queue_cursor; DROP TABLE pair_dealt;
         DROP INDEX pair_by_task; DROP INDEX assignment_practice;
         DROP VIEW label; DROP VIEW independent; DROP VIEW informed; DROP TABLE reveal;
         DROP INDEX vote_revealed; ALTER TABLE vote DROP COLUMN revealed;
         DROP VIEW standing; DROP VIEW standing_resolution;
         ALTER TABLE assignment DROP COLUMN practice; ALTER TABLE annotator DROP COLUMN dealt_pair;
         ALTER TABLE annotator DROP COLUMN check_due;
         DROP TABLE criterion_edit; DROP TABLE question_same; DROP TABLE criterion_grouping;
         DROP TABLE phase_change; DROP INDEX question_by_criterion; DROP INDEX question_merged;
         ALTER TABLE vote DROP COLUMN meaning; ALTER TABLE resolution DROP COLUMN meaning;
         ALTER TABLE criterion DROP COLUMN meaning; ALTER TABLE question DROP COLUMN same_as;
         CREATE VIEW label AS SELECT id FROM vote;
         DROP TABLE prediction; DROP TABLE reward_model; DROP TABLE guideline;
         ALTER TABLE annotator DROP COLUMN guideline_told;
         DROP TABLE assignment_alias; PRAGMA user_version = 2;",
    )
    .await;
    older.close().await;
    let file = desk.path("b/project.sqlite");
    let before = std::fs::read(&file).unwrap();
    assert_eq!(merged(&target, "b", &desk).await.unwrap().votes, 2);
    assert_eq!(merged(&target, "b", &desk).await.unwrap().votes, 0);
    assert!(
        std::fs::read(&file).unwrap() == before,
        "neither migrated nor touched"
    );
    assert_eq!(
        names(desk.path("b")),
        ["project.sqlite"],
        "nor copied beside"
    );
    let hidden = |name: &String| name.starts_with('.');
    assert!(
        !names(desk.path("a")).iter().any(hidden),
        "the copy is gone"
    );
}

#[tokio::test]
async fn a_newer_project_is_refused() {
    let desk = desk();
    let target = desk.project("a", 1_800_000_000_000, "c").await;
    let newer = desk.project("b", 1_700_000_000_000, "c").await;
    by_hand(&newer, "PRAGMA user_version = 99;").await;
    let error = target.can_merge(&desk.path("b")).await.unwrap_err();
    assert_eq!(error.code(), "too_new");
}

#[tokio::test]
async fn what_was_not_folded_in_yet_comes_along() {
    let desk = desk();
    let target = desk.project("a", 1_800_000_000_000, "c").await;
    let other = desk.project("b", 1_700_000_000_000, "c").await;
    assert!(desk.path("b/project.sqlite-wal").exists(), "it is open");
    assert_eq!(merged(&target, "b", &desk).await.unwrap().votes, 2);
    let who = other.annotators().await.unwrap()[0].id;
    vote(&other, who).await;
    assert_eq!(merged(&target, "b", &desk).await.unwrap().votes, 1);
    other.close().await;
}

#[tokio::test]
async fn a_vote_changed_by_hand_refuses_the_merge() {
    let desk = desk();
    let target = desk.project("a", 1_800_000_000_000, "c").await;
    let other = desk.project("b", 1_700_000_000_000, "c").await;
    merged(&target, "b", &desk).await.unwrap();
    // The same said in another spelling is no change.
    by_hand(
        &other,
        "DROP TRIGGER vote_is_not_changed;
         UPDATE vote SET presentation = json_pretty(presentation);",
    )
    .await;
    assert_eq!(merged(&target, "b", &desk).await.unwrap().votes, 0);
    // What is looked at later is changed first, so that each is told in its turn.
    for (sql, told) in [
        (
            "UPDATE vote SET presentation = json_set(presentation, '$.left', 'nowhere')",
            "vote",
        ),
        ("UPDATE vote SET verdict = 'tie'", "vote"),
        ("UPDATE assignment SET repeat = 1", "assignment"),
        ("UPDATE pair SET text1 = 'another answer'", "pair"),
    ] {
        by_hand(&other, sql).await;
        let error = target.merge(&desk.path("b")).await.map(drop).unwrap_err();
        let told_so = matches!(error, StoreError::Conflict { what, .. } if what == told);
        assert!(told_so, "{sql}: {error}");
    }
}

#[tokio::test]
async fn of_a_criterion_the_higher_version_stays_then_the_earlier_spelling() {
    for changed in [false, true] {
        let desk = desk();
        let late = desk.project("late", 1_800_000_000_000, " Which? ").await;
        let early = desk.project("early", 1_700_000_000_000, "Which?").await;
        if changed {
            by_hand(&late, "UPDATE criterion SET version = 2").await;
        }
        for (target, other) in [(&late, "early"), (&early, "late")] {
            let outcome = merged(target, other, &desk).await.unwrap();
            let code = if changed {
                "criterion_version"
            } else {
                "criterion_text"
            };
            if other == "early" {
                assert!(
                    outcome.remarks.iter().any(|r| r.code == code),
                    "{outcome:?}"
                );
            }
            let text = one(target, "SELECT text || version FROM criterion").await;
            assert_eq!(text, if changed { " Which? 2" } else { "Which?1" });
        }
    }
}

#[tokio::test]
async fn a_merge_dropped_half_way_leaves_nothing_and_no_lock() {
    let desk = desk();
    let target = desk.project("a", 1_800_000_000_000, "c").await;
    let _other = desk.project("b", 1_700_000_000_000, "c").await;
    let mut merge = target.merge(&desk.path("b")).await.unwrap();
    merge.join().await.unwrap();
    drop(merge);
    let who = target.annotators().await.unwrap();
    assert_eq!(who.len(), 1);
    vote(&target, who[0].id).await;
    assert_eq!(target.counts().await.unwrap().votes, 3);
}

#[tokio::test]
async fn what_was_dealt_elsewhere_takes_the_sides_that_were_seen_here() {
    let desk = desk();
    let mut projects = Vec::new();
    for (name, start_ms, criteria) in [
        ("a", 1_800_000_000_000, ["c", "d"]),
        ("b", 1_700_000_000_000, ["d", "c"]),
    ] {
        let project = desk.bare(name, start_ms, 100).await;
        let mut intake = project
            .intake("a.json", "mapped", None, None)
            .await
            .unwrap();
        let rows = (1..30).flat_map(|n| criteria.map(|criterion| row(n, criterion)));
        intake.take(rows.collect()).await.unwrap();
        intake.commit("many").await.unwrap();
        projects.push(project);
    }
    let [a, b] = &projects[..] else { panic!("two") };
    let mut people = Vec::new();
    for n in 0..8 {
        people.push(a.add_annotator(&n.to_string()).await.unwrap().id);
    }
    merged(b, "a", &desk).await.unwrap();
    // Here each has answered one question of a pair; there, the other one stands before him.
    let left = "SELECT group_concat(left_side) FROM (
         SELECT left_side, max(pair_position * 10 + ordinal) FROM assignment
         WHERE repeat = 0 GROUP BY annotator ORDER BY annotator)";
    for (who, pairs) in people.into_iter().zip(1..) {
        for n in 0..=2 * pairs {
            vote(a, who).await;
            if n < 2 * pairs {
                vote(b, who).await;
            }
        }
        b.next(who).await.unwrap();
    }
    assert_ne!(
        one(a, left).await,
        one(b, left).await,
        "some are on other sides"
    );
    merged(a, "b", &desk).await.unwrap();
    let apart = "SELECT count(*) || '' FROM assignment AS a
         JOIN assignment AS o ON o.annotator = a.annotator AND o.question = a.question
         WHERE a.repeat = 1 AND o.repeat = 0 AND a.left_side = o.left_side
           AND a.head IS NULL";
    assert_eq!(
        one(a, apart).await,
        "0",
        "a repeat not seen yet has the other sides"
    );
    let mates = "SELECT count(*) || '' FROM assignment AS a JOIN question AS q ON q.id = a.question
         JOIN question AS p ON p.pair = q.pair
         JOIN assignment AS o ON o.annotator = a.annotator AND o.question = p.id AND o.repeat = 0
         WHERE a.repeat = 0 AND a.head IS NULL AND o.head IS NOT NULL
           AND a.left_side <> o.left_side";
    assert_eq!(
        one(a, mates).await,
        "0",
        "a question not seen yet has its pair's sides"
    );
    assert_eq!(
        merged(a, "b", &desk).await.unwrap(),
        merged(a, "b", &desk).await.unwrap()
    );
}
