//! A panic anywhere in the built app: a window says what happened and names the log, the log tells
//! it, and the vote cast just before is there.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

use std::thread::sleep;
use std::time::Duration;

use tiebreak_tests::window::{Stage, Window, key};
use tiebreak_tests::{Desk, bench_rows};

/// The program's name as the system cuts it.
const APP: &str = "tiebreak-deskto";

/// Opens the app and casts a vote.
fn voted(desk: &Desk, stage: &mut Stage) -> Window {
    let window = stage.open(Some(&desk.path("p")));
    window.enter_as("anna");
    window.press("2");
    window.press(key::ENTER);
    window.until("saved", || {
        window.wait("#status").contains("saved").then_some(())
    });
    window
}

fn desk() -> Desk {
    let desk = Desk::with_project();
    let file = bench_rows::write(&desk, "text_to_text", 3, 1);
    desk.ok(&["import", "p", &file.display().to_string()]);
    desk
}

/// The processes that show the notice of this desk's app. They outlive it.
fn notices(desk: &Desk) -> Vec<u32> {
    let home = desk.path("home").display().to_string();
    let read = |id: u32, file: &str| std::fs::read_to_string(format!("/proc/{id}/{file}"));
    let shows = |id: &u32| {
        read(*id, "cmdline").is_ok_and(|line| line.contains("--crash-notice"))
            && read(*id, "environ").is_ok_and(|all| all.contains(&home))
    };
    std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(shows)
        .collect()
}

/// The display's picture.
fn display(desk: &Desk) -> Vec<u8> {
    std::fs::read(desk.path("home/screen/Xvfb_screen0")).unwrap()
}

/// Waits until something is so; the driver is not asked, which may have lost its window.
fn wait_until(what: &str, is: impl Fn() -> bool) {
    for _ in 0..200 {
        if is() {
            return;
        }
        sleep(Duration::from_millis(100));
    }
    assert!(is(), "{what} did not come");
}

/// The one log of the run, in which the panic must be told.
fn log_tells(desk: &Desk) {
    let folder = std::fs::read_dir(desk.path("home/log")).unwrap();
    let logs: Vec<String> = folder
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    assert_eq!(logs.len(), 1, "one log a run");
    for word in [
        "ERROR",
        "panic: a test asked for a fault",
        "fault.rs",
        "backtrace",
    ] {
        assert!(logs[0].contains(word), "{word} in {}", logs[0]);
    }
}

fn panics(place: &str, stays: bool) {
    let desk = desk();
    let mut stage = Stage::new(&desk);
    let window = voted(&desk, &mut stage);
    assert_eq!(notices(&desk), Vec::<u32>::new());
    sleep(Duration::from_millis(500));
    let before = display(&desk);
    desk.write("home/fault", place);
    wait_until("the notice", || notices(&desk).len() == 1);
    wait_until("a window on the display", || {
        let now = display(&desk);
        let changed = now
            .iter()
            .zip(&before)
            .filter(|(now, before)| now != before);
        changed.count() > 50_000
    });
    sleep(Duration::from_millis(500));
    let pictures = tiebreak_tests::program("tiebreak-desktop");
    let pictures = pictures.ancestors().nth(2).unwrap().join("screens");
    std::fs::create_dir_all(&pictures).unwrap();
    std::fs::write(pictures.join(format!("crash-{place}.xwd")), display(&desk)).unwrap();
    log_tells(&desk);
    assert_eq!(desk.votes().len(), 1, "the vote is there");
    assert_eq!(desk.json(&["check", "p"])["ok"], true);
    if stays {
        // Only the thread that panicked has ended: the window goes on.
        window.press("2");
        window.press(key::ENTER);
        wait_until("the next vote", || desk.votes().len() == 2);
    } else {
        wait_until("the end of the app", || stage.running(APP) == 0);
    }
    for id in notices(&desk) {
        let ended = std::process::Command::new("kill")
            .arg(id.to_string())
            .status();
        assert!(ended.unwrap().success());
    }
}

#[test]
fn a_panic_beside_the_window_is_told_and_the_window_goes_on() {
    panics("thread", true);
}

#[test]
fn a_panic_of_the_window_is_told_and_loses_nothing() {
    panics("main", false);
}
