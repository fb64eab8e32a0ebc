//! Taking a file in: read on one thread, written on another, in one transaction.
//!
//! A cancelled or failed import leaves the project as it was, media files copied in included. What
//! is refused is told row by row; the other rows are taken.

mod media_finder;
mod media_root;
mod preview;
mod reader;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tiebreak_domain::{MediaId, VoteLine};
use tiebreak_exchange::{FormatId, Mapping, Problem, ReadOptions, Reader};
use tiebreak_store::{Intake, LineOutcome, Project, VoteIntake, Where};
use tokio::sync::mpsc;

use crate::dto::{ImportProgress, ImportReport, ImportRequest, RowProblem};
use crate::error::{CommandError, Result};
use media_finder::{MediaFinder, Target};
use media_root::MediaRoot;
use reader::{Batch, Work};

pub use preview::{preview, save_mapping};

/// How many refused rows, and how many remarks, a report holds.
const MOST_TOLD: usize = 1000;

/// A switch that stops an import; the project is then as it was.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Stops the import.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Imports a file. With `dry_run`, tells what would come of it and writes nothing.
pub async fn run(
    project: &Project,
    request: &ImportRequest,
    dry_run: bool,
    cancel: &Cancel,
    mut progress: impl FnMut(ImportProgress),
) -> Result<ImportReport> {
    let file = PathBuf::from(&request.file);
    let reader = open(request)?;
    let name = file_name(&file);
    let mut report = ImportReport {
        file: name.clone(),
        format: reader.format().as_str().to_owned(),
        why: reader.why().to_owned(),
        dry_run,
        ..ImportReport::default()
    };
    report.note(reader.warnings().iter().cloned());
    let target = Target {
        project: (!dry_run).then(|| project.folder().to_path_buf()),
        copy: request.copy_media,
    };
    let work = Work {
        finder: finder(request, target),
        reader,
        cancel: cancel.clone(),
    };
    let (sender, mut batches) = mpsc::channel(4);
    let reading = std::thread::spawn(move || work.run(&sender));

    let taken = if report.format == FormatId::Votes.as_str() {
        let intake = project.vote_intake(&name).await?;
        let mut sink = Votes {
            intake,
            waiting: Vec::new(),
        };
        let end = drain(&mut batches, &mut sink, &mut report, &mut progress).await;
        finish(end, sink, &report, dry_run, cancel).await
    } else {
        let intake = project
            .intake(
                &name,
                &report.format,
                request.mapping.as_deref(),
                place_of(&file),
            )
            .await?;
        let mut sink = Pairs {
            intake,
            root: None,
            other_fields: None,
        };
        let end = drain(&mut batches, &mut sink, &mut report, &mut progress).await;
        finish(end, sink, &report, dry_run, cancel).await
    };
    // The reader ends once nobody takes its batches any more.
    batches.close();
    drop(batches);
    let put = reading.join().unwrap_or_default();
    if taken.is_err() {
        put.undo();
    }
    taken?;
    report.media_copied = put.files.len() as u64;
    Ok(report)
}

/// A hash of where a file lies, links resolved; `None` where there is no such file.
pub(crate) fn place_of(file: &Path) -> Option<[u8; 32]> {
    let path = file.canonicalize().ok()?;
    Some(*MediaId::of(path.as_os_str().as_encoded_bytes()).as_bytes())
}

/// Opens the file as the request says.
pub(crate) fn open(request: &ImportRequest) -> Result<Reader> {
    let named = |error: CommandError| error.in_file(&file_name(Path::new(&request.file)));
    let read = || -> Result<Reader> {
        let options = ReadOptions {
            format: request.format.as_deref().map(str::parse).transpose()?,
            mapping: request
                .mapping
                .as_deref()
                .map(Mapping::from_toml)
                .transpose()?,
            task: request.task.as_deref().map(str::parse).transpose()?,
        };
        Ok(tiebreak_exchange::open(Path::new(&request.file), &options)?)
    };
    read().map_err(named)
}

pub(crate) fn file_name(file: &Path) -> String {
    file.file_name().map_or_else(
        || file.display().to_string(),
        |n| n.to_string_lossy().into_owned(),
    )
}

pub(crate) fn finder(request: &ImportRequest, target: Target) -> MediaFinder {
    let file = Path::new(&request.file);
    MediaFinder::new(MediaRoot::of(file, request.media_root.as_deref()), target)
}

/// Where understood rows go.
trait Take {
    async fn take(&mut self, batch: Batch, report: &mut ImportReport) -> Result<()>;
    /// Does what can only be done once every row has come.
    async fn end(&mut self, report: &mut ImportReport) -> Result<()>;
    async fn commit(self, summary: &str) -> Result<()>;
    async fn roll_back(self) -> Result<()>;
}

struct Pairs {
    intake: Intake,
    root: Option<i64>,
    /// How many rows have other unknown fields than the question they repeat, and the first.
    other_fields: Option<(u64, u64)>,
}

impl Take for Pairs {
    async fn take(&mut self, mut batch: Batch, report: &mut ImportReport) -> Result<()> {
        for link in batch
            .rows
            .iter_mut()
            .flat_map(|row| row.media.iter_mut().flatten())
        {
            if let Where::Under { root, .. } = &mut link.file.at {
                if self.root.is_none() {
                    self.root = Some(self.intake.declare_root(&batch.root).await?);
                }
                *root = self.root.unwrap_or_default();
            }
        }
        report.taken += batch.rows.len() as u64;
        for outcome in self.intake.take(batch.rows).await? {
            report.pairs += u64::from(outcome.new_pair);
            report.questions += u64::from(outcome.new_question);
            report.known += u64::from(!outcome.new_question);
            report.votes += outcome.votes;
            report.resolutions += u64::from(outcome.resolution);
            if outcome.other_fields {
                let (count, _) = self.other_fields.get_or_insert((0, outcome.row));
                *count += 1;
            }
        }
        Ok(())
    }

    async fn end(&mut self, report: &mut ImportReport) -> Result<()> {
        if let Some((count, first)) = self.other_fields {
            let whose = match count {
                1 => "this row repeats a question that is known".to_owned(),
                _ => format!(
                    "this row and {} more repeat questions that are known",
                    count - 1
                ),
            };
            let message = format!(
                "{whose}, but with other fields beside it: an export writes the fields with which \
                 a question came first"
            );
            report.note([Problem::new(first, "other_fields", message)]);
        }
        Ok(())
    }

    async fn commit(self, summary: &str) -> Result<()> {
        Ok(self.intake.commit(summary).await?)
    }

    async fn roll_back(self) -> Result<()> {
        Ok(self.intake.roll_back().await?)
    }
}

struct Votes {
    intake: VoteIntake,
    /// Lines that replace votes which have not come yet.
    waiting: Vec<(u64, VoteLine)>,
}

impl Votes {
    async fn try_line(
        &mut self,
        row: u64,
        line: VoteLine,
        report: &mut ImportReport,
    ) -> Result<()> {
        match self.intake.take(&line).await? {
            LineOutcome::New => {
                report.taken += 1;
                report.votes += 1;
            }
            LineOutcome::Known => {
                report.taken += 1;
                report.known += 1;
            }
            LineOutcome::Waits => self.waiting.push((row, line)),
            LineOutcome::Refused(why) => report.refuse(Problem::new(row, "unknown_vote", why)),
        }
        Ok(())
    }
}

impl Take for Votes {
    async fn take(&mut self, batch: Batch, report: &mut ImportReport) -> Result<()> {
        for (row, line) in batch.votes {
            self.try_line(row, line, report).await?;
        }
        Ok(())
    }

    /// Lines may stand in any order: those that wait are tried until nothing more fits.
    async fn end(&mut self, report: &mut ImportReport) -> Result<()> {
        loop {
            let waiting = std::mem::take(&mut self.waiting);
            let before = waiting.len();
            for (row, line) in waiting {
                self.try_line(row, line, report).await?;
            }
            if self.waiting.len() == before {
                break;
            }
        }
        for (row, line) in std::mem::take(&mut self.waiting) {
            let why = format!(
                "it replaces the vote {}, which is neither in this project nor in the file",
                line.supersedes.map(|v| v.to_string()).unwrap_or_default()
            );
            report.refuse(Problem::new(row, "unknown_vote", why));
        }
        Ok(())
    }

    async fn commit(self, summary: &str) -> Result<()> {
        Ok(self.intake.commit(summary).await?)
    }

    async fn roll_back(self) -> Result<()> {
        Ok(self.intake.roll_back().await?)
    }
}

async fn drain(
    batches: &mut mpsc::Receiver<Batch>,
    sink: &mut impl Take,
    report: &mut ImportReport,
    progress: &mut impl FnMut(ImportProgress),
) -> Result<()> {
    while let Some(mut batch) = batches.recv().await {
        report.rows = batch.rows_read;
        report.media = batch.media;
        for problem in std::mem::take(&mut batch.refused) {
            report.refuse(problem);
        }
        report.note(std::mem::take(&mut batch.remarks));
        let at = ImportProgress {
            rows: batch.rows_read,
            bytes: batch.bytes_read,
            bytes_total: batch.bytes_total,
        };
        sink.take(batch, report).await?;
        progress(at);
    }
    sink.end(report).await
}

async fn finish(
    end: Result<()>,
    sink: impl Take,
    report: &ImportReport,
    dry_run: bool,
    cancel: &Cancel,
) -> Result<()> {
    if end.is_ok() && !cancel.is_cancelled() && !dry_run {
        let summary = format!(
            "{} of {} rows taken, {} pairs, {} questions, {} votes new",
            report.taken, report.rows, report.pairs, report.questions, report.votes
        );
        return sink.commit(&summary).await;
    }
    sink.roll_back().await?;
    end?;
    if cancel.is_cancelled() {
        return Err(CommandError::new(
            "cancelled",
            "the import was cancelled: the project is as it was",
        ));
    }
    Ok(())
}

impl ImportReport {
    fn refuse(&mut self, problem: Problem) {
        self.refused += 1;
        if self.problems.len() < MOST_TOLD {
            self.problems.push(told(problem));
        }
    }

    fn note(&mut self, remarks: impl IntoIterator<Item = Problem>) {
        for remark in remarks {
            self.remarks_total += 1;
            if self.remarks.len() < MOST_TOLD {
                self.remarks.push(told(remark));
            }
        }
    }
}

pub(crate) fn told(problem: Problem) -> RowProblem {
    RowProblem {
        row: problem.row,
        field: problem.field,
        code: problem.code.to_owned(),
        message: problem.message,
    }
}
