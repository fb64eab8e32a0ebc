//! STL: triangles and nothing else.

use three_d_asset::io::RawAssets;
use three_d_asset::{Geometry, Model};

use crate::scene::Problem;
use crate::scene::shape::{Piece, Shape};

/// Reads an STL. Its normals belong to triangles, not to corners, and are made anew.
pub fn read(bytes: Vec<u8>) -> Result<Shape, Problem> {
    let mut assets = RawAssets::new();
    assets.insert("model.stl", bytes);
    let model: Model = assets
        .deserialize("model.stl")
        .map_err(|e| Problem::out_of(&e))?;
    let mut shape = Shape::default();
    for primitive in model.geometries {
        if let Geometry::Triangles(mut mesh) = primitive.geometry {
            mesh.normals = None;
            shape.pieces.push(Piece {
                mesh,
                place: primitive.transformation,
                material: None,
            });
        }
    }
    Ok(shape)
}
