//! The kinds of file that can be shown, and the names they go by.
//!
//! One table, so that what a file is called when stored, what the server says it is, and whether
//! a name fits its content never drift apart.

use tiebreak_domain::Modality;

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kind {
    /// Which viewer it belongs to.
    pub modality: Modality,
    /// Its media type, as a server says it.
    pub mime: &'static str,
    /// The usual ending of its name, without the dot.
    pub extension: &'static str,
}

const fn kind(modality: Modality, mime: &'static str, extension: &'static str) -> Kind {
    Kind {
        modality,
        mime,
        extension,
    }
}

macro_rules! kinds {
    ($($name:ident = $modality:ident $mime:literal $extension:literal, $others:expr;)*) => {
        $(pub(crate) const $name: Kind = kind(Modality::$modality, $mime, $extension);)*
        /// Every kind, with all endings under which it is met.
        const TABLE: &[(Kind, &[&str])] = &[$(($name, &$others)),*];
    };
}

kinds! {
    PNG = Image "image/png" "png", ["png", "apng"];
    JPEG = Image "image/jpeg" "jpg", ["jpg", "jpeg", "jpe", "jfif"];
    GIF = Image "image/gif" "gif", ["gif"];
    WEBP = Image "image/webp" "webp", ["webp"];
    BMP = Image "image/bmp" "bmp", ["bmp", "dib"];
    TIFF = Image "image/tiff" "tif", ["tif", "tiff"];
    AVIF = Image "image/avif" "avif", ["avif", "avifs"];
    MP4 = Video "video/mp4" "mp4", ["mp4", "m4v", "mov"];
    M4V = Video "video/mp4" "m4v", ["m4v", "mp4"];
    MOV = Video "video/quicktime" "mov", ["mov", "qt", "mp4"];
    THREE_GP = Video "video/3gpp" "3gp", ["3gp", "3g2", "3gpp", "mp4"];
    WEBM = Video "video/webm" "webm", ["webm", "mkv"];
    MKV = Video "video/x-matroska" "mkv", ["mkv", "mk3d", "webm"];
    AVI = Video "video/x-msvideo" "avi", ["avi", "divx"];
    OGV = Video "video/ogg" "ogv", ["ogv", "ogg", "ogx", "ogm"];
    WAV = Audio "audio/wav" "wav", ["wav", "wave", "rf64", "bwf"];
    FLAC = Audio "audio/flac" "flac", ["flac", "fla"];
    MP3 = Audio "audio/mpeg" "mp3", ["mp3", "mp2", "mp1", "mpga"];
    AAC = Audio "audio/aac" "aac", ["aac", "adts"];
    M4A = Audio "audio/mp4" "m4a", ["m4a", "m4b", "m4p", "mp4", "3gp"];
    AIFF = Audio "audio/aiff" "aiff", ["aiff", "aif", "aifc"];
    OGG = Audio "audio/ogg" "ogg", ["ogg", "oga", "ogx", "spx"];
    OPUS = Audio "audio/ogg" "opus", ["opus", "ogg", "oga"];
    WEBA = Audio "audio/webm" "weba", ["weba", "webm"];
    MKA = Audio "audio/x-matroska" "mka", ["mka", "mkv"];
    GLB = Model3d "model/gltf-binary" "glb", ["glb"];
    GLTF = Model3d "model/gltf+json" "gltf", ["gltf"];
    OBJ = Model3d "model/obj" "obj", ["obj"];
    STL = Model3d "model/stl" "stl", ["stl"];
    PLY = Model3d "model/ply" "ply", ["ply"];
}

/// Endings that promise something no viewer shows.
const OTHER_ENDINGS: &[&str] = &[
    "3ds", "3mf", "abc", "blend", "dae", "exe", "fbx", "gz", "heic", "heif", "htm", "html", "ico",
    "jp2", "js", "json", "jxl", "md", "mtl", "off", "pdf", "psd", "svg", "tar", "txt", "usd",
    "usda", "usdc", "usdz", "xml", "zip",
];

impl Kind {
    /// The material library of an OBJ. No file is ever identified as one, since it shows nothing
    /// by itself; it is here so that [`crate::parts`] can be asked for its textures.
    pub const MTL: Self = kind(Modality::Model3d, "model/mtl", "mtl");

    /// A kind that goes by this media type: of several, the first.
    #[must_use]
    pub fn of_mime(mime: &str) -> Option<Self> {
        let found = TABLE.iter().find(|(kind, _)| kind.mime == mime);
        found.map(|(kind, _)| *kind)
    }

    fn endings(&self) -> &'static [&'static str] {
        TABLE
            .iter()
            .find(|(kind, _)| kind == self)
            .map_or(&[], |(_, endings)| endings)
    }
}

/// Whether a name promises something other than what the file is: `photo.jpg` holding a PNG.
/// A name without an ending, or with one nobody knows, promises nothing.
#[must_use]
pub fn name_differs(name: &str, kind: &Kind) -> bool {
    let ending = extension(name);
    let promises = is_media_ending(&ending) || OTHER_ENDINGS.contains(&ending.as_str());
    promises && !kind.endings().contains(&ending.as_str()) && ending != kind.extension
}

/// Whether an ending (lower case, no dot) is that of some kind that can be shown.
pub(crate) fn is_media_ending(ending: &str) -> bool {
    TABLE.iter().any(|(_, endings)| endings.contains(&ending))
}

/// Every kind that can be shown.
#[cfg(test)]
pub(crate) fn all() -> impl Iterator<Item = Kind> {
    TABLE.iter().map(|(kind, _)| *kind)
}

/// The ending of a name in lower case, without the dot; empty where there is none.
pub(crate) fn extension(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match last.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 16 => {
            ending.to_ascii_lowercase()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_differs_only_where_it_promises_something_else() {
        assert!(name_differs("a/really_a_png.jpg", &PNG));
        assert!(name_differs("notes.txt", &PNG));
        assert!(!name_differs("a.PNG", &PNG));
        assert!(
            !name_differs("sample.v2", &PNG),
            "an unknown ending promises nothing"
        );
        assert!(!name_differs("dir.jpg/plain", &PNG));
        assert!(!name_differs(".jpg", &PNG), "a hidden file has no ending");
        assert!(!name_differs("speech.oga", &OPUS));
        assert!(!name_differs("material.mtl", &Kind::MTL));
    }

    #[test]
    fn every_kind_goes_by_its_own_extension() {
        for (kind, endings) in TABLE {
            assert_eq!(endings.first(), Some(&kind.extension));
            assert!(Modality::MEDIA.contains(&kind.modality));
        }
    }
}
