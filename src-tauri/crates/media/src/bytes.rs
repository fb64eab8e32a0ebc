//! Reading numbers and marks out of bytes that may end anywhere.
//!
//! Every reader of a header goes through these, so that no index can be out of bounds.

/// `N` bytes at `at`, or nothing when the bytes end before.
pub(crate) fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// The byte at `at`.
pub(crate) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// A big-endian 16-bit number.
pub(crate) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

/// A little-endian 16-bit number.
pub(crate) fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

/// A big-endian 32-bit number.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

/// A little-endian 32-bit number.
pub(crate) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

/// A big-endian 64-bit number.
pub(crate) fn be64(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_be_bytes)
}

/// Whether `mark` stands at `at`.
pub(crate) fn has(bytes: &[u8], at: usize, mark: &[u8]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(mark))
}

/// Where `mark` first stands.
pub(crate) fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    let first = *mark.first()?;
    let mut from = 0;
    while let Some(step) = bytes.get(from..)?.iter().position(|b| *b == first) {
        if has(bytes, from + step, mark) {
            return Some(from + step);
        }
        from += step + 1;
    }
    None
}

/// The first `most` bytes, or all of them.
pub(crate) fn start(bytes: &[u8], most: usize) -> &[u8] {
    bytes.get(..most).unwrap_or(bytes)
}

/// The bytes after a UTF-8 byte order mark, if there is one.
pub(crate) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_bytes_is_no_number() {
        assert_eq!(be32(&[0, 0, 1, 2], 0), Some(258));
        assert_eq!(be32(&[0, 0, 1], 0), None);
        assert_eq!(be16(&[1], usize::MAX), None);
        assert!(!has(b"ab", 9, b"a"));
    }

    #[test]
    fn finds_a_mark_after_a_false_start() {
        assert_eq!(find(b"ssvs<svg", b"<svg"), Some(4));
        assert_eq!(find(b"aab", b"ab"), Some(1));
        assert_eq!(find(b"aa", b"ab"), None);
        assert_eq!(find(b"", b"a"), None);
    }
}
