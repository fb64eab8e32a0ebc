//! Any program of this machine as a reward model: one line of JSON in, one line out.
//!
//! A model that no runtime of ours can run has its road here. The program is described by a small file
//! ([`Program`]), started without a shell, asked one question after the other, and killed and
//! started again when it is late or loses the thread. What it writes is hostile input: see [`line`].
//! It hears neither ids, sources nor models' names; media come as links with names of our own, since
//! a path may tell whose response it leads to.

mod line;
mod links;
mod program;
mod running;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tiebreak_domain::{RewardModel, Shown};

use line::Misread;
use links::Links;
pub use program::Program;
use running::{Ended, Running};

use crate::described::{Described, takes};
use crate::imported::Said;
use crate::judge::{Asking, Failure, Judge};

/// So often in a row may a program write something else than an answer before it counts as broken.
const GARBLED_AT_MOST: u32 = 2;

/// A described program, started when it is first asked.
pub struct Process {
    program: Program,
    tasks: Vec<String>,
    model: RewardModel,
    cancelled: Arc<AtomicBool>,
    running: Option<Running>,
    links: Option<Links>,
    asked: u64,
    garbled: u32,
}

impl Process {
    /// A described program; nothing is started yet. `cancelled` ends a question that is under way.
    #[must_use]
    pub fn new(described: &Described, program: Program, cancelled: Arc<AtomicBool>) -> Self {
        Self {
            program,
            model: described.model(),
            tasks: described.tasks.clone(),
            cancelled,
            running: None,
            links: None,
            asked: 0,
            garbled: 0,
        }
    }

    fn ask(&mut self, asking: &Asking) -> Result<Said, Failure> {
        if self.cancelled.load(Ordering::SeqCst) {
            return Err(Failure::Program("the run was cancelled".to_owned()));
        }
        self.asked += 1;
        let question = self.question(asking)?;
        let begun = Instant::now();
        let answer = self.turn(question);
        let ms = begun.elapsed().as_millis() as u64;
        if let Some(links) = &mut self.links {
            links.clear();
        }
        let answer = answer?;
        match line::read(&answer, self.asked, asking.how.setting) {
            Ok(said) => {
                self.garbled = 0;
                let said = Said {
                    ms: Some(ms),
                    media_used: Some(asking.question.media_as_they_are()),
                    ..said
                };
                Ok(match asking.how.shown {
                    Shown::OneTwo => said,
                    Shown::TwoOne => said.turned(),
                })
            }
            Err(Misread::Answer(why)) => {
                self.garbled = 0;
                Err(Failure::Answer { why, text: answer })
            }
            Err(Misread::Garbled(why)) => Err(self.garbled(why, answer)),
        }
    }

    fn question(&mut self, asking: &Asking) -> Result<String, Failure> {
        let links = match &mut self.links {
            Some(links) => links,
            none => none.insert(Links::new().map_err(Failure::Program)?),
        };
        line::write(asking, self.asked, links).map_err(Failure::Program)
    }

    /// Sends a line and waits for one, in a program that is started first where none runs.
    fn turn(&mut self, question: String) -> Result<String, Failure> {
        let mut limit = Duration::from_secs(self.program.deadline_s);
        // What came unasked is no answer to what is asked now.
        if self.running.as_ref().is_some_and(Running::has_more) {
            self.running = None;
        }
        let running = match &mut self.running {
            Some(running) => running,
            none => {
                limit += Duration::from_secs(self.program.start_s);
                let started = Running::start(&self.program).map_err(Failure::Program)?;
                none.insert(started)
            }
        };
        match running.ask(question, limit, &self.cancelled) {
            Ok(answer) if !running.has_more() => Ok(answer),
            Ok(answer) => Err(self.garbled("it wrote more than one line".to_owned(), answer)),
            Err(Ended::Garbled(why)) => Err(self.garbled(why, String::new())),
            Err(ended) => {
                let why = running.end(&ended);
                self.running = None;
                Err(Failure::Program(why))
            }
        }
    }

    /// Who lost the thread is started anew; who does so again and again is broken.
    fn garbled(&mut self, why: String, text: String) -> Failure {
        self.running = None;
        self.garbled += 1;
        match self.garbled > GARBLED_AT_MOST {
            true => Failure::Program(format!("{why}, {} times in a row", self.garbled)),
            false => Failure::Answer { why, text },
        }
    }
}

impl Judge for Process {
    fn model(&self) -> &RewardModel {
        &self.model
    }

    fn takes(&self, task: &str) -> bool {
        takes(&self.tasks, task)
    }

    fn sees_order(&self) -> bool {
        true
    }

    fn at_once(&self) -> usize {
        1
    }

    fn judge(&mut self, asked: &[Asking]) -> Vec<Result<Said, Failure>> {
        asked.iter().map(|asking| self.ask(asking)).collect()
    }
}
