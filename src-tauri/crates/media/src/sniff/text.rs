//! Text that is no mesh: web pages, SVG and other markup, plain words.

use crate::bytes::{find, start, without_bom};

use super::{Answer, Sample, no};

/// How much of a text is searched for the tag that names its kind.
const SEARCH: usize = 4096;
const PAGE_STARTS: [&[u8]; 8] = [
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<body",
    b"<script",
    b"<title",
    b"<iframe",
    b"<meta",
];

pub(super) fn sniff(sample: &Sample<'_>) -> Answer {
    if sample.head.starts_with(b"\xff\xfe") || sample.head.starts_with(b"\xfe\xff") {
        return no("text in UTF-16", "put the words into the row itself");
    }
    if !is_text(sample.head) {
        return None;
    }
    let text = without_bom(sample.head).trim_ascii_start();
    let lower = start(text, SEARCH).to_ascii_lowercase();
    markup(&lower).or_else(|| {
        no(
            "plain text",
            "put the words into the row itself, or give the media file meant",
        )
    })
}

fn markup(lower: &[u8]) -> Answer {
    if !lower.starts_with(b"<") {
        return None;
    }
    // A drawing may hold a page and a page a drawing: the outer one stands first.
    let page = PAGE_STARTS.iter().filter_map(|tag| find(lower, tag)).min();
    let drawing = find(lower, b"<svg").or_else(|| find(lower, b"<!doctype svg"));
    match (page, drawing) {
        (Some(page), Some(drawing)) if drawing < page => svg(),
        (Some(_), _) => no(
            "a web page (HTML)",
            "give the media file that the page shows",
        ),
        (None, Some(_)) => svg(),
        _ if find(lower, b"<collada").is_some() => no("a COLLADA scene", "convert it to GLB"),
        _ if find(lower, b"<x3d").is_some() => no("an X3D scene", "convert it to GLB"),
        _ if lower.starts_with(b"<?xml") => no("XML", "give the media file that it describes"),
        _ => None,
    }
}

fn svg() -> Answer {
    no(
        "an SVG drawing, which may hold scripts",
        "convert it to PNG",
    )
}

/// Whether bytes read as text: no control characters but white space (and escape).
pub(super) fn is_text(head: &[u8]) -> bool {
    let control = |b: &u8| matches!(b, 0..=8 | 14..=26 | 28..=31 | 127);
    !start(head, 8192).iter().any(control)
}

#[cfg(test)]
mod tests {
    fn says(text: &str) -> String {
        crate::sniff(text.as_bytes(), 9_000, "a")
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn markup_is_named() {
        assert!(says("<!DOCTYPE html>\n<svg>").contains("a web page (HTML)"));
        assert!(says("<!-- x --><HTML>").contains("a web page (HTML)"));
        assert!(says("<svg xmlns='x'><foreignObject><body>").contains("SVG"));
        assert!(says("<?xml version='1.0'?>\n<!DOCTYPE svg PUBLIC><svg>").contains("scripts"));
        assert!(says("<?xml?><COLLADA>").contains("COLLADA"));
        assert!(says("<?xml?><rss>").contains("is XML"));
    }

    #[test]
    fn words_belong_into_the_row() {
        assert!(says("Grüß Gott").contains("is plain text, which cannot be shown: put the words"));
        assert!(says("a < b").contains("plain text"));
    }
}
