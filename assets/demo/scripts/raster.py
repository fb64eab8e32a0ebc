"""A depth-buffer renderer for meshes: it makes the multi-view pictures of the text_to_3D pair that,
like the benchmark's own, shows renderings instead of a file to turn around."""

import math

from canvas import Canvas
from meshes import unit


def view(model, turn, size, paper=(236, 236, 234), lift=0.28, reach=2.3, middle=(0, 0, 0)):
    """One square view; `turn` in radians about the upright axis, `reach` is half the height seen."""
    big = size * 2
    depth, px = [math.inf] * (big * big), bytearray(bytes(paper) * (big * big))
    ct, st, cl, sl = math.cos(turn), math.sin(turn), math.cos(lift), math.sin(lift)
    key, scale = unit((-0.5, 0.75, 0.6)), big / 2 / reach

    def turned(p):
        x, z = p[0] * ct + p[2] * st, p[2] * ct - p[0] * st
        return (x, p[1] * cl - z * sl, z * cl + p[1] * sl)

    for mesh in model:
        flat = []
        for p, n in zip(mesh.points, mesh.normals):
            x, y, z = turned(tuple(a - b for a, b in zip(p, middle)))
            near = 9 / (9 - z)
            flat.append((big / 2 + x * scale * near, big / 2 - y * scale * near, -z, turned(n)))
        for face in mesh.faces:
            _triangle(px, depth, big, [flat[i] for i in face], mesh, key)
    small = Canvas(size, size)
    for y in range(size):
        a, b = 2 * y * big * 3, (2 * y + 1) * big * 3
        for k in range(3):
            r0, r1 = px[a + k : a + big * 3 : 3], px[b + k : b + big * 3 : 3]
            small.px[y * size * 3 + k : (y + 1) * size * 3 : 3] = bytes(
                (p + q + r + s + 2) // 4 for p, q, r, s in zip(r0[::2], r0[1::2], r1[::2], r1[1::2])
            )
    return small


def _triangle(px, depth, big, corners, mesh, key):
    (x0, y0, z0, n0), (x1, y1, z1, n1), (x2, y2, z2, n2) = corners
    area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    if area >= 0:  # faces away, or is a line
        return
    for y in range(max(0, math.ceil(min(y0, y1, y2) - 0.5)), min(big, math.ceil(max(y0, y1, y2) - 0.5))):
        for x in range(max(0, math.ceil(min(x0, x1, x2) - 0.5)), min(big, math.ceil(max(x0, x1, x2) - 0.5))):
            sx, sy = x + 0.5, y + 0.5
            b = ((sx - x0) * (y2 - y0) - (x2 - x0) * (sy - y0)) / area
            c = ((x1 - x0) * (sy - y0) - (sx - x0) * (y1 - y0)) / area
            a = 1 - b - c
            if a < 0 or b < 0 or c < 0:
                continue
            z = a * z0 + b * z1 + c * z2
            i = y * big + x
            if z < depth[i]:
                depth[i] = z
                n = unit(tuple(a * u + b * v + c * w for u, v, w in zip(n0, n1, n2)))
                light = 0.52 + 0.1 * n[1] + 0.58 * max(0.0, sum(u * v for u, v in zip(n, key)))
                half = unit((key[0], key[1], key[2] + 1))
                shine = 90 * (1 - mesh.rough) * max(0.0, sum(u * v for u, v in zip(n, half))) ** 40
                for k in range(3):
                    px[i * 3 + k] = min(255, int(255 * mesh.tint[k] * light + shine))


def sheet(pictures, gap=6, paper=(250, 250, 249)):
    """Four square views in one picture, two by two."""
    size = pictures[0].width
    out = Canvas(2 * size + gap, 2 * size + gap, paper)
    for i, picture in enumerate(pictures):
        left, top = (i % 2) * (size + gap), (i // 2) * (size + gap)
        for y in range(size):
            at = ((top + y) * out.width + left) * 3
            out.px[at : at + size * 3] = picture.px[y * size * 3 : (y + 1) * size * 3]
    return out
