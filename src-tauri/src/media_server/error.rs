//! Why there is no media server.

use std::io;

/// Without the server no medium can be shown; everything else works.
#[derive(Debug, thiserror::Error)]
pub enum MediaServerError {
    /// Nothing could be bound on 127.0.0.1.
    #[error(
        "media cannot be shown: no port of 127.0.0.1 could be opened ({0}). Check that the \
         loopback interface is up, then start Tiebreak again"
    )]
    NoPort(io::Error),
    /// The system gave no random numbers, so that no address would be secret.
    #[error(
        "media cannot be shown: the system gave no random numbers ({0}). Start Tiebreak again; \
         should it stay so, /dev/urandom cannot be read"
    )]
    NoRandom(getrandom::Error),
}
