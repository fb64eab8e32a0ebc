//! The real files of the shared data, clean and hostile, as one test each. They are not part of
//! the repository; without them these tests say so and pass.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::{Duration, Instant};

use tiebreak_domain::Modality;

use crate::{Kind, Root, identify, name_differs, parts};

fn media(folder: &str) -> Option<PathBuf> {
    let data = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../../shared/data"
    ));
    let path = data.join("media").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        // Past what the test captures, in words that `cargo xtask test` tells again at its end.
        let mut out = std::io::stdout().lock();
        let what = "media/src/samples: the shared media";
        let why = "there is no shared/data beside this checkout";
        writeln!(out, "\nleft out: {what} ({why})").unwrap();
    });
    None
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path))
        } else {
            found.push(path)
        }
    }
    found.sort();
    found
}

fn ending(path: &Path) -> String {
    path.extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase()
}

#[test]
fn every_clean_file_is_what_its_folder_says() {
    let Some(clean) = media("clean") else { return };
    let mut seen = BTreeMap::new();
    for (folder, modality) in [
        ("image", Modality::Image),
        ("video", Modality::Video),
        ("audio", Modality::Audio),
        ("3d", Modality::Model3d),
    ] {
        for path in files_below(&clean.join(folder)) {
            let expected = match ending(&path).as_str() {
                "txt" | "bin" | "mtl" => continue,
                "png" | "jpg" => Modality::Image,
                _ => modality,
            };
            let found = identify(&path).unwrap_or_else(|e| panic!("{e}"));
            let name = path.to_string_lossy();
            assert_eq!(found.kind.modality, expected, "{name}: {:?}", found.kind);
            assert!(
                !name_differs(&name, &found.kind),
                "{name}: {:?}",
                found.kind
            );
            assert_eq!(found.media.bytes, fs::metadata(&path).unwrap().len());
            let measured = !matches!(expected, Modality::Image) || found.dims.is_some();
            assert!(measured, "{name} has no size");
            *seen.entry(found.kind.extension).or_insert(0) += 1;
        }
    }
    eprintln!("{seen:?}");
}

#[test]
fn every_part_of_a_clean_scene_is_found() {
    let Some(clean) = media("clean/3d") else {
        return;
    };
    let mut found = 0;
    for path in files_below(&clean) {
        let kind = match ending(&path).as_str() {
            "mtl" => Kind::MTL,
            "bin" | "txt" => continue,
            _ => identify(&path).unwrap().kind,
        };
        let root = Root::open(path.parent().unwrap()).unwrap();
        for part in parts(&path, &kind).unwrap() {
            root.find(&part)
                .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            found += 1;
        }
    }
    assert!(found >= 8, "only {found} parts");
}

#[test]
fn every_hostile_file_is_answered_briefly_and_in_words() {
    let Some(hostile) = media("hostile") else {
        return;
    };
    let (mut shown, mut refused) = (0, 0);
    for path in files_below(&hostile) {
        let started = Instant::now();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match identify(&path) {
            Ok(found) => {
                shown += 1;
                if let Err(error) = parts(&path, &found.kind) {
                    assert_sentence(&error.to_string(), &name);
                }
            }
            Err(error) => {
                refused += 1;
                assert_sentence(&error.to_string(), &name);
                if !name.ends_with(".json") {
                    eprintln!("{error}");
                }
            }
        }
        let took = started.elapsed();
        assert!(took < Duration::from_secs(5), "{name} took {took:?}");
    }
    eprintln!("{shown} identified, {refused} refused");
}

fn assert_sentence(message: &str, name: &str) {
    assert!(
        message.contains(name) && message.len() > name.len() + 30,
        "{name}: {message}"
    );
    assert!(!message.contains("shared/data"), "{message}");
}

#[test]
fn names_that_lie_are_seen_through() {
    let Some(hostile) = media("hostile") else {
        return;
    };
    for (file, extension) in [
        ("image/derived/really_a_png.jpg", "png"),
        ("video/derived/really_a_webm.mp4", "webm"),
    ] {
        let found = identify(&hostile.join(file)).unwrap();
        assert_eq!(found.kind.extension, extension);
        assert!(name_differs(file, &found.kind));
    }
    let page = identify(&hostile.join("image/derived/html.png"))
        .unwrap_err()
        .to_string();
    assert!(
        page.contains("says .png but holds a web page (HTML)"),
        "{page}"
    );
}

#[test]
fn clean_files_cut_or_spoilt_anywhere_near_their_start_are_answered() {
    let Some(clean) = media("clean") else { return };
    for path in files_below(&clean) {
        let whole = fs::read(&path).unwrap();
        let head = &whole[..whole.len().min(2048)];
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for at in 0..head.len().min(160) {
            let _ = crate::sniff(&head[..at], whole.len() as u64, &name);
            for spoilt in [0x00, 0x7f, 0xff] {
                let mut bytes = head.to_vec();
                bytes[at] = spoilt;
                if let Ok(kind) = crate::sniff(&bytes, whole.len() as u64, &name) {
                    let _ = crate::dims::declared(&bytes, &kind);
                }
            }
        }
    }
}
