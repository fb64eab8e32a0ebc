"""Meshes written as GLB, glTF with a separate buffer, OBJ with MTL and textures, STL and PLY.

A model is a list of `Mesh`. glTF colours are linear, all others as given (sRGB).
"""

import json
import struct

from encode import place
from meshes import cross, minus, unit


def linear(c):
    return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4


class _Buffer:
    """Collects binary parts and the glTF records that point at them."""

    def __init__(self):
        self.data, self.views, self.accessors = bytearray(), [], []

    def view(self, blob, target=None):
        while len(self.data) % 4:
            self.data.append(0)
        record = {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(blob)}
        if target:
            record["target"] = target
        self.views.append(record)
        self.data += blob
        return len(self.views) - 1

    def floats(self, rows, bounds=False):
        width = len(rows[0])
        blob = struct.pack(f"<{len(rows) * width}f", *(v for row in rows for v in row))
        record = {
            "bufferView": self.view(blob, 34962),
            "componentType": 5126,
            "count": len(rows),
            "type": f"VEC{width}",
        }
        if bounds:
            stored = list(struct.iter_unpack(f"<{width}f", blob))
            record["min"] = [min(row[k] for row in stored) for k in range(width)]
            record["max"] = [max(row[k] for row in stored) for k in range(width)]
        self.accessors.append(record)
        return len(self.accessors) - 1

    def indices(self, faces):
        flat = [i for face in faces for i in face]
        blob = struct.pack(f"<{len(flat)}I", *flat)
        self.accessors.append(
            {"bufferView": self.view(blob, 34963), "componentType": 5125, "count": len(flat), "type": "SCALAR"}
        )
        return len(self.accessors) - 1


def _gltf(model):
    buffer = _Buffer()
    doc = {
        "asset": {"version": "2.0", "generator": "tiebreak demo scripts"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": []}],
        "materials": [],
    }
    for mesh in model:
        attributes = {"POSITION": buffer.floats(mesh.points, True), "NORMAL": buffer.floats(mesh.normals)}
        surface = {
            "baseColorFactor": [*(linear(v) for v in mesh.tint), 1.0],
            "metallicFactor": mesh.metal,
            "roughnessFactor": mesh.rough,
        }
        if mesh.colours:
            attributes["COLOR_0"] = buffer.floats([tuple(linear(v) for v in c) for c in mesh.colours])
        if mesh.texture:
            attributes["TEXCOORD_0"] = buffer.floats(mesh.uvs)
            images = doc.setdefault("images", [])
            doc.setdefault("samplers", [{"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}])
            doc.setdefault("textures", []).append({"source": len(images), "sampler": 0})
            images.append(
                {"bufferView": buffer.view(mesh.texture[1]), "mimeType": "image/png", "name": mesh.texture[0]}
            )
            surface["baseColorTexture"] = {"index": len(images) - 1}
        doc["meshes"][0]["primitives"].append(
            {"attributes": attributes, "indices": buffer.indices(mesh.faces), "material": len(doc["materials"])}
        )
        doc["materials"].append({"name": mesh.name, "pbrMetallicRoughness": surface})
    while len(buffer.data) % 4:
        buffer.data.append(0)
    doc["bufferViews"], doc["accessors"] = buffer.views, buffer.accessors
    doc["buffers"] = [{"byteLength": len(buffer.data)}]
    return doc, bytes(buffer.data)


def save_glb(relative, model):
    doc, data = _gltf(model)
    text = json.dumps(doc, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    place(relative).write_bytes(
        struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(data))
        + struct.pack("<I4s", len(text), b"JSON")
        + text
        + struct.pack("<I4s", len(data), b"BIN\0")
        + data
    )


def save_gltf(relative, model):
    """The JSON at `relative`, its buffer beside it with the ending `.bin`."""
    doc, data = _gltf(model)
    path = place(relative)
    doc["buffers"][0]["uri"] = path.stem + ".bin"
    path.with_suffix(".bin").write_bytes(data)
    path.write_text(json.dumps(doc, indent=1))


def save_obj(relative, model):
    """OBJ, MTL and the textures, side by side."""
    path = place(relative)
    obj, mtl, base = [f"mtllib {path.stem}.mtl"], [], 1
    for mesh in model:
        obj.append(f"o {mesh.name}\nusemtl {mesh.name}")
        obj += ["v %.5f %.5f %.5f" % p for p in mesh.points]
        obj += ["vt %.5f %.5f" % (u, 1 - v) for u, v in mesh.uvs]
        obj += ["vn %.4f %.4f %.4f" % n for n in mesh.normals]
        obj += ["f " + " ".join(f"{i + base}/{i + base}/{i + base}" for i in face) for face in mesh.faces]
        base += len(mesh.points)
        mtl.append(
            "newmtl %s\nKa 0 0 0\nKd %.3f %.3f %.3f\nKs 0.05 0.05 0.05\nNs 20\nillum 2" % (mesh.name, *mesh.tint)
        )
        if mesh.texture:
            mtl.append(f"map_Kd {mesh.texture[0]}")
            (path.parent / mesh.texture[0]).write_bytes(mesh.texture[1])
    path.write_text("\n".join(obj) + "\n")
    path.with_suffix(".mtl").write_text("\n".join(mtl) + "\n")


def save_stl(relative, model):
    """Binary STL: triangles and their flat normals, no colour."""
    out, count = bytearray(), 0
    for mesh in model:
        for face in mesh.faces:
            a, b, c = (mesh.points[i] for i in face)
            out += struct.pack("<12fH", *unit(cross(minus(b, a), minus(c, a))), *a, *b, *c, 0)
            count += 1
    place(relative).write_bytes(b"tiebreak demo".ljust(80, b"\0") + struct.pack("<I", count) + bytes(out))


def save_ply(relative, model):
    """Binary little-endian PLY with normals and a colour a corner."""
    corners, faces, base = bytearray(), bytearray(), 0
    for mesh in model:
        for p, n, c in zip(mesh.points, mesh.normals, mesh.colours or [mesh.tint] * len(mesh.points)):
            corners += struct.pack("<6f3B", *p, *n, *(int(v * 255 + 0.5) for v in c))
        for face in mesh.faces:
            faces += struct.pack("<B3i", 3, *(i + base for i in face))
        base += len(mesh.points)
    head = ["ply", "format binary_little_endian 1.0", f"element vertex {base}"]
    head += [f"property float {k}" for k in ("x", "y", "z", "nx", "ny", "nz")]
    head += [f"property uchar {k}" for k in ("red", "green", "blue")]
    head += [f"element face {len(faces) // 13}", "property list uchar int vertex_indices", "end_header"]
    place(relative).write_bytes(("\n".join(head) + "\n").encode() + bytes(corners) + bytes(faces))
