//! Questions whose answer is known: checks, and the practice round. The owner's alone; what an
//! annotator learns of a practice question comes with his vote's receipt (`label::vote`).

use std::collections::HashSet;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tiebreak_domain::{QuestionId, Role, Verdict};
use tiebreak_exchange::known_rows;
use tiebreak_store::{KnownAnswer, NewKnown};
use ts_rs::TS;

use crate::Project;
use crate::error::{CommandError, Result};

/// How much of a prompt is shown.
const PROMPT_SHOWN: usize = 200;
const LONGEST_EXPLANATION: usize = 20_000;

/// A question with a known answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KnownQuestion {
    /// The question.
    pub question: QuestionId,
    /// The row's own id.
    pub source_id: Option<String>,
    /// The criterion.
    pub criterion: String,
    /// The beginning of the prompt.
    pub prompt: String,
    /// What it is for.
    pub role: Role,
    /// The answer, in data terms.
    pub verdict: Verdict,
    /// Why that is the answer, in Markdown; may be empty.
    pub explanation: String,
}

/// The known answers that stand, all or those for one thing, in the order in which they were marked.
///
/// # Errors
/// The project cannot be read.
pub async fn list(project: &Project, role: Option<Role>) -> Result<Vec<KnownQuestion>> {
    let known = project.known_answers().await?;
    let wanted = known
        .into_iter()
        .filter(|known| role.is_none_or(|role| known.role == role));
    Ok(wanted.map(Into::into).collect())
}

/// Marks one question, by its id or the one that it has in the data. One that was for the other thing
/// is for this one from now on.
///
/// # Errors
/// No such question, or several; it has no criterion; the explanation is too long.
pub async fn add(
    project: &Project,
    role: Role,
    question: &str,
    verdict: Verdict,
    explanation: &str,
) -> Result<()> {
    let question = project.find_question(question).await?;
    let explanation = checked(explanation)?;
    let answer = Some((role, verdict, explanation));
    project
        .write_known(&[NewKnown { question, answer }], role.as_str())
        .await?;
    Ok(())
}

/// Makes a question one like any other again.
///
/// # Errors
/// No such question, or several, or its answer is not known in that role.
pub async fn remove(project: &Project, role: Role, question: &str) -> Result<()> {
    let question = project.find_question(question).await?;
    let known = project.known_answers().await?;
    if !known
        .iter()
        .any(|k| k.question == question && k.role == role)
    {
        let what = match role {
            Role::Check => "no check",
            Role::Practice => "not in the practice round",
        };
        return Err(CommandError::new(
            "not_found",
            format!("the question {question} is {what}: nothing is to be removed"),
        ));
    }
    let gone = NewKnown {
        question,
        answer: None,
    };
    let what = format!("no {} any more", role.as_str());
    project.write_known(&[gone], &what).await?;
    Ok(())
}

/// Makes what a file holds all the known answers of one role: what it does not name is none any more.
/// All of it or, where one row is wrong, nothing. Returns how many were new, changed or removed.
///
/// # Errors
/// The file cannot be read; a row is wrong, and which.
pub async fn set(project: &Project, role: Role, file: &Path) -> Result<u64> {
    let name = file.display().to_string();
    let rows = known_rows(file)?.map_err(|problem| CommandError {
        row: Some(problem.row),
        field: problem.field,
        ..CommandError::new(problem.code, problem.message).in_file(&name)
    })?;
    let mut named = HashSet::new();
    let mut wanted = Vec::with_capacity(rows.len());
    for row in rows {
        let wrong = |error: CommandError| CommandError {
            row: Some(row.row),
            ..error.in_file(&name)
        };
        let found = project.find_question(&row.question).await;
        let question = found.map_err(|error| wrong(error.into()))?;
        let verdict: Verdict = row
            .verdict
            .trim()
            .parse()
            .map_err(|error: tiebreak_domain::DomainError| wrong(error.into()))?;
        let explanation = checked(&row.explanation).map_err(wrong)?;
        if !named.insert(question) {
            return Err(wrong(CommandError::new(
                "named_twice",
                format!("the question {} is named twice: keep one row", row.question),
            )));
        }
        let answer = Some((role, verdict, explanation));
        wanted.push(NewKnown { question, answer });
    }
    let before = project.known_answers().await?;
    let gone = before
        .into_iter()
        .filter(|k| k.role == role && !named.contains(&k.question));
    wanted.extend(gone.map(|k| NewKnown {
        question: k.question,
        answer: None,
    }));
    Ok(project.write_known(&wanted, role.as_str()).await?)
}

fn checked(explanation: &str) -> Result<String> {
    let explanation = explanation.trim();
    if explanation.chars().count() > LONGEST_EXPLANATION {
        return Err(CommandError::new(
            "long_explanation",
            format!("the explanation is too long: keep it under {LONGEST_EXPLANATION} characters"),
        ));
    }
    Ok(explanation.to_owned())
}

impl From<KnownAnswer> for KnownQuestion {
    fn from(from: KnownAnswer) -> Self {
        let mut prompt: String = from.prompt.chars().take(PROMPT_SHOWN).collect();
        if prompt.len() < from.prompt.len() {
            prompt.push('…');
        }
        Self {
            question: from.question,
            source_id: from.source_id,
            criterion: from.criterion,
            prompt,
            role: from.role,
            verdict: from.verdict,
            explanation: from.explanation,
        }
    }
}
