//! Bytes of a file as they come: counted for the progress bar, with a window of what has been read
//! and not yet understood, so that memory holds one row and never the file.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The longest row taken, in bytes. A longer one is refused, and what follows it is read.
pub(crate) const LONGEST_ROW: usize = 256 << 20;
const CHUNK: usize = 64 << 10;
const KEPT: usize = 4 << 20;

/// What bytes come from.
pub(crate) type Bytes = Box<dyn Read + Send>;

/// Counts what is read through it.
pub(crate) struct Counted<R> {
    pub(crate) inner: R,
    pub(crate) count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A window on a file.
pub(crate) struct Window {
    source: Bytes,
    buffer: Vec<u8>,
    start: usize,
    end_of_file: bool,
    /// The line that the window starts in, from 1.
    pub(crate) line: u64,
}

impl Window {
    pub(crate) const fn new(source: Bytes) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            start: 0,
            end_of_file: false,
            line: 1,
        }
    }

    /// What has been read and not consumed.
    pub(crate) fn data(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or(&[])
    }

    /// Reads more behind the data; says whether there was any.
    pub(crate) fn fill(&mut self) -> io::Result<bool> {
        if self.end_of_file {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
            if self.buffer.len() < CHUNK && self.buffer.capacity() > KEPT {
                self.buffer.shrink_to(KEPT);
            }
        }
        let filled = self.buffer.len();
        self.buffer.resize(filled + CHUNK, 0);
        let read = loop {
            match self.source.read(&mut self.buffer[filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.buffer.truncate(filled + *read.as_ref().unwrap_or(&0));
        self.end_of_file = read? == 0;
        Ok(!self.end_of_file)
    }

    /// Reads until the data holds `length` bytes or the file ends.
    pub(crate) fn look(&mut self, length: usize) -> io::Result<&[u8]> {
        while self.data().len() < length && self.fill()? {}
        Ok(self.data())
    }

    /// Moves on by `length` bytes.
    pub(crate) fn consume(&mut self, length: usize) {
        let end = (self.start + length).min(self.buffer.len());
        let passed = self.buffer.get(self.start..end).unwrap_or(&[]);
        self.line += passed.iter().filter(|b| **b == b'\n').count() as u64;
        self.start = end;
    }

    /// Where the next line ends, its break excluded, if that is within `longest` bytes: `None`
    /// for a longer one. At the end of the file the rest is a line.
    pub(crate) fn line_end(&mut self, longest: usize) -> io::Result<Option<usize>> {
        let mut seen = 0;
        loop {
            let fresh = self.data().get(seen..).unwrap_or(&[]);
            if let Some(at) = fresh.iter().position(|b| *b == b'\n') {
                return Ok((seen + at <= longest).then_some(seen + at));
            }
            seen = self.data().len();
            if seen > longest {
                return Ok(None);
            }
            if !self.fill()? {
                return Ok(Some(seen));
            }
        }
    }

    /// Moves behind the next line break, however far it is.
    pub(crate) fn skip_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(at) = self.data().iter().position(|b| *b == b'\n') {
                self.consume(at + 1);
                return Ok(());
            }
            self.consume(self.data().len());
            if !self.fill()? {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Gives its bytes in portions of the given sizes, round and round.
    pub(crate) struct Dripping {
        pub(crate) bytes: Vec<u8>,
        pub(crate) at: usize,
        pub(crate) portions: Vec<usize>,
        pub(crate) turn: usize,
    }

    impl Read for Dripping {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let portion = self.portions[self.turn % self.portions.len()];
            self.turn += 1;
            let left = self.bytes.len() - self.at;
            let give = portion.min(left).min(buffer.len());
            buffer[..give].copy_from_slice(&self.bytes[self.at..self.at + give]);
            self.at += give;
            Ok(give)
        }
    }

    pub(crate) fn dripping(bytes: &[u8], portions: &[usize]) -> Bytes {
        Box::new(Dripping {
            bytes: bytes.to_vec(),
            at: 0,
            portions: portions.to_vec(),
            turn: 0,
        })
    }

    #[test]
    fn lines_are_found_across_portions() {
        let mut window = Window::new(dripping(b"ab\ncdefgh\n\nx", &[1, 2]));
        assert_eq!(window.line_end(5).unwrap(), Some(2));
        window.consume(3);
        assert_eq!(window.line_end(5).unwrap(), None, "too long");
        window.skip_line().unwrap();
        assert_eq!(window.line_end(5).unwrap(), Some(0));
        window.consume(1);
        assert_eq!((window.line_end(5).unwrap(), window.line), (Some(1), 4));
        assert_eq!(window.data(), b"x");
    }
}
