//! One track of a film: its times, its handler's name, the coding's free name, and the notes that
//! an encoder wrote into the first frames. A track of times, chapters or data goes as a whole, and
//! its samples with it.

use super::super::nal::{self, Coding};
use super::super::{StripError, damaged};
use super::samples::Samples;
use super::{Box4, Done, Film};
use crate::bytes::{array, be16, be32};

/// Free names of codings by which old players tell codings apart.
const TELLING: [&[u8]; 2] = [b"Planar Y'CbCr 8-bit 4:2:0", b"Sorenson H263"];
/// The most frames in which notes of the encoder are looked for: those where decoding may begin.
const MAX_FRAMES: usize = 20_000;
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
        }
        .unwrap_or_default();
        let table = match named(&within, b"minf") {
            Some(found) => named(&self.children(found)?, b"stbl"),
            None => None,
        };
        let shown = matches!(
            &handler,
            b"vide" | b"soun" | b"auxv" | b"pict" | b"sbtl" | b"subt" | b"clcp"
        );
        if !shown {
            if let Some(table) = table {
                self.drop_samples(table)?;
            }
            return self.free(track);
        }
        let mut id = 0;
        for child in children {
            match &child.name {
                b"tkhd" => {
                    self.times(child)?;
                    let start = self.source.read(child.body(), 24.min(child.len()))?;
                    let place = if start.first() == Some(&1) { 20 } else { 12 };
                    id = be32(&start, place).unwrap_or(0);
                }
                b"mdia" => self.media(child)?,
                b"tref" => self.references(child)?,
                b"edts" | b"tapt" | b"clip" | b"matt" | b"trgr" => {}
                _ => self.free(child)?,
            }
        }
        match table {
            Some(table) => self.table(id, &handler, table),
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

    fn table(&mut self, id: u32, handler: &[u8; 4], table: Box4) -> Done {
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
            let old = self.source.read(found.body(), 1)? == [0];
            for entry in entries {
                if !matches!(handler, b"vide" | b"auxv" | b"pict" | b"soun") {
                    break;
                }
                coding = coding.or(self.entry(entry, handler == b"soun", old)?);
            }
        }
        let samples = Samples::read(self, &stays)?;
        self.chunks.extend(samples.chunks());
        if let Some(coding) = coding {
            self.codings.insert(id, coding);
            let most = match coding {
                Coding::Units { .. } => MAX_FRAMES,
                Coding::Aac => 1,
            };
            for (at, size) in samples.starts().take(most) {
                self.frame(coding, at, size)?;
            }
        }
        Ok(())
    }

    /// One description of a coding: blanks its free name and its maker. In an `old` list, one of
    /// sound may be longer (QuickTime File Format, “Sound Sample Description”).
    fn entry(&mut self, entry: Box4, sound: bool, old: bool) -> Result<Option<Coding>, StripError> {
        let start = self.source.read(entry.at, 86.min(entry.size))?;
        if start.len() < if sound { 36 } else { 86 } {
            return Ok(None);
        }
        self.blank(entry.at + 20, 4, "makers of the coding")?;
        let mut children = 86;
        if sound {
            children = match be16(&start, 16) {
                Some(1) if old => 52,
                Some(2) if old => 72,
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
        let mark = self.overlay.mark();
        let within = self.boxes(from, entry.end(), false);
        self.overlay.rewind(mark);
        let Ok(within) = within else {
            self.report.kept("notes in the description of the coding");
            return Ok(None);
        };
        if matches!(&entry.name, b"jpeg" | b"mjpa" | b"mjpb" | b"MJPG") {
            self.report.kept("notes of the encoder inside its frames");
        }
        let mut coding = (entry.name == *b"mp4a").then_some(Coding::Aac);
        for child in within {
            match &child.name {
                b"avcC" => {
                    coding = nal::avc(&self.body(child)?);
                    if coding.is_none() {
                        self.report
                            .kept("notes of the encoder that its decoder needs");
                    }
                }
                b"hvcC" => {
                    let (units, patches) = nal::hevc(&self.body(child)?);
                    coding = Some(units);
                    self.notes(child.body(), patches)?;
                }
                b"esds" if entry.name == *b"mp4v" => {
                    self.report
                        .kept("notes of the encoder that its decoder needs");
                }
                b"uuid" | b"udta" | b"meta" | b"free" | b"skip" | b"name" => self.free(child)?,
                _ => {}
            }
        }
        Ok(coding)
    }

    /// Blanks the notes that stand before the picture or sound of a frame.
    pub(super) fn frame(&mut self, coding: Coding, at: u64, size: u64) -> Done {
        if !self.is_data(at, size) {
            return Ok(()); // Nothing can be shown of it.
        }
        let frame = self.source.read(at, size.min(nal::MAX_NOTE))?;
        self.notes(at, nal::notes(coding, &frame))
    }

    fn notes(&mut self, at: u64, patches: Vec<nal::Patch>) -> Done {
        for (from, blank) in patches {
            self.report.took("notes of the encoder");
            self.overlay.put(at.saturating_add(from as u64), &blank)?;
        }
        Ok(())
    }

    /// Zeros the samples of a track that goes.
    fn drop_samples(&mut self, table: Box4) -> Done {
        let stays = self.children(table)?;
        for (at, size) in Samples::read(self, &stays)?.all() {
            if !self.is_data(at, size) {
                return Err(damaged("its samples lie outside of its data"));
            }
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
