//! What an import would make of a file's first rows, with nothing written anywhere.

use std::collections::HashMap;
use std::path::Path;

use tiebreak_exchange::{Column, Columns, ExchangeError, Incoming, Item};

use super::media_finder::{MediaFinder, Target};
use super::{file_name, finder, open};
use crate::dto::{
    ColumnInfo, ImportPreview, ImportReport, ImportRequest, PreviewMedia, PreviewRow,
};
use crate::error::{CommandError, Result};

/// How many rows are looked at, and how many shown.
const LOOKED_AT: u64 = 2000;
const SHOWN: usize = 20;

/// Understands the first rows of a file. An unknown table is shown through a guessed mapping,
/// which the screen lets people change.
pub fn preview(request: &ImportRequest) -> Result<ImportPreview> {
    let file = Path::new(&request.file);
    // What cannot be sampled is said by the reader, in the words for it.
    let columns = tiebreak_exchange::columns(file).ok();
    let mut request = request.clone();
    let mut reader = match open(&request) {
        Ok(reader) => reader,
        Err(error) if error.code == needs_mapping() && request.mapping.is_none() => {
            let Some(columns) = &columns else {
                return Err(error);
            };
            let guess = tiebreak_exchange::guess_mapping(columns);
            request.mapping = Some(guess.to_toml()?);
            request.format = None;
            if let Err(incomplete) = guess.validate() {
                return Ok(to_be_mapped(&request, columns, incomplete.to_string()));
            }
            open(&request)?
        }
        Err(error) => return Err(error),
    };
    let mut media = finder(&request, Target::default(), HashMap::new());
    let mut report = ImportReport {
        file: file_name(file),
        format: reader.format().as_str().to_owned(),
        why: reader.why().to_owned(),
        dry_run: true,
        ..ImportReport::default()
    };
    report.note(reader.warnings().iter().cloned());
    let opened = reader.warnings().len();
    let mut rows = Vec::new();
    while report.rows < LOOKED_AT {
        let Some(item) = reader.next() else { break };
        report.rows += 1;
        match item {
            Ok(Item::Vote(_)) => report.votes += 1,
            Ok(Item::Pair(incoming)) => look(incoming, &mut media, &mut report, &mut rows),
            Err(problem) => report.refuse(problem),
        }
    }
    report.note(reader.warnings().iter().skip(opened).cloned());
    report.note(std::mem::take(&mut media.remarks));
    report.media = media.media();
    Ok(ImportPreview {
        report,
        rows,
        columns: columns.as_ref().map(told).unwrap_or_default(),
        mapping: request.mapping,
        media_root: (media.found > 0).then(|| media.root()),
    })
}

/// A table whose fields say too little: the screen offers them, and no row is understood yet.
fn to_be_mapped(request: &ImportRequest, columns: &Columns, why: String) -> ImportPreview {
    let report = ImportReport {
        file: file_name(Path::new(&request.file)),
        format: "mapped".to_owned(),
        why,
        dry_run: true,
        ..ImportReport::default()
    };
    ImportPreview {
        report,
        rows: Vec::new(),
        columns: told(columns),
        mapping: request.mapping.clone(),
        media_root: None,
    }
}

fn told(columns: &Columns) -> Vec<ColumnInfo> {
    let told = |c: &Column| ColumnInfo {
        name: c.name.clone(),
        examples: c.examples.clone(),
        values: c.values.clone(),
    };
    columns.fields.iter().map(told).collect()
}

fn needs_mapping() -> &'static str {
    ExchangeError::NeedsMapping(String::new()).code()
}

fn look(
    incoming: Incoming,
    finder: &mut MediaFinder,
    report: &mut ImportReport,
    rows: &mut Vec<PreviewRow>,
) {
    if rows.len() < SHOWN {
        rows.push(preview_row(&incoming, finder));
    }
    match super::reader::understand(incoming, finder) {
        Ok((row, remarks)) => {
            report.taken += 1;
            report.votes += row.votes.len() as u64;
            report.resolutions += u64::from(row.resolution.is_some());
            report.note(remarks);
        }
        Err(problem) => report.refuse(problem),
    }
}

fn preview_row(incoming: &Incoming, finder: &mut MediaFinder) -> PreviewRow {
    let places = [
        ("prompt", &incoming.prompt_media),
        ("response1", &incoming.response1.media),
        ("response2", &incoming.response2.media),
    ];
    let media = places
        .into_iter()
        .flat_map(|(place, sources)| sources.iter().map(move |source| (place, source)))
        .map(|(place, source)| {
            let found = finder.link(source);
            PreviewMedia {
                place: place.to_owned(),
                path: match &found {
                    Ok(link) => link.name.clone(),
                    Err(_) => source.shown().to_owned(),
                },
                kind: found.as_ref().ok().map(|link| link.file.media.kind),
                problem: found.err(),
            }
        })
        .collect();
    PreviewRow {
        row: incoming.row,
        task: incoming.task.clone(),
        prompt: incoming.prompt.clone(),
        response1: incoming.response1.text.clone(),
        response2: incoming.response2.text.clone(),
        models: [
            incoming.response1.model.clone(),
            incoming.response2.model.clone(),
        ],
        criterion: incoming.criterion.as_ref().map(|c| c.text().to_owned()),
        resolution: incoming.resolution.map(|v| v.to_string()),
        votes: incoming
            .votes
            .iter()
            .filter_map(|v| Some(format!("{}: {}", v.annotator, v.verdict?)))
            .collect(),
        media,
    }
}

/// Saves a mapping, after looking whether it is one.
pub fn save_mapping(path: &Path, toml: &str) -> Result<()> {
    tiebreak_exchange::Mapping::from_toml(toml)?;
    std::fs::write(path, toml).map_err(|error| {
        CommandError::new("io", format!("the mapping could not be saved: {error}"))
            .in_file(&path.display().to_string())
    })
}
