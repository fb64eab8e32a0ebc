//! How questions are dealt: in which order, to how many people, and who has which place.

use serde::{Deserialize, Serialize};
use tiebreak_domain::{AnnotatorId, Order, Role};
use ts_rs::TS;

use crate::Project;
use crate::error::Result;

/// Where somebody's queue stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueueOf {
    /// Who.
    pub annotator: AnnotatorId,
    /// The name.
    pub name: String,
    /// As which number, from 1, he began; null where nothing was dealt to him.
    pub number: Option<u32>,
    /// Questions answered.
    #[ts(type = "number")]
    pub done: u64,
    /// Questions in all.
    #[ts(type = "number")]
    pub total: u64,
    /// Questions of the practice round answered or skipped.
    #[ts(type = "number")]
    pub practice_done: u64,
    /// Whether the place can be given on: it was taken, and no vote stands.
    pub can_be_freed: bool,
}

/// How a project deals its questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Queues {
    /// In which order pairs are dealt.
    pub order: Order,
    /// How many of how many people see each pair; null: everybody sees all.
    pub overlap: Option<[u32; 2]>,
    /// How many of a hundred questions come back, sides swapped.
    pub repeat_percent: u8,
    /// Questions that are checks.
    #[ts(type = "number")]
    pub checks: u64,
    /// Questions of the practice round.
    #[ts(type = "number")]
    pub practice: u64,
    /// Who labels.
    pub people: Vec<QueueOf>,
}

/// How questions are dealt, and how far everybody is.
///
/// # Errors
/// The project cannot be read.
pub async fn show(project: &Project) -> Result<Queues> {
    let settings = project.settings().await?;
    let known = project.known_answers().await?;
    let places = project.places().await?;
    let mut people = Vec::new();
    for annotator in project.annotators().await? {
        if annotator.origin.is_some() {
            continue;
        }
        let standing = project.standing(annotator.id).await?;
        let place = places.iter().find(|place| place.annotator == annotator.id);
        people.push(QueueOf {
            annotator: annotator.id,
            name: annotator.name,
            number: place.map(|place| place.number),
            done: standing.done,
            total: standing.total,
            practice_done: standing.practice_done,
            can_be_freed: place.is_some_and(|place| place.free),
        });
    }
    let count = |role| known.iter().filter(|k| k.role == role).count() as u64;
    Ok(Queues {
        order: settings.order,
        overlap: settings.overlap.map(|o| [o.votes(), o.people()]),
        repeat_percent: settings.repeat_percent,
        checks: count(Role::Check),
        practice: count(Role::Practice),
        people,
    })
}

/// Deals in another order from now on. What is dealt already stays.
///
/// # Errors
/// The project cannot be written to.
pub async fn set_order(project: &Project, order: Order) -> Result<()> {
    Ok(project.set_order(order).await?)
}

/// Gives the place of somebody without a standing vote to the next who begins; the log says so.
/// Returns how many questions that were dealt to him went back.
///
/// # Errors
/// He has votes that stand, or no place.
pub async fn free_place(project: &Project, annotator: AnnotatorId) -> Result<u64> {
    Ok(project.free_place(annotator).await?)
}
