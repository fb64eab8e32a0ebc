//! What the tests of this crate share: reading text as a file, and rows back into rows to write.

#![allow(dead_code, reason = "each test file uses its own part of it")]

pub mod handmade;
pub mod tables;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Once;

use tiebreak_domain::{Modality, Verdict};
use tiebreak_exchange::{
    FormatId, Incoming, IncomingResponse, Item, Mapping, MediaSource, OmniWriter, OutRow, OutSide,
    Problem, ReadOptions, Reader, open,
};

/// The folder of shared data, or `None` where the checkout has none. That is said once a test file,
/// past the output that a test captures, in words that `cargo xtask test` tells again at its end.
pub fn shared() -> Option<PathBuf> {
    let path = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../../shared/data"
    ));
    if !path.is_dir() {
        static SAID: Once = Once::new();
        SAID.call_once(|| {
            let mut out = std::io::stdout().lock();
            let file = env!("CARGO_CRATE_NAME");
            writeln!(
                out,
                "\nleft out: exchange/tests/{file}: what is read from the shared data sets (there \
                 is no shared/data beside this checkout)"
            )
            .unwrap();
        });
        return None;
    }
    Some(path.to_owned())
}

/// A file with this name and content, in a folder that lives as long as the value.
pub struct Written {
    pub folder: tempfile::TempDir,
    pub path: PathBuf,
}

pub fn written(name: &str, content: impl AsRef<[u8]>) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    Written { folder, path }
}

pub fn task(id: &str) -> ReadOptions {
    ReadOptions {
        task: Some(id.parse().unwrap()),
        ..ReadOptions::default()
    }
}

pub fn with_mapping(toml: &str) -> ReadOptions {
    ReadOptions {
        mapping: Some(Mapping::from_toml(toml).unwrap()),
        ..ReadOptions::default()
    }
}

pub fn as_format(format: FormatId) -> ReadOptions {
    ReadOptions {
        format: Some(format),
        ..ReadOptions::default()
    }
}

pub fn pairs(reader: &mut Reader) -> (Vec<Incoming>, Vec<Problem>) {
    let (mut taken, mut refused) = (vec![], vec![]);
    for item in reader {
        match item {
            Ok(Item::Pair(incoming)) => taken.push(incoming),
            Ok(Item::Vote(vote)) => panic!("a vote among pairs: {vote:?}"),
            Err(problem) => refused.push(problem),
        }
    }
    (taken, refused)
}

/// The rows of a text, which must all be taken.
pub fn all(name: &str, content: &str, options: &ReadOptions) -> Vec<Incoming> {
    let file = written(name, content);
    let (taken, refused) = pairs(&mut open(&file.path, options).unwrap());
    assert_eq!(refused, []);
    taken
}

/// What becomes of a row when nothing happens to it.
pub fn out(row: &Incoming, prompt_modality: Modality, verdict: Verdict) -> OutRow {
    let path = |media: &MediaSource| media.shown().to_owned();
    let side = |response: &IncomingResponse| OutSide {
        text: response.text.clone(),
        media: response.media.iter().map(path).collect(),
        model: response.model.clone(),
    };
    OutRow {
        shape: row.shape.clone(),
        extra: row.extra.clone(),
        task: row.task.clone(),
        prompt: row.prompt.clone(),
        prompt_media: row
            .prompt_media
            .iter()
            .map(|m| (prompt_modality, path(m)))
            .collect(),
        response1: side(&row.response1),
        response2: side(&row.response2),
        criterion: row.criterion.as_ref().map(|c| c.text().to_owned()),
        source_id: row.source_id.clone(),
        verdict,
    }
}

pub fn write(rows: &[OutRow]) -> String {
    let mut writer = OmniWriter::new(Vec::new()).unwrap();
    for row in rows {
        writer.row(row).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// Rows in and out again, each with the verdict that it came with.
pub fn through(rows: &[Incoming]) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| out(row, Modality::Image, row.resolution.unwrap_or(Verdict::Tie)))
        .collect();
    write(&rows)
}
