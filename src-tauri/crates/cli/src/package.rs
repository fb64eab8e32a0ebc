//! Making a work package.

use std::process::ExitCode;

use tiebreak_commands::import::Cancel;
use tiebreak_commands::{Result, package as packages};

use crate::arguments::Package;
use crate::print::Printer;
use crate::project::open;
use crate::session::APP;

pub async fn package(a: Package, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let watching = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.cancel();
        }
    });
    let made = packages::run(&project, &a.annotator, a.out.as_deref(), &cancel, APP).await;
    watching.abort();
    project.close().await;
    let made = made?;
    out.answer(&made, || {
        format!(
            "{}: {} questions of {} pairs and {} media for {}. Send it; when it comes back, \
             `tiebreak merge` takes it in",
            made.file, made.questions, made.pairs, made.media, made.annotator.name
        )
    });
    Ok(ExitCode::SUCCESS)
}
