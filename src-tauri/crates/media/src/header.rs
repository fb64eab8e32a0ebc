//! What a header says of a medium without anything being decoded: how large, how long, of how many
//! faces. It is what costs next to nothing to know, so a header that does not say it is no error.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use serde::Deserialize;

use crate::bytes::{be32, be64, find, has, le32};
use crate::dims;
use crate::kinds::{self, Kind};

/// How many of the first bytes are read.
const HEAD: u64 = 64 * 1024;
/// The boxes of a film that are looked through for the one that says how long it is.
const MOST_BOXES: usize = 64;

/// The most bytes of a scene's text that are read.
const MOST_TEXT: u64 = 4 * 1024 * 1024;

/// What is known of a medium from its header.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct HeaderFacts {
    /// Width and height in pixels.
    pub pixels: Option<(u32, u32)>,
    /// How long it is, in seconds.
    pub seconds: Option<f64>,
    /// How many triangles, or faces, it has.
    pub faces: Option<u64>,
}

/// Reads them off an open file of this media type. What cannot be read says nothing.
#[must_use]
pub fn header_facts(mut file: &File, mime: &str) -> HeaderFacts {
    let Some(kind) = Kind::of_mime(mime) else {
        return HeaderFacts::default();
    };
    let mut head = Vec::new();
    if file.take(HEAD).read_to_end(&mut head).is_err() {
        return HeaderFacts::default();
    }
    let seconds = match kind {
        kinds::WAV => wav_seconds(&head),
        kinds::FLAC => flac_seconds(&head),
        kinds::MP4 | kinds::MOV | kinds::M4A => film_seconds(&mut file),
        _ => None,
    };
    let faces = match kind {
        kinds::STL if !has(&head, 0, b"solid") => le32(&head, 80).map(u64::from),
        kinds::PLY => ply_faces(&head),
        kinds::GLB => glb_faces(&mut file),
        _ => None,
    };
    HeaderFacts {
        pixels: dims::declared(&head, &kind),
        seconds: seconds.filter(|s| s.is_finite() && *s >= 0.0),
        faces,
    }
}

/// Bytes of samples by bytes a second (RIFF: `fmt `, `data`).
fn wav_seconds(head: &[u8]) -> Option<f64> {
    let format = find(head, b"fmt ")?;
    let data = find(head, b"data")?;
    let (a_second, bytes) = (le32(head, format + 16)?, le32(head, data + 4)?);
    (a_second > 0).then(|| f64::from(bytes) / f64::from(a_second))
}

/// The block that comes first (RFC 9639, 8.2): 20 bits of rate, 36 bits of samples.
fn flac_seconds(head: &[u8]) -> Option<f64> {
    has(head, 0, b"fLaC").then_some(())?;
    let rate = be32(head, 18)? >> 12;
    let samples = be64(head, 18)? & 0x000f_ffff_ffff;
    (rate > 0 && samples > 0).then(|| samples as f64 / f64::from(rate))
}

/// The movie header within `moov`, wherever that stands among the outermost boxes (ISO 14496-12).
fn film_seconds(file: &mut &File) -> Option<f64> {
    let mut at = 0_u64;
    for _ in 0..MOST_BOXES {
        let head = piece(file, at, 16)?;
        let (size, header) = match be32(&head, 0)? {
            1 => (be64(&head, 8)?, 16),
            small => (u64::from(small), 8),
        };
        if has(&head, 4, b"moov") {
            let inside = piece(file, at + header, 256)?;
            return movie_header(inside.get(find(&inside, b"mvhd")? + 4..)?);
        }
        // 0: up to the end, and so the last.
        if size < header {
            return None;
        }
        at = at.checked_add(size)?;
    }
    None
}

fn movie_header(bytes: &[u8]) -> Option<f64> {
    let (scale, duration) = match bytes.first()? {
        0 => (be32(bytes, 12)?, u64::from(be32(bytes, 16)?)),
        _ => (be32(bytes, 20)?, be64(bytes, 24)?),
    };
    (scale > 0).then(|| duration as f64 / f64::from(scale))
}

fn piece(file: &mut &File, at: u64, bytes: u64) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut found = Vec::new();
    file.take(bytes).read_to_end(&mut found).ok()?;
    Some(found)
}

/// `element face N` of the header, which is text.
fn ply_faces(head: &[u8]) -> Option<u64> {
    let end = find(head, b"end_header")?;
    let text = std::str::from_utf8(head.get(..end)?).ok()?;
    let count = |line: &str| {
        line.trim()
            .strip_prefix("element face ")?
            .trim()
            .parse()
            .ok()
    };
    text.lines().find_map(count)
}

/// The part of a GLB's text that counts: how many corners each primitive has.
#[derive(Deserialize)]
struct Scene {
    #[serde(default)]
    meshes: Vec<Mesh>,
    #[serde(default)]
    accessors: Vec<Accessor>,
}

#[derive(Deserialize)]
struct Mesh {
    primitives: Vec<Primitive>,
}

#[derive(Deserialize)]
struct Primitive {
    indices: Option<usize>,
    attributes: BTreeMap<String, usize>,
    mode: Option<u8>,
}

#[derive(Deserialize)]
struct Accessor {
    count: u64,
}

/// The triangles of all meshes, each counted once, as the first chunk lists them (glTF 2.0, 4.4).
fn glb_faces(file: &mut &File) -> Option<u64> {
    /// The mode of a primitive that is made of triangles, and that of one that does not say.
    const TRIANGLES: u8 = 4;
    let head = piece(file, 0, 20)?;
    let length = u64::from(le32(&head, 12)?);
    if !has(&head, 16, b"JSON") || length > MOST_TEXT {
        return None;
    }
    let scene: Scene = serde_json::from_slice(&piece(file, 20, length)?).ok()?;
    let primitives = scene.meshes.iter().flat_map(|mesh| &mesh.primitives);
    let triangles = primitives.filter(|one| one.mode.unwrap_or(TRIANGLES) == TRIANGLES);
    let faces = triangles.map(|one| {
        let corners = one
            .indices
            .or_else(|| one.attributes.get("POSITION").copied())?;
        Some(scene.accessors.get(corners)?.count / 3)
    });
    faces.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn facts(bytes: &[u8], mime: &str) -> HeaderFacts {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        header_facts(&file, mime)
    }

    #[test]
    fn sizes_lengths_and_faces_are_read_off() {
        let gif = facts(b"GIF89a\x05\0\x06\0 and so on", "image/gif");
        assert_eq!(gif.pixels, Some((5, 6)));
        let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        wav.extend(8000_u32.to_le_bytes());
        wav.extend(16000_u32.to_le_bytes());
        wav.extend(b"\x02\0\x10\0data");
        wav.extend(32000_u32.to_le_bytes());
        assert_eq!(facts(&wav, "audio/wav").seconds, Some(2.0));
        let mut stl = vec![0; 80];
        stl.extend(12_u32.to_le_bytes());
        assert_eq!(facts(&stl, "model/stl").faces, Some(12));
        let ply = b"ply\nformat ascii 1.0\nelement vertex 3\nelement face 7\nend_header\n";
        assert_eq!(facts(ply, "model/ply").faces, Some(7));
        let mut mvhd = b"\0\0\0\0mvhd\0\0\0\0\0\0\0\0\0\0\0\0".to_vec();
        mvhd.extend(1000_u32.to_be_bytes());
        mvhd.extend(2500_u32.to_be_bytes());
        let mut mp4 = b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x0cmdat1234".to_vec();
        mp4.extend(b"\0\0\0\x40moov");
        mp4.extend(mvhd);
        assert_eq!(facts(&mp4, "video/mp4").seconds, Some(2.5));
        let mut flac = b"fLaC\0\0\0\x22\x10\0\x10\0\0\0\0\0\0\0".to_vec();
        // 16,000 a second, one channel of 16 bits, 24,000 samples.
        flac.extend((16_000_u64 << 44 | 15_u64 << 36 | 24_000).to_be_bytes());
        assert_eq!(facts(&flac, "audio/flac").seconds, Some(1.5));
        let text = br#"{"accessors":[{"count":24},{"count":36}],"meshes":[{"primitives":[
            {"attributes":{"POSITION":0},"indices":1},{"attributes":{"POSITION":0}},
            {"attributes":{"POSITION":0},"mode":1}]}]}"#;
        let mut glb = b"glTF\x02\0\0\0\0\0\0\0".to_vec();
        glb.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        glb.extend(b"JSON");
        glb.extend(text);
        assert_eq!(facts(&glb, "model/gltf-binary").faces, Some(12 + 8));
    }

    /// As the shared files' list and another reader of meshes have it.
    #[test]
    fn real_files_say_what_they_are() {
        let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/data/media");
        let data = std::path::Path::new(data);
        if !data.is_dir() {
            println!("left out: media/src/header: there is no shared/data beside this checkout");
            return;
        }
        let of = |name: &str, mime: &str| header_facts(&File::open(data.join(name)).unwrap(), mime);
        let speech = of("clean/audio/jfk.flac", "audio/flac");
        assert_eq!(speech.seconds, Some(11.0));
        let cube = "hostile/3d/assimp/glTF2/BoxBadNormals-glTF-Binary/BoxBadNormals.glb";
        assert_eq!(of(cube, "model/gltf-binary").faces, Some(12));
        let film = of("clean/video/friday.mp4", "video/mp4").seconds.unwrap();
        assert!((film - 6.166).abs() < 0.01, "{film}");
        assert_eq!(
            of("hostile/video/derived/friday_moov_renamed.mp4", "video/mp4").seconds,
            None
        );
        let mut pictures = 0;
        for path in std::fs::read_dir(data.join("clean/image")).unwrap() {
            let path = path.unwrap().path();
            let Ok(known) = crate::identify(&path) else {
                continue;
            };
            let facts = header_facts(&File::open(&path).unwrap(), &known.media.mime);
            assert_eq!(facts.pixels, known.dims, "{}", path.display());
            pictures += usize::from(facts.pixels.is_some());
        }
        assert!(pictures > 10, "{pictures}");
    }

    #[test]
    fn headers_that_lie_or_end_say_nothing() {
        for mime in [
            "image/png",
            "audio/wav",
            "video/mp4",
            "model/stl",
            "model/ply",
            "x/y",
        ] {
            for bytes in [&b""[..], &[0xff; 100], b"\0\0\0\x01moov\0\0\0\0\0\0\0\x01"] {
                let found = facts(bytes, mime);
                assert!(
                    found.seconds.is_none_or(f64::is_finite),
                    "{mime}: {found:?}"
                );
            }
        }
    }
}
