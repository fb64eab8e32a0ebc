//! Reward models that run on this machine: which there are, and asking one.

use std::fmt::Write as _;
use std::process::ExitCode;

use tiebreak_commands::Result;
use tiebreak_commands::models::{self as known, ModelsReport};
use tiebreak_commands::predict::{self as predicts, PredictReport, PredictRequest};
use tiebreak_domain::Family;

use crate::arguments::{Models, Predict};
use crate::print::Printer;
use crate::project::open;
use crate::stop::Stop;

pub async fn models(a: Models, out: &Printer) -> Result<ExitCode> {
    let report = known::list(a.folder.as_deref()).await?;
    out.answer(&report, || listed(&report));
    let bad = report.models.iter().any(|model| model.problem.is_some());
    Ok(match bad {
        true => ExitCode::from(1),
        false => ExitCode::SUCCESS,
    })
}

// Writing to a string cannot fail, so what `writeln` returns is dropped throughout.

fn listed(report: &ModelsReport) -> String {
    let mut text = format!("Models described in {}\n", report.folder);
    for model in &report.models {
        let hash = model.hash.as_deref().map_or("", |hash| &hash[..8]);
        let tasks = model
            .tasks
            .as_ref()
            .map_or("all tasks".to_owned(), |tasks| tasks.join(", "));
        let memory = model
            .memory_mb
            .map_or_else(String::new, |mb| format!("; {mb} MiB of memory"));
        let _ = writeln!(text, "\n{} ({}) {hash}", model.name, model.family.as_str());
        match &model.problem {
            Some(problem) => {
                let file = model.file.as_deref().unwrap_or_default();
                let _ = writeln!(text, "  cannot be asked: {file}: {problem}");
            }
            None => {
                let _ = writeln!(text, "  {tasks}{memory}");
            }
        }
        if !model.about.is_empty() {
            let _ = writeln!(text, "  {}", model.about);
        }
    }
    text
}

pub async fn predict(a: Predict, out: &Printer) -> Result<ExitCode> {
    let request = PredictRequest {
        model: a.model,
        folder: a.folder.map(|folder| folder.display().to_string()),
        questions: a.questions,
        limit: a.limit,
        setting: Some(a.setting.parse()?),
        order: a.order.parse()?,
    };
    let project = open(&a.dir).await?;
    let stop = Stop::on_control_c();
    let bar = out.bar();
    let report = predicts::run(&project, &request, &stop.cancel, |p| bar.show_answers(&p)).await;
    drop(bar);
    drop(stop);
    project.close().await;
    let report = report?;
    out.answer(&report, || said(&report));
    Ok(match report.cancelled || report.stopped.is_some() {
        true => ExitCode::from(1),
        false => ExitCode::SUCCESS,
    })
}

fn said(report: &PredictReport) -> String {
    let orders: Vec<&str> = report.orders.iter().map(|shown| shown.as_str()).collect();
    let mut text = format!(
        "{} [{}] ({}, order {}): {} answers are new, {} were there, {} are still wanted\n",
        report.model,
        &report.hash[..report.hash.len().min(8)],
        report.setting.as_str(),
        orders.join(" and "),
        report.added,
        report.known,
        report.left
    );
    if report.not_taken > 0 {
        let _ = writeln!(
            text,
            "{} of {} questions are of tasks that it does not take",
            report.not_taken, report.questions
        );
    }
    if report.failed > 0 {
        let _ = writeln!(
            text,
            "{} answers are none: they are kept, and count as wrong",
            report.failed
        );
    }
    for failure in &report.failures {
        let id = failure.question.to_string();
        let named = failure.source_id.as_ref().unwrap_or(&id);
        let _ = writeln!(text, "  {named}: {}", failure.message);
    }
    let more = report.failed.saturating_sub(report.failures.len() as u64);
    if more > 0 {
        let _ = writeln!(text, "  … and {more} more");
    }
    for remark in &report.remarks {
        let _ = writeln!(text, "{remark}");
    }
    if let Some(why) = &report.stopped {
        let _ = writeln!(text, "{why}");
    }
    if report.cancelled {
        let _ = writeln!(
            text,
            "cancelled: what was written stays, and a run goes on from there"
        );
    }
    if report.family == Family::Surface {
        text += "`tiebreak surface` says how much of your labels it explains\n";
    }
    text + "`tiebreak compare` holds what models said against people\n"
}
