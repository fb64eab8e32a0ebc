//! A model on the graphics side, and drawing it under one neutral light.
//!
//! The light goes with the camera, so that no side of a model is ever in the dark and both models
//! of a pair are lit alike however they are turned.

use std::collections::HashMap;

use three_d::{
    AmbientLight, ClearState, Context, CoreError, CpuMaterial, DirectionalLight, Gm, Interpolation,
    Mesh, Object, PhysicalMaterial, RenderTargetMultisample, Srgba, Texture2D, Wrapping,
};
use tiebreak_media::worker::View;

use super::Problem;
use super::camera::{Stand, camera};
use super::normals;
use super::shape::{Alpha, Piece, Shape};

/// The ground behind every model: `#777`.
const GROUND: f32 = 119.0 / 255.0;
/// What has no material of its own.
const PLAIN: Srgba = Srgba::new_opaque(185, 185, 185);
/// Samples a pixel, for smooth edges.
const SAMPLES: u32 = 4;
/// Without surroundings to mirror, a metal is black: so much of one is taken.
const METAL: f32 = 0.25;

/// A model that can be drawn.
pub struct Drawn {
    parts: Vec<Gm<Mesh, PhysicalMaterial>>,
}

/// Which textures of a material a piece can carry.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Look {
    material: Option<usize>,
    textures: bool,
}

impl Drawn {
    /// Brings a finished shape to the graphics side.
    pub fn new(context: &Context, shape: Shape) -> Self {
        let mut looks: HashMap<Look, PhysicalMaterial> = HashMap::new();
        let mut parts = Vec::with_capacity(shape.pieces.len());
        for mut piece in shape.pieces {
            let known = piece.material.and_then(|at| shape.materials.get(at));
            let look = Look {
                material: known.and(piece.material),
                textures: piece.mesh.uvs.is_some(),
            };
            if known.is_some_and(|(m, _)| m.normal_texture.is_some()) {
                normals::tangents(&mut piece.mesh);
            }
            let material = looks.entry(look).or_insert_with(|| match known {
                Some((material, alpha)) => {
                    physical(context, material.clone(), *alpha, look.textures)
                }
                None => physical(context, plain(), Alpha::Guess, false),
            });
            parts.push(placed(context, &piece, material.clone()));
        }
        Self { parts }
    }

    /// Draws it: RGBA, rows from the top, opaque.
    pub fn frame(&self, context: &Context, view: &View) -> Result<Vec<u8>, Problem> {
        let camera = camera(view);
        let stand = Stand::of(view);
        let away = stand.eye - stand.target;
        let (key, fill) = lights(context, &stand, away);
        let ambient = AmbientLight::new(context, 0.5, Srgba::WHITE);
        let objects: Vec<&dyn Object> = self.parts.iter().map(|part| part as &dyn Object).collect();
        let clear = ClearState::color_and_depth(GROUND, GROUND, GROUND, 1.0, 1.0);
        let target =
            RenderTargetMultisample::<[u8; 4], f32>::new(context, view.width, view.height, SAMPLES);
        target.clear(clear);
        target.render(&camera, objects, &[&ambient, &key, &fill]);
        let colour = blank(context, view);
        target.resolve_color_to(&colour.as_color_target(None));
        let shown = colour.as_color_target(None);
        let pixels = shown.read::<[u8; 4]>();
        // Within a target: without a window there is no other that could be checked.
        shown
            .write::<CoreError>(|| context.error_check())
            .map_err(|e| Problem::new("drawing it failed").with(&e))?;
        let mut bytes = pixels.into_flattened();
        bytes
            .iter_mut()
            .skip(3)
            .step_by(4)
            .for_each(|alpha| *alpha = 255);
        Ok(bytes)
    }
}

fn blank(context: &Context, view: &View) -> Texture2D {
    Texture2D::new_empty::<[u8; 4]>(
        context,
        view.width,
        view.height,
        Interpolation::Nearest,
        Interpolation::Nearest,
        None,
        Wrapping::ClampToEdge,
        Wrapping::ClampToEdge,
    )
}

/// A key light from the upper left of the camera, and a weaker one from its right.
fn lights(
    context: &Context,
    stand: &Stand,
    away: three_d::Vec3,
) -> (DirectionalLight, DirectionalLight) {
    use three_d::InnerSpace as _;
    let away = away.normalize();
    let from_left = -(away * 1.0 + stand.up * 0.7 - stand.right * 0.6);
    let from_right = -(away * 0.6 + stand.up * 0.1 + stand.right * 1.0);
    (
        DirectionalLight::new(context, 2.0, Srgba::WHITE, from_left.normalize()),
        DirectionalLight::new(context, 0.6, Srgba::WHITE, from_right.normalize()),
    )
}

fn plain() -> CpuMaterial {
    CpuMaterial {
        albedo: PLAIN,
        roughness: 0.8,
        metallic: 0.0,
        ..CpuMaterial::default()
    }
}

fn physical(
    context: &Context,
    mut material: CpuMaterial,
    alpha: Alpha,
    textures: bool,
) -> PhysicalMaterial {
    if !textures {
        material.albedo_texture = None;
        material.metallic_roughness_texture = None;
        material.occlusion_metallic_roughness_texture = None;
        material.occlusion_texture = None;
        material.normal_texture = None;
        material.emissive_texture = None;
    }
    material.metallic *= METAL;
    match alpha {
        Alpha::Guess => PhysicalMaterial::new(context, &material),
        Alpha::Opaque => PhysicalMaterial::new_opaque(context, &material),
        Alpha::Blend => PhysicalMaterial::new_transparent(context, &material),
    }
}

fn placed(
    context: &Context,
    piece: &Piece,
    material: PhysicalMaterial,
) -> Gm<Mesh, PhysicalMaterial> {
    let mut mesh = Mesh::new(context, &piece.mesh);
    mesh.set_transformation(piece.place);
    Gm::new(mesh, material)
}
