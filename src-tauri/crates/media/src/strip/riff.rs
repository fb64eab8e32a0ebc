//! RIFF and IFF: WAVE (also over 4 GiB: RF64, BW64), AIFF, AVI. Of sound the chunks stay that are
//! needed to play it; a film has tables of offsets, so what goes is blanked in place.

use super::plan::{Overlay, Plan, Source};
use super::{StripError, Stripped, damaged};
use crate::bytes::{array, be32, le32};

/// The size that says “see elsewhere”, or “to the end”.
const OPEN: u32 = u32::MAX;
/// The most chunks that are followed.
const MOST: usize = 65_536;
/// The longest chunk that is read, in bytes: a description of the coding.
const MAX_READ: u64 = 1024 * 1024;

struct Chunk {
    name: [u8; 4],
    /// The size as it stands there.
    said: u32,
    from: u64,
    len: u64,
}

impl Chunk {
    /// Whether it ends where it says.
    fn whole(&self) -> bool {
        u64::from(self.said) == self.len
    }
}

/// The chunks of a file of sound. The one with the samples may run to the end.
fn chunks(
    source: &mut Source<'_>,
    samples: &[u8; 4],
    number: fn(&[u8], usize) -> Option<u32>,
    long: Option<u64>,
) -> Result<Vec<Chunk>, StripError> {
    let (mut at, mut found) = (12u64, Vec::new());
    while at + 8 <= source.len() {
        let head = source.read(at, 16)?;
        let (Some(name), Some(said)) = (array::<4>(&head, 0), number(&head, 4)) else {
            break;
        };
        let plain = |name: &[u8]| name.len() == 4 && name.iter().all(|b| matches!(b, b' '..=b'~'));
        if !plain(&name) {
            break; // What follows is no chunk; players stop here too.
        }
        let from = at + 8;
        let left = source.len() - from;
        let mut len = u64::from(said);
        if name == *samples {
            // A program that writes into a pipe cannot come back to write the size.
            let after = head.get(8..12).unwrap_or(&[]);
            len = match (said, long) {
                (OPEN, Some(long)) => long,
                (OPEN, None) => left,
                (0, _) if left > 0 && !plain(after) => left,
                _ => len,
            };
        }
        let chunk = Chunk {
            name,
            said,
            from,
            len: len.min(left),
        };
        let end = from + chunk.len;
        at = end + (end & 1);
        found.push(chunk);
        if end & 1 == 1 {
            // Some writers leave out the padding.
            let next = source.read(end, 5)?;
            let padded = next.get(1..5).is_some_and(plain);
            if !padded && next.get(..4).is_some_and(plain) {
                at = end;
            }
        }
        if found.len() > MOST {
            return Err(damaged("it has more chunks than any real file"));
        }
    }
    if !found.iter().any(|chunk| chunk.name == *samples) {
        return Err(damaged("it has no chunk of samples"));
    }
    Ok(found)
}

fn words(name: &[u8; 4]) -> Option<&'static str> {
    match name {
        b"JUNK" | b"PAD " | b"FLLR" | b"junk" => None,
        b"id3 " | b"ID3 " => Some("ID3 tags"),
        b"bext" | b"iXML" | b"axml" | b"_PMX" => Some("notes of the production"),
        b"ANNO" | b"NAME" | b"AUTH" | b"(c) " | b"COMT" | b"LIST" => Some("words about the sound"),
        _ => Some("other chunks"),
    }
}

/// Puts a chunk into the copy, its samples by range.
fn push(plan: &mut Plan, chunk: &Chunk) {
    plan.copy(chunk.from - 8, 8);
    plan.copy(chunk.from, chunk.len);
    if chunk.len & 1 == 1 && chunk.whole() {
        plan.bytes(vec![0]);
    }
}

pub(super) fn wav(source: &mut Source<'_>, report: &mut Stripped) -> Result<Plan, StripError> {
    let head = source.read(0, 64)?;
    let ds64 = head.get(12..16) == Some(b"ds64");
    let long = array::<8>(&head, 28).map(u64::from_le_bytes);
    let found = chunks(source, b"data", le32, long.filter(|_| ds64))?;
    let mut body = Plan::default();
    for chunk in &found {
        match &chunk.name {
            b"fmt " | b"fact" | b"data" => push(&mut body, chunk),
            b"ds64" => {}
            b"LIST" if source.read(chunk.from, 4)? == b"wavl" => push(&mut body, chunk),
            name => words(name).into_iter().for_each(|what| report.took(what)),
        }
    }
    let extra = if ds64 { 36 } else { 0 };
    let total = 4 + extra + body.len();
    let said = le32(&head, 4).unwrap_or(0);
    let size = match said {
        OPEN => OPEN,
        0 => 0, // Written into a pipe.
        _ => u32::try_from(total).unwrap_or(OPEN),
    };
    let mut start = head.get(..4).unwrap_or(b"RIFF").to_vec();
    start.extend(size.to_le_bytes());
    start.extend(b"WAVE");
    if ds64 {
        start.extend(b"ds64\x1c\0\0\0");
        start.extend(total.to_le_bytes());
        start.extend_from_slice(head.get(28..44).unwrap_or(&[0; 16]));
        start.extend([0; 4]);
    }
    let mut plan = Plan::default();
    plan.bytes(start);
    plan.append(body);
    Ok(plan)
}

pub(super) fn aiff(source: &mut Source<'_>, report: &mut Stripped) -> Result<Plan, StripError> {
    let head = source.read(0, 12)?;
    let packed = head.get(8..12) == Some(b"AIFC");
    let mut body = Plan::default();
    for chunk in &chunks(source, b"SSND", be32, None)? {
        match &chunk.name {
            b"COMM" if packed && chunk.len > 22 => {
                let described = source.read(chunk.from, chunk.len.min(MAX_READ))?;
                let coding = described.get(..22).unwrap_or(&[]);
                if described.get(22..24) != Some(&[0, 0]) || described.len() > 24 {
                    report.took("names of the coding");
                }
                // The coding also has a free name: a text without a letter.
                let bare = [b"COMM\0\0\0\x18", coding, &[0, 0]].concat();
                body.bytes(bare);
            }
            b"COMM" | b"SSND" | b"FVER" => push(&mut body, chunk),
            name => words(name).into_iter().for_each(|what| report.took(what)),
        }
    }
    let size = u32::try_from(4 + body.len()).unwrap_or(OPEN);
    let mut plan = Plan::default();
    plan.bytes(
        [
            b"FORM",
            &size.to_be_bytes(),
            head.get(8..12).unwrap_or(b"AIFF"),
        ]
        .concat(),
    );
    plan.append(body);
    Ok(plan)
}

pub(super) fn avi(source: &mut Source<'_>, report: &mut Stripped) -> Result<Plan, StripError> {
    let mut overlay = Overlay::default();
    let mut films = Film {
        source,
        overlay: &mut overlay,
        report,
        seen: 0,
    };
    let end = films.source.len();
    films.walk(0, end, 0)?;
    Ok(overlay.into_plan(end))
}

struct Film<'a, 'b> {
    source: &'a mut Source<'b>,
    overlay: &'a mut Overlay,
    report: &'a mut Stripped,
    seen: usize,
}

impl Film<'_, '_> {
    /// Lists lie three deep: the file, its header, a stream.
    fn walk(&mut self, mut at: u64, end: u64, depth: usize) -> Result<(), StripError> {
        while at + 8 <= end {
            let head = self.source.read(at, 12)?;
            let (Some(name), Some(size)) = (array::<4>(&head, 0), le32(&head, 4)) else {
                break;
            };
            let kind = array::<4>(&head, 8).unwrap_or([0; 4]);
            let next = at + 8 + u64::from(size) + u64::from(size & 1);
            let stop = (at + 8 + u64::from(size)).min(end);
            match (&name, &kind) {
                (b"RIFF", _) if depth == 0 => self.walk(at + 12, stop, 1)?,
                (b"LIST", b"movi") => {}
                (b"LIST", b"hdrl" | b"strl" | b"odml") if depth < 4 => {
                    self.walk(at + 12, stop, depth + 1)?;
                }
                (b"strf", _) if size >= 40 => {
                    // A picture's form (an MPEG-4 one, whose frames may name the encoder).
                    let form = self.source.read(at + 8, 20)?;
                    let coding = form.get(16..20).unwrap_or(&[]);
                    if le32(&form, 0) == Some(40) && !matches!(coding, [0, ..]) {
                        self.report.kept("notes of the encoder inside its frames");
                    }
                }
                (b"avih" | b"strh" | b"strf" | b"strd" | b"indx" | b"vprp" | b"dmlh", _)
                | (b"idx1", _) => {}
                (b"JUNK", _) => self.overlay.fill(at + 8, 0, stop - (at + 8).min(stop))?,
                _ => {
                    self.report.took(match &name {
                        b"LIST" => "words about the film",
                        b"strn" => "names of streams",
                        b"IDIT" => "times of change",
                        _ => "other chunks",
                    });
                    self.overlay.put(at, b"JUNK")?;
                    self.overlay.fill(at + 8, 0, stop - (at + 8).min(stop))?;
                }
            }
            at = next;
            self.seen += 1;
            if self.seen > MOST {
                return Err(damaged("it has more chunks than any real file"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::strip_bytes;
    use crate::bytes::find;
    use crate::kinds;

    fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let size = u32::try_from(body.len()).unwrap().to_le_bytes();
        let pad: &[u8] = if body.len() % 2 == 1 { &[0] } else { &[] };
        [name, &size, body, pad].concat()
    }

    fn big(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let mut bytes = chunk(name, body);
        bytes[4..8].reverse();
        bytes
    }

    fn riff(body: &[&[u8]]) -> Vec<u8> {
        chunk(b"RIFF", &body.concat())
    }

    #[test]
    fn a_wave_keeps_its_samples_alone() {
        let (fmt, data) = (chunk(b"fmt ", &[1; 16]), chunk(b"data", b"sound"));
        let file = riff(&[
            b"WAVE",
            &chunk(b"bext", b"hidden-model-x"),
            &fmt,
            &chunk(b"LIST", b"INFOISFT\x0e\0\0\0hidden-model-x"),
            &data,
            &chunk(b"id3 ", b"hidden-model-x"),
        ]);
        let file = [&file[..], b"\0\0hidden-model-x"].concat();
        let (out, report) = strip_bytes(&file, &kinds::WAV).unwrap();
        assert_eq!(out, riff(&[b"WAVE", &fmt, &data]));
        assert!(report.removed().any(|what| what == "ID3 tags: 1"));
    }

    #[test]
    fn a_wave_out_of_a_pipe_runs_to_its_end() {
        let fmt = chunk(b"fmt ", &[1; 16]);
        for size in [[0; 4], [0xff; 4]] {
            let list = chunk(b"LIST", b"INFOhidden");
            let file = [
                b"RIFF",
                &size,
                b"WAVE",
                &list[..],
                &fmt,
                b"data",
                &size,
                &[0; 9],
            ]
            .concat();
            let (out, _) = strip_bytes(&file, &kinds::WAV).unwrap();
            let bare = [b"RIFF", &size, b"WAVE", &fmt[..], b"data", &size, &[0; 9]].concat();
            assert_eq!(out, bare);
            assert_eq!(strip_bytes(&out, &kinds::WAV).unwrap().0, bare);
        }
    }

    #[test]
    fn a_long_wave_keeps_its_long_sizes() {
        let sizes = [99u64.to_le_bytes(), 5u64.to_le_bytes(), 2u64.to_le_bytes()].concat();
        let ds64 = chunk(b"ds64", &[&sizes[..], &[0; 4]].concat());
        let tail = chunk(b"axml", b"hidden-model-x");
        let data = b"data\xff\xff\xff\xffsound\0";
        let file = [b"RF64\xff\xff\xff\xffWAVE", &ds64[..], data, &tail].concat();
        let (out, _) = strip_bytes(&file, &kinds::WAV).unwrap();
        assert!(find(&out, b"hidden").is_none() && find(&out, b"sound").is_some());
        assert_eq!(out[20..28], (out.len() as u64 - 8).to_le_bytes());
        assert_eq!(strip_bytes(&out, &kinds::WAV).unwrap().0, out);
    }

    #[test]
    fn an_aiff_keeps_its_samples_alone() {
        let coding = [&[7; 22][..], b"\x0ehidden-model-x\0"].concat();
        let form = |body: &[&[u8]]| big(b"FORM", &body.concat());
        let (version, sound) = (big(b"FVER", &[1; 4]), big(b"SSND", b"12345678sound"));
        let file = form(&[
            b"AIFC",
            &version,
            &big(b"COMM", &coding),
            &big(b"ANNO", b"hidden-model-x"),
            &sound,
        ]);
        let bare = [&[7; 22][..], &[0, 0]].concat();
        let (out, _) = strip_bytes(&file, &kinds::AIFF).unwrap();
        assert_eq!(
            out,
            form(&[b"AIFC", &version, &big(b"COMM", &bare), &sound])
        );
        assert_eq!(strip_bytes(&out, &kinds::AIFF).unwrap().0, out);
    }

    #[test]
    fn an_avi_is_blanked_in_place() {
        let stream = [
            &b"strl"[..],
            &chunk(b"strh", &[1; 56]),
            &chunk(b"strn", b"hidden-model-x"),
        ]
        .concat();
        let header = [
            b"hdrl",
            &chunk(b"avih", &[2; 56])[..],
            &chunk(b"LIST", &stream),
        ]
        .concat();
        let file = riff(&[
            b"AVI ",
            &chunk(b"LIST", &header),
            &chunk(b"LIST", b"INFOISFT\x0e\0\0\0hidden-model-x"),
            &chunk(b"JUNK", b"hidden-model-x"),
            &chunk(b"LIST", b"movi00dc\x04\0\0\0film"),
        ]);
        let (out, _) = strip_bytes(&file, &kinds::AVI).unwrap();
        assert_eq!(out.len(), file.len());
        assert_eq!(find(&out, b"film"), find(&file, b"film"));
        assert!(find(&out, b"hidden").is_none());
        for cut in 0..file.len() {
            let _ = strip_bytes(&file[..cut], &kinds::AVI);
        }
    }
}
