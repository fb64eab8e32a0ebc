//! Taking a file in: read on one thread, written on another, in one transaction.
//!
//! A cancelled or failed import leaves the project as it was, media files copied in included. What
//! is refused is told row by row; the other rows are taken.

mod media_finder;
mod media_root;
mod preview;
mod put;
mod reader;
mod sink;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tiebreak_domain::MediaId;
use tiebreak_exchange::{FormatId, Mapping, Problem, ReadOptions, Reader};
use tiebreak_store::Project;
use tokio::sync::mpsc;

use crate::dto::{ImportProgress, ImportReport, ImportRequest, RowProblem};
use crate::error::{CommandError, Result};
use media_finder::{MediaFinder, Target};
use media_root::MediaRoot;
pub(crate) use put::Put;
use reader::{Batch, Read, Work};
use sink::{Pairs, Take, Votes};

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

    /// The switch itself, for what waits elsewhere.
    pub(crate) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
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
    project.refuse_package()?;
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
    // The write lock is taken first: what is put into the project is then no other import's.
    if report.format == FormatId::Votes.as_str() {
        let sink = Votes::new(project.vote_intake(&name).await?);
        let work = Work {
            finder: finder(request, target, HashMap::new()),
            reader,
            cancel: cancel.clone(),
        };
        carry(work, sink, &mut report, &mut progress).await?;
    } else {
        let mapping = request.mapping.as_deref();
        let intake = project.intake(&name, &report.format, mapping, place_of(&file));
        let sink = Pairs::new(intake.await?, project.settings().await?.both_bad);
        // Only media within rows are given names here.
        let named = match reader.holds_media() {
            true => project.media_names().await?,
            false => HashMap::new(),
        };
        let work = Work {
            finder: finder(request, target, named),
            reader,
            cancel: cancel.clone(),
        };
        carry(work, sink, &mut report, &mut progress).await?;
    }
    Ok(report)
}

/// Carries everything from the file to the store, and ends the transaction: committed, or with
/// the project as it was, files and all.
async fn carry(
    work: Work,
    mut sink: impl Take,
    report: &mut ImportReport,
    progress: &mut impl FnMut(ImportProgress),
) -> Result<()> {
    let cancel = work.cancel.clone();
    let (sender, mut batches) = mpsc::channel(4);
    let reading = std::thread::spawn(move || work.run(&sender));
    let drained = drain(&mut batches, &mut sink, report, progress).await;
    // The reader ends once nobody takes its batches any more.
    batches.close();
    drop(batches);
    let read = reading.join().map_err(|_| {
        CommandError::new(
            "reader",
            "reading the file failed in a way that was not foreseen: the project is as it was; \
             the log tells more",
        )
    });
    let (put, end) = match read {
        Ok(Read {
            put,
            broken,
            failed,
        }) => {
            report.broken = broken.map(told);
            (put, drained.and(failed.map_or(Ok(()), Err)))
        }
        Err(error) => (Put::default(), Err(error)),
    };
    report.media_copied = put.count();
    let cancelled = cancel.is_cancelled();
    if end.is_ok() && !cancelled && !report.dry_run {
        // Where this fails, what was put into the project goes with `put`.
        sink.commit(&report.summary()).await?;
        put.settle();
        return Ok(());
    }
    drop(put);
    sink.roll_back().await?;
    if cancelled {
        let says = "the import was cancelled: the project is as it was";
        return Err(CommandError::new("cancelled", says));
    }
    end
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

pub(crate) fn finder(
    request: &ImportRequest,
    target: Target,
    named: HashMap<String, MediaId>,
) -> MediaFinder {
    let root = MediaRoot::of(Path::new(&request.file), request.media_root.as_deref());
    MediaFinder::new(root, target, named)
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

impl ImportReport {
    /// What the project's log says of it.
    fn summary(&self) -> String {
        format!(
            "{} of {} rows taken, {} pairs, {} questions, {} votes new",
            self.taken, self.rows, self.pairs, self.questions, self.votes
        )
    }

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
