//! Where the next row begins after one that went wrong. The grammar cannot tell, for a quote too
//! few turns everything inside out; the shape of the rows before can.

use std::io;

use super::machine::is_space;
use crate::source::Window;

/// How rows of this file begin.
#[derive(Debug, Default)]
pub(crate) struct Habit {
    /// The first field's name, quoted, of the first row that was taken.
    pub(crate) first_key: Option<Vec<u8>>,
    /// The white space between the line's start and the row's, where only that stands there.
    pub(crate) indent: Option<Vec<u8>>,
}

/// Indents and names longer than this are no help.
const LONGEST: usize = 256;

impl Habit {
    /// Learns from a row.
    pub(crate) fn learn(&mut self, row: &[u8]) {
        if self.first_key.is_none() {
            self.first_key = first_key(row);
        }
    }

    fn begins_row(&self, data: &[u8]) -> bool {
        match (&self.first_key, first_key(data)) {
            (Some(known), Some(found)) => *known == found,
            (None, found) => found.is_some(),
            (Some(_), None) => false,
        }
    }
}

fn first_key(row: &[u8]) -> Option<Vec<u8>> {
    let inner = row.strip_prefix(b"{")?.trim_ascii_start();
    let inner = inner.get(..inner.len().min(LONGEST))?;
    let name = inner.strip_prefix(b"\"")?;
    let end = name.iter().position(|b| *b == b'"')?;
    Some(name[..=end].to_vec())
}

/// How a file ended during the search.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The window starts at a row.
    Row,
    /// No more rows; the last byte that is not white space.
    End(u8),
}

/// Moves the window from the start of a bad row to that of the next one: an opening brace that
/// stands on its line as the bad row did, or else one that follows a comma or a brace and has the
/// name that rows begin with.
pub(crate) fn next_row(window: &mut Window, habit: &Habit) -> io::Result<Found> {
    let mut before = window.look(1)?.first().copied().unwrap_or(b' ');
    window.consume(1);
    let mut indent: Option<Vec<u8>> = None;
    loop {
        if window.look(1)?.is_empty() {
            return Ok(Found::End(before));
        }
        let data = window.data();
        let mut at = 0;
        let mut candidate = false;
        while let Some(&byte) = data.get(at) {
            match byte {
                b'\n' => indent = Some(Vec::new()),
                _ if is_space(byte) => {
                    if let Some(indent) = indent.as_mut().filter(|i| i.len() < LONGEST) {
                        indent.push(byte);
                    }
                }
                b'{' => {
                    candidate = true;
                    break;
                }
                _ => {
                    before = byte;
                    indent = None;
                }
            }
            at += 1;
        }
        window.consume(at);
        if !candidate {
            continue;
        }
        let ahead = window.look(2 * LONGEST)?;
        let is_row = match &habit.indent {
            Some(known) => indent.as_ref() == Some(known),
            None => matches!(before, b',' | b'}') && habit.begins_row(ahead),
        };
        if is_row {
            return Ok(Found::Row);
        }
        window.consume(1);
        before = b'{';
        indent = None;
    }
}
