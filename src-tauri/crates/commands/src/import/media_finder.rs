//! Finding the media of rows under their root, each file looked at once.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use tiebreak_exchange::{MediaSource, Problem};
use tiebreak_media::{Found, Kind, MediaError, Root, copy_in, name_differs, parts, stored_path};
use tiebreak_store::{MediaLink, NewMedia, Where};

/// A root that is opened when the first row asks for a medium: a file of texts needs none.
pub(crate) struct MediaFinder {
    folder: PathBuf,
    root: Option<Root>,
    copy_into: Option<PathBuf>,
    seen: HashMap<String, Result<NewMedia, String>>,
    /// Files that were copied into the project by this import.
    pub(crate) copied: BTreeSet<PathBuf>,
    /// Files found.
    pub(crate) found: u64,
    /// What is worth telling of files that were found.
    pub(crate) remarks: Vec<(String, String)>,
}

impl MediaFinder {
    pub(crate) fn new(folder: &Path, copy_into: Option<PathBuf>) -> Result<Self, MediaError> {
        Ok(Self {
            folder: folder.to_path_buf(),
            root: None,
            copy_into,
            seen: HashMap::new(),
            copied: BTreeSet::new(),
            found: 0,
            remarks: Vec::new(),
        })
    }

    /// The root's path on this machine.
    pub(crate) fn root(&self) -> String {
        self.root
            .as_ref()
            .map_or(&*self.folder, Root::path)
            .display()
            .to_string()
    }

    /// Finds the media that one place of a row names; the first that fails refuses the row.
    pub(crate) fn links(
        &mut self,
        row: u64,
        sources: &[MediaSource],
    ) -> Result<Vec<MediaLink>, Problem> {
        sources
            .iter()
            .map(|source| {
                let MediaSource::Path { field, path } = source;
                match self.find(path) {
                    Ok(file) => Ok(MediaLink {
                        file,
                        name: path.clone(),
                    }),
                    Err(why) => Err(Problem::new(row, "media", why).of(field.clone())),
                }
            })
            .collect()
    }

    pub(crate) fn find(&mut self, path: &str) -> Result<NewMedia, String> {
        if let Some(known) = self.seen.get(path) {
            return known.clone();
        }
        let looked = self.look(path).map_err(|error| error.to_string());
        self.found += u64::from(looked.is_ok());
        self.seen.insert(path.to_owned(), looked.clone());
        looked
    }

    fn look(&mut self, path: &str) -> Result<NewMedia, MediaError> {
        let root = match &self.root {
            Some(root) => root,
            None => self.root.insert(Root::open(&self.folder)?),
        };
        let found = root.find(path)?;
        let (identified, at) = match &self.copy_into {
            None => {
                let at = Where::Under {
                    root: 0,
                    path: found.relative.clone(),
                };
                (found.identify()?, at)
            }
            Some(project) => {
                let known = found.identify()?;
                whole(&found, &known.kind)?;
                let target = stored_path(project, known.media.id);
                let was_there = target.exists();
                let copy =
                    copy_in(&found.path, project).map_err(|e| e.with_name(&found.relative))?;
                if !was_there {
                    self.copied.insert(target);
                }
                (copy, Where::Stored)
            }
        };
        if name_differs(path, &identified.kind) {
            let says = format!(
                "its name says something else, but it holds {}: it is taken as that",
                identified.kind.mime
            );
            self.remarks.push((path.to_owned(), says));
        }
        Ok(NewMedia {
            media: identified.media,
            at,
        })
    }
}

/// Refuses to copy a model that needs files beside it: they would stay behind. One whose list of
/// parts cannot be read is copied as it is, and does not show.
fn whole(found: &Found, kind: &Kind) -> Result<(), MediaError> {
    let first = match parts(&found.path, kind) {
        Ok(parts) => parts.into_iter().next(),
        Err(error @ MediaError::BadPart { .. }) => return Err(error),
        Err(_) => None,
    };
    let name = found.relative.clone();
    first.map_or(Ok(()), |first| Err(MediaError::HasParts { name, first }))
}
