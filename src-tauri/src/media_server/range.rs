//! Which part of a file a `Range` header asks for.
//!
//! WebKit's player sends no `Range` at first and `bytes=N-` after a seek; it must get everything
//! from N to the end. What it doesn't send is answered as RFC 9110 allows: several ranges, an
//! unknown unit and what cannot be read are ignored, so the whole file is sent; a part beyond the
//! end is refused with the length.

/// A part of a file: its first byte, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub start: u64,
    pub length: u64,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it: 200.
    Whole,
    /// A part: 206.
    Part(Part),
    /// A part that isn't there: 416.
    Beyond,
}

/// Reads the header's value for a file of `bytes` bytes.
pub(super) fn wanted(header: Option<&str>, bytes: u64) -> Wanted {
    let Some(spec) = header.and_then(after_unit) else {
        return Wanted::Whole;
    };
    let Some((first, last)) = spec.split_once('-') else {
        return Wanted::Whole;
    };
    match (number(first), number(last)) {
        (Number::Is(start), Number::None) => from_to(start, u64::MAX, bytes),
        (Number::Is(start), Number::Is(end)) if start <= end => from_to(start, end, bytes),
        (Number::None, Number::Is(count)) => last_bytes(count, bytes),
        _ => Wanted::Whole,
    }
}

/// What follows `bytes=`.
fn after_unit(header: &str) -> Option<&str> {
    let (unit, spec) = header.split_once('=')?;
    unit.trim()
        .eq_ignore_ascii_case("bytes")
        .then(|| spec.trim())
}

enum Number {
    None,
    Is(u64),
    Garbage,
}

/// Digits only: no sign, no comma of a second range. A number too large for a file is the largest.
fn number(text: &str) -> Number {
    match text.trim() {
        "" => Number::None,
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
            Number::Is(digits.parse().unwrap_or(u64::MAX))
        }
        _ => Number::Garbage,
    }
}

fn from_to(start: u64, end: u64, bytes: u64) -> Wanted {
    if start >= bytes {
        return Wanted::Beyond;
    }
    let end = end.min(bytes - 1);
    Wanted::Part(Part {
        start,
        length: end - start + 1,
    })
}

fn last_bytes(count: u64, bytes: u64) -> Wanted {
    let length = count.min(bytes);
    if length == 0 {
        return Wanted::Beyond;
    }
    Wanted::Part(Part {
        start: bytes - length,
        length,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str, bytes: u64) -> Wanted {
        wanted(Some(header), bytes)
    }

    fn part(start: u64, length: u64) -> Wanted {
        Wanted::Part(Part { start, length })
    }

    #[test]
    fn a_part_is_what_was_asked_for() {
        assert_eq!(of("bytes=0-", 100), part(0, 100));
        assert_eq!(of("bytes=40-", 100), part(40, 60));
        assert_eq!(of("bytes=40-49", 100), part(40, 10));
        assert_eq!(of("bytes=99-99", 100), part(99, 1));
        assert_eq!(of("bytes=90-200", 100), part(90, 10));
        assert_eq!(of("bytes=90-99999999999999999999999", 100), part(90, 10));
        assert_eq!(of("bytes=-30", 100), part(70, 30));
        assert_eq!(of("bytes=-300", 100), part(0, 100));
        assert_eq!(of(" Bytes = 1 - 2 ", 100), part(1, 2));
    }

    #[test]
    fn a_part_that_is_not_there_is_refused() {
        for header in [
            "bytes=100-",
            "bytes=100-200",
            "bytes=99999999999999999999999-",
            "bytes=-0",
        ] {
            assert_eq!(of(header, 100), Wanted::Beyond, "{header}");
        }
        assert_eq!(of("bytes=0-", 0), Wanted::Beyond);
        assert_eq!(of("bytes=-5", 0), Wanted::Beyond);
    }

    #[test]
    fn what_cannot_be_read_is_ignored() {
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-2",
            "bytes=a-b",
            "bytes=+1-2",
            "bytes=1",
            "bytes=0-1,5-6",
            "bytes=0-,-1",
            "items=0-1",
            "bytes=1-2-3",
            "bytes=--1",
            "bytes=1 2-3",
        ] {
            assert_eq!(of(header, 100), Wanted::Whole, "{header}");
        }
        assert_eq!(wanted(None, 100), Wanted::Whole);
    }
}
