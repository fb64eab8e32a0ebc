//! A cloud of points as triangles: a small solid at each, so that it is lit and hidden like
//! everything else.

use three_d_asset::{Indices, InnerSpace, Positions, Srgba, TriMesh, Vec3, vec3};

use crate::scene::Problem;
use crate::scene::shape::MAX_FACES;

/// A regular tetrahedron around the origin.
const CORNERS: [Vec3; 4] = [
    vec3(0.58, 0.58, 0.58),
    vec3(0.58, -0.58, -0.58),
    vec3(-0.58, 0.58, -0.58),
    vec3(-0.58, -0.58, 0.58),
];
const FACES: [u32; 12] = [0, 1, 2, 0, 3, 1, 0, 2, 3, 1, 3, 2];

/// The cloud as one mesh. The points are larger the fewer there are.
pub fn solid(points: &[Vec3], colours: Option<&[Srgba]>) -> Result<TriMesh, Problem> {
    if points.len() > MAX_FACES / 4 {
        return Err(Problem::new("it has more than 1.25 million points"));
    }
    let radius = radius(points);
    let (mut positions, mut normals) = (Vec::new(), Vec::new());
    let (mut indices, mut tints) = (Vec::new(), Vec::new());
    for (n, point) in points.iter().enumerate() {
        let first = u32::try_from(positions.len()).unwrap_or(0);
        indices.extend(FACES.map(|corner| first + corner));
        positions.extend(CORNERS.map(|corner| *point + corner * radius));
        normals.extend(CORNERS);
        let tint = colours.and_then(|all| all.get(n).copied());
        tints.extend([tint.unwrap_or(Srgba::WHITE); 4]);
    }
    Ok(TriMesh {
        positions: Positions::F32(positions),
        indices: Indices::U32(indices),
        normals: Some(normals),
        colors: colours.is_some().then_some(tints),
        ..TriMesh::default()
    })
}

/// Points on a surface of this extent lie so far apart that they nearly touch.
fn radius(points: &[Vec3]) -> f32 {
    let finite = |p: &&Vec3| p.magnitude2().is_finite();
    let (mut low, mut high) = (
        vec3(1.0, 1.0, 1.0) * f32::MAX,
        vec3(1.0, 1.0, 1.0) * f32::MIN,
    );
    for p in points.iter().filter(finite) {
        low = vec3(low.x.min(p.x), low.y.min(p.y), low.z.min(p.z));
        high = vec3(high.x.max(p.x), high.y.max(p.y), high.z.max(p.z));
    }
    let extent = (high - low).magnitude();
    #[expect(clippy::cast_precision_loss, reason = "a size on the screen")]
    let count = points.len().max(1) as f32;
    let share = (0.8 / count.sqrt()).clamp(0.001, 0.02);
    if extent.is_finite() && extent > 0.0 {
        extent * share
    } else {
        1.0
    }
}
