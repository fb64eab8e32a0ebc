//! A model between being read and being drawn: triangles, materials, and what was left out.

use three_d_asset::{
    Indices, InnerSpace, Mat4, PbrMaterial, Positions, SquareMatrix, TriMesh, Vec3,
};

use super::normals;
use super::{Problem, picture};

/// The most triangles that are drawn.
pub const MAX_FACES: usize = 5_000_000;
/// The most pixels of all textures together.
const MAX_TEXELS: u64 = 64 * 1024 * 1024;

/// How a material treats what lies behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Alpha {
    /// As its colours say.
    #[default]
    Guess,
    /// Nothing shines through.
    Opaque,
    /// It shines through.
    Blend,
}

/// Triangles of one material.
pub struct Piece {
    /// The triangles: indexed, in the model's own coordinates.
    pub mesh: TriMesh,
    /// Where they are in the model.
    pub place: Mat4,
    /// Their material, by its place in the list.
    pub material: Option<usize>,
}

/// A whole model.
#[derive(Default)]
pub struct Shape {
    /// Its triangles.
    pub pieces: Vec<Piece>,
    /// Its materials.
    pub materials: Vec<(PbrMaterial, Alpha)>,
    /// What does not show, each as a sentence that names no file.
    pub remarks: Vec<String>,
}

impl Shape {
    /// Notes what does not show, once.
    pub fn remark(&mut self, sentence: &str) {
        if !self.remarks.iter().any(|known| known == sentence) {
            self.remarks.push(sentence.to_owned());
        }
    }

    /// Makes a shape that can be drawn: whole triangles only, normals everywhere, textures where
    /// there are coordinates for them, all of it within a ball of radius 1 around the origin.
    pub fn finished(mut self) -> Result<Self, Problem> {
        let faces: usize = self.pieces.iter().map(|p| p.mesh.triangle_count()).sum();
        if faces > MAX_FACES {
            return Err(Problem::new("it has more than 5 million triangles"));
        }
        let texels: u64 = self.materials.iter().map(|(m, _)| picture::texels(m)).sum();
        if texels > MAX_TEXELS {
            return Err(Problem::new("its textures have more than 64 megapixels"));
        }
        for piece in &mut self.pieces {
            whole(piece)?;
        }
        self.pieces.retain(|piece| piece.mesh.triangle_count() > 0);
        if self.pieces.is_empty() {
            return Err(Problem::new("it has no surface to show"));
        }
        let ball = self.ball()?;
        for piece in &mut self.pieces {
            piece.place = ball * piece.place;
            normals::complete(&mut piece.mesh);
        }
        for (material, _) in &mut self.materials {
            picture::prepare(material);
        }
        Ok(self)
    }

    /// What moves the model into the ball.
    fn ball(&self) -> Result<Mat4, Problem> {
        let nowhere = || Problem::new("its size cannot be told");
        let (mut low, mut high) = (Vec3::from([f32::MAX; 3]), Vec3::from([f32::MIN; 3]));
        self.each_corner(|p| {
            low = Vec3::new(low.x.min(p.x), low.y.min(p.y), low.z.min(p.z));
            high = Vec3::new(high.x.max(p.x), high.y.max(p.y), high.z.max(p.z));
        });
        let centre = low + (high - low) * 0.5;
        let mut radius = 0.0_f32;
        self.each_corner(|p| radius = radius.max((p - centre).magnitude()));
        let scale = radius.recip();
        if !scale.is_finite() || !centre.magnitude().is_finite() || scale <= 0.0 {
            return Err(nowhere());
        }
        Ok(Mat4::from_scale(scale) * Mat4::from_translation(-centre))
    }

    fn each_corner(&self, mut take: impl FnMut(Vec3)) {
        for piece in &self.pieces {
            let (Positions::F32(positions), Indices::U32(indices)) =
                (&piece.mesh.positions, &piece.mesh.indices)
            else {
                continue;
            };
            for index in indices {
                if let Some(p) = positions.get(*index as usize) {
                    let p = piece.place * p.extend(1.0);
                    if p.x.is_finite() && p.y.is_finite() && p.z.is_finite() {
                        take(p.truncate());
                    }
                }
            }
        }
    }
}

/// Turns whatever a reader made into indexed triangles, and drops those that name no vertex or
/// one that is nowhere.
fn whole(piece: &mut Piece) -> Result<(), Problem> {
    let mesh = &mut piece.mesh;
    let positions = std::mem::replace(&mut mesh.positions, Positions::F32(Vec::new())).into_f32();
    let count = u32::try_from(positions.len())
        .map_err(|_| Problem::new("it has more vertices than can be drawn"))?;
    let indices = std::mem::take(&mut mesh.indices)
        .into_u32()
        .unwrap_or_else(|| (0..count).collect());
    let is_there = |index: &u32| {
        positions
            .get(*index as usize)
            .is_some_and(|p| p.x.is_finite() && p.y.is_finite() && p.z.is_finite())
    };
    let kept = indices
        .chunks_exact(3)
        .filter(|face| face.iter().all(is_there))
        .flatten()
        .copied()
        .collect();
    let full = |length: Option<usize>| length.is_some_and(|n| n == positions.len());
    if !full(mesh.normals.as_ref().map(Vec::len)) {
        mesh.normals = None;
    }
    if !full(mesh.tangents.as_ref().map(Vec::len)) {
        mesh.tangents = None;
    }
    if !full(mesh.uvs.as_ref().map(Vec::len)) {
        mesh.uvs = None;
    }
    if !full(mesh.colors.as_ref().map(Vec::len)) {
        mesh.colors = None;
    }
    mesh.positions = Positions::F32(positions);
    mesh.indices = Indices::U32(kept);
    if piece.place.determinant().is_finite() {
        return Ok(());
    }
    Err(Problem::new("it places a part of itself nowhere"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triangle(points: [[f32; 3]; 3]) -> Shape {
        let mesh = TriMesh {
            positions: Positions::F32(points.into_iter().map(Vec3::from).collect()),
            ..TriMesh::default()
        };
        let piece = Piece {
            mesh,
            place: Mat4::identity(),
            material: None,
        };
        Shape {
            pieces: vec![piece],
            ..Shape::default()
        }
    }

    #[test]
    fn a_model_fills_the_ball_wherever_it_was() {
        let far = [[1000.0, 0.0, 0.0], [1004.0, 0.0, 0.0], [1000.0, 0.0, 4.0]];
        let shape = triangle(far).finished().unwrap();
        let mut largest = 0.0_f32;
        shape.each_corner(|p| largest = largest.max(p.magnitude()));
        assert!((largest - 1.0).abs() < 1e-3, "{largest}");
        assert!(shape.pieces[0].mesh.normals.is_some());
    }

    #[test]
    fn what_is_nowhere_is_dropped_or_refused() {
        let nowhere = [[f32::NAN, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
        assert!(triangle(nowhere).finished().is_err());
        assert!(triangle([[1.0, 1.0, 1.0]; 3]).finished().is_err());
        assert!(
            triangle([[f32::MAX, 0.0, 0.0], [-f32::MAX, 0.0, 0.0], [0.0; 3]])
                .finished()
                .is_err()
        );
        assert!(Shape::default().finished().is_err());
        let mut shape = triangle([[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]);
        shape.pieces[0].mesh.indices = Indices::U32(vec![0, 1, 2, 0, 1, 77, 0, 1]);
        assert_eq!(shape.finished().unwrap().pieces[0].mesh.triangle_count(), 1);
    }
}
