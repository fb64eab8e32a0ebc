//! Stripping over the real files of the shared data, clean and hostile. They are not part of the
//! repository; without them these tests say so and pass.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::{Duration, Instant};

use tiebreak_media::strip::{Names, StripError, strip, strip_bytes};
use tiebreak_media::{Identified, Kind, identify, identify_bytes};

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
        let what = "media/tests/strip: stripping the shared media";
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
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Every clean file that is of some kind, or a material library.
fn clean() -> Vec<(String, Vec<u8>, Kind)> {
    let Some(folder) = media("clean") else {
        return Vec::new();
    };
    let kind = |path: &Path| match path.extension() {
        Some(ending) if ending == "mtl" => Some(Kind::MTL),
        _ => identify(path).ok().map(|found| found.kind),
    };
    files_below(&folder)
        .into_iter()
        .filter_map(|path| {
            let kind = kind(&path)?;
            let name = path.file_name()?.to_string_lossy().into_owned();
            Some((name, fs::read(&path).unwrap(), kind))
        })
        .collect()
}

fn stripped(name: &str, bytes: &[u8], kind: &Kind) -> (Vec<u8>, Vec<String>) {
    let (out, report) = strip_bytes(bytes, kind).unwrap_or_else(|e| panic!("{name}: {e}"));
    (out, report.removed().chain(report.left()).collect())
}

#[test]
fn every_clean_file_is_stripped_once_and_for_all() {
    for (name, bytes, kind) in clean() {
        let (out, found) = stripped(&name, &bytes, &kind);
        eprintln!("{name}: {} to {} bytes, {found:?}", bytes.len(), out.len());
        let (again, _) = stripped(&name, &out, &kind);
        assert!(again == out, "{name} changes when it is stripped again");
        let (_, report) = strip_bytes(&out, &kind).unwrap();
        assert_eq!(report.removed().next(), None, "{name}");
        assert!(out.len() <= bytes.len() + 16, "{name} has grown");
        if kind == Kind::MTL {
            continue;
        }
        let seen = |bytes: &[u8]| {
            let Identified { kind, dims, .. } = identify_bytes(bytes, &name).unwrap();
            (kind, dims)
        };
        assert_eq!(seen(&out), seen(&bytes), "{name}");
    }
}

#[test]
fn what_encoders_and_exporters_wrote_is_gone() {
    let marks: [&[u8]; 14] = [
        b"Lavf",
        b"Lavc",
        b"libVorbis",
        b"Xiph.Org",
        b"libopus",
        b"reference libFLAC",
        b"x264",
        b"Photoshop",
        b"http://ns.adobe.com",
        b"Blender",
        b"\"generator\"",
        b"\"name\"",
        b"Exif\0\0II",
        b"\xa9too",
    ];
    let holds = |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).any(|part| part == mark);
    let mut gone = 0;
    for (name, bytes, kind) in clean() {
        let (out, _) = stripped(&name, &bytes, &kind);
        for mark in marks {
            gone += usize::from(holds(&bytes, mark));
            let mark_words = String::from_utf8_lossy(mark);
            assert!(!holds(&out, mark), "{name} still says {mark_words}");
        }
    }
    eprintln!("{gone} marks are gone");
}

#[test]
fn a_scene_and_its_library_keep_to_the_same_names() {
    let Some(folder) = media("clean/3d/kaykit_obj") else {
        return;
    };
    let mut names = Names::default();
    names.rename("building_A.mtl", "1.mtl");
    names.rename("citybits_texture.png", "2.png");
    let mut go = |name: &str, kind: &Kind| {
        let bytes = fs::read(folder.join(name)).unwrap();
        let (mut input, mut out) = (Cursor::new(&bytes), Vec::new());
        let report = strip(&mut input, bytes.len() as u64, kind, &mut names, &mut out).unwrap();
        assert_eq!(report.left().next(), None);
        String::from_utf8(out).unwrap()
    };
    let kind = identify(&folder.join("building_A.obj")).unwrap().kind;
    let shape = go("building_A.obj", &kind);
    let library = go("building_A.mtl", &Kind::MTL);
    assert!(shape.contains("mtllib 1.mtl") && shape.contains("usemtl m1"));
    assert!(library.contains("newmtl m1") && library.contains("map_Kd 2.png"));
    assert!(!(shape + &library).contains("building"));
}

#[test]
fn every_hostile_file_is_stripped_or_refused_in_words() {
    let Some(folder) = media("hostile") else {
        return;
    };
    for path in files_below(&folder) {
        let Ok(found) = identify(&path) else { continue };
        let bytes = fs::read(&path).unwrap();
        let (started, name) = (Instant::now(), path.display());
        match strip_bytes(&bytes, &found.kind) {
            Ok((out, _)) => match strip_bytes(&out, &found.kind) {
                Ok((again, _)) => assert!(again == out, "{name} changes when stripped again"),
                Err(error) => panic!("{name} is refused once stripped: {error}"),
            },
            Err(error @ StripError::Damaged { .. }) => {
                eprintln!("{name}: {error}");
                assert!(error.to_string().len() > 40);
            }
            Err(error) => panic!("{name}: {error}"),
        }
        assert!(started.elapsed() < Duration::from_secs(5), "{name}");
    }
}

/// A small generator (xorshift), so that the same bytes are spoilt in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap()
    }
}

#[test]
fn clean_files_cut_or_spoilt_anywhere_are_answered() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for (_, bytes, kind) in clean() {
        // Metadata stand near the start and the end; large files cost too much time.
        let rounds = (4_000_000 / bytes.len().max(1)).clamp(4, 60);
        for round in 0..rounds {
            let mut spoilt = bytes.clone();
            if round % 4 == 0 {
                spoilt.truncate(dice.below(bytes.len()));
            }
            for _ in 0..=dice.below(6) {
                let near = if round % 2 == 0 { 600 } else { spoilt.len() };
                let at = dice.below(near.min(spoilt.len()));
                if let Some(byte) = spoilt.get_mut(at) {
                    *byte = [0, 0x7f, 0xff, 0x80, 1][dice.below(5)];
                }
            }
            if let Ok((out, _)) = strip_bytes(&spoilt, &kind) {
                let _ = strip_bytes(&out, &kind);
            }
        }
    }
}
