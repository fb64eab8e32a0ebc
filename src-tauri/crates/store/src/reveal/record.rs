//! The record of what was shown to whom, and what follows from it: which votes were cast after.

use std::collections::HashSet;

use sqlx::SqliteConnection;
use tiebreak_domain::{
    AnnotatorId, Arm, ContentHasher, PromptId, QuestionId, RevealId, RevealRecord, RevealWhen,
    Verdict, VoteId,
};
use uuid::Uuid;

use super::{Standing, policy};
use crate::error::{Result, StoreError};
use crate::project::Project;

/// A vote cast after a prediction was shown, beside the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondThought {
    /// Which question.
    pub question: QuestionId,
    /// What was said before.
    pub first: Verdict,
    /// What was said after.
    pub second: Verdict,
    /// What the model says, where the record tells it.
    pub model: Option<Verdict>,
}

/// Writes down that an answer is shown, unless the same was shown to him before; whether he had seen
/// one of the question before his vote.
pub(super) async fn write(
    db: &mut SqliteConnection,
    project: &Project,
    when: RevealWhen,
    annotator: AnnotatorId,
    one: &Standing,
    told: &serde_json::Value,
) -> Result<bool> {
    let (told, now) = (told.to_string(), project.clock.now_ms());
    let again: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM informed WHERE id = ?)")
        .bind(one.vote)
        .fetch_one(&mut *db)
        .await?;
    let known: i64 = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM reveal WHERE question = ? AND annotator = ? AND told = ?)",
    )
    .bind(one.question)
    .bind(annotator.uuid())
    .bind(&told)
    .fetch_one(&mut *db)
    .await?;
    if known == 0 {
        // After the vote, even where the clock was set back: else the vote would count as cast after.
        let at_ms = now.max(one.cast_ms + 1);
        sqlx::query(
            "INSERT INTO reveal (id, annotator, question, vote, policy, told, at_ms)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(RevealId::new(at_ms, project.clock.random()).uuid())
        .bind(annotator.uuid())
        .bind(one.question)
        .bind(one.vote)
        .bind(when.as_str())
        .bind(&told)
        .bind(at_ms)
        .execute(&mut *db)
        .await?;
    }
    Ok(again == 1)
}

/// Whether somebody was shown a prediction of the question, at whatever time, or of one that says the
/// same.
pub(crate) async fn has_seen(
    db: &mut SqliteConnection,
    annotator: Uuid,
    question: Uuid,
) -> Result<bool> {
    let seen: i64 = sqlx::query_scalar(
        "WITH asked AS (SELECT ?1 AS id UNION SELECT id FROM question WHERE same_as = ?1)
         SELECT EXISTS (SELECT 1 FROM asked CROSS JOIN reveal AS r
             ON r.question = asked.id AND r.annotator = ?2)
           OR EXISTS (SELECT 1 FROM asked CROSS JOIN informed AS i
             ON i.question = asked.id AND i.annotator = ?2)",
    )
    .bind(question)
    .bind(annotator)
    .fetch_one(&mut *db)
    .await?;
    Ok(seen == 1)
}

/// What is set of showing predictions of a question to somebody, for the presentation of his vote;
/// nothing where they are never shown, and in the practice round.
pub(crate) async fn recorded(
    db: &mut SqliteConnection,
    project: &Project,
    annotator: AnnotatorId,
    assignment: Uuid,
) -> Result<Option<RevealRecord>> {
    let policy = policy(db, project).await?;
    if policy.when == RevealWhen::Never {
        return Ok(None);
    }
    let prompt: Option<Uuid> = sqlx::query_scalar(
        "SELECT p.prompt FROM assignment AS a JOIN question AS q ON q.id = a.question
         JOIN pair AS p ON p.id = q.pair WHERE a.id = ? AND a.practice = 0",
    )
    .bind(assignment)
    .fetch_optional(&mut *db)
    .await?;
    let record = |prompt| RevealRecord {
        policy: policy.when,
        arm: Arm::draw(
            project.seed(),
            annotator,
            PromptId::from_uuid(prompt),
            policy.silent_share,
        ),
        silent_share: policy.silent_share,
    };
    Ok(prompt.map(record))
}

/// Keeps that a vote from a file says its annotator had seen a prediction of the question: what he
/// says of it later has seen it too. The row's id follows from the vote's.
pub(crate) async fn heard(
    db: &mut SqliteConnection,
    vote: VoteId,
    annotator: Uuid,
    question: Uuid,
    at_ms: i64,
) -> Result<()> {
    let mut hasher = ContentHasher::new("reveal heard of");
    hasher.bytes(vote.uuid().as_bytes());
    sqlx::query(
        "INSERT INTO reveal (id, annotator, question, policy, at_ms) VALUES (?, ?, ?, 'file', ?)
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(hasher.finish())
    .bind(annotator)
    .bind(question)
    .bind(at_ms)
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// What was shown to somebody under the wrong name was shown to whoever his work is moved to.
pub(crate) async fn moved(
    db: &mut SqliteConnection,
    project: &Project,
    from: AnnotatorId,
    to: AnnotatorId,
    question: Uuid,
) -> Result<()> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT policy, told, at_ms FROM reveal AS r WHERE question = ?1 AND annotator = ?2
           AND NOT EXISTS (SELECT 1 FROM reveal AS o WHERE o.question = ?1 AND o.annotator = ?3
             AND o.told = r.told AND o.at_ms = r.at_ms)
         ORDER BY at_ms, id",
    )
    .bind(question)
    .bind(from.uuid())
    .bind(to.uuid())
    .fetch_all(&mut *db)
    .await?;
    for (policy, told, at_ms) in rows {
        sqlx::query(
            "INSERT INTO reveal (id, annotator, question, policy, told, at_ms)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(RevealId::new(at_ms, project.clock.random()).uuid())
        .bind(to.uuid())
        .bind(question)
        .bind(policy)
        .bind(told)
        .bind(at_ms)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

impl Project {
    /// Every vote that was cast after its annotator was shown a prediction of the question.
    pub async fn votes_after_reveal(&self) -> Result<HashSet<VoteId>> {
        let any: i64 = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM reveal) OR EXISTS (SELECT 1 FROM vote WHERE revealed = 1)",
        )
        .fetch_one(&self.read)
        .await?;
        if any == 0 {
            return Ok(HashSet::new());
        }
        let ids: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM informed")
            .fetch_all(&self.read)
            .await?;
        Ok(ids.into_iter().map(VoteId::from_uuid).collect())
    }

    /// Which models' predictions of a question somebody was shown, by name, and whether any were.
    pub async fn shown_to(
        &self,
        annotator: AnnotatorId,
        question: QuestionId,
    ) -> Result<(bool, Vec<String>)> {
        let rows: Vec<Option<String>> = sqlx::query_scalar(
            "SELECT DISTINCT json_extract(told, '$.model') FROM reveal
             WHERE question = ? AND annotator = ? ORDER BY 1",
        )
        .bind(question.uuid())
        .bind(annotator.uuid())
        .fetch_all(&self.read)
        .await?;
        Ok((!rows.is_empty(), rows.into_iter().flatten().collect()))
    }

    /// On how many (annotator, question) a prediction was shown.
    pub async fn shown_count(&self) -> Result<u64> {
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM (SELECT DISTINCT annotator, question FROM reveal)",
        )
        .fetch_one(&self.read)
        .await?;
        Ok(count.unsigned_abs())
    }

    /// The votes that count and were cast while predictions were shown to some: question, arm, verdict.
    /// Repeats are left out.
    pub async fn votes_by_arm(&self) -> Result<Vec<(QuestionId, Arm, Verdict)>> {
        let rows: Vec<(Uuid, String, String)> = sqlx::query_as(
            "SELECT a.question, json_extract(v.presentation, '$.reveal.arm'), v.verdict
             FROM independent AS a JOIN vote AS v ON v.id = a.vote
             WHERE a.repeat = 0
               AND json_extract(v.presentation, '$.reveal.arm') IN ('told', 'silent')
             ORDER BY a.question, a.annotator",
        )
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|(question, arm, verdict)| {
                let arm = match arm.as_str() {
                    "told" => Arm::Told,
                    _ => Arm::Silent,
                };
                Ok((QuestionId::from_uuid(question), arm, verdict.parse()?))
            })
            .collect()
    }

    /// Votes that stand and were cast after a prediction was shown, each beside the vote before it.
    pub async fn second_thoughts(&self) -> Result<Vec<SecondThought>> {
        type Row = (Uuid, String, String, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT a.question, f.verdict, s.verdict,
               (SELECT json_extract(r.told, '$.verdict') FROM reveal AS r
                 WHERE r.question = a.question AND r.annotator = a.annotator
                 ORDER BY r.told = 'null', r.at_ms DESC, r.id DESC LIMIT 1)
             FROM independent AS a JOIN vote AS f ON f.id = a.vote JOIN vote AS s ON s.id = a.head
             WHERE a.vote <> a.head ORDER BY s.at_ms, s.id",
        )
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|(question, first, second, model)| {
                Ok(SecondThought {
                    question: QuestionId::from_uuid(question),
                    first: first.parse()?,
                    second: second.parse()?,
                    model: model.map(|word| word.parse()).transpose()?,
                })
            })
            .collect()
    }
}

/// Records of what was shown that cannot be so, and settings that mean nothing.
pub(crate) async fn wrong(db: &mut SqliteConnection, project: &Project) -> Result<Vec<String>> {
    let mut found: Vec<String> = sqlx::query_scalar(
        "SELECT 'the record ' || lower(hex(r.id)) || ' of a prediction that was shown names a vote of '
           || 'another question or person'
         FROM reveal AS r JOIN vote AS v ON v.id = r.vote
         WHERE v.question <> r.question OR v.annotator <> r.annotator
         UNION ALL
         SELECT 'the record ' || lower(hex(r.id)) || ' says that a prediction was shown before there was '
           || 'a vote'
         FROM reveal AS r JOIN vote AS v ON v.id = r.vote
         WHERE v.verdict IS NULL OR v.at_ms >= r.at_ms
         UNION ALL
         SELECT 'the record ' || lower(hex(r.id)) || ' of what was shown cannot be read'
         FROM reveal AS r WHERE NOT json_valid(r.told)
         LIMIT 20",
    )
    .fetch_all(&mut *db)
    .await?;
    let meaningless = |why: &dyn std::fmt::Display| {
        format!(
            "what is set of showing predictions means nothing ({why}): set it again with `tiebreak reveal`"
        )
    };
    match policy(db, project).await {
        Err(StoreError::Corrupt(why)) => found.push(meaningless(&why)),
        Err(StoreError::Domain(why)) => found.push(meaningless(&why)),
        Err(other) => return Err(other),
        Ok(policy) if policy.when != RevealWhen::Never && policy.model.is_none() => found.push(
            "predictions are to be shown, and the reward model is not in the project: choose one with \
             `tiebreak reveal DIR --model NAME`"
                .to_owned(),
        ),
        Ok(_) => {}
    }
    Ok(found)
}
