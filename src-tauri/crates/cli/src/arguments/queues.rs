//! The words of what people label by and in which order.

use std::path::PathBuf;

use clap::Args;

#[derive(Args)]
pub struct Guideline {
    /// The project's folder
    pub dir: PathBuf,
    /// Write a new version from a Markdown file
    #[arg(long, value_name = "FILE.md", conflicts_with = "version")]
    pub set: Option<PathBuf>,
    /// Show this version instead of the one in force
    #[arg(long, value_name = "N")]
    pub version: Option<u32>,
}

#[derive(Args)]
pub struct Queue {
    /// The project's folder
    pub dir: PathBuf,
    /// Deal in this order from now on; what is dealt already stays
    #[arg(long, value_name = "ORDER", value_parser = ["fixed", "random", "by-task", "fewest-first"])]
    pub order: Option<String>,
    /// Give the place of this annotator, who has no standing vote, to the next who begins
    #[arg(long, value_name = "A")]
    pub free: Option<String>,
}

/// Checks, or the practice round.
#[derive(Args)]
pub struct Known {
    /// The project's folder
    pub dir: PathBuf,
    /// Take all of them from a file: JSONL or CSV with question, verdict and explanation
    #[arg(long, value_name = "FILE", conflicts_with_all = ["add", "remove"])]
    pub set: Option<PathBuf>,
    /// Add a question, by its id or the one it has in the data
    #[arg(
        long,
        value_name = "QUESTION",
        requires = "verdict",
        conflicts_with = "remove"
    )]
    pub add: Option<String>,
    /// Its answer, in terms of the data
    #[arg(long, value_name = "V", requires = "add", value_parser = ["response1", "response2", "tie", "both_bad"])]
    pub verdict: Option<String>,
    /// Why that is the answer, in Markdown
    #[arg(
        long,
        value_name = "TEXT",
        requires = "add",
        default_value = "",
        allow_hyphen_values = true
    )]
    pub explain: String,
    /// Make a question one like any other again
    #[arg(long, value_name = "QUESTION")]
    pub remove: Option<String>,
}
