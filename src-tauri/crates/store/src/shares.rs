//! How many questions are an annotator's. Where a project deals each pair to some of its people, who
//! sees a pair is drawn, so it has to be counted, and is remembered until questions come in. Checks are
//! everybody's, and what he had for practice is none of them.

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
    /// How many questions are the annotator's.
    pub(crate) async fn share_of(&self, annotator: AnnotatorId) -> Result<u64> {
        let all = self.questions_asked().await?;
        let order = order_to_be(&mut *self.read.acquire().await?, annotator).await?;
        // A work package holds what is his, and nothing else.
        let drawn = if self.overlap.is_none() || self.package().is_some() {
            all.unsigned_abs()
        } else {
            match self.known_share(annotator) {
                Some((counted_at, share)) if counted_at == all => share,
                _ => self.count_share(annotator, all, order).await?,
            }
        };
        let known = self.of_known_answers(annotator, order).await?;
        Ok(drawn.saturating_add_signed(known))
    }

    async fn count_share(&self, annotator: AnnotatorId, all: i64, order: i64) -> Result<u64> {
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
        Ok(share)
    }

    /// By how many the annotator has more questions than pairs give him: checks of other people's
    /// pairs, less what is practice for him.
    async fn of_known_answers(&self, annotator: AnnotatorId, order: i64) -> Result<i64> {
        let known: Vec<(Uuid, Option<String>, Option<bool>)> = sqlx::query_as(
            "SELECT q.pair, k.role, (SELECT a.practice FROM assignment AS a
               WHERE a.annotator = ? AND a.question = q.id AND a.repeat = 0)
             FROM known AS k JOIN question AS q ON q.id = k.question
             WHERE q.same_as IS NULL",
        )
        .bind(annotator.uuid())
        .fetch_all(&self.read)
        .await?;
        let mut more = 0;
        for (pair, role, practised) in known {
            let drawn = self.package().is_some() || self.deals(PairId::from_uuid(pair), order);
            let counts = match practised {
                Some(practised) => !practised,
                None => match role.as_deref() {
                    Some("practice") => false,
                    Some("check") => true,
                    _ => drawn,
                },
            };
            more += i64::from(counts) - i64::from(drawn);
        }
        Ok(more)
    }

    fn known_share(&self, annotator: AnnotatorId) -> Option<(i64, u64)> {
        self.shares.lock().ok()?.get(&annotator).copied()
    }
}
