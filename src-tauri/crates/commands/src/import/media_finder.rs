//! Finding the media of rows: under their root, each file looked at once, or within the rows.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use tiebreak_domain::MediaId;
use tiebreak_exchange::{MediaSource, Problem};
use tiebreak_media::{
    Found, Identified, Kind, MediaError, check_name, copy_in, identify_bytes, name_differs, parts,
    put_bytes, stored_path,
};
use tiebreak_store::{MediaLink, NewMedia, Where};

use super::media_root::MediaRoot;
use super::put::Put;

/// Where media are put, by their ids.
#[derive(Default)]
pub(crate) struct Target {
    /// The project that takes what comes within rows; none where nothing may be written.
    pub(crate) project: Option<PathBuf>,
    /// Whether files under the root are copied into it too.
    pub(crate) copy: bool,
}

/// Finds the media of one file: a file of texts needs no root.
pub(crate) struct MediaFinder {
    root: MediaRoot,
    target: Target,
    seen: HashMap<String, Result<NewMedia, String>>,
    /// Media that came within rows.
    within: HashSet<MediaId>,
    /// What names of media within rows stand for.
    named: HashMap<String, MediaId>,
    /// What this import has put into the project.
    pub(crate) put: Put,
    /// Media in the project that the rows understood so far need.
    used: HashSet<MediaId>,
    /// Why the project can take no copies: nothing more of the file is worth reading then.
    pub(crate) failed: Option<MediaError>,
    /// Files found under the root.
    pub(crate) found: u64,
    /// What is worth telling of media that were found.
    pub(crate) remarks: Vec<Problem>,
}

impl MediaFinder {
    /// `named`: what the names that the project knows already stand for.
    pub(crate) fn new(root: MediaRoot, target: Target, named: HashMap<String, MediaId>) -> Self {
        Self {
            root,
            target,
            seen: HashMap::new(),
            within: HashSet::new(),
            named,
            put: Put::default(),
            used: HashSet::new(),
            failed: None,
            found: 0,
            remarks: Vec::new(),
        }
    }

    /// The root's path on this machine.
    pub(crate) fn root(&self) -> String {
        self.root.path().display().to_string()
    }

    /// Media found, under the root and within rows.
    pub(crate) fn media(&self) -> u64 {
        self.found + self.within.len() as u64
    }

    /// Notes that a row was understood which needs these.
    pub(crate) fn use_up(&mut self, links: &[MediaLink]) {
        let stored = links.iter().filter(|link| link.file.at == Where::Stored);
        self.used.extend(stored.map(|link| link.file.media.id));
    }

    /// What this import has put into the project for the rows that were understood; what it put
    /// there for others is taken away.
    pub(crate) fn into_put(mut self) -> Put {
        self.put.keep_only(&self.used);
        self.put
    }

    /// The sentence for a row; where it is the project that is at fault, that is noted too.
    fn said(&mut self, error: MediaError) -> String {
        let mut says = error.to_string();
        if let (MediaError::NotFound { .. }, Some(places)) = (&error, self.root.places()) {
            says.push_str(&format!(" (looked for in {places})"));
        }
        if error.is_of_the_project() {
            self.failed.get_or_insert(error);
        }
        says
    }

    /// Finds the media that one place of a row names; the first that fails refuses the row.
    pub(crate) fn links(
        &mut self,
        row: u64,
        sources: &[MediaSource],
    ) -> Result<Vec<MediaLink>, Problem> {
        let links = sources.iter().map(|source| {
            let (MediaSource::Path { field, .. } | MediaSource::Bytes { field, .. }) = source;
            self.link(source)
                .map_err(|why| Problem::new(row, "media", why).of(field.clone()))
        });
        links.collect()
    }

    /// Finds one medium, and says what it is called.
    pub(crate) fn link(&mut self, source: &MediaSource) -> Result<MediaLink, String> {
        match source {
            MediaSource::Path { path, .. } => Ok(MediaLink {
                file: self.find(path)?,
                name: path.clone(),
            }),
            MediaSource::Bytes { name, bytes, .. } => {
                let said = source.shown();
                let kept = self.keep(said, bytes);
                let found = kept.map_err(|error| self.said(error))?;
                Ok(MediaLink {
                    name: self.name(name.as_deref(), &found),
                    file: NewMedia {
                        media: found.media,
                        at: Where::Stored,
                    },
                })
            }
        }
    }

    fn find(&mut self, path: &str) -> Result<NewMedia, String> {
        if let Some(known) = self.seen.get(path) {
            return known.clone();
        }
        let looked = self.look(path).map_err(|error| self.said(error));
        self.found += u64::from(looked.is_ok());
        self.seen.insert(path.to_owned(), looked.clone());
        looked
    }

    /// Puts bytes into the project, or only looks at them where nothing may be written.
    fn keep(&mut self, said: &str, bytes: &[u8]) -> Result<Identified, MediaError> {
        let found = identify_bytes(bytes, said)?;
        let id = found.media.id;
        if self.within.contains(&id) {
            return Ok(found);
        }
        if let Some(project) = &self.target.project {
            let target = stored_path(project, id);
            self.put.expect(project, id, &target);
            put_bytes(bytes, said, project)?;
        }
        self.within.insert(id);
        self.remark_ending(said, &found.kind);
        Ok(found)
    }

    /// What a medium within a row is called from now on: as the row says, unless that is no name
    /// for a file, or stands for another one already.
    fn name(&mut self, given: Option<&str>, found: &Identified) -> String {
        let id = found.media.id;
        let hex: String = id.to_string().chars().take(16).collect();
        let made = format!("{hex}.{}", found.kind.extension);
        let Some(given) = given.filter(|name| !name.trim().is_empty()) else {
            return made;
        };
        let why = match (
            check_name(given),
            self.named.get(given),
            self.seen.get(given),
        ) {
            (Err(error), ..) => error.to_string(),
            (_, Some(other), _) if *other != id => {
                format!("“{given}” is the name of several different files")
            }
            (_, _, Some(Ok(other))) if other.media.id != id => {
                format!("“{given}” is the name of several different files")
            }
            _ => {
                self.named.insert(given.to_owned(), id);
                return given.to_owned();
            }
        };
        if self.named.insert(made.clone(), id).is_none() {
            let says = format!("{why}: the one within the rows is called {made} from now on");
            self.remarks.push(Problem::new(0, "name_made", says));
        }
        made
    }

    fn look(&mut self, path: &str) -> Result<NewMedia, MediaError> {
        let found = self.root.find(path, &mut self.remarks)?;
        let copy_into = self.target.project.as_deref().filter(|_| self.target.copy);
        let (identified, at) = match copy_into {
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
                self.put.expect(project, known.media.id, &target);
                let copy =
                    copy_in(&found.path, project).map_err(|e| e.with_name(&found.relative))?;
                (copy, Where::Stored)
            }
        };
        self.remark_ending(path, &identified.kind);
        Ok(NewMedia {
            media: identified.media,
            at,
        })
    }

    fn remark_ending(&mut self, name: &str, kind: &Kind) {
        if name_differs(name, kind) {
            let says = format!(
                "{name}: its name says something else, but it holds {}: it is taken as that",
                kind.mime
            );
            self.remarks.push(Problem::new(0, "name_differs", says));
        }
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
