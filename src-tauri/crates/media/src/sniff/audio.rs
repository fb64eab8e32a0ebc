//! Sound without a container of its own: FLAC, MP3, AAC in ADTS frames; and what stands before
//! such frames, ID3 and APE tags.
//!
//! A frame of MP3 begins with eleven set bits, which noise has often. So a frame counts when its
//! other bits are legal and the next frame stands where this one says it ends, or when the name
//! says so as well.

use crate::bytes::{array, be32, has, le32, start};
use crate::kinds::{self, Kind};

use super::{Answer, Sample, no, yes};

/// How far into a file called `.mp3` a first frame is looked for.
const SEARCH: usize = 64 * 1024;
const TO_FLAC: &str = "convert it to FLAC, WAV or Opus";

/// What has a signature.
pub(super) fn signed(sample: &Sample<'_>) -> Answer {
    let starts = |mark: &[u8]| sample.head.starts_with(mark);
    if starts(b"fLaC") {
        yes(kinds::FLAC)
    } else if starts(b"ID3") && matches!(sample.head.get(3), Some(2..=4)) {
        yes(after_id3(sample.head))
    } else if starts(b"#!AMR") {
        no("an AMR recording", TO_FLAC)
    } else if starts(b"caff\0\x01") {
        no("a Core Audio file", TO_FLAC)
    } else if starts(b"wvpk") || starts(b"MAC ") || starts(b"DSD ") || starts(b"TTA1") {
        no("sound in a codec nobody plays here", TO_FLAC)
    } else if starts(b"MThd") {
        no("a MIDI score", "render it to WAV or FLAC")
    } else {
        None
    }
}

/// An ID3 tag may stand before FLAC and AAC too; what is beyond the first bytes counts as MP3.
fn after_id3(head: &[u8]) -> Kind {
    let size = array::<4>(head, 6).map_or(0, |bytes| {
        bytes
            .iter()
            .fold(0usize, |sum, b| (sum << 7) | usize::from(b & 0x7f))
    });
    let rest = head.get(size + 10..).unwrap_or(&[]);
    if rest.starts_with(b"fLaC") {
        kinds::FLAC
    } else if adts_length(rest).is_some() {
        kinds::AAC
    } else {
        kinds::MP3
    }
}

/// What has frames alone.
pub(super) fn frames(sample: &Sample<'_>) -> Answer {
    let head = sample.head;
    let rest = head.get(ape_tag(head)..).unwrap_or(&[]);
    let named_mp3 = sample.ends(&["mp3", "mp2", "mpga"]);
    if let Some(length) = adts_length(rest)
        && (adts_length(rest.get(length..)?).is_some() || sample.ends(&["aac", "adts"]))
    {
        return yes(kinds::AAC);
    }
    if two_frames(rest) || (named_mp3 && is_mpeg_frame(rest) && !is_utf16(rest)) {
        return yes(kinds::MP3);
    }
    // Some encoders leave zeros or part of a frame before the first whole one.
    let near = start(head, SEARCH);
    let later = named_mp3 && (1..near.len()).any(|at| head.get(at..).is_some_and(two_frames));
    if later { yes(kinds::MP3) } else { None }
}

/// The length of an APE tag at the start, with its header.
fn ape_tag(head: &[u8]) -> usize {
    if !has(head, 0, b"APETAGEX") {
        return 0;
    }
    let body = le32(head, 12).map_or(0, |size| size as usize);
    body.saturating_add(32)
}

/// UTF-16 text begins with bytes that pass for a frame of layer I.
fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe") && head.get(3) == Some(&0)
}

fn two_frames(head: &[u8]) -> bool {
    mpeg_length(head)
        .and_then(|length| head.get(length..))
        .is_some_and(is_mpeg_frame)
}

/// The four fields of a frame header with no reserved value (ISO/IEC 11172-3, 2.4.2.3).
fn mpeg_fields(head: &[u8]) -> Option<(u32, u32, usize, u32)> {
    let word = be32(head, 0)?;
    let (version, layer) = ((word >> 19) & 3, (word >> 17) & 3);
    let (rate, sampling) = ((word >> 12) & 15, (word >> 10) & 3);
    let legal = word >> 21 == 0x7ff && version != 1 && layer != 0 && rate != 15 && sampling != 3;
    legal.then_some((version, layer, rate as usize, sampling))
}

fn is_mpeg_frame(head: &[u8]) -> bool {
    mpeg_fields(head).is_some()
}

/// The length of a frame in bytes; nothing for the “free” bit rate, which has none.
fn mpeg_length(head: &[u8]) -> Option<usize> {
    const KBPS: [[u32; 15]; 5] = [
        [
            0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448,
        ],
        [
            0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
        ],
        [
            0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
        ],
        [
            0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256,
        ],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    let (version, layer, rate, sampling) = mpeg_fields(head)?;
    let first = version == 3;
    let table = match (first, layer) {
        (true, 3) => 0,
        (true, 2) => 1,
        (true, _) => 2,
        (false, 3) => 3,
        (false, _) => 4,
    };
    let bits = KBPS.get(table)?.get(rate)? * 1000;
    let halved = match version {
        3 => 0,
        2 => 1,
        _ => 2,
    };
    let hertz = [44_100u32, 48_000, 32_000].get(sampling as usize)? >> halved;
    let padding = (be32(head, 0)? >> 9) & 1;
    let length = match layer {
        3 => (12 * bits / hertz + padding) * 4,
        1 if !first => 72 * bits / hertz + padding,
        _ => 144 * bits / hertz + padding,
    };
    (bits > 0).then_some(length as usize)
}

/// The length of an ADTS frame in bytes (ISO/IEC 13818-7, 6.2).
fn adts_length(head: &[u8]) -> Option<usize> {
    let [a, b, c, d, e, f] = array::<6>(head, 0)?;
    let sync = a == 0xff && b & 0xf6 == 0xf0;
    let sampling = (c >> 2) & 15;
    let length = usize::from(d & 3) << 11 | usize::from(e) << 3 | usize::from(f >> 5);
    (sync && sampling < 13 && length >= 7).then_some(length)
}

#[cfg(test)]
mod tests {
    fn says(head: &[u8], name: &str) -> &'static str {
        crate::sniff(head, 90_000, name).map_or_else(|e| e.code(), |kind| kind.extension)
    }

    /// 128 kbit/s at 44.1 kHz: 417 bytes.
    fn frame() -> Vec<u8> {
        let mut frame = b"\xff\xfb\x90\x64".to_vec();
        frame.resize(417, 0x55);
        frame
    }

    #[test]
    fn two_frames_are_mp3_under_any_name() {
        let two = [frame(), frame()].concat();
        assert_eq!(says(&two, "a.bin"), "mp3");
        assert_eq!(says(&frame(), "a.bin"), "media_refused");
        assert_eq!(says(&frame(), "a.mp3"), "mp3");
        assert_eq!(says(&[&[0; 100][..], &two].concat(), "a.mp3"), "mp3");
        assert_eq!(
            says(&[&[0; 100][..], &two].concat(), "a.png"),
            "media_refused"
        );
    }

    #[test]
    fn reserved_bits_are_no_frame() {
        for bad in [
            b"\xff\xeb\x90\x64",
            b"\xff\xf9\x90\x64",
            b"\xff\xfb\xf0\x64",
            b"\xff\xfb\x9c\x64",
        ] {
            assert_eq!(says(bad, "a.mp3"), "media_refused", "{bad:?}");
        }
    }

    #[test]
    fn utf_16_text_is_no_sound() {
        assert_eq!(says(b"\xff\xfeA\0B\0C\0", "a.mp3"), "media_refused");
    }

    #[test]
    fn tags_before_the_sound_are_stepped_over() {
        assert_eq!(says(b"ID3\x04\0\0\0\0\0\x02..fLaC", "a.mp3"), "flac");
        assert_eq!(
            says(b"ID3\x04\0\0\0\0\0\x02..\xff\xf1\x50\x80\x02\x1f\xfc", "a"),
            "aac"
        );
        assert_eq!(says(b"ID3\x04\0\0\x7f\x7f\x7f\x7f", "a"), "mp3");
        let tag = [b"APETAGEX\xd0\x07\0\0\0\0\0\0".as_slice(), &[0; 16]].concat();
        assert_eq!(says(&[&tag[..], &frame(), &frame()].concat(), "a"), "mp3");
    }

    #[test]
    fn adts_frames_follow_each_other() {
        let frame = b"\xff\xf1\x50\x80\x01\x1f\xfc\0";
        assert_eq!(says(&[&frame[..], frame].concat(), "a"), "aac");
        assert_eq!(says(frame, "a.aac"), "aac");
        assert_eq!(says(frame, "a"), "media_refused");
    }
}
