#![allow(clippy::unwrap_used, reason = "a test may fail")]

use super::*;
use crate::bootstrap::Draws;
use crate::comparisons::{Comparison, Outcome};

fn close(one: &[f64], other: &[f64], by: f64) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| (a - b).abs() < by)
}

fn row(left: u32, right: u32, outcome: Outcome, weight: f64) -> Comparison {
    Comparison {
        left,
        right,
        outcome,
        weight,
    }
}

#[test]
fn two_models_by_hand() {
    // 3 to 1: a difference of ln 3, whose variance is 1/3 + 1/1.
    let table = Comparisons::from_wins(2, &[0.0, 3.0, 1.0, 0.0]).unwrap();
    let fit = bradley_terry(&table, Ties::Half).unwrap();
    let difference = fit.strengths.difference(0, 1).unwrap();
    assert!((difference.value - 3.0f64.ln()).abs() < 1e-12);
    assert!((difference.se - (4.0f64 / 3.0).sqrt()).abs() < 1e-12);
    assert!((fit.strengths.logits.iter().sum::<f64>()).abs() < 1e-12);
    assert!((fit.strengths.se(0).unwrap() - difference.se / 2.0).abs() < 1e-12);
    let likelihood = 3.0 * 0.75f64.ln() + 0.25f64.ln();
    assert!((fit.log_likelihood - likelihood).abs() < 1e-12);
}

#[test]
fn ties_are_halved_or_left_out() {
    let ties = [0.0, 4.0, 0.0, 0.0];
    let table = Comparisons::from_wins_and_ties(2, &[0.0, 3.0, 1.0, 0.0], &ties).unwrap();
    let half = bradley_terry(&table, Ties::Half).unwrap();
    let half = half.strengths.difference(0, 1).unwrap();
    assert!((half.value - (5.0f64 / 3.0).ln()).abs() < 1e-12);
    let out = bradley_terry(&table, Ties::LeftOut).unwrap().strengths;
    assert!((out.difference(0, 1).unwrap().value - 3.0f64.ln()).abs() < 1e-12);
    assert_eq!(out.compared, [4.0, 4.0]);
}

/// Citations between four journals of statistics (S. M. Stigler, 1994), as in Agresti's book: by row,
/// how often the row's journal was cited by the column's. Biometrika, Communications in Statistics,
/// JASA, JRSS-B.
#[test]
fn the_citations_between_journals() {
    let wins = [
        714.0, 730.0, 498.0, 221.0, 33.0, 425.0, 68.0, 17.0, 320.0, 813.0, 1072.0, 142.0, 284.0,
        276.0, 325.0, 188.0,
    ];
    let table = Comparisons::from_wins(4, &wins).unwrap();
    let fit = bradley_terry(&table, Ties::Half).unwrap();
    let against: Vec<f64> = fit
        .strengths
        .logits
        .iter()
        .map(|x| x - fit.strengths.logits[0])
        .collect();
    let expected = [0.0, -2.949_072_496_8, -0.479_569_769_8, 0.268_954_055_8];
    assert!(close(&against, &expected, 1e-9));
    assert!((fit.log_likelihood + 1_622.889_808_827_6).abs() < 1e-6);
}

/// The American League of 1987 (Agresti 2002, table 10.10): by home team, the wins and losses at home
/// against each other team, in the order of the list.
const BASEBALL: [&str; 7] = [
    "43 42 43 61 42 60", // Milwaukee
    "33 42 43 60 61 43", // Detroit
    "25 43 24 43 42 60", // Toronto
    "33 51 25 43 42 61", // New York
    "51 25 33 42 52 60", // Boston
    "25 33 34 43 42 24", // Cleveland
    "25 15 16 24 16 34", // Baltimore
];

fn baseball() -> Comparisons {
    let mut rows = Vec::new();
    for (home, record) in (0u32..).zip(BASEBALL) {
        let others = (0..7).filter(|&away| away != home);
        for (away, pair) in others.zip(record.split(' ')) {
            let digits = pair.as_bytes();
            rows.push(row(home, away, Outcome::Left, f64::from(digits[0] - b'0')));
            rows.push(row(home, away, Outcome::Right, f64::from(digits[1] - b'0')));
        }
    }
    Comparisons::new(7, &rows).unwrap()
}

#[test]
fn the_baseball_league_and_its_home_field() {
    let plain = bradley_terry(&baseball(), Ties::Half).unwrap().strengths;
    let mut against: Vec<f64> = plain.logits.iter().map(|x| x - plain.logits[6]).collect();
    against.sort_by(f64::total_cmp);
    let expected = [
        0.0,
        0.683_852_769,
        1.107_697_705,
        1.247_617_845,
        1.294_485_124,
        1.436_408_432,
    ];
    assert!(close(&against[..6], &expected, 1e-8));
    // The book prints standard errors of about 0.3 against the weakest.
    assert!((plain.difference(0, 6).unwrap().se - 0.34).abs() < 0.05);

    let home = bradley_terry_with_side(&baseball(), Ties::Half).unwrap();
    assert!((home.side.unwrap().value - 0.302_260_6).abs() < 1e-6);
    let mut worths = home.strengths.worths();
    worths.sort_by(f64::total_cmp);
    let expected = [
        0.043_560, 0.088_131, 0.136_720, 0.156_879, 0.164_226, 0.190_470, 0.220_014,
    ];
    assert!(close(&worths, &expected, 1e-6));
}

#[test]
fn no_ranking_without_its_reason() {
    let unbeaten =
        Comparisons::from_wins(3, &[0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0]).unwrap();
    let expected = Unranked::OneSided {
        never_lost: vec![vec![0]],
        never_won: vec![vec![1, 2]],
    };
    assert_eq!(bradley_terry(&unbeaten, Ties::Half), Err(expected));
    let none = Comparisons::from_wins(0, &[]).unwrap();
    assert_eq!(
        bradley_terry(&none, Ties::Half),
        Err(Unranked::NoComparisons)
    );
    // All wins on the left: a ranking, but no bound to the effect of the side.
    let left = [row(0, 1, Outcome::Left, 2.0), row(1, 0, Outcome::Left, 3.0)];
    let left = Comparisons::new(2, &left).unwrap();
    assert!(bradley_terry(&left, Ties::Half).is_ok());
    let decided = bradley_terry_with_side(&left, Ties::Half);
    assert_eq!(decided, Err(Unranked::SideDecides));
    // Never the other way round: the side cannot be told from the model.
    let fixed = [
        row(0, 1, Outcome::Left, 2.0),
        row(0, 1, Outcome::Right, 3.0),
    ];
    let fixed = Comparisons::new(2, &fixed).unwrap();
    let decided = bradley_terry_with_side(&fixed, Ties::Half);
    assert_eq!(decided, Err(Unranked::SideDecides));
}

#[test]
fn another_order_of_models_changes_the_order_alone() {
    let table = baseball();
    let turned: Vec<f64> = (0..49)
        .map(|cell| table.wins(6 - cell / 7, 6 - cell % 7))
        .collect();
    let turned = Comparisons::from_wins(7, &turned).unwrap();
    let plain = bradley_terry(&table, Ties::Half).unwrap();
    let mut turned = bradley_terry(&turned, Ties::Half).unwrap();
    turned.strengths.logits.reverse();
    assert!(close(
        &plain.strengths.logits,
        &turned.strengths.logits,
        1e-12
    ));
    assert!((plain.log_likelihood - turned.log_likelihood).abs() < 1e-9);
}

/// Whatever few comparisons there are: a reason, or worths under which everybody is expected to win
/// as often as he did.
#[test]
fn few_comparisons_give_a_reason_or_a_peak() {
    let mut random = Draws::of(11, 0);
    let mut found = [0, 0];
    for _ in 0..3000 {
        let rows: Vec<Comparison> = (0..2 + random.below(10))
            .map(|_| {
                let left = random.below(3) as u32;
                let right = (left + 1 + random.below(2) as u32) % 3;
                let outcome = [Outcome::Left, Outcome::Right, Outcome::Tie][random.below(3)];
                row(left, right, outcome, 1.0)
            })
            .collect();
        let table = Comparisons::new(3, &rows).unwrap();
        match bradley_terry(&table, Ties::Half) {
            Ok(fit) => {
                found[0] += 1;
                for i in 0..3 {
                    let expects = |j: usize| {
                        let lead = fit.strengths.logits[i] - fit.strengths.logits[j];
                        let met = table.wins(i, j) + table.wins(j, i) + table.ties(i, j);
                        met / (1.0 + (-lead).exp()) - table.score(i, j, Ties::Half)
                    };
                    assert!((0..3).filter(|&j| j != i).map(expects).sum::<f64>().abs() < 1e-8);
                }
            }
            Err(reason) => assert_ne!(reason, Unranked::NotFound),
        }
        let side = bradley_terry_with_side(&table, Ties::Half);
        found[1] += usize::from(side.is_ok());
        assert_ne!(side.err(), Some(Unranked::NotFound));
        let with_ties = crate::davidson::davidson(&table);
        assert_ne!(with_ties.err(), Some(Unranked::NotFound));
    }
    assert!(found.iter().all(|count| *count > 300), "{found:?}");
}
