//! Nasty strings as names of files: the import takes those that the file system can hold below the
//! media folder, and refuses the rest by name.

use serde_json::{Value, json};
use tiebreak_tests::{Desk, samples};

use crate::sentence;

/// Which strings can be the name of a file that is taken. The rest are refused, each by its name.
pub fn that_are_taken(strings: &[String]) -> Vec<bool> {
    let desk = Desk::with_project();
    let root = desk.path("named");
    std::fs::create_dir_all(&root).unwrap();
    let written: Vec<bool> = strings
        .iter()
        .map(|name| write_named(&desk, name))
        .collect();
    let rows: Vec<Value> = strings
        .iter()
        .enumerate()
        .map(|(n, name)| {
            json!({"prompt": "p", "response1": "one", "response2": "two", "image": name,
                   "criteria": name, "id": format!("s{n}")})
        })
        .collect();
    desk.write(
        "text_image_to_text_preferences.json",
        json!(rows).to_string(),
    );
    let report = desk.json(&[
        "import",
        "p",
        "text_image_to_text_preferences.json",
        "--media-root",
        "named",
    ]);
    let mut taken = vec![true; strings.len()];
    for problem in report["problems"].as_array().unwrap() {
        let row = usize::try_from(problem["row"].as_u64().unwrap()).unwrap() - 1;
        let name = &strings[row];
        taken[row] = false;
        if problem["code"] == "bad_criterion" {
            sentence::is_sentence(problem["message"].as_str().unwrap());
        } else {
            sentence::names_the_file(problem, name);
            let plain = !name.contains(['/', '\\', ':', '\0']);
            assert!(
                !(written[row] && plain),
                "it is there and is refused: {problem}"
            );
        }
    }
    for (n, name) in strings.iter().enumerate() {
        if name.trim().is_empty() {
            let told = report["remarks"].as_array().unwrap();
            assert!(
                told.iter()
                    .any(|r| r["row"] == n + 1 && r["code"] == "blank"),
                "a blank criterion is told: {name:?}"
            );
            taken[n] = false;
        }
    }
    taken
}

/// Writes a picture under the name, where the file system takes it below the folder.
pub fn write_named(desk: &Desk, name: &str) -> bool {
    let climbs = name.starts_with('/') || name.split('/').any(|part| part == "..");
    if climbs || name.trim().is_empty() {
        return false;
    }
    let path = desk.path("named").join(name);
    let folder = path
        .parent()
        .is_some_and(|p| std::fs::create_dir_all(p).is_ok());
    folder && std::fs::write(&path, samples::png(24, 16, [90, 120, 200])).is_ok()
}
