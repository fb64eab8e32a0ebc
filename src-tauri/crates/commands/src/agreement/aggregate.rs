//! One verdict a question: the one most votes gave, and the one that Dawid and Skene's model finds.

use std::collections::{BTreeMap, HashMap};

use tiebreak_agreement::{
    Aggregated, EmOptions, Leading, Stopped, dawid_skene as fit, plurality as count,
};
use tiebreak_domain::Verdict;
use tiebreak_store::StandingVotes;

use super::report::{DawidSkeneOutcome, DawidSkeneReport, PluralityReport};
use super::tables::{ANSWERS, Tables};

/// The verdict most votes gave, counted over the questions.
pub(super) fn plurality(tables: &Tables) -> PluralityReport {
    let mut report = PluralityReport {
        counts: BTreeMap::new(),
        shared_first_place: 0,
        unanimous: 0,
        with_two_votes: 0,
        rule: "the verdict with the most votes; where several have equally many, none".to_owned(),
    };
    for counted in count(&tables.nominal) {
        let votes = counted.votes();
        if votes >= 2 {
            report.with_two_votes += 1;
            report.unanimous += u64::from(counted.counts.contains(&votes));
        }
        match counted.leading {
            Leading::One(answer) => {
                *report.counts.entry(ANSWERS[answer as usize]).or_default() += 1;
            }
            Leading::Equal { .. } => report.shared_first_place += 1,
            Leading::NoVotes => {}
        }
    }
    report
}

/// Dawid and Skene's model, and by annotator how often it expects him to be right.
pub(super) fn dawid_skene(
    votes: &StandingVotes,
    tables: &Tables,
    converge: bool,
) -> (DawidSkeneOutcome, Vec<Option<f64>>) {
    let options = if converge {
        EmOptions::PAPER
    } else {
        EmOptions::CROWD_KIT
    };
    match fit(&tables.nominal, &options) {
        Err(why) => {
            let undefined = format!("because {why}");
            (DawidSkeneOutcome::Undefined { undefined }, Vec::new())
        }
        Ok(fitted) => {
            let skills = (0..votes.voters.len())
                .map(|n| fitted.accuracy(n))
                .collect();
            let report = report(votes, &fitted.found, converge);
            (DawidSkeneOutcome::Found(Box::new(report)), skills)
        }
    }
}

fn report(votes: &StandingVotes, found: &Aggregated, converge: bool) -> DawidSkeneReport {
    let rule = if converge {
        "until the log-likelihood changes by less than 1e-12 of itself, at most 1000 rounds"
    } else {
        "as crowd-kit 1.4.2: until its loss rises by less than 1e-5, at most 100 rounds"
    };
    let mut report = DawidSkeneReport {
        labels: BTreeMap::new(),
        posteriors: BTreeMap::new(),
        counts: BTreeMap::new(),
        equally_likely: 0,
        priors: found.priors.clone(),
        log_likelihood: found.log_likelihood,
        iterations: found.iterations as u64,
        converged: found.stopped == Stopped::Converged,
        stopping_rule: rule.to_owned(),
    };
    for (n, id) in ids(votes).into_iter().enumerate() {
        let Some(posterior) = found.posterior(n) else {
            continue;
        };
        let label = match found.labels[n] {
            Leading::NoVotes => continue,
            Leading::One(answer) => answer,
            Leading::Equal { first, .. } => {
                report.equally_likely += 1;
                first
            }
        };
        let verdict: Verdict = ANSWERS[label as usize];
        *report.counts.entry(verdict).or_default() += 1;
        report.posteriors.insert(id.clone(), posterior.to_vec());
        report.labels.insert(id, verdict);
    }
    report
}

/// By question, its source id where that is its alone, else its own id.
fn ids(votes: &StandingVotes) -> Vec<String> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for id in votes
        .questions
        .iter()
        .filter_map(|q| q.source_id.as_deref())
    {
        *times.entry(id).or_default() += 1;
    }
    let own = |id: &&str| times.get(id) == Some(&1);
    votes
        .questions
        .iter()
        .map(|question| {
            let source = question.source_id.as_deref().filter(own);
            source.map_or_else(|| question.id.to_string(), str::to_owned)
        })
        .collect()
}
