//! The JSON of a glTF, made such that the library reads it and nothing else.
//!
//! The library follows names as they stand, ignores how triangles are stored, panics without a
//! scene and gives up on a texture it cannot read. So every file is found here and named anew,
//! what cannot be shown is taken out with a remark, and a scene is put in where there is none.

use serde_json::{Map, Value, json};
use tiebreak_media::gltf_part;

use super::gltf_textures::textures;
use super::{NO_TEXTURE, Parts};
use crate::scene::Problem;
use crate::scene::shape::Alpha;

/// What is required of a reader and not done by this one, with what people call it.
const UNREAD: [(&str, &str); 4] = [
    (
        "KHR_draco_mesh_compression",
        "it is compressed with Draco, which is not read",
    ),
    (
        "EXT_meshopt_compression",
        "it is compressed with meshopt, which is not read",
    ),
    (
        "KHR_meshopt_compression",
        "it is compressed with meshopt, which is not read",
    ),
    (
        "KHR_texture_basisu",
        "its textures are in KTX2, which is not read",
    ),
];

/// The JSON, and the files under the names that it now has for them.
pub struct Mended {
    /// To be read as `.gltf`.
    pub json: Vec<u8>,
    /// What it names.
    pub assets: Vec<(String, Vec<u8>)>,
    /// How each material treats what lies behind it.
    pub alphas: Vec<Alpha>,
    /// What does not show.
    pub remarks: Vec<String>,
}

/// Mends the JSON of a glTF.
pub fn mend(json: &[u8], bin: Option<&[u8]>, parts: &Parts) -> Result<Mended, Problem> {
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    let mut root: Map<String, Value> =
        serde_json::from_slice(json).map_err(|e| Problem::damaged(&e))?;
    required(&root)?;
    let mut assets = Vec::new();
    let mut remarks = Vec::new();
    buffers(&mut root, bin, parts, &mut assets)?;
    if textures(&mut root, parts, &mut assets) {
        remarks.push(NO_TEXTURE.to_owned());
    }
    if triangles_only(&mut root) {
        let says = "Lines, points or strips of triangles in this model are not shown.";
        remarks.push(says.to_owned());
    }
    if root.remove("animations").is_some_and(|all| !none(&all)) {
        remarks.push("This model moves; it is shown at rest.".to_owned());
    }
    scene(&mut root);
    let alphas = list(&mut root, "materials").iter().map(alpha).collect();
    let json = serde_json::to_vec(&root).map_err(|e| Problem::damaged(&e))?;
    Ok(Mended {
        json,
        assets,
        alphas,
        remarks,
    })
}

/// One of the lists of a glTF; empty where there is none.
pub fn list<'a>(root: &'a mut Map<String, Value>, name: &str) -> &'a mut [Value] {
    root.get_mut(name)
        .and_then(Value::as_array_mut)
        .map_or(&mut [], Vec::as_mut_slice)
}

fn none(list: &Value) -> bool {
    list.as_array().is_some_and(Vec::is_empty)
}

/// A place in a list.
pub fn index(value: Option<&Value>) -> Option<usize> {
    usize::try_from(value?.as_u64()?).ok()
}

fn required(root: &Map<String, Value>) -> Result<(), Problem> {
    let names = root.get("extensionsRequired").and_then(Value::as_array);
    let names: Vec<&str> = names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match UNREAD.iter().find(|(name, _)| names.contains(name)) {
        Some((name, why)) => Err(Problem::new(*why).with(name)),
        None => Ok(()),
    }
}

fn buffers(
    root: &mut Map<String, Value>,
    bin: Option<&[u8]>,
    parts: &Parts,
    assets: &mut Vec<(String, Vec<u8>)>,
) -> Result<(), Problem> {
    for (n, buffer) in list(root, "buffers").iter_mut().enumerate() {
        let Some(buffer) = buffer.as_object_mut() else {
            continue;
        };
        let bytes = match (buffer.get("uri").and_then(Value::as_str), bin) {
            (Some(uri), _) if is_data(uri) => continue,
            (Some(uri), _) => gltf_part(uri)
                .and_then(|name| parts.find(&name))
                .ok_or_else(|| Problem::new("a file that belongs to it is not there").with(&uri))?,
            (None, Some(bin)) if n == 0 => bin,
            (None, _) => continue,
        };
        let name = format!("buffer-{n}.bin");
        assets.push((name.clone(), bytes.to_vec()));
        buffer.insert("uri".to_owned(), Value::from(name));
    }
    Ok(())
}

fn is_data(uri: &str) -> bool {
    uri.starts_with("data:")
}

/// Keeps what is stored as single triangles, the only way that is drawn; returns whether anything
/// else was there.
fn triangles_only(root: &mut Map<String, Value>) -> bool {
    const TRIANGLES: u64 = 4;
    let mut others = false;
    for mesh in list(root, "meshes") {
        if let Some(all) = mesh.get_mut("primitives").and_then(Value::as_array_mut) {
            let before = all.len();
            all.retain(|p| p.get("mode").is_none_or(|mode| mode == TRIANGLES));
            others |= all.len() < before;
        }
    }
    others
}

/// Puts the scene to be shown first, or one with all that stands alone where there is none.
fn scene(root: &mut Map<String, Value>) {
    let chosen = index(root.remove("scene").as_ref()).unwrap_or(0);
    let scenes = list(root, "scenes");
    if chosen < scenes.len() {
        scenes.swap(0, chosen);
        return;
    }
    if !scenes.is_empty() {
        return;
    }
    let mut below = std::collections::HashSet::new();
    let nodes = list(root, "nodes");
    for node in nodes.iter() {
        let children = node.get("children").and_then(Value::as_array);
        below.extend(
            children
                .into_iter()
                .flatten()
                .filter_map(|n| index(Some(n))),
        );
    }
    let alone: Vec<usize> = (0..nodes.len()).filter(|n| !below.contains(n)).collect();
    root.insert("scenes".to_owned(), json!([{ "nodes": alone }]));
}

fn alpha(material: &Value) -> Alpha {
    match material.get("alphaMode").and_then(Value::as_str) {
        Some("BLEND" | "MASK") => Alpha::Blend,
        _ => Alpha::Opaque,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(json: &str, parts: Vec<(String, Vec<u8>)>) -> (Value, Mended) {
        let mended = mend(json.as_bytes(), None, &Parts(parts)).unwrap();
        (serde_json::from_slice(&mended.json).unwrap(), mended)
    }

    #[test]
    fn files_get_names_of_ours() {
        let parts = vec![("a b.bin".to_owned(), vec![1])];
        let (json, mended) = mended(r#"{"buffers":[{"uri":"./a%20b.bin"}]}"#, parts);
        assert_eq!(json["buffers"][0]["uri"], "buffer-0.bin");
        assert_eq!(mended.assets, [("buffer-0.bin".to_owned(), vec![1])]);
        let missing = mend(
            br#"{"buffers":[{"uri":"x.bin"}]}"#,
            None,
            &Parts(Vec::new()),
        );
        let problem = missing.err().unwrap();
        assert!(!problem.why.contains("x.bin"), "no name for people");
    }

    #[test]
    fn a_scene_is_found_or_made() {
        let (json, _) = mended(r#"{"nodes":[{"children":[1]},{},{}]}"#, Vec::new());
        assert_eq!(json["scenes"][0]["nodes"], json!([0, 2]));
        let (json, _) = mended(
            r#"{"scene":1,"scenes":[{"name":"a"},{"name":"b"}]}"#,
            Vec::new(),
        );
        assert_eq!(json["scenes"][0]["name"], "b");
    }

    #[test]
    fn what_is_not_read_is_said() {
        let draco = br#"{"extensionsRequired":["KHR_draco_mesh_compression"]}"#;
        let problem = mend(draco, None, &Parts(Vec::new())).err().unwrap();
        assert!(problem.why.contains("Draco"));
        let (json, mended) = mended(
            r#"{"animations":[{}],"meshes":[{"primitives":[{"mode":1},{"mode":4},{}]}]}"#,
            Vec::new(),
        );
        assert_eq!(json["meshes"][0]["primitives"].as_array().unwrap().len(), 2);
        assert_eq!(mended.remarks.len(), 2);
        assert!(mend(b"[]", None, &Parts(Vec::new())).is_err());
    }
}
