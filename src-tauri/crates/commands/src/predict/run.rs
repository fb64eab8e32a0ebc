//! One run of a model over questions.

use std::collections::HashSet;
use std::time::Instant;

use tiebreak_domain::{AskedUnder, QuestionId, Setting, Shown};
use tiebreak_judge::imported::Said;
use tiebreak_judge::{Asking, Failure, How, Judge};
use tiebreak_store::{AskedHow, NewPrediction, Project};

use super::{
    Candidate, PredictFailure, PredictProgress, PredictReport, PredictRequest, PredictStage, load,
};
use crate::error::{CommandError, Result};
use crate::import::Cancel;

/// So many failures of the program in a row stop the run.
const FAILURES_IN_A_ROW: usize = 3;
/// More failures than this are counted, not listed.
const MOST_TOLD: usize = 20;
/// The estimate is told after so many answers.
const ESTIMATE_AFTER: u64 = 3;

/// A question and in which order it is to be shown.
struct Wanted<'a> {
    of: &'a Candidate,
    shown: Shown,
}

/// An answer to write, and how its row of the data is called.
struct Row {
    says: NewPrediction,
    source_id: Option<String>,
}

pub(super) struct Run<'a> {
    project: &'a Project,
    judge: Option<Box<dyn Judge>>,
    setting: Setting,
    template: String,
    /// By question, the orders in which it is still to be asked.
    open: Vec<(&'a Candidate, Vec<Shown>)>,
    /// What the program failed on last: written once it has answered something again.
    pending: Vec<Row>,
    /// Whether it has answered anything in this run, be it nonsense.
    answered: bool,
    report: PredictReport,
}

impl<'a> Run<'a> {
    pub(super) async fn new(
        project: &'a Project,
        judge: Box<dyn Judge>,
        request: &PredictRequest,
        wanted: &[&'a Candidate],
    ) -> Result<Self> {
        let model = judge.model();
        let setting = request.setting.unwrap_or(Setting::WithTie);
        let mut orders = request.order.all();
        let mut remarks = Vec::new();
        if !judge.sees_order() && orders != [Shown::OneTwo] {
            orders = vec![Shown::OneTwo];
            remarks.push(format!(
                "{} does not see the responses in an order: it was asked once",
                model.name
            ));
        }
        let (id, template) = (judge.model().id(), judge.template().to_owned());
        let way = |shown| AskedHow {
            setting,
            shown,
            under: AskedUnder::Own,
            template: &template,
        };
        let mut answered: Vec<HashSet<QuestionId>> = Vec::new();
        for shown in &orders {
            answered.push(project.answered(id, &way(*shown)).await?);
        }
        let mut report = PredictReport {
            model: model.name.clone(),
            family: model.family,
            hash: model.hash.clone(),
            setting,
            orders: orders.clone(),
            questions: wanted.len() as u64,
            not_taken: 0,
            known: 0,
            added: 0,
            failed: 0,
            left: 0,
            failures: Vec::new(),
            cancelled: false,
            stopped: None,
            remarks,
        };
        let mut open = Vec::new();
        for &one in wanted {
            if !judge.takes(&one.task) {
                report.not_taken += 1;
                continue;
            }
            let lacks = orders.iter().zip(&answered);
            let lacks = lacks.filter(|(_, answered)| !answered.contains(&one.id));
            let lacks: Vec<Shown> = lacks.map(|(shown, _)| *shown).collect();
            report.known += (orders.len() - lacks.len()) as u64;
            report.left += lacks.len() as u64;
            if !lacks.is_empty() {
                open.push((one, lacks));
            }
        }
        Ok(Self {
            project,
            template,
            judge: Some(judge),
            setting,
            open,
            pending: Vec::new(),
            answered: false,
            report,
        })
    }

    pub(super) async fn run(
        mut self,
        limit: Option<u32>,
        cancel: &Cancel,
        mut progress: impl FnMut(PredictProgress),
    ) -> Result<PredictReport> {
        let limit = limit.map_or(usize::MAX, |limit| limit as usize);
        let open = std::mem::take(&mut self.open);
        let wanted: Vec<Wanted<'a>> = open
            .into_iter()
            .take(limit)
            .flat_map(|(of, orders)| orders.into_iter().map(move |shown| Wanted { of, shown }))
            .collect();
        let total = wanted.len() as u64;
        let name = self.report.model.clone();
        if total > 0 {
            let says = format!("{name}: a run over {total} answers begins");
            self.project.log("predict", &says).await?;
        }
        let begun = Instant::now();
        let at_once = self.judge.as_ref().map_or(1, |judge| judge.at_once());
        let mut done = 0;
        for part in wanted.chunks(at_once.max(1)) {
            progress(PredictProgress {
                stage: PredictStage::Asking,
                done,
                total,
                failed: self.report.failed,
                left_ms: estimate(begun, done, total),
            });
            if cancel.is_cancelled() || self.report.stopped.is_some() {
                break;
            }
            self.ask(part, cancel).await?;
            done += part.len() as u64;
        }
        progress(PredictProgress {
            stage: PredictStage::Asking,
            done,
            total,
            failed: self.report.failed,
            left_ms: None,
        });
        self.report.cancelled = cancel.is_cancelled();
        if !self.report.cancelled && self.report.stopped.is_none() {
            self.end().await?;
        }
        if total > 0 {
            let PredictReport { added, failed, .. } = self.report;
            let says = format!("{name}: {added} answers, {failed} of them none");
            self.project.log("predict", &says).await?;
        }
        Ok(self.report)
    }

    async fn ask(&mut self, part: &[Wanted<'a>], cancel: &Cancel) -> Result<()> {
        let ids: Vec<QuestionId> = part.iter().map(|one| one.of.id).collect();
        let (mut rows, mut asked, mut askings) = (Vec::new(), Vec::new(), Vec::new());
        for (one, question) in part.iter().zip(load(self.project, &ids).await?) {
            let (setting, shown) = (self.setting, one.shown);
            match question {
                Err(why) => rows.push(self.failed(one, why, String::new())),
                Ok(question) => {
                    asked.push(one);
                    askings.push(Asking {
                        question,
                        how: How {
                            setting,
                            shown,
                            under: AskedUnder::Own,
                        },
                    });
                }
            }
        }
        let answers = self.answers(askings).await?;
        for (one, answer) in asked.into_iter().zip(answers) {
            match answer {
                Err(Failure::Program(_)) if cancel.is_cancelled() => break,
                Err(Failure::Program(why)) => {
                    if self.program_failed(one, why) {
                        break;
                    }
                }
                Err(Failure::Answer { why, text }) => {
                    self.answered = true;
                    rows.append(&mut self.pending);
                    rows.push(self.failed(one, why, text));
                }
                Ok(said) => {
                    self.answered = true;
                    rows.append(&mut self.pending);
                    rows.push(self.row(one, said, String::new()));
                }
            }
        }
        self.keep(rows).await
    }

    /// Asks on a thread that may take its time.
    async fn answers(
        &mut self,
        askings: Vec<Asking>,
    ) -> Result<Vec<std::result::Result<Said, Failure>>> {
        let gone = || {
            CommandError::new(
                "internal",
                "the model stopped in a way that was not foreseen",
            )
        };
        let mut judge = self.judge.take().ok_or_else(gone)?;
        let asked = tokio::task::spawn_blocking(move || {
            let answers = judge.judge(&askings);
            (judge, answers)
        });
        let (judge, answers) = asked.await.map_err(|_| gone())?;
        self.judge = Some(judge);
        Ok(answers)
    }

    /// A program that failed on all it was asked is broken; one that answered before failed on these.
    async fn end(&mut self) -> Result<()> {
        let pending = std::mem::take(&mut self.pending);
        match pending.last().filter(|_| !self.answered) {
            Some(last) => {
                let why = last.says.error.clone();
                self.stop("on everything that it was asked", &why);
                Ok(())
            }
            None => self.keep(pending).await,
        }
    }

    fn stop(&mut self, when: &str, why: &str) {
        self.report.stopped = Some(format!(
            "the model failed {when}, so that the run stopped: {why}. What it failed on is asked again \
             when you run it again"
        ));
    }

    /// Whether that was once too often.
    fn program_failed(&mut self, one: &Wanted<'a>, why: String) -> bool {
        if self.pending.len() + 1 < FAILURES_IN_A_ROW {
            let row = self.row(one, Said::default(), why);
            self.pending.push(row);
            return false;
        }
        self.pending.clear();
        self.stop(&format!("{FAILURES_IN_A_ROW} times in a row"), &why);
        true
    }

    fn failed(&mut self, one: &Wanted<'a>, why: String, text: String) -> Row {
        let said = Said {
            text,
            ..Said::default()
        };
        self.row(one, said, why)
    }

    fn row(&self, one: &Wanted<'a>, said: Said, error: String) -> Row {
        Row {
            says: NewPrediction {
                question: one.of.id,
                setting: self.setting,
                shown: one.shown,
                under: AskedUnder::Own,
                asked: None,
                template: self.template.clone(),
                scores: said.scores,
                verdict: said.verdict,
                text: said.text,
                error,
                media_used: said.media_used,
                ms: said.ms,
            },
            source_id: one.of.source_id.clone(),
        }
    }

    /// Writes what was had; on disk when this returns.
    async fn keep(&mut self, rows: Vec<Row>) -> Result<()> {
        let Some(judge) = self.judge.as_ref().filter(|_| !rows.is_empty()) else {
            return Ok(());
        };
        let (says, sources): (Vec<NewPrediction>, Vec<Option<String>>) = rows
            .into_iter()
            .map(|row| (row.says, row.source_id))
            .unzip();
        let added = self.project.keep_predictions(judge.model(), &says).await?;
        let report = &mut self.report;
        report.added += added.added;
        report.known += added.known;
        report.left = report.left.saturating_sub(says.len() as u64);
        for (row, source_id) in says.into_iter().zip(sources) {
            if row.error.is_empty() {
                continue;
            }
            report.failed += 1;
            if report.failures.len() < MOST_TOLD {
                report.failures.push(PredictFailure {
                    question: row.question,
                    source_id,
                    message: row.error,
                });
            }
        }
        Ok(())
    }
}

fn estimate(begun: Instant, done: u64, total: u64) -> Option<u64> {
    if done < ESTIMATE_AFTER {
        return None;
    }
    let each = begun.elapsed().as_secs_f64() / done as f64;
    Some((each * total.saturating_sub(done) as f64 * 1000.0) as u64)
}
