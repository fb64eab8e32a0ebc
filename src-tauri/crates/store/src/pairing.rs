//! Which pair each question belongs to, for what is told by pair.

use std::collections::HashMap;

use tiebreak_domain::{PairId, QuestionId};
use uuid::Uuid;

use crate::error::Result;
use crate::project::Project;

impl Project {
    /// The pair of every question.
    pub async fn pair_of_each(&self) -> Result<HashMap<QuestionId, PairId>> {
        let rows: Vec<(Uuid, Uuid)> = sqlx::query_as("SELECT id, pair FROM question")
            .fetch_all(&self.read)
            .await?;
        let ids = |(question, pair)| (QuestionId::from_uuid(question), PairId::from_uuid(pair));
        Ok(rows.into_iter().map(ids).collect())
    }
}
