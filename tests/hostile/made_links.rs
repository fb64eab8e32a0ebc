//! Media of our own that name something elsewhere: playlists, films and scenes that a player would
//! follow to an address.

use crate::made_files::{Made, ftyp, iso_box, made};

/// A scene whose geometry and whose picture lie at `uri`.
pub fn gltf(uri: &str) -> String {
    format!(
        r#"{{"asset":{{"version":"2.0"}},"scene":0,"scenes":[{{"nodes":[0]}}],"nodes":[{{"mesh":0}}],
"meshes":[{{"primitives":[{{"attributes":{{"POSITION":0}},"material":0}}]}}],
"materials":[{{"pbrMetallicRoughness":{{"baseColorTexture":{{"index":0}}}}}}],
"textures":[{{"source":0}}],"images":[{{"uri":"{uri}"}}],"buffers":[{{"uri":"{uri}","byteLength":36}}],
"bufferViews":[{{"buffer":0,"byteLength":36}}],
"accessors":[{{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3","min":[0,0,0],"max":[1,1,1]}}]}}"#
    )
}

/// Lists and scenes that name something at an address, under names that promise media.
pub fn leading_elsewhere(address: &str) -> Vec<Made> {
    let a = address;
    let hls =
        format!("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{a}/segment.ts\n#EXT-X-ENDLIST\n");
    let dash = format!(
        "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><BaseURL>{a}/dash/</BaseURL>\
         <Period><AdaptationSet mimeType=\"video/mp4\"><Representation id=\"1\"><BaseURL>v.mp4</BaseURL>\
         </Representation></AdaptationSet></Period></MPD>"
    );
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>\
         <image xlink:href='{a}/svg.png' width='9' height='9'/><style>@import '{a}/svg.css';</style></svg>"
    );
    let obj = "mtllib here.mtl\nusemtl m\nv 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\nf 1/1 2/1 3/1\n";
    let ply = format!(
        "ply\nformat ascii 1.0\ncomment TextureFile {a}/ply.png\nelement vertex 3\nproperty float x\n\
         property float y\nproperty float z\nelement face 1\nproperty list uchar int vertex_indices\n\
         end_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"
    );
    vec![
        made("video", "hls.mp4", hls.clone()),
        made("video", "hls.m3u8", hls.clone()),
        // The head of a film, and a playlist after it.
        made(
            "video",
            "hidden-hls.mp4",
            [ftyp(b"isom"), hls.into_bytes()].concat(),
        ),
        made("video", "dash.mp4", dash),
        made("video", "redirect.mov", redirect(a)),
        made("video", "parts.mp4", data_elsewhere(a)),
        made(
            "video",
            "asx.mp4",
            format!("<asx version=\"3\"><entry><ref href=\"{a}/asx\"/></entry></asx>"),
        ),
        made(
            "video",
            "smil.mp4",
            format!("<smil><body><video src=\"{a}/smil\"/></body></smil>"),
        ),
        made("audio", "list.mp3", format!("#EXTM3U\n{a}/list.mp3\n")),
        made(
            "audio",
            "list.pls",
            format!("[playlist]\nFile1={a}/pls.mp3\nNumberOfEntries=1\n"),
        ),
        made("audio", "uris.mp3", format!("{a}/uris.mp3\n")),
        made("audio", "cover.mp3", cover(a)),
        made("image", "linked.svg", svg.clone()),
        made("image", "linked.png", svg),
        made("3d", "elsewhere.gltf", gltf(&format!("{a}/gltf.bin"))),
        made(
            "3d",
            "linked.obj",
            obj.replace("here.mtl", &format!("{a}/obj.mtl")),
        ),
        made("3d", "here.obj", obj),
        made(
            "3d",
            "here.mtl",
            format!("newmtl m\nmap_Kd {a}/mtl.png\nmap_Bump {a}/bump.png\n"),
        ),
        made("3d", "linked.ply", ply),
    ]
}

/// A QuickTime reference film: nothing but the address of another.
fn redirect(address: &str) -> Vec<u8> {
    let url = format!("{address}/redirect.mov\0");
    let mut reference = vec![0, 0, 0, 0];
    reference.extend(b"url ");
    reference.extend(u32::try_from(url.len()).unwrap().to_be_bytes());
    reference.extend(url.as_bytes());
    let descriptor = iso_box(b"rmda", &iso_box(b"rdrf", &reference));
    let film = iso_box(b"moov", &iso_box(b"rmra", &descriptor));
    [ftyp(b"qt  "), film].concat()
}

/// A film whose samples are said to lie in a file at an address.
fn data_elsewhere(address: &str) -> Vec<u8> {
    let mut url = vec![0, 0, 0, 0];
    url.extend(format!("{address}/samples.mp4\0").as_bytes());
    let mut references = vec![0, 0, 0, 0, 0, 0, 0, 1];
    references.extend(iso_box(b"url ", &url));
    let inner = iso_box(b"dinf", &iso_box(b"dref", &references));
    let track = iso_box(b"trak", &iso_box(b"mdia", &iso_box(b"minf", &inner)));
    [ftyp(b"isom"), iso_box(b"moov", &track)].concat()
}

/// An MP3 whose cover is said to lie at an address (the `-->` of ID3).
fn cover(address: &str) -> Vec<u8> {
    let mut frame = b"\0-->\0\x03\0".to_vec();
    frame.extend(format!("{address}/cover.png").as_bytes());
    let mut tag = b"APIC".to_vec();
    tag.extend(u32::try_from(frame.len()).unwrap().to_be_bytes());
    tag.extend([0, 0]);
    tag.extend(frame);
    let mut file = b"ID3\x03\0\0\0\0\0".to_vec();
    file.push(u8::try_from(tag.len()).unwrap());
    file.extend(tag);
    // Frames of silence: MPEG 1, layer III, 128 kbit/s, 44.1 kHz.
    for _ in 0..40 {
        file.extend([0xff, 0xfb, 0x90, 0x64]);
        file.resize(file.len() + 413, 0);
    }
    file
}
