//! Known content that no viewer shows: named, so that the person knows what to convert.

use crate::bytes::{find, has, le16, le32, start};

use super::{Answer, Refusal, Sample, no};

const TO_GLB: &str = "convert it to GLB";
const TO_MP4: &str = "convert it to MP4 (H.264) or WebM";
const UNPACK: &str = "unpack it, and give the files inside";
const GIVE_MEDIA: &str = "give the picture, video, sound or model itself";

/// What nothing recognises.
pub(super) const UNKNOWN: Refusal = Refusal {
    what: "data of no kind that is known here",
    todo: "check that it is whole, or convert it to PNG, MP4, WAV or GLB",
};

/// A signature, what it stands for, and what to do.
const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"Kaydara FBX Binary", "an FBX scene", TO_GLB),
    (b"; FBX ", "an FBX scene", TO_GLB),
    (b"BLENDER", "a Blender document", "export it as GLB"),
    (b"PXR-USDC", "a USD scene", TO_GLB),
    (b"#usda", "a USD scene", TO_GLB),
    (b"#VRML", "a VRML scene", TO_GLB),
    (b"%PDF-", "a PDF document", "save its pages as PNG"),
    (b"\x1f\x8b", "data packed by gzip", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (b"\x28\xb5\x2f\xfd", "data packed by zstd", UNPACK),
    (b"\xfd7zXZ\0", "data packed by xz", UNPACK),
    (b"BZh", "data packed by bzip2", UNPACK),
    (b"FLV\x01", "a Flash video", TO_MP4),
    (
        b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
        "a Windows Media file",
        TO_MP4,
    ),
    (b"\0\0\x01\xba", "an MPEG programme stream", TO_MP4),
    (b"\0\0\x01\xb3", "an MPEG video stream", TO_MP4),
    (b"\x7fELF", "a program", GIVE_MEDIA),
    (
        b"\x93NUMPY",
        "a NumPy array",
        "write it as PNG, WAV or GLB, after what it holds",
    ),
    (
        b"PAR1",
        "a Parquet table",
        "import it as a table; it is no media file",
    ),
    (b"SQLite format 3\0", "a SQLite database", GIVE_MEDIA),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an Office document",
        GIVE_MEDIA,
    ),
    (b"{\\rtf", "an RTF document", GIVE_MEDIA),
    (
        b"version https://git-lfs",
        "a Git LFS pointer, not the file",
        "run `git lfs pull`",
    ),
];

pub(super) fn signed(sample: &Sample<'_>) -> Answer {
    let head = sample.head;
    if let Some((_, what, todo)) = SIGNATURES.iter().find(|(mark, ..)| head.starts_with(mark)) {
        return no(what, todo);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return zipped(sample);
    }
    if head.starts_with(b"MZ") && head.contains(&0) {
        return no("a Windows program", GIVE_MEDIA);
    }
    if head.starts_with(b"MM") && le32(head, 2).is_some_and(|size| u64::from(size) == sample.total)
    {
        return no("a 3DS scene", TO_GLB);
    }
    if has(head, 257, b"ustar") {
        return no("a tar archive", UNPACK);
    }
    if head.first() == Some(&0x47) && has(head, 188, b"G") && has(head, 376, b"G") {
        return no("an MPEG transport stream", TO_MP4);
    }
    None
}

/// The first entry of a ZIP tells a scene from an archive.
fn zipped(sample: &Sample<'_>) -> Answer {
    let length = le16(sample.head, 26).map_or(0, usize::from);
    let first = sample
        .head
        .get(30..30 + length)
        .unwrap_or(&[])
        .to_ascii_lowercase();
    if [&b".usdc"[..], b".usda", b".usd"]
        .iter()
        .any(|end| first.ends_with(end))
    {
        return no("a USDZ scene", TO_GLB);
    }
    if sample.ends(&["3mf"]) || find(start(sample.head, 4096), b"3D/3dmodel.model").is_some() {
        return no("a 3MF model", TO_GLB);
    }
    no("a ZIP archive", UNPACK)
}

#[cfg(test)]
mod tests {
    fn says(head: &[u8], name: &str) -> String {
        crate::sniff(head, head.len() as u64, name)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_is_not_shown_is_named() {
        assert!(says(b"Kaydara FBX Binary  \0\x1a\0", "a.fbx").contains("is an FBX scene"));
        assert!(says(b"BLENDER-v300", "a.blend").contains("export it as GLB"));
        assert!(says(b"%PDF-1.7", "a.pdf").contains("a PDF document"));
        assert!(says(b"MM\x06\0\0\0", "a.3ds").contains("a 3DS scene"));
        assert!(says(b"\x1f\x8b\x08", "a.svgz").contains("data packed by gzip"));
        assert!(
            says(b"version https://git-lfs.github.com/spec/v1\n", "a.mp4").contains("git lfs pull")
        );
    }

    #[test]
    fn a_scene_in_a_zip_is_told_from_an_archive() {
        let zip = |name: &[u8]| {
            let mut file = b"PK\x03\x04".to_vec();
            file.resize(26, 0);
            file.extend([u8::try_from(name.len()).unwrap(), 0, 0, 0]);
            [&file[..], name].concat()
        };
        assert!(says(&zip(b"scene.usdc"), "a.usdz").contains("a USDZ scene"));
        assert!(says(&zip(b"3D/3dmodel.model"), "a").contains("a 3MF model"));
        assert!(says(&zip(b"a.png"), "a.png").contains("says .png but holds a ZIP archive"));
        assert!(says(b"PK\x03\x04", "a").contains("a ZIP archive"));
    }
}
