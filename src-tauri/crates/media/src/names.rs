//! What a row, or a file that names others, may call a media file.
//!
//! A name from outside is a path below a declared folder and nothing else. Each other thing that
//! turns up in real data is refused by its own name, so that the person can mend the row.

use crate::error::MediaError;

/// Checks a name and returns it with `/` between its components, without `.` and empty ones.
///
/// Backslashes stay as they are (on Linux they may belong to a name), but count as separators
/// wherever that makes the check stricter.
///
/// # Errors
/// When it is empty, absolute, an address, climbs, or holds what no file name can.
pub fn check(given: &str) -> Result<String, MediaError> {
    let name = || given.to_owned();
    if given.trim().is_empty() {
        return Err(MediaError::EmptyName { name: name() });
    }
    if given.contains('\0') {
        return Err(MediaError::Nul { name: name() });
    }
    if let Some((what, todo)) = address(given) {
        return Err(MediaError::Address {
            name: name(),
            what,
            todo,
        });
    }
    if is_absolute(given) {
        return Err(MediaError::Absolute { name: name() });
    }
    if given.split(['/', '\\']).any(|part| part == "..") {
        return Err(MediaError::Climbs { name: name() });
    }
    let parts: Vec<&str> = given
        .split('/')
        .filter(|p| !p.is_empty() && *p != ".")
        .collect();
    if parts.is_empty() {
        return Err(MediaError::EmptyName { name: name() });
    }
    Ok(parts.join("/"))
}

/// `/x`, `\x`, `\\server\x`, `C:\x`, `C:/x`.
fn is_absolute(given: &str) -> bool {
    let bytes = given.as_bytes();
    match bytes {
        [b'/' | b'\\', ..] => true,
        [drive, b':', b'/' | b'\\', ..] => drive.is_ascii_alphabetic(),
        _ => false,
    }
}

/// What kind of address a name is, if it is one, and what to do about it.
fn address(given: &str) -> Option<(&'static str, &'static str)> {
    let start: String = given
        .trim_start()
        .chars()
        .take(40)
        .collect::<String>()
        .to_ascii_lowercase();
    let scheme = start.split(':').next().filter(|_| start.contains(':'))?;
    match scheme {
        "http" | "https" => Some((
            "a web address",
            "download the file into the media folder, and give its path there",
        )),
        "file" => Some((
            "a file: address",
            "give the path relative to the media folder",
        )),
        "data" => Some((
            "a data: address",
            "save its content as a file in the media folder",
        )),
        _ if start
            .get(scheme.len()..)
            .is_some_and(|rest| rest.starts_with("://")) =>
        {
            Some((
                "an address",
                "copy the file into the media folder, and give its path there",
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(name: &str) -> &'static str {
        check(name).map_or_else(|error| error.code(), |_| "fine")
    }

    #[test]
    fn ordinary_names_come_back_normalised() {
        assert_eq!(check("t2v/modelA/0001.mp4").unwrap(), "t2v/modelA/0001.mp4");
        assert_eq!(check("./a//b/./c.png").unwrap(), "a/b/c.png");
        assert_eq!(check("12:30 a..b ….png").unwrap(), "12:30 a..b ….png");
        assert_eq!(check("a\\b.png").unwrap(), "a\\b.png");
    }

    #[test]
    fn each_wrong_name_is_refused_by_its_own() {
        for name in ["", " ", "./", "."] {
            assert_eq!(code(name), "media_name_empty", "{name:?}");
        }
        for name in ["/etc/passwd", "\\\\server\\x", "C:\\x", "c:/x", "\\x"] {
            assert_eq!(code(name), "media_absolute_path", "{name}");
        }
        for name in ["..", "a/../b", "a\\..\\b", "../x", "a/.."] {
            assert_eq!(code(name), "media_climbs_out", "{name}");
        }
        for name in [
            "HTTP://x/y.png",
            "https:x",
            "file:///etc/passwd",
            "data:image/png;base64,A",
            "s3://b/k",
        ] {
            assert_eq!(code(name), "media_address", "{name}");
        }
        assert_eq!(code("a\0.png"), "media_name_nul");
    }

    #[test]
    fn addresses_have_their_own_sentences() {
        assert!(
            check("http://x")
                .unwrap_err()
                .to_string()
                .contains("download")
        );
        assert!(
            check("data:x")
                .unwrap_err()
                .to_string()
                .contains("save its content")
        );
    }
}
