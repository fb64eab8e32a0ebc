//! Work packages: `tiebreak package DIR --annotator A` makes one file in which one person labels
//! away from the project; `tiebreak merge` takes it in when it comes back.
//!
//! The store decides what of the database goes along; here the media are stripped on their way. One
//! that cannot be stripped refuses the package: half a stripping would be worse than none.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tiebreak_domain::{MediaId, MediaRef};
use tiebreak_media::{OutFile, OutgoingError, send_stripped};
use tiebreak_store::{MediaFile, PackageWriter, PackedFile, Project};
use tokio::sync::mpsc;
use ts_rs::TS;

use crate::dto::AnnotatorName;
use crate::error::{CommandError, Result};
use crate::import::Cancel;

/// A package that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PackageReport {
    /// The file.
    pub file: String,
    /// Whom it is for.
    pub annotator: AnnotatorName,
    /// The pairs in it.
    #[ts(type = "number")]
    pub pairs: u64,
    /// The questions in it.
    #[ts(type = "number")]
    pub questions: u64,
    /// The media in it.
    #[ts(type = "number")]
    pub media: u64,
    /// Its size.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// Makes a work package for the annotator that `name` means, a new person if nobody has it. `out` is
/// the file to make, which must not be there; without it the file lies in the working folder and is
/// called after project and person. Cancelled or failed, nothing is left, and nobody took a place.
pub async fn run(
    project: &Project,
    name: &str,
    out: Option<&Path>,
    cancel: &Cancel,
    app: &str,
) -> Result<PackageReport> {
    let out = match out {
        Some(out) => out.to_path_buf(),
        None => PathBuf::from(file_name(&project.settings().await?.name, name)),
    };
    let mut writer = project.pack(name, &out, app).await?;
    let media = writer.media().await?;
    for file in &media {
        if cancel.is_cancelled() {
            return Err(CommandError::new(
                "cancelled",
                "the package was cancelled: nothing was made",
            ));
        }
        pack_medium(&mut writer, file).await?;
    }
    let packed = writer.finish().await?;
    Ok(PackageReport {
        file: packed.file.display().to_string(),
        annotator: AnnotatorName {
            id: packed.annotator,
            name: packed.name,
        },
        pairs: packed.pairs,
        questions: packed.questions,
        media: media.len() as u64,
        bytes: packed.bytes,
    })
}

/// What a package is called unless it is said: project and person, in what file systems take.
#[must_use]
pub fn file_name(project: &str, annotator: &str) -> String {
    let plain = |text: &str| {
        let kept = |c: char| if c.is_alphanumeric() { c } else { '-' };
        let text: String = text.trim().chars().map(kept).take(40).collect();
        text.trim_matches('-').to_owned()
    };
    let words = [plain(project), plain(annotator)];
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    match words.is_empty() {
        true => "package.tiebreak".to_owned(),
        false => format!("{}.tiebreak", words.join("-")),
    }
}

/// Strips a medium on a thread of its own, and puts its pieces in as they come.
async fn pack_medium(writer: &mut PackageWriter, file: &MediaFile) -> Result<()> {
    let (send, mut pieces) = mpsc::channel::<(usize, Vec<u8>)>(4);
    let source = file.clone();
    let sending = tokio::task::spawn_blocking(move || {
        let mut take = |n: usize, piece: Vec<u8>| {
            let gone = |_| std::io::Error::other("the package could not be written");
            send.blocking_send((n, piece)).map_err(gone)
        };
        let (root, shown) = (source.root.as_deref(), source.shown.as_str());
        send_stripped(&source.media, &source.path, root, shown, &mut take)
    });
    while let Some((n, piece)) = pieces.recv().await {
        writer.put_piece(file.media.id, n, piece).await?;
    }
    let stopped = |e| CommandError::new("internal", format!("stripping a medium stopped: {e}"));
    let sent = sending.await.map_err(stopped)?;
    let files = sent.map_err(|error| refused(file.media.id, &error))?;
    put(writer, &file.media, files).await
}

async fn put(writer: &mut PackageWriter, media: &MediaRef, files: Vec<OutFile>) -> Result<()> {
    let packed = files.into_iter().map(|file| PackedFile {
        name: file.name,
        bytes: file.bytes,
        hash: file.hash,
    });
    let packed: Vec<PackedFile> = packed.collect();
    Ok(writer.put_medium(media, &packed).await?)
}

fn refused(id: MediaId, error: &OutgoingError) -> CommandError {
    CommandError::new(
        error.code(),
        format!("no package was made, because of the medium {id}: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_package_is_called_after_project_and_person() {
        assert_eq!(
            file_name("My bench", "Ana/../x"),
            "My-bench-Ana----x.tiebreak"
        );
        assert_eq!(file_name("评测", "سلمى"), "评测-سلمى.tiebreak");
        assert_eq!(file_name(" ", "//"), "package.tiebreak");
    }
}
