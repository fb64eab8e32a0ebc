//! The place where models are drawn: a context, and the models that were taken in last.

use std::collections::VecDeque;

use three_d::Context;
use tiebreak_media::worker::{Answer, Ask, MAX_SIDE, SceneKind, View};

use super::draw::Drawn;
use super::shape::Shape;
use super::{Problem, caught, gl, read};

/// How many models are kept: both sides of this question and the next, and the prompt's.
const KEPT: usize = 6;

/// The context and its models.
pub struct Studio {
    context: Context,
    models: VecDeque<(String, Drawn)>,
}

impl Studio {
    /// Opens a context on this thread.
    ///
    /// # Errors
    /// Where there is no OpenGL.
    pub fn open() -> Result<Self, Problem> {
        Ok(Self {
            context: gl::context()?,
            models: VecDeque::new(),
        })
    }

    /// Answers a request. The outer error is a failure of drawing, after which nothing here is to
    /// be trusted; the inner one is a refusal.
    ///
    /// # Errors
    /// As said.
    pub fn answer(
        &mut self,
        ask: Ask,
        body: Vec<u8>,
    ) -> Result<Result<(Answer, Vec<u8>), Problem>, Problem> {
        match ask {
            Ask::Load { key, kind, files } => {
                self.models.retain(|(known, _)| *known != key);
                let shape = match caught(|| understood(kind, &files, body)) {
                    Ok(shape) => shape,
                    Err(problem) => return Ok(Err(problem)),
                };
                let remarks = self.take(key, shape)?;
                Ok(Ok((Answer::Loaded { remarks }, Vec::new())))
            }
            Ask::Frame { key, view } => {
                let sides = 1..=MAX_SIDE;
                if !sides.contains(&view.width) || !sides.contains(&view.height) {
                    return Ok(Err(Problem::new(format!(
                        "a frame has between 1 and {MAX_SIDE} pixels a side"
                    ))));
                }
                self.frame(&key, &view).map(Ok)
            }
        }
    }

    /// Takes a model in and draws it once, small: shaders are compiled now, and a model that
    /// cannot be drawn is known as such.
    fn take(&mut self, key: String, shape: Shape) -> Result<Vec<String>, Problem> {
        let remarks = shape.remarks.clone();
        let drawn = Drawn::new(&self.context, shape);
        drawn.frame(&self.context, &SMALL)?;
        self.models.push_back((key, drawn));
        while self.models.len() > KEPT {
            self.models.pop_front();
        }
        Ok(remarks)
    }

    fn frame(&mut self, key: &str, view: &View) -> Result<(Answer, Vec<u8>), Problem> {
        let Some(at) = self.models.iter().position(|(known, _)| known == key) else {
            return Ok((Answer::Missing, Vec::new()));
        };
        let Some((_, drawn)) = self.models.get(at) else {
            return Ok((Answer::Missing, Vec::new()));
        };
        let pixels = drawn.frame(&self.context, view)?;
        if let Some(used) = self.models.remove(at) {
            self.models.push_back(used);
        }
        let (width, height) = (view.width, view.height);
        Ok((Answer::Frame { width, height }, pixels))
    }
}

const SMALL: View = View {
    width: 16,
    height: 16,
    yaw: 0.0,
    pitch: 0.0,
    zoom: 1.0,
    pan_x: 0.0,
    pan_y: 0.0,
};

/// Cuts the body into its files and reads the model.
fn understood(
    kind: SceneKind,
    names: &[(String, u64)],
    mut body: Vec<u8>,
) -> Result<Shape, Problem> {
    let mut files = Vec::with_capacity(names.len());
    for (name, length) in names.iter().rev() {
        let start = usize::try_from(*length)
            .ok()
            .and_then(|length| body.len().checked_sub(length))
            .ok_or_else(|| Problem::damaged(&"the request is shorter than it says"))?;
        files.push((name.clone(), body.split_off(start)));
    }
    files.reverse();
    read::read(kind, files)?.finished()
}
