//! A row understood through a mapping.

use std::collections::BTreeMap;

use tiebreak_domain::{Confidence, Criterion, Task, Verdict};

use crate::error::{Problem, shorten};
use crate::fields::{Fields, RawRow};
use crate::json::raw::{Kind, RawJson};
use crate::mapping::{Content, CriterionFrom, Mapping, TaskFrom, VoteFrom};
use crate::row::{Incoming, IncomingResponse, IncomingVote, MediaSource};

/// What is known of all rows of a file.
pub(crate) struct MappedRows {
    pub(crate) mapping: Mapping,
    /// The task that the person gave; it goes before the mapping's.
    pub(crate) given: Option<Task>,
    names: Vec<String>,
}

impl MappedRows {
    pub(crate) fn new(mapping: Mapping, given: Option<Task>) -> Self {
        let names = own_names(&mapping);
        Self {
            mapping,
            given,
            names,
        }
    }

    /// Fields of the file that would be written back under a name that the row itself needs.
    pub(crate) fn hidden<'a>(&self, present: &'a [String]) -> Vec<&'a str> {
        let unused = |name: &&str| !self.mapping.fields().any(|used| used == *name);
        let taken = |name: &&str| self.names.iter().any(|own| own == name);
        let present = present.iter().map(String::as_str);
        present.filter(unused).filter(taken).collect()
    }

    /// Understands a row, or says why not.
    pub(crate) fn understand(&self, raw: RawRow) -> Result<Incoming, Problem> {
        let mut fields = Fields::new(raw);
        let task = self.task(&fields)?;
        let mapping = &self.mapping;
        let (prompt, prompt_media) = content(&mut fields, "prompt", &mapping.prompt)?;
        let (model1, model2) = self.models(&mut fields);
        let response1 = response(&mut fields, "response1", &mapping.response1, model1)?;
        let response2 = response(&mut fields, "response2", &mapping.response2, model2)?;
        let criterion = self.criterion(&mut fields)?;
        let source_id = mapping.id.as_deref().and_then(|name| fields.word(name));
        let mut unread = Vec::new();
        let resolution = mapping.resolution.as_ref().and_then(|from| {
            let verdict = verdict(&mut fields, &from.field, &from.values, "verdict");
            if let Meaning::Unknown = verdict {
                unread.push(from.field.as_str());
            }
            verdict.known()
        });
        let mut votes = Vec::new();
        for from in &mapping.vote {
            vote(&mut fields, from, &mut votes, &mut unread);
        }
        let row = fields.row;
        let (_, kept, remarks) = fields.finish();
        let (shape, extra) = self.shape(kept, &unread);
        Ok(Incoming {
            row,
            task,
            prompt,
            prompt_media,
            response1,
            response2,
            criterion,
            source_id,
            resolution,
            votes,
            shape,
            extra,
            remarks,
        })
    }

    fn task(&self, fields: &Fields) -> Result<Task, Problem> {
        if let Some(given) = &self.given {
            return Ok(given.clone());
        }
        match &self.mapping.task {
            Some(TaskFrom::Constant(task)) => Ok(task.clone()),
            Some(TaskFrom::Field { field, values }) => {
                let word = fields.get(field).map(RawJson::words).unwrap_or_default();
                if let Some(task) = looked_up(values, &word) {
                    return Ok(task.clone());
                }
                let unknown = || {
                    let seen = shorten(&word);
                    format!("“{seen}” is not among the mapping's values for the task: add it")
                };
                match word.trim().parse() {
                    Ok(task) if values.is_empty() => Ok(task),
                    Ok(_) => Err(fields.refuse(field, "bad_task", unknown())),
                    Err(error) => Err(fields.refuse(field, "bad_task", format!("{error}"))),
                }
            }
            None => Err(fields.refuse(
                "task",
                "no_task",
                "neither the mapping nor you gave a task".to_owned(),
            )),
        }
    }

    fn models(&self, fields: &mut Fields) -> (Option<String>, Option<String>) {
        let mapping = &self.mapping;
        let Some(models) = &mapping.models else {
            let one = mapping.model1.as_ref().or(mapping.response1.model.as_ref());
            let two = mapping.model2.as_ref().or(mapping.response2.model.as_ref());
            return (
                one.and_then(|name| fields.word(name)),
                two.and_then(|name| fields.word(name)),
            );
        };
        let Some(both) = fields.word(&models.field) else {
            return (None, None);
        };
        let (seen, split) = (shorten(&both), &models.split);
        let Some((one, two)) = both.split_once(split.as_str()) else {
            let message = format!("“{seen}” has no “{split}” in it: the models stay unnamed");
            fields.remark(&models.field, "models_not_split", message);
            return (None, None);
        };
        if two.contains(split.as_str()) {
            let message = format!(
                "“{seen}” has more than one “{split}” in it: split at the first into “{}” and “{}”",
                shorten(one),
                shorten(two)
            );
            fields.remark(&models.field, "models_not_split", message);
        }
        (Some(one.to_owned()), Some(two.to_owned()))
    }

    fn criterion(&self, fields: &mut Fields) -> Result<Option<Criterion>, Problem> {
        let (name, text) = match &self.mapping.criterion {
            None => return Ok(None),
            Some(CriterionFrom::Text(text)) => ("criterion", text.clone()),
            Some(CriterionFrom::Field(name)) => {
                let Some(text) = fields.word(name).filter(|text| !text.trim().is_empty()) else {
                    let message = format!("{name} is blank: the row is a pair without a criterion");
                    fields.remark(name, "blank", message);
                    return Ok(None);
                };
                (name.as_str(), text)
            }
        };
        let criterion = Criterion::new(text);
        criterion
            .map(Some)
            .map_err(|error| fields.refuse(name, "bad_criterion", format!("{error}")))
    }

    /// The fields to write back: the row's own, then those that the mapping does not use, and
    /// those whose word it did not know.
    fn shape(
        &self,
        kept: Vec<(String, RawJson)>,
        unread: &[&str],
    ) -> (Vec<String>, Vec<(String, RawJson)>) {
        let mut shape = self.names.clone();
        // An id that is a number stays one.
        let id = self.mapping.id.as_deref();
        let number = kept
            .iter()
            .find(|(name, raw)| Some(name.as_str()) == id && raw.kind() == Kind::Number);
        let number = number.map(|(_, raw)| ("id".to_owned(), raw.clone()));
        let mut extra = kept;
        extra.retain(|(name, _)| {
            let used = self.mapping.fields().any(|field| field == name);
            (!used || unread.contains(&name.as_str())) && !self.names.contains(name)
        });
        shape.extend(extra.iter().map(|(name, _)| name.clone()));
        extra.extend(number);
        (shape, extra)
    }
}

/// The fields that a mapped row has of its own, in their order.
fn own_names(mapping: &Mapping) -> Vec<String> {
    let mut names = vec!["prompt"];
    names.extend(mapping.prompt.media().map(|(kind, _)| kind.as_str()));
    names.extend(["response1", "response2"]);
    let models = mapping.models.is_some();
    if models || mapping.model1.is_some() || mapping.response1.model.is_some() {
        names.push("model1");
    }
    if models || mapping.model2.is_some() || mapping.response2.model.is_some() {
        names.push("model2");
    }
    names.extend(["criteria", "criteria_preference"]);
    if mapping.id.is_some() {
        names.push("id");
    }
    names.into_iter().map(str::to_owned).collect()
}

fn content(
    fields: &mut Fields,
    name: &str,
    from: &Content,
) -> Result<(String, Vec<MediaSource>), Problem> {
    if from
        .content_fields()
        .all(|field| fields.get(field).is_none())
    {
        let wanted = from.content_fields().collect::<Vec<_>>().join(", ");
        let message = format!("the row has no {wanted}, from which the {name} is taken");
        return Err(fields.refuse(name, "missing_field", message));
    }
    let mut text = String::new();
    for field in &from.text {
        let is_there = fields.get(field).is_some_and(|raw| !raw.is_null());
        let Some(words) = is_there.then(|| fields.text(field)).flatten() else {
            continue;
        };
        // A single field keeps its white space; blank ones are left out of a joined text.
        if from.text.len() > 1 && words.trim().is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&words);
    }
    let mut media = Vec::new();
    for (_, field) in from.media() {
        media.extend(fields.media(field)?);
    }
    if text.trim().is_empty() && media.is_empty() {
        let message = format!("{name} is blank: imported as an empty text");
        fields.remark(name, "blank", message);
    }
    Ok((text, media))
}

fn response(
    fields: &mut Fields,
    name: &str,
    from: &Content,
    model: Option<String>,
) -> Result<IncomingResponse, Problem> {
    let (text, media) = content(fields, name, from)?;
    Ok(IncomingResponse { text, media, model })
}

enum Meaning {
    Known(Verdict),
    Blank,
    Unknown,
}

impl Meaning {
    fn known(self) -> Option<Verdict> {
        match self {
            Self::Known(verdict) => Some(verdict),
            Self::Blank | Self::Unknown => None,
        }
    }
}

fn looked_up<'a, T>(values: &'a BTreeMap<String, T>, word: &str) -> Option<&'a T> {
    values.get(word).or_else(|| values.get(word.trim()))
}

fn verdict(
    fields: &mut Fields,
    name: &str,
    values: &BTreeMap<String, Verdict>,
    what: &str,
) -> Meaning {
    let word = fields.get(name).map(RawJson::words).unwrap_or_default();
    if let Some(verdict) = looked_up(values, &word) {
        return Meaning::Known(*verdict);
    }
    if word.trim().is_empty() {
        return Meaning::Blank;
    }
    let message = format!(
        "“{}” is not among the mapping's values for {name}: no {what} is taken from it",
        shorten(&word)
    );
    fields.remark(name, "unknown_value", message);
    Meaning::Unknown
}

fn vote<'a>(
    fields: &mut Fields,
    from: &'a VoteFrom,
    votes: &mut Vec<IncomingVote>,
    unread: &mut Vec<&'a str>,
) {
    let verdict = match verdict(fields, &from.field, &from.values, "vote") {
        Meaning::Known(verdict) => verdict,
        Meaning::Blank => return,
        Meaning::Unknown => {
            unread.push(&from.field);
            return;
        }
    };
    let word = |field: &Option<String>| {
        let raw = field.as_deref().and_then(|name| fields.get(name));
        raw.map(RawJson::words).unwrap_or_default()
    };
    let named = word(&from.annotator_field);
    let annotator = from.annotator.as_deref().unwrap_or(named.trim()).to_owned();
    let rationale = word(&from.rationale);
    let at = word(&from.at_ms);
    if annotator.is_empty() {
        let name = from.annotator_field.as_deref().unwrap_or_default();
        let message = format!("{name} is blank: the vote has nobody who cast it and is not taken");
        fields.remark(name, "blank", message);
        unread.push(&from.field);
        return;
    }
    let at_ms = at.trim().parse().ok();
    if let (None, false, Some(name)) = (at_ms, at.trim().is_empty(), &from.at_ms) {
        let message = format!(
            "“{}” is not a time in milliseconds: the vote is taken without it",
            shorten(&at)
        );
        fields.remark(name, "unknown_value", message);
        unread.push(name);
    }
    let confidence = confidence(fields, from, unread);
    votes.push(IncomingVote {
        annotator,
        verdict: Some(verdict),
        confidence,
        rationale,
        at_ms,
    });
}

fn confidence<'a>(
    fields: &mut Fields,
    from: &'a VoteFrom,
    unread: &mut Vec<&'a str>,
) -> Option<Confidence> {
    let from = from.confidence.as_ref()?;
    let word = fields
        .get(&from.field)
        .map(RawJson::words)
        .unwrap_or_default();
    let level = match looked_up(&from.values, &word) {
        Some(level) => Some(i64::from(*level)),
        None if from.values.is_empty() => word.trim().parse().ok(),
        None => None,
    };
    let confidence = level.and_then(|level| Confidence::new(level).ok());
    if confidence.is_none() && !word.trim().is_empty() {
        let message = format!(
            "“{}” is not a confidence that the mapping knows: the vote is taken without one",
            shorten(&word)
        );
        fields.remark(&from.field, "unknown_value", message);
        unread.push(&from.field);
    }
    confidence
}
