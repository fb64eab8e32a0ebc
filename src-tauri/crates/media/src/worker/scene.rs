//! The role that draws models: what it is asked and what it answers.

use serde::{Deserialize, Serialize};

use crate::kinds::{self, Kind};

/// The most that a model and its parts may weigh, in bytes.
pub const MAX_SCENE_BYTES: u64 = 512 * 1024 * 1024;
/// The longest side of a frame, in pixels.
pub const MAX_SIDE: u32 = 2048;

/// The formats of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SceneKind {
    /// Binary glTF.
    Glb,
    /// glTF in JSON, its buffers and pictures beside it.
    Gltf,
    /// Wavefront.
    Obj,
    /// Stereolithography.
    Stl,
    /// Stanford polygons or points.
    Ply,
}

impl SceneKind {
    /// The format with this media type.
    #[must_use]
    pub fn of(mime: &str) -> Option<Self> {
        let all = [Self::Glb, Self::Gltf, Self::Obj, Self::Stl, Self::Ply];
        all.into_iter().find(|kind| kind.file().mime == mime)
    }

    /// The kind of file it is.
    #[must_use]
    pub const fn file(self) -> Kind {
        match self {
            Self::Glb => kinds::GLB,
            Self::Gltf => kinds::GLTF,
            Self::Obj => kinds::OBJ,
            Self::Stl => kinds::STL,
            Self::Ply => kinds::PLY,
        }
    }
}

/// A model as the worker gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SceneFiles {
    /// What the first file is.
    pub kind: SceneKind,
    /// The model, then its parts under the names that it gives them, relative to its folder and
    /// with `/` between components.
    pub files: Vec<(String, Vec<u8>)>,
}

/// How a model is looked at. The model fills a ball of radius 1 around the origin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Radians around the upright axis; 0 looks along −Z.
    pub yaw: f32,
    /// Radians above the horizon.
    pub pitch: f32,
    /// 1 shows the whole ball, 2 twice as near.
    pub zoom: f32,
    /// How far the camera moved to its right, in radii of the ball.
    pub pan_x: f32,
    /// How far it moved up, likewise.
    pub pan_y: f32,
}

/// A picture of a model: RGBA, eight bits each, rows from the top, opaque.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// `width * height * 4` bytes.
    pub rgba: Vec<u8>,
}

/// A request to the role `scene`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// Take a model in; the body holds its files one after the other.
    Load {
        /// The name under which frames of it are asked for.
        key: String,
        /// What the first file is.
        kind: SceneKind,
        /// Name and length of each.
        files: Vec<(String, u64)>,
    },
    /// Draw a model that was taken in.
    Frame {
        /// Its name.
        key: String,
        /// How.
        view: View,
    },
}

/// What the role `scene` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// The model is there and draws; these of its parts do not show, each as a sentence that
    /// names no file.
    Loaded {
        /// What is left out.
        remarks: Vec<String>,
    },
    /// The body is the frame.
    Frame {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// No model of this name is there (any more).
    Missing,
    /// It cannot be done.
    Refused {
        /// Why, for people: names no file and no path.
        why: String,
        /// What exactly, for the log.
        detail: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_go_by_their_media_types() {
        assert_eq!(SceneKind::of("model/gltf-binary"), Some(SceneKind::Glb));
        assert_eq!(SceneKind::of("model/ply"), Some(SceneKind::Ply));
        assert_eq!(SceneKind::of("image/png"), None);
    }
}
