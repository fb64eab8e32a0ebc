//! The licences of everything we build with: each must allow what we do, which is to use it in a
//! program under MIT or Apache-2.0.
//!
//! Judged are all Rust packages that the Linux build resolves, those for tests and build scripts
//! among them, and every package in the UI's lock file. No database is asked: both tell by
//! themselves.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::failure::{Doing as _, Failure, Result};
use crate::house::House;
use crate::metadata::Metadata;
use crate::spdx;

/// MPL-2.0 asks that changed files of its own be published; as an unchanged dependency it is free.
/// OFL-1.1 is for fonts.
const ALLOWED: [&str; 18] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OFL-1.1",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Packages that may be used although their licence, as declared, is not on the list: the name, the
/// licence as declared (another one brings the question up again), and the reason.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

/// Judges all of them; gives how many there are.
pub fn check(house: &House, metadata: &Metadata) -> Result<usize> {
    let rust = metadata
        .packages()
        .filter(|package| !package.ours)
        .map(|package| Declared {
            name: format!("{} {} (Rust)", package.name, package.version),
            key: package.name.clone(),
            licence: package.licence.clone(),
        });
    let all: Vec<Declared> = rust.chain(npm(house)?).collect();
    let mut refused: Vec<String> = all.iter().filter_map(Declared::refusal).collect();
    if refused.is_empty() {
        return Ok(all.len());
    }
    refused.sort();
    for line in &refused {
        println!("{line}");
    }
    Err(Failure::new(format!(
        "{} of {} packages have a licence that is not on the list in xtask/src/licences.rs.",
        refused.len(),
        all.len()
    )))
}

struct Declared {
    /// As it is shown.
    name: String,
    /// As an exception names it.
    key: String,
    licence: Option<String>,
}

impl Declared {
    fn refusal(&self) -> Option<String> {
        let declared = self.licence.as_deref().unwrap_or("none");
        if EXCEPTIONS
            .iter()
            .any(|(name, licence, _)| *name == self.key && *licence == declared)
        {
            return None;
        }
        match spdx::satisfied(declared, &|licence| ALLOWED.contains(&licence)) {
            Ok(true) => None,
            Ok(false) => Some(format!("{}: {declared}", self.name)),
            Err(why) => Some(format!("{}: {declared} ({why})", self.name)),
        }
    }
}

/// Every package of the UI's lock file, those that only its build uses among them.
fn npm(house: &House) -> Result<Vec<Declared>> {
    let lock = house.ui().join("package-lock.json");
    let text = fs::read_to_string(&lock).doing(format!("Reading {}", house.shown(&lock)))?;
    let value: Value = serde_json::from_str(&text).doing("Reading ui/package-lock.json")?;
    let Some(packages) = value["packages"].as_object() else {
        return Err(Failure::new(
            "ui/package-lock.json has no list of packages: is it version 3?",
        ));
    };
    Ok(packages
        .iter()
        .filter(|(place, package)| !place.is_empty() && package["link"] != true)
        .map(|(place, package)| {
            let name = place
                .rsplit_once("node_modules/")
                .map_or(place.as_str(), |(_, name)| name);
            Declared {
                name: format!(
                    "{name} {} (npm)",
                    package["version"].as_str().unwrap_or("?")
                ),
                key: name.to_owned(),
                licence: declared_in(package).or_else(|| installed(&house.ui().join(place))),
            }
        })
        .collect())
}

/// A package's licence in its JSON, in the three ways that npm has known.
fn declared_in(package: &Value) -> Option<String> {
    let one = |value: &Value| value.as_str().or(value["type"].as_str()).map(str::to_owned);
    one(&package["license"]).or_else(|| {
        let several: Vec<String> = package["licenses"]
            .as_array()?
            .iter()
            .filter_map(one)
            .collect();
        (!several.is_empty()).then(|| several.join(" OR "))
    })
}

fn installed(folder: &Path) -> Option<String> {
    let text = fs::read_to_string(folder.join("package.json")).ok()?;
    declared_in(&serde_json::from_str(&text).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn declared(licence: Option<&str>) -> Declared {
        let licence = licence.map(str::to_owned);
        Declared {
            name: "thing 1.0.0 (Rust)".into(),
            key: "thing".into(),
            licence,
        }
    }

    #[test]
    fn what_is_on_the_list_passes_and_the_rest_is_named() {
        assert_eq!(declared(Some("MIT OR GPL-3.0-only")).refusal(), None);
        assert_eq!(
            declared(Some("(MIT OR Apache-2.0) AND Unicode-3.0")).refusal(),
            None
        );
        let refusal = declared(Some("GPL-3.0-only")).refusal().unwrap();
        assert_eq!(refusal, "thing 1.0.0 (Rust): GPL-3.0-only");
        assert!(declared(None).refusal().unwrap().ends_with(": none"));
        assert!(declared(Some("SEE LICENSE IN x")).refusal().is_some());
    }

    #[test]
    fn npm_declares_in_three_ways() {
        assert_eq!(declared_in(&json!({"license": "MIT"})).unwrap(), "MIT");
        assert_eq!(
            declared_in(&json!({"license": {"type": "ISC"}})).unwrap(),
            "ISC"
        );
        let old = json!({"licenses": [{"type": "MIT"}, {"type": "X"}]});
        assert_eq!(declared_in(&old).unwrap(), "MIT OR X");
        assert_eq!(declared_in(&json!({})), None);
    }
}
