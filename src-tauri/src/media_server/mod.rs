//! The loopback server from which the page's pictures, sound and film come.
//!
//! It exists because WebKitGTK plays media only from http, blob, data and file addresses: neither
//! the app's own scheme nor Tauri's asset protocol reaches a `<video>`. It answers
//! `GET /<token>/<ticket>` on 127.0.0.1 and nothing else:
//!
//! - the token is drawn once a process, the ticket once a session and medium: an address says
//!   nothing about a path, a model or a source, and none outlives its session;
//! - `Host` must be the address it listens on (a name that a foreign page made point here is not),
//!   `Origin`, when sent, must be the app's own;
//! - a wrong token, a wrong ticket and a file that is gone look alike: 404, no body;
//! - nothing it serves can become a page: types are kept to media, and every answer is sandboxed;
//! - it writes no log of what was asked, only counts.
//!
//! How it answers ranges is not a matter of taste: a capped answer to `bytes=N-` makes WebKit's
//! player wait for ever, and a 206 nobody asked for makes it give up (see `range`).
//!
//! No Tauri type enters here, so that the tests need no window.

mod connection;
mod counts;
mod error;
mod mime;
mod range;
mod reply;
mod request;
#[cfg(test)]
mod tests;
mod tickets;
mod token;

use std::net::{Ipv4Addr, SocketAddr, TcpListener as BoundListener};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::{AbortHandle, JoinSet};

pub use counts::Counted;
pub use error::MediaServerError;
pub use tickets::{MediaTickets, Ticket};

use counts::Counts;
use token::Token;

/// Where the app's page comes from: the one origin that may read what is served.
pub const APP_ORIGIN: &str = "tauri://localhost";

/// What a client may cost. The tests use smaller ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Connections at a time; further ones wait in the system's queue, unaccepted.
    pub connections: usize,
    /// The longest request head, in bytes.
    pub head_bytes: usize,
    /// How long a client may take to send it.
    pub head_time: Duration,
    /// How long a client may leave a block unread. WebKit's player does not hold a connection
    /// that it doesn't read: it closes it and asks again for the rest.
    pub stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 32,
            head_bytes: 8 * 1024,
            head_time: Duration::from_secs(5),
            stall: Duration::from_secs(120),
        }
    }
}

/// What every connection needs to judge a request.
struct Gate {
    /// The only `Host` that is answered: `127.0.0.1:PORT`.
    host: String,
    token: Token,
    tickets: MediaTickets,
    counts: Counts,
    limits: Limits,
}

/// The running server. Dropping it closes the port and every connection.
pub struct MediaServer {
    gate: Arc<Gate>,
    accepting: AbortHandle,
}

impl MediaServer {
    /// Listens on a free port of 127.0.0.1; when this returns, the port is open.
    ///
    /// # Errors
    /// When no port can be bound, or the system gives no random numbers.
    pub fn start(runtime: &Handle) -> Result<Self, MediaServerError> {
        Self::start_with(runtime, Limits::default())
    }

    fn start_with(runtime: &Handle, limits: Limits) -> Result<Self, MediaServerError> {
        let bound = BoundListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .map_err(MediaServerError::NoPort)?;
        bound
            .set_nonblocking(true)
            .map_err(MediaServerError::NoPort)?;
        let host = bound
            .local_addr()
            .map_err(MediaServerError::NoPort)?
            .to_string();
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(bound).map_err(MediaServerError::NoPort)?
        };
        let token = Token::random()?;
        let (tickets, counts) = (MediaTickets::default(), Counts::default());
        let gate = Arc::new(Gate {
            host,
            token,
            tickets,
            counts,
            limits,
        });
        let accepting = runtime
            .spawn(accept(listener, Arc::clone(&gate)))
            .abort_handle();
        Ok(Self { gate, accepting })
    }

    /// The origin to allow in the page's content security policy: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.gate.host)
    }

    /// What the page puts before `/<ticket>`. It holds the token: for the app's page alone, and
    /// never for a log.
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://{}/{}", self.gate.host, self.gate.token.as_str())
    }

    /// The media that may be asked for.
    #[must_use]
    pub fn tickets(&self) -> &MediaTickets {
        &self.gate.tickets
    }

    /// How many requests ended how.
    #[must_use]
    pub fn counted(&self) -> Counted {
        self.gate.counts.read()
    }
}

impl std::fmt::Debug for MediaServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MediaServer")
            .field("host", &self.gate.host)
            .finish_non_exhaustive()
    }
}

impl Drop for MediaServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Takes connections for ever. The permit comes before the accept: what is over the limit stays in
/// the system's queue and costs this process nothing. Aborting this task drops every connection.
async fn accept(listener: TcpListener, gate: Arc<Gate>) {
    let permits = Arc::new(Semaphore::new(gate.limits.connections));
    let mut open = JoinSet::new();
    while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
        while open.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, _)) => {
                let gate = Arc::clone(&gate);
                open.spawn(async move {
                    connection::serve(stream, &gate).await;
                    drop(permit);
                });
            }
            // Out of file descriptors, most likely: it passes.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
