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
