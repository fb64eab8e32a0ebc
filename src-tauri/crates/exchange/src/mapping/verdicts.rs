//! Words of a table and what they mean, read so that a slip is named by its own key.

use std::collections::BTreeMap;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use tiebreak_domain::{Task, Verdict};

use super::TaskFrom;

/// Reads a table of words and verdicts.
pub(super) fn read<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Verdict>, D::Error> {
    BTreeMap::<String, String>::deserialize(deserializer)?
        .into_iter()
        .map(|(word, verdict)| match verdict.parse() {
            Ok(verdict) => Ok((word, verdict)),
            Err(error) => Err(D::Error::custom(format!(
                "the meaning of “{word}”: {error}"
            ))),
        })
        .collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskField {
    field: String,
    #[serde(default)]
    values: BTreeMap<String, Task>,
}

struct AnyTask;

impl<'de> Visitor<'de> for AnyTask {
    type Value = TaskFrom;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a task's id, or { field, values }")
    }

    fn visit_str<E: serde::de::Error>(self, id: &str) -> Result<TaskFrom, E> {
        id.parse().map(TaskFrom::Constant).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TaskFrom, A::Error> {
        let TaskField { field, values } = TaskField::deserialize(MapAccessDeserializer::new(map))?;
        Ok(TaskFrom::Field { field, values })
    }
}

impl<'de> Deserialize<'de> for TaskFrom {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(AnyTask)
    }
}
