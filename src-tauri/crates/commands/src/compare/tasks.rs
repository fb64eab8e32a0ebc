//! Whether models that do well on one task do well on another, with the paper's models as reference
//! where they are asked for.

use std::collections::BTreeMap;

use serde::Serialize;
use tiebreak_agreement::{pearson, spearman};
use tiebreak_domain::{NINE_TASKS, RewardModelId};
use ts_rs::TS;

use super::ByTask;
use super::report::ModelReport;
use crate::agreement::Coefficient;

/// Fewer models say nothing of how tasks go together.
const FEWEST: usize = 10;

/// The tables 2 and 3 of the paper (arXiv 2510.23451), accuracies in percent.
const PAPER: [&str; 2] = [
    include_str!("../../../../../assets/omni-reward/results_with_ties.csv"),
    include_str!("../../../../../assets/omni-reward/results_without_ties.csv"),
];

/// A model of the paper: accuracies as shares, by task.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ReferenceModel {
    /// What the paper calls it.
    pub name: String,
    /// Accuracy with ties.
    pub with_ties: ByTask<f64>,
    /// Accuracy without ties.
    pub without_ties: ByTask<f64>,
}

/// How two tasks go together over models.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct TaskCorrelation {
    /// One task.
    pub first: String,
    /// The other.
    pub second: String,
    /// Spearman's coefficient; `n` is the number of models.
    pub spearman: Coefficient,
    /// Pearson's.
    pub pearson: Coefficient,
}

/// How the tasks go together over the models that answered both.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct TaskCorrelations {
    /// By accuracy with ties.
    pub with_ties: Vec<TaskCorrelation>,
    /// By accuracy without ties.
    pub without_ties: Vec<TaskCorrelation>,
}

/// The paper's models.
pub(super) fn paper() -> Vec<ReferenceModel> {
    let [with, without] = PAPER.map(table);
    let mut without: BTreeMap<String, ByTask<f64>> = without.into_iter().collect();
    with.into_iter()
        .map(|(name, with_ties)| ReferenceModel {
            without_ties: without.remove(&name).unwrap_or_default(),
            name,
            with_ties,
        })
        .collect()
}

/// Rows of name and shares; the columns are the nine tasks in their order, then the mean.
fn table(csv: &str) -> Vec<(String, ByTask<f64>)> {
    let row = |line: &str| {
        let mut cells = line.split(',');
        let name = cells.next()?.to_owned();
        let share = |(task, cell): (&&str, &str)| {
            let percent: f64 = cell.trim().parse().ok()?;
            Some(((*task).to_owned(), percent / 100.0))
        };
        Some((
            name,
            NINE_TASKS.iter().zip(cells).filter_map(share).collect(),
        ))
    };
    csv.lines().skip(1).filter_map(row).collect()
}

pub(super) fn correlations(
    models: &[ModelReport],
    reference: &[ReferenceModel],
) -> TaskCorrelations {
    let rows = |own: fn(&ModelReport) -> &ByTask<Coefficient>,
                theirs: fn(&ReferenceModel) -> &ByTask<f64>| {
        // A model that was asked in several ways counts once.
        let mut each: BTreeMap<RewardModelId, ByTask<f64>> = BTreeMap::new();
        for model in models {
            let place = each.entry(model.id).or_default();
            for (task, share) in own(model) {
                if let Some(share) = share.value() {
                    place.entry(task.clone()).or_insert(share);
                }
            }
        }
        let mut all: Vec<ByTask<f64>> = each.into_values().collect();
        all.extend(reference.iter().map(|model| theirs(model).clone()));
        all
    };
    TaskCorrelations {
        with_ties: pairs(&rows(|m| &m.with_ties, |m| &m.with_ties)),
        without_ties: pairs(&rows(|m| &m.without_ties, |m| &m.without_ties)),
    }
}

fn pairs(models: &[ByTask<f64>]) -> Vec<TaskCorrelation> {
    let mut tasks: Vec<&String> = models.iter().flat_map(BTreeMap::keys).collect();
    let order = |task: &str| NINE_TASKS.iter().position(|known| *known == task);
    tasks.sort_by_key(|task| (order(task).unwrap_or(NINE_TASKS.len()), (*task).clone()));
    tasks.dedup();
    let mut found = Vec::new();
    for (at, first) in tasks.iter().enumerate() {
        for second in &tasks[at + 1..] {
            let both = |model: &ByTask<f64>| Some((*model.get(*first)?, *model.get(*second)?));
            let shares: Vec<(f64, f64)> = models.iter().filter_map(both).collect();
            let few = format!(
                "{} models answered both tasks, and fewer than {FEWEST} say nothing of how tasks go \
                 together",
                shares.len()
            );
            let told = |figure| match shares.len() < FEWEST {
                true => Coefficient::undefined(&few),
                false => Coefficient::own(figure),
            };
            found.push(TaskCorrelation {
                first: (*first).clone(),
                second: (*second).clone(),
                spearman: told(spearman(&shares)),
                pearson: told(pearson(&shares)),
            });
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn the_papers_rows_are_read_with_their_gaps() {
        let found = paper();
        assert_eq!(found.len(), 37);
        assert!(found.iter().all(|model| !model.with_ties.is_empty()));
        assert!(found.iter().all(|model| !model.without_ties.is_empty()));
        let small = found
            .iter()
            .find(|model| model.name == "MiniCPM-V-2.6")
            .unwrap();
        assert_eq!(small.with_ties.get("text_audio_to_text"), None);
        assert!((small.with_ties["text_to_3D"] - 0.3940).abs() < 1e-12);
    }

    #[test]
    fn the_papers_models_alone_correlate() {
        let found = correlations(&[], &paper());
        assert_eq!(found.with_ties.len(), 36, "each two of nine tasks");
        let pair = found.with_ties.iter().find(|one| {
            (one.first.as_str(), one.second.as_str()) == ("text_to_image", "text_to_video")
        });
        // Golden number: scipy's spearmanr over the paper's rows that have both.
        assert!((pair.unwrap().spearman.value().unwrap() - 0.6399122307952316).abs() < 1e-12);
        let few = correlations(&[], &paper()[..4]);
        assert!(few.with_ties[0].spearman.value().is_none());
    }
}
