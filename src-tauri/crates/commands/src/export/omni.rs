//! Omni-RewardBench files: one a task, as the upstream writer lays them out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tiebreak_domain::{Rule, Task};
use tiebreak_exchange::{FormatId, OmniWriter, OutRow, OutSide, RawJson};
use tiebreak_store::{OutPlace, OutQuestion, Project};

use super::whole_file::WholeFile;
use super::{Tally, verdict};
use crate::dto::ExportReport;
use crate::error::{CommandError, Result};

pub(super) async fn write(
    project: &Project,
    out: &Path,
    rule: Option<Rule>,
    ignore_imported: bool,
) -> Result<ExportReport> {
    let tasks = project.counts().await?.tasks;
    let single = out
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("json"));
    if single && tasks.len() > 1 {
        let names: Vec<_> = tasks.iter().map(|t| t.task.as_str()).collect();
        return Err(CommandError::new(
            "several_tasks",
            format!(
                "the project has {} tasks ({}), and the benchmark has a file for each: give a folder",
                tasks.len(),
                names.join(", ")
            ),
        )
        .in_file(&out.display().to_string()));
    }
    let mut files = Files {
        out: out.to_path_buf(),
        single,
        open: BTreeMap::new(),
    };
    let mut tally = Tally::default();
    project
        .each_question(ignore_imported, |question| -> Result<()> {
            match verdict(&question, rule) {
                Err(reason) => tally.leave_out(reason, &question),
                Ok((verdict, source)) => {
                    let row = out_row(question, verdict)?;
                    files.of(&row.task)?.row(&row)?;
                    tally.wrote(&source);
                }
            }
            Ok(())
        })
        .await??;
    // A task of which nothing can be said is an empty list, not a file that is missing.
    for task in tasks {
        files.of(&task.task.parse()?)?;
    }
    let written = files.finish()?;
    Ok(tally.report(FormatId::OmniRewardbench, written, rule))
}

struct Files {
    out: PathBuf,
    single: bool,
    open: BTreeMap<Task, OmniWriter<WholeFile>>,
}

impl Files {
    fn of(&mut self, task: &Task) -> Result<&mut OmniWriter<WholeFile>> {
        if !self.open.contains_key(task) {
            let path = if self.single {
                self.out.clone()
            } else {
                self.out.join(format!("{task}_preferences.json"))
            };
            self.open
                .insert(task.clone(), OmniWriter::new(WholeFile::create(&path)?)?);
        }
        self.open
            .get_mut(task)
            .ok_or_else(|| CommandError::new("internal", "an export file went missing"))
    }

    fn finish(self) -> Result<Vec<String>> {
        self.open
            .into_values()
            .map(|writer| writer.finish()?.finish())
            .collect()
    }
}

fn out_row(question: OutQuestion, verdict: tiebreak_domain::Verdict) -> Result<OutRow> {
    let bad = |what: serde_json::Error| {
        CommandError::new(
            "corrupt",
            format!("a row's stored fields cannot be read: {what}"),
        )
    };
    let shape = question
        .shape
        .as_deref()
        .map(serde_json::from_str)
        .transpose()
        .map_err(bad)?;
    let extra: Option<Vec<(String, String)>> = question
        .extra
        .as_deref()
        .map(serde_json::from_str)
        .transpose()
        .map_err(bad)?;
    let side = |place: OutPlace| OutSide {
        text: place.text,
        media: place.media.into_iter().map(|(_, path)| path).collect(),
        model: place.model,
    };
    Ok(OutRow {
        shape: shape.unwrap_or_default(),
        extra: extra
            .unwrap_or_default()
            .into_iter()
            .map(|(key, value)| (key, RawJson::new(value)))
            .collect(),
        task: question.task.parse()?,
        prompt: question.prompt.text,
        prompt_media: question.prompt.media,
        response1: side(question.response1),
        response2: side(question.response2),
        criterion: question.criterion,
        source_id: question.source_id,
        verdict,
    })
}
