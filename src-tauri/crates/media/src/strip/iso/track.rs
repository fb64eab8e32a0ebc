//! One track of a film: its times, its handler's name, the coding's free name, and the notes that
//! an encoder wrote into the first frames. A track of times, chapters or data goes as a whole, and
//! its samples with it.

use super::super::{StripError, nal};
use super::samples::Samples;
use super::{Box4, Done, Film};
use crate::bytes::{array, be16, u8_at};

/// Free names of codings by which old players tell codings apart.
const TELLING: [&[u8]; 2] = [b"Planar Y'CbCr 8-bit 4:2:0", b"Sorenson H263"];
/// The most frames in which notes of the encoder are looked for: those where decoding may begin.
const MAX_FRAMES: usize = 20_000;
/// The longest note that is read, in bytes.
const MAX_NOTE: u64 = 64 * 1024;

/// How the frames of a track are coded, as far as notes may be in them.
#[derive(Clone, Copy)]
enum Coding {
    /// H.264 or HEVC: units behind lengths of so many bytes, with headers of one or two.
    Units {
        length: u64,
        header: usize,
    },
    Aac,
}

impl Film<'_, '_> {
    pub(super) fn track(&mut self, track: Box4) -> Done {
        let children = self.children(track)?;
        let named =
            |boxes: &[Box4], name: &[u8; 4]| boxes.iter().find(|b| b.name == *name).copied();
        let Some(media) = named(&children, b"mdia") else {
            return self.free(track);
        };
        let within = self.children(media)?;
        let handler = match named(&within, b"hdlr") {
            Some(found) => array::<4>(&self.source.read(found.body(), 12)?, 8),
            None => None,
        };
        let table = match named(&within, b"minf") {
            Some(found) => named(&self.children(found)?, b"stbl"),
            None => None,
        };
        let shown = matches!(
            handler.as_ref(),
            Some(b"vide" | b"soun" | b"auxv" | b"pict" | b"sbtl" | b"subt" | b"clcp")
        );
        if !shown {
            if let Some(table) = table {
                self.drop_samples(table)?;
            }
            return self.free(track);
        }
        for child in children {
            match &child.name {
                b"tkhd" => self.times(child)?,
                b"mdia" => self.media(child)?,
                b"tref" => self.references(child)?,
                b"edts" | b"tapt" | b"clip" | b"matt" | b"trgr" => {}
                _ => self.free(child)?,
            }
        }
        match table {
            Some(table) => self.table(table),
            None => Ok(()),
        }
    }

    /// References to tracks that stay; others were to times and chapters.
    fn references(&mut self, found: Box4) -> Done {
        self.keep_only(found, |name| {
            matches!(name, b"auxl" | b"vdep" | b"scal" | b"sbas" | b"dpnd")
        })
        .map(|_| ())
    }

    fn media(&mut self, media: Box4) -> Done {
        for child in self.children(media)? {
            match &child.name {
                b"mdhd" => self.times(child)?,
                b"hdlr" => self.handler(child)?,
                b"elng" => {}
                b"minf" => {
                    for found in self.children(child)? {
                        match &found.name {
                            b"hdlr" => self.handler(found)?,
                            b"dinf" => self.places(found)?,
                            b"vmhd" | b"smhd" | b"hmhd" | b"sthd" | b"nmhd" | b"gmhd" => {}
                            b"stbl" => {}
                            _ => self.free(found)?,
                        }
                    }
                }
                _ => self.free(child)?,
            }
        }
        Ok(())
    }

    /// Where the samples are: in this file. What else is said there is the path of another.
    fn places(&mut self, found: Box4) -> Done {
        for list in self.keep_only(found, |name| name == b"dref")? {
            let entries = self.boxes((list.body() + 8).min(list.end()), list.end(), false)?;
            for entry in entries {
                let from = entry.body() + 4;
                self.blank(from, entry.end().saturating_sub(from), "paths of files")?;
            }
        }
        Ok(())
    }

    fn table(&mut self, table: Box4) -> Done {
        let stays = self.keep_only(table, |name| {
            matches!(
                name,
                b"stsd"
                    | b"stts"
                    | b"ctts"
                    | b"cslg"
                    | b"stsc"
                    | b"stsz"
                    | b"stz2"
                    | b"stco"
                    | b"co64"
                    | b"stss"
                    | b"stps"
                    | b"sdtp"
                    | b"padb"
                    | b"sbgp"
                    | b"sgpd"
                    | b"subs"
                    | b"saiz"
                    | b"saio"
                    | b"senc"
                    | b"stdp"
                    | b"stsh"
            )
        })?;
        let mut coding = None;
        for found in stays.iter().filter(|b| b.name == *b"stsd") {
            let entries = self.boxes((found.body() + 8).min(found.end()), found.end(), false)?;
            for entry in entries {
                coding = coding.or(self.entry(entry)?);
            }
        }
        let samples = Samples::read(self, &stays)?;
        self.chunks.extend(samples.chunks());
        match coding {
            Some(Coding::Units { length, header }) => {
                for (at, size) in samples.starts().take(MAX_FRAMES) {
                    self.units(at, size, length, header)?;
                }
                Ok(())
            }
            Some(Coding::Aac) => match samples.starts().next() {
                Some((at, size)) => self.aac(at, size),
                None => Ok(()),
            },
            None => Ok(()),
        }
    }

    /// One description of a coding: blanks its free name and its maker.
    fn entry(&mut self, entry: Box4) -> Result<Option<Coding>, StripError> {
        let start = self.source.read(entry.at, 86.min(entry.size))?;
        let film = matches!(be16(&start, 32), Some(1..)) && start.len() == 86;
        let sound = matches!(
            &entry.name,
            b"mp4a"
                | b"Opus"
                | b"fLaC"
                | b"alac"
                | b"ac-3"
                | b"ec-3"
                | b"samr"
                | b"sawb"
                | b"sowt"
                | b"twos"
                | b"lpcm"
                | b"ipcm"
                | b"fpcm"
                | b".mp3"
                | b"raw "
                | b"in24"
                | b"enca"
        );
        let texts = matches!(
            &entry.name,
            b"tx3g" | b"wvtt" | b"stpp" | b"text" | b"c608" | b"c708"
        );
        if texts || !(film || sound) {
            return Ok(None);
        }
        self.blank(entry.at + 20, 4, "makers of the coding")?;
        let mut children = 86;
        if sound {
            children = match be16(&start, 16) {
                Some(1) => 52,
                Some(2) => 72,
                _ => 36,
            };
        } else {
            let name = start.get(50..82).unwrap_or(&[]);
            let text = name.get(1..).unwrap_or(&[]);
            if !TELLING.iter().any(|known| text.starts_with(known)) {
                self.blank(entry.at + 50, 32, "names of the coding")?;
            }
        }
        let from = (entry.at + children).min(entry.end());
        // What is in there cannot always be followed, in QuickTime least of all.
        let Ok(within) = self.boxes(from, entry.end(), false) else {
            self.report.kept("notes in the description of the coding");
            return Ok(None);
        };
        let mut coding = (entry.name == *b"mp4a").then_some(Coding::Aac);
        for child in within {
            match &child.name {
                b"avcC" => coding = self.avc(child)?,
                b"hvcC" => coding = Some(self.hevc(child)?),
                b"uuid" | b"udta" | b"meta" | b"free" | b"skip" | b"name" => self.free(child)?,
                _ => {}
            }
        }
        Ok(coding)
    }

    /// ISO/IEC 14496-15, 5.3.3. Decoders read in x264's note how to take its 4:4:4 pictures.
    fn avc(&mut self, found: Box4) -> Result<Option<Coding>, StripError> {
        const HIGH_444: u8 = 244;
        let start = self.source.read(found.body(), 5)?;
        if u8_at(&start, 1) == Some(HIGH_444) {
            self.report
                .kept("notes of the encoder that its decoder needs");
            return Ok(None);
        }
        let length = u64::from(u8_at(&start, 4).unwrap_or(3) & 3) + 1;
        Ok(Some(Coding::Units { length, header: 1 }))
    }

    /// ISO/IEC 14496-15, 8.3.3: the description holds units too, notes among them.
    fn hevc(&mut self, found: Box4) -> Result<Coding, StripError> {
        let body = self.body(found)?;
        let length = u64::from(u8_at(&body, 21).unwrap_or(3) & 3) + 1;
        let (arrays, mut at) = (u8_at(&body, 22).unwrap_or(0), 23);
        for _ in 0..arrays {
            let (Some(kind), Some(count)) = (u8_at(&body, at), be16(&body, at + 1)) else {
                break;
            };
            at += 3;
            for _ in 0..count {
                let Some(size) = be16(&body, at).map(usize::from) else {
                    break;
                };
                let unit = body.get(at + 2..at + 2 + size).unwrap_or(&[]);
                if matches!(kind & 0x3f, 39 | 40) {
                    self.note(unit, found.body() + at as u64 + 2, 2)?;
                }
                at += 2 + size;
            }
        }
        Ok(Coding::Units { length, header: 2 })
    }

    /// Blanks the notes that stand before the picture of a frame.
    fn units(&mut self, mut at: u64, size: u64, length: u64, header: usize) -> Done {
        let end = at.saturating_add(size).min(self.source.len());
        for _ in 0..16 {
            if at + length >= end {
                break;
            }
            let start = self.source.read(at, length + 1)?;
            let (digits, kind) = start.split_at(start.len().saturating_sub(1));
            let size = digits
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
            let kind = kind.first().copied().unwrap_or(0);
            let (note, picture) = match header {
                1 => (kind & 31 == 6, matches!(kind & 31, 1..=5)),
                _ => (matches!(kind >> 1 & 63, 39 | 40), kind >> 1 & 63 < 32),
            };
            at += length;
            if picture || size == 0 || size > end - at {
                break;
            }
            if note && size <= MAX_NOTE {
                let unit = self.source.read(at, size)?;
                self.note(&unit, at, header)?;
            }
            at += size;
        }
        Ok(())
    }

    fn note(&mut self, unit: &[u8], at: u64, header: usize) -> Done {
        if let Some(blank) = nal::without_user_data(unit, header) {
            self.report.took("notes of the encoder");
            self.overlay.put(at, &blank)?;
        }
        Ok(())
    }

    fn aac(&mut self, at: u64, size: u64) -> Done {
        let block = self.source.read(at, size.min(512))?;
        if let Some(blank) = nal::without_aac_encoder(&block) {
            self.report.took("names of the encoder");
            self.overlay.put(at, &blank)?;
        }
        Ok(())
    }

    /// Zeros the samples of a track that goes.
    fn drop_samples(&mut self, table: Box4) -> Done {
        let stays = self.children(table)?;
        for (at, size) in Samples::read(self, &stays)?.all() {
            self.overlay.fill(at, 0, size)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::boxed;
    use crate::bytes::find;
    use crate::kinds::MP4;
    use crate::strip::strip_bytes;

    fn full(body: &[u8]) -> Vec<u8> {
        [&[0; 4], body].concat()
    }

    fn track(handler: &[u8; 4], entry: &[u8], at: u32, size: u32) -> Vec<u8> {
        let number = |n: u32| n.to_be_bytes();
        let one = number(1);
        let table = [
            boxed(b"stsd", &full(&[&one, entry].concat())),
            boxed(b"stsc", &full(&[one, one, one, one].concat())),
            boxed(b"stsz", &full(&[number(0), one, number(size)].concat())),
            boxed(b"stco", &full(&[one, number(at)].concat())),
        ]
        .concat();
        let path = boxed(b"url ", b"\0\0\0\x01/home/hidden-model-x");
        let places = boxed(b"dinf", &boxed(b"dref", &full(&[&one, &path[..]].concat())));
        let named = [&[0; 8][..], handler, &[0; 12], b"hidden-model-x\0"].concat();
        let media = [
            boxed(b"hdlr", &named),
            boxed(b"minf", &[places, boxed(b"stbl", &table)].concat()),
        ]
        .concat();
        boxed(
            b"trak",
            &[boxed(b"mdia", &media), boxed(b"udta", b"hidden-model-x")].concat(),
        )
    }

    fn avc() -> Vec<u8> {
        let mut body = vec![0; 24];
        body.extend([0, 16, 0, 16]);
        body.resize(42, 0);
        body.extend(b"\x0ehidden-model-x");
        body.resize(78, 0);
        boxed(
            b"avc1",
            &[body, boxed(b"avcC", b"\x01\x64\0\x0a\xff")].concat(),
        )
    }

    #[test]
    fn names_and_notes_of_the_encoder_are_blanked() {
        let note = b"\0\0\0\x22\x06\x05\x1e0123456789abcdefhidden-model-x\x80";
        let frame = [&note[..], b"\0\0\0\x05\x65film"].concat();
        let frame_size = u32::try_from(frame.len()).unwrap();
        let data = [&frame[..], b"hidden-model-x"].concat();
        let mdat = boxed(b"mdat", &data);
        let text = track(b"tmcd", &boxed(b"tmcd", &[0; 20]), 8 + frame_size, 14);
        let moov = boxed(
            b"moov",
            &[track(b"vide", &avc(), 8, frame_size), text].concat(),
        );
        let file = [mdat, moov].concat();
        let (out, report) = strip_bytes(&file, &MP4).unwrap();
        assert_eq!(out.len(), file.len());
        assert!(find(&out, b"hidden").is_none());
        assert_eq!(find(&out, b"\x65film"), find(&file, b"\x65film"));
        assert!(
            report
                .removed()
                .any(|what| what == "notes of the encoder: 1")
        );
        assert_eq!(strip_bytes(&out, &MP4).unwrap().0, out);
        for at in 0..file.len() {
            for spoilt in [0, 0x7f, 0xff] {
                let mut bytes = file.clone();
                bytes[at] = spoilt;
                let _ = strip_bytes(&bytes, &MP4);
            }
            let _ = strip_bytes(&file[..at], &MP4);
        }
    }

    #[test]
    fn frames_that_lie_in_notes_are_refused() {
        let moov = boxed(b"moov", &track(b"vide", &avc(), 8, 10));
        let file = [boxed(b"free", b"hidden-model-x"), moov].concat();
        let error = strip_bytes(&file, &MP4).unwrap_err();
        assert!(
            error.to_string().contains("lie where its notes are"),
            "{error}"
        );
    }
}
