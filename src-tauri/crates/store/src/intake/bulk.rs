//! The statements that write many rows at once, one a table.

use std::mem::take;

use sqlx::{QueryBuilder, Sqlite};
use tiebreak_domain::{PairId, QuestionId, Verdict};

use super::{Intake, IntakeRow, NewQuestion, RowOutcome};
use crate::error::Result;
use crate::media_files::Where;
use crate::resolutions;

impl Intake {
    pub(super) async fn write_media(&mut self, rows: &[IntakeRow]) -> Result<()> {
        let mut fresh = Vec::new();
        for link in rows.iter().flat_map(|row| row.media.iter().flatten()) {
            if self.media.insert(*link.file.media.id.as_bytes()) {
                fresh.push(&link.file);
            }
        }
        if fresh.is_empty() {
            return Ok(());
        }
        let mut query =
            QueryBuilder::<Sqlite>::new("INSERT INTO media (id, kind, mime, bytes, root, path) ");
        query.push_values(fresh, |mut row, file| {
            let (root, path) = match &file.at {
                Where::Stored => (None, None),
                Where::Under { root, path } => (Some(*root), Some(path.clone())),
            };
            row.push_bind(file.media.id.as_bytes().to_vec())
                .push_bind(file.media.kind.as_str())
                .push_bind(file.media.mime.clone())
                .push_bind(i64::try_from(file.media.bytes).unwrap_or(i64::MAX))
                .push_bind(root)
                .push_bind(path);
        });
        // A file that has moved, or was copied in, is found where it is now.
        query.push(
            " ON CONFLICT (id) DO UPDATE SET root = excluded.root, path = excluded.path
             WHERE media.root IS NOT NULL",
        );
        query.build().execute(&mut *self.tx).await?;
        Ok(())
    }

    /// Writes pairs: each with its place, and the number of its row in the batch. Their texts, which
    /// nothing needs afterwards, are moved out of the rows: they are the most of a file.
    pub(super) async fn write_pairs(
        &mut self,
        pairs: &[(PairId, i64, usize)],
        rows: &mut [IntakeRow],
    ) -> Result<()> {
        if pairs.is_empty() {
            return Ok(());
        }
        let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO prompt (id, text) ");
        query.push_values(pairs, |mut out, (_, _, n)| {
            let row = &mut rows[*n];
            out.push_bind(row.prompt_id.uuid())
                .push_bind(take(&mut row.pair.prompt.text));
        });
        query.push(" ON CONFLICT (id) DO NOTHING");
        query.build().execute(&mut *self.tx).await?;

        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO pair (id, position, task, prompt, text1, text2, model1, model2) ",
        );
        query.push_values(pairs, |mut out, (id, position, n)| {
            let row = &mut rows[*n];
            let pair = &mut row.pair;
            out.push_bind(id.uuid())
                .push_bind(*position)
                .push_bind(pair.task.to_string())
                .push_bind(row.prompt_id.uuid())
                .push_bind(take(&mut pair.response1.text))
                .push_bind(take(&mut pair.response2.text))
                .push_bind(take(&mut pair.response1.model))
                .push_bind(take(&mut pair.response2.model));
        });
        query.build().execute(&mut *self.tx).await?;

        let links: Vec<_> = pairs
            .iter()
            .flat_map(|(id, _, n)| {
                rows[*n]
                    .media
                    .iter()
                    .zip(0_i64..)
                    .flat_map(move |(links, place)| {
                        links
                            .iter()
                            .zip(0_i64..)
                            .map(move |(link, n)| (*id, place, n, link))
                    })
            })
            .collect();
        for some in links.chunks(1000) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "INSERT INTO pair_media (pair, place, n, media, name) ",
            );
            query.push_values(some, |mut out, (pair, place, n, link)| {
                out.push_bind(pair.uuid())
                    .push_bind(*place)
                    .push_bind(*n)
                    .push_bind(link.file.media.id.as_bytes().to_vec())
                    .push_bind(link.name.clone());
            });
            query.build().execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    pub(super) async fn write_criteria(&mut self, rows: &[IntakeRow]) -> Result<()> {
        let mut fresh = Vec::new();
        for row in rows {
            if let (Some(id), Some(criterion)) = (row.criterion_id, &row.criterion)
                && self.criteria.insert(id.uuid())
            {
                fresh.push((id.uuid(), criterion));
            }
        }
        if fresh.is_empty() {
            return Ok(());
        }
        let at_ms = self.started_ms;
        let mut query =
            QueryBuilder::<Sqlite>::new("INSERT INTO criterion (id, text, created_ms) ");
        query.push_values(fresh, |mut out, (id, criterion)| {
            out.push_bind(id)
                .push_bind(criterion.text().to_owned())
                .push_bind(at_ms);
        });
        query.push(" ON CONFLICT (id) DO NOTHING");
        query.build().execute(&mut *self.tx).await?;
        Ok(())
    }

    pub(super) async fn write_questions(&mut self, questions: &[NewQuestion]) -> Result<()> {
        for some in questions.chunks(1000) {
            let import = self.import;
            let mut query = QueryBuilder::<Sqlite>::new(
                "INSERT INTO question (id, pair, pair_position, ordinal, criterion, source_id,
                                       import, row, shape, extra) ",
            );
            query.push_values(some, |mut out, q| {
                let (row, shape, extra) = match &q.row {
                    Some((row, shape, extra)) => (Some(*row), Some(*shape), extra.clone()),
                    None => (None, None, None),
                };
                out.push_bind(q.id.uuid())
                    .push_bind(q.pair.uuid())
                    .push_bind(q.position)
                    .push_bind(q.ordinal)
                    .push_bind(q.criterion)
                    .push_bind(q.source_id.clone())
                    .push_bind(import)
                    .push_bind(row)
                    .push_bind(shape)
                    .push_bind(extra);
            });
            query.build().execute(&mut *self.tx).await?;
        }
        for q in questions {
            if self.places.get(&q.pair).is_some_and(|place| place.old) {
                let project = self.project.clone();
                project.deal_to_those_past(&mut self.tx, q.id).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn write_resolutions(
        &mut self,
        rows: &[IntakeRow],
        ids: &[QuestionId],
        outcomes: &mut [RowOutcome],
    ) -> Result<()> {
        let labelled = || rows.iter().zip(ids).enumerate();
        let labelled = || labelled().filter_map(|(n, (row, id))| Some((n, *id, row.resolution?)));
        let fresh: Vec<_> = labelled()
            .filter(|(n, ..)| outcomes[*n].new_question)
            .map(|(_, q, v)| (q, v))
            .collect();
        self.write_new_resolutions(fresh).await?;
        // A row that repeats one of this very batch finds its label written by now.
        for (n, question, verdict) in labelled() {
            outcomes[n].resolution = outcomes[n].new_question
                || resolutions::import(&mut self.tx, question, verdict, self.started_ms).await?;
        }
        Ok(())
    }

    async fn write_new_resolutions(&mut self, fresh: Vec<(QuestionId, Verdict)>) -> Result<()> {
        if fresh.is_empty() {
            return Ok(());
        }
        let at_ms = self.started_ms;
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO resolution (id, question, verdict, rule, at_ms) ",
        );
        query.push_values(fresh, |mut out, (question, verdict)| {
            out.push_bind(resolutions::imported_id(question, verdict, None).uuid())
                .push_bind(question.uuid())
                .push_bind(verdict.as_str())
                .push_bind("imported")
                .push_bind(at_ms);
        });
        query.build().execute(&mut *self.tx).await?;
        Ok(())
    }
}
