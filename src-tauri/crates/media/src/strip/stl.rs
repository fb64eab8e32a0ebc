//! STL: a binary one begins with 80 free bytes, one of words names its solids. Neither is shown.

use super::{StripError, Stripped, damaged};
use crate::bytes::{le32, without_bom};

const HEADER: usize = 80;
const TRIANGLE: u64 = 50;

pub(super) fn strip(bytes: &[u8], report: &mut Stripped) -> Result<Vec<u8>, StripError> {
    match binary_end(bytes) {
        Some(end) => {
            let mut out = bytes.get(..end).unwrap_or(bytes).to_vec();
            if let Some(header) = out.get_mut(..HEADER) {
                if header.iter().any(|byte| *byte != 0) {
                    report.took("STL headers");
                }
                header.fill(0);
            }
            if end < bytes.len() {
                report.took("data after the last triangle");
            }
            Ok(out)
        }
        None => words(without_bom(bytes), report),
    }
}

/// Where the triangles of a binary STL end. Its free bytes may say “solid” too; that one is of
/// words when its count of triangles is not there or it has no other byte than words have.
fn binary_end(bytes: &[u8]) -> Option<usize> {
    let triangles = u64::from(le32(bytes, HEADER)?);
    let end = 84 + TRIANGLE * triangles;
    let exact = end == bytes.len() as u64;
    let worded = bytes
        .trim_ascii_start()
        .get(..5)
        .is_some_and(|word| word.eq_ignore_ascii_case(b"solid"));
    let noisy = bytes
        .iter()
        .take(8192)
        .any(|byte| matches!(byte, 0..=8 | 14..=26));
    let fits = end <= bytes.len() as u64 && (noisy || !worded);
    (exact || fits).then(|| usize::try_from(end).ok()).flatten()
}

fn words(bytes: &[u8], report: &mut Stripped) -> Result<Vec<u8>, StripError> {
    let first = bytes.trim_ascii_start();
    let begins = first
        .get(..5)
        .is_some_and(|word| word.eq_ignore_ascii_case(b"solid"));
    if !begins {
        return Err(damaged("it is neither a binary STL nor one of words"));
    }
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
        let text = line.trim_ascii();
        let word = text.split(u8::is_ascii_whitespace).next().unwrap_or(&[]);
        let named = [&b"solid"[..], b"endsolid"]
            .into_iter()
            .find(|known| word.eq_ignore_ascii_case(known));
        match named {
            // Readers want a name, so each gets the same one.
            Some(known) => {
                let bare = [known, b" o"].concat();
                if text != bare {
                    report.took("names of solids");
                }
                out.extend(bare);
                let end = line
                    .iter()
                    .rev()
                    .take_while(|byte| matches!(byte, b'\n' | b'\r'));
                out.extend_from_slice(line.get(line.len() - end.count()..).unwrap_or(&[]));
            }
            None => out.extend_from_slice(line),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_one_loses_its_header() {
        for start in ["hidden-model-x", "solid hidden-model-x"] {
            let mut file = start.as_bytes().to_vec();
            file.resize(80, b' ');
            file.extend(1u32.to_le_bytes());
            file.extend([9; 50]);
            let triangle = file[80..].to_vec();
            let out = strip(&file, &mut Stripped::default()).unwrap();
            assert_eq!(out, [&[0; 80], &triangle[..]].concat());
            file.extend(b"hidden-model-x");
            let again = strip(&file, &mut Stripped::default()).unwrap();
            assert_eq!(again, out);
        }
    }

    #[test]
    fn one_of_words_loses_its_name() {
        let facet = " facet normal 0 0 1\n  outer loop\n   vertex 0 0 0\n  endloop\n endfacet\n";
        let told = format!("solid hidden-model-x\n{facet}endsolid hidden-model-x\r\n");
        let out = strip(told.as_bytes(), &mut Stripped::default()).unwrap();
        assert_eq!(out, format!("solid o\n{facet}endsolid o\r\n").as_bytes());
        assert!(strip(b"nothing of it", &mut Stripped::default()).is_err());
    }
}
