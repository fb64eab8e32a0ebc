//! What the owner may want to put together: suggestions, and nothing but that. None is ever applied
//! by itself.
//!
//! Two sentences of one pair are suggested as saying the same where they are equal but for case,
//! punctuation and spaces, or where at least 60 % of their different words are common to both
//! (Jaccard's index). An ungrouped sentence is suggested for the group whose sentences share the
//! most of its words, 30 % at least; words that most sentences have are left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use tiebreak_domain::{CriterionId, PairId, QuestionId};
use tiebreak_store::{AskedSentence, Project};
use ts_rs::TS;

use crate::error::{CommandError, Result};

/// From which share of common words on two sentences are suggested as the same.
const ALIKE: f64 = 0.6;
/// From which share on a sentence is suggested for a group.
const FITS: f64 = 0.3;
/// Words with which every question may begin.
const COMMON: [&str; 22] = [
    "a", "an", "and", "are", "as", "better", "by", "for", "in", "is", "it", "more", "of", "on",
    "or", "response", "should", "that", "the", "to", "which", "with",
];

/// Two questions of a pair that may say the same.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SameSuggestion {
    /// The pair.
    pub pair: PairId,
    /// The question that came first.
    pub first: QuestionId,
    /// Its sentence.
    pub first_text: String,
    /// The other.
    pub second: QuestionId,
    /// Its sentence.
    pub second_text: String,
    /// `same_words`, or `alike`.
    pub why: String,
    /// The share of their words that is common to both.
    pub alike: f64,
}

/// A criterion that may belong to a group.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct GroupSuggestion {
    /// The criterion.
    #[ts(type = "string")]
    pub criterion: CriterionId,
    /// Its sentence.
    pub text: String,
    /// The group.
    pub group: String,
    /// The share of its words that the group's sentences have.
    pub alike: f64,
}

/// What the owner may want to put together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct Suggestions {
    /// Always true: these are suggestions, made from words alone, and none was applied.
    pub suggestion: bool,
    /// Questions that may say the same, those of the same words first.
    pub same: Vec<SameSuggestion>,
    /// How many of those there are in all.
    #[ts(type = "number")]
    pub same_total: u64,
    /// Criteria that may belong to a group.
    pub groups: Vec<GroupSuggestion>,
    /// How many of those there are in all.
    #[ts(type = "number")]
    pub groups_total: u64,
}

/// Suggests what may be put together, `limit` of each kind at most.
///
/// # Errors
/// The project cannot be read.
pub async fn suggest(project: &Project, limit: usize) -> Result<Suggestions> {
    let asked = project.asked_sentences().await?;
    // Every sentence is read: not on a thread that answers others.
    tokio::task::spawn_blocking(move || look(&asked, limit))
        .await
        .map_err(|error| CommandError::new("internal", error.to_string()))
}

fn look(asked: &[AskedSentence], limit: usize) -> Suggestions {
    let mut same: Vec<SameSuggestion> = asked
        .chunk_by(|a, b| a.pair == b.pair)
        .flat_map(of_pair)
        .collect();
    same.sort_by(|a, b| b.why.cmp(&a.why).then(b.alike.total_cmp(&a.alike)));
    let mut groups = for_groups(asked);
    groups.sort_by(|a, b| b.alike.total_cmp(&a.alike));
    let (same_total, groups_total) = (same.len() as u64, groups.len() as u64);
    same.truncate(limit);
    groups.truncate(limit);
    Suggestions {
        suggestion: true,
        same,
        same_total,
        groups,
        groups_total,
    }
}

fn of_pair(asked: &[AskedSentence]) -> Vec<SameSuggestion> {
    let words: Vec<Vec<String>> = asked.iter().map(|one| words_of(&one.text)).collect();
    let mut found = Vec::new();
    for (n, first) in asked.iter().enumerate() {
        for (m, second) in asked.iter().enumerate().skip(n + 1) {
            let equal = words[n] == words[m];
            let alike = if equal {
                1.0
            } else {
                jaccard(&words[n], &words[m])
            };
            if alike >= ALIKE {
                found.push(SameSuggestion {
                    pair: first.pair,
                    first: first.question,
                    first_text: first.text.clone(),
                    second: second.question,
                    second_text: second.text.clone(),
                    why: if equal { "same_words" } else { "alike" }.to_owned(),
                    alike,
                });
            }
        }
    }
    found
}

/// The words of a sentence, in lower case. Where a script has no spaces, each letter is a word.
fn words_of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        let alone = matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}');
        if c.is_alphanumeric() && !alone {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if alone {
            words.push(c.to_string());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sentence has far fewer than 2^53 words"
)]
fn jaccard(one: &[String], other: &[String]) -> f64 {
    let (one, other): (BTreeSet<_>, BTreeSet<_>) = (one.iter().collect(), other.iter().collect());
    let all = one.union(&other).count();
    if all == 0 {
        return 0.0;
    }
    one.intersection(&other).count() as f64 / all as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sentence has far fewer than 2^53 words"
)]
fn for_groups(asked: &[AskedSentence]) -> Vec<GroupSuggestion> {
    let telling = |text: &str| -> BTreeSet<String> {
        let words = words_of(text).into_iter();
        words
            .filter(|word| !COMMON.contains(&word.as_str()))
            .collect()
    };
    let mut groups: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut ungrouped: HashMap<CriterionId, &AskedSentence> = HashMap::new();
    for one in asked {
        match &one.group {
            Some(group) => groups.entry(group).or_default().extend(telling(&one.text)),
            None => drop(ungrouped.entry(one.criterion).or_insert(one)),
        }
    }
    let mut loose: Vec<&AskedSentence> = ungrouped.into_values().collect();
    loose.sort_by_key(|one| one.criterion);
    let mut found = Vec::new();
    for one in loose {
        let words = telling(&one.text);
        let share = |of: &BTreeSet<String>| {
            words.intersection(of).count() as f64 / words.len().max(1) as f64
        };
        let best = groups.iter().map(|(name, of)| (share(of), *name));
        let best = best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
        if let Some((alike, group)) = best
            && alike >= FITS
        {
            found.push(GroupSuggestion {
                criterion: one.criterion,
                text: one.text.clone(),
                group: group.to_owned(),
                alike,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_compared_by_their_words() {
        assert_eq!(
            words_of("Which is CLEARER?"),
            words_of(" which is clearer ")
        );
        assert_eq!(words_of("哪个更好"), ["哪", "个", "更", "好"]);
        let alike = |a: &str, b: &str| jaccard(&words_of(a), &words_of(b));
        assert!(alike("Which has the better sound?", "Which has better sound?") >= ALIKE);
        assert!(alike("Which is longer?", "Which is kinder?") < ALIKE);
        assert_eq!(alike("", ""), 0.0);
    }
}
