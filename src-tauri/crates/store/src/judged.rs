//! Questions as a reward model is asked them: in the data's order, without models' names, source ids
//! or anybody's vote; and which of them a model has answered.

use std::collections::{HashMap, HashSet};

use sqlx::AssertSqlSafe;
use tiebreak_domain::{AskedUnder, MediaId, PromptId, QuestionId, RewardModelId, Setting, Shown};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::media_files::media_id;
use crate::project::Project;

/// A question to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToJudge {
    /// Its id.
    pub id: QuestionId,
    /// Its prompt's.
    pub prompt_id: PromptId,
    /// The task.
    pub task: String,
    /// The criterion's sentence.
    pub criterion: String,
    /// The words of the prompt, response 1, response 2.
    pub texts: [String; 3],
    /// The media of each.
    pub media: [Vec<MediaId>; 3],
}

/// One way of asking a model.
#[derive(Debug, Clone, Copy)]
pub struct AskedHow<'a> {
    /// Whether it may say tie.
    pub setting: Setting,
    /// In which order it sees the responses.
    pub shown: Shown,
    /// Under which criterion.
    pub under: AskedUnder,
    /// BLAKE3 of the prompt; empty where there is none.
    pub template: &'a str,
}

/// How many ids stand in one statement.
const AT_ONCE: usize = 500;

type Row = (Uuid, Uuid, Uuid, String, String, String, String, String);

impl Project {
    /// Reads questions, in the order of their ids as given. Each must have a criterion.
    ///
    /// # Errors
    /// One of them is not there; the file cannot be read.
    pub async fn to_judge(&self, ids: &[QuestionId]) -> Result<Vec<ToJudge>> {
        let mut tx = self.read.begin().await?;
        let mut all = Vec::with_capacity(ids.len());
        for ids in ids.chunks(AT_ONCE) {
            let sql = format!(
                "SELECT q.id, p.id, p.prompt, p.task, c.text, o.text, p.text1, p.text2
                 FROM question AS q
                 JOIN pair AS p ON p.id = q.pair
                 JOIN prompt AS o ON o.id = p.prompt
                 JOIN criterion AS c ON c.id = q.criterion
                 WHERE q.id IN ({})",
                places(ids.len())
            );
            let mut query = sqlx::query_as::<_, Row>(AssertSqlSafe(sql)).persistent(false);
            for id in ids {
                query = query.bind(id.uuid());
            }
            let rows = query.fetch_all(&mut *tx).await?;
            let pairs: HashSet<Uuid> = rows.iter().map(|row| row.1).collect();
            let media = media_of(&mut tx, &pairs).await?;
            let found: HashMap<Uuid, ToJudge> = rows
                .into_iter()
                .map(|row| (row.0, question(row, &media)))
                .collect();
            // An id may be there twice: asked about in both orders.
            for id in ids {
                let one = found.get(&id.uuid()).cloned();
                all.push(one.ok_or_else(|| StoreError::NotFound {
                    what: "question",
                    id: id.to_string(),
                })?);
            }
        }
        Ok(all)
    }

    /// Which questions a model has answered, asked this way.
    pub async fn answered(
        &self,
        model: RewardModelId,
        how: &AskedHow<'_>,
    ) -> Result<HashSet<QuestionId>> {
        let rows: Vec<Uuid> = sqlx::query_scalar(
            "SELECT question FROM prediction WHERE model = ? AND setting = ? AND shown = ?
               AND asked_under = ? AND template_hash = ?",
        )
        .bind(model.uuid())
        .bind(how.setting.as_str())
        .bind(how.shown.as_str())
        .bind(how.under.as_str())
        .bind(how.template)
        .fetch_all(&self.read)
        .await?;
        Ok(rows.into_iter().map(QuestionId::from_uuid).collect())
    }
}

fn places(count: usize) -> String {
    vec!["?"; count].join(", ")
}

type MediaOf = HashMap<Uuid, [Vec<MediaId>; 3]>;

async fn media_of(db: &mut sqlx::SqliteConnection, pairs: &HashSet<Uuid>) -> Result<MediaOf> {
    let sql = format!(
        "SELECT pair, place, media FROM pair_media WHERE pair IN ({}) ORDER BY pair, place, n",
        places(pairs.len())
    );
    let mut query = sqlx::query_as::<_, (Uuid, i64, Vec<u8>)>(AssertSqlSafe(sql)).persistent(false);
    for pair in pairs {
        query = query.bind(*pair);
    }
    let mut found = MediaOf::new();
    for (pair, place, media) in query.fetch_all(&mut *db).await? {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let places = found.entry(pair).or_default();
        let place = places
            .get_mut(place)
            .ok_or_else(|| StoreError::corrupt("a place of media"))?;
        place.push(media_id(&media)?);
    }
    Ok(found)
}

fn question(row: Row, media: &MediaOf) -> ToJudge {
    let (id, pair, prompt_id, task, criterion, prompt, text1, text2) = row;
    ToJudge {
        id: QuestionId::from_uuid(id),
        prompt_id: PromptId::from_uuid(prompt_id),
        task,
        criterion,
        texts: [prompt, text1, text2],
        media: media.get(&pair).cloned().unwrap_or_default(),
    }
}
