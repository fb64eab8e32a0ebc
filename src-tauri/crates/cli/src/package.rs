//! Making a work package.

use std::process::ExitCode;

use tiebreak_commands::{Result, package as packages};

use crate::arguments::Package;
use crate::print::Printer;
use crate::project::open;
use crate::session::APP;
use crate::stop::Stop;

pub async fn package(a: Package, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let stop = Stop::on_control_c();
    let made = packages::run(&project, &a.annotator, a.out.as_deref(), &stop.cancel, APP).await;
    drop(stop);
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
