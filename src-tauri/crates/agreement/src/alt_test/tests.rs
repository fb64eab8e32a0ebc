#![allow(clippy::unwrap_used, reason = "a test may fail")]

use super::*;

/// Four people on 60 items, each wrong now and then, one of them often; the fourth answers 20 items
/// alone. Three answers; every eleventh item has no answer of the model.
fn some() -> Vec<AltItem> {
    let item = |n: u32| {
        let truth = n * 7 % 3;
        let said = |who: u32, spread: u32| {
            let wrong = (n * 31 + who * 17) % 23 < spread;
            (truth + u32::from(wrong) * (1 + n % 2)) % 3
        };
        let mut people = vec![(0, said(0, 4)), (1, said(1, 5)), (2, said(2, 12))];
        if n < 20 {
            people.push((7, said(3, 3)));
        }
        AltItem {
            cluster: n / 2,
            people,
            model: (!n.is_multiple_of(11)).then(|| said(5, 4)),
        }
    };
    (0..60).map(item).collect()
}

/// Golden numbers: Python 3.11 with scipy's `ttest_1samp(…, alternative="less")` and
/// `false_discovery_control(…, method="by")`, written from the paper's algorithm 1.
#[test]
fn the_test_says_what_the_references_steps_give() {
    for (epsilon, golden) in [(0.2, GOLD_02), (0.1, GOLD_01)] {
        let options = AltOptions {
            epsilon,
            ..AltOptions::default()
        };
        let found = alt_test(&some(), &options).unwrap();
        assert!((found.winning_rate - golden.0).abs() < 1e-12, "{found:?}");
        assert!((found.advantage.value - golden.1).abs() < 1e-12);
        for (person, wanted) in found.people.iter().zip(golden.2) {
            assert!(
                (person.model_as_near - wanted.0).abs() < 1e-12,
                "{person:?}"
            );
            assert!(
                (person.person_as_near - wanted.1).abs() < 1e-12,
                "{person:?}"
            );
            assert!((person.probability - wanted.2).abs() < 1e-9, "{person:?}");
            assert!((person.adjusted - wanted.3).abs() < 1e-9, "{person:?}");
        }
        assert_eq!((found.people.len(), found.items), (3, 60));
        assert_eq!(found.too_few, [(7, 20)]);
        assert_eq!(found.advantage.n, 180);
        let ci = found.advantage.ci.unwrap();
        assert!(ci.low < found.advantage.value && found.advantage.value < ci.high);
    }
}

#[test]
fn too_few_people_or_items_is_said() {
    let mut items = some();
    items.truncate(29);
    let none = alt_test(&items, &AltOptions::default()).unwrap_err();
    assert!(none.to_string().contains("there are 0"), "{none}");
    let mut items = some();
    for item in &mut items {
        item.people.retain(|(who, _)| *who != 2);
    }
    let two = alt_test(&items, &AltOptions::default()).unwrap_err();
    assert_eq!(
        two,
        NoAltTest::FewPeople {
            needed: 3,
            found: 2,
            items: 30
        }
    );
    // Alone on an item, nobody can be held against the others.
    for item in &mut items {
        item.people.truncate(1);
    }
    assert!(alt_test(&items, &AltOptions::default()).is_err());
}

#[test]
fn a_model_that_says_what_all_say_wins_and_one_that_says_nothing_does_not() {
    let mut items = some();
    for item in &mut items {
        let truth = item.people[0].1;
        item.people.iter_mut().for_each(|said| said.1 = truth);
        item.model = Some(truth);
    }
    let found = alt_test(&items, &AltOptions::default()).unwrap();
    assert_eq!((found.winning_rate, found.advantage.value), (1.0, 1.0));
    assert_eq!(found.advantage.ci, None, "it never varies");
    items.iter_mut().for_each(|item| item.model = None);
    let found = alt_test(&items, &AltOptions::default()).unwrap();
    assert_eq!((found.winning_rate, found.advantage.value), (0.0, 0.0));
}

#[test]
fn a_hundred_thousand_items_cost_one_walk() {
    // Time is measured elsewhere; here that the sums hold for many.
    let mut items: Vec<AltItem> = (0..1700).flat_map(|_| some()).collect();
    for item in &mut items {
        item.people.retain(|(who, _)| *who != 7);
    }
    let found = alt_test(&items, &AltOptions::default()).unwrap();
    let few = alt_test(&items[..60], &AltOptions::default()).unwrap();
    assert!((found.advantage.value - few.advantage.value).abs() < 1e-9);
    assert_eq!(found.items, 102_000);
}

type Golden = (f64, f64, [(f64, f64, f64, f64); 3]);

const GOLD_02: Golden = (
    1.0,
    0.8833333333333333,
    [
        (
            0.8666666666666667,
            0.8666666666666667,
            0.0021210260941670663,
            0.003888547839306288,
        ),
        (
            0.9166666666666666,
            0.9666666666666667,
            0.0005888413299720041,
            0.0016193136574230113,
        ),
        (
            0.8666666666666667,
            0.5833333333333334,
            5.857490242398985e-07,
            3.2216196333194417e-06,
        ),
    ],
);

const GOLD_01: Golden = (
    0.3333333333333333,
    0.8833333333333333,
    [
        (
            0.8666666666666667,
            0.8666666666666667,
            0.07111095549086278,
            0.19555512759987267,
        ),
        (
            0.9166666666666666,
            0.9666666666666667,
            0.1301403475246481,
            0.2385906371285215,
        ),
        (
            0.8666666666666667,
            0.5833333333333334,
            3.292317937650666e-05,
            0.00018107748657078662,
        ),
    ],
);
