//! How many questions are an annotator's, where a project deals each pair to some of its people: who
//! sees a pair is drawn, so it has to be counted, and is remembered until questions come in.

use std::collections::HashMap;

use futures_util::TryStreamExt as _;
use tiebreak_domain::{AnnotatorId, PairId};
use uuid::Uuid;

use crate::error::Result;
use crate::project::Project;
use crate::queue::order_to_be;

/// By annotator: the number of all questions when it was counted, and his share of them.
pub(crate) type Shares = HashMap<AnnotatorId, (i64, u64)>;

impl Project {
    /// How many questions are the annotator's; `None` where all are.
    pub(crate) async fn share_of(&self, annotator: AnnotatorId) -> Result<Option<u64>> {
        if self.overlap.is_none() {
            return Ok(None);
        }
        let all = self.questions_asked().await?;
        if let Some((counted_at, share)) = self.known_share(annotator)
            && counted_at == all
        {
            return Ok(Some(share));
        }
        let order = order_to_be(&mut *self.read.acquire().await?, annotator).await?;
        let mut share = 0;
        let mut rows = sqlx::query_as::<_, (Uuid, i64)>(
            "SELECT pair, count(*) FROM question
             WHERE criterion IS NOT NULL AND same_as IS NULL GROUP BY pair",
        )
        .fetch(&self.read);
        while let Some((pair, questions)) = rows.try_next().await? {
            if self.deals(PairId::from_uuid(pair), order) {
                share += questions.unsigned_abs();
            }
        }
        if let Ok(mut shares) = self.shares.lock() {
            shares.insert(annotator, (all, share));
        }
        Ok(Some(share))
    }

    fn known_share(&self, annotator: AnnotatorId) -> Option<(i64, u64)> {
        self.shares.lock().ok()?.get(&annotator).copied()
    }
}
