//! The owner's commands: making, filling, describing, checking, writing out.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use tiebreak_commands::dto::{ExportReport, ExportRequest, ImportReport, ImportRequest};
use tiebreak_commands::{
    CommandError, Project, Result, SystemClock, annotators, export as exports, import as imports,
    media as medias, projects,
};

use crate::arguments::{Annotators, Dir, Export, Import, Media, New};
use crate::print::Printer;
use crate::stop::Stop;

/// Opens a project for its owner: of a work package this is refused.
pub async fn open(dir: &Path) -> Result<Project> {
    projects::open_owned(dir, Arc::new(SystemClock)).await
}

pub async fn new(a: New, out: &Printer) -> Result<ExitCode> {
    let wish = projects::NewProject {
        name: a.name,
        ask_criteria: a.ask_criteria,
        repeat_percent: a.repeats,
        overlap: a.votes_per_question.zip(a.people),
        phases: a.phases,
        no_both_bad: a.no_both_bad,
        protocol: a.protocol.as_deref().map(str::parse).transpose()?,
        order: a.order.parse()?,
    };
    let project = projects::create(&a.dir, &wish, Arc::new(SystemClock)).await?;
    let info = projects::info(&project).await?;
    project.close().await;
    out.answer(&info, || {
        format!("{} is a project now: {}", info.name, info.path)
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn import(a: Import, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let mapping = match &a.map {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|error| {
            CommandError::new("io", format!("the mapping cannot be read: {error}"))
                .in_file(&path.display().to_string())
        })?),
        None => None,
    };
    let stop = Stop::on_control_c();
    let mut reports = Vec::new();
    let (mut refused, mut failed) = (0, None);
    for file in &a.files {
        let request = ImportRequest {
            file: file.display().to_string(),
            format: a.format.clone(),
            mapping: mapping.clone(),
            task: a.task.clone(),
            media_root: a.media_root.as_ref().map(|r| r.display().to_string()),
            copy_media: a.copy_media,
        };
        let bar = out.bar();
        let report = imports::run(&project, &request, a.dry_run, &stop.cancel, |p| {
            bar.show(&p)
        })
        .await;
        drop(bar);
        match report {
            Ok(report) => {
                refused += report.refused;
                reports.push(report);
            }
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    drop(stop);
    project.close().await;
    let words = || reports.iter().map(said).collect::<Vec<_>>().join("\n");
    match reports.as_slice() {
        [] => {}
        [one] => out.answer(one, words),
        several => out.answer(&several, words),
    }
    if let Some(error) = failed {
        return Err(error);
    }
    let nothing = refused > 0 && reports.iter().all(|r| r.taken == 0);
    let broken = reports.iter().any(|report| report.broken.is_some());
    Ok(if nothing || broken {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

fn said(report: &ImportReport) -> String {
    let mut text = format!(
        "{}: {} ({})\n  {} rows read, {} taken, {} refused\n  {}: {} pairs, {} questions, {} votes, \
         {} labels that came with the data\n",
        report.file,
        report.format,
        report.why,
        report.rows,
        report.taken,
        report.refused,
        if report.dry_run {
            "would be new"
        } else {
            "new"
        },
        report.pairs,
        report.questions,
        report.votes,
        report.resolutions,
    );
    if report.broken.is_some() {
        text.push_str(
            "  the file ends early: what stands behind the place that cannot be read is missing\n",
        );
    }
    if report.known > 0 {
        let _ = writeln!(text, "  {} were in the project already", report.known);
    }
    if report.media > 0 {
        let _ = writeln!(
            text,
            "  {} media files found, {} copied",
            report.media, report.media_copied
        );
    }
    const SHOWN: usize = 20;
    for (title, list, total) in [
        ("refused", &report.problems, report.refused),
        (
            "taken, with a remark",
            &report.remarks,
            report.remarks_total,
        ),
    ] {
        for problem in list.iter().take(SHOWN) {
            let field = problem
                .field
                .as_ref()
                .map(|f| format!(", {f}"))
                .unwrap_or_default();
            let place = match problem.row {
                0 => "the file".to_owned(),
                row => format!("row {row}"),
            };
            let _ = writeln!(text, "  {title}: {place}{field}: {}", problem.message);
        }
        let more = total.saturating_sub(SHOWN as u64);
        if more > 0 {
            let _ = writeln!(
                text,
                "  … and {more} more {title} (all with --json, up to 1000)"
            );
        }
    }
    text
}

pub async fn info(a: Dir, out: &Printer) -> Result<ExitCode> {
    let project = projects::open(&a.dir, Arc::new(SystemClock)).await?;
    let info = projects::info(&project).await?;
    project.close().await;
    out.answer(&info, || {
        let mut text = format!("{} ({})\n", info.name, info.path);
        for task in &info.tasks {
            let _ = writeln!(
                text,
                "  {:<22} {:>8} pairs {:>8} questions",
                task.task.as_str(),
                task.pairs,
                task.questions
            );
        }
        if info.without_criterion > 0 {
            let _ = writeln!(
                text,
                "  {} pairs wait for a criterion",
                info.without_criterion
            );
        }
        let _ = writeln!(
            text,
            "  {} votes stand ({} rows ever), {} resolutions, {} media files",
            info.votes, info.votes_ever, info.resolutions, info.media
        );
        if info.practice_votes > 0 {
            let _ = writeln!(
                text,
                "  {} votes of practice rounds, which count nowhere",
                info.practice_votes
            );
        }
        for root in &info.media_roots {
            let _ = writeln!(text, "  media used in place under {root}");
        }
        for annotator in &info.annotators {
            let imported = if annotator.imported { ", imported" } else { "" };
            let _ = writeln!(
                text,
                "  {} ({}{imported}): {} answered",
                annotator.name, annotator.id, annotator.votes
            );
        }
        text
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn annotators(a: Annotators, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    if let Some(name) = &a.add {
        annotators::add(&project, name).await?;
    }
    let names = annotators::names(&project).await?;
    project.close().await;
    out.answer(&names, || {
        names
            .iter()
            .map(|n| format!("{}  {}\n", n.id, n.name))
            .collect()
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn export(a: Export, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let request = ExportRequest {
        format: a.format,
        out: a.out.display().to_string(),
        rule: a.rule,
        ignore_imported: a.ignore_imported,
    };
    let report = exports::run(&project, &request).await;
    project.close().await;
    let report = report?;
    out.answer(&report, || written(&report));
    Ok(ExitCode::SUCCESS)
}

fn written(report: &ExportReport) -> String {
    let mut text = format!("{} rows written\n", report.rows);
    for file in &report.files {
        let _ = writeln!(text, "  {file}");
    }
    for (source, count) in &report.by_source {
        let _ = writeln!(text, "  {count} by {source}");
    }
    if let Some(rule) = &report.rule {
        let _ = writeln!(
            text,
            "  where there is no resolution, votes count by {rule}"
        );
    }
    for left in &report.left_out {
        let mut names = left
            .questions
            .iter()
            .take(10)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        if left.count > 10 {
            names.push_str(", …");
        }
        let names = if names.is_empty() {
            names
        } else {
            format!(" ({names})")
        };
        let _ = writeln!(text, "  left out, {}: {}{names}", left.reason, left.count);
    }
    text
}

pub async fn check(a: Dir, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let report = projects::check(&project).await?;
    project.close().await;
    out.answer(&report, || {
        let mut text = String::new();
        for finding in &report.findings {
            let _ = writeln!(text, "{}: {}", finding.code, finding.message);
        }
        let end = if report.ok {
            "all is as it must be"
        } else {
            "something is wrong"
        };
        let _ = write!(
            text,
            "{end}: {} media files and {} votes looked at, {} findings",
            report.media_checked,
            report.votes_checked,
            report.findings.len()
        );
        text
    });
    Ok(if report.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

pub async fn media(a: Media, out: &Printer) -> Result<ExitCode> {
    let project = projects::open(&a.dir, Arc::new(SystemClock)).await?;
    let id = a.id.parse()?;
    let bytes = medias::copy_to(&project, id, &a.out).await;
    project.close().await;
    let bytes = bytes?;
    let answer = serde_json::json!({ "file": a.out.display().to_string(), "bytes": bytes });
    out.answer(&answer, || {
        format!("{bytes} bytes written to {}", a.out.display())
    });
    Ok(ExitCode::SUCCESS)
}
