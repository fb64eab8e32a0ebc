//! The writing half of an import: batches into the store's transaction, their outcomes counted.

use tiebreak_domain::{Verdict, VoteLine};
use tiebreak_exchange::Problem;
use tiebreak_store::{Intake, IntakeRow, LineOutcome, StoreError, VoteIntake, Where};

use super::reader::Batch;
use crate::dto::ImportReport;
use crate::error::Result;

/// Where understood rows go.
pub(super) trait Take {
    async fn take(&mut self, batch: Batch, report: &mut ImportReport) -> Result<()>;
    /// Does what can only be done once every row has come.
    async fn end(&mut self, report: &mut ImportReport) -> Result<()>;
    async fn commit(self, summary: &str) -> Result<()>;
    async fn roll_back(self) -> Result<()>;
}

/// Takes rows of pairs.
pub(super) struct Pairs {
    intake: Intake,
    root: Option<i64>,
    /// Whether the project has the verdict *both bad*.
    both_bad: bool,
    /// How many rows have other unknown fields than the question they repeat, and the first.
    other_fields: Option<(u64, u64)>,
}

impl Pairs {
    pub(super) const fn new(intake: Intake, both_bad: bool) -> Self {
        Self {
            intake,
            both_bad,
            root: None,
            other_fields: None,
        }
    }
}

impl Take for Pairs {
    async fn take(&mut self, mut batch: Batch, report: &mut ImportReport) -> Result<()> {
        if !self.both_bad {
            let (refused, taken) = batch.rows.into_iter().partition(says_both_bad);
            batch.rows = taken;
            for row in refused {
                let why = StoreError::NoBothBad.to_string();
                report.refuse(Problem::new(row.row, "no_both_bad", why));
            }
        }
        for link in batch
            .rows
            .iter_mut()
            .flat_map(|row| row.media.iter_mut().flatten())
        {
            if let Where::Under { root, .. } = &mut link.file.at {
                if self.root.is_none() {
                    self.root = Some(self.intake.declare_root(&batch.root).await?);
                }
                *root = self.root.unwrap_or_default();
            }
        }
        report.taken += batch.rows.len() as u64;
        for outcome in self.intake.take(batch.rows).await? {
            report.pairs += u64::from(outcome.new_pair);
            report.questions += u64::from(outcome.new_question);
            report.known += u64::from(!outcome.new_question);
            report.votes += outcome.votes;
            report.resolutions += u64::from(outcome.resolution);
            if outcome.other_fields {
                let (count, _) = self.other_fields.get_or_insert((0, outcome.row));
                *count += 1;
            }
        }
        Ok(())
    }

    async fn end(&mut self, report: &mut ImportReport) -> Result<()> {
        if let Some((count, first)) = self.other_fields {
            let whose = match count {
                1 => "this row repeats a question that is known".to_owned(),
                _ => format!(
                    "this row and {} more repeat questions that are known",
                    count - 1
                ),
            };
            let message = format!(
                "{whose}, but with other fields beside it: an export writes the fields with which \
                 a question came first"
            );
            report.note([Problem::new(first, "other_fields", message)]);
        }
        Ok(())
    }

    async fn commit(self, summary: &str) -> Result<()> {
        Ok(self.intake.commit(summary).await?)
    }

    async fn roll_back(self) -> Result<()> {
        Ok(self.intake.roll_back().await?)
    }
}

/// Whether a row's label, or one of its votes, is *both bad*.
fn says_both_bad(row: &IntakeRow) -> bool {
    row.resolution == Some(Verdict::BothBad)
        || row
            .votes
            .iter()
            .any(|vote| vote.verdict == Verdict::BothBad)
}

/// Takes lines of votes.
pub(super) struct Votes {
    intake: VoteIntake,
    /// Lines that replace votes which have not come yet.
    waiting: Vec<(u64, VoteLine)>,
}

impl Votes {
    pub(super) const fn new(intake: VoteIntake) -> Self {
        Self {
            intake,
            waiting: Vec::new(),
        }
    }

    async fn try_line(
        &mut self,
        row: u64,
        line: VoteLine,
        report: &mut ImportReport,
    ) -> Result<()> {
        match self.intake.take(&line).await? {
            LineOutcome::New => {
                report.taken += 1;
                report.votes += 1;
            }
            LineOutcome::Known => {
                report.taken += 1;
                report.known += 1;
            }
            LineOutcome::Waits => self.waiting.push((row, line)),
            LineOutcome::Refused(why) => report.refuse(Problem::new(row, "unknown_vote", why)),
        }
        Ok(())
    }
}

impl Take for Votes {
    async fn take(&mut self, batch: Batch, report: &mut ImportReport) -> Result<()> {
        for (row, line) in batch.votes {
            self.try_line(row, line, report).await?;
        }
        Ok(())
    }

    /// Lines may stand in any order: those that wait are tried until nothing more fits.
    async fn end(&mut self, report: &mut ImportReport) -> Result<()> {
        loop {
            let waiting = std::mem::take(&mut self.waiting);
            let before = waiting.len();
            for (row, line) in waiting {
                self.try_line(row, line, report).await?;
            }
            if self.waiting.len() == before {
                break;
            }
        }
        for (row, line) in std::mem::take(&mut self.waiting) {
            let why = format!(
                "it replaces the vote {}, which is neither in this project nor in the file",
                line.supersedes.map(|v| v.to_string()).unwrap_or_default()
            );
            report.refuse(Problem::new(row, "unknown_vote", why));
        }
        Ok(())
    }

    async fn commit(self, summary: &str) -> Result<()> {
        Ok(self.intake.commit(summary).await?)
    }

    async fn roll_back(self) -> Result<()> {
        Ok(self.intake.roll_back().await?)
    }
}
