//! From the bytes of a model to triangles and materials, format by format.

mod gltf;
mod gltf_json;
mod gltf_textures;
mod mtl;
mod obj;
mod ply;
mod ply_body;
mod ply_head;
mod points;
mod stl;

use three_d_asset::Texture2D;
use three_d_asset::io::RawAssets;
use tiebreak_media::worker::SceneKind;

use super::Problem;
use super::shape::Shape;

/// Reads a model out of its files, the first of which is the model itself.
pub fn read(kind: SceneKind, files: Vec<(String, Vec<u8>)>) -> Result<Shape, Problem> {
    let mut files = files.into_iter();
    let (_, main) = files
        .next()
        .ok_or_else(|| Problem::damaged(&"no file was sent"))?;
    let parts = Parts(files.collect());
    match kind {
        SceneKind::Glb | SceneKind::Gltf => gltf::read(&main, &parts),
        SceneKind::Obj => obj::read(&main, &parts),
        SceneKind::Stl => stl::read(main),
        SceneKind::Ply => ply::read(&main),
    }
}

/// The files beside a model, by the names it gives them.
pub struct Parts(Vec<(String, Vec<u8>)>);

impl Parts {
    /// The content of a part.
    pub fn find(&self, name: &str) -> Option<&[u8]> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, bytes)| bytes.as_slice())
    }
}

/// Decodes a PNG or JPEG; nothing where it is neither.
fn picture(bytes: &[u8]) -> Option<Result<Texture2D, Problem>> {
    is_picture(bytes).then(|| {
        let mut assets = RawAssets::new();
        assets.insert("picture.png", bytes.to_vec());
        assets
            .deserialize("picture.png")
            .map_err(|e| Problem::new("a texture of it is damaged").with(&e))
    })
}

fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(b"\xff\xd8\xff")
}

/// What is said where a texture is left out.
const NO_TEXTURE: &str = "A texture of this model is missing or of a kind that is not read.";
