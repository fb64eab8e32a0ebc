//! Takes out of a media file what says where it comes from, and leaves what it shows.
//!
//! A work package must hold no model's name. Generators write theirs, and the whole prompt, into
//! text chunks, EXIF, tags and comments. So media are stripped on their way into a package: what
//! is not known to be needed goes, and what a viewer decodes (pixels, samples, frames, geometry,
//! colour, orientation, timing) stays to the byte. Files are hostile here as everywhere: one that
//! cannot be followed is refused in a sentence, since half a stripping would be worse than none.
//!
//! Films are never read whole: they are copied with patches laid over them, so that nothing in
//! them moves. Pictures and scenes are rewritten in memory.

mod bmp;
mod comments;
mod crc;
mod ebml;
mod exif;
mod flac;
mod gif;
mod gltf;
mod iso;
mod jpeg;
mod mpeg;
mod nal;
mod names;
mod ogg;
mod plan;
mod ply;
mod png;
mod report;
mod riff;
mod stl;
mod tags;
mod tiff;
mod wavefront;
mod webp;

use std::io::{self, Cursor, Read, Seek, Write};

use crate::kinds::{self, Kind};

pub use names::Names;
pub use report::Stripped;

use plan::{Plan, Source};

/// The largest picture or scene that is rewritten in memory, in bytes: 512 MiB.
pub const MAX_IN_MEMORY: u64 = 512 * 1024 * 1024;

/// Why a file was not stripped. What was written until then is not to be used.
#[derive(Debug, thiserror::Error)]
pub enum StripError {
    /// A kind nobody here knows how to strip.
    #[error(
        "nobody here knows what {mime} keeps beside what it shows: convert the file to a kind \
         that can be stripped, or leave it out"
    )]
    Unknown {
        /// The media type of the kind.
        mime: &'static str,
    },
    /// A file that is not built as its format says.
    #[error("the file cannot be followed: {what}; get or write it again")]
    Damaged {
        /// What is wrong, as a clause.
        what: &'static str,
    },
    /// A file that would need too much memory.
    #[error("the file has {bytes} bytes, more than the {limit} that are stripped: make it smaller")]
    TooLarge {
        /// The size of the file, or of the part that is too large.
        bytes: u64,
        /// The most that is taken.
        limit: u64,
    },
    /// The system refused to read or write.
    #[error("the file could not be copied ({0}): check the disk, and try again")]
    Io(#[from] io::Error),
}

impl StripError {
    /// A short word for the kind of error, the same in every release.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "strip_unknown",
            Self::Damaged { .. } => "strip_damaged",
            Self::TooLarge { .. } => "strip_too_large",
            Self::Io(_) => "strip_io",
        }
    }
}

const fn damaged(what: &'static str) -> StripError {
    StripError::Damaged { what }
}

/// Whether files of this kind can be stripped.
#[must_use]
pub fn can_strip(kind: &Kind) -> bool {
    way(kind).is_some()
}

type Rewritten = Result<Vec<u8>, StripError>;

/// How a kind is stripped.
enum Way {
    /// Rewritten in memory.
    Memory(fn(&[u8], &mut Stripped) -> Rewritten),
    /// The same, with the names that a scene and its parts share.
    Scene(fn(&[u8], &mut Names, &mut Stripped) -> Rewritten),
    /// Copied in pieces.
    Pieces(fn(&mut Source<'_>, &mut Stripped) -> Result<Plan, StripError>),
    /// Written page by page.
    Pages(fn(&mut Source<'_>, &mut dyn Write, &mut Stripped) -> Result<(), StripError>),
}

fn way(kind: &Kind) -> Option<Way> {
    Some(match *kind {
        kinds::PNG => Way::Memory(png::strip),
        kinds::JPEG => Way::Memory(jpeg::strip),
        kinds::GIF => Way::Memory(gif::strip),
        kinds::WEBP => Way::Memory(webp::strip),
        kinds::BMP => Way::Memory(bmp::strip),
        kinds::TIFF => Way::Memory(tiff::strip),
        kinds::AVIF => Way::Pieces(iso::picture),
        kinds::MP4 | kinds::M4V | kinds::MOV | kinds::THREE_GP | kinds::M4A => {
            Way::Pieces(iso::film)
        }
        kinds::WEBM | kinds::MKV | kinds::WEBA | kinds::MKA => Way::Pieces(ebml::plan),
        kinds::AVI => Way::Pieces(riff::avi),
        kinds::WAV => Way::Pieces(riff::wav),
        kinds::AIFF => Way::Pieces(riff::aiff),
        kinds::FLAC => Way::Pieces(flac::plan),
        kinds::MP3 => Way::Pieces(mpeg::mp3),
        kinds::AAC => Way::Pieces(mpeg::aac),
        kinds::OGG | kinds::OPUS | kinds::OGV => Way::Pages(ogg::write),
        kinds::GLB => Way::Scene(gltf::glb),
        kinds::GLTF => Way::Scene(gltf::gltf),
        kinds::OBJ => Way::Scene(wavefront::obj),
        Kind::MTL => Way::Scene(wavefront::mtl),
        kinds::STL => Way::Memory(stl::strip),
        kinds::PLY => Way::Memory(ply::strip),
        _ => return None,
    })
}

/// Copies a file of `bytes` bytes without what says where it comes from, and says what went.
///
/// Stripping twice changes nothing more. The files of one scene share one [`Names`]: the OBJ
/// first, then its material libraries.
///
/// # Errors
/// When the kind is not one that is known, the file is not built as its format says, would need
/// too much memory, or cannot be read or written.
pub fn strip<R: Read + Seek, W: Write>(
    input: &mut R,
    bytes: u64,
    kind: &Kind,
    names: &mut Names,
    out: &mut W,
) -> Result<Stripped, StripError> {
    let way = way(kind).ok_or(StripError::Unknown { mime: kind.mime })?;
    let mut source = Source::new(input, bytes);
    let mut report = Stripped::default();
    match way {
        Way::Memory(rewrite) => {
            let whole = source.all(MAX_IN_MEMORY)?;
            out.write_all(&rewrite(&whole, &mut report)?)?;
        }
        Way::Scene(rewrite) => {
            let whole = source.all(MAX_IN_MEMORY)?;
            out.write_all(&rewrite(&whole, names, &mut report)?)?;
        }
        Way::Pieces(plan) => {
            let plan = plan(&mut source, &mut report)?;
            plan.write(&mut source, out)?;
        }
        Way::Pages(write) => write(&mut source, out, &mut report)?,
    }
    Ok(report)
}

/// The same for a file that is in memory already.
///
/// # Errors
/// As [`strip`].
pub fn strip_bytes(bytes: &[u8], kind: &Kind) -> Result<(Vec<u8>, Stripped), StripError> {
    let mut out = Vec::new();
    let (mut input, mut names) = (Cursor::new(bytes), Names::default());
    let report = strip(&mut input, bytes.len() as u64, kind, &mut names, &mut out)?;
    Ok((out, report))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_that_is_shown_can_be_stripped() {
        for kind in kinds::all() {
            assert!(can_strip(&kind), "{kind:?}");
        }
        assert!(can_strip(&Kind::MTL));
    }

    #[test]
    fn an_unknown_kind_is_refused_by_name() {
        let kind = Kind {
            mime: "image/x-new",
            ..kinds::PNG
        };
        let error = strip_bytes(b"x", &kind).unwrap_err();
        assert_eq!(error.code(), "strip_unknown");
        assert!(error.to_string().contains("image/x-new"));
    }

    #[test]
    fn nothing_is_no_file_of_any_kind() {
        for kind in kinds::all() {
            if let Ok((out, _)) = strip_bytes(b"", &kind) {
                assert!(out.len() < 64, "{kind:?}");
            }
        }
    }
}
