//! Writing labels out: whole files or none, and everything that is left out counted by reason.

mod guard;
mod omni;
mod tables;
mod whole_file;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use tiebreak_domain::{DropReason, Outcome, Rule, Verdict, decide};
use tiebreak_exchange::FormatId;
use tiebreak_store::{OutQuestion, Project};

use crate::dto::{ExportReport, ExportRequest, LeftOut};
use crate::error::{CommandError, Result, io};
use whole_file::WholeFile;

const MOST_LISTED: usize = 1000;

/// Exports the project's labels or votes as the request says.
pub async fn run(project: &Project, request: &ExportRequest) -> Result<ExportReport> {
    project.refuse_package()?;
    let format: FormatId = request.format.parse()?;
    let out = Path::new(&request.out);
    guard::check(project, out).await?;
    let rule = match request.rule.as_deref() {
        None => Some(Rule::Majority),
        Some("none") => None,
        Some(word) => Some(word.parse()?),
    };
    match format {
        FormatId::OmniRewardbench => omni::write(project, out, rule, request.ignore_imported).await,
        FormatId::Votes => tables::votes(project, out).await,
        FormatId::Csv => tables::csv(project, out).await,
        FormatId::OmniRewardbenchParquet => Err(CommandError::new(
            "not_written",
            "omni-rewardbench-parquet is only read: export as omni-rewardbench, whose rows are the \
             same, with paths in place of the media",
        )),
        FormatId::Mapped => Err(CommandError::new(
            "not_written",
            "a mapping says how a table is read, not how it is written: export as \
             omni-rewardbench, votes or csv",
        )),
    }
}

/// Writes a table or a figure made from the project: whole, or nothing. Gives the file's path.
///
/// # Errors
/// The place would harm the project or its sources; the file cannot be written.
pub async fn save(project: &Project, out: &Path, bytes: &[u8]) -> Result<String> {
    guard::check(project, out).await?;
    let mut file = WholeFile::create(out)?;
    file.write_all(bytes).map_err(io(out))?;
    file.finish()
}

/// What became of the questions that an export looked at.
#[derive(Default)]
struct Tally {
    rows: u64,
    by_source: BTreeMap<String, u32>,
    left_out: BTreeMap<&'static str, LeftOut>,
}

impl Tally {
    fn leave_out(&mut self, reason: &'static str, question: &OutQuestion) {
        let entry = self.left_out.entry(reason).or_insert_with(|| LeftOut {
            reason: reason.to_owned(),
            count: 0,
            questions: Vec::new(),
        });
        entry.count += 1;
        if entry.questions.len() < MOST_LISTED {
            let named = question.source_id.clone();
            entry
                .questions
                .push(named.unwrap_or_else(|| question.id.to_string()));
        }
    }

    /// Votes of practice rounds, which no export holds.
    fn leave_out_practice(&mut self, votes: u64) {
        if votes > 0 {
            let left = LeftOut {
                reason: "practice".to_owned(),
                count: votes,
                questions: Vec::new(),
            };
            self.left_out.insert("practice", left);
        }
    }

    fn wrote(&mut self, source: &str) {
        self.rows += 1;
        *self.by_source.entry(source.to_owned()).or_default() += 1;
    }

    fn report(self, format: FormatId, files: Vec<String>, rule: Option<Rule>) -> ExportReport {
        ExportReport {
            format: format.as_str().to_owned(),
            files,
            rows: self.rows,
            by_source: self.by_source,
            rule: rule.map(|r| r.as_str().to_owned()),
            left_out: self.left_out.into_values().collect(),
        }
    }
}

/// The final verdict of a question and where it comes from, or the reason why it has none that a
/// benchmark can hold.
pub(crate) fn verdict(
    question: &OutQuestion,
    rule: Option<Rule>,
) -> std::result::Result<(Verdict, String), &'static str> {
    if question.merged {
        return Err("same_as_another");
    }
    if let Some(reason) = question.dropped {
        return Err(match reason {
            DropReason::CriterionUnclear => "dropped_criterion_unclear",
            DropReason::NoConsensus => "dropped_no_consensus",
            DropReason::BrokenItem => "dropped_broken_item",
        });
    }
    if question.criterion.is_none() && question.resolution.is_none() {
        return Err("no_criterion");
    }
    let (verdict, source) = match &question.resolution {
        Some((verdict, rule)) => (*verdict, rule.clone()),
        None => {
            let Some(rule) = rule else {
                return Err("no_resolution");
            };
            let votes: Vec<Verdict> = question.votes.iter().map(|(_, v)| *v).collect();
            match decide(rule, &votes) {
                Outcome::Decided(verdict) => (verdict, rule.as_str().to_owned()),
                Outcome::NoVotes if question.practised => return Err("practice"),
                Outcome::NoVotes => return Err("no_votes"),
                Outcome::NoConsensus => return Err("no_consensus"),
            }
        }
    };
    if verdict == Verdict::BothBad {
        Err("both_bad")
    } else {
        Ok((verdict, source))
    }
}
