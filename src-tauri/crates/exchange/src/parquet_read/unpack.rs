//! Unpacking a page into memory of a size that is known and was allowed: what is packed cannot
//! make it grow past that.

use std::io::Read;

use ::parquet::basic::Compression;

/// Unpacks bytes that must become exactly `size`.
pub(super) fn unpack(codec: Compression, packed: &[u8], size: usize) -> Result<Vec<u8>, String> {
    let unpacked = match codec {
        Compression::UNCOMPRESSED => packed.to_vec(),
        Compression::SNAPPY => {
            let says = snap::raw::decompress_len(packed).map_err(told)?;
            if says != size {
                return Err(differs(says, size));
            }
            snap::raw::Decoder::new()
                .decompress_vec(packed)
                .map_err(told)?
        }
        Compression::GZIP(_) => within(flate2::read::MultiGzDecoder::new(packed), size)?,
        Compression::BROTLI(_) => within(brotli::Decompressor::new(packed, 4096), size)?,
        Compression::ZSTD(_) => within(
            zstd::stream::read::Decoder::new(packed).map_err(told)?,
            size,
        )?,
        Compression::LZ4_RAW => block(packed, size)?,
        // Hadoop's writer frames its blocks; others have written bare ones under the same name.
        Compression::LZ4 => framed(packed, size).map_or_else(|| block(packed, size), Ok)?,
        Compression::LZO => return Err("it is packed with LZO, which is not read".to_owned()),
    };
    if unpacked.len() == size {
        Ok(unpacked)
    } else {
        Err(differs(unpacked.len(), size))
    }
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn differs(is: usize, says: usize) -> String {
    format!("a page declares {says} bytes and unpacks to {is} or more")
}

/// Reads at most one byte more than there should be.
fn within(from: impl Read, size: usize) -> Result<Vec<u8>, String> {
    let mut unpacked = Vec::with_capacity(size + 1);
    from.take(size as u64 + 1)
        .read_to_end(&mut unpacked)
        .map_err(told)?;
    Ok(unpacked)
}

fn block(packed: &[u8], size: usize) -> Result<Vec<u8>, String> {
    let mut unpacked = vec![0; size];
    let filled = lz4_flex::block::decompress_into(packed, &mut unpacked).map_err(told)?;
    unpacked.truncate(filled);
    Ok(unpacked)
}

/// Blocks behind their unpacked and packed sizes, both big-endian.
fn framed(mut packed: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut unpacked = Vec::new();
    while !packed.is_empty() {
        let (head, rest) = packed.split_first_chunk::<8>()?;
        let [a, b, c, d, e, f, g, h] = *head;
        let becomes = u32::from_be_bytes([a, b, c, d]) as usize;
        let takes = u32::from_be_bytes([e, f, g, h]) as usize;
        if becomes > size - unpacked.len() || takes > rest.len() {
            return None;
        }
        let (one, rest) = rest.split_at(takes);
        let mut part = block(one, becomes).ok()?;
        if part.len() != becomes {
            return None;
        }
        unpacked.append(&mut part);
        packed = rest;
    }
    Some(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block of LZ4 that is one run of literals.
    const BARE: &[u8] = b"\x50hello";

    #[test]
    fn lz4_stands_bare_or_in_frames() {
        let mut frames = Vec::new();
        for _ in 0..2 {
            frames.extend_from_slice(&5_u32.to_be_bytes());
            frames.extend_from_slice(&(BARE.len() as u32).to_be_bytes());
            frames.extend_from_slice(BARE);
        }
        assert_eq!(
            unpack(Compression::LZ4, &frames, 10).unwrap(),
            b"hellohello"
        );
        assert_eq!(unpack(Compression::LZ4, BARE, 5).unwrap(), b"hello");
        assert_eq!(unpack(Compression::LZ4_RAW, BARE, 5).unwrap(), b"hello");
        assert!(unpack(Compression::LZ4, &frames, 9).is_err());
        assert!(unpack(Compression::LZ4, &frames[..20], 10).is_err());
    }

    #[test]
    fn what_unpacks_to_more_than_it_says_is_stopped() {
        let bomb = zstd::bulk::compress(&vec![0; 1 << 24], 3).unwrap();
        let error = unpack(Compression::ZSTD(Default::default()), &bomb, 1000).unwrap_err();
        assert!(error.contains("1001 or more"), "{error}");
        let snappy = snap::raw::Encoder::new().compress_vec(&[7; 5000]).unwrap();
        assert!(unpack(Compression::SNAPPY, &snappy, 1000).is_err());
        assert_eq!(
            unpack(Compression::SNAPPY, &snappy, 5000).unwrap(),
            [7; 5000]
        );
        assert!(unpack(Compression::UNCOMPRESSED, b"abc", 2).is_err());
        assert!(unpack(Compression::LZO, b"abc", 3).is_err());
    }
}
