//! A WebDriver client of the few verbs that `run` needs, over one socket a request.
//!
//! WebKitWebDriver never answers a request for a session whose program died or found no display, so
//! every request is given a time and a question to ask while it waits.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::failure::{Doing as _, Failure, Result};

/// How long a waiting request sleeps before it asks whether waiting makes sense.
const PATIENCE: Duration = Duration::from_millis(250);
const SHIFT: char = '\u{E008}';
const CONTROL: char = '\u{E009}';
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Asked now and again during a long wait; an error ends it.
pub type Still<'a> = &'a mut dyn FnMut() -> Result<()>;

/// A window under remote control.
pub struct Session {
    port: u16,
    id: String,
}

impl Session {
    /// Starts the program under the driver at this port.
    pub fn open(
        port: u16,
        program: &str,
        words: &[&str],
        limit: Duration,
        still: Still,
    ) -> Result<Self> {
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "webkitgtk:browserOptions": {"binary": program, "args": words},
        }}});
        let answer = request(port, "POST", "/session", Some(&wanted), limit, still)?;
        match answer["sessionId"].as_str() {
            Some(id) => Ok(Self {
                port,
                id: id.to_owned(),
            }),
            None => Err(Failure::new(format!(
                "The driver opened no session: {answer}."
            ))),
        }
    }

    /// The window's title.
    ///
    /// # Errors
    /// When the page is gone.
    pub fn title(&self) -> Result<String> {
        Ok(self
            .ask("GET", "/title", None)?
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// The element that the CSS selector finds first, if any.
    pub fn find(&self, selector: &str) -> Option<String> {
        let wanted = json!({"using": "css selector", "value": selector});
        let answer = self.ask("POST", "/element", Some(&wanted)).ok()?;
        answer[ELEMENT].as_str().map(str::to_owned)
    }

    /// The words that an element shows.
    ///
    /// # Errors
    /// When the page or the element is gone.
    pub fn text(&self, element: &str) -> Result<String> {
        let answer = self.ask("GET", &format!("/element/{element}/text"), None)?;
        Ok(answer.as_str().unwrap_or_default().to_owned())
    }

    /// Types into an element.
    ///
    /// # Errors
    /// When the page or the element is gone.
    pub fn type_into(&self, element: &str, text: &str) -> Result<()> {
        let wanted = json!({"text": text});
        self.ask("POST", &format!("/element/{element}/value"), Some(&wanted))
            .map(|_| ())
    }

    /// Runs a script's body in the page and gives what it returns.
    ///
    /// # Errors
    /// When the page is gone or the script throws.
    pub fn script(&self, body: &str) -> Result<Value> {
        self.ask(
            "POST",
            "/execute/sync",
            Some(&json!({"script": body, "args": []})),
        )
    }

    /// Presses and releases keys one after the other, wherever the focus is.
    ///
    /// # Errors
    /// When the page is gone.
    pub fn press(&self, keys: &str) -> Result<()> {
        let each = |key: char| {
            let value = key.to_string();
            [
                json!({"type": "keyDown", "value": value}),
                json!({"type": "keyUp", "value": value}),
            ]
        };
        let actions: Vec<Value> = keys.chars().flat_map(each).collect();
        self.perform(&actions)
    }

    /// Presses a key while Shift is held.
    ///
    /// # Errors
    /// When the page is gone.
    pub fn press_shifted(&self, key: char) -> Result<()> {
        self.press_holding(SHIFT, key)
    }

    /// Presses a key while Control is held.
    ///
    /// # Errors
    /// When the page is gone.
    pub fn press_with_control(&self, key: char) -> Result<()> {
        self.press_holding(CONTROL, key)
    }

    fn press_holding(&self, held: char, key: char) -> Result<()> {
        let (down, up) = (
            |v: char| json!({"type": "keyDown", "value": v}),
            |v: char| json!({"type": "keyUp", "value": v}),
        );
        self.perform(&[down(held), down(key), up(key), up(held)])
    }

    fn perform(&self, actions: &[Value]) -> Result<()> {
        let wanted = json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]});
        self.ask("POST", "/actions", Some(&wanted)).map(|_| ())
    }

    /// Gives the window another size, in pixels.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        let wanted = json!({"width": width, "height": height});
        self.ask("POST", "/window/rect", Some(&wanted)).map(|_| ())
    }

    /// The page as a PNG file's bytes.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        let answer = self.ask("GET", "/screenshot", None)?;
        base64(answer.as_str().unwrap_or_default())
            .ok_or_else(|| Failure::new("The driver's screenshot cannot be read."))
    }

    /// Closes the window.
    pub fn close(self) {
        let _ = self.ask("DELETE", "", None);
    }

    fn ask(&self, verb: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let path = format!("/session/{}{path}", self.id);
        request(
            self.port,
            verb,
            &path,
            body,
            Duration::from_secs(20),
            &mut || Ok(()),
        )
    }
}

/// One request; gives what the answer has under `value`.
fn request(
    port: u16,
    verb: &str,
    path: &str,
    body: Option<&Value>,
    limit: Duration,
    still: Still,
) -> Result<Value> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut stream =
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).doing("Reaching the driver")?;
    stream
        .set_read_timeout(Some(PATIENCE))
        .doing("Reaching the driver")?;
    let head = format!(
        "{verb} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream
        .write_all((head + &body).as_bytes())
        .doing("Asking the driver")?;
    let answer = read(&mut stream, Instant::now() + limit, still)?;
    let mut answer: Value = serde_json::from_slice(&answer).doing("Reading the driver's answer")?;
    let value = answer["value"].take();
    match value["error"].as_str() {
        Some(error) => Err(Failure::new(format!(
            "The driver says: {error}: {}.",
            value["message"].as_str().unwrap_or_default()
        ))),
        None => Ok(value),
    }
}

/// The body of an answer, read to the length that its head gives.
fn read(stream: &mut TcpStream, until: Instant, still: Still) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut part = [0; 64 * 1024];
    loop {
        if let Some(body) = whole_body(&bytes) {
            return Ok(body.to_vec());
        }
        match stream.read(&mut part) {
            Ok(0) => return Err(Failure::new("The driver hung up before it had answered.")),
            Ok(count) => bytes.extend_from_slice(part.get(..count).unwrap_or_default()),
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => still()?,
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(Failure::new(format!("Reading the driver's answer: {e}."))),
        }
        if Instant::now() > until {
            return Err(Failure::new("The driver did not answer in time."));
        }
    }
}

/// The body, once all of it is there.
fn whole_body(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(bytes.get(..end)?).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))?;
    bytes.get(end + 4..)?.get(..length.trim().parse().ok()?)
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text
        .bytes()
        .filter(|letter| !letter.is_ascii_whitespace() && *letter != b'=')
    {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(six)) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read() {
        assert_eq!(base64("aGVsbG8=").unwrap(), b"hello");
        assert_eq!(base64("//79\nAA==").unwrap(), [0xff, 0xfe, 0xfd, 0]);
        assert_eq!(base64("a*"), None);
        assert_eq!(base64("").unwrap(), b"");
    }

    #[test]
    fn a_body_is_given_when_all_of_it_is_there() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-Length: 5\r\nX: y\r\n\r\nhello";
        assert_eq!(whole_body(answer).unwrap(), b"hello");
        assert_eq!(whole_body(&answer[..answer.len() - 1]), None);
        assert_eq!(whole_body(b"HTTP/1.1 200 OK\r\n"), None);
    }

    #[test]
    fn a_silent_driver_is_given_up_and_a_dead_program_told() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let dead = Session::open(port, "x", &[], Duration::from_secs(9), &mut || {
            Err(Failure::new("It died."))
        });
        assert_eq!(dead.err().unwrap().to_string(), "It died.");
        let slow = Session::open(port, "x", &[], Duration::from_millis(300), &mut || Ok(()));
        assert!(slow.err().unwrap().to_string().contains("in time"));
    }
}
