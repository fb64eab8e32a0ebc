//! The system's time and chance.

use std::time::{SystemTime, UNIX_EPOCH};

use tiebreak_domain::Clock;

/// What the program runs on; tests bring their own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // No source of chance at all: time and place still tell two acts of one machine apart.
            let here = std::ptr::from_ref(&bytes) as usize;
            let text = format!("{} {} {here}", self.now_ms(), std::process::id());
            let digest = tiebreak_domain::MediaId::of(text.as_bytes());
            bytes.copy_from_slice(&digest.as_bytes()[..16]);
        }
        bytes
    }
}
