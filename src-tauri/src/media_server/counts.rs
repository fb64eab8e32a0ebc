//! How many requests ended how: the only thing the server remembers of what it was asked.

use std::sync::atomic::{AtomicU64, Ordering};

/// The counters of a running server.
#[derive(Debug, Default)]
pub(super) struct Counts {
    served: AtomicU64,
    refused: AtomicU64,
    broken: AtomicU64,
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Everything that was asked for was sent.
    Served,
    /// Answered with a refusal.
    Refused,
    /// The client left, or stopped sending or reading; a player does so all the time.
    Broken,
}

/// How many requests ended how, since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counted {
    /// Sent to the last byte.
    pub served: u64,
    /// Refused.
    pub refused: u64,
    /// Left by the client, in the head or in the body.
    pub broken: u64,
}

impl Counts {
    pub(super) fn add(&self, ending: Ending) {
        let counter = match ending {
            Ending::Served => &self.served,
            Ending::Refused => &self.refused,
            Ending::Broken => &self.broken,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> Counted {
        Counted {
            served: self.served.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            broken: self.broken.load(Ordering::Relaxed),
        }
    }
}
