//! Votes as lines, and as a table for spreadsheets.

use std::path::Path;

use tiebreak_exchange::{CsvRow, CsvWriter, FormatId, vote_line};
use tiebreak_store::Project;

use super::Tally;
use super::whole_file::WholeFile;
use crate::dto::ExportReport;
use crate::error::{CommandError, Result};

/// Every vote, change and withdrawal, a line each.
pub(super) async fn votes(project: &Project, out: &Path) -> Result<ExportReport> {
    let mut file = WholeFile::create(out)?;
    let mut tally = Tally::default();
    project
        .each_vote(|line| -> Result<()> {
            vote_line(&mut file, &line)?;
            tally.wrote(if line.verdict.is_some() {
                "vote"
            } else {
                "withdrawal"
            });
            Ok(())
        })
        .await??;
    tally.leave_out_practice(project.practice_votes().await?.1);
    Ok(tally.report(FormatId::Votes, vec![file.finish()?], None))
}

/// The votes that stand, a line each; a second thought besides the vote before it.
pub(super) async fn csv(project: &Project, out: &Path) -> Result<ExportReport> {
    let marked = !project.votes_after_reveal().await?.is_empty();
    let mut writer = CsvWriter::new(WholeFile::create(out)?, marked)?;
    let mut tally = Tally::default();
    project
        .each_label(|line, about| -> Result<()> {
            let presentation = &line.presentation;
            let left = presentation.get("left").cloned();
            let elapsed = presentation
                .get("elapsed_ms")
                .and_then(serde_json::Value::as_u64);
            let [response1, response2] = about.responses;
            let [model1, model2] = about.models;
            writer.row(&CsvRow {
                question: line.question,
                source_id: line.source_id,
                task: about.task.parse()?,
                criterion: line.criterion,
                criterion_version: line.criterion_version,
                annotator: line.annotator,
                annotator_id: line.annotator_id,
                vote: line.vote,
                verdict: line.verdict.ok_or_else(|| {
                    CommandError::new("corrupt", "a vote that stands says nothing: run `check`")
                })?,
                confidence: line.confidence,
                rationale: line.rationale,
                repeat: line.repeat,
                at_ms: line.at_ms,
                left: left.and_then(|l| serde_json::from_value(l).ok()),
                elapsed_ms: elapsed.and_then(|ms| u32::try_from(ms).ok()),
                prompt: about.prompt,
                response1,
                response2,
                model1,
                model2,
                after_reveal: line.after_reveal,
            })?;
            tally.wrote(if line.after_reveal {
                "vote after a prediction was shown"
            } else {
                "vote"
            });
            Ok(())
        })
        .await??;
    tally.leave_out_practice(project.practice_votes().await?.0);
    let file = writer.finish()?.finish()?;
    Ok(tally.report(FormatId::Csv, vec![file], None))
}
