//! Nasty strings where the owner sees them: as a project's name, in the preview of an import with
//! the names of its files, and in the refusals of its report.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tiebreak_tests::Desk;
use tiebreak_tests::window::Stage;

use crate::page::Watched;

const NAME: &str = "<img src=x onerror=alert(1)>\"'&amp; {{7*7}}";

/// Imports the strings in the window. Gives how many pairs they became, and the ports that the
/// window needed.
pub fn run(strings: &[String], address: &str) -> (usize, BTreeSet<u16>) {
    let desk = Desk::new();
    let rows: Vec<Value> = strings
        .iter()
        .enumerate()
        .map(|(n, text)| {
            json!({"prompt": text, "response1": text, "response2": text, "image": text, "criteria": text,
                   "id": format!("{n} {text}"), "model1": text, "model2": n, "criteria_preference": text, text: text})
        })
        .collect();
    let file = desk.write(
        "rows/text_image_to_text_preferences.json",
        json!(rows).to_string(),
    );
    let mut stage = Stage::new(&desk);
    let window = stage.open(None);
    let watched = Watched::new(&stage, window, address);
    let window = &watched.window;
    window.click("#start-new");
    window.type_into("#new-name", NAME);
    window.type_into("#new-path", &desk.path("p").display().to_string());
    window.click("#new-create");
    window.click("#project-import");
    watched.look("the project");
    window.type_into("#import-file", &format!("{}\t", file.display()));
    // No file of these names is there: every row is told so in words.
    window.wait("#import-refused li");
    window.picture("nasty-import");
    watched.look("the preview");
    // Without media all can be taken, and the preview shows the rows themselves.
    let plain: Vec<Value> = rows
        .into_iter()
        .map(|mut row| {
            row["image"] = Value::Null;
            row
        })
        .collect();
    let file = desk.write(
        "plain/text_image_to_text_preferences.json",
        json!(plain).to_string(),
    );
    window.script("document.querySelector('#import-file').value = ''");
    window.type_into("#import-file", &format!("{}\t", file.display()));
    window.until("the rows", || {
        let counts = window.wait("#import-preview");
        counts.contains(" 0 refused").then_some(())
    });
    window.wait("#import-preview [data-row]");
    watched.look("the preview of rows");
    window.click("#import-run");
    window.wait("#import-report");
    window.script("document.querySelectorAll('details').forEach(d => { d.open = true; })");
    watched.look("the report");
    window.picture("nasty-report");
    window.click("#import-done");
    window.wait("#project");
    watched.look("the project with all in it");
    watched.is_whole(&stage, "the import");
    crate::log_is_calm(&desk);
    let info = desk.json(&["info", "p"]);
    watched.window.session.close();
    let pairs = usize::try_from(info["pairs"].as_u64().unwrap()).unwrap();
    (pairs, watched.ports)
}
