//! Reward models that run on this machine.

use std::path::PathBuf;

use clap::Args;

#[derive(Args)]
pub struct Models {
    /// The folder of described models (unless given: TIEBREAK_MODELS_DIR, or models in the program's
    /// folder for data)
    #[arg(long, value_name = "F")]
    pub folder: Option<PathBuf>,
}

#[derive(Args)]
pub struct Predict {
    /// The project's folder
    pub dir: PathBuf,
    /// surface, or the name of a model that the folder describes
    #[arg(long, value_name = "M")]
    pub model: String,
    /// The folder of described models (as `tiebreak models` finds it, unless given)
    #[arg(long, value_name = "F")]
    pub folder: Option<PathBuf>,
    /// Questions, by their own or their rows' ids; all unless given
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    pub questions: Vec<String>,
    /// At most so many questions that it has not answered yet
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
    /// with_tie or without_tie: whether it may say tie
    #[arg(long, default_value = "with_tie")]
    pub setting: String,
    /// 12, 21 or both: which response it sees first
    #[arg(long, default_value = "12")]
    pub order: String,
}

#[derive(Args)]
pub struct Surface {
    /// The project's folder
    pub dir: PathBuf,
    /// B, how often prompts are drawn anew for an interval
    #[arg(long, value_name = "B", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub replicates: u32,
    /// What the draws and the folds follow from
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// In how many folds of prompts it is fitted and scored
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u32).range(3..=20))]
    pub folds: u32,
}
