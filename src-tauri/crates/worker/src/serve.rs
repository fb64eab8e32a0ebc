//! The conversation with the program: one request, one answer, until it closes its end.

use std::io;

use tiebreak_media::worker::protocol::{read, write};
use tiebreak_media::worker::{Answer, Ask, MAX_SCENE_BYTES};

use crate::scene::{Problem, Studio, caught, keep_panics};

/// Draws models.
pub fn scene() -> io::Result<()> {
    keep_panics();
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut studio: Option<Studio> = None;
    while let Some(message) = read::<Ask>(&mut input, MAX_SCENE_BYTES)? {
        let (answer, body) = answer(&mut studio, message.says, message.body);
        write(&mut output, message.id, &answer, &[&body])?;
    }
    Ok(())
}

/// Answers whatever happens. What was drawn with is not trusted after a failure and is made anew:
/// the program sends its models again.
fn answer(studio: &mut Option<Studio>, ask: Ask, body: Vec<u8>) -> (Answer, Vec<u8>) {
    let outcome = caught(|| {
        let studio = match studio {
            Some(studio) => studio,
            None => studio.insert(Studio::open()?),
        };
        studio.answer(ask, body)
    });
    match outcome {
        Ok(Ok(answered)) => answered,
        Ok(Err(problem)) => (refused(problem), Vec::new()),
        Err(problem) => {
            // Dropping it would call into a renderer in an unknown state.
            std::mem::forget(studio.take());
            (refused(problem), Vec::new())
        }
    }
}

fn refused(problem: Problem) -> Answer {
    Answer::Refused {
        why: problem.why.into_owned(),
        detail: problem.detail,
    }
}
