//! Hostile media of our own, byte by byte: files that lie about what they are, how large they are
//! or what is in them, and files that name something elsewhere.

use tiebreak_tests::samples;

use crate::made_links::{self, gltf};

/// A file for the folder of its kind: `image`, `video`, `audio` or `3d`.
pub struct Made {
    pub kind: &'static str,
    pub name: String,
    pub bytes: Vec<u8>,
}

pub fn made(kind: &'static str, name: &str, bytes: impl Into<Vec<u8>>) -> Made {
    Made {
        kind,
        name: name.to_owned(),
        bytes: bytes.into(),
    }
}

/// All of them; those that name something elsewhere name it at `addresses`.
pub fn files(addresses: &[String]) -> Vec<Made> {
    let mut all = pictures();
    all.extend(films());
    all.extend(sounds());
    all.extend(models());
    for (n, address) in addresses.iter().enumerate() {
        all.extend(
            made_links::leading_elsewhere(address)
                .into_iter()
                .map(|one| Made {
                    name: format!("{n}-{}", one.name),
                    ..one
                }),
        );
    }
    all
}

/// A PNG whose head declares a size, with the pixels of a small one.
fn lying_png(width: u32, height: u32) -> Vec<u8> {
    let mut png = samples::png(8, 8, [1, 2, 3]);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = samples::crc32(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

fn pictures() -> Vec<Made> {
    let whole = samples::png(64, 64, [200, 30, 30]);
    let mut gif = b"GIF89a".to_vec();
    gif.extend([0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
    gif.extend([
        0x2c, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 2, 1, 0x44, 0, 0x3b,
    ]);
    vec![
        made("image", "half.png", &whole[..whole.len() / 2]),
        made("image", "head.png", &whole[..33]),
        made("image", "bomb.png", lying_png(65_000, 65_000)),
        // As large as is taken: what it really takes is for the page to bear.
        made("image", "large.png", lying_png(14_000, 14_000)),
        made("image", "line.png", lying_png(65_500, 3_000)),
        made("image", "no-width.png", lying_png(0, 10)),
        made("image", "wide.gif", gif),
        made("image", "page.png", "<!doctype html><script>window.tiebreakRan=1</script>"),
        made(
            "image",
            "drawing.svg",
            "<svg xmlns='http://www.w3.org/2000/svg' onload='window.tiebreakRan=1'><script>1</script></svg>",
        ),
        made("image", "empty.jpg", ""),
        made("image", "cut.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec()),
        made(
            "image",
            "lying.webp",
            b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\x7f\x30\x01\0\x9d\x01\x2a\x08\0\x08\0".to_vec(),
        ),
        // A picture that is a page as well.
        made(
            "image",
            "both.gif",
            b"GIF89a/*\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;*/=1;window.tiebreakRan=1".to_vec(),
        ),
    ]
}

pub fn iso_box(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(body.len() + 8)
        .unwrap()
        .to_be_bytes()
        .to_vec();
    bytes.extend(kind);
    bytes.extend(body);
    bytes
}

pub fn ftyp(brand: &[u8; 4]) -> Vec<u8> {
    let mut body = brand.to_vec();
    body.extend([0, 0, 2, 0]);
    body.extend(brand);
    iso_box(b"ftyp", &body)
}

fn films() -> Vec<Made> {
    let head = ftyp(b"isom");
    let with = |rest: &[u8]| [&head[..], rest].concat();
    let mut huge = vec![0, 0, 0, 1];
    huge.extend(b"moov");
    huge.extend(u64::MAX.to_be_bytes());
    // Four billion samples of a table that is not there.
    let mut table = vec![0, 0, 0, 0];
    table.extend(u32::MAX.to_be_bytes());
    let inner = iso_box(b"stbl", &iso_box(b"stsz", &[&[0; 4][..], &table].concat()));
    let track = iso_box(b"trak", &iso_box(b"mdia", &iso_box(b"minf", &inner)));
    let deep = (0..2_000).fold(Vec::new(), |inside, _| iso_box(b"moov", &inside));
    let mut webm = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\x04\x42\x85\x81\x02".to_vec();
    webm.extend(
        b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xfe\x16\x54\xae\x6b\x08\xff\xff\xff\xff",
    );
    vec![
        made("video", "alone.mp4", samples::mp4_head(1)),
        made("video", "huge-box.mp4", with(&huge)),
        made("video", "many-samples.mp4", with(&iso_box(b"moov", &track))),
        made("video", "deep.mp4", with(&deep)),
        made("video", "zeros.mp4", with(&[0; 4096])),
        made("video", "lying.webm", webm),
    ]
}

fn sounds() -> Vec<Made> {
    let whole = samples::wav(440.0, 0.3);
    let change = |at: usize, bytes: &[u8]| {
        let mut wav = whole.clone();
        wav[at..at + bytes.len()].copy_from_slice(bytes);
        wav
    };
    let mut tag = b"ID3\x03\0\0\x7f\x7f\x7f\x7fAPIC".to_vec();
    tag.extend([0x7f; 40]);
    vec![
        made("audio", "endless.wav", change(40, &[0xff; 4])),
        made("audio", "no-channels.wav", change(22, &[0, 0])),
        made("audio", "many-channels.wav", change(22, &[0xff, 0xff])),
        made("audio", "no-rate.wav", change(24, &[0; 4])),
        made("audio", "fast.wav", change(24, &[0xff, 0xff, 0xff, 0x7f])),
        made("audio", "no-bits.wav", change(34, &[0, 0])),
        made("audio", "head.wav", &whole[..44]),
        made("audio", "tag.mp3", tag),
        made("audio", "head.flac", b"fLaC\0\0\0\x22\x10\0\x10\0".to_vec()),
        made("audio", "head.ogg", b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead\x01\xff\0\0\0\0\0\0\0\0\xff".to_vec()),
    ]
}

fn models() -> Vec<Made> {
    let ply = "ply\nformat ascii 1.0\nelement vertex 4000000000\nproperty float x\nproperty float y\n\
               property float z\nend_header\n0 0 0\n";
    let mut stl = vec![b' '; 80];
    stl.extend(u32::MAX.to_le_bytes());
    stl.resize(200, 1);
    vec![
        made("3d", "many.ply", ply),
        made("3d", "many.stl", stl),
        made(
            "3d",
            "outside.obj",
            "mtllib ../../../../etc/passwd\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n",
        ),
        made(
            "3d",
            "no-such-corner.obj",
            "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 999999999\nf -9 -8 -7\n",
        ),
        made(
            "3d",
            "not-a-number.obj",
            "v nan inf -inf\nv 1e999 0 0\nv 0 1 0\nf 1 2 3\n",
        ),
        made("3d", "climbing.gltf", gltf("../../../../etc/passwd")),
        made("3d", "absolute.gltf", gltf("file:///etc/passwd")),
    ]
}
