//! The bytes of a package, all of them, before and after somebody has labelled in it.

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use tiebreak_tests::{Desk, program};

use crate::planted::{MARK, demo, planted};
use crate::{text, vote};

/// Prompt media, response 1, response 2: what the demo has, under names that tell a model.
const MEDIA: [(&str, &str, &str); 8] = [
    (
        "text_to_image",
        "text_to_image/marbles_1.png",
        "text_to_image/marbles_2.jpg",
    ),
    (
        "text_to_image",
        "text_to_image/candle_1.jpg",
        "text_to_image/candle_2.png",
    ),
    (
        "text_to_audio",
        "text_to_audio/boat_1.mp3",
        "text_to_audio/boat_2.wav",
    ),
    (
        "text_to_audio",
        "text_to_audio/roof_1.opus",
        "text_to_audio/roof_2.flac",
    ),
    (
        "text_to_video",
        "text_to_video/evening_1.mp4",
        "text_to_video/evening_2.webm",
    ),
    ("text_to_3D", "text_to_3D/hut_1.obj", "text_to_3D/hut_2.glb"),
    (
        "text_to_3D",
        "text_to_3D/vase_1.ply",
        "text_to_3D/vase_2.gltf",
    ),
    (
        "text_to_3D",
        "text_to_3D/gear_1.glb",
        "text_to_3D/gear_2.stl",
    ),
];

/// What only the owner may know.
const SECRETS: [&str; 16] = [
    MARK,
    "omegagen",
    "sigmamodel-7b",
    "taumodel",
    "source-row",
    "preferences.json",
    "extrafield",
    "extravalue",
    "Zebulon",
    "zebulonsreason",
    "zebulonsnote",
    "droppedbecause",
    "flaggedbecause",
    "mediafolder",
    "hut_1",
    "vase_2",
];

fn lay_out(desk: &Desk) {
    for (task, one, two) in MEDIA {
        for name in [one, two] {
            desk.write(&format!("mediafolder/{}", renamed(name)), planted(name));
        }
        let rows = [0, 1].map(|n| row(task, one, two, n));
        let file = desk.path(&format!("{task}_preferences.json"));
        let mut all: Vec<Value> = match std::fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text).unwrap(),
            Err(_) => Vec::new(),
        };
        all.extend(rows);
        std::fs::write(file, serde_json::to_string(&all).unwrap()).unwrap();
    }
    // What the scenes name lies beside them, under the names they give.
    for part in ["hut_1.mtl", "hut_1_planks.png", "hut_1_tiles.png"] {
        let name = format!("text_to_3D/{part}");
        desk.write(&format!("mediafolder/sigmamodel-7b/{name}"), planted(&name));
    }
    let buffer = std::fs::read(demo().join("text_to_3D/vase_2.bin")).unwrap();
    desk.write("mediafolder/sigmamodel-7b/text_to_3D/vase_2.bin", buffer);
    desk.ok(&["new", "p", "--name", "trial"]);
    for task in [
        "text_to_image",
        "text_to_audio",
        "text_to_video",
        "text_to_3D",
    ] {
        let file = format!("{task}_preferences.json");
        desk.ok(&["import", "p", &file, "--media-root", "mediafolder"]);
    }
}

fn renamed(name: &str) -> String {
    format!("sigmamodel-7b/{name}")
}

fn row(task: &str, one: &str, two: &str, n: usize) -> Value {
    json!({
        "prompt": format!("prompt of {task} {}", one.len()),
        "response1": renamed(one), "response2": renamed(two),
        "model1": "sigmamodel-7b", "model2": "taumodel",
        "criteria": format!("Which is better, {n}?"),
        "criteria_preference": "response1",
        "id": format!("source-row-{one}-{n}"),
        "extrafield": {"extravalue": n},
    })
}

/// Somebody else labels, skips, and adjudicates; gives the ids of what he did.
fn others(desk: &Desk) -> Vec<String> {
    let mut ids = Vec::new();
    for n in 0..6 {
        let next = desk.json(&["next", "p", "--annotator", "Zebulon"]);
        let id = text(&next["assignment"]).to_owned();
        ids.push(id.clone());
        if n == 2 {
            let words = ["--reason", "broken", "--note", "zebulonsnote"];
            desk.ok(&[&["skip", "p", &id, "--annotator", "Zebulon"], &words[..]].concat());
            continue;
        }
        let words = ["--verdict", "tie", "--reason", "zebulonsreason"];
        let saved =
            desk.json(&[&["vote", "p", &id, "--annotator", "Zebulon"], &words[..]].concat());
        ids.push(text(&saved["vote"]).to_owned());
    }
    let people = desk.json(&["annotators", "p"]);
    ids.push(text(&people[0]["id"]).to_owned());
    ids
}

/// What is looked for: the words in three encodings, and ids as text and as bytes.
fn needles(ids: &[String]) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for secret in SECRETS {
        let wide: Vec<u16> = secret.encode_utf16().collect();
        let flat = |f: fn(u16) -> [u8; 2]| wide.iter().flat_map(|c| f(*c)).collect::<Vec<_>>();
        all.push((secret.to_owned(), secret.as_bytes().to_vec()));
        all.push((format!("{secret}, UTF-16LE"), flat(u16::to_le_bytes)));
        all.push((format!("{secret}, UTF-16BE"), flat(u16::to_be_bytes)));
    }
    for id in ids {
        let uuid = uuid::Uuid::parse_str(id).unwrap();
        all.push((id.clone(), id.clone().into_bytes()));
        all.push((format!("{id}, bytes"), uuid.as_bytes().to_vec()));
    }
    all
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    // A fast look for the first byte keeps the search of a large file short.
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|b| *b == needle[0]) {
        if bytes[from + at..].starts_with(needle) {
            return true;
        }
        from += at + 1;
    }
    false
}

/// The file as it lies there, and every medium in it put together again.
fn searched(desk: &Desk, package: &str) -> Vec<(String, Vec<u8>)> {
    let path = desk.path(package);
    let mut all = vec![("the file".to_owned(), std::fs::read(&path).unwrap())];
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let pieces: Vec<(Vec<u8>, i64, Vec<u8>)> = runtime.block_on(async {
        let address = format!("sqlite://{}?mode=ro", path.display());
        let mut db = SqliteConnection::connect(&address).await.unwrap();
        let sql = "SELECT media, n, bytes FROM package_piece ORDER BY media, n, id";
        sqlx::query_as(sql).fetch_all(&mut db).await.unwrap()
    });
    for (media, n, bytes) in pieces {
        let name = format!("medium {:02x}{:02x}, file {n}", media[0], media[1]);
        match all.last_mut() {
            Some((last, whole)) if *last == name => whole.extend(bytes),
            _ => all.push((name, bytes)),
        }
    }
    all
}

fn nothing_of(needles: &[(String, Vec<u8>)], desk: &Desk, package: &str) {
    for (place, bytes) in searched(desk, package) {
        for (what, needle) in needles {
            assert!(!holds(&bytes, needle), "{package}: {place} holds {what}");
        }
    }
}

/// Zebulon flags the guideline for a question, and drops it.
fn adjudicated(desk: &Desk) {
    let act = |verb: &str, more: &[&str]| {
        let mut line = vec!["adjudicate", verb, "p", "--annotator", "Zebulon"];
        line.extend(more);
        desk.json(&line)
    };
    // With a second vote on it, the first question is open to adjudication.
    let next = desk.json(&["next", "p", "--annotator", "Quentin"]);
    let id = text(&next["assignment"]);
    desk.ok(&[
        "vote",
        "p",
        id,
        "--annotator",
        "Quentin",
        "--verdict",
        "left",
    ]);
    let open = act("next", &["--own-votes", "--over-imported"]);
    let question = text(&open["question"]["question"]);
    act(
        "flag",
        &["--question", question, "--reason", "flaggedbecause"],
    );
    let mut drop = vec!["--own-votes", "--over-imported", "--question", question];
    drop.extend([
        "--decision",
        "drop:broken_item",
        "--reason",
        "droppedbecause",
    ]);
    act("decide", &drop);
    act("settle", &drop);
}

#[test]
fn a_package_holds_nothing_that_its_annotator_may_not_know() {
    let desk = Desk::new();
    lay_out(&desk);
    let ids = others(&desk);
    adjudicated(&desk);
    desk.ok(&["resolve", "p", "--rule", "majority"]);
    let needles = needles(&ids);
    // The search would find what it looks for: the project and its media hold it.
    let mut outside = std::fs::read(desk.path("p/project.sqlite")).unwrap();
    for (_, one, two) in MEDIA {
        for name in [one, two] {
            outside.extend(
                std::fs::read(desk.path(&format!("mediafolder/{}", renamed(name)))).unwrap(),
            );
        }
    }
    let absent: Vec<&String> = needles
        .iter()
        .filter(|(what, needle)| !what.contains(',') && !holds(&outside, needle))
        .map(|(what, _)| what)
        .filter(|what| !what.contains('-') || what.starts_with("sigma"))
        .collect();
    assert!(absent.is_empty(), "what is planted is there: {absent:?}");

    let made = desk.json(&["package", "p", "--annotator", "anna", "-o", "a.tiebreak"]);
    assert_eq!(
        (&made["questions"], &made["media"]),
        (&json!(16), &json!(16)),
        "{made}"
    );
    nothing_of(&needles, &desk, "a.tiebreak");
    // Every medium of it can be had, and is what a viewer takes.
    let mut seen = 0;
    for n in 0..16 {
        let next = desk.json(&["next", "a.tiebreak"]);
        for side in ["left", "right"] {
            let medium = &next[side]["media"][0];
            let out = format!("out-{n}-{side}");
            let bytes = desk.json(&["media", "a.tiebreak", text(&medium["id"]), "-o", &out]);
            assert_eq!(bytes["bytes"], medium["bytes"]);
            let found = tiebreak_media::identify(&desk.path(&out)).unwrap();
            assert_eq!(found.media.mime, text(&medium["mime"]));
            seen += 1;
        }
        match n % 5 {
            3 => {
                let id = text(&next["assignment"]);
                desk.ok(&["skip", "a.tiebreak", id, "--reason", "broken"]);
            }
            4 => {
                vote(&desk, "a.tiebreak", "left");
                desk.ok(&["undo", "a.tiebreak"]);
                vote(&desk, "a.tiebreak", "right");
            }
            _ => drop(vote(&desk, "a.tiebreak", "tie")),
        }
    }
    assert_eq!(
        (seen, desk.json(&["next", "a.tiebreak"])),
        (32, json!({"done": true}))
    );
    nothing_of(&needles, &desk, "a.tiebreak");
    // Packed again after the merge, with her own work in it.
    desk.ok(&["merge", "p", "a.tiebreak"]);
    desk.ok(&[
        "package",
        "p",
        "--annotator",
        "anna",
        "-o",
        "again.tiebreak",
    ]);
    assert_eq!(
        desk.json(&["next", "again.tiebreak"]),
        json!({"done": true})
    );
    nothing_of(&needles, &desk, "again.tiebreak");
    assert_eq!(desk.json(&["check", "p"])["ok"], true);
    assert!(program("tiebreak").is_file());
}

#[test]
fn a_medium_that_cannot_be_stripped_or_read_refuses_the_package_by_name() {
    let desk = Desk::new();
    desk.write(
        "media_data/fine.png",
        tiebreak_tests::samples::png(8, 8, [1, 2, 3]),
    );
    // A film by its head, with nothing in it that could be followed.
    desk.write(
        "media_data/hollow.mp4",
        tiebreak_tests::samples::mp4_head(3),
    );
    desk.write("media_data/other.mp4", tiebreak_tests::samples::mp4_head(4));
    desk.write(
        "text_to_video_preferences.json",
        r#"[{"prompt":"p","response1":"hollow.mp4","response2":"other.mp4","criteria":"c?"}]"#,
    );
    desk.ok(&["new", "p"]);
    desk.ok(&[
        "import",
        "p",
        "text_to_video_preferences.json",
        "--media-root",
        "media_data",
    ]);
    let error = desk.refused(&["package", "p", "--annotator", "anna", "-o", "b.tiebreak"]);
    let message = text(&error["message"]);
    assert!(message.contains(".mp4” cannot be stripped"), "{message}");
    assert!(!desk.path("b.tiebreak").exists());
    let files = std::fs::read_dir(desk.folder.path()).unwrap();
    let left = files.filter(|f| {
        f.as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .contains("part")
    });
    assert_eq!(left.count(), 0);
}
