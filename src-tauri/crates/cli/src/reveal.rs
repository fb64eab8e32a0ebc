//! `tiebreak reveal` and `told`: when people are shown what a reward model says, and what they are told.

use std::fmt::Write as _;
use std::process::ExitCode;

use tiebreak_commands::reveal::{self as commands, AskedWay, RevealRequest};
use tiebreak_commands::{Result, label};
use tiebreak_domain::{RevealWhen, SilentShare};

use crate::arguments::{Reveal, Told};
use crate::models::prompt;
use crate::print::Printer;
use crate::project::open;
use crate::session::opened;

pub async fn reveal(a: Reveal, out: &Printer) -> Result<ExitCode> {
    let request = RevealRequest {
        when: a.when.as_deref().map(str::parse).transpose()?,
        silent_share: a.arm.map(SilentShare::new).transpose()?,
        model: a.model,
        setting: a.setting.as_deref().map(str::parse).transpose()?,
        shown: a.order.as_deref().map(str::parse).transpose()?,
        template: a.prompt,
    };
    let project = open(&a.dir).await?;
    let found = match request == RevealRequest::default() {
        true => commands::show(&project).await,
        false => commands::set(&project, request).await,
    };
    project.close().await;
    let found = found?;
    out.answer(&found, || {
        let when = match found.when {
            RevealWhen::Never => "predictions are never shown to people",
            RevealWhen::Each => "a prediction is shown after each vote",
            RevealWhen::Session => "predictions are shown when nothing is left in a queue",
        };
        let mut text = format!(
            "{when}; silent arm {}; {} shown so far\n",
            found.silent_share.get(),
            found.shown
        );
        let _ = match &found.model {
            Some(way) => writeln!(text, "whose: {}", named(way)),
            None => writeln!(text, "whose: not chosen"),
        };
        for way in &found.models {
            let _ = writeln!(text, "  there is {}", named(way));
        }
        text
    });
    Ok(ExitCode::SUCCESS)
}

fn named(way: &AskedWay) -> String {
    let hash: String = way.hash.chars().take(12).collect();
    let (setting, order) = (way.setting.as_str(), way.shown.as_str());
    let prompt = prompt(&way.template);
    format!("{} ({setting}, order {order}{prompt}, {hash})", way.name)
}

pub async fn told(a: Told, out: &Printer) -> Result<ExitCode> {
    let (project, who) = opened(&a.dir, &a.annotator, false).await?;
    if let Some(on) = &a.on {
        let assignment = label::assignment(&project, who.id, on).await?;
        let told = commands::told(&project, who.id, assignment).await;
        project.close().await;
        let told = told?;
        out.answer(&told, || said(&told));
        return Ok(ExitCode::SUCCESS);
    }
    let list = commands::told_at_end(&project, who.id, a.after).await;
    project.close().await;
    let list = list?;
    out.answer(&list, || {
        let mut text = format!("{} of {}\n", list.entries.len(), list.total);
        for entry in &list.entries {
            let _ = writeln!(text, "\n{}\n  {}", entry.criterion, entry.prompt);
            let _ = writeln!(text, "  {}  {}", said(&entry.told), entry.told.assignment);
        }
        text
    });
    Ok(ExitCode::SUCCESS)
}

fn said(told: &tiebreak_domain::Told) -> String {
    let mut text = format!(
        "you said {}, the model says {}",
        told.said.as_str(),
        told.verdict.as_str()
    );
    if let Some([left, right]) = told.scores {
        let _ = write!(text, " (scores: left {left}, right {right})");
    }
    if told.again {
        text.push_str("; yours is a second thought");
    }
    if !told.text.is_empty() {
        let first = if told.saw_left_first { "left" } else { "right" };
        let _ = write!(
            text,
            "\n  it saw the {first} one first, and wrote:\n  {}",
            told.text
        );
    }
    text
}
