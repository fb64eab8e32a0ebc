//! `tiebreak`: everything that can be done to a project, without a window.
//!
//! It exists so that a benchmark can be built on a bare server and every session can be scripted;
//! it links no GTK, ALSA or GStreamer. `next` and `vote` follow the screen's rules, blinding
//! included. Exit codes: 0 done, 1 refused, broken off or something found, 2 a
//! wrong command line.

mod adjudicate;
mod agreement;
mod arguments;
mod criteria;
mod disagreements;
mod faces;
mod guideline;
mod merge;
mod models;
mod open;
mod package;
mod predict;
mod print;
mod project;
mod protocol;
mod queues;
mod reveal;
mod session;
mod stop;
mod surface;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Cli, Verb};
use print::Printer;
use tiebreak_domain::Role;

/// An import hands texts from thread to thread: what one allocates another frees.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let printer = Printer::new(cli.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("tiebreak: no threads could be started: {error}");
            return ExitCode::from(1);
        }
    };
    match runtime.block_on(run(cli.verb, &printer)) {
        Ok(code) => code,
        Err(error) => {
            printer.error(&error);
            ExitCode::from(1)
        }
    }
}

async fn run(verb: Verb, out: &Printer) -> tiebreak_commands::Result<ExitCode> {
    match verb {
        Verb::New(a) => project::new(a, out).await,
        Verb::Import(a) => project::import(a, out).await,
        Verb::Info(a) => project::info(a, out).await,
        Verb::Merge(a) => merge::merge(a, out).await,
        Verb::Package(a) => package::package(a, out).await,
        Verb::Export(a) => project::export(a, out).await,
        Verb::Check(a) => project::check(a, out).await,
        Verb::Media(a) => project::media(a, out).await,
        Verb::Annotators(a) => project::annotators(a, out).await,
        Verb::Next(a) => session::next(a, out).await,
        Verb::Vote(a) => session::vote(a, out).await,
        Verb::Undo(a) => session::undo(a, out).await,
        Verb::Skip(a) => session::skip(a, out).await,
        Verb::Criterion(a) => session::criterion(a, out).await,
        Verb::History(a) => session::history(a, out).await,
        Verb::Progress(a) => session::progress(a, out).await,
        Verb::Keys(a) => session::keys(a, out).await,
        Verb::Move(a) => session::move_votes(a, out).await,
        Verb::Adjudicate(a) => adjudicate::adjudicate(a, out).await,
        Verb::Resolve(a) => adjudicate::resolve(a, out).await,
        Verb::Reverse(a) => adjudicate::reverse(a, out).await,
        Verb::Resolutions(a) => adjudicate::resolutions(a, out).await,
        Verb::Agreement(a) => agreement::agreement(a, out).await,
        Verb::Disagreements(a) => disagreements::disagreements(a, out).await,
        Verb::Predictions(a) => models::predictions(a, out).await,
        Verb::Compare(a) => models::compare(a, out).await,
        Verb::Models(a) => predict::models(a, out).await,
        Verb::Predict(a) => predict::predict(a, out).await,
        Verb::Surface(a) => surface::surface(a, out).await,
        Verb::Criteria(a) => criteria::criteria(a, out).await,
        Verb::Phase(a) => criteria::phase(a, out).await,
        Verb::Drop(a) => protocol::drop_questions(a, out).await,
        Verb::Protocol(a) => protocol::protocol(a, out).await,
        Verb::Guideline(a) => guideline::guideline(a, out).await,
        Verb::Queue(a) => queues::queue(a, out).await,
        Verb::Reveal(a) => reveal::reveal(a, out).await,
        Verb::Told(a) => reveal::told(a, out).await,
        Verb::Checks(a) => queues::known(Role::Check, a, out).await,
        Verb::Practice(a) => queues::known(Role::Practice, a, out).await,
        Verb::Open(a) => open::open(&a),
    }
}
