//! OBJ: corners, faces of any number of corners, colours after the corners as many programs write
//! them, and groups by material.
//!
//! A reader of our own, since the library's panics on what real files hold: names with spaces,
//! text that is no UTF-8, a material library that is missing.

use std::collections::HashMap;

use three_d_asset::{
    Indices, Mat4, Positions, SquareMatrix, Srgba, TriMesh, Vec2, Vec3, vec2, vec3,
};
use tiebreak_media::{obj_libraries, part_name};

use super::{NO_TEXTURE, Parts, mtl};
use crate::scene::Problem;
use crate::scene::picture::byte;
use crate::scene::shape::{MAX_FACES, Piece, Shape};

/// A corner: where it is, its texture coordinates, its normal; each by its place in its list.
type Corner = (u32, Option<u32>, Option<u32>);

/// The lists that all faces share.
#[derive(Default)]
struct Lists {
    points: Vec<Vec3>,
    colours: Vec<Option<[f32; 3]>>,
    coordinates: Vec<Vec2>,
    normals: Vec<Vec3>,
}

/// The triangles of one material.
#[derive(Default)]
struct Group {
    corners: Vec<Corner>,
}

/// Reads an OBJ with its material libraries.
pub fn read(bytes: &[u8], parts: &Parts) -> Result<Shape, Problem> {
    let (mut lists, mut libraries) = (Lists::default(), Vec::new());
    let mut groups: Vec<(String, Group)> = Vec::new();
    let (mut by_name, mut current, mut faces) = (HashMap::new(), 0, 0);
    each_line(bytes, |line| {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match word {
            "v" => lists.point(rest),
            "vt" => lists.coordinate(rest),
            "vn" => lists.normals.push(triple(&numbers(rest))),
            "mtllib" => libraries.extend(obj_libraries(rest.trim()).into_iter().map(str::to_owned)),
            "usemtl" => current = group(rest.trim(), &mut groups, &mut by_name),
            "f" => {
                if groups.is_empty() {
                    current = group("", &mut groups, &mut by_name);
                }
                if let Some((_, group)) = groups.get_mut(current) {
                    faces += group.face(rest, &lists)?;
                }
            }
            _ => {}
        }
        match faces > MAX_FACES {
            true => Err(Problem::new("it has more than 5 million triangles")),
            false => Ok(()),
        }
    })?;
    let mut shape = Shape::default();
    let names = materials(&libraries, parts, &mut shape);
    for (name, group) in groups {
        shape.pieces.push(Piece {
            mesh: group.mesh(&lists),
            place: Mat4::identity(),
            material: names.get(&name).copied(),
        });
    }
    Ok(shape)
}

/// Reads the libraries that are there into the shape; returns the place of each material.
fn materials(libraries: &[String], parts: &Parts, shape: &mut Shape) -> HashMap<String, usize> {
    let mut names = HashMap::new();
    for library in libraries {
        let found = part_name(library).and_then(|name| Some((parts.find(&name)?, name)));
        let Some((bytes, name)) = found else {
            shape.remark(NO_TEXTURE);
            continue;
        };
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (name, material) in mtl::read(bytes, folder, parts, &mut shape.remarks) {
            names.insert(name, shape.materials.len());
            shape.materials.push((material, Default::default()));
        }
    }
    names
}

/// Hands on each line; one that ends in a backslash goes on in the next.
fn each_line(
    bytes: &[u8],
    mut take: impl FnMut(&str) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut held = String::new();
    for line in bytes.split(|b| matches!(b, b'\n' | b'\r')) {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        if let Some(start) = line.strip_suffix('\\') {
            held.push_str(start);
            held.push(' ');
        } else if held.is_empty() {
            take(line)?;
        } else {
            held.push_str(line);
            take(std::mem::take(&mut held).trim())?;
        }
    }
    Ok(())
}

fn group(
    name: &str,
    groups: &mut Vec<(String, Group)>,
    by_name: &mut HashMap<String, usize>,
) -> usize {
    *by_name.entry(name.to_owned()).or_insert_with(|| {
        groups.push((name.to_owned(), Group::default()));
        groups.len() - 1
    })
}

/// The numbers of a line; a word that is none is not one that counts.
fn numbers(rest: &str) -> Vec<f32> {
    let words = rest.split_whitespace().take(8);
    words.map(|word| word.parse().unwrap_or(f32::NAN)).collect()
}

fn triple(numbers: &[f32]) -> Vec3 {
    match numbers {
        [x, y, z, ..] => vec3(*x, *y, *z),
        _ => vec3(f32::NAN, f32::NAN, f32::NAN),
    }
}

impl Lists {
    /// `x y z`, `x y z w`, `x y z r g b` or `x y z w r g b`.
    fn point(&mut self, rest: &str) {
        let numbers = numbers(rest);
        self.points.push(triple(&numbers));
        self.colours.push(match numbers.as_slice() {
            [_, _, _, r, g, b] | [_, _, _, _, r, g, b] => Some([*r, *g, *b]),
            _ => None,
        });
    }

    fn coordinate(&mut self, rest: &str) {
        let numbers = numbers(rest);
        let at = |n: usize| numbers.get(n).copied().unwrap_or(0.0);
        self.coordinates.push(vec2(at(0), 1.0 - at(1)));
    }

    /// `7`, `7/1`, `7//3` or `7/1/3`, from 1, or from the end with a minus.
    fn corner(&self, word: &str) -> Option<Corner> {
        let mut words = word.split('/');
        let mut next = |length: usize| place(words.next()?, length);
        let point = next(self.points.len())?;
        Some((
            point,
            next(self.coordinates.len()),
            next(self.normals.len()),
        ))
    }
}

fn place(word: &str, length: usize) -> Option<u32> {
    let given: i64 = word.parse().ok()?;
    let length = i64::try_from(length).ok()?;
    let from_0 = if given < 0 { length + given } else { given - 1 };
    (0..length)
        .contains(&from_0)
        .then_some(from_0)?
        .try_into()
        .ok()
}

impl Group {
    /// Adds a face as a fan of triangles; returns how many. One that names a corner that is not
    /// there is left out.
    fn face(&mut self, rest: &str, lists: &Lists) -> Result<usize, Problem> {
        let corners: Option<Vec<Corner>> = rest
            .split_whitespace()
            .map(|word| lists.corner(word))
            .collect();
        let Some([first, others @ ..]) = corners.as_deref() else {
            return Ok(0);
        };
        for pair in others.windows(2) {
            self.corners.push(*first);
            self.corners.extend(pair);
        }
        Ok(others.len().saturating_sub(1))
    }

    /// The group as a mesh, each corner of the file once.
    fn mesh(self, lists: &Lists) -> TriMesh {
        let has_coordinates = self.corners.iter().any(|c| c.1.is_some());
        let has_normals = self.corners.iter().all(|c| c.2.is_some());
        let has_colours = lists.colours.iter().any(Option::is_some);
        let (mut seen, mut indices) = (HashMap::new(), Vec::with_capacity(self.corners.len()));
        let (mut points, mut coordinates) = (Vec::new(), Vec::new());
        let (mut normals, mut colours) = (Vec::new(), Vec::new());
        for corner in self.corners {
            let next = u32::try_from(points.len()).unwrap_or(u32::MAX);
            let index = *seen.entry(corner).or_insert(next);
            indices.push(index);
            if index < next {
                continue;
            }
            let (point, coordinate, normal) = corner;
            points.push(at(&lists.points, Some(point), vec3(0.0, 0.0, 0.0)));
            coordinates.push(at(&lists.coordinates, coordinate, vec2(0.0, 0.0)));
            normals.push(at(&lists.normals, normal, vec3(0.0, 1.0, 0.0)));
            let colour = at(&lists.colours, Some(point), None).unwrap_or([1.0; 3]);
            let [r, g, b] = colour.map(byte);
            colours.push(Srgba::new_opaque(r, g, b));
        }
        TriMesh {
            positions: Positions::F32(points),
            indices: Indices::U32(indices),
            uvs: has_coordinates.then_some(coordinates),
            normals: has_normals.then_some(normals),
            colors: has_colours.then_some(colours),
            tangents: None,
        }
    }
}

fn at<T: Copy>(list: &[T], index: Option<u32>, otherwise: T) -> T {
    index
        .and_then(|index| list.get(index as usize).copied())
        .unwrap_or(otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Shape {
        read(text.as_bytes(), &Parts(Vec::new())).unwrap()
    }

    #[test]
    fn faces_of_all_sorts_become_triangles() {
        let corners = "v 0 0 0\nv 1 0 0 1 0 0\nv 1 1 0\nv 0 1 0\nvn 0 0 1\nvt 0 0.25\n";
        let text = format!(
            "{corners}f 1 2 3 4\nusemtl a\nf -4/1/1 -3//1 \\\n -2/1/1\nf 1 2 9\nf 1 2\nf x y z\n"
        );
        let shape = shape(&text);
        let triangles = |n: usize| shape.pieces[n].mesh.triangle_count();
        assert_eq!((triangles(0), triangles(1)), (2, 1));
        let second = &shape.pieces[1].mesh;
        assert_eq!(second.uvs.as_ref().unwrap()[0], vec2(0.0, 0.75));
        assert_eq!(
            second.colors.as_ref().unwrap()[1],
            Srgba::new_opaque(255, 0, 0)
        );
        assert!(second.normals.is_some() && shape.pieces[0].mesh.normals.is_none());
    }

    #[test]
    fn a_library_that_is_missing_is_said() {
        let shape = shape("mtllib gone.mtl\nv 0 0 0\nv 1 0 0\nv 1 1 0\nf 1 2 3\n");
        assert_eq!(shape.remarks, [NO_TEXTURE]);
    }

    #[test]
    fn nothing_in_it_can_make_it_stop() {
        for text in [
            "",
            "f",
            "v",
            "v a b c\nf 1 1 1",
            "\\",
            "f 1 2 3\nusemtl",
            "vt\nvn\nmtllib",
        ] {
            let _ = shape(text);
        }
        let _ = read(b"v \xff\xfe 1\nf 1 1 1\n", &Parts(Vec::new()));
    }
}
