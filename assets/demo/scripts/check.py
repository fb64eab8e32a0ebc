"""Checks the committed demo: rows, media, sizes. Prints a table; exit code 1 with every fault named.

It needs nothing but Python, and doesn't use the modules that make the demo.
"""

import collections
import json
import pathlib
import sys

DEMO = pathlib.Path(__file__).resolve().parent.parent
MEDIA = DEMO / "media_data"
TASKS = [
    "text_to_text",
    "text_image_to_text",
    "text_video_to_text",
    "text_audio_to_text",
    "text_to_image",
    "text_to_video",
    "text_to_audio",
    "text_to_3D",
    "text_image_to_image",
]
KINDS = {
    "image": {".png", ".jpg"},
    "video": {".mp4", ".webm"},
    "3D": {".glb", ".gltf", ".obj", ".stl", ".ply", ".png", ".jpg"},
    "audio": {".wav", ".flac", ".mp3", ".ogg", ".opus"},
}
LIMIT = 20_000_000


def split(task):
    """What the prompt brings besides text, and what the responses are."""
    left, right = task.split("_to_")
    return [part for part in left.split("_") if part != "text"], right


def parts_of(path):
    """Files that a model file names: glTF buffers and images, MTL libraries and their textures."""
    if path.suffix == ".gltf":
        doc = json.loads(path.read_text())
        return [path.parent / e["uri"] for e in doc.get("buffers", []) + doc.get("images", []) if "uri" in e]
    keys = {".obj": "mtllib", ".mtl": "map_Kd"}
    found = []
    if path.suffix in keys:
        for line in path.read_text().splitlines():
            if line.startswith(keys[path.suffix] + " "):
                found.append(path.parent / line.split(" ", 1)[1])
    return found + [deeper for part in found if part.exists() for deeper in parts_of(part)]


def check_row(task, row, fault):
    inputs, output = split(task)
    wanted = [
        "prompt",
        *inputs,
        "response1",
        "response2",
        "model1",
        "model2",
        "criteria",
        "criteria_preference",
        "id",
    ]
    if list(row) != wanted:
        fault(f"keys are {list(row)}, wanted {wanted}")
        return []
    for key, value in row.items():
        if not isinstance(value, str) or not value.strip():
            fault(f"{key} is empty or no text")
    if row["criteria_preference"] not in ("response1", "response2", "tie"):
        fault(f"preference {row['criteria_preference']!r}")
    named = [(row[key], key) for key in inputs]
    if output != "text":
        named += [(row["response1"], output), (row["response2"], output)]
    for path, kind in named:
        if path.startswith("/") or ".." in path or "\\" in path:
            fault(f"path leaves the folder: {path}")
        elif pathlib.PurePosixPath(path).suffix not in KINDS[kind]:
            fault(f"{path} is no {kind}")
        elif not (MEDIA / path).is_file():
            fault(f"missing: {path}")
    return [path for path, _ in named]


def main():
    faults, used, ids = [], set(), collections.Counter()
    print(f"{'task':22}{'rows':>5}{'pairs':>6}{'first':>7}{'second':>7}{'tie':>5}")
    for task in TASKS:
        file = DEMO / f"{task}_preferences.json"
        raw = file.read_text(encoding="utf-8")
        data = json.loads(raw)
        if raw != json.dumps(data, indent=4):
            faults.append(f"{file.name}: not written as json.dump(…, indent=4) would")
        pairs = set()
        for number, row in enumerate(data):
            used.update(check_row(task, row, lambda text: faults.append(f"{file.name} row {number}: {text}")))
            ids[row.get("id")] += 1
            pairs.add(tuple(row.get(k) for k in ("prompt", "response1", "response2")))
        if len(pairs) < 2:
            faults.append(f"{file.name}: fewer than two pairs")
        count = collections.Counter(row.get("criteria_preference") for row in data)
        print(f"{task:22}{len(data):5}{len(pairs):6}{count['response1']:7}{count['response2']:7}{count['tie']:5}")
    faults += [f"id {key!r} is used {n} times" for key, n in ids.items() if n > 1]
    known = {MEDIA / path for path in used}
    for path in list(known):
        for part in parts_of(path) if path.exists() else []:
            known.add(part)
            if not part.is_file():
                faults.append(f"missing part: {part.relative_to(MEDIA)}")
    faults += [
        f"nobody refers to {p.relative_to(MEDIA)}"
        for p in sorted(MEDIA.rglob("*"))
        if p.is_file() and p not in known
    ]
    size = sum(p.stat().st_size for p in DEMO.rglob("*") if p.is_file())
    print(f"{size / 1e6:.1f} MB in all, {len(known)} media files, {sum(ids.values())} rows")
    if size >= LIMIT:
        faults.append(f"too large: {size} bytes")
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
