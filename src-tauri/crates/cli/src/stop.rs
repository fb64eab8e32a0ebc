//! Ctrl+C as a switch, for what stops in order.

use tiebreak_commands::import::Cancel;
use tokio::task::JoinHandle;

/// A switch that Ctrl+C turns as long as this lives.
pub struct Stop {
    pub cancel: Cancel,
    watching: JoinHandle<()>,
}

impl Stop {
    pub fn on_control_c() -> Self {
        let cancel = Cancel::default();
        let stop = cancel.clone();
        let watching = tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop.cancel();
            }
        });
        Self { cancel, watching }
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.watching.abort();
    }
}
