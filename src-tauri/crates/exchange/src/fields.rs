//! The fields of one row while it is being understood: each is looked at by name, and what has
//! not become part of the row's meaning stays, verbatim and in order, to be written back.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::error::{Problem, shorten};
use crate::json::cells::{Cells, items};
use crate::json::raw::{Kind, RawJson};
use crate::json::text::encode;
use crate::row::MediaSource;

/// A file whose bytes stand within a row.
#[derive(Debug)]
pub(crate) struct Embedded {
    pub(crate) field: String,
    /// What the row calls it.
    pub(crate) name: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// A row taken apart, not yet understood.
#[derive(Debug)]
pub(crate) struct RawRow {
    pub(crate) row: u64,
    pub(crate) cells: Cells,
    /// Files within the row. The cell of each says what it is called.
    pub(crate) embedded: Vec<Embedded>,
    pub(crate) remarks: Vec<Problem>,
}

/// A row's fields, and which of them are still to be kept.
pub(crate) struct Fields {
    pub(crate) row: u64,
    cells: Cells,
    kept: Vec<bool>,
    embedded: Vec<Embedded>,
    pub(crate) remarks: Vec<Problem>,
}

impl Fields {
    pub(crate) fn new(raw: RawRow) -> Self {
        Self {
            row: raw.row,
            kept: vec![true; raw.cells.len()],
            cells: raw.cells,
            embedded: raw.embedded,
            remarks: raw.remarks,
        }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&RawJson> {
        let mut cells = self.cells.iter();
        cells.find(|(known, _)| known == name).map(|(_, raw)| raw)
    }

    /// Says that the field has become part of the row's meaning and can be rebuilt from it.
    pub(crate) fn use_up(&mut self, name: &str) {
        if let Some(at) = self.cells.iter().position(|(known, _)| known == name) {
            self.kept[at] = false;
        }
    }

    pub(crate) fn remark(&mut self, field: &str, code: &'static str, message: String) {
        self.remarks
            .push(Problem::new(self.row, code, message).of(field));
    }

    pub(crate) fn refuse(&self, field: &str, code: &'static str, message: String) -> Problem {
        Problem::new(self.row, code, message).of(field)
    }

    /// The field as words, used up where the words say it all. Another type than text is remarked.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let raw = self.get(name)?;
        let (kind, words) = (raw.kind(), raw.read());
        let (text, exact) = (words.text.into_owned(), words.exact);
        match kind {
            Kind::Text if exact => self.use_up(name),
            Kind::Text => {
                let message = format!(
                    "{name} holds half a character (a lone surrogate): U+FFFD stands for it"
                );
                self.remark(name, "half_surrogate", message);
            }
            Kind::Null => {
                let message = format!("{name} is null: imported as an empty text");
                self.remark(name, "not_text", message);
            }
            _ => {
                let seen = shorten(&text);
                let message = format!("{name} is {seen}, not text: imported as the text {seen}");
                self.remark(name, "not_text", message);
            }
        }
        Some(text)
    }

    /// A short field as words, whatever its type; `None` where it is missing or null. Used up
    /// where it is text.
    pub(crate) fn word(&mut self, name: &str) -> Option<String> {
        let raw = self.get(name).filter(|raw| !raw.is_null())?;
        let words = raw.read();
        let (text, exact) = (words.text.into_owned(), words.exact);
        if exact {
            self.use_up(name);
        }
        Some(text)
    }

    /// The paths that the field names: one as a text, several as a list of texts; blank ones are
    /// none. Used up where it is a text.
    fn paths(&mut self, name: &str) -> Result<Vec<String>, Problem> {
        let Some(raw) = self.get(name).filter(|raw| !raw.is_null()) else {
            return Ok(vec![]);
        };
        let found = match raw.kind() {
            Kind::Text => Some(vec![raw.clone()]),
            Kind::List => Some(items(raw.as_str()).map(RawJson::new).collect::<Vec<_>>())
                .filter(|all| all.iter().all(|item| item.kind() == Kind::Text)),
            _ => None,
        };
        let Some(found) = found else {
            let seen = shorten(raw.as_str());
            let message = format!("{name} is {seen}, not the path of a file: give a relative path");
            return Err(self.refuse(name, "not_a_path", message));
        };
        let is_text = raw.kind() == Kind::Text;
        if is_text && found.iter().all(|one| one.read().exact) {
            self.use_up(name);
        }
        let mut paths: Vec<_> = found.iter().map(RawJson::words).collect();
        paths.retain(|path| !path.trim().is_empty());
        Ok(paths)
    }

    /// Whether the field holds a file's bytes.
    pub(crate) fn is_embedded(&self, name: &str) -> bool {
        self.embedded.iter().any(|file| file.field == name)
    }

    /// The media that the field holds or names, in order.
    pub(crate) fn media(&mut self, name: &str) -> Result<Vec<MediaSource>, Problem> {
        let held = self.embedded.iter().position(|file| file.field == name);
        if let Some(at) = held {
            let Embedded { field, name, bytes } = self.embedded.remove(at);
            self.use_up(&field);
            return Ok(vec![MediaSource::Bytes { field, name, bytes }]);
        }
        let paths = self.paths(name)?.into_iter();
        let sources = paths.map(|path| MediaSource::Path {
            field: name.to_owned(),
            path,
        });
        Ok(sources.collect())
    }

    /// Puts the path that stands in a field of its own into the field it belongs to: as the name
    /// of what that holds, or in its place. The field of its own is gone then.
    pub(crate) fn fold(&mut self, plain: &str, path: &str) {
        let place = |cells: &Cells, name: &str| cells.iter().position(|(known, _)| known == name);
        let Some(at) = place(&self.cells, path) else {
            return;
        };
        let raw = self.cells[at].1.clone();
        let words = raw.words();
        let blank = words.trim().is_empty();
        if !matches!(raw.kind(), Kind::Text | Kind::Null) {
            return;
        }
        let Some(to) = place(&self.cells, plain) else {
            plain.clone_into(&mut self.cells[at].0);
            return;
        };
        if !blank {
            self.cells[to].1 = raw;
            let held = self.embedded.iter_mut().find(|file| file.field == plain);
            if let Some(held) = held {
                held.name = Some(words);
            }
        }
        self.cells.remove(at);
        self.kept.remove(at);
    }

    /// Files that have not become part of the row's meaning are kept as their bytes in base64.
    fn keep_embedded(&mut self) {
        for file in std::mem::take(&mut self.embedded) {
            let name = file.name.as_deref().map_or("null".to_owned(), encode);
            let bytes = BASE64_STANDARD.encode(&file.bytes);
            let json = format!("{{\"bytes\":\"{bytes}\",\"path\":{name}}}");
            let mut cells = self.cells.iter_mut();
            let Some((_, cell)) = cells.find(|(known, _)| *known == file.field) else {
                continue;
            };
            *cell = RawJson::new(json);
            let message = format!(
                "{} holds a file that the row does not show: its bytes are kept as base64 text",
                shorten(&file.field)
            );
            self.remark(&file.field, "bytes_as_text", message);
        }
    }

    /// The row's fields in order, those to be kept with their values, and the remarks.
    pub(crate) fn finish(mut self) -> (Vec<String>, Vec<(String, RawJson)>, Vec<Problem>) {
        self.keep_embedded();
        let shape = self.cells.iter().map(|(name, _)| name.clone()).collect();
        let kept = self.cells.into_iter().zip(self.kept);
        let extra = kept.filter(|(_, keep)| *keep).map(|(cell, _)| cell);
        (shape, extra.collect(), self.remarks)
    }
}
