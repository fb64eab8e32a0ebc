//! Votes as a table for spreadsheets and notebooks: a line a vote that stands.
//!
//! Cells are written as they are (RFC 4180, CRLF). A text that begins with `=`, `+`, `-` or `@` is
//! not altered: a label file must say what was labelled. Open such a table in a spreadsheet by
//! importing it with all columns as text.

use std::io::Write;

use tiebreak_domain::{
    AnnotatorId, Confidence, QuestionId, Slot, Task, Verdict, VoteId, civil_date,
};

use crate::error::{ExchangeError, Result};

/// The columns.
const COLUMNS: [&str; 20] = [
    "question",
    "source_id",
    "task",
    "criterion",
    "criterion_version",
    "annotator",
    "verdict",
    "confidence",
    "rationale",
    "repeat",
    "at",
    "left",
    "elapsed_ms",
    "prompt",
    "response1",
    "response2",
    "model1",
    "model2",
    "vote",
    "annotator_id",
];

/// One vote, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvRow {
    /// The question.
    pub question: QuestionId,
    /// The row's id in the file that it came from.
    pub source_id: Option<String>,
    /// The task.
    pub task: Task,
    /// The criterion.
    pub criterion: Option<String>,
    /// The criterion's version, from 1.
    pub criterion_version: u32,
    /// The annotator's name.
    pub annotator: String,
    /// What was said.
    pub verdict: Verdict,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// Why.
    pub rationale: String,
    /// Whether the question was asked a second time.
    pub repeat: bool,
    /// When, in milliseconds since 1970-01-01 UTC, or 0 where nobody knows; written as RFC 3339.
    pub at_ms: i64,
    /// Which response stood on the left, where that is known.
    pub left: Option<Slot>,
    /// Time on the question, where that is known.
    pub elapsed_ms: Option<u32>,
    /// The instruction.
    pub prompt: String,
    /// The first response's words, or the paths of its media.
    pub response1: String,
    /// The second response's.
    pub response2: String,
    /// The first response's model.
    pub model1: Option<String>,
    /// The second response's.
    pub model2: Option<String>,
    /// The vote's id.
    pub vote: VoteId,
    /// The annotator's id: equal names stay apart.
    pub annotator_id: AnnotatorId,
    /// Whether it was cast after a prediction of the question was shown; a column of its own where the
    /// table has one.
    pub after_reveal: bool,
}

/// Writes the table.
pub struct CsvWriter<W: Write> {
    table: csv::Writer<W>,
    marked: bool,
}

impl<W: Write> CsvWriter<W> {
    /// Writes the line of column names; `marked`: with a last one, `after_reveal`.
    pub fn new(out: W, marked: bool) -> Result<Self> {
        let mut table = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        table.write_record(COLUMNS.iter().chain(marked.then_some(&"after_reveal")))?;
        Ok(Self { table, marked })
    }

    /// Writes a vote.
    pub fn row(&mut self, row: &CsvRow) -> Result<()> {
        let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
        let mark = match (self.marked, row.after_reveal) {
            (false, _) => None,
            (true, false) => Some("false"),
            (true, true) => Some("true"),
        };
        let (question, version) = (row.question.to_string(), row.criterion_version.to_string());
        let (vote, annotator) = (row.vote.to_string(), row.annotator_id.to_string());
        let sure = number(row.confidence.map(|c| u32::from(c.level())));
        let (moment, elapsed) = (at(row.at_ms), number(row.elapsed_ms));
        let cells = [
            question.as_str(),
            row.source_id.as_deref().unwrap_or_default(),
            row.task.as_str(),
            row.criterion.as_deref().unwrap_or_default(),
            &version,
            &row.annotator,
            row.verdict.as_str(),
            &sure,
            &row.rationale,
            if row.repeat { "true" } else { "false" },
            &moment,
            row.left.map(Slot::as_str).unwrap_or_default(),
            &elapsed,
            &row.prompt,
            &row.response1,
            &row.response2,
            row.model1.as_deref().unwrap_or_default(),
            row.model2.as_deref().unwrap_or_default(),
            &vote,
            &annotator,
        ];
        self.table.write_record(cells.into_iter().chain(mark))?;
        Ok(())
    }

    /// Ends the table and gives back what it was written to.
    pub fn finish(self) -> Result<W> {
        self.table
            .into_inner()
            .map_err(|error| ExchangeError::Write(error.into_error()))
    }
}

/// When the vote was cast; nothing where the file it came from did not say (0).
fn at(at_ms: i64) -> String {
    if at_ms == 0 {
        String::new()
    } else {
        rfc3339(at_ms)
    }
}

/// A moment as RFC 3339 in UTC, to the millisecond. Years that RFC 3339 cannot write (after 9999
/// or before 0) come out as the bare milliseconds.
pub(crate) fn rfc3339(at_ms: i64) -> String {
    const DAY: i64 = 86_400_000;
    let (day, ms) = (at_ms.div_euclid(DAY), at_ms.rem_euclid(DAY));
    let (year, month, day) = civil_date(day);
    if !(0..=9999).contains(&year) {
        return at_ms.to_string();
    }
    let (hour, minute) = (ms / 3_600_000, ms / 60_000 % 60);
    let (second, ms) = (ms / 1000 % 60, ms % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tiebreak_domain::ContentHasher;

    #[test]
    fn moments_are_written_in_utc() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_827_696_789, "2000-02-29T12:34:56.789Z"),
            (1_764_008_786_001, "2025-11-24T18:26:26.001Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "253402300800000"),
            (i64::MIN, "-9223372036854775808"),
        ] {
            assert_eq!(rfc3339(ms), text);
        }
    }

    #[test]
    fn cells_are_verbatim() {
        let mut writer = CsvWriter::new(Vec::new(), false).unwrap();
        let row = CsvRow {
            question: QuestionId::from_uuid(ContentHasher::new("question").finish()),
            source_id: None,
            task: "text_to_text".parse().unwrap(),
            criterion: Some("a, \"b\"".into()),
            criterion_version: 1,
            annotator: "=1+1".into(),
            verdict: Verdict::BothBad,
            confidence: Some(Confidence::new(2).unwrap()),
            rationale: "line\nbreak".into(),
            repeat: false,
            at_ms: 0,
            left: Some(Slot::Response2),
            elapsed_ms: None,
            prompt: " é ".into(),
            response1: String::new(),
            response2: "r".into(),
            model1: None,
            vote: VoteId::new(1, [1; 16]),
            annotator_id: AnnotatorId::new(1, [2; 16]),
            after_reveal: true,
            model2: Some("m".into()),
        };
        writer.row(&row).unwrap();
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        let (header, line) = text.split_once("\r\n").unwrap();
        assert_eq!(header, COLUMNS.join(","));
        let (_, rest) = line.split_once(',').unwrap();
        assert_eq!(
            rest,
            ",text_to_text,\"a, \"\"b\"\"\",1,=1+1,both_bad,2,\"line\nbreak\",false,\
             ,response2,, é ,,r,,m,\
             00000000-0001-7101-8101-010101010101,00000000-0001-7202-8202-020202020202\r\n"
        );
    }
}
