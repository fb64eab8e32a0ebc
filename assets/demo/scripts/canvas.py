"""A small flat-colour canvas: antialiased polygons on an RGB byte array.

Illustrations and video frames are drawn with it. Full rows are filled by slices and table look-ups
rather than pixel by pixel, which is what makes a hundred frames bearable in plain Python.
"""

import math

SUB = 4  # sub-scanlines per row; across, coverage is exact
BAYER = [
    [0, 32, 8, 40, 2, 34, 10, 42],
    [48, 16, 56, 24, 50, 18, 58, 26],
    [12, 44, 4, 36, 14, 46, 6, 38],
    [60, 28, 52, 20, 62, 30, 54, 22],
    [3, 35, 11, 43, 1, 33, 9, 41],
    [51, 19, 59, 27, 49, 17, 57, 25],
    [15, 47, 7, 39, 13, 45, 5, 37],
    [63, 31, 55, 23, 61, 29, 53, 21],
]
DITHER = [[(v + 0.5) / 64 for v in row] for row in BAYER]


def mix(a, b, t):
    """Colour between `a` (t = 0) and `b` (t = 1); t is clamped."""
    t = 0.0 if t < 0 else 1.0 if t > 1 else t
    return tuple(u + (v - u) * t for u, v in zip(a, b))


def smooth(t):
    """Ease from 0 to 1 without corners."""
    t = 0.0 if t < 0 else 1.0 if t > 1 else t
    return t * t * (3 - 2 * t)


def ramp(stops):
    """Vertical gradient: a paint from `[(y, colour), …]`, top to bottom."""

    def paint(_x, y):
        if y <= stops[0][0]:
            return stops[0][1]
        for (y0, c0), (y1, c1) in zip(stops, stops[1:]):
            if y <= y1:
                return mix(c0, c1, (y - y0) / (y1 - y0))
        return stops[-1][1]

    return paint


def oval(cx, cy, rx, ry, steps=0, start=0.0, end=2 * math.pi):
    """Points of an ellipse, or of a sector's arc."""
    steps = steps or max(16, int(math.sqrt(max(rx, ry)) * 7))
    return [
        (
            cx + rx * math.cos(start + (end - start) * i / steps),
            cy + ry * math.sin(start + (end - start) * i / steps),
        )
        for i in range(steps + 1)
    ]


class Canvas:
    """`px` holds `width * height * 3` bytes. A paint is a colour or a function of (x, y)."""

    def __init__(self, width, height, colour=(0, 0, 0)):
        self.width, self.height = width, height
        self.px = bytearray(bytes(int(c) for c in colour) * (width * height))

    def copy(self):
        twin = Canvas(1, 1)
        twin.width, twin.height, twin.px = self.width, self.height, bytearray(self.px)
        return twin

    def shade(self, paint, top=0, bottom=None):
        """Paint whole rows with a function of (x, y), dithered so that dark gradients don't band."""
        for y in range(top, self.height if bottom is None else bottom):
            noise, row = DITHER[y & 7], bytearray()
            for x in range(self.width):
                n = noise[x & 7]
                for v in paint(x, y):
                    v = int(v + n)
                    row.append(0 if v < 0 else 255 if v > 255 else v)
            start = y * self.width * 3
            self.px[start : start + len(row)] = row

    def backdrop(self, paint):
        """Paint all rows with a paint that depends on y alone."""
        for y in range(self.height):
            colour, noise, cell = paint(0, y), DITHER[y & 7], bytearray()
            for x in range(8):
                cell += bytes(min(255, max(0, int(v + noise[x]))) for v in colour)
            row = bytes(cell) * (self.width // 8 + 1)
            self.px[y * self.width * 3 : (y + 1) * self.width * 3] = row[: self.width * 3]

    def _dot(self, x, y, colour, cover):
        i, n = (y * self.width + x) * 3, DITHER[y & 7][x & 7]
        for k in range(3):
            v = int(self.px[i + k] + (colour[k] - self.px[i + k]) * cover + n)
            self.px[i + k] = 0 if v < 0 else 255 if v > 255 else v

    def _span(self, x0, x1, y, paint, alpha):
        if callable(paint):
            for x in range(x0, x1):
                self._dot(x, y, paint(x, y), alpha)
            return
        i, j = (y * self.width + x0) * 3, (y * self.width + x1) * 3
        if alpha >= 1:
            self.px[i:j] = bytes(int(c) for c in paint) * (x1 - x0)
            return
        for k in range(3):
            table = bytes(int(v + (paint[k] - v) * alpha + 0.5) for v in range(256))
            self.px[i + k : j : 3] = self.px[i + k : j : 3].translate(table)

    def polygon(self, points, paint, alpha=1.0):
        """Fill a polygon, even-odd; points in pixels, pixel centres at .5."""
        ys = [p[1] for p in points]
        edges = [
            (a, b) if a[1] < b[1] else (b, a) for a, b in zip(points, points[1:] + points[:1]) if a[1] != b[1]
        ]
        for y in range(max(0, math.floor(min(ys))), min(self.height, math.ceil(max(ys)))):
            near = [e for e in edges if e[0][1] < y + 1 and e[1][1] > y]
            spans, simple = [], True
            for s in range(SUB):
                yy = y + (s + 0.5) / SUB
                xs = sorted(
                    a[0] + (b[0] - a[0]) * (yy - a[1]) / (b[1] - a[1]) for a, b in near if a[1] <= yy < b[1]
                )
                simple = simple and len(xs) == 2
                spans += [
                    (max(0.0, u), min(float(self.width), v))
                    for u, v in zip(xs[::2], xs[1::2])
                    if v > 0 and u < self.width
                ]
            if spans:
                self._row(y, spans, simple, paint, alpha)

    def _row(self, y, spans, simple, paint, alpha):
        first, last = math.floor(min(s[0] for s in spans)), math.ceil(max(s[1] for s in spans))
        lo = math.ceil(max(s[0] for s in spans)) if simple and len(spans) == SUB else last
        hi = math.floor(min(s[1] for s in spans)) if lo < last else last
        if hi <= lo:
            lo = hi = last
        for x in list(range(first, lo)) + list(range(hi, last)):
            cover = sum(max(0.0, min(v, x + 1) - max(u, x)) for u, v in spans) / SUB
            if cover > 0:
                self._dot(x, y, paint(x, y) if callable(paint) else paint, min(1, cover) * alpha)
        if hi > lo:
            self._span(lo, hi, y, paint, alpha)

    def rect(self, x, y, w, h, paint, alpha=1.0):
        self.polygon([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], paint, alpha)

    def ellipse(self, cx, cy, rx, ry, paint, alpha=1.0):
        self.polygon(oval(cx, cy, rx, ry)[:-1], paint, alpha)

    def line(self, x0, y0, x1, y1, width, paint, alpha=1.0):
        """A stroke with round ends."""
        angle, r = math.atan2(y1 - y0, x1 - x0), width / 2
        right = oval(x1, y1, r, r, 6, angle - math.pi / 2, angle + math.pi / 2)
        left = oval(x0, y0, r, r, 6, angle + math.pi / 2, angle + 3 * math.pi / 2)
        self.polygon(right + left, paint, alpha)

    def glow(self, cx, cy, radius, colour, strength):
        """Add light that fades with distance from a point."""
        for y in range(max(0, int(cy - radius)), min(self.height, int(cy + radius) + 1)):
            for x in range(max(0, int(cx - radius)), min(self.width, int(cx + radius) + 1)):
                d = math.hypot(x - cx, y - cy) / radius
                if d < 1:
                    k, i = strength * (1 - d) ** 2, (y * self.width + x) * 3
                    n = DITHER[y & 7][x & 7]
                    for c in range(3):
                        self.px[i + c] = min(255, int(self.px[i + c] + colour[c] * k + n))
