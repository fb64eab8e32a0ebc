//! Texts whose lengths are listed before them: how many lengths the list says it has is looked at
//! first, since Parquet's own decoder sets memory aside for as many as that.

use ::parquet::basic::Encoding;

use super::thrift::Walk;

/// The most lengths that the page's lists say they have. `None` where that cannot be made out, or
/// for a page of another encoding.
pub(super) fn listed(encoding: Encoding, values: &[u8]) -> Option<u64> {
    let (first, end) = list(values)?;
    if encoding != Encoding::DELTA_BYTE_ARRAY {
        return Some(first);
    }
    // Prefixes shared with the text before, then the lengths of what follows them.
    let (second, _) = list(values.get(end..)?)?;
    Some(first.max(second))
}

/// How many numbers a list of them has, and where it ends.
fn list(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut walk = Walk::new(bytes);
    let block = walk.varint().ok()?;
    let minis = walk.varint().ok()?;
    let count = walk.varint().ok()?;
    walk.int().ok()?;
    if minis == 0 || block % minis != 0 || count > super::limits::LISTED {
        // The decoder has its own words for the first two; the count is what matters.
        return Some((count, bytes.len()));
    }
    let each = block / minis;
    let mut left = count.saturating_sub(1);
    let mut at = walk.at;
    while left > 0 {
        let mut block = Walk::new(bytes.get(at..)?);
        block.int().ok()?;
        at += block.at;
        let widths = bytes.get(at..at.checked_add(usize::try_from(minis).ok()?)?)?;
        at += widths.len();
        for width in widths {
            if left == 0 {
                break;
            }
            let bytes = u64::from(*width).checked_mul(each)? / 8;
            at = at.checked_add(usize::try_from(bytes).ok()?)?;
            left = left.saturating_sub(each);
        }
        if each == 0 {
            return None;
        }
    }
    Some((count, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_list_begins_where_the_first_ends() {
        // 128 numbers a block in 4 parts; three numbers; the first is 0; one part of 2 bits each.
        let one = [0x80, 1, 4, 3, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(list(&one), Some((3, one.len())));
        let mut two = one.to_vec();
        two.extend_from_slice(&[0x80, 1, 4, 0xff, 0xff, 0xff, 0xff, 0x0f, 0]);
        assert_eq!(listed(Encoding::DELTA_LENGTH_BYTE_ARRAY, &two), Some(3));
        assert_eq!(listed(Encoding::DELTA_BYTE_ARRAY, &two), Some(0xffff_ffff));
        assert_eq!(listed(Encoding::DELTA_BYTE_ARRAY, &one), None);
    }
}
