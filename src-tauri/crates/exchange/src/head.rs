//! What kind of file it is, from its name and its first bytes.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::error::{ExchangeError, Result, shorten};
use crate::json::cells::{items, members};
use crate::json::machine::{Fed, Machine};
use crate::json::split::Layout;
use crate::source::{Bytes, Counted};

const HEAD: u64 = 1 << 20;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// How the rows of a file stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Json(Layout),
    /// A table with this delimiter.
    Table(u8),
    Parquet,
}

/// A file's first bytes.
pub(crate) struct Head {
    bytes: Vec<u8>,
    /// Whether the file has no more.
    whole: bool,
    /// Whether a byte order mark stood before them.
    pub(crate) marked: bool,
    /// The file's size.
    pub(crate) total: u64,
}

/// Opens a file that is one.
pub(crate) fn opened(path: &Path) -> Result<File> {
    let failed = |source| ExchangeError::Open {
        path: path.to_owned(),
        source,
    };
    // Looked at before it is opened: opening a pipe would wait for its other end.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(ExchangeError::NotAFile(path.to_owned()));
    }
    File::open(path).map_err(failed)
}

/// The file's bytes behind its byte order mark, counted as they are read.
pub(crate) fn bytes(path: &Path, count: &Arc<AtomicU64>) -> Result<Bytes> {
    let mut file = Counted {
        inner: opened(path)?,
        count: Arc::clone(count),
    };
    let mut first = Vec::new();
    (&mut file)
        .take(BOM.len() as u64)
        .read_to_end(&mut first)
        .map_err(|source| ExchangeError::Open {
            path: path.to_owned(),
            source,
        })?;
    if first == BOM {
        first.clear();
    }
    Ok(Box::new(Cursor::new(first).chain(file)))
}

impl Head {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let failed = |source| ExchangeError::Open {
            path: path.to_owned(),
            source,
        };
        let file = opened(path)?;
        let total = file.metadata().map_err(failed)?.len();
        let mut bytes = Vec::new();
        file.take(HEAD).read_to_end(&mut bytes).map_err(failed)?;
        let whole = (bytes.len() as u64) < HEAD;
        let marked = bytes.starts_with(BOM);
        if marked {
            bytes.drain(..BOM.len());
        }
        Ok(Self {
            bytes,
            whole,
            marked,
            total,
        })
    }

    /// What the file is, or a sentence on what it is instead.
    pub(crate) fn shape(&self, path: &Path) -> Result<Shape> {
        let text = self.bytes.trim_ascii_start();
        if text.is_empty() && self.whole {
            return Err(ExchangeError::Empty);
        }
        if self.bytes.starts_with(b"PAR1") {
            return Ok(Shape::Parquet);
        }
        if let Some(other) = stranger(&self.bytes) {
            return Err(ExchangeError::NotRows(other.to_owned()));
        }
        let extension = path
            .extension()
            .map(|e| e.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        match (extension.as_str(), text.first()) {
            ("csv", _) => Ok(Shape::Table(self.delimiter())),
            ("tsv" | "tab", _) => Ok(Shape::Table(b'\t')),
            ("parquet", _) => Err(ExchangeError::NotRows(
                "the file is called .parquet, but it does not begin as a Parquet file does, with \
                 PAR1: download or copy it again, or give it the name of what it is"
                    .to_owned(),
            )),
            (_, Some(b'[')) => Ok(Shape::Json(Layout::List)),
            ("jsonl" | "ndjson", _) => Ok(Shape::Json(Layout::Lines)),
            (_, Some(b'{')) => Ok(Shape::Json(self.layout())),
            ("json", _) => Err(self.not_json()),
            _ if self.first_line().iter().any(|b| b",;\t".contains(b)) => {
                Ok(Shape::Table(self.delimiter()))
            }
            _ => Err(self.not_json()),
        }
    }

    fn not_json(&self) -> ExchangeError {
        let start = String::from_utf8_lossy(self.first_line()).into_owned();
        ExchangeError::NotRows(format!(
            "the file begins with “{}”, which is no row: a JSON file of rows begins with [ or {{, \
             and a table with a line of column names (extension .csv or .tsv)",
            shorten(start.trim())
        ))
    }

    fn first_line(&self) -> &[u8] {
        let text = self.bytes.trim_ascii_start();
        text.split(|b| *b == b'\n').next().unwrap_or(text)
    }

    /// The delimiter that the header line has most of, outside quotes; a comma if none.
    fn delimiter(&self) -> u8 {
        let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
        let mut quoted = false;
        for byte in self.first_line() {
            quoted ^= *byte == b'"';
            for (delimiter, count) in &mut counts {
                *count += u32::from(!quoted && byte == delimiter);
            }
        }
        let mut best = counts[0];
        for other in counts {
            if other.1 > best.1 {
                best = other;
            }
        }
        best.0
    }

    /// Objects a line, or over several lines: one of the first lines that is an object by itself
    /// tells, for indented objects have their braces apart.
    fn layout(&self) -> Layout {
        let mut lines = self.bytes.split(|b| *b == b'\n').take(20);
        let is_row = |line: &[u8]| {
            let line = line.trim_ascii_end();
            line.starts_with(b"{") && Machine::new().feed(line) == Fed::Done(line.len())
        };
        if lines.any(is_row) || !self.bytes.contains(&b'\n') && !self.whole {
            Layout::Lines
        } else {
            Layout::Stream
        }
    }

    /// The name of the one list of objects in a file that is a single object around it.
    pub(crate) fn wrapped(&self) -> Option<String> {
        /// A row of real data does not hold so many objects.
        const MANY: usize = 100;
        let text = self.bytes.trim_ascii();
        if !text.starts_with(b"{") {
            return None;
        }
        let alone = match Machine::new().feed(text) {
            Fed::Done(end) => end == text.len() && self.whole,
            Fed::More => !self.whole,
            Fed::Bad(..) => false,
        };
        let text = String::from_utf8_lossy(text);
        let mut lists = members(&text).filter(|(_, value)| {
            let objects = items(value).take(MANY).filter(|i| i.starts_with('{'));
            value.starts_with('[') && objects.count() >= if self.whole { 1 } else { MANY }
        });
        let (name, _) = lists.next().filter(|_| alone)?;
        lists
            .next()
            .is_none()
            .then(|| crate::json::text::decode(name).text)
    }
}

/// A sentence for files that are known and are no text.
fn stranger(bytes: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 7] = [
        (
            b"PARE",
            "the Parquet file is encrypted: write it again without encryption, and import that",
        ),
        (
            b"\x1f\x8b",
            "the file is compressed (gzip): unpack it first",
        ),
        (b"PK\x03\x04", "the file is a ZIP archive: unpack it first"),
        (
            b"\x28\xb5\x2f\xfd",
            "the file is compressed (Zstandard): unpack it first",
        ),
        (
            b"SQLite format 3\0",
            "the file is a database: export its rows as JSON or CSV first",
        ),
        (
            b"\xff\xfe",
            "the file is UTF-16 text: save it as UTF-8 first",
        ),
        (
            b"\xfe\xff",
            "the file is UTF-16 text: save it as UTF-8 first",
        ),
    ];
    KNOWN
        .into_iter()
        .find(|(start, _)| bytes.starts_with(start))
        .map(|(_, sentence)| sentence)
}
