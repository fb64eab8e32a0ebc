//! Predictions that were made elsewhere: what a row of a result file says.
//!
//! Known are the files of the paper's code (`<model>_preferences[_with_tie][_inversed].json` with
//! `predicted` and `<model>_raw_response`; `generated_predictions.jsonl` with two scores and no id),
//! the two scores of RewardBench's `_all.jsonl`, the rows of LightRFT (`preference`, `scores0`,
//! `scores1`), and any table whose fields are named.

use std::collections::BTreeMap;

use tiebreak_domain::Verdict;

use crate::verdict_in;

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// `null`, or an empty cell.
    Nothing,
    /// A number; not finite where the file says so.
    Number(f64),
    /// Anything else, as words.
    Words(String),
}

/// Which fields say what, and what their values mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// The row's own id.
    pub id: Option<String>,
    /// The verdict.
    pub verdict: Option<String>,
    /// The scores of response 1 and 2.
    pub scores: Option<[String; 2]>,
    /// What the model wrote.
    pub text: Option<String>,
    /// What values of the verdict's field mean that are none of the usual words; `None`: no verdict.
    pub values: BTreeMap<String, Option<Verdict>>,
}

/// What a row says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// The verdict, where one can be read.
    pub verdict: Option<Verdict>,
    /// The scores of response 1 and 2, where there are any.
    pub scores: Option<[f64; 2]>,
    /// What the model wrote.
    pub text: String,
    /// What it saw of the media, a sentence each; none where nobody knows.
    pub media_used: Option<Vec<String>>,
    /// How long the answer took, in milliseconds, where that is known.
    pub ms: Option<u64>,
}

/// Words that mean a verdict in result files, in capitals or not. Bare figures mean nothing by themselves: 0 is a tie in
/// one file and the first response in another.
const USUAL: [(&str, Verdict); 12] = [
    ("response1", Verdict::Response1),
    ("response2", Verdict::Response2),
    ("tie", Verdict::Tie),
    ("both_bad", Verdict::BothBad),
    ("A", Verdict::Response1),
    ("B", Verdict::Response2),
    ("C", Verdict::Tie),
    ("[[A]]", Verdict::Response1),
    ("[[B]]", Verdict::Response2),
    ("[[C]]", Verdict::Tie),
    ("Output1", Verdict::Response1),
    ("Output2", Verdict::Response2),
];
const RAW: &str = "_raw_response";

impl Fields {
    /// Completes what was not named by the fields that a file's rows have. `None`: no field says a
    /// verdict or two scores.
    #[must_use]
    pub fn found_in(mut self, names: &[String]) -> Option<Self> {
        let has = |name: &&str| names.iter().any(|known| known == name);
        let first = |candidates: &[&str]| {
            let found = candidates.iter().copied().find(|name| has(name));
            found.map(str::to_owned)
        };
        if self.id.is_none() {
            self.id = first(&["id", "source_id", "ID", "question", "idx"]);
        }
        if self.text.is_none() {
            let raw = names.iter().find(|name| name.ends_with(RAW));
            self.text = raw.cloned().or_else(|| first(&["output"]));
        }
        if self.scores.is_none() && self.verdict.is_none() {
            let pairs = [
                ["score1", "score2"],
                ["scores0", "scores1"],
                ["chosen", "rejected"],
            ];
            let found = pairs.into_iter().find(|pair| pair.iter().all(has));
            self.scores = found.map(|pair| pair.map(str::to_owned));
        }
        if self.verdict.is_none() && self.scores.is_none() {
            self.verdict = first(&["predicted", "verdict", "prediction", "preference"]);
        }
        let says = self.verdict.is_some() || self.scores.is_some() || self.text.is_some();
        says.then_some(self)
    }

    /// What a row says. Where no field holds the verdict, what the model wrote is parsed as the
    /// paper parses it.
    ///
    /// # Errors
    /// A verdict that is no known word, a score that is no number; as a sentence.
    pub fn read(&self, cell: impl Fn(&str) -> Cell) -> Result<Said, String> {
        let text = match self.text.as_deref().map(&cell) {
            Some(Cell::Words(text)) => text,
            _ => String::new(),
        };
        let mut said = Said {
            text,
            ..Said::default()
        };
        if let Some(names) = &self.scores {
            let [one, two] = names.each_ref().map(|name| score(name, cell(name)));
            said.scores = Some([one?, two?]);
        }
        said.verdict = match &self.verdict {
            Some(name) => self.verdict(name, &cell(name))?,
            None if self.scores.is_none() => verdict_in(&said.text),
            None => None,
        };
        Ok(said)
    }

    fn verdict(&self, name: &str, cell: &Cell) -> Result<Option<Verdict>, String> {
        let words = match cell {
            Cell::Nothing => return Ok(None),
            Cell::Number(number) => number.to_string(),
            Cell::Words(words) => words.trim().to_owned(),
        };
        if let Some(verdict) = self.values.get(&words) {
            return Ok(*verdict);
        }
        let usual = USUAL
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(&words));
        if let Some((_, verdict)) = usual {
            return Ok(Some(*verdict));
        }
        Err(format!(
            "“{}” in the field {name} is no verdict that is known: say what it means, as in \
             --value \"{}=response1\"",
            shorten(&words),
            shorten(&words)
        ))
    }
}

fn score(name: &str, cell: Cell) -> Result<f64, String> {
    match cell {
        Cell::Number(number) => Ok(number),
        Cell::Nothing => Ok(f64::NAN),
        Cell::Words(words) => words.trim().parse().map_err(|_| {
            format!(
                "“{}” in the field {name} is no score: a score is a number",
                shorten(&words)
            )
        }),
    }
}

fn shorten(words: &str) -> String {
    let short: String = words.chars().take(60).collect();
    if short.len() < words.len() {
        format!("{short}…")
    } else {
        short
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn fields_are_found_by_their_names() {
        let upstream = names(&["prompt", "id", "predicted", "demo_raw_response"]);
        let fields = Fields::default().found_in(&upstream).unwrap();
        assert_eq!(fields.id.as_deref(), Some("id"));
        assert_eq!(fields.verdict.as_deref(), Some("predicted"));
        assert_eq!(fields.text.as_deref(), Some("demo_raw_response"));
        let scores = Fields::default().found_in(&names(&["chosen", "rejected"]));
        assert_eq!(scores.unwrap().scores.unwrap(), ["chosen", "rejected"]);
        assert_eq!(Fields::default().found_in(&names(&["prompt"])), None);
    }

    #[test]
    fn a_failed_parse_is_nothing_and_a_strange_word_is_told() {
        let fields = Fields {
            verdict: Some("v".into()),
            ..Fields::default()
        };
        assert_eq!(fields.read(|_| Cell::Nothing).unwrap().verdict, None);
        let said = fields.read(|_| Cell::Number(1.0));
        assert!(said.unwrap_err().contains("“1” in the field v"));
        let mut told = fields;
        told.values.insert("1".into(), Some(Verdict::Response2));
        let said = told.read(|_| Cell::Number(1.0)).unwrap();
        assert_eq!(said.verdict, Some(Verdict::Response2));
    }

    #[test]
    fn scores_may_be_no_numbers() {
        let fields = Fields::default()
            .found_in(&names(&["chosen", "rejected"]))
            .unwrap();
        let said = fields.read(|name| match name {
            "chosen" => Cell::Number(f64::NAN),
            _ => Cell::Words("-Infinity".into()),
        });
        let [one, two] = said.unwrap().scores.unwrap();
        assert!(one.is_nan() && two == f64::NEG_INFINITY);
    }
}
