//! Joining projects.

use std::fmt::Write as _;
use std::process::ExitCode;

use tiebreak_commands::dto::MergeReport;
use tiebreak_commands::{Result, merge as merges};

use crate::arguments::Merge;
use crate::print::Printer;
use crate::project::open;
use crate::stop::Stop;

pub async fn merge(a: Merge, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let stop = Stop::on_control_c();
    let mut reports = Vec::new();
    let mut end = merges::look(&project, &a.others).await;
    for other in &a.others {
        if end.is_err() {
            break;
        }
        let merged = merges::run(&project, other, a.dry_run, &stop.cancel).await;
        end = merged.map(|report| reports.push(report));
    }
    drop(stop);
    project.close().await;
    let words = || reports.iter().map(said).collect();
    match reports.as_slice() {
        [] => {}
        [one] => out.answer(one, words),
        several => out.answer(&several, words),
    }
    end.map(|()| ExitCode::SUCCESS)
}

fn said(report: &MergeReport) -> String {
    let new = if report.dry_run {
        "would be new"
    } else {
        "new"
    };
    let mut text = format!(
        "{}\n  {new}: {} pairs, {} questions, {} criteria, {} votes, {} skips, {} resolutions, {} \
         media ({} copied)\n  annotators: {} new, {} known\n",
        report.other,
        report.pairs,
        report.questions,
        report.criteria,
        report.votes,
        report.skips,
        report.resolutions,
        report.media,
        report.media_copied,
        report.annotators_new,
        report.annotators_known
    );
    for remark in &report.remarks {
        let _ = writeln!(text, "  {}", remark.message);
    }
    text
}
