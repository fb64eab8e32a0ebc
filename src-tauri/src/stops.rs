//! How to go on when the page's process stops: at once, unless it does so again and again.
//!
//! Hostile media may kill the page each time it is shown. Starting it again never ends, so that
//! the window stays usable, but it slows down, and the person hears what may be the cause.

use std::time::{Duration, Instant};

/// A page that lived this long stopped for a new reason.
const LONG: Duration = Duration::from_secs(5);
/// So many quick stops in a row are started again at once.
const AT_ONCE: u32 = 3;
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// What to do about a stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Restart {
    /// How long to wait first.
    pub wait: Duration,
    /// What to tell.
    pub notice: String,
}

/// The stops so far. Time is passed in.
#[derive(Debug)]
pub(crate) struct Stops {
    started: Instant,
    in_a_row: u32,
}

impl Stops {
    /// The page starts now.
    pub(crate) fn from(now: Instant) -> Self {
        Self {
            started: now,
            in_a_row: 0,
        }
    }

    /// The page stopped now.
    pub(crate) fn stopped(&mut self, now: Instant) -> Restart {
        let lived = now.saturating_duration_since(self.started);
        self.in_a_row = if lived < LONG { self.in_a_row + 1 } else { 1 };
        let wait = wait_after(self.in_a_row);
        self.started = now + wait;
        Restart {
            wait,
            notice: notice(self.in_a_row),
        }
    }
}

fn wait_after(in_a_row: u32) -> Duration {
    match in_a_row.checked_sub(AT_ONCE + 1) {
        None => Duration::ZERO,
        Some(doublings) => (FIRST_WAIT * 2_u32.pow(doublings.min(8))).min(LONGEST_WAIT),
    }
}

fn notice(in_a_row: u32) -> String {
    let first = "The page had stopped and was started again. Nothing that was saved is lost.";
    if in_a_row < AT_ONCE {
        return first.to_owned();
    }
    format!(
        "{first} This happened {in_a_row} times in a row: something on this screen may be the \
         cause. Skip the question as broken, or close the project."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_stops_wait_longer_and_say_more() {
        let mut now = Instant::now();
        let mut stops = Stops::from(now);
        let mut waits = Vec::new();
        for n in 1..=9 {
            now += Duration::from_secs(1);
            let restart = stops.stopped(now);
            now += restart.wait;
            assert_eq!(restart.notice.contains("in a row"), n >= 3);
            waits.push(restart.wait.as_millis());
        }
        assert_eq!(waits, [0, 0, 0, 250, 500, 1000, 2000, 2000, 2000]);
    }

    #[test]
    fn a_page_that_lived_starts_over() {
        let mut now = Instant::now();
        let mut stops = Stops::from(now);
        for _ in 0..20 {
            now += Duration::from_secs(6);
            let restart = stops.stopped(now);
            assert_eq!(restart.wait, Duration::ZERO);
            assert!(
                restart
                    .notice
                    .starts_with("The page had stopped and was started again.")
            );
            assert!(!restart.notice.contains("in a row"));
        }
    }
}
