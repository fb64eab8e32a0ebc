//! glTF 2.0 and GLB: the generator, copyright, `extras`, names, and whatever the format does not
//! know go from the JSON; pictures inside buffers and data addresses are stripped themselves.
//!
//! Nothing in a buffer moves: a picture that becomes shorter leaves zeros behind it.

mod keys;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use tiebreak_domain::Modality;

use self::keys::KEYS;
use super::{Names, StripError, Stripped, damaged, strip_bytes};
use crate::bytes::{array, le32, without_bom};
use crate::parts::gltf_part;

/// The longest JSON that is taken, in bytes: in memory it is many times as large.
const MAX_JSON: usize = 64 * 1024 * 1024;
const JSON: &[u8; 4] = b"JSON";
const BIN: &[u8; 4] = b"BIN\0";

pub(super) fn gltf(
    bytes: &[u8],
    names: &mut Names,
    report: &mut Stripped,
) -> Result<Vec<u8>, StripError> {
    let mut scene = parsed(without_bom(bytes))?;
    stripped(&mut scene, None, names, report);
    written(&scene)
}

pub(super) fn glb(
    bytes: &[u8],
    names: &mut Names,
    report: &mut Stripped,
) -> Result<Vec<u8>, StripError> {
    let total = (le32(bytes, 8).unwrap_or(0) as usize).min(bytes.len());
    let (mut at, mut scene, mut buffer) = (12, None, None);
    while let (Some(size), Some(kind)) = (le32(bytes, at), array::<4>(bytes, at + 4)) {
        let end = (at + 8).saturating_add(size as usize);
        if at + 8 > total || end > bytes.len() {
            break;
        }
        let body = bytes.get(at + 8..end).unwrap_or(&[]);
        match &kind {
            JSON if scene.is_none() => scene = Some(parsed(body)?),
            BIN if buffer.is_none() && scene.is_some() => buffer = Some(body.to_vec()),
            _ => report.took("other chunks"),
        }
        at = end;
    }
    if at < bytes.len() {
        report.took("data after the scene");
    }
    let mut scene = scene.ok_or(damaged("the GLB has no whole chunk of JSON"))?;
    stripped(&mut scene, buffer.as_mut(), names, report);
    let mut json = written(&scene)?;
    json.resize(json.len().next_multiple_of(4), b' ');
    let mut out = b"glTF\x02\0\0\0\0\0\0\0".to_vec();
    push(&mut out, JSON, &json);
    if let Some(mut buffer) = buffer {
        buffer.resize(buffer.len().next_multiple_of(4), 0);
        push(&mut out, BIN, &buffer);
    }
    let size = (out.len() as u32).to_le_bytes();
    if let Some(field) = out.get_mut(8..12) {
        field.copy_from_slice(&size);
    }
    Ok(out)
}

fn push(out: &mut Vec<u8>, kind: &[u8; 4], body: &[u8]) {
    out.extend((body.len() as u32).to_le_bytes());
    out.extend(kind);
    out.extend_from_slice(body);
}

fn parsed(json: &[u8]) -> Result<Value, StripError> {
    if json.len() > MAX_JSON {
        return Err(StripError::TooLarge {
            bytes: json.len() as u64,
            limit: MAX_JSON as u64,
        });
    }
    let scene: Value =
        serde_json::from_slice(json).map_err(|_| damaged("the JSON of the scene is wrong"))?;
    if scene.is_object() {
        Ok(scene)
    } else {
        Err(damaged("the JSON of the scene is no object"))
    }
}

fn written(scene: &Value) -> Result<Vec<u8>, StripError> {
    serde_json::to_vec(scene).map_err(|_| damaged("the JSON of the scene cannot be written"))
}

fn stripped(scene: &mut Value, whole: Option<&mut Vec<u8>>, names: &Names, report: &mut Stripped) {
    if let Some(asset) = scene.get_mut("asset").and_then(Value::as_object_mut) {
        let before = asset.len();
        asset.retain(|key, _| matches!(key.as_str(), "version" | "minVersion"));
        report.took_some("notes about the asset", (before - asset.len()) as u64);
    }
    let required = words(scene.get("extensionsRequired"));
    let goes = |name: &str| {
        let note = matches!(name, "KHR_xmp" | "KHR_xmp_json_ld");
        let common = name.starts_with("KHR_") || name.starts_with("EXT_");
        note || !(common || required.iter().any(|other| other == name))
    };
    for list in ["extensionsUsed", "extensionsRequired"] {
        if let Some(list) = scene.get_mut(list).and_then(Value::as_array_mut) {
            list.retain(|name| name.as_str().is_some_and(|name| !goes(name)));
        }
    }
    for list in ["extensionsUsed", "extensionsRequired"] {
        let empty = scene
            .get(list)
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty);
        if let Some(scene) = scene.as_object_mut().filter(|_| empty) {
            scene.shift_remove(list);
        }
    }
    clean(scene, &goes, report);
    variants(scene);
    pictures(scene, whole, report);
    for list in ["images", "buffers"] {
        for item in items(scene, list) {
            let Some(uri) = item.get("uri").and_then(Value::as_str) else {
                continue;
            };
            if is_data(uri) {
                continue;
            }
            match gltf_part(uri).and_then(|part| names.file(&part)) {
                Some(new) => item["uri"] = Value::String(escaped(new)),
                None => report.kept("names of files beside it"),
            }
        }
    }
}

/// A file name as an address has it.
fn escaped(name: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(byte);
    name.bytes()
        .map(|byte| match plain(&byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

fn words(list: Option<&Value>) -> Vec<String> {
    let list = list
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    list.iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn items<'a>(scene: &'a mut Value, list: &str) -> impl Iterator<Item = &'a mut Value> {
    scene
        .get_mut(list)
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
}

/// Takes out of a value what the format does not know. Its depth is bounded by the parser's.
fn clean(value: &mut Value, goes: &dyn Fn(&str) -> bool, report: &mut Stripped) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| clean(item, goes, report)),
        Value::Object(map) => {
            let before = map.len();
            map.retain(|key, _| KEYS.binary_search(&key.as_str()).is_ok());
            report.took_some("names and notes", (before - map.len()) as u64);
            for (key, value) in map.iter_mut() {
                match key.as_str() {
                    "extensions" => extensions(value, goes, report),
                    "attributes" => {}
                    // Of a mesh: lists of attributes. Nothing else has them.
                    "targets" => {}
                    _ => clean(value, goes, report),
                }
            }
        }
        _ => {}
    }
}

fn extensions(value: &mut Value, goes: &dyn Fn(&str) -> bool, report: &mut Stripped) {
    let Some(map) = value.as_object_mut() else {
        return;
    };
    let before = map.len();
    map.retain(|name, _| !goes(name));
    report.took_some("extensions nobody needs", (before - map.len()) as u64);
    map.values_mut().for_each(|value| nameless(value, report));
}

/// The keys of an extension are its own; names and notes are called the same in all.
fn nameless(value: &mut Value, report: &mut Stripped) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| nameless(item, report)),
        Value::Object(map) => {
            for key in ["name", "extras"] {
                if map.shift_remove(key).is_some() {
                    report.took("names and notes");
                }
            }
            map.values_mut().for_each(|value| nameless(value, report));
        }
        _ => {}
    }
}

/// A variant must have a name: its number.
fn variants(scene: &mut Value) {
    let list = scene.pointer_mut("/extensions/KHR_materials_variants/variants");
    for (nth, variant) in list
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .enumerate()
    {
        if let Some(variant) = variant.as_object_mut() {
            variant.insert("name".to_owned(), Value::String(format!("v{}", nth + 1)));
        }
    }
}

fn is_data(uri: &str) -> bool {
    uri.get(..5)
        .is_some_and(|start| start.eq_ignore_ascii_case("data:"))
}

/// The bytes of a data address in base 64.
fn data(uri: &str) -> Option<Vec<u8>> {
    let (head, body) = uri.split_once(',')?;
    let coded = head.to_ascii_lowercase().ends_with(";base64");
    coded.then(|| STANDARD.decode(body).ok()).flatten()
}

fn address(mime: &str, bytes: &[u8]) -> Value {
    Value::String(format!("data:{mime};base64,{}", STANDARD.encode(bytes)))
}

/// A picture without what tells, where it is one that is shown.
fn picture(bytes: &[u8], report: &mut Stripped) -> Option<(Vec<u8>, &'static str)> {
    let kind = crate::sniff(bytes, bytes.len() as u64, "").ok()?;
    // Nothing but pictures: a scene in a scene in a scene would have no end.
    if kind.modality != Modality::Image {
        return None;
    }
    let (out, within) = strip_bytes(bytes, &kind).ok()?;
    report.include(&within);
    Some((out, kind.mime))
}

/// Strips the pictures inside buffers and data addresses.
fn pictures(scene: &mut Value, whole: Option<&mut Vec<u8>>, report: &mut Stripped) {
    for image in items(scene, "images") {
        let Some(uri) = image
            .get("uri")
            .and_then(Value::as_str)
            .filter(|uri| is_data(uri))
        else {
            continue;
        };
        match data(uri).and_then(|bytes| picture(&bytes, report)) {
            Some((bytes, mime)) => image["uri"] = address(mime, &bytes),
            None => report.kept("pictures inside it that cannot be read"),
        }
    }
    let mut buffers: Vec<Option<Vec<u8>>> = items(scene, "buffers")
        .map(|buffer| buffer.get("uri").and_then(Value::as_str).and_then(data))
        .collect();
    let inside = whole.is_some()
        && items(scene, "buffers")
            .next()
            .is_some_and(|buffer| buffer.get("uri").is_none());
    let mut taken = whole;
    if let (true, Some(first), Some(whole)) = (inside, buffers.first_mut(), taken.as_mut()) {
        *first = Some(std::mem::take(*whole));
    }
    let mut views: Vec<usize> = items(scene, "images")
        .filter_map(|image| index(image, "bufferView"))
        .collect();
    views.sort_unstable();
    views.dedup();
    let shared = shared_views(scene);
    // Views may lie over each other: what is looked at is bounded, however often it is named.
    let mut budget = buffers
        .iter()
        .flatten()
        .map(Vec::len)
        .sum::<usize>()
        .saturating_mul(2);
    for view in views {
        let spared = shared.binary_search(&view).is_ok();
        let size = view_size(scene, view);
        let dear = size > budget;
        budget = budget.saturating_sub(size);
        if spared || dear || in_view(scene, view, &mut buffers, report).is_none() {
            report.kept("pictures inside it that cannot be read");
        }
    }
    if let (true, Some(first), Some(whole)) = (inside, buffers.first_mut(), taken) {
        *whole = first.take().unwrap_or_default();
    }
    for (buffer, bytes) in items(scene, "buffers").zip(buffers) {
        if let Some(bytes) = bytes {
            buffer["uri"] = address("application/octet-stream", &bytes);
        }
    }
}

fn index(value: &Value, key: &str) -> Option<usize> {
    usize::try_from(value.get(key)?.as_u64()?).ok()
}

/// The views that hold numbers: no picture is looked for there.
fn shared_views(scene: &mut Value) -> Vec<usize> {
    let of = |accessor: &Value| {
        let sparse =
            |part: &str| index(accessor.pointer(&format!("/sparse/{part}"))?, "bufferView");
        [
            index(accessor, "bufferView"),
            sparse("indices"),
            sparse("values"),
        ]
    };
    let all = items(scene, "accessors").flat_map(|accessor| of(accessor));
    let mut views: Vec<usize> = all.flatten().collect();
    views.sort_unstable();
    views.dedup();
    views
}

fn view_size(scene: &Value, view: usize) -> usize {
    let view = scene.get("bufferViews").and_then(|views| views.get(view));
    view.and_then(|view| index(view, "byteLength")).unwrap_or(0)
}

fn in_view(
    scene: &mut Value,
    view: usize,
    buffers: &mut [Option<Vec<u8>>],
    report: &mut Stripped,
) -> Option<()> {
    let view = scene
        .get_mut("bufferViews")?
        .get_mut(view)?
        .as_object_mut()?;
    let number = |view: &Map<String, Value>, key: &str| {
        view.get(key)
            .map_or(Some(0), |value| usize::try_from(value.as_u64()?).ok())
    };
    let (buffer, from) = (number(view, "buffer")?, number(view, "byteOffset")?);
    let size = number(view, "byteLength")?;
    let bytes = buffers.get_mut(buffer)?.as_mut()?;
    let place = bytes.get_mut(from..from.checked_add(size)?)?;
    let (out, _) = picture(place, report)?;
    let (head, tail) = place.split_at_mut_checked(out.len())?;
    head.copy_from_slice(&out);
    tail.fill(0);
    if out.len() < size {
        view.insert("byteLength".to_owned(), Value::from(out.len()));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::find;
    use crate::kinds::{GLB, GLTF};
    use serde_json::json;

    fn jpeg(words: &[u8]) -> Vec<u8> {
        let size = u8::try_from(words.len() + 2).unwrap();
        let comment: &[u8] = if words.is_empty() {
            b""
        } else {
            &[0xff, 0xfe, 0, size]
        };
        [
            b"\xff\xd8",
            comment,
            words,
            b"\xff\xda\0\x03s\x12\x34\xff\xd9",
        ]
        .concat()
    }

    fn packed(scene: &Value, buffer: &[u8]) -> Vec<u8> {
        let mut json = serde_json::to_vec(scene).unwrap();
        json.resize(json.len().next_multiple_of(4), b' ');
        let mut out = b"glTF\x02\0\0\0\0\0\0\0".to_vec();
        push(&mut out, JSON, &json);
        push(&mut out, BIN, buffer);
        let size = u32::try_from(out.len()).unwrap();
        out[8..12].copy_from_slice(&size.to_le_bytes());
        out
    }

    #[test]
    fn what_shows_stays_and_what_tells_goes() {
        let told = json!({
            "asset": {"version": "2.0", "generator": "hidden-model-x", "extras": 1},
            "extensionsUsed": ["KHR_materials_unlit", "HIDDEN_model_x", "KHR_xmp_json_ld"],
            "extensions": {"HIDDEN_model_x": {"a": "hidden-model-x"},
                "KHR_materials_variants": {"variants": [{"name": "hidden-model-x"}]}},
            "nodes": [{"name": "hidden-model-x", "mesh": 0, "extras": {"p": "hidden-model-x"},
                "extensions": {"KHR_x": {"name": "hidden-model-x", "index": 1}}}],
            "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "_ID": 1}}],
                "weights": [0.1, 1e-7]}],
            "hidden-model-x": 1,
        });
        let (out, _) = strip_bytes(&serde_json::to_vec(&told).unwrap(), &GLTF).unwrap();
        let bare = json!({
            "asset": {"version": "2.0"},
            "extensionsUsed": ["KHR_materials_unlit"],
            "extensions": {"KHR_materials_variants": {"variants": [{"name": "v1"}]}},
            "nodes": [{"mesh": 0, "extensions": {"KHR_x": {"index": 1}}}],
            "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "_ID": 1}}],
                "weights": [0.1, 1e-7]}],
        });
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), bare);
        assert_eq!(strip_bytes(&out, &GLTF).unwrap().0, out);
    }

    #[test]
    fn pictures_in_the_buffer_are_stripped_in_place() {
        let (told, bare) = (jpeg(b"hidden-model-x"), jpeg(b""));
        let scene = |size: usize| {
            json!({"asset": {"version": "2.0"}, "images": [{"bufferView": 0}],
                "bufferViews": [{"buffer": 0, "byteOffset": 4, "byteLength": size}],
                "buffers": [{"byteLength": 4 + told.len()}]})
        };
        let pad = |bytes: &[u8]| {
            let mut buffer = [b"mesh", bytes].concat();
            buffer.resize((4 + told.len()).next_multiple_of(4), 0);
            buffer
        };
        let file = packed(&scene(told.len()), &pad(&told));
        let (out, report) = strip_bytes(&[&file[..], b"hidden"].concat(), &GLB).unwrap();
        assert_eq!(out, packed(&scene(bare.len()), &pad(&bare)));
        assert!(report.removed().any(|what| what == "JPEG comments: 1"));
        assert_eq!(strip_bytes(&out, &GLB).unwrap().0, out);
    }

    #[test]
    fn pictures_and_buffers_in_addresses_are_stripped() {
        let told = jpeg(b"hidden-model-x");
        let coded = STANDARD.encode(&told);
        let json = json!({"asset": {"version": "2.0"},
            "images": [{"uri": format!("data:image/jpeg;name=hidden;base64,{coded}")},
                {"bufferView": 0}, {"uri": "a.png"}, {"uri": "b%20c.png"}],
            "bufferViews": [{"buffer": 0, "byteLength": told.len()}],
            "buffers": [{"uri": format!("data:hidden/x;base64,{coded}"), "byteLength": 1}]});
        let mut names = Names::default();
        names.rename("b c.png", "é 1.png");
        let mut report = Stripped::default();
        let out = gltf(&serde_json::to_vec(&json).unwrap(), &mut names, &mut report).unwrap();
        let out: Value = serde_json::from_slice(&out).unwrap();
        let uri = |at: &str| out.pointer(at).unwrap().as_str().unwrap();
        assert_eq!(data(uri("/images/0/uri")).unwrap(), jpeg(b""));
        assert_eq!(uri("/images/3/uri"), "%C3%A9%201.png");
        let buffer = data(uri("/buffers/0/uri")).unwrap();
        assert!(buffer.len() == told.len() && find(&buffer, b"hidden").is_none());
        assert!(find(out.to_string().as_bytes(), b"hidden").is_none());
        assert_eq!(
            report.left().collect::<Vec<_>>(),
            ["names of files beside it: 1"]
        );
    }
}
