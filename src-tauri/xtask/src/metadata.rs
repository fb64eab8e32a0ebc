//! What cargo knows of the workspace and its dependencies, as far as the checks ask.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::failure::{Doing as _, Result};
use crate::house::House;
use crate::process;

/// Only this one is built and tested, so only its dependencies are judged.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

pub struct Package {
    pub name: String,
    pub version: String,
    pub licence: Option<String>,
    /// Whether it is one of ours.
    pub ours: bool,
    /// Names of those of ours that its manifest asks for, in whatever way.
    pub needs: Vec<String>,
    /// Names of its integration tests.
    pub tests: Vec<String>,
}

pub struct Metadata {
    packages: HashMap<String, Package>,
    /// From a package's id to those that it is built with (not what its tests use).
    edges: HashMap<String, Vec<String>>,
}

impl Metadata {
    pub fn read(house: &House) -> Result<Self> {
        let words = [
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
            PLATFORM,
        ];
        let text = process::text(&mut process::cargo(&house.root, words))?;
        let value: Value = serde_json::from_str(&text).doing("Reading cargo's metadata")?;
        Ok(Self::of(&value))
    }

    /// From cargo's JSON; a package that the platform leaves out is left out here.
    pub fn of(value: &Value) -> Self {
        let edges: HashMap<String, Vec<String>> = list(&value["resolve"]["nodes"])
            .map(|node| {
                (
                    text(&node["id"]),
                    list(&node["deps"]).filter_map(edge).collect(),
                )
            })
            .collect();
        let members: HashSet<String> = list(&value["workspace_members"])
            .map(|id| id.as_str().unwrap_or("").into())
            .collect();
        let packages = list(&value["packages"])
            .map(|package| (text(&package["id"]), package))
            .filter(|(id, _)| edges.contains_key(id))
            .map(|(id, package)| {
                let ours = members.contains(&id);
                (id, package_of(package, ours))
            })
            .collect();
        Self { packages, edges }
    }

    pub fn packages(&self) -> impl Iterator<Item = &Package> {
        self.packages.values()
    }

    pub fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages().filter(|package| package.ours)
    }

    pub fn find(&self, name: &str) -> Option<&Package> {
        self.ours().find(|package| package.name == name)
    }

    /// The names of all that ends up in one of our packages.
    pub fn tree(&self, name: &str) -> HashSet<&str> {
        let start = self
            .packages
            .iter()
            .find(|(_, package)| package.ours && package.name == name);
        let mut open: Vec<&String> = start.map(|(id, _)| id).into_iter().collect();
        let mut seen: HashSet<&String> = open.iter().copied().collect();
        while let Some(id) = open.pop() {
            for next in self.edges.get(id).into_iter().flatten() {
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        seen.iter()
            .filter_map(|id| self.packages.get(*id))
            .map(|p| p.name.as_str())
            .collect()
    }
}

fn package_of(package: &Value, ours: bool) -> Package {
    Package {
        name: text(&package["name"]),
        version: text(&package["version"]),
        licence: package["license"].as_str().map(str::to_owned),
        ours,
        needs: list(&package["dependencies"])
            .filter(|needed| needed["path"].is_string())
            .map(|needed| text(&needed["name"]))
            .collect(),
        tests: list(&package["targets"])
            .filter(|target| list(&target["kind"]).any(|kind| kind == "test"))
            .map(|target| text(&target["name"]))
            .collect(),
    }
}

/// The package that a dependency leads to, unless only tests use it.
fn edge(dependency: &Value) -> Option<String> {
    let built = list(&dependency["dep_kinds"]).any(|kind| kind["kind"] != "dev");
    built.then(|| text(&dependency["pkg"]))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use serde_json::json;

    /// Our packages with the names of ours that they need; `tests` is a dependency of tests only.
    pub fn made_of(packages: &[(&str, &[&str])]) -> Metadata {
        let id = |name: &str| format!("path+{name}");
        let kinds =
            |name: &str| json!([{"kind": if name == "dev" { json!("dev") } else { Value::Null }}]);
        Metadata::of(&json!({
            "workspace_members": packages.iter().map(|(name, _)| id(name)).collect::<Vec<_>>(),
            "packages": packages.iter().map(|(name, needs)| json!({
                "id": id(name), "name": name, "version": "1.0.0", "license": "MIT",
                "dependencies": needs.iter().map(|n| json!({"name": n, "path": "x"})).collect::<Vec<_>>(),
                "targets": [{"kind": ["lib"], "name": name}, {"kind": ["test"], "name": "outside"}],
            })).collect::<Vec<_>>(),
            "resolve": {"nodes": packages.iter().map(|(name, needs)| json!({
                "id": id(name),
                "deps": needs.iter().map(|n| json!({"pkg": id(n), "dep_kinds": kinds(n)})).collect::<Vec<_>>(),
            })).collect::<Vec<_>>()},
        }))
    }

    #[test]
    fn the_tree_follows_all_but_what_only_tests_use() {
        let metadata = made_of(&[
            ("cli", &["commands", "dev"]),
            ("commands", &["domain"]),
            ("domain", &[]),
            ("dev", &["gtk"]),
            ("gtk", &[]),
        ]);
        assert_eq!(
            metadata.tree("cli"),
            HashSet::from(["cli", "commands", "domain"])
        );
        assert!(metadata.tree("nobody").is_empty());
        assert_eq!(metadata.find("cli").unwrap().tests, ["outside"]);
    }

    #[test]
    fn what_the_platform_leaves_out_is_left_out() {
        let metadata = Metadata::of(&json!({
            "workspace_members": ["a"],
            "packages": [{"id": "a", "name": "a"}, {"id": "w", "name": "windows"}],
            "resolve": {"nodes": [{"id": "a", "deps": []}]},
        }));
        assert_eq!(metadata.packages().count(), 1);
    }
}
