//! How much of the labels the surface explains, for a terminal.

use std::fmt::Write as _;
use std::process::ExitCode;

use tiebreak_commands::Result;
use tiebreak_commands::surface::{self as surfaces, SurfaceFigures, SurfaceReport, SurfaceRequest};

use crate::agreement::figure;
use crate::arguments::Surface;
use crate::print::Printer;
use crate::project::open;

/// Weights that are shown of all labels, and of one criterion's.
const SHOWN: usize = 10;
const SHOWN_OF_ONE: usize = 3;

pub async fn surface(a: Surface, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let request = SurfaceRequest {
        replicates: a.replicates,
        seed: a.seed,
        folds: a.folds,
    };
    let report = surfaces::run(&project, request).await;
    project.close().await;
    let report = report?;
    out.answer(&report, || said(&report));
    Ok(ExitCode::SUCCESS)
}

// Writing to a string cannot fail, so what `writeln` returns is dropped throughout.

fn said(report: &SurfaceReport) -> String {
    let mut text = format!(
        "{}\n\n{} labelled questions on {} prompts: {} votes, {} final verdicts where nobody voted; left \
         out: {} both bad, {} whose media cannot be read; on {} no verdict leads\n",
        report.sentence,
        report.questions,
        report.prompts,
        report.votes,
        report.from_resolutions,
        report.both_bad,
        report.unread,
        report.undecided
    );
    figures(&mut text, &report.all, SHOWN);
    for (n, fold) in report.folds.iter().enumerate() {
        let share = fold
            .with_ties
            .map_or("—".to_owned(), |share| format!("{share:.3}"));
        let _ = writeln!(
            text,
            "  fold {}: {} prompts, {} questions, penalty {}, ties within {:.3}: {share} right",
            n + 1,
            fold.prompts,
            fold.questions,
            fold.penalty,
            fold.epsilon
        );
    }
    for one in &report.by_criterion {
        let _ = writeln!(
            text,
            "\n“{}” alone, {} questions on {} prompts",
            one.criterion, one.questions, one.prompts
        );
        figures(&mut text, &one.figures, SHOWN_OF_ONE);
    }
    if report.other_criteria > 0 {
        let _ = writeln!(
            text,
            "\n{} more criteria are not listed: they have too few prompts, or fewer questions",
            report.other_criteria
        );
    }
    let _ = writeln!(text, "\n{}", report.method);
    text
}

fn figures(text: &mut String, of: &SurfaceFigures, shown: usize) {
    let share = |share: Option<f64>| share.map_or("—".to_owned(), |s| format!("{s:.3}"));
    let _ = writeln!(
        text,
        "  explained      {}  (0: a coin)",
        figure(&of.explained)
    );
    let _ = writeln!(
        text,
        "  with ties      {}  (the commonest verdict: {})",
        figure(&of.with_ties),
        share(of.commonest_with_ties)
    );
    let _ = writeln!(
        text,
        "  without ties   {}  (the commonest verdict: {})",
        figure(&of.without_ties),
        share(of.commonest_without_ties)
    );
    for weight in of.weights.iter().take(shown) {
        let _ = writeln!(
            text,
            "  {}: preferred {:.0} of 100 times (same sign in {} folds)",
            weight.says, weight.preferred_percent, weight.same_sign_in
        );
    }
}
