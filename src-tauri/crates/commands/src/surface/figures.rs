//! The figures of a fit: what is explained, how often it is right, and which features weigh.

use std::collections::BTreeMap;

use tiebreak_agreement::{Plan, Undefined, bootstrap, loss};
use tiebreak_domain::{PromptId, Verdict};
use tiebreak_judge::surface::{Fitted, Labelled, features};

use super::report::{SurfaceFigures, SurfaceFold, SurfaceWeight};
use crate::agreement::Coefficient;
use crate::error::Result;

/// Sums over the questions of a prompt.
#[derive(Default, Clone, Copy)]
struct Sums {
    /// Deviance of a coin above what cannot be explained, and of the model.
    coin: f64,
    model: f64,
    right: [f64; 2],
    counted: [f64; 2],
}

pub(super) fn of(rows: &[Labelled], fitted: &Fitted, plan: &Plan) -> Result<SurfaceFigures> {
    let said = fitted.verdicts(rows);
    let mut by_prompt: BTreeMap<PromptId, Sums> = BTreeMap::new();
    let mut verdicts: BTreeMap<Verdict, u64> = BTreeMap::new();
    for ((row, &margin), said) in rows.iter().zip(&fitted.margins).zip(&said) {
        let sums = by_prompt.entry(row.prompt).or_default();
        let best = least_loss(row.share);
        sums.coin += loss(0.0, row.share) - best;
        sums.model += loss(margin, row.share) - best;
        let Some(truth) = row.truth else { continue };
        *verdicts.entry(truth).or_default() += 1;
        let told = truth != Verdict::Tie;
        let first = if margin > 0.0 {
            Verdict::Response1
        } else {
            Verdict::Response2
        };
        for (at, counts, right) in [
            (0, true, *said == Some(truth)),
            (1, told, margin != 0.0 && first == truth),
        ] {
            if counts {
                sums.counted[at] += 1.0;
                sums.right[at] += f64::from(u8::from(right));
            }
        }
    }
    let sums: Vec<Sums> = by_prompt.into_values().collect();
    let mut found = bootstrap(sums.len(), plan, |weights| statistic(&sums, weights))?.into_iter();
    let counted = |at: usize| sums.iter().map(|s| s.counted[at]).sum::<f64>() as u64;
    let mut next = |n: u64, why: &str| match found.next() {
        Some(Ok(figure)) => Coefficient::of_cases(Ok(figure), n),
        _ => Coefficient::undefined(why),
    };
    let explained = next(
        rows.len() as u64,
        "every label is a tie: there is nothing to explain",
    );
    let with_ties = next(counted(0), "no verdict leads on any question");
    let without_ties = next(counted(1), "every leading verdict is a tie");
    let share = |most: Option<&u64>, all: u64| most.map(|n| *n as f64 / all as f64);
    let told = verdicts
        .iter()
        .filter(|(verdict, _)| **verdict != Verdict::Tie);
    Ok(SurfaceFigures {
        explained,
        with_ties,
        without_ties,
        commonest_with_ties: share(verdicts.values().max(), counted(0)),
        commonest_without_ties: share(told.map(|(_, n)| n).max(), counted(1)),
        weights: weights(fitted),
    })
}

/// Figures that there are none of.
pub(super) fn none(why: &str) -> SurfaceFigures {
    let undefined = || Coefficient::undefined(why);
    SurfaceFigures {
        explained: undefined(),
        with_ties: undefined(),
        without_ties: undefined(),
        commonest_with_ties: None,
        commonest_without_ties: None,
        weights: Vec::new(),
    }
}

/// What the best prediction of a share costs: people who part leave a rest that nothing explains.
fn least_loss(share: f64) -> f64 {
    let part = |p: f64| if p > 0.0 { -p * p.ln() } else { 0.0 };
    part(share) + part(1.0 - share)
}

fn statistic(sums: &[Sums], weights: &[u32]) -> Vec<std::result::Result<f64, Undefined>> {
    let mut all = Sums::default();
    for (one, &weight) in sums.iter().zip(weights) {
        let weight = f64::from(weight);
        all.coin += weight * one.coin;
        all.model += weight * one.model;
        for at in 0..2 {
            all.right[at] += weight * one.right[at];
            all.counted[at] += weight * one.counted[at];
        }
    }
    let ratio = |part: f64, all: f64| match all > 1e-12 {
        true => Ok(part / all),
        false => Err(Undefined::NoVotes),
    };
    vec![
        ratio(all.coin - all.model, all.coin),
        ratio(all.right[0], all.counted[0]),
        ratio(all.right[1], all.counted[1]),
    ]
}

fn weights(fitted: &Fitted) -> Vec<SurfaceWeight> {
    let model = &fitted.all;
    let mut all: Vec<SurfaceWeight> = features::all()
        .enumerate()
        .filter(|(at, _)| model.sizes[*at] > 0.0)
        .map(|(at, feature)| {
            let weight = model.standard[at];
            let same = fitted
                .folds
                .iter()
                .filter(|fold| fold.standard[at] * weight > 0.0);
            SurfaceWeight {
                feature: feature.name.to_owned(),
                says: feature.says.to_owned(),
                weight,
                preferred_percent: 100.0 / (1.0 + (-weight).exp()),
                same_sign_in: u32::try_from(same.count()).unwrap_or(u32::MAX),
            }
        })
        .collect();
    all.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
    all
}

pub(super) fn folds(rows: &[Labelled], fitted: &Fitted) -> Vec<SurfaceFold> {
    let said = fitted.verdicts(rows);
    let of = |fold: u32| {
        let own = |row: &Labelled| fitted.fold_of.get(&row.prompt) == Some(&fold);
        let mine = rows.iter().zip(&said).filter(|(row, _)| own(row));
        let decided = mine.clone().filter(|(row, _)| row.truth.is_some());
        let right = decided
            .clone()
            .filter(|(row, said)| **said == row.truth)
            .count();
        let count = decided.count();
        let prompts = fitted.fold_of.values().filter(|f| **f == fold).count();
        (
            prompts as u64,
            mine.count() as u64,
            (count > 0).then(|| right as f64 / count as f64),
        )
    };
    let each = (0_u32..).zip(&fitted.folds).map(|(fold, model)| {
        let (prompts, questions, with_ties) = of(fold);
        SurfaceFold {
            prompts,
            questions,
            penalty: model.penalty,
            epsilon: model.epsilon,
            with_ties,
        }
    });
    each.collect()
}
