//! Textures as the renderer needs them: colours in eight bits with all their channels.

use three_d_asset::{PbrMaterial, Texture2D, TextureData};

/// How many pixels the textures of a material have.
pub fn texels(material: &PbrMaterial) -> u64 {
    let all = [
        &material.albedo_texture,
        &material.metallic_roughness_texture,
        &material.occlusion_metallic_roughness_texture,
        &material.occlusion_texture,
        &material.normal_texture,
        &material.emissive_texture,
    ];
    all.into_iter()
        .flatten()
        .map(|texture| u64::from(texture.width) * u64::from(texture.height))
        .sum()
}

/// Makes the colours of a material such that the renderer takes them for colours: it would show a
/// grey picture in red, and one of 16 bits too bright.
pub fn prepare(material: &mut PbrMaterial) {
    let colourful = [&mut material.albedo_texture, &mut material.emissive_texture];
    for texture in colourful.into_iter().flatten() {
        colours(texture);
    }
}

fn colours(texture: &mut Texture2D) {
    let taken = std::mem::replace(&mut texture.data, TextureData::RU8(Vec::new()));
    texture.data = match taken {
        TextureData::RU8(grey) => TextureData::RgbU8(grey.into_iter().map(|g| [g; 3]).collect()),
        TextureData::RgU8(grey) => {
            TextureData::RgbaU8(grey.into_iter().map(|[g, a]| [g, g, g, a]).collect())
        }
        TextureData::RF16(grey) => {
            let grey = grey.into_iter().map(|g| [byte(g.to_f32()); 3]);
            TextureData::RgbU8(grey.collect())
        }
        TextureData::RgF16(grey) => {
            let grey = grey.into_iter().map(|p| p.map(|c| byte(c.to_f32())));
            TextureData::RgbaU8(grey.map(|[g, a]| [g, g, g, a]).collect())
        }
        TextureData::RgbF16(colours) => {
            let colours = colours.into_iter().map(|p| p.map(|c| byte(c.to_f32())));
            TextureData::RgbU8(colours.collect())
        }
        TextureData::RgbaF16(colours) => {
            let colours = colours.into_iter().map(|p| p.map(|c| byte(c.to_f32())));
            TextureData::RgbaU8(colours.collect())
        }
        other => other,
    };
}

/// A channel between 0 and 1 in eight bits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to eight bits; what is no number becomes 0"
)]
pub fn byte(channel: f32) -> u8 {
    (channel.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// A linear channel as sRGB in eight bits.
pub fn srgb(linear: f32) -> u8 {
    if linear <= 0.003_130_8 {
        return byte(linear * 12.92);
    }
    byte(1.055 * linear.powf(1.0 / 2.4) - 0.055)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grey_picture_is_grey_in_all_channels() {
        let mut texture = Texture2D {
            data: TextureData::RU8(vec![7]),
            ..Texture2D::default()
        };
        colours(&mut texture);
        assert_eq!(texture.data, TextureData::RgbU8(vec![[7, 7, 7]]));
    }

    #[test]
    fn linear_colours_become_srgb() {
        assert_eq!([0.0, 1.0, 0.2159, f32::NAN].map(srgb), [0, 255, 128, 0]);
    }
}
