//! The words of what people are told of predictions.

use std::path::PathBuf;

use clap::Args;

#[derive(Args)]
pub struct Reveal {
    /// The project's folder
    pub dir: PathBuf,
    /// Show an annotator what a reward model says: never, after each vote, or after the session
    #[arg(value_name = "WHEN", value_parser = ["never", "each", "session"])]
    pub when: Option<String>,
    /// The share of (annotator, prompt) for which nothing is ever shown, 0 to 1: what showing does to
    /// votes is measured against it
    #[arg(long, value_name = "SHARE")]
    pub arm: Option<f64>,
    /// Whose predictions: the reward model's name, id or hash
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// The predictions for which it could say tie, or could not
    #[arg(long, value_name = "S", value_parser = ["with_tie", "without_tie"])]
    pub setting: Option<String>,
    /// The predictions for which it saw the responses in this order
    #[arg(long, value_name = "O", value_parser = ["12", "21"])]
    pub order: Option<String>,
    /// The predictions for which it was asked with this prompt: how its hash begins
    #[arg(long, value_name = "HASH")]
    pub prompt: Option<String>,
}

#[derive(Args)]
pub struct Told {
    /// The project's folder
    pub dir: PathBuf,
    /// The annotator's name or id
    #[arg(long, value_name = "A", default_value = "")]
    pub annotator: String,
    /// The assignment, or the question, that was voted on; without it, all of them, once nothing is left
    #[arg(long, value_name = "ID")]
    pub on: Option<String>,
    /// Begin the list behind so many
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "on")]
    pub after: u32,
}
