//! The figures of `compare` beyond accuracy, as text: each model's own, then between models.

use std::fmt::Write as _;

use tiebreak_commands::agreement::Coefficient;
use tiebreak_commands::compare::{
    AltReport, CalibrationReport, CompareReport, ContradictionsReport, CriterionFollowingReport,
    DifferenceReport, LengthReport, ModelReport, TaskCorrelation,
};
use tiebreak_domain::Verdict;

use super::prompt;
use crate::agreement::figure;

// Writing to a string cannot fail, so what `writeln` returns is dropped throughout.

/// How many questions against people are told in text; `--json` has all that were asked for.
const TOLD: usize = 5;

pub(super) fn of_model(text: &mut String, model: &ModelReport) {
    confusion(text, model);
    alt_test(text, &model.alt_test);
    calibration(text, &model.calibration);
    rows(
        text,
        "position: the response it saw first is preferred",
        &[
            ("by the model", &model.position.model),
            ("by people", &model.position.human),
            ("difference", &model.position.difference),
        ],
    );
    length(text, &model.length);
    following(text, &model.criterion_following);
    contradictions(text, &model.contradictions);
}

/// Lines of a name and a figure; where all are undefined for one reason, a single line.
fn rows(text: &mut String, title: &str, figures: &[(&str, &Coefficient)]) {
    let mut whys = figures.iter().map(|(_, c)| match c {
        Coefficient::Undefined { undefined } => Some(undefined),
        Coefficient::Defined(_) => None,
    });
    let first = whys.next().flatten();
    if let Some(why) = first.filter(|why| whys.all(|other| other == Some(why))) {
        let _ = writeln!(text, "  {title}: undefined, {why}");
        return;
    }
    let _ = writeln!(text, "  {title}");
    for (name, found) in figures {
        let _ = writeln!(text, "    {name:<34} {}", figure(found));
    }
}

fn confusion(text: &mut String, model: &ModelReport) {
    const SAID: [&str; 4] = ["response1", "response2", "tie", "none"];
    let _ = writeln!(text, "  confusion: people by row, the model by column");
    let head: Vec<String> = SAID.iter().map(|said| format!("{said:>10}")).collect();
    let _ = writeln!(text, "    {:<10}{}", "", head.concat());
    for verdict in Verdict::ALL {
        let Some(row) = model.confusion.get(&verdict) else {
            continue;
        };
        let cells: Vec<String> = SAID
            .iter()
            .map(|said| format!("{:>10}", row.get(*said).copied().unwrap_or(0)))
            .collect();
        let _ = writeln!(text, "    {:<10}{}", verdict.as_str(), cells.concat());
    }
}

fn alt_test(text: &mut String, found: &AltReport) {
    let _ = writeln!(text, "  alt-test: {}", found.says);
    if found.passes.is_none() {
        return;
    }
    let _ = writeln!(
        text,
        "    winning rate (omega)               {}",
        figure(&found.omega)
    );
    let _ = writeln!(
        text,
        "    advantage probability (rho)        {}",
        figure(&found.rho)
    );
    for person in &found.annotators {
        let told = match (
            person.advantage_model,
            person.advantage_human,
            person.p_adjusted,
        ) {
            (Some(model), Some(human), Some(p)) => format!(
                "model {model:.3}, person {human:.3}, adjusted p = {p:.4}: {}",
                if person.won == Some(true) {
                    "won"
                } else {
                    "not won"
                }
            ),
            _ => "too few questions shared with others".to_owned(),
        };
        let _ = writeln!(text, "    {:<34} n = {}: {told}", person.name, person.n);
    }
}

fn calibration(text: &mut String, found: &CalibrationReport) {
    rows(
        text,
        "calibration of P(1 better) = sigma(score 1 - score 2)",
        &[
            (
                "expected calibration error",
                &found.expected_calibration_error,
            ),
            ("Brier score", &found.brier_score),
        ],
    );
    for bin in &found.bins {
        let _ = writeln!(
            text,
            "    {:.1} to {:.1}: stated {:.3}, observed {}",
            bin.low,
            bin.high,
            bin.mean_probability,
            figure(&bin.observed).trim_start()
        );
    }
    if found.ties_left_out + found.not_numbers > 0 && !found.bins.is_empty() {
        let _ = writeln!(
            text,
            "    left out: {} ties of people's, {} with a score that is no number",
            found.ties_left_out, found.not_numbers
        );
    }
}

fn length(text: &mut String, found: &LengthReport) {
    rows(
        text,
        "length: the longer response is preferred",
        &[
            ("by the model", &found.longer_preferred.model),
            ("by people", &found.longer_preferred.human),
            ("difference", &found.longer_preferred.difference),
            ("slope on log length, the model's", &found.slope_model),
            ("slope on log length, people's", &found.slope_human),
        ],
    );
}

fn following(text: &mut String, found: &CriterionFollowingReport) {
    let title = format!(
        "criteria: {} pairs whose criteria pick different winners, {} whose pick the same",
        found.shifted_pairs, found.invariant_pairs
    );
    rows(
        text,
        &title,
        &[
            ("accuracy, different winners", &found.accuracy_shifted),
            ("accuracy, the same winner", &found.accuracy_invariant),
            ("difference", &found.difference),
            ("right under every criterion", &found.pairs_right),
            ("moves when people's verdict does", &found.moves),
            ("stays when people's verdict does", &found.stays),
        ],
    );
}

fn contradictions(text: &mut String, found: &ContradictionsReport) {
    let _ = writeln!(
        text,
        "  against people: it prefers the other response on {} questions",
        found.contradicted
    );
    for one in found.questions.iter().take(TOLD) {
        let criterion = one.criterion.as_deref().unwrap_or("");
        let id = one.source_id.as_deref().unwrap_or("");
        let start: String = criterion.chars().take(60).collect();
        let _ = writeln!(
            text,
            "    {:.3}  people {}, model {}  {id}  {start}",
            one.strength,
            one.human.as_str(),
            one.model.as_str(),
        );
    }
}

/// Accuracy without the questions whose resolution had seen a prediction.
pub(super) fn unseen(text: &mut String, model: &ModelReport) {
    let Some(found) = &model.unseen else { return };
    let _ = writeln!(
        text,
        "  without the {} questions whose resolution had seen a prediction",
        found.left_out
    );
    for (name, mean) in [
        ("mean accuracy with ties", &found.with_ties_mean),
        ("mean accuracy without ties", &found.without_ties_mean),
    ] {
        let _ = writeln!(
            text,
            "    {name:<34} {}  over {} tasks",
            figure(&mean.mean),
            mean.tasks
        );
    }
}

/// What showing predictions does to people's votes.
pub(super) fn revealing(text: &mut String, report: &CompareReport) {
    let Some(found) = &report.revealing else {
        return;
    };
    let _ = writeln!(text, "\nShowing predictions to people\n  {}", found.says);
    let _ = writeln!(
        text,
        "  {} questions have a resolution that had seen a prediction",
        found.resolutions_saw
    );
    rows(
        text,
        "first votes that say what the model says",
        &[
            ("where it is shown", &found.told),
            ("in the silent arm", &found.silent),
            ("difference", &found.bias),
        ],
    );
}

pub(super) fn between_models(text: &mut String, report: &CompareReport) {
    let differences = &report.paired_differences;
    for (title, list) in [
        ("with ties", &differences.with_ties),
        ("without ties", &differences.without_ties),
    ] {
        if !list.is_empty() {
            let _ = writeln!(text, "\nPaired differences, accuracy {title}");
            list.iter().for_each(|one| difference(text, report, one));
        }
    }
    if report.models.len() > 1 {
        let _ = writeln!(text, "  {}", differences.method);
    }
    for (title, list) in [
        ("with ties", &report.task_correlations.with_ties),
        ("without ties", &report.task_correlations.without_ties),
    ] {
        correlations(text, title, list);
    }
}

fn difference(text: &mut String, report: &CompareReport, one: &DifferenceReport) {
    let name = |place: u64| match report.models.get(place as usize) {
        Some(model) => {
            let (setting, shown) = (model.setting.as_str(), model.shown.as_str());
            format!(
                "{} ({setting}, {shown}{})",
                model.name,
                prompt(&model.template)
            )
        }
        None => String::new(),
    };
    let p = match (one.p_value, one.p_holm) {
        (Some(p), Some(holm)) => format!("  p = {p:.4}, Holm {holm:.4}"),
        _ => String::new(),
    };
    let _ = writeln!(
        text,
        "  {} less {}: {}, {} tasks{p}",
        name(one.first),
        name(one.second),
        figure(&one.difference),
        one.tasks
    );
}

fn correlations(text: &mut String, title: &str, list: &[TaskCorrelation]) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nTasks over models, accuracy {title}");
    let defined = list.iter().filter(|one| one.spearman.value().is_some());
    let undefined = list.len() - defined.clone().count();
    for one in defined {
        let _ = writeln!(
            text,
            "  {:<22} {:<22} Spearman {}  Pearson {}",
            one.first,
            one.second,
            figure(&one.spearman),
            figure(&one.pearson)
        );
    }
    if let Some(why) = list.iter().find(|one| one.spearman.value().is_none()) {
        let _ = writeln!(
            text,
            "  {undefined} pairs of tasks: {}; --with-paper adds the paper's models",
            figure(&why.spearman)
        );
    }
}
