//! PNG and APNG (PNG, third edition, 5 and 11): chunks that a viewer needs stay, every other one
//! goes, known or not, and so does what follows the end.

use super::{StripError, Stripped, crc, damaged, exif};
use crate::bytes::{array, be32};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// What changes how a picture looks. Chunks whose name begins with a capital are needed anyway.
const NEEDED: [&[u8; 4]; 17] = [
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"mDCv", b"cLLI", b"cLLi", b"sBIT",
    b"bKGD", b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT", b"iCCP",
];

pub(super) fn strip(bytes: &[u8], report: &mut Stripped) -> Result<Vec<u8>, StripError> {
    let mut rest = bytes
        .strip_prefix(SIGNATURE)
        .ok_or(damaged("it does not begin as a PNG does"))?;
    let mut out = SIGNATURE.to_vec();
    while !rest.is_empty() {
        let (Some(length), Some(name)) = (be32(rest, 0), array::<4>(rest, 4)) else {
            report.took("data between or after PNG chunks");
            break; // A few bytes after the last whole chunk: nothing shows them.
        };
        let end = (length as usize).saturating_add(12);
        let whole = rest.get(..end);
        let chunk = whole.unwrap_or(rest);
        let data = chunk.get(8..end.saturating_sub(4)).unwrap_or(&[]);
        match &name {
            b"tEXt" | b"zTXt" | b"iTXt" => report.took("PNG text chunks"),
            b"tIME" => report.took("times of change"),
            b"eXIf" => reduce(data, &mut out, report),
            b"iCCP" if whole.is_some() => profile(data, &mut out),
            name if name[0].is_ascii_uppercase() || NEEDED.contains(&name) => {
                out.extend_from_slice(chunk);
            }
            _ => report.took("other PNG chunks"),
        }
        rest = rest.get(end..).unwrap_or(&[]);
        if name == *b"IEND" && !rest.is_empty() {
            report.took("data after the picture");
            break;
        }
    }
    Ok(out)
}

fn push(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    let from = out.len() + 4;
    out.extend((data.len() as u32).to_be_bytes());
    out.extend(name);
    out.extend_from_slice(data);
    let sum = crc::png(out.get(from..).unwrap_or(&[]));
    out.extend(sum.to_be_bytes());
}

fn reduce(found: &[u8], out: &mut Vec<u8>, report: &mut Stripped) {
    if !exif::is_reduced(found) {
        report.took("EXIF");
    }
    if let Some(block) = exif::reduced(found) {
        push(out, b"eXIf", &block);
    }
}

/// A colour profile goes by a free name of up to 79 letters.
fn profile(data: &[u8], out: &mut Vec<u8>) {
    let end = data.iter().take(80).position(|byte| *byte == 0);
    let unnamed = end.and_then(|end| data.get(end..));
    match unnamed {
        Some(rest) => push(out, b"iCCP", &[b"p", rest].concat()),
        None => push(out, b"iCCP", data),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        push(&mut out, name, data);
        out
    }

    #[test]
    fn what_shows_stays_and_what_tells_goes() {
        let kept = [
            chunk(b"IHDR", &[0; 13]),
            chunk(b"gAMA", &[1; 4]),
            chunk(b"acTL", &[2; 8]),
            chunk(b"IDAT", b"picture"),
        ]
        .concat();
        let told = [
            chunk(b"tEXt", b"prompt\0hidden-model-x"),
            chunk(b"caBX", b"hidden-model-x"),
            chunk(b"eXIf", b"MM\0*hidden-model-x"),
        ]
        .concat();
        let end = chunk(b"IEND", b"");
        let file = [SIGNATURE, &kept, &told, &end, b"hidden-model-x"].concat();
        let mut report = Stripped::default();
        let out = strip(&file, &mut report).unwrap();
        assert_eq!(out, [SIGNATURE, &kept, &end].concat());
        let removed: Vec<_> = report.removed().collect();
        assert!(
            removed.contains(&"PNG text chunks: 1".to_owned()),
            "{removed:?}"
        );
    }

    #[test]
    fn orientation_and_profile_stay_without_their_company() {
        let turned = [&exif::block(6)[..], b"hidden-model-x"].concat();
        let file = [
            SIGNATURE,
            &chunk(b"iCCP", b"hidden-model-x\0\0profile"),
            &chunk(b"eXIf", &turned),
        ]
        .concat();
        let out = strip(&file, &mut Stripped::default()).unwrap();
        let expected = [
            SIGNATURE,
            &chunk(b"iCCP", b"p\0\0profile"),
            &chunk(b"eXIf", &exif::block(6)),
        ]
        .concat();
        assert_eq!(out, expected);
    }

    #[test]
    fn a_cut_picture_keeps_what_there_is_of_it() {
        let mut file = [SIGNATURE, &chunk(b"IDAT", b"picture")].concat();
        file.truncate(20);
        assert_eq!(strip(&file, &mut Stripped::default()).unwrap(), file);
    }
}
