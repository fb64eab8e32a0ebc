//! Where people part, as a list on a terminal, and one question with its votes.

use std::fmt::Write as _;
use std::process::ExitCode;

use tiebreak_commands::Result;
use tiebreak_commands::disagreements::{self, Disagreement, QuestionInFull};

use crate::arguments::Disagreements;
use crate::print::Printer;
use crate::project::open;

pub async fn disagreements(a: Disagreements, out: &Printer) -> Result<ExitCode> {
    let id = a.question.as_deref().map(str::parse).transpose()?;
    let project = open(&a.dir).await?;
    if let Some(id) = id {
        let found = disagreements::question(&project, id).await;
        project.close().await;
        let found = found?;
        out.answer(&found, || question(&found));
        return Ok(ExitCode::SUCCESS);
    }
    let found = disagreements::list(&project, a.limit).await;
    project.close().await;
    let found = found?;
    out.answer(&found, || {
        let mut text = format!(
            "{} of {} questions with two votes or more are answered in more than one way\n",
            found.parted, found.with_two_votes
        );
        for one in &found.questions {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", line(one));
        }
        text
    });
    Ok(ExitCode::SUCCESS)
}

fn line(one: &Disagreement) -> String {
    let mut counts: Vec<_> = one.counts.iter().collect();
    counts.sort_by_key(|(verdict, n)| (std::cmp::Reverse(**n), **verdict));
    let counts: Vec<String> = counts.iter().map(|(v, n)| format!("{v} {n}")).collect();
    format!(
        "{}  {:.3} bits  {}  {}  {}",
        one.question,
        one.entropy,
        counts.join(", "),
        one.task,
        one.criterion
    )
}

fn question(found: &QuestionInFull) -> String {
    let mut text = String::new();
    let criterion = found.criterion.as_deref().unwrap_or("(no criterion yet)");
    let _ = writeln!(text, "{criterion}\n{}", found.task);
    let model = |n: usize| found.models[n].as_deref().unwrap_or("no name");
    for (title, side) in [
        ("Prompt".to_owned(), &found.prompt),
        (format!("Response 1 ({})", model(0)), &found.response1),
        (format!("Response 2 ({})", model(1)), &found.response2),
    ] {
        let _ = writeln!(text, "\n{title}\n{}", side.text);
        for medium in &side.media {
            let _ = writeln!(text, "  {} {}", medium.mime, medium.id);
        }
    }
    let _ = writeln!(text, "\nVotes");
    for vote in &found.votes {
        let sure = vote
            .confidence
            .map_or_else(String::new, |c| format!(", sure {} of 3", c.level()));
        let seconds = vote
            .seconds
            .map_or_else(String::new, |s| format!(", {s:.1} s"));
        let repeat = if vote.repeat { ", a repeat" } else { "" };
        let _ = writeln!(
            text,
            "  {}: {}{sure}{seconds}{repeat}  {}",
            vote.name, vote.verdict, vote.rationale
        );
    }
    text
}
