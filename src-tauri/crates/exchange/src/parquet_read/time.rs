//! Days and seconds since 1970 as people write them.

use tiebreak_domain::civil_date;

/// `2026-11-24`, from days since 1970-01-01.
pub(super) fn date(days: i64) -> String {
    let (year, month, day) = civil_date(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `13:05:00.250`, from parts of a second since midnight.
pub(super) fn clock(parts: i64, a_second: i64) -> String {
    let (seconds, rest) = (parts.div_euclid(a_second), parts.rem_euclid(a_second));
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let mut text = format!("{hours:02}:{minutes:02}:{:02}", seconds % 60);
    if rest > 0 {
        let digits = a_second.ilog10() as usize;
        text.push_str(&format!(".{rest:0digits$}"));
    }
    text
}

/// `2026-11-24T13:05:00`, from parts of a second since 1970.
pub(super) fn moment(parts: i64, a_second: i64) -> String {
    let a_day = 86_400 * a_second;
    format!(
        "{}T{}",
        date(parts.div_euclid(a_day)),
        clock(parts.rem_euclid(a_day), a_second)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_those_of_the_calendar() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(-1), "1969-12-31");
        assert_eq!(date(19_782), "2024-02-29");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(-25_509), "1900-02-28");
        assert_eq!(moment(1_709_210_096_789, 1000), "2024-02-29T12:34:56.789");
        assert_eq!(moment(-1, 1_000_000), "1969-12-31T23:59:59.999999");
        assert_eq!(moment(1_000_000_000, 1_000_000_000), "1970-01-01T00:00:01");
        assert!(moment(i64::MIN, 1000).starts_with("-29227"));
    }
}
