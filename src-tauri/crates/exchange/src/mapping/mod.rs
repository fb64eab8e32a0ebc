//! A mapping: which field of a table means what, as a person writes it down once in TOML.
//!
//! ```toml
//! task = "text_to_text"                    # or { field = "kind", values = { "t2t" = "text_to_text" } }
//! id = "idx"
//! prompt = ["instruction", "input"]        # joined by a blank line, empty ones left out
//! response1 = "response1"                  # or { image = "path" }, { text = "…", video = "…" }
//! response2 = { text = "response2", model = "system2" }
//! models = { field = "cmp_key", split = "_" }          # or model1 = "…" and model2 = "…"
//! criterion = { text = "Which response is better?" }   # or { field = "…" }
//! resolution = { field = "winner", values = { "model_a" = "response1" } }
//!
//! [[vote]]
//! annotator = "annotator1"                 # or annotator_field = "worker", in long tables
//! field = "annotator1"
//! values = { "1" = "response1", "2" = "response2", "0" = "tie" }
//! confidence = { field = "sure", values = { "low" = 1, "high" = 3 } }
//! rationale = "why"
//! at_ms = "time"
//! ```
//!
//! Media of the prompt stand beside its text: `prompt = { text = "caption", image = "source" }`.
//! Values are compared with the cell's text, so `"1"` is the number 1 and the text `1`.

mod content;
mod verdicts;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tiebreak_domain::{Criterion, Task, Verdict};

pub use content::Content;

use crate::error::{ExchangeError, Result, listed};

/// Which field means what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The task. May be left out where it is given with the import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskFrom>,
    /// The field with the row's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The prompt.
    pub prompt: Content,
    /// The first response.
    pub response1: Content,
    /// The second response.
    pub response2: Content,
    /// The field with the first response's model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model1: Option<String>,
    /// The field with the second response's model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model2: Option<String>,
    /// Both models out of one field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub models: Option<Models>,
    /// The criterion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criterion: Option<CriterionFrom>,
    /// The verdict that came with the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<ResolutionFrom>,
    /// The votes that came with the data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vote: Vec<VoteFrom>,
}

/// Where the task is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum TaskFrom {
    /// Here, for all rows.
    Constant(Task),
    /// In a field, in its own words or in others.
    Field {
        /// The field.
        field: String,
        /// What its words mean; without any, they are the tasks' ids.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        values: BTreeMap<String, Task>,
    },
}

/// Two model names in one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Models {
    /// The field.
    pub field: String,
    /// What stands between the names.
    pub split: String,
}

/// Where the criterion is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriterionFrom {
    /// Here, for all rows.
    Text(String),
    /// In a field.
    Field(String),
}

/// Where the data's verdict is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolutionFrom {
    /// The field.
    pub field: String,
    /// What its words mean.
    #[serde(deserialize_with = "verdicts::read")]
    pub values: BTreeMap<String, Verdict>,
}

/// Where a vote is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoteFrom {
    /// Who votes in this field, in all rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotator: Option<String>,
    /// The field that says who votes: a table with a row a vote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotator_field: Option<String>,
    /// The field with the vote.
    pub field: String,
    /// What its words mean.
    #[serde(deserialize_with = "verdicts::read")]
    pub values: BTreeMap<String, Verdict>,
    /// How sure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<ConfidenceFrom>,
    /// The field with the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rationale: Option<String>,
    /// The field with the time, in milliseconds since 1970-01-01 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<String>,
}

/// Where a vote's confidence is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfidenceFrom {
    /// The field.
    pub field: String,
    /// What its words mean; without any, they are 1, 2 and 3.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, u8>,
}

impl Mapping {
    /// Reads a mapping and checks it.
    pub fn from_toml(text: &str) -> Result<Self> {
        let read = toml::from_str::<Self>(text);
        let mapping = read.map_err(|error| ExchangeError::BadMapping(error.to_string()))?;
        mapping.validate()?;
        Ok(mapping)
    }

    /// Writes the mapping as [`Self::from_toml`] reads it.
    pub fn to_toml(&self) -> Result<String> {
        toml::to_string(self).map_err(|error| ExchangeError::BadMapping(error.to_string()))
    }

    /// Checks what the shape alone does not say. Fields are checked against the file when it is
    /// opened.
    pub fn validate(&self) -> Result<()> {
        let bad = |what: String| Err(ExchangeError::BadMapping(what));
        for (name, content) in [
            ("prompt", &self.prompt),
            ("response1", &self.response1),
            ("response2", &self.response2),
        ] {
            if content.fields().next().is_none() {
                return bad(format!("{name} names no field: give at least one"));
            }
        }
        if self.prompt.model.is_some() {
            return bad("prompt has a model: models belong to response1 and response2".into());
        }
        let named = [&self.response1.model, &self.response2.model];
        let apart = [&self.model1, &self.model2];
        let twice = named
            .iter()
            .zip(apart)
            .any(|(a, b)| a.is_some() && b.is_some());
        let any = named.iter().chain(&apart).any(|model| model.is_some());
        if twice || (any && self.models.is_some()) {
            return bad("a model is named in two ways: keep one of them".into());
        }
        if self.models.as_ref().is_some_and(|m| m.split.is_empty()) {
            return bad("models.split is empty: say what stands between the two names".into());
        }
        if let Some(CriterionFrom::Text(text)) = &self.criterion
            && let Err(error) = Criterion::new(text.as_str())
        {
            return bad(format!("criterion: {error}"));
        }
        if self
            .resolution
            .as_ref()
            .is_some_and(|r| r.values.is_empty())
        {
            return bad("resolution.values is empty: say what the field's words mean".into());
        }
        self.check_votes()
    }

    fn check_votes(&self) -> Result<()> {
        let mut seen: Vec<&str> = Vec::new();
        for (at, vote) in self.vote.iter().enumerate() {
            let name = format!("vote {}", at + 1);
            let bad = |what: &str| Err(ExchangeError::BadMapping(format!("{name}: {what}")));
            match (&vote.annotator, &vote.annotator_field) {
                (Some(who), None) if who.trim().is_empty() => {
                    return bad("annotator is blank: give a name");
                }
                (Some(who), None) if seen.contains(&who.as_str()) => {
                    return bad("its annotator has a vote already: give each its own name");
                }
                (Some(who), None) => seen.push(who),
                (None, Some(_)) => {}
                _ => return bad("give either annotator or annotator_field"),
            }
            if vote.values.is_empty() {
                return bad("values is empty: say what the field's words mean");
            }
            let levels = vote.confidence.iter().flat_map(|c| c.values.values());
            if levels.into_iter().any(|level| !(1..=3).contains(level)) {
                return bad("confidence.values has a level that is not 1, 2 or 3");
            }
        }
        Ok(())
    }

    /// Every field that the mapping names.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        let task = match &self.task {
            Some(TaskFrom::Field { field, .. }) => Some(field.as_str()),
            _ => None,
        };
        let criterion = match &self.criterion {
            Some(CriterionFrom::Field(field)) => Some(field.as_str()),
            _ => None,
        };
        let contents = [&self.prompt, &self.response1, &self.response2];
        let singles = [&self.id, &self.model1, &self.model2];
        let votes = self.vote.iter().flat_map(|vote| {
            let confidence = vote.confidence.as_ref().map(|c| c.field.as_str());
            let optional = [&vote.annotator_field, &vote.rationale, &vote.at_ms];
            let optional = optional.into_iter().filter_map(|field| field.as_deref());
            [vote.field.as_str()]
                .into_iter()
                .chain(confidence)
                .chain(optional)
        });
        task.into_iter()
            .chain(contents.into_iter().flat_map(Content::fields))
            .chain(singles.into_iter().filter_map(|field| field.as_deref()))
            .chain(self.models.as_ref().map(|m| m.field.as_str()))
            .chain(criterion)
            .chain(self.resolution.as_ref().map(|r| r.field.as_str()))
            .chain(votes)
    }

    /// Checks the mapping against the fields that a file has.
    pub(crate) fn check_fields(&self, present: &[String]) -> Result<()> {
        let mut missing: Vec<&str> = self.fields().collect();
        missing.retain(|name| !present.iter().any(|known| known == name));
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return Ok(());
        }
        Err(ExchangeError::MissingFields {
            missing: listed(missing),
            present: listed(present.iter().map(String::as_str)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = r#"
        task = { field = "kind", values = { "t2v" = "text_to_video" } }
        id = "idx"
        prompt = { text = ["instruction", "input"], image = "source" }
        response1 = { video = "a", model = "ma" }
        response2 = ["b", "c"]
        model2 = "mb"
        criterion = { field = "why" }
        resolution = { field = "winner", values = { "a" = "response1", "bad" = "both_bad" } }

        [[vote]]
        annotator = "ann"
        field = "v1"
        values = { "1" = "response1", "0" = "tie" }
        confidence = { field = "sure", values = { "low" = 1 } }
        rationale = "reason"

        [[vote]]
        annotator_field = "worker"
        field = "v2"
        values = { "2" = "response2" }
        at_ms = "time"
    "#;

    #[test]
    fn a_mapping_comes_back_as_it_went() {
        let mapping = Mapping::from_toml(FULL).unwrap();
        let again = Mapping::from_toml(&mapping.to_toml().unwrap()).unwrap();
        assert_eq!(mapping, again);
        let fields: Vec<_> = mapping.fields().collect();
        assert_eq!(fields.len(), 18, "{fields:?}");
        let minimal = "prompt = \"p\"\nresponse1 = \"a\"\nresponse2 = \"b\"\n";
        let mapping = Mapping::from_toml(minimal).unwrap();
        assert_eq!(
            mapping.to_toml().unwrap(),
            minimal,
            "short forms stay short"
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let base = "prompt = \"p\"\nresponse1 = \"a\"\nresponse2 = \"b\"\n";
        for (more, named) in [
            ("taks = \"x\"", "taks"),
            ("task = \"a b\"", "a b"),
            ("task = { feild = \"x\" }", "feild"),
            (
                "resolution = { field = \"w\", values = { \"x\" = \"left\" } }",
                "“x”",
            ),
            (
                "resolution = { field = \"w\", values = {} }",
                "resolution.values",
            ),
            ("models = { field = \"m\", split = \"\" }", "models.split"),
            (
                "models = { field = \"m\", split = \"_\" }\nmodel1 = \"n\"",
                "two ways",
            ),
            ("criterion = { text = \" \" }", "criterion"),
            ("criterion = { texts = \"a\" }", "texts"),
            (
                "[[vote]]\nfield = \"v\"\nvalues = { a = \"tie\" }",
                "vote 1",
            ),
            (
                "[[vote]]\nannotator = \"a\"\nfield = \"v\"\nvalues = { a = \"win\" }",
                "“a”",
            ),
            (
                "[[vote]]\nannotator = \"a\"\nvalues = { a = \"tie\" }",
                "field",
            ),
        ] {
            let error = Mapping::from_toml(&format!("{base}{more}")).unwrap_err();
            assert!(error.to_string().contains(named), "{more}: {error}");
        }
        for (prompt, named) in [
            ("{ texts = \"a\" }", "texts"),
            ("[]", "prompt"),
            ("{ model = \"m\" }", "prompt"),
            ("7", "prompt"),
        ] {
            let text = base.replace("prompt = \"p\"", &format!("prompt = {prompt}"));
            let error = Mapping::from_toml(&text).unwrap_err();
            assert!(error.to_string().contains(named), "{prompt}: {error}");
        }
    }
}
