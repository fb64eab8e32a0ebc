//! PLY: the lines `comment` and `obj_info` of its header go; elements and data stay.

use super::{StripError, Stripped, damaged};

/// The longest header, in bytes.
const MAX_HEADER: usize = 1024 * 1024;

pub(super) fn strip(bytes: &[u8], report: &mut Stripped) -> Result<Vec<u8>, StripError> {
    if !bytes.starts_with(b"ply") {
        return Err(damaged("it does not begin as a PLY does"));
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while bytes.len() - rest.len() <= MAX_HEADER {
        let Some(end) = line_end(rest) else {
            break;
        };
        let (line, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        let word = line.trim_ascii().split(u8::is_ascii_whitespace).next();
        match word {
            Some(b"comment") => report.took("PLY comments"),
            Some(b"obj_info") => report.took("PLY notes"),
            _ => out.extend_from_slice(line),
        }
        rest = after;
        if word == Some(b"end_header") {
            out.extend_from_slice(rest);
            return Ok(out);
        }
    }
    Err(damaged("the header of the PLY has no end"))
}

/// Where the first line ends, with its end: a line feed, a carriage return or both.
fn line_end(bytes: &[u8]) -> Option<usize> {
    let near = bytes.get(..MAX_HEADER).unwrap_or(bytes);
    let end = near.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
    let both = bytes.get(end..end + 2) == Some(b"\r\n");
    Some(end + 1 + usize::from(both))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_the_data_stay() {
        for end in ["\n", "\r\n", "\r"] {
            let told = "ply|format ascii 1.0|comment hidden-model-x|obj_info hidden-model-x|\
                element vertex 1|property float x|end_header|";
            let bare = "ply|format ascii 1.0|element vertex 1|property float x|end_header|";
            let data = b"comment 1\xff\0";
            let told = [told.replace('|', end).as_bytes(), data].concat();
            let out = strip(&told, &mut Stripped::default()).unwrap();
            assert_eq!(out, [bare.replace('|', end).as_bytes(), data].concat());
        }
        assert!(strip(b"ply\ncomment x\n", &mut Stripped::default()).is_err());
        assert!(strip(b"ply", &mut Stripped::default()).is_err());
    }
}
