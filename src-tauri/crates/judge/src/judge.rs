//! The one way in which every reward model is asked.
//!
//! A family implements [`Judge`] and nothing else: who it is, which questions it takes, and what it
//! says of some of them. Whatever asks keeps what was said, resumes, and counts failures.

use std::path::PathBuf;

use tiebreak_domain::{
    AskedUnder, Modality, PromptId, QuestionId, RewardModel, Setting, Shown, Verdict,
};

use crate::imported::Said;

/// A question as a reward model is asked it: in the data's order, without names, votes or sources.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedQuestion {
    /// Which question. No program is told.
    pub id: QuestionId,
    /// Which prompt: what is held apart when a model is fitted. No program is told.
    pub prompt_id: PromptId,
    /// The task.
    pub task: String,
    /// In which respect to compare; empty where it is asked under none.
    pub criterion: String,
    /// What was asked.
    pub prompt: JudgedSide,
    /// Response 1 and response 2.
    pub responses: [JudgedSide; 2],
}

/// The prompt or a response.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JudgedSide {
    /// The words.
    pub text: String,
    /// The media, in order.
    pub media: Vec<JudgedMedium>,
}

/// A medium of a question, and what its header says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedMedium {
    /// What it is.
    pub kind: Modality,
    /// Its media type.
    pub mime: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Where it lies. The path may tell whose response it is: no program is told.
    pub path: PathBuf,
    /// Width and height, in pixels.
    pub pixels: Option<(u32, u32)>,
    /// How long it is.
    pub seconds: Option<f64>,
    /// How many triangles, or faces, it is made of.
    pub faces: Option<u64>,
}

impl JudgedQuestion {
    /// What a model that is given every medium as it is sees of them, a sentence each.
    #[must_use]
    pub fn media_as_they_are(&self) -> Vec<String> {
        let [one, two] = &self.responses;
        let sides = [
            ("prompt", &self.prompt),
            ("response 1", one),
            ("response 2", two),
        ];
        let mut told = Vec::new();
        for (name, side) in sides {
            let each = side
                .media
                .iter()
                .map(|medium| format!("{name}: {}", medium.mime));
            told.extend(each);
        }
        told
    }
}

/// How a model is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct How {
    /// Whether it may say tie.
    pub setting: Setting,
    /// In which order it sees the responses.
    pub shown: Shown,
    /// Whose criterion the question is asked under; its words stand in the question.
    pub under: AskedUnder,
}

/// A question and how it is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Asking {
    /// The question.
    pub question: JudgedQuestion,
    /// How.
    pub how: How,
}

/// Why a model said nothing that counts, as a sentence for its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It answered, and no verdict or scores can be read.
    Answer {
        /// Why not.
        why: String,
        /// What it wrote, as far as there is any.
        text: String,
    },
    /// The program itself failed: it could not be started, ended, or had to be.
    Program(String),
}

/// A reward model that can be asked.
pub trait Judge: Send {
    /// Who it is: its name, its family, and the hash of what it is.
    fn model(&self) -> &RewardModel;

    /// BLAKE3 of the prompt it asks with, 64 hexadecimal digits; empty where there is none.
    fn template(&self) -> &str {
        ""
    }

    /// Whether it takes a task.
    fn takes(&self, task: &str) -> bool;

    /// Whether the order of the responses can make a difference.
    fn sees_order(&self) -> bool;

    /// How many questions it is best asked at once: what is written together, and what is lost
    /// together where the machine stops.
    fn at_once(&self) -> usize;

    /// What it says of each, in the order given and in data terms, whatever it was shown first.
    fn judge(&mut self, asked: &[Asking]) -> Vec<Result<Said, Failure>>;
}

impl Said {
    /// The same where what it calls the first is the second.
    #[must_use]
    pub fn turned(mut self) -> Self {
        self.scores = self.scores.map(|[one, two]| [two, one]);
        self.verdict = self.verdict.map(|verdict| match verdict {
            Verdict::Response1 => Verdict::Response2,
            Verdict::Response2 => Verdict::Response1,
            same => same,
        });
        self
    }
}
