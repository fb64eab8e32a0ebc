//! The role that draws 3D models: bytes in, pictures out.

mod camera;
mod caught;
mod draw;
mod gl;
mod normals;
mod picture;
mod problem;
mod read;
mod shape;
mod studio;

pub use caught::{caught, keep_panics};
pub use problem::Problem;
pub use studio::Studio;
