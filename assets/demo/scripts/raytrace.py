"""A ray tracer for still lifes: spheres, boxes and cylinders on a floor under one lamp.

It exists so that the demo's "photographs" are our own. Soft shadows come from a lamp with a size,
contact shadows from a closed formula for spheres near a point; mirrors may see mirrors once.
"""

import math

from canvas import Canvas, mix

FAR = 1e9


class Matter:
    """How a surface answers light: a colour (0…1) or function of the point, gloss and mirror 0…1."""

    def __init__(self, colour, gloss=0.3, mirror=0.0, sharp=60):
        self.colour, self.gloss, self.mirror, self.sharp = colour, gloss, mirror, sharp

    def at(self, p):
        return self.colour(p) if callable(self.colour) else self.colour


class Sphere:
    def __init__(self, centre, radius, matter):
        self.c, self.r, self.matter = centre, radius, matter
        self.ball = (*centre, radius)

    def hit(self, o, d):
        x, y, z = o[0] - self.c[0], o[1] - self.c[1], o[2] - self.c[2]
        b = x * d[0] + y * d[1] + z * d[2]
        disc = b * b - (x * x + y * y + z * z - self.r * self.r)
        if disc < 0:
            return FAR
        root = math.sqrt(disc)
        return -b - root if -b - root > 1e-4 else (-b + root if -b + root > 1e-4 else FAR)

    def normal(self, p):
        return tuple((p[k] - self.c[k]) / self.r for k in range(3))


class Box:
    def __init__(self, low, high, matter):
        self.low, self.high, self.matter = low, high, matter
        middle = tuple((a + b) / 2 for a, b in zip(low, high))
        self.ball = (*middle, 0.62 * max(b - a for a, b in zip(low, high)))

    def hit(self, o, d):
        enter, leave = -FAR, FAR
        for k in range(3):
            if abs(d[k]) < 1e-12:
                if not self.low[k] < o[k] < self.high[k]:
                    return FAR
                continue
            a, b = (self.low[k] - o[k]) / d[k], (self.high[k] - o[k]) / d[k]
            if a > b:
                a, b = b, a
            enter, leave = max(enter, a), min(leave, b)
        return enter if leave > enter > 1e-4 else FAR

    def normal(self, p):
        best, answer = FAR, (0, 1, 0)
        for k in range(3):
            for side, sign in ((self.low, -1), (self.high, 1)):
                if abs(p[k] - side[k]) < best:
                    best = abs(p[k] - side[k])
                    answer = tuple(sign if i == k else 0 for i in range(3))
        return answer


class Cylinder:
    """Upright, closed, from `base` to `base + height`."""

    def __init__(self, base, radius, height, matter):
        self.b, self.r, self.h, self.matter = base, radius, height, matter
        self.ball = (base[0], base[1] + height / 2, base[2], max(radius, height / 2) * 0.9)

    def hit(self, o, d):
        x, z, best = o[0] - self.b[0], o[2] - self.b[2], FAR
        a, b = d[0] * d[0] + d[2] * d[2], x * d[0] + z * d[2]
        disc = b * b - a * (x * x + z * z - self.r * self.r)
        if a > 1e-12 and disc > 0:
            t = (-b - math.sqrt(disc)) / a
            if t > 1e-4 and 0 < o[1] + t * d[1] - self.b[1] < self.h:
                best = t
        if abs(d[1]) > 1e-12:
            t = (self.b[1] + self.h - o[1]) / d[1]
            if 1e-4 < t < best and (x + t * d[0]) ** 2 + (z + t * d[2]) ** 2 < self.r**2:
                best = t
        return best

    def normal(self, p):
        if p[1] - self.b[1] > self.h - 1e-4:
            return (0, 1, 0)
        return ((p[0] - self.b[0]) / self.r, 0, (p[2] - self.b[2]) / self.r)


class Floor:
    """The plane y = 0."""

    ball = None

    def __init__(self, matter):
        self.matter = matter

    def hit(self, o, d):
        return -o[1] / d[1] if d[1] < -1e-9 and o[1] > 1e-6 else FAR

    def normal(self, _p):
        return (0, 1, 0)


def _unit(v):
    n = math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
    return (v[0] / n, v[1] / n, v[2] / n)


def _dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


class Scene:
    """Objects, one lamp (position, radius, colour), sky colours (low, high) and a camera."""

    def __init__(
        self,
        objects,
        lamp,
        radius=0.8,
        warm=(1.0, 0.95, 0.88),
        power=1.0,
        ambient=0.34,
        sky=((0.86, 0.88, 0.9), (0.5, 0.6, 0.72)),
        eye=(0, 2.2, -6.5),
        look=(0, 0.8, 0),
        zoom=1.9,
    ):
        self.objects, self.lamp, self.radius = objects, lamp, radius
        self.warm, self.power, self.ambient, self.sky = warm, power, ambient, sky
        self.eye, self.zoom = eye, zoom
        self.forward = _unit(tuple(b - a for a, b in zip(eye, look)))
        f = self.forward
        self.right = _unit((f[2], 0, -f[0]))
        r = self.right
        self.up = (f[1] * r[2] - f[2] * r[1], f[2] * r[0] - f[0] * r[2], f[0] * r[1] - f[1] * r[0])

    def trace(self, o, d, jitter, depth):
        best, thing = FAR, None
        for item in self.objects:
            t = item.hit(o, d)
            if t < best:
                best, thing = t, item
        air = mix(*self.sky, d[1] * 1.6)
        if thing is None:
            return air
        p = (o[0] + d[0] * best, o[1] + d[1] * best, o[2] + d[2] * best)
        n, m = thing.normal(p), thing.matter
        base = m.at(p)
        lamp = tuple(c + j * self.radius for c, j in zip(self.lamp, jitter))
        reach = (lamp[0] - p[0], lamp[1] - p[1], lamp[2] - p[2])
        distance = math.sqrt(_dot(reach, reach))
        l = (reach[0] / distance, reach[1] / distance, reach[2] / distance)
        facing, lit, shine = _dot(n, l), 0.0, 0.0
        if facing > 0:
            start = tuple(a + b * 1e-3 for a, b in zip(p, n))
            if all(item is thing and item.ball is None or item.hit(start, l) > distance for item in self.objects):
                lit = facing * self.power
                half = _unit((l[0] - d[0], l[1] - d[1], l[2] - d[2]))
                shine = m.gloss * max(0.0, _dot(n, half)) ** m.sharp
        soft = self.ambient * (0.65 + 0.35 * n[1]) * self._open(p, n, thing)
        out = [base[k] * (soft + lit * self.warm[k]) + shine * self.warm[k] for k in range(3)]
        if m.mirror > 0 and depth > 0:
            turn = 2 * _dot(n, d)
            away = (d[0] - turn * n[0], d[1] - turn * n[1], d[2] - turn * n[2])
            grazing = m.mirror + (1 - m.mirror) * (1 - max(0.0, -_dot(n, d))) ** 5 * 0.6
            seen = self.trace(tuple(a + b * 1e-3 for a, b in zip(p, n)), away, jitter, depth - 1)
            out = [v + (s - v) * grazing for v, s in zip(out, seen)]
        if thing.ball is None:  # the floor fades into the air far away
            return mix(out, self.sky[0], (best - 10) / 34)
        return out

    def _open(self, p, n, thing):
        """How much of the sky the point sees, with every other object taken for a ball."""
        free = 1.0
        for item in self.objects:
            if item is thing or item.ball is None:
                continue
            x, y, z, r = item.ball
            to = (x - p[0], y - p[1], z - p[2])
            d2 = _dot(to, to)
            up = _dot(n, to) / math.sqrt(d2)
            if up > 0:
                free *= 1 - min(0.85, 0.9 * up * r * r / max(d2, r * r))
        return free

    def render(self, width, height, grid=3):
        """A canvas; `grid * grid` rays a pixel, each with its own spot on the lamp."""
        picture, n = Canvas(width, height), grid * grid
        golden = 2.399963
        spots = [(math.sqrt((i + 0.5) / n), i * golden) for i in range(n)]
        for y in range(height):
            for x in range(width):
                spin = ((x * 7 + y * 13) % 16) * 0.3927
                total = [0.0, 0.0, 0.0]
                for i, (rad, ang) in enumerate(spots):
                    sx = ((x + (i % grid + 0.5) / grid) - width / 2) / (height / 2)
                    sy = (height / 2 - (y + (i // grid + 0.5) / grid)) / (height / 2)
                    d = _unit(
                        tuple(
                            f * self.zoom + r * sx + u * sy for f, r, u in zip(self.forward, self.right, self.up)
                        )
                    )
                    a = ang + spin
                    seen = self.trace(self.eye, d, (rad * math.cos(a), 0, rad * math.sin(a)), 2)
                    for k in range(3):
                        total[k] += min(1.6, seen[k])
                at = (y * width + x) * 3
                for k in range(3):
                    v = total[k] / n
                    v = v / (1 + 0.18 * v * v)  # a shoulder keeps highlights from clipping hard
                    picture.px[at + k] = min(255, int(255 * max(0.0, v) ** (1 / 2.2) + 0.5))
        return picture
