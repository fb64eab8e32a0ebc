//! In which order questions come: each person's own where it is random, task by task, or those that
//! the fewest people were dealt; with repeats, shares, late criteria, restarts and merges.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use common::{Made, made, number, rows};
use tiebreak_commands::dto::VoteRequest;
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{label, merge, phases, queues};
use tiebreak_domain::{AnnotatorId, Attention, Order, PairId, Phase, QuestionView, ScreenVerdict};

const BENCH: &str = "text_to_text_preferences.json";

fn ordered(order: Order) -> NewProject {
    NewProject {
        order,
        ..NewProject::default()
    }
}

async fn bench(wish: &NewProject, pairs: usize, criteria: usize) -> Made {
    let made = made(wish).await;
    made.import_text(BENCH, &rows(pairs, criteria))
        .await
        .unwrap();
    made
}

async fn answer(made: &Made, who: AnnotatorId, view: &QuestionView) {
    let request = VoteRequest {
        assignment: view.assignment,
        verdict: ScreenVerdict::Tie,
        confidence: None,
        rationale: String::new(),
        attention: Attention::default(),
    };
    let voted = label::vote(&made.project, who, request, "test 1").await;
    voted.unwrap();
}

/// What somebody answers, at most so much, peeking as the window does.
async fn work(made: &Made, name: &str, most: usize) -> Vec<QuestionView> {
    let who = made.person(name).await;
    let mut seen = Vec::new();
    while seen.len() < most {
        let Some(view) = made.next(who).await else {
            break;
        };
        label::peek(&made.project, who).await.unwrap();
        answer(made, who, &view).await;
        seen.push(view);
    }
    seen
}

fn pairs(seen: &[QuestionView]) -> Vec<PairId> {
    let mut pairs: Vec<PairId> = seen.iter().map(|view| view.pair).collect();
    pairs.dedup();
    pairs
}

fn together(seen: &[QuestionView], what: &str) {
    let blocks = pairs(seen);
    let distinct: HashSet<_> = blocks.iter().collect();
    assert_eq!(blocks.len(), distinct.len(), "{what}: pairs stay together");
    let mut sides = HashMap::new();
    for view in seen {
        let before = sides.insert(view.pair, view.left.text.clone());
        assert!(
            before.is_none_or(|left| left == view.left.text),
            "{what}: sides"
        );
    }
}

#[tokio::test]
async fn a_random_order_is_each_persons_own_and_survives_a_restart() {
    let made = bench(&ordered(Order::Random), 60, 2).await;
    let ben: Vec<_> = work(&made, "ben", 200).await.iter().map(number).collect();
    let first = work(&made, "anna", 41).await;
    let standing = made.next(made.person("anna").await).await.unwrap();
    let made = made.reopened().await;
    let again = made.next(made.person("anna").await).await.unwrap();
    assert_eq!(again, standing, "a restart shows the same");
    let mut all = first;
    all.extend(work(&made, "anna", 200).await);
    assert_eq!(all.len(), 120);
    together(&all, "random");
    let anna: Vec<_> = all.iter().map(number).collect();
    let mut sorted = anna.clone();
    sorted.sort_unstable();
    assert_ne!(anna, sorted, "not the data's order");
    assert_ne!(anna, ben, "each has his own");
    let early = anna[..60].iter().filter(|n| **n < 30).count();
    assert!(
        (16..=44).contains(&early),
        "{early} of 60 from the first half"
    );
    assert!(projects::check(&made.project).await.unwrap().ok);
}

#[tokio::test]
async fn what_comes_in_later_is_shuffled_behind_and_nothing_comes_twice() {
    let made = bench(&ordered(Order::Random), 20, 1).await;
    let mut seen = work(&made, "anna", 7).await;
    let more = rows(50, 1);
    made.import_text("more/text_to_text_preferences.json", &more)
        .await
        .unwrap();
    seen.extend(work(&made, "anna", 100).await);
    let found: Vec<_> = seen.iter().map(number).collect();
    let distinct: HashSet<_> = found.iter().collect();
    assert_eq!((found.len(), distinct.len()), (50, 50));
    assert!(found[..20].iter().all(|n| *n < 20), "{found:?}");
}

#[tokio::test]
async fn blocks_come_task_by_task_in_the_order_of_the_tasks() {
    let made = made(&ordered(Order::ByTask)).await;
    // Two tasks by turns, so that the data's order is no block.
    let mut mixed = Vec::new();
    for n in 0..20 {
        let task = if n % 2 == 0 {
            "text_to_text"
        } else {
            "own_task"
        };
        mixed.push(serde_json::json!({
            "prompt": format!("prompt-{n}"), "response1": format!("one-{n}"),
            "response2": format!("two-{n}"), "criteria": "Which?", "task": task,
            "id": format!("source-{n}"),
        }));
    }
    let text = serde_json::to_string(&mixed).unwrap();
    let report = made.import_text("rows.json", &text).await.unwrap();
    assert_eq!(report.taken, 20, "{report:?}");
    let mut seen = work(&made, "anna", 14).await;
    // A row of the first task that comes while the second is being answered waits for its end.
    let late = serde_json::json!([{
        "prompt": "prompt-99", "response1": "one-99", "response2": "two-99", "criteria": "Which?",
        "task": "text_to_text", "id": "source-99",
    }]);
    made.import_text("late.json", &late.to_string())
        .await
        .unwrap();
    seen.extend(work(&made, "anna", 100).await);
    let found: Vec<_> = seen.iter().map(number).collect();
    let wanted: Vec<_> = (0..20)
        .step_by(2)
        .chain((1..20).step_by(2))
        .chain([99])
        .collect();
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn those_dealt_to_the_fewest_come_first_and_never_two_people_the_same() {
    let made = bench(&ordered(Order::FewestFirst), 30, 1).await;
    let names = ["anna", "ben", "cleo"];
    // All three sit down at once and answer by turns.
    let mut seen: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut turns = Vec::new();
    for turn in 0..30 {
        for name in names {
            for view in work(&made, name, 1).await {
                seen.entry(name).or_default().push(number(&view));
                turns.push((turn, number(&view)));
            }
        }
    }
    let first: Vec<_> = names.iter().map(|name| seen[name][0]).collect();
    assert_eq!(HashSet::<_>::from_iter(first).len(), 3, "three first pairs");
    // As long as there are pairs that nobody was dealt, nobody gets another's.
    let early: HashSet<_> = turns.iter().take(27).map(|(_, n)| *n).collect();
    assert_eq!(early.len(), 27);
    for name in names {
        let mut own = seen[name].clone();
        own.sort_unstable();
        assert_eq!(
            own,
            (0..30).collect::<Vec<_>>(),
            "{name} sees all in the end"
        );
    }
    assert!(projects::check(&made.project).await.unwrap().ok);
}

#[tokio::test]
async fn somebody_who_comes_later_takes_what_has_fewest() {
    let made = bench(&ordered(Order::FewestFirst), 10, 1).await;
    let anna: Vec<_> = work(&made, "anna", 4).await.iter().map(number).collect();
    assert_eq!(anna, [0, 1, 2, 3]);
    let ben: Vec<_> = work(&made, "ben", 100).await.iter().map(number).collect();
    // Anna was dealt a fifth, which stands open before her.
    assert_eq!(ben, [5, 6, 7, 8, 9, 0, 1, 2, 3, 4]);
}

#[tokio::test]
async fn an_order_changed_on_the_way_leaves_what_is_dealt_and_deals_all_once() {
    let made = bench(&NewProject::default(), 40, 2).await;
    let mut seen = work(&made, "anna", 11).await;
    for (order, most) in [
        (Order::Random, 13),
        (Order::FewestFirst, 9),
        (Order::ByTask, 8),
        (Order::Fixed, 5),
        (Order::Random, 100),
    ] {
        let who = made.person("anna").await;
        let before = made.next(who).await.unwrap();
        queues::set_order(&made.project, order).await.unwrap();
        assert_eq!(made.next(who).await.unwrap(), before, "{order}");
        seen.extend(work(&made, "anna", most).await);
        assert!(projects::check(&made.project).await.unwrap().ok, "{order}");
    }
    assert_eq!(seen.len(), 80);
    together(&seen, "changed orders");
    let shown = queues::show(&made.project).await.unwrap();
    assert_eq!((shown.order, shown.people[0].done), (Order::Random, 80));
}

#[tokio::test]
async fn repeats_keep_their_distance_in_the_persons_own_queue() {
    for order in Order::ALL {
        let made = bench(
            &NewProject {
                repeat_percent: 100,
                ..ordered(order)
            },
            45,
            1,
        )
        .await;
        let seen = work(&made, "anna", 500).await;
        assert_eq!(seen.len(), 90, "{order}");
        let mut first = HashMap::new();
        for (at, view) in seen.iter().enumerate() {
            let Some((before, left)) = first.insert(view.pair, (at, view.left.text.clone())) else {
                continue;
            };
            assert_ne!(left, view.left.text, "{order}: swapped");
            // Twenty pairs later; near the end, where nothing else is left, sooner.
            let gap = at - before;
            assert!(gap > 1, "{order}: a repeat never follows its original");
            assert!(gap >= 20 || at > 60, "{order}: {gap} at {at}");
        }
    }
}

#[tokio::test]
async fn shares_and_late_criteria_hold_in_every_order() {
    for order in Order::ALL {
        let wish = NewProject {
            overlap: Some((2, 4)),
            ..ordered(order)
        };
        let made = bench(&wish, 24, 2).await;
        let names = ["anna", "ben", "cleo", "dora"];
        let mut votes: HashMap<PairId, HashSet<&str>> = HashMap::new();
        let mut all: BTreeMap<&str, Vec<QuestionView>> = BTreeMap::new();
        for _ in 0..30 {
            for name in names {
                for view in work(&made, name, 3).await {
                    votes.entry(view.pair).or_default().insert(name);
                    all.entry(name).or_default().push(view);
                }
            }
        }
        assert_eq!(votes.len(), 24, "{order}");
        assert!(votes.values().all(|people| people.len() == 2), "{order}");
        for (name, seen) in &all {
            together(seen, order.as_str());
            let who = made.person(name).await;
            let progress = label::progress(&made.project, who).await.unwrap();
            assert_eq!(progress.done, progress.total, "{order} {name}");
        }
        // A criterion written later goes to the pair's people, at once and on their sides.
        let view = &all["anna"][0];
        let anna = made.person("anna").await;
        label::criteria(&made.project, anna, view.pair, &["Kinder?".into()])
            .await
            .unwrap();
        for name in names {
            let again = work(&made, name, 9).await;
            let wanted = usize::from(votes[&view.pair].contains(name));
            assert_eq!(again.len(), wanted, "{order} {name}");
            for late in again {
                let before = all[name].iter().find(|v| v.pair == late.pair).unwrap();
                assert_eq!(before.left, late.left, "{order}: the pair's sides");
            }
        }
    }
}

fn copied(made: &Made) -> Made {
    let folder = common::folder();
    let from = made.folder.path().join("project");
    common::copy_tree(&from, &folder.path().join("project"));
    Made {
        project: made.project.clone(),
        folder,
    }
}

async fn take(made: &Made, other: &Made) {
    let cancel = tiebreak_commands::import::Cancel::default();
    let path = other.folder.path().join("project");
    merge::run(&made.project, Path::new(&path), false, &cancel)
        .await
        .unwrap();
}

async fn writes(made: &Made, name: &str, sentence: &str) {
    let who = made.person(name).await;
    while let Some(view) = made.next(who).await {
        label::criteria(&made.project, who, view.pair, &[sentence.to_owned()])
            .await
            .unwrap();
    }
}

async fn sound(made: &Made, when: &str) {
    let report = projects::check(&made.project).await.unwrap();
    assert!(report.ok, "{when}: {:?}", report.findings);
}

/// Who writes a pair's criteria is dealt it once to write and once to vote, and what somebody wrote in
/// a copy comes while the others vote already: neither counts for the other.
#[tokio::test]
async fn where_the_fewest_come_first_each_phase_counts_its_own_steps() {
    let wish = NewProject {
        phases: true,
        ..ordered(Order::FewestFirst)
    };
    let one = made(&wish).await;
    let bare = rows(6, 1)
        .replace("\"criteria\":", "\"field\":")
        .replace("criteria_preference", "another");
    one.import_text(BENCH, &bare).await.unwrap();
    let (anna, ben) = (one.person("anna").await, one.person("ben").await);
    one.project.close().await;
    let other = copied(&one).reopened().await;
    let one = one.reopened().await;
    writes(&one, "anna", "Clearer?").await;
    writes(&other, "ben", "Kinder?").await;
    sound(&one, "written").await;
    for phase in [Phase::Review, Phase::Vote] {
        phases::begin(&one.project, phase, None).await.unwrap();
    }
    assert_eq!(work(&one, "anna", 2).await.len(), 2);
    sound(&one, "voting").await;
    take(&one, &other).await;
    sound(&one, "what was written came").await;
    for (name, who) in [("ben", ben), ("anna", anna)] {
        work(&one, name, 100).await;
        let progress = label::progress(&one.project, who).await.unwrap();
        assert_eq!((progress.done, progress.total), (12, 12), "{name}");
    }
    sound(&one, "all voted").await;
    phases::begin(&one.project, Phase::Write, None)
        .await
        .unwrap();
    sound(&one, "writing again").await;
}

/// One person goes on in two copies, in an order of his own in each; both are merged either way.
#[tokio::test]
async fn queues_of_two_copies_are_joined_whichever_way() {
    for order in Order::ALL {
        let wish = NewProject {
            repeat_percent: 50,
            ..ordered(order)
        };
        let one = bench(&wish, 30, 2).await;
        work(&one, "anna", 9).await;
        one.project.close().await;
        let other = copied(&one).reopened().await;
        let one = one.reopened().await;
        work(&one, "anna", 12).await;
        work(&other, "anna", 21).await;
        work(&other, "ben", 14).await;
        take(&one, &other).await;
        take(&other, &one).await;
        assert!(
            one.exported("votes").await.1 == other.exported("votes").await.1,
            "{order}"
        );
        let who = one.person("anna").await;
        let done = label::progress(&one.project, who).await.unwrap().done;
        for made in [&one, &other] {
            sound(made, order.as_str()).await;
            let standing = made.next(who).await;
            assert_eq!(made.next(who).await, standing);
            let left = work(made, "anna", 1000).await;
            let fresh: HashSet<_> = left.iter().map(|view| view.question).collect();
            assert!(
                fresh.len() >= 60 - usize::try_from(done).unwrap(),
                "{order}"
            );
            let progress = label::progress(&made.project, who).await.unwrap();
            assert_eq!((progress.done, progress.total), (60, 60), "{order}");
        }
    }
}

#[tokio::test]
async fn a_place_taken_by_mistake_goes_to_the_next_and_no_other() {
    let wish = NewProject {
        overlap: Some((2, 2)),
        ..ordered(Order::FewestFirst)
    };
    let made = bench(&wish, 6, 1).await;
    let owner = made.person("owner").await;
    made.next(owner).await.unwrap();
    work(&made, "anna", 2).await;
    let ben = made.person("ben").await;
    let full = label::next(&made.project, ben).await.unwrap_err();
    assert_eq!(full.code, "no_place");
    let anna = made.person("anna").await;
    let kept = queues::free_place(&made.project, anna).await.unwrap_err();
    assert_eq!(kept.code, "place_in_use");
    let none = queues::free_place(&made.project, ben).await.unwrap_err();
    assert_eq!(none.code, "holds_no_place");
    let shown = queues::show(&made.project).await.unwrap();
    let free = |name| {
        let one = shown.people.iter().find(|one| one.name == name).unwrap();
        (one.number, one.can_be_freed)
    };
    assert_eq!(free("owner"), (Some(1), true));
    assert_eq!(free("anna"), (Some(2), false));

    let back = queues::free_place(&made.project, owner).await.unwrap();
    assert_eq!(back, 1, "what stood open before him went back");
    assert_eq!(work(&made, "ben", 100).await.len(), 6);
    assert_eq!(work(&made, "anna", 100).await.len(), 4);
    let full = label::next(&made.project, owner).await.unwrap_err();
    assert_eq!(full.code, "no_place");
    let log = made.project.logged().await.unwrap();
    assert!(log.iter().any(|(_, what, _)| what == "place freed"));
    assert!(projects::check(&made.project).await.unwrap().ok);
}
