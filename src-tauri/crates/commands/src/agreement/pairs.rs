//! Cohen's κ of every two people who answered a question in common.

use std::collections::BTreeMap;

use tiebreak_agreement::{
    Coefficient as Wanted, Confusion, PairTable, PairwiseMean, Plan, Rating, Ratings, Resampled,
    Undefined, Weights, bootstrap_coefficients, cohen_kappa, mean_pairwise_percent, pair_tables,
    share,
};
use tiebreak_store::{StandingVotes, Voter};

use super::report::{Coefficient, PairAgreement};
use super::tables::{ANSWERS, Tables};
use crate::error::Result;

/// Above so many pairs, intervals come from the standard error: resampling each pair would take
/// minutes where a hundred people voted.
const RESAMPLED: usize = 300;

/// Every pair, under `first|second`, and where the intervals come from.
pub(super) fn all(
    votes: &StandingVotes,
    tables: &Tables,
    plan: &Plan,
) -> Result<(BTreeMap<String, PairAgreement>, String)> {
    let pairs = pair_tables(&tables.nominal);
    let resample = pairs.len() <= RESAMPLED;
    let names = names(votes);
    let mut all = BTreeMap::new();
    for pair in &pairs {
        let (first, second) = (pair.first as usize, pair.second as usize);
        let own = cohen_kappa(&pair.table, Weights::Identity);
        let kappa = if resample {
            Coefficient::resampled(own, resampled(pair, tables, plan)?)
        } else {
            Coefficient::own(own)
        };
        let ordered = Confusion::between(&tables.ordered, pair.first, pair.second)?;
        let agreement = PairAgreement {
            kappa,
            first: votes.voters[first].id,
            second: votes.voters[second].id,
            percent_agreement: Coefficient::own(share(pair.table.equal(), pair.table.total())),
            kappa_linear: Coefficient::own(cohen_kappa(&ordered, Weights::Linear)),
            kappa_quadratic: Coefficient::own(cohen_kappa(&ordered, Weights::Quadratic)),
            confusion: pair
                .table
                .counts()
                .chunks(ANSWERS.len())
                .map(<[u64]>::to_vec)
                .collect(),
        };
        all.insert(format!("{}|{}", names[first], names[second]), agreement);
    }
    let from = if resample {
        "resampled prompts".to_owned()
    } else {
        format!(
            "the standard error of Fleiss, Cohen and Everitt, which takes questions as independent: \
             there are {} pairs, and above {RESAMPLED} none is resampled",
            pairs.len()
        )
    };
    Ok((all, from))
}

/// The means over the pairs: of equal answers, and of κ.
pub(super) fn means(tables: &Tables) -> (Coefficient, Coefficient) {
    let pairs = pair_tables(&tables.nominal);
    let mean = |mean: std::result::Result<PairwiseMean, Undefined>| match mean {
        Err(why) => Coefficient::undefined(why),
        Ok(mean) => Coefficient::Defined(super::report::Estimate {
            value: mean.value,
            ci: None,
            n: mean.pairs as u64,
            se: None,
        }),
    };
    let kappa = |pair: &PairTable| Ok(cohen_kappa(&pair.table, Weights::Identity)?.value);
    (
        mean(mean_pairwise_percent(&pairs)),
        mean(PairwiseMean::of(&pairs, kappa)),
    )
}

/// Resamples the prompts of the questions that both answered, and no others.
fn resampled(
    pair: &PairTable,
    tables: &Tables,
    plan: &Plan,
) -> Result<std::result::Result<Resampled, Undefined>> {
    let mut common = Vec::new();
    let mut prompts = Vec::new();
    for question in 0..tables.nominal.questions() {
        let votes = tables.nominal.of(question);
        let of = |who| votes.iter().find(|rating| rating.annotator == who);
        if let (Some(one), Some(other)) = (of(pair.first), of(pair.second)) {
            for (annotator, rating) in [(0, one), (1, other)] {
                common.push(Rating {
                    question: u32::try_from(prompts.len()).unwrap_or(u32::MAX),
                    annotator,
                    category: rating.category,
                });
            }
            prompts.push(tables.prompts[question]);
        }
    }
    let two = Ratings::new(prompts.len(), 2, ANSWERS.len(), common)?;
    let wanted = Wanted::Cohen {
        first: 0,
        second: 1,
        weights: Weights::Identity,
    };
    let found = bootstrap_coefficients(&two, &prompts, &[wanted], plan)?;
    Ok(found.into_iter().next().unwrap_or(Err(Undefined::NoVotes)))
}

/// The names; equal ones, and those with the sign that stands between two, told apart by their ids.
pub(super) fn names(votes: &StandingVotes) -> Vec<String> {
    let voters = &votes.voters;
    voters
        .iter()
        .map(|voter| {
            let equal = |other: &&Voter| other.name == voter.name;
            if voter.name.contains('|') || voters.iter().filter(equal).count() > 1 {
                format!("{} ({})", voter.name, voter.id)
            } else {
                voter.name.clone()
            }
        })
        .collect()
}
