"""Pictures of the tasks that make or look at one: ray-traced still lifes and flat illustrations.

Every flaw a criterion asks about (a fourth marble, a second light) is put there on purpose.
"""

import math

import letters
import town
from canvas import Canvas, mix, oval, ramp
from encode import save_picture
from patterns import BLUE, GREEN, RED, boards, checks, grain, noise
from raytrace import Box, Cylinder, Floor, Matter, Scene, Sphere


def still_life():
    """What the question "which object casts the longest shadow?" is asked of."""
    return Scene(
        [
            Floor(Matter(boards, gloss=0.12, mirror=0.04, sharp=30)),
            Sphere((-1.9, 0.7, 0.2), 0.7, Matter(RED, 0.7)),
            Box((-0.75, 0, -0.5), (0.35, 1.1, 0.6), Matter(BLUE, 0.2)),
            Cylinder((1.4, 0, 0.5), 0.38, 2.1, Matter(GREEN, 0.4)),
            Sphere((1.05, 0.4, -1.3), 0.4, Matter((0.3, 0.3, 0.32), 0.9, 0.75)),
            Sphere((-1.1, 0.28, -1.4), 0.28, Matter(RED, 0.7)),
        ],
        lamp=(-4.5, 5.2, -3.0),
        eye=(0.2, 2.6, -6.6),
        look=(0, 0.75, 0),
    )


def marbles(good):
    """Three marbles and a low light from the left, or four and a high one from the right."""
    things = [
        Floor(Matter(checks, gloss=0.2, mirror=0.08)),
        Sphere((0.1, 1.15, 0.6), 1.15, Matter((0.12, 0.12, 0.13), 0.9, 0.85, 200)),
        Sphere((-1.75, 0.55, -0.7), 0.55, Matter(RED, 0.9, 0.06, 120)),
        Sphere((1.5, 0.5, -0.9), 0.5, Matter(GREEN, 0.9, 0.06, 120)),
    ]
    if good:
        return Scene(
            things,
            lamp=(-6.5, 3.4, -2.4),
            radius=0.5,
            warm=(1.1, 0.84, 0.58),
            sky=((0.95, 0.74, 0.52), (0.36, 0.44, 0.6)),
            ambient=0.3,
        )
    things.append(Sphere((-0.35, 0.36, -1.75), 0.36, Matter(RED, 0.9, 0.06, 120)))
    return Scene(
        things,
        lamp=(4.0, 8.5, -3.2),
        radius=1.6,
        sky=((0.82, 0.88, 0.95), (0.3, 0.5, 0.8)),
        eye=(0.3, 2.5, -6.4),
        ambient=0.4,
    )


def flame(c, x, y, s, lean=0.0):
    """A candle flame whose foot stands at (x, y), `s` pixels high, its tip `lean` pixels aside."""
    for scale, lift, tint in (
        (1.0, 0, (255, 176, 66)),
        (0.74, 0.04, (255, 222, 128)),
        (0.42, 0.07, (255, 248, 214)),
    ):
        half = [
            (scale * s * 0.24 * math.sin(math.pi * t) * (1.25 - t), scale * t) for t in [i / 24 for i in range(25)]
        ]
        edge = [(x - a + lean * t * t, y - s * (lift + t)) for a, t in half]
        edge += [(x + a + lean * t * t, y - s * (lift + t)) for a, t in reversed(half)]
        c.polygon(edge, tint)


def candle_room(second_light):
    """A table, a bowl of dough and one candle; or the same with a bright window beside it."""
    w, h, edge = 800, 640, 430
    c = Canvas(w, h)
    cx, cy = (206, 214) if not second_light else (636, 286)

    def wall(x, y):
        d = math.hypot((x - cx) * 0.92, y - cy)
        warm = 1.15 / (1 + (d / 190) ** 2)
        rough = 0.96 + 0.05 * grain(x / 60, y / 44, 2) + 0.04 * grain(x / 4, y / 4, 7)
        if second_light:
            cool = mix((156, 184, 214), (186, 152, 112), x / w)
            glow = (120 * warm * 0.35, 74 * warm * 0.35, 24 * warm * 0.35)
            return tuple((a + b) * rough for a, b in zip(cool, glow))
        return ((14 + 205 * warm) * rough, (8 + 118 * warm * warm**0.3) * rough, (6 + 48 * warm * warm) * rough)

    def table(x, y):
        deep = (y - edge) / (h - edge)
        plank = math.floor((x - w / 2) / (0.55 + deep * 0.9) / 130 + 40)
        tone = (
            0.8 + 0.25 * noise(plank, 1) + 0.22 * (grain((x - w / 2) / (0.55 + deep * 0.9) / 5, y / 70, 5) - 0.5)
        )
        d = math.hypot((x - cx) * 0.75, (y - edge - 12) * 1.6)
        light = 1.25 / (1 + (d / 170) ** 2) + 0.1 if not second_light else 0.86 - 0.18 * x / w
        return (156 * tone * light, 92 * tone * light, 50 * tone * light)

    c.shade(wall, 0, edge)
    c.shade(table, edge, h)
    if second_light:
        c.rect(54, 66, 230, 250, (96, 82, 66))
        c.rect(66, 78, 206, 226, ramp([(78, (206, 226, 248)), (304, (240, 246, 252))]))
        for x in (165,):
            c.rect(x, 78, 8, 226, (96, 82, 66))
        c.rect(66, 186, 206, 8, (96, 82, 66))
        c.polygon([(120, 470), (360, 470), (470, 640), (90, 640)], (255, 250, 235), 0.13)
    for i in range(6):  # the bowl's shadow, falling away from its light
        shift = (54, 10) if not second_light else (46, 10)
        c.ellipse(400 + shift[0], 560 + shift[1], 190 - i * 12, 42 - i * 4, (10, 5, 3), 0.13)
    rim, dough = ((238, 200, 150), (246, 220, 168)) if not second_light else ((226, 222, 214), (244, 232, 206))
    dark = mix(rim, (20, 10, 6), 0.62)
    bowl = oval(400, 496, 176, 74, 40, 0, math.pi)
    c.polygon(
        [(224, 496)]
        + [
            (400 - 176 * math.cos(math.pi * i / 40), 496 + 76 * math.sin(math.pi * i / 40) ** 0.8)
            for i in range(41)
        ]
        + [bowl[0]],
        lambda x, y: mix(rim, dark, abs(x - 340) / 260 + (y - 496) / 150),
    )
    c.ellipse(400, 496, 176, 38, mix(rim, (255, 255, 255), 0.15))
    c.ellipse(400, 498, 164, 32, dark)
    c.polygon(
        oval(400, 494, 140, 46, 40, math.pi, 2 * math.pi) + oval(400, 494, 140, 24, 40, 0, math.pi),
        lambda x, y: mix(dough, dark, (y - 452) / 105 + abs(x - 392) / 420),
    )
    x0, top, foot = (190, 276, 474) if not second_light else (622, 330, 470)
    c.ellipse(x0 + 16, foot, 46, 12, (120, 84, 40))
    c.ellipse(x0 + 16, foot - 4, 40, 9, (176, 132, 66))
    c.rect(
        x0,
        top,
        32,
        foot - top - 4,
        lambda x, y: mix((250, 236, 204), (186, 150, 106), abs(x - x0 - 11) / 26 + (y - top) / 420),
    )
    c.ellipse(x0 + 16, top, 16, 5, (255, 240, 206))
    c.line(x0 + 16, top, x0 + 16, top - 12, 2.5, (50, 30, 20))
    if not second_light:
        c.glow(x0 + 16, top - 34, 150, (255, 190, 96), 0.55)
    flame(c, x0 + 16, top - 6, 58 if not second_light else 42)
    return c


def lighthouse(dusk):
    """A flat poster: the dusk with a beam over the sea, or a fine day without one."""
    w, h, sea = 720, 900, 610
    sky = (
        [(0, (30, 34, 78)), (260, (94, 62, 116)), (460, (226, 110, 98)), (610, (252, 190, 120))]
        if dusk
        else [(0, (96, 176, 226)), (610, (214, 236, 244))]
    )
    c = Canvas(w, h)
    c.backdrop(ramp(sky))
    if dusk:
        for i in range(46):
            x, y, r = noise(i, 1, 3) * w, noise(i, 2, 3) * 260, 0.8 + 1.3 * noise(i, 3, 3)
            c.ellipse(x, y, r, r, (255, 240, 220), 0.8 - y / 420)
        c.ellipse(214, 604, 86, 86, (255, 226, 150))
        c.polygon([(446, 246), (0, 110), (0, 300)], (255, 236, 170), 0.28)
        c.polygon([(446, 246), (0, 160), (0, 252)], (255, 244, 200), 0.3)
    else:
        c.ellipse(150, 150, 62, 62, (255, 232, 130))
        for x, y, s in ((330, 120, 1.0), (600, 90, 0.7), (90, 330, 0.8)):
            for dx, dy, r in ((0, 0, 42), (46, 8, 32), (-44, 10, 28), (12, -22, 30)):
                c.ellipse(x + dx * s, y + dy * s, r * s * 1.3, r * s * 0.7, (255, 255, 255), 0.92)
    water = [(sea, (120, 70, 110)), (h, (22, 26, 62))] if dusk else [(sea, (60, 140, 186)), (h, (18, 76, 130))]
    c.rect(0, sea, w, h - sea, ramp(water))
    for i in range(38):
        y = sea + 8 + (i / 38) ** 1.6 * (h - sea - 20)
        long = 18 + 90 * noise(i, 5) * (y - sea + 30) / 200
        x = 214 + (noise(i, 6) - 0.5) * 150 if dusk and i % 2 else noise(i, 7) * w
        c.line(
            x - long / 2,
            y,
            x + long / 2,
            y,
            3 + (y - sea) / 90,
            (255, 206, 140) if dusk and i % 2 else (mix(water[0][1], (255, 255, 255), 0.25)),
            0.55,
        )
    rock = (38, 28, 52) if dusk else (96, 92, 88)
    c.polygon(
        [
            (330, 900),
            (356, 760),
            (396, 690),
            (430, 660),
            (520, 652),
            (590, 676),
            (650, 720),
            (720, 744),
            (720, 900),
        ],
        rock,
    )
    c.polygon(
        [(430, 660), (520, 652), (560, 700), (500, 720), (450, 800), (396, 690)], mix(rock, (255, 200, 160), 0.14)
    )
    body, band = ((240, 214, 200), (196, 52, 62)) if dusk else ((250, 250, 248), (214, 48, 52))
    left, right = (lambda y: 446 - (y - 280) * 0.07), (lambda y: 514 + (y - 280) * 0.07)
    for i in range(6):
        a, b = 280 + i * 64, 280 + (i + 1) * 64
        tone = band if i % 2 == 0 else body
        c.polygon(
            [(left(a), a), (right(a), a), (right(b), b), (left(b), b)],
            lambda x, y, tone=tone: mix(tone, (60, 30, 60), max(0, (x - 470) / 130)),
        )
    for y in (352, 480, 596):
        c.rect(471, y, 16, 26, (255, 220, 130) if dusk else (60, 80, 100))
    c.rect(432, 268, 96, 14, mix(band, (30, 20, 40), 0.5))
    c.rect(452, 220, 56, 48, (255, 240, 170) if dusk else (150, 190, 210))
    for x in (450, 478, 506):
        c.rect(x, 220, 5, 48, (50, 36, 56))
    c.polygon([(440, 222), (520, 222), (480, 176)], band)
    c.line(480, 176, 480, 156, 4, (50, 36, 56))
    if dusk:
        c.glow(480, 246, 120, (255, 220, 140), 0.55)
    return c


def chart():
    """Umbrellas sold by month; the numbers are on the bars, so answers can be checked."""
    w, h = 960, 640
    c = Canvas(w, h, (250, 249, 245))
    ink, sold = (44, 48, 58), [42, 38, 55, 71, 33, 18, 12, 15, 47, 88, 96, 64]
    letters.write(c, "UMBRELLAS SOLD IN A SMALL SHOP", 80, 40, 26, ink)
    for k in range(0, 101, 20):
        y = 540 - k * 4.2
        c.rect(80, y - 0.5, 840, 1, (206, 206, 202))
        letters.write(c, str(k), 68 - letters.width(str(k), 14), y - 7, 14, (120, 122, 128))
    for i, n in enumerate(sold):
        x = 96 + i * 69
        c.rect(x, 540 - n * 4.2, 44, n * 4.2, (46, 110, 150) if i != 10 else (226, 126, 46))
        letters.write(c, str(n), x + 22 - letters.width(str(n), 15) / 2, 540 - n * 4.2 - 26, 15, ink)
        letters.write(c, "JFMAMJJASOND"[i], x + 15, 556, 18, ink)
    c.rect(80, 539, 840, 2, ink)
    letters.write(c, "MONTH", 470, 598, 16, (120, 122, 128))
    return c


def make():
    save_picture("text_image_to_text/still_life.jpg", still_life().render(768, 576))
    save_picture("text_image_to_text/umbrellas.png", chart())
    save_picture("text_image_to_text/evening.png", town.draw(960, 0.6, {0, 3, 9, 14, 18}, 0.08, stars=False))
    save_picture("text_to_image/marbles_1.png", marbles(True).render(768, 512))
    save_picture("text_to_image/marbles_2.jpg", marbles(False).render(768, 512))
    save_picture("text_to_image/candle_1.jpg", candle_room(True))
    save_picture("text_to_image/candle_2.png", candle_room(False))
    save_picture("text_to_image/lighthouse_1.png", lighthouse(True))
    save_picture("text_to_image/lighthouse_2.png", lighthouse(False))
