//! Ogg (RFC 3533): the first page of each stream names its codec, and these pages come first.

use crate::bytes::{has, u8_at};
use crate::kinds;

use super::{Answer, Sample, no, yes};

const FILM: [&[u8]; 4] = [b"\x80theora", b"BBCD\0", b"\x80daala", b"OVP80"];
const SOUND: [&[u8]; 4] = [b"\x01vorbis", b"\x7fFLAC", b"fLaC", b"Speex   "];
/// Streams beyond these are not looked at.
const MAX_STREAMS: usize = 32;

pub(super) fn sniff(sample: &Sample<'_>) -> Answer {
    if !sample.head.starts_with(b"OggS") {
        return None;
    }
    let begins = |marks: &[&[u8]]| {
        first_packets(sample.head).any(|packet| marks.iter().any(|mark| packet.starts_with(mark)))
    };
    if begins(&FILM) {
        yes(kinds::OGV)
    } else if begins(&[b"OpusHead"]) {
        yes(kinds::OPUS)
    } else if begins(&SOUND) {
        yes(kinds::OGG)
    } else {
        no(
            "an Ogg file with a codec nobody knows here",
            "convert it to Opus, FLAC or WebM",
        )
    }
}

/// What follows the header of each page that begins a stream.
fn first_packets(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 0usize;
    std::iter::from_fn(move || {
        let begins_stream = u8_at(head, at + 5)? & 2 != 0;
        if !has(head, at, b"OggS") || !begins_stream {
            return None;
        }
        let segments = usize::from(u8_at(head, at + 26)?);
        let sizes = head.get(at + 27..at + 27 + segments)?;
        let from = at + 27 + segments;
        at = from + sizes.iter().map(|s| usize::from(*s)).sum::<usize>();
        head.get(from..)
    })
    .take(MAX_STREAMS)
}

#[cfg(test)]
mod tests {
    fn page(packet: &[u8]) -> Vec<u8> {
        let size = u8::try_from(packet.len()).unwrap();
        [b"OggS\0\x02", &[0; 20][..], &[1, size], packet].concat()
    }

    fn says(packets: &[&[u8]]) -> &'static str {
        let file: Vec<u8> = packets.iter().flat_map(|p| page(p)).collect();
        crate::sniff(&file, 9_000, "a").map_or_else(|e| e.code(), |kind| kind.extension)
    }

    #[test]
    fn the_codec_decides() {
        assert_eq!(says(&[b"OpusHead\x01"]), "opus");
        assert_eq!(says(&[b"\x01vorbis\0"]), "ogg");
        assert_eq!(says(&[b"\x7fFLAC\x01\0"]), "ogg");
        assert_eq!(says(&[b"Speex   1.2"]), "ogg");
        assert_eq!(says(&[b"CMML\0"]), "media_refused");
        let bare = crate::sniff(b"OggS", 4, "a.ogg").unwrap_err().to_string();
        assert!(bare.contains("is an Ogg file with a codec"), "{bare}");
    }

    #[test]
    fn any_film_makes_it_video() {
        assert_eq!(
            says(&[b"fishead\0", b"\x01vorbis", b"\x80theora\x03"]),
            "ogv"
        );
        assert_eq!(says(&[b"OpusHead", b"\x80theora"]), "ogv");
    }
}
