//! The two lines: a question as a program reads it, an answer as it is read here.
//!
//! Asked is `{"question":1,"task","criterion","ties","prompt":{"text","media":[{"kind","mime","path"}]},
//! "response1":{…},"response2":{…}}`; `response1` is the one that it is shown first. It answers
//! `{"score1","score2"}`, higher for the better one, or `{"verdict","text"}` with `response1`,
//! `response2`, `tie` or `both_bad`; where it gives a text alone, the verdict is read from its marks
//! (`[[A]]`, `[[B]]`, `[[C]]`). It may repeat `question`, and then has to say the same number.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tiebreak_domain::{Setting, Shown, Verdict};

use super::links::Links;
use crate::imported::Said;
use crate::judge::{Asking, JudgedSide};
use crate::verdict_in;

#[derive(Serialize)]
struct Question<'a> {
    question: u64,
    task: &'a str,
    criterion: &'a str,
    /// Whether it may say tie.
    ties: bool,
    prompt: Side<'a>,
    response1: Side<'a>,
    response2: Side<'a>,
}

#[derive(Serialize)]
struct Side<'a> {
    text: &'a str,
    media: Vec<Medium<'a>>,
}

#[derive(Serialize)]
struct Medium<'a> {
    kind: &'static str,
    mime: &'a str,
    path: String,
}

/// A question as a line. Its media are linked first, under names of ours.
pub(super) fn write(asking: &Asking, number: u64, links: &mut Links) -> Result<String, String> {
    let question = &asking.question;
    let [one, two] = &question.responses;
    let (first, second) = match asking.how.shown {
        Shown::OneTwo => (one, two),
        Shown::TwoOne => (two, one),
    };
    let line = Question {
        question: number,
        task: &question.task,
        criterion: &question.criterion,
        ties: asking.how.setting == Setting::WithTie,
        prompt: side(&question.prompt, "prompt", links)?,
        response1: side(first, "response1", links)?,
        response2: side(second, "response2", links)?,
    };
    // JSON's own escapes leave no line break in it.
    let mut line = serde_json::to_string(&line).map_err(|error| error.to_string())?;
    line.push('\n');
    Ok(line)
}

fn side<'a>(side: &'a JudgedSide, name: &str, links: &mut Links) -> Result<Side<'a>, String> {
    let mut media = Vec::with_capacity(side.media.len());
    for (n, medium) in side.media.iter().enumerate() {
        media.push(Medium {
            kind: medium.kind.as_str(),
            mime: &medium.mime,
            path: links.link(medium, &format!("{name}-{}", n + 1))?,
        });
    }
    Ok(Side {
        text: &side.text,
        media,
    })
}

/// Why a line is no answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Misread {
    /// It is one, and says nothing that counts.
    Answer(String),
    /// It is none: what is an answer to what is not certain any more.
    Garbled(String),
}

#[derive(Deserialize)]
struct Answer<'a> {
    question: Option<u64>,
    #[serde(borrow)]
    score1: Option<&'a RawValue>,
    #[serde(borrow)]
    score2: Option<&'a RawValue>,
    verdict: Option<String>,
    text: Option<String>,
}

/// What an answer says, in the terms of what was shown.
pub(super) fn read(line: &str, number: u64, setting: Setting) -> Result<Said, Misread> {
    let line = line.trim();
    let answer: Answer<'_> = serde_json::from_str(line).map_err(|error| {
        let wrote = shortened(line);
        let why = format!("it wrote “{wrote}”, which is no line of JSON as it is agreed ({error})");
        // One object and nothing else: the next line belongs to the next question.
        match line.starts_with('{') && line.ends_with('}') {
            true if ["NaN", "Infinity"].iter().any(|word| line.contains(word)) => Misread::Answer(
                "a score is no number: JSON has neither NaN nor Infinity".to_owned(),
            ),
            true => Misread::Answer(why),
            false => Misread::Garbled(why),
        }
    })?;
    if answer.question.is_some_and(|told| told != number) {
        return Err(Misread::Garbled("it answered another question".to_owned()));
    }
    said(answer, setting).map_err(Misread::Answer)
}

fn said(answer: Answer<'_>, setting: Setting) -> Result<Said, String> {
    let text = answer.text.unwrap_or_default();
    match (answer.score1, answer.score2, &answer.verdict) {
        (Some(one), Some(two), None) => Ok(Said {
            scores: Some([number(one)?, number(two)?]),
            text,
            ..Said::default()
        }),
        (None, None, _) => {
            let verdict = match &answer.verdict {
                Some(word) => word
                    .parse::<Verdict>()
                    .map_err(|_| format!("“{}” is no verdict", shortened(word)))?,
                None => in_text(&text)?,
            };
            if verdict == Verdict::Tie && setting == Setting::WithoutTie {
                return Err("it said tie where it had to choose".to_owned());
            }
            Ok(Said {
                verdict: Some(verdict),
                text,
                ..Said::default()
            })
        }
        (_, _, Some(_)) => {
            Err("it gave scores and a verdict: it has to give one of the two".to_owned())
        }
        _ => Err("it gave one score: it has to give score1 and score2".to_owned()),
    }
}

fn in_text(text: &str) -> Result<Verdict, String> {
    let both = |one, other| text.contains(one) && text.contains(other);
    verdict_in(text).ok_or_else(|| match () {
        () if both("[[A]]", "[[B]]") || both("\\boxed{A}", "\\boxed{B}") => {
            "it gave both verdicts".to_owned()
        }
        () if text.is_empty() => "it gave neither scores nor a verdict".to_owned(),
        () => "no verdict could be read in what it wrote".to_owned(),
    })
}

fn number(raw: &RawValue) -> Result<f64, String> {
    let number: Option<f64> = raw.get().parse().ok();
    number.filter(|n| n.is_finite()).ok_or_else(|| {
        format!(
            "a score is no number that can be used: {}",
            shortened(raw.get())
        )
    })
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    match short.len() < text.len() {
        true => format!("{short}…"),
        false => short,
    }
}
