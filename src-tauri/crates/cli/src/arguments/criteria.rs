//! What is done to criteria, and the phases that lead from them to a benchmark.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Args)]
#[command(group(clap::ArgGroup::new("act").args(["edit", "same", "apart", "group", "ungroup", "suggest"])))]
pub struct Criteria {
    /// The project's folder
    pub dir: PathBuf,
    /// Edit the sentence of this criterion: give the new one with --text, and --typo or --meaning;
    /// without them, tell what an edit would do, and what was done before
    #[arg(long, value_name = "CRITERION")]
    pub edit: Option<String>,
    /// The new sentence
    #[arg(
        long,
        value_name = "T",
        requires = "edit",
        requires = "kind",
        allow_hyphen_values = true
    )]
    pub text: Option<String>,
    /// The sentence says what it said: its votes stay
    #[arg(long, group = "kind", requires = "text")]
    pub typo: bool,
    /// It says something else: its votes stand no longer, and people get the question again
    #[arg(long, group = "kind", requires = "text")]
    pub meaning: bool,
    /// These say the same: the first one's question is asked in the place of the others', in every
    /// pair (or in --pair). Ids of criteria, or of questions
    #[arg(long, num_args = 2.., value_name = "ID")]
    pub same: Vec<String>,
    /// These are asked apart again
    #[arg(long, num_args = 1.., value_name = "ID")]
    pub apart: Vec<String>,
    /// Put criteria into a group: its name, then their ids
    #[arg(long, num_args = 2.., value_names = ["NAME", "CRITERION"])]
    pub group: Vec<String>,
    /// Put criteria out of their groups
    #[arg(long, num_args = 1.., value_name = "CRITERION")]
    pub ungroup: Vec<String>,
    /// Suggest what may say the same, or belong to a group; nothing is applied
    #[arg(long)]
    pub suggest: bool,
    /// Only in this pair
    #[arg(long, value_name = "PAIR")]
    pub pair: Option<String>,
    /// List only those whose sentence holds these words
    #[arg(long, value_name = "WORDS", default_value = "")]
    pub search: String,
    /// List only those of this group (ungrouped: those in none)
    #[arg(long, value_name = "NAME")]
    pub of_group: Option<String>,
    /// List after so many
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: u64,
    /// How many at most, up to 1000
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: u64,
    /// Under whose name it is written down (nobody's, unless given)
    #[arg(long, value_name = "A")]
    pub by: Option<String>,
}

/// What people do.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PhaseArg {
    /// Write criteria, each without seeing the others'
    Write,
    /// Wait while the owner looks through them
    Review,
    /// Vote; no criterion is added any more
    Vote,
}

#[derive(Args)]
pub struct Phase {
    /// The project's folder
    pub dir: PathBuf,
    /// Begin this phase; an earlier one too: nothing is lost
    pub phase: Option<PhaseArg>,
    /// Under whose name it is written down (nobody's, unless given)
    #[arg(long, value_name = "A", requires = "phase")]
    pub by: Option<String>,
}

/// Why questions are dropped in bulk.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DropArg {
    /// Enough people left them as unclear
    CriterionUnclear,
    /// Their votes reach no consensus
    NoConsensus,
}

/// What a consensus is.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConsensusArg {
    /// More than half of the votes say the same
    Majority,
    /// All votes say the same
    Unanimous,
}

#[derive(Args)]
pub struct Drop {
    /// The project's folder
    pub dir: PathBuf,
    /// Why
    #[arg(long)]
    pub why: DropArg,
    /// What a consensus is, for no-consensus
    #[arg(long, default_value = "majority")]
    pub rule: ConsensusArg,
    /// How many votes a question must have, for no-consensus
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    pub min_votes: u32,
    /// How many people must have left it as unclear, for criterion-unclear
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    pub people: u32,
    /// Tell what would be dropped, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args)]
pub struct Protocol {
    /// The project's folder
    pub dir: PathBuf,
    /// B, how often prompts are drawn anew for an interval
    #[arg(long, value_name = "B", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub replicates: u32,
    /// What the draws follow from: the same seed gives the same intervals
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}
