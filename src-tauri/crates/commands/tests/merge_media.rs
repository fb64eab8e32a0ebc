//! Joining projects whose media lie in them, or outside: what is copied, what has moved, what is
//! missing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::path::PathBuf;

use common::desk::{Desk, codes, content, logged, news, same, works};
use common::rows;
use tiebreak_commands::import::Cancel;
use tiebreak_commands::merge;
use tiebreak_commands::projects::NewProject;

const BENCH: &str = "text_to_text_preferences.json";

fn bench_with_pictures(desk: &Desk, folder: &str, pairs: u8) -> PathBuf {
    let mut list = Vec::new();
    for n in 0..pairs {
        for side in ["one", "two"] {
            let picture = [&b"GIF89a\x05\0\x06\0"[..], side.as_bytes(), &[n]].concat();
            desk.file(&format!("{folder}/{side}/{n}.gif"), "");
            std::fs::write(desk.path(&format!("{folder}/{side}/{n}.gif")), picture).unwrap();
        }
        list.push(serde_json::json!({
            "prompt": format!("draw {n}"), "response1": format!("one/{n}.gif"),
            "response2": format!("two/{n}.gif"), "criteria": "c?", "id": n,
        }));
    }
    let text = serde_json::to_string(&list).unwrap();
    desk.file(&format!("{folder}/text_to_image_preferences.json"), &text)
}

#[tokio::test]
async fn media_come_along_and_what_moved_is_found_again() {
    let desk = Desk::new();
    let four = bench_with_pictures(&desk, "here", 4);
    let six = bench_with_pictures(&desk, "there", 6);
    for name in ["a", "b", "copied"] {
        desk.make(name, &NewProject::default()).await;
    }
    desk.import("a", &four, false).await;
    desk.import("b", &six, false).await;
    desk.import("copied", &six, true).await;

    // In place: the new ones are used where they lie, the known ones where they lay.
    desk.copy("a", "in-place");
    let report = desk.merge("in-place", "b").await;
    assert_eq!(
        (report.pairs, report.media, report.media_copied),
        (2, 4, 0),
        "{report:?}"
    );
    desk.exports("in-place").await;
    // Copied ones are copied.
    desk.copy("a", "with-copies");
    let before = content(&desk.path("copied"));
    let report = desk.merge("with-copies", "copied").await;
    assert_eq!((report.media, report.media_copied), (4, 4), "{report:?}");
    assert!(before == content(&desk.path("copied")));
    desk.exports("with-copies").await;
    let again = desk.merge("with-copies", "copied").await;
    assert_eq!(news(&again), [0; 9], "{again:?}");

    // The folder of the one has gone: what the other has is used.
    desk.copy("a", "moved");
    std::fs::rename(desk.path("here"), desk.path("elsewhere")).unwrap();
    let report = desk.merge("moved", "b").await;
    assert!(codes(&report).contains(&"media_moved"), "{report:?}");
    desk.exports("moved").await;
    // The other's folder has gone: the same path below one of ours will do.
    std::fs::rename(desk.path("elsewhere"), desk.path("here")).unwrap();
    std::fs::remove_dir_all(desk.path("here")).unwrap();
    std::fs::rename(desk.path("there"), desk.path("here")).unwrap();
    desk.copy("a", "ours");
    let report = desk.merge("ours", "b").await;
    assert_eq!((report.media, report.media_copied), (4, 0), "{report:?}");
    desk.exports("ours").await;
}

#[tokio::test]
async fn media_named_by_other_paths_keep_the_same_of_the_two() {
    let desk = Desk::new();
    let near = bench_with_pictures(&desk, "x", 3);
    let text = std::fs::read_to_string(&near).unwrap();
    let far = desk.file(
        "text_to_image_preferences.json",
        &text.replace("one/", "x/one/").replace("two/", "x/two/"),
    );
    for (name, file) in [("a", &near), ("b", &far), ("c", &near)] {
        desk.make(name, &NewProject::default()).await;
        desk.import(name, file, name == "c").await;
        works(&desk, name, &["anna"], 3, 5).await;
    }
    desk.every_order(["a", "b", "c"]).await;
    let report = desk.merge("b", "a").await;
    assert!(codes(&report).contains(&"media_names_differ"), "{report:?}");
}

#[tokio::test]
async fn a_merge_that_lacks_a_medium_leaves_everything_as_it_was() {
    let desk = Desk::new();
    let pictures = bench_with_pictures(&desk, "there", 5);
    let words = desk.file(BENCH, &rows(3, 1));
    for name in ["a", "b"] {
        desk.make(name, &NewProject::default()).await;
    }
    desk.import("a", &words, false).await;
    desk.import("b", &pictures, true).await;
    works(&desk, "a", &["anna"], 1, 5).await;
    let (exports, log) = (desk.exports("a").await, logged(&desk, "a").await);
    let stored = content(&desk.path("b/media"));
    let victim = stored.keys().last().unwrap();

    std::fs::write(victim, b"GIF89a but another").unwrap();
    let error = desk.try_merge("a", "b").await.unwrap_err();
    assert_eq!(error.code, "media_missing");
    assert!(error.message.contains("nothing was merged"), "{error}");
    std::fs::remove_file(victim).unwrap();
    let error = desk.try_merge("a", "b").await.unwrap_err();
    assert_eq!(error.code, "media_missing");
    assert!(
        !desk.path("a/media").exists(),
        "copies are taken away, and their folders"
    );
    same(&exports, &desk.exports("a").await, "refused");
    assert_eq!(logged(&desk, "a").await, log);

    std::fs::write(victim, &stored[victim]).unwrap();
    let project = desk.open("a").await;
    let other = desk.path("b");
    let cancel = Cancel::default();
    cancel.cancel();
    let error = merge::run(&project, &other, false, &cancel)
        .await
        .unwrap_err();
    assert_eq!(error.code, "cancelled");
    let report = merge::run(&project, &other, true, &Cancel::default())
        .await
        .unwrap();
    assert_eq!(
        (report.dry_run, report.pairs, report.media_copied),
        (true, 5, 10)
    );
    project.close().await;
    assert!(!desk.path("a/media").exists());
    same(
        &exports,
        &desk.exports("a").await,
        "cancelled, and asked what would come",
    );
    assert_eq!(logged(&desk, "a").await, log);
    assert_eq!(desk.merge("a", "b").await.media_copied, 10);
    desk.exports("a").await;
}
