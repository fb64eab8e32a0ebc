//! The owner's work on criteria, the phases, and how the benchmark came about.

use std::fmt::Write as _;
use std::process::ExitCode;

use tiebreak_commands::criteria::{
    self as work, CriteriaPage, CriteriaRequest, EditPreview, EditReceipt, SameReceipt, Suggestions,
};
use tiebreak_commands::{Project, Result, annotators, phases};
use tiebreak_domain::{AnnotatorId, CriterionId, EditKind, PairId, Phase as Step};

use crate::arguments::{Criteria, Phase, PhaseArg};
use crate::print::Printer;
use crate::project::open;

/// How many suggestions of each kind are printed.
const SUGGESTIONS: usize = 100;

pub async fn criteria(a: Criteria, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let done = act(&project, &a, out).await;
    project.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn act(project: &Project, a: &Criteria, out: &Printer) -> Result<()> {
    let by = named(project, a.by.as_deref()).await?;
    let pair: Option<PairId> = a.pair.as_deref().map(str::parse).transpose()?;
    if let Some(criterion) = &a.edit {
        return edit(project, criterion.parse()?, a, by, out).await;
    }
    if !a.same.is_empty() {
        let done = work::same(project, &a.same, pair, by).await?;
        out.answer(&done, || same(&done, "are asked no longer"));
    } else if !a.apart.is_empty() {
        let done = work::apart(project, &a.apart, pair, by).await?;
        out.answer(&done, || same(&done, "are asked again"));
    } else if !a.group.is_empty() || !a.ungroup.is_empty() {
        let (name, ids) = match a.group.split_first() {
            Some((name, ids)) => (Some(name.as_str()), ids),
            None => (None, a.ungroup.as_slice()),
        };
        let ids = ids
            .iter()
            .map(|id| id.parse())
            .collect::<std::result::Result<Vec<_>, _>>()?;
        let done = work::group(project, &ids, name, by).await?;
        out.answer(&done, || match &done.group {
            Some(group) => format!("{} criteria are in “{group}” now", done.moved),
            None => format!("{} criteria are in no group now", done.moved),
        });
    } else if a.suggest {
        let found = work::suggest(project, SUGGESTIONS).await?;
        out.answer(&found, || suggested(&found));
    } else {
        let request = CriteriaRequest {
            search: a.search.clone(),
            group: a.of_group.clone(),
            pair,
            offset: a.offset,
            limit: a.limit,
        };
        let page = work::list(project, &request).await?;
        out.answer(&page, || listed(&page, a.offset));
    }
    Ok(())
}

/// Whom a name means; nobody where there is none.
async fn named(project: &Project, name: Option<&str>) -> Result<Option<AnnotatorId>> {
    match name {
        Some(name) => Ok(Some(annotators::find(project, name).await?.id)),
        None => Ok(None),
    }
}

async fn edit(
    project: &Project,
    criterion: CriterionId,
    a: &Criteria,
    by: Option<AnnotatorId>,
    out: &Printer,
) -> Result<()> {
    let Some(text) = &a.text else {
        let preview = work::preview_edit(project, criterion).await?;
        out.answer(&preview, || previewed(&preview));
        return Ok(());
    };
    let kind = if a.meaning {
        EditKind::Meaning
    } else {
        EditKind::Typo
    };
    let done = work::edit(project, criterion, text, kind, by).await?;
    out.answer(&done, || edited(&done));
    Ok(())
}

fn edited(done: &EditReceipt) -> String {
    match done.kind {
        EditKind::Typo => format!("mended: {} votes stay", done.votes_stay),
        EditKind::Meaning => format!(
            "changed: {} votes stand no longer, {} people get the questions again, {} resolutions \
             are taken back",
            done.votes_fall, done.people_again, done.resolutions_taken_back
        ),
    }
}

fn previewed(preview: &EditPreview) -> String {
    let mut text = format!(
        "{} questions are asked under it\n  --typo: {} votes stay\n  --meaning: {} votes stand no \
         longer, {} people get the questions again, {} resolutions are taken back\n",
        preview.questions, preview.votes, preview.votes, preview.people, preview.resolutions
    );
    for edit in &preview.edits {
        let by = edit.by.as_deref().unwrap_or("the owner");
        let _ = writeln!(
            text,
            "  version {}, {} by {by}: {} → {}",
            edit.version,
            edit.kind.as_str(),
            edit.was,
            edit.text
        );
    }
    text
}

fn same(done: &SameReceipt, what: &str) -> String {
    let mut text = format!(
        "{} questions {what}, with {} votes",
        done.questions, done.votes
    );
    if done.left > 0 {
        let _ = write!(text, "; {} were left as they are", done.left);
    }
    text
}

fn listed(page: &CriteriaPage, offset: u64) -> String {
    let mut text = String::new();
    for one in &page.criteria {
        let group = one.group.as_deref().unwrap_or(work::UNGROUPED);
        let author = one.author.as_deref().unwrap_or("the data");
        let _ = writeln!(
            text,
            "{}  {}\n    version {}, by {author}, {group}; {} pairs, {} votes{}",
            one.criterion,
            one.text,
            one.version,
            one.pairs,
            one.votes,
            match one.merged {
                0 => String::new(),
                n => format!(", {n} questions in whose place another is asked"),
            }
        );
    }
    if page.criteria.is_empty() {
        let _ = write!(text, "none of {} criteria", page.total);
        return text;
    }
    let shown = page.criteria.len() as u64;
    let _ = write!(
        text,
        "{} to {} of {}",
        offset + 1,
        offset + shown,
        page.total
    );
    text
}

fn suggested(found: &Suggestions) -> String {
    let mut text = String::from("suggestions, made from words alone; nothing was applied\n");
    for one in &found.same {
        let why = if one.why == "same_words" {
            "the same words"
        } else {
            "alike"
        };
        let _ = writeln!(
            text,
            "  {why} ({:.2}) in the pair {}\n    {}  {}\n    {}  {}",
            one.alike, one.pair, one.first, one.first_text, one.second, one.second_text
        );
    }
    for one in &found.groups {
        let _ = writeln!(
            text,
            "  may belong to “{}” ({:.2})\n    {}  {}",
            one.group, one.alike, one.criterion, one.text
        );
    }
    let _ = write!(
        text,
        "{} pairs of questions and {} criteria in all",
        found.same_total, found.groups_total
    );
    text
}

pub async fn phase(a: Phase, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let by = named(&project, a.by.as_deref()).await?;
    let report = match a.phase {
        None => phases::report(&project).await,
        Some(phase) => phases::begin(&project, step(phase), by).await,
    };
    project.close().await;
    let report = report?;
    out.answer(&report, || {
        let now = report
            .phase
            .map_or("none: people write and vote as it comes", Step::as_str);
        format!(
            "phase: {now}\n  write: {} criteria by {} people, written {} times for {} pairs\n  \
             review: {} criteria are asked, {} edited, {} questions merged into others\n  vote: {} \
             votes on {} of {} questions",
            report.criteria_written,
            report.people,
            report.written,
            report.pairs_to_write,
            report.criteria,
            report.edited,
            report.merged,
            report.votes,
            report.voted,
            report.questions
        )
    });
    Ok(ExitCode::SUCCESS)
}

const fn step(phase: PhaseArg) -> Step {
    match phase {
        PhaseArg::Write => Step::Write,
        PhaseArg::Review => Step::Review,
        PhaseArg::Vote => Step::Vote,
    }
}
