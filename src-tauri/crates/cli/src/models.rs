//! What reward models said, and what it is worth beside people.

mod compared;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use tiebreak_commands::compare::{self as compares, CompareReport, CompareRequest, ModelReport};
use tiebreak_commands::predictions::{
    self as predicted, Matching, PredictionsReport, PredictionsRequest,
};
use tiebreak_commands::{CommandError, Result};
use tiebreak_domain::NINE_TASKS;

use crate::agreement::figure;
use crate::arguments::{
    Compare, MatchArg, Predictions, PredictionsAct, PredictionsImport, TableArg,
};
use crate::print::Printer;
use crate::project::open;

pub async fn predictions(a: Predictions, out: &Printer) -> Result<ExitCode> {
    let PredictionsAct::Import(a) = a.act;
    let project = open(&a.dir).await?;
    let report = predicted::import(&project, request(a)?).await;
    project.close().await;
    let report = report?;
    out.answer(&report, || imported(&report));
    Ok(match report.broken {
        Some(_) => ExitCode::from(1),
        None => ExitCode::SUCCESS,
    })
}

fn request(a: PredictionsImport) -> Result<PredictionsRequest> {
    let mut values = BTreeMap::new();
    for told in &a.value {
        let (value, verdict) = told.rsplit_once('=').ok_or_else(|| {
            let why = format!("“{told}” says nothing: give VALUE=VERDICT, as in 0=tie");
            CommandError::new("bad_value", why)
        })?;
        let verdict = match verdict {
            "none" => None,
            verdict => Some(verdict.parse()?),
        };
        values.insert(value.to_owned(), verdict);
    }
    Ok(PredictionsRequest {
        file: a.file.display().to_string(),
        model: a.model,
        matching: match a.matching {
            MatchArg::Id => Matching::Id,
            MatchArg::Content => Matching::Content,
            MatchArg::Order => Matching::Order,
        },
        evaluation: a.evaluation.map(|file| file.display().to_string()),
        setting: a.setting.as_deref().map(str::parse).transpose()?,
        shown: a.order.as_deref().map(str::parse).transpose()?,
        task: a.task,
        id_field: a.id,
        verdict_field: a.verdict,
        score_fields: a.scores.map(two_fields).transpose()?,
        text_field: a.text,
        values,
    })
}

fn two_fields(fields: Vec<String>) -> Result<[String; 2]> {
    fields.try_into().map_err(|fields: Vec<String>| {
        let why = format!(
            "scores are of two fields, as in --scores score1,score2: {} are named",
            fields.len()
        );
        CommandError::new("bad_value", why)
    })
}

// Writing to a string cannot fail, so what `writeln` returns is dropped throughout.

fn imported(report: &PredictionsReport) -> String {
    let mut text = format!(
        "{} ({}, order {}): {}\n",
        report.model,
        report.setting.as_str(),
        report.shown.as_str(),
        report.fields
    );
    let share = report.share_matched.unwrap_or(0.0) * 100.0;
    let _ = writeln!(
        text,
        "{} of {} rows have a question ({share:.1} %): {} predictions are new, {} were known",
        report.matched, report.rows, report.added, report.known
    );
    let _ = writeln!(
        text,
        "{} say no verdict and {} have a score that is no number (both count as wrong); {} have \
         equal scores",
        report.no_verdict, report.not_numbers, report.equal_scores
    );
    if let Some(broken) = &report.broken {
        let _ = writeln!(text, "{broken}");
    }
    for problem in &report.problems {
        let _ = writeln!(text, "  row {}: {}", problem.row, problem.message);
    }
    let more = report.left.saturating_sub(report.problems.len() as u64);
    if more > 0 {
        let _ = writeln!(text, "  … and {more} more rows that were not taken");
    }
    text
}

pub async fn compare(a: Compare, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let request = CompareRequest {
        rule: a.rule.parse()?,
        replicates: a.replicates,
        seed: a.seed,
        folds: a.folds,
        alt_epsilon: a.alt_epsilon,
        contradictions: a.contradictions,
        with_paper: a.with_paper,
    };
    let report = compares::run(&project, request).await;
    project.close().await;
    let report = report?;
    out.answer(&report, || match a.table {
        Some(shape) => tables(&report, shape, a.upstream),
        None => said(&report, a.upstream),
    });
    Ok(ExitCode::SUCCESS)
}

fn said(report: &CompareReport, upstream: bool) -> String {
    let counts = |counts: &BTreeMap<String, u64>| {
        let each = counts.iter().map(|(what, n)| format!("{what} {n}"));
        each.collect::<Vec<_>>().join(", ")
    };
    let truth = &report.truth;
    let mut text = format!(
        "{} questions with a verdict of people's ({}); left out: {}\n",
        truth.questions,
        counts(&truth.by_source),
        counts(&truth.left_out)
    );
    let _ = writeln!(
        text,
        "human ceiling, each vote against the others': {} ({} targets)",
        figure(&report.human_ceiling),
        report.ceiling_targets
    );
    if report.models.is_empty() {
        text += "No model has said anything yet: `tiebreak predictions import` takes results in.\n";
    }
    for model in &report.models {
        said_of(&mut text, model, upstream);
    }
    for swap in &report.swaps {
        let _ = writeln!(
            text,
            "\n{} in both orders ({}{})\n  same verdict {}\n  always the first shown {}, always the second {}\n  \
             of verdicts for a response, for the first shown {}",
            swap.name,
            swap.setting.as_str(),
            prompt(&swap.template),
            figure(&swap.same),
            figure(&swap.always_first),
            figure(&swap.always_second),
            figure(&swap.first)
        );
    }
    compared::revealing(&mut text, report);
    compared::between_models(&mut text, report);
    let _ = writeln!(text, "\nIntervals of {}", report.intervals);
    text
}

/// Which prompt a model was asked with, where that is known.
pub fn prompt(template: &str) -> String {
    match template.get(..8) {
        Some(short) => format!(", prompt {short}"),
        None => String::new(),
    }
}

fn said_of(text: &mut String, model: &ModelReport, upstream: bool) {
    let _ = writeln!(
        text,
        "\n{} [{}] ({}, order {}{}): {} predictions, {} failed, {} of questions without a verdict; \
         {} questions unanswered",
        model.name,
        &model.hash[..model.hash.len().min(8)],
        model.setting.as_str(),
        model.shown.as_str(),
        prompt(&model.template),
        model.predictions,
        model.failed,
        model.without_truth,
        model.unanswered
    );
    for (name, by_task, mean) in [
        ("with ties", &model.with_ties, &model.with_ties_mean),
        (
            "without ties",
            &model.without_ties,
            &model.without_ties_mean,
        ),
    ] {
        for (task, share) in by_task {
            let threshold = model.thresholds.get(task).filter(|_| name == "with ties");
            let threshold = threshold.map_or_else(String::new, |found| {
                let ends =
                    [found.folds.first(), found.folds.last()].map(|end| *end.unwrap_or(&-1.0));
                format!("  threshold {} to {}", ends[0], ends[1])
            });
            let _ = writeln!(text, "  {name:<13} {task:<22} {}{threshold}", figure(share));
        }
        let over = format!("mean of {} tasks", mean.tasks);
        let _ = writeln!(text, "  {name:<13} {over:<22} {}", figure(&mean.mean));
    }
    let _ = writeln!(text, "  without ties: from {}", model.without_ties_from);
    let _ = writeln!(
        text,
        "  on the targets of the human ceiling: {}",
        figure(&model.on_ceiling_targets)
    );
    compared::unseen(text, model);
    compared::of_model(text, model);
    if upstream {
        let shown =
            |share: Option<f64>| share.map_or_else(|| "undefined".to_owned(), |s| s.to_string());
        for (task, told) in &model.upstream {
            let _ = writeln!(
                text,
                "  upstream      {task:<22} Accuracy with ties: {}  Accuracy without ties: {} (threshold \
                 fitted on these labels)",
                shown(told.with_ties),
                shown(told.without_ties)
            );
        }
    }
}

/// The paper's abbreviations of the nine tasks, in its order.
const SHORT: [&str; 9] = [
    "T2T", "TI2T", "TV2T", "TA2T", "T2I", "T2V", "T2A", "T23D", "TI2I",
];

/// Tables 2 and 3 of the paper: percent with two places, a dash where a task was not answered, and the
/// mean with the number of tasks that it is over.
fn tables(report: &CompareReport, shape: TableArg, upstream: bool) -> String {
    let mut text = String::new();
    for (title, ties) in [("with ties", true), ("without ties", false)] {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for model in &report.models {
            let shares = |task: &str| -> Option<f64> {
                if upstream && model.scores {
                    let told = model.upstream.get(task)?;
                    return if ties {
                        told.with_ties
                    } else {
                        told.without_ties
                    };
                }
                let by_task = if ties {
                    &model.with_ties
                } else {
                    &model.without_ties
                };
                by_task.get(task)?.value()
            };
            let found: Vec<Option<f64>> = NINE_TASKS.iter().map(|task| shares(task)).collect();
            if found.iter().all(Option::is_none) {
                continue;
            }
            rows.push(table_row(model.name.clone(), found));
        }
        for model in &report.reference {
            let by_task = if ties {
                &model.with_ties
            } else {
                &model.without_ties
            };
            let found = NINE_TASKS.iter().map(|task| by_task.get(*task).copied());
            rows.push(table_row(
                format!("{} (paper)", model.name),
                found.collect(),
            ));
        }
        let mut head = vec!["Model"];
        head.extend(SHORT);
        head.extend(["Overall", "Tasks"]);
        let how = match (upstream, ties) {
            (true, true) => "; thresholds of scores fitted on these labels, as upstream",
            (false, true) => "; thresholds of scores fitted on other prompts",
            _ => "",
        };
        let _ = match shape {
            TableArg::Markdown => {
                writeln!(text, "Accuracy {title}{how}\n\n{}", markdown(&head, &rows))
            }
            TableArg::Latex => writeln!(text, "% Accuracy {title}{how}\n{}", latex(&head, &rows)),
        };
    }
    text
}

/// A name, the shares in percent, their mean and how many they are.
fn table_row(name: String, found: Vec<Option<f64>>) -> Vec<String> {
    let own: Vec<f64> = found.iter().copied().flatten().collect();
    let mean = own.iter().sum::<f64>() / own.len() as f64;
    let percent = |share: f64| format!("{:.2}", share * 100.0);
    let mut row = vec![name];
    row.extend(
        found
            .into_iter()
            .map(|share| share.map_or_else(|| "–".to_owned(), percent)),
    );
    row.extend([percent(mean), own.len().to_string()]);
    row
}

fn markdown(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = format!(
        "| {} |\n|---|{}\n",
        head.join(" | "),
        "---:|".repeat(head.len() - 1)
    );
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

fn latex(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("{} \\\\\n", cells.join(" & "));
    let mut text = format!(
        "\\begin{{tabular}}{{l{}}}\n\\hline\n",
        "r".repeat(head.len() - 1)
    );
    text += &line(head.iter().map(|&cell| cell.to_owned()).collect());
    text += "\\hline\n";
    for row in rows {
        text += &line(row.iter().map(|cell| escaped(cell)).collect());
    }
    text + "\\hline\n\\end{tabular}\n"
}

/// LaTeX's own characters, escaped.
fn escaped(cell: &str) -> String {
    let mut text = String::new();
    for c in cell.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => text.extend(['\\', c]),
            '\\' => text += "\\textbackslash{}",
            '~' => text += "\\textasciitilde{}",
            '^' => text += "\\textasciicircum{}",
            '–' => text += "--",
            c => text.push(c),
        }
    }
    text
}
