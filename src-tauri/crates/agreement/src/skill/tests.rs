#![allow(clippy::unwrap_used, reason = "a test may fail")]

use super::*;
use crate::bootstrap::Draws;
use crate::comparisons::Outcome;

const LOGITS: [f64; 5] = [1.2, 0.6, 0.0, -0.6, -1.2];
/// Skill and bias.
const JUDGES: [(f64, f64); 8] = [
    (1.0, 0.0),
    (1.3, 0.0),
    (0.9, 1.2),
    (1.1, 0.0),
    (0.0, 0.0),
    (1.0, -1.0),
    (1.2, 0.0),
    (0.8, 0.0),
];

/// Everybody judges `each` pairs drawn at random, as the model says, with this ν.
fn simulated(each: usize, nu: f64, seed: u64) -> Vec<Judgement> {
    let mut random = Draws::of(seed, 0);
    let mut judgements = Vec::new();
    for (annotator, (skill, bias)) in (0..).zip(JUDGES) {
        for _ in 0..each {
            let left = random.below(5);
            let right = (left + 1 + random.below(4)) % 5;
            let half = (skill * (LOGITS[left] - LOGITS[right]) + bias) / 2.0;
            let drawn = random.below(1 << 30) as f64 / f64::from(1 << 30);
            let at = drawn * (half.exp() + (-half).exp() + nu);
            let outcome = if at < half.exp() {
                Outcome::Left
            } else if at < half.exp() + (-half).exp() {
                Outcome::Right
            } else {
                Outcome::Tie
            };
            judgements.push(Judgement {
                annotator,
                comparison: Comparison {
                    left: left as u32,
                    right: right as u32,
                    outcome,
                    weight: 1.0,
                },
            });
        }
    }
    judgements
}

#[test]
fn what_was_planted_is_found() {
    for nu in [0.0, 0.8] {
        let rows = simulated(1500, nu, 3);
        let fit = skilled(5, 9, &rows, &SkillOptions::default()).unwrap();
        assert!(fit.logits.iter().sum::<f64>().abs() < 1e-9);
        let strengths = fit.logits.iter().zip(&fit.standard_errors);
        for ((found, se), planted) in strengths.zip(LOGITS) {
            assert!((found - planted).abs() < 0.2, "{found} for {planted}");
            assert!(
                *se < 0.3 && (found - planted).abs() < 4.0 * se,
                "{found} ± {se}"
            );
        }
        for (found, (skill, bias)) in fit.judges.iter().zip(JUDGES) {
            let found = found.unwrap();
            assert!((found.skill - skill).abs() < 0.2, "{found:?} for {skill}");
            assert!(
                (found.bias - bias).abs() < 4.0 * found.bias_se,
                "{found:?} for {bias}"
            );
            assert!(found.comparisons > 1499.0 && found.skill_se < 0.3);
        }
        assert_eq!(fit.judges[8], None);
        assert_eq!(fit.nu.is_some(), nu > 0.0);
        assert!(fit.nu.is_none_or(|found| (found - nu).abs() < 0.1));
    }
}

#[test]
fn swapping_all_sides_turns_the_bias_alone() {
    let rows = simulated(200, 0.5, 4);
    let swapped: Vec<Judgement> = rows
        .iter()
        .map(|row| Judgement {
            comparison: Comparison {
                left: row.comparison.right,
                right: row.comparison.left,
                outcome: match row.comparison.outcome {
                    Outcome::Left => Outcome::Right,
                    Outcome::Right => Outcome::Left,
                    Outcome::Tie => Outcome::Tie,
                },
                ..row.comparison
            },
            annotator: 7 - row.annotator,
        })
        .collect();
    let plain = skilled(5, 8, &rows, &SkillOptions::default()).unwrap();
    let swapped = skilled(5, 8, &swapped, &SkillOptions::default()).unwrap();
    for (one, other) in plain.logits.iter().zip(&swapped.logits) {
        assert!((one - other).abs() < 1e-6);
    }
    for (one, other) in plain.judges.iter().zip(swapped.judges.iter().rev()) {
        let (one, other) = (one.unwrap(), other.unwrap());
        assert!((one.skill - other.skill).abs() < 1e-6);
        assert!((one.bias + other.bias).abs() < 1e-6);
    }
}

#[test]
fn ties_can_be_left_out_and_nonsense_is_refused() {
    let rows = simulated(300, 0.8, 5);
    let options = SkillOptions {
        ties: TiesOfSkill::Folded(Ties::LeftOut),
        ..SkillOptions::default()
    };
    let fit = skilled(5, 8, &rows, &options).unwrap();
    assert_eq!(fit.nu, None);
    assert!(fit.judges[0].unwrap().comparisons < 300.0);
    assert!(skilled(5, 7, &rows, &options).is_err());
    assert!(skilled(4, 8, &rows, &options).is_err());
    let none = SkillOptions {
        skill_spread: 0.0,
        ..options
    };
    assert!(skilled(5, 8, &rows, &none).is_err());
    let apart = skilled(6, 8, &rows, &options).unwrap_err();
    assert!(matches!(
        apart,
        AgreementError::Unranked(Unranked::Apart { .. })
    ));
    let nothing = skilled(5, 8, &[], &options).unwrap_err();
    assert_eq!(nothing, AgreementError::Unranked(Unranked::NoComparisons));
}

/// With everybody held to the skill of the crowd and to no bias, what is left is Bradley and Terry's
/// model, errors and all.
#[test]
fn without_skills_and_biases_it_is_the_plain_model() {
    let rows = simulated(300, 0.8, 6);
    let options = SkillOptions {
        ties: TiesOfSkill::Folded(Ties::LeftOut),
        skill_spread: 1e-5,
        bias_spread: 1e-5,
        strength_spread: 100.0,
        ..SkillOptions::default()
    };
    let fit = skilled(5, 8, &rows, &options).unwrap();
    let comparisons: Vec<Comparison> = rows.iter().map(|row| row.comparison).collect();
    let table = crate::Comparisons::new(5, &comparisons).unwrap();
    let plain = crate::bradley_terry(&table, Ties::LeftOut)
        .unwrap()
        .strengths;
    for model in 0..5 {
        assert!((fit.logits[model] - plain.logits[model]).abs() < 1e-3);
        let (se, plain) = (fit.standard_errors[model], plain.se(model).unwrap());
        assert!((se / plain - 1.0).abs() < 1e-3, "{se}, not {plain}");
    }
}
