//! Omni-RewardBench as its own code reads it (variant B): which field means what. The published
//! Parquet tables (variant A) become that by folding their `*_path` columns into the plain ones.
//!
//! Facts: the upstream loader and `run_exp.py`. Media are paths in the plain fields; a row that
//! was made from the published table may carry `*_path` fields beside or instead of them.

use std::path::Path;

use tiebreak_domain::{Criterion, Modality, NINE_TASKS, Task, Verdict};

use crate::error::{Problem, listed, shorten};
use crate::fields::{Fields, RawRow};
use crate::json::raw::{Kind, RawJson};
use crate::row::{Incoming, IncomingResponse, MediaSource};

/// The fields in which prompts carry media.
pub(crate) const PROMPT_MEDIA: [Modality; 4] = Modality::MEDIA;

/// The task that a file's name tells: `<task>_preferences.json`, for the nine.
pub(crate) fn task_of_name(path: &Path) -> Option<Task> {
    let name = path.file_name()?.to_str()?;
    let (stem, _) = name.split_once("_preferences.")?;
    NINE_TASKS.contains(&stem).then(|| stem.parse().ok())?
}

/// The task that a Parquet table's name tells, or the folder it lies in: `<task>.parquet`,
/// `<task>-00000-of-00002.parquet`, `<task>_preferences.parquet`, `<task>/test.parquet`.
pub(crate) fn task_of_table(path: &Path) -> Option<Task> {
    // A bare name lies in the current folder, which has a name too.
    let place = path.canonicalize().ok();
    let folder = place.as_deref().and_then(Path::parent);
    let name = path.file_name()?.to_str()?;
    let stem = name.split(['.', '-']).next()?;
    let stem = stem.strip_suffix("_preferences").unwrap_or(stem);
    [Some(stem), folder?.file_name()?.to_str()]
        .into_iter()
        .flatten()
        .find(|name| NINE_TASKS.contains(name))?
        .parse()
        .ok()
}

/// What is known of all rows of a file.
pub(crate) struct OmniRows {
    /// The task that the person gave.
    pub(crate) given: Option<Task>,
    /// The task in the file's name.
    pub(crate) named: Option<Task>,
    /// The columns that hold media, where the file is the benchmark as it is published.
    pub(crate) published: Option<Vec<String>>,
}

impl OmniRows {
    /// Understands a row, or says why not.
    pub(crate) fn understand(&self, raw: RawRow) -> Result<Incoming, Problem> {
        let mut fields = Fields::new(raw);
        let task = self.task(&fields)?;
        let places = task.media_fields();
        let is_media = places.is_some_and(|(_, medium)| medium != Modality::Text);
        self.fold(&mut fields, is_media);
        let Some(prompt) = fields.text("prompt") else {
            return Err(missing(&fields, "prompt"));
        };
        let prompt_media = prompt_media(&mut fields, &task, places.map(|(medium, _)| medium))?;
        let response1 = response(&mut fields, "1", is_media)?;
        let response2 = response(&mut fields, "2", is_media)?;
        let criterion = criterion(&mut fields)?;
        let resolution = resolution(&mut fields);
        let source_id = fields.word("id");
        let row = fields.row;
        let (shape, extra, remarks) = fields.finish();
        Ok(Incoming {
            row,
            task,
            prompt,
            prompt_media,
            response1,
            response2,
            criterion,
            source_id,
            resolution,
            votes: vec![],
            shape,
            extra,
            remarks,
        })
    }

    /// Folds the paths of media into the plain fields, where the file is the published one.
    fn fold(&self, fields: &mut Fields, is_media: bool) {
        let Some(columns) = &self.published else {
            return;
        };
        for medium in PROMPT_MEDIA {
            let plain = medium.as_str();
            let holds = columns.iter().any(|column| column == plain);
            if holds || fields.get(plain).is_none_or(RawJson::is_null) {
                fields.fold(plain, &format!("{plain}_path"));
            }
        }
        for plain in ["response1", "response2"] {
            let holds = columns.iter().any(|column| column == plain);
            let nothing = fields.get(plain).is_none_or(RawJson::is_null);
            if holds || is_media && nothing {
                fields.fold(plain, &format!("{plain}_path"));
            }
        }
    }

    /// What the person says goes before what the row says, and that before the file's name.
    fn task(&self, fields: &Fields) -> Result<Task, Problem> {
        if let Some(given) = &self.given {
            return Ok(given.clone());
        }
        match (fields.get("task").filter(|raw| !raw.is_null()), &self.named) {
            (Some(raw), _) => raw
                .words()
                .parse()
                .map_err(|error| fields.refuse("task", "bad_task", format!("{error}"))),
            (None, Some(named)) => Ok(named.clone()),
            (None, None) => Err(fields.refuse(
                "task",
                "no_task",
                "the row has no task, and neither the file's name nor you gave one".to_owned(),
            )),
        }
    }
}

fn missing(fields: &Fields, what: &str) -> Problem {
    let names = listed(fields.names());
    let message = format!(
        "the row has no {what}: a row needs prompt, response1 and response2 (its fields: {names})"
    );
    fields.refuse(what, "missing_field", message)
}

/// The prompt's media. For the nine tasks the task says which field holds them; a project's own
/// task takes all that are there.
fn prompt_media(
    fields: &mut Fields,
    task: &Task,
    place: Option<Option<Modality>>,
) -> Result<Vec<MediaSource>, Problem> {
    let mut media = Vec::new();
    for modality in PROMPT_MEDIA {
        let plain = modality.as_str();
        let path = format!("{plain}_path");
        let here = [plain, path.as_str()]
            .into_iter()
            .find(|name| fields.get(name).is_some_and(|raw| !raw.is_null()));
        let Some(name) = here else { continue };
        if place.is_some_and(|expected| expected != Some(modality)) {
            let message = format!(
                "{name} is kept but not shown: the prompt of a {task} row has no {plain}; give \
                 the right task if it should be shown"
            );
            fields.remark(name, "media_not_shown", message);
            continue;
        }
        media.extend(fields.media(name)?);
    }
    if let Some(Some(expected)) = place.filter(|_| media.is_empty()) {
        let message = format!(
            "the row has no {expected}: the prompt is shown without",
            expected = expected.as_str()
        );
        fields.remark(expected.as_str(), "no_media", message);
    }
    Ok(media)
}

/// A response: a path in its plain field where the task's responses are media, else its words
/// there and its media, if any, in `response…_path`.
fn response(
    fields: &mut Fields,
    number: &str,
    is_media: bool,
) -> Result<IncomingResponse, Problem> {
    let plain = format!("response{number}");
    let path = format!("{plain}_path");
    let has = |fields: &Fields, name: &str| fields.get(name).is_some_and(|raw| !raw.is_null());
    if fields.get(&plain).is_none() && fields.get(&path).is_none() {
        return Err(missing(fields, &plain));
    }
    // What is shown follows what is there: a file stands where words were expected.
    let (text, media) = if is_media || fields.is_embedded(&plain) {
        let name = if has(fields, &plain) { &plain } else { &path };
        let words = format!("{plain}_text");
        let is_text = fields
            .get(&words)
            .is_some_and(|raw| raw.kind() == Kind::Text);
        let text = is_text.then(|| fields.text(&words)).flatten();
        (text.unwrap_or_default(), fields.media(name)?)
    } else {
        let text = fields.text(&plain).unwrap_or_default();
        let media = fields.media(&path)?;
        (text, media)
    };
    if media.is_empty() && text.trim().is_empty() {
        let message = format!("{plain} is blank: imported as an empty response");
        fields.remark(&plain, "blank", message);
    }
    let model = fields.word(&format!("model{number}"));
    Ok(IncomingResponse { text, media, model })
}

fn criterion(fields: &mut Fields) -> Result<Option<Criterion>, Problem> {
    let Some(raw) = fields.get("criteria").filter(|raw| !raw.is_null()) else {
        return Ok(None);
    };
    if raw.words().trim().is_empty() {
        let message = "criteria is blank: the row is a pair without a criterion".to_owned();
        fields.remark("criteria", "blank", message);
        return Ok(None);
    }
    let text = fields.text("criteria").unwrap_or_default();
    let criterion = Criterion::new(text);
    criterion
        .map(Some)
        .map_err(|error| fields.refuse("criteria", "bad_criterion", format!("{error}")))
}

/// The verdict that came with the row. One that is none of the four is told and left out.
fn resolution(fields: &mut Fields) -> Option<Verdict> {
    const NAME: &str = "criteria_preference";
    let raw = fields.get(NAME).filter(|raw| !raw.is_null())?;
    let verdict = match raw.kind() {
        Kind::Text => raw.words().parse::<Verdict>().ok(),
        _ => None,
    };
    if verdict.is_some() {
        fields.use_up(NAME);
    } else {
        let seen = shorten(raw.as_str());
        let message = format!(
            "{NAME} is {seen}, not response1, response2, tie or both_bad: the row is taken \
             without a verdict"
        );
        fields.remark(NAME, "bad_verdict", message);
    }
    verdict
}
