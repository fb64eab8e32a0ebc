//! Adjudication and resolutions on the command line: the rules of the screen, scripted.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use tiebreak_commands::adjudicate::{
    self as commands, AdjudicateOptions, DecideRequest, NextToAdjudicate, Revealed, SettleRequest,
};
use tiebreak_commands::resolve::{self as rules, ResolveRequest, ResolveRule, RuleOutcome};
use tiebreak_commands::{Result, annotators};
use tiebreak_domain::{Attention, Confidence, QuestionId, ScreenDecision};

use crate::arguments::{
    Adjudicate, AdjudicateAct, Decide, Dir, Open, Resolve, Reverse, RuleArg, Words,
};
use crate::print::Printer;
use crate::project::open;
use crate::session::{APP, shown};

pub async fn adjudicate(a: Adjudicate, out: &Printer) -> Result<ExitCode> {
    match a.act {
        AdjudicateAct::Next(a) => next(a, out).await,
        AdjudicateAct::Decide(a) => decide(a, out).await,
        AdjudicateAct::Settle(a) => settle(a, out).await,
        AdjudicateAct::SendBack(a) => aside(a, true, out).await,
        AdjudicateAct::Flag(a) => aside(a, false, out).await,
    }
}

const fn options(a: &Open) -> AdjudicateOptions {
    AdjudicateOptions {
        over_imported: a.over_imported,
        own_votes: a.own_votes,
        by_prediction: a.by_prediction,
    }
}

async fn next(a: Open, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let who = annotators::find_or_add(&project, &a.annotator).await?;
    let next = commands::next(&project, who.id, options(&a)).await?;
    project.close().await;
    out.answer(&next, || match &next {
        NextToAdjudicate::Done { waiting: 0, .. } => "nothing is open".to_owned(),
        NextToAdjudicate::Done { waiting, .. } => {
            format!("nothing is open; {waiting} wait for another vote")
        }
        NextToAdjudicate::Question(next) => {
            let q = &next.question;
            let mut text = format!(
                "{} open, worst first\n{}  {}\n",
                next.open, q.task, q.question
            );
            let _ = writeln!(text, "\n{}", q.criterion.as_deref().unwrap_or_default());
            for (title, side) in [
                ("prompt", &q.prompt),
                ("left: A", &q.left),
                ("right: B", &q.right),
            ] {
                let _ = write!(text, "\n── {title} ──\n{}", shown(side));
            }
            match &next.revealed {
                None => text.push_str("\nDecide before the votes are shown: `adjudicate decide`."),
                Some(revealed) => text.push_str(&votes(revealed)),
            }
            text
        }
    });
    Ok(ExitCode::SUCCESS)
}

async fn decide(a: Decide, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.on.dir).await?;
    let who = annotators::find(&project, &a.on.annotator).await?;
    let request = DecideRequest {
        question: a.question.parse::<QuestionId>()?,
        decision: commands::parse_decision(&a.decision)?,
        reason: a.reason,
        attention: Attention::default(),
        options: options(&a.on),
    };
    let revealed = commands::decide(&project, who.id, request, APP).await;
    project.close().await;
    let revealed = revealed?;
    out.answer(&revealed, || votes(&revealed));
    Ok(ExitCode::SUCCESS)
}

fn votes(revealed: &Revealed) -> String {
    let mut text = format!(
        "\nYou decided {} blind. Keep it, or change it with a reason: `adjudicate settle`.\n",
        said(revealed.blind)
    );
    for vote in &revealed.votes {
        let sure = vote.confidence.map_or(0, Confidence::level);
        let _ = writeln!(
            text,
            "  {:<9} {:<3} {}",
            vote.verdict.as_str(),
            "*".repeat(usize::from(sure)),
            vote.rationale
        );
        for note in &vote.notes {
            let _ = writeln!(text, "                {note}");
        }
    }
    text
}

fn said(decision: ScreenDecision) -> String {
    match decision {
        ScreenDecision::Verdict(verdict) => verdict.as_str().to_owned(),
        ScreenDecision::Drop(reason) => format!("drop:{reason}"),
    }
}

async fn settle(a: Decide, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.on.dir).await?;
    let who = annotators::find(&project, &a.on.annotator).await?;
    let request = SettleRequest {
        question: a.question.parse::<QuestionId>()?,
        decision: commands::parse_decision(&a.decision)?,
        reason: a.reason,
        options: options(&a.on),
    };
    let receipt = commands::settle(&project, who.id, request).await;
    project.close().await;
    let receipt = receipt?;
    out.answer(&receipt, || {
        let kept = if receipt.kept { "kept" } else { "changed" };
        format!("settled, {kept}: {}", receipt.resolution)
    });
    Ok(ExitCode::SUCCESS)
}

async fn aside(a: Words, back: bool, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let who = annotators::find(&project, &a.annotator).await?;
    let question = a.question.parse::<QuestionId>()?;
    let done = if back {
        commands::send_back(&project, who.id, question, &a.reason).await
    } else {
        commands::flag(&project, who.id, question, &a.reason).await
    };
    project.close().await;
    let id = done?;
    out.answer(&serde_json::json!({ "adjudication": id }), || {
        if back {
            "sent back: it waits for another vote".to_owned()
        } else {
            "flagged for the guideline".to_owned()
        }
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn resolve(a: Resolve, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let request = ResolveRequest {
        rule: match a.rule {
            RuleArg::Unanimous => ResolveRule::Unanimous,
            RuleArg::Majority => ResolveRule::Majority,
            RuleArg::DawidSkene => ResolveRule::DawidSkene,
        },
        p: a.p,
        min_votes: a.min_votes,
        over_imported: a.over_imported,
    };
    if a.dry_run {
        let preview = rules::preview(&project, &request).await;
        project.close().await;
        let preview = preview?;
        out.answer(&preview, || {
            let each = preview.iter().map(|outcome| told(outcome, "would resolve"));
            each.collect::<Vec<_>>().join("\n")
        });
        return Ok(ExitCode::SUCCESS);
    }
    let outcome = rules::run(&project, &request).await;
    project.close().await;
    let outcome = outcome?;
    out.answer(&outcome, || {
        let mut text = told(&outcome, "resolved");
        if let Some(batch) = &outcome.batch {
            let _ = write!(text, "\n  to take it back: tiebreak reverse DIR {batch}");
        }
        text
    });
    Ok(ExitCode::SUCCESS)
}

fn told(outcome: &RuleOutcome, verb: &str) -> String {
    let mut text = format!("{}: {verb} {}", outcome.rule.as_str(), outcome.resolves);
    if !outcome.by_verdict.is_empty() {
        let each = outcome.by_verdict.iter();
        let each = each.map(|(verdict, n)| format!("{verdict} {n}"));
        let _ = write!(text, " ({})", each.collect::<Vec<_>>().join(", "));
    }
    if !outcome.leaves.is_empty() {
        let each = outcome.leaves.iter();
        let each = each.map(|(reason, n)| format!("{n} {}", reason.replace('_', " ")));
        let _ = write!(text, "; leaves {}", each.collect::<Vec<_>>().join(", "));
    }
    text
}

pub async fn reverse(a: Reverse, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let report = rules::reverse(&project, &a.id, &a.reason).await;
    project.close().await;
    let report = report?;
    out.answer(&report, || {
        format!(
            "{} taken back; in {} of them what stood before stands again",
            report.reversed, report.restored
        )
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn resolutions(a: Dir, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let list = rules::list(&project).await;
    project.close().await;
    let list = list?;
    out.answer(&list, || {
        let mut by: BTreeMap<(&str, String), u64> = BTreeMap::new();
        for one in &list {
            let what = match (one.decision.verdict(), one.decision.dropped()) {
                (Some(verdict), _) => verdict.to_string(),
                (None, Some(reason)) => format!("dropped, {}", reason.as_str().replace('_', " ")),
                (None, None) => continue,
            };
            *by.entry((&one.rule, what)).or_default() += 1;
        }
        let mut text = format!(
            "{} questions have a resolution (each with --json)\n",
            list.len()
        );
        for ((rule, what), n) in by {
            let _ = writeln!(text, "  {rule:<12} {what:<28} {n}");
        }
        text
    });
    Ok(ExitCode::SUCCESS)
}
