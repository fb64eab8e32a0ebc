//! `tiebreak guideline`: what people label by, version by version.

use std::fmt::Write as _;
use std::process::ExitCode;

use tiebreak_commands::{CommandError, Result, guideline as guidelines};

use crate::arguments::Guideline;
use crate::print::Printer;
use crate::project::open;

pub async fn guideline(a: Guideline, out: &Printer) -> Result<ExitCode> {
    let text = match &a.set {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|error| {
            CommandError::new("io", format!("the guideline cannot be read: {error}"))
                .in_file(&path.display().to_string())
        })?),
        None => None,
    };
    let project = open(&a.dir).await?;
    let written = match &text {
        Some(text) => Some(guidelines::set(&project, text).await?),
        None => None,
    };
    let found = guidelines::all(&project, a.version).await?;
    project.close().await;
    out.answer(&found, || match (&written, &found.guideline) {
        (Some((made, true)), _) => format!(
            "version {} is in force: annotators are told once, votes from now on name it",
            made.version
        ),
        (Some((made, false)), _) => {
            format!(
                "version {} has these very words: nothing is new",
                made.version
            )
        }
        (None, None) => {
            "no guideline yet: write one with `tiebreak guideline DIR --set FILE.md`".to_owned()
        }
        (None, Some(shown)) => {
            let last = found.versions.last().map_or(0, |v| v.version);
            let mut text = format!("version {} of {last}\n\n", shown.version);
            text.push_str(&shown.text);
            if !found.flagged.is_empty() {
                text.push_str("\n\nFlagged while adjudicating, latest first:\n");
            }
            for flag in &found.flagged {
                let which = flag.source_id.clone();
                let which = which.unwrap_or_else(|| flag.question.to_string());
                let _ = writeln!(text, "  {which}: {} ({})", flag.words, flag.by);
            }
            text
        }
    });
    Ok(ExitCode::SUCCESS)
}
