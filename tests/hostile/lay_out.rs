//! Hostile files on a desk, by kind: the shared ones, where they are at hand, and our own. Among
//! them are two whole ones of each kind, which must be shown whatever the others do.

use std::path::Path;

use tiebreak_tests::{Desk, all_under, shared};

use crate::made_files;

/// A kind of media: where its files lie and which tasks show them.
pub struct Kind {
    /// The folder of its files.
    pub folder: &'static str,
    /// Whole files, of the demo's media.
    whole: [&'static str; 2],
    /// A task whose responses are such.
    pub answers: &'static str,
    /// A task whose prompts are such, and the field that names them.
    pub asks: Option<(&'static str, &'static str)>,
    /// How many panes show such a medium at the least: without the shared files, and with them.
    /// Somewhat fewer than do today, since which damage a decoder forgives is its own business.
    pub shown: [usize; 2],
}

pub const KINDS: [Kind; 4] = [
    Kind {
        folder: "image",
        whole: ["text_to_image/candle_1.jpg", "text_to_image/candle_2.png"],
        answers: "text_to_image",
        asks: Some(("text_image_to_text", "image")),
        // Of 5 and 24.
        shown: [4, 18],
    },
    Kind {
        folder: "video",
        whole: ["text_to_video/ball_1.mp4", "text_to_video/candle_2.webm"],
        answers: "text_to_video",
        asks: Some(("text_video_to_text", "video")),
        // Of 3 and 13.
        shown: [3, 9],
    },
    Kind {
        folder: "audio",
        whole: ["text_to_audio/boat_1.mp3", "text_to_audio/roof_2.flac"],
        answers: "text_to_audio",
        asks: Some(("text_audio_to_text", "audio")),
        // Of 12 and 25.
        shown: [9, 18],
    },
    Kind {
        folder: "3d",
        whole: ["text_to_3D/mug_1.glb", "text_to_3D/gear_2.stl"],
        answers: "text_to_3D",
        asks: None,
        // Of 10 and 21.
        shown: [7, 15],
    },
];

/// Lays the files out, and gives the names of each kind's.
pub fn lay_out(desk: &Desk, addresses: &[String]) -> [Vec<String>; 4] {
    let root = desk.path("media");
    if let Some(shared) = shared("tests/hostile: the collected hostile files") {
        for Kind { folder, .. } in &KINDS {
            let from = shared.join("media/hostile").join(folder);
            copy(&from, &root.join(folder).join("shared"));
        }
    }
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/demo/media_data");
    for Kind { folder, whole, .. } in &KINDS {
        for (n, name) in whole.iter().enumerate() {
            let ending = name.rsplit('.').next().unwrap();
            // In front of all others: two in one question, and one of them as a prompt.
            let target = format!("media/{folder}/0-whole/{n}.{ending}");
            desk.write(&target, std::fs::read(demo.join(name)).unwrap());
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
