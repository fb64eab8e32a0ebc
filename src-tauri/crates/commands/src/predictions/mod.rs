//! Predictions that were made elsewhere: a result file's rows found again among the project's
//! questions, and written beside them. No label is touched.

mod evaluation;
mod questions;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use tiebreak_domain::{AskedUnder, Family, QuestionId, RewardModel, Setting, Shown, Verdict};
use tiebreak_exchange::{PlainRow, PlainRows, RawJson, plain_rows};
use tiebreak_judge::imported::{Cell, Fields};
use tiebreak_store::{NewPrediction, Project};
use ts_rs::TS;

use crate::error::{CommandError, Result};
use evaluation::Evaluation;
use questions::{Found, Known};

/// More problems than this are counted, not listed.
const MOST_TOLD: usize = 20;

/// How a row's question is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Matching {
    /// By the row's own id.
    #[default]
    Id,
    /// By prompt, criterion and responses, which the row repeats.
    Content,
    /// By its place: row n of the file answers row n of the evaluation file.
    Order,
}

/// What to take in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[ts(optional_fields)]
pub struct PredictionsRequest {
    /// The result file.
    pub file: String,
    /// What the model is called.
    pub model: String,
    /// How a row's question is found.
    pub matching: Matching,
    /// The file that was evaluated, for [`Matching::Order`].
    #[serde(default)]
    pub evaluation: Option<String>,
    /// Whether the model could say tie; from the file's name, unless given.
    #[serde(default)]
    pub setting: Option<Setting>,
    /// In which order it saw the responses; from the file's name, unless given.
    #[serde(default)]
    pub shown: Option<Shown>,
    /// The task that the rows are of, where ids are no project's own.
    #[serde(default)]
    pub task: Option<String>,
    /// The field of the row's id.
    #[serde(default)]
    pub id_field: Option<String>,
    /// The field of the verdict.
    #[serde(default)]
    pub verdict_field: Option<String>,
    /// The fields of the two scores.
    #[serde(default)]
    pub score_fields: Option<[String; 2]>,
    /// The field of what the model wrote.
    #[serde(default)]
    pub text_field: Option<String>,
    /// What values of the verdict's field mean; null: no verdict.
    #[serde(default)]
    pub values: BTreeMap<String, Option<Verdict>>,
}

/// A row that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RowLeft {
    /// The row, from 1.
    #[ts(type = "number")]
    pub row: u64,
    /// Why.
    pub message: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct PredictionsReport {
    /// The model.
    pub model: String,
    /// The hash of the file: the version of the model, since what ran is not at hand.
    pub hash: String,
    /// Whether the model could say tie.
    pub setting: Setting,
    /// In which order it saw the responses.
    pub shown: Shown,
    /// Which fields were read, in words.
    pub fields: String,
    /// Rows of the file.
    #[ts(type = "number")]
    pub rows: u64,
    /// Rows whose question was found.
    #[ts(type = "number")]
    pub matched: u64,
    /// Their share; null without rows.
    pub share_matched: Option<f64>,
    /// Predictions that are new.
    #[ts(type = "number")]
    pub added: u64,
    /// Predictions that were there.
    #[ts(type = "number")]
    pub known: u64,
    /// Rows that say no verdict: they are kept, and count as wrong.
    #[ts(type = "number")]
    pub no_verdict: u64,
    /// Rows with a score that is no number: they are kept, and count as wrong.
    #[ts(type = "number")]
    pub not_numbers: u64,
    /// Rows whose two scores are equal, as rounding to two decimals makes them.
    #[ts(type = "number")]
    pub equal_scores: u64,
    /// Why the file could not be read to its end, if so: the rows before were taken.
    pub broken: Option<String>,
    /// Rows that were not taken.
    #[ts(type = "number")]
    pub left: u64,
    /// The first of them, and why.
    pub problems: Vec<RowLeft>,
}

/// Takes the predictions of a file in, all of them that have a question, or none.
///
/// # Errors
/// A file that cannot be read, or holds no predictions; no row with a question; for
/// [`Matching::Order`], an evaluation file with another number of rows.
pub async fn import(project: &Project, request: PredictionsRequest) -> Result<PredictionsReport> {
    if request.model.trim().is_empty() {
        let why = "say what the model is called: predictions of one name and file belong together";
        return Err(CommandError::new("no_model", why));
    }
    let known = Known::read(project, request.task.as_deref()).await?;
    let reading = move || read(&request, &known);
    let read = tokio::task::spawn_blocking(reading).await;
    let (model, predictions, mut report) =
        read.map_err(|error| CommandError::new("internal", error.to_string()))??;
    let added = project.add_predictions(&model, &predictions).await?;
    (report.added, report.known) = (added.added, added.known);
    Ok(report)
}

type Read = (RewardModel, Vec<NewPrediction>, PredictionsReport);

fn read(request: &PredictionsRequest, known: &Known) -> Result<Read> {
    let path = Path::new(&request.file);
    let name = crate::import::file_name(path);
    let named = |error: CommandError| match error.file {
        Some(_) => error,
        None => error.in_file(&name),
    };
    let hash = hash(path)?;
    let evaluation = match request.matching {
        Matching::Order => Some(Evaluation::read(request, known)?),
        Matching::Id | Matching::Content => None,
    };
    let fields = fields(request, path).map_err(named)?;
    let model = RewardModel {
        name: request.model.trim().to_owned(),
        family: Family::Imported,
        hash,
    };
    let setting = request.setting.unwrap_or(setting_of(&name));
    let shown = request.shown.unwrap_or(shown_of(&name));
    let mut taken = Taken {
        request,
        known,
        evaluation,
        fields: &fields,
        setting,
        shown,
        seen: HashSet::new(),
        predictions: Vec::new(),
        report: PredictionsReport {
            model: model.name.clone(),
            hash: model.hash.clone(),
            setting,
            shown,
            fields: told(&fields),
            rows: 0,
            matched: 0,
            share_matched: None,
            added: 0,
            known: 0,
            no_verdict: 0,
            not_numbers: 0,
            equal_scores: 0,
            broken: None,
            left: 0,
            problems: Vec::new(),
        },
    };
    let mut rows = plain_rows(path).map_err(|error| named(error.into()))?;
    taken.rows(&mut rows);
    taken.finish(&rows).map_err(named)?;
    Ok((model, taken.predictions, taken.report))
}

fn hash(path: &Path) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    let file = std::fs::File::open(path).map_err(crate::error::io(path))?;
    hasher.update_reader(file).map_err(crate::error::io(path))?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// Whether the model could say tie, by the names that the paper's code gives its files.
fn setting_of(name: &str) -> Setting {
    match name.contains("_preferences") && !name.contains("_with_tie") {
        true => Setting::WithoutTie,
        false => Setting::WithTie,
    }
}

/// In which order it saw the responses, by the same names: what such a file says is turned back.
fn shown_of(name: &str) -> Shown {
    match name.contains("_inversed") {
        true => Shown::TwoOne,
        false => Shown::OneTwo,
    }
}

/// Which fields say what: as the request has it, completed by the names in the first rows.
fn fields(request: &PredictionsRequest, path: &Path) -> Result<Fields> {
    let wish = Fields {
        id: request.id_field.clone(),
        verdict: request.verdict_field.clone(),
        scores: request.score_fields.clone(),
        text: request.text_field.clone(),
        values: request.values.clone(),
    };
    let names: Vec<String> = tiebreak_exchange::columns(path)?
        .fields
        .into_iter()
        .map(|field| field.name)
        .collect();
    let wanted = [&wish.id, &wish.verdict, &wish.text].into_iter().flatten();
    let wanted = wanted.chain(wish.scores.iter().flatten());
    if let Some(lacking) = wanted.into_iter().find(|name| !names.contains(name)) {
        return Err(CommandError::new(
            "no_field",
            format!(
                "no row has the field {lacking}: there are {}",
                names.join(", ")
            ),
        ));
    }
    let fields = wish.found_in(&names).ok_or_else(|| {
        CommandError::new(
            "no_predictions",
            format!(
                "no field says a verdict or two scores (there are {}): name them, as in --verdict \
                 FIELD or --scores FIELD1,FIELD2",
                names.join(", ")
            ),
        )
    })?;
    if request.matching == Matching::Id && fields.id.is_none() {
        return Err(CommandError::new(
            "no_id",
            "no field holds the rows' ids: name it with --id FIELD, or match by content or order",
        ));
    }
    Ok(fields)
}

fn told(fields: &Fields) -> String {
    let mut told = Vec::new();
    if let Some(id) = &fields.id {
        told.push(format!("id from {id}"));
    }
    match (&fields.scores, &fields.verdict) {
        (Some([one, two]), _) => told.push(format!("scores from {one} and {two}")),
        (None, Some(verdict)) => told.push(format!("verdict from {verdict}")),
        (None, None) => told.push("verdict parsed from what the model wrote".to_owned()),
    }
    if let Some(text) = &fields.text {
        told.push(format!("text from {text}"));
    }
    told.join(", ")
}

struct Taken<'a> {
    request: &'a PredictionsRequest,
    known: &'a Known,
    evaluation: Option<Evaluation>,
    fields: &'a Fields,
    setting: Setting,
    shown: Shown,
    seen: HashSet<QuestionId>,
    predictions: Vec<NewPrediction>,
    report: PredictionsReport,
}

impl Taken<'_> {
    fn rows(&mut self, rows: &mut PlainRows) {
        for row in rows {
            self.report.rows += 1;
            match row {
                Err(problem) => self.leave(problem.row, problem.message),
                Ok(row) => {
                    let number = row.row;
                    if let Err(why) = self.row(&row) {
                        self.leave(number, why);
                    }
                }
            }
        }
    }

    fn row(&mut self, row: &PlainRow) -> std::result::Result<(), String> {
        let found = self.question(row)?;
        let mut said = self.fields.read(|name| cell(row.get(name)))?;
        if found.turned {
            said = said.turned();
        }
        if !self.seen.insert(found.question) {
            return Err("an earlier row answers the same question: that one counts".to_owned());
        }
        let mut error = String::new();
        match (said.scores, said.verdict) {
            (Some([one, two]), _) if one.is_nan() || two.is_nan() => {
                self.report.not_numbers += 1;
                error.push_str("a score is no number");
            }
            (Some([one, two]), _) => self.report.equal_scores += u64::from(one == two),
            (None, None) => {
                self.report.no_verdict += 1;
                error.push_str("no verdict could be read");
            }
            (None, Some(_)) => {}
        }
        self.report.matched += 1;
        self.predictions.push(NewPrediction {
            question: found.question,
            setting: self.setting,
            shown: self.shown,
            under: AskedUnder::Own,
            asked: None,
            template: String::new(),
            scores: said.scores,
            verdict: said.verdict,
            text: said.text,
            error,
            media_used: None,
            ms: None,
        });
        Ok(())
    }

    fn question(&self, row: &PlainRow) -> std::result::Result<Found, String> {
        match &self.evaluation {
            Some(evaluation) => evaluation.question(self.report.rows),
            None if self.request.matching == Matching::Id => {
                let field = self.fields.id.as_deref().unwrap_or_default();
                let id = row.get(field).map(RawJson::words).unwrap_or_default();
                self.known.by_id(&id)
            }
            None => self.known.by_content(row),
        }
    }

    fn leave(&mut self, row: u64, message: String) {
        self.report.left += 1;
        if self.report.problems.len() < MOST_TOLD {
            self.report.problems.push(RowLeft { row, message });
        }
    }

    fn finish(&mut self, rows: &PlainRows) -> Result<()> {
        if let Some(evaluation) = &self.evaluation {
            evaluation.counts(self.report.rows)?;
        }
        self.report.broken = rows.broken().map(|problem| problem.message.clone());
        let (rows, matched) = (self.report.rows, self.report.matched);
        self.report.share_matched = (rows > 0).then(|| matched as f64 / rows as f64);
        if matched == 0 {
            let first = self.report.problems.first();
            let first = first.map(|problem| format!("row {}: {}", problem.row, problem.message));
            let why = first.or_else(|| self.report.broken.clone());
            let why = why.unwrap_or_else(|| "the file has no rows".to_owned());
            let message = format!("no row has a question in this project ({why})");
            return Err(CommandError::new("nothing_matched", message));
        }
        // Where a field is said to hold the verdict, it may be that none could be read.
        let parsed = self.fields.verdict.is_none() && self.fields.scores.is_none();
        if parsed && self.report.no_verdict == matched {
            return Err(CommandError::new(
                "no_predictions",
                format!(
                    "no row says a verdict that can be read ({}): name its field with --verdict FIELD",
                    self.report.fields
                ),
            ));
        }
        Ok(())
    }
}

fn cell(value: Option<&RawJson>) -> Cell {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Cell::Nothing;
    };
    if let Some(number) = value.number() {
        return Cell::Number(number);
    }
    match value.words() {
        empty if empty.is_empty() => Cell::Nothing,
        words => Cell::Words(words),
    }
}
