//! The file that a model was evaluated on, for results that name nothing: row n of the one answers
//! row n of the other.
//!
//! It is a benchmark file, whose response 1 the scores call `chosen`; or one of LLaMA-Factory's ranking
//! files, which says of each row what was `chosen` and what `rejected`.

use std::path::Path;

use serde_json::Value;
use tiebreak_exchange::{PlainRow, RawJson, plain_rows};

use super::PredictionsRequest;
use super::questions::{Found, Known};
use crate::error::{CommandError, Result};

pub(super) struct Evaluation {
    name: String,
    rows: Vec<std::result::Result<Found, String>>,
}

impl Evaluation {
    pub(super) fn read(request: &PredictionsRequest, known: &Known) -> Result<Self> {
        let Some(file) = &request.evaluation else {
            return Err(CommandError::new(
                "no_evaluation",
                "rows without ids can only be told by their order: name the file that was evaluated \
                 (--evaluation FILE)",
            ));
        };
        let path = Path::new(file);
        let name = crate::import::file_name(path);
        let opened = plain_rows(path);
        let mut rows = opened.map_err(|error| CommandError::from(error).in_file(&name))?;
        let found = rows
            .by_ref()
            .map(|row| match row {
                Err(problem) => Err(format!("the evaluation file's row: {}", problem.message)),
                Ok(row) => question(&row, known),
            })
            .collect();
        if let Some(problem) = rows.broken() {
            return Err(CommandError::new(problem.code, problem.message.clone()).in_file(&name));
        }
        Ok(Self { name, rows: found })
    }

    /// The question that a row answers, from 1.
    pub(super) fn question(&self, row: u64) -> std::result::Result<Found, String> {
        let at = usize::try_from(row - 1).unwrap_or(usize::MAX);
        let beyond = || Err("the evaluation file has no such row".to_owned());
        self.rows.get(at).cloned().unwrap_or_else(beyond)
    }

    /// Refuses files of different lengths: where a row is missing, nothing after it is in order.
    pub(super) fn counts(&self, rows: u64) -> Result<()> {
        if rows == self.rows.len() as u64 {
            return Ok(());
        }
        Err(CommandError::new(
            "counts_differ",
            format!(
                "it has {rows} rows, and {} has {}: rows that are told by their order alone need as \
                 many on both sides; nothing was taken in",
                self.name,
                self.rows.len()
            ),
        ))
    }
}

fn question(row: &PlainRow, known: &Known) -> std::result::Result<Found, String> {
    if row.get("response1").is_some() {
        return match row.get("id").map(RawJson::words) {
            Some(id) if !id.is_empty() => known.by_id(&id).or_else(|_| known.by_content(row)),
            _ => known.by_content(row),
        };
    }
    let value =
        |name: &str| -> Option<Value> { serde_json::from_str(row.get(name)?.as_str()).ok() };
    let (Some(chosen), Some(rejected)) = (value("chosen"), value("rejected")) else {
        return Err("the evaluation file's row has neither response1 nor chosen".to_owned());
    };
    let [chosen, rejected] = [chosen, rejected].map(|turn| words(&turn));
    let turns = value("conversations").unwrap_or_default();
    let (criterion, prompt) = asked(&turns);
    // Where media are compared, they stand in the person's turn, and what was asked in both answers.
    let media = ["images", "videos", "audios"].into_iter().find_map(value);
    let both: Vec<String> = media
        .iter()
        .flat_map(Value::as_array)
        .flatten()
        .map(words)
        .collect();
    match both.as_slice() {
        [one, two] if chosen == rejected => known.by_words(&chosen, &criterion, one, two),
        _ => known.by_words(&prompt, &criterion, &chosen, &rejected),
    }
}

/// What a turn says.
fn words(turn: &Value) -> String {
    let said = turn.as_str().or_else(|| turn["value"].as_str());
    said.unwrap_or_default().to_owned()
}

/// The criterion, which is the system's turn, and what the person asked, without the marks of media.
fn asked(turns: &Value) -> (String, String) {
    let turns: Vec<&Value> = turns.as_array().into_iter().flatten().collect();
    let system = turns.iter().find(|turn| turn["from"] == "system");
    let person = turns.iter().find(|turn| turn["from"] == "human");
    let said = |turn: Option<&&Value>| turn.map(|turn| words(turn)).unwrap_or_default();
    let mut prompt = said(person);
    for mark in ["<image>", "<video>", "<audio>"] {
        prompt = prompt.replace(mark, "");
    }
    (said(system), prompt.trim_start_matches('\n').to_owned())
}
