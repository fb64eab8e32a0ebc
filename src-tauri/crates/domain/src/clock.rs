//! Time and chance, as something passed in.

use std::sync::atomic::{AtomicU64, Ordering};

/// Where "now" and random bytes come from. The desktop and the command line pass the system's;
/// tests pass [`Fixed`], so that a whole session can be replayed.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01 UTC.
    fn now_ms(&self) -> i64;
    /// Sixteen bytes that nobody could have guessed.
    fn random(&self) -> [u8; 16];
}

/// A clock for tests: starts at a given time, moves one millisecond a look, and draws its bytes
/// from a counter.
#[derive(Debug, Default)]
pub struct Fixed {
    ticks: AtomicU64,
    start_ms: u64,
}

impl Fixed {
    /// A clock that says `start_ms` milliseconds at its first look.
    #[must_use]
    pub fn starting_at(start_ms: u64) -> Self {
        Self {
            ticks: AtomicU64::new(0),
            start_ms,
        }
    }
}

impl Clock for Fixed {
    fn now_ms(&self) -> i64 {
        let tick = self.ticks.fetch_add(1, Ordering::Relaxed);
        i64::try_from(self.start_ms + tick).unwrap_or(i64::MAX)
    }

    fn random(&self) -> [u8; 16] {
        let tick = self.ticks.fetch_add(1, Ordering::Relaxed);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&blake3::hash(&tick.to_le_bytes()).as_bytes()[..16]);
        bytes
    }
}
