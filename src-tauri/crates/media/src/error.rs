//! Everything that can be wrong with a media file, as sentences for the person who brought it.
//!
//! A message names the file as its row names it, never by an absolute path: messages travel into
//! logs and reports that others read.

use std::io;

/// A file that cannot be taken. Every message says what is wrong, with which file, what to do.
#[derive(Debug, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "each field is spelled out in the variant's own sentence"
)]
pub enum MediaError {
    /// A row gives an empty name, or one that leads nowhere from the folder, such as `.`.
    #[error("{}: give the file's path below that folder", nameless(.name))]
    EmptyName { name: String },
    /// A row gives an absolute path.
    #[error(
        "“{}” is an absolute path, and files are read below the declared media folder only: \
         give the path relative to that folder", quote(.name)
    )]
    Absolute { name: String },
    /// A row gives an address instead of a path.
    #[error("“{}” is {what}, and nothing is fetched or opened by address: {todo}", quote(.name))]
    Address {
        name: String,
        what: &'static str,
        todo: &'static str,
    },
    /// A row gives a path that climbs.
    #[error(
        "“{}” climbs out with “..”, which no media path may do: give a path that only goes down \
         from the media folder", quote(.name)
    )]
    Climbs { name: String },
    /// A name holds a NUL character.
    #[error("“{}” holds a NUL character, which no file name can: mend the row", quote(.name))]
    Nul { name: String },
    /// A link leads out of the declared folder.
    #[error(
        "“{}” is a link that leads out of the media folder: put the file itself into the folder, \
         or declare the folder it lies in", quote(.name)
    )]
    LeadsOut { name: String },
    /// There is no such file.
    #[error(
        "“{}” is not there: check the name, and that the media folder is the right one",
        quote(.name)
    )]
    NotFound { name: String },
    /// There is no such file, but one whose name differs in case alone.
    #[error(
        "“{}” is not there, but there is “{}”, which differs only in case: rename one of the two",
        quote(.name), quote(.there)
    )]
    CaseDiffers { name: String, there: String },
    /// The thing with that name is no regular file.
    #[error("“{}” is {what}, not a file: give the file itself", quote(.name))]
    NotAFile { name: String, what: &'static str },
    /// The declared folder is none.
    #[error("“{}” is not a folder that can be opened: {reason}", quote(.name))]
    BadRoot { name: String, reason: String },
    /// A file without content.
    #[error("“{}” is empty (0 bytes): its download or copy failed; get it again", quote(.name))]
    Empty { name: String },
    /// A file above the limit.
    #[error(
        "“{}” has {bytes} bytes, more than the {limit} that are taken: cut or compress it",
        quote(.name)
    )]
    TooLarge {
        name: String,
        bytes: u64,
        limit: u64,
    },
    /// A picture that declares too many pixels.
    #[error(
        "“{}” declares {width} × {height} pixels, more than is opened (200 megapixels, 65,500 a \
         side): scale it down", quote(.name)
    )]
    TooManyPixels {
        name: String,
        width: u32,
        height: u32,
    },
    /// Content that is not shown.
    #[error("“{}” {}{what}, which cannot be shown: {todo}", quote(.name), claim(.says.as_deref()))]
    Refused {
        name: String,
        says: Option<String>,
        what: &'static str,
        todo: &'static str,
    },
    /// A known file is no longer there.
    #[error(
        "“{}” is missing: it was there when the project took it; put it back", quote(.name)
    )]
    Missing { name: String },
    /// A known file is no longer what it was.
    #[error(
        "“{}” has changed since the project took it ({how}): put the original back, or import \
         the new one as a file of its own", quote(.name)
    )]
    Changed { name: String, how: String },
    /// A file that names parts beside it cannot be read that far.
    #[error("the list of parts in “{}” cannot be read: {reason}", quote(.name))]
    BadParts { name: String, reason: String },
    /// A file asks for a part it may not have.
    #[error("“{}” asks for a part it cannot have: {source}", quote(.name))]
    BadPart {
        name: String,
        source: Box<MediaError>,
    },
    /// A file that needs others beside it was to be copied without them.
    #[error(
        "“{}” needs other files beside it (the first is “{}”), and only single files are copied \
         into the project: use the media in place, without copying them", quote(.name), quote(.first)
    )]
    HasParts { name: String, first: String },
    /// The system refused.
    #[error("“{}” could not be {doing} ({source}): {}", quote(.name), advice(.source))]
    Io {
        name: String,
        doing: &'static str,
        source: io::Error,
    },
}

/// What was being done when the project could not take a copy.
pub(crate) const KEEPING: &str = "copied into the project";

/// The `name` of an error, whichever it is.
macro_rules! named {
    ($error:expr) => {
        match $error {
            MediaError::EmptyName { name }
            | MediaError::Absolute { name }
            | MediaError::Address { name, .. }
            | MediaError::Climbs { name }
            | MediaError::Nul { name }
            | MediaError::LeadsOut { name }
            | MediaError::NotFound { name }
            | MediaError::CaseDiffers { name, .. }
            | MediaError::NotAFile { name, .. }
            | MediaError::BadRoot { name, .. }
            | MediaError::Empty { name }
            | MediaError::TooLarge { name, .. }
            | MediaError::TooManyPixels { name, .. }
            | MediaError::Refused { name, .. }
            | MediaError::Missing { name }
            | MediaError::Changed { name, .. }
            | MediaError::BadParts { name, .. }
            | MediaError::BadPart { name, .. }
            | MediaError::HasParts { name, .. }
            | MediaError::Io { name, .. } => name,
        }
    };
}

impl MediaError {
    /// A short word for the kind of error, the same in every release.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EmptyName { .. } => "media_name_empty",
            Self::Absolute { .. } => "media_absolute_path",
            Self::Address { .. } => "media_address",
            Self::Climbs { .. } => "media_climbs_out",
            Self::Nul { .. } => "media_name_nul",
            Self::LeadsOut { .. } => "media_link_out",
            Self::NotFound { .. } => "media_not_found",
            Self::CaseDiffers { .. } => "media_case_differs",
            Self::NotAFile { .. } => "media_not_a_file",
            Self::BadRoot { .. } => "media_bad_root",
            Self::Empty { .. } => "media_empty",
            Self::TooLarge { .. } => "media_too_large",
            Self::TooManyPixels { .. } => "media_too_many_pixels",
            Self::Refused { .. } => "media_refused",
            Self::Missing { .. } => "media_missing",
            Self::Changed { .. } => "media_changed",
            Self::BadParts { .. } => "media_parts_unreadable",
            Self::BadPart { .. } => "media_bad_part",
            Self::HasParts { .. } => "media_has_parts",
            Self::Io { .. } => "media_io",
        }
    }

    /// The file the error is about, as it was named.
    #[must_use]
    pub fn name(&self) -> &str {
        named!(self)
    }

    /// The same error about the file as its row names it: `t2v/a/0001.mp4` rather than `0001.mp4`.
    #[must_use]
    pub fn with_name(mut self, name: &str) -> Self {
        name.clone_into(named!(&mut self));
        self
    }

    /// Whether it is the project that could not take a copy, whatever the file is: a full disk, a
    /// folder that may not be written to. No other file would fare better.
    #[must_use]
    pub fn is_of_the_project(&self) -> bool {
        matches!(self, Self::Io { doing, .. } if *doing == KEEPING)
    }

    /// An error of the system while `doing` ("read", "written") something with a file.
    pub(crate) fn io(name: &str, doing: &'static str, source: io::Error) -> Self {
        Self::Io {
            name: name.to_owned(),
            doing,
            source,
        }
    }
}

fn nameless(name: &str) -> String {
    if name.trim().is_empty() {
        return "the name of a media file is empty, which is the media folder itself".to_owned();
    }
    format!("“{}” is the media folder itself", quote(name))
}

fn claim(says: Option<&str>) -> String {
    says.map_or_else(|| "is ".to_owned(), |ext| format!("says .{ext} but holds "))
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "allow this user to, and try again",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space, and try again"
        }
        io::ErrorKind::InvalidFilename => "shorten the name",
        _ => "check the disk or the connection to it, and try again",
    }
}

/// A name as it is put into a message: brief, and without characters that could disguise it.
pub(crate) fn quote(name: &str) -> String {
    const EACH_END: usize = 70;
    let shown: Vec<char> = name
        .chars()
        .take(8 * 1024)
        .map(|c| if disguises(c) { '\u{fffd}' } else { c })
        .collect();
    if shown.len() <= 2 * EACH_END {
        return shown.into_iter().collect();
    }
    let (head, tail) = (
        shown.iter().take(EACH_END),
        shown.iter().skip(shown.len() - EACH_END),
    );
    head.chain(std::iter::once(&'…')).chain(tail).collect()
}

/// Control characters, and those that turn the reading direction.
fn disguises(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_quotes_a_hostile_name_briefly_and_plainly() {
        let name = format!("a\n\u{202e}gnp.{}.mp4", "x".repeat(9000));
        let message = MediaError::NotFound { name }.to_string();
        assert!(
            message.len() < 600 && !message.contains(['\n', '\u{202e}']),
            "{message}"
        );
    }

    #[test]
    fn an_error_takes_the_name_its_row_gives() {
        let error = MediaError::Empty {
            name: "1.png".into(),
        }
        .with_name("t2i/a/1.png");
        assert_eq!(error.name(), "t2i/a/1.png");
        assert!(
            error.to_string().starts_with("“t2i/a/1.png” is empty"),
            "{error}"
        );
        assert_eq!(error.code(), "media_empty");
    }

    #[test]
    fn a_full_disk_says_so() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert!(
            MediaError::io("a", "written", full)
                .to_string()
                .contains("free some space")
        );
    }
}
