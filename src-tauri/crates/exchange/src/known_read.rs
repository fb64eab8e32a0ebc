//! Known answers from a file: JSON objects a line, a JSON array of them, or CSV with a header. Small
//! files that an owner writes by hand: the first thing that is wrong refuses all of it.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::error::{ExchangeError, Problem, Result};

/// A larger file holds something else.
const LARGEST: u64 = 64 << 20;

/// A known answer as a file gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRow {
    /// The row, from 1.
    pub row: u64,
    /// The question's id, or the one that it has in the data.
    pub question: String,
    /// The verdict's word, in data terms.
    pub verdict: String,
    /// Why that is the answer; may be empty.
    pub explanation: String,
}

#[derive(Deserialize)]
struct Given {
    #[serde(alias = "id", alias = "source_id")]
    question: Value,
    verdict: String,
    #[serde(default, alias = "explain")]
    explanation: String,
}

/// Reads the file: CSV where its name says so, JSON else.
///
/// # Errors
/// The file cannot be read at all; or, within, what is wrong with which row.
pub fn known_rows(path: &Path) -> Result<std::result::Result<Vec<KnownRow>, Problem>> {
    let open = |source| ExchangeError::Open {
        path: path.to_path_buf(),
        source,
    };
    let about = std::fs::metadata(path).map_err(open)?;
    if !about.is_file() {
        return Err(ExchangeError::NotAFile(path.to_path_buf()));
    }
    if about.len() > LARGEST {
        return Err(ExchangeError::NotRows(
            "the file is too large for known answers: give one of at most 64 MiB".to_owned(),
        ));
    }
    let bytes = std::fs::read(path).map_err(open)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        ExchangeError::NotRows("the file is not UTF-8 text: save it as UTF-8".to_owned())
    })?;
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let is_csv = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    Ok(if is_csv {
        from_csv(text)
    } else {
        from_json(text)
    })
}

type Rows = std::result::Result<Vec<KnownRow>, Problem>;

fn from_json(text: &str) -> Rows {
    if text.trim_start().starts_with('[') {
        let list: Vec<Value> =
            serde_json::from_str(text).map_err(|error| bad(error.line() as u64, &error))?;
        return (1..)
            .zip(list)
            .map(|(row, value)| understood(row, serde_json::from_value(value)))
            .collect();
    }
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(row, line)| understood(row, serde_json::from_str(line)))
        .collect()
}

fn from_csv(text: &str) -> Rows {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    (1..)
        .zip(reader.deserialize::<HashMap<String, String>>())
        .map(|(row, record)| {
            let mut fields = record.map_err(|error| bad(row, &error))?;
            let mut field = |names: &[&str]| names.iter().find_map(|name| fields.remove(*name));
            let question = field(&["question", "source_id", "id"]);
            let verdict = field(&["verdict"]);
            let explanation = field(&["explanation", "explain"]).unwrap_or_default();
            let (Some(question), Some(verdict)) = (question, verdict) else {
                return Err(bad(row, &"a column “question” or “verdict” is missing"));
            };
            Ok(KnownRow {
                row,
                question,
                verdict,
                explanation,
            })
        })
        .collect()
}

fn understood(
    row: u64,
    given: serde_json::Result<Given>,
) -> std::result::Result<KnownRow, Problem> {
    let given = given.map_err(|error| bad(row, &error))?;
    let question = match given.question {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => return Err(bad(row, &"“question” is neither a text nor a number")),
    };
    Ok(KnownRow {
        row,
        question,
        verdict: given.verdict,
        explanation: given.explanation,
    })
}

fn bad(row: u64, why: &dyn std::fmt::Display) -> Problem {
    let message = format!(
        "the row is no known answer: {why}. It needs “question” (its id, or its id in the data) and \
         “verdict” (response1, response2, tie or both_bad), and may have “explanation”"
    );
    Problem::new(row, "bad_known_answer", message)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Rows {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        known_rows(&path).unwrap()
    }

    #[test]
    fn lines_lists_and_tables_say_the_same() {
        let lines = "{\"question\":\"a\",\"verdict\":\"tie\"}\n\n{\"id\":7,\"verdict\":\"response1\",\"explanation\":\"é, \\\"x\\\"\"}\n";
        let list = "[{\"question\":\"a\",\"verdict\":\"tie\"},{\"source_id\":7,\"verdict\":\"response1\",\"explain\":\"é, \\\"x\\\"\"}]";
        let table =
            "\u{feff}explanation,question,verdict\r\n,a,tie\r\n\"é, \"\"x\"\"\",7,response1\r\n";
        let plain = |rows: Rows| {
            let said = |row: KnownRow| (row.question, row.verdict, row.explanation);
            rows.unwrap().into_iter().map(said).collect::<Vec<_>>()
        };
        let wanted = [("a", "tie", ""), ("7", "response1", "é, \"x\"")];
        let wanted = wanted.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(plain(read("k.jsonl", lines)), wanted);
        assert_eq!(plain(read("k.json", list)), wanted);
        assert_eq!(plain(read("k.CSV", table)), wanted);
        assert_eq!(read("k.jsonl", " \n"), Ok(Vec::new()));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_row() {
        let missing = "{\"question\":\"a\",\"verdict\":\"tie\"}\n{\"question\":\"b\"}";
        assert_eq!(read("k.jsonl", missing).unwrap_err().row, 2);
        let table = read("k.csv", "question,said\na,tie\n").unwrap_err();
        assert!(table.message.contains("verdict"), "{table:?}");
    }
}
