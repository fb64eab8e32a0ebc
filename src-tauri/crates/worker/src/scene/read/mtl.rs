//! MTL, the material library of an OBJ.

use three_d_asset::{LightingModel, PbrMaterial, Srgba, Texture2D};
use tiebreak_media::{part_name, texture_name};

use super::{NO_TEXTURE, Parts, picture};
use crate::scene::picture::byte;

/// The materials of a library with their names. Textures are looked for beside the library, then
/// beside the model.
pub fn read(
    bytes: &[u8],
    folder: &str,
    parts: &Parts,
    remarks: &mut Vec<String>,
) -> Vec<(String, PbrMaterial)> {
    let mut materials: Vec<(String, PbrMaterial)> = Vec::new();
    for line in bytes.split(|b| matches!(b, b'\n' | b'\r')) {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if word.eq_ignore_ascii_case("newmtl") {
            materials.push((rest.trim().to_owned(), plain()));
        }
        let Some((_, material)) = materials.last_mut() else {
            continue;
        };
        match word.to_ascii_lowercase().as_str() {
            "kd" => tint(material, rest),
            "d" => material.albedo.a = number(rest).map_or(255, byte),
            "ke" => material.emissive = colour(rest).unwrap_or(Srgba::BLACK),
            "pr" => material.roughness = number(rest).unwrap_or(1.0).clamp(0.05, 1.0),
            "pm" => material.metallic = number(rest).unwrap_or(0.0).clamp(0.0, 1.0),
            "ns" => material.roughness = roughness(number(rest).unwrap_or(0.0)),
            "map_kd" => match texture(texture_name(rest.trim()), folder, parts) {
                Some(found) => material.albedo_texture = Some(found),
                None => remark(remarks),
            },
            _ => {}
        }
    }
    for (_, material) in &mut materials {
        bright(material);
    }
    materials
}

fn plain() -> PbrMaterial {
    PbrMaterial {
        albedo: Srgba::new_opaque(185, 185, 185),
        roughness: 0.8,
        metallic: 0.0,
        lighting_model: LightingModel::Blinn,
        ..PbrMaterial::default()
    }
}

fn remark(remarks: &mut Vec<String>) {
    if !remarks.iter().any(|known| known == NO_TEXTURE) {
        remarks.push(NO_TEXTURE.to_owned());
    }
}

fn tint(material: &mut PbrMaterial, rest: &str) {
    if let Some(colour) = colour(rest) {
        let a = material.albedo.a;
        material.albedo = Srgba { a, ..colour };
    }
}

/// A black tint over a texture is an exporter's mistake that every viewer forgives.
fn bright(material: &mut PbrMaterial) {
    let Srgba { r, g, b, a } = material.albedo;
    if material.albedo_texture.is_some() && [r, g, b] == [0; 3] {
        material.albedo = Srgba::new(255, 255, 255, a);
    }
}

fn number(rest: &str) -> Option<f32> {
    let number: f32 = rest.split_whitespace().next()?.parse().ok()?;
    number.is_finite().then_some(number)
}

fn colour(rest: &str) -> Option<Srgba> {
    let numbers: Vec<f32> = rest
        .split_whitespace()
        .map_while(|w| w.parse().ok())
        .collect();
    match numbers.as_slice() {
        [r, g, b, ..] => Some(Srgba::new_opaque(byte(*r), byte(*g), byte(*b))),
        [grey] => Some(Srgba::new_opaque(byte(*grey), byte(*grey), byte(*grey))),
        _ => None,
    }
}

/// The roughness that looks like a highlight's exponent.
fn roughness(exponent: f32) -> f32 {
    (2.0 / (exponent.max(0.0) + 2.0)).sqrt().clamp(0.3, 1.0)
}

fn texture(name: &str, folder: &str, parts: &Parts) -> Option<Texture2D> {
    let beside = part_name(
        &format!("{folder}/{name}")
            .trim_start_matches('/')
            .replace('\\', "/"),
    );
    let bytes = [beside, part_name(name)]
        .into_iter()
        .flatten()
        .find_map(|name| parts.find(&name))?;
    picture(bytes)?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn materials(text: &str) -> (Vec<(String, PbrMaterial)>, Vec<String>) {
        let mut remarks = Vec::new();
        let found = read(text.as_bytes(), "", &Parts(Vec::new()), &mut remarks);
        (found, remarks)
    }

    #[test]
    fn colours_are_read_and_missing_textures_said() {
        let (found, remarks) = materials(
            "Kd 1 1 1\nnewmtl a b\n\tKd 1 0.5 0\nd 0.5\nnewmtl c\nmap_Kd -s 1 1 x y.png\n",
        );
        assert_eq!(found[0].0, "a b");
        assert_eq!(found[0].1.albedo, Srgba::new(255, 128, 0, 128));
        assert_eq!(remarks, [NO_TEXTURE]);
    }

    #[test]
    fn nonsense_is_passed_over() {
        let (found, _) = materials("newmtl\nKd\nKd a b\nNs inf\nd nan\nPr -3\n\nillum");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1.albedo.a, 255);
    }
}
