//! Dropping in bulk, and how the benchmark came about.

use std::fmt::Write as _;
use std::process::ExitCode;

use tiebreak_commands::Result;
use tiebreak_commands::agreement::Coefficient;
use tiebreak_commands::drops::{self, DropOutcome, DropRequest, DropWhy};
use tiebreak_commands::protocol::{self, ProtocolReport, ProtocolRequest};

use crate::arguments::{ConsensusArg, Drop, DropArg, Protocol};
use crate::print::Printer;
use crate::project::open;

pub async fn drop_questions(a: Drop, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let request = DropRequest {
        why: match a.why {
            DropArg::CriterionUnclear => DropWhy::CriterionUnclear,
            DropArg::NoConsensus => DropWhy::NoConsensus,
        },
        unanimous: a.rule == ConsensusArg::Unanimous,
        min_votes: a.min_votes,
        people: a.people,
    };
    let outcome = match a.dry_run {
        true => drops::preview(&project, &request).await,
        false => drops::run(&project, &request).await,
    };
    project.close().await;
    let outcome = outcome?;
    out.answer(&outcome, || dropped(&outcome, a.dry_run));
    Ok(ExitCode::SUCCESS)
}

fn dropped(outcome: &DropOutcome, dry_run: bool) -> String {
    let would = if dry_run {
        "would be dropped"
    } else {
        "dropped"
    };
    let mut text = format!("{} questions {would}: {}\n", outcome.drops, outcome.rule);
    for (reason, count) in &outcome.leaves {
        let _ = writeln!(text, "  left, {reason}: {count}");
    }
    if let Some(batch) = &outcome.batch {
        let _ = writeln!(text, "  taken back by: tiebreak reverse DIR {batch}");
    }
    text
}

pub async fn protocol(a: Protocol, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let request = ProtocolRequest {
        replicates: a.replicates,
        seed: a.seed,
    };
    let report = protocol::report(&project, request).await;
    project.close().await;
    let report = report?;
    out.answer(&report, || said(&report));
    Ok(ExitCode::SUCCESS)
}

fn said(report: &ProtocolReport) -> String {
    let mut text = format!(
        "protocol: {}\n{} pairs, {} questions ({} more merged into others): {} with a final verdict, \
         {} open\n\n",
        report.protocol.as_deref().unwrap_or("none in particular"),
        report.pairs,
        report.questions,
        report.merged,
        report.resolved,
        report.open
    );
    for step in &report.steps {
        let title = match step.after.as_str() {
            "all" => "all questions",
            "criterion_unclear" => "without vague criteria",
            "broken_item" => "without broken items",
            _ => "without rows of no consensus",
        };
        let _ = write!(text, "{title}: {} questions", step.questions);
        if step.after != "all" {
            let share = step
                .share
                .map_or("–".to_owned(), |s| format!("{:.1} %", s * 100.0));
            let _ = write!(text, " ({} dropped, {share} of all)", step.dropped);
        }
        let _ = writeln!(
            text,
            "\n  {} votes on {} of them\n  α nominal {}\n  α ordinal {}",
            step.votes,
            step.voted,
            figure(&step.krippendorff_alpha_nominal),
            figure(&step.krippendorff_alpha_ordinal)
        );
    }
    let paper = &report.paper;
    let _ = write!(
        text,
        "\nthe paper's: {:.0} % vague, {:.0} % without consensus, α = {:.3}\n{}\nintervals of 95 %: \
         prompts drawn anew {} times, seed {}",
        paper.vague * 100.0,
        paper.no_consensus * 100.0,
        paper.krippendorff_alpha,
        report.remark,
        report.replicates,
        report.seed
    );
    text
}

fn figure(coefficient: &Coefficient) -> String {
    match coefficient {
        Coefficient::Undefined { undefined } => format!("undefined, {undefined}"),
        Coefficient::Defined(found) => match found.ci {
            Some([low, high]) => format!("{:.3} [{low:.3}, {high:.3}]", found.value),
            None => format!("{:.3} (no interval)", found.value),
        },
    }
}
