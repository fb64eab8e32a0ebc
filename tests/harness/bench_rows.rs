//! Benchmark files of each of the nine tasks, with media that tell the two responses apart.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{Desk, samples};

/// What a response of a task is, for the test that must know which one it sees.
pub fn is_media(task: &str) -> bool {
    !task.ends_with("to_text")
}

/// Writes `<task>_preferences.json` with `pairs` pairs under `criteria` criteria each, its media
/// under `media_data/`, and returns the file. Response 1 of pair 3 holds the words `one-3`, or a
/// medium whose content is like no other's.
pub fn write(desk: &Desk, task: &str, pairs: usize, criteria: usize) -> PathBuf {
    let mut rows = Vec::new();
    for pair in 0..pairs {
        for criterion in 0..criteria {
            rows.push(row(desk, task, pair, criterion));
        }
    }
    let text = serde_json::to_string_pretty(&rows).unwrap();
    desk.write(&format!("{task}_preferences.json"), text)
}

fn row(desk: &Desk, task: &str, pair: usize, criterion: usize) -> Value {
    let mut row = json!({
        "prompt": format!("prompt {pair}"),
        "response1": format!("one-{pair}"),
        "response2": format!("two-{pair}"),
        "model1": "hidden-model-a",
        "model2": "hidden-model-b",
        "criteria": format!("criterion {criterion} of {task}?"),
        "id": format!("hidden-source-{pair}-{criterion}"),
        "note": {"hidden-note": [1.0, null]},
    });
    let given = match task {
        "text_image_to_text" | "text_image_to_image" => Some("image"),
        "text_video_to_text" => Some("video"),
        "text_audio_to_text" => Some("audio"),
        _ => None,
    };
    if let Some(kind) = given {
        row[kind] = Value::from(medium(desk, kind, task, pair, 0));
    }
    let answered = match task {
        "text_to_image" | "text_image_to_image" => Some("image"),
        "text_to_video" => Some("video"),
        "text_to_audio" => Some("audio"),
        "text_to_3D" => Some("model3d"),
        _ => None,
    };
    if let Some(kind) = answered {
        row["response1"] = Value::from(medium(desk, kind, task, pair, 1));
        row["response2"] = Value::from(medium(desk, kind, task, pair, 2));
    }
    row
}

/// Writes a medium and returns its path below `media_data/`.
fn medium(desk: &Desk, kind: &str, task: &str, pair: usize, place: u8) -> String {
    let n = u8::try_from(pair).unwrap() * 3 + place;
    let (ending, bytes) = match kind {
        "image" => (
            "png",
            samples::png(48, 32, [n.wrapping_mul(20), 90, 200 - place * 60]),
        ),
        "video" => ("mp4", samples::mp4_head(n)),
        "audio" => ("wav", samples::wav(200.0 + f64::from(n) * 20.0, 0.2)),
        _ => ("ply", samples::ply(n)),
    };
    let name = format!("{task}/hidden-model-{place}/{pair}.{ending}");
    desk.write(&format!("media_data/{name}"), bytes);
    name
}
