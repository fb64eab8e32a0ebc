//! Which media types are sent as they are.
//!
//! A browser runs some types as a page or as a script. Imported files are hostile, so only those
//! that it can do nothing with but show are named; the rest goes as bytes, which the page may
//! still fetch and look at itself.

/// What is sent instead of a type that isn't named.
pub(super) const BYTES: &str = "application/octet-stream";

/// The type to send for a medium of type `mime`, parameters dropped.
pub(super) fn sent_as(mime: &str) -> &str {
    let bare = mime.split(';').next().unwrap_or_default().trim();
    let plain = bare
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"/.+-_".contains(&b));
    let Some((kind, name)) = bare.split_once('/').filter(|_| plain) else {
        return BYTES;
    };
    let shown = ["image", "video", "audio", "model"]
        .iter()
        .any(|k| kind.eq_ignore_ascii_case(k));
    let lower = name.to_ascii_lowercase();
    // SVG is a document with scripts, and so is whatever else is XML.
    if !shown || name.is_empty() || name.contains('/') || lower.contains("xml") || lower == "svg" {
        return BYTES;
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_keep_their_type() {
        for mime in [
            "image/png",
            "video/mp4",
            "audio/x-wav",
            "model/gltf-binary",
            "Image/WebP",
        ] {
            assert_eq!(sent_as(mime), mime);
        }
        assert_eq!(sent_as("video/webm; codecs=\"vp9\""), "video/webm");
    }

    #[test]
    fn whatever_could_become_a_page_is_bytes() {
        for mime in [
            "text/html",
            "text/plain",
            "image/svg+xml",
            "IMAGE/SVG+XML; charset=utf-8",
            "image/svg",
            "application/xhtml+xml",
            "model/vnd.collada+xml",
            "application/javascript",
            "image/png\r\nSet-Cookie: a=b",
            "image/",
            "image/a/b",
            "image",
            "",
        ] {
            assert_eq!(sent_as(mime), BYTES, "{mime:?}");
        }
    }
}
