//! A client that writes raw bytes to the server and reads all it answers, and a server with media.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use tempfile::TempDir;
use tiebreak_domain::MediaId;
use tokio::runtime::{Builder, Runtime};

use crate::media_server::{Limits, MediaServer, Ticket};

/// An answer, taken apart.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub fn read(bytes: &[u8]) -> Self {
        let at = bytes
            .windows(4)
            .position(|w| w == b"\r\n\r\n")
            .expect("an answer with a head");
        let head = String::from_utf8(bytes[..at].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self {
            status,
            head,
            body: bytes[at + 4..].to_vec(),
        }
    }
}

/// A server, the folder of its media and the runtime it lives on.
pub struct Served {
    pub server: Option<MediaServer>,
    pub host: String,
    pub token: String,
    pub folder: TempDir,
    _runtime: Runtime,
}

impl Served {
    pub fn start() -> Self {
        Self::with(Limits::default())
    }

    pub fn with(limits: Limits) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let server = MediaServer::start_with(runtime.handle(), limits).unwrap();
        let base = server.base();
        let (host, token) = base
            .strip_prefix("http://")
            .unwrap()
            .split_once('/')
            .unwrap();
        Self {
            host: host.to_owned(),
            token: token.to_owned(),
            server: Some(server),
            folder: tempfile::tempdir().unwrap(),
            _runtime: runtime,
        }
    }

    pub fn server(&self) -> &MediaServer {
        self.server.as_ref().unwrap()
    }

    /// Puts a file into the folder and returns its path on the server.
    pub fn medium(&self, name: &str, mime: &str, content: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let ticket = Ticket {
            path,
            mime: mime.to_owned(),
            bytes: content.len() as u64,
        };
        let id = self
            .server()
            .tickets()
            .register(MediaId::of(name.as_bytes()), ticket)
            .unwrap();
        format!("/{}/{id}", self.token)
    }

    pub fn connect(&self) -> TcpStream {
        let address: SocketAddr = self.host.parse().unwrap();
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream
    }

    /// Sends a request with the right `Host` and `headers` (each ending in CRLF), reads the answer.
    pub fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        self.raw(&format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n",
            self.host
        ))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    pub fn raw(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        Answer::read(&answer)
    }
}
