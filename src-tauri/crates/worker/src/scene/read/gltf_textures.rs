//! The pictures of a glTF: found, given names of ours, and taken out where they cannot be shown.

use serde_json::{Map, Value, json};
use tiebreak_media::gltf_part;

use super::gltf_json::{index, list};
use super::{Parts, is_picture};

/// A white pixel, in the place of a texture that is taken out.
const WHITE: &str = "data:image/png;base64,\
    iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC";

/// Finds the pictures; those that cannot be shown, and the textures made of them, are taken out.
/// Returns whether there were any.
pub fn textures(
    root: &mut Map<String, Value>,
    parts: &Parts,
    assets: &mut Vec<(String, Vec<u8>)>,
) -> bool {
    let mut bad_images = Vec::new();
    for (n, image) in list(root, "images").iter_mut().enumerate() {
        if !found(image, n, parts, assets) {
            *image = json!({ "uri": WHITE });
            bad_images.push(n);
        }
    }
    let images = list(root, "images").len();
    let mut bad = Vec::new();
    for (n, texture) in list(root, "textures").iter_mut().enumerate() {
        let source = index(texture.get("source"));
        if source.is_none_or(|at| at >= images || bad_images.contains(&at)) {
            *texture = json!({ "source": 0 });
            bad.push(n);
        }
    }
    if !bad.is_empty() && images == 0 {
        root.insert("images".to_owned(), json!([{ "uri": WHITE }]));
    }
    for material in list(root, "materials") {
        take_out(material, &bad);
    }
    !bad.is_empty()
}

/// Whether a picture is there and of a kind that is read; gives it a name of ours.
fn found(image: &mut Value, n: usize, parts: &Parts, assets: &mut Vec<(String, Vec<u8>)>) -> bool {
    let read = |mime: &str| matches!(mime, "image/png" | "image/jpeg");
    let said = image.get("mimeType").and_then(Value::as_str);
    let Some(uri) = image.get("uri").and_then(Value::as_str) else {
        return image.get("bufferView").is_some() && said.is_none_or(read);
    };
    if let Some(data) = uri.strip_prefix("data:") {
        return read(data.split([';', ',']).next().unwrap_or(""));
    }
    let part = gltf_part(uri).and_then(|name| parts.find(&name));
    let Some(bytes) = part.filter(|bytes| is_picture(bytes)) else {
        return false;
    };
    let name = format!("image-{n}.png");
    assets.push((name.clone(), bytes.to_vec()));
    *image = json!({ "uri": name });
    true
}

/// Takes every use of a bad texture out of a material, its extensions included.
fn take_out(value: &mut Value, bad: &[usize]) {
    let Some(map) = value.as_object_mut() else {
        return;
    };
    map.retain(|name, inner| {
        let used = name.ends_with("Texture").then(|| index(inner.get("index")));
        !used.flatten().is_some_and(|at| bad.contains(&at))
    });
    map.values_mut().for_each(|inner| take_out(inner, bad));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_texture_that_cannot_be_read_is_taken_out_and_said() {
        let json = r#"{"images":[{"uri":"gone.png"}],"textures":[{"source":0},{}],"materials":[
            {"pbrMetallicRoughness":{"baseColorTexture":{"index":0},"metallicFactor":0},
             "normalTexture":{"index":1}}]}"#;
        let mut root = serde_json::from_str(json).unwrap();
        assert!(textures(&mut root, &Parts(Vec::new()), &mut Vec::new()));
        let json = Value::from(root);
        assert_eq!(
            json["materials"][0],
            json!({"pbrMetallicRoughness":{"metallicFactor":0}})
        );
    }
}
