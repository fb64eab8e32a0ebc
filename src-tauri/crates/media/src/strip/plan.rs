//! A copy of a file in pieces: ranges of the original, and bytes put between or over them.
//!
//! Made first and carried out then, so that a film of gigabytes is stripped without being read
//! into memory, and so that a file which cannot be followed writes nothing.

use std::io::{self, Read, Seek, SeekFrom, Write};

use super::{StripError, damaged};
use crate::file::each_piece;

/// The most that is read at once, in bytes.
const MAX_READ: u64 = 256 * 1024 * 1024;
/// The most patches laid over one file.
const MAX_PATCHES: usize = 4_000_000;

pub(super) trait Input: Read + Seek {}
impl<T: Read + Seek> Input for T {}

/// The original, read at any place.
pub(super) struct Source<'a> {
    input: &'a mut dyn Input,
    len: u64,
}

impl<'a> Source<'a> {
    pub(super) fn new(input: &'a mut dyn Input, len: u64) -> Self {
        Self { input, len }
    }

    /// The size of the original in bytes.
    pub(super) const fn len(&self) -> u64 {
        self.len
    }

    /// Up to `most` bytes from `at`: fewer only where the file ends.
    pub(super) fn read(&mut self, at: u64, most: u64) -> Result<Vec<u8>, StripError> {
        let most = most.min(self.len.saturating_sub(at));
        if most > MAX_READ {
            return Err(StripError::TooLarge {
                bytes: most,
                limit: MAX_READ,
            });
        }
        self.take(at, most)
    }

    /// The whole file, where it is no larger than `limit`.
    pub(super) fn all(&mut self, limit: u64) -> Result<Vec<u8>, StripError> {
        if self.len > limit {
            return Err(StripError::TooLarge {
                bytes: self.len,
                limit,
            });
        }
        self.take(0, self.len)
    }

    fn take(&mut self, at: u64, most: u64) -> Result<Vec<u8>, StripError> {
        if most == 0 {
            return Ok(Vec::new()); // Beyond its end a file need not even be sought.
        }
        self.input.seek(SeekFrom::Start(at))?;
        let mut bytes = Vec::new();
        (&mut *self.input).take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Copies a range to `out`.
    pub(super) fn copy(&mut self, at: u64, len: u64, out: &mut dyn Write) -> io::Result<()> {
        self.input.seek(SeekFrom::Start(at))?;
        let copied = each_piece(&mut self.input, len, |piece| out.write_all(piece))?;
        if copied == len {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into()) // It became shorter meanwhile.
        }
    }
}

#[derive(Debug)]
enum Piece {
    Copy { from: u64, len: u64 },
    Bytes(Vec<u8>),
    Fill { byte: u8, len: u64 },
}

/// The pieces of the copy, one after the other.
#[derive(Debug, Default)]
pub(super) struct Plan(Vec<Piece>);

impl Plan {
    pub(super) fn copy(&mut self, from: u64, len: u64) {
        if len > 0 {
            self.0.push(Piece::Copy { from, len });
        }
    }

    pub(super) fn bytes(&mut self, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            self.0.push(Piece::Bytes(bytes));
        }
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// How many bytes the copy has.
    pub(super) fn len(&self) -> u64 {
        self.0.iter().map(Piece::len).sum()
    }

    pub(super) fn write(&self, source: &mut Source<'_>, out: &mut dyn Write) -> io::Result<()> {
        for piece in &self.0 {
            match piece {
                Piece::Copy { from, len } => source.copy(*from, *len, out)?,
                Piece::Bytes(bytes) => out.write_all(bytes)?,
                Piece::Fill { byte, len } => {
                    io::copy(&mut io::repeat(*byte).take(*len), out)?;
                }
            }
        }
        Ok(())
    }
}

impl Piece {
    fn len(&self) -> u64 {
        match self {
            Self::Copy { len, .. } | Self::Fill { len, .. } => *len,
            Self::Bytes(bytes) => bytes.len() as u64,
        }
    }

    /// The piece without its first `cut` bytes.
    fn after(self, cut: u64) -> Self {
        match self {
            Self::Copy { from, len } => Self::Copy {
                from: from.saturating_add(cut),
                len: len.saturating_sub(cut),
            },
            Self::Fill { byte, len } => Self::Fill {
                byte,
                len: len.saturating_sub(cut),
            },
            Self::Bytes(bytes) => {
                let cut = usize::try_from(cut).unwrap_or(usize::MAX);
                Self::Bytes(bytes.get(cut..).unwrap_or(&[]).to_vec())
            }
        }
    }

    /// The first `most` bytes of the piece.
    fn before(self, most: u64) -> Self {
        match self {
            Self::Copy { from, len } => Self::Copy {
                from,
                len: len.min(most),
            },
            Self::Fill { byte, len } => Self::Fill {
                byte,
                len: len.min(most),
            },
            Self::Bytes(mut bytes) => {
                bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
                Self::Bytes(bytes)
            }
        }
    }
}

/// Bytes laid over the original in place, so that nothing moves.
#[derive(Debug, Default)]
pub(super) struct Overlay(Vec<(u64, Piece)>);

impl Overlay {
    pub(super) fn put(&mut self, at: u64, bytes: &[u8]) -> Result<(), StripError> {
        self.add(at, Piece::Bytes(bytes.to_vec()))
    }

    pub(super) fn fill(&mut self, at: u64, byte: u8, len: u64) -> Result<(), StripError> {
        self.add(at, Piece::Fill { byte, len })
    }

    /// What is laid over the file so far.
    pub(super) const fn mark(&self) -> usize {
        self.0.len()
    }

    /// Takes back what was laid over it since.
    pub(super) fn rewind(&mut self, mark: usize) {
        self.0.truncate(mark);
    }

    fn add(&mut self, at: u64, piece: Piece) -> Result<(), StripError> {
        if self.0.len() >= MAX_PATCHES {
            return Err(damaged("it has more parts than any real file"));
        }
        if piece.len() > 0 {
            self.0.push((at, piece));
        }
        Ok(())
    }

    /// The copy of a file of `len` bytes with the patches over it. Where two lie over each other,
    /// the one that begins first counts.
    pub(super) fn into_plan(mut self, len: u64) -> Plan {
        self.0.sort_by_key(|(at, _)| *at);
        let (mut plan, mut done) = (Plan::default(), 0u64);
        for (at, piece) in self.0 {
            let end = at.saturating_add(piece.len()).min(len);
            let from = at.max(done);
            if end <= from {
                continue;
            }
            plan.copy(done, from.saturating_sub(done));
            let piece = piece.after(from - at).before(end - from);
            plan.0.push(piece);
            done = end;
        }
        plan.copy(done, len.saturating_sub(done));
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn laid(patches: &[(u64, &[u8])]) -> Vec<u8> {
        let mut overlay = Overlay::default();
        for (at, bytes) in patches {
            overlay.put(*at, bytes).unwrap();
        }
        overlay.fill(8, b'-', 1).unwrap();
        let mut input = Cursor::new(b"0123456789");
        let mut out = Vec::new();
        let plan = overlay.into_plan(10);
        assert_eq!(plan.len(), 10);
        let mut source = Source::new(&mut input, 10);
        plan.write(&mut source, &mut out).unwrap();
        out
    }

    #[test]
    fn patches_move_nothing() {
        assert_eq!(laid(&[(2, b"ab"), (0, b"c")]), b"c1ab4567-9");
        assert_eq!(laid(&[(2, b"abcd"), (4, b"xyz")]), b"01abcdz7-9");
        assert_eq!(laid(&[(99, b"x"), (9, b"far beyond")]), b"01234567-f");
    }
}
