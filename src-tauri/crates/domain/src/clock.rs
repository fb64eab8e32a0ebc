//! Time and chance, as something passed in.

/// Where "now" and random bytes come from. The desktop and the command line pass the system's.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01 UTC.
    fn now_ms(&self) -> i64;
    /// Sixteen bytes that nobody could have guessed.
    fn random(&self) -> [u8; 16];
}
