//! Time and chance, as something passed in, and the calendar.

/// Where "now" and random bytes come from. The desktop and the command line pass the system's.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01 UTC.
    fn now_ms(&self) -> i64;
    /// Sixteen bytes that nobody could have guessed.
    fn random(&self) -> [u8; 16];
}

/// Year, month and day of a day counted from 1970-01-01 (H. Hinnant's `civil_from_days`).
#[must_use]
pub const fn civil_date(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let year = year + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}
