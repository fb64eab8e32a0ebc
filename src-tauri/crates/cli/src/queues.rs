//! `tiebreak queue`, `checks` and `practice`: how questions are dealt, and which answers are known.

use std::fmt::Write as _;
use std::process::ExitCode;

use tiebreak_commands::{Result, annotators, known as answers, queues};
use tiebreak_domain::Role;

use crate::arguments::{Known, Queue};
use crate::print::Printer;
use crate::project::open;

pub async fn queue(a: Queue, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let mut said = String::new();
    if let Some(name) = &a.free {
        let who = annotators::find(&project, name).await?;
        let back = queues::free_place(&project, who.id).await?;
        let _ = writeln!(
            said,
            "the place of {} is free: the next who begins gets it; {back} questions went back",
            who.name
        );
    }
    if let Some(order) = &a.order {
        queues::set_order(&project, order.parse()?).await?;
        let _ = writeln!(said, "from now on: {order}; what is dealt already stays");
    }
    let found = queues::show(&project).await?;
    project.close().await;
    out.answer(&found, || {
        let overlap = found
            .overlap
            .map_or("everybody".to_owned(), |[votes, people]| {
                format!("{votes} of {people} people")
            });
        let _ = writeln!(
            said,
            "order: {}; each pair goes to {overlap}; {} % repeats; {} checks, {} for practice",
            found.order, found.repeat_percent, found.checks, found.practice
        );
        for one in &found.people {
            let number = one
                .number
                .map_or("not begun".to_owned(), |n| format!("number {n}"));
            let free = if one.can_be_freed {
                ", no vote stands: --free gives the place on"
            } else {
                ""
            };
            let _ = writeln!(
                said,
                "  {} ({number}): {} of {} answered{free}",
                one.name, one.done, one.total
            );
        }
        said
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn known(role: Role, a: Known, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    if let Some(file) = &a.set {
        answers::set(&project, role, file).await?;
    }
    if let (Some(question), Some(verdict)) = (&a.add, &a.verdict) {
        answers::add(&project, role, question, verdict.parse()?, &a.explain).await?;
    }
    if let Some(question) = &a.remove {
        answers::remove(&project, role, question).await?;
    }
    let found = answers::list(&project, Some(role)).await?;
    project.close().await;
    out.answer(&found, || {
        let mut text = match role {
            Role::Check => format!("{} checks\n", found.len()),
            Role::Practice => format!("{} questions for practice\n", found.len()),
        };
        for one in &found {
            let which = one.source_id.clone();
            let which = which.unwrap_or_else(|| one.question.to_string());
            let _ = writeln!(text, "  {which}: {}  {}", one.verdict, one.explanation);
        }
        text
    });
    Ok(ExitCode::SUCCESS)
}
