//! Rankings of the models that answered, by every vote and by one verdict a question.

use std::collections::BTreeMap;

use tiebreak_agreement::{
    AgreementError, Comparison, Comparisons, Enough, EqualCounts, Lead, Outcome, Plan, RankBy,
    Ranking as Found, Ties, Unranked, bradley_terry, davidson, plurality, rank, win_rates,
};
use tiebreak_domain::Verdict;
use tiebreak_store::StandingVotes;

use super::report::{
    Coefficient, Estimate, RankedModel, Ranking, Rankings, RankingsReport, WinRateCell, ends,
};
use super::tables::{ANSWERS, Tables};
use crate::error::Result;

/// How many standard errors an interval of 95 % reaches.
pub(super) const REACH: f64 = 1.959_963_984_540_054;

pub(super) fn all(votes: &StandingVotes, tables: &Tables, plan: &Plan) -> Result<RankingsReport> {
    let each = votes.votes.iter().filter(|vote| !vote.repeat);
    let each = each.map(|vote| (vote.question, vote.verdict));
    let leading = plurality(&tables.nominal).into_iter().enumerate();
    let leading = leading.filter_map(|(question, counted)| {
        let answer = counted.leading.answer(EqualCounts::NoAnswer)?;
        Some((question, ANSWERS[answer as usize]))
    });
    Ok(RankingsReport {
        votes: rankings(votes, tables, each, plan)?,
        plurality: rankings(votes, tables, leading, plan)?,
        skilled: super::skills::of(votes, tables)?,
    })
}

/// Comparisons of named models, and what had to be left out.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    pub(super) models: Vec<&'a str>,
    /// Response 1 on the left.
    pub(super) comparisons: Vec<Comparison>,
    /// By comparison, the place of its verdict among those given.
    pub(super) places: Vec<usize>,
    prompts: Vec<u32>,
    ties: u64,
    both_bad: u64,
    unnamed: u64,
}

pub(super) fn gather<'a>(
    votes: &'a StandingVotes,
    tables: &Tables,
    verdicts: impl Iterator<Item = (usize, Verdict)>,
) -> Gathered<'a> {
    let names = votes.questions.iter().flat_map(|q| &q.models).flatten();
    let mut models: Vec<&str> = names.map(String::as_str).collect();
    models.sort_unstable();
    models.dedup();
    let mut found = Gathered::default();
    for (at, (question, verdict)) in verdicts.enumerate() {
        let [Some(one), Some(other)] = &votes.questions[question].models else {
            found.unnamed += 1;
            continue;
        };
        let place = |name: &String| models.binary_search(&name.as_str()).unwrap_or(0);
        let outcome = match verdict {
            _ if one == other => {
                found.unnamed += 1;
                continue;
            }
            Verdict::BothBad => {
                found.both_bad += 1;
                continue;
            }
            Verdict::Response1 => Outcome::Left,
            Verdict::Response2 => Outcome::Right,
            Verdict::Tie => Outcome::Tie,
        };
        found.ties += u64::from(verdict == Verdict::Tie);
        found.places.push(at);
        found.prompts.push(tables.prompts[question]);
        found.comparisons.push(Comparison {
            left: u32::try_from(place(one)).unwrap_or(u32::MAX),
            right: u32::try_from(place(other)).unwrap_or(u32::MAX),
            outcome,
            weight: 1.0,
        });
    }
    found.models = models;
    found
}

fn rankings(
    votes: &StandingVotes,
    tables: &Tables,
    verdicts: impl Iterator<Item = (usize, Verdict)>,
    plan: &Plan,
) -> Result<Rankings> {
    let found = gather(votes, tables, verdicts);
    let sums = Comparisons::new(found.models.len(), &found.comparisons)?;
    let half = RankBy::BradleyTerry(Ties::Half);
    let without = RankBy::BradleyTerry(Ties::LeftOut);
    let win_rates = win_rates(&sums, Ties::Half, REACH);
    Ok(Rankings {
        comparisons: found.comparisons.len() as u64,
        ties: found.ties,
        both_bad: found.both_bad,
        unnamed: found.unnamed,
        bradley_terry_ties_as_half: ranking(&found, &sums, half, plan)?,
        bradley_terry_without_ties: ranking(&found, &sums, without, plan)?,
        davidson: ranking(&found, &sums, RankBy::Davidson, plan)?,
        win_rates: win_rates
            .iter()
            .map(|row| {
                row.iter()
                    .map(|cell| WinRateCell {
                        wins: cell.wins,
                        ties: cell.ties,
                        n: cell.n,
                        rate: cell.rate,
                        ci: cell.interval.map(ends),
                    })
                    .collect()
            })
            .collect(),
        models: found.models.iter().map(|&name| name.to_owned()).collect(),
    })
}

/// A fit's log-likelihood, and ν where it has one.
type Fit = (f64, Option<[f64; 2]>);

fn fit(sums: &Comparisons, by: RankBy) -> std::result::Result<Fit, Unranked> {
    Ok(match by {
        RankBy::BradleyTerry(ties) => (bradley_terry(sums, ties)?.log_likelihood, None),
        RankBy::Davidson => {
            let fitted = davidson(sums)?;
            (fitted.log_likelihood, Some([fitted.nu.value, fitted.nu.se]))
        }
    })
}

fn ranking(
    gathered: &Gathered<'_>,
    sums: &Comparisons,
    by: RankBy,
    plan: &Plan,
) -> Result<Ranking> {
    let (log_likelihood, nu) = match fit(sums, by) {
        Ok(fit) => fit,
        Err(why) => {
            let undefined = because(&why, &gathered.models);
            return Ok(Ranking::Undefined { undefined });
        }
    };
    let models = gathered.models.len();
    match rank(models, &gathered.comparisons, &gathered.prompts, by, plan) {
        Err(AgreementError::Unranked(why)) => Ok(Ranking::Undefined {
            undefined: because(&why, &gathered.models),
        }),
        Err(other) => Err(other.into()),
        Ok(found) => Ok(Ranking::Ranked {
            models: ranked(&found, &gathered.models),
            nu,
            log_likelihood,
            too_few_to_say: too_few(&found, &gathered.models),
        }),
    }
}

fn ranked(found: &Found, names: &[&str]) -> BTreeMap<String, RankedModel> {
    let strengths = &found.strengths;
    let model = |(n, &name): (usize, &&str)| {
        let strength = Coefficient::Defined(Estimate {
            value: strengths.logits[n],
            ci: found.intervals[n].map(ends),
            n: strengths.compared[n] as u64,
            se: strengths.se(n),
        });
        let rank = found.ranks[n].map(|r| [r.rank, r.best, r.worst].map(|place| place as u64));
        (name.to_owned(), RankedModel { strength, rank })
    };
    names.iter().enumerate().map(model).collect()
}

fn too_few(found: &Found, names: &[&str]) -> Vec<[String; 2]> {
    let enough = Enough::default();
    let mut pairs = Vec::new();
    for i in 0..names.len() {
        for j in i + 1..names.len() {
            let said = found.say(i, j, &enough);
            if matches!(said, Some(Lead::TooClose | Lead::TooFewComparisons)) {
                pairs.push([names[i], names[j]].map(str::to_owned));
            }
        }
    }
    pairs
}

/// The reason, with the models' names where it speaks of some.
pub(super) fn because(why: &Unranked, names: &[&str]) -> String {
    let groups = match why {
        Unranked::Apart { groups } => groups.clone(),
        Unranked::OneSided {
            never_lost,
            never_won,
        } => never_lost.iter().chain(never_won).cloned().collect(),
        _ => Vec::new(),
    };
    let named = |group: &Vec<u32>| {
        let names = group.iter().filter_map(|&n| names.get(n as usize).copied());
        names.collect::<Vec<_>>().join(", ")
    };
    let groups: Vec<String> = groups.iter().map(named).collect();
    if groups.is_empty() {
        format!("because {why}")
    } else {
        format!("because {why} ({})", groups.join(" | "))
    }
}
