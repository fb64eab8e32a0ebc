//! What the nested fit must recover, and what it must not find where there is nothing.

use tiebreak_domain::{ContentHasher, PromptId, Verdict};

use super::*;

/// SplitMix64: a failure can be run again by its seed.
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64
    }
}

fn prompt(n: usize) -> PromptId {
    let mut hasher = ContentHasher::new("a prompt of the tests");
    hasher.bytes(&n.to_le_bytes());
    PromptId::from_uuid(hasher.finish())
}

/// Two questions a prompt; the verdict follows `weight` times feature 1, and chance.
fn rows(prompts: usize, weight: f64, seed: u64) -> Vec<Labelled> {
    let mut dice = Dice(seed);
    (0..prompts * 2)
        .map(|n| {
            let mut difference = [0.0; WIDTH];
            difference.fill_with(|| 2.0 * dice.unit() - 1.0);
            let chance = 1.0 / (1.0 + (-weight * difference[1]).exp());
            let first = dice.unit() < chance;
            Labelled {
                prompt: prompt(n / 2),
                difference,
                share: f64::from(u8::from(first)),
                truth: Some(if first {
                    Verdict::Response1
                } else {
                    Verdict::Response2
                }),
            }
        })
        .collect()
}

fn right(rows: &[Labelled], fitted: &Fitted) -> f64 {
    let said = fitted.verdicts(rows);
    let hits = rows
        .iter()
        .zip(said)
        .filter(|(row, said)| *said == row.truth);
    hits.count() as f64 / rows.len() as f64
}

#[test]
fn a_rule_is_recovered_and_its_weight_stands_out() {
    let rows = rows(150, 12.0, 1);
    let fitted = fit(&rows, 5, 1).unwrap();
    assert!(right(&rows, &fitted) > 0.85, "{}", right(&rows, &fitted));
    let weights = fitted.all.standard;
    let most = (0..WIDTH).max_by(|a, b| weights[*a].abs().total_cmp(&weights[*b].abs()));
    assert_eq!(most, Some(1), "{weights:?}");
    assert!(weights[1] > 0.0);
}

#[test]
fn where_there_is_nothing_it_finds_chance() {
    let mut sum = 0.0;
    for seed in 0..8 {
        let rows = rows(100, 0.0, 100 + seed);
        sum += right(&rows, &fit(&rows, 5, seed).unwrap());
    }
    // 1,600 labels: a standard deviation of chance is 0.0125.
    assert!((sum / 8.0 - 0.5).abs() < 0.05, "{}", sum / 8.0);
}

#[test]
fn a_question_is_never_scored_by_what_saw_its_prompt() {
    let rows = rows(40, 3.0, 5);
    let fitted = fit(&rows, 5, 9).unwrap();
    for fold in 0..5 {
        // Other labels in a fold leave the model that scores it as it was, and change the rest.
        let mut others = rows.clone();
        for row in others
            .iter_mut()
            .filter(|row| fitted.fold_of[&row.prompt] == fold)
        {
            row.share = 1.0 - row.share;
            row.truth = Some(Verdict::Tie);
        }
        let again = fit(&others, 5, 9).unwrap();
        let at = fold as usize;
        assert_eq!(again.folds[at], fitted.folds[at], "fold {fold}");
        assert_ne!(again.folds[(at + 1) % 5], fitted.folds[(at + 1) % 5]);
        assert_ne!(again.all, fitted.all);
    }
    let new = prompt(10_000);
    assert_eq!(fitted.model_for(new), &fitted.all);
}

#[test]
fn folds_hold_whole_prompts_and_do_not_go_by_the_order_of_rows() {
    let rows = rows(23, 1.0, 3);
    let of = |rows: &[Labelled]| folds_of(rows.iter().map(|row| row.prompt), 5, 4);
    let mut turned = rows.clone();
    turned.reverse();
    let found = of(&rows);
    assert_eq!(found, of(&turned));
    let mut sizes = [0; 5];
    found.values().for_each(|fold| sizes[*fold as usize] += 1);
    sizes.sort_unstable();
    assert_eq!(sizes, [4, 4, 5, 5, 5]);
}

#[test]
fn the_threshold_of_ties_comes_from_the_training_folds() {
    // Small differences are called ties.
    let mut rows = rows(150, 30.0, 11);
    for row in &mut rows {
        if row.difference[1].abs() < 0.3 {
            (row.share, row.truth) = (0.5, Some(Verdict::Tie));
        }
    }
    let fitted = fit(&rows, 5, 1).unwrap();
    assert!(fitted.folds.iter().all(|model| model.epsilon > 0.0));
    assert!(right(&rows, &fitted) > 0.7, "{}", right(&rows, &fitted));
}

#[test]
fn too_few_prompts_are_none() {
    assert!(fit(&rows(4, 1.0, 1), 5, 1).is_none());
    assert!(fit(&rows(40, 1.0, 1), 2, 1).is_none());
    assert!(fit(&[], 5, 1).is_none());
}
