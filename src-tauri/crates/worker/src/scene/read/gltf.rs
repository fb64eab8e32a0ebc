//! glTF, in JSON or binary: taken apart, mended where the library would stumble, and read by it.

use three_d_asset::io::RawAssets;
use three_d_asset::{Geometry, Model, PbrMaterial, Srgba};

use super::Parts;
use super::gltf_json::{Mended, mend};
use crate::scene::Problem;
use crate::scene::picture::srgb;
use crate::scene::shape::{Alpha, Piece, Shape};

/// Reads a glTF or GLB, whatever it calls itself.
pub fn read(bytes: &[u8], parts: &Parts) -> Result<Shape, Problem> {
    let (json, bin) = match bytes.starts_with(b"glTF") {
        true => chunks(bytes)?,
        false => (bytes, None),
    };
    let Mended {
        json,
        assets,
        alphas,
        remarks,
    } = mend(json, bin, parts)?;
    let mut raw = RawAssets::new();
    for (name, bytes) in assets {
        raw.insert(name, bytes);
    }
    raw.insert("scene.gltf", json);
    let model: Model = raw
        .deserialize("scene.gltf")
        .map_err(|e| Problem::out_of(&e))?;
    let materials = model.materials.into_iter().map(in_srgb);
    let alphas = alphas.into_iter().chain(std::iter::repeat(Alpha::Opaque));
    let mut shape = Shape {
        materials: materials.zip(alphas).collect(),
        remarks,
        ..Shape::default()
    };
    for primitive in model.geometries {
        if let Geometry::Triangles(mut mesh) = primitive.geometry {
            for colour in mesh.colors.iter_mut().flatten() {
                *colour = srgba(*colour);
            }
            shape.pieces.push(Piece {
                mesh,
                place: primitive.transformation,
                material: primitive.material_index,
            });
        }
    }
    Ok(shape)
}

/// A material whose colours are as the renderer takes them: glTF gives factors as linear values,
/// and the library passes them on as if they were sRGB.
fn in_srgb(mut material: PbrMaterial) -> PbrMaterial {
    material.albedo = srgba(material.albedo);
    material.emissive = srgba(material.emissive);
    material
}

fn srgba(linear: Srgba) -> Srgba {
    let channel = |c: u8| srgb(f32::from(c) / 255.0);
    Srgba::new(
        channel(linear.r),
        channel(linear.g),
        channel(linear.b),
        linear.a,
    )
}

/// The JSON and the binary chunk of a GLB.
fn chunks(bytes: &[u8]) -> Result<(&[u8], Option<&[u8]>), Problem> {
    let (mut rest, mut json, mut bin) = (bytes.get(12..).unwrap_or(&[]), None, None);
    while let Some((head, after)) = rest.split_at_checked(8) {
        let (length, kind) = head.split_at(4);
        let length = length.try_into().map_or(u32::MAX, u32::from_le_bytes);
        let chunk = after
            .get(..length as usize)
            .ok_or_else(|| Problem::damaged(&"a chunk is longer than the file"))?;
        match kind {
            b"JSON" if json.is_none() => json = Some(chunk),
            b"BIN\0" if bin.is_none() => bin = Some(chunk),
            _ => {}
        }
        rest = after.get(chunk.len()..).unwrap_or(&[]);
    }
    let json = json.ok_or_else(|| Problem::damaged(&"a GLB without JSON"))?;
    Ok((json, bin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glb(json: &[u8], bin: &[u8]) -> Vec<u8> {
        let length = |b: &[u8]| u32::try_from(b.len()).unwrap().to_le_bytes();
        [
            b"glTF\x02\0\0\0....",
            &length(json)[..],
            b"JSON",
            json,
            &length(bin)[..],
            b"BIN\0",
            bin,
        ]
        .concat()
    }

    #[test]
    fn a_binary_is_cut_into_its_chunks() {
        let file = glb(b"{}  ", b"abcd");
        assert_eq!(chunks(&file).unwrap(), (&b"{}  "[..], Some(&b"abcd"[..])));
        for cut in 12..file.len() {
            // Cut between the chunks, the JSON alone is left.
            let _ = chunks(&file[..cut]);
        }
        assert!(chunks(b"glTF").is_err());
        assert!(chunks(&file[..22]).is_err());
    }
}
