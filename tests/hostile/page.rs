//! The page under watch: after every view it must be the page it was, with nothing run, loaded or
//! made that the app did not mean, in the process it began in, and within the time.

use std::collections::BTreeSet;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tiebreak_tests::window::{Stage, Window};

/// The bar: nothing hangs for longer.
pub const LONGEST: Duration = Duration::from_secs(10);

/// Notes what a script that ran would do, what the policy had to stop, and what the page itself
/// threw. (That a size changed while sizes were told is no fault; the browser tells it as an error.)
const SPY: &str = r"
const told = window.told = [];
for (const name of ['alert', 'confirm', 'prompt', 'open', 'print'])
  window[name] = (...words) => { told.push(name + ' ' + words.map(String)); };
addEventListener('securitypolicyviolation', e => told.push('policy ' + e.violatedDirective + ' ' + e.blockedURI), true);
addEventListener('error', e => { if (e.message && !e.message.startsWith('ResizeObserver loop')) told.push('error ' + e.message); });
addEventListener('unhandledrejection', e => told.push('rejected ' + (e.reason?.message ?? e.reason)));
window.scriptsAtFirst = document.scripts.length;
";

/// What is on the page, told once.
const LOOK: &str = r"
const label = document.querySelector('#label');
const state = root => {
  if (!root) return null;
  const said = [...root.querySelectorAll('.card p')].map(p => p.innerText.trim()).find(words => words !== '');
  if (said) return said;
  const stage = root.querySelector('.stage');
  const waits = root.querySelector('.wait, canvas[data-drawn=\'0\']')
    || (stage && !stage.querySelector('img, canvas, .card'))
    || [...root.querySelectorAll('.text > p.muted')].some(p => p.innerText === 'Reading…');
  return waits ? '' : 'shown';
};
const mediumIn = root => {
  const has = (selector, is) => [...root.querySelectorAll(selector)].some(is);
  if (has('.stage img', e => e.complete && e.naturalWidth > 0)) return 'image';
  if (has('.play.video video', e => e.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA)) return 'video';
  if (has('.play.audio canvas', () => true)) return 'audio';
  return has('.stage canvas[data-drawn]', e => e.dataset.drawn !== '0') ? '3d' : null;
};
const may = new Set(('p h3 h4 h5 h6 blockquote ul ol li hr br div span pre code em strong del sup table thead tbody tr '
  + 'th td math mrow mi mn mo mtext mspace ms mfrac msqrt mroot mstyle mpadded mphantom menclose msub msup msubsup '
  + 'munder mover munderover mmultiscripts mprescripts none mtable mtr mtd mlabeledtr').split(' '));
const strange = [...document.querySelectorAll('.words *')].filter(e =>
  !may.has(e.localName) || e.getAttributeNames().some(name => /^on|href|src|^style$|^id$/.test(name)));
const alien = document.querySelectorAll('iframe, frame, object, embed, base, applet, portal, meta[http-equiv=refresh]');
const loaded = performance.getEntriesByType('resource').map(e => e.name);
performance.clearResourceTimings();
const told = window.told?.splice(0);
return {
  assignment: label?.dataset.assignment ?? '',
  ready: label?.dataset.ready === 'true',
  done: document.querySelector('#done') !== null,
  trouble: document.querySelector('.trouble')?.innerText ?? '',
  panes: [['left', '[data-side=left] .content'], ['right', '[data-side=right] .content'], ['prompt', '#prompt-media .content']]
    .map(([name, selector]) => [name, document.querySelector(selector)])
    .map(([name, root]) => [name, state(root), root && mediumIn(root)]).filter(([, is]) => is !== null),
  criterion: document.querySelector('#criterion')?.textContent ?? null,
  told, loaded,
  title: document.title, address: location.href, ran: window.tiebreakRan ?? null,
  made: [...strange, ...alien].map(e => e.outerHTML.slice(0, 200)),
  scripts: document.scripts.length - window.scriptsAtFirst,
};";

/// The window and what it must remain.
pub struct Watched {
    pub window: Window,
    /// Where the driver and the app listen.
    pub ports: BTreeSet<u16>,
    app: Vec<u32>,
    page: Vec<u32>,
}

impl Watched {
    /// Begins to watch. Shows first that what it must see is seen: a load of `address` that the
    /// policy stops, and a dialog.
    pub fn new(stage: &Stage, window: Window, address: &str) -> Self {
        window.script(SPY);
        window.script(&format!(
            "new Image().src = '{address}/by-the-test'; alert('by the test')"
        ));
        window.until("what the test did itself", || {
            let told = window.script("return window.told.join()");
            let told = told.as_str()?;
            let seen = told.contains("policy img-src") && told.contains("alert by the test");
            seen.then(|| window.script("window.told.splice(0)"))
        });
        Self {
            window,
            ports: stage.ports(),
            app: stage.ids("tiebreak-deskto"),
            page: stage.ids("WebKitWebProces"),
        }
    }

    /// Looks at the page and asserts all that must hold whatever is shown.
    pub fn look(&self, what: &str) -> Value {
        let began = Instant::now();
        let seen = self.window.session.script(LOOK);
        let seen = seen.unwrap_or_else(|error| panic!("{what}: the page does not answer: {error}"));
        assert!(began.elapsed() < LONGEST, "{what}: the page hangs");
        assert_eq!(
            seen["told"],
            serde_json::json!([]),
            "{what}: something ran, or the page threw"
        );
        assert_eq!(seen["ran"], Value::Null, "{what}: a script ran");
        assert_eq!(seen["title"], "Tiebreak", "{what}: the title is changed");
        assert_eq!(
            seen["made"],
            serde_json::json!([]),
            "{what}: elements were made"
        );
        assert_eq!(seen["scripts"], 0, "{what}: scripts were made");
        assert_eq!(seen["trouble"], "", "{what}");
        let address = seen["address"].as_str().unwrap();
        assert!(
            address.starts_with("tauri://localhost"),
            "{what}: the page went to {address}"
        );
        for loaded in seen["loaded"].as_array().unwrap() {
            let loaded = loaded.as_str().unwrap();
            assert!(
                self.is_the_apps(loaded),
                "{what}: the page asked for {loaded}"
            );
        }
        seen
    }

    fn is_the_apps(&self, address: &str) -> bool {
        let own = [
            "tauri://localhost/",
            "ipc://localhost/",
            "http://ipc.localhost/",
            "blob:tauri://",
        ];
        let served = || {
            let port = address
                .strip_prefix("http://127.0.0.1:")?
                .split('/')
                .next()?;
            port.parse().ok()
        };
        own.iter().any(|start| address.starts_with(start))
            || served().is_some_and(|port: u16| self.ports.contains(&port))
    }

    /// Puts words into the field that has the focus, as if they were pasted, and gives what the
    /// field holds then.
    pub fn enter(&self, words: &str, what: &str) -> Value {
        let put = self.window.session.script(&format!(
            "const field = document.activeElement;
             if (field.localName !== 'textarea') return null;
             field.value = '';
             field.setRangeText({});
             field.dispatchEvent(new InputEvent('input', {{ inputType: 'insertFromPaste', bubbles: true }}));
             return field.value",
            serde_json::json!(words)
        ));
        put.unwrap_or_else(|error| panic!("{what}: the page does not answer: {error}"))
    }

    /// Waits until another question than `before` is shown, each pane with its media or with words
    /// that say why not; none when all are done.
    pub fn question_after(&self, before: &str, what: &str) -> Option<Value> {
        let end = Instant::now() + LONGEST;
        loop {
            let seen = self.look(what);
            if seen["done"] == true {
                return None;
            }
            let panes = seen["panes"].as_array().unwrap();
            let all = !panes.is_empty() && panes.iter().all(|pane| pane[1] != "");
            if all && seen["ready"] == true && seen["assignment"] != before {
                return Some(seen);
            }
            assert!(
                Instant::now() < end,
                "{what}: not shown and not said within {LONGEST:?}: {seen}"
            );
            sleep(Duration::from_millis(20));
        }
    }

    /// Asserts that app and page run in the processes they began in. (One that is about to start
    /// another program bears the same name for a moment.)
    pub fn is_whole(&self, stage: &Stage, what: &str) {
        for (name, began) in [
            ("tiebreak-deskto", &self.app),
            ("WebKitWebProces", &self.page),
        ] {
            let now = stage.ids(name);
            assert!(
                !began.is_empty() && began.iter().all(|id| now.contains(id)),
                "{what}: {name} stopped: {began:?}, now {now:?}"
            );
        }
    }
}
