//! Answers and errors, for people or as JSON.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use tiebreak_commands::CommandError;
use tiebreak_commands::dto::ImportProgress;
use tiebreak_commands::predict::{PredictProgress, PredictStage};

/// Where answers go.
pub struct Printer {
    json: bool,
}

impl Printer {
    pub const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints an answer: as JSON when that was asked for, else in the given words.
    pub fn answer<T: Serialize>(&self, value: &T, words: impl FnOnce() -> String) {
        let text = if self.json {
            serde_json::to_string(value).unwrap_or_default()
        } else {
            visible(words().trim_end())
        };
        // A reader that has gone away (`| head`) is no error; a disk that is full is.
        if let Err(error) = writeln!(std::io::stdout().lock(), "{text}")
            && error.kind() != std::io::ErrorKind::BrokenPipe
        {
            eprintln!("tiebreak: the answer could not be written: {error}");
            std::process::exit(1);
        }
    }

    /// Prints an error to standard error, as JSON when that was asked for.
    pub fn error(&self, error: &CommandError) {
        if self.json {
            let text = serde_json::to_string(&serde_json::json!({ "error": error }));
            eprintln!("{}", text.unwrap_or_default());
        } else {
            eprintln!("tiebreak: {error}");
        }
    }

    /// A bar on a terminal, silence in a pipe.
    pub fn bar(&self) -> Bar {
        let shown = !self.json && std::io::stderr().is_terminal();
        let bar = if shown {
            ProgressBar::new(1)
        } else {
            ProgressBar::hidden()
        };
        let style = "{bar:40} {bytes} of {total_bytes}  {msg}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Bar(bar)
    }
}

/// Without what a terminal obeys: names and sentences come from files that anybody may have made.
fn visible(text: &str) -> String {
    let plain = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(plain).collect()
}

/// How an import goes on.
pub struct Bar(ProgressBar);

impl Bar {
    pub fn show(&self, progress: &ImportProgress) {
        self.0.set_length(progress.bytes_total);
        self.0.set_position(progress.bytes);
        self.0.set_message(format!("{} rows", progress.rows));
    }
}

impl Bar {
    /// The same for a run over so many answers.
    pub fn show_answers(&self, progress: &PredictProgress) {
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} of {len}  {msg}") {
            self.0.set_style(style);
        }
        self.0.set_length(progress.total);
        self.0.set_position(progress.done);
        let left = progress
            .left_ms
            .map(|ms| format!(", about {} left", lasting(ms)));
        let left = left.unwrap_or_default();
        self.0.set_message(match progress.stage {
            PredictStage::Fitting => "reading".to_owned(),
            PredictStage::Asking => format!("{} failed{left}", progress.failed),
        });
    }
}

/// A length of time, in the largest unit of which there are two.
fn lasting(ms: u64) -> String {
    match ms / 1000 {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
