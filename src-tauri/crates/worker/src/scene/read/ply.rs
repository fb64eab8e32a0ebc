//! PLY: points or faces, as text or binary in either order of bytes, with colours.
//!
//! A reader of our own: the library for models has none. Clouds of Gaussians (a cloud of points
//! with `f_dc_0` and its like) are shown as points in their base colour.

use three_d_asset::{
    Indices, Mat4, Positions, SquareMatrix, Srgba, TriMesh, Vec2, Vec3, vec2, vec3,
};

use super::ply_body::Body;
use super::ply_head::{Element, Head};
use super::points;
use crate::scene::Problem;
use crate::scene::picture::byte;
use crate::scene::shape::{MAX_FACES, Piece, Shape};

/// The share of the base colour in the first harmonic.
const HARMONIC: f32 = 0.282_094_8;

/// Reads a PLY.
pub fn read(bytes: &[u8]) -> Result<Shape, Problem> {
    let head = Head::read(bytes)?;
    let mut body = Body {
        rest: bytes.get(head.length..).unwrap_or(&[]),
        storage: head.storage,
    };
    let (mut corners, mut faces) = (Corners::default(), Vec::new());
    for element in &head.elements {
        // Each row has at least a byte, unless it has no property.
        let most = body.rest.len() as u64;
        if element.count > most && !element.properties.is_empty() {
            return Err(Problem::damaged(&"PLY: fewer rows than its head says"));
        }
        match element.name.as_str() {
            "vertex" => corners = Corners::read(element, &mut body)?,
            "face" => faces = read_faces(element, &mut body)?,
            _ => skip(element, &mut body)?,
        }
    }
    let mut shape = Shape::default();
    let mesh = match faces.is_empty() {
        true => points::solid(&corners.points, corners.colours.as_deref())?,
        false => corners.mesh(faces),
    };
    shape.pieces.push(Piece {
        mesh,
        place: Mat4::identity(),
        material: None,
    });
    Ok(shape)
}

fn skip(element: &Element, body: &mut Body<'_>) -> Result<(), Problem> {
    if element.properties.is_empty() {
        return Ok(());
    }
    (0..element.count).try_for_each(|_| body.row(element, |_, _| {}, |_, _| {}))
}

/// The corners or points.
#[derive(Default)]
struct Corners {
    points: Vec<Vec3>,
    normals: Option<Vec<Vec3>>,
    colours: Option<Vec<Srgba>>,
    coordinates: Option<Vec<Vec2>>,
}

impl Corners {
    #[expect(clippy::cast_possible_truncation, reason = "drawn in single precision")]
    fn read(element: &Element, body: &mut Body<'_>) -> Result<Self, Problem> {
        if element.properties.is_empty() {
            return Ok(Self::default());
        }
        let three = |names: [&[&str]; 3]| Some(names.map(|n| element.place(n)));
        let all = |found: Option<[Option<usize>; 3]>| match found {
            Some([Some(a), Some(b), Some(c)]) => Some([a, b, c]),
            _ => None,
        };
        let place = all(three([&["x"], &["y"], &["z"]]))
            .ok_or_else(|| Problem::damaged(&"PLY: points without x, y and z"))?;
        let normal = all(three([&["nx"], &["ny"], &["nz"]]));
        let tint = all(three([
            &["red", "r", "diffuse_red"],
            &["green", "g", "diffuse_green"],
            &["blue", "b", "diffuse_blue"],
        ]));
        let harmonic = all(three([&["f_dc_0"], &["f_dc_1"], &["f_dc_2"]]));
        let coordinate = (
            element.place(&["s", "u", "texture_u", "texture_s"]),
            element.place(&["t", "v", "texture_v", "texture_t"]),
        );
        let whole = tint
            .and_then(|[red, ..]| element.properties.get(red))
            .is_some_and(|p| p.number.whole());
        let mut corners = Self::default();
        let mut row = vec![0.0_f32; element.properties.len()];
        for _ in 0..element.count {
            body.row(
                element,
                |n, number| {
                    if let Some(cell) = row.get_mut(n) {
                        *cell = number as f32;
                    }
                },
                |_, _| {},
            )?;
            let at = |n: usize| row.get(n).copied().unwrap_or(0.0);
            let vector = |[x, y, z]: [usize; 3]| vec3(at(x), at(y), at(z));
            corners.points.push(vector(place));
            if let Some(normal) = normal {
                corners.normals.get_or_insert_default().push(vector(normal));
            }
            if let Some(colour) = tint.map(|tint| colour(vector(tint), whole)).or_else(|| {
                harmonic.map(|h| colour(vector(h) * HARMONIC + vec3(0.5, 0.5, 0.5), false))
            }) {
                corners.colours.get_or_insert_default().push(colour);
            }
            if let (Some(u), Some(v)) = coordinate {
                corners
                    .coordinates
                    .get_or_insert_default()
                    .push(vec2(at(u), 1.0 - at(v)));
            }
        }
        Ok(corners)
    }

    fn mesh(self, faces: Vec<u32>) -> TriMesh {
        TriMesh {
            positions: Positions::F32(self.points),
            indices: Indices::U32(faces),
            normals: self.normals,
            colors: self.colours,
            uvs: self.coordinates,
            tangents: None,
        }
    }
}

fn colour(rgb: Vec3, whole: bool) -> Srgba {
    let scale = if whole { 255.0 } else { 1.0 };
    let [r, g, b] = [rgb.x, rgb.y, rgb.z].map(|c| byte(c / scale));
    Srgba::new_opaque(r, g, b)
}

/// The faces as triangles; a corner that is not there is left for the shape to drop.
fn read_faces(element: &Element, body: &mut Body<'_>) -> Result<Vec<u32>, Problem> {
    let corners = element.place(&["vertex_indices", "vertex_index"]);
    let mut triangles = Vec::new();
    if element.properties.is_empty() {
        return Ok(triangles);
    }
    for _ in 0..element.count {
        body.row(
            element,
            |_, _| {},
            |n, list| {
                if Some(n) == corners {
                    fan(list, &mut triangles);
                }
            },
        )?;
        if triangles.len() / 3 > MAX_FACES {
            return Err(Problem::new("it has more than 5 million triangles"));
        }
    }
    Ok(triangles)
}

fn fan(list: &[f64], triangles: &mut Vec<u32>) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what is out of range becomes a corner that is not there"
    )]
    let index = |n: &f64| if *n >= 0.0 { *n as u32 } else { u32::MAX };
    if let [first, others @ ..] = list {
        for pair in others.windows(2) {
            triangles.push(index(first));
            triangles.extend(pair.iter().map(index));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "element vertex 3\nproperty float x\nproperty float y\nproperty double z\n\
        property uchar red\nproperty uchar green\nproperty uchar blue\nelement extra 1\n\
        property list uchar short n\nelement face 1\nproperty list uchar int vertex_indices\n\
        end_header\n";

    fn ascii() -> Vec<u8> {
        let body = "0 0 0 255 0 0\n1 0 0 0 255 0\n0 1 0 0 0 255\n2 7 8\n3 0 1 2\n";
        format!("ply\nformat ascii 1.0\n{HEAD}{body}").into_bytes()
    }

    fn binary(big: bool) -> Vec<u8> {
        let put = |bytes: &mut Vec<u8>, number: &[u8]| match big {
            true => bytes.extend(number.iter().rev()),
            false => bytes.extend(number),
        };
        let how = if big { "big" } else { "little" };
        let mut bytes = format!("ply\nformat binary_{how}_endian 1.0\n{HEAD}").into_bytes();
        for (n, [x, y]) in [[0.0_f32, 0.0], [1.0, 0.0], [0.0, 1.0]]
            .into_iter()
            .enumerate()
        {
            put(&mut bytes, &x.to_le_bytes());
            put(&mut bytes, &y.to_le_bytes());
            put(&mut bytes, &0.0_f64.to_le_bytes());
            let mut colour = [0; 3];
            colour[n] = 255;
            bytes.extend(colour);
        }
        bytes.push(2);
        put(&mut bytes, &7_i16.to_le_bytes());
        put(&mut bytes, &8_i16.to_le_bytes());
        bytes.push(3);
        for corner in 0_i32..3 {
            put(&mut bytes, &corner.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn text_and_both_orders_of_bytes_say_the_same() {
        for file in [ascii(), binary(false), binary(true)] {
            let shape = read(&file).unwrap();
            let mesh = &shape.pieces[0].mesh;
            assert_eq!(mesh.triangle_count(), 1);
            assert_eq!(
                mesh.colors.as_ref().unwrap()[1],
                Srgba::new_opaque(0, 255, 0)
            );
            assert_eq!(mesh.positions.to_f32()[2], vec3(0.0, 1.0, 0.0));
        }
    }

    #[test]
    fn a_cut_file_is_damaged_and_no_more() {
        for file in [binary(false), binary(true)] {
            for cut in 0..file.len() {
                assert!(read(&file[..cut]).is_err(), "{cut}");
            }
        }
        let file = ascii();
        for cut in 0..file.len() - 2 {
            let _ = read(&file[..cut]);
        }
        let bomb =
            "ply\nformat ascii 1.0\nelement vertex 99999999999\nproperty float x\nend_header\n1";
        assert!(read(bomb.as_bytes()).is_err());
    }

    #[test]
    fn points_become_solids() {
        let text = "ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\n\
            property float z\nproperty float f_dc_0\nproperty float f_dc_1\nproperty float f_dc_2\n\
            end_header\n0 0 0 9 -9 0\n1 0 0 0 0 0\n";
        let shape = read(text.as_bytes()).unwrap();
        let mesh = &shape.pieces[0].mesh;
        assert_eq!(mesh.triangle_count(), 8);
        assert_eq!(
            mesh.colors.as_ref().unwrap()[0],
            Srgba::new_opaque(255, 0, 128)
        );
    }
}
