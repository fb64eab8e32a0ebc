//! Media that say where they come from, in every place that a format has for it.

use std::path::{Path, PathBuf};

use tiebreak_tests::samples::crc32;

/// The word in which every planted text ends.
pub const MARK: &str = "plantedmark";

fn words(place: &str) -> Vec<u8> {
    format!("made by omegagen with {place} {MARK}").into_bytes()
}

/// The demo's media.
pub fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/demo/media_data")
}

/// A file of the demo with words of ours in it.
pub fn planted(name: &str) -> Vec<u8> {
    let bytes = std::fs::read(demo().join(name)).unwrap();
    match name.rsplit_once('.').unwrap().1 {
        "png" => png(&bytes),
        "jpg" => jpeg(&bytes),
        "mp3" => mp3(&bytes),
        "mp4" => mp4(&bytes),
        "wav" => wav(&bytes),
        "obj" | "mtl" => [b"# ", &words("a comment")[..], b"\n", &bytes].concat(),
        "gltf" => gltf(&bytes),
        "flac" => flac(&bytes),
        "ply" => {
            let head = [b"comment ", &words("a comment")[..], b"\nelement"].concat();
            replaced(&bytes, b"element", &head)
        }
        _ => bytes,
    }
}

/// The first `old` replaced.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|w| w == old).unwrap();
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

/// Text chunks after the header (PNG, 11.3.4).
fn png(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes[..33].to_vec();
    for (kind, text) in [
        (b"tEXt", [b"parameters\0".to_vec(), words("tEXt")].concat()),
        (
            b"iTXt",
            [b"XML:com.adobe.xmp\0\0\0\0\0".to_vec(), words("iTXt")].concat(),
        ),
    ] {
        out.extend(u32::try_from(text.len()).unwrap().to_be_bytes());
        let body = [&kind[..], &text].concat();
        out.extend(&body);
        out.extend(crc32(&body).to_be_bytes());
    }
    [out, bytes[33..].to_vec()].concat()
}

/// EXIF, XMP and a comment after the start of the image.
fn jpeg(bytes: &[u8]) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x0e\0\x02".to_vec();
    let description = [words("EXIF"), vec![0]].concat();
    exif.extend(u32::try_from(description.len()).unwrap().to_be_bytes());
    exif.extend([0, 0, 0, 26, 0, 0, 0, 0]);
    exif.extend(description);
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0".to_vec(), words("XMP")].concat();
    let mut out = bytes[..2].to_vec();
    for (marker, body) in [(0xe1, exif), (0xe1, xmp), (0xfe, words("COM"))] {
        out.extend([0xff, marker]);
        out.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        out.extend(body);
    }
    [out, bytes[2..].to_vec()].concat()
}

/// ID3v2.3 before, in Latin-1 and in UTF-16, and ID3v1 behind.
fn mp3(bytes: &[u8]) -> Vec<u8> {
    let wide = |bytes: Vec<u8>| bytes.into_iter().flat_map(|b| [b, 0]).collect::<Vec<_>>();
    let mut frames = Vec::new();
    for (id, text) in [
        (b"TIT2", [vec![0], words("ID3")].concat()),
        (
            b"TPE1",
            [vec![1, 0xff, 0xfe], wide(words("ID3 in UTF-16"))].concat(),
        ),
    ] {
        frames.extend(id);
        frames.extend(u32::try_from(text.len()).unwrap().to_be_bytes());
        frames.extend([0, 0]);
        frames.extend(text);
    }
    let size = u8::try_from(frames.len() >> 7).unwrap();
    let low = u8::try_from(frames.len() & 127).unwrap();
    let mut out = [b"ID3\x03\0\0\0\0".to_vec(), vec![size, low], frames].concat();
    out.extend(bytes);
    let mut last = b"TAG".to_vec();
    last.extend(format!("by omegagen {MARK}").into_bytes());
    last.resize(128, 0);
    [out, last].concat()
}

/// User data in the film, and boxes that nobody knows after it.
fn mp4(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for kind in [b"udta", b"free", b"uuid"] {
        let text = words("a box");
        let head: Vec<u8> = match kind {
            b"uuid" => b"0123456789abcdef".to_vec(),
            _ => Vec::new(),
        };
        let size = u32::try_from(8 + head.len() + text.len()).unwrap();
        out.extend(size.to_be_bytes());
        out.extend(kind);
        out.extend(head);
        out.extend(text);
    }
    out
}

/// A list of information behind the samples.
fn wav(bytes: &[u8]) -> Vec<u8> {
    let mut text = words("LIST INFO");
    if text.len() % 2 == 1 {
        text.push(0);
    }
    let mut list = b"INFOISFT".to_vec();
    list.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
    list.extend(text);
    let mut out = bytes.to_vec();
    out.extend(b"LIST");
    out.extend(u32::try_from(list.len()).unwrap().to_le_bytes());
    out.extend(list);
    let size = u32::try_from(out.len() - 8).unwrap();
    out[4..8].copy_from_slice(&size.to_le_bytes());
    out
}

/// The generator and notes.
fn gltf(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(words("a scene")).unwrap();
    let mut scene: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    scene["asset"]["generator"] = text.clone().into();
    scene["extras"] = serde_json::json!({ "prompt": text });
    serde_json::to_vec(&scene).unwrap()
}

/// A Vorbis comment, before the blocks that are there.
fn flac(bytes: &[u8]) -> Vec<u8> {
    let vendor = words("a vendor");
    let mut block = u32::try_from(vendor.len()).unwrap().to_le_bytes().to_vec();
    block.extend(vendor);
    block.extend([0; 4]);
    // The first block, the stream's own, is 34 bytes; it must not be the last.
    let mut out = bytes[..42].to_vec();
    out[4] &= 0x7f;
    out.push(4);
    out.extend(&u32::try_from(block.len()).unwrap().to_be_bytes()[1..]);
    out.extend(block);
    [out, bytes[42..].to_vec()].concat()
}
