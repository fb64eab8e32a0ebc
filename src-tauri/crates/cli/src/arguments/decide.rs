//! What is said of votes once they are cast: agreement, adjudication, resolutions.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Args)]
pub struct Adjudicate {
    #[command(subcommand)]
    pub act: AdjudicateAct,
}

#[derive(Subcommand)]
pub enum AdjudicateAct {
    /// The worst open question, on sides shuffled for the adjudicator
    Next(Open),
    /// Decide before the votes are shown; then they are
    Decide(Decide),
    /// Settle it, the votes known: keep the decision, or change it with a reason
    Settle(Decide),
    /// Send it back: it waits for another vote
    SendBack(Words),
    /// Flag that the guideline should say something about it
    Flag(Words),
}

#[derive(Args)]
pub struct Open {
    /// The project's folder
    pub dir: PathBuf,
    /// The adjudicator's name or id; `next` adds a new name
    #[arg(long, value_name = "A")]
    pub annotator: String,
    /// Also questions whose label came with the data
    #[arg(long)]
    pub over_imported: bool,
    /// Also questions that the adjudicator voted on
    #[arg(long)]
    pub own_votes: bool,
    /// First those on which the project's reward model and people part most; its predictions are not
    /// shown, and the resolutions say that the queue went by them
    #[arg(long)]
    pub by_prediction: bool,
}

#[derive(Args)]
pub struct Decide {
    #[command(flatten)]
    pub on: Open,
    /// The question that `next` printed
    #[arg(long, value_name = "Q")]
    pub question: String,
    /// left, right, tie or both_bad as `next` shows the sides, or drop:criterion_unclear,
    /// drop:no_consensus, drop:broken_item
    #[arg(long, value_name = "D")]
    pub decision: String,
    /// Why
    #[arg(long, value_name = "T", default_value = "", allow_hyphen_values = true)]
    pub reason: String,
}

#[derive(Args)]
pub struct Words {
    /// The project's folder
    pub dir: PathBuf,
    /// The adjudicator's name or id
    #[arg(long, value_name = "A")]
    pub annotator: String,
    /// The question that `next` printed
    #[arg(long, value_name = "Q")]
    pub question: String,
    /// What is missing
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub reason: String,
}

/// A rule that resolves in bulk.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RuleArg {
    /// All votes say the same
    Unanimous,
    /// More than half of the votes say the same
    Majority,
    /// Dawid and Skene's model gives one verdict the probability p or more
    DawidSkene,
}

#[derive(Args)]
pub struct Resolve {
    /// The project's folder
    pub dir: PathBuf,
    /// By which rule
    #[arg(long)]
    pub rule: RuleArg,
    /// How likely a verdict must be for dawid-skene
    #[arg(long, default_value_t = 0.9)]
    pub p: f64,
    /// How many votes a question must have
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    pub min_votes: u32,
    /// Also questions whose label came with the data
    #[arg(long)]
    pub over_imported: bool,
    /// Tell what each rule would do, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args)]
pub struct Reverse {
    /// The project's folder
    pub dir: PathBuf,
    /// A question, a resolution, or the batch that `resolve` printed
    #[arg(value_name = "QUESTION|RESOLUTION|BATCH")]
    pub id: String,
    /// Why
    #[arg(long, value_name = "T", default_value = "", allow_hyphen_values = true)]
    pub reason: String,
}

/// How *both bad* counts.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BothBadArg {
    /// An answer of its own
    Category,
    /// A tie
    Tie,
}

/// When the model of who errs how is fitted well enough.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EmArg {
    /// Where crowd-kit stops
    CrowdKit,
    /// When the likelihood stands still
    Converged,
}

/// By what questions are parted.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ByArg {
    Task,
    Criterion,
    /// The groups of criteria, made by hand
    Group,
    Annotator,
}

#[derive(Args)]
pub struct Agreement {
    /// The project's folder
    pub dir: PathBuf,
    /// Tell it apart by these too, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub by: Vec<ByArg>,
    /// How both bad counts: never folded into a tie unless asked for
    #[arg(long, value_name = "HOW", default_value = "category")]
    pub both_bad: BothBadArg,
    /// B, how often prompts are drawn anew for an interval
    #[arg(long, value_name = "B", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub replicates: u32,
    /// What the draws follow from: the same seed gives the same intervals
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// When Dawid and Skene's EM stops
    #[arg(long, value_name = "WHEN", default_value = "crowd-kit")]
    pub em: EmArg,
}

#[derive(Args)]
pub struct Disagreements {
    /// The project's folder
    pub dir: PathBuf,
    /// How many questions at most
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub limit: usize,
    /// Show this question instead, with everything that was said of it
    #[arg(long, value_name = "QUESTION", conflicts_with = "limit")]
    pub question: Option<String>,
}
