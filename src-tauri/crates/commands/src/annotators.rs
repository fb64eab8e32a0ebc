//! Who labels, with which keys and preferences.

use tiebreak_domain::{Action, AnnotatorId, Binding, Keymap, Phase};
use tiebreak_store::{Project, StoreError};

use crate::dto::{AnnotatorName, LabelSetup, MoveReport, Preferences};
use crate::error::Result;

/// The names to pick from: people, not the names that came with a table of votes.
pub async fn names(project: &Project) -> Result<Vec<AnnotatorName>> {
    let all = project.annotators().await?;
    Ok(all
        .into_iter()
        .filter(|a| a.origin.is_none())
        .map(|a| AnnotatorName {
            id: a.id,
            name: a.name,
        })
        .collect())
}

/// The person that a name or an id means, where one is to label; a name that nobody has becomes a
/// new person if `add` says so. In a work package there is one person, and no name means him.
pub async fn labeller(project: &Project, name: &str, add: bool) -> Result<AnnotatorName> {
    let Some(mark) = project.package() else {
        return match add {
            true => find_or_add(project, name).await,
            false => find(project, name).await,
        };
    };
    let found = match name.trim() {
        "" => Some(mark.annotator),
        name => project.find_annotator(name).await.ok().map(|a| a.id),
    };
    if found != Some(mark.annotator) {
        return Err(StoreError::PackageOfAnother(mark.name.clone()).into());
    }
    Ok(AnnotatorName {
        id: mark.annotator,
        name: mark.name.clone(),
    })
}

/// Adds a person, even where the name is there already: equal names stay apart.
pub async fn add(project: &Project, name: &str) -> Result<AnnotatorName> {
    project.refuse_package()?;
    let added = project.add_annotator(name).await?;
    Ok(AnnotatorName {
        id: added.id,
        name: added.name,
    })
}

/// The person that a name or an id means; a name that nobody has becomes a new person.
pub async fn find_or_add(project: &Project, name: &str) -> Result<AnnotatorName> {
    project.refuse_package()?;
    let person = project.person(name).await?;
    Ok(AnnotatorName {
        id: person.id,
        name: person.name,
    })
}

/// The annotator that a name or an id means.
pub async fn find(project: &Project, name: &str) -> Result<AnnotatorName> {
    let found = project.find_annotator(name).await?;
    Ok(AnnotatorName {
        id: found.id,
        name: found.name,
    })
}

/// Moves the work done under one name to another.
pub async fn move_votes(
    project: &Project,
    from: AnnotatorId,
    to: AnnotatorId,
) -> Result<MoveReport> {
    project.refuse_package()?;
    project.annotator(from).await?;
    project.annotator(to).await?;
    let (moved, kept) = if from == to {
        (0, 0)
    } else {
        project.move_votes(from, to).await?
    };
    Ok(MoveReport { moved, kept })
}

/// What the label screen needs besides the question.
pub async fn setup(project: &Project, annotator: AnnotatorId) -> Result<LabelSetup> {
    let who = project.annotator(annotator).await?;
    let settings = project.settings().await?;
    let phase = project.phase().await?;
    Ok(LabelSetup {
        project: settings.name,
        annotator: AnnotatorName {
            id: who.id,
            name: who.name,
        },
        keys: keys(project, annotator).await?,
        preferences: preferences(project, annotator).await?,
        both_bad: settings.both_bad,
        reveal: project.reveal_policy().await?.when,
        phase,
        ask_criteria: phase.is_none_or(|phase| phase == Phase::Write)
            && (settings.ask_criteria || project.waits_for_criteria().await?),
    })
}

/// The annotator's keys.
pub async fn keys(project: &Project, annotator: AnnotatorId) -> Result<Vec<Binding>> {
    Ok(project.keymap(annotator).await?.bindings().to_vec())
}

/// Moves actions to other keys, or switches them off: all of them or, where one is refused, none.
pub async fn bind_keys(
    project: &Project,
    annotator: AnnotatorId,
    changes: &[(Action, Option<(&str, bool)>)],
) -> Result<Vec<Binding>> {
    let mut keymap = project.keymap(annotator).await?;
    for (action, key) in changes {
        keymap.bind(*action, *key)?;
    }
    project.set_keymap(annotator, &keymap).await?;
    Ok(keymap.bindings().to_vec())
}

/// Puts every key back where the table has it.
pub async fn reset_keys(project: &Project, annotator: AnnotatorId) -> Result<Vec<Binding>> {
    let keymap = Keymap::default();
    project.set_keymap(annotator, &keymap).await?;
    Ok(keymap.bindings().to_vec())
}

/// What the annotator set on his screen.
pub async fn preferences(project: &Project, annotator: AnnotatorId) -> Result<Preferences> {
    let stored = project.preferences(annotator).await?;
    Ok(serde_json::from_str(&stored).unwrap_or_default())
}

/// Keeps what the annotator set on his screen.
pub async fn set_preferences(
    project: &Project,
    annotator: AnnotatorId,
    preferences: &Preferences,
) -> Result<()> {
    let json = serde_json::to_string(preferences).unwrap_or_default();
    Ok(project.set_preferences(annotator, &json).await?)
}
