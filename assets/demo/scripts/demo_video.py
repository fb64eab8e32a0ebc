"""Clips: what an answer made from words looks like when it keeps to physics, and when it doesn't.

Frames are drawn by the canvas and piped to ffmpeg; still parts are drawn once and copied.
"""

import math

import demo_sounds
import town
from canvas import Canvas, mix, ramp, smooth
from demo_images import flame
from encode import save_film
from patterns import grain, noise


def ball_frames(real, fps=30, seconds=4.0):
    """A red ball over a wooden floor; `real` loses height at each bounce, the other never does."""
    w, h, floor, r = 640, 360, 300, 30
    stage = Canvas(w, h)
    stage.backdrop(
        ramp([(0, (206, 216, 214)), (262, (168, 182, 182)), (263, (150, 104, 66)), (h, (186, 134, 86))])
    )
    for k in range(-14, 15):
        stage.line(w / 2 + k * 30, 263, w / 2 + k * 78, h, 1.6, (112, 74, 46), 0.8)
    stage.rect(0, 256, w, 7, (232, 230, 222))

    def height(t):
        if not real:
            return 190 * abs(1 - (t / 0.62) % 2)
        top, g, t0 = 208.0, 640.0, math.sqrt(2 * 208 / 640)
        if t < t0:
            return top - g * t * t / 2
        t -= t0
        while top > 0.6:
            top *= 0.56
            speed = math.sqrt(2 * g * top)
            if t < 2 * speed / g:
                return speed * t - g * t * t / 2
            t -= 2 * speed / g
        return 0.0

    for i in range(int(fps * seconds)):
        c, t = stage.copy(), i / fps
        up = height(t)
        x = 320 if not real else 250 + 36 * t
        squash = max(0.0, 1 - up / 10) * (0.16 if real and t < 3 else 0.0)
        rx, ry = r * (1 + squash), r * (1 - squash)
        y = floor - up - ry
        for k in range(3):
            wide = r * (1.25 - k * 0.18) * (1 + up / 420)
            c.ellipse(x + up * 0.12, floor + 3, wide, wide * 0.22, (40, 24, 16), 0.2 * max(0.12, 1 - up / 240))

        def skin(px, py):
            u, v = (px - x) / rx, (py - y) / ry
            light = max(0.0, 0.55 - 0.45 * (u * 0.6 + v * 0.9))
            shine = max(0.0, 1 - math.hypot(u + 0.36, v + 0.42) * 3) ** 2
            return mix(mix((96, 10, 14), (236, 58, 44), light * 1.25), (255, 244, 236), shine * 0.85)

        c.ellipse(x, y, rx, ry, skin)
        yield bytes(c.px)


def candle_frames(answers, fps=24, seconds=4.0):
    """A flame that flickers; the walls `answer` it, or stay as they are."""
    w, h, cx, cy = 480, 270, 240, 128
    field = bytearray()
    for y in range(h):
        for x in range(w):
            d = math.hypot((x - cx) * 0.85, y - cy)
            tone = 0.94 + 0.1 * grain(x / 40, y / 30, 4)
            if y > 206:
                tone *= 0.62 + 0.2 * grain(x / 7, y / 40, 8)
            field.append(max(0, min(255, int(255 * tone / (1 + (d / 78) ** 1.7) + noise(x, y) * 1.5))))
    for i in range(int(fps * seconds)):
        t = i / fps
        gust = 0.75 * math.exp(-(((t - 2.2) / 0.28) ** 2))
        wild = 0.12 * math.sin(t * 13) + 0.1 * math.sin(t * 21.7 + 1) + 0.06 * math.sin(t * 34 + 2)
        power = max(0.2, 0.9 + wild - gust) if answers else 0.85
        c = Canvas(w, h)
        for k, full in enumerate((232, 138, 52)):
            bend = (1.0, 1.18, 1.5)[k]
            c.px[k::3] = field.translate(
                bytes(min(255, int(6 + full * power * (v / 255) ** bend)) for v in range(256))
            )
        c.rect(231, 150, 18, 66, ramp([(150, (250, 234, 196)), (216, (170, 120, 76))]))
        c.ellipse(240, 217, 24, 5, (110, 78, 40))
        c.ellipse(240, 150, 9, 2.6, (255, 240, 204))
        lean = (9 * math.sin(t * 6.3) + 26 * gust) if answers else 5 * math.sin(t * 1.5 * math.pi)
        size = (34 + 40 * wild - 16 * gust) if answers else 34 + 8 * math.sin(t * 3 * math.pi)
        c.line(240, 150, 240, 144, 1.8, (50, 30, 20))
        flame(c, 240, 148, max(12, size), lean=lean)
        yield bytes(c.px)


def evening_frames(faithful, fps=24, seconds=5.0):
    """The sun goes down over the town; windows light one by one, or all at once in daylight."""
    order = [9, 3, 14, 0, 18, 6, 22, 11, 1, 16, 8, 4, 19, 13]
    for i in range(int(fps * seconds)):
        t = i / (fps * seconds - 1)
        if faithful:
            night = smooth(t * 1.25)
            lit = set(order[: max(0, int((t - 0.38) / 0.5 * len(order)))])
            sun = 0.8 - 1.5 * t if t < 0.75 else None
            moon = smooth((t - 0.72) * 3.5)
            yield bytes(town.draw(640, night, lit, sun, moon).px)
        else:
            night = 0.62 * smooth(t * 1.1)
            yield bytes(town.draw(640, night, set(order) if t > 0.3 else set(), 0.8 - 0.45 * t, stars=False).px)


def crossing_frames(fps=24, seconds=5.0):
    """A traffic light and a car that starts while the light is still red."""
    stage = Canvas(640, 360)
    stage.backdrop(
        ramp(
            [
                (0, (150, 196, 224)),
                (210, (226, 232, 226)),
                (211, (134, 168, 110)),
                (250, (120, 152, 98)),
                (251, (92, 94, 100)),
                (360, (72, 74, 80)),
            ]
        )
    )
    for x in range(-20, 640, 90):
        stage.rect(x, 316, 48, 5, (226, 224, 210))
    stage.rect(436, 251, 9, 109, (236, 234, 226))
    stage.rect(472, 120, 8, 134, (60, 62, 66))
    stage.rect(452, 40, 48, 116, (38, 40, 44))
    for i in range(int(fps * seconds)):
        c, t = stage.copy(), i / fps
        red, amber, green = t < 3.2, 2.4 <= t < 3.2, t >= 3.2
        for on, y, hot in ((red, 62, (236, 52, 44)), (amber, 98, (250, 186, 50)), (green, 134, (70, 214, 96))):
            c.ellipse(476, y, 14, 14, hot if on else mix(hot, (30, 30, 32), 0.82))
            if on:
                c.glow(476, y, 34, hot, 0.5)
        go = max(0.0, t - 1.4)
        x = 180 + 46 * go * go
        c.ellipse(x + 80, 342, 92, 7, (30, 30, 34), 0.5)
        c.polygon(
            [
                (x, 336),
                (x + 2, 304),
                (x + 34, 298),
                (x + 58, 268),
                (x + 112, 268),
                (x + 138, 300),
                (x + 164, 306),
                (x + 166, 336),
            ],
            (44, 92, 166),
        )
        c.polygon([(x + 44, 298), (x + 63, 274), (x + 84, 274), (x + 84, 298)], (196, 220, 230))
        c.polygon([(x + 90, 298), (x + 90, 274), (x + 109, 274), (x + 128, 298)], (196, 220, 230))
        for wx in (36, 130):
            c.ellipse(x + wx, 336, 17, 17, (30, 30, 34))
            c.ellipse(x + wx, 336, 8, 8, (170, 172, 176))
            for k in range(3):
                a = x / 17 + k * 2.094
                c.line(x + wx, 336, x + wx + 8 * math.cos(a), 336 + 8 * math.sin(a), 2, (60, 60, 66))
        yield bytes(c.px)


def cube_frames(fps=30, seconds=4.0):
    """A cube with four coloured sides and a white top; its front moves to the right."""
    w, h, tints = 480, 270, [(206, 52, 46), (240, 190, 50), (46, 110, 190), (60, 160, 84)]
    stage = Canvas(w, h)
    stage.shade(lambda x, y: mix((66, 70, 80), (22, 24, 30), math.hypot(x - 240, y - 120) / 260))

    def show(x, y, z):
        depth = 5.2 + z * 0.92 - y * 0.36
        return (240 + 330 * x / depth, 136 - 330 * (y * 0.92 + z * 0.38) / depth)

    for i in range(int(fps * seconds)):
        c, turn = stage.copy(), 2 * math.pi * i / (fps * seconds)
        corner = [
            (1.25 * math.sin(turn + k * math.pi / 2 + 0.785), -1.25 * math.cos(turn + k * math.pi / 2 + 0.785))
            for k in range(4)
        ]
        c.polygon([show(x * 1.25, -0.95, z * 1.25) for x, z in corner], (10, 10, 14), 0.35)
        for k in range(4):
            (x0, z0), (x1, z1) = corner[k - 1], corner[k]
            nx, nz = (x0 + x1) / 2, (z0 + z1) / 2
            if nx * nx + nz * (nz + 5) < 0:  # faces the camera
                shade = 0.62 + 0.38 * max(0.0, (-nz * 0.8 - nx * 0.5))
                c.polygon(
                    [show(x0, -0.9, z0), show(x1, -0.9, z1), show(x1, 0.9, z1), show(x0, 0.9, z0)],
                    tuple(v * min(1, shade) for v in tints[k]),
                )
        c.polygon([show(x, 0.9, z) for x, z in corner], (232, 232, 226))
        yield bytes(c.px)


def clock_frames(fps=24, seconds=4.0):
    """A wall clock whose hands run backwards, from five past ten to ten to ten."""
    stage = Canvas(480, 270)
    stage.backdrop(ramp([(0, (122, 142, 140)), (270, (92, 112, 112))]))
    stage.ellipse(246, 142, 116, 116, (40, 56, 58), 0.4)
    stage.ellipse(240, 134, 114, 114, (70, 50, 40))
    stage.ellipse(240, 134, 102, 102, (248, 244, 232))
    for k in range(60):
        a, inner = k * math.pi / 30, 82 if k % 5 == 0 else 92
        stage.line(
            240 + inner * math.sin(a),
            134 - inner * math.cos(a),
            240 + 96 * math.sin(a),
            134 - 96 * math.cos(a),
            3.4 if k % 5 == 0 else 1.2,
            (50, 46, 44),
        )
    for i in range(int(fps * seconds)):
        c = stage.copy()
        minutes = 605 - 15 * i / (fps * seconds - 1)
        for turns, long, thick in ((minutes / 720, 52, 7), (minutes / 60, 80, 4.5)):
            a = turns * 2 * math.pi
            c.line(
                240 - 10 * math.sin(a),
                134 + 10 * math.cos(a),
                240 + long * math.sin(a),
                134 - long * math.cos(a),
                thick,
                (38, 36, 40),
            )
        c.ellipse(240, 134, 6, 6, (170, 50, 44))
        yield bytes(c.px)


def make():
    save_film("text_to_video/ball_1.mp4", ball_frames(True), 640, 360, 30)
    save_film("text_to_video/ball_2.mp4", ball_frames(False), 640, 360, 30)
    save_film("text_to_video/candle_1.mp4", candle_frames(False), 480, 270, 24)
    save_film("text_to_video/candle_2.webm", candle_frames(True), 480, 270, 24)
    save_film("text_to_video/evening_1.mp4", evening_frames(True), 640, 360, 24, demo_sounds.town_bell(5.0, 3.6))
    save_film("text_to_video/evening_2.webm", evening_frames(False), 640, 360, 24)
    save_film("text_video_to_text/crossing.mp4", crossing_frames(), 640, 360, 24)
    save_film("text_video_to_text/cube.webm", cube_frames(), 480, 270, 30)
    save_film("text_video_to_text/clock.mp4", clock_frames(), 480, 270, 24)
