//! The real window: the built app on a display in memory, driven by keys.

use std::collections::BTreeSet;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use xtask::remote::{Driver, Screen};
use xtask::webdriver::Session;

use crate::canary::listening;
use crate::{Desk, program};

/// How long anything on the screen may take, on a busy machine.
const LIMIT: Duration = Duration::from_secs(40);

/// WebDriver's code points for keys that are no characters (W3C WebDriver §17.4.2).
pub mod key {
    pub const ENTER: &str = "\u{E007}";
    pub const ESCAPE: &str = "\u{E00C}";
    pub const LEFT: &str = "\u{E012}";
    pub const RIGHT: &str = "\u{E014}";
    pub const UP: &str = "\u{E013}";
    pub const DOWN: &str = "\u{E015}";
    pub const END: &str = "\u{E010}";
}

/// A script that keeps every answer of the program to the page, in `window.answers`.
pub const SPY_ON_ANSWERS: &str = r"
window.answers = [];
const plain = window.fetch.bind(window);
window.fetch = async (asked, how) => {
  const answer = await plain(asked, how);
  if (String(asked?.url ?? asked).includes('ipc')) {
    answer.clone().text().then(text => window.answers.push(text));
  }
  return answer;
};";

/// A display in memory with a driver on it. The app keeps its settings, data and logs under `home`
/// in the desk's folder, where the display's picture lies too (`screen`), and where a file called
/// `fault` makes the app panic.
pub struct Stage {
    driver: Driver,
    _screen: Screen,
}

impl Stage {
    pub fn new(desk: &Desk) -> Self {
        let home = desk.folder.path().join("home");
        std::fs::create_dir_all(home.join("screen")).unwrap();
        let screen = Screen::start_seen(&home.join("screen")).unwrap();
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/demo");
        let (config, data, log) = (home.join("config"), home.join("data"), home.join("log"));
        let fault = home.join("fault");
        let variables = [
            ("TIEBREAK_CONFIG_DIR", config.as_path()),
            ("TIEBREAK_DATA_DIR", data.as_path()),
            ("TIEBREAK_LOG_DIR", log.as_path()),
            ("TIEBREAK_DEMO_SOURCES", demo.as_path()),
            ("TIEBREAK_FAULT", fault.as_path()),
        ];
        let driver = Driver::start(&screen, &variables).unwrap();
        Self {
            driver,
            _screen: screen,
        }
    }

    /// Opens the app on a project of the desk, or on the start screen.
    pub fn open(&mut self, project: Option<&Path>) -> Window {
        let project = project.map(|p| p.display().to_string());
        let words: Vec<&str> = project.iter().map(String::as_str).collect();
        let session = self
            .driver
            .open(&program("tiebreak-desktop"), &words, LIMIT)
            .unwrap();
        let window = Window { session };
        let address = window.script("return location.href");
        assert!(
            address
                .as_str()
                .is_some_and(|a| a.starts_with("tauri://localhost")),
            "the driver shows our page and no other: {address}"
        );
        window
    }

    /// Ends processes that the driver started and that are called `name`, as a crash would.
    pub fn kill(&self, name: &str) -> usize {
        let found = self.ids(name);
        for id in &found {
            let status = std::process::Command::new("kill")
                .args(["-9", &id.to_string()])
                .status();
            assert!(status.unwrap().success());
        }
        found.len()
    }

    /// How many processes called `name` the driver has started and that still run.
    pub fn running(&self, name: &str) -> usize {
        self.ids(name).len()
    }

    /// The ids of the processes called `name` that the driver has started and that still run.
    pub fn ids(&self, name: &str) -> Vec<u32> {
        let called = |id: &u32| {
            std::fs::read_to_string(format!("/proc/{id}/comm")).is_ok_and(|n| n.trim() == name)
        };
        self.driver.offspring().into_iter().filter(called).collect()
    }

    /// The ports on which the driver and what it started listen.
    pub fn ports(&self) -> BTreeSet<u16> {
        let mut processes = self.driver.offspring();
        processes.push(self.driver.id());
        listening(&processes)
    }
}

/// The app's window.
pub struct Window {
    pub session: Session,
}

impl Window {
    pub fn script(&self, body: &str) -> Value {
        self.session.script(body).unwrap()
    }

    /// Waits until an element is there, and gives its words.
    pub fn wait(&self, selector: &str) -> String {
        self.until(selector, || {
            let found = self.session.find(selector)?;
            self.session.text(&found).ok()
        })
    }

    /// Waits until something is so.
    pub fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(
                Instant::now() < end,
                "{what} did not come; the page shows: {}",
                self.words()
            );
            sleep(Duration::from_millis(40));
        }
    }

    pub fn words(&self) -> String {
        let words = self.session.script("return document.body.innerText").ok();
        words
            .and_then(|w| w.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    pub fn is_there(&self, selector: &str) -> bool {
        self.session.find(selector).is_some()
    }

    pub fn press(&self, keys: &str) {
        self.session.press(keys).unwrap();
    }

    /// Clicks an element once it is there and can be clicked.
    pub fn click(&self, selector: &str) {
        self.until(selector, || {
            let clicked = self.session.script(&format!(
                "const e = document.querySelector('{selector}');
                 if (!e || e.disabled) return false; e.click(); return true"
            ));
            (clicked.ok()? == true).then_some(())
        });
    }

    /// Chooses in a list, as a person would.
    pub fn pick(&self, selector: &str, value: &str) {
        self.wait(selector);
        self.script(&format!(
            "const e = document.querySelector('{selector}'); e.value = '{value}';
             e.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        ));
    }

    /// Types into the element, as if it had been clicked.
    pub fn type_into(&self, selector: &str, text: &str) {
        self.wait(selector);
        let element = self.session.find(selector).unwrap();
        self.session.type_into(&element, text).unwrap();
    }

    /// Gives a new annotator's name and waits for the first question.
    pub fn enter_as(&self, name: &str) {
        self.type_into("#who-name", &format!("{name}{}", key::ENTER));
        self.ready();
    }

    /// Waits until the question can be answered, and gives its assignment. Keys count a quarter of
    /// a second after a question is ready.
    pub fn ready(&self) -> String {
        let assignment = self.until("a question", || {
            let state = self.session.script(
                "const l = document.querySelector('#label[data-ready=true]');
                 return l ? l.dataset.assignment : null",
            );
            state.ok().and_then(|s| s.as_str().map(str::to_owned))
        });
        sleep(Duration::from_millis(300));
        assignment
    }

    /// Waits until another question than `before` is ready.
    pub fn next_after(&self, before: &str) -> String {
        self.until("the next question", || {
            let now = self.session.script(
                "const l = document.querySelector('#label[data-ready=true]');
                 return l ? l.dataset.assignment : null",
            );
            now.ok()
                .and_then(|n| n.as_str().map(str::to_owned))
                .filter(|n| n != before)
        });
        self.ready()
    }

    /// Takes a picture of the page into `target/screens/`, once what was done last is drawn.
    pub fn picture(&self, name: &str) {
        sleep(Duration::from_millis(300));
        let folder = program("tiebreak-desktop");
        let folder = folder.parent().unwrap().parent().unwrap().join("screens");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(
            folder.join(format!("{name}.png")),
            self.session.screenshot().unwrap(),
        )
        .unwrap();
    }

    /// Pictures down the page, so that all of it is seen; nothing may stick out to the side.
    pub fn pictures(&self, name: &str) {
        for n in 0..12 {
            let seen = self.script(&format!(
                "const e = document.scrollingElement; e.scrollTo(0, {n} * (innerHeight - 60));
                 return [e.scrollTop + innerHeight >= e.scrollHeight - 1, e.scrollWidth > innerWidth]"
            ));
            self.picture(&format!("{name}-{n}"));
            assert_eq!(seen[1], false, "{name}: nothing sticks out");
            if seen[0] == true {
                break;
            }
        }
        self.script("document.scrollingElement.scrollTo(0, 0)");
    }

    /// Calls the program from the page, past the page's own code: `given`, what it answers, or
    /// `refused`, the code of why not.
    pub fn call(&self, command: &str, with: &Value) -> Value {
        self.script(&format!(
            "window.answer = null; window.__TAURI_INTERNALS__.invoke('{command}', {with})
               .then(a => window.answer = {{given: a}},
                 e => window.answer = {{refused: String(e.code ?? e)}})"
        ));
        self.until("an answer", || {
            let answer = self.script("return window.answer");
            (!answer.is_null()).then_some(answer)
        })
    }
}
