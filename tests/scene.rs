//! 3D models: every one that is sound is drawn, every one that is hostile ends in a frame or a
//! sentence, nothing that happens to the worker outlasts a request, and the window turns them.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use tiebreak_media::worker::{Frame, SceneFiles, SceneKind, SceneWorker, View, WorkerError};
use tiebreak_media::{Root, identify, read_scene};
use tiebreak_tests::window::{Stage, Window, key};
use tiebreak_tests::{Desk, all_under, program, shared};

/// How long anything hostile may take.
const LONGEST: Duration = Duration::from_secs(10);

fn worker() -> SceneWorker {
    SceneWorker::new(program("tiebreak-worker"))
}

fn view(yaw: f32) -> View {
    View {
        width: 160,
        height: 120,
        yaw,
        pitch: 0.3,
        zoom: 1.0,
        pan_x: 0.0,
        pan_y: 0.0,
    }
}

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/demo")
}

/// A model and its parts as the program would send them, or why it would not.
fn files(path: &Path) -> Result<SceneFiles, String> {
    let found = identify(path).map_err(|e| e.to_string())?;
    let kind = SceneKind::of(found.kind.mime).ok_or("it is no model")?;
    let root = Root::open(path.parent().unwrap()).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let file = std::fs::File::open(path).unwrap();
    let files = read_scene(file, path, found.kind, Some((&root, name)), 1 << 29);
    Ok(SceneFiles {
        kind,
        files: files.map_err(|e| e.to_string())?,
    })
}

fn models(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    all_under(folder, &mut found);
    found.retain(|path| {
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        let ending = ending.to_ascii_lowercase();
        ["glb", "gltf", "obj", "stl", "ply"].contains(&ending.as_str())
    });
    found
}

/// How many pixels differ from the ground in the corner.
fn covered(frame: &Frame) -> usize {
    let pixels: Vec<&[u8]> = frame.rgba.chunks(4).collect();
    pixels.iter().filter(|pixel| **pixel != pixels[0]).count()
}

fn draws(worker: &SceneWorker, path: &Path) {
    let name = path.display().to_string();
    let remarks = worker.load(&name, files(path).unwrap()).unwrap();
    let front = worker.frame(&name, view(0.5)).unwrap();
    let turned = worker.frame(&name, view(1.4)).unwrap();
    assert_eq!(front.rgba.len(), 160 * 120 * 4, "{name}");
    assert!(covered(&front) > 300, "{name} shows: {}", covered(&front));
    assert!(front.rgba != turned.rgba, "{name} turns");
    for remark in remarks {
        assert!(!remark.contains(path.file_stem().unwrap().to_str().unwrap()));
    }
}

#[test]
fn every_model_of_the_demo_is_drawn() {
    let worker = worker();
    let found = models(&demo().join("media_data/text_to_3D"));
    assert!(found.len() >= 8, "{found:?}");
    for path in found {
        draws(&worker, &path);
    }
}

#[test]
fn every_sound_model_is_drawn() {
    let Some(data) = shared("tests/scene: every sound model is drawn") else {
        return;
    };
    let worker = worker();
    let found = models(&data.join("media/clean/3d"));
    assert!(found.len() >= 10, "{found:?}");
    for path in found {
        draws(&worker, &path);
    }
}

#[test]
fn every_hostile_model_ends_in_a_frame_or_a_sentence() {
    let Some(data) = shared("tests/scene: every hostile model ends in a frame or a sentence")
    else {
        return;
    };
    let worker = worker();
    let sound = demo().join("media_data/text_to_3D/mug_1.glb");
    let (mut drawn, mut said, mut refused) = (0, 0, 0);
    let mut all = Vec::new();
    all_under(&data.join("media/hostile/3d"), &mut all);
    for path in all {
        let Ok(model) = files(&path) else {
            refused += 1;
            continue;
        };
        let name = path.display().to_string();
        let began = Instant::now();
        let shown = worker.show(&name, view(0.5), || Ok::<_, WorkerError>(model));
        assert!(began.elapsed() < LONGEST, "{name} takes long");
        match shown {
            Ok(_) => drawn += 1,
            Err(error) => {
                let sentence = error.to_string();
                let stem = path.file_stem().unwrap().to_str().unwrap();
                assert!(sentence.starts_with("This model cannot be shown: "));
                assert!(!sentence.contains(stem), "{sentence}");
                said += 1;
            }
        }
    }
    println!("{drawn} drawn, {said} with a sentence, {refused} refused before");
    assert!(drawn + said > 40);
    draws(&worker, &sound);
}

#[test]
fn bombs_cost_their_own_answer_and_nothing_else() {
    let worker = worker();
    let sound = demo().join("media_data/text_to_3D/mug_1.glb");
    draws(&worker, &sound);
    let made = |kind, main: Vec<u8>| SceneFiles {
        kind,
        files: vec![("a".to_owned(), main)],
    };
    // Four billion corners, all but one of them left out of the file.
    let sparse = json!({"count": 1, "indices": {"bufferView": 0, "componentType": 5125},
                        "values": {"bufferView": 0}});
    let zeros = json!({
        "asset": {"version": "2.0"}, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "buffers": [{"byteLength": 12, "uri": "data:application/octet-stream;base64,AAAAAAAAAAAAAAAA"}],
        "bufferViews": [{"buffer": 0, "byteLength": 12}],
        "accessors": [{"componentType": 5126, "count": 4_000_000_000_u32, "type": "VEC3",
                       "min": [0, 0, 0], "max": [1, 1, 1], "sparse": sparse}],
    });
    // Nodes nested so deeply that following them needs more stack than there is.
    let mut nodes: Vec<_> = (1..300_000).map(|n| json!({"children": [n]})).collect();
    nodes.push(json!({}));
    let deep = json!({"asset": {"version": "2.0"}, "scenes": [{"nodes": [0]}], "nodes": nodes});
    let mut stl = vec![0; 84];
    stl[80..84].copy_from_slice(&u32::MAX.to_le_bytes());
    let bombs = [
        made(SceneKind::Gltf, zeros.to_string().into_bytes()),
        made(SceneKind::Gltf, deep.to_string().into_bytes()),
        made(SceneKind::Stl, stl),
        made(
            SceneKind::Ply,
            b"ply\nformat ascii 1.0\nelement x 99\nend_header\n".to_vec(),
        ),
        made(SceneKind::Glb, Vec::new()),
        made(
            SceneKind::Obj,
            b"v 1e38 1e38 1e38\nv -1e38 0 0\nv 0 0 0\nf 1 2 3\n".to_vec(),
        ),
    ];
    for (n, bomb) in bombs.into_iter().enumerate() {
        let began = Instant::now();
        let error = worker.load("bomb", bomb).unwrap_err();
        println!(
            "bomb {n}: {:?} {error}: {}",
            began.elapsed(),
            error.detail()
        );
        assert!(began.elapsed() < LONGEST, "bomb {n}");
        assert!(!matches!(error, WorkerError::NoWorker { .. }), "{error:?}");
        draws(&worker, &sound);
    }
    let large = View {
        width: 4096,
        ..view(0.0)
    };
    let name = sound.display().to_string();
    let refused = worker.frame(&name, large).unwrap_err();
    assert!(refused.to_string().contains("2048"), "{refused}");
}

#[test]
fn a_killed_worker_is_started_again() {
    let worker = worker();
    let path = demo().join("media_data/text_to_3D/hut_1.obj");
    let show = || {
        worker.show("hut", view(0.5), || {
            Ok::<_, WorkerError>(files(&path).unwrap())
        })
    };
    let before = show().unwrap();
    for round in 0..5 {
        let id = worker.process();
        let killed = Command::new("kill").args(["-9", &id.to_string()]).status();
        assert!(killed.unwrap().success());
        // At once in one round, after it is gone in the next.
        sleep(Duration::from_millis(round % 2 * 100));
        assert_eq!(show().unwrap().rgba, before.rgba, "round {round}");
        assert_ne!(worker.process(), id);
    }
}

#[test]
fn a_worker_that_hangs_is_ended_and_started_again() {
    let worker = worker();
    let path = demo().join("media_data/text_to_3D/vase_1.ply");
    draws(&worker, &path);
    let id = worker.process().to_string();
    let stopped = Command::new("kill").args(["-STOP", &id]).status();
    assert!(stopped.unwrap().success());
    let name = path.display().to_string();
    let began = Instant::now();
    let error = worker.frame(&name, view(0.5)).unwrap_err();
    assert!(matches!(error, WorkerError::TooLong), "{error:?}");
    assert!(began.elapsed() < LONGEST);
    draws(&worker, &path);
}

#[test]
fn a_worker_does_not_outlive_its_client() {
    let worker = worker();
    draws(&worker, &demo().join("media_data/text_to_3D/gear_2.stl"));
    let there = PathBuf::from(format!("/proc/{}", worker.process()));
    assert!(there.exists());
    drop(worker);
    let end = Instant::now() + Duration::from_secs(5);
    while there.exists() {
        assert!(Instant::now() < end, "it is still there");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_model_with_parts_is_not_copied_alone() {
    let desk = Desk::with_project();
    let file = demo().join("text_to_3D_preferences.json");
    let (file, media) = (file.display().to_string(), demo().join("media_data"));
    let media = media.display().to_string();
    let words = ["import", "p", &file, "--media-root", &media, "--copy-media"];
    let said = desk.run(&words);
    let said = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
    assert!(said.contains("needs other files beside it"), "{said}");
}

/// A number that stands for what a pane shows.
fn picture(window: &Window, side: &str) -> u64 {
    let sum = window.script(&format!(
        "const c = document.querySelector('[data-side={side}] canvas');
         if (!c || c.dataset.drawn === '0') return 0;
         const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
         let sum = 1; for (let i = 0; i < d.length; i += 4)
           sum = (sum * 31 + d[i] + d[i + 1] * 7 + d[i + 2] * 13) % 1000000007;
         return sum"
    ));
    sum.as_u64().unwrap()
}

fn turn_and_compare(window: &Window) {
    for (what, press) in [("turned", key::RIGHT), ("tilted", key::UP)] {
        let before = ["left", "right"].map(|side| picture(window, side));
        let press = press.chars().next().unwrap();
        window.session.press_shifted(press).unwrap();
        window.until(what, || {
            let after = ["left", "right"].map(|side| picture(window, side));
            (after[0] != before[0] && after[1] != before[1]).then_some(())
        });
    }
    let before = picture(window, "left");
    window.press("=");
    window.until("nearer", || {
        (picture(window, "left") != before).then_some(())
    });
    window.press("f");
}

#[test]
fn models_are_turned_and_labelled_by_keys() {
    let desk = Desk::with_project();
    let file = demo().join("text_to_3D_preferences.json");
    let media = demo().join("media_data").display().to_string();
    desk.ok(&[
        "import",
        "p",
        &file.display().to_string(),
        "--media-root",
        &media,
    ]);
    let mut stage = Stage::new(&desk);
    let window = stage.open(Some(&desk.path("p")));
    window.enter_as("anna");
    let (mut turned, mut answered) = (0, 0);
    let mut assignment = window.ready();
    while !window.is_there("#done") {
        if window.is_there("[data-side=left] canvas") && turned < 4 {
            assert!(picture(&window, "left") != 0, "ready means drawn");
            if turned == 0 {
                window.picture("label-text_to_3D");
            }
            turn_and_compare(&window);
            turned += 1;
            if turned == 2 {
                assert_eq!(stage.kill("tiebreak-worker"), 1, "the worker is killed");
                turn_and_compare(&window);
            }
        }
        let page = window.script("return document.documentElement.outerHTML");
        for hidden in ["clay-1", "facet-3d", ".glb", ".stl", "media_data"] {
            assert!(!page.as_str().unwrap().contains(hidden), "{hidden}");
        }
        window.press(["1", "2", "3", "4"][answered % 4]);
        window.press(key::ENTER);
        answered += 1;
        let next = window.until("the next question", || {
            if window.is_there("#done") {
                return Some(String::new());
            }
            let now = window.script("return document.querySelector('#label[data-ready=true]')?.dataset.assignment ?? ''");
            now.as_str().filter(|n| !n.is_empty() && *n != assignment).map(str::to_owned)
        });
        sleep(Duration::from_millis(300));
        assignment = next;
    }
    window.session.close();
    assert!(turned >= 2, "models were shown");
    let votes = desk.votes();
    assert_eq!(votes.len(), answered);
    let orbited = |vote: &&serde_json::Value| {
        let modes = vote["presentation"]["modes"].as_array().unwrap();
        modes.contains(&json!("orbit"))
    };
    assert!(votes.iter().filter(orbited).count() >= turned);
}
