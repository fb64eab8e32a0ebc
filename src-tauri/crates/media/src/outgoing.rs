//! A medium on its way out of a project: stripped, cut into pieces, its parts under new names.
//!
//! What leaves is checked first to be what the project knows. The files of a scene come along under
//! numbers, since their names may say which model made them.

use std::collections::HashMap;
use std::io::{self, Cursor, Read, Seek, Write};
use std::path::Path;

use tiebreak_domain::{MediaId, MediaRef, Modality};

use crate::error::MediaError;
use crate::file::{Links, open};
use crate::identify::{identify, identify_bytes};
use crate::kinds::{self, Kind, extension};
use crate::parts::parts;
use crate::root::Root;
use crate::scene_files::read_scene;
use crate::strip::{Names, StripError, strip};

/// How large a piece is, in bytes.
const PIECE: usize = 1024 * 1024;
/// The most that a scene with its parts may have, in bytes: what is drawn has no more.
const MAX_SCENE: u64 = crate::worker::MAX_SCENE_BYTES;

/// A file as it left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutFile {
    /// A number, and the ending of its kind.
    pub name: String,
    /// Its size, stripped.
    pub bytes: u64,
    /// BLAKE3 of it, stripped.
    pub hash: MediaId,
}

/// Why a medium does not leave.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// It cannot be read, or is not what it was.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// What says where it comes from cannot be taken out of it.
    #[error("“{name}” cannot be stripped of what says where it comes from: {source}")]
    Strip {
        /// The file, as its row names it.
        name: String,
        /// Why not.
        source: StripError,
    },
}

impl OutgoingError {
    /// A word for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Media(error) => error.code(),
            Self::Strip { source, .. } => source.code(),
        }
    }
}

type Sent<T> = Result<T, OutgoingError>;
/// Takes a piece of the file with this number; 0 is the medium itself.
type Take<'a> = &'a mut dyn FnMut(usize, Vec<u8>) -> io::Result<()>;

/// Sends a medium with its parts, piece by piece, and tells of each file what was sent. `place` is
/// the root under which it is used in place, and its path there; `shown` names it in messages.
///
/// # Errors
/// When it is not what the project knows, cannot be read or cannot be stripped, or when a piece is
/// not taken. What was sent until then is not to be used.
pub fn send_stripped(
    media: &MediaRef,
    path: &Path,
    root: Option<&Path>,
    shown: &str,
    take: Take<'_>,
) -> Sent<Vec<OutFile>> {
    let named = |error: MediaError| error.with_name(shown);
    let (root, path, found) = match root {
        Some(root) => {
            let root = Root::open(root)?;
            let found = root.find(shown)?;
            let identified = found.identify()?;
            (Some(root), found.path, identified)
        }
        None => (None, path.to_path_buf(), identify(path).map_err(named)?),
    };
    if found.media.id != media.id {
        return Err(OutgoingError::Media(MediaError::Changed {
            name: shown.to_owned(),
            how: "it, or a file that belongs to it, has other content".to_owned(),
        }));
    }
    let mut opened = open(&path, Links::Refuse).map_err(named)?;
    let mut names = Names::default();
    if found.kind.modality != Modality::Model3d {
        let bytes = opened.bytes;
        let sent = one(
            &mut opened.file,
            bytes,
            &found.kind,
            &mut names,
            0,
            shown,
            take,
        )?;
        return Ok(vec![sent]);
    }
    let place = root.as_ref().map(|root| (root, shown));
    let files = read_scene(opened.file, &path, found.kind, place, MAX_SCENE).map_err(named)?;
    let lies = Lies {
        path: &path,
        shown,
        root: root.as_ref(),
    };
    scene(&files, &found.kind, &lies, take)
}

/// Where a scene lies.
struct Lies<'a> {
    path: &'a Path,
    shown: &'a str,
    root: Option<&'a Root>,
}

impl Lies<'_> {
    /// The names that a part gives to others: a material library has pictures.
    fn named_by(&self, part: &str, kind: &Kind) -> Sent<Vec<String>> {
        let Some(root) = self.root else {
            return Ok(Vec::new());
        };
        let part = match self.shown.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{part}"),
            None => part.to_owned(),
        };
        Ok(parts(&root.find(&part)?.path, kind)?)
    }
}

/// A scene, then its parts in the order in which they were found.
fn scene(
    files: &[(String, Vec<u8>)],
    kind: &Kind,
    lies: &Lies<'_>,
    take: Take<'_>,
) -> Sent<Vec<OutFile>> {
    let Some(((_, whole), beside)) = files.split_first() else {
        return Ok(Vec::new());
    };
    let mut new = HashMap::new();
    for (n, (name, bytes)) in beside.iter().enumerate() {
        new.insert(name.as_str(), format!("{}.{}", n + 1, ending(name, bytes)));
    }
    let mut names = Names::default();
    rename(parts(lies.path, kind)?, "", &new, &mut names);
    let mut sent = vec![whole_file(whole, kind, &mut names, 0, lies.shown, take)?];
    for (n, (name, bytes)) in beside.iter().enumerate() {
        let file = match part_kind(name, bytes, kind) {
            PartKind::Known(part) => {
                let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
                rename(lies.named_by(name, &part)?, folder, &new, &mut names);
                whole_file(bytes, &part, &mut names, n + 1, name, take)?
            }
            PartKind::Numbers => plain(bytes, n + 1, ending(name, bytes), name, take)?,
            PartKind::Unknown => {
                return Err(OutgoingError::Strip {
                    name: name.clone(),
                    source: StripError::Unknown {
                        mime: "a part of a scene",
                    },
                });
            }
        };
        sent.push(file);
    }
    Ok(sent)
}

enum PartKind {
    Known(Kind),
    /// A buffer of a glTF: geometry and nothing else.
    Numbers,
    Unknown,
}

fn part_kind(name: &str, bytes: &[u8], scene: &Kind) -> PartKind {
    if extension(name) == "mtl" {
        return PartKind::Known(Kind::MTL);
    }
    match identify_bytes(bytes, name) {
        Ok(found) if found.kind.modality == Modality::Image => PartKind::Known(found.kind),
        _ if matches!(*scene, kinds::GLTF | kinds::GLB) && extension(name) == "bin" => {
            PartKind::Numbers
        }
        _ => PartKind::Unknown,
    }
}

fn ending(name: &str, bytes: &[u8]) -> &'static str {
    if extension(name) == "mtl" {
        return "mtl";
    }
    identify_bytes(bytes, name).map_or("bin", |found| found.kind.extension)
}

/// Gives every part that a file names its new name: as the drawing side looks for it, beside the
/// file itself and then beside the scene. What is not there loses its name all the same.
fn rename(given: Vec<String>, folder: &str, new: &HashMap<&str, String>, names: &mut Names) {
    for (n, part) in given.into_iter().enumerate() {
        let beside = match folder {
            "" => part.clone(),
            _ => format!("{folder}/{part}"),
        };
        let known = new.get(beside.as_str()).or_else(|| new.get(part.as_str()));
        let absent = || format!("absent-{}", n + 1);
        names.rename(&part, &known.cloned().unwrap_or_else(absent));
    }
}

fn whole_file(
    bytes: &[u8],
    kind: &Kind,
    names: &mut Names,
    number: usize,
    shown: &str,
    take: Take<'_>,
) -> Sent<OutFile> {
    let length = bytes.len() as u64;
    one(
        &mut Cursor::new(bytes),
        length,
        kind,
        names,
        number,
        shown,
        take,
    )
}

/// One file, stripped on its way.
fn one<R: Read + Seek>(
    input: &mut R,
    bytes: u64,
    kind: &Kind,
    names: &mut Names,
    number: usize,
    shown: &str,
    take: Take<'_>,
) -> Sent<OutFile> {
    let mut pieces = Pieces::new(number, take);
    let failed = |source: StripError| OutgoingError::Strip {
        name: shown.to_owned(),
        source,
    };
    strip(input, bytes, kind, names, &mut pieces).map_err(failed)?;
    let ending = kind.extension;
    pieces.end(ending).map_err(|e| failed(StripError::Io(e)))
}

/// One file as it is.
fn plain(bytes: &[u8], number: usize, ending: &str, shown: &str, take: Take<'_>) -> Sent<OutFile> {
    let mut pieces = Pieces::new(number, take);
    let sent = pieces.write_all(bytes).and_then(|()| pieces.end(ending));
    sent.map_err(|error| OutgoingError::Strip {
        name: shown.to_owned(),
        source: StripError::Io(error),
    })
}

/// Cuts what is written to it.
struct Pieces<'a> {
    number: usize,
    held: Vec<u8>,
    bytes: u64,
    hasher: blake3::Hasher,
    take: Take<'a>,
}

impl<'a> Pieces<'a> {
    fn new(number: usize, take: Take<'a>) -> Self {
        Self {
            number,
            held: Vec::new(),
            bytes: 0,
            hasher: blake3::Hasher::new(),
            take,
        }
    }

    fn end(mut self, ending: &str) -> io::Result<OutFile> {
        if !self.held.is_empty() {
            let last = std::mem::take(&mut self.held);
            (self.take)(self.number, last)?;
        }
        Ok(OutFile {
            name: format!("{}.{ending}", self.number),
            bytes: self.bytes,
            hash: MediaId::from_bytes(*self.hasher.finalize().as_bytes()),
        })
    }
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PIECE - self.held.len();
        let (now, _) = bytes.split_at(room.min(bytes.len()));
        self.held.extend_from_slice(now);
        self.hasher.update(now);
        self.bytes += now.len() as u64;
        if self.held.len() == PIECE {
            let full = std::mem::take(&mut self.held);
            (self.take)(self.number, full)?;
        }
        Ok(now.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identify::identify;
    use std::fs;

    /// A PNG of one red dot.
    const DOT: &[u8] =
        b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\
        \x00\x00\x00\x01\x08\x02\x00\x00\x00\x90\x77\x53\xde\x00\x00\x00\x0c\x49\x44\x41\
        \x54\x78\x9c\x63\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\
        \x00\x49\x45\x4e\x44\xae\x42\x60\x82";

    fn sent(root: &Path, shown: &str) -> Sent<Vec<(OutFile, Vec<u8>)>> {
        let found = Root::open(root).unwrap().find(shown).unwrap();
        let media = found.identify().unwrap().media;
        let mut files: Vec<Vec<u8>> = Vec::new();
        let out = send_stripped(&media, &found.path, Some(root), shown, &mut |n, piece| {
            files.resize(files.len().max(n + 1), Vec::new());
            files[n].extend(piece);
            Ok(())
        })?;
        Ok(out.into_iter().zip(files).collect())
    }

    /// Drawn from its new place, the scene has all its parts and none of its names.
    #[test]
    fn a_scene_leaves_with_its_parts_under_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("m/lib")).unwrap();
        let triangle = "v 0 0 0\nv 1 0 0\nv 0 1 0\nusemtl omega-skin\nf 1 2 3\n";
        let obj = format!("mtllib lib/omega.mtl\nmtllib omega-gone.mtl\n{triangle}");
        fs::write(at("m/omega.obj"), obj).unwrap();
        let library = "newmtl omega-skin\nmap_Kd omega 1.png\nmap_Kd omega-lost.png\n";
        fs::write(at("m/lib/omega.mtl"), library).unwrap();
        fs::write(at("m/lib/omega 1.png"), DOT).unwrap();
        let files = sent(folder.path(), "m/omega.obj").unwrap();
        let to = tempfile::tempdir().unwrap();
        for (file, bytes) in &files {
            assert_eq!(MediaId::of(bytes), file.hash);
            assert_eq!(bytes.len() as u64, file.bytes);
            let words = String::from_utf8_lossy(bytes);
            assert!(
                !words.contains("omega") && !file.name.contains("omega"),
                "{words}"
            );
            fs::write(to.path().join(&file.name), bytes).unwrap();
        }
        let place = Root::open(to.path()).unwrap();
        let scene = to.path().join("0.obj");
        let opened = fs::File::open(&scene).unwrap();
        let there = read_scene(opened, &scene, kinds::OBJ, Some((&place, "0.obj")), 10_000);
        let mut there: Vec<_> = there.unwrap().into_iter().map(|(name, _)| name).collect();
        there.sort();
        assert_eq!(there, ["0.obj", "1.mtl", "2.png"]);
    }

    #[test]
    fn what_was_changed_does_not_leave() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.obj");
        fs::write(&path, "v 0 0 0\n").unwrap();
        let media = identify(&path).unwrap().media;
        fs::write(&path, "v 0 0 1\n").unwrap();
        let refused = send_stripped(&media, &path, None, "x/a.obj", &mut |_, _| Ok(()));
        let error = refused.unwrap_err();
        assert_eq!(error.code(), "media_changed");
        assert!(error.to_string().contains("x/a.obj"), "{error}");
    }

    #[test]
    fn a_large_file_leaves_in_pieces() {
        let mut seen = Vec::new();
        let mut take = |n: usize, piece: Vec<u8>| {
            seen.push((n, piece.len()));
            Ok(())
        };
        let bytes = vec![7; PIECE * 2 + 5];
        let file = plain(&bytes, 3, "bin", "b", &mut take).unwrap();
        assert_eq!(seen, [(3, PIECE), (3, PIECE), (3, 5)]);
        assert_eq!(
            (file.name.as_str(), file.hash),
            ("3.bin", MediaId::of(&bytes))
        );
    }
}
