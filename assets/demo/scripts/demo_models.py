"""The text_to_3D answers: real files in five formats, and one pair of multi-view renderings."""

import math

from canvas import Canvas, mix, smooth
from encode import png_bytes, save_picture
from mesh_files import save_glb, save_gltf, save_obj, save_ply, save_stl
from meshes import Mesh, gear
from patterns import grain, noise
from raster import sheet, view


def mug(sound):
    """A hollow mug with its handle fixed, or a stopped one whose handle floats beside it."""
    blue, white = ((0.1, 0.2, 0.62), (0.93, 0.93, 0.9)) if not sound else ((0.3, 0.46, 0.66), (0.93, 0.93, 0.9))
    outside = Mesh("glaze", blue, 0.25)
    outside.turn([(0, 0), (0.7, 0), (0.7, 0), (0.78, 0.04), (0.8, 0.12), (0.8, 1.8), (0.79, 1.86), (0.76, 1.88)])
    inside = Mesh("inside", white, 0.3)
    if sound:
        inside.turn([(0.76, 1.88), (0.72, 1.86), (0.7, 1.8), (0.7, 0.24), (0.64, 0.16), (0.5, 0.12), (0, 0.12)])
    else:
        inside.turn([(0.76, 1.88), (0.7, 1.86), (0, 1.86)])
    gap = 0.74 if sound else 0.98
    path = [(gap + 0.62 * math.sin(math.pi * t) ** 0.75, 0.42 + 1.1 * t) for t in [i / 28 for i in range(29)]]
    handle = Mesh("handle", blue, 0.25).tube(path, 0.1)
    return [outside, inside, handle]


def planks():
    c = Canvas(256, 256)
    c.shade(
        lambda x, y: tuple(
            v
            * (0.78 + 0.3 * noise(y // 32, 2, 6) + 0.22 * (grain(x / 40, y * 0.5, 8) - 0.5))
            * (0.5 if y % 32 < 2 else 1)
            for v in (168, 118, 74)
        )
    )
    return png_bytes(c.px, 256, 256)


def tiles():
    c = Canvas(256, 256)

    def tile(x, y):
        row = y // 32
        u, v = ((x + 16 * (row % 2)) % 32) / 32, (y % 32) / 32
        tone = (
            (0.72 + 0.34 * noise(int((x + 16 * (row % 2)) % 256 // 32), row, 4))
            * (0.72 + 0.36 * v)
            * (0.6 if u < 0.06 else 1)
        )
        return (190 * tone, 66 * tone, 48 * tone)

    c.shade(tile)
    return png_bytes(c.px, 256, 256)


def roof(mesh, half, depth, low, high, over=0.16):
    """A gable roof as two thick slopes, closed all round."""

    def slope(side):
        x1, drop = side * (half + over), over * (high - low) / half
        top, foot, thick = (0.0, high), (x1, low - drop), 0.09
        z0, z1 = -depth - over, depth + over
        a, b, c, d = ((*foot, z1), (*foot, z0), (*top, z0), (*top, z1))
        e, f, g, h = ((p[0], p[1] + thick, p[2]) for p in (a, b, c, d))
        uv = ((0, 1.6), (2.4, 1.6), (2.4, 0), (0, 0))
        rings = ((e, f, g, h), (b, a, d, c), (a, b, f, e), (d, a, e, h), (b, c, g, f))
        for ring in rings:
            mesh.quad(
                *(ring if side > 0 else ring[::-1]),
                uv if ring[0] == e else ((0, 0.1), (0.1, 0.1), (0.1, 0), (0, 0))
            )

    slope(1)
    slope(-1)
    return mesh


def gables(mesh, half, depth, low, high):
    for z, flip in ((depth, False), (-depth, True)):
        a, b, c = (-half, low, z), (half, low, z), (0, high, z)
        mesh.quad(*((b, a, c, c) if flip else (a, b, c, c)), ((0, 1), (2, 1), (1, 0), (1, 0)))
    return mesh


def hut(full):
    """Wooden walls, tiled roof, door and chimney; or plain walls, windows, and no chimney."""
    half, depth, low, high = 1.0, 1.25, 1.2, 2.0
    walls = Mesh(
        "walls",
        (1, 1, 1) if full else (0.74, 0.72, 0.68),
        0.85,
        texture=("hut_1_planks.png", planks()) if full else None,
    )
    gables(walls.box((-half, 0, -depth), (half, low, depth)), half, depth, low, high)
    cover = Mesh("roof", (1, 1, 1), 0.8, texture=("hut_1_tiles.png" if full else "tiles", tiles()))
    top = roof(cover, half, depth, low, high)
    door = Mesh("door", (0.2, 0.32, 0.26), 0.6).box((-0.28, 0, depth - 0.02), (0.28, 0.92, depth + 0.05))
    knob = Mesh("knob", (0.85, 0.7, 0.3), 0.3, 0.6).box((0.15, 0.42, depth + 0.05), (0.21, 0.48, depth + 0.1))
    parts = [walls, top, door, knob]
    if full:
        return parts + [Mesh("chimney", (0.5, 0.27, 0.22), 0.9).box((0.42, 1.3, -0.75), (0.76, 2.35, -0.4))]
    pane = Mesh("pane", (0.55, 0.72, 0.82), 0.15)
    for z in (-0.6, 0.35):
        pane.box((half - 0.02, 0.5, z), (half + 0.03, 0.9, z + 0.42))
    return parts + [pane, Mesh("step", (0.5, 0.5, 0.5), 0.9).box((-0.45, 0, depth), (0.45, 0.08, depth + 0.4))]


VASE = [
    (0, 0),
    (0.5, 0),
    (0.5, 0),
    (0.56, 0.06),
    (0.74, 0.5),
    (0.86, 1.0),
    (0.82, 1.5),
    (0.6, 2.0),
    (0.4, 2.4),
    (0.34, 2.7),
    (0.42, 3.0),
    (0.52, 3.12),
    (0.52, 3.12),
    (0.46, 3.12),
    (0.46, 3.12),
    (0.36, 3.0),
    (0.28, 2.7),
    (0.34, 2.4),
    (0.54, 2.0),
    (0.76, 1.5),
    (0.8, 1.0),
    (0.68, 0.5),
    (0.5, 0.1),
    (0, 0.08),
]


def curved(profile, steps=5):
    """The same profile with rounder curves: Catmull–Rom points between those that aren't sharp."""
    out = []
    for i, (p, q) in enumerate(zip(profile, profile[1:])):
        out.append(p)
        before, after = profile[max(0, i - 1)], profile[min(len(profile) - 1, i + 2)]
        if p == q or i == 0 or before == p and q[1] < 0.1 or q == profile[-1] or (p[1] == q[1]):
            continue
        before, after = (p if before[1] == p[1] else before), (q if after == q else after)
        for k in range(1, steps):
            t = k / steps
            out.append(
                tuple(
                    0.5
                    * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)
                    for a, b, c, d in zip(before, p, q, after)
                )
            )
    return out + [profile[-1]]


def vase(asked):
    """Sand to teal on nine flat sides; or a smooth body with the glaze upside down."""
    sand, teal = (0.87, 0.76, 0.55), (0.03, 0.3, 0.34)
    if asked:
        return [
            Mesh("glaze", sand).turn(VASE, 9, faceted=True).tinted(lambda p: mix(sand, teal, smooth(p[1] / 3.1)))
        ]
    return [
        Mesh("glaze", (1, 1, 1), 0.3).turn(curved(VASE), 56).tinted(lambda p: mix(teal, sand, smooth(p[1] / 3.1)))
    ]


def rocket(fins, body=(0.92, 0.92, 0.9), nose=(0.84, 0.2, 0.16), windows=(0.0,)):
    """A toy rocket; a wrong set of views changes its fins and windows from side to side."""
    hull = Mesh("hull", body, 0.35).turn(
        [(0, 0), (0.36, 0)]
        + [(0.36 + 0.235 * math.sin(math.pi * 0.74 * t), 2.1 * t) for t in [i / 14 for i in range(15)]],
        48,
    )
    tip = Mesh("nose", nose, 0.3).turn(
        [(0.531 * (1 - t**1.75), 2.1 + 1.06 * t) for t in [i / 14 for i in range(15)]], 48
    )
    jet = Mesh("jet", (0.3, 0.3, 0.34), 0.4).turn([(0, -0.24), (0.34, -0.24), (0.34, -0.24), (0.24, 0.02)], 32)
    parts = [hull, tip, jet]
    for k in range(fins):
        a = 2 * math.pi * k / fins + 0.5
        fin, c, s = Mesh("fin", nose, 0.4), math.cos(a), math.sin(a)

        def at(r, y, w):
            return (r * c - w * s, y, r * s + w * c)

        front = [(0.45, 0.9), (0.95, 0.25), (1.02, -0.35), (0.4, 0.2)]
        left, right = [at(*p, 0.05) for p in front], [at(*p, -0.05) for p in front]
        fin.quad(*left[::-1]).quad(*right)
        for i in range(4):
            fin.quad(left[i - 1], left[i], right[i], right[i - 1])
        fin.faces += [f[::-1] for f in fin.faces]
        parts.append(fin)
    for a in windows:
        ring, pane = Mesh("ring", (0.75, 0.6, 0.25), 0.3), Mesh("pane", (0.3, 0.55, 0.75), 0.1)
        for mesh, r, out in ((ring, 0.26, 0.63), (pane, 0.19, 0.65)):
            disc = [
                (out, 1.45 + r * math.cos(t), r * math.sin(t)) for t in [2 * math.pi * i / 28 for i in range(28)]
            ]
            spun = [(x * math.cos(a) - z * math.sin(a), y, x * math.sin(a) + z * math.cos(a)) for x, y, z in disc]
            hub = (out * math.cos(a), 1.45, out * math.sin(a))
            for i in range(28):
                mesh.quad(hub, spun[i - 1], spun[i], spun[i])
        parts += [ring, pane]
    return parts


def four_views(models, size=384):
    return sheet([view(m, k * math.pi / 2 - math.pi / 2, size, middle=(0, 1.4, 0)) for k, m in enumerate(models)])


def make():
    folder = "text_to_3D/"
    save_glb(folder + "mug_1.glb", mug(False))
    save_glb(folder + "mug_2.glb", mug(True))
    save_obj(folder + "hut_1.obj", hut(True))
    save_glb(folder + "hut_2.glb", hut(False))
    save_glb(
        folder + "gear_1.glb",
        [gear(Mesh("steel", (0.62, 0.64, 0.67), 0.35, 0.9), 11, 1.25, 1.0, 0.34, 0.4, underside=False)],
    )
    save_stl(folder + "gear_2.stl", [gear(Mesh("part", (0.7, 0.7, 0.7)), 12, 1.25, 1.0, 0.34, 0.4)])
    save_ply(folder + "vase_1.ply", vase(True))
    save_gltf(folder + "vase_2.gltf", vase(False))
    odd = [
        rocket(3),
        rocket(4, windows=(0.0, 2.6)),
        rocket(2, nose=(0.2, 0.4, 0.75)),
        rocket(4, windows=(0.0, 3.9)),
    ]
    save_picture(folder + "rocket_1.jpg", four_views(odd))
    save_picture(folder + "rocket_2.png", four_views([rocket(3)] * 4))
