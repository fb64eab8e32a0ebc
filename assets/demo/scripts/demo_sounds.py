"""The recordings of text_audio_to_text and the two answers of each text_to_audio pair.

As with the pictures, what a criterion asks about is put there on purpose: a missing pause, a bell
that strikes once too often, a tune that stops before its last note.
"""

import math
import random

from encode import save_sound
from synth import RATE, add, beep, bell, engine, fade, fm_flute, pluck, rain, room, silence, speech, wav

NOTES = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}
LULLABY = "E5:2 G5:1 E5:2 C5:1 D5:2 F5:1 E5:3 C5:2 E5:1 A4:2 C5:1 B4:1 A4:1 G4:1 C5:3"
BASS = "C3:3 C3:3 G3:3 C3:3 A3:3 F3:3 G3:3 C3:3"
DANCE = "D5:1 F5:1 A5:2 G5:1 F5:1 E5:2 C5:1 E5:1 G5:2 F5:1 E5:1 D5:4"
DRONE = "D3:4 D3:4 C3:4 A3:2 D3:2"


def hertz(name):
    return 440 * 2 ** ((NOTES[name[0]] + 12 * (int(name[1]) - 4)) / 12)


def tune(score, beat, voice, total, gain=0.5):
    """Play `note:beats …` with `voice(pitch, seconds, number)` into `total` seconds."""
    out, at = silence(total), 0.0
    for number, item in enumerate(score.split()):
        name, beats = item.split(":")
        if at < total:
            add(out, voice(hertz(name), float(beats) * beat, number), at, gain)
        at += float(beats) * beat
    return out


def announcement():
    """Two chimes, then a station voice in a hall."""
    text = (
        "The train to Harbour Street is delayed by twelve minutes. "
        "It will leave from platform four, not from platform two."
    )
    voice = speech(text, "en-gb+f2", speed=142, pitch=48, gap=3, effects=["highpass", "180", "lowpass", "5200"])
    out = silence(1.3 + len(voice) / RATE)
    add(out, bell(659, 0.9), 0.0, 0.35)
    add(out, bell(523, 1.1), 0.5, 0.35)
    return room(add(out, voice, 1.25), wet=0.13, seconds=0.7)


def flute_dance():
    """Four bars in D minor: a flute over plucked bass notes, a little melancholy."""
    out = tune(DANCE, 0.34, lambda f, s, n: fm_flute(f, s * 0.96, n), 7.4, 0.42)
    low = tune(DRONE, 0.34, lambda f, s, n: pluck(f, 1.6, n + 40, 0.4), 7.4, 0.5)
    return fade(room(add(out, low), wet=0.18, seconds=0.9)[: int(7.6 * RATE)], 0.01, 0.6)


def rain_and_bell(strikes, first, every, total, seed, swell, tin, gain, wet):
    """Rain with a bell; a distant bell is quiet, dull and mostly echo."""
    out, far = rain(total, seed, swell, tin=tin), silence(total)
    stroke = bell(294, 3.2)
    for k in range(strikes):
        add(far, stroke, first + k * every)
    if wet:
        dull, echo = 0.0, room(far, wet, 1.6)[: len(out)]
        for i, v in enumerate(echo):
            dull += 0.16 * (v - dull)
            echo[i] = dull * 1.6
        far = echo
    return fade(add(out, far, 0, gain), 0.1, 0.5)


def storm_warning(calm):
    """The same warning read calmly with a pause, or hurried by another voice without one."""
    facts = "Storm warning for the coast. Tonight the wind will reach ninety kilometres per hour."
    advice = "Please stay away from the sea wall until morning."
    if calm:
        first = speech(facts, "en-gb+f3", speed=138, pitch=42, gap=4)
        second = speech(advice, "en-gb+f3", speed=132, pitch=40, gap=4)
        return room(first + silence(0.1) + second, wet=0.06, seconds=0.35)
    return speech(facts + " " + advice, "en-us+m3", speed=225, pitch=72, effects=["treble", "+4"])


def lullaby(plucked):
    """The whole tune on a string with bass, or half of it, hurried, on an electronic beeper."""
    if plucked:
        out = tune(LULLABY, 0.36, lambda f, s, n: pluck(f, 2.2, n, 0.35, 0.997), 10.4, 0.5)
        low = tune(BASS, 0.36, lambda f, s, n: pluck(f, 2.4, n + 90, 0.2, 0.998), 10.4, 0.4)
        return fade(room(add(out, low), wet=0.12, seconds=1.0)[: int(10.4 * RATE)], 0.01, 0.8)
    out = tune(LULLABY, 0.2, lambda f, s, n: beep(f, s * 0.8, "square"), 4.15, 0.4)
    return out


def motorboat(moves):
    """Left and right channel: a boat that passes and leaves, or a well-recorded motor that stays."""
    total = 6.0

    def revs(t):
        if t < 1.1:  # the starter: three tries
            return 13 if t % 0.36 < 0.26 else 0
        if moves:
            return 26 + 34 * min(1, (t - 1.1) / 1.4)
        return 24 + 18 * max(0.0, 1 - (t - 1.1) / 0.9) + (26 * min(1, (t - 3) / 1.5) if t > 3 else 0)

    motor = engine(total, 5 if moves else 6, revs)
    if not moves:
        both = fade(room(motor, wet=0.1, seconds=0.3)[: int(total * RATE)], 0.02, 0.5)
        return both, list(both)
    dice, wash, left, right = random.Random(9), 0.0, [], []
    for i, v in enumerate(motor):
        t = i / RATE
        wash += 0.12 * (dice.uniform(-1, 1) - wash)
        place = -0.9 + 1.8 * min(1, max(0, t - 1.2) / 3.8)
        near = 1.0 if t < 3 else max(0.12, 1 - (t - 3) / 3.2)
        water = wash * 0.35 * min(1, max(0, t - 1.2)) * (0.7 + 0.3 * math.sin(t * 9))
        angle = (place + 1) * math.pi / 4
        left.append((v + water) * near * math.cos(angle) + water * 0.2)
        right.append((v + water) * near * math.sin(angle) + water * 0.2)
    return fade(left, 0.02, 0.6), fade(right, 0.02, 0.6)


def town_bell(total, at):
    """The sound track of the evening film: a soft wind and one stroke."""
    out = rain(total, 21, (0.05, 0.03), drops=0)
    return wav(add(out, bell(330, total - at), at, 0.6), peak=0.5)


def make():
    save_sound("text_audio_to_text/station.wav", wav(announcement()))
    save_sound("text_audio_to_text/dance.flac", wav(flute_dance(), peak=0.5))
    save_sound(
        "text_audio_to_text/shower.ogg", wav(rain_and_bell(3, 2.6, 1.7, 8.6, 3, (0.15, 0.9), 0.0, 0.55, 0.0))
    )
    save_sound("text_to_audio/warning_1.wav", wav(storm_warning(False)))
    save_sound("text_to_audio/warning_2.flac", wav(storm_warning(True), peak=0.55))
    save_sound("text_to_audio/lullaby_1.ogg", wav(lullaby(True)))
    save_sound("text_to_audio/lullaby_2.mp3", wav(lullaby(False), peak=0.22))
    save_sound("text_to_audio/roof_1.opus", wav(rain_and_bell(4, 1.2, 1.5, 8.0, 11, (0.5, 0.5), 0.0, 0.95, 0.0)))
    save_sound("text_to_audio/roof_2.flac", wav(rain_and_bell(3, 1.8, 1.7, 8.0, 12, (0.55, 0.55), 0.5, 0.5, 0.5)))
    save_sound("text_to_audio/boat_1.mp3", wav(*motorboat(True)))
    save_sound("text_to_audio/boat_2.wav", wav(*motorboat(False)))
