//! Rows back into Omni-RewardBench's JSON, laid out as the upstream writer does
//! (`json.dump(rows, f, indent=4)`), so that a file that came in goes out as it was, but for the
//! verdicts.

use std::io::Write;

use tiebreak_domain::{Modality, Task, Verdict};

use crate::error::{ExchangeError, Result};
use crate::json::machine::is_json;
use crate::json::pretty::{new_line, write_value};
use crate::json::raw::RawJson;
use crate::json::text::write_ascii;

/// One response on its way out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutSide {
    /// Its words.
    pub text: String,
    /// The paths of its media, as they are to be written.
    pub media: Vec<String>,
    /// Its model.
    pub model: Option<String>,
}

/// A question with its verdict, on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutRow {
    /// The fields of the row in their order; empty for the usual ones.
    pub shape: Vec<String>,
    /// Fields that are written as they came.
    pub extra: Vec<(String, RawJson)>,
    /// The task: it decides whether paths or words stand in the plain response fields.
    pub task: Task,
    /// The instruction.
    pub prompt: String,
    /// The prompt's media: what they are, and the paths as they are to be written.
    pub prompt_media: Vec<(Modality, String)>,
    /// The data's first response.
    pub response1: OutSide,
    /// The data's second response.
    pub response2: OutSide,
    /// The criterion.
    pub criterion: Option<String>,
    /// The row's own id.
    pub source_id: Option<String>,
    /// The verdict: what `criteria_preference` says, whatever it said before.
    pub verdict: Verdict,
}

const CRITERIA: &str = "criteria";
const PREFERENCE: &str = "criteria_preference";
const USUAL: [&str; 8] = [
    "prompt",
    "response1",
    "response2",
    "model1",
    "model2",
    CRITERIA,
    PREFERENCE,
    "id",
];

/// Writes rows as one JSON list.
pub struct OmniWriter<W: Write> {
    out: W,
    empty: bool,
}

impl<W: Write> OmniWriter<W> {
    /// Opens the list.
    pub fn new(mut out: W) -> Result<Self> {
        out.write_all(b"[")?;
        Ok(Self { out, empty: true })
    }

    /// Writes a row. Nothing of it is written when a kept value turns out not to be JSON.
    pub fn row(&mut self, row: &OutRow) -> Result<()> {
        let cells = Layer::new(row).finish()?;
        if !self.empty {
            self.out.write_all(b",")?;
        }
        self.empty = false;
        new_line(&mut self.out, 1)?;
        for (at, (name, value)) in cells.iter().enumerate() {
            self.out.write_all(if at == 0 { b"{" } else { b"," })?;
            new_line(&mut self.out, 2)?;
            write_ascii(&mut self.out, name)?;
            self.out.write_all(b": ")?;
            value.write(&mut self.out)?;
        }
        new_line(&mut self.out, 1)?;
        self.out.write_all(b"}")?;
        Ok(())
    }

    /// Closes the list and gives back what it was written to.
    pub fn finish(mut self) -> Result<W> {
        if !self.empty {
            new_line(&mut self.out, 0)?;
        }
        self.out.write_all(b"]")?;
        self.out.flush()?;
        Ok(self.out)
    }
}

enum Value<'a> {
    Kept(&'a RawJson),
    Text(&'a str),
    Null,
    /// One path is written as a text, several as a list.
    Paths(Vec<&'a str>),
}

impl Value<'_> {
    fn write(&self, out: &mut impl Write) -> Result<()> {
        match self {
            Self::Kept(raw) => write_value(out, raw.as_str(), 2)?,
            Self::Text(text) => write_ascii(out, text)?,
            Self::Null => out.write_all(b"null")?,
            Self::Paths(paths) => match paths.as_slice() {
                [path] => write_ascii(out, path)?,
                paths => {
                    let list: Vec<_> = paths.iter().map(|p| crate::json::text::encode(p)).collect();
                    write_value(out, &format!("[{}]", list.join(",")), 2)?;
                }
            },
        }
        Ok(())
    }
}

/// A row being put together: which fields in which order, and the values that are not kept ones.
struct Layer<'a> {
    row: &'a OutRow,
    names: Vec<String>,
    typed: Vec<(String, Value<'a>)>,
}

impl<'a> Layer<'a> {
    fn new(row: &'a OutRow) -> Self {
        let mut layer = Self {
            row,
            names: row.shape.clone(),
            typed: Vec::new(),
        };
        if layer.names.is_empty() {
            layer.names = USUAL.map(str::to_owned).to_vec();
        }
        layer.prompt();
        layer.side("1", &row.response1);
        layer.side("2", &row.response2);
        layer.put(
            "id",
            row.source_id.as_deref().map_or(Value::Null, Value::Text),
        );
        layer.verdict();
        layer
    }

    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    fn kept(&self, name: &str) -> Option<&'a RawJson> {
        let mut extra = self.row.extra.iter();
        extra.find(|(known, _)| known == name).map(|(_, raw)| raw)
    }

    fn is_typed(&self, name: &str) -> bool {
        self.typed.iter().any(|(known, _)| known == name)
    }

    fn put(&mut self, name: &str, value: Value<'a>) {
        self.typed.push((name.to_owned(), value));
    }

    /// Puts a value that must not be lost: the field is added behind another if it is missing.
    fn force(&mut self, name: &str, after: &str, value: Value<'a>) {
        if !self.has(name) {
            let behind = self.names.iter().position(|known| known == after);
            let at = behind.map_or(self.names.len(), |at| at + 1);
            self.names.insert(at, name.to_owned());
        }
        self.put(name, value);
    }

    /// The field, of the given ones, that the row has and that no kept value fills.
    fn free(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find(|name| self.has(name) && self.kept(name).is_none() && !self.is_typed(name))
            .map(|name| (*name).to_owned())
    }

    fn prompt(&mut self) {
        let row = self.row;
        self.force("prompt", "", Value::Text(&row.prompt));
        let places =
            Modality::MEDIA.map(|m| [m.as_str().to_owned(), format!("{}_path", m.as_str())]);
        let mut left: Vec<(Modality, Vec<&'a str>)> = Vec::new();
        for (modality, path) in &row.prompt_media {
            match left.iter_mut().find(|(known, _)| known == modality) {
                Some((_, paths)) => paths.push(path),
                None => left.push((*modality, vec![path])),
            }
        }
        for own in [true, false] {
            left.retain_mut(|(modality, paths)| {
                // The field says `video` where the file turned out to be a picture: any will do,
                // once the media that have a field of their own stand in it.
                let mut fields = places.iter().zip(Modality::MEDIA);
                let free = fields.find_map(|(names, of)| {
                    let fits = !own || of == *modality;
                    fits.then(|| self.free(&[&names[0], &names[1]])).flatten()
                });
                if let Some(name) = free {
                    self.put(&name, Value::Paths(std::mem::take(paths)));
                }
                !paths.is_empty()
            });
        }
        for (modality, paths) in left {
            let plain = modality.as_str();
            let path = format!("{plain}_path");
            let verbatim = self.kept(plain).is_some() || self.kept(&path).is_some();
            if !verbatim {
                self.force(plain, "prompt", Value::Paths(paths));
            }
        }
    }

    /// A response in the fields from which the reader takes it apart again.
    fn side(&mut self, number: &str, side: &'a OutSide) {
        let plain = format!("response{number}");
        let path = format!("{plain}_path");
        let words = format!("{plain}_text");
        let places = self.row.task.media_fields();
        let is_media = places.is_some_and(|(_, medium)| medium != Modality::Text);
        let paths: Vec<&str> = side.media.iter().map(String::as_str).collect();
        if is_media {
            let value = match paths.is_empty() {
                true => Value::Text(""),
                false => Value::Paths(paths),
            };
            match self.free(&[&plain, &path]) {
                Some(name) => self.put(&name, value),
                None if !self.has(&plain) && !self.has(&path) => {
                    self.force(&plain, "prompt", value);
                }
                // A kept value, such as a list of paths, says it already.
                None => {}
            }
            if !side.text.is_empty() {
                self.force(&words, &plain, Value::Text(&side.text));
            }
        } else {
            if self.has(&plain) || !side.text.is_empty() || side.media.is_empty() {
                self.force(&plain, "prompt", Value::Text(&side.text));
            }
            if !paths.is_empty() {
                self.force(&path, &plain, Value::Paths(paths));
            }
        }
        let model = side.model.as_deref();
        self.put(
            &format!("model{number}"),
            model.map_or(Value::Null, Value::Text),
        );
    }

    fn verdict(&mut self) {
        let row = self.row;
        match &row.criterion {
            Some(text) => {
                if !self.has(CRITERIA) {
                    let before = self.names.iter().position(|name| name == PREFERENCE);
                    let at = before.unwrap_or(self.names.len());
                    self.names.insert(at, CRITERIA.to_owned());
                }
                self.put(CRITERIA, Value::Text(text));
            }
            None => self.put(CRITERIA, Value::Null),
        }
        self.force(PREFERENCE, CRITERIA, Value::Text(row.verdict.as_str()));
    }

    /// Whether the kept value stands. The verdict is always the one given, and a kept criterion
    /// stands only while it says the same.
    fn stands(&self, name: &str, raw: &RawJson) -> bool {
        match (name, &self.row.criterion) {
            (PREFERENCE, _) => false,
            (CRITERIA, Some(criterion)) => raw.words() == *criterion,
            _ => true,
        }
    }

    fn finish(mut self) -> Result<Vec<(String, Value<'a>)>> {
        let mut cells: Vec<(String, Value<'a>)> = Vec::with_capacity(self.names.len());
        for name in std::mem::take(&mut self.names) {
            let kept = self.kept(&name).filter(|raw| self.stands(&name, raw));
            let typed = self.typed.iter().position(|(known, _)| *known == name);
            let value = match (kept, typed) {
                (Some(raw), _) if !is_json(raw.as_str()) => {
                    return Err(ExchangeError::BadKept(name));
                }
                (Some(raw), _) => Value::Kept(raw),
                (None, Some(at)) => self.typed.swap_remove(at).1,
                // A field without a value, or one named twice.
                (None, None) => continue,
            };
            cells.push((name, value));
        }
        Ok(cells)
    }
}
