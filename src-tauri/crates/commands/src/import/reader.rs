//! The reading half of an import: rows out of the file, understood, their media found, in batches.

use tiebreak_domain::{Criterion, MediaRef, Pair, Prompt, Response, VoteLine};
use tiebreak_exchange::{Incoming, Item, Problem, RawJson, Reader};
use tiebreak_store::{IntakeRow, IntakeVote, MediaLink};
use tokio::sync::mpsc::Sender;

use super::Cancel;
use super::media_finder::MediaFinder;
use super::put::Put;
use crate::error::CommandError;

/// How many rows are written at a time, and from how many bytes of the file at the most: many
/// rows a statement make an import fast, huge rows must not make it large.
const BATCH: usize = 2048;
const BATCH_BYTES: u64 = 4 << 20;

/// Rows on their way to the store.
#[derive(Default)]
pub(crate) struct Batch {
    pub rows: Vec<IntakeRow>,
    pub votes: Vec<(u64, VoteLine)>,
    pub refused: Vec<Problem>,
    pub remarks: Vec<Problem>,
    pub rows_read: u64,
    pub bytes_read: u64,
    pub bytes_total: u64,
    pub media: u64,
    /// The root of media used in place.
    pub root: String,
}

pub(crate) struct Work {
    pub reader: Reader,
    pub finder: MediaFinder,
    pub cancel: Cancel,
}

/// How the reading ended.
pub(crate) struct Read {
    /// What was put into the project.
    pub put: Put,
    /// What ended the file before its end.
    pub broken: Option<Problem>,
    /// Why it was not read on although it could be.
    pub failed: Option<CommandError>,
}

impl Work {
    fn end(self) -> Read {
        let broken = self.reader.broken().cloned();
        let mut finder = self.finder;
        let failed = finder.failed.take().map(CommandError::from);
        Read {
            put: finder.into_put(),
            broken,
            failed,
        }
    }

    /// Reads to the end, or until it is cancelled, nobody listens, or the project can take nothing
    /// more.
    pub(crate) fn run(mut self, out: &Sender<Batch>) -> Read {
        let mut rows_read = 0;
        // The warnings of its opening have been told.
        let mut told = self.reader.warnings().len();
        loop {
            let mut batch = Batch::default();
            let mut ended = false;
            let began_at = self.reader.bytes_read();
            for _ in 0..BATCH {
                if self.reader.bytes_read() - began_at > BATCH_BYTES {
                    break;
                }
                if self.cancel.is_cancelled() || self.finder.failed.is_some() {
                    return self.end();
                }
                let Some(item) = self.reader.next() else {
                    ended = true;
                    break;
                };
                rows_read += 1;
                self.sort(item, rows_read, &mut batch);
            }
            batch.remarks.append(&mut self.finder.remarks);
            let warnings = self.reader.warnings();
            batch.remarks.extend(warnings.iter().skip(told).cloned());
            told = warnings.len();
            batch.rows_read = rows_read;
            batch.bytes_read = self.reader.bytes_read();
            batch.bytes_total = self.reader.bytes_total();
            batch.media = self.finder.media();
            batch.root = self.finder.root();
            if out.blocking_send(batch).is_err() || ended {
                return self.end();
            }
        }
    }

    fn sort(&mut self, item: Result<Item, Problem>, row: u64, batch: &mut Batch) {
        match item {
            Ok(Item::Vote(line)) => batch.votes.push((row, *line)),
            Ok(Item::Pair(incoming)) => match understand(incoming, &mut self.finder) {
                Ok((row, remarks)) => {
                    batch.rows.push(row);
                    batch.remarks.extend(remarks);
                }
                Err(problem) => batch.refused.push(problem),
            },
            Err(problem) => batch.refused.push(problem),
        }
    }
}

/// A row with its media found, or why it is refused.
pub(crate) fn understand(
    incoming: Incoming,
    finder: &mut MediaFinder,
) -> Result<(IntakeRow, Vec<Problem>), Problem> {
    let row = incoming.row;
    let media = [
        finder.links(row, &incoming.prompt_media)?,
        finder.links(row, &incoming.response1.media)?,
        finder.links(row, &incoming.response2.media)?,
    ];
    for links in &media {
        finder.use_up(links);
    }
    let refs = |links: &[MediaLink]| -> Vec<MediaRef> {
        links.iter().map(|link| link.file.media.clone()).collect()
    };
    let pair = Pair {
        task: incoming.task,
        prompt: Prompt {
            text: incoming.prompt,
            media: refs(&media[0]),
        },
        response1: Response {
            text: incoming.response1.text,
            media: refs(&media[1]),
            model: incoming.response1.model,
        },
        response2: Response {
            text: incoming.response2.text,
            media: refs(&media[2]),
            model: incoming.response2.model,
        },
    };
    let votes = incoming
        .votes
        .into_iter()
        .filter_map(|vote| {
            Some(IntakeVote {
                annotator: vote.annotator,
                verdict: vote.verdict?,
                confidence: vote.confidence,
                rationale: vote.rationale,
                at_ms: vote.at_ms.unwrap_or(0),
            })
        })
        .collect();
    let pair_id = pair.id();
    let criterion_id = incoming.criterion.as_ref().map(Criterion::id);
    // A pair asks for criteria once, however many rows it has.
    let own = criterion_id.and(incoming.source_id.as_deref());
    let intake = IntakeRow {
        row,
        pair_id,
        question_id: Pair::question_id(pair_id, criterion_id, own),
        criterion_id,
        prompt_id: pair.prompt.id(),
        pair,
        media,
        criterion: incoming.criterion,
        source_id: incoming.source_id,
        resolution: incoming.resolution,
        votes,
        shape: serde_json::to_string(&incoming.shape).unwrap_or_default(),
        extra: kept(&incoming.extra),
    };
    Ok((intake, incoming.remarks))
}

/// Fields that are kept verbatim, as the store holds them: pairs of key and the value's text.
fn kept(extra: &[(String, RawJson)]) -> Option<String> {
    if extra.is_empty() {
        return None;
    }
    let pairs: Vec<(&str, &str)> = extra
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    serde_json::to_string(&pairs).ok()
}
