"""A small town under a hill, at any hour: drawn for a picture to be edited and for a film.

Everything is laid out on a stage of 640 by 360 and scaled; `night` runs from 0 (day) to 1.
"""

from canvas import Canvas, mix, ramp, smooth

# x, width, height of the wall, height of the roof, wall colour, roof colour
HOUSES = [
    (28, 74, 66, 34, (232, 206, 160), (170, 74, 58)),
    (112, 60, 92, 30, (214, 160, 128), (110, 70, 74)),
    (182, 84, 58, 40, (238, 226, 200), (186, 92, 60)),
    (352, 70, 84, 34, (196, 210, 206), (96, 84, 98)),
    (432, 88, 62, 38, (240, 214, 170), (164, 70, 62)),
    (530, 78, 78, 36, (218, 176, 148), (120, 76, 78)),
]
GROUND = 300
SKIES = [
    (0.0, (110, 178, 226), (214, 234, 240)),
    (0.4, (120, 142, 190), (250, 206, 150)),
    (0.62, (58, 54, 110), (232, 118, 92)),
    (0.82, (22, 26, 66), (84, 60, 104)),
    (1.0, (9, 13, 38), (32, 38, 78)),
]
STARS = [
    (i * 0.618034 % 1 * 640, (i * i * 0.414214 + i * 0.37) % 1 * 170, 0.6 + i * 0.7321 % 1 * 0.8)
    for i in range(60)
]


def windows():
    """Every window as (x, y, width, height), house by house, row by row."""
    for x, w, wall, _roof, *_ in HOUSES:
        columns, rows = (2 if w < 80 else 3), (2 if wall > 70 else 1)
        for r in range(rows):
            for k in range(columns):
                step = w / columns
                yield (x + step * (k + 0.5) - 6, GROUND - wall + 13 + r * 32, 12, 16)


def sky_at(night):
    for (a, top0, low0), (b, top1, low1) in zip(SKIES, SKIES[1:]):
        if night <= b:
            return mix(top0, top1, (night - a) / (b - a)), mix(low0, low1, (night - a) / (b - a))
    return SKIES[-1][1:]


def draw(width, night, lit, sun, moon=0.0, stars=True, sky_night=None):
    """`lit` holds the numbers of the lit windows, `sun` is its height 0…1 or None; 16:9."""
    s = width / 640
    c = Canvas(width, round(360 * s))
    dusk = night if sky_night is None else sky_night
    top, low = sky_at(dusk)
    c.backdrop(ramp([(0, top), (270 * s, low)]))

    def dim(colour, keep=0.3):
        return mix(
            mix(colour, (255, 150, 90), 0.25 * smooth(1 - abs(night - 0.5) * 3)),
            mix(tuple(v * keep for v in colour), (12, 18, 52), 0.4),
            smooth(night),
        )

    if stars and dusk > 0.7:
        for x, y, r in STARS:
            c.ellipse(x * s, y * s, r * s, r * s, (255, 250, 230), (dusk - 0.7) / 0.3 * 0.9)
    if sun is not None:
        c.ellipse(500 * s, (250 - 190 * sun) * s, 26 * s, 26 * s, mix((255, 150, 90), (255, 240, 170), sun))
    if moon > 0:
        y = (140 - 76 * moon) * s
        c.ellipse(120 * s, y, 20 * s, 20 * s, (240, 240, 222), min(1, moon * 2))
        c.ellipse(129 * s, y - 5 * s, 17 * s, 17 * s, mix(top, low, y / (270 * s)))
    hill = [
        (0, 262),
        (60, 236),
        (150, 206),
        (240, 214),
        (330, 240),
        (420, 222),
        (520, 190),
        (600, 204),
        (640, 222),
        (640, 360),
        (0, 360),
    ]
    c.polygon([(x * s, y * s) for x, y in hill], dim((120, 164, 110)))
    c.rect(0, (GROUND - 14) * s, 640 * s, 80 * s, dim((142, 176, 104)))
    _church(c, s, dim, night, lit)
    for x, w, wall, roof, tint, tile in HOUSES:
        c.rect(x * s, (GROUND - wall) * s, w * s, wall * s, dim(tint))
        c.rect((x + w * 0.72) * s, (GROUND - wall) * s, w * 0.28 * s, wall * s, dim(mix(tint, (40, 30, 60), 0.16)))
        c.rect((x + w * 0.66) * s, (GROUND - wall - roof) * s, 9 * s, 22 * s, dim((140, 84, 70)))
        c.polygon(
            [
                ((x - 6) * s, (GROUND - wall + 1) * s),
                ((x + w + 6) * s, (GROUND - wall + 1) * s),
                ((x + w - 12) * s, (GROUND - wall - roof) * s),
                ((x + 12) * s, (GROUND - wall - roof) * s),
            ],
            dim(tile),
        )
        c.rect((x + w / 2 - 7) * s, (GROUND - 24) * s, 14 * s, 24 * s, dim((94, 62, 48)))
    for i, (x, y, w, h) in enumerate(windows()):
        pane = (255, 214, 120) if i in lit else dim((104, 140, 162))
        c.rect((x - 1.5) * s, (y - 1.5) * s, (w + 3) * s, (h + 3) * s, dim((250, 246, 236)))
        c.rect(x * s, y * s, w * s, h * s, pane)
        c.rect((x + w / 2 - 0.7) * s, y * s, 1.4 * s, h * s, dim((250, 246, 236)))
    c.rect(
        0, GROUND * s, 640 * s, 60 * s, ramp([(GROUND * s, dim((186, 168, 140))), (360 * s, dim((150, 132, 112)))])
    )
    for x in range(0, 640, 58):
        c.line((x + 8) * s, 332 * s, (x + 34) * s, 332 * s, 2.4 * s, dim((226, 214, 190)))
    for x, r in ((16, 20), (258, 15), (620, 24)):
        c.rect((x - 3) * s, (GROUND - 28) * s, 6 * s, 30 * s, dim((96, 68, 50)))
        c.ellipse(x * s, (GROUND - 42) * s, r * s, r * 1.15 * s, dim((76, 128, 76)))
        c.ellipse((x - 5) * s, (GROUND - 48) * s, r * 0.6 * s, r * 0.6 * s, dim((104, 152, 92)))
    return c


def _church(c, s, dim, night, lit):
    """The church with its bell tower; its window is lit with the first of the town's."""
    c.rect(278 * s, 236 * s, 60 * s, 64 * s, dim((226, 220, 208)))
    c.polygon([(274 * s, 237 * s), (308 * s, 206 * s), (342 * s, 237 * s)], dim((122, 82, 76)))
    c.rect(270 * s, 176 * s, 30 * s, 124 * s, dim((236, 230, 218)))
    c.polygon([(266 * s, 177 * s), (285 * s, 128 * s), (304 * s, 177 * s)], dim((112, 78, 80)))
    c.rect(279 * s, 186 * s, 12 * s, 18 * s, dim((70, 60, 62)))
    c.ellipse(285 * s, 196 * s, 4.5 * s, 5 * s, dim((200, 160, 80), 0.5))
    glass = (255, 214, 120) if 0 in lit else dim((104, 140, 162))
    c.ellipse(319 * s, 262 * s, 7 * s, 12 * s, glass)
    c.line(285 * s, 128 * s, 285 * s, 116 * s, 2 * s, dim((80, 64, 60)))
    c.line(281 * s, 121 * s, 289 * s, 121 * s, 2 * s, dim((80, 64, 60)))
