//! glTF in its JSON form: an object with an `asset`, which says its version.
//!
//! Only the keys of the outermost object are looked at, by one pass over the first bytes: the
//! whole may be hundreds of megabytes with its buffers inside.

use crate::bytes::without_bom;
use crate::kinds;

use super::text::is_text;
use super::{Answer, Sample, no, yes};

/// Keys of a glTF that may stand before `asset`, when that lies beyond the first bytes.
const GLTF_KEYS: [&[u8]; 9] = [
    b"accessors",
    b"bufferViews",
    b"buffers",
    b"extensionsUsed",
    b"images",
    b"materials",
    b"meshes",
    b"nodes",
    b"scenes",
];

pub(super) fn sniff(sample: &Sample<'_>) -> Answer {
    let text = without_bom(sample.head).trim_ascii_start();
    if !matches!(text, [b'{' | b'[', ..]) || !is_text(text) {
        return None;
    }
    let keys = outer_keys(text);
    let named = sample.ends(&["gltf"]);
    let asset = keys
        .iter()
        .any(|(key, value)| *key == b"asset" && (named || *value == Some(b'{')));
    let likely = named && keys.iter().any(|(key, _)| GLTF_KEYS.contains(key));
    if asset || likely {
        return yes(kinds::GLTF);
    }
    // “[sic]” begins a text as well as a list does.
    (named || text.starts_with(b"{")).then_some(())?;
    no(
        "JSON that is no glTF scene",
        "give the media file that it describes",
    )
}

/// The keys of the outermost object, each with the first byte of its value.
fn outer_keys(text: &[u8]) -> Vec<(&[u8], Option<u8>)> {
    const MOST: usize = 256;
    let (mut keys, mut depth, mut at) = (Vec::new(), 0u32, 0);
    let mut last: &[u8] = &[];
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let from = at;
                at = end_of_string(text, at);
                last = text.get(from..at.saturating_sub(1)).unwrap_or(&[]);
            }
            b':' if depth == 1 && keys.len() < MOST => {
                let value = text
                    .get(at..)
                    .and_then(|rest| rest.trim_ascii_start().first());
                keys.push((last, value.copied()));
            }
            _ => {}
        }
    }
    keys
}

/// The position after the quote that ends the string which begins at `at`.
fn end_of_string(text: &[u8], mut at: usize) -> usize {
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    fn says(text: &str, name: &str) -> &'static str {
        crate::sniff(text.as_bytes(), 99_000, name).map_or_else(|e| e.code(), |k| k.extension)
    }

    #[test]
    fn an_asset_makes_a_scene() {
        assert_eq!(says(r#"{"asset":{"version":"2.0"}}"#, "a"), "gltf");
        assert_eq!(
            says("\u{feff} { \"nodes\": [{}],\n \"asset\" : {", "a.json"),
            "gltf"
        );
        assert_eq!(says(r#"{"asset": 5}"#, "a.gltf"), "gltf");
        assert_eq!(says(r#"{"asset": 5}"#, "a.json"), "media_refused");
    }

    #[test]
    fn only_the_outermost_keys_count() {
        assert_eq!(
            says(r#"{"x":{"asset":{"version":"2.0"}}}"#, "a.json"),
            "media_refused"
        );
        assert_eq!(
            says(r#"{"x":"\"asset\":{","y":1}"#, "a.json"),
            "media_refused"
        );
        assert_eq!(
            says(r#"["asset", {"asset":{}}]"#, "a.gltf"),
            "media_refused"
        );
    }

    #[test]
    fn the_name_helps_where_asset_is_far_away() {
        assert_eq!(says(r#"{"buffers":[{"uri":"data:AAAA"#, "a.gltf"), "gltf");
        assert_eq!(
            says(r#"{"buffers":[{"uri":"data:AAAA"#, "a.json"),
            "media_refused"
        );
        assert_eq!(says("{\"", "a.gltf"), "media_refused");
        assert_eq!(says("{\"a\\", "a.gltf"), "media_refused");
    }
}
