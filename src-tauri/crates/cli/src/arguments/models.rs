//! What reward models said elsewhere, and what it is worth.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Args)]
pub struct Predictions {
    #[command(subcommand)]
    pub act: PredictionsAct,
}

#[derive(Subcommand)]
pub enum PredictionsAct {
    /// Take in the result file of a model that ran elsewhere
    Import(PredictionsImport),
}

/// How a row's question is found.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MatchArg {
    /// By the row's own id
    Id,
    /// By prompt, criterion and responses
    Content,
    /// Row n answers row n of the file that was evaluated
    Order,
}

#[derive(Args)]
pub struct PredictionsImport {
    /// The project's folder
    pub dir: PathBuf,
    /// The result file: JSON, JSON Lines, CSV, TSV or Parquet
    pub file: PathBuf,
    /// What the model is called
    #[arg(long, value_name = "M")]
    pub model: String,
    /// How a row's question is found
    #[arg(long = "match", value_name = "HOW")]
    pub matching: MatchArg,
    /// The file that was evaluated, for --match order
    #[arg(long, value_name = "FILE", required_if_eq("matching", "order"))]
    pub evaluation: Option<PathBuf>,
    /// with_tie or without_tie (from the file's name, unless given)
    #[arg(long)]
    pub setting: Option<String>,
    /// 12 or 21: which response the model saw first (from the file's name, unless given)
    #[arg(long)]
    pub order: Option<String>,
    /// The task of the rows, where ids are not a question's alone
    #[arg(long)]
    pub task: Option<String>,
    /// The field of the row's id
    #[arg(long, value_name = "FIELD")]
    pub id: Option<String>,
    /// The field of the verdict
    #[arg(long, value_name = "FIELD", conflicts_with = "scores")]
    pub verdict: Option<String>,
    /// The fields of the scores of response 1 and 2
    #[arg(long, value_name = "FIELD1,FIELD2", value_delimiter = ',')]
    pub scores: Option<Vec<String>>,
    /// The field of what the model wrote
    #[arg(long, value_name = "FIELD")]
    pub text: Option<String>,
    /// What a value of the verdict's field means, as in 0=tie, or none; may be given several times
    #[arg(long, value_name = "VALUE=VERDICT")]
    pub value: Vec<String>,
}

/// The shape of a table in a paper.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableArg {
    Markdown,
    Latex,
}

#[derive(Args)]
pub struct Compare {
    /// The project's folder
    pub dir: PathBuf,
    /// unanimous or majority, for questions without a resolution
    #[arg(long, default_value = "majority")]
    pub rule: String,
    /// B, how often prompts are drawn anew for an interval
    #[arg(long, value_name = "B", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub replicates: u32,
    /// What the draws and the folds follow from
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// In how many folds of prompts the threshold of ties is fitted
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub folds: u32,
    /// ε of the alt-test: 0.2 against experts, 0.15 against skilled annotators, 0.1 against a crowd
    #[arg(long, value_name = "E", default_value_t = 0.2)]
    pub alt_epsilon: f64,
    /// How many questions to list on which a model goes against people, each model its own
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub contradictions: u32,
    /// Add the 37 models of the paper, for reference
    #[arg(long)]
    pub with_paper: bool,
    /// Show what the paper's code would print: the threshold fitted on the labels it is scored on
    #[arg(long)]
    pub upstream: bool,
    /// Print the two tables of the paper in this shape
    #[arg(long, value_name = "SHAPE", conflicts_with = "json")]
    pub table: Option<TableArg>,
}
