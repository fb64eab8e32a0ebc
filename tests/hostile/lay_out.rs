//! Hostile files on a desk, by kind: the shared ones, where they are at hand, and our own.

use std::path::{Path, PathBuf};

use tiebreak_tests::{Desk, shared};

use crate::made_files;

/// A kind of media: where its files lie and which tasks show them.
pub struct Kind {
    /// The folder of its files.
    pub folder: &'static str,
    /// A task whose responses are such.
    pub answers: &'static str,
    /// A task whose prompts are such, and the field that names them.
    pub asks: Option<(&'static str, &'static str)>,
}

pub const KINDS: [Kind; 4] = [
    Kind {
        folder: "image",
        answers: "text_to_image",
        asks: Some(("text_image_to_text", "image")),
    },
    Kind {
        folder: "video",
        answers: "text_to_video",
        asks: Some(("text_video_to_text", "video")),
    },
    Kind {
        folder: "audio",
        answers: "text_to_audio",
        asks: Some(("text_audio_to_text", "audio")),
    },
    Kind {
        folder: "3d",
        answers: "text_to_3D",
        asks: None,
    },
];

/// Lays the files out, and gives the names of each kind's.
pub fn lay_out(desk: &Desk, addresses: &[String]) -> [Vec<String>; 4] {
    let root = desk.path("media");
    if let Some(shared) = shared() {
        for Kind { folder, .. } in &KINDS {
            let from = shared.join("media/hostile").join(folder);
            copy(&from, &root.join(folder).join("shared"));
        }
    }
    for made in made_files::files(addresses) {
        desk.write(
            &format!("media/{}/made/{}", made.kind, made.name),
            made.bytes,
        );
    }
    KINDS.map(|kind| {
        let mut all = Vec::new();
        all_under(&root.join(kind.folder), &mut all);
        all.iter()
            .map(|path| {
                path.strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    })
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::write(&target, std::fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

fn all_under(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true => all_under(&path, found),
            false => found.push(path),
        }
    }
}
