//! What commands take and answer: the shapes that the window's page and `--json` share.
//!
//! TypeScript types are made from these (`cargo xtask bindings`) and committed; a test fails when
//! they drift.

use serde::{Deserialize, Serialize};
use tiebreak_domain::{
    AnnotatorId, AssignmentId, Attention, Binding, Confidence, PairId, QuestionId, ScreenVerdict,
    SkipReason, Task, VoteId,
};
use ts_rs::TS;

/// A project that was opened before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecentProject {
    /// Its folder.
    pub path: String,
    /// Its name.
    pub name: String,
    /// When it was last opened, in milliseconds since 1970.
    #[ts(type = "number")]
    pub opened_ms: i64,
    /// Whether the folder is still there.
    pub exists: bool,
}

/// A person who labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnnotatorInfo {
    /// The annotator's id: equal names stay apart.
    pub id: AnnotatorId,
    /// The name he picked.
    pub name: String,
    /// How many questions he has answered.
    #[ts(type = "number")]
    pub votes: u64,
    /// Whether the name came with imported votes.
    pub imported: bool,
}

/// A name to pick at the start: nothing of what the person did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnnotatorName {
    /// The annotator's id.
    pub id: AnnotatorId,
    /// The name.
    pub name: String,
}

/// How much of a task a project holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TaskInfo {
    /// The task.
    pub task: Task,
    /// Pairs of it.
    #[ts(type = "number")]
    pub pairs: u64,
    /// Questions of it.
    #[ts(type = "number")]
    pub questions: u64,
}

/// What a project is. For its owner, not for annotators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProjectInfo {
    /// The folder.
    pub path: String,
    /// The name.
    pub name: String,
    /// Whether every annotator is asked to write criteria for each pair.
    pub ask_criteria: bool,
    /// How many of a hundred questions come back to the same annotator, sides swapped.
    pub repeat_percent: u8,
    /// Whether people may say that both responses are bad.
    pub both_bad: bool,
    /// What the project follows; null: no protocol in particular.
    pub protocol: Option<String>,
    /// The phase that the project is in; null: it has none.
    pub phase: Option<tiebreak_domain::Phase>,
    /// How many of how many people see each pair; null: everybody sees all.
    pub overlap: Option<[u32; 2]>,
    /// In which order pairs are dealt.
    pub order: tiebreak_domain::Order,
    /// What it holds, by task.
    pub tasks: Vec<TaskInfo>,
    /// Pairs in all.
    #[ts(type = "number")]
    pub pairs: u64,
    /// Questions in all: pairs under a criterion.
    #[ts(type = "number")]
    pub questions: u64,
    /// Pairs that wait for a criterion.
    #[ts(type = "number")]
    pub without_criterion: u64,
    /// Votes that stand, those of practice rounds left out.
    #[ts(type = "number")]
    pub votes: u64,
    /// Votes of practice rounds that stand: they count in no figure and no export.
    #[ts(type = "number")]
    pub practice_votes: u64,
    /// Votes ever cast, changed and withdrawn ones with them.
    #[ts(type = "number")]
    pub votes_ever: u64,
    /// Questions with a resolution.
    #[ts(type = "number")]
    pub resolutions: u64,
    /// Media files.
    #[ts(type = "number")]
    pub media: u64,
    /// Who labels.
    pub annotators: Vec<AnnotatorInfo>,
    /// The folders whose media are used in place.
    pub media_roots: Vec<String>,
}

/// What one annotator changed about the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Preferences {
    /// Take the verdict key as commit.
    pub commit_on_verdict: bool,
    /// Hide how far and how fast.
    pub hide_progress: bool,
    /// `dark`, `light` or `system`.
    pub theme: String,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            commit_on_verdict: false,
            hide_progress: false,
            theme: "dark".to_owned(),
        }
    }
}

/// How far an annotator is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Progress {
    /// Questions answered.
    #[ts(type = "number")]
    pub done: u64,
    /// Questions skipped.
    #[ts(type = "number")]
    pub skipped: u64,
    /// Questions in all.
    #[ts(type = "number")]
    pub total: u64,
    /// Answers an hour over the last hour of work, once there are five; pauses over five minutes
    /// don't count.
    pub per_hour: Option<f64>,
    /// Questions of the practice round answered or skipped: none of the others.
    #[ts(type = "number")]
    pub practice_done: u64,
    /// Questions of the practice round.
    #[ts(type = "number")]
    pub practice: u64,
    /// The question of the practice round that stands before him.
    pub practice_open: Option<AssignmentId>,
    /// The version of the guideline that is in force; null where there is none.
    pub guideline: Option<u32>,
    /// The last version that the annotator was told of.
    pub guideline_told: Option<u32>,
}

/// Something the annotator did, as he may see it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryEntry {
    /// The assignment.
    pub assignment: AssignmentId,
    /// The question.
    pub question: QuestionId,
    /// The pair.
    pub pair: PairId,
    /// The criterion.
    pub criterion: Option<String>,
    /// What he said, in terms of the screen; `None` when skipped.
    pub verdict: Option<ScreenVerdict>,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why.
    pub rationale: String,
    /// Why it was skipped.
    pub skipped: Option<SkipReason>,
    /// When, in milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// A vote as a screen casts it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct VoteRequest {
    /// The assignment on the screen.
    pub assignment: AssignmentId,
    /// What was said of the sides.
    pub verdict: ScreenVerdict,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why.
    #[serde(default)]
    pub rationale: String,
    /// What the page measured.
    #[serde(default)]
    pub attention: Attention,
}

/// A vote that is on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VoteReceipt {
    /// The vote.
    pub vote: VoteId,
    /// The vote it replaced.
    pub supersedes: Option<VoteId>,
    /// The assignment.
    pub assignment: AssignmentId,
    /// The question.
    pub question: QuestionId,
    /// When, in milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// What the answer is, where the vote was one of the practice round; null for any other.
    pub practice: Option<PracticeReport>,
}

/// What somebody is told after a vote in the practice round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PracticeReport {
    /// Whether the vote says what the known answer says.
    pub right: bool,
    /// The known answer, in terms of the screen.
    pub answer: ScreenVerdict,
    /// Why that is the answer, in Markdown; may be empty.
    pub explanation: String,
}

/// A vote or a skip that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UndoReceipt {
    /// The row that withdraws it; `None` when a skip was taken back.
    pub vote: Option<VoteId>,
    /// The vote that no longer stands.
    pub withdrawn: Option<VoteId>,
    /// The assignment, which is open again and comes next.
    pub assignment: AssignmentId,
    /// What had been said, so that the screen can show it.
    pub verdict: Option<ScreenVerdict>,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why.
    pub rationale: String,
}

/// Criteria that an annotator wrote for a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CriteriaReceipt {
    /// The pair.
    pub pair: PairId,
    /// The questions they became, in order; one that existed already is named all the same.
    pub questions: Vec<QuestionId>,
    /// How many of them are new.
    #[ts(type = "number")]
    pub added: u64,
}

/// Something worth telling about a row of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowProblem {
    /// The row, from 1; 0 where it concerns the whole file.
    #[ts(type = "number")]
    pub row: u64,
    /// The field.
    pub field: Option<String>,
    /// A word for the kind of problem.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// A medium as a row names it, and whether it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewMedia {
    /// `prompt`, `response1` or `response2`.
    pub place: String,
    /// The path in the row.
    pub path: String,
    /// What it is, when found.
    pub kind: Option<tiebreak_domain::Modality>,
    /// What is wrong with it, when refused.
    pub problem: Option<String>,
}

/// A row as it will be understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewRow {
    /// The row, from 1.
    #[ts(type = "number")]
    pub row: u64,
    /// The task.
    pub task: Task,
    /// The prompt's words.
    pub prompt: String,
    /// Response 1's words.
    pub response1: String,
    /// Response 2's words.
    pub response2: String,
    /// Who answered.
    pub models: [Option<String>; 2],
    /// The criterion.
    pub criterion: Option<String>,
    /// The label that came with the data.
    pub resolution: Option<String>,
    /// Votes in the row, as "annotator: verdict".
    pub votes: Vec<String>,
    /// Media.
    pub media: Vec<PreviewMedia>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportReport {
    /// The file.
    pub file: String,
    /// The format it was read as.
    pub format: String,
    /// Why that format.
    pub why: String,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Rows read.
    #[ts(type = "number")]
    pub rows: u64,
    /// Rows taken.
    #[ts(type = "number")]
    pub taken: u64,
    /// Rows refused.
    #[ts(type = "number")]
    pub refused: u64,
    /// New pairs.
    #[ts(type = "number")]
    pub pairs: u64,
    /// New questions.
    #[ts(type = "number")]
    pub questions: u64,
    /// Rows whose question the project held already.
    #[ts(type = "number")]
    pub known: u64,
    /// New votes.
    #[ts(type = "number")]
    pub votes: u64,
    /// New resolutions.
    #[ts(type = "number")]
    pub resolutions: u64,
    /// Media files found.
    #[ts(type = "number")]
    pub media: u64,
    /// Of those, copied into the project.
    #[ts(type = "number")]
    pub media_copied: u64,
    /// What ended the file before its end: how many rows are missing is not known.
    pub broken: Option<RowProblem>,
    /// Refused rows and why, the first thousand.
    pub problems: Vec<RowProblem>,
    /// Rows taken with a remark, the first thousand.
    pub remarks: Vec<RowProblem>,
    /// Remarks in all.
    #[ts(type = "number")]
    pub remarks_total: u64,
}

/// A field of an unknown table with what its first rows hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ColumnInfo {
    /// The field.
    pub name: String,
    /// Up to three values.
    pub examples: Vec<String>,
    /// All values, where the first rows hold at most twelve different short ones.
    pub values: Vec<String>,
}

/// What the start screen shows before anything is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportPreview {
    /// What an import would do.
    pub report: ImportReport,
    /// The first rows as they will be understood.
    pub rows: Vec<PreviewRow>,
    /// The fields of the table.
    pub columns: Vec<ColumnInfo>,
    /// The mapping in use, as TOML, where the format is `mapped`.
    pub mapping: Option<String>,
    /// Where media are looked for.
    pub media_root: Option<String>,
}

/// How an import goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportProgress {
    /// Rows read.
    #[ts(type = "number")]
    pub rows: u64,
    /// Bytes read.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Bytes in all.
    #[ts(type = "number")]
    pub bytes_total: u64,
}

/// What to import, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ImportRequest {
    /// The file.
    pub file: String,
    /// The format, or `None` to find out.
    pub format: Option<String>,
    /// A mapping, as TOML.
    pub mapping: Option<String>,
    /// The task, where neither the file's name nor its rows say it.
    pub task: Option<String>,
    /// Where media lie; when `None` the file's folder, else the benchmark's `media_data`: beside the
    /// file, or above the folder of its task.
    pub media_root: Option<String>,
    /// Copy media into the project instead of using them in place.
    pub copy_media: bool,
}

/// Something worth telling about a merge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeRemark {
    /// A word for the kind: `same_name`, `setting_differs`, `origin_differs`, ….
    pub code: String,
    /// What was met, and what became of it.
    pub message: String,
}

/// What a merge brought, or would bring.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeReport {
    /// The name of the other project's folder.
    pub other: String,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// New pairs.
    #[ts(type = "number")]
    pub pairs: u64,
    /// New questions.
    #[ts(type = "number")]
    pub questions: u64,
    /// New criteria.
    #[ts(type = "number")]
    pub criteria: u64,
    /// New rows of votes, changes and withdrawals with them.
    #[ts(type = "number")]
    pub votes: u64,
    /// New rows of skips, those that take one back with them.
    #[ts(type = "number")]
    pub skips: u64,
    /// New resolutions.
    #[ts(type = "number")]
    pub resolutions: u64,
    /// What adjudicators did besides: decisions before the votes, questions sent back, flags.
    #[ts(type = "number")]
    pub adjudications: u64,
    /// What reward models said of questions.
    #[ts(type = "number")]
    pub predictions: u64,
    /// New versions of the guideline.
    #[ts(type = "number")]
    pub guidelines: u64,
    /// New rows of known answers: checks and practice questions.
    #[ts(type = "number")]
    pub known_answers: u64,
    /// New media.
    #[ts(type = "number")]
    pub media: u64,
    /// Media copied into the project.
    #[ts(type = "number")]
    pub media_copied: u64,
    /// Annotators who are new.
    #[ts(type = "number")]
    pub annotators_new: u64,
    /// Annotators whom both projects have.
    #[ts(type = "number")]
    pub annotators_known: u64,
    /// What was met on the way.
    pub remarks: Vec<MergeRemark>,
}

/// What to write, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportRequest {
    /// `omni-rewardbench`, `votes` or `csv`.
    pub format: String,
    /// The file, or the folder where several files are written.
    pub out: String,
    /// `unanimous`, `majority` or `none` (they are left out), for questions without a resolution.
    pub rule: Option<String>,
    /// Leave labels that came with the data out of account.
    #[serde(default)]
    pub ignore_imported: bool,
}

/// What was left out of an export for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeftOut {
    /// A word for the reason: `no_votes`, `no_consensus`, `both_bad`, `no_criterion`, `no_resolution`,
    /// `dropped_criterion_unclear`, `dropped_no_consensus`, `dropped_broken_item`,
    /// `same_as_another`, `practice` (votes of practice rounds).
    pub reason: String,
    /// How many questions; of votes and tables of votes, how many votes.
    #[ts(type = "number")]
    pub count: u64,
    /// Their source ids, or their own where they have none; the first thousand.
    pub questions: Vec<String>,
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportReport {
    /// The format.
    pub format: String,
    /// Files written.
    pub files: Vec<String>,
    /// Rows written.
    #[ts(type = "number")]
    pub rows: u64,
    /// Of those, by where the verdict came from: `imported`, `unanimous`, `majority`, ….
    pub by_source: std::collections::BTreeMap<String, u32>,
    /// The rule that was used where there was no resolution.
    pub rule: Option<String>,
    /// What was left out, and why.
    pub left_out: Vec<LeftOut>,
}

/// Something that `check` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// A word for the kind: `database`, `media_missing`, `media_changed`, `orphan_file`, ….
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// What `check` looked at and found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckReport {
    /// Whether nothing was found.
    pub ok: bool,
    /// Media files whose bytes were compared with their ids.
    #[ts(type = "number")]
    pub media_checked: u64,
    /// Votes whose chain was followed.
    #[ts(type = "number")]
    pub votes_checked: u64,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// What the label screen needs besides the question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LabelSetup {
    /// The project's name.
    pub project: String,
    /// Who labels.
    pub annotator: AnnotatorName,
    /// His keys.
    pub keys: Vec<Binding>,
    /// His preferences.
    pub preferences: Preferences,
    /// Whether people write criteria here: the project asks for them, or pairs came without.
    pub ask_criteria: bool,
    /// Whether “both bad” is an answer here.
    pub both_bad: bool,
    /// The phase that the project is in; null: it has none.
    pub phase: Option<tiebreak_domain::Phase>,
    /// When he is shown what a model says.
    pub reveal: tiebreak_domain::RevealWhen,
}

/// How many votes changed hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MoveReport {
    /// Votes that now stand under the other name.
    #[ts(type = "number")]
    pub moved: u64,
    /// Votes left where they were since the other had answered the question himself.
    #[ts(type = "number")]
    pub kept: u64,
}
