//! Joining projects: in every order the same, twice the same, nothing lost, and told what was met.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::desk::{Desk, codes, content, news, person, same, vote, work, works};
use common::{Dice, rows};
use tiebreak_commands::dto::VoteRequest;
use tiebreak_commands::import::Cancel;
use tiebreak_commands::projects::NewProject;
use tiebreak_commands::{annotators, label, merge};
use tiebreak_domain::{AnnotatorId, Attention, Next, ScreenVerdict};

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
