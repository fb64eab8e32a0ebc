//! Normals and tangents that a file leaves out or gets wrong.
//!
//! STL has one normal a triangle, OBJ and glTF may have none; without them a model is black. Edges
//! sharper than [`CREASE`] stay edges, everything else is smooth, whatever the format shared.

use std::collections::HashMap;

use three_d_asset::{Indices, InnerSpace, Positions, TriMesh, Vec3, Vec4, Zero, vec3};

/// The cosine of the angle between two triangles from which the edge between them is one: 40°.
const CREASE: f32 = 0.766;
/// A point with more triangles than this is not smoothed: each is compared with each.
const CROWD: usize = 64;
/// From so many triangles on, only what the file shares is smoothed.
const MANY: usize = 1_000_000;

/// Gives every vertex a normal of length 1. The mesh is indexed, its indices are right.
pub fn complete(mesh: &mut TriMesh) {
    let usable = |n: &Vec3| n.magnitude2().is_finite() && n.magnitude2() > 1e-12;
    let given = mesh.normals.as_ref();
    if !given.is_some_and(|normals| normals.iter().all(usable)) {
        match mesh.triangle_count() > MANY {
            true => mesh.compute_normals(),
            false => creased(mesh),
        }
    }
    for normal in mesh.normals.iter_mut().flatten() {
        *normal = match usable(normal) {
            true => normal.normalize(),
            false => vec3(0.0, 1.0, 0.0),
        };
    }
}

/// Each triangle gets corners of its own, each with the sum of the normals around it that are
/// not across an edge. Larger triangles weigh more.
fn creased(mesh: &mut TriMesh) {
    let (Positions::F32(positions), Indices::U32(indices)) = (&mesh.positions, &mesh.indices)
    else {
        return;
    };
    let at = |index: u32| {
        positions
            .get(index as usize)
            .copied()
            .unwrap_or(Vec3::zero())
    };
    let faces: Vec<Vec3> = indices
        .chunks_exact(3)
        .map(|face| match face {
            [a, b, c] => (at(*b) - at(*a)).cross(at(*c) - at(*a)),
            _ => Vec3::zero(),
        })
        .collect();
    let around = around(indices, at);
    let mut normals = Vec::with_capacity(indices.len());
    for (corner, index) in indices.iter().enumerate() {
        let own = faces.get(corner / 3).copied().unwrap_or(Vec3::zero());
        let meeting = around.get(&key(at(*index))).map_or(&[][..], Vec::as_slice);
        normals.push(blended(own, meeting, &faces));
    }
    let pick = |index: &u32| *index as usize;
    let order: Vec<usize> = indices.iter().map(pick).collect();
    let corners = order.iter().filter_map(|i| positions.get(*i).copied());
    let positions = Positions::F32(corners.collect());
    mesh.uvs = mesh.uvs.as_ref().map(|all| picked(all, &order));
    mesh.colors = mesh.colors.as_ref().map(|all| picked(all, &order));
    mesh.tangents = None;
    mesh.indices = Indices::U32((0..u32::try_from(order.len()).unwrap_or(0)).collect());
    mesh.positions = positions;
    mesh.normals = Some(normals);
}

fn picked<T: Copy>(all: &[T], order: &[usize]) -> Vec<T> {
    order.iter().filter_map(|i| all.get(*i).copied()).collect()
}

fn key(point: Vec3) -> [u32; 3] {
    // Adding 0 makes -0 and 0 one place.
    [point.x, point.y, point.z].map(|n| (n + 0.0).to_bits())
}

/// The triangles that meet at each place.
fn around(indices: &[u32], at: impl Fn(u32) -> Vec3) -> HashMap<[u32; 3], Vec<u32>> {
    let mut around: HashMap<[u32; 3], Vec<u32>> = HashMap::with_capacity(indices.len() / 5);
    for (corner, index) in indices.iter().enumerate() {
        let meeting = around.entry(key(at(*index))).or_default();
        if meeting.len() <= CROWD {
            meeting.push(u32::try_from(corner / 3).unwrap_or(u32::MAX));
        }
    }
    around
}

fn blended(own: Vec3, meeting: &[u32], faces: &[Vec3]) -> Vec3 {
    let direction = own.normalize();
    if meeting.len() > CROWD || !direction.x.is_finite() {
        return direction;
    }
    let near = meeting
        .iter()
        .filter_map(|face| faces.get(*face as usize))
        .filter(|other| other.dot(direction) >= CREASE * other.magnitude());
    let sum = near
        .fold(Vec3::zero(), |sum, other| sum + other)
        .normalize();
    if sum.x.is_finite() { sum } else { direction }
}

/// Gives a mesh with texture coordinates the tangents that a normal map needs.
pub fn tangents(mesh: &mut TriMesh) {
    if mesh.uvs.is_none() || mesh.normals.is_none() {
        return;
    }
    if mesh.tangents.is_none() {
        mesh.compute_tangents();
    }
    let (Some(tangents), Some(normals)) = (&mut mesh.tangents, &mesh.normals) else {
        return;
    };
    for (tangent, normal) in tangents.iter_mut().zip(normals) {
        if !(tangent.truncate().magnitude2() > 1e-12 && tangent.w.is_finite()) {
            *tangent = beside(*normal);
        }
    }
}

/// Any tangent of a surface with this normal.
fn beside(normal: Vec3) -> Vec4 {
    let other = match normal.x.abs() < 0.9 {
        true => vec3(1.0, 0.0, 0.0),
        false => vec3(0.0, 1.0, 0.0),
    };
    normal.cross(other).normalize().extend(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two triangles that share an edge, the second turned up by an angle in degrees.
    fn hinge(angle: f32) -> TriMesh {
        let (sin, cos) = angle.to_radians().sin_cos();
        let points = [
            [0.0, 0.0, 0.0],
            [0.0, 1.0, 0.0],
            [-1.0, 0.0, 0.0],
            [cos, 0.0, sin],
        ];
        TriMesh {
            positions: Positions::F32(points.into_iter().map(Vec3::from).collect()),
            indices: Indices::U32(vec![0, 1, 2, 0, 3, 1]),
            ..TriMesh::default()
        }
    }

    #[test]
    fn shallow_edges_are_smooth_and_sharp_ones_stay() {
        for (angle, differs) in [(20.0, false), (80.0, true)] {
            let mut mesh = hinge(angle);
            complete(&mut mesh);
            let normals = mesh.normals.as_ref().unwrap();
            assert_eq!(normals.len(), 6);
            let apart = (normals[0] - normals[3]).magnitude() > 1e-3;
            assert_eq!(apart, differs, "{angle}");
            assert!(mesh.validate().is_ok());
        }
    }

    #[test]
    fn wrong_normals_are_made_anew() {
        let mut mesh = hinge(10.0);
        mesh.normals = Some(vec![vec3(f32::NAN, 0.0, 0.0); 4]);
        complete(&mut mesh);
        let normals = mesh.normals.unwrap();
        assert!(normals.iter().all(|n| (n.magnitude() - 1.0).abs() < 1e-4));
    }

    #[test]
    fn a_crowded_point_does_not_take_for_ever() {
        let mut points = vec![Vec3::zero()];
        let mut indices = Vec::new();
        for n in 0..200_000_u32 {
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let angle = n as f32 / 1000.0;
            points.push(vec3(angle.sin(), angle.cos(), angle));
            if n > 0 {
                indices.extend([0, n, n + 1]);
            }
        }
        let mut mesh = TriMesh {
            positions: Positions::F32(points),
            indices: Indices::U32(indices),
            ..TriMesh::default()
        };
        let began = std::time::Instant::now();
        complete(&mut mesh);
        assert!(began.elapsed().as_secs() < 20);
    }
}
