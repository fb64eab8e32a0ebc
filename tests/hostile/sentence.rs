//! Whether what a person is told is a sentence: about the file, whole, and nothing a program says to
//! itself.

use serde_json::Value;

/// What only a program would say.
const MACHINE: [&str; 9] = [
    "Err(",
    "Os {",
    "panicked",
    "Some(",
    "None",
    "unwrap",
    "{:?}",
    "0x",
    "RUST_BACKTRACE",
];

/// Asserts it of words that are shown.
pub fn is_sentence(words: &str) {
    assert!(
        words.contains(' ') && words.len() > 15,
        "too brief: {words:?}"
    );
    assert!(
        !words.contains(char::is_control),
        "it holds control characters: {words:?}"
    );
    let last = words.chars().last();
    assert!(
        last.is_some_and(|c| c.is_alphanumeric() || ".)”!?".contains(c)),
        "it is cut off: {words:?}"
    );
    for machine in MACHINE {
        assert!(!words.contains(machine), "a program speaks: {words:?}");
    }
}

/// Asserts it of a row's refusal or remark, and that it names the file.
pub fn names_the_file(problem: &Value, name: &str) {
    let words = problem["message"].as_str().unwrap();
    // What a name says of itself is the name's business.
    let shown = quoted(name);
    let (before, after) = words
        .split_once(&shown)
        .unwrap_or_else(|| panic!("it does not name {name:?}: {words}"));
    is_sentence(&format!("{before}the file{after}"));
}

/// The start of a name as it may stand in a message: what would disguise it replaced.
fn quoted(name: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    name.chars()
        .take(60)
        .map(|c| {
            if c.is_control() || turns(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}
