//! A first guess at a mapping, from the names that people give to such fields and the words they
//! use for verdicts: the drop-downs start from it, and the person corrects them.

use std::collections::BTreeMap;

use tiebreak_domain::{Modality, Task, Verdict};

use crate::mapping::{Content, CriterionFrom, Mapping, ResolutionFrom, TaskFrom, VoteFrom};
use crate::sample::{Column, Columns};

const PROMPTS: [&str; 9] = [
    "prompt",
    "instruction",
    "question",
    "query",
    "caption",
    "problem",
    "text",
    "context",
    "input",
];
/// Names of the two responses; `#` stands for what tells them apart.
const SIDES: [&str; 8] = [
    "response#",
    "response_#",
    "answer#",
    "answer_#",
    "output#",
    "output_#",
    "completion_#",
    "conversation_#",
];
const MODELS: [&str; 4] = ["model#", "model_#", "system#", "system_#"];
const MARKS: [(&str, &str); 3] = [("1", "2"), ("a", "b"), ("0", "1")];
const CRITERIA: [&str; 4] = ["criteria", "criterion", "dimension", "aspect"];
const IDS: [&str; 6] = ["id", "idx", "question_id", "uid", "uuid", "index"];
const RESOLUTIONS: [&str; 7] = [
    "criteria_preference",
    "winner",
    "preference",
    "human_vote",
    "label",
    "better",
    "verdict",
];
const WORKERS: [&str; 4] = ["worker", "annotator", "rater", "judge"];

/// A mapping to start from. It may need a person's hand: what could not be found stays empty.
#[must_use]
pub fn guess_mapping(columns: &Columns) -> Mapping {
    let guess = Guess(&columns.fields);
    let sides = guess.two(&SIDES);
    let medium = sides
        .as_ref()
        .map_or(Modality::Text, |(one, _)| guess.medium(one));
    let (one, two) = sides.unwrap_or_default();
    let mut mapping = Mapping {
        prompt: guess.prompt(),
        response1: side(one, medium),
        response2: side(two, medium),
        id: guess.first(&IDS),
        ..Mapping::default()
    };
    if let Some((one, two)) = guess.two(&MODELS) {
        (mapping.model1, mapping.model2) = (Some(one), Some(two));
    }
    let criterion = guess.first(&CRITERIA).map(CriterionFrom::Field);
    let usual = CriterionFrom::Text("Which response is better?".to_owned());
    mapping.criterion = criterion.or(Some(usual));
    guess.votes(&mut mapping);
    mapping.task = Guess::task(&mapping).map(TaskFrom::Constant);
    mapping
}

fn side(name: String, medium: Modality) -> Content {
    let mut content = Content::default();
    match medium {
        _ if name.is_empty() => {}
        Modality::Text => content.text.push(name),
        Modality::Image => content.image = Some(name),
        Modality::Video => content.video = Some(name),
        Modality::Audio => content.audio = Some(name),
        Modality::Model3d => content.model3d = Some(name),
    }
    content
}

struct Guess<'a>(&'a [Column]);

impl Guess<'_> {
    /// The column of one of these names, whatever its case.
    fn column(&self, name: &str) -> Option<&Column> {
        self.0.iter().find(|c| c.name.to_lowercase() == name)
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.column(name))
            .map(|c| c.name.clone())
    }

    fn two(&self, patterns: &[&str]) -> Option<(String, String)> {
        patterns.iter().find_map(|pattern| {
            MARKS.iter().find_map(|(one, two)| {
                let one = self.column(&pattern.replace('#', one))?;
                let two = self.column(&pattern.replace('#', two))?;
                Some((one.name.clone(), two.name.clone()))
            })
        })
    }

    fn prompt(&self) -> Content {
        let mut content = Content::default();
        content.text.extend(self.first(&PROMPTS));
        if let Some(input) = self
            .column("input")
            .filter(|_| self.column("instruction").is_some())
        {
            content.text.push(input.name.clone());
        }
        let field = |kind: Modality| self.first(&[kind.as_str()]);
        content.image = field(Modality::Image);
        content.video = field(Modality::Video);
        content.audio = field(Modality::Audio);
        content
    }

    fn votes(&self, mapping: &mut Mapping) {
        for column in self.0 {
            let name = column.name.to_lowercase();
            let number = name.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '_');
            let stem = name
                .strip_suffix(number)
                .unwrap_or(&name)
                .trim_end_matches('_');
            let is_person = !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
                && WORKERS.contains(&stem);
            if let (true, Some(values)) = (is_person, meanings(&column.values)) {
                mapping.vote.push(VoteFrom {
                    annotator: Some(column.name.clone()),
                    field: column.name.clone(),
                    values,
                    ..VoteFrom::default()
                });
            }
        }
        let label = RESOLUTIONS.iter().find_map(|name| {
            let column = self.column(name)?;
            Some((column.name.clone(), meanings(&column.values)?))
        });
        match (label, self.first(&WORKERS)) {
            (Some((field, values)), Some(worker)) => mapping.vote.push(VoteFrom {
                annotator_field: Some(worker),
                field,
                values,
                ..VoteFrom::default()
            }),
            (Some((field, values)), None) => {
                mapping.resolution = Some(ResolutionFrom { field, values });
            }
            (None, _) => {}
        }
    }

    /// What the values of a field look like: names of media files, or words.
    fn medium(&self, name: &str) -> Modality {
        let column = self.0.iter().find(|c| c.name == name);
        let ending = column
            .and_then(|c| c.examples.first())
            .filter(|e| !e.contains(char::is_whitespace))
            .and_then(|e| e.rsplit_once('.'))
            .map(|(_, ending)| ending.to_lowercase());
        match ending.as_deref() {
            Some("png" | "jpg" | "jpeg" | "webp" | "gif") => Modality::Image,
            Some("mp4" | "webm" | "mov" | "mkv" | "avi") => Modality::Video,
            Some("wav" | "mp3" | "flac" | "ogg" | "m4a" | "opus") => Modality::Audio,
            Some("glb" | "gltf" | "obj" | "ply" | "stl") => Modality::Model3d,
            _ => Modality::Text,
        }
    }

    /// The task that the media suggest.
    fn task(mapping: &Mapping) -> Option<Task> {
        let from = match mapping.prompt.media().next() {
            Some((Modality::Image, _)) => "text_image",
            Some((Modality::Video, _)) => "text_video",
            Some((Modality::Audio, _)) => "text_audio",
            _ => "text",
        };
        let to = match mapping.response1.media().next() {
            Some((Modality::Model3d, _)) => "3D",
            Some((kind, _)) => kind.as_str(),
            None => "text",
        };
        format!("{from}_to_{to}").parse().ok()
    }
}

/// What these words mean, if all of them are known and they tell the responses apart.
fn meanings(words: &[String]) -> Option<BTreeMap<String, Verdict>> {
    let numbers = words.iter().any(|word| word == "2");
    let found: Option<BTreeMap<_, _>> = words
        .iter()
        .map(|word| Some((word.clone(), meaning(word, numbers)?)))
        .collect();
    found.filter(|found| {
        let has = |verdict| found.values().any(|v| *v == verdict);
        has(Verdict::Response1) || has(Verdict::Response2)
    })
}

fn meaning(word: &str, numbers: bool) -> Option<Verdict> {
    let plain = word
        .trim()
        .to_lowercase()
        .replace([' ', '-', '(', ')'], "_");
    let plain = plain.trim_matches('_').replace("__", "_");
    Some(match plain.as_str() {
        "response1" | "response_1" | "model_a" | "model1" | "a" | "left" | "leftvote"
        | "output1" | "output_1" | "first" => Verdict::Response1,
        "response2" | "response_2" | "model_b" | "model2" | "b" | "right" | "rightvote"
        | "output2" | "output_2" | "second" => Verdict::Response2,
        "tie" | "tievote" | "equal" | "same" | "draw" | "both_good" | "c" => Verdict::Tie,
        "both_bad" | "bothbad" | "bothbad_vote" | "tie_bothbad" => Verdict::BothBad,
        "1" if numbers => Verdict::Response1,
        "2" if numbers => Verdict::Response2,
        "0" if numbers => Verdict::Tie,
        _ => return None,
    })
}
