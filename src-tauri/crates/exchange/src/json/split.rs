//! A JSON file cut into its rows: a list of objects, an object a line, or objects one after the
//! other. One malformed row costs itself and no other.

use std::io;

use super::machine::{Fed, Machine, is_space};
use super::recover::{Found, Habit, next_row};
use crate::error::Problem;
use crate::source::{Bytes, LONGEST_ROW, Window};

/// How rows follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// `[{…}, {…}]`
    List,
    /// An object a line.
    Lines,
    /// Objects over several lines, one after the other.
    Stream,
}

/// A row's text, which is one JSON value, and where it stood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Split {
    pub(crate) row: u64,
    pub(crate) json: String,
}

/// Cuts a file into rows.
pub(crate) struct Splitter {
    window: Window,
    layout: Layout,
    row: u64,
    habit: Habit,
    recovered: bool,
    in_list: bool,
    after_item: bool,
    ended: bool,
    told: bool,
    longest: usize,
    /// What ended the file before its end.
    pub(crate) broken: Option<Problem>,
    /// What is amiss between rows.
    pub(crate) warnings: Vec<Problem>,
}

enum Cut {
    Whole(usize),
    Bad(&'static str),
    TooLong,
    FileEnds,
}

impl Splitter {
    pub(crate) fn new(source: Bytes, layout: Layout) -> Self {
        Self {
            window: Window::new(source),
            layout,
            row: 0,
            habit: Habit::default(),
            recovered: false,
            in_list: false,
            after_item: false,
            ended: false,
            told: false,
            longest: LONGEST_ROW,
            broken: None,
            warnings: Vec::new(),
        }
    }

    fn step(&mut self) -> io::Result<Option<Result<Split, Problem>>> {
        if self.ended {
            return Ok(None);
        }
        let more = match self.layout {
            Layout::Lines => return self.next_line(),
            Layout::List => self.next_in_list()?,
            Layout::Stream => self.skip_space()?.is_some(),
        };
        if more { self.take_row() } else { Ok(None) }
    }

    /// Ends the file, with what broke it if that has not been said yet.
    fn last_word(&mut self) -> Option<Result<Split, Problem>> {
        self.ended = true;
        let told = std::mem::replace(&mut self.told, true);
        self.broken.clone().filter(|_| !told).map(Err)
    }

    fn next_line(&mut self) -> io::Result<Option<Result<Split, Problem>>> {
        let end = loop {
            let Some(end) = self.window.line_end(self.longest)? else {
                let line = self.window.line;
                self.window.skip_line()?;
                return Ok(Some(Err(self.too_long(line))));
            };
            if !self.window.data()[..end].trim_ascii().is_empty() {
                break end;
            }
            if self.window.data().len() <= end {
                return Ok(None);
            }
            self.window.consume(end + 1);
        };
        let line = self.window.line;
        let bytes = self.window.data()[..end].trim_ascii().to_vec();
        let is_last = self.window.data().len() <= end;
        self.window.consume(end + 1);
        let mut machine = Machine::new();
        Ok(Some(match machine.feed(&bytes) {
            Fed::Done(end) if end == bytes.len() => self.whole(line, bytes),
            Fed::Done(_) => Err(self.bad(line, "something follows the row on its line")),
            Fed::Bad(_, why) => Err(self.bad(line, why)),
            Fed::More if machine.feed(b" ") == Fed::Done(0) => self.whole(line, bytes),
            Fed::More if is_last => {
                self.cut_off(line);
                return Ok(None);
            }
            Fed::More => Err(self.bad(line, "the row is not closed at the end of its line")),
        }))
    }

    /// Moves to the next item of the list; false at its end.
    fn next_in_list(&mut self) -> io::Result<bool> {
        loop {
            let Some(byte) = self.skip_space()? else {
                self.cut_off(self.window.line);
                return Ok(false);
            };
            match byte {
                b'[' if !self.in_list => self.in_list = true,
                b',' => {
                    if !self.after_item {
                        self.warn("a comma too many stands before it");
                    }
                    self.after_item = false;
                }
                b']' => return self.close_list(),
                _ => {
                    if self.after_item {
                        self.warn("a comma is missing before it");
                    }
                    return Ok(true);
                }
            }
            self.window.consume(1);
            self.habit.indent = None;
        }
    }

    fn close_list(&mut self) -> io::Result<bool> {
        self.window.consume(1);
        if self.skip_space()?.is_none() {
            return Ok(false);
        }
        if self.recovered {
            // The bracket may have belonged to the row that went wrong.
            match next_row(&mut self.window, &self.habit)? {
                Found::Row => return Ok(true),
                Found::End(b']') => return Ok(false),
                Found::End(_) => {}
            }
        }
        let message = format!(
            "something follows the end of the list (line {}): it is not read",
            self.window.line
        );
        self.broken = Some(Problem::new(self.row, "after_end", message));
        Ok(false)
    }

    fn take_row(&mut self) -> io::Result<Option<Result<Split, Problem>>> {
        let line = self.window.line;
        let cut = self.find_end()?;
        self.after_item = true;
        match cut {
            Cut::Whole(length) => {
                let bytes = self.window.data()[..length].to_vec();
                self.window.consume(length);
                Ok(Some(self.whole(line, bytes)))
            }
            Cut::FileEnds => {
                self.cut_off(line);
                Ok(None)
            }
            Cut::Bad(why) => {
                let problem = self.bad(line, why);
                self.recover()?;
                Ok(Some(Err(problem)))
            }
            Cut::TooLong => {
                let problem = self.too_long(line);
                self.recover()?;
                Ok(Some(Err(problem)))
            }
        }
    }

    fn find_end(&mut self) -> io::Result<Cut> {
        let mut machine = Machine::new();
        let mut fed = 0;
        loop {
            let fresh = self.window.data().get(fed..).unwrap_or(&[]);
            match machine.feed(fresh) {
                Fed::Done(at) if fed + at > self.longest => return Ok(Cut::TooLong),
                Fed::Done(at) => return Ok(Cut::Whole(fed + at)),
                Fed::Bad(_, why) => return Ok(Cut::Bad(why)),
                Fed::More => fed += fresh.len(),
            }
            if fed > self.longest {
                return Ok(Cut::TooLong);
            }
            if !self.window.fill()? {
                return Ok(match machine.feed(b" ") {
                    Fed::Done(_) => Cut::Whole(fed),
                    _ => Cut::FileEnds,
                });
            }
        }
    }

    fn recover(&mut self) -> io::Result<()> {
        self.recovered = true;
        self.habit.learn(self.window.data());
        self.after_item = false;
        if let Found::End(last) = next_row(&mut self.window, &self.habit)? {
            self.ended = true;
            if self.layout == Layout::List && last != b']' {
                self.cut_off(self.window.line);
            }
        }
        Ok(())
    }

    /// Moves behind white space, and remembers what of it indents the row to come.
    fn skip_space(&mut self) -> io::Result<Option<u8>> {
        if self.window.line == 1 && self.row == 0 && !self.in_list {
            self.habit.indent = Some(Vec::new());
        }
        loop {
            let data = self.window.look(1)?;
            let length = data.iter().take_while(|b| is_space(**b)).count();
            for byte in &data[..length] {
                match (byte, &mut self.habit.indent) {
                    (b'\n', indent) => *indent = Some(Vec::new()),
                    (_, Some(indent)) if indent.len() < 256 => indent.push(*byte),
                    _ => {}
                }
            }
            let (next, more) = (data.get(length).copied(), !data.is_empty());
            self.window.consume(length);
            if next.is_some() || !more {
                return Ok(next);
            }
        }
    }

    fn whole(&mut self, line: u64, bytes: Vec<u8>) -> Result<Split, Problem> {
        self.row += 1;
        self.habit.learn(&bytes);
        if self.layout != Layout::Lines {
            self.habit.indent = None;
        }
        match String::from_utf8(bytes) {
            Ok(json) => Ok(Split {
                row: self.row,
                json,
            }),
            Err(error) => {
                let at = error.utf8_error().valid_up_to() + 1;
                let message = format!(
                    "the row (line {line}) is not UTF-8 at its byte {at}: save the file as UTF-8"
                );
                Err(Problem::new(self.row, "not_utf8", message))
            }
        }
    }

    fn bad(&mut self, line: u64, why: &str) -> Problem {
        self.row += 1;
        let message = format!("the row (from line {line}) is not JSON: {why}");
        Problem::new(self.row, "bad_json", message)
    }

    fn too_long(&mut self, line: u64) -> Problem {
        self.row += 1;
        let message = format!(
            "the row (from line {line}) is longer than {} MiB: keep media in files beside the rows",
            self.longest >> 20
        );
        Problem::new(self.row, "too_long", message)
    }

    fn cut_off(&mut self, line: u64) {
        let message = format!(
            "the file is cut off here (line {line}): the rows before it were read; get the whole \
             file and import that"
        );
        self.broken = Some(Problem::new(self.row + 1, "cut_off", message));
    }

    fn warn(&mut self, what: &str) {
        if self.warnings.len() < 20 {
            let message = format!("{what} (line {})", self.window.line);
            let problem = Problem::new(self.row + 1, "stray_comma", message);
            self.warnings.push(problem);
        }
    }
}

impl Iterator for Splitter {
    type Item = Result<Split, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.step() {
            Ok(Some(row)) => Some(row),
            Ok(None) => self.last_word(),
            Err(error) => {
                let message = format!("the file cannot be read on from here: {error}");
                self.broken = Some(Problem::new(self.row + 1, "cannot_read", message));
                self.last_word()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tests::dripping;

    fn split_in(layout: Layout, bytes: &[u8], portions: &[usize]) -> (Vec<String>, Option<String>) {
        let mut splitter = Splitter::new(dripping(bytes, portions), layout);
        splitter.longest = 200;
        let rows = splitter
            .by_ref()
            .map(|row| match row {
                Ok(split) => format!("{} {}", split.row, split.json),
                Err(problem) => format!("{} !{}", problem.row, problem.code),
            })
            .collect();
        (rows, splitter.broken.map(|b| b.code.to_owned()))
    }

    fn split(layout: Layout, text: &str) -> Vec<String> {
        let whole = split_in(layout, text.as_bytes(), &[1 << 16]);
        for portions in [&[1][..], &[2, 3, 1], &[7]] {
            assert_eq!(
                split_in(layout, text.as_bytes(), portions),
                whole,
                "{portions:?}"
            );
        }
        whole.0
    }

    #[test]
    fn rows_come_out_of_any_layout() {
        let rows = ["1 {\"a\":\"},{\\\"\"}", "2 {\"a\":[{}]}"];
        let (one, two) = (&rows[0][2..], &rows[1][2..]);
        assert_eq!(split(Layout::List, &format!("[{one},{two}]")), rows);
        assert_eq!(
            split(Layout::List, &format!(" [\r\n{one}\n, {two}\n]\n ")),
            rows
        );
        assert_eq!(split(Layout::Lines, &format!("{one}\r\n\n {two}")), rows);
        assert_eq!(split(Layout::Stream, &format!("{one} {two}\n")), rows);
        assert_eq!(split(Layout::Stream, &format!("{one}{two}")), rows);
        for layout in [Layout::List, Layout::Lines, Layout::Stream] {
            assert_eq!(
                split(layout, "[]").len(),
                usize::from(layout != Layout::List)
            );
        }
    }

    #[test]
    fn a_bad_row_costs_itself_alone() {
        for bad in [
            "{\"a\":\"x}",
            "{\"a\":x\"}",
            "{\"a\":1,}",
            "{\"a\":1",
            "{\"a\":[1}",
            "{\"a\":\"b\"c\"}",
            "{\"a\":'x'}",
            "{\"a\":None}",
        ] {
            let expected = [
                "1 {\"a\":0}",
                "2 !bad_json",
                "3 {\"a\":[{\"b\":2}]}",
                "4 {\"a\":3}",
            ];
            let good = expected.map(|row| &row[2..]);
            for between in [",", ",\n", ", "] {
                let list = [good[0], bad, good[2], good[3]].join(between);
                assert_eq!(
                    split(Layout::List, &format!("[{list}]")),
                    expected,
                    "{list}"
                );
            }
            let list = [good[0], bad, good[2], good[3]].join(",\n    ");
            assert_eq!(
                split(Layout::List, &format!("[\n    {list}\n]")),
                expected,
                "{list}"
            );
            let lines = [good[0], bad, good[2], good[3]].join("\n");
            assert_eq!(split(Layout::Lines, &lines), expected, "{lines}");
            let list = [bad, good[2], good[3]].join(",");
            let renumbered = ["1 !bad_json", "2 {\"a\":[{\"b\":2}]}", "3 {\"a\":3}"];
            assert_eq!(
                split(Layout::List, &format!("[{list}]")),
                renumbered,
                "{list}"
            );
        }
    }

    #[test]
    fn a_cut_file_gives_its_rows_and_then_says_so() {
        let file = "[{\"a\":1},{\"a\":2}]";
        for end in 1..file.len() {
            let (rows, broken) = split_in(Layout::List, &file.as_bytes()[..end], &[3]);
            assert_eq!(broken.as_deref(), Some("cut_off"), "cut at {end}");
            assert!(rows.last().unwrap().ends_with("!cut_off"), "{rows:?}");
            assert_eq!(
                rows.len() - 1,
                usize::from(end >= 8) + usize::from(end >= 16)
            );
        }
        let (rows, broken) = split_in(Layout::Lines, b"{\"a\":1}\n{\"a\":", &[4]);
        assert_eq!((rows.len(), broken.as_deref()), (2, Some("cut_off")));
        let (rows, broken) = split_in(Layout::Lines, b"{\"a\":\n{\"a\":1}\n", &[4]);
        assert_eq!(
            (rows, broken),
            (vec!["1 !bad_json".into(), "2 {\"a\":1}".into()], None)
        );
    }

    #[test]
    fn long_and_undecodable_rows_are_refused_alone() {
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(500));
        let expected = ["1 !too_long", "2 {\"a\":1}"];
        assert_eq!(
            split(Layout::List, &format!("[{long},{{\"a\":1}}]")),
            expected
        );
        assert_eq!(
            split(Layout::Lines, &format!("{long}\n{{\"a\":1}}\n")),
            expected
        );
        let bytes = b"[{\"a\":\"\xff\"},{\"a\":1}]";
        let (rows, _) = split_in(Layout::List, bytes, &[5]);
        assert_eq!(rows, ["1 !not_utf8", "2 {\"a\":1}"]);
    }

    #[test]
    fn no_bytes_are_too_strange() {
        // A linear congruential generator: the same bytes in every run.
        let mut state = 0x2545_f491_u64;
        let alphabet = b"{}[]\":,\\ \n\tua01-.eN\xff\xc3\xa9tnf";
        for _ in 0..20_000 {
            let bytes: Vec<u8> = (0..24)
                .map(|_| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    alphabet[(state >> 40) as usize % alphabet.len()]
                })
                .collect();
            for layout in [Layout::List, Layout::Lines, Layout::Stream] {
                let whole = split_in(layout, &bytes, &[64]);
                assert_eq!(split_in(layout, &bytes, &[1, 2]), whole, "{bytes:?}");
                assert!(whole.0.len() <= bytes.len() + 1, "it ends");
            }
        }
    }
}
