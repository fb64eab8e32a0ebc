//! Which media the page may ask for, and under which random id.
//!
//! A page never learns a media id (it is the content's hash: two annotators could compare them, or
//! look a file up). It gets a ticket: 128 random bits that mean one medium for one session.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tiebreak_domain::MediaId;

use super::MediaServerError;
use super::token::random_hex;

/// A medium that may be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its file, links resolved: a link there is refused when it is opened.
    pub path: PathBuf,
    /// Its media type, as it was recognised by content.
    pub mime: String,
    /// Its size; a file that has another one by now is not served.
    pub bytes: u64,
}

/// The session's tickets.
#[derive(Debug, Default)]
pub struct MediaTickets {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    ids: HashMap<MediaId, String>,
    tickets: HashMap<String, Ticket>,
}

impl MediaTickets {
    /// Lets the page ask for a medium; returns the id to put after the server's base. Within a
    /// session one medium keeps one id, so that a page which shows it twice loads it once; where
    /// its file lies may change.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn register(&self, media: MediaId, ticket: Ticket) -> Result<String, MediaServerError> {
        let mut known = self.lock();
        let id = match known.ids.get(&media) {
            Some(id) => id.clone(),
            None => {
                let id = random_hex::<16>()?;
                known.ids.insert(media, id.clone());
                id
            }
        };
        known.tickets.insert(id.clone(), ticket);
        Ok(id)
    }

    /// What an id means in this session.
    #[must_use]
    pub fn resolve(&self, id: &str) -> Option<Ticket> {
        self.lock().tickets.get(id).cloned()
    }

    /// Which medium an id stands for in this session.
    #[must_use]
    pub fn media(&self, id: &str) -> Option<MediaId> {
        let known = self.lock();
        let mut ids = known.ids.iter();
        ids.find(|(_, given)| *given == id).map(|(media, _)| *media)
    }

    /// Ends the session: every id so far means nothing, and a medium gets a new one. To be called
    /// whenever another project, annotator or role takes the window.
    pub fn forget_all(&self) {
        *self.lock() = Known::default();
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(path: &str) -> Ticket {
        Ticket {
            path: path.into(),
            mime: "image/png".into(),
            bytes: 1,
        }
    }

    #[test]
    fn one_medium_keeps_one_id_until_the_session_ends() {
        let tickets = MediaTickets::default();
        let (cat, dog) = (MediaId::of(b"cat"), MediaId::of(b"dog"));
        let first = tickets.register(cat, ticket("/a")).unwrap();
        assert_eq!(first.len(), 32);
        assert_eq!(tickets.register(cat, ticket("/b")).unwrap(), first);
        assert_eq!(tickets.resolve(&first), Some(ticket("/b")));
        assert_ne!(tickets.register(dog, ticket("/c")).unwrap(), first);
        assert_eq!(tickets.resolve("no such id"), None);
        assert_eq!(tickets.media(&first), Some(cat));

        tickets.forget_all();
        assert_eq!(tickets.resolve(&first), None);
        assert_eq!(tickets.media(&first), None);
        assert_ne!(tickets.register(cat, ticket("/a")).unwrap(), first);
    }

    #[test]
    fn an_id_says_nothing_about_the_medium() {
        let media = MediaId::of(b"cat");
        let ids: Vec<_> = (0..3)
            .map(|_| {
                MediaTickets::default()
                    .register(media, ticket("/a"))
                    .unwrap()
            })
            .collect();
        assert!(ids[0] != ids[1] && ids[1] != ids[2]);
        assert!(
            ids.iter()
                .all(|id| !media.to_string().contains(id.as_str()))
        );
    }
}
