//! The questions on which a model goes most strongly against people, for their owner to read.

use std::collections::BTreeMap;

use serde::Serialize;
use tiebreak_domain::{QuestionId, SideView, Verdict};
use tiebreak_store::Project;
use ts_rs::TS;

use super::answers::{Answer, Answers};
use super::calibrated::probability;
use crate::error::Result;

/// Longer texts are shown by their beginning.
const SHOWN: usize = 280;

/// A question of which the model prefers one response and people the other.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Contradiction {
    /// The question.
    pub question: QuestionId,
    /// The row's own id.
    pub source_id: Option<String>,
    /// The task.
    pub task: String,
    /// The criterion's sentence.
    pub criterion: Option<String>,
    /// How the prompt begins.
    pub prompt: String,
    /// How response 1 begins; empty where it has no words.
    pub response1: String,
    /// How response 2 begins.
    pub response2: String,
    /// What people say.
    pub human: Verdict,
    /// What the model says.
    pub model: Verdict,
    /// How many votes each verdict has; none where people's verdict came with the data alone.
    #[ts(type = "Record<string, number>")]
    pub votes: BTreeMap<Verdict, u64>,
    /// How sure the model is: σ of the scores' difference; 1 where it gives none.
    pub confidence: f64,
    /// Confidence times people's share of votes for their verdict (1 without votes).
    pub strength: f64,
}

/// The questions on which a model goes against people.
#[derive(Debug, Clone, PartialEq, Default, Serialize, TS)]
pub struct ContradictionsReport {
    /// How many there are in all.
    #[ts(type = "number")]
    pub contradicted: u64,
    /// The strongest first; of equally strong ones, those with more votes.
    pub questions: Vec<Contradiction>,
}

/// The strongest of them, still without the words.
pub(super) fn of(model: &Answers<'_>, tasks: &[String], most: usize) -> ContradictionsReport {
    let mut found: Vec<(&Answer, f64, Contradiction)> = model
        .answers
        .iter()
        .filter_map(|answer| one(answer, tasks))
        .collect();
    found.sort_by(|a, b| {
        let votes = |answer: &Answer| answer.asked.votes.iter().sum::<u32>();
        b.2.strength
            .total_cmp(&a.2.strength)
            // Where σ is all but 1, the scores still part them.
            .then(b.1.total_cmp(&a.1))
            .then(votes(b.0).cmp(&votes(a.0)))
            .then(a.0.asked.place.cmp(&b.0.asked.place))
    });
    let contradicted = found.len() as u64;
    found.truncate(most);
    ContradictionsReport {
        contradicted,
        questions: found.into_iter().map(|(.., one)| one).collect(),
    }
}

fn one<'a>(answer: &'a Answer, tasks: &[String]) -> Option<(&'a Answer, f64, Contradiction)> {
    let (human, model) = (answer.truth()?.verdict, answer.choice()?);
    let opposite = matches!(
        (human, model),
        (Verdict::Response1, Verdict::Response2) | (Verdict::Response2, Verdict::Response1)
    );
    if !opposite {
        return None;
    }
    let counts = Verdict::ALL
        .into_iter()
        .zip(answer.asked.votes.map(u64::from));
    let votes: BTreeMap<Verdict, u64> = counts.filter(|(_, n)| *n > 0).collect();
    let all: u64 = votes.values().sum();
    let share = match all {
        0 => 1.0,
        all => votes.get(&human).copied().unwrap_or(0) as f64 / all as f64,
    };
    let margin = answer.margin.map_or(f64::INFINITY, f64::abs);
    let confidence = probability(margin);
    let contradiction = Contradiction {
        question: answer.question,
        source_id: None,
        task: tasks[answer.asked.task].clone(),
        criterion: None,
        prompt: String::new(),
        response1: String::new(),
        response2: String::new(),
        human,
        model,
        votes,
        confidence,
        strength: confidence * share,
    };
    Some((answer, margin, contradiction))
}

/// Puts the words in; a question that several models are listed with is read once.
pub(super) async fn fill<'a>(
    project: &Project,
    reports: impl Iterator<Item = &'a mut ContradictionsReport>,
) -> Result<()> {
    let mut by_question: BTreeMap<QuestionId, Vec<&mut Contradiction>> = BTreeMap::new();
    for one in reports.flat_map(|report| &mut report.questions) {
        by_question.entry(one.question).or_default().push(one);
    }
    for (question, listed) in by_question {
        let found = project.whole_question(question).await?;
        let sides = found.sides.map(|side: SideView| shortened(&side.text));
        for one in listed {
            one.source_id.clone_from(&found.source_id);
            one.criterion.clone_from(&found.criterion);
            [one.prompt, one.response1, one.response2] = sides.clone();
        }
    }
    Ok(())
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_letters() {
        assert_eq!(shortened("长"), "长");
        let long = "长".repeat(SHOWN + 1);
        assert_eq!(shortened(&long).chars().count(), SHOWN + 1);
        assert!(shortened(&long).ends_with('…'));
    }
}
