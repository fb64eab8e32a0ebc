#![allow(clippy::unwrap_used, reason = "a test may fail")]

use super::*;

fn table(models: usize, pairs: &[(usize, usize, [f64; 3])]) -> Comparisons {
    let mut wins = vec![0.0; models * models];
    let mut ties = wins.clone();
    for &(i, j, [won, lost, tied]) in pairs {
        wins[i * models + j] = won;
        wins[j * models + i] = lost;
        ties[i * models + j] = tied;
    }
    Comparisons::from_wins_and_ties(models, &wins, &ties).unwrap()
}

/// Six kinds of chocolate pudding (Davidson 1970, example 2).
fn pudding() -> Comparisons {
    let pairs = [
        (0, 1, [19.0, 22.0, 16.0]),
        (0, 2, [16.0, 19.0, 12.0]),
        (1, 2, [19.0, 19.0, 10.0]),
        (0, 3, [18.0, 23.0, 13.0]),
        (1, 3, [23.0, 19.0, 9.0]),
        (2, 3, [19.0, 20.0, 15.0]),
        (0, 4, [13.0, 19.0, 18.0]),
        (1, 4, [16.0, 20.0, 12.0]),
        (2, 4, [16.0, 15.0, 17.0]),
        (3, 4, [17.0, 14.0, 16.0]),
        (0, 5, [18.0, 21.0, 12.0]),
        (1, 5, [22.0, 20.0, 12.0]),
        (2, 5, [13.0, 18.0, 10.0]),
        (3, 5, [14.0, 19.0, 18.0]),
        (4, 5, [11.0, 21.0, 12.0]),
    ];
    table(6, &pairs)
}

#[test]
fn two_models_by_hand() {
    // As often as seen: 4 to 1 is odds of 4, and ν = ties / √(wins · losses).
    let fit = davidson(&table(2, &[(0, 1, [4.0, 1.0, 3.0])])).unwrap();
    let difference = fit.strengths.difference(0, 1).unwrap();
    assert!((difference.value - 4.0f64.ln()).abs() < 1e-11);
    assert!((difference.se - 1.25f64.sqrt()).abs() < 1e-11);
    assert!((fit.nu.value - 1.5).abs() < 1e-11);
    // ln ν = ln 3 − (ln 4 + ln 1) / 2, of counts of which each has a variance of one over itself.
    let se = 1.5 * (1.0 / 3.0 + 1.0 / 16.0 + 1.0 / 4.0f64).sqrt();
    assert!((fit.nu.se - se).abs() < 1e-11);
}

#[test]
fn the_papers_puddings() {
    let fit = davidson(&pudding()).unwrap();
    let worths = [
        0.138_803_375,
        0.173_001_5,
        0.161_747_434,
        0.165_372_958,
        0.158_685_395,
        0.202_389_338,
    ];
    for (found, expected) in fit.strengths.worths().iter().zip(worths) {
        assert!((found - expected).abs() < 1e-8);
    }
    assert!((fit.nu.value - 0.746_822_988).abs() < 1e-8);
    assert!((fit.log_likelihood + 809.709_510_090).abs() < 1e-6);
}

#[test]
fn no_ranking_without_its_reason() {
    let no_ties = davidson(&table(2, &[(0, 1, [4.0, 1.0, 0.0])]));
    assert_eq!(no_ties, Err(Unranked::NoTies));
    let only_ties = davidson(&table(2, &[(0, 1, [0.0, 0.0, 3.0])]));
    assert_eq!(only_ties, Err(Unranked::OnlyTies));
    // Connected by a tie, but the one win can be given any distance as long as ν grows with it.
    let one_win = davidson(&table(2, &[(0, 1, [1.0, 0.0, 3.0])]));
    assert_eq!(one_win, Err(Unranked::OnlyTies));
    let apart = davidson(&table(
        4,
        &[(0, 1, [1.0, 1.0, 1.0]), (2, 3, [1.0, 1.0, 1.0])],
    ));
    let groups = vec![vec![0, 1], vec![2, 3]];
    assert_eq!(apart, Err(Unranked::Apart { groups }));
}

#[test]
fn another_order_of_models_changes_the_order_alone() {
    let plain = pudding();
    let turned = |what: fn(&Comparisons, usize, usize) -> f64| -> Vec<f64> {
        (0..36)
            .map(|cell| what(&plain, 5 - cell / 6, 5 - cell % 6))
            .collect()
    };
    let ties: Vec<f64> = turned(Comparisons::ties)
        .iter()
        .map(|tied| tied / 2.0)
        .collect();
    let turned = Comparisons::from_wins_and_ties(6, &turned(Comparisons::wins), &ties).unwrap();
    let (plain, turned) = (davidson(&plain).unwrap(), davidson(&turned).unwrap());
    assert!((plain.nu.value - turned.nu.value).abs() < 1e-11);
    for (model, logit) in plain.strengths.logits.iter().enumerate() {
        assert!((logit - turned.strengths.logits[5 - model]).abs() < 1e-11);
    }
}
