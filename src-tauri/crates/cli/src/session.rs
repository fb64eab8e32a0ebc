//! The annotator's commands: the screen's rules, scripted.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::CommandFactory as _;
use clap::error::ErrorKind;
use tiebreak_commands::dto::{AnnotatorName, VoteRequest};
use tiebreak_commands::projects::{self, is_package};
use tiebreak_commands::{CommandError, Project, Result, SystemClock, annotators, label};
use tiebreak_domain::{
    Action, Attention, Confidence, Next, Phase, ScreenVerdict, SideView, SkipReason,
};

use crate::arguments::{
    Cli, CriterionArgs, History, Keys, Move, Skip, SkipArg, VerdictArg, Vote, Who,
};
use crate::print::Printer;
use crate::project::open;

/// What stands in the presentation of a vote cast here.
pub const APP: &str = concat!("tiebreak-cli ", env!("CARGO_PKG_VERSION"));

async fn enter(dir: &std::path::Path, name: &str) -> Result<(Project, AnnotatorName)> {
    opened(dir, name, true).await
}

/// A project, or a work package, and who labels in it.
pub async fn opened(
    dir: &std::path::Path,
    name: &str,
    add: bool,
) -> Result<(Project, AnnotatorName)> {
    if name.is_empty() && !is_package(dir) {
        nobody();
    }
    let project = projects::open(dir, Arc::new(SystemClock)).await?;
    let who = annotators::labeller(&project, name, add).await?;
    Ok((project, who))
}

/// A wrong command line: only a work package says by itself who labels in it.
fn nobody() -> ! {
    let told = "--annotator is missing: say who labels (only a work package needs no name)";
    Cli::command()
        .error(ErrorKind::MissingRequiredArgument, told)
        .exit()
}

pub async fn next(a: Who, out: &Printer) -> Result<ExitCode> {
    let (project, who) = enter(&a.dir, &a.annotator).await?;
    let next = label::next(&project, who.id).await?;
    project.close().await;
    out.answer(&next, || match &next {
        Next::Done { phase, .. } => match phase {
            Some(Phase::Write) => format!(
                "nothing is left to write for {}: voting begins when the criteria have been looked \
                 through",
                who.name
            ),
            Some(Phase::Review) => format!(
                "the criteria are being looked through: there is nothing for {} to do until voting \
                 begins",
                who.name
            ),
            Some(Phase::Vote) | None => format!("nothing is left for {}", who.name),
        },
        Next::Question(q) => {
            let mut text = format!("{}  {}\n", q.task, q.assignment);
            match &q.criterion {
                Some(criterion) => {
                    let _ = writeln!(text, "\n{criterion}");
                }
                None => {
                    let _ = writeln!(text, "\nwrite criteria for the pair {}", q.pair);
                }
            }
            for (title, side) in [
                ("prompt", &q.prompt),
                ("left", &q.left),
                ("right", &q.right),
            ] {
                let _ = write!(text, "\n── {title} ──\n{}", shown(side));
            }
            text
        }
    });
    Ok(ExitCode::SUCCESS)
}

pub fn shown(side: &SideView) -> String {
    let mut text = if side.text.is_empty() {
        String::new()
    } else {
        format!("{}\n", side.text)
    };
    for medium in &side.media {
        let _ = writeln!(text, "[{} {}]", medium.kind.as_str(), medium.id);
    }
    text
}

pub async fn vote(a: Vote, out: &Printer) -> Result<ExitCode> {
    let (project, who) = known(&a.dir, &a.annotator).await?;
    let assignment = label::assignment(&project, who.id, &a.id).await?;
    let request = VoteRequest {
        assignment,
        verdict: match a.verdict {
            VerdictArg::Left => ScreenVerdict::Left,
            VerdictArg::Right => ScreenVerdict::Right,
            VerdictArg::Tie => ScreenVerdict::Tie,
            VerdictArg::BothBad => ScreenVerdict::BothBad,
        },
        confidence: a.confidence.map(Confidence::new).transpose()?,
        rationale: a.reason,
        attention: Attention {
            modes: vec!["cli".to_owned()],
            ..Attention::default()
        },
    };
    let receipt = label::vote(&project, who.id, request, APP).await?;
    project.close().await;
    out.answer(&receipt, || match &receipt.practice {
        None => format!("saved: {}", receipt.vote),
        Some(p) => {
            let said = if p.right { "right" } else { "not so" };
            let answer = p.answer.as_str();
            format!(
                "saved: {}\npractice, {said}: the answer is {answer}\n{}",
                receipt.vote, p.explanation
            )
        }
    });
    Ok(ExitCode::SUCCESS)
}

/// As [`enter`], for commands by which nobody should come into being through a slip of the keys.
async fn known(dir: &std::path::Path, name: &str) -> Result<(Project, AnnotatorName)> {
    opened(dir, name, false).await
}

pub async fn undo(a: Who, out: &Printer) -> Result<ExitCode> {
    let (project, who) = known(&a.dir, &a.annotator).await?;
    let undone = label::undo(&project, who.id).await?;
    project.close().await;
    out.answer(&undone, || match &undone {
        Some(u) => format!("taken back: {} is open again", u.assignment),
        None => "there is nothing to take back".to_owned(),
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn skip(a: Skip, out: &Printer) -> Result<ExitCode> {
    let (project, who) = known(&a.dir, &a.annotator).await?;
    let assignment = label::assignment(&project, who.id, &a.id).await?;
    let reason = match a.reason {
        SkipArg::Broken => SkipReason::Broken,
        SkipArg::Unclear => SkipReason::Unclear,
        SkipArg::NotCompetent => SkipReason::NotCompetent,
        SkipArg::Distressing => SkipReason::Distressing,
    };
    label::skip(&project, who.id, assignment, reason, &a.note).await?;
    project.close().await;
    let answer = serde_json::json!({ "assignment": assignment, "skipped": reason });
    out.answer(&answer, || format!("skipped: {assignment}"));
    Ok(ExitCode::SUCCESS)
}

pub async fn criterion(a: CriterionArgs, out: &Printer) -> Result<ExitCode> {
    let (project, who) = enter(&a.dir, &a.annotator).await?;
    let receipt = label::criteria(&project, who.id, a.pair.parse()?, &a.text).await?;
    project.close().await;
    out.answer(&receipt, || {
        let ids: Vec<_> = receipt.questions.iter().map(ToString::to_string).collect();
        format!("{} new questions\n{}", receipt.added, ids.join("\n"))
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn history(a: History, out: &Printer) -> Result<ExitCode> {
    let (project, who) = known(&a.dir, &a.annotator).await?;
    let done = label::history(&project, who.id, a.limit).await?;
    project.close().await;
    out.answer(&done, || {
        done.iter()
            .map(|d| {
                let said = match (d.verdict, d.skipped) {
                    (Some(verdict), _) => verdict.as_str().to_owned(),
                    (None, Some(reason)) => format!("skipped, {}", reason.as_str()),
                    (None, None) => "skipped".to_owned(),
                };
                format!(
                    "{}  {said}  {}\n",
                    d.assignment,
                    d.criterion.as_deref().unwrap_or("")
                )
            })
            .collect()
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn progress(a: Who, out: &Printer) -> Result<ExitCode> {
    let (project, who) = known(&a.dir, &a.annotator).await?;
    let p = label::progress(&project, who.id).await?;
    project.close().await;
    out.answer(&p, || {
        let pace = p
            .per_hour
            .map(|n| format!(", {n:.0} an hour"))
            .unwrap_or_default();
        let practice = match p.practice {
            0 => String::new(),
            all => format!(", practice: {} of {all}", p.practice_done),
        };
        format!(
            "{} of {} answered, {} skipped{pace}{practice}",
            p.done, p.total, p.skipped
        )
    });
    Ok(ExitCode::SUCCESS)
}

fn key_change(text: &str) -> Result<(Action, Option<(&str, bool)>)> {
    let (action, key) = text.split_once('=').ok_or_else(|| {
        CommandError::new(
            "bad_value",
            format!("“{text}” is no change of a key: write ACTION=KEY"),
        )
    })?;
    let key = (!key.is_empty()).then(|| {
        key.strip_prefix("Shift+")
            .map_or((key, false), |key| (key, true))
    });
    Ok((action.parse()?, key))
}

pub async fn keys(a: Keys, out: &Printer) -> Result<ExitCode> {
    let (project, who) = known(&a.dir, &a.annotator).await?;
    if a.reset {
        annotators::reset_keys(&project, who.id).await?;
    }
    let changes = a
        .set
        .iter()
        .map(|c| key_change(c))
        .collect::<Result<Vec<_>>>()?;
    annotators::bind_keys(&project, who.id, &changes).await?;
    let keys = annotators::keys(&project, who.id).await?;
    project.close().await;
    out.answer(&keys, || {
        keys.iter()
            .map(|b| {
                let shift = if b.shift { "Shift+" } else { "" };
                let key = b
                    .key
                    .as_ref()
                    .map_or("off".to_owned(), |k| format!("{shift}{k}"));
                format!("{:<12} {key:<18} {}\n", b.action.as_str(), b.says)
            })
            .collect()
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn move_votes(a: Move, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let from = annotators::find(&project, &a.from).await?;
    let to = annotators::find(&project, &a.to).await?;
    let report = annotators::move_votes(&project, from.id, to.id).await?;
    project.close().await;
    out.answer(&report, || {
        format!(
            "{} votes stand under {} now; {} were left, since {} had answered those questions",
            report.moved, to.name, report.kept, to.name
        )
    });
    Ok(ExitCode::SUCCESS)
}
