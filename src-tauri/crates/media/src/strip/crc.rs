//! The three checksums that formats keep over bytes that stripping changes.

/// The table of a checksum that shifts right, for its reversed polynomial.
const fn right(polynomial: u32) -> [u32; 256] {
    let (mut table, mut at) = ([0u32; 256], 0usize);
    while at < 256 {
        let (mut value, mut bit) = (at as u32, 0);
        while bit < 8 {
            value = (value >> 1) ^ (if value & 1 == 1 { polynomial } else { 0 });
            bit += 1;
        }
        table[at] = value;
        at += 1;
    }
    table
}

/// The table of a checksum of 32 bits that shifts left.
const fn left(polynomial: u32) -> [u32; 256] {
    let (mut table, mut at) = ([0u32; 256], 0usize);
    while at < 256 {
        let (mut value, mut bit) = ((at as u32) << 24, 0);
        while bit < 8 {
            value = (value << 1) ^ (if value >> 31 == 1 { polynomial } else { 0 });
            bit += 1;
        }
        table[at] = value;
        at += 1;
    }
    table
}

static PNG: [u32; 256] = right(0xedb8_8320);
static OGG: [u32; 256] = left(0x04c1_1db7);
static LAME: [u32; 256] = right(0xa001);

fn entry(table: &[u32; 256], index: u32) -> u32 {
    table[(index & 0xff) as usize]
}

/// The checksum of a PNG chunk: over its name and its data (PNG, annex D).
pub(super) fn png(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| (sum >> 8) ^ entry(&PNG, sum ^ u32::from(*byte));
    !bytes.iter().fold(u32::MAX, step)
}

/// The checksum of an Ogg page, whose own field counts as zero (RFC 3533, 6).
pub(super) fn ogg(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| (sum << 8) ^ entry(&OGG, (sum >> 24) ^ u32::from(*byte));
    bytes.iter().fold(0, step)
}

/// The checksum of the frame that LAME describes its encoding in.
pub(super) fn lame(bytes: &[u8]) -> u16 {
    let step = |sum: u32, byte: &u8| (sum >> 8) ^ entry(&LAME, sum ^ u32::from(*byte));
    bytes.iter().fold(0, step) as u16
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checks_of_the_catalogue_hold() {
        assert_eq!(super::png(b"123456789"), 0xcbf4_3926);
        assert_eq!(super::ogg(b"123456789"), 0x89a1_897f);
        assert_eq!(super::lame(b"123456789"), 0xbb3d);
    }
}
