//! What a project sets of showing predictions: when, to whom never, and whose.

use sqlx::SqliteConnection;
use tiebreak_domain::{RevealWhen, RewardModel, RewardModelId, SilentShare};
use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::predictions::PredictedBy;
use crate::project::{Project, set, write_log};

/// What is set.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RevealPolicy {
    /// When an annotator is shown a prediction.
    pub when: RevealWhen,
    /// The share of (annotator, prompt) for which he never is.
    pub silent_share: SilentShare,
    /// Whose predictions; none was chosen yet.
    pub model: Option<PredictedBy>,
}

impl Project {
    /// What is set. In a work package nothing is ever shown.
    pub async fn reveal_policy(&self) -> Result<RevealPolicy> {
        let mut db = self.read.acquire().await?;
        policy(&mut db, self).await
    }

    /// Sets it; the log says so. What was shown already stays known.
    pub async fn set_reveal_policy(&self, wanted: &RevealPolicy) -> Result<()> {
        let mut tx = self.begin().await?;
        set(&mut tx, "reveal", wanted.when.as_str()).await?;
        let share = wanted.silent_share.get().to_string();
        set(&mut tx, "reveal_silent_share", &share).await?;
        let mut whose = "no model".to_owned();
        if let Some(asked) = &wanted.model {
            let id = asked.id.uuid().to_string();
            set(&mut tx, "reveal_model", &id).await?;
            set(&mut tx, "reveal_setting", asked.setting.as_str()).await?;
            set(&mut tx, "reveal_order", asked.shown.as_str()).await?;
            set(&mut tx, "reveal_prompt", &asked.template).await?;
            whose = asked.to_string();
        }
        let said = format!("{}; silent arm {share}; {whose}", wanted.when.as_str());
        write_log(&mut tx, self.clock.now_ms(), "reveal", &said).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What is set, as `db` sees it.
pub(crate) async fn policy(db: &mut SqliteConnection, project: &Project) -> Result<RevealPolicy> {
    if project.package().is_some() {
        return Ok(RevealPolicy::default());
    }
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT key, value FROM setting WHERE key = 'reveal' OR key LIKE 'reveal\\_%' ESCAPE '\\'",
    )
    .fetch_all(&mut *db)
    .await?;
    let get = |key: &str| rows.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
    let share = match get("reveal_silent_share") {
        None => 0.0,
        Some(text) => text
            .parse()
            .map_err(|_| StoreError::corrupt("the silent arm's share is no number"))?,
    };
    let model = match (
        get("reveal_model"),
        get("reveal_setting"),
        get("reveal_order"),
    ) {
        (Some(id), Some(setting), Some(order)) => {
            let id: Uuid = id.parse().map_err(StoreError::corrupt)?;
            let found: Option<(String, String, String)> =
                sqlx::query_as("SELECT name, family, hash FROM reward_model WHERE id = ?")
                    .bind(id)
                    .fetch_optional(&mut *db)
                    .await?;
            let asked = |(name, family, hash): (String, String, String)| {
                let family = family.parse()?;
                Ok::<_, StoreError>(PredictedBy {
                    id: RewardModelId::from_uuid(id),
                    model: RewardModel { name, family, hash },
                    setting: setting.parse()?,
                    shown: order.parse()?,
                    template: get("reveal_prompt").unwrap_or_default().to_owned(),
                })
            };
            found.map(asked).transpose()?
        }
        _ => None,
    };
    Ok(RevealPolicy {
        when: get("reveal")
            .map(str::parse)
            .transpose()?
            .unwrap_or_default(),
        silent_share: SilentShare::new(share)?,
        model,
    })
}
