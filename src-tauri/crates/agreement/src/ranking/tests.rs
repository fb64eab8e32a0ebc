#![allow(clippy::unwrap_used, reason = "a test may fail")]

use super::*;
use crate::comparisons::Outcome;

fn plan() -> Plan {
    Plan {
        replicates: 400,
        ..Plan::new(7)
    }
}

fn row(left: u32, right: u32, outcome: Outcome) -> Comparison {
    Comparison {
        left,
        right,
        outcome,
        weight: 1.0,
    }
}

/// Sixty prompts, on each of which 0 meets 1 and 1 meets 2. 0 wins in four of five, 1 and 2 are even.
fn rows() -> (Vec<Comparison>, Vec<u32>) {
    let mut rows = Vec::new();
    let mut clusters = Vec::new();
    for prompt in 0..60 {
        let first = if prompt % 5 == 0 {
            Outcome::Right
        } else {
            Outcome::Left
        };
        let second = match prompt % 4 {
            0 => Outcome::Left,
            1 => Outcome::Right,
            _ => Outcome::Tie,
        };
        rows.extend([row(0, 1, first), row(1, 2, second)]);
        clusters.extend([prompt * 3, prompt * 3]);
    }
    (rows, clusters)
}

#[test]
fn rates_have_wilsons_interval() {
    let table = Comparisons::new(3, &rows().0).unwrap();
    let rates = win_rates(&table, Ties::Half, 1.96);
    assert_eq!(rates[0][1].rate, Some(0.8));
    assert_eq!((rates[1][0].wins, rates[1][0].losses), (12.0, 48.0));
    // 48 of 60, by hand.
    let interval = rates[0][1].interval.unwrap();
    assert!((interval.low - 0.682_241).abs() < 1e-4 && (interval.high - 0.881_665).abs() < 1e-3);
    assert_eq!(
        (rates[0][2].n, rates[0][2].rate, rates[0][2].interval),
        (0.0, None, None)
    );
    assert_eq!(
        (rates[1][2].ties, rates[1][2].n, rates[1][2].rate),
        (30.0, 60.0, Some(0.5))
    );
    assert_eq!(win_rates(&table, Ties::LeftOut, 1.96)[1][2].n, 30.0);
    let average = average_win_rates(&table, Ties::Half);
    assert_eq!(average[2], Some(0.5));
    assert!((average[1].unwrap() - 0.35).abs() < 1e-12);
    // Nothing lost leaves no doubt upwards, and some downwards: z² / (n + z²) is missing.
    let all = Interval::wilson(1.0, 10.0, 1.96);
    assert!((all.high - 1.0).abs() < 1e-12 && (all.low - 10.0 / 13.8416).abs() < 1e-12);
}

#[test]
fn what_is_said_depends_on_the_interval() {
    let (rows, clusters) = rows();
    for by in [RankBy::BradleyTerry(Ties::Half), RankBy::Davidson] {
        let ranking = rank(3, &rows, &clusters, by, &plan()).unwrap();
        assert_eq!((ranking.clusters, ranking.samples.failed), (60, 0));
        let enough = Enough::default();
        assert_eq!(ranking.say(0, 1, &enough), Some(Lead::Better));
        assert_eq!(ranking.say(1, 0, &enough), Some(Lead::Worse));
        assert_eq!(ranking.say(1, 2, &enough), Some(Lead::TooClose));
        let many = Enough {
            comparisons: 100.0,
            ..enough
        };
        assert_eq!(ranking.say(0, 1, &many), Some(Lead::TooFewComparisons));
        let first = ranking.ranks[0].unwrap();
        assert_eq!((first.rank, first.best, first.worst), (1, 1, 1));
        let second = ranking.ranks[1].unwrap();
        assert_eq!((second.best, second.worst), (2, 3));
        for (model, interval) in ranking.intervals.iter().enumerate() {
            let logit = ranking.strengths.logits[model];
            assert!(interval.is_some_and(|i| i.low < logit && logit < i.high));
        }
    }
}

#[test]
fn prompts_that_repeat_themselves_widen_the_interval() {
    // The same rows, of which three neighbours each now share a prompt and so are drawn together.
    let (mut rows, _) = rows();
    rows.sort_by_key(|row| (row.left, row.outcome as usize));
    let by = RankBy::BradleyTerry(Ties::Half);
    let width = |clusters: &[u32]| {
        let interval = rank(3, &rows, clusters, by, &plan()).unwrap().intervals[0].unwrap();
        interval.high - interval.low
    };
    let alone: Vec<u32> = (0..120).collect();
    let together: Vec<u32> = (0..120).map(|row| row / 3).collect();
    assert!(width(&together) > 1.4 * width(&alone));
}

#[test]
fn samples_without_a_ranking_are_counted() {
    let rows = [row(0, 1, Outcome::Left), row(0, 1, Outcome::Right)];
    let by = RankBy::BradleyTerry(Ties::Half);
    let ranking = rank(2, &rows, &[0, 1], by, &plan()).unwrap();
    assert!((150..250).contains(&ranking.samples.failed));
    let few = Enough {
        comparisons: 1.0,
        ..Enough::default()
    };
    assert_eq!(ranking.say(0, 1, &few), Some(Lead::TooFewComparisons));
    let unranked = rank(2, &rows[..1], &[0], by, &plan());
    assert!(matches!(
        unranked,
        Err(AgreementError::Unranked(Unranked::OneSided { .. }))
    ));
    assert!(rank(2, &rows, &[0], by, &plan()).is_err());
}
