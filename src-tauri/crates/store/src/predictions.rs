//! What reward models say of the project's questions. No annotator's screen reads from here.

use futures_util::TryStreamExt as _;
use tiebreak_domain::{
    AskedUnder, ContentHasher, PredictionId, QuestionId, RewardModel, RewardModelId, Setting,
    Shown, Verdict,
};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::project::{Project, write_log};

/// A prediction to write.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPrediction {
    /// Of which question.
    pub question: QuestionId,
    /// Whether the model could say tie.
    pub setting: Setting,
    /// In which order it saw the responses.
    pub shown: Shown,
    /// Under which criterion it was asked.
    pub under: AskedUnder,
    /// The words of that, where it is not the question's own.
    pub asked: Option<String>,
    /// BLAKE3 of the prompt's template; empty where there is none or nobody knows.
    pub template: String,
    /// Its scores of response 1 and 2; not a number where it gave none.
    pub scores: Option<[f64; 2]>,
    /// Its verdict, in data terms.
    pub verdict: Option<Verdict>,
    /// What it wrote.
    pub text: String,
    /// What went wrong.
    pub error: String,
    /// What it saw of the media, a sentence each; none where nobody knows.
    pub media_used: Option<Vec<String>>,
    /// How long it took, in milliseconds, where that is known.
    pub ms: Option<u64>,
}

impl NewPrediction {
    /// Its id: of what it says, by whom.
    fn id(&self, model: RewardModelId) -> PredictionId {
        let mut hasher = ContentHasher::new("prediction");
        hasher
            .bytes(model.uuid().as_bytes())
            .bytes(self.question.uuid().as_bytes())
            .text(self.setting.as_str())
            .text(self.shown.as_str())
            .maybe(self.verdict.map(Verdict::as_str))
            .text(&self.text)
            .text(&self.error);
        for score in self.scores.into_iter().flatten() {
            hasher.bytes(&score.to_bits().to_le_bytes());
        }
        // Rows of before these could be said keep their ids.
        if self.under != AskedUnder::Own || !self.template.is_empty() {
            hasher
                .text(self.under.as_str())
                .maybe(self.asked.as_deref())
                .text(&self.template);
        }
        PredictionId::from_uuid(hasher.finish())
    }
}

/// What came of predictions that were written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    /// New ones.
    pub added: u64,
    /// Those that were there: of this version of the model, asked the same way.
    pub known: u64,
}

/// A reward model of the project, asked one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PredictedBy {
    /// The model.
    pub id: RewardModelId,
    /// What it is.
    pub model: RewardModel,
    /// Whether it could say tie.
    pub setting: Setting,
    /// In which order it saw the responses.
    pub shown: Shown,
    /// BLAKE3 of the prompt's template; empty where there is none or nobody knows.
    pub template: String,
}

impl std::fmt::Display for PredictedBy {
    /// The model and how it was asked, in words.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (setting, order) = (self.setting.as_str(), self.shown.as_str());
        write!(f, "{}, {setting}, order {order}", self.model.name)?;
        match self.template.get(..8) {
            Some(short) => write!(f, ", prompt {short}"),
            None => Ok(()),
        }
    }
}

/// What a model said of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicted {
    /// By whom and how, an index.
    pub by: usize,
    /// Of which question.
    pub question: QuestionId,
    /// The scores; not a number where it gave none.
    pub scores: Option<[f64; 2]>,
    /// The verdict, where one could be read.
    pub verdict: Option<Verdict>,
}

type Row = (
    Uuid,
    Uuid,
    String,
    String,
    String,
    bool,
    Option<f64>,
    Option<f64>,
    Option<String>,
);

impl Project {
    /// Writes what a model says, all or nothing. What it said of a question under the same setting
    /// and order before stays as it is.
    pub async fn add_predictions(
        &self,
        model: &RewardModel,
        predictions: &[NewPrediction],
    ) -> Result<Added> {
        let now = self.clock.now_ms();
        let mut tx = self.begin().await?;
        let added = put(&mut tx, model, predictions, now).await?;
        let said = format!(
            "{}: {} predictions, {} known",
            model.name, added.added, added.known
        );
        write_log(&mut tx, now, "predictions", &said).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// The same for part of a run, which is logged as a whole by whoever runs it.
    pub async fn keep_predictions(
        &self,
        model: &RewardModel,
        predictions: &[NewPrediction],
    ) -> Result<Added> {
        let mut tx = self.begin().await?;
        let added = put(&mut tx, model, predictions, self.clock.now_ms()).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// The models that said something of questions under their own criteria, by how they were asked, in
    /// an order that a merge does not change.
    pub async fn predicted_by(&self) -> Result<Vec<PredictedBy>> {
        let mut db = self.read.acquire().await?;
        predicted_by(&mut db).await
    }

    /// Every prediction under a question's own criterion, as of one moment, with who made them, in an
    /// order that a merge does not change.
    pub async fn predictions(&self) -> Result<(Vec<PredictedBy>, Vec<Predicted>)> {
        let mut tx = self.read.begin().await?;
        let by = predicted_by(&mut tx).await?;
        let mut all = Vec::new();
        let mut rows = sqlx::query_as::<_, Row>(
            "SELECT model, question, setting, shown, template_hash, scored, score1, score2, verdict
             FROM prediction WHERE asked_under = 'own'
             ORDER BY model, question, setting, shown, template_hash",
        )
        .fetch(&mut *tx);
        while let Some((model, question, setting, shown, template, scored, one, two, verdict)) =
            rows.try_next().await?
        {
            let (setting, shown): (Setting, Shown) = (setting.parse()?, shown.parse()?);
            let place = by.iter().position(|known| {
                (known.id.uuid(), known.setting, known.shown) == (model, setting, shown)
                    && known.template == template
            });
            all.push(Predicted {
                by: place.ok_or_else(|| StoreError::corrupt("a prediction of no model"))?,
                question: QuestionId::from_uuid(question),
                scores: scored.then(|| [one, two].map(|score| score.unwrap_or(f64::NAN))),
                verdict: verdict.map(|word| word.parse()).transpose()?,
            });
        }
        drop(rows);
        Ok((by, all))
    }
}

async fn predicted_by(db: &mut sqlx::SqliteConnection) -> Result<Vec<PredictedBy>> {
    let rows: Vec<(Uuid, String, String, String, String, String, String)> = sqlx::query_as(
        "SELECT DISTINCT m.id, m.name, m.family, m.hash, p.setting, p.shown, p.template_hash
         FROM reward_model AS m JOIN prediction AS p ON p.model = m.id
         WHERE p.asked_under = 'own'
         ORDER BY m.name, m.hash, p.setting, p.shown, p.template_hash",
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(id, name, family, hash, setting, shown, template)| {
            let family = family.parse()?;
            Ok(PredictedBy {
                id: RewardModelId::from_uuid(id),
                model: RewardModel { name, family, hash },
                setting: setting.parse()?,
                shown: shown.parse()?,
                template,
            })
        })
        .collect()
}

async fn put(
    db: &mut sqlx::SqliteConnection,
    model: &RewardModel,
    predictions: &[NewPrediction],
    now: i64,
) -> Result<Added> {
    let id = model.id();
    sqlx::query(
        "INSERT INTO reward_model (id, name, family, hash, created_ms) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(id.uuid())
    .bind(&model.name)
    .bind(model.family.as_str())
    .bind(&model.hash)
    .bind(now)
    .execute(&mut *db)
    .await?;
    let mut added = Added::default();
    for one in predictions {
        let media_used = one.media_used.as_ref().map(serde_json::to_string);
        let media_used = media_used.transpose().map_err(StoreError::corrupt)?;
        let done = sqlx::query(
            "INSERT INTO prediction (id, question, model, setting, shown, asked_under, template_hash,
               scored, score1, score2, verdict, text, error, asked, media_used, ms, at_ms)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(one.id(id).uuid())
        .bind(one.question.uuid())
        .bind(id.uuid())
        .bind(one.setting.as_str())
        .bind(one.shown.as_str())
        .bind(one.under.as_str())
        .bind(&one.template)
        .bind(one.scores.is_some())
        .bind(one.scores.map(|scores| scores[0]))
        .bind(one.scores.map(|scores| scores[1]))
        .bind(one.verdict.map(Verdict::as_str))
        .bind(&one.text)
        .bind(&one.error)
        .bind(&one.asked)
        .bind(media_used)
        .bind(one.ms.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX)))
        .bind(now)
        .execute(&mut *db)
        .await?;
        match done.rows_affected() {
            0 => added.known += 1,
            _ => added.added += 1,
        }
    }
    Ok(added)
}
