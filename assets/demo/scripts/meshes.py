"""Meshes built from a few shapes: turned, swept, boxed and extruded. y is up, faces wind outwards."""

import math


class Mesh:
    """One material's triangles: `points`, `normals`, `faces`, and perhaps `uvs` or `colours` (sRGB 0…1).

    `tint` is sRGB 0…1; `texture` is a file name with its PNG bytes, or None.
    """

    def __init__(self, name, tint, rough=0.6, metal=0.0, texture=None):
        self.name, self.tint, self.rough, self.metal, self.texture = name, tint, rough, metal, texture
        self.points, self.normals, self.faces, self.uvs, self.colours = [], [], [], [], []

    def corner(self, point, normal, uv=(0.0, 0.0)):
        self.points.append(tuple(point))
        self.normals.append(tuple(normal))
        self.uvs.append(uv)
        return len(self.points) - 1

    def quad(self, a, b, c, d, uv=((0, 1), (1, 1), (1, 0), (0, 0))):
        """A flat quadrilateral, anticlockwise from outside; equal corners make a triangle of it."""
        n = unit(cross(minus(b, a), minus(c, a)) if b != c else cross(minus(c, a), minus(d, a)))
        i = [self.corner(p, n, t) for p, t in zip((a, b, c, d), uv)]
        if b != c:
            self.faces.append((i[0], i[1], i[2]))
        if c != d and d != a:
            self.faces.append((i[0], i[2], i[3]))
        return self

    def box(self, low, high, repeat=1.0):
        """An upright box; textures repeat every `repeat` units."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        for a, b, wide in (
            ((x0, z1), (x1, z1), x1 - x0),
            ((x1, z1), (x1, z0), z1 - z0),
            ((x1, z0), (x0, z0), x1 - x0),
            ((x0, z0), (x0, z1), z1 - z0),
        ):
            u, v = wide / repeat, (y1 - y0) / repeat
            self.quad(
                (a[0], y0, a[1]),
                (b[0], y0, b[1]),
                (b[0], y1, b[1]),
                (a[0], y1, a[1]),
                ((0, v), (u, v), (u, 0), (0, 0)),
            )
        self.quad((x0, y1, z1), (x1, y1, z1), (x1, y1, z0), (x0, y1, z0))
        return self.quad((x0, y0, z0), (x1, y0, z0), (x1, y0, z1), (x0, y0, z1))

    def turn(self, profile, steps=64, centre=(0, 0, 0), faceted=False):
        """A turned shape: `profile` runs along (radius, height) from the foot outside upwards.

        A point given twice is a sharp edge. Outward is to the right of the profile's direction.
        """
        if faceted:
            ring = [
                (math.cos(2 * math.pi * k / steps), math.sin(2 * math.pi * k / steps)) for k in range(steps + 1)
            ]

            def at(p, k):
                return (centre[0] + p[0] * ring[k][0], centre[1] + p[1], centre[2] + p[0] * ring[k][1])

            for p, q in zip(profile, profile[1:]):
                for k in range(steps):
                    corners = [at(p, k), at(q, k), at(q, k + 1), at(p, k + 1)]
                    if p[0] == 0:
                        corners = [corners[0], corners[1], corners[2], corners[2]]
                    elif q[0] == 0:
                        corners = [corners[0], corners[1], corners[3], corners[3]]
                    if p != q:
                        self.quad(*corners)
            return self
        run, rows = [], []
        for i, p in enumerate(profile):
            run.append(p)
            if i + 1 == len(profile) or profile[i + 1] == p:
                rows.append(run)
                run = []
        for run in rows:
            self._sweep_run(run, steps, centre)
        return self

    def _sweep_run(self, run, steps, centre):
        first = len(self.points)
        for i, (r, y) in enumerate(run):
            a, b = run[max(0, i - 1)], run[min(len(run) - 1, i + 1)]
            dr, dy = b[0] - a[0], b[1] - a[1]
            size = math.hypot(dr, dy)
            for k in range(steps + 1):
                c, s = math.cos(2 * math.pi * k / steps), math.sin(2 * math.pi * k / steps)
                self.corner(
                    (centre[0] + r * c, centre[1] + y, centre[2] + r * s),
                    (dy / size * c, -dr / size, dy / size * s),
                    (k / steps, 1 - i / max(1, len(run) - 1)),
                )
        for i in range(len(run) - 1):
            for k in range(steps):
                p = first + i * (steps + 1) + k
                q = p + steps + 1
                if run[i + 1][0] > 0:
                    self.faces.append((p, q, q + 1))
                if run[i][0] > 0:
                    self.faces.append((p, q + 1 if run[i + 1][0] > 0 else q, p + 1))

    def tube(self, path, radius, steps=20):
        """A round bar along a path in the plane z = 0, closed at both ends."""
        first = len(self.points)
        for i, (x, y) in enumerate(path):
            a, b = path[max(0, i - 1)], path[min(len(path) - 1, i + 1)]
            tx, ty = unit((b[0] - a[0], b[1] - a[1], 0))[:2]
            for k in range(steps + 1):
                c, s = math.cos(2 * math.pi * k / steps), math.sin(2 * math.pi * k / steps)
                n = (ty * c, -tx * c, s)
                self.corner((x + radius * n[0], y + radius * n[1], radius * n[2]), n)
        for i in range(len(path) - 1):
            for k in range(steps):
                p = first + i * (steps + 1) + k
                q = p + steps + 1
                self.faces += [(p, q, q + 1), (p, q + 1, p + 1)]
        for i, sign in ((0, -1), (len(path) - 1, 1)):
            a, b = path[max(0, i - 1)], path[min(len(path) - 1, i + 1)]
            n = tuple(sign * v for v in unit((b[0] - a[0], b[1] - a[1], 0)))
            hub = self.corner((*path[i], 0.0), n)
            rim = [self.corner(self.points[first + i * (steps + 1) + k], n) for k in range(steps + 1)]
            for k in range(steps):
                self.faces.append((hub, rim[k], rim[k + 1]) if sign < 0 else (hub, rim[k + 1], rim[k]))
        return self

    def tinted(self, paint):
        """Give every corner a colour: `paint(point)` in sRGB 0…1."""
        self.colours = [paint(p) for p in self.points]
        return self


def gear(mesh, teeth, outer, root, bore, thick, underside=True):
    """A spur gear lying on y = 0, with a round bore; without its underside it's an open shell."""
    rim, hole = [], []
    for k in range(teeth):
        for part, r in ((0.0, root), (0.14, root), (0.29, outer), (0.46, outer), (0.61, root), (0.8, root)):
            a = 2 * math.pi * (k + part) / teeth
            rim.append((r * math.cos(a), -r * math.sin(a)))
            hole.append((bore * math.cos(a), -bore * math.sin(a)))
    for i in range(len(rim)):
        (ax, az), (bx, bz) = rim[i - 1], rim[i]
        (cx, cz), (dx, dz) = hole[i - 1], hole[i]
        mesh.quad((ax, 0, az), (bx, 0, bz), (bx, thick, bz), (ax, thick, az))
        mesh.quad((dx, 0, dz), (cx, 0, cz), (cx, thick, cz), (dx, thick, dz))
        mesh.quad((ax, thick, az), (bx, thick, bz), (dx, thick, dz), (cx, thick, cz))
        if underside:
            mesh.quad((bx, 0, bz), (ax, 0, az), (cx, 0, cz), (dx, 0, dz))
    return mesh


def minus(a, b):
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def cross(a, b):
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def unit(v):
    n = math.sqrt(v[0] ** 2 + v[1] ** 2 + v[2] ** 2) or 1.0
    return (v[0] / n, v[1] / n, v[2] / n)
