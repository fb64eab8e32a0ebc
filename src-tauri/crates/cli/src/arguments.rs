//! The command line, word by word.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod criteria;
mod decide;
mod models;
mod predict;
mod queues;
mod reveal;

pub use criteria::*;
pub use decide::*;
pub use models::*;
pub use predict::*;
pub use queues::*;
pub use reveal::*;

/// Compare two model responses under a criterion, and say which is better.
#[derive(Parser)]
#[command(
    name = "tiebreak",
    version,
    about,
    after_help = "Exit codes: 0 done, 1 refused, broken off or something found, 2 a wrong command line."
)]
pub struct Cli {
    /// Answer with JSON.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Subcommand)]
pub enum Verb {
    /// Make a project in a new or empty folder
    New(New),
    /// Take files of pairs, or of votes, into a project
    Import(Import),
    /// What a project holds (for its owner)
    Info(Dir),
    /// The annotator's next question, as the screen would show it
    Next(Who),
    /// Cast a vote, or change the one that stands
    Vote(Vote),
    /// Take back the annotator's last vote or skip
    Undo(Who),
    /// Leave a question without a vote, with the reason
    Skip(Skip),
    /// Write a criterion for a pair: it becomes a question for everybody
    Criterion(CriterionArgs),
    /// What the annotator did, latest first
    History(History),
    /// How far the annotator is
    Progress(Who),
    /// The annotator's keys; move an action to another key, or switch it off
    Keys(Keys),
    /// Move the work done under one name to another
    Move(Move),
    /// List the annotators, or add one
    Annotators(Annotators),
    /// Write a medium to a file
    Media(Media),
    /// Take in what others did in projects of their own
    Merge(Merge),
    /// Make a work package: one file in which one person labels elsewhere, and sends back
    Package(Package),
    /// Write labels or votes out
    Export(Export),
    /// How far people agree, what they agree on, and how the models rank
    Agreement(Agreement),
    /// Decide what people disagree on, first without their votes, then with them
    Adjudicate(Adjudicate),
    /// Resolve every question that a rule decides
    Resolve(Resolve),
    /// Take back a resolution, or a batch of them
    Reverse(Reverse),
    /// What is resolved, and by what
    Resolutions(Dir),
    /// On which questions people part, worst first (for the owner)
    Disagreements(Disagreements),
    /// What reward models said elsewhere
    Predictions(Predictions),
    /// What reward models are worth beside people (for the owner)
    Compare(Compare),
    /// Which reward models can be asked: what is built in, and what a folder describes
    Models(Models),
    /// Ask a reward model, and keep what it says; run again, it goes on (for the owner)
    Predict(Predict),
    /// How much of the labels length, format and the like explain (for the owner)
    Surface(Surface),
    /// The criteria: list, edit, say which say the same, gather into groups (for the owner)
    Criteria(Criteria),
    /// In which phase the project is, or begin one (for the owner)
    Phase(Phase),
    /// Drop questions by rule, as the paper's authors did (for the owner)
    Drop(Drop),
    /// How the benchmark came about: what was dropped, and agreement before and after
    Protocol(Protocol),
    /// Look whether the database, the votes and the media are as they must be
    Check(Dir),
    /// The guideline that people label by: its versions, and a new one
    Guideline(Guideline),
    /// How questions are dealt and how far everybody is; another order, or a place taken by mistake
    Queue(Queue),
    /// When people are shown what a reward model says: never, unless this says so (for the owner)
    Reveal(Reveal),
    /// What the model says of what the annotator voted on, where the project shows it
    Told(Told),
    /// Questions with known answers that everybody gets among the others
    Checks(Known),
    /// The practice round: what everybody begins with, the answers explained
    Practice(Known),
    /// Open the project in the window
    Open(Dir),
}

#[derive(Args)]
pub struct Dir {
    /// The project's folder
    pub dir: PathBuf,
}

#[derive(Args)]
pub struct New {
    /// The folder to make
    pub dir: PathBuf,
    /// The project's name (the folder's, unless given)
    #[arg(long)]
    pub name: Option<String>,
    /// Ask every annotator to write criteria for each pair
    #[arg(long)]
    pub ask_criteria: bool,
    /// How many of a hundred questions come back later to the same annotator, sides swapped
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub repeats: u8,
    /// How many people see each pair, with all its questions (everybody, unless given)
    #[arg(long, value_name = "K", requires = "people")]
    pub votes_per_question: Option<u32>,
    /// In which order pairs come: fixed (the data's), random (each person's own, from the seed),
    /// by-task, or fewest-first (those that the fewest people were dealt)
    #[arg(long, value_name = "ORDER", default_value = "fixed", value_parser = ["fixed", "random", "by-task", "fewest-first"])]
    pub order: String,
    /// How many people there are to share the pairs
    #[arg(long, value_name = "N", requires = "votes_per_question")]
    pub people: Option<u32>,
    /// People first write criteria, then the owner looks through them, then people vote
    #[arg(long)]
    pub phases: bool,
    /// Nobody may say that both responses are bad
    #[arg(long)]
    pub no_both_bad: bool,
    /// Follow a protocol; omni-rewardbench: three people, criteria of their own, phases, no both bad
    #[arg(long, value_name = "PROTOCOL")]
    pub protocol: Option<String>,
}

#[derive(Args)]
pub struct Import {
    /// The project's folder
    pub dir: PathBuf,
    /// The files to take in
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// omni-rewardbench, omni-rewardbench-parquet, mapped or votes; found out unless given
    #[arg(long)]
    pub format: Option<String>,
    /// A mapping (TOML) that says which field of a table is what
    #[arg(long, value_name = "M.toml")]
    pub map: Option<PathBuf>,
    /// The folder that the rows' media paths start from (unless given: the file's own, else media_data
    /// beside it or above the folder of its task)
    #[arg(long, value_name = "R")]
    pub media_root: Option<PathBuf>,
    /// The task, where neither the rows nor the name of the file say it, nor that of a Parquet file's
    /// folder
    #[arg(long)]
    pub task: Option<String>,
    /// Copy media into the project instead of using them where they are
    #[arg(long)]
    pub copy_media: bool,
    /// Tell what would come of it, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args)]
pub struct Who {
    /// The project's folder, or a work package
    pub dir: PathBuf,
    /// The annotator's name, id or start of an id; a new name is added. A work package needs none
    #[arg(long, value_name = "A", default_value = "", hide_default_value = true)]
    pub annotator: String,
}

/// What is said of the two sides as `next` gives them.
#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum VerdictArg {
    Left,
    Right,
    Tie,
    BothBad,
}

#[derive(Args)]
pub struct Vote {
    /// The project's folder
    pub dir: PathBuf,
    /// The assignment that `next` printed, or a question
    #[arg(value_name = "ASSIGNMENT|QUESTION")]
    pub id: String,
    /// The annotator's name, id or start of an id; a work package needs none
    #[arg(long, value_name = "A", default_value = "", hide_default_value = true)]
    pub annotator: String,
    /// left and right are the sides that `next` prints
    #[arg(long)]
    pub verdict: VerdictArg,
    /// How sure: 1, 2 or 3
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=3))]
    pub confidence: Option<i64>,
    /// Why
    #[arg(long, value_name = "T", default_value = "", allow_hyphen_values = true)]
    pub reason: String,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum SkipArg {
    Broken,
    Unclear,
    NotCompetent,
    Distressing,
}

#[derive(Args)]
pub struct Skip {
    /// The project's folder
    pub dir: PathBuf,
    /// The assignment that `next` printed, or a question
    #[arg(value_name = "ASSIGNMENT|QUESTION")]
    pub id: String,
    /// The annotator's name, id or start of an id; a work package needs none
    #[arg(long, value_name = "A", default_value = "", hide_default_value = true)]
    pub annotator: String,
    /// Why it is left
    #[arg(long)]
    pub reason: SkipArg,
    /// More words
    #[arg(long, default_value = "", allow_hyphen_values = true)]
    pub note: String,
}

#[derive(Args)]
pub struct CriterionArgs {
    /// The project's folder
    pub dir: PathBuf,
    /// The pair that `next` printed
    pub pair: String,
    /// The annotator's name, id or start of an id; a work package needs none
    #[arg(long, value_name = "A", default_value = "", hide_default_value = true)]
    pub annotator: String,
    /// The criterion; may be given several times
    #[arg(long, value_name = "T", required = true, allow_hyphen_values = true)]
    pub text: Vec<String>,
}

#[derive(Args)]
pub struct History {
    /// The project's folder
    pub dir: PathBuf,
    /// The annotator's name, id or start of an id; a work package needs none
    #[arg(long, value_name = "A", default_value = "", hide_default_value = true)]
    pub annotator: String,
    /// How many acts at most
    #[arg(long, default_value_t = 100)]
    pub limit: u32,
}

#[derive(Args)]
pub struct Keys {
    /// The project's folder
    pub dir: PathBuf,
    /// The annotator's name, id or start of an id; a work package needs none
    #[arg(long, value_name = "A", default_value = "", hide_default_value = true)]
    pub annotator: String,
    /// Move an action: ACTION=KEY, ACTION=Shift+KEY (physical keys such as Digit1, KeyA), or ACTION= to switch it off
    #[arg(long, value_name = "ACTION=KEY")]
    pub set: Vec<String>,
    /// Put every key back first
    #[arg(long)]
    pub reset: bool,
}

#[derive(Args)]
pub struct Move {
    /// The project's folder
    pub dir: PathBuf,
    /// The name or id (or its start) under which the work was done
    #[arg(long)]
    pub from: String,
    /// The name or id (or its start) under which it should stand
    #[arg(long)]
    pub to: String,
}

#[derive(Args)]
pub struct Annotators {
    /// The project's folder
    pub dir: PathBuf,
    /// Add a person of this name, even where the name is there already
    #[arg(long, value_name = "NAME")]
    pub add: Option<String>,
}

#[derive(Args)]
pub struct Media {
    /// The project's folder
    pub dir: PathBuf,
    /// The medium's id, as `next` prints it
    pub id: String,
    /// The file to write
    #[arg(short, long, value_name = "F")]
    pub out: PathBuf,
}

#[derive(Args)]
pub struct Merge {
    /// The project's folder
    pub dir: PathBuf,
    /// The folders of the projects, or the work packages, to take in, each whole or not at all; they
    /// are only read
    #[arg(required = true, value_name = "OTHER")]
    pub others: Vec<PathBuf>,
    /// Tell what would come of each by itself, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args)]
pub struct Package {
    /// The project's folder
    pub dir: PathBuf,
    /// Whom it is for: a name, id or start of an id; a new name is added
    #[arg(long, value_name = "A")]
    pub annotator: String,
    /// The file to make (unless given: PROJECT-ANNOTATOR.tiebreak in this folder)
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
pub struct Export {
    /// The project's folder
    pub dir: PathBuf,
    /// omni-rewardbench, votes or csv
    #[arg(long)]
    pub format: String,
    /// The file to write, or the folder for omni-rewardbench (a file a task)
    #[arg(short, long, value_name = "OUT")]
    pub out: PathBuf,
    /// unanimous, majority or none (left out), for questions without a resolution (majority, unless
    /// given)
    #[arg(long)]
    pub rule: Option<String>,
    /// Leave labels that came with the data out of account
    #[arg(long)]
    pub ignore_imported: bool,
}
