//! The owner's work on criteria: looking through them, mending and changing sentences, saying which
//! questions of a pair say the same, gathering sentences into groups. Never for an annotator: it
//! names people and counts their votes.

mod suggest;

use serde::{Deserialize, Serialize};
use tiebreak_domain::{
    AnnotatorId, Criterion, CriterionEditId, CriterionId, EditKind, PairId, QuestionId,
};
use tiebreak_store::{CriteriaWanted, EditEffect, Project};
use ts_rs::TS;

use crate::error::{CommandError, Result};
pub use suggest::{GroupSuggestion, SameSuggestion, Suggestions, suggest};
pub use tiebreak_store::UNGROUPED;

/// How many criteria a page holds at most.
const MOST: u64 = 1000;

/// Which criteria are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct CriteriaRequest {
    /// Words that the sentence holds.
    pub search: String,
    /// Only those of this group; `ungrouped`: those in none.
    pub group: Option<String>,
    /// Only those of this pair.
    pub pair: Option<PairId>,
    /// After how many.
    #[ts(type = "number")]
    pub offset: u64,
    /// How many at most, up to 1,000.
    #[ts(type = "number")]
    pub limit: u64,
}

impl Default for CriteriaRequest {
    fn default() -> Self {
        Self {
            search: String::new(),
            group: None,
            pair: None,
            offset: 0,
            limit: 100,
        }
    }
}

/// A criterion and what stands on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CriterionInfo {
    /// Its id, which no edit changes.
    #[ts(type = "string")]
    pub criterion: CriterionId,
    /// The sentence.
    pub text: String,
    /// Its version, from 1.
    pub version: u32,
    /// Who wrote it here; null where it came with the data.
    pub author: Option<String>,
    /// The group it is in; null: ungrouped.
    pub group: Option<String>,
    /// Pairs that are asked under it.
    #[ts(type = "number")]
    pub pairs: u64,
    /// Its questions in whose place another one is asked.
    #[ts(type = "number")]
    pub merged: u64,
    /// Votes that stand.
    #[ts(type = "number")]
    pub votes: u64,
}

/// A group and how many criteria are in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct GroupInfo {
    /// Its name.
    pub name: String,
    /// How many criteria are in it.
    #[ts(type = "number")]
    pub criteria: u64,
}

/// A page of criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CriteriaPage {
    /// The criteria, in the order in which they came.
    pub criteria: Vec<CriterionInfo>,
    /// How many there are in all pages.
    #[ts(type = "number")]
    pub total: u64,
    /// Every group of the project.
    pub groups: Vec<GroupInfo>,
}

/// A page of criteria, with every group.
///
/// # Errors
/// The project cannot be read.
pub async fn list(project: &Project, request: &CriteriaRequest) -> Result<CriteriaPage> {
    let group = request.group.as_deref().map(str::trim);
    let wanted = CriteriaWanted {
        search: request.search.clone(),
        group: group.map(|name| (name != UNGROUPED).then(|| name.to_owned())),
        pair: request.pair,
        offset: request.offset,
        limit: request.limit.min(MOST),
    };
    let (rows, total) = project.criteria(&wanted).await?;
    let groups = project.criterion_groups().await?;
    Ok(CriteriaPage {
        criteria: rows
            .into_iter()
            .map(|row| CriterionInfo {
                criterion: row.id,
                text: row.text,
                version: row.version,
                author: row.author,
                group: row.group,
                pairs: row.pairs,
                merged: row.merged,
                votes: row.votes,
            })
            .collect(),
        total,
        groups: groups
            .into_iter()
            .map(|(name, criteria)| GroupInfo { name, criteria })
            .collect(),
    })
}

/// An edit of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EditInfo {
    /// Its id.
    #[ts(type = "string")]
    pub edit: CriterionEditId,
    /// The version that it made.
    pub version: u32,
    /// The sentence before.
    pub was: String,
    /// The sentence after.
    pub text: String,
    /// What it did.
    pub kind: EditKind,
    /// Who made it; null: the owner, under no name.
    pub by: Option<String>,
    /// When, in milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// What an edit of a criterion would do, either way, and what was done to it before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EditPreview {
    /// Its questions that are asked.
    #[ts(type = "number")]
    pub questions: u64,
    /// Votes that stand: a typo keeps them, a changed meaning lets them stand no longer.
    #[ts(type = "number")]
    pub votes: u64,
    /// How many people cast them: they get the questions again if the meaning changes.
    #[ts(type = "number")]
    pub people: u64,
    /// Resolutions that stand: a changed meaning takes them back.
    #[ts(type = "number")]
    pub resolutions: u64,
    /// The edits, the first first.
    pub edits: Vec<EditInfo>,
}

/// What an edit of a criterion would do.
///
/// # Errors
/// No such criterion; the project cannot be read.
pub async fn preview_edit(project: &Project, criterion: CriterionId) -> Result<EditPreview> {
    let effect = project.edit_effect(criterion).await?;
    let edits = project.criterion_edits(criterion).await?;
    Ok(EditPreview {
        questions: effect.questions,
        votes: effect.votes,
        people: effect.people,
        resolutions: effect.resolutions,
        edits: edits
            .into_iter()
            .map(|edit| EditInfo {
                edit: edit.id,
                version: edit.version,
                was: edit.was,
                text: edit.text,
                kind: edit.kind,
                by: edit.by,
                at_ms: edit.at_ms,
            })
            .collect(),
    })
}

/// What an edit did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EditReceipt {
    /// The edit.
    #[ts(type = "string")]
    pub edit: CriterionEditId,
    /// The criterion.
    #[ts(type = "string")]
    pub criterion: CriterionId,
    /// What it did.
    pub kind: EditKind,
    /// Votes that stay.
    #[ts(type = "number")]
    pub votes_stay: u64,
    /// Votes that stand no longer.
    #[ts(type = "number")]
    pub votes_fall: u64,
    /// People who get the questions again.
    #[ts(type = "number")]
    pub people_again: u64,
    /// Resolutions that were taken back.
    #[ts(type = "number")]
    pub resolutions_taken_back: u64,
}

/// Edits a criterion's sentence.
///
/// # Errors
/// No such criterion; no sentence, or the one that is there; the project cannot be written.
pub async fn edit(
    project: &Project,
    criterion: CriterionId,
    text: &str,
    kind: EditKind,
    by: Option<AnnotatorId>,
) -> Result<EditReceipt> {
    let text = Criterion::new(text.trim())?;
    let (edit, effect) = project.edit_criterion(criterion, &text, kind, by).await?;
    let changed = kind == EditKind::Meaning;
    let EditEffect {
        votes,
        people,
        resolutions,
        ..
    } = effect;
    let only = |yes: bool, n: u64| if yes { n } else { 0 };
    Ok(EditReceipt {
        edit,
        criterion,
        kind,
        votes_stay: only(!changed, votes),
        votes_fall: only(changed, votes),
        people_again: only(changed, people),
        resolutions_taken_back: only(changed, resolutions),
    })
}

/// What came of putting questions together, or apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SameReceipt {
    /// Questions that another one stands for now, or that are asked again.
    #[ts(type = "number")]
    pub questions: u64,
    /// Their votes, which count no longer, or again.
    #[ts(type = "number")]
    pub votes: u64,
    /// Questions that were left since their pair is not asked what it would stand for.
    #[ts(type = "number")]
    pub left: u64,
}

/// Says that criteria (or questions) say the same: in every pair, or in `pair` alone, the first one's
/// question is asked in the place of the others'. Pairs without a question of the first are left.
///
/// # Errors
/// Fewer than two ids; an id of nothing; a question that another stands for already.
pub async fn same(
    project: &Project,
    ids: &[String],
    pair: Option<PairId>,
    by: Option<AnnotatorId>,
) -> Result<SameReceipt> {
    let [first, others @ ..] = ids else {
        return Err(too_few());
    };
    if others.is_empty() {
        return Err(too_few());
    }
    let stays: std::collections::HashMap<PairId, QuestionId> = with_pairs(project, first, pair)
        .await?
        .into_iter()
        .rev()
        .collect();
    let mut wanted = Vec::new();
    let mut left = 0;
    for other in others {
        for (of, question) in with_pairs(project, other, pair).await? {
            match stays.get(&of) {
                Some(kept) if *kept != question => wanted.push((question, *kept)),
                Some(_) => {}
                None => left += 1,
            }
        }
    }
    let done = project.say_same(&wanted, by).await?;
    Ok(SameReceipt {
        questions: done.questions,
        votes: done.votes,
        left,
    })
}

/// Puts the questions of criteria (or questions) apart again.
///
/// # Errors
/// An id of nothing; the project cannot be written.
pub async fn apart(
    project: &Project,
    ids: &[String],
    pair: Option<PairId>,
    by: Option<AnnotatorId>,
) -> Result<SameReceipt> {
    let mut wanted = Vec::new();
    for id in ids {
        let found = with_pairs(project, id, pair).await?;
        wanted.extend(found.into_iter().map(|(_, question)| question));
    }
    let done = project.say_apart(&wanted, by).await?;
    Ok(SameReceipt {
        questions: done.questions,
        votes: done.votes,
        left: wanted.len() as u64 - done.questions,
    })
}

async fn with_pairs(
    project: &Project,
    id: &str,
    pair: Option<PairId>,
) -> Result<Vec<(PairId, QuestionId)>> {
    let id: QuestionId = id.parse()?;
    Ok(project.questions_meant(id.uuid(), pair).await?)
}

fn too_few() -> CommandError {
    CommandError::new(
        "too_few",
        "name two criteria at least, the one that stays first",
    )
}

/// How many criteria moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct GroupReceipt {
    /// The group; null: out of theirs.
    pub group: Option<String>,
    /// Criteria that were not there before.
    #[ts(type = "number")]
    pub moved: u64,
}

/// Puts criteria into a group, which is made by that, or (`None`) out of theirs.
///
/// # Errors
/// No such criterion; a name that no group can have.
pub async fn group(
    project: &Project,
    criteria: &[CriterionId],
    name: Option<&str>,
    by: Option<AnnotatorId>,
) -> Result<GroupReceipt> {
    let moved = project.group_criteria(criteria, name, by).await?;
    Ok(GroupReceipt {
        group: name.map(|name| name.trim().to_owned()),
        moved,
    })
}
