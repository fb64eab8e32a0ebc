//! Of EXIF only the orientation is shown; everything else of it tells of cameras, programs and
//! prompts. So a block is read for that one number and written again with nothing else.

use crate::bytes::{array, has};

/// How a picture is to be turned (EXIF 2.32, 4.6.4, tag 0x0112).
const ORIENTATION: u16 = 0x0112;
/// What a block's number is stored as: 16 bits.
const SHORT: u16 = 3;

/// The orientation that a block gives, where it is one that turns: 2 to 8. `block` is the TIFF
/// structure, with or without `Exif\0\0` before it.
pub(super) fn orientation(block: &[u8]) -> Option<u16> {
    let tiff = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = array::<2>(tiff, at)?;
        Some(if little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    };
    let bytes = array::<4>(tiff, 4)?;
    let directory = if little {
        u32::from_le_bytes(bytes)
    } else {
        u32::from_be_bytes(bytes)
    } as usize;
    let count = usize::from(short(directory)?);
    let entries = (0..count).map_while(|nth| directory.checked_add(2 + 12 * nth));
    for at in entries {
        if short(at)? == ORIENTATION && short(at + 2)? == SHORT {
            return short(at + 8).filter(|value| (2..=8).contains(value));
        }
    }
    None
}

/// A block that gives an orientation and nothing else.
pub(super) fn block(orientation: u16) -> Vec<u8> {
    let [tag_a, tag_b] = ORIENTATION.to_be_bytes();
    let [a, b] = orientation.to_be_bytes();
    let mut block = b"MM\0*\0\0\0\x08\0\x01".to_vec();
    block.extend([tag_a, tag_b, 0, 3, 0, 0, 0, 1, a, b, 0, 0, 0, 0, 0, 0]);
    block
}

/// What a block becomes: nothing, or its orientation alone.
pub(super) fn reduced(found: &[u8]) -> Option<Vec<u8>> {
    orientation(found).map(block)
}

/// Whether a block is already reduced.
pub(super) fn is_reduced(found: &[u8]) -> bool {
    reduced(found).is_some_and(|block| block == found)
}

/// Whether a segment of a JPEG holds a block.
pub(super) fn begins(segment: &[u8]) -> bool {
    has(segment, 0, b"Exif\0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_orientation_is_read() {
        assert_eq!(orientation(&block(6)), Some(6));
        assert_eq!(orientation(&block(1)), None);
        assert_eq!(orientation(&block(9)), None);
        let named = [b"Exif\0\0", &block(3)[..]].concat();
        assert_eq!(orientation(&named), Some(3));
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0";
        assert_eq!(orientation(little), Some(8));
        for cut in 0..little.len() {
            let _ = orientation(&little[..cut]);
        }
        assert_eq!(orientation(b"MM\0*\xff\xff\xff\xff"), None);
    }
}
