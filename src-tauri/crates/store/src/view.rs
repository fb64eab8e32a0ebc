//! From rows to what an annotator may see of a question.
//!
//! This is the only place that reads a pair for the label screen, and it never selects a model, a
//! path, a source id or anyone's vote.

use sqlx::SqliteConnection;
use tiebreak_domain::{
    AssignmentId, PairId, QuestionId, QuestionView, SideView, Sides, Slot, ViewMedia,
};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::media_files::media_ref;

pub(crate) fn slot(word: &str) -> Result<Slot> {
    match word {
        "response1" => Ok(Slot::Response1),
        "response2" => Ok(Slot::Response2),
        _ => Err(StoreError::corrupt("a side")),
    }
}

/// The question of an assignment, on its sides.
pub(crate) async fn view(db: &mut SqliteConnection, assignment: Uuid) -> Result<QuestionView> {
    let place: Option<(Uuid, String)> =
        sqlx::query_as("SELECT question, left_side FROM assignment WHERE id = ?")
            .bind(assignment)
            .fetch_optional(&mut *db)
            .await?;
    let id = AssignmentId::from_uuid(assignment);
    let (question, left) = place.ok_or_else(|| StoreError::NotFound {
        what: "assignment",
        id: id.to_string(),
    })?;
    let sides = Sides { left: slot(&left)? };
    on_sides(db, QuestionId::from_uuid(question), sides, id).await
}

/// A question on these sides, in the place of a queue that `assignment` names.
pub(crate) async fn on_sides(
    db: &mut SqliteConnection,
    question: QuestionId,
    sides: Sides,
    assignment: AssignmentId,
) -> Result<QuestionView> {
    type Row = (Uuid, String, Option<String>, String, String, String);
    let row: Option<Row> = sqlx::query_as(
        "SELECT p.id, p.task, c.text, o.text, p.text1, p.text2
         FROM question AS q
         JOIN pair AS p ON p.id = q.pair
         JOIN prompt AS o ON o.id = p.prompt
         LEFT JOIN criterion AS c ON c.id = q.criterion
         WHERE q.id = ?",
    )
    .bind(question.uuid())
    .fetch_optional(&mut *db)
    .await?;
    let (pair, task, criterion, prompt, text1, text2) =
        row.ok_or_else(|| StoreError::NotFound {
            what: "question",
            id: question.to_string(),
        })?;
    let [prompt_side, one, two] = contents(db, pair, [prompt, text1, text2]).await?;
    let (left, right) = match sides.left {
        Slot::Response1 => (one, two),
        Slot::Response2 => (two, one),
    };
    Ok(QuestionView {
        assignment,
        question,
        pair: PairId::from_uuid(pair),
        task: task.parse()?,
        criterion,
        prompt: prompt_side,
        left,
        right,
    })
}

/// The prompt, response 1 and response 2 of a pair: their words, as given, with their media.
pub(crate) async fn contents(
    db: &mut SqliteConnection,
    pair: Uuid,
    texts: [String; 3],
) -> Result<[SideView; 3]> {
    let [mut prompt_side, mut one, mut two] = texts.map(|text| SideView {
        text,
        media: Vec::new(),
    });
    let media: Vec<(i64, Vec<u8>, String, String, i64)> = sqlx::query_as(
        "SELECT x.place, m.id, m.kind, m.mime, m.bytes FROM pair_media AS x
         JOIN media AS m ON m.id = x.media WHERE x.pair = ? ORDER BY x.place, x.n",
    )
    .bind(pair)
    .fetch_all(&mut *db)
    .await?;
    for (place, id, kind, mime, bytes) in media {
        let file = media_ref(&id, &kind, mime, bytes)?;
        let side = match place {
            0 => &mut prompt_side,
            1 => &mut one,
            _ => &mut two,
        };
        side.media.push(ViewMedia {
            id: file.id,
            kind: file.kind,
            mime: file.mime,
            bytes: file.bytes,
        });
    }
    Ok([prompt_side, one, two])
}
