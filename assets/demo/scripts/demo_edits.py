"""Originals and their edits for text_image_to_image: recolour, remove, turn day into night.

One edit of each pair does what was asked; the other also touches what it should have left alone.
"""

import town
from canvas import Canvas, mix, ramp
from encode import save_picture
from patterns import BLUE, ORANGE, RED, WHITE, YELLOW, boards, noise
from raytrace import Box, Cylinder, Floor, Matter, Scene, Sphere


def desk(ball=RED, box=YELLOW, lamp=(-4.2, 6.0, -3.4)):
    """A ball, a box and a pot; the ball is what the edit is about."""

    def striped(p):
        return WHITE if 0.55 < p[1] < 0.8 or 1.1 < p[1] < 1.2 else (0.12, 0.36, 0.4)

    return Scene(
        [
            Floor(Matter(boards, gloss=0.1, mirror=0.05, sharp=30)),
            Sphere((0.0, 0.85, -0.3), 0.85, Matter(ball, 0.7, 0.03)),
            Box((-2.5, 0, 0.1), (-1.2, 0.95, 1.3), Matter(box, 0.15)),
            Cylinder((1.75, 0, 0.4), 0.52, 1.35, Matter(striped, 0.5)),
            Sphere((1.15, 0.26, -1.5), 0.26, Matter((0.8, 0.79, 0.76), 0.6)),
        ],
        lamp=lamp,
        eye=(0.0, 2.3, -6.2),
        look=(0, 0.7, 0),
    )


def harbour(boat=True, mirror=True, gulls=True):
    """A quiet bay; the boat and its mirror image in the water can be left out one by one."""
    w, h, sea = 900, 600, 300
    c = Canvas(w, h)
    c.backdrop(ramp([(0, (142, 190, 218)), (200, (206, 226, 228)), (sea, (246, 232, 208))]))
    far = [(0, 250), (110, 214), (240, 240), (360, 196), (470, 226), (610, 176), (760, 220), (900, 190)]
    near = [(0, 276), (140, 258), (260, 280), (420, 266), (560, 286), (720, 252), (900, 268)]
    c.polygon(far + [(w, sea), (0, sea)], (142, 166, 178))
    c.polygon(near + [(w, sea), (0, sea)], (96, 130, 122))
    c.rect(0, sea, w, h - sea, ramp([(sea, (176, 206, 210)), (400, (92, 150, 172)), (h, (38, 92, 126))]))
    c.polygon([(x, 2 * sea - y) for x, y in near] + [(w, sea), (0, sea)], (90, 128, 132), 0.45)
    sail, hull = (250, 246, 236), (180, 56, 50)
    if mirror:
        c.polygon([(472, 392), (472, 590), (376, 400)], sail, 0.3)
        c.polygon([(484, 392), (484, 560), (566, 398)], (236, 206, 150), 0.3)
        c.polygon([(360, 384), (590, 384), (556, 424), (396, 424)], (100, 40, 44), 0.42)
    for i in range(64):
        y = sea + 10 + (i / 64) ** 1.5 * (h - sea - 16)
        x, long = noise(i, 1, 9) * w, 14 + 70 * noise(i, 2, 9) * (0.3 + (y - sea) / 260)
        c.line(x - long, y, x + long, y, 1.2 + (y - sea) / 110, (214, 232, 232), 0.4)
    if boat:
        c.line(478, 350, 478, 138, 5, (92, 66, 48))
        c.polygon([(472, 344), (472, 146), (376, 336)], sail)
        c.polygon([(472, 344), (472, 146), (446, 198), (430, 340)], (228, 222, 208))
        c.polygon([(484, 344), (484, 176), (566, 338)], (240, 212, 158))
        c.polygon([(350, 350), (604, 350), (560, 388), (392, 388)], hull)
        c.polygon([(350, 350), (604, 350), (598, 357), (358, 357)], (246, 236, 220))
        c.ellipse(476, 386, 92, 5, (30, 60, 84), 0.35)
    c.polygon([(690, 600), (716, 470), (900, 430), (900, 600)], (116, 92, 72))
    c.polygon([(716, 470), (900, 430), (900, 446), (716, 486)], (152, 124, 96))
    for x, y in ((730, 430), (810, 410), (884, 392)):
        c.rect(x, y, 18, 110, (88, 66, 52))
        c.rect(x, y, 18, 8, (190, 170, 140))
    if gulls:
        for x, y, s in ((180, 110, 1.0), (240, 146, 0.7), (690, 96, 0.8)):
            for side in (-1, 1):
                c.line(x, y, x + side * 13 * s, y - 9 * s, 3 * s, (70, 80, 92))
                c.line(x + side * 13 * s, y - 9 * s, x + side * 26 * s, y - 4 * s, 3 * s, (70, 80, 92))
    return c


def dimmed(picture, factor, tint, share):
    """The cheap night: every pixel darker and bluer, the sun still in the sky."""
    twin = picture.copy()
    for k in range(3):
        table = bytes(int(mix((v * factor,), (tint[k],), share)[0]) for v in range(256))
        twin.px[k::3] = twin.px[k::3].translate(table)
    return twin


def make():
    save_picture("text_image_to_image/desk.jpg", desk().render(720, 480))
    save_picture("text_image_to_image/desk_1.jpg", desk(BLUE, ORANGE, lamp=(4.2, 6.0, -3.4)).render(720, 480))
    save_picture("text_image_to_image/desk_2.jpg", desk(BLUE).render(720, 480))
    save_picture("text_image_to_image/bay.png", harbour())
    save_picture("text_image_to_image/bay_1.png", harbour(False, False))
    save_picture("text_image_to_image/bay_2.png", harbour(False, True, False))
    day = town.draw(960, 0.0, set(), 0.86)
    evening = {0, 1, 3, 4, 6, 8, 9, 11, 13, 14, 16, 18, 19, 22}
    save_picture("text_image_to_image/town.png", day)
    save_picture("text_image_to_image/town_1.png", dimmed(day, 0.42, (10, 20, 70), 0.22))
    save_picture("text_image_to_image/town_2.png", town.draw(960, 1.0, evening, None, moon=1.0))
