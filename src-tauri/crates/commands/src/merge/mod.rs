//! Joining the projects of several people: `tiebreak merge DIR OTHER…`.
//!
//! Each of the others is taken in whole or not at all, media with it; it is only read. The same one
//! again brings nothing new, and in which order several come does not matter to any export.

mod media;

use std::path::{Path, PathBuf};

use tiebreak_store::{Merge, MergeOutcome, Project};

use crate::dto::{MergeRemark, MergeReport};
use crate::error::{CommandError, Result};
use crate::import::Cancel;
use crate::projects::folder_of;
use media::{Fetched, Wanted};

/// Looks whether every one of `others` can be merged, before the first is.
pub async fn look(project: &Project, others: &[PathBuf]) -> Result<()> {
    for other in others {
        let looked = project.can_merge(&folder_of(other)).await;
        looked.map_err(|error| named(error.into(), other))?;
    }
    Ok(())
}

/// Takes in the project in `other`. With `dry_run`, tells what would come and writes nothing.
/// Cancelled or failed, the project is as it was.
pub async fn run(
    project: &Project,
    other: &Path,
    dry_run: bool,
    cancel: &Cancel,
) -> Result<MergeReport> {
    let merged = take_in(project, other, dry_run, cancel).await;
    merged.map_err(|error| named(error, other))
}

async fn take_in(
    project: &Project,
    other: &Path,
    dry_run: bool,
    cancel: &Cancel,
) -> Result<MergeReport> {
    // The write lock is taken first: what is put into the project is then no import's.
    let mut merge = project.merge(&folder_of(other)).await?;
    let joined = join(&mut merge, project, dry_run, cancel).await;
    let (fetched, outcome) = match joined {
        Ok(joined) if !cancel.is_cancelled() => joined,
        failed => {
            // The files that were put into the project go with `failed`, while it is still locked.
            let error = failed.err().unwrap_or_else(cancelled);
            merge.roll_back().await?;
            return Err(error);
        }
    };
    let report = report(other, dry_run, &fetched, outcome);
    if dry_run {
        drop(fetched);
        merge.roll_back().await?;
    } else {
        // Where this fails, what was put into the project goes with `fetched`.
        merge.commit(&summary(&report)).await?;
        fetched.put.settle();
    }
    Ok(report)
}

async fn join(
    merge: &mut Merge,
    project: &Project,
    dry_run: bool,
    cancel: &Cancel,
) -> Result<(Fetched, MergeOutcome)> {
    let wanted = Wanted {
        media: merge.media().await?,
        roots: merge.roots().await?,
        project: project.folder().to_path_buf(),
        dry_run,
        cancel: cancel.clone(),
    };
    let fetching = tokio::task::spawn_blocking(move || wanted.fetch());
    let fetched = fetching.await.map_err(|error| {
        CommandError::new("internal", format!("looking for media stopped: {error}"))
    })??;
    merge.place(&fetched.placed).await?;
    let outcome = merge.join().await?;
    Ok((fetched, outcome))
}

fn cancelled() -> CommandError {
    CommandError::new(
        "cancelled",
        "the merge was cancelled: the project is as it was",
    )
}

/// Which of several projects it was.
fn named(error: CommandError, other: &Path) -> CommandError {
    match error.file {
        Some(_) => error,
        None => error.in_file(&other.display().to_string()),
    }
}

fn report(other: &Path, dry_run: bool, fetched: &Fetched, outcome: MergeOutcome) -> MergeReport {
    let mut remarks: Vec<MergeRemark> = outcome
        .remarks
        .into_iter()
        .map(|remark| MergeRemark {
            code: remark.code.to_owned(),
            message: remark.message,
        })
        .collect();
    remarks.extend(fetched.remarks());
    MergeReport {
        other: crate::import::file_name(&folder_of(other)),
        dry_run,
        pairs: outcome.pairs,
        questions: outcome.questions,
        criteria: outcome.criteria,
        votes: outcome.votes,
        skips: outcome.skips,
        resolutions: outcome.resolutions,
        adjudications: outcome.adjudications,
        predictions: outcome.predictions,
        guidelines: outcome.guidelines,
        known_answers: outcome.known_answers,
        media: fetched.new,
        media_copied: fetched.copied,
        annotators_new: outcome.annotators_new,
        annotators_known: outcome.annotators_known,
        remarks,
    }
}

/// What the project's log says of it.
fn summary(report: &MergeReport) -> String {
    format!(
        "{}: {} pairs, {} questions, {} criteria, {} votes, {} skips, {} resolutions, {} media, {} \
         annotators new",
        report.other,
        report.pairs,
        report.questions,
        report.criteria,
        report.votes,
        report.skips,
        report.resolutions,
        report.media,
        report.annotators_new
    )
}
