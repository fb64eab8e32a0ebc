//! Questions with their labels, row by row, for exports.

use futures_util::TryStreamExt as _;
use tiebreak_domain::{AnnotatorId, DropReason, Modality, PromptId, QuestionId, Verdict};
use uuid::Uuid;

use crate::canonical::{BY_PAIR, FIRST_OF_PAIR, WITHIN_PAIR};
use crate::error::{Result, StoreError};
use crate::project::Project;

/// Words and media of the prompt or a response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutPlace {
    /// The words.
    pub text: String,
    /// The media, with the paths by which the data named them.
    pub media: Vec<(Modality, String)>,
    /// The model's name.
    pub model: Option<String>,
}

/// A question as an export sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutQuestion {
    /// The question.
    pub id: QuestionId,
    /// The task.
    pub task: String,
    /// The prompt's id.
    pub prompt_id: PromptId,
    /// The prompt.
    pub prompt: OutPlace,
    /// Response 1.
    pub response1: OutPlace,
    /// Response 2.
    pub response2: OutPlace,
    /// The criterion.
    pub criterion: Option<String>,
    /// The row's own id.
    pub source_id: Option<String>,
    /// The row's keys in order, as a JSON array; `None` where it came from no file.
    pub shape: Option<String>,
    /// Fields that nothing else holds, as a JSON array of pairs.
    pub extra: Option<String>,
    /// The verdict that is final, and by which rule.
    pub resolution: Option<(Verdict, String)>,
    /// Why the question is dropped, if it is.
    pub dropped: Option<DropReason>,
    /// Whether another question is asked in its place.
    pub merged: bool,
    /// Whether people answered it in a practice round.
    pub practised: bool,
    /// The votes that count, one an annotator, repeats and practice left out, and what was said after a
    /// prediction was shown.
    pub votes: Vec<(AnnotatorId, Verdict)>,
}

type Row = (
    Uuid,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    i64,
    Uuid,
);

const QUESTION: &str =
    "SELECT q.id, p.task, o.text, p.text1, p.text2, p.model1, p.model2, c.text, q.source_id,
               (SELECT s.keys FROM shape AS s WHERE s.id = coalesce(q.shape,
                 (SELECT x.shape FROM question AS x JOIN import AS xi ON xi.id = x.import
                   WHERE x.pair = q.pair AND x.shape IS NOT NULL
                   ORDER BY xi.file, x.row, x.id LIMIT 1))),
               CASE WHEN q.shape IS NOT NULL THEN q.extra ELSE
                 (SELECT x.extra FROM question AS x JOIN import AS xi ON xi.id = x.import
                   WHERE x.pair = q.pair AND x.shape IS NOT NULL
                   ORDER BY xi.file, x.row, x.id LIMIT 1) END,
               (SELECT CASE WHEN r.verdict IS NOT NULL THEN r.verdict || ' ' || r.rule
                            WHEN r.dropped IS NOT NULL THEN 'drop ' || r.dropped END
                 FROM standing_resolution AS r WHERE r.question = q.id
                 AND NOT (?1 AND r.rule = 'imported')
                 ORDER BY CASE r.rule WHEN 'imported' THEN 0 ELSE r.at_ms END DESC, r.id DESC
                 LIMIT 1),
               (SELECT group_concat(lower(hex(a.annotator)) || ' ' || v.verdict)
                 FROM independent AS a JOIN vote AS v ON v.id = a.vote
                 WHERE a.question = q.id AND a.repeat = 0),
               (SELECT json_group_array(json_array(x.place, x.n, m.kind, x.name))
                 FROM pair_media AS x JOIN media AS m ON m.id = x.media WHERE x.pair = p.id),
               (q.same_as IS NOT NULL)
                 + 2 * EXISTS (SELECT 1 FROM assignment AS a
                     WHERE a.question = q.id AND a.practice = 1), o.id
             FROM question AS q
             JOIN pair AS p ON p.id = q.pair
             JOIN prompt AS o ON o.id = p.prompt
             LEFT JOIN criterion AS c ON c.id = q.criterion";
const ASKED: &str = "(q.criterion IS NOT NULL OR q.row IS NOT NULL OR NOT EXISTS
  (SELECT 1 FROM question AS x WHERE x.pair = q.pair AND x.criterion IS NOT NULL))";
/// In the order of the rows, as the index has them.
const FROM_ONE_IMPORT: &str = "q.import = ?2 ORDER BY q.row";
/// In the order of the rows, where several imports of one name, or two rows of one number, have to
/// be put in order.
const FROM_SEVERAL: &str = "q.import IN (SELECT id FROM import
  WHERE file = (SELECT file FROM import WHERE id = ?2)) ORDER BY q.row, q.id";

impl Project {
    /// Whether one of the imported files lay in the place with this hash.
    pub async fn was_imported_from(&self, place: [u8; 32]) -> Result<bool> {
        let found: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM import WHERE place = ?)")
            .bind(place.to_vec())
            .fetch_one(&self.read)
            .await?;
        Ok(found == 1)
    }

    /// Gives every question to `each`, by the names of the files and then in the order of their
    /// rows, those that people wrote after them. The same questions come in the same order whichever
    /// project they were merged into. Of labels that came with the data none is the later: the times
    /// of their imports are not theirs. A step of writing criteria is given, with `criterion` `None`, where a row of a
    /// file made it or the pair has nothing else. Labels
    /// that came with the data are left out of account if `ignore_imported`.
    pub async fn each_question<E>(
        &self,
        ignore_imported: bool,
        mut each: impl FnMut(OutQuestion) -> std::result::Result<(), E>,
    ) -> Result<std::result::Result<u64, E>> {
        let mut parts = Vec::new();
        for (import, plain) in self.files().await? {
            let part = if plain { FROM_ONE_IMPORT } else { FROM_SEVERAL };
            parts.push((format!("{QUESTION} WHERE {ASKED} AND {part}"), Some(import)));
        }
        let written = format!(
            "{QUESTION} LEFT JOIN import AS qi ON qi.id = q.import {FIRST_OF_PAIR}
             WHERE {ASKED} AND q.import IS NULL ORDER BY {BY_PAIR}, {WITHIN_PAIR}"
        );
        parts.push((written, None));
        let mut count = 0;
        for (sql, import) in parts {
            let mut query =
                sqlx::query_as::<_, Row>(sqlx::AssertSqlSafe(sql)).bind(ignore_imported);
            if let Some(import) = import {
                query = query.bind(import);
            }
            let mut rows = query.fetch(&self.read);
            while let Some(row) = rows.try_next().await? {
                if let Err(error) = each(question(row)?) {
                    return Ok(Err(error));
                }
                count += 1;
            }
        }
        Ok(Ok(count))
    }

    /// An import of each file that questions came from, by the files' names, and whether its
    /// questions lie in the index just as they are to be written: no other import has that name, and
    /// no two questions are of one row.
    async fn files(&self) -> Result<Vec<(i64, bool)>> {
        let found: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT max(i.id), count(*) FROM import AS i
             WHERE EXISTS (SELECT 1 FROM question AS q WHERE q.import = i.id)
             GROUP BY i.file ORDER BY i.file",
        )
        .fetch_all(&self.read)
        .await?;
        let mut files = Vec::with_capacity(found.len());
        for (import, imports) in found {
            let doubled: i64 = sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM question WHERE import = ? AND row IS NOT NULL
                   GROUP BY row HAVING count(*) > 1)",
            )
            .bind(import)
            .fetch_one(&self.read)
            .await?;
            files.push((import, imports == 1 && doubled == 0));
        }
        Ok(files)
    }
}

fn question(row: Row) -> Result<OutQuestion> {
    let (
        id,
        task,
        prompt,
        text1,
        text2,
        model1,
        model2,
        criterion,
        source_id,
        shape,
        extra,
        resolution,
        votes,
        media,
        flags,
        prompt_id,
    ) = row;
    let mut places =
        [(prompt, None), (text1, model1), (text2, model2)].map(|(text, model)| OutPlace {
            text,
            media: Vec::new(),
            model,
        });
    let mut files: Vec<(usize, i64, String, String)> = match media {
        Some(json) => serde_json::from_str(&json).map_err(StoreError::corrupt)?,
        None => Vec::new(),
    };
    files.sort_by_key(|(place, n, ..)| (*place, *n));
    for (place, _, kind, name) in files {
        let kind = Modality::parse(&kind).ok_or_else(|| StoreError::corrupt("a kind of media"))?;
        if let Some(place) = places.get_mut(place) {
            place.media.push((kind, name));
        }
    }
    let [prompt, response1, response2] = places;
    let final_words = resolution.as_deref().and_then(|r| r.split_once(' '));
    let (resolution, dropped) = match final_words {
        Some(("drop", reason)) => (None, Some(reason.parse()?)),
        Some((verdict, rule)) => (Some((verdict.parse()?, rule.to_owned())), None),
        None => (None, None),
    };
    Ok(OutQuestion {
        id: QuestionId::from_uuid(id),
        task,
        prompt,
        response1,
        response2,
        criterion,
        source_id,
        shape,
        extra,
        resolution,
        dropped,
        merged: flags & 1 != 0,
        practised: flags & 2 != 0,
        prompt_id: PromptId::from_uuid(prompt_id),
        votes: votes
            .as_deref()
            .map(standing)
            .transpose()?
            .unwrap_or_default(),
    })
}

fn standing(list: &str) -> Result<Vec<(AnnotatorId, Verdict)>> {
    list.split(',')
        .map(|one| {
            let (who, said) = one
                .split_once(' ')
                .ok_or_else(|| StoreError::corrupt("a vote"))?;
            Ok((who.parse()?, said.parse()?))
        })
        .collect()
}
