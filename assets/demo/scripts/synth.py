"""Sounds from arithmetic: plucked strings, bells, rain, an engine, and speech through espeak-ng.

A sound is a list of floats at RATE; stereo is a pair of such lists. Randomness is seeded per call.
"""

import array
import io
import math
import pathlib
import random
import tempfile
import wave

from encode import run

RATE = 32000


def silence(seconds):
    return [0.0] * int(seconds * RATE)


def add(target, sound, at=0.0, gain=1.0):
    """Mix `sound` into `target` at a time in seconds; what hangs over the end is cut."""
    start = int(at * RATE)
    for i in range(max(0, min(len(sound), len(target) - start))):
        target[start + i] += sound[i] * gain
    return target


def pluck(pitch, seconds, seed, bright=0.5, decay=0.996):
    """A plucked string (Karplus–Strong): `pitch` in Hz, `bright` 0…1."""
    dice, period = random.Random(seed), RATE / pitch
    ring = [dice.uniform(-1, 1) for _ in range(int(period + 0.4))]
    for _ in range(int((1 - bright) * 8)):
        ring = [(a + b) / 2 for a, b in zip(ring, ring[1:] + ring[:1])]
    mean = sum(ring) / len(ring)
    ring = [v - mean for v in ring]
    # the mean of two neighbours comes half a sample early; an all-pass makes up the period
    rest = period + 0.5 - len(ring)
    c, out, at, before, after = (1 - rest) / (1 + rest), [], 0, 0.0, 0.0
    for _ in range(int(seconds * RATE)):
        now = ring[at]
        mean = decay * 0.5 * (now + ring[(at + 1) % len(ring)])
        after = c * (mean - after) + before
        before = mean
        ring[at] = after
        at = (at + 1) % len(ring)
        out.append(now)
    return fade(out, 0.001, 0.05)


def bell(pitch, seconds):
    """A church bell: five partials, each with its own decay, and a short strike."""
    parts = [
        (0.5, 0.5, 0.55),
        (1.0, 1.0, 0.8),
        (1.19, 0.6, 1.3),
        (1.5, 0.35, 1.6),
        (2.0, 0.8, 1.2),
        (2.74, 0.35, 2.8),
        (4.07, 0.18, 5.0),
    ]
    out = []
    for i in range(int(seconds * RATE)):
        t = i / RATE
        out.append(sum(a * math.exp(-d * t) * math.sin(2 * math.pi * pitch * r * t) for r, a, d in parts) * 0.3)
    return fade(out, 0.002, 0.3)


def beep(pitch, seconds, shape="sine"):
    """A plain electronic tone, for the answers that sound cheap."""
    out = []
    for i in range(int(seconds * RATE)):
        phase = pitch * i / RATE % 1
        out.append(math.sin(2 * math.pi * phase) if shape == "sine" else (0.5 if phase < 0.5 else -0.5))
    return fade(out, 0.005, 0.02)


def fm_flute(pitch, seconds, seed):
    """A soft wind tone: two-operator FM with vibrato and a little breath."""
    dice, out, breath = random.Random(seed), [], 0.0
    for i in range(int(seconds * RATE)):
        t = i / RATE
        wobble = (
            2 * math.pi * pitch * t + 0.05 * min(1, t * 3) * pitch / 5.2 * math.sin(2 * math.pi * 5.2 * t) * 0.12
        )
        breath += 0.2 * (dice.uniform(-1, 1) - breath)
        out.append(0.6 * math.sin(wobble + 0.7 * math.sin(2 * wobble)) + 0.05 * breath)
    return fade(out, 0.07, 0.14)


def rain(seconds, seed, swell=(0.5, 0.5), drops=90, tin=0.0):
    """Noise shaped into rain, from one loudness to another, with single drops; `tin` lets them ring."""
    dice, out, low, lower = random.Random(seed), [], 0.0, 0.0
    total = int(seconds * RATE)
    for i in range(total):
        white = dice.uniform(-1, 1)
        low += 0.45 * (white - low)
        lower += 0.03 * (low - lower)
        level = swell[0] + (swell[1] - swell[0]) * i / total
        out.append((low - lower) * 0.34 * level)
    for _ in range(int(drops * seconds)):
        at = dice.random()
        level = swell[0] + (swell[1] - swell[0]) * at
        start, pitch, size = int(at * total), dice.uniform(900, 4200), dice.uniform(0.05, 0.4) * level
        ring = 26 if tin and dice.random() < tin else 160
        for i in range(min(1500 if ring == 26 else 500, total - start)):
            t = i / RATE
            out[start + i] += (
                size * math.exp(-ring * t * 4) * math.sin(2 * math.pi * pitch * t) * (0.6 if ring == 26 else 1)
            )
    return fade(out, 0.15, 0.4)


def engine(seconds, seed, revs):
    """A small two-stroke motor; `revs(t)` is its firing rate in Hz."""
    dice, out, phase, body, hum = random.Random(seed), [], 0.0, 0.0, 0.0
    for i in range(int(seconds * RATE)):
        rate = revs(i / RATE) * (1 + 0.015 * math.sin(i / 900))
        phase += rate / RATE
        beat = phase % 1
        pulse = math.exp(-9 * beat) * (1 if int(phase) % 2 else 0.8) if rate > 1 else 0.0
        body += 0.16 * (pulse * (1 + 0.5 * dice.uniform(-1, 1)) - body)
        hum += 0.03 * (body - hum)
        out.append((body - hum) * 1.5 + 0.12 * pulse * dice.uniform(-1, 1))
    return out


def speech(text, voice, speed=150, pitch=50, gap=0, effects=()):
    """espeak-ng speaks, sox resamples and dresses it (its effects as words); returns samples."""
    with tempfile.TemporaryDirectory() as folder:
        raw, done = pathlib.Path(folder) / "raw.wav", pathlib.Path(folder) / "done.wav"
        run(["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "-g", str(gap), "-w", str(raw), text])
        run(
            [
                "sox",
                "-R",
                "-D",
                str(raw),
                "-b",
                "16",
                str(done),
                "gain",
                "-4",
                "rate",
                "-v",
                str(RATE),
                *effects,
                "pad",
                "0.25",
                "0.35",
            ]
        )
        with wave.open(str(done)) as f:
            samples = array.array("h", f.readframes(f.getnframes()))
    return [v / 32768 for v in samples]


def fade(sound, rise, fall):
    """Fade in and out, in seconds, in place."""
    for n, order in ((int(rise * RATE), 1), (int(fall * RATE), -1)):
        for i in range(min(n, len(sound))):
            sound[i if order == 1 else -1 - i] *= i / n
    return sound


def room(sound, wet=0.25, seconds=0.5):
    """A plain echo room: four feedback delays of unequal length."""
    out = list(sound) + silence(seconds)
    for k, delay in enumerate((0.0297, 0.0371, 0.0411, 0.0437)):
        n, feed = int(delay * RATE), 10 ** (-3 * delay / seconds)
        line = [0.0] * n
        for i in range(len(out)):
            back = line[i % n]
            line[i % n] = (sound[i] if i < len(sound) else 0.0) + back * feed
            out[i] += back * wet * (0.5 if k % 2 else -0.5)
    return fade(out, 0, 0.05)


def level(channels, peak):
    """Scale channels together so that the loudest sample is `peak`."""
    top = max(max(max(c), -min(c)) for c in channels)
    return [[v * peak / top for v in c] for c in channels]


def wav(*channels, peak=0.7):
    """16-bit WAV bytes of one or two channels."""
    channels = level(channels, peak)
    frames = array.array("h", (int(v * 32767) for group in zip(*channels) for v in group))
    out = io.BytesIO()
    with wave.open(out, "wb") as f:
        f.setnchannels(len(channels))
        f.setsampwidth(2)
        f.setframerate(RATE)
        f.writeframes(frames.tobytes())
    return out.getvalue()
